"""Two named extremes inside the matched set: a proponent's and a critic's vector of behaviour.

They are fixed by a rule before anybody has seen what a regime does with them.  What the facts leave
open and what decides how a regime looks (`STANCE`) is put at the end of its declared range that
favours the regime, or at the other; then what society is like (`REFIT`) is moved as little as is
needed for every target to be met again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from glasscity.errors import CannotFit
from glasscity.study.matching import CUT_OFF, Found, Search, Shown
from glasscity.study.targets import Target
from glasscity.study.tried import Trial, Tries
from glasscity.study.vectors import uniforms

__all__ = ["CITIZENS", "REFIT", "RULE", "STANCE", "Extreme", "extreme"]

# The end that favours the regime.
STANCE: Mapping[str, str] = {
    "deterrence": "high",
    "repayment_gain": "high",
    "reward": "low",
    "refusal_cost": "low",
    "fear_learning": "low",
    "miss_factor": "low",
    "false_alarm_factor": "low",
    "mix_up_factor": "low",
    "correction_factor": "low",
    "tie_drop": "low",
}
REFIT = (
    "separation",
    "find_ratio",
    "saving",
    "saving_by_quintile.0",
    "spending_without_work",
    "shock",
    "slip",
    "slip_fix",
    "unwilling_onset",
    "catch_up",
    "repayment_before_order",
    "repayment_after_order",
    "sue",
    "spare",
    "contempt",
    "fear_phi_speech",
)
RULE = (
    "Deterrence and the gain of repayment stand at the high end of their declared ranges for the "
    "proponent; reward for praise, cost of a refusal, learning of fear, tie dropping, and the "
    "factors of misses, false alarms, mix-ups and months until corrected at the low end; for the "
    "critic each at the other end. What society is like is moved from central as little as needed, "
    "all at once, until every target of society and of the court's list is met within its "
    "tolerance, in two simulations on fresh seeds. Everything else is as in central."
)
# An extreme must meet every target, so luck is kept small.
CITIZENS = 100_000
# How far REFIT may move from central, as a share of the range, tried in this order.
_STEPS = (0.0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.6, 0.8, 1.0)
_DRAWN = 20_000
# Emulated so many at a time, nearest first: most are never looked at.
_AT_A_TIME = 500
# Candidates well inside what the emulators allow, and how many are simulated before giving up.
_INSIDE, _MOST = 1.0, 12


@dataclass(frozen=True)
class Extreme:
    """A named extreme: its parameters, and the simulations that it was confirmed in."""

    name: str
    values: dict[str, float]
    distance: float
    simulated: tuple[dict[str, float], ...]
    refused: int


def extreme(
    name: str, search: Search, found: Found, tries: Tries, central: dict[str, float], show: Shown
) -> Extreme:
    """Return the proponent's or the critic's vector.

    Parameters
    ----------
    name : {"proponent", "critic"}
    found : Found
        A search's emulators.
    central : dict of parameter to float
        The values of every free parameter in the behaviour that is varied.

    Raises
    ------
    CannotFit
        If no vector near central meets every target.
    """
    candidates = _candidates(name, search, found, central)
    for k, (distance, values) in enumerate(candidates):
        stage = f"{name}-{k}"
        trials = [
            Trial(stage, seed, CITIZENS, search.luck_seed(stage, seed), values) for seed in (0, 1)
        ]
        results = tries.run(trials, show)
        gave = tuple(one.quantities for one in results if one.quantities is not None)
        if len(gave) == len(trials) and all(_meets(search.targets, row) for row in gave):
            return Extreme(name, values, distance, gave, k)
    raise CannotFit(
        f"none of {len(candidates)} candidates for the {name} meets every target",
        where="calibrate",
        mend="look at its simulations in tried.jsonl; the targets may not go with the stance",
    )


def _meets(targets: tuple[Target, ...], quantities: Mapping[str, float]) -> bool:
    return all(one.within(quantities[one.quantity]) for one in targets)


def _candidates(
    name: str, search: Search, found: Found, central: dict[str, float]
) -> list[tuple[float, dict[str, float]]]:
    """Return vectors that the emulators expect to meet every target, nearest to central first."""
    start = np.array(search.places(central))
    names = [one.name for one in search.free]
    for parameter, favours in STANCE.items():
        high = (favours == "high") == (name == "proponent")
        start[names.index(parameter)] = 1.0 if high else 0.0
    moved = np.array([one in REFIT for one in names])
    best: list[tuple[float, dict[str, float]]] = []
    for part, step in enumerate(_STEPS):
        luck = 2 * uniforms(
            search.seed, 0x6000 + 16 * (name == "critic") + part, _DRAWN, len(names)
        )
        places = np.clip(start + step * (luck - 1) * moved, 0.0, 1.0)
        places = places[: 1 if step == 0 else _DRAWN]
        distance = np.sqrt(np.square(places - start).sum(axis=1))
        order = np.argsort(distance, kind="stable")
        for first in range(0, len(order), _AT_A_TIME):
            near = order[first : first + _AT_A_TIME]
            implausible = search.emulated(places[near], found.emulators)
            fine = near[implausible <= min(_INSIDE, CUT_OFF)][: _MOST - len(best)]
            values = search.values(places[fine])
            best += [(float(d), v) for d, v in zip(distance[fine], values, strict=True)]
            if len(best) >= _MOST:
                break
        if len(best) >= _MOST:
            break
    return best
