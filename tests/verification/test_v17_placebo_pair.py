"""V17. A placebo pair.

What: two worlds differ in one citizen's one event, a wilful debt planted a month sooner or later.
Before that month nothing differs; in it only the citizen and the household do; after k more months
only people within k steps of ties, households and namesakes do. Every column of the state and every
row of the registers, 20,000 citizens, ties looked up one by one for the reachable set. A score set
against the nation's spread, and gates that close by rank or by a percentile still to be fixed, make
everybody reachable through the national figures within a month; so ties' scores count by their mean
here and all thresholds are given in points; that the national channel is there otherwise is shown
too. Friends and records weigh more than shipped, or hardly anybody would notice an event.
Power: exact: one bit of one unreachable citizen. The reachable are 3, 42, 552 and 5,404 of 20,000
(counted), so a leak to a citizen at random is seen with chance 0.97 in the third month.
The public interventions (glasscity.interventions) are held to the same, 6,000 citizens.
Wrong kernels: luck from a stream that all share; a leak to one stranger; the standardised
statistic.
"""

from __future__ import annotations

import functools
from dataclasses import replace

import numpy as np
import pytest
from alarm import must_alarm, require
from findings import BOOK
from rig import acquaintances, lively, put, shipped, society, step, world

from glasscity.branching.altered import AlteredWorld
from glasscity.engine.calendar import gate_rules
from glasscity.engine.world import World
from glasscity.interventions import Intervention
from glasscity.regime import load_regime

CITIZENS = 20_000
EVENT = 10  # everything is in force from month 8 on
AFTER = 4


def fixed_gates():
    """Return the shipped gates, every rule a threshold of points."""
    rules = gate_rules(load_regime("citizen-score-2020"))
    kind = np.minimum(rules.kind, 1)
    return replace(rules, kind=kind, points=np.where(kind == 1, 640 + rules.percentile, -1))


def plant(state, citizen: int) -> None:
    """Let a citizen owe half a year of fees and withhold them."""
    state.truth.owed_fee[citizen] = 6
    state.truth.spell[citizen] = (int(state.truth.spell[citizen]) & 64) | 2 | 32
    state.truth.liquidity[citizen] = 2560


def course(kind, tables, planted: int, citizen: int, months: int, where):
    """Return the states at the end of each month and the logs."""
    one = world(where, tables=tables, gates=fixed_gates(), kind=kind)
    states, logs = [], []
    for month in range(months):
        if month == planted:
            plant(one.state, citizen)
        done = step(one, month)
        states.append(one.state.copy())
        logs.append(done.log)
    return states, logs


def differing(one, other) -> np.ndarray:
    """Return who differs in any column."""
    differs = np.zeros(one.citizens, dtype=bool)
    columns = other.columns()
    for name, column in one.columns().items():
        if len(column) == 0:
            continue  # of a points scheme, which this is not
        unlike = column != columns[name]
        differs |= unlike.any(axis=1) if unlike.ndim == 2 else unlike
    return differs


def rows(log: np.ndarray) -> set[tuple[int, ...]]:
    return {tuple(row) for row in log.tolist()}


@functools.cache
def reachable(where, citizen: int, months: int) -> list[np.ndarray]:
    """Return who can be reached by the end of the event's month and of each after it."""
    ends = acquaintances(where)
    home = np.arange(where.citizens) - (where.traits.home & 7)
    reached = [home == home[citizen]]
    for _ in range(months):
        # Whoever has somebody reached among those they hear of or live with.
        heard = (reached[-1][np.where(ends >= 0, ends, 0)] & (ends >= 0)).any(axis=1)
        reached.append(reached[-1] | heard)
    return reached


def check(kind=World, citizens: int = CITIZENS, statistic: int = 0) -> list[int]:
    """Raise an alarm if anybody else changes; return how many changed month by month."""
    where = society(citizens=citizens)
    citizen = citizens // 3
    # Friends count for half and records for this month above all, so that an event travels far.
    tables = put(
        lively(shipped()),
        statistic=statistic,
        weights=[256 * 250, 0, 0, 256 * 50, 0],
        relation=[256 * 200, 256 * 50, 256 * 50],
        memory=32768,
        # Standing is by the nation's mean and spread, so where scores have weight everybody in a
        # meeting cell is reached through it; singles are reached through who is shown to whom.
        prominence=256,
    )
    months = EVENT + AFTER
    soon, soon_logs = course(kind, tables, EVENT, citizen, months, where)
    late, late_logs = course(kind, tables, EVENT + 1, citizen, months, where)
    changed = []
    for month in range(months):
        differs = differing(soon[month], late[month])
        BOOK.counted("citizens in a month", len(differs))
        people = {row[1] for row in rows(soon_logs[month]) ^ rows(late_logs[month])}
        differs[list(people)] = True
        if month < EVENT:
            require(not differs.any(), f"month {month}: {differs.sum()} differ before the event")
            continue
        allowed = reachable(where, citizen, AFTER)[month - EVENT]
        strangers = differs & ~allowed
        require(
            not strangers.any(), f"month {month}: {strangers.sum()} differ who cannot be reached"
        )
        changed.append(int(differs.sum()))
    return changed


def test_only_the_reachable_change_and_nothing_before_the_event():
    changed = check()
    reach = [int(r.sum()) for r in reachable(society(citizens=CITIZENS), CITIZENS // 3, AFTER)]
    assert changed[0] >= 1
    assert max(changed) > 5, "the event moved nobody else: the check is empty"
    assert reach[2] < 0.03 * CITIZENS  # a leak to somebody at random is seen with chance 0.97
    assert reach[1] > 5


@pytest.mark.verify
@pytest.mark.parametrize("citizens", [9_000, 50_000, 100_000])
def test_it_is_so_in_other_societies(citizens):
    check(citizens=citizens)


@pytest.mark.parametrize("kind", ["placebo", "spoke", "other_friends", "paid_late"])
def test_what_an_intervention_changes_comes_from_the_citizen_it_falls_on(kind):
    """The public interventions, too: nothing before their month, the reachable alone after it."""
    where = society(citizens=6_000)
    tables = put(
        lively(shipped()),
        statistic=0,
        weights=[256 * 250, 0, 0, 256 * 50, 0],
        relation=[256 * 200, 256 * 50, 256 * 50],
        memory=32768,
        prominence=256,
    )
    # A perk whose points stand for a percentile is a national figure, too.
    gates = replace(fixed_gates(), perk_percentiles=())
    base, plain = (world(where, tables=tables, gates=gates) for _ in range(2))
    other = AlteredWorld.of(plain, [Intervention(2_000, EVENT, kind)])
    changed = []
    for month in range(EVENT + AFTER):
        logs = [rows(step(one, month).log) for one in (base, other)]
        differs = differing(base.state, other.state)
        differs[[row[1] for row in logs[0] ^ logs[1]]] = True
        if month < EVENT:
            require(not differs.any(), f"{kind}, month {month}: {differs.sum()} before the event")
            continue
        allowed = reachable(where, other.applied[0].citizen, AFTER)[month - EVENT]
        strangers = (differs & ~allowed).sum()
        require(strangers == 0, f"{kind}, month {month}: {strangers} differ who cannot be reached")
        changed.append(int(differs.sum()))
    assert changed[0] >= 1, "the intervention changed nothing: the check is empty"
    assert reachable(where, other.applied[0].citizen, AFTER)[2].mean() < 0.2


class SharedLuck(World):
    """Takes its luck from one stream that everybody's events use up."""

    spent = 0

    def step(self, month, *, key):
        done = super().step(month, key=key + (self.spent << 12))
        self.spent = int((self.state.truth.owed_fee > 0).sum()) % 1000
        return done


class Leak(World):
    """Lets one stranger's savings hang on the score of the citizen of the event."""

    def step(self, month, *, key):
        done = super().step(month, key=key)
        n = self.society.citizens
        self.state.truth.liquidity[n - 1] = int(self.state.face.now[n // 3]) & 2047
        return done


def test_the_check_sees_wrong_kernels():
    for kind in (SharedLuck, Leak):
        must_alarm(lambda kind=kind: check(kind))


def test_the_check_sees_the_national_channel():
    must_alarm(lambda: check(citizens=600, statistic=1))
