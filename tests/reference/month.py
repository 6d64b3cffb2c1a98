"""A month of a society: everybody sees, then acts, is recorded, scored, may show that off, and is
listed; then the national rank; then everybody is decided upon and responds; couples meet, and
strangers."""

from __future__ import annotations

import math
from fractions import Fraction
from types import SimpleNamespace

import numpy as np

from glasscity.terms import GATES

from .account import account
from .act import act
from .citizen import pack_citizen, read_people
from .couple import Counted, couple, districts_of
from .decide import decide, households
from .display import display
from .favour import everybody_met, favour, meetings, models
from .fields import named_now, named_tables
from .luck import Luck
from .operate import operate, read_rules
from .record import record
from .respond import respond
from .restrict import restrict
from .score import score
from .see import see
from .tally import Tally
from .ties import homes_of

RULES = ("none", "threshold", "rank")


def score_at(histogram, percentile):
    """The lowest score whose mid-rank among the scored is at least a percentile.

    The rank of a score is the share strictly below plus half of the equals; percentiles count to
    1/100.  0 where nobody is scored.
    """
    people = sum(histogram.values())
    wanted = Fraction(round(percentile * 100), 10000)
    below = 0
    for value in sorted(histogram):
        if Fraction(2 * below + histogram[value], 2 * people) >= wanted:
            return value
        below += histogram[value]
    return max(histogram, default=0)


def deciles_by(histogram):
    """The decile of every possible score by mid-rank: the share below plus half of the equals."""
    people, below, found = sum(histogram.values()), 0, []
    for value in range(2048):
        equals = histogram.get(value, 0)
        rank = Fraction(2 * below + equals, 2 * people) if people else Fraction(0)
        found.append(min(9, math.floor(10 * rank)))
        below += equals
    return found


def national(now, histogram, cuts, bar_percentile):
    """Put last month's national figures into ``now``: they are 0 where nobody was scored."""
    people = sum(histogram.values())
    if people == 0:
        return
    total = sum(value * number for value, number in histogram.items())
    squares = sum(value * value * number for value, number in histogram.items())
    variance = Fraction(squares, people) - Fraction(total, people) ** 2
    now.mean16 = math.floor(Fraction(16 * total, people))
    now.spread16 = math.isqrt(math.floor(256 * variance))
    now.bar = score_at(histogram, bar_percentile)
    if now.penalties:
        now.lowest = min((cut for cut in cuts.values() if cut > 0), default=0)


def new_cuts(now, histogram, old, rules, frozen):
    """Each gate's cut-off of a month: 0 none, thresholds frozen in the first month of penalties."""
    if not now.penalties or not histogram:
        return dict.fromkeys(GATES, 0), frozen
    cuts = dict(old)
    for gate, (rule, percentile, points) in rules.items():
        if rule == "rank":
            cuts[gate] = score_at(histogram, percentile)
        elif rule == "threshold" and not frozen:
            cuts[gate] = points if points >= 0 else score_at(histogram, percentile)
    return cuts, True


def _values(row, name):
    if name is None:
        return [0]  # bits left free
    return row[name] if isinstance(row[name], list) else [row[name]]


def hash_of(c, key):
    """A keyed hash of one citizen's state but the audit group, modulo 2**64."""
    row = pack_citizen(c)
    k1, k2, k3 = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
    words = (
        (k1, (8, "truth.opinion"), (16, "truth.liquidity"), (8, "truth.idle"),
         (8, "truth.owed_credit"), (8, "truth.owed_fee"), (8, "truth.spell"), (8, "truth.case")),
        (k2, (16, "record.deficits")),
        (k3, (16, "record.fulfilment"), (8, "record.standing"), (8, "record.evidence"),
         (8, "record.reference")),
        (k1, (32, "face.now"), (16, "belief.speech"), (16, "belief.breach")),
        (k2, (8, "belief.speech_seen"), (8, "belief.breach_seen"), (16, "belief.trust"),
         (11, "record.private"), (2, None), (8, "face.deed")),
    )  # fmt: skip
    if c.taken is not None:
        words = (*words, (k1, (16, "record.taken")), (k3, (16, "record.earned")))
    h = (c.number * k3 + key * k1) % 2**64
    for constant, *fields in words:
        word, shift = 0, 0
        for bits, name in fields:
            for value in _values(row, name):
                word |= value % 2**bits << shift
                shift += bits
        h = (h ^ word) * constant % 2**64
        h ^= h >> 29
    return h ^ h >> 32


class TwinWorld:
    """A society under a regime, a month at a time; what `glasscity.engine.world.World` is."""

    def __init__(
        self,
        society,
        *,
        tables,
        calendar,
        gates,
        state,
        homes=None,
        before=None,
        offices=None,
    ):
        self.society, self.calendar = society, calendar
        self.fused = named_tables(tables)
        self.before = self.fused if before is None else named_tables(before)
        self.t = self.before
        views, rules = ([], np.zeros((0, 3), int)) if offices is None else offices
        self.offices, self.office_rules = [named_tables(v) for v in views], read_rules(rules)
        self.rules = {
            gate: (RULES[kind], percentile, int(points))
            for gate, kind, percentile, points in zip(
                GATES, gates.kind, gates.percentile, gates.points, strict=True
            )
        }
        self.bar_percentile = gates.bar_percentile
        self.perk_percentiles = gates.perk_percentiles
        self.people = read_people(society, state)
        self.homes = homes_of(society) if homes is None else homes
        self.districts = districts_of(society)
        self.histogram = {}
        self.deciles = deciles_by({})
        self.cuts = dict.fromkeys(GATES, 0)
        self.frozen = False

    @property
    def rank_gates(self):
        return {gate for gate, rule in self.rules.items() if rule[0] == "rank"}

    def now(self, month, key):
        now = named_now(self.calendar.now(month, key=key))
        # Until the mandate people's score is the first private operator's.
        self.t = self.fused if now.mandate else self.before
        self.deciles = deciles_by(self.histogram)
        if self.histogram:
            # A percentile of last month's scores stands for the points of a perk, where one does.
            for k, percentile in enumerate(self.perk_percentiles[: self.t.perks]):
                if percentile is not None:
                    self.t.perk_points[k] = score_at(self.histogram, percentile)
        national(now, self.histogram, self.cuts, self.bar_percentile)
        return now

    def luck(self, key):
        return [Luck(self.t.seed, c.number, key) for c in self.people]

    def step(self, month, *, key):
        """Run one month; return its tally, cut-offs and the sum of hashes."""
        now, tally, luck = self.now(month, key), Tally(), self.luck(key)
        t = self.t
        for c, home, its in zip(self.people, self.homes, luck, strict=True):
            see(c, self.people, home, t, now, its, tally)
        for c, its in zip(self.people, luck, strict=True):
            act(c, t, now, self.cuts, its, tally)
            record(c, t, now, its, tally)
            account(c, t, its, tally)
            score(c, t, now, tally)
            if now.operator:
                operate(c, self.offices, self.office_rules, now, tally)
                display(c, t, now, self.deciles, its, tally)
            restrict(c, t, now, its, tally)
        self.close(now, tally)
        for c, its in zip(self.people, luck, strict=True):
            decide(c, self.people, t, now, self.cuts, self.rank_gates, its, tally)
        for c in self.people:
            households(c, self.people, t, tally)
        for c, its in zip(self.people, luck, strict=True):
            respond(c, t, now, self.deciles, its, tally)
        couple(self.people, self.districts, t, now, self.deciles, Counted(tally))
        met, seen = self.meetings(key)
        for c, its in zip(self.people, luck, strict=True):
            favour(c, self.people, met, seen, t, now, its, tally)
        self.turn()
        return SimpleNamespace(
            tally=tally,
            cuts=[self.cuts[gate] for gate in GATES],
            state_sum=sum(hash_of(c, key) for c in self.people) % 2**64,
        )

    def meetings(self, key):
        """Who meets whom in a month, and who looks at whom."""
        wiring, seed = self.society.wiring, self.t.seed
        return everybody_met(wiring, meetings(seed, key)), everybody_met(wiring, models(seed, key))

    def turn(self):
        """Make this month's faces, deeds and shadow voices last month's."""
        for c in self.people:
            c.face, c.deed, c.last_shadow = c.next_face, c.next_deed, c.shadow

    def close(self, now, tally):
        """The barrier between the passes: rank, and the cut-offs that follow from it."""
        self.histogram = dict(tally.histogram)
        self.cuts, self.frozen = new_cuts(now, self.histogram, self.cuts, self.rules, self.frozen)
