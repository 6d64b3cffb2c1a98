"""When what of a regime is in force, and how its gates look at a score."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from glasscity.behaviour import Behaviour
from glasscity.month import tables as at
from glasscity.regime import Regime
from glasscity.terms import GATES

__all__ = ["Calendar", "GateRules", "gate_rules", "make_calendar"]


@dataclass(frozen=True)
class GateRules:
    """How each gate looks at a score.

    ``kind``: 0 not at all, 1 a threshold, 2 a rank.  ``percentile`` fixes a threshold's points in
    the first month of penalties, or is the rank below which a rank gate is closed; ``points``
    replaces it where the source gives points (else -1).  ``perk_percentiles``: what stands for the
    points of each perk, None where the points themselves do.
    """

    kind: np.ndarray
    percentile: np.ndarray
    points: np.ndarray
    bar_percentile: float
    perk_percentiles: tuple[float | None, ...] = ()


@dataclass(frozen=True)
class Calendar:
    """When what is in force, in months of the run (month 0 is its first); None is never."""

    lists: int | None
    everywhere: int | None
    announced: int | None
    opt_in: int | None
    mandate: int | None
    penalties: int | None
    salience: float
    forget: float
    operator: bool

    def now(self, month: int, *, key: int) -> np.ndarray:
        """Return the vector ``now`` of a month of the run, national figures left at 0."""
        vector = np.zeros(at.NOW_SIZE, dtype=np.int64)
        vector[at.NOW_KEY] = key
        vector[at.NOW_RUN_MONTH] = month
        started = lambda since: since is not None and month >= max(0, since)  # noqa: E731
        mandate = started(self.mandate)
        vector[at.NOW_LISTS_ON] = started(self.lists)
        vector[at.NOW_LISTED_MONTHS] = month - max(0, self.lists or 0)
        vector[at.NOW_EVERYWHERE] = started(self.everywhere)
        vector[at.NOW_PENALTIES] = started(self.penalties)
        vector[at.NOW_MANDATE] = mandate
        vector[at.NOW_OPT_IN] = started(self.opt_in) and not mandate
        vector[at.NOW_OPERATOR] = self.operator and month >= 0
        if started(self.announced) and self.announced is not None:
            since = month - max(0, self.announced)
            vector[at.NOW_SALIENCE] = round(256 * self.salience * (1 - self.forget) ** since)
        return vector


def gate_rules(regime: Regime) -> GateRules:
    """Return how each gate looks at a score under a regime."""
    kind = np.zeros(len(GATES), dtype=np.int64)
    percentile = np.zeros(len(GATES))
    points = np.full(len(GATES), -1, dtype=np.int64)
    for g, name in enumerate(GATES):
        if regime.visibility.value == "private":
            # Nobody but the operator and the citizen sees a score: no provider can look at it.
            continue
        rule = regime.gate_rule(name)
        kind[g] = ("none", "threshold", "rank").index(rule.rule)
        if rule.percentile is not None:
            percentile[g] = float(rule.percentile)
        if rule.threshold is not None:
            points[g] = int(rule.threshold)
    bar = float(regime.operator.bar_percentile) if regime.operator else 10.0
    perks = tuple(None if p.percentile is None else float(p.percentile) for p in regime.perks[:8])
    return GateRules(
        kind=kind,
        percentile=percentile,
        points=points,
        bar_percentile=bar,
        perk_percentiles=perks,
    )


def make_calendar(
    regime: Regime, behaviour: Behaviour, *, start: str, strengths: dict[str, float] | None = None
) -> Calendar:
    """Return the calendar of a regime for a run that starts in the month ``YYYY-MM``."""

    def months(quantity) -> int | None:
        if quantity is None or quantity.value == "none":
            return None
        year, month = str(quantity.value).split("-")
        first_year, first_month = start.split("-")
        return (int(year) - int(first_year)) * 12 + int(month) - int(first_month)

    rollout = regime.rollout
    punished = regime.joint_punishment
    return Calendar(
        lists=min((months(entry.from_month) or 0 for entry in regime.lists), default=None),
        everywhere=months(punished.from_month)
        if punished is not None and bool(punished.everywhere.value)
        else None,
        announced=months(rollout.announced) if rollout else None,
        opt_in=months(rollout.opt_in_from) if rollout else None,
        mandate=months(rollout.mandate) if rollout else None,
        penalties=months(rollout.penalties_from) if rollout else None,
        salience=float(behaviour.salience),
        forget=float(behaviour.fear_learning),
        operator=regime.operator is not None,
    )
