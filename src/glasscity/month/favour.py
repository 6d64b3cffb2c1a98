"""At the end of the month: strangers meet, do each other favours or not, and imitate success.

Model, section 5.6.  Two who meet may each do the other a favour, at a cost below its benefit.  Who
keeps trust does so unless they take the stranger for one who does not: from hearsay, which is
right, or else, where scores and lists are looked up, from the stranger's standing, which may be
wrong.  Refusing them costs no standing (indirect reciprocity with justified refusal: Nowak and
Sigmund, "Evolution of indirect reciprocity by image scoring", Nature 393, 1998).  Now and then
somebody compares last month's success with another person's and, if that one fared better, does as
they do, with a chance in proportion to the difference: of all rules that look at one other person
the one whose expected change is that of the replicator equation (Schlag, "Why imitate, and if so,
how?", Journal of Economic Theory 78, 1998).

Favours are a currency of their own: they move no liquidity, and nobody's fear, voice, ties or
applications depend on them.  What is read of others is last month's, and nothing of a regime enters
but through what can be looked up.
"""

from __future__ import annotations

import numpy as np

from glasscity.draws import philox_rows, word
from glasscity.jit import kernel, kernel_with_room
from glasscity.month import tables as at
from glasscity.month.ledger import first_row
from glasscity.month.shared import can_be_looked_up, cell_of, face_score, toward, unpack

READS = ("face.now", "face.deed", "belief.trust")
WRITES = ("face.deed_next", "belief.trust")
# The cube's cell has the opinion camp in it.
READS_FOR_AUDIT = ("truth.opinion",)

__all__ = [
    "READS",
    "READS_FOR_AUDIT",
    "WRITES",
    "badly_off",
    "elsewhere",
    "favour",
    "imitates",
    "payoff",
    "plan",
    "stranger",
]

_PACKED = np.array(
    [
        [
            first_row("strangers_met"),
            first_row("favours"),
            first_row("favours_refused_by_score"),
            first_row("keepers"),
            -1,
        ]
    ],
    dtype=np.int64,
)
_TRUST = first_row("trust_sum")

# The call of the first state's draws, whose third word deals the disposition to keep trust.
_FIRST_STATE = 0x180
_MET = 2
# Six far slots by six: the ways from a segment to another.  A way is chosen for all at once.
_WAYS = 36
_ROWS = 240  # of the permutations, random shuffles
_TURNS = 64


@kernel
def payoff(deed, benefit, cost):
    """Return what a month's deeds were worth: the benefit of a favour less the cost of one."""
    return ((deed >> 3) & 1) * benefit - ((deed >> 2) & 1) * cost


@kernel
def imitates(drawn, imitate, own, other, widest):
    """Return whether one looks at another's success and takes over the way of life.

    Parameters
    ----------
    drawn : int in [0, 2**32)
        The month's word.
    imitate : int in [0, 2**32]
        Threshold of the chance to look at all.
    own, other : int
        Payoffs, in thousandths.
    widest : int
        The largest possible difference, benefit + cost.

    Returns
    -------
    bool
        With chance ``imitate / 2**32 * max(0, other - own) / widest``: the word decides both, so
        that no second one is needed.
    """
    return drawn * widest < imitate * (other - own)


@kernel
def badly_off(face, person, lowest, visible):
    """Return 1 if a face shows its owner badly off, as ties see it (shared.summarise), else 0.

    Listed; or a score that can be looked up or was displayed, under the lowest gate threshold.
    """
    score = face_score(face)
    low = (score > 1) & (score < lowest)
    shown = ((face >> 14) & 1 == 1) | can_be_looked_up(person, visible)
    return np.int64(((face >> 13) & 1 == 1) | (low & shown))


@kernel
def plan(seed, key):
    """Return how people meet in a month: (way, row, turn), then the same of the role models.

    One way from segment to segment serves everybody in a month, drawn anew each month.  The role
    models' is never that of last month's meetings, so that nobody compares with the one whom the
    success compared was shared with, save by chance in a small society.
    """
    met = (word(seed, 0, key, at.C_FAVOUR, 2) * (_WAYS * _ROWS * _TURNS)) >> 32
    seen = (word(seed, 0, key, at.C_FAVOUR, 3) * ((_WAYS - 1) * _ROWS * _TURNS)) >> 32
    last = (word(seed, 0, (key - 1) & 0xFFFFFFFF, at.C_FAVOUR, 2) * (_WAYS * _ROWS * _TURNS)) >> 32
    way = (last % _WAYS + 1 + seen % (_WAYS - 1)) % _WAYS
    return (
        met % _WAYS,
        met // _WAYS % _ROWS,
        met // (_WAYS * _ROWS),
        way,
        seen // (_WAYS - 1) % _ROWS,
        seen // ((_WAYS - 1) * _ROWS),
    )


@kernel
def elsewhere(wiring, segment, way):
    """Return the segment that a segment meets, possibly itself.

    A far slot pairs segments two by two; one that has no partner stays where it is.  Going along
    slot a, then b, then a again pairs them two by two as well, so that six stored slots give 36
    pairings (a = b is the slot itself) and a person up to 36 x 64 strangers.  Four slots of six
    stay in the province, and so do 16 ways of 36.
    """
    a = way // 6
    b = way % 6
    there = np.int64(segment)
    for slot in (a, b, a):
        partner = np.int64(wiring.far_segment[there, slot])
        if partner >= 0:
            there = partner
    return there


@kernel
def stranger(wiring, segment, partner, position, row, turn):
    """Return who meets the citizen at a position of a segment, or -1; both ends get each other.

    The smaller segment's positions are spread over the larger one's, by a shuffle where that is
    full and in order where it is not, turned by a few places, so that everybody of the smaller one
    meets somebody.  A segment that meets itself is folded.
    """
    size = np.int64(wiring.segment_size[segment])
    room = np.int64(wiring.segment_size[partner])
    there = np.int64(wiring.segment_first[partner])
    if segment == partner:
        other = (turn + _TURNS * size - position) % size
        return there + other if other != position else np.int64(-1)
    shuffle = (row + min(segment, partner)) % _ROWS
    if size < room or (size == room and segment < partner):
        if room == 64:
            return there + np.int64(wiring.perm[shuffle, (position + turn) & 63])
        return there + (position + turn) % room
    if size == 64:
        other = (np.int64(wiring.perm_inverse[shuffle, position]) - turn) & 63
    else:
        other = (position + _TURNS * size - turn) % size
    return there + other if other < room else np.int64(-1)


@kernel_with_room
def favour(lo, hi, first_segment, traits, wiring, state, tables, now, luck, counts):
    """Let every citizen of the block meet a stranger, and choose a way of life for next month."""
    faces = state.face.now
    deeds = state.face.deed
    deed_next = state.face.deed_next
    trusts = state.belief.trust
    opinions = state.truth.opinion
    incomes = traits.income
    whos = traits.who
    seed = tables[at.SEED]
    key = now[at.NOW_KEY]
    lowest = now[at.NOW_LOWEST]
    visible = tables[at.VISIBLE]
    gossip = tables[at.GOSSIP]
    by_score = tables[at.BY_SCORE]
    benefit = tables[at.FAVOUR_BENEFIT]
    cost = tables[at.FAVOUR_COST]
    imitate = tables[at.IMITATE]
    innate = tables[at.INNATE]
    memory = tables[at.TRUST_MEMORY]
    way, row, turn, model_way, model_row, model_turn = plan(seed, key)
    ours = np.empty((4, 64), dtype=np.uint32)
    theirs = np.empty((4, 64), dtype=np.uint32)
    lanes = np.zeros((1, 75), dtype=np.int64)
    sums = np.zeros(75, dtype=np.int64)
    for first in range(lo, hi, 64):
        segment = first_segment + ((first - lo) >> 6)
        partner = elsewhere(wiring, segment, way)
        model_segment = elsewhere(wiring, segment, model_way)
        there = np.int64(wiring.segment_first[partner])
        room = np.int64(wiring.segment_size[partner])
        last = min(first + 64, hi)
        # What a donor hears is of the donor's own luck, and both ends need both.
        philox_rows(seed, first, last - first, key, at.C_FAVOUR, ours)
        philox_rows(seed, there, room, key, at.C_FAVOUR, theirs)
        for i in range(first, last):
            k = i - lo
            position = i - first
            deed = np.int64(deeds[i])
            keeps = deed & 1
            done = keeps << 4
            refused = np.int64(0)
            j = stranger(wiring, segment, partner, position, row, turn)
            if j >= 0:
                # Without branches: who does a favour is a coin toss to the processor.
                keep = np.int64(deeds[j]) & 1
                hears = np.int64(ours[0, position] < gossip)
                heard = np.int64(theirs[0, j - there] < gossip)
                bad = by_score & badly_off(np.int64(faces[i]), i, lowest, visible)
                worse = by_score & badly_off(np.int64(faces[j]), j, lowest, visible)
                refused = keeps & (1 - hears) & worse
                did = keeps & ((hears & keep) | ((1 - hears) & (1 - worse)))
                was_done = keep & ((heard & keeps) | ((1 - heard) & (1 - bad)))
                done |= _MET | (did << 2) | (was_done << 3)
                trusts[i] = toward(np.int64(trusts[i]), 65535 * was_done, memory)
            drawn = np.int64(luck[at.L_COMPANY, 2, k])
            if deed & _MET and drawn < imitate:
                m = stranger(wiring, segment, model_segment, position, model_row, model_turn)
                if m >= 0:
                    model = np.int64(deeds[m])
                    if model & _MET and imitates(
                        drawn,
                        imitate,
                        payoff(deed, benefit, cost),
                        payoff(model, benefit, cost),
                        benefit + cost,
                    ):
                        # What earned it, not what the model has turned to since.
                        keeps = model >> 4 & 1
            if luck[at.L_COMPANY, 3, k] < innate:
                disposed = word(seed, i, 0, _FIRST_STATE, 2)
                keeps = np.int64(disposed < tables[at.KEEPS + np.int64(traits.conscience[i])])
            deed_next[i] = done | keeps
            cell = cell_of(np.int64(incomes[i]), np.int64(whos[i]), np.int64(opinions[i]))
            lanes[0, cell] += (
                (done >> 1 & 1)
                + ((done >> 2 & 1) << at.LANE)
                + (refused << 2 * at.LANE)
                + (keeps << 3 * at.LANE)
            )
            sums[cell] += np.int64(trusts[i])
    unpack(lanes, _PACKED, counts)
    for cell in range(75):
        counts[_TRUST, cell] += sums[cell]
