"""Watching citizens: each one's own counts, put together, are the counts of the society."""

from __future__ import annotations

import numpy as np
import pytest

from glasscity.draws import MONTH_ZERO
from glasscity.engine.calendar import gate_rules, make_calendar
from glasscity.engine.compile import compile_offices, compile_tables, voluntary
from glasscity.engine.life import Watch
from glasscity.engine.start import first_state
from glasscity.engine.world import Workers, World
from glasscity.month.ledger import ROWS
from glasscity.scenario import Scenario
from glasscity.society import build_society

CITIZENS, MONTHS = 200, 16
# Rows that count people together.
TOGETHER = {"touched", "touched_unscored", "household_loss_sum", "singles", "searching", "coupled"}


@pytest.fixture(scope="module")
def seen():
    """Run a few months with everybody watched; return the cube's counts, the lives, the state."""
    scenario = Scenario(
        "citizen-score-2020", country="plainland", citizens=CITIZENS, months=MONTHS, seed=5,
        start="2019-04",
    )  # fmt: skip
    society = build_society(scenario.country, CITIZENS, scenario.seed)
    workers = Workers(2, len(society.cells))
    country, behaviour, regime = scenario.country, scenario.behaviour, scenario.regime
    world = World(
        society,
        tables=compile_tables(country, behaviour, regime, seed=5),
        before=compile_tables(country, behaviour, voluntary(regime), seed=5),
        offices=compile_offices(country, behaviour, regime, seed=5),
        calendar=make_calendar(regime, behaviour, start=scenario.start),
        gates=gate_rules(regime),
        state=first_state(society, behaviour),
        workers=workers,
        attributes=3,
    )
    world.state.truth.liquidity[::3] = -500
    world.watch = Watch(world, range(CITIZENS))
    counts = []
    for month in range(MONTHS):
        result = world.step(month, key=MONTH_ZERO + month)
        counts.append(result.counts.sum(axis=(0, 2)))
        world.clear()
    workers.close()
    return np.array(counts), world.watch.lives


def test_everybodys_own_counts_add_up_to_the_cube(seen):
    counts, lives = seen
    own = np.zeros_like(counts)
    places: dict[tuple[str, str], int] = {}
    for code, row in enumerate(ROWS):
        places.setdefault((row.measure, row.event or row.gate or row.list or row.cause), code)
    for life in lives:
        for month, note in enumerate(life["months"]):
            for measure, label, count in note["ledger"]:
                own[month, places[measure, label]] += count
    compared = np.array(
        [r.measure not in TOGETHER and not r.measure.startswith("denials_") for r in ROWS]
    )
    different = np.flatnonzero((own != counts).any(axis=0) & compared)
    assert [ROWS[code].measure for code in different] == []
    assert (own.sum(axis=0) > 0).sum() > 60


def test_every_month_has_a_note_of_everybody(seen):
    _, lives = seen
    assert [life["citizen"] for life in lives] == list(range(CITIZENS))
    for life in lives:
        assert [note["month"] for note in life["months"]] == list(range(MONTHS))


def test_refusals_are_attributed_for_everybody_who_is_watched(seen):
    _, lives = seen
    logged = {
        life["citizen"]
        for life in lives
        for note in life["months"]
        if any(row["kind"] == "denial" for row in note["log"])
    }
    # The world itself attributes those of one citizen in three.
    assert {citizen % 3 for citizen in logged} == {0, 1, 2}


def test_what_the_spheres_take_adds_up_to_what_the_history_lacks(seen):
    _, lives = seen
    full = max(note["parts"].get("credit_history", 0) for life in lives for note in life["months"])
    lowered = 0
    for life in lives:
        for note in life["months"]:
            if note["parts"]:
                lost = sum(note["history"].values())
                assert note["parts"]["credit_history"] == full - lost
                lowered += lost > 0
    assert lowered > 50


def test_a_world_that_does_otherwise_than_was_watched_is_noticed(seen):
    scenario = Scenario("unscored", country="plainland", citizens=100, months=1, seed=5)
    society = build_society(scenario.country, 100, 5)
    workers = Workers(1, len(society.cells))
    world = World(
        society,
        tables=compile_tables(scenario.country, scenario.behaviour, scenario.regime, seed=5),
        calendar=make_calendar(scenario.regime, scenario.behaviour, start=scenario.start),
        gates=gate_rules(scenario.regime),
        state=first_state(society, scenario.behaviour),
        workers=workers,
    )

    class Meddles(Watch):
        def before(self, world, now):
            super().before(world, now)
            world.state.truth.liquidity[7] += 1

    world.watch = Meddles(world, [7])
    with pytest.raises(RuntimeError, match=r"citizen 7, month 0: 'truth\.liquidity'"):
        world.step(0, key=MONTH_ZERO)
    workers.close()
