"""Couples: who looks, in what order the site shows them, who pairs; and who is alone again."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from fractions import Fraction

from glasscity.terms import AGES

from .formulas import can_be_looked_up
from .luck import words_of_call

DISTRICT = 512
COUPLE_CALL, AGAIN_CALL = 17, 14


class Counted:
    """What couples count, handed on to a month's tally."""

    def __init__(self, tally):
        self.tally, self.sums, self.pairs = tally, tally.couples, []

    def add(self, c, what, decile_of=None):
        """Count something about a citizen, by the decile of last month's score where one is had."""
        if what != "shown":
            self.tally.add(c, what)
        if decile_of is not None and c.face.score > 1:
            self.tally.deciles[decile_of[c.face.score], what] += 1


def districts_of(society):
    """Return the district of every citizen: 512 after the other from the start of each cell."""
    return [
        (cell, place // DISTRICT)
        for cell, size in enumerate(society.cells[:, 1].tolist())
        for place in range(size)
    ]


def couple(people, districts, t, now, decile_of, found):
    """Let people meet and pair, and part; ``found`` takes what is counted.

    Parameters
    ----------
    people : list of Citizen
    districts : list
        Anything that tells districts apart, for each citizen.
    decile_of : sequence of int
        Decile of each score.
    found : Found
    """
    cells = defaultdict(list)
    for c, district in zip(people, districts, strict=True):
        if not c.face.single:
            again = words_of_call(t.seed, c.number, now.key, AGAIN_CALL)[1]
            if again < t.single_again[AGES.index(c.age)]:
                c.next_face = replace(c.next_face, single=True)
        else:
            found.add(c, "singles")
            looks = words_of_call(t.seed, c.number, now.key, COUPLE_CALL)[2]
            if looks >> 24 < t.on_site:
                found.add(c, "searching", decile_of)
                cells[district, c.age].append(c)
    for seekers in cells.values():
        meet(seekers, t, now, decile_of, found)


def meet(seekers, t, now, decile_of, found):
    """Show the first of the order to each other, two by two."""
    order = sorted(seekers, key=lambda c: place(c, t, now))
    number = -(-len(order) * t.shown // 65536)
    for c in order[:number]:
        found.add(c, "shown", decile_of)
    new = []
    for one, other in zip(order[:number:2], order[1:number:2], strict=False):
        lower = min(one.number, other.number)
        if words_of_call(t.seed, lower, now.key, COUPLE_CALL)[1] < t.couple:
            new.append((one, other))
    for pair in new:
        found.pairs.append(tuple(sorted(c.number for c in pair)))
        for c in pair:
            c.next_face = replace(c.next_face, single=False)
            found.add(c, "coupled", decile_of)
    scored = [(a.face.score, b.face.score) for a, b in new if min(a.face.score, b.face.score) > 1]
    possible = [
        (a.face.score, b.face.score)
        for a in seekers
        for b in seekers
        if a is not b and min(a.face.score, b.face.score) > 1
    ]
    if scored:
        found.sums[0] += len(scored)
        ways = scored + [(y, x) for x, y in scored]
        each = (lambda x, y: x, lambda x, y: x * x, lambda x, y: x * y)
        for k, product in enumerate(each):
            found.sums[1 + k] += sum(product(x, y) for x, y in ways)
            mean = Fraction(sum(product(x, y) for x, y in possible), len(possible))
            found.sums[4 + k] += int(256 * len(ways) * mean + Fraction(1, 2))


def place(c, t, now):
    """The weighted race: an exponential time over the weight; then the word's rest, the number."""
    word = words_of_call(t.seed, c.number, now.key, COUPLE_CALL)[0]
    time = t.race[word >> 20] * 65536 // weight(c, t, now)
    return time, word & 0xFFFFF, c.number


def weight(c, t, now):
    """One where the score cannot be seen, else what its standing of last month weighs; 1/256."""
    score = c.face.score
    if score < 2 or not (c.face.displayed or can_be_looked_up(c.number, t.visible)):
        return 256
    if now.spread16 == 0:
        return t.prominence[8]
    halves = (16 * score - now.mean16) * 2 // now.spread16
    return t.prominence[min(max(8 + halves, 0), 15)]
