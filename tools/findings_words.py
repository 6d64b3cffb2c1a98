"""Numbers of docs/findings.md in words: no digit beyond the error, and either sign."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from findings_data import CRITIC, PROPONENT, Found
from glasscity.study.intervals import over_seeds
from glasscity.study.labels import Label

__all__ = [
    "GONE",
    "NOTHING",
    "both",
    "cell",
    "change",
    "labelled",
    "least_most",
    "named",
    "number",
    "percent",
    "ranged",
    "span",
    "table",
    "unit",
    "when",
]

NOTHING = "no difference that these runs can show"
GONE = "(What explained this when the page was written does not show in these data.)"
# Below that a number is what is left of rounding.
_EXACT = 1e-6


def number(value: float | None, error: float | None, *, signed: bool = False) -> str:
    """Return a number down to the first digit of its error and no further."""
    if value is None:
        return "not estimable"
    if not error or error < _EXACT:
        return "0" if abs(value) < _EXACT else f"{value:{'+' if signed else ''},.3g}"
    places = _places(error)
    rounded = round(value, places)
    if rounded == 0:
        return "0"
    return f"{rounded:{'+' if signed else ''},.{max(0, places)}f}"


def _places(error: float) -> int:
    """Return decimals: down to the error's first digit, or its second where the first is a one."""
    first = math.floor(math.log10(error))
    return -first + (round(error / 10**first, 6) < 2)


def unit(found: Found) -> str:
    """Return the unit of a difference: per cent of the other world's, or points of a share."""
    if found.percent:
        return "%"
    return "points" if found.quantity.unit == "%" else found.quantity.unit


def cell(found: Found, *, signed: bool = True) -> str:
    """Return the number at the central vector with half of its 95 % interval."""
    if found.mean is None:
        return "not estimable"
    if found.half is None:
        return "not estimable"
    if found.half < _EXACT and abs(found.mean) < _EXACT:
        return "0 in every run" if signed else "0"
    return f"{number(found.mean, found.half, signed=signed)} ± {number(found.half, found.half)}"


def span(found: Found, *, signed: bool = True) -> str:
    """Return the range over the matched set."""
    if not found.matched:
        return "not estimable"
    ends = [number(end, found.error, signed=signed) for end in least_most(found)]
    return ends[0] if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"


def ranged(found: Found) -> str:
    """Return a level at the central vector, with the range over the matched set in brackets."""
    one, range_ = cell(found, signed=False), span(found, signed=False)
    return one if one == range_ or found.mean is None else f"{one} ({range_})"


def least_most(found: Found) -> tuple[float, float]:
    """Return the ends of the range over the matched set."""
    return min(found.matched), max(found.matched)


def named(found: Found, vector: str) -> str:
    """Return the number at a named vector."""
    return number(found.vectors.get(vector), found.error, signed=found.floor is not None)


def change(found: Found, more: str = "more", less: str = "less") -> str:
    """Return a difference at the central vector in words."""
    if found.mean is None or found.half is None:
        return "not estimable"
    if not found.sign:
        return NOTHING
    amount = number(abs(found.mean), found.half)
    gap = unit(found)
    space = " " if gap else ""
    word = more if found.sign > 0 else less
    return f"{amount}{space}{gap} {word} (± {number(found.half, found.half)})"


def percent(shares: Sequence[float]) -> str:
    """Return shares of several seeds as their mean in per cent, with its luck."""
    luck = over_seeds([100 * one for one in shares])
    half = luck["estimate"] - luck["low"]
    return f"{number(luck['estimate'], half)} ± {number(half, half)}"


def when(holds: bool, text: str) -> str:
    """Return an explanation where the data bear it, and say so where they do not."""
    return text if holds else GONE


def labelled(told: Label | None) -> str:
    """Return a label with what it hangs on."""
    if told is None:
        return "-"
    if told.label == "robust":
        return f"robust: {'more' if told.side == 'above' else 'less'}"
    if told.label != "conditional":
        return told.label
    sides = f"more at {told.above}, less at {told.below} of {told.vectors}"
    if told.on is None:
        return f"conditional ({sides}), on no single parameter"
    one = told.on
    word = "more" if told.side == "above" else "less"
    return (
        f"conditional ({sides}), on `{one.parameter}`: {word} at {one.below:.0%} of the vectors "
        f"below {one.value:g} and at {one.above:.0%} of those above"
    ).replace("%", " %")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table in Markdown."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def both(found: Found) -> tuple[str, str]:
    """Return the numbers at the two extremes."""
    return named(found, PROPONENT), named(found, CRITIC)
