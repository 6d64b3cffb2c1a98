"""People: the citizens behind a bar, a tile or a question."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from glasscity.results.cube import GROUPINGS
from glasscity.rights.who import NOW, groups_of, who
from glasscity.terms import CAUSE_GROUPS, GATES, VOICES
from glasscity.web.pages.remade import people_python
from glasscity.web.pages.render import link, page
from glasscity.web.words import PEOPLE

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

_SHOWN = 50
_TEXTS = ("filter", "voice", "now", "gate", "cause")


@router.get("/runs/{name}/people", name="page-people")
def people(name: str, request: Request) -> Response:
    """Show the people who fit what the address asks for."""
    stored = request.app.state.queue.stored(name)
    if stored.state != "finished":
        return RedirectResponse(link(request, "run", name=name), 303)
    run = request.app.state.shelf.open(name)
    query = request.query_params
    asked: dict[str, Any] = {key: query[key] for key in _TEXTS if query.get(key)}
    for key in ("score_from", "score_to"):
        text = query.get(key, "")
        if text.isascii() and text.isdigit() and len(text) < 7:
            asked[key] = int(text)
    groups = {kind: query[kind] for kind in GROUPINGS if query.get(kind)}
    found = who(run, groups=groups, limit=_SHOWN, **asked)
    choices = {kind: groups_of(run, kind) for kind in GROUPINGS}
    choices |= {"voice": list(VOICES), "gate": list(GATES), "cause": list(CAUSE_GROUPS)}
    return page(
        request,
        "people.html.j2",
        title=PEOPLE["title"],
        run=stored,
        here="people",
        found=found,
        chosen={**asked, **groups},
        choices=choices,
        now=NOW,
        path=str(run.path),
        python=people_python(str(run.path), asked, groups),
    )
