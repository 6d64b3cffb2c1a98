"""Who knows whom: candidate partners as table look-ups, and which ties exist.

Nobody's acquaintances are stored.  A citizen is a *position* (0-63) in a *segment*; a tie follows
from tables that both ends read alike, so every tie is mutual by construction.

==========  =========================================================  =======================
layer       candidates                                                 exists
==========  =========================================================  =======================
household   the other adults of the household                          always
colleagues  one position in each other segment of the district         both in the labour force
near        six matchings of the positions of one's segment            by `Traits.slots`
far         six partner segments, four of them in the province         by `Traits.slots`
==========  =========================================================  =======================

A partner is a citizen's number, or -1 where there is none (a segment that is not full, an odd one
out).  Functions take ``position = (citizen - first of the segment)``.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from glasscity.draws import philox
from glasscity.jit import inner, kernel
from glasscity.society.calls import FAR_TIE, NEAR_TIE

__all__ = [
    "COLLEAGUES",
    "FAR_SLOTS",
    "NEAR_SLOTS",
    "Wiring",
    "colleague",
    "far_partner",
    "fill_slots",
    "namesake",
    "near_partner",
]

NEAR_SLOTS = 6
FAR_SLOTS = 6
COLLEAGUES = 7  # at most: one in each other segment of a district

_WORD = (1 << 32) - 1


class Wiring(NamedTuple):
    """The tables that ties are read from; M is the number of segments.

    ``segment_first`` int32[M] (int64 from 2**31 citizens on), ``segment_size`` uint8[M];
    ``near`` uint8[M, 6]: rows of ``matching``;
    ``far_segment`` int32[M, 6]: the partner segment, -1 none; ``far_template`` uint8[M, 6]: rows of
    ``perm``, read forwards by the lower segment and backwards by the upper one;
    ``district_first`` int32[M], ``district_size`` uint8[M]: first segment of the district, segments
    in it; ``work`` uint8[M]: row of ``perm``, from a workplace's number to a position;
    ``name_segment`` int32[M], ``name_template`` uint8[M]: as far ties, for namesakes;
    ``matching`` uint8[256, 64]: involutions, a position that meets itself has no partner;
    ``perm``, ``perm_inverse`` uint8[256, 64].
    """

    segment_first: np.ndarray
    segment_size: np.ndarray
    near: np.ndarray
    far_segment: np.ndarray
    far_template: np.ndarray
    district_first: np.ndarray
    district_size: np.ndarray
    work: np.ndarray
    name_segment: np.ndarray
    name_template: np.ndarray
    matching: np.ndarray
    perm: np.ndarray
    perm_inverse: np.ndarray


@inner
def near_partner(wiring, segment, position, slot):
    """Return the candidate friend nearby in one of six slots, or -1."""
    other = np.int64(wiring.matching[wiring.near[segment, slot], position])
    if other == position or other >= wiring.segment_size[segment]:
        return np.int64(-1)
    return np.int64(wiring.segment_first[segment]) + other


@inner
def far_partner(wiring, segment, position, slot):
    """Return the candidate contact elsewhere in one of six slots, or -1."""
    partner = np.int64(wiring.far_segment[segment, slot])
    if partner < 0:
        return np.int64(-1)
    template = wiring.far_template[segment, slot]
    if segment < partner:
        other = np.int64(wiring.perm[template, position])
    else:
        other = np.int64(wiring.perm_inverse[template, position])
    if other >= wiring.segment_size[partner]:
        return np.int64(-1)
    return np.int64(wiring.segment_first[partner]) + other


@inner
def colleague(wiring, segment, position, k):
    """Return the colleague in the k-th (0-6) of the other segments of the district, or -1.

    They are colleagues only where both are in the labour force, which the caller checks.
    """
    first = np.int64(wiring.district_first[segment])
    partner = first + k
    if partner >= segment:
        partner += 1
    if partner >= first + wiring.district_size[segment]:
        return np.int64(-1)
    desk = wiring.perm_inverse[wiring.work[segment], position]
    other = np.int64(wiring.perm[wiring.work[partner], desk])
    if other >= wiring.segment_size[partner]:
        return np.int64(-1)
    return np.int64(wiring.segment_first[partner]) + other


@inner
def namesake(wiring, segment, position):
    """Return the citizen of the province whom records may take for this one, or -1.

    They are namesakes only where both have a common name (group above 0), which the caller checks.
    """
    partner = np.int64(wiring.name_segment[segment])
    if partner < 0:
        return np.int64(-1)
    template = wiring.name_template[segment]
    if segment < partner:
        other = np.int64(wiring.perm[template, position])
    else:
        other = np.int64(wiring.perm_inverse[template, position])
    if other >= wiring.segment_size[partner]:
        return np.int64(-1)
    return np.int64(wiring.segment_first[partner]) + other


@inner
def _lanes(key0, key1, segment, slot, call, lanes):
    """Fill ``lanes[0:64]`` with the 16-bit draws of the 64 positions of a segment in a slot."""
    for part in range(8):
        words = philox(key0, key1, segment & _WORD, segment >> 32, 8 * slot + part, call)
        for j in range(4):
            word = words[0] if j == 0 else words[1] if j == 1 else words[2] if j == 2 else words[3]
            lanes[8 * part + 2 * j] = word & 65535
            lanes[8 * part + 2 * j + 1] = word >> 16


@inner
def _same_desk(wiring, segment, position, partner, other):
    """Return whether two positions of different segments share a workplace."""
    if wiring.district_first[segment] != wiring.district_first[partner]:
        return False
    desk = wiring.perm_inverse[wiring.work[segment], position]
    return desk == wiring.perm_inverse[wiring.work[partner], other]


@kernel
def fill_slots(key0, key1, from_segment, to_segment, wiring, chance, misc, home, slots):
    """Decide which near and far ties exist, for the citizens of some segments.

    A tie exists when a draw on the unordered pair is below ``chance`` of the two sociabilities
    (in 1/65536).  A candidate who is tied already (the same household or workplace, an earlier
    slot) is no second tie, so nobody counts twice.
    """
    lanes = np.empty(64, dtype=np.int64)
    for s in range(from_segment, to_segment):
        first = np.int64(wiring.segment_first[s])
        size = np.int64(wiring.segment_size[s])
        for position in range(size):
            slots[first + position] = 0
        for slot in range(NEAR_SLOTS):
            row = np.int64(wiring.near[s, slot])
            _lanes(key0, key1, s, slot, NEAR_TIE, lanes)
            for position in range(size):
                other = np.int64(wiring.matching[row, position])
                if other <= position or other >= size:
                    continue
                i = first + position
                j = first + other
                if position - (home[i] & 7) == other - (home[j] & 7):
                    continue
                if lanes[position] < chance[(misc[i] >> 2) & 3, (misc[j] >> 2) & 3]:
                    slots[i] |= np.uint16(1 << slot)
                    slots[j] |= np.uint16(1 << slot)
        for slot in range(FAR_SLOTS):
            partner = np.int64(wiring.far_segment[s, slot])
            if partner < 0:
                continue
            lower = min(np.int64(s), partner)
            _lanes(key0, key1, lower, slot, FAR_TIE, lanes)
            for position in range(size):
                j = far_partner(wiring, s, position, slot)
                if j < 0:
                    continue
                i = first + position
                other = j - np.int64(wiring.segment_first[partner])
                draw = lanes[position] if s < partner else lanes[other]
                if draw >= chance[(misc[i] >> 2) & 3, (misc[j] >> 2) & 3]:
                    continue
                if _same_desk(wiring, s, position, partner, other):
                    continue
                known = False
                for earlier in range(slot):
                    if wiring.far_segment[s, earlier] == partner:
                        known = known or far_partner(wiring, s, position, earlier) == j
                if not known:
                    slots[i] |= np.uint16(1 << (NEAR_SLOTS + slot))
