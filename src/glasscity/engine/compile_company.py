"""What people do among themselves, as flat tables: display, couples, favours; and perks."""

from __future__ import annotations

import math

import numpy as np

from glasscity.behaviour import Behaviour
from glasscity.rates import threshold32
from glasscity.regime import Regime
from glasscity.terms import GATES

__all__ = ["company_fields", "keeping", "perk_fields"]

# Standings are steps of half a national spread: 0 is four spreads below the mean, 15 above 3.5.
STANDINGS = 16
_SPREADS = [(k - 8 + 0.5) / 2 for k in range(STANDINGS)]


def company_fields(regime: Regime, behaviour: Behaviour, strengths: dict[str, float]) -> dict:
    """Return the tables' fields of display, couples and favours.

    Where nobody is scored nobody displays, and a site has no score to put profiles in order by.
    """
    b = behaviour
    scored = regime.operator is not None
    base, slope = float(b.display), float(b.display_slope)
    # The parameter is the chance one spread above the mean.
    display = [threshold32(min(1.0, base * math.exp(slope * (x - 1)))) for x in _SPREADS]
    pull = float(regime.exposure) * strengths.get("dating", 1.0) if regime.exposure else 0.0
    weight = [round(256 * math.exp(max(-5.0, min(5.0, pull * x)))) for x in _SPREADS]
    return {
        "display": np.array(display if scored else [0] * STANDINGS, dtype=np.int64),
        "display_ties": threshold32(float(b.display_imitation)) // 15 if scored else 0,
        "on_site": round(256 * float(b.on_site)),
        "shown": round(65536 * float(b.shown)),
        "couple": threshold32(float(b.couple)),
        "single_again": np.array([threshold32(x) for x in b.single_again.numbers], dtype=np.int64),
        "prominence": np.array(weight, dtype=np.int64),
        "race": np.array(
            [round(-4096 * math.log(1 - (i + 0.5) / 4096)) for i in range(4096)], dtype=np.int64
        ),
        "gossip": threshold32(float(b.gossip)),
        "by_score": int(scored or bool(regime.lists)),
        "favour_benefit": round(1000 * float(b.favour_benefit)),
        "favour_cost": 1000,
        "imitate": threshold32(float(b.imitation)),
        "innate": threshold32(float(b.innate)),
        "keeps": keeping(b),
        "trust_memory": round(65536 * float(b.trust_memory)),
    }


def keeping(behaviour: Behaviour) -> np.ndarray:
    """Return the thresholds of the disposition to keep trust, int64[256], by conscientiousness."""
    middle, tilt = float(behaviour.keeps_median), float(behaviour.keeps_slope)
    lean = math.log(middle / (1 - middle))
    shares = [1 / (1 + math.exp(-(lean + tilt * (c / 255 - 0.5)))) for c in range(256)]
    return np.array([threshold32(x) for x in shares], dtype=np.int64)


def perk_fields(
    regime: Regime, behaviour: Behaviour, demand: np.ndarray, strengths: dict[str, float]
) -> dict:
    """Return the tables' fields of perks.

    Parameters
    ----------
    demand : float64[50, 18]
        Applications a year by demand class and gate.

    Notes
    -----
    A perk is worth what it leaves with its holder in a year.  On the scale of the stake all perks
    together are worth ``perk_share`` of all gates to a person of average use; they raise the chance
    to join in the same proportion, times ``perk_pull``.
    """
    strength = strengths.get("perks", 1.0)
    perks = regime.perks[:8] if strength > 0 else ()
    points = np.zeros(8, dtype=np.int64)
    gate = np.full(8, -1, dtype=np.int64)
    gain = np.zeros(8, dtype=np.int64)
    yearly = np.zeros((50, 8))
    for k, perk in enumerate(perks):
        # Where a percentile stands for the points, nobody has it until scores are known.
        points[k] = int(float(perk.threshold)) if perk.percentile is None else 2048
        if perk.gate is None or perk.gain is None:
            continue
        gate[k] = GATES.index(perk.gate)
        gain[k] = round(256 * strength * float(perk.gain))
        yearly[:, k] = demand[:, gate[k]] * float(perk.gain)
    mean = max(1e-12, float(yearly.sum(axis=1).mean()))
    worth = strength * float(behaviour.perk_share) * 65536 * yearly / mean
    # Nobody values perks above five times the average: rounding and stakes stay in range.
    most = 5 * float(behaviour.perk_share) * 65536
    whole = worth.sum(axis=1, keepdims=True)
    worth *= np.minimum(1.0, most / np.maximum(whole, 1e-12))
    pull = strength * float(behaviour.perk_pull) * np.minimum(5.0, yearly.sum(axis=1) / mean)
    return {
        "perks": len(perks),
        "perk_points": points,
        "perk_gate": gate,
        "perk_gain": gain,
        "perk_worth": np.floor(worth + 0.5).astype(np.int64),
        "perk_pull": np.floor(256 * pull + 0.5).astype(np.int64),
    }
