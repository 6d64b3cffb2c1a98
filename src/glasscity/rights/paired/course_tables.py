"""Tables of a pair that take time: the months, how long people stay shut out, who stays below."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from glasscity.rights.paired.beside import beside, made, named, turned
from glasscity.rights.paired.source import Paired
from glasscity.rights.spells import Survival, returns, spells_of
from glasscity.rights.spread import Mobility, mobility
from glasscity.rights.tabulate import Rows, Table
from glasscity.rights.view import View

if TYPE_CHECKING:
    from numpy.typing import NDArray

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
_FIFTHS = ("poorest fifth", "second fifth", "middle fifth", "fourth fifth", "richest fifth")
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
    both = [_kept_below(View(run)) for run in (paired.base, paired.other)]
    rows: Rows = []
    for what, about in {key: None for one in both for key in one}:
        row: dict[str, Any] = {"what": what, "about": about}
        for side, one in zip(("base", "other"), both, strict=True):
            share, low, high, of = one.get((what, about), _NOTHING)
            row |= {side: share, f"{side}_low": low, f"{side}_high": high, f"{side}_of": of}
        rows.append(row)
    columns: dict[str, tuple[str, ...]] = {"what": ("what", "", ""), "about": ("share", "", "")}
    for side, world in zip(("base", "other"), paired.names, strict=True):
        columns[side] = (world, "share", "", f"{side}_of")
        for end, word in (("low", "from"), ("high", "to")):
            columns[f"{side}_{end}"] = (word, "share", "95 % interval", f"{side}_of")
    for side, world in zip(("base", "other"), paired.names, strict=True):
        columns[f"{side}_of"] = (f"of how many: {world}", "count", "")
    about = (
        "Whether people who are low come up again; shares of spells by Kaplan-Meier. A world "
        "without scores has no lowest tenth, and a run of less than 24 scored months shows nobody "
        "leaving it. Intervals treat spells and citizens as independent."
    )
    like = named(paired, "rank_mobility") + named(paired, "spells")
    return made(paired, "trapped", "Trapped at the bottom", about, columns, rows, like)


# A share with its interval, and of how many.
_Shared: TypeAlias = "tuple[float | None, float | None, float | None, int | None]"
_NOTHING: _Shared = (None, None, None, None)


def _kept_below(view: View) -> dict[tuple[str, str], _Shared]:
    """Return a world's shares of those who stay below, by (what, of whom)."""
    spells = view.once(spells_of)
    curve, again = spells.curve(), returns(spells, view.run.months)
    found: dict[tuple[str, str], _Shared] = {
        (f"still shut out after {months} months", "of spells"): _beyond(curve, months)
        for months in _READ_AT
        if months < view.run.months
    }
    back, low, high, of = _beyond(again, 12)
    found["shut out again within a year", "of ended spells"] = (
        _rest(back),
        _rest(high),
        _rest(low),
        of,
    )
    moves = mobility(View(view.run, "quintile"), 24)
    if moves is not None:
        bottom = Mobility.deciles(moves.before) == 0
        left = Mobility.deciles(moves.after) > 0
        groups = {"all of them": bottom} | {
            f"of the {word}": bottom & (moves.groups == at) for at, word in enumerate(_FIFTHS)
        }
        for who, own in groups.items():
            about = f"of those in it 24 months before the end: {who}"
            found["left the lowest tenth of scores", about] = _of(left[own])
    return found


def _beyond(curve: Survival, months: int) -> _Shared:
    share = curve.beyond(months)
    at = int(np.searchsorted(curve.months, months, side="right")) - 1
    if share is None or at < 0:
        return share, share, share, curve.spells or None
    low, high = _intervals(curve)[at]
    return share, low, high, curve.spells


def _rest(share: float | None) -> float | None:
    return None if share is None else 1.0 - share


def _of(marks: NDArray[np.bool_]) -> _Shared:
    size = len(marks)
    if not size:
        return _NOTHING
    share = float(marks.mean())
    # Wilson's interval: it keeps within 0 and 1, and is wide where there are few.
    z = 1.96
    middle = (share + z * z / (2 * size)) / (1 + z * z / size)
    half = z / (1 + z * z / size) * (share * (1 - share) / size + z * z / (4 * size**2)) ** 0.5
    return share, max(middle - half, 0.0), min(middle + half, 1.0), size


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
