"""Disproportion: what was closed to people, against how grave their own breaches were.

The *burden* of a citizen is the sum over gates of weight times demand times months closed, so that
1 is a month with every gate closed.  *Gravity* is that of breaches that were truly the citizen's
own (the run notes them), not of what was written down: of the gravest one, and in gravity-months,
the sum over months of the gravest of each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from glasscity.rights.article5.closures import Closures
from glasscity.rights.view import codes_of
from glasscity.terms import AGES, GATES, SPHERES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from glasscity.results.run import Run

__all__ = ["WEIGHTINGS", "Burden", "burden_of", "burdens", "gate_weights", "inversion"]

WEIGHTINGS = ("demand", "equal", "essentials")
GRAVITIES = ("with inability", "without inability")
# Fewer people than that say nothing of a tenth.
_FEWEST = 30
_RESAMPLES = 200


@dataclass(frozen=True, kw_only=True)
class Burden:
    """The burden of a run under one weighting, against one gravity.

    Attributes
    ----------
    weighting : {"demand", "equal", "essentials"}
    gravity : {"with inability", "without inability"}
        Whether debts that inability alone has made count as breaches of one's own.
    people : int
        Citizens looked at: the denominator of the means.
    mean, mean_error : float
        Burden a citizen, in months with every gate closed, and its standard error over citizens.
    burdened : int
        Citizens with any.
    groundless_people : int
        Of them, citizens who in the whole run had no breach of their own, nor one on file.
    groundless_share, groundless_error : float or None
        Their part of the whole burden, and its standard error; None where there is none.
    inverted, in_order, tied : float or None
        Over pairs of citizens of whom one has the graver gravest breach: the shares in which the
        other one bears more, less, as much.  ``inverted_error`` is the first one's standard error.
    inverted_of_untied : float or None
        inverted / (inverted + in_order); a half is no better than a coin.
    ratio_people : int
        Citizens with a burden and gravity-months.
    p10, p90, ratio : float or None
        Tenth and nineth tenth of burden over gravity-months among them, and p90 / p10.
    ratio_low, ratio_high : float or None
        95 % of resamples of citizens.
    unburdened : int
        Citizens with a breach of their own and no burden at all.
    """

    weighting: str
    gravity: str
    people: int
    mean: float
    mean_error: float
    burdened: int
    groundless_people: int
    groundless_share: float | None
    groundless_error: float | None
    inverted: float | None
    inverted_error: float | None
    in_order: float | None
    tied: float | None
    inverted_of_untied: float | None
    ratio_people: int
    p10: float | None
    p90: float | None
    ratio: float | None
    ratio_low: float | None
    ratio_high: float | None
    unburdened: int


def _numbers(quantity: Any) -> NDArray[np.float64]:
    value = quantity.get("value") if hasattr(quantity, "get") else quantity
    return np.atleast_1d(np.asarray(value, np.float64))


def gate_weights(run: Run) -> dict[str, NDArray[np.float64]]:
    """Return what a month of a closed gate weighs, by weighting: float64[50 classes, gates].

    Each row adds up to 1.  ``demand``: the gate's weight times the applications a year of people of
    the same area, income and age, as in ``closed_gate_months``.  ``equal``: every gate alike.
    ``essentials``: the gates that a life cannot do without, alike; other gates weigh nothing.
    """
    gates = run.scenario["country"]["gates"]
    demand = np.zeros((2, 5, len(AGES), len(GATES)))
    essential = np.zeros(len(GATES))
    for g, gate in enumerate(gates):
        area, quintile, age = (
            _numbers(gate[name]) for name in ("demand_area", "demand_per_year", "demand_age")
        )
        weight = _numbers(gate.get("weight", 1.0))[0]
        demand[..., g] = weight * area[:, None, None] * quintile[None, :, None] * age
        essential[g] = bool(gate["essential"])
    flat = demand.reshape(-1, len(GATES))
    found = {
        "demand": flat / np.maximum(flat.sum(axis=1, keepdims=True), 1e-12),
        "equal": np.full_like(flat, 1 / len(GATES)),
    }
    if essential.any():
        found["essentials"] = np.broadcast_to(essential / essential.sum(), flat.shape)
    return found


def burden_of(closed: NDArray[np.uint16], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the burden of each citizen: months closed times weight, summed over gates.

    Parameters
    ----------
    closed : uint16[n, gates]
    weights : float64[n, gates]
        Of each citizen's class.
    """
    return np.einsum("ng,ng->n", closed.astype(np.float64), weights)


def inversion(
    burden: NDArray[np.float64], gravity: NDArray[np.int64]
) -> tuple[float, float, float, float] | None:
    """Return the shares of pairs that are inverted, in order, tied, and the first one's error.

    Parameters
    ----------
    burden : float64[n]
    gravity : int64[n]

    Returns
    -------
    (float, float, float, float) or None
        Over pairs with different gravity; None where there is no such pair.  The error is that of
        a ratio of two sums over pairs, by the infinitesimal jackknife over citizens, who are taken
        as independent of each other.
    """
    levels, level = np.unique(gravity, return_inverse=True)
    values, value = np.unique(burden, return_inverse=True)
    n, width = len(burden), len(values)
    if len(levels) < 2:
        return None
    inverted, ordered, pairs = (np.zeros(n, np.int64) for _ in range(3))
    for upward in (True, False):
        # How many of lower (then of higher) gravity have each burden.
        seen = np.zeros(width, np.int64)
        for at in range(len(levels)) if upward else reversed(range(len(levels))):
            mine = level == at
            below = np.concatenate(([0], np.cumsum(seen)))
            less, more = below[value[mine]], below[-1] - below[value[mine] + 1]
            inverted[mine] += more if upward else less
            ordered[mine] += less if upward else more
            pairs[mine] += below[-1]
            seen += np.bincount(value[mine], minlength=width)
    whole = int(pairs.sum()) // 2
    share, order = inverted.sum() / 2 / whole, ordered.sum() / 2 / whole
    error = float(np.sqrt(np.square((inverted - share * pairs) / whole).sum()))
    return float(share), float(order), float(1 - share - order), error


def _ratios(values: NDArray[np.float64]) -> tuple[float | None, ...]:
    """Return p10, p90, p90 / p10 and the ends of 95 % of resamples of the last."""
    if len(values) < _FEWEST:
        return (None,) * 5
    low, high = np.quantile(values, (0.1, 0.9))
    # A resample needs its own luck; the same run always gives the same.
    luck = np.random.default_rng(20140614)
    found = np.empty(_RESAMPLES)
    for k in range(_RESAMPLES):
        again = values[luck.integers(0, len(values), len(values))]
        a, b = np.quantile(again, (0.1, 0.9))
        found[k] = b / a
    ends = np.quantile(found, (0.025, 0.975))
    return float(low), float(high), float(high / low), float(ends[0]), float(ends[1])


def burdens(run: Run, closed: Closures) -> list[Burden]:
    """Return the burden of a run under every weighting and both gravities.

    Raises
    ------
    LookupError
        If the run does not hold how grave people's own breaches were, or describes too few.
    """
    people = run.people
    if "gravest_breach" not in people.columns:
        raise LookupError("the run does not hold how grave people's own breaches were")
    described = people["citizen"].to_numpy().astype(np.int64)
    mine, rows = _common(closed.citizen, described)
    if len(rows) < min(1000, run.citizens):
        raise LookupError("too few citizens are both scored month by month and described")
    area, quintile, age = (codes_of(people[name])[rows] for name in ("area", "quintile", "age"))
    kind = (area * 5 + quintile) * len(AGES) + age
    acts = _own_acts(run, described)[rows]
    gravities = {}
    for bit, name in enumerate(GRAVITIES):
        end = "_able" if bit else ""
        gravest = np.maximum(people[f"gravest_breach{end}"].to_numpy()[rows].astype(np.int64), acts)
        own = (people["own_record"].to_numpy()[rows] >> bit & 1 == 1) | (acts > 0)
        # What lies before the run is known as something on file: the least gravity.
        gravest[own & (gravest == 0)] = 1
        extent = people[f"gravity_months{end}"].to_numpy()[rows].astype(np.int64)
        gravities[name] = gravest, np.maximum(extent, acts), own
    found = []
    for weighting, weights in gate_weights(run).items():
        burden = burden_of(closed.closed[mine], weights[kind])
        for name, (gravest, extent, own) in gravities.items():
            found.append(_one(weighting, name, burden, gravest, extent, own))
    return found


def _common(
    first: NDArray[np.int64], second: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    _, mine, rows = np.intersect1d(first, second, assume_unique=True, return_indices=True)
    return mine, rows


def _own_acts(run: Run, described: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the gravity of conduct and contempt that entries on lists show, 0 none.

    The month of an entry hides the act from what the run notes; its cause is in the register.
    """
    scale = run.scenario["regime"].get("gravity") or {}
    table = run.listings
    who = table["citizen"].to_numpy().astype(np.int64)
    own = (codes_of(table["kind"]) == 0) & (table["detail"].to_numpy() & 1 == 1)
    found = np.zeros(len(described), np.int64)
    for sphere, kind, usual in (("society", "conduct", 2), ("judiciary", "ignored", 5)):
        gravity = int(_numbers(scale.get(kind, usual))[0])
        there = np.unique(who[own & (codes_of(table["list"]) == SPHERES.index(sphere))])
        _, rows = _common(there, described)
        found[rows] = np.maximum(found[rows], gravity)
    return found


def _one(
    weighting: str,
    name: str,
    burden: NDArray[np.float64],
    gravest: NDArray[np.int64],
    extent: NDArray[np.int64],
    own: NDArray[np.bool_],
) -> Burden:
    bears = burden > 0
    total = float(burden.sum())
    pairs = inversion(burden, gravest) if bears.any() else None
    both = bears & (extent > 0)
    p10, p90, ratio, low, high = _ratios(burden[both] / extent[both])
    groundless = error = None
    if total:
        groundless = float(burden[~own].sum()) / total
        # Of a ratio of two sums over citizens.
        error = float(np.sqrt(np.square(burden * (~own - groundless)).sum()) / total)
    untied = pairs[0] + pairs[1] if pairs else 0.0
    return Burden(
        weighting=weighting,
        gravity=name,
        people=len(burden),
        mean=total / len(burden),
        mean_error=float(burden.std() / np.sqrt(len(burden))),
        burdened=int(bears.sum()),
        groundless_people=int((bears & ~own).sum()),
        groundless_share=groundless,
        groundless_error=error,
        inverted=pairs[0] if pairs else None,
        inverted_error=pairs[3] if pairs else None,
        in_order=pairs[1] if pairs else None,
        tied=pairs[2] if pairs else None,
        inverted_of_untied=pairs[0] / untied if pairs and untied else None,
        ratio_people=int(both.sum()),
        p10=p10,
        p90=p90,
        ratio=ratio,
        ratio_low=low,
        ratio_high=high,
        unburdened=int((own & ~bears).sum()),
    )
