"""Societies, states and tables under which the month's kernels and their twins are compared.

A *busy* world has the rates of everything rare raised, and its state is *stirred*: random, but such
as a month could leave.  So a few months of a few hundred citizens reach every branch.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from glasscity.behaviour import load_behaviour
from glasscity.country import load_country
from glasscity.engine.calendar import gate_rules, make_calendar
from glasscity.engine.compile import compile_offices, compile_tables, voluntary
from glasscity.engine.start import first_state
from glasscity.engine.world import Workers, World
from glasscity.regime import load_regime
from glasscity.society import Society, build_society
from glasscity.terms import EVENTS
from reference.fields import changed
from reference.ties import homes_of

START = "2014-06"
SCHEME = str(Path(__file__).with_name("scheme.yaml"))


def chance(p):
    """The threshold of a 32-bit word."""
    return min(round(p * 2**32), 2**32 - 1)


# Rates at which everything happens often enough to be seen.
BUSY = {
    "separation": chance(0.1),
    "offer": chance(0.6),
    "shock": chance(0.1),
    "slip": chance(0.05),
    "onset": chance(0.04),
    "repay_before": chance(0.1),
    "repay_after": chance(0.1),
    "write_off": chance(0.3),
    "sue": chance(0.4),
    "spare": chance(0.5),
    "contempt": chance(0.3),
    "conduct": chance(0.04),
    "crosstalk": 20_000,
    "learn": 8_000,
    "life": [chance(0.06 * (g + 1)) for g in range(9)],
    "everyday": 12_000,
    "mix": chance(0.5),
    "name_risk": [0, 180, 220, 256],
    "false_any": chance(0.08),
    "false_which": [chance((e + 1) / len(EVENTS)) for e in range(len(EVENTS))],
    "corrected": chance(0.15),
    "memory": 9_000,
    "history": [256, 128, 200, 256],
    "list_on": 1,
    "list_gravity": [3, 3, 2, 2],
    "list_warning": [2, 1, 0, 1],
    "list_term": [4, 127, 3, 2],
    "list_exits": 7,
    "joint_strength": 200,
    "reach": chance(0.7),
    "visible": 200,
    "tie_drop": chance(0.0005),
    "tie_reopen": chance(0.2),
    "appeal": [chance(0.1), chance(0.3)],
    "evidence": chance(0.5),
    "drift": chance(0.2),
    "adopt_alone": chance(0.05),
    "adopt_ties": chance(0.02),
    "reward": 120,
    "display": [chance(0.02 * k) for k in range(16)],
    "display_ties": chance(0.02),
    "perks": 8,
    "perk_points": [400, 450, 500, 550, 600, 650, 700, 750],
    "perk_gate": range(8),
    "perk_gain": [200, 300, 100, 150, 60, 50, 40, 30],
    "on_site": 150,
    "couple": chance(0.5),
    "single_again": chance(0.1),
    "imitate": chance(0.6),
    "innate": chance(0.1),
}
# Friends and speech weigh, records are copied, everything is listed at once, terms are all short.
FRIENDS = BUSY | {
    "statistic": 0,
    "relation": [60_000, 40_000, 40_000],
    "relation_strength": [65_536, 30_000, 65_536],
    "mix_moves": 0,
    "grace": 0,
    "list_warning": 0,
    "list_term": 2,
    "means_needs": 5,
    "memory": 20_000,
    "perk_gate": range(8, 16),
    "own_voice": [32_768, 20_000, 32_768],  # praise is not rewarded
    "ties_voice": [12_000, 0],
}
# The share of ties below the bar counts, nobody leaves a list but by the end of its term.
BAR = BUSY | {
    "statistic": 2,
    "relation": [90_000, 20_000, 20_000],
    "joint_strength": 256,
    "list_exits": 4,
    "list_warning": [1, 2, 1, 0],
    "list_term": [2, 2, 2, 2],
    "visible": 256,
    "spare": 0,
    "deep_drop": 200,
    "screen_arrears": 2_000,
    "perk_gate": [16, 17, 16, 17, 16, 17, 16, -1],
}
# The score closes every gate and lists none, so that each of its parts can be what is needed; a
# person of whom nothing adverse is known may be refused too.
SCORE = BUSY | {
    "weights": [20_000, 10_000, 20_000, 20_000, 0],
    "relation": [40_000, 25_000, 25_000],
    "reference": [65_535, 28_000, 28_000, 28_000, 55_000, 50_000, 36_000],
    "list_on": 0,
    "reach": chance(0.9),
    "everyday": 10_000,
    "life": [chance(0.11 * (g + 1)) for g in range(9)],
    "screen_base": [-(2**40)] * 8 + [-600] * 10,
    "screen_scale": [0] * 8 + [256] * 10,
    "statistic": 0,
}
# An account from which much is taken, and to which much is added.
ACCOUNT = BUSY | {
    "taken_once": 9_000,
    "taken_monthly": 2_500,
    "forgotten": 6_000,
    "added": [6_000, 0, 9_000, 20_000],
    "added_forgotten": 4_000,
    "deed": chance(0.15),
    "deed_response": 330,
    "deed_filed": chance(0.6),
}
# Officials favour some and punish others, one citizen in three games the score, ties report.
MEDDLED = {
    "officials": 1,
    "official_points": [[6_000, -9_000, 0, 4_000, 12_000, -15_000, 0, -3_000]],
    "gamers": 85,
    "game_profile": 60,
    "game_ties": 9_000,
    "game_cost": 30,
    "report": chance(0.4),
}
# Each safeguard covers half of the people, and is quick.
GUARDED = {
    "guards": 128,
    "guarded": 1,
    "guard_warning": 1,
    "guard_term": 3,
    "guard_cap": 2,
    "guard_memory": 14_000,
    "guard_repair": chance(0.4),
    "guard_fade": 18_000,
    "guard_appeal": [chance(0.3), chance(0.6)],
    "essential": 0b11_0001_0001_0100_0000,
    "list_exits": [0, 4, 5, 6],
    # What is at stake matters to nearly everybody.
    "onset": chance(0.3),
    "deterrence": [4096 - 60 * x for x in range(65)],
    "phi_breach": 180,
    "gate_value": 3_640,
    "perk_worth": 3_000,
}
STRICT = (
    SCORE
    | MEDDLED
    | {
        "reference": [65_535, 20_000, 20_000, 20_000, 45_000, 42_000, 34_000],
        "statistic": 2,
    }
)


@functools.cache
def society_of(country: str, citizens: int, seed: int) -> Society:
    return build_society(load_country(country), citizens, seed)


@functools.cache
def homes_in(country: str, citizens: int, seed: int):
    return homes_of(society_of(country, citizens, seed))


@functools.cache
def workers_of(cells: int) -> Workers:
    return Workers(2, cells)


@dataclass(frozen=True)
class Case:
    """One world to compare: where, how many, under what, from which month, for how long."""

    name: str
    country: str = "plainland"
    citizens: int = 700
    seed: int = 1
    regime: str = "citizen-score-2020"
    month: int = 66  # the mandate begins in month 67
    months: int = 3
    tables: dict = field(default_factory=dict, hash=False)
    stirred: bool = False
    everywhere: float = 0  # a percentile below which every gate is closed
    strengths: dict = field(default_factory=dict, hash=False)
    private: bool = False  # nobody but operator and citizen sees a score
    operators: bool = False  # the private operators are at work, and scores are theirs at first
    pause: int = 0  # months between the mandate and the penalties
    office: dict = field(default_factory=dict, hash=False)  # fields of the operators' tables

    @property
    def society(self):
        return society_of(self.country, self.citizens, self.seed)

    @property
    def homes(self):
        return homes_in(self.country, self.citizens, self.seed)

    def rules(self):
        """Return the regime."""
        regime = load_regime(self.regime)
        if self.private:
            hidden = regime.visibility.model_copy(update={"value": "private"})
            regime = regime.model_copy(update={"visibility": hidden})
        return regime

    def compiled(self, regime):
        """Return the tables of a regime with the case's own fields."""
        tables = compile_tables(
            self.society.country,
            load_behaviour(),
            regime,
            seed=self.seed,
            strengths=self.strengths,
        )
        return changed(tables, **self.tables)

    def more(self):
        """Return what else a world is made from: the time before the mandate, the operators."""
        if not self.operators:
            return {}
        regime = self.rules()
        offices, rules = compile_offices(
            self.society.country,
            load_behaviour(),
            regime,
            seed=self.seed,
            strengths=self.strengths,
        )
        return {
            "before": self.compiled(voluntary(regime)),
            "offices": (np.array([changed(o, **self.office) for o in offices]), rules),
        }

    def parts(self):
        """Return (tables, calendar, gate rules, state) of the world before its first month."""
        behaviour, regime = load_behaviour(), self.rules()
        tables = self.compiled(regime)
        state = first_state(self.society, behaviour)
        if regime.operator is not None and regime.operator.points is not None:
            state = state.with_points()
        if self.stirred:
            stir(state, self.society, tables, self.seed)
        calendar = make_calendar(regime, behaviour, start=START)
        if self.pause:
            calendar = replace(calendar, penalties=calendar.mandate + self.pause)
        gates = gate_rules(regime)
        if self.everywhere:
            n = len(gates.kind)
            gates = replace(
                gates,
                kind=np.full(n, 1),
                percentile=np.full(n, self.everywhere),
                bar_percentile=30.0,
            )
        return tables, calendar, gates, state

    def world(self, tables, calendar, gates, state, **more) -> World:
        workers = workers_of(len(self.society.cells))
        world = World(
            self.society,
            tables=tables,
            calendar=calendar,
            gates=gates,
            state=state,
            workers=workers,
            **self.more(),
            **more,
        )
        world.clear()
        return world


def stir(state, society, tables, seed):
    """Make a state random, such as a month could leave: debts with reasons, orders with debts."""
    rng = np.random.default_rng(seed)
    n = society.citizens
    traits, truth, book = society.traits, state.truth, state.record
    some = lambda share: rng.random(n) < share  # noqa: E731

    def debts(share):
        owed = np.where(some(share), rng.integers(1, 9, n), 0)
        return np.where(some(0.03), rng.integers(33, 37, n), owed)

    truth.opinion[:] = rng.integers(-127, 128, n)
    truth.liquidity[:] = rng.integers(-1500, 3000, n)
    truth.liquidity[some(0.02)] = -3072
    truth.liquidity[some(0.02)] = 6144
    working = (traits.who >> 3 & 7) < 6
    truth.idle[:] = np.where(working & some(0.3), rng.integers(1, 256, n), 0)
    credit = traits.who >> 7 == 1
    truth.owed_credit[:] = np.where(credit, debts(0.5), 0)
    truth.owed_fee[:] = debts(0.4)
    owed = (truth.owed_credit, truth.owed_fee)
    withheld = rng.integers(0, 3, n)
    withheld[(withheld == 1) & (owed[0] == 0)] = 0
    withheld[(withheld == 2) & (owed[1] == 0)] = 0
    spell = withheld | (some(0.5).astype(int) << 6)
    case = np.zeros(n, dtype=int)
    for which in range(2):
        reasons = np.where(owed[which] > 0, rng.integers(0, 4, n), 0)
        reasons |= np.where(withheld == which + 1, 2, 0)
        spell |= reasons << (2 + 2 * which)
        sued = (owed[which] >= 6) & some(0.7)
        case = np.where(sued, rng.integers(1, 10, n) | which << 4, case)
    truth.spell[:] = spell
    truth.case[:] = case

    book.deficits[:] = np.where(some(0.5)[:, None], rng.integers(0, 65_536, (n, 4)), 0)
    book.fulfilment[:] = rng.integers(0, 65_536, n)
    standing = rng.choice(np.array([0, 0, 0, 1, 2, 5, 120, 127, 129, 130, 192]), (n, 4))
    standing[some(0.4)] = 0
    standing[:, 2:][standing[:, 2:] == 192] = 0  # conduct and contempt have no order
    book.standing[:] = standing
    book.evidence[:] = rng.integers(0, 256, n)
    book.reference[:] = rng.integers(0, 32, n)
    # An order of one's own stands behind "listed before".
    for s in range(2):
        book.reference[standing[:, s] == 192] |= 1 << s

    if len(book.earned):
        book.taken[:] = np.where(some(0.5)[:, None], rng.integers(0, 65_536, (n, 4)), 0)
        book.earned[:] = rng.integers(0, 65_536, n)
        state.audit.taken_shares[:] = rng.integers(0, 160, (n, 8))
    low, high = (int(changed(tables)[at]) for at in _places("low", "high"))
    scores = rng.integers(low, high + 1, n) if high > 1 else np.zeros(n, dtype=int)
    scores = np.where(some(0.2), rng.integers(0, 2, n), scores)
    face = scores | rng.integers(0, 3, n) << 11 | some(0.3).astype(int) << 13
    face |= rng.integers(0, 4, n) << 14 | (4095 & ~rng.integers(0, 4096, n)) << 16
    face |= np.where(some(0.5), 4095, 0) << 16
    face |= np.where(some(0.4), rng.integers(0, 14, n), 0) << 28
    state.face.now[:] = face
    state.face.next[:] = face

    belief, audit = state.belief, state.audit
    for fear in (belief.speech, belief.breach):
        fear[:] = rng.integers(-16_384, 16_385, n)
    for seen in (belief.speech_seen, belief.breach_seen):
        seen[:] = rng.integers(0, 256, n)
    audit.shares[:] = rng.integers(0, 160, (n, 8))
    audit.causes[:] = 0
    for s in range(4):
        on = (standing[:, s] > 0) & (standing[:, s] != 192)
        audit.causes[:] |= np.where(on, 1 << rng.integers(0, 5, n) << 5 * s, 0).astype(np.uint32)
    audit.lost[:] = rng.integers(0, 256, n)
    audit.lost_means[:] = rng.integers(0, 40_000, n)
    # An inner voice of two, would say yes, a shadow voice; a last month's shadow voice.
    voice = lambda: rng.integers(0, 3, n)  # noqa: E731
    audit.inner[:] = voice() | voice() << 2 | rng.integers(0, 4, n) << 4 | voice() << 6
    audit.shadow[:] = voice()
    state.face.deed[:] = rng.integers(0, 32, n)
    state.face.deed_next[:] = state.face.deed
    belief.trust[:] = rng.integers(0, 65_536, n)
    if high > 1:
        book.private[:] = np.where(some(0.3)[:, None], rng.integers(300, 951, (n, 2)), 0)


def _places(*names):
    from reference.fields import place_of

    return [place_of(name)[0].start for name in names]
