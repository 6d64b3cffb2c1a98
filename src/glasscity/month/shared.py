"""Small formulas that several stages use, each in one place."""

from __future__ import annotations

import numpy as np

from glasscity.jit import inner
from glasscity.month import tables as at
from glasscity.society.ties import colleague, far_partner, near_partner

__all__ = [
    "ERROR_SHARE",
    "FIRST_SHARE",
    "can_be_looked_up",
    "cell_of",
    "class_of",
    "closed_by_lists",
    "covered",
    "dealt",
    "face_event",
    "face_score",
    "face_voice",
    "fear_of",
    "gates_of",
    "gates_value",
    "listed_bits",
    "logged",
    "on_list",
    "reached_by_lists",
    "share_after",
    "standing_of",
    "summarise",
    "tie_ids",
    "toward",
    "unpack",
]

# Where the shares of a sphere begin in audit.shares, and which of them is the error's.
FIRST_SHARE = (0, 3, 6, 7)
ERROR_SHARE = (2, 5, 6, 7)


@inner
def toward(x, target, memory):
    """Return the running mean after one more observation, on integers.

    ``x + (target - x) * memory / 65536``, the step rounded toward the lower value: a mean whose
    observations are zero reaches zero and does not stall above it; it lies at most
    ``65536 / memory`` units below the exact one.
    """
    return x + (((target - x) * memory) >> 16)


@inner
def share_after(share, kept, added, total):
    """Return a cause's share (1/255) of a deficit ``total = kept + increment``.

    The decay of a running mean leaves shares as they are; only what is added moves them.  A share
    that gets nothing is rounded down, or it would stall above zero; else to the nearest.
    """
    half = total // 2 if added > 0 else 0
    return (share * kept + 255 * added + half) // total


@inner
def cell_of(income, who, opinion):
    """Return the cube's cell of a citizen: (quintile * 5 + age band) * 3 + camp."""
    quintile = (income * 5) >> 8
    camp = 1
    if opinion * 5 < -127:
        camp = 0
    elif opinion * 5 > 127:
        camp = 2
    return (quintile * 5 + (who & 7)) * 3 + camp


@inner
def class_of(area, income, who):
    """Return the demand class of a citizen: (area * 5 + quintile) * 5 + age band, in [0, 50)."""
    return (area * 5 + ((income * 5) >> 8)) * 5 + (who & 7)


@inner
def face_score(face):
    """Return the score of a face; 0 is unscored, 1 joined but not yet scored."""
    return face & 2047


@inner
def face_voice(face):
    """Return the voice of a face: 0 silent, 1 criticise, 2 praise."""
    return (face >> 11) & 3


@inner
def face_event(face):
    """Return 1 + the code of the gravest breach put on record last month, or 0."""
    return (face >> 28) & 15


@inner
def on_list(standing):
    """Return whether a standing means being on the list."""
    return 0 < standing < 128


@inner
def listed_bits(standing, i):
    """Return the lists that citizen i is on, bit s for sphere s."""
    bits = 0
    for s in range(4):
        if on_list(standing[i, s]):
            bits |= 1 << s
    return bits


# An odd constant near 2**64 over the golden ratio, as a signed number.
_SPREAD = np.int64(-7046029254386353131)


@inner
def dealt(i, use):
    """Return 0..255, dealt to citizen i once and for all, for one of several uses."""
    mixed = (np.int64(i) + np.int64(use) * 2654435769) * _SPREAD
    mixed = (mixed ^ (mixed >> 29)) * _SPREAD
    return (mixed >> 40) & 255


@inner
def covered(tables, i, guard):
    """Return whether a safeguard (in the order of the tables' guards) covers citizen i."""
    return tables[at.GUARDED] == 1 and dealt(i, 16 + guard) < tables[at.GUARDS + guard]


@inner
def standing_of(now, score):
    """Return where a score stood last month, in half spreads around the mean: 0..15, 8 the mean."""
    if now[at.NOW_SPREAD16] == 0:
        return np.int64(8)
    place = 8 + (score * 16 - now[at.NOW_MEAN16]) * 2 // now[at.NOW_SPREAD16]
    return min(max(place, 0), 15)


@inner
def closed_by_lists(tables, phase, bits, i):
    """Return the mask of gates closed by the lists in ``bits`` for citizen i.

    Those that the lists reach, less the essential ones where they stay open to i.
    """
    closed = reached_by_lists(tables, phase, bits, i)
    if closed and covered(tables, i, at.ESSENTIALS):
        closed &= ~tables[at.ESSENTIAL]
    return closed


@inner
def reached_by_lists(tables, phase, bits, i):
    """Return the mask of gates that the lists in ``bits`` would close, were no gate essential.

    Gates of the list's own sphere, and those of other spheres where joint punishment reaches i (at
    a strength below one it reaches a fixed share of citizens, and none whom a firewall covers).
    ``phase`` is now[NOW_EVERYWHERE].
    """
    closed = np.int64(0)
    if bits:
        reached = ((i * 2654435761) >> 16) & 255 < tables[at.JOINT_STRENGTH]
        reached = reached and not covered(tables, i, at.FIREWALL)
        for s in range(4):
            if bits & (1 << s):
                closed |= tables[at.JOINT_HERE + s]
                if reached:
                    closed |= tables[at.JOINT + 4 * phase + s]
    return closed


@inner
def gates_of(tables, sphere):
    """Return the mask of a sphere's gates."""
    mask = np.int64(0)
    for g in range(18):
        if tables[at.GATE_SPHERE + g] == sphere:
            mask |= 1 << g
    return mask


@inner
def gates_value(tables, kind, mask):
    """Return what the gates in ``mask`` are worth to a demand class, 0..65536."""
    value = 0
    for g in range(18):
        if mask & (1 << g):
            value += tables[at.GATE_VALUE + 18 * kind + g]
    return value


# n * 2**32 / (n + 4), so rounded that x * _SEEN[n] >> 32 is x * n // (n + 4) for x below 2**15.
_SEEN = np.array([n * (2**32 // (n + 4) + 1) for n in range(256)], dtype=np.int64)


@inner
def fear_of(phi, learned, seen, other, other_seen, crosstalk, salience):
    """Return a fear in 1/256: phi + (1 - phi) * e.

    e is the learned contrast, clipped at zero only now, times n / (n + 1), plus a share
    ``crosstalk`` of the other fear's, plus the salience of a regime just announced; at most 1.
    Contrasts are in 1/16384, counts in 1/4.
    """
    # Without branches and without dividing, for many at a time.
    e = (max(learned, 0) * _SEEN[seen]) >> 32
    e += (((max(other, 0) * _SEEN[other_seen]) >> 32) * crosstalk) >> 16
    e = min((e >> 6) + salience, 256)
    return phi + (((256 - phi) * e) >> 8)


@inner
def unpack(lanes, rows, counts):
    """Add packed counts to the cube's rows and clear them.

    ``lanes``, int64[groups, 75]; ``rows``, int64[groups, 5]: the row of each lane, -1 none.
    """
    for group in range(rows.shape[0]):
        for cell in range(lanes.shape[1]):
            packed = lanes[group, cell]
            if packed != 0:
                lanes[group, cell] = 0
                for lane in range(at.LANES):
                    if rows[group, lane] >= 0:
                        counts[rows[group, lane], cell] += (packed >> (at.LANE * lane)) & 4095


@inner
def logged(log, used, kind, person, a, b):
    """Write a log row (month.tables) of four entries, the rest zero; return the rows used then."""
    log[used, 0] = kind
    log[used, 1] = person
    log[used, 2] = a
    log[used, 3] = b
    for column in range(4, 8):
        log[used, column] = 0
    return used + 1


@inner
def tie_ids(i, segment, position, traits, wiring, faces, ids):
    """Write the other ends of i's open ties into ``ids``, int64[32]; return how many.

    The slow way, for single citizens; ``see`` finds the same for whole segments.  A near or far
    tie is open while it exists and both ends are willing.
    """
    n = 0
    home = traits.home[i]
    first = i - (home & 7)
    for j in range(first, first + ((home >> 3) & 7)):
        if j != i:
            ids[n] = j
            n += 1
    if (traits.who[i] >> 3) & 7 < 6:
        for k in range(7):
            j = colleague(wiring, segment, position, k)
            if j >= 0 and (traits.who[j] >> 3) & 7 < 6:
                ids[n] = j
                n += 1
    open_slots = traits.slots[i] & (faces[i] >> 16)
    if open_slots & 63:
        for slot in range(6):
            if (open_slots >> slot) & 1:
                j = near_partner(wiring, segment, position, slot)
                if (faces[j] >> (16 + slot)) & 1:
                    ids[n] = j
                    n += 1
    if open_slots & 4032:
        for slot in range(6):
            if (open_slots >> (6 + slot)) & 1:
                j = far_partner(wiring, segment, position, slot)
                if (faces[j] >> (22 + slot)) & 1:
                    ids[n] = j
                    n += 1
    return n


@inner
def can_be_looked_up(person, visible):
    """Return whether others can look up a person's score; ``visible`` of 256 people's can be."""
    return ((person * 2654435761) >> 24) & 255 < visible


@inner
def summarise(ids, n, faces, bar, lowest, visible):
    """Return thirteen counts of what ``n`` ties show.

    Ties; scored ones; the sum of their scores; those below the bar; critics; praisers; critics
    visibly badly off; others visibly badly off; those of whom a settled breach was heard last
    month; of these, the newly listed; the enrolled; the listed; those who displayed their score.
    Visibly badly off: listed, or with a score that can be looked up or was displayed and lies under
    the lowest gate threshold.
    """
    scored = np.int64(0)
    total = np.int64(0)
    low = np.int64(0)
    critics = np.int64(0)
    praisers = np.int64(0)
    bad_critics = np.int64(0)
    bad_others = np.int64(0)
    settled = np.int64(0)
    punished = np.int64(0)
    enrolled = np.int64(0)
    listed = np.int64(0)
    displayed = np.int64(0)
    for k in range(n):
        face = np.int64(faces[ids[k]])
        score = face & 2047
        on = (face >> 13) & 1
        critic = (face >> 11) & 1
        is_scored = score > 1
        scored += is_scored
        total += score * is_scored
        low += is_scored & (score < bar)
        enrolled += score > 0
        bad = on
        shown = (face >> 14) & 1
        displayed += shown
        if lowest > 0 and is_scored and score < lowest:
            if shown == 1 or can_be_looked_up(ids[k], visible):
                bad = np.int64(1)
        listed += on
        critics += critic
        praisers += (face >> 12) & 1
        bad_critics += bad & critic
        bad_others += bad & ~critic & 1
        settled += face >> 28 >= 12
        punished += face >> 28 == 12
    return (
        n,
        scored,
        total,
        low,
        critics,
        praisers,
        bad_critics,
        bad_others,
        settled,
        punished,
        enrolled,
        listed,
        displayed,
    )
