"""Whole months: a world stepped by the kernels is, bit for bit, the one stepped by the twins."""

from __future__ import annotations

import functools

import numpy as np
import pytest
from month_worlds import (
    ACCOUNT,
    BAR,
    BUSY,
    FRIENDS,
    GUARDED,
    MEDDLED,
    SCHEME,
    SCORE,
    STRICT,
    Case,
    chance,
)

from glasscity.draws import MONTH_ZERO
from glasscity.month.ledger import ROWS
from glasscity.scenario import MANIPULATIONS, SAFEGUARDS
from glasscity.terms import CAUSES, CLASSES
from reference.citizen import pack_people
from reference.month import TwinWorld
from reference.tally import log_rows

HALF_GUARDED = dict.fromkeys(SAFEGUARDS, 0.5) | dict.fromkeys(MANIPULATIONS, 1.0)
CASES = [
    Case("alone", citizens=1, month=64, months=8, tables=BUSY),
    Case("seven", citizens=7, month=64, months=8, tables=BUSY, stirred=True),
    Case("a segment and one", citizens=65, seed=2, month=64, months=8, tables=BUSY, stirred=True),
    Case("as catalogued, before the start", month=-2, months=4),
    Case("as catalogued, joint punishment becomes everywhere", seed=3, month=25, months=4),
    Case("as catalogued, the mandate", seed=4, month=65, months=5),
    Case("as catalogued, unscored", regime="unscored", month=0, months=3),
    Case("as catalogued, a credit bureau", regime="credit-bureau", month=0, months=4),
    Case("a points scheme, as written", regime=SCHEME, seed=20, month=66, months=3),
    Case(
        "a busy points scheme",
        citizens=500,
        seed=21,
        regime=SCHEME,
        months=4,
        tables=ACCOUNT,
        stirred=True,
    ),
    Case(
        "a points scheme, guarded and meddled with, the score alone",
        "china-2020",
        citizens=400,
        seed=22,
        regime=SCHEME,
        months=3,
        tables=ACCOUNT
        | GUARDED
        | MEDDLED
        | {"list_on": 0, "deed_response": 150, "reach": chance(0.9)},
        stirred=True,
        everywhere=40,
    ),
    Case("busy, opting in", seed=5, month=6, months=3, tables=BUSY, stirred=True),
    Case("busy, the mandate", citizens=250, seed=6, months=3, tables=BUSY, stirred=True),
    Case("busy, unscored", seed=7, regime="unscored", months=2, tables=BUSY, stirred=True),
    Case(
        "busy, a credit bureau", seed=8, regime="credit-bureau", months=4, tables=BUSY, stirred=True
    ),
    Case("friends count", citizens=300, seed=2**40 + 9, months=4, tables=FRIENDS, stirred=True),
    Case("ties below the bar count", citizens=200, seed=10, months=3, tables=BAR, stirred=True),
    Case(
        "the score alone",
        citizens=200,
        seed=13,
        months=3,
        tables=SCORE,
        stirred=True,
        everywhere=30,
    ),
    Case(
        "a strict score",
        citizens=300,
        seed=14,
        months=3,
        tables=STRICT,
        stirred=True,
        everywhere=60,
    ),
    Case("china", "china-2020", 200, 11, months=3, tables=BUSY, stirred=True),
    Case(
        "china, many districts",
        "china-2020",
        900,
        12,
        month=26,
        months=2,
        tables=FRIENDS,
        stirred=True,
    ),
    Case(
        "as catalogued, every safeguard for half, all manipulation, two operators",
        citizens=400,
        seed=15,
        month=65,
        months=4,
        strengths=HALF_GUARDED,
        operators=True,
    ),
    Case("as catalogued, two operators join in", seed=16, month=7, months=5, operators=True),
    Case(
        "busy, two operators, meddled with, the mandate",
        citizens=300,
        seed=17,
        month=65,
        months=4,
        tables=BUSY | MEDDLED,
        stirred=True,
        operators=True,
        office=MEDDLED | {"statistic": 2},
    ),
    Case(
        "busy, meddled with while people join",
        citizens=300,
        seed=18,
        month=20,
        months=3,
        tables=BUSY | MEDDLED,
        stirred=True,
        operators=True,
        everywhere=30,
    ),
    Case(
        "guarded, every gate hangs on the score",
        citizens=400,
        seed=19,
        months=4,
        tables=BUSY | GUARDED,
        stirred=True,
        everywhere=50,
    ),
    Case(
        "guarded parents",
        citizens=2_500,
        seed=24,
        months=1,
        tables=BUSY | GUARDED | {"reach": chance(1)},
        stirred=True,
        everywhere=50,
    ),
    Case(
        "guarded and meddled with",
        citizens=300,
        seed=20,
        months=3,
        tables=STRICT | GUARDED,
        stirred=True,
        everywhere=60,
        operators=True,
    ),
    Case(
        "guarded friends in china",
        "china-2020",
        300,
        21,
        months=3,
        tables=FRIENDS | GUARDED | MEDDLED,
        stirred=True,
        operators=True,
    ),
    Case(
        "a mandate before any penalty",
        citizens=300,
        seed=23,
        month=65,
        months=5,
        tables=BUSY | MEDDLED,
        stirred=True,
        pause=2,
    ),
    Case(
        "private scores",
        citizens=200,
        seed=22,
        months=3,
        tables={k: v for k, v in (BUSY | MEDDLED).items() if k != "visible"},
        stirred=True,
        private=True,
        operators=True,
    ),
]


def first_difference(name, ours, theirs):
    """Say where two arrays differ first, or None."""
    if ours.shape != theirs.shape or ours.dtype != theirs.dtype:
        return f"{name}: {ours.dtype}{ours.shape} and {theirs.dtype}{theirs.shape}"
    where = np.argwhere(ours != theirs)
    if not len(where):
        return None
    at = tuple(where[0])
    return (
        f"{name}{[int(x) for x in at]}: kernel {ours[at]}, twin {theirs[at]} ({len(where)} in all)"
    )


def differences(world, result, twin, found):
    """Return what of a month differs between the kernels and the twins."""
    packed = pack_people(twin.people)
    pairs = {name: (column, packed[name]) for name, column in world.state.columns().items()}
    tally = found.tally
    pairs["histogram"] = result.histogram, tally.histogram_array()
    pairs["moments"] = result.moments, np.array(tally.moments, dtype=np.int64)
    pairs["deciles"] = result.deciles, tally.deciles_array()
    pairs["couples"] = result.couples, np.array(tally.couples, dtype=np.int64)
    pairs["shapley"] = result.shapley, tally.shapley_array()
    pairs["cuts"] = result.cuts, np.array(found.cuts, dtype=np.int64)
    said = [first_difference(name, *pair) for name, pair in pairs.items()]
    counts = result.counts
    expected = tally.counts_array(len(counts))
    said += [
        f"{ROWS[row]}: kernel {counts[cell, row, inner]}, twin {expected[cell, row, inner]}"
        for cell, row, inner in np.argwhere(counts != expected)[:5]
    ]
    kernels_log, twins_log = log_rows(result.log), sorted(tally.log)
    if kernels_log != twins_log:
        odd = sorted(set(kernels_log) ^ set(twins_log))
        said.append(f"log: {len(kernels_log)} and {len(twins_log)} rows, apart in {odd[:5]}")
    if result.state_sum != found.state_sum:
        said.append(f"state_sum: kernel {result.state_sum}, twin {found.state_sum}")
    return [s for s in said if s]


@functools.cache
def compared(place):
    """Step a case's world both ways; return (differences, counts by row, log rows)."""
    case = CASES[place]
    tables, calendar, gates, state = case.parts()
    world = case.world(tables, calendar, gates, state)
    twin = TwinWorld(
        case.society,
        tables=tables,
        calendar=calendar,
        gates=gates,
        state=state,
        homes=case.homes,
        **case.more(),
    )
    totals, log = np.zeros(len(ROWS), dtype=np.int64), []
    for month in range(case.month, case.month + case.months):
        key = MONTH_ZERO + month
        result, found = world.step(month, key=key), twin.step(month, key=key)
        said = differences(world, result, twin, found)
        totals += result.counts.sum(axis=(0, 2))
        log += log_rows(result.log)
        units = int(result.shapley.sum())
        world.clear()
        if said:
            return [f"month {month}: {s}" for s in said], totals, log
        attributed = sum(row[0] == 0 for row in log_rows(result.log))
        if units != 360360 * attributed:
            return [f"month {month}: {units} Shapley units for {attributed} denials"], totals, log
    return [], totals, log


@pytest.mark.parametrize("place", range(len(CASES)), ids=[case.name for case in CASES])
def test_a_month_of_the_kernels_is_that_of_the_plain_twins(place):
    said, _, _ = compared(place)
    assert not said, "\n".join(said)


def test_every_row_of_the_ledger_was_reached_by_some_comparison():
    totals = sum(compared(place)[1] for place in range(len(CASES)))
    # Of the groups of causes of denials: every gate and every group, not every pair of them.
    products = ("denials_lower", "denials_upper")

    def labels(row):
        label = row.gate or row.list or row.event
        if row.measure in products:
            return [(row.measure, label), (row.measure, row.cause)]
        return [(row.measure, label, row.cause)]

    reached = {x for row, n in zip(ROWS, totals, strict=True) if n > 0 for x in labels(row)}
    assert {x for row in ROWS for x in labels(row)} - reached == set()


def test_every_class_and_every_cause_was_reached_by_some_comparison():
    denials = [row for place in range(len(CASES)) for row in compared(place)[2] if row[0] == 0]
    assert {row[7] for row in denials} == set(range(1, len(CLASSES)))
    for column in (3, 4, 5):
        seen = 0
        for row in denials:
            seen |= row[column]
        names = {cause for bit, cause in enumerate(CAUSES) if seen >> bit & 1}
        assert names == set(CAUSES)
