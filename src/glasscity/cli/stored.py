"""Commands about run folders that simulate nothing: the check of a finished run, report."""

from __future__ import annotations

from glasscity.cli.output import columns, paragraph, say, show, show_json

__all__ = ["check", "report"]


def check(folder: str, *, as_json: bool) -> None:
    """Check a finished run, every file of it."""
    from glasscity import api

    run = api.resume(folder)
    say("this run is finished; checking it ...")
    same = run.verify() == run.digest
    if as_json:
        show_json({**api.numbers(run), "same": same})
        return
    show(
        [
            "This run is finished and whole: every file, the series and the digest agree.",
            "",
            *columns([["folder", str(run.path)], ["digest", run.digest]]),
        ]
    )


def report(folder: str, *, frontier: str | None, as_json: bool) -> None:
    """Write the report anew and say where it lies."""
    from glasscity.study.reports import write_report

    path = write_report(folder, frontier=frontier)
    if as_json:
        show_json({"report": str(path)})
    else:
        show(paragraph(f"report: {path}"))
