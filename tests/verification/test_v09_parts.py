"""V9. The parts of a score and what is left.

What: in 1/256 point, the range's low end plus the eight parts (credit history, fulfilment capacity,
personal characteristics, behaviour, ties' scores, ties' voice, own voice, officials) plus the
remainder is the score, for every citizen of a real run; the remainder is the rounding, in
(-1/2, 1/2] point, or, at an end of the range, the clip. The parts are computed anew from stored
state, by NumPy and from ties that are looked up one by one. Under each statistic of ties' scores,
at half strengths, and with officials and gaming; `engine.breakdown` gives the same parts.
Power: exact: 1/256 point in one part of one citizen is seen unless it is lost in the rounding; over
4,000 citizens a part that is 1/64 point off changes some sixty scores.
Wrong kernels: parts rounded to nearest instead of down; history without its cap; the ties of this
month instead of last month's.
"""

from __future__ import annotations

import numpy as np
import pytest
from alarm import must_alarm, require
from findings import BOOK
from mutants import wrong
from replay import seen_ties
from rig import first_pass, get, lively, put, shipped, society, step, world

from glasscity.engine.breakdown import PARTS, STATISTICS, score_parts
from glasscity.month import points as points_module
from glasscity.month import score as score_module
from glasscity.month import tables as at
from glasscity.month.act import act
from glasscity.month.record import record
from glasscity.month.score import score
from glasscity.month.see import see
from glasscity.month.shared import dealt

MONTHS = 14
OFFICIALS = np.zeros((64, 8), dtype=np.int64)
OFFICIALS[:, 1], OFFICIALS[:, 4] = 7_000, -9_001  # service workers up, the self-employed down
MEDDLED = {
    "officials": 1,
    "official_points": OFFICIALS,
    "gamers": 90,
    "game_profile": 40,
    "game_ties": 9_000,
}


def parts(where, state, before: np.ndarray, tables: np.ndarray, now: np.ndarray) -> np.ndarray:
    """Return int64[8, citizens]: the parts of everybody's score in 1/256 point."""
    reference = get(tables, "reference")
    counted = (state.record.deficits.astype(np.int64) * get(tables, "history")) >> 8
    history = 65535 - np.minimum(counted.sum(axis=1), 65535)
    seen = seen_ties(where, before, int(now[at.NOW_BAR]))
    some = np.maximum(seen["scored"], 1)
    low, high = get(tables, "low"), get(tables, "high")
    statistic = get(tables, "statistic")
    mean16, spread16 = int(now[at.NOW_MEAN16]), int(now[at.NOW_SPREAD16])
    nobody = seen["scored"] == 0
    if statistic == 0:
        friends = (seen["total"] * 65535 // some - low * 65535) // (high - low)
    elif statistic == 1:
        nobody |= (mean16 == 0) | (spread16 == 0)
        friends = 32768 + (seen["total"] * 16 // some - mean16) * 65536 // max(1, 6 * spread16)
    else:
        friends = 65535 - seen["low"] * 65535 // some
    friends = np.where(nobody, reference[4], np.clip(friends, 0, 65535))
    gamed = np.array([dealt(i, 1) for i in range(where.citizens)]) < get(tables, "gamers")
    friends = np.where(gamed, np.minimum(friends + get(tables, "game_ties"), 65535), friends)
    taken, added = get(tables, "ties_voice")
    lead = seen["praisers"] * added - seen["critics"] * taken
    voices = 32768 + lead // np.maximum(seen["ties"], 1)
    voices = np.where(seen["ties"] == 0, reference[5], voices)
    own = get(tables, "own_voice")[(state.face.next >> 11) & 3]
    strong = [
        neutral + (((value - neutral) * strength) >> 16)
        for neutral, value, strength in zip(
            reference[4:], (friends, voices, own), get(tables, "relation_strength"), strict=True
        )
    ]
    values = [
        history,
        state.record.fulfilment.astype(np.int64),
        get(tables, "personal")[where.traits.who],
        257 * np.minimum(where.traits.profile + gamed * get(tables, "game_profile"), 255),
        *strong,
    ]
    weights = [*get(tables, "weights")[:4], *get(tables, "relation")]
    given = np.zeros(where.citizens, dtype=np.int64)
    for first, end, _, province, _, _ in where.blocks.tolist():
        points = get(tables, "official_points")[province]
        given[first:end] = points[(where.traits.who[first:end] >> 3) & 7]
    given *= get(tables, "officials")
    return np.array([*(w * v // 65535 for w, v in zip(weights, values, strict=True)), given])


def check(where, state, before, tables, now) -> np.ndarray:
    """Raise an alarm unless parts and remainder are everybody's score; return the remainder."""
    low, high = get(tables, "low"), get(tables, "high")
    shown = (state.face.next & 2047).astype(np.int64)
    raw = low * 256 + parts(where, state, before, tables, now).sum(axis=0)
    remainder = 256 * shown - raw
    inside = (raw >= low * 256 - 128) & (raw < high * 256 + 128)
    rounding = (remainder > -128) & (remainder <= 128)
    clip = np.where(raw < low * 256, shown == low, shown == high)
    held = np.where(inside, rounding, clip)
    BOOK.counted("scores", len(held))
    require(held.all(), f"{(~held).sum()} scores are not their parts and a named remainder")
    return remainder


def run(tables: np.ndarray, **options):
    """Return (world after some months, state's faces before the last, the last month's now)."""
    where = society()
    one = world(where, tables=lively(tables), **options)
    for month in range(MONTHS):
        step(one, month)
    before = one.state.face.now.copy()
    now = one.calendar.now(MONTHS, key=0)
    one._national(now)
    return one, before, now


@pytest.mark.parametrize("statistic", [0, 1, 2])
@pytest.mark.parametrize("strength", [65536, 32768])
def test_parts_and_remainder_are_the_score_of_every_citizen(statistic, strength):
    tables = put(shipped(), statistic=statistic, relation_strength=strength)
    one, before, now = run(tables)
    step(one, MONTHS)
    remainder = check(one.society, one.state, before, one.tables, now)
    assert len(np.unique(remainder)) > 100
    assert (one.state.face.next & 2047 > 1).all()


def test_with_officials_and_gaming_they_are_it_too_and_the_breakdown_names_the_same():
    tables = put(shipped(), **MEDDLED)
    one, before, now = run(tables)
    step(one, MONTHS)
    remainder = check(one.society, one.state, before, one.tables, now)
    where, state = one.society, one.state
    found = np.zeros((where.citizens, len(PARTS)), dtype=np.int32)
    statistics = np.zeros((where.citizens, len(STATISTICS)), dtype=np.int32)
    score_parts(
        where.blocks,
        where.traits,
        where.wiring,
        state,
        state.face.next,
        before,
        one.tables,
        now,
        0,
        found,
        statistics,
    )
    expected = np.vstack([parts(where, state, before, one.tables, now), remainder])
    assert np.array_equal(found.T, expected)
    assert (found[:, PARTS.index("officials")] != 0).sum() > 500


def test_a_clipped_score_names_its_clip():
    tables = put(shipped(), high=600)
    one, before, now = run(tables)
    step(one, MONTHS)
    remainder = check(one.society, one.state, before, one.tables, now)
    assert (remainder < -256).sum() > 1_000


def score_by(points):
    """Return the stage with other formulas."""
    return wrong(score_module, names={"raw_points_of": points.raw_points_of}).score


def test_the_check_sees_wrong_kernels():
    exact = "return whole - 1024 + ((rest + (rest >> 16) + 1) >> 16)"
    weight = (exact, "return (product + 32767) // 65535")
    cap = ("history = 65535 - min(total, 65535)", "history = 65535 - total")
    nearest, uncapped = (score_by(wrong(points_module, change)) for change in (weight, cap))
    # All spheres in breach at once is rare: history counts four times as much here.
    one, before, now = run(put(shipped(), history=1024))
    states = one.state
    for kernel, fails in ((score, False), (nearest, True), (uncapped, True)):
        one.state = states.copy()
        known = first_pass(one, MONTHS, see, act, record, kernel)
        month_now = known["now"]

        def judge(one=one, now=month_now):
            return check(one.society, one.state, before, one.tables, now)

        must_alarm(judge) if fails else judge()
    shifted = np.roll(before, 1)
    must_alarm(lambda: check(one.society, states, shifted, one.tables, now))
