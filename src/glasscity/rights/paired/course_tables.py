"""Tables of a pair that take time: the months, how long people stay shut out, who stays below."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from glasscity.rights.measures import MEASURES
from glasscity.rights.paired.beside import beside, made, named, turned
from glasscity.rights.paired.source import Paired
from glasscity.rights.spells import Survival, returns, spells_of
from glasscity.rights.tabulate import Rows, Table, number
from glasscity.rights.view import View
from glasscity.terms import QUINTILES

__all__ = ["MAKERS"]

_MONTHLY = (
    "restricted",
    "restricted_without_rank",
    "listed",
    "praise",
    "criticise",
    "silent",
    "chilled",
    "falsified",
    "breaches",
    "late",
    "in_debt",
    "out_of_work",
    "visible_consensus",
    "private_consensus",
)
# Lengths at which the curves are read, in months.
_READ_AT = (6, 12, 24, 48)


def monthly(paired: Paired) -> Table:
    """Return the main stocks and voices of both worlds, month by month."""
    return beside(
        paired,
        "monthly",
        ("month",),
        _MONTHLY,
        called="monthly",
        title="Month by month",
        definition="The course of both worlds, month by month; shares are of all citizens.",
    )


def survival(paired: Paired) -> Table:
    """Return both worlds' curves of the length of being shut out, with their intervals."""
    rows: Rows = []
    for name, run in zip(paired.names, (paired.base, paired.other), strict=True):
        curve = spells_of(View(run)).curve()
        start = 1.0 if curve.spells else None
        first: dict[str, Any] = {"month": 0, "surviving": start, "low": start, "high": start}
        rows.append({"world": name, **first, "at_risk": curve.spells, "ended": 0})
        for at, (low, high) in enumerate(_intervals(curve)):
            rows.append(
                {
                    "world": name,
                    "month": int(curve.months[at]),
                    "surviving": float(curve.surviving[at]),
                    "low": low,
                    "high": high,
                    "at_risk": int(curve.at_risk[at]),
                    "ended": int(curve.ended[at]),
                }
            )
    columns: dict[str, tuple[str, ...]] = {
        "world": ("world", "", ""),
        "month": ("months", "months", "length"),
        "surviving": ("still shut out", "share", "Kaplan-Meier estimate", "at_risk"),
        "low": ("from", "share", "95 % interval, Greenwood", "at_risk"),
        "high": ("to", "share", "95 % interval, Greenwood", "at_risk"),
        "at_risk": ("under observation", "count", "spells at this length"),
        "ended": ("ended", "count", "at this length"),
    }
    about = (
        "Share of spells of being shut out that last longer. Spells that began before the run, or "
        "still run at its end, count as far as they were seen. The interval treats spells as "
        "independent of each other."
    )
    title = "How long people stay shut out, in both worlds"
    return made(paired, "survival", title, about, columns, rows, named(paired, "spells"))


def _intervals(curve: Survival) -> list[tuple[float, float]]:
    """Return Greenwood's 95 % interval of the curve at each length, kept within 0 and 1."""
    risk, ended = curve.at_risk.astype(np.float64), curve.ended.astype(np.float64)
    left = risk - ended
    terms = np.divide(ended, risk * left, out=np.zeros_like(risk), where=left > 0)
    error = 1.96 * curve.surviving * np.sqrt(np.cumsum(terms))
    low = np.clip(curve.surviving - error, 0.0, 1.0)
    high = np.clip(curve.surviving + error, 0.0, 1.0)
    return list(zip(low.tolist(), high.tolist(), strict=True))


def lengths(paired: Paired) -> Table:
    """Return the quantiles of the spells' lengths in both worlds."""
    title = "Lengths of being shut out"
    return turned(paired, "spell_quantiles", called="lengths", title=title)


def trapped(paired: Paired) -> Table:
    """Return what keeps people below: long spells, returns, and leaving the lowest tenth."""
    views = [View(run) for run in (paired.base, paired.other)]
    spells = [view.once(spells_of) for view in views]
    curves = [one.curve() for one in spells]
    again = [returns(one, paired.base.months) for one in spells]
    rows: Rows = []

    def add(what: str, of: str, values: list[float | None], sizes: list[int | None]) -> None:
        row: dict[str, Any] = {"what": what, "about": of, "base": values[0], "other": values[1]}
        rows.append(row | {"base_of": sizes[0], "other_of": sizes[1]})

    spelled: list[int | None] = [one.spells for one in curves]
    for months in _READ_AT:
        if months < paired.base.months:
            what = f"still shut out after {months} months"
            add(what, "of spells", [one.beyond(months) for one in curves], spelled)
    back = [None if one.beyond(12) is None else 1.0 - (one.beyond(12) or 0.0) for one in again]
    add("shut out again within a year", "of ended spells", back, [one.spells for one in again])
    escape = MEASURES["bottom_decile_escape"]
    tenth: list[int | None] = [round(run.citizens / 10) for run in (paired.base, paired.other)]
    add(
        "left the lowest tenth of scores",
        "of those in it 24 months before the end",
        [number(escape.compute(view)[0]) for view in views],
        tenth,
    )
    for at, quintile in enumerate(QUINTILES):
        views_by = [View(run, "quintile") for run in (paired.base, paired.other)]
        values = [number(escape.compute(view)[at]) for view in views_by]
        fifths: list[int | None] = [None, None]
        add(f"left the lowest tenth: {quintile}", "of those in it, by income", values, fifths)
    columns: dict[str, tuple[str, ...]] = {
        "what": ("what", "", ""),
        "about": ("share", "", ""),
        "base": (paired.names[0], "share", "", "base_of"),
        "other": (paired.names[1], "share", "", "other_of"),
        "base_of": (f"of how many: {paired.names[0]}", "count", ""),
        "other_of": (f"of how many: {paired.names[1]}", "count", ""),
    }
    about = (
        "Whether people who are low come up again. Shares by Kaplan-Meier; a world without scores "
        "has no lowest tenth, and a run of less than 24 scored months shows nobody leaving it."
    )
    like = named(paired, "rank_mobility") + named(paired, "spells")
    return made(paired, "trapped", "Trapped at the bottom", about, columns, rows, like)


def scores(paired: Paired) -> Table:
    """Return who has a score, in both worlds."""
    return beside(
        paired,
        "adoption",
        ("month",),
        ("enrolled",),
        called="adoption",
        title="Who has a score",
        definition="Share of all citizens with a score, month by month.",
    )


MAKERS: tuple[Callable[[Paired], Table], ...] = (monthly, survival, lengths, trapped, scores)
