"""Stage by stage: columns, scratch and counts of each kernel are those of its twin."""

from __future__ import annotations

import numpy as np
import pytest
from month_stages import STAGES, Bench, modules_with_reads
from month_worlds import ACCOUNT, BUSY, FRIENDS, GUARDED, MEDDLED, SCHEME, SCORE, Case

from glasscity.month import tables as at
from glasscity.month.shared import tie_ids
from glasscity.society.ties import colleague, far_partner, namesake, near_partner
from glasscity.terms import EVENTS, GATES, SPHERES, VOICES
from reference.citizen import DEBTS, NEWS, pack_people
from reference.fields import mask_of
from reference.see import open_ties
from reference.tally import Tally, log_rows

CASES = [
    Case("busy", citizens=400, seed=21, tables=BUSY, stirred=True),
    Case("friends", "china-2020", 300, 22, tables=FRIENDS, stirred=True),
    Case("score", citizens=200, seed=23, tables=SCORE, stirred=True, everywhere=30),
    Case("more than a stride", citizens=2_500, seed=24),
    Case(
        "guarded and meddled with",
        citizens=400,
        seed=25,
        tables=BUSY | MEDDLED | GUARDED,
        stirred=True,
        everywhere=40,
        operators=True,
    ),
    Case(
        "account",
        citizens=300,
        seed=27,
        regime=SCHEME,
        tables=ACCOUNT | GUARDED | MEDDLED,
        stirred=True,
        everywhere=40,
    ),
    Case(
        "before the mandate",
        citizens=300,
        seed=26,
        month=40,
        tables=BUSY | MEDDLED,
        stirred=True,
        operators=True,
        office=MEDDLED,
    ),
]
BLAMES = ("unwilling", "unable", "slip")


def seen_rows(c):
    note, twin = c.note, c.note["twin"]
    return {
        at.S_TIES_SUM: note["sum"],
        at.S_TIES_SCORED: note["scored"],
        at.S_TIES_LOW: note["low"],
        at.S_TIES_OPEN: note["ties"],
        at.S_CRITICS: note["critics"],
        at.S_PRAISERS: note["praisers"],
        at.S_POOL: note["pool"],
        at.S_TWIN: twin.number - c.number if twin else 0,
        at.S_DISPLAYS: note["displays"],
        at.S_SHADOW_CRITICS: note["shadow_critics"],
        at.S_SHADOW_PRAISERS: note["shadow_praisers"],
        at.S_REPORTED: note["reported"],
        at.S_TWIN_EVENT: 0 if note["twin_news"] is None else 1 + NEWS.index(note["twin_news"]),
    }


def lived_rows(c):
    blame = sum(BLAMES.index(c.note["blame"][d]) << 2 * k for k, d in enumerate(DEBTS) if c.owed[d])
    seen = {d: mask_of(c.reasons[d], ("unable", "unwilling")) for d in DEBTS}
    return {
        at.S_STATUS: mask_of(c.note["status"], EVENTS) | c.note["settled"] << 11,
        at.S_FRESH: mask_of(c.note["fresh"], EVENTS),
        at.S_BLAME: blame | seen["credit"] << 4 | seen["fee"] << 6,
        at.S_VOICE: VOICES.index(c.note["voice"]),
    }


def recorded_rows(c):
    gravities = lambda by_sphere: sum(by_sphere[s] << 3 * k for k, s in enumerate(SPHERES))  # noqa: E731
    settled, strayed = c.note["settled"] << 11, c.note["strayed"] << 12
    return {
        at.S_STATUS: mask_of(c.note["status"], EVENTS) | settled | strayed,
        at.S_OWN_GRAVITY: gravities(c.note["own"]),
        at.S_FALSE_GRAVITY: gravities(c.note["false"]),
        at.S_FALSE_KIND: (None, "false_alarm", "mix_up").index(c.note["false_kind"]),
        at.S_FILED: mask_of(c.note["filed"], EVENTS),
        at.S_FILED_FALSE: mask_of(c.note["filed_wrongly"], EVENTS),
    }


def decided_rows(c):
    return {
        at.S_DENIED: mask_of(c.note["denied"], GATES),
        at.S_GRANTED: mask_of(c.note["granted"], GATES),
    }


ROWS_OF = {"see": seen_rows, "act": lived_rows, "record": recorded_rows, "decide": decided_rows}


def apart(bench, stage):
    """Return what of columns and scratch differs after a stage."""
    packed, said = pack_people(bench.twin.people), []
    for name, column in bench.state.columns().items():
        expected = packed[name]
        if stage in ("record", "account") and name == "face.next":
            # Half made: only the news is in it yet.
            column = column >> 28
            expected = np.array(
                [
                    0 if c.note["news"] is None else 1 + NEWS.index(c.note["news"])
                    for c in bench.twin.people
                ]
            )
        if not np.array_equal(column, expected):
            where = np.argwhere(column != expected)[0]
            said.append(f"{stage}: {name}{where}: {column[tuple(where)]}, {expected[tuple(where)]}")
    if stage in ROWS_OF:
        for c in bench.twin.people:
            for row, value in ROWS_OF[stage](c).items():
                if bench.scratch[row, c.number] != value:
                    got = bench.scratch[row, c.number]
                    said.append(f"{stage}: scratch row {row} of {c.number}: {got}, {value}")
    return said


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_stage_leaves_the_columns_and_the_scratch_of_its_twin(case):
    bench, tally = Bench(case), Tally()
    for stage in STAGES:
        bench.run(stage)
        bench.run_twin(stage, tally)
        said = apart(bench, stage)
        assert not said, "\n".join(said[:10])
        expected = tally.counts_array(len(bench.counts))
        assert np.array_equal(bench.counts, expected), f"counts apart after {stage}"
        if stage == "restrict":
            bench.barrier(tally)
    assert log_rows(bench.log) == sorted(tally.log)
    assert np.array_equal(bench.histogram, tally.histogram_array())
    assert bench.moments.tolist() == tally.moments
    assert np.array_equal(bench.deciles, tally.deciles_array())
    assert bench.couples.tolist() == tally.couples
    assert np.array_equal(bench.shapley, tally.shapley_array())


def test_every_module_that_declares_reads_is_a_stage_with_a_twin():
    assert set(modules_with_reads()) == set(STAGES)


@pytest.mark.parametrize("case", [CASES[1], CASES[3]], ids=lambda case: case.name)
def test_partners_and_open_ties_are_those_of_the_plain_tables(case):
    society, homes = case.society, case.homes
    people = Bench(case).twin.people
    faces = np.array(
        [sum(1 << 16 + slot for slot in c.face.willing) for c in people], dtype=np.uint32
    )
    wiring, ids = society.wiring, np.zeros(32, dtype=np.int64)
    for segment, size in enumerate(wiring.segment_size.tolist()):
        for position in range(size):
            i = int(wiring.segment_first[segment]) + position
            home = homes[i]
            slots = [home.slots.get(slot, i) for slot in range(12)]
            one_by_one = [near_partner(wiring, segment, position, k) for k in range(6)]
            one_by_one += [far_partner(wiring, segment, position, k) for k in range(6)]
            assert [i if j < 0 else j for j in one_by_one] == slots
            mates = [int(colleague(wiring, segment, position, k)) for k in range(7)]
            assert tuple(j for j in mates if j >= 0) == home.colleagues
            twin = i if home.namesake is None else home.namesake
            other = namesake(wiring, segment, position)
            assert twin == (i if other < 0 else other)
            n = tie_ids(i, segment, position, society.traits, wiring, faces, ids)
            expected = [other.number for other, _ in open_ties(people[i], people, home)]
            assert ids[:n].tolist() == expected
