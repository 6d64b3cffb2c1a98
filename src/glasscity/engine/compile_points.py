"""Points schemes as flat tables: what each record takes, what each deed adds."""

from __future__ import annotations

import math

import numpy as np

from glasscity.behaviour import Behaviour
from glasscity.rates import threshold32
from glasscity.regime import Regime
from glasscity.terms import CATEGORIES, DEEDS, EVENTS

__all__ = ["LEAST_SCORE", "account_weights", "deepest", "point_fields", "scale_of"]

# Scores 0 and 1 mean that there is none, and none yet.
LEAST_SCORE = 2


def scale_of(regime: Regime) -> tuple[int, int, int]:
    """Return the lowest score, the base and the highest score of a points scheme."""
    operator = regime.operator
    if operator is None or operator.base is None:
        raise ValueError("this is no points scheme")
    low, high = (int(x) for x in operator.range.numbers)
    base = int(float(operator.base))
    low = min(max(low, LEAST_SCORE), base)
    return low, base, high


def account_weights(regime: Regime) -> np.ndarray:
    """Return the weights of the categories, int64[5] in 1/256 point, of an account.

    What is left of the points that records take stands in the place of the credit history, what
    deeds added in that of behaviour: so that all of a score is made, and taken apart, in one way.
    """
    low, base, high = scale_of(regime)
    weights = np.zeros(len(CATEGORIES), dtype=np.int64)
    weights[CATEGORIES.index("credit_history")] = 256 * (base - low)
    weights[CATEGORIES.index("behaviour_preference")] = 256 * (high - base)
    return weights


def point_fields(regime: Regime, behaviour: Behaviour, carefree: list[float]) -> dict:
    """Return the tables' fields of points schemes.

    Parameters
    ----------
    carefree : 256 numbers
        Carelessness by conscientiousness, over the median's.
    """
    scheme = regime.operator.points if regime.operator is not None else None
    once = np.zeros(len(EVENTS), dtype=np.int64)
    monthly = np.zeros(len(EVENTS), dtype=np.int64)
    added = np.zeros(len(DEEDS), dtype=np.int64)
    # Diligence is the other side of carelessness: at the median 1, at no conscientiousness 0.
    median = _median(carefree)
    fields = {
        "pointed": int(scheme is not None),
        "taken_once": once,
        "taken_monthly": monthly,
        "forgotten": 0,
        "added": added,
        "added_forgotten": 0,
        "deed": np.array(
            [threshold32(min(1.0, rate / 12)) for rate in behaviour.deeds.numbers], dtype=np.int64
        ),
        "diligent": np.array([round(256 * c / 255 / median) for c in range(256)], dtype=np.int64),
        "deed_response": round(256 * (1 + float(behaviour.deed_response))),
        "deed_filed": 0,
        "points_lost": 0,
    }
    if scheme is None:
        return fields
    low, base, high = scale_of(regime)
    for table, points in ((once, scheme.taken_once), (monthly, scheme.taken_monthly)):
        for event, amount in points.items():
            table[EVENTS.index(event)] = round(65535 * float(amount) / max(1, base - low))
    for deed, amount in scheme.added.items():
        added[DEEDS.index(deed)] = round(65535 * float(amount) / max(1, high - base))
    return fields | {
        "forgotten": round(65536 * float(scheme.forgotten)),
        "added_forgotten": round(65536 * float(scheme.added_forgotten)),
        "deed_filed": threshold32(float(scheme.filed)),
        "points_lost": base - low,
    }


def _median(carefree: list[float]) -> float:
    """Return the median conscientiousness, in [0, 1], from carelessness (1 - c) / (1 - median)."""
    return 1 - 1 / carefree[0]


def deepest(tables: dict, gravest_months: int = 12) -> int:
    """Return the points that a debt kept up for so many months takes, order and all."""
    at_event = {name: EVENTS.index(name) for name in ("credit_late", "credit_default")}
    late, default = at_event["credit_late"], at_event["credit_default"]
    ignored = EVENTS.index("credit_ignored")
    once, monthly = tables["taken_once"], tables["taken_monthly"]
    # Two months late, then in default, then under an ignored order for the rest of the year.
    total = once[late] + 2 * monthly[late] + once[default] + 6 * monthly[default]
    total += once[ignored] + (gravest_months - 8) * monthly[ignored]
    return math.floor(min(65535, int(total)) * tables["points_lost"] / 65535)
