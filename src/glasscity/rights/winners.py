"""Who gains and who loses between the runs of a pair: whole distributions, never means alone."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from glasscity.rights.persons import OUTCOMES, Outcome, Persons

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["QUANTILES", "distribution", "winners_and_losers"]

QUANTILES = (0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99)


def winners_and_losers(persons: Persons) -> dict[str, dict[str, Any] | None]:
    """Return, for each outcome, how the difference is distributed, whole and by group.

    Returns
    -------
    dict
        Outcome to its table, or to None where one of the runs has no such thing.
    """
    found: dict[str, dict[str, Any] | None] = {}
    for outcome in OUTCOMES:
        both = persons.both(outcome)
        found[outcome.name] = None if both is None else _table(persons, outcome, *both)
    return found


def _table(
    persons: Persons, outcome: Outcome, base: NDArray[np.float64], other: NDArray[np.float64]
) -> dict[str, Any]:
    return {
        "title": outcome.title,
        "unit": outcome.unit,
        "direction": "more is better" if outcome.better > 0 else "less is better",
        **distribution(base, other, outcome),
        "histogram": _histogram(other - base, outcome.step),
        "by_group": {
            grouping: {
                name: distribution(base[codes == at], other[codes == at], outcome)
                for at, name in enumerate(names)
            }
            for grouping, (codes, names) in persons.groups.items()
        },
    }


def distribution(
    base: NDArray[np.float64], other: NDArray[np.float64], outcome: Outcome
) -> dict[str, Any]:
    """Return how an outcome's differences, other less base, are distributed over people.

    Parameters
    ----------
    base, other : float64[n]
        The outcome of each citizen; not a number where there is none in that run, and then the
        citizen is not among those compared.

    Returns
    -------
    dict
        ``of``: citizens compared; ``better``, ``worse``, ``unchanged``: how many; ``gain``,
        ``loss``: sums over those who are better and worse off, both positive; means of base, other
        and difference; ``quantiles`` of the difference.  None where nobody is compared.
    """
    kept = ~(np.isnan(base) | np.isnan(other))
    here, there = base[kept], other[kept]
    change = there - here
    good = change * outcome.better
    number = len(change)
    better, worse = int((good > 0).sum()), int((good < 0).sum())
    quantiles = np.quantile(change, QUANTILES, method="inverted_cdf") if number else None
    return {
        "of": number,
        "better": better,
        "worse": worse,
        "unchanged": number - better - worse,
        "gain": _plain(good[good > 0].sum()),
        "loss": _plain(-good[good < 0].sum()),
        "mean_base": float(here.mean()) if number else None,
        "mean_other": float(there.mean()) if number else None,
        "mean_difference": float(change.mean()) if number else None,
        "quantiles": {
            f"{share:g}": None if quantiles is None else _plain(quantiles[at])
            for at, share in enumerate(QUANTILES)
        },
    }


def _histogram(change: NDArray[np.float64], step: float) -> list[dict[str, Any]]:
    """Return how many citizens lie in each bar; no change at all is a bar of its own.

    The end of a bar that is further from zero belongs to it, the nearer one does not; differences
    in whole numbers have bars of one value.
    """
    change = change[~np.isnan(change)]
    bars = np.sign(change) * np.ceil(np.abs(change) / step)
    found, counts = np.unique(bars, return_counts=True)
    rows = []
    for bar, count in zip(found.tolist(), counts.tolist(), strict=True):
        near = 0.0 if step == 1 or not bar else math.copysign(step, bar)
        ends = sorted((bar * step, bar * step - near))
        rows.append({"from": _plain(ends[0]), "to": _plain(ends[1]), "citizens": count})
    return rows


def _plain(value: Any) -> int | float:
    number = float(value)
    return int(number) if number.is_integer() else number
