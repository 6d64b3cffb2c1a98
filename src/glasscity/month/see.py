"""Before the stages: what a citizen sees of others, as it was last month.

This is the only place where the month reads other citizens, so that no stage needs to wait for
another citizen's.  What is seen moves the two fears (model, 5.6): the running mean of a signed
contrast, so that a neighbour's debts do not chill speech by themselves.
"""

from __future__ import annotations

import numpy as np

from glasscity.jit import kernel
from glasscity.month import tables as at
from glasscity.month.shared import can_be_looked_up, summarise
from glasscity.society.ties import colleague, far_partner, namesake, near_partner

READS = (
    "truth.liquidity",
    "face.now",
    "belief.speech",
    "belief.breach",
    "belief.speech_seen",
    "belief.breach_seen",
)
WRITES = (
    "belief.speech",
    "belief.breach",
    "belief.speech_seen",
    "belief.breach_seen",
    "scratch.glimpse",
)

__all__ = ["READS", "WRITES", "candidates", "contrast", "dropped_tie", "learned", "recalled", "see"]


@kernel
def contrast(bad, some, bad_others, others):
    """Return share bad among some minus share bad among the others, in 1/16384."""
    return bad * 16384 // some - bad_others * 16384 // others


@kernel
def learned(belief, observed, learn):
    """Return a running mean of contrasts after one more, rounded toward the old value."""
    step = (observed - belief) * learn
    if step >= 0:
        return belief + (step >> 16)
    return belief - ((-step) >> 16)


@kernel
def recalled(count, learn, observed):
    """Return the number of observations remembered, in 1/4: forgotten, then one more if any."""
    count -= (count * learn + 65535) >> 16
    if observed:
        count += 4
    if count < 0:
        count = 0
    if count > 255:
        count = 255
    return count


@kernel
def dropped_tie(ids, n, faces, score, visible, tie_drop, word):
    """Return 1 + the slot of the tie that is dropped this month, or 0.

    Only ties with a lower score that can be looked up are at risk, in proportion to the difference.
    One word decides for all of them: their thresholds are laid end to end.
    """
    reach = np.int64(0)
    for k in range(n):
        if ids[1, k] > 0:
            j = ids[0, k]
            other = np.int64(faces[j]) & 2047
            if 1 < other < score and can_be_looked_up(j, visible):
                reach += (score - other) * tie_drop
                if word < reach:
                    return ids[1, k]
    return 0


@kernel
def candidates(segment, wiring, found):
    """Write every candidate at the other end of a tie into ``found``, int64[64, 20].

    A row a position; columns 0-5 near, 6-11 far, 12-18 colleagues, 19 the namesake; oneself where
    there is nobody.  Once for a
    segment rather than once for a citizen: its templates are looked up once.
    """
    size = np.int64(wiring.segment_size[segment])
    for position in range(size):
        for slot in range(6):
            found[position, slot] = near_partner(wiring, segment, position, slot)
            found[position, 6 + slot] = far_partner(wiring, segment, position, slot)
        for k in range(7):
            found[position, 12 + k] = colleague(wiring, segment, position, k)
        found[position, 19] = namesake(wiring, segment, position)
        # Oneself stands for nobody, so that whoever reads on reads a face that exists.
        own = np.int64(wiring.segment_first[segment]) + position
        for row in range(20):
            if found[position, row] < 0:
                found[position, row] = own


@kernel
def see(lo, hi, first_segment, traits, wiring, state, tables, now, luck, scratch, moments):
    """Look around for every citizen of the stride, learn, and note what later stages need.

    Adds to ``moments`` (int64[5]) the tie moments of scores over ordered pairs of scored ends:
    their number, the sums of own scores, of their squares and of products, and scored citizens with
    a scored tie.
    """
    truth_liquidity = state.truth.liquidity
    belief_speech = state.belief.speech
    belief_breach = state.belief.breach
    belief_speech_seen = state.belief.speech_seen
    belief_breach_seen = state.belief.breach_seen
    glimpse = state.glimpse
    faces = state.face.now
    traits_who = traits.who
    traits_home = traits.home
    traits_slots = traits.slots
    traits_misc = traits.misc
    seen = np.zeros(12, dtype=np.int64)
    ids = np.zeros((2, 32), dtype=np.int64)
    found = np.zeros((64, 20), dtype=np.int64)
    bar = now[at.NOW_BAR]
    lowest = now[at.NOW_LOWEST]
    visible = tables[at.VISIBLE]
    learn = tables[at.LEARN]
    active = now[at.NOW_PENALTIES] + now[at.NOW_OPT_IN] > 0
    tie_drop = tables[at.TIE_DROP] if active else 0
    for i in range(lo, hi):
        k = i - lo
        position = k & 63
        if position == 0:
            candidates(first_segment + (k >> 6), wiring, found)

        # The ties that are open: both ends are willing.  Written without branches: whether a tie
        # is open is a coin toss to the processor, and there are twenty of them a citizen.
        n = 0
        home = np.int64(traits_home[i])
        first = i - (home & 7)
        size = (home >> 3) & 7
        pool = np.int64(0)
        for j in range(first, first + size):
            pool += truth_liquidity[j]
            ids[0, n] = j
            ids[1, n] = 0
            n += j != i
        if (traits_who[i] >> 3) & 7 < 6:
            for row in range(12, 19):
                j = found[position, row]
                ids[0, n] = j
                ids[1, n] = 0
                n += (j != i) & ((traits_who[j] >> 3) & 7 < 6)
        willing = np.int64(traits_slots[i]) & (np.int64(faces[i]) >> 16)
        for slot in range(12):
            j = found[position, slot]
            ids[0, n] = j
            ids[1, n] = 1 + slot
            n += (willing >> slot) & (np.int64(faces[j]) >> (16 + slot)) & 1
        summarise(ids, n, faces, bar, lowest, visible, seen)
        scratch[at.S_TIES_OPEN, k] = n
        scratch[at.S_TIES_SCORED, k] = seen[1]
        scratch[at.S_TIES_SUM, k] = seen[2]
        scratch[at.S_TIES_LOW, k] = seen[3]
        scratch[at.S_CRITICS, k] = seen[4]
        scratch[at.S_PRAISERS, k] = seen[5]
        scratch[at.S_POOL, k] = pool // size

        score = np.int64(faces[i]) & 2047
        if score > 1 and seen[1] > 0:
            moments[0] += seen[1]
            moments[1] += seen[1] * score
            moments[2] += seen[1] * score * score
            moments[3] += score * seen[2]
            moments[4] += 1

        # Speech: critics against everybody else.  Breach: those in breach against the rest.
        others = n - seen[4]
        observed = seen[4] > 0 and others > 0
        if observed:
            belief_speech[i] = learned(
                np.int64(belief_speech[i]), contrast(seen[6], seen[4], seen[7], others), learn
            )
        belief_speech_seen[i] = recalled(np.int64(belief_speech_seen[i]), learn, observed)
        steady = n - seen[8]
        observed = seen[8] > 0 and steady > 0
        if observed:
            belief_breach[i] = learned(
                np.int64(belief_breach[i]),
                contrast(seen[9], seen[8], seen[11] - seen[9], steady),
                learn,
            )
        belief_breach_seen[i] = recalled(np.int64(belief_breach_seen[i]), learn, observed)

        twin = found[position, 19]
        event = np.int64(0)
        if twin != i and (traits_misc[i] >> 4) & 3 > 0 and (traits_misc[twin] >> 4) & 3 > 0:
            event = np.int64(faces[twin]) >> 28
        else:
            twin = np.int64(i)
        scratch[at.S_TWIN, k] = twin - i
        scratch[at.S_TWIN_EVENT, k] = event

        dropped = np.int64(0)
        if tie_drop > 0 and score > 1:
            word = np.int64(luck[at.L_RESPOND, 1, k])
            dropped = dropped_tie(ids, n, faces, score, visible, tie_drop, word)
        enrolled = np.int64(0)
        if n > 0:
            enrolled = seen[10] * 15 // n
        glimpse[i] = dropped | (enrolled << 4)
