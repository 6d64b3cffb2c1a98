"""Private operators, the mandate, who can see a score, and perks, on whole worlds."""

from __future__ import annotations

import functools
from types import SimpleNamespace

import numpy as np
import pytest
from month_worlds import START, society_of, workers_of

from glasscity.behaviour import load_behaviour
from glasscity.draws import MONTH_ZERO
from glasscity.engine.calendar import gate_rules, make_calendar
from glasscity.engine.compile import compile_offices, compile_tables, voluntary
from glasscity.engine.start import first_state
from glasscity.engine.world import World
from glasscity.month import tables as at
from glasscity.month.ledger import ROWS
from glasscity.regime import load_regime
from glasscity.terms import GATES, SPHERES

CITIZENS = 3_000
REGIME = load_regime("citizen-score-2020")
BEHAVIOUR = load_behaviour()
MANDATE = 67
JOINED = 40  # months of opting in are enough for most


def world_of(regime=REGIME, **strengths) -> World:
    society = society_of("plainland", CITIZENS, 5)
    given = {"seed": 5, "strengths": strengths}
    world = World(
        society,
        tables=compile_tables(society.country, BEHAVIOUR, regime, **given),
        before=compile_tables(society.country, BEHAVIOUR, voluntary(regime), **given),
        offices=compile_offices(society.country, BEHAVIOUR, regime, **given),
        calendar=make_calendar(regime, BEHAVIOUR, start=START),
        gates=gate_rules(regime),
        state=first_state(society, BEHAVIOUR),
        workers=workers_of(len(society.cells)),
    )
    world.clear()
    return world


def lived(world: World, first: int, months: int, watch=None) -> SimpleNamespace:
    """Step months of a world; return counts by row, deciles, and what ``watch`` saw each month."""
    counts, deciles, seen = np.zeros(len(ROWS), np.int64), np.zeros((10, at.DECILE_COUNTS)), []
    for month in range(first, first + months):
        result = world.step(month, key=MONTH_ZERO + month)
        counts += result.counts.sum(axis=(0, 2))
        deciles += result.deciles
        world.clear()
        if watch is not None:
            seen.append(watch(world))
    return SimpleNamespace(counts=counts, deciles=deciles, seen=seen)


def count(found, measure: str, **labels: str) -> int:
    return int(
        sum(
            found.counts[code]
            for code, row in enumerate(ROWS)
            if row.measure == measure and all(getattr(row, k) == v for k, v in labels.items())
        )
    )


@functools.cache
def before_and_after():
    """Private and public scores, month by month, six months either side of the mandate."""
    world = world_of()
    lived(world, 7, JOINED)
    copy = lambda w: (w.state.record.private.copy(), w.state.face.now & 2047)  # noqa: E731
    return world, lived(world, MANDATE - 6, 12, copy).seen


def test_until_the_mandate_the_score_is_the_first_operators():
    _, seen = before_and_after()
    for private, public in seen[:6]:
        # 1 is somebody who has joined and is scored from next month on.
        assert np.array_equal(private[:, 0], np.where(public > 1, public, 0))
    private, public = seen[-1]
    users = private[:, 0] > 0
    assert users.any()
    assert not np.array_equal(private[users, 0], public[users])


def test_the_mandate_fuses_what_the_operators_hold_with_the_states_records():
    society = society_of("plainland", CITIZENS, 5)
    history = lambda t: [bool(x) for x in t[at.HISTORY : at.HISTORY + 4]]  # noqa: E731
    parts = lambda t: [bool(x) for x in t[at.RELATION : at.RELATION + 3]]  # noqa: E731
    fused = compile_tables(society.country, BEHAVIOUR, REGIME, seed=5)
    first = compile_tables(society.country, BEHAVIOUR, voluntary(REGIME), seed=5)
    assert history(fused) == [True] * 4
    assert history(first) == [s in ("government", "commerce") for s in SPHERES]
    assert parts(fused) == [True] * 3
    assert parts(first) == [True, False, False]


def test_the_second_operator_scores_a_share_of_its_apps_users_at_its_own_rhythm():
    world, seen = before_and_after()
    second = np.array([private[:, 1] for private, _ in seen])
    users = world.society.traits.misc & 2 > 0
    scored = second[-1] > 0
    assert not scored[~users].any()
    # 15 of 256 of the users, by identifier: five standard deviations.
    share = 15 / 256
    assert abs(scored[users].mean() - share) < 5 * (share / users.sum()) ** 0.5
    changes = (second[1:, scored] != second[:-1, scored]).sum(axis=0)
    # Eleven steps, and a new score every third month at most.
    assert changes.max() <= 4
    assert changes.max() >= 3
    low, high = REGIME.operators[1].range.numbers
    assert second[-1][scored].min() >= low
    assert second[-1][scored].max() <= high


def test_where_scores_are_private_no_gate_looks_at_them():
    private = REGIME.model_copy(
        update={"visibility": REGIME.visibility.model_copy(update={"value": "private"})}
    )
    world = world_of(private)
    lived(world, 7, JOINED)
    found = lived(world, MANDATE, 3)
    assert world.score_gates.sum() == 0
    assert count(found, "restricted") == count(found, "restricted_by_list") > 0
    # Others see a score where its holder displays it, and only then.
    assert count(found, "ties_dropped") < 5
    public = world_of()
    lived(public, 7, JOINED)
    found = lived(public, MANDATE, 3)
    assert count(found, "restricted") > count(found, "restricted_by_list")
    assert count(found, "ties_dropped") > 50


@functools.cache
def joining(strength: float):
    world = world_of(perks=strength)
    found = lived(world, 7, 24)
    return world, found


def test_perks_bring_people_in_and_go_to_the_upper_scores():
    (_, with_perks), (_, without) = joining(1.0), joining(0.0)
    assert count(with_perks, "joined") > 1.05 * count(without, "joined")
    holders = with_perks.deciles[:, at.D_PERKS]
    assert holders.sum() == count(with_perks, "perk_holders") > 0
    assert holders[-1] > 0
    assert holders[0] == 0
    assert count(without, "perk_holders") == count(without, "perks_used") == 0


def test_a_perk_leaves_its_gain_with_its_holder_at_each_grant():
    _, found = joining(1.0)
    gains = {}
    for perk in REGIME.perks:
        if perk.gate is not None and perk.gain is not None:
            gains.setdefault(perk.gate, []).append(round(256 * float(perk.gain)))
    low = sum(count(found, "perks_used", gate=g) * min(v) for g, v in gains.items())
    high = sum(count(found, "perks_used", gate=g) * max(v) for g, v in gains.items())
    assert 0 < low <= count(found, "perk_gain_sum") <= high
    assert count(found, "perks_used") == sum(count(found, "perks_used", gate=g) for g in gains)
    assert set(gains) < set(GATES)


def test_the_points_of_a_perk_follow_the_national_percentile():
    world, _ = joining(1.0)
    scores = (world.state.face.now & 2047).astype(int)
    scored = scores[scores > 1]
    for place, perk in enumerate(REGIME.perks):
        points = world.tables[at.PERK_POINTS + place]
        below = (scored < points).mean()
        assert below == pytest.approx(float(perk.percentile) / 100, abs=0.06), perk.name
