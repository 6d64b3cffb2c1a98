"""Safeguards, manipulation and what voices are worth, as flat tables.

A safeguard at strength x covers x of all citizens, dealt once by identifier: so that more strength
only ever adds people, and at zero nobody is covered and nothing is read.
"""

from __future__ import annotations

import numpy as np

from glasscity.behaviour import Behaviour
from glasscity.country import Country
from glasscity.rates import threshold32
from glasscity.regime import Regime
from glasscity.terms import OCCUPATIONS, SAFEGUARDS, SPHERES

__all__ = ["GUARDS", "guard_fields", "manipulation_fields", "voice_fields"]

# What each safeguard is at full strength, in months; explained by `glasscity explain safeguard`.
# They stand here and in no pack: a safeguard is defined by them, and differs between no two
# countries, regimes or vectors of behaviour; only its strength does.
GUARDS = {
    "notice_months": 3,  # the longest grace that the court's own rule knows
    "expiry_months": 24,  # the term of grounds two to six of the court's list
    "cap_months": 12,
    "repair_months": 3,  # the shortest term of the repair rules of 2020
    "expiry_memory": 1 / 12,  # of a record, against 1/24: half is forgotten in eight months
    "repair_fade": 1 / 6,  # of a record in a month without a new one: half in four months
}
# Whom officials help and whom they hurt where a scenario has them act and the regime does not say:
# their own kind, and those who depend on licences.  Assumed.
_FAVOURED, _PUNISHED = "public", "self_employed"


def guard_fields(
    country: Country, regime: Regime, behaviour: Behaviour, strengths: dict[str, float]
) -> dict:
    """Return the tables' fields of the safeguards."""
    covers = np.array([round(256 * strengths.get(name, 0.0)) for name in SAFEGUARDS])
    essential = sum(1 << g for g, gate in enumerate(country.gates) if gate.essential)
    appeal = np.zeros((4, 2), dtype=np.int64)
    for entry in regime.lists:
        for wrongly, rate in enumerate((behaviour.appeal_rate_justified, behaviour.appeal_rate)):
            # Decided in the month after it is filed.
            if float(rate) > 0:
                hazard = 1 / (1 / float(rate) + 1)
                appeal[SPHERES.index(entry.sphere), wrongly] = threshold32(hazard)
    memory = regime.operator.memories[0] if regime.operator else 1 / 24
    return {
        "guards": covers.astype(np.int64),
        "guarded": int(covers.any()),
        "guard_warning": GUARDS["notice_months"],
        "guard_term": GUARDS["expiry_months"],
        "guard_cap": GUARDS["cap_months"],
        "guard_memory": round(65536 * max(memory, GUARDS["expiry_memory"])),
        "guard_repair": threshold32(1 / GUARDS["repair_months"]),
        "guard_fade": round(65536 * max(memory, GUARDS["repair_fade"])),
        "guard_appeal": appeal,
        "essential": essential,
    }


def manipulation_fields(
    country: Country, regime: Regime, behaviour: Behaviour, strengths: dict[str, float]
) -> dict:
    """Return the tables' fields of officials, gaming and false reports."""
    officials = strengths.get("officials", 0.0)
    points = np.zeros((64, 8), dtype=np.int64)
    if officials > 0 and regime.operator is not None:
        default = float(behaviour.official_points)
        rules = [(one.group, one.provinces, float(one.points)) for one in regime.officials]
        for group, where, value in rules or [
            (_FAVOURED, (), default),
            (_PUNISHED, (), -default),
        ]:
            for p, province in enumerate(country.provinces):
                if not where or province.name in where:
                    points[p, OCCUPATIONS.index(group)] += round(256 * officials * value)
    b = behaviour
    gaming = strengths.get("gaming", 0.0) if regime.operator is not None else 0.0
    reports = strengths.get("false-reports", 0.0) if regime.operator is not None else 0.0
    return {
        "officials": int(points.any()),
        "official_points": points,
        "gamers": round(256 * gaming * float(b.gaming_share)),
        "game_profile": round(255 * float(b.gaming_profile)),
        "game_ties": round(65535 * float(b.gaming_ties)),
        "game_cost": round(256 * float(b.gaming_cost)),
        "report": threshold32(reports * float(b.report_rate)),
    }


def voice_fields(regime: Regime, reference: int, strengths: dict[str, float]) -> dict:
    """Return what voices are worth to the operator.

    Parameters
    ----------
    reference : int
        Of one's own voice, 0..65535: what silence is worth.

    Notes
    -----
    Reward for praise and cost of criticism are switches of their own: either can be off in a
    regime, or be given a strength in a scenario.
    """
    operator = regime.operator
    praise = strengths.get("praise-reward", 1.0)
    criticism = strengths.get("criticism-cost", 1.0)
    if operator is not None:
        praise *= bool(operator.praise_counts.value)
        criticism *= bool(operator.criticism_counts.value)
    return {
        "own_voice": np.array(
            [
                reference,
                reference - round(criticism * reference),
                reference + round(praise * (65535 - reference)),
            ],
            dtype=np.int64,
        ),
        "ties_voice": np.array([round(32767 * criticism), round(32767 * praise)], dtype=np.int64),
    }
