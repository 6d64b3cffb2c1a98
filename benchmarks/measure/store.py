"""Results, case by case: what was measured before stays until the same case is measured again."""

from __future__ import annotations

import json
import os
from pathlib import Path

from glasscity.errors import BadFile

__all__ = ["FORMAT", "key_of", "merged", "read", "write"]

FORMAT = 1
# What a case is told apart by; everything else in it is what was found.
_NAMES = ("citizens", "threads", "attribution", "peer", "months")


def key_of(case: dict) -> str:
    """Return the name that a case is kept under: ``month citizens=100000 threads=1 ...``."""
    told = [f"{name}={case[name]}" for name in _NAMES if case.get(name) is not None]
    return " ".join([case["case"], *told])


def merged(kept: dict, found: list[dict], machine: dict) -> dict:
    """Return results with new ones laid over them.

    Parameters
    ----------
    kept : dict
        ``{"format": 1, "cases": {key: case}}``, as `read` returns.
    found : list of dict
        Each with ``case`` and what it is told apart by.
    machine : dict
        Where and when the new ones were found; kept with each, since a file may hold cases of
        several days.
    """
    cases = dict(kept["cases"])
    for case in found:
        cases[key_of(case)] = {**case, "measured": machine}
    return {"format": FORMAT, "cases": dict(sorted(cases.items()))}


def read(path: Path) -> dict:
    """Return the results of a file, empty ones where there is no file.

    Raises
    ------
    BadFile
        If it is not a file of this format.
    """
    if not path.exists():
        return {"format": FORMAT, "cases": {}}
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise _bad(path, f"it is no JSON ({error})") from None
    if not isinstance(kept, dict) or kept.get("format") != FORMAT:
        raise _bad(path, "it has another format")
    if not isinstance(kept.get("cases"), dict):
        raise _bad(path, "it has no cases")
    return kept


def write(path: Path, results: dict) -> None:
    """Write results whole or not at all, so that an interrupted run loses only its last case."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    os.replace(part, path)


def _bad(path: Path, what: str) -> BadFile:
    return BadFile(
        what=what,
        where=str(path),
        allowed=f'{{"format": {FORMAT}, "cases": ...}}',
        mend="name another file with --out, or remove this one",
    )
