"""What the ties of a segment's 64 citizens show, added up for all of them at once.

What one citizen shows is put into two words, a count a lane, so that a tie costs one addition and
not a dozen: ``shown`` (int64) has eleven lanes of five bits, ``heard`` (int32) the score and the
shadow voice.  Sums over a household and over the desks of a workplace are made once for all of
their members, who then take themselves out again; sums over the twelve slots of near and far ties
are made tie by tie.  Nobody has more than 25 ties, so no lane runs over into the next.
"""

from __future__ import annotations

import numpy as np

from glasscity.jit import fetch_ahead, inner
from glasscity.month.shared import can_be_looked_up
from glasscity.society.ties import FAR_SLOTS, NEAR_SLOTS

__all__ = [
    "A_BAD_CRITICS",
    "A_BAD_OTHERS",
    "A_CRITICS",
    "A_DISPLAYED",
    "A_ENROLLED",
    "A_LANE",
    "A_LOW",
    "A_OPEN",
    "A_PRAISERS",
    "A_PUNISHED",
    "A_SCORED",
    "A_SETTLED",
    "DISTRICT",
    "H_CRITICS",
    "H_PRAISERS",
    "H_SUM",
    "PLACES",
    "SLOTS",
    "WITH_NAMESAKE",
    "add_up",
    "ask_for",
    "look_around",
    "meet_at_work",
]

PLACES = 64  # positions in a segment
DISTRICT = 8  # segments in a district
SLOTS = NEAR_SLOTS + FAR_SLOTS
WITH_NAMESAKE = SLOTS + 1

# The lanes of ``shown``, by their first bit; the same counts as in shared.summarise.
A_LANE = 31
A_OPEN = 0
A_SCORED = 5
A_LOW = 10
A_CRITICS = 15
A_PRAISERS = 20
A_BAD_CRITICS = 25
A_BAD_OTHERS = 30
A_SETTLED = 35
A_PUNISHED = 40
A_ENROLLED = 45
A_DISPLAYED = 50
# Those of ``heard``: sixteen bits of scores, then five each of shadow voices.
H_SUM = 65535
H_CRITICS = 16
H_PRAISERS = 21


@inner
def _copy(there, here):
    for p in range(PLACES):
        here[p] = there[p]


@inner
def _show(faces, shadow, first, size, bar, lowest, visible, bit, always, shown, heard):
    """Write what ``size`` citizens from ``first`` on show into the two words of each; else zero.

    Whoever's face has ``bit`` unset shows nothing, unless ``always`` is 1.
    """
    # Slices, so that the compiler sees that no place is negative and reads eight at a time.
    own_faces = faces[first : first + size]
    own_shadow = shadow[first : first + size]
    for p in range(size):
        face = np.int64(own_faces[p])
        score = face & 2047
        is_scored = score > 1
        scored = np.int64(is_scored)
        critic = (face >> 11) & 1
        displayed = (face >> 14) & 1
        known = displayed | np.int64(can_be_looked_up(first + p, visible))
        bad = ((face >> 13) & 1) | (known & np.int64(is_scored & (score < lowest)))
        bad_critic = bad & critic
        news = face >> 28
        word = (
            1
            + (scored << A_SCORED)
            + (np.int64(is_scored & (score < bar)) << A_LOW)
            + (critic << A_CRITICS)
            + (((face >> 12) & 1) << A_PRAISERS)
            + (bad_critic << A_BAD_CRITICS)
            + ((bad - bad_critic) << A_BAD_OTHERS)
            + (np.int64(news >= 12) << A_SETTLED)
            + (np.int64(news == 12) << A_PUNISHED)
            + (np.int64(score > 0) << A_ENROLLED)
            + (displayed << A_DISPLAYED)
        )
        voice = np.int64(own_shadow[p])
        told = (score & -scored) + ((voice & 1) << H_CRITICS) + ((voice >> 1) << H_PRAISERS)
        mask = -(((face >> bit) & 1) | always)
        shown[p] = word & mask
        heard[p] = told & mask
    for p in range(size, PLACES):
        shown[p] = 0
        heard[p] = 0


@inner
def meet_at_work(
    district, wiring, who, faces, shadow, bar, lowest, visible, shown, heard, at_desk, heard_at_desk
):
    """Write what everybody in a district shows, and the sums over those who work at each desk.

    Parameters
    ----------
    district : int
        Its first segment.
    shown, heard : int64[8, 64], int32[8, 64]
        By segment of the district and position.
    at_desk, heard_at_desk : int64[64], int32[64]
        Sums over those of the labour force, by number of the desk.
    """
    at_desk[:] = 0
    heard_at_desk[:] = 0
    inverse = wiring.perm_inverse
    for s in range(np.int64(wiring.district_size[district])):
        first = np.int64(wiring.segment_first[district + s])
        size = np.int64(wiring.segment_size[district + s])
        _show(faces, shadow, first, size, bar, lowest, visible, 0, 1, shown[s], heard[s])
        desks = inverse[np.int64(wiring.work[district + s])]
        own_who = who[first : first + size]
        own_shown = shown[s]
        own_heard = heard[s]
        for p in range(size):
            works = -np.int64(((own_who[p] >> 3) & 7) < 6)
            desk = desks[p]
            at_desk[desk] += own_shown[p] & works
            heard_at_desk[desk] += own_heard[p] & works


@inner
def look_around(
    segment,
    wiring,
    faces,
    shadow,
    bar,
    lowest,
    visible,
    shown,
    heard,
    slots,
    heard_slots,
    others,
    firsts,
):
    """Write what the candidates of a segment show in each slot of near and far ties.

    Parameters
    ----------
    shown, heard : int64[64], int32[64]
        What the segment's own citizens show.
    slots, heard_slots : int64[12 * 64], int32[12 * 64]
        By slot and position of the candidate; nothing where the candidate does not keep the tie.
    others : uint8[13 * 64]
        Position of each citizen's candidate, in the last row of the namesake; who has a bit of
        ``traits.slots`` has a candidate.
    firsts : int64[13]
        First citizen of the candidates' segment, -1 where there is none.
    """
    base = np.int64(wiring.segment_first[segment])
    size = np.int64(wiring.segment_size[segment])
    own_faces = faces[base : base + size]
    for slot in range(NEAR_SLOTS):
        row = np.int64(wiring.near[segment, slot])
        bit = 16 + slot
        firsts[slot] = base
        _copy(wiring.matching[row], others[PLACES * slot : PLACES * (slot + 1)])
        open_shown = slots[PLACES * slot : PLACES * (slot + 1)]
        open_heard = heard_slots[PLACES * slot : PLACES * (slot + 1)]
        for p in range(size):
            mask = -((np.int64(own_faces[p]) >> bit) & 1)
            open_shown[p] = shown[p] & mask
            open_heard[p] = heard[p] & mask
        for p in range(size, PLACES):
            open_shown[p] = 0
            open_heard[p] = 0
    for far in range(FAR_SLOTS + 1):
        slot = NEAR_SLOTS + far
        if far < FAR_SLOTS:
            partner = np.int64(wiring.far_segment[segment, far])
            row = np.int64(wiring.far_template[segment, far])
        else:
            partner = np.int64(wiring.name_segment[segment])
            row = np.int64(wiring.name_template[segment])
        if partner < 0:
            firsts[slot] = -1
            if far < FAR_SLOTS:
                for p in range(PLACES * slot, PLACES * (slot + 1)):
                    others[p] = 0
                    slots[p] = 0
                    heard_slots[p] = 0
            continue
        there = np.int64(wiring.segment_first[partner])
        room = np.int64(wiring.segment_size[partner])
        firsts[slot] = there
        if segment < partner:
            _copy(wiring.perm[row], others[PLACES * slot : PLACES * (slot + 1)])
        else:
            _copy(wiring.perm_inverse[row], others[PLACES * slot : PLACES * (slot + 1)])
        if far < FAR_SLOTS:
            _show(
                faces,
                shadow,
                there,
                room,
                bar,
                lowest,
                visible,
                16 + slot,
                0,
                slots[PLACES * slot : PLACES * (slot + 1)],
                heard_slots[PLACES * slot : PLACES * (slot + 1)],
            )


@inner
def ask_for(segment, wiring, faces, shadow, misc):
    """Ask the memory for the faces that a segment's citizens will look at."""
    for far in range(FAR_SLOTS + 1):
        if far < FAR_SLOTS:
            partner = np.int64(wiring.far_segment[segment, far])
        else:
            partner = np.int64(wiring.name_segment[segment])
        if partner >= 0:
            there = np.int64(wiring.segment_first[partner])
            last = there + np.int64(wiring.segment_size[partner]) - 1
            # A line of memory holds sixteen faces; 64 of them may begin inside one.
            for place in range(there, last + 1, 16):
                fetch_ahead(faces, place)
            fetch_ahead(faces, last)
            if far < FAR_SLOTS:
                fetch_ahead(shadow, there)
                fetch_ahead(shadow, last)
            else:
                fetch_ahead(misc, there)
                fetch_ahead(misc, last)


@inner
def add_up(
    start,
    end,
    segment,
    wiring,
    traits_home,
    traits_slots,
    who,
    faces,
    shown,
    heard,
    at_desk,
    heard_at_desk,
    slots,
    heard_slots,
    others,
    before,
    tally,
    voices,
):
    """Write the sums of the two words over the open ties of the citizens ``start`` to ``end - 1``.

    Parameters
    ----------
    before : int64[2, 65]
        Room for sums over all positions below one.
    tally, voices : int64[64], int64[64]
        Written: the sums of ``shown`` and of ``heard``.
    """
    size = np.int64(wiring.segment_size[segment])
    total = np.int64(0)
    told = np.int64(0)
    for p in range(size):
        before[0, p] = total
        before[1, p] = told
        total += shown[p]
        told += heard[p]
    before[0, size] = total
    before[1, size] = told
    desks = wiring.perm_inverse[np.int64(wiring.work[segment])]
    own_home = traits_home[start:end]
    own_who = who[start:end]
    own_slots = traits_slots[start:end]
    own_faces = faces[start:end]
    for p in range(end - start):
        home = np.int64(own_home[p])
        head = p - (home & 7)
        last = head + ((home >> 3) & 7)
        works = -np.int64(((own_who[p] >> 3) & 7) < 6)
        desk = desks[p]
        total = before[0, last] - before[0, head] - shown[p]
        total += (at_desk[desk] - shown[p]) & works
        told = before[1, last] - before[1, head] - heard[p]
        told += (np.int64(heard_at_desk[desk]) - heard[p]) & works
        willing = np.int64(own_slots[p]) & (np.int64(own_faces[p]) >> 16)
        for slot in range(SLOTS):
            mask = -((willing >> slot) & 1)
            other = PLACES * slot + others[PLACES * slot + p]
            total += slots[other] & mask
            told += heard_slots[other] & mask
        tally[p] = total
        voices[p] = told
