"""What the pages and the API send of a run: made once by the library, kept as JSON."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from glasscity.report.facts import Facts, facts_of, label
from glasscity.report.words import GRADES
from glasscity.web.tiles import places_of

if TYPE_CHECKING:
    from glasscity.report.printed import Printer
    from glasscity.results.run import Run

__all__ = [
    "compared",
    "comparison",
    "definitions",
    "facts",
    "findings_json",
    "numbers",
    "numbers_json",
    "society_json",
]

# Texts kept: those of a run of a country with many provinces have a megabyte together.
_KEPT = 24
_OPEN = 4
_made: OrderedDict[tuple[str, str, str], str] = OrderedDict()
_facts: OrderedDict[tuple[str, str], Facts] = OrderedDict()
_lock = threading.Lock()


def _once(run: Run, kind: str, make: Callable[[Run], Any]) -> str:
    key = (str(run.path), run.digest, kind)
    with _lock:
        if key in _made:
            _made.move_to_end(key)
            return _made[key]
    text = json.dumps(make(run), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    with _lock:
        _made[key] = text
        while len(_made) > _KEPT:
            _made.popitem(last=False)
    return text


def facts(run: Run) -> Facts:
    """Return the facts behind a run's report; those of the last few runs are kept."""
    key = (str(run.path), run.digest)
    with _lock:
        if key in _facts:
            _facts.move_to_end(key)
            return _facts[key]
    made = facts_of(run)
    with _lock:
        _facts[key] = made
        while len(_facts) > _OPEN:
            _facts.popitem(last=False)
    return made


def numbers(run: Run) -> dict[str, Any]:
    """Return the figures that ``glasscity run --json`` prints."""
    return json.loads(numbers_json(run))


def numbers_json(run: Run) -> str:
    """Return the figures that ``glasscity run --json`` prints, as JSON."""
    from glasscity.api import numbers

    return _once(run, "numbers", numbers)


def findings_json(run: Run) -> str:
    """Return the findings of a run as JSON."""
    return _once(run, "findings", lambda run: facts(run).findings.to_dict())


def society_json(run: Run) -> str:
    """Return what the page Society draws, as JSON."""
    return _once(run, "society", _society)


def comparison(base: Run, other: Run) -> dict[str, Any]:
    """Return what differs between two runs, as ``glasscity pair --json`` prints a comparison."""
    from glasscity.rights.comparison import compare

    kind = f"against {base.path} {base.digest}"
    return json.loads(_once(other, kind, lambda other: compare(base, other).to_dict()))


def compared(base: Run, other: Run) -> list[dict[str, Any]]:
    """Return every measure of both runs of a pair, exact and as text, with its definition.

    The text has the digits that the number of people supports, as in the report.
    """
    from glasscity.report.printed import Printer

    found = comparison(base, other)["values"]
    here, there = (Printer(facts(run)) for run in (base, other))
    rows = []
    for one in definitions():
        values = found[one["name"]]
        left, right = values["base"], values["other"]
        if left is None and right is None:
            continue
        difference = None if left is None or right is None else right - left
        told = {
            "base": _text(here, one, left),
            "other": _text(there, one, right),
            "difference": _text(here, one, difference, share=left or 0.0),
        }
        rows.append({**one, "base": left, "other": right, "difference": difference, "said": told})
    return rows


def _text(
    printer: Printer, one: dict[str, Any], value: float | None, share: float | None = None
) -> str | None:
    """Return a value of a measure as text; ``share``: it is a difference from such a value."""
    from glasscity.report import numbers as written

    if value is None:
        return None
    name, size = one["name"], float(printer.facts.citizens)
    if name in printer.facts.findings.figures:
        size = printer.facts.size(name)
    if one["unit"] == "share":
        if share is None:
            return written.percent(value, size)
        return written.points(value, share, size)
    sign = "+" if share is not None and value > 0 else ""
    text = written.count(value) if one["unit"] == "count" else written.plain(value, size)
    return f"{sign}{text} months" if one["unit"] == "months" else sign + text


def definitions() -> list[dict[str, Any]]:
    """Return what each measure is."""
    from glasscity.rights import MEASURES

    return [
        {
            "name": one.name,
            "title": one.title,
            "definition": one.definition,
            "unit": one.unit,
            "of": one.denominator,
            "estimable": one.estimable,
        }
        for one in MEASURES.values()
    ]


def _society(run: Run) -> dict[str, Any]:
    from glasscity.report.calendar import Calendar, marks_of
    from glasscity.rights.course import MONTHLY, WHOLES, course, scores
    from glasscity.rights.gate_tables import gates as gate_table
    from glasscity.rights.grades import grades_of
    from glasscity.rights.tabulate import Pair
    from glasscity.terms import CAUSE_GROUPS

    found = course(run)
    calendar = Calendar(str(run.scenario.get("start") or ""))
    distribution = scores(run)
    gates = gate_table(Pair(run))
    kept = ["gate", "sphere", "applications", "denials", "denial_rate", "twin_denial_rate"]
    kept += [f"{group}_{end}" for group in CAUSE_GROUPS for end in ("lower", "upper")]
    provinces = [name for kind, name in found.groups if kind == "province"]
    places = places_of(provinces)
    return {
        "run": run.path.name,
        "months": [calendar.name(month) for month in range(run.months)],
        "marks": [
            {"number": mark.number, "month": mark.month, "label": mark.label}
            for mark in marks_of(run.scenario, calendar, run.months)
        ],
        "groups": [
            {
                "kind": kind,
                "name": name,
                "label": name if kind == "province" else label(name),
                **({"tile": places[name]} if kind == "province" else {}),
            }
            for kind, name in found.groups
        ],
        "wholes": {name: about for name, (about, _) in WHOLES.items()},
        "series": [
            {
                "name": one.name,
                "title": one.title,
                "definition": one.definition,
                "whole": one.whole,
                "measure": one.measure,
                "trace": one.measure or one.kin,
                "grades": list(grades_of(run.scenario, one.grades_from)),
                "unit": one.unit,
            }
            for one in MONTHLY
        ],
        "counts": {name: values.tolist() for name, values in found.counts.items()},
        "twin": None
        if found.twin is None
        else {name: values.tolist() for name, values in found.twin.items()},
        "scores": None
        if distribution is None
        else {
            name: value if isinstance(value, int) else value.tolist()
            for name, value in distribution.items()
        },
        "grades": GRADES,
        "gates": {
            "title": gates.title,
            "definition": gates.definition,
            "causes": {group: label(group) for group in CAUSE_GROUPS},
            "rows": [
                {**{name: row[name] for name in kept}, "label": label(row["gate"])}
                for row in gates.rows
            ],
        },
    }
