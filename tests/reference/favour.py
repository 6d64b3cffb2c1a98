"""Favours between strangers, one citizen after the other, from who they are and what they show."""

from __future__ import annotations

from dataclasses import dataclass

from .formulas import can_be_looked_up, toward
from .luck import words_of_call

FAVOUR, COMPANY, FIRST_STATE = 16, 14, 0x180
LISTED, DISPLAYED = 13, 14


@dataclass
class Neighbour:
    """What the stage knows of a citizen: last month's deed and face, and what is believed."""

    number: int
    segment: int
    position: int
    conscience: int
    face: int
    keeps: bool
    met: bool
    did: bool
    was_done: bool
    kept: bool
    trust: int


def scaled(word, choices):
    """Turn a 32-bit word into one of so many choices."""
    return word * choices >> 32


def ways(seed, month):
    """Return (far slots there and back, shuffle, turn) of the meetings and of the role models."""
    words = words_of_call(seed, 0, month, FAVOUR)
    met = scaled(words[2], 36 * 240 * 64)
    looked = scaled(words[3], 35 * 240 * 64)
    last = scaled(words_of_call(seed, 0, (month - 1) % 2**32, FAVOUR)[2], 36 * 240 * 64)
    other = [way for way in range(36) if way != last % 36]
    # The 35 others, in the order that begins after last month's.
    other = sorted(other, key=lambda way: (way - last % 36 - 1) % 36)
    return (
        (divmod(met % 36, 6), met // 36 % 240, met // (36 * 240)),
        (divmod(other[looked % 35], 6), looked // 35 % 240, looked // (35 * 240)),
    )


def pairing(wiring, plan):
    """Return who meets whom, a dictionary by (segment, position), in one of a month's two plans."""
    (there, across), row, turn = plan
    sizes = wiring.segment_size.tolist()
    found = {}
    for segment, size in enumerate(sizes):
        partner = segment
        for slot in (there, across, there):
            step = int(wiring.far_segment[partner, slot])
            partner = partner if step < 0 else step
        if partner == segment:
            for position in range(size):
                other = (turn - position) % size
                if other != position:
                    found[segment, position] = (segment, other)
        elif (size, segment) < (sizes[partner], partner):
            # From the smaller segment; the larger one's people are found from there as well.
            room = sizes[partner]
            shuffle = wiring.perm[(row + min(segment, partner)) % 240].tolist()
            for position in range(size):
                place = (position + turn) % room
                other = shuffle[place] if room == 64 else place
                found[segment, position] = (partner, other)
                found[partner, other] = (segment, position)
    return found


def favour(people, wiring, t, now, tally):
    """Run the stage: return everybody's next deed (a Neighbour's flags) and belief.

    Parameters
    ----------
    people : dict of (segment, position) to Neighbour
    t, now : namespaces
        Tables and month by name.
    tally : callable (measure, citizen, amount)
    """
    met_plan, model_plan = ways(t.seed, now.key)
    meets, looks = pairing(wiring, met_plan), pairing(wiring, model_plan)

    def badly_off(o):
        if o.face >> LISTED & 1:
            return True
        score = o.face & 2047
        seen = o.face >> DISPLAYED & 1 or can_be_looked_up(o.number, t.visible)
        return bool(1 < score < now.lowest and seen)

    def hears(donor):
        return words_of_call(t.seed, donor.number, now.key, FAVOUR)[0] < t.gossip

    def does_favour(donor, other):
        if not donor.keeps:
            return False
        if hears(donor):
            return other.keeps
        return not (t.by_score and badly_off(other))

    def success(c):
        return t.favour_benefit * c.was_done - t.favour_cost * c.did

    after = {}
    for place, c in people.items():
        other = people.get(meets.get(place))
        did = other is not None and does_favour(c, other)
        was_done = other is not None and does_favour(other, c)
        trust = c.trust if other is None else toward(c.trust, 65535 * was_done, t.trust_memory)
        company = words_of_call(t.seed, c.number, now.key, COMPANY)
        model = people.get(looks.get(place))
        keeps = c.keeps
        if c.met and model is not None and model.met:
            better = success(model) - success(c)
            if company[2] * (t.favour_benefit + t.favour_cost) < t.imitate * better:
                keeps = model.kept
        if company[3] < t.innate:
            keeps = words_of_call(t.seed, c.number, 0, FIRST_STATE)[2] < t.keeps[c.conscience]
        after[c.number] = (
            keeps | (other is not None) << 1 | did << 2 | was_done << 3 | c.keeps << 4,
            trust,
        )
        tally("strangers_met", c.number, int(other is not None))
        tally("favours", c.number, int(did))
        refused = c.keeps and other is not None and not hears(c) and not did
        tally("favours_refused_by_score", c.number, int(refused))
        tally("keepers", c.number, int(keeps))
        tally("trust_sum", c.number, trust)
    return after
