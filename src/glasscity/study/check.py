"""Hold a vector of behaviour against what is reported: three columns, never mixed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from glasscity.engine.room import check_memory
from glasscity.scenario import Scenario
from glasscity.simulation import Progress
from glasscity.study.course import courses
from glasscity.study.quantities import QUANTITIES
from glasscity.study.targets import Target, load_targets

__all__ = ["check", "measured", "misses"]


def measured(
    scenario: Scenario,
    targets: Sequence[Target],
    *,
    threads: int = 1,
    keep: bool = False,
    progress: Progress = lambda *_: None,
) -> list[float]:
    """Return the value of each target's quantity; not a number where the model has none.

    Parameters
    ----------
    scenario : Scenario
        Country, behaviour, citizens and seed; each target names its own regime.
    keep : bool
        Whether a stored burn-in is used and a new one stored.
    """
    stops: dict[str, list[str]] = {}
    # Where something is compared with the unscored twin, that must have run as long.
    latest = max(one.until for one in targets)
    if any(one.column == "predicted" for one in targets):
        stops["unscored"] = [latest]
    for one in targets:
        months = stops.setdefault(one.regime, [])
        if one.until not in months:
            months.append(one.until)
    values = [math.nan] * len(targets)
    for regime, month, stop in courses(
        scenario, stops, threads=threads, keep=keep, progress=progress
    ):
        for at, one in enumerate(targets):
            if (one.regime, one.until) == (regime, month):
                values[at] = QUANTITIES[one.quantity](stop, one.lists)
    return values


def check(
    scenario: Scenario,
    *,
    targets: Sequence[Target] | None = None,
    threads: int = 1,
    progress: Progress = lambda *_: None,
) -> list[dict[str, Any]]:
    """Return what is reported and what the model gives, a row for each target.

    Parameters
    ----------
    scenario : Scenario
        Country, behaviour, citizens and seed.
    targets : sequence of Target, optional
        The catalogue's by default.

    Returns
    -------
    list of dict
        ``column``, ``quantity``, ``title``, ``definition``, ``unit``, ``regime``, ``until``,
        ``target`` ([low, high]), ``tolerance``, ``source``, ``reading``, ``why``, ``value``,
        ``error`` (how far outside, 0 inside), ``within``, ``binds``.  None where there is none:
        what is predicted has no target, no error and no verdict.
    """
    check_memory(scenario.citizens)
    targets = load_targets() if targets is None else targets
    values = measured(scenario, targets, threads=threads, keep=True, progress=progress)
    return [_row(one, value) for one, value in zip(targets, values, strict=True)]


def _row(target: Target, value: float) -> dict[str, Any]:
    known = not math.isnan(value)
    held = known and target.column != "predicted"
    return {
        "column": target.column,
        "quantity": target.quantity,
        "title": target.title,
        "definition": target.definition,
        "unit": target.unit,
        "regime": target.regime,
        "until": target.until,
        "target": None if target.low is None else [target.low, target.high],
        "tolerance": None if target.low is None else target.tolerance,
        "source": target.source,
        "reading": target.reading,
        "why": target.why,
        "value": value if known else None,
        "error": target.error(value) if held else None,
        "within": target.within(value) if held else None,
        "binds": target.binds and target.column != "predicted",
    }


def misses(rows: Sequence[dict[str, Any]]) -> list[str]:
    """Return the quantities of the first two columns that bind and are not met."""
    return [row["quantity"] for row in rows if row["binds"] and row["within"] is not True]
