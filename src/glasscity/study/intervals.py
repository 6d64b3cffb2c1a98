"""What a study says of each measure: intervals over seeds, ranges over points, never mixed.

Over *seeds*: luck alone.  The mean with a 95 % t interval, of a measure in one regime, or of its
difference to the first regime seed by seed: the same people with the same luck, so what both
regimes share falls out of the difference.

Over the *matched set*, or over the other points of a study: what the facts leave open.  No
probability stands behind it: the least and the greatest of the means over seeds, and quantiles of
the set.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from glasscity.rights.measures import MEASURES
from glasscity.study.design import Laid

__all__ = ["COLUMNS", "CONFIDENCE", "over_seeds", "summary"]

CONFIDENCE = 0.95
COLUMNS: tuple[str, ...] = (
    "measure",
    "unit",
    "regime",
    "versus",
    "over",
    "at",
    "number",
    "seeds",
    "estimate",
    "low",
    "high",
    "least",
    "greatest",
    "above_zero",
)


def over_seeds(values: Sequence[float] | np.ndarray) -> dict[str, Any]:
    """Return the mean of values over seeds and its 95 % t interval.

    Parameters
    ----------
    values : sequence of float
        One a seed; not a number where there is none, and such seeds are left out.

    Returns
    -------
    dict
        ``seeds`` (how many values there were), ``estimate``, ``low``, ``high``: None where not
        estimable; the interval needs two seeds.
    """
    known = np.asarray(values, float)
    known = known[~np.isnan(known)]
    number = len(known)
    if not number:
        return {"seeds": 0, "estimate": None, "low": None, "high": None}
    mean = float(known.mean())
    if number < 2:
        return {"seeds": number, "estimate": mean, "low": None, "high": None}
    from scipy.special import stdtrit

    half = float(stdtrit(number - 1, (1 + CONFIDENCE) / 2) * known.std(ddof=1) / math.sqrt(number))
    return {"seeds": number, "estimate": mean, "low": mean - half, "high": mean + half}


def summary(
    laid: Laid, boxes: Mapping[str, np.ndarray], names: Sequence[str] | None = None
) -> list[dict[str, Any]]:
    """Return the summary of a study, a row for each measure, regime, comparison and basis.

    Parameters
    ----------
    laid : Laid
    boxes : mapping of measure to float64[regimes, points, seeds]
        Not a number where not estimable.
    names : sequence of str, optional
        Measures; all by default.

    Returns
    -------
    list of dict
        Keys `COLUMNS`.  ``versus``: None, or the first regime, for differences to it.  ``over``:
        ``seeds`` (``at`` names the point; ``low`` and ``high`` are a 95 % t interval), ``matched
        set`` or ``points`` (``number`` of points; ``estimate`` is the median of their means over
        seeds, ``least`` and ``greatest`` the ends; of the matched set ``low`` and ``high`` are the
        5 % and 95 % quantiles; ``above_zero``: of differences, how many points lie above zero).
    """
    rows = []
    for name in names or list(MEASURES):
        box = np.asarray(boxes[name], float)
        for r, regime in enumerate(laid.regimes):
            for versus in (None, laid.regimes[0].name) if r else (None,):
                values = box[r] if versus is None else box[r] - box[0]
                head = {
                    "measure": name,
                    "unit": MEASURES[name].unit,
                    "regime": regime.name,
                    "versus": versus,
                }
                rows += [{**dict.fromkeys(COLUMNS), **head, **one} for one in _rows(laid, values)]
    return rows


def _rows(laid: Laid, values: np.ndarray) -> Iterator[dict[str, Any]]:
    """Yield what is said of values [points, seeds] of one regime or difference."""
    means = []
    for point, own in zip(laid.points, values, strict=True):
        found = over_seeds(own)
        means.append(math.nan if found["estimate"] is None else found["estimate"])
        yield {"over": "seeds", "at": _named(point.labels), "number": 1, **found}
    for at, matched in _sets(laid):
        yield _over_set("matched set", at, np.array([means[k] for k in matched]), values[matched])
    others = [
        k for k, one in enumerate(laid.points) if one.labels.get("vector") not in laid.matched
    ]
    if len(others) > 1:
        yield _over_set("points", "", np.array([means[k] for k in others]), values[others])


def _sets(laid: Laid) -> list[tuple[str, list[int]]]:
    """Return the points of the matched set, apart for each combination of the other axes."""
    found: dict[str, list[int]] = {}
    for k, point in enumerate(laid.points):
        if point.labels.get("vector") in laid.matched:
            rest = {name: value for name, value in point.labels.items() if name != "vector"}
            found.setdefault(_named(rest), []).append(k)
    return [(at, several) for at, several in found.items() if len(several) > 1]


def _over_set(over: str, at: str, means: np.ndarray, values: np.ndarray) -> dict[str, Any]:
    known = means[~np.isnan(means)]
    row: dict[str, Any] = {"over": over, "at": at, "number": len(known)}
    seeds = (~np.isnan(values)).sum(axis=1)
    row["seeds"] = int(seeds[seeds > 0].min()) if (seeds > 0).any() else 0
    if not len(known):
        return row
    row |= {"estimate": float(np.median(known))}
    row |= {"least": float(known.min()), "greatest": float(known.max())}
    row["above_zero"] = int((known > 0).sum())
    if over == "matched set":
        low, high = np.quantile(known, [0.05, 0.95])
        row |= {"low": float(low), "high": float(high)}
    return row


def _named(labels: Mapping[str, Any]) -> str:
    return ", ".join(
        f"{name} {value:g}" if isinstance(value, int | float) else f"{value}"
        for name, value in labels.items()
    )
