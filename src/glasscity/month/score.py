"""Stage 3, score: five categories, their weighted sum in the operator's range, the exact parts.

Model, section 5.3.  Points are in 1/256.  A citizen's raw points are the range's low end plus the
parts; the score is the raw points rounded and clipped.  The remainder (rounding and clip) is named,
so that parts plus remainder equal the score exactly.
"""

from __future__ import annotations

import numpy as np

from glasscity.jit import kernel
from glasscity.month import tables as at
from glasscity.month.shared import face_score

READS = ("record.deficits", "record.fulfilment", "face.now", "face.next")
WRITES = ("face.next",)

__all__ = [
    "READS",
    "WRITES",
    "category_behaviour",
    "category_history",
    "own_voice_value",
    "part_value",
    "points_of",
    "rounded",
    "score",
    "ties_score_value",
    "ties_voice_value",
]


@kernel
def category_history(tables, deficits, i):
    """Return credit history, 0..65535: one minus the counted deficits of the spheres, at most 1."""
    total = np.int64(0)
    for s in range(4):
        total += (np.int64(deficits[i, s]) * tables[at.HISTORY + s]) >> 8
    if total > 65535:
        total = np.int64(65535)
    return 65535 - total


@kernel
def category_behaviour(profile):
    """Return behaviour and preference, 0..65535, from the activity profile, 0..255."""
    return profile * 257


_RECIPROCAL = np.array([0] + [-(-(2**40) // n) for n in range(1, 40)], dtype=np.int64)


@kernel
def ties_score_value(statistic, lowest, span, neutral, mean16, spread16, total, scored, low):
    """Return the statistic of the ties' scores, 0..65535; the reference where none is scored.

    0: their mean over the range.  1: half plus a sixth of their mean's distance from the national
    mean in national standard deviations, so that three deviations span the range.  2: the share of
    them at or above the bar.
    """
    if scored == 0:
        return neutral
    if statistic == 0:
        value = (total * 65535 // scored - lowest * 65535) // span
    elif statistic == 1:
        if mean16 == 0 or spread16 == 0:
            return neutral
        # total * 16 // scored: exact, as the total is below 2**20 and scored at most 31.
        mean = (total * 16 * _RECIPROCAL[scored]) >> 40
        value = 32768 + (mean - mean16) * 65536 // (6 * spread16)
    else:
        value = 65535 - low * 65535 // scored
    if value < 0:
        return np.int64(0)
    if value > 65535:
        return np.int64(65535)
    return value


@kernel
def ties_voice_value(neutral, critics, praisers, ties):
    """Return the ties' voice, 0..65535: half plus half the praisers' lead over the critics."""
    if ties == 0:
        return neutral
    return 32768 + (praisers - critics) * 32767 // ties


@kernel
def own_voice_value(neutral, voice):
    """Return one's own voice, 0..65535: praise the top, criticism zero, silence the reference."""
    if voice == 2:
        return np.int64(65535)
    if voice == 1:
        return np.int64(0)
    return neutral


@kernel
def part_value(neutral, strength, value):
    """Return a part at its mechanism's strength: between its reference and its value."""
    return neutral + (((value - neutral) * strength) >> 16)


@kernel
def points_of(weight, value):
    """Return a part in 1/256 point: the weight (points/256 at 1) times a value in 0..65535."""
    return weight * value // 65535


@kernel
def rounded(low, high, raw):
    """Return the score of raw points in 1/256: rounded half up, clipped to the range."""
    points = (raw + 128) >> 8
    return min(max(points, low), high)


@kernel
def score(lo, hi, traits, state, tables, now, scratch, histogram):
    """Score the enrolled of the block and make everybody's new face.

    ``histogram``, int64[2048], one bin for each score value, is added to.
    """
    face_next = state.face.next
    face_now = state.face.now
    record_deficits = state.record.deficits
    record_fulfilment = state.record.fulfilment
    traits_profile = traits.profile
    traits_who = traits.who
    low = tables[at.LOW]
    high = tables[at.HIGH]
    for i in range(lo, hi):
        k = i - lo
        old = np.int64(face_now[i])
        points = np.int64(0)
        if now[at.NOW_OPERATOR] == 1 and (now[at.NOW_MANDATE] == 1 or face_score(old) > 0):
            raw = low * 256
            raw += points_of(tables[at.WEIGHTS], category_history(tables, record_deficits, i))
            raw += points_of(tables[at.WEIGHTS + 1], np.int64(record_fulfilment[i]))
            raw += points_of(tables[at.WEIGHTS + 2], tables[at.PERSONAL + (traits_who[i])])
            raw += points_of(
                tables[at.WEIGHTS + 3], category_behaviour(np.int64(traits_profile[i]))
            )
            value = ties_score_value(
                tables[at.STATISTIC],
                low,
                high - low,
                tables[at.REFERENCE + 4],
                now[at.NOW_MEAN16],
                now[at.NOW_SPREAD16],
                np.int64(scratch[at.S_TIES_SUM, k]),
                np.int64(scratch[at.S_TIES_SCORED, k]),
                np.int64(scratch[at.S_TIES_LOW, k]),
            )
            raw += points_of(
                tables[at.RELATION],
                part_value(tables[at.REFERENCE + 4], tables[at.RELATION_STRENGTH], value),
            )
            value = ties_voice_value(
                tables[at.REFERENCE + 5],
                np.int64(scratch[at.S_CRITICS, k]),
                np.int64(scratch[at.S_PRAISERS, k]),
                np.int64(scratch[at.S_TIES_OPEN, k]),
            )
            raw += points_of(
                tables[at.RELATION + 1],
                part_value(tables[at.REFERENCE + 5], tables[at.RELATION_STRENGTH + 1], value),
            )
            value = own_voice_value(tables[at.REFERENCE + 6], scratch[at.S_VOICE, k])
            raw += points_of(
                tables[at.RELATION + 2],
                part_value(tables[at.REFERENCE + 6], tables[at.RELATION_STRENGTH + 2], value),
            )
            points = rounded(low, high, raw)
            histogram[points] += 1
        # Kept from last month: displayed, single, willing ties (bits 14 to 27).
        event = np.int64(face_next[i]) & 0xF0000000
        face_next[i] = (
            points | (np.int64(scratch[at.S_VOICE, k]) << 11) | (old & 0x0FFFC000) | event
        )
