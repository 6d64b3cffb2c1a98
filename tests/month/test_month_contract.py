"""The contract of the stages: each writes what it declares, and reads nothing else.

A stage is run twice from the same state, the second time with some columns scrambled.  Columns that
it does not declare move nothing; what it reads for the audit moves no fate; and the regime's stages
read no truth, no belief and no audit.
"""

from __future__ import annotations

import copy
import functools

import numpy as np
import pytest
from month_stages import STAGES, Bench, modules_with_reads
from month_worlds import ACCOUNT, BUSY, FRIENDS, GUARDED, MEDDLED, SCHEME, Case

from glasscity.draws import MONTH_ZERO
from glasscity.month import tables as at
from glasscity.society.state import COLUMNS
from reference.tally import ENTRY, log_rows

CASES = (
    Case("busy", citizens=700, seed=31, tables=BUSY, stirred=True),
    Case("friends", "china-2020", 500, 32, tables=FRIENDS, stirred=True),
    Case(
        "guarded",
        citizens=500,
        seed=33,
        tables=BUSY | GUARDED | MEDDLED,
        stirred=True,
        everywhere=40,
        operators=True,
    ),
    Case(
        "account",
        citizens=500,
        seed=35,
        regime=SCHEME,
        tables=ACCOUNT | GUARDED | MEDDLED,
        stirred=True,
        everywhere=40,
    ),
    Case(
        "voluntary",
        citizens=400,
        seed=34,
        month=30,
        tables=BUSY | MEDDLED,
        stirred=True,
        operators=True,
    ),
)
# What the shadow of the world without fear hands from one stage to the next.
SHADOW_ROWS = (at.S_SHADOW_CRITICS, at.S_SHADOW_PRAISERS)
RANGES = {f"{c.group}.{c.name}": (c.low, c.high) for c in COLUMNS} | {
    "scratch.glimpse": (0, 255),
    "scratch.filed": (0, 255),
}
REGIMES_STAGES = ("score", "operate", "restrict", "decide")
APART = ("truth", "belief", "audit")


def declared(stage):
    """Return (reads, writes, reads for the audit) of a stage."""
    module = modules_with_reads()[stage]
    return set(module.READS), set(module.WRITES), set(getattr(module, "READS_FOR_AUDIT", ()))


@functools.cache
def walked(place):
    """Return a case's bench as it is before each stage of the month, by stage."""
    return Bench(CASES[place]).before_each()


def prepared(place, stage):
    return walked(place)[stage]


@functools.cache
def plain_outcome(place, stage):
    """Return what a stage does with nothing scrambled; nobody changes it."""
    return Outcome(prepared(place, stage), stage)


def scramble(state, names, seed):
    """Fill columns with random values of their range."""
    rng = np.random.default_rng(seed)
    for name in sorted(names):
        column = state.columns()[name]
        low, high = RANGES[name]
        column[...] = rng.integers(low, high + 1, column.shape)


class Outcome:
    """A stage run once, from a copy of a prepared bench's state."""

    def __init__(self, bench, stage, scrambled=(), seed=0):
        bench = copy.copy(bench)
        bench.state = bench.state.copy()
        bench.scratch = bench.scratch.copy()
        bench.forget()
        scramble(bench.state, scrambled, seed)
        self.before = {name: c.copy() for name, c in bench.state.columns().items()}
        bench.run(stage)
        self.after = bench.state.columns()
        self.scratch, self.histogram, self.moments = bench.scratch, bench.histogram, bench.moments
        self.deciles, self.couples = bench.deciles, bench.couples
        self.counts, self.log = bench.counts, log_rows(bench.log)

    def changed(self):
        """The columns that the stage changed."""
        return {name for name, c in self.after.items() if not np.array_equal(c, self.before[name])}


def moved(one, other, names):
    """The columns that came out differently where either run wrote something new."""
    found = set()
    for name in names:
        wrote = one.before[name] != one.after[name]
        wrote |= other.before[name] != other.after[name]
        if (one.after[name][wrote] != other.after[name][wrote]).any():
            found.add(name)
    return found


def fates_moved(one, other, writes):
    """What of the fates differs: columns but the audit's, scratch, histogram, moments."""
    found = moved(one, other, {name for name in writes if not name.startswith("audit.")})
    ours, theirs = (np.delete(x.scratch, SHADOW_ROWS, axis=0) for x in (one, other))
    if not np.array_equal(ours, theirs):
        found.add("scratch")
    for part in ("histogram", "moments"):
        if not np.array_equal(getattr(one, part), getattr(other, part)):
            found.add(part)
    return found


def without_causes(log):
    """The log with the causes of entries left out; denials and spells are the audit's."""
    return sorted(row[:3] if row[0] == ENTRY else row for row in log)


@pytest.fixture(
    params=[(p, s) for p in range(len(CASES)) for s in STAGES],
    ids=lambda v: f"{CASES[v[0]].name}-{v[1]}",
)
def at_stage(request):
    place, stage = request.param
    return prepared(place, stage), stage, plain_outcome(place, stage), declared(stage)


def test_declarations_name_columns(at_stage):
    _, _, _, (reads, writes, for_audit) = at_stage
    assert reads | writes | for_audit <= set(RANGES)


def test_a_stage_changes_the_columns_it_declares_and_no_others(at_stage):
    _, _, plain, (_, writes, _) = at_stage
    assert plain.changed() <= writes


def test_what_a_stage_declares_to_write_it_does_write():
    for stage in STAGES:
        changed = set().union(*(plain_outcome(p, stage).changed() for p in range(len(CASES))))
        # From a state that is scrambled where the stage overwrites without reading.
        changed |= set().union(
            *(
                Outcome(
                    prepared(p, stage), stage, declared(stage)[1] - declared(stage)[0], 3
                ).changed()
                for p in range(len(CASES))
            )
        )
        assert changed == declared(stage)[1], stage


def test_columns_that_a_stage_does_not_declare_move_nothing(at_stage):
    bench, stage, plain, (reads, writes, for_audit) = at_stage
    for seed in range(1):
        other = Outcome(bench, stage, set(RANGES) - reads - for_audit, seed)
        assert fates_moved(plain, other, writes) == set()
        assert moved(plain, other, writes) == set()
        assert np.array_equal(plain.scratch, other.scratch)
        assert np.array_equal(plain.counts, other.counts)
        assert np.array_equal(plain.deciles, other.deciles)
        assert np.array_equal(plain.couples, other.couples)
        assert plain.log == other.log


def test_what_a_stage_reads_for_the_audit_moves_no_fate(at_stage):
    bench, stage, plain, (_, writes, for_audit) = at_stage
    for seed in range(1):
        other = Outcome(bench, stage, {x for x in for_audit if x.startswith("audit.")}, seed)
        assert fates_moved(plain, other, writes) == set()
        if stage != "decide":
            assert without_causes(plain.log) == without_causes(other.log)


def test_the_regimes_stages_declare_no_truth_no_belief_and_no_audit():
    for stage in REGIMES_STAGES:
        assert not {x for x in declared(stage)[0] if x.split(".")[0] in APART}, stage


@pytest.mark.parametrize("place", range(len(CASES)))
@pytest.mark.parametrize("stage", REGIMES_STAGES)
def test_truth_belief_and_audit_move_no_fate_of_the_regimes_stages(stage, place):
    bench = prepared(place, stage)
    plain, (_, writes, _) = plain_outcome(place, stage), declared(stage)
    for seed in range(1):
        apart = {name for name in RANGES if name.split(".")[0] in APART}
        other = Outcome(bench, stage, apart, seed)
        assert fates_moved(plain, other, writes) == set()


@pytest.mark.parametrize("place", range(len(CASES)))
def test_a_scrambled_audit_changes_nobodys_life_in_months_to_come(place):
    """What the audit's columns hand from stage to stage, and from month to month, moves no fate."""
    case = CASES[place]
    tables, calendar, gates, state = case.parts()
    left = []
    for scrambled in (False, True):
        own = state.copy()
        if scrambled:
            scramble(own, {name for name in RANGES if name.startswith("audit.")}, 7)
        world = case.world(tables, calendar, gates, own)
        for month in range(case.month, case.month + 3):
            result = world.step(month, key=MONTH_ZERO + month)
            left.append((result.state_sum, result.histogram.tolist(), result.cuts.tolist()))
            world.clear()
    assert left[:3] == left[3:]


@pytest.mark.parametrize("stage", STAGES)
def test_every_column_that_a_stage_declares_to_read_moves_something(stage):
    """A declaration is tight: each column read matters in one of the worlds."""
    reads, writes, for_audit = declared(stage)
    idle = set()
    for name in reads | for_audit:
        for place in range(len(CASES)):
            bench, plain = prepared(place, stage), plain_outcome(place, stage)
            if name.startswith(("face.", "record.standing", "truth.case", "scratch.")):
                other = shuffled(bench, stage, name)
            else:
                other = Outcome(bench, stage, {name}, 1)
            if (
                fates_moved(plain, other, writes - {name})
                or moved(plain, other, writes)
                or not np.array_equal(plain.counts, other.counts)
                or not np.array_equal(plain.scratch, other.scratch)
                or plain.log != other.log
            ):
                break
        else:
            idle.add(name)
    assert idle == set()


def shuffled(bench, stage, name):
    """A stage's outcome with a column's values dealt out to other citizens: codes stay codes."""
    bench = copy.copy(bench)
    bench.state = bench.state.copy()
    column = bench.state.columns()[name]
    column[...] = np.random.default_rng(1).permutation(column)
    return Outcome(bench, stage)
