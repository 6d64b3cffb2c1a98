"""Society: a finished run, month by month."""

from __future__ import annotations

from fastapi import APIRouter, BackgroundTasks, Request
from fastapi.responses import RedirectResponse, Response

from glasscity.web import made
from glasscity.web.pages.remade import COURSE
from glasscity.web.pages.render import link, page
from glasscity.web.words import PEOPLE, SOCIETY

__all__ = ["router"]

router = APIRouter(include_in_schema=False)


@router.get("/runs/{name}/society", name="page-society")
def society(name: str, request: Request, later: BackgroundTasks) -> Response:
    """Show a society; month, measure and cause are in the address."""
    stored = request.app.state.queue.stored(name)
    if stored.state != "finished":
        return RedirectResponse(link(request, "run", name=name), 303)
    run = request.app.state.shelf.open(name)
    # What the report needs takes a second or two: by the time somebody asks, it is there.
    later.add_task(made.facts, run)
    regime = run.scenario.get("regime") or {}
    return page(
        request,
        "society.html.j2",
        title=stored.regime_title,
        script="society.js",
        run=stored,
        here="society",
        caution=str(regime.get("caution") or ""),
        data={
            "course": f"/api/runs/{name}/course",
            "people": link(request, "people", name=name),
            "python": COURSE.format(path=str(run.path)),
            "run": name,
            "filters": list(PEOPLE["filters"]),
            "groupings": SOCIETY["groupings"],
        },
    )
