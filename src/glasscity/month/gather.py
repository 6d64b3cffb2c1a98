"""What the ties of a segment's 64 citizens show, added up for all of them at once.

What one citizen shows is put into two words, a count a lane, so that a tie costs one addition and
not a dozen: ``shown`` has eleven lanes of five bits, ``heard`` the score and the shadow voice.
Sums over a household and over the desks of a workplace are made once for all of their members, who
then take themselves out again; sums over the twelve slots of near and far ties are made tie by tie.
Nobody has more than 25 ties, so no lane runs over into the next.
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
    "NOBODY",
    "PLACES",
    "ROW",
    "SLOTS",
    "WITH_NAMESAKE",
    "add_up",
    "ask_for",
    "look_around",
    "meet_at_work",
]

PLACES = 64  # positions in a segment
NOBODY = 64  # stands for a position where nobody is
ROW = 72  # from one slot's row to the next: the positions, nobody, and room
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
def _lead(row, willing, slot, others):
    """Write the position of each citizen's candidate in a slot, nobody's for the unwilling."""
    bit = np.uint16(1 << slot)
    for p in range(PLACES):
        others[p] = row[p] if willing[p] & bit else NOBODY


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
    shown, heard : int64[8, 64]
        By segment of the district and position.
    at_desk, heard_at_desk : int64[64]
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
    traits_slots,
    willing,
    slots,
    heard_slots,
    others,
    firsts,
):
    """Write what the candidates of a segment show in each slot of near and far ties.

    Parameters
    ----------
    shown, heard : int64[64]
        What the segment's own citizens show.
    slots, heard_slots : int64[12 * 72]
        By slot and position of the candidate; nothing where the candidate does not keep the tie.
    willing : uint16[64]
        Slots that each citizen has a tie in and keeps it; who has a tie has a candidate.
    others : uint8[13 * 72]
        Position of each citizen's candidate, nobody's where the citizen does not keep the tie; in
        the last row the namesake's.
    firsts : int64[13]
        First citizen of the candidates' segment, -1 where there is none.
    """
    base = np.int64(wiring.segment_first[segment])
    size = np.int64(wiring.segment_size[segment])
    own_faces = faces[base : base + size]
    own_slots = traits_slots[base : base + size]
    for p in range(size):
        willing[p] = own_slots[p] & (own_faces[p] >> 16)
    for p in range(size, PLACES):
        willing[p] = 0
    for slot in range(NEAR_SLOTS):
        firsts[slot] = base
        row = wiring.matching[np.int64(wiring.near[segment, slot])]
        _lead(row, willing, slot, others[ROW * slot : ROW * slot + PLACES])
        open_shown = slots[ROW * slot : ROW * slot + PLACES]
        open_heard = heard_slots[ROW * slot : ROW * slot + PLACES]
        for p in range(PLACES):
            mask = -((np.int64(willing[p]) >> slot) & 1)
            open_shown[p] = shown[p] & mask
            open_heard[p] = heard[p] & mask
    for far in range(FAR_SLOTS):
        slot = NEAR_SLOTS + far
        partner = np.int64(wiring.far_segment[segment, far])
        if partner < 0:
            firsts[slot] = -1
            for p in range(ROW * slot, ROW * slot + PLACES):
                others[p] = NOBODY
            continue
        template = np.int64(wiring.far_template[segment, far])
        row = wiring.perm[template] if segment < partner else wiring.perm_inverse[template]
        _lead(row, willing, slot, others[ROW * slot : ROW * slot + PLACES])
        there = np.int64(wiring.segment_first[partner])
        firsts[slot] = there
        _show(
            faces,
            shadow,
            there,
            np.int64(wiring.segment_size[partner]),
            bar,
            lowest,
            visible,
            16 + slot,
            0,
            slots[ROW * slot : ROW * slot + PLACES],
            heard_slots[ROW * slot : ROW * slot + PLACES],
        )
    partner = np.int64(wiring.name_segment[segment])
    firsts[SLOTS] = -1
    if partner >= 0:
        firsts[SLOTS] = np.int64(wiring.segment_first[partner])
        template = np.int64(wiring.name_template[segment])
        row = wiring.perm[template] if segment < partner else wiring.perm_inverse[template]
        for p in range(PLACES):
            others[ROW * SLOTS + p] = row[p]


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
    who,
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
    before : int64[2 * 72]
        Room for sums over all positions below one.
    tally, voices : int64[64]
        Written: the sums of ``shown`` and of ``heard``.
    """
    size = np.int64(wiring.segment_size[segment])
    total = np.int64(0)
    told = np.int64(0)
    for p in range(size):
        before[p] = total
        before[ROW + p] = told
        total += shown[p]
        told += heard[p]
    before[size] = total
    before[ROW + size] = told
    desks = wiring.perm_inverse[np.int64(wiring.work[segment])]
    own_home = traits_home[start:end]
    own_who = who[start:end]
    for p in range(end - start):
        home = np.int64(own_home[p])
        # Never negative, but only the mask says so to the compiler.
        head = (p - (home & 7)) & 127
        last = head + ((home >> 3) & 7)
        works = -np.int64(((own_who[p] >> 3) & 7) < 6)
        desk = desks[p]
        total = before[last] - before[head] - shown[p]
        total += (at_desk[desk] - shown[p]) & works
        told = before[ROW + last] - before[ROW + head] - heard[p]
        told += (heard_at_desk[desk] - heard[p]) & works
        for slot in range(SLOTS):
            other = ROW * slot + others[ROW * slot + p]
            total += slots[other]
            told += heard_slots[other]
        tally[p] = total
        voices[p] = told
