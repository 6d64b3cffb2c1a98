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

from glasscity.draws import word
from glasscity.jit import inner, kernel
from glasscity.month import tables as at
from glasscity.month.ledger import first_row
from glasscity.month.shared import can_be_looked_up, face_score, toward, unpack
from glasscity.month.stride import CELLS, cells_of, philox_of

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


@inner
def payoff(deed, benefit, cost):
    """Return what a month's deeds were worth: the benefit of a favour less the cost of one."""
    return ((deed >> 3) & 1) * benefit - ((deed >> 2) & 1) * cost


@inner
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


@inner
def badly_off(face, person, lowest, visible):
    """Return 1 if a face shows its owner badly off, as ties see it (shared.summarise), else 0.

    Listed; or a score that can be looked up or was displayed, under the lowest gate threshold.
    """
    score = face_score(face)
    low = (score > 1) & (score < lowest)
    shown = ((face >> 14) & 1 == 1) | can_be_looked_up(person, visible)
    return np.int64(((face >> 13) & 1 == 1) | (low & shown))


@inner
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


@inner
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


@inner
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


@inner
def strangers(wiring, n, segment, way, row, turn, others):
    """Fill in whom each of a stride's ``n`` citizens meets, -1 nobody."""
    for start in range(0, n, 64):
        one = segment + (start >> 6)
        partner = elsewhere(wiring, one, way)
        for k in range(start, min(start + 64, n)):
            others[k] = stranger(wiring, one, partner, k - start, row, turn)


# What two who meet are, in bits: one keeps trust, the other does; the other takes one for badly
# off, and one the other.
_KEEPS, _KEEP, _BAD, _WORSE = 1, 2, 4, 8
# One knows the other's type from hearsay, and the other one's.
_HEARS, _HEARD = 16, 32


@inner
def compared(lo, faces, deeds, others, by_score, lowest, visible, pairs):
    """Fill in what those who meet are, uint8."""
    for k in range(len(pairs)):
        i = lo + k
        j = others[k]
        # Who meets nobody is compared with nobody, and looked at no more.
        j = j if j >= 0 else i
        pair = np.int64(deeds[i]) & 1 | (np.int64(deeds[j]) & 1) << 1
        if by_score:
            pair |= badly_off(np.int64(faces[i]), i, lowest, visible) << 2
            pair |= badly_off(np.int64(faces[j]), j, lowest, visible) << 3
        pairs[k] = pair


@inner
def curious(lo, pairs, others, some, donors):
    """List those whose hearsay makes a difference, then those whose stranger's does.

    ``some``, int64[2, n + 1], gets their places; ``donors``, int64[2, n + 1], whose luck it is.
    Whoever keeps trust and takes the other for what they are does the same either way.  Returns how
    many there are of each.
    """
    m = 0
    w = 0
    for k in range(len(pairs)):
        pair = np.int64(pairs[k])
        met = np.int64(others[k] >= 0)
        keeps, keep, bad, worse = pair & 1, pair >> 1 & 1, pair >> 2 & 1, pair >> 3 & 1
        some[0, m] = k
        donors[0, m] = lo + k
        m += met & keeps & (worse | (1 - keep))
        some[1, w] = k
        donors[1, w] = others[k]
        w += met & keep & (bad | (1 - keeps))
    return m, w


@inner
def hear(some, words, gossip, bit, pairs):
    """Note who has heard of the stranger met."""
    for x in range(len(some)):
        k = some[x]
        pairs[k] = np.int64(pairs[k]) | bit * np.int64(words[0, x] < gossip)


@inner
def meet(others, pairs, memory, trusts, done, adds):
    """Let those who meet do each other favours or not; fill in the deeds and what is counted."""
    for k in range(len(done)):
        pair = np.int64(pairs[k])
        met = np.int64(others[k] >= 0)
        keeps, keep, bad, worse = pair & 1, pair >> 1 & 1, pair >> 2 & 1, pair >> 3 & 1
        hears, heard = pair >> 4 & 1, pair >> 5 & 1
        refused = met & keeps & (1 - hears) & worse
        did = met & keeps & ((hears & keep) | ((1 - hears) & (1 - worse)))
        was_done = met & keep & ((heard & keeps) | ((1 - heard) & (1 - bad)))
        done[k] = keeps << 4 | met * _MET | did << 2 | was_done << 3
        trust = np.int64(trusts[k])
        trusts[k] = toward(trust, 65535 * was_done, memory) if met else trust
        adds[k] = met + (did << at.LANE) + (refused << 2 * at.LANE)


@inner
def looking(deeds, drawn, imitate, some):
    """List those who met somebody last month and look at somebody else's success."""
    m = 0
    for k in range(len(deeds)):
        some[m] = k
        m += (np.int64(deeds[k]) & _MET != 0) & (np.int64(drawn[k]) < imitate)
    return m


@inner
def below(drawn, n, chance, some):
    """List those of a stride whose word is below a threshold; return how many."""
    m = 0
    for k in range(n):
        some[m] = k
        m += np.int64(drawn[k]) < chance
    return m


@inner
def change(lo, first_segment, some, again, ways, wiring, state, tables, luck, conscience, keeps):
    """Let those in ``some`` imitate, and those in ``again`` return to their own disposition."""
    deeds = state.face.deed
    benefit = tables[at.FAVOUR_BENEFIT]
    cost = tables[at.FAVOUR_COST]
    imitate = tables[at.IMITATE]
    for x in range(len(some)):
        k = some[x]
        segment = first_segment + (k >> 6)
        there = elsewhere(wiring, segment, ways[0])
        m = stranger(wiring, segment, there, k & 63, ways[1], ways[2])
        if m >= 0:
            model = np.int64(deeds[m])
            if model & _MET and imitates(
                np.int64(luck[at.L_COMPANY, 2, k]),
                imitate,
                payoff(np.int64(deeds[lo + k]), benefit, cost),
                payoff(model, benefit, cost),
                benefit + cost,
            ):
                # What earned it, not what the model has turned to since.
                keeps[k] = model >> 4 & 1
    for x in range(len(again)):
        k = again[x]
        disposed = word(tables[at.SEED], lo + k, 0, _FIRST_STATE, 2)
        keeps[k] = disposed < tables[at.KEEPS + np.int64(conscience[lo + k])]


@kernel
def favour(lo, hi, first_segment, traits, wiring, state, tables, now, luck, counts):
    """Let every citizen of the block meet a stranger, and choose a way of life for next month."""
    n = hi - lo
    seed = tables[at.SEED]
    key = now[at.NOW_KEY]
    way, row, turn, model_way, model_row, model_turn = plan(seed, key)
    cells = np.empty(n, dtype=np.uint8)
    others = np.empty(n, dtype=np.int64)
    pairs = np.empty(n, dtype=np.uint8)
    done = np.empty(n, dtype=np.uint8)
    keeps = np.empty(n, dtype=np.uint8)
    adds = np.empty(n, dtype=np.int64)
    some = np.empty((2, n + 1), dtype=np.int64)
    donors = np.empty((2, n + 1), dtype=np.int64)
    words = np.empty((4, n), dtype=np.uint32)
    lanes = np.zeros((1, CELLS), dtype=np.int64)
    sums = np.zeros(CELLS, dtype=np.int64)
    deeds = state.face.deed[lo:hi]
    deed_next = state.face.deed_next[lo:hi]
    trusts = state.belief.trust[lo:hi]

    strangers(wiring, n, first_segment, way, row, turn, others)
    compared(
        lo,
        state.face.now,
        state.face.deed,
        others,
        tables[at.BY_SCORE],
        now[at.NOW_LOWEST],
        tables[at.VISIBLE],
        pairs,
    )
    # What a donor hears is of the donor's own luck, and both ends need both.
    m, w = curious(lo, pairs, others, some, donors)
    philox_of(seed, 0, donors[0], m, key, at.C_FAVOUR, words)
    hear(some[0, :m], words, tables[at.GOSSIP], _HEARS, pairs)
    philox_of(seed, 0, donors[1], w, key, at.C_FAVOUR, words)
    hear(some[1, :w], words, tables[at.GOSSIP], _HEARD, pairs)
    meet(others, pairs, tables[at.TRUST_MEMORY], trusts, done, adds)

    for k in range(n):
        keeps[k] = deeds[k] & 1
    m = looking(deeds, luck[at.L_COMPANY, 2], tables[at.IMITATE], some[0])
    w = below(luck[at.L_COMPANY, 3], n, tables[at.INNATE], some[1])
    ways = (model_way, model_row, model_turn)
    change(
        lo,
        first_segment,
        some[0, :m],
        some[1, :w],
        ways,
        wiring,
        state,
        tables,
        luck,
        traits.conscience,
        keeps,
    )
    cells_of(traits.income[lo:hi], traits.who[lo:hi], state.truth.opinion[lo:hi], cells)
    for k in range(n):
        deed_next[k] = done[k] | keeps[k]
    for k in range(n):
        cell = cells[k]
        lanes[0, cell] += adds[k] + (np.int64(keeps[k]) << 3 * at.LANE)
        sums[cell] += np.int64(trusts[k])
    unpack(lanes, _PACKED, counts)
    for cell in range(CELLS):
        counts[_TRUST, cell] += sums[cell]
