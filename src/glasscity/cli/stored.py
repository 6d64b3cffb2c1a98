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


def report(folder: str, *, as_json: bool) -> None:
    """Write the report anew and say where it lies."""
    from glasscity.results.folder import told_plainly
    from glasscity.results.run import open_run

    run = open_run(folder)
    with told_plainly(run.path):
        path = run.report()
    if as_json:
        show_json({"report": str(path)})
    else:
        show(paragraph(f"report: {path}"))
