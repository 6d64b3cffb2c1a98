"""A life: one citizen, month by month, with what would have been otherwise."""

from __future__ import annotations

import random
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from glasscity.errors import NotFound
from glasscity.interventions import WHAT_IFS
from glasscity.report.facts import label
from glasscity.rights.search import FILTERS, find
from glasscity.terms import GATES
from glasscity.web.pages.citizens import described
from glasscity.web.pages.remade import LIFE as LIFE_PYTHON
from glasscity.web.pages.render import link, page
from glasscity.web.words import LIFE, PEOPLE

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

_TRAITS = ("province", "area", "quintile", "age", "occupation", "camp", "voice", "score", "rank")
_LOSSES = ("child_months_shut_out",)


@router.get("/runs/{name}/lives", name="page-lives")
def lives(name: str, request: Request) -> Response:
    """Show ways to find a life; a number or a filter in the address leads to one."""
    stored = request.app.state.queue.stored(name)
    if stored.state != "finished":
        return RedirectResponse(link(request, "run", name=name), 303)
    run = request.app.state.shelf.open(name)
    query = request.query_params
    wanted = query.get("citizen", "")
    if wanted.isascii() and wanted.isdigit() and len(wanted) < 11:
        return RedirectResponse(link(request, "life", name=name, citizen=int(wanted)), 303)
    if wanted == "random":
        people = run.people["citizen"]
        chosen = int(people[random.randrange(len(people))])
        return RedirectResponse(link(request, "life", name=name, citizen=chosen), 303)
    if (filter := query.get("first", "")) in FILTERS:
        found = find(run, filter, limit=1)
        if found:
            address = link(request, "life", name=name, citizen=found[0]["citizen"])
            return RedirectResponse(f"{address}?by={filter}", 303)
    return page(
        request,
        "lives.html.j2",
        title=LIFE["lives"],
        script="lives.js",
        run=stored,
        here="lives",
        last=run.citizens - 1,
        filters=PEOPLE["filters"],
        data={"run": name, "filters": list(PEOPLE["filters"])},
    )


@router.get("/runs/{name}/lives/{citizen}", name="page-life")
def life(name: str, citizen: int, request: Request) -> Response:
    """Show a life; the month, what is changed in it and from when are in the address."""
    import polars as pl

    stored = request.app.state.queue.stored(name)
    if stored.state != "finished":
        return RedirectResponse(link(request, "run", name=name), 303)
    run = request.app.state.shelf.open(name)
    if not 0 <= citizen < run.citizens:
        raise NotFound(
            f"there is no citizen {citizen} in this run",
            allowed=f"0 to {run.citizens - 1:,}",
            mend="find one on the page Lives",
        )
    kept = [one for one in (*_TRAITS, *_LOSSES) if one in run.people.columns]
    rows = run.people.filter(pl.col("citizen") == citizen).select(kept).to_dicts()
    traits: dict[str, Any] = rows[0] if rows else {}
    losses = {one: traits[one] for one in _LOSSES if traits.get(one)}
    by = request.query_params.get("by", "")
    return page(
        request,
        "life.html.j2",
        title=PEOPLE["citizen"].format(number=f"{citizen:,}"),
        script="life.js",
        run=stored,
        here="lives",
        citizen=citizen,
        sentence=described(traits) if traits else "",
        by=by if by in PEOPLE["filters"] else "",
        filters=PEOPLE["filters"],
        what_ifs={kind: (LIFE["kinds"][kind], about) for kind, about in WHAT_IFS.items()},
        python=LIFE_PYTHON.format(path=str(run.path), citizen=citizen),
        command=f"glasscity life {run.path} {citizen}",
        data={
            "run": name,
            "citizen": citizen,
            "api": f"/api/runs/{name}/lives/{citizen}",
            "lives": link(request, "lives", name=name),
            "compare": link(request, "compare"),
            "losses": losses,
            "gates": {gate: label(gate).replace("_", " ") for gate in GATES},
            "lists": {one["sphere"]: one["name"].replace("-", " ") for one in run.meta["lists"]},
            "python": LIFE_PYTHON.format(path=str(run.path), citizen=citizen),
        },
    )
