"""Commands about run folders that simulate nothing: resume, report."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

from glasscity.cli.output import columns, paragraph, say, show, show_json
from glasscity.errors import BadArgument, DamagedRun

__all__ = ["report", "resume"]


def resume(folder: str, *, as_json: bool) -> None:
    """Check a finished run, or say how to run an unfinished one again."""
    from glasscity import api
    from glasscity.results.store import COMPLETE

    path = Path(folder)
    if path.is_dir() and not (path / COMPLETE).is_file():
        raise _unfinished(path)
    run = api.open_run(folder)
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


def _unfinished(path: Path) -> BadArgument | DamagedRun:
    from glasscity.results.lock import holder
    from glasscity.results.store import SCENARIO

    writer = holder(path)
    if writer is not None:
        return BadArgument(
            f"this run is still being written by process {writer}",
            where=str(path),
            mend="wait until it has finished",
        )
    try:
        scenario = json.loads((path / SCENARIO).read_text(encoding="utf-8"))
        command = _command_of(scenario)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return DamagedRun(
            "this is not a run folder, or its scenario cannot be read",
            where=str(path),
            mend="start the run again with 'glasscity run'",
        )
    return DamagedRun(
        "this run did not finish, and this version keeps no checkpoints to go on from",
        where=str(path),
        mend=f"run it again from month 0 with '{command}'",
    )


def _command_of(scenario: dict[str, Any]) -> str:
    """Return the command that starts a scenario again."""
    from glasscity.scenario import MECHANISMS

    words = ["glasscity", "run", scenario["regime"]["name"]]
    words += ["--country", scenario["country"]["name"]]
    words += ["--citizens", str(scenario["citizens"]), "--months", str(scenario["months"])]
    words += ["--start", scenario["start"], "--seed", str(scenario["seed"])]
    if scenario["behaviour"]["name"] != "central":
        words += ["--parameters", scenario["behaviour"]["name"]]
    for name, strength in scenario["strengths"].items():
        if strength != (1 if name in MECHANISMS else 0):
            words += ["--with", f"{name}:strength={strength:g}"]
    return shlex.join(words)


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
