"""Report: the rights report of a run, its statements, and everything to take away."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from glasscity.report.charts import CHARTS, specification
from glasscity.report.printed import Printer
from glasscity.report.remake import command_line, python_lines
from glasscity.report.statements import statements
from glasscity.report.words import CAPTIONS, GRADES
from glasscity.web import made
from glasscity.web.pages.render import link, page
from glasscity.web.pages.static import LIBRARY, address
from glasscity.web.words import REPORT

__all__ = ["router"]

router = APIRouter(include_in_schema=False)


@router.get("/runs/{name}/report", name="page-report")
def report(name: str, request: Request) -> Response:
    """Show what a run's report says first, and where the rest of it is."""
    stored = request.app.state.queue.stored(name)
    if stored.state != "finished":
        return RedirectResponse(link(request, "run", name=name), 303)
    run = request.app.state.shelf.open(name)
    facts = made.facts(run)
    printer = Printer(facts)
    files = {
        file: about
        for file, about in REPORT["files"].items()
        if file in ("numbers.json", "findings.json") or (run.path / file).is_file()
    }
    charts = {name: CAPTIONS[name] for name in CHARTS if "{" not in CAPTIONS[name][0]}
    shown = {name: about for name, about in charts.items() if specification(facts, name)}
    return page(
        request,
        "report.html.j2",
        title=REPORT["title"],
        script="report.js",
        data={"run": name, "library": address(LIBRARY), "charts": shown},
        charts=shown,
        grades=GRADES,
        run=stored,
        here="report",
        statements=statements(printer),
        findings=facts.findings,
        printer=printer,
        files=files,
        written=(run.path / "report.html").is_file(),
        command=command_line(run.scenario, twin=run.twin is not None),
        python=python_lines(run.scenario, run.digest, twin=run.twin is not None),
    )
