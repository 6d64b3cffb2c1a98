"""Run: how far a run is, and what became of it."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from glasscity.report.remake import command_line, python_lines
from glasscity.results.store import SCENARIO
from glasscity.web.api.models import RunInfo
from glasscity.web.pages.render import link, page
from glasscity.web.shelf import read_json
from glasscity.web.words import RUN

__all__ = ["router"]

router = APIRouter(include_in_schema=False)


@router.get("/runs/{name}", name="page-run")
def run(name: str, request: Request) -> HTMLResponse:
    """Show a run: its progress while it goes on, its message if it failed."""
    stored = request.app.state.queue.stored(name)
    scenario = read_json(request.app.state.shelf.path(name) / SCENARIO)
    society = link(request, "society", name=name)
    return page(
        request,
        "run.html.j2",
        title=stored.regime_title or RUN["title"],
        script="run.js",
        run=stored,
        here="run",
        command=command_line(scenario, twin=stored.twin),
        python=python_lines(scenario, stored.digest, twin=stored.twin),
        data={"run": RunInfo.of(stored).model_dump(), "society": society},
    )
