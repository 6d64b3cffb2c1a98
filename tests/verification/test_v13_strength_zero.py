"""V13. A mechanism at strength zero.

What: at strength zero every mechanism leaves the world without it, bit for bit: for misses,
mix-ups, false alarms, visibility, rewards for praise, costs of criticism, perks and dating the
tables are those of a regime whose sources never miss, mix up or accuse falsely, whose scores are
not public, whose operator counts no praise or no criticism, that gives no perks, or whose site
looks at no score; for joint punishment, friends and speech the
runs are those of a regime whose lists close their own sphere's gates alone, and of a scale in which
the ties' scores, or the voices, have no weight and their reference is a constant. As strength falls
to zero (1, 1/10, 1/100) the mechanism's own measure falls to that world's, each step by a factor of
3 at least and to at most a twentieth. 6,000 citizens of plainland, 16 months, rare things ten times
as frequent.
Power: exact at zero: one bit of one citizen in one month. On the way: an effect that does not fade,
if it is at least a twentieth of the whole.
Wrong kernels: a strength of 1/100 taken for zero; a strength that only halves what it should scale.
"""

from __future__ import annotations

import functools
from dataclasses import replace

import numpy as np
import pytest
from alarm import must_alarm, require
from findings import BOOK
from rig import LEFT, SEED, get, hurried, lively, put, society, step, world

from glasscity.behaviour import load_behaviour
from glasscity.engine.calendar import make_calendar
from glasscity.engine.compile import compile_tables
from glasscity.month import tables as at
from glasscity.month.ledger import first_row
from glasscity.regime import load_regime
from glasscity.scenario import MECHANISMS
from glasscity.terms import GATES

CITIZENS = 6_000
MONTHS = 16
REGIME = load_regime("citizen-score-2020")
BEHAVIOUR = load_behaviour()


def with_value(model, **values):
    """Return a catalogue entry with some quantities' values replaced."""
    return model.model_copy(
        update={
            name: getattr(model, name).model_copy(update={"value": value})
            for name, value in values.items()
        }
    )


def sources_with(**values):
    sources = tuple(with_value(source, **values) for source in REGIME.record_sources)
    return REGIME.model_copy(update={"record_sources": sources})


def operator_with(**values):
    return REGIME.model_copy(update={"operator": with_value(REGIME.operator, **values)})


def own_sphere_only():
    """Return the regime with lists that close every gate of their own sphere and no other."""
    where = society(citizens=CITIZENS).country
    matrix = {
        entry.name: tuple(g.name for g in where.gates if g.sphere == entry.sphere)
        for entry in REGIME.lists
    }
    punished = with_value(REGIME.joint_punishment, everywhere=False)
    return REGIME.model_copy(
        update={"joint_punishment": punished.model_copy(update={"matrix": matrix})}
    )


def compiled(regime=REGIME, behaviour=BEHAVIOUR, **strengths) -> np.ndarray:
    names = {name.replace("_", "-"): x for name, x in strengths.items()}
    where = society(citizens=CITIZENS).country
    return compile_tables(where, behaviour, regime, seed=SEED, strengths=names)


def weightless(tables: np.ndarray, *parts: int) -> np.ndarray:
    """Return tables in which some parts of relationships have no weight and a constant instead.

    The constant, the points of their references, goes to the personal characteristics, which are
    put in points first.
    """
    relation, reference = get(tables, "relation").copy(), get(tables, "reference").copy()
    constant = sum(int(relation[p]) * int(reference[4 + p]) // 65535 for p in parts)
    weights, personal = get(tables, "weights").copy(), get(tables, "personal")
    reference[2] = int(weights[2]) * int(reference[2]) // 65535 + constant
    personal = weights[2] * personal // 65535 + constant
    weights[2] = 65535
    relation[list(parts)] = 0
    return put(tables, relation=relation, reference=reference, weights=weights, personal=personal)


def without(mechanism: str) -> tuple[np.ndarray, object]:
    """Return the tables and the regime of the world that lacks a mechanism."""
    where = {
        "misses": lambda: sources_with(miss=0),
        "mixups": lambda: sources_with(mix_up=0),
        "false-alarms": lambda: sources_with(false_alarm=0),
        "visibility": lambda: with_value(REGIME, visibility="institutions"),
        "joint-punishment": own_sphere_only,
        "praise-reward": lambda: operator_with(praise_counts=False),
        "criticism-cost": lambda: operator_with(criticism_counts=False),
        "perks": lambda: REGIME.model_copy(update={"perks": ()}),
        "dating": lambda: REGIME.model_copy(update={"exposure": None}),
    }
    if mechanism in where:
        regime = where[mechanism]()
        return compiled(regime), regime
    if mechanism == "friends":
        return weightless(compiled(behaviour=with_value(BEHAVIOUR, tie_drop=0)), 0), REGIME
    return weightless(compiled(behaviour=with_value(BEHAVIOUR, reward=0)), 1, 2), REGIME


def run(tables: np.ndarray, regime=REGIME, months: int = MONTHS):
    calendar = hurried(make_calendar(regime, BEHAVIOUR, start="2014-06"))
    if calendar.everywhere is not None and not regime.joint_punishment.everywhere.value:
        calendar = replace(calendar, everywhere=None)
    one = world(society(citizens=CITIZENS), tables=lively(tables), calendar=calendar)
    return one.state, [step(one, month) for month in range(months)]


def check_same(first, second) -> None:
    (state, left), (other, right) = first, second
    for month, (a, b) in enumerate(zip(left, right, strict=True)):
        for name in LEFT:
            if name != "log":
                same = np.array_equal(getattr(a, name), getattr(b, name))
                require(same, f"month {month}: {name} differ")
    BOOK.counted("citizens in a month", len(left) * state.citizens)
    columns = other.columns()
    for name, column in state.columns().items():
        require(np.array_equal(column, columns[name]), f"{name} differ at the end")


IN_THE_TABLES = (
    "misses",
    "mixups",
    "false-alarms",
    "visibility",
    "praise-reward",
    "criticism-cost",
    "perks",
    "dating",
)
IN_THE_RUN = ("friends", "speech", "joint-punishment")


def test_every_mechanism_is_one_of_the_two_kinds():
    assert {*IN_THE_TABLES, *IN_THE_RUN} == set(MECHANISMS)


@pytest.mark.parametrize("mechanism", IN_THE_TABLES)
def test_at_zero_the_tables_are_those_of_the_regime_without(mechanism):
    at_zero = compiled(**{mechanism.replace("-", "_"): 0.0})
    assert np.array_equal(at_zero, without(mechanism)[0])
    assert not np.array_equal(at_zero, compiled())


@pytest.mark.parametrize("mechanism", IN_THE_RUN)
def test_at_zero_the_run_is_that_of_the_regime_without(mechanism):
    at_zero = compiled(**{mechanism.replace("-", "_"): 0.0})
    check_same(run(at_zero), run(*without(mechanism)))


@pytest.mark.verify
@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_every_mechanism_at_zero_runs_as_the_world_without(mechanism):
    at_zero = compiled(**{mechanism.replace("-", "_"): 0.0})
    check_same(run(at_zero, months=60), run(*without(mechanism), months=60))


def scores(found) -> np.ndarray:
    return (found[0].face.now & 2047).astype(float)


def summed(measure: str, rows: int = 11):
    """Return a measure: a row's total over the run, in absolute difference row by row."""
    first = first_row(measure)

    def value(found) -> np.ndarray:
        return sum(d.counts[:, first : first + rows].sum(axis=(0, 2)) for d in found[1])

    return value


def shown_by_decile(found) -> np.ndarray:
    return sum(d.deciles[:, at.D_SHOWN] for d in found[1])


# What each mechanism moves first.
MEASURES = {
    "friends": scores,
    "speech": scores,
    "misses": summed("recorded"),
    "mixups": summed("mix_ups"),
    "false-alarms": summed("false_alarms"),
    "joint-punishment": summed("closed", len(GATES)),
    "visibility": summed("ties_dropped", 1),
    "praise-reward": scores,
    "criticism-cost": scores,
    "perks": summed("perk_gain_sum", 1),
    "dating": shown_by_decile,
}


@functools.cache
def distance(mechanism: str, strength: float, measure) -> float:
    """Return how far a measure is from that of the world without the mechanism."""
    name = mechanism.replace("-", "_")
    with_it, none = (measure(run(compiled(**{name: x}))) for x in (strength, 0.0))
    return float(np.abs(with_it.astype(float) - none).sum())


def check_fading(distances: list[float]) -> None:
    whole, tenth, hundredth = distances
    require(whole > 0, "the measure does not see the mechanism at all")
    require(tenth <= whole / 3, f"a tenth of the strength leaves {tenth / whole:.2f} of the effect")
    require(
        hundredth <= max(tenth / 3, whole / 50) and hundredth <= whole / 20,
        f"a hundredth of the strength leaves {hundredth / whole:.3f} of the effect",
    )


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_a_mechanism_fades_with_its_strength(mechanism):
    check_fading([distance(mechanism, x, MEASURES[mechanism]) for x in (1.0, 0.1, 0.01)])


def test_ties_dropped_over_scores_fade_with_the_friends_weight():
    measure = MEASURES["visibility"]
    check_fading([distance("friends", x, measure) for x in (1.0, 0.1, 0.01)])


def test_the_check_sees_wrong_kernels():
    must_alarm(lambda: check_same(run(compiled(speech=0.01)), run(*without("speech"))))
    must_alarm(lambda: check_same(run(compiled(friends=0.01)), run(*without("friends"))))
    halved = [distance("speech", (1 + x) / 2, scores) for x in (1.0, 0.1, 0.01)]
    must_alarm(lambda: check_fading(halved))
