"""At the end of the month: strangers meet, do each other favours or not, and imitate success."""

from __future__ import annotations

from dataclasses import dataclass

from .formulas import toward
from .luck import words_of_call
from .see import shows_score

# Six far slots by six make the ways from one segment to another; shuffles; places to turn by.
SLOTS, SHUFFLES, PLACES = 6, 240, 64
WAYS = SLOTS * SLOTS
FAVOUR_CALL, FIRST_STATE = 16, 0x180


@dataclass(frozen=True)
class Plan:
    """How everybody is paired in a month."""

    way: int
    shuffle: int
    turn: int


def _plan(word, ways):
    """A word as a fraction of one picks one of all plans; the ways change fastest."""
    rest, way = divmod(word * ways * SHUFFLES * PLACES >> 32, ways)
    return Plan(way, rest % SHUFFLES, rest // SHUFFLES)


def meetings(seed, month):
    """The plan by which people meet; the luck is that of citizen 0."""
    return _plan(words_of_call(seed, 0, month % 2**32, FAVOUR_CALL)[2], WAYS)


def models(seed, month):
    """The plan by which people look at role models: never the way of last month's meetings."""
    found = _plan(words_of_call(seed, 0, month, FAVOUR_CALL)[3], WAYS - 1)
    others = [(meetings(seed, month - 1).way + k) % WAYS for k in range(1, WAYS)]
    return Plan(others[found.way], found.shuffle, found.turn)


def segment_met(wiring, segment, way):
    """The segment reached along one far slot, another, and the first again.

    Where a slot has no partner one stays, so segments are paired two by two, some with themselves.
    """
    first, second = divmod(way, SLOTS)
    for slot in (first, second, first):
        partner = int(wiring.far_segment[segment, slot])
        segment = segment if partner < 0 else partner
    return segment


def pairs_of(wiring, segment, other, plan):
    """Return {citizen: citizen} of the meetings of two segments, both ways round.

    The smaller one is spread over the other (of equals the first is): by a shuffle where the other
    is whole, in order where it is not, turned by some places.  A segment by itself is folded, and
    who lies on the fold meets nobody.
    """
    sizes = [int(wiring.segment_size[s]) for s in (segment, other)]
    firsts = [int(wiring.segment_first[s]) for s in (segment, other)]
    met = {}
    if segment == other:
        for place in range(sizes[0]):
            facing = (plan.turn - place) % sizes[0]
            if facing != place:
                met[firsts[0] + place] = firsts[0] + facing
        return met
    small, large = sorted((0, 1), key=lambda k: (sizes[k], (segment, other)[k]))
    row = wiring.perm[(plan.shuffle + min(segment, other)) % SHUFFLES].tolist()
    for place in range(sizes[small]):
        facing = (place + plan.turn) % sizes[large]
        if sizes[large] == PLACES:
            facing = row[facing]
        one, two = firsts[small] + place, firsts[large] + facing
        met[one], met[two] = two, one
    return met


def everybody_met(wiring, plan):
    """Return {citizen: citizen} of all that meet in a month."""
    met = {}
    for segment in range(len(wiring.segment_size)):
        met |= pairs_of(wiring, segment, segment_met(wiring, segment, plan.way), plan)
    return met


def badly_off(c, t, now):
    """Whether a look at somebody says that they are badly off: listed, or known to score low."""
    return c.face.listed or (1 < c.face.score < now.lowest and shows_score(c, t))


def hears(c, t, now):
    """Whether hearsay tells a citizen what kind of person the stranger is."""
    return words_of_call(t.seed, c.number, now.key, FAVOUR_CALL)[0] < t.gossip


def does_favour(c, other, t, now):
    """Return (whether the favour is done, whether it is refused for a score or a listing)."""
    if "keeps trust" not in c.deed:
        return False, False
    if hears(c, t, now):
        return "keeps trust" in other.deed, False
    refused = bool(t.by_score) and badly_off(other, t, now)
    return not refused, refused


def payoff(deed, t):
    """What last month's deeds were worth: a benefit for a favour had, a cost for one done."""
    had, done = "was done one" in deed, "did a favour" in deed
    return had * t.favour_benefit - done * t.favour_cost


def favour(c, people, met, seen, t, now, luck, tally):
    """Meet a stranger, and choose a way of life for next month.

    ``met``, ``seen``: who meets whom, and who looks at whom, this month.
    """
    deed, keeps = set(), "keeps trust" in c.deed
    if keeps:
        deed.add("kept trust then")
    if c.number in met:
        stranger = people[met[c.number]]
        did, refused = does_favour(c, stranger, t, now)
        was_done, _ = does_favour(stranger, c, t, now)
        deed.add("met one")
        tally.add(c, "strangers_met")
        if did:
            deed.add("did a favour")
            tally.add(c, "favours")
        if refused:
            tally.add(c, "favours_refused_by_score")
        if was_done:
            deed.add("was done one")
        c.trust = toward(c.trust, 65535 if was_done else 0, t.trust_memory)

    # Whoever met somebody last month may look at somebody else who did, and do as they did if they
    # fared better; the word decides both whether to look and whether to change.
    model = people[seen[c.number]] if c.number in seen else None
    if model and "met one" in c.deed and "met one" in model.deed:
        lead = payoff(model.deed, t) - payoff(c.deed, t)
        if luck.word("role_model") * (t.favour_benefit + t.favour_cost) < t.imitate * lead:
            keeps = "kept trust then" in model.deed
    if luck.word("disposition") < t.innate:
        disposed = words_of_call(t.seed, c.number, 0, FIRST_STATE)[2]
        keeps = disposed < t.keeps[c.conscience]
    if keeps:
        deed.add("keeps trust")
        tally.add(c, "keepers")
    c.next_deed = frozenset(deed)
    tally.add(c, "trust_sum", by=c.trust)
