"""V9. The parts of a score and what is left.

What: in 1/256 point, the range's low end plus the seven parts (credit history, fulfilment capacity,
personal characteristics, behaviour, ties' scores, ties' voice, own voice) plus the remainder is the
score, for every citizen of a real run; the remainder is the rounding, in (-1/2, 1/2] point, or, at
an end of the range, the clip. The parts are computed anew from stored state, by NumPy and from ties
that are looked up one by one. Under each statistic of ties' scores and at half strengths.
Power: exact: 1/256 point in one part of one citizen is seen unless it is lost in the rounding; over
4,000 citizens a part that is 1/64 point off changes some sixty scores.
Wrong kernels: parts rounded to nearest instead of down; history without its cap; the ties of this
month instead of last month's.
"""

from __future__ import annotations

import numpy as np
import pytest
from alarm import must_alarm, require
from mutants import wrong
from rig import acquaintances, first_pass, get, lively, put, shipped, society, step, world

from glasscity.month import score as score_module
from glasscity.month import tables as at
from glasscity.month.act import act
from glasscity.month.record import record
from glasscity.month.score import score
from glasscity.month.see import see

MONTHS = 14
PARTS = 7


def seen_ties(where, faces: np.ndarray, bar: int) -> dict[str, np.ndarray]:
    """Return what everybody's open ties showed: their number, scores, voices."""
    ends = acquaintances(where)[:, :26]
    known = ends >= 0
    there = faces[np.where(known, ends, 0)].astype(np.int64)
    for slot in range(12):
        both = (faces >> np.uint32(16 + slot)) & (there[:, 14 + slot] >> (16 + slot)) & 1
        known[:, 14 + slot] &= both == 1
    scores = there & 2047
    scored = known & (scores > 1)
    voice = (there >> 11) & 3
    return {
        "ties": known.sum(axis=1),
        "scored": scored.sum(axis=1),
        "total": (scores * scored).sum(axis=1),
        "low": (scored & (scores < bar)).sum(axis=1),
        "lead": (known & (voice == 2)).sum(axis=1) - (known & (voice == 1)).sum(axis=1),
    }


def parts(where, state, before: np.ndarray, tables: np.ndarray, now: np.ndarray) -> np.ndarray:
    """Return int64[7, citizens]: the parts of everybody's score in 1/256 point."""
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
    voices = 32768 + seen["lead"] * 32767 // np.maximum(seen["ties"], 1)
    voices = np.where(seen["ties"] == 0, reference[5], voices)
    own = np.choose((state.face.next >> 11) & 3, [reference[6], 0, 65535])
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
        where.traits.profile.astype(np.int64) * 257,
        *strong,
    ]
    weights = [*get(tables, "weights")[:4], *get(tables, "relation")]
    return np.array([w * v // 65535 for w, v in zip(weights, values, strict=True)])


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


def test_a_clipped_score_names_its_clip():
    tables = put(shipped(), high=600)
    one, before, now = run(tables)
    step(one, MONTHS)
    remainder = check(one.society, one.state, before, one.tables, now)
    assert (remainder < -256).sum() > 1_000


def test_the_check_sees_wrong_kernels():
    weight = ("return weight * value // 65535", "return (weight * value + 32767) // 65535")
    cap = ("if total > 65535:", "if total > 2**40:")
    nearest, uncapped = (wrong(score_module, change).score for change in (weight, cap))
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
