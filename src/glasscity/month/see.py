"""Before the stages: what a citizen sees of others, as it was last month.

This is the only place where the month reads other citizens, so that no stage needs to wait for
another citizen's.  What is seen moves the two fears (model, 5.6): the running mean of a signed
contrast, so that a neighbour's debts do not chill speech by themselves.
"""

from __future__ import annotations

import numpy as np

from glasscity.draws import word
from glasscity.jit import kernel
from glasscity.month import tables as at
from glasscity.month.shared import can_be_looked_up, dealt, summarise
from glasscity.society.ties import candidates

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
# The shadow of the world where nobody has feared moves nothing but itself.
READS_FOR_AUDIT = ("audit.shadow",)

__all__ = [
    "READS",
    "READS_FOR_AUDIT",
    "WRITES",
    "contrast",
    "dropped",
    "learned",
    "recalled",
    "reported",
    "see",
]


# b * 16384 // n for b of n ties: a division each would cost more than all else here.
_SHARES = np.array([[b * 16384 // max(1, n) for b in range(33)] for n in range(33)], dtype=np.int64)


@kernel
def fifteenths(ties, some, i):
    """Return the share of some of a citizen's ties in fifteenths, rounded up or down.

    Which way is dealt to the citizen once and for all, in proportion to what is left over: rounded
    down for everybody, one enrolled tie among twenty would count as none, and few would follow.
    """
    return (_SHARES[ties, some] * 15 + 14 + 64 * dealt(i, 32)) >> 14


@kernel
def contrast(bad, some, bad_others, others):
    """Return share bad among some minus share bad among the others, in 1/16384."""
    return _SHARES[some, bad] - _SHARES[others, bad_others]


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
def dropped(drawn, willing, row, faces, score, visible, tie_drop):
    """Return 1 + the slot of the tie that is dropped this month, or 0.

    The word picks one of the twelve slots and what is left of it decides, at twelve times the
    hazard: each tie's own hazard is ``tie_drop`` for each point that its other end scores below,
    and at most one tie is dropped a month.  Only scores that can be looked up or were displayed
    count.
    """
    wide = drawn * 12
    slot = wide >> 32
    if (willing >> slot) & 1:
        j = row[slot]
        other = np.int64(faces[j]) & 2047
        if (
            1 < other < score
            and (np.int64(faces[j]) >> (16 + slot)) & 1
            and (can_be_looked_up(j, visible) or (np.int64(faces[j]) >> 14) & 1 == 1)
            and wide & 0xFFFFFFFF < 12 * (score - other) * tie_drop
        ):
            return slot + 1
    return 0


@kernel
def reported(drawn, ids, n, faces, score, report):
    """Return 1 if one of ``n`` ties reports what never happened, else 0.

    The word picks a tie, and what is left of it decides; only somebody with a lower score does it.
    """
    if n == 0 or score < 2:
        return 0
    wide = drawn * n
    other = np.int64(faces[ids[wide >> 32]]) & 2047
    return np.int64((1 < other) & (other < score) & (wide & 0xFFFFFFFF < report))


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
    ids = np.zeros(32, dtype=np.int64)
    found = np.zeros((20, 64), dtype=np.int64)
    bar = now[at.NOW_BAR]
    lowest = now[at.NOW_LOWEST]
    visible = tables[at.VISIBLE]
    learn = tables[at.LEARN]
    active = now[at.NOW_PENALTIES] + now[at.NOW_OPT_IN] > 0
    tie_drop = tables[at.TIE_DROP] if active else 0
    reports = tables[at.REPORT] > 0
    report = tables[at.REPORT] if active else 0
    shadow = state.audit.shadow
    pulls = tables[at.CONFORMITY] > 0
    seed = tables[at.SEED]
    key = now[at.NOW_KEY]
    pairs = np.int64(0)
    sum_x = np.int64(0)
    sum_xx = np.int64(0)
    sum_xy = np.int64(0)
    people = np.int64(0)
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
            ids[n] = j
            n += j != i
        if (traits_who[i] >> 3) & 7 < 6:
            for row in range(12, 19):
                j = found[row, position]
                ids[n] = j
                n += (j != i) & ((traits_who[j] >> 3) & 7 < 6)
        willing = np.int64(traits_slots[i]) & (np.int64(faces[i]) >> 16)
        for slot in range(12):
            j = found[slot, position]
            ids[n] = j
            n += (willing >> slot) & (np.int64(faces[j]) >> (16 + slot)) & 1
        seen = summarise(ids, n, faces, bar, lowest, visible)
        scratch[at.S_TIES_OPEN, k] = n
        scratch[at.S_TIES_SCORED, k] = seen[1]
        scratch[at.S_TIES_SUM, k] = seen[2]
        scratch[at.S_TIES_LOW, k] = seen[3]
        scratch[at.S_CRITICS, k] = seen[4]
        scratch[at.S_PRAISERS, k] = seen[5]
        scratch[at.S_DISPLAYS, k] = seen[12]
        if pulls:
            # Who would speak how in the shadow of this world where nobody has feared.
            critics = np.int64(0)
            praisers = np.int64(0)
            for t in range(n):
                voice = np.int64(shadow[ids[t]])
                critics += voice & 1
                praisers += voice >> 1
            scratch[at.S_SHADOW_CRITICS, k] = critics
            scratch[at.S_SHADOW_PRAISERS, k] = praisers
        if size == 2:
            pool >>= 1
        elif size > 2:
            pool //= size
        scratch[at.S_POOL, k] = pool

        score = np.int64(faces[i]) & 2047
        if reports:
            # Also in months without reports: the scratch is that of another month or world.
            scratch[at.S_REPORTED, k] = 0
            if report > 0:
                scratch[at.S_REPORTED, k] = reported(
                    word(seed, i, key, at.C_REPORT, 0), ids, n, faces, score, report
                )
        if score > 1 and seen[1] > 0:
            pairs += seen[1]
            sum_x += seen[1] * score
            sum_xx += seen[1] * score * score
            sum_xy += score * seen[2]
            people += 1

        # Speech: critics against everybody else.
        others = n - seen[4]
        observed = seen[4] > 0 and others > 0
        if observed:
            belief_speech[i] = learned(
                np.int64(belief_speech[i]), contrast(seen[6], seen[4], seen[7], others), learn
            )
        belief_speech_seen[i] = recalled(np.int64(belief_speech_seen[i]), learn, observed)
        # Breach: of the spells settled last month, the ties' and one's own, how many were listed.
        code = np.int64(faces[i]) >> 28
        settled = seen[8] + (code >= 12)
        if settled > 0:
            belief_breach[i] = learned(
                np.int64(belief_breach[i]), _SHARES[settled, seen[9] + (code == 12)], learn
            )
        belief_breach_seen[i] = recalled(np.int64(belief_breach_seen[i]), learn, settled > 0)

        twin = found[19, position]
        event = np.int64(0)
        if twin != i and (traits_misc[i] >> 4) & 3 > 0 and (traits_misc[twin] >> 4) & 3 > 0:
            event = np.int64(faces[twin]) >> 28
        else:
            twin = np.int64(i)
        scratch[at.S_TWIN, k] = twin - i
        scratch[at.S_TWIN_EVENT, k] = event

        lost = np.int64(0)
        if tie_drop > 0 and score > 1:
            drawn = np.int64(luck[at.L_WORK, 2, k])
            lost = dropped(drawn, willing, found[:, position], faces, score, visible, tie_drop)
        enrolled = np.int64(0)
        if n > 0:
            enrolled = fifteenths(n, seen[10], i)
        glimpse[i] = lost | (enrolled << 4)
    moments[0] += pairs
    moments[1] += sum_x
    moments[2] += sum_xx
    moments[3] += sum_xy
    moments[4] += people
