"""The gates of one month, asked again: what stage 5 found, and what it decides on something else.

A :class:`Kept` world keeps what its stage `decide` was given.  :func:`decided` asks the shipped
stage again, on the same or on another state, cut-offs, draws and everybody else as they were.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from rig import by_name, lively, put, shipped

from glasscity.draws import philox_rows
from glasscity.engine.world import World
from glasscity.month import tables as at
from glasscity.month.decide import decide
from glasscity.month.ledger import CELLS, ROWS
from glasscity.society import Society
from glasscity.society.state import State
from glasscity.terms import CAUSE_GROUPS, CAUSES, GATES, MORE_CAUSE_GROUPS

EVERYONE, NOBODY = 1, 2**40  # whose denials are attributed: one citizen in so many
LOWER = 6  # column of the log: the groups of causes that a refusal needs
GROUPS = (*CAUSE_GROUPS, *MORE_CAUSE_GROUPS)

# The worlds of these checks: everything is in force from month 8 on.
CITIZENS = 6_000
FIRST = 12
OFFICIALS = np.zeros((64, 8), dtype=np.int64)
OFFICIALS[:, 2], OFFICIALS[:, 5] = -9_000, 7_000  # service workers down, the self-employed up
WORLDS = {
    "as shipped": {},
    "the plain mean": {"statistic": 0, "relation": [256 * 60, 256 * 30, 256 * 30]},
    "below the bar, half strength": {"statistic": 2, "relation_strength": 32768},
    "officials and gaming": {
        "officials": 1,
        "official_points": OFFICIALS,
        "gamers": 90,
        "game_profile": 40,
        "game_ties": 9_000,
    },
}


def tables_of(name: str) -> np.ndarray:
    """Return the tables of one of these worlds, rare things ten times as frequent."""
    return put(lively(shipped()), **WORLDS[name])


def group_bit(rows: np.ndarray, name: str) -> np.ndarray:
    """Return whether a group of causes is stored as necessary, row by row of the log."""
    place = GROUPS.index(name)
    # Bit 5 is the rule's, between the first five groups and those that came later.
    return rows[:, LOWER] >> (place if place < 5 else place + 1) & 1 == 1


@dataclass(frozen=True)
class Moment:
    """What stage 5 of a month was given: nothing in it changes any more."""

    society: Society
    state: State
    tables: np.ndarray
    now: np.ndarray
    score_gates: np.ndarray
    score_gates_without_rank: np.ndarray
    cuts: np.ndarray

    def but(self, **other) -> Moment:
        """Return a moment that differs in something."""
        return replace(self, **other)


class Kept(World):
    """Keeps each month's moment before stage 5, when the gates have just been closed."""

    def __init__(self, *arguments, **options) -> None:
        super().__init__(*arguments, **options)
        self.moments: list[Moment] = []

    def _close_gates(self, now, histogram):
        closed = super()._close_gates(now, histogram)
        self.moments.append(moment_of(self, now, *closed))
        return closed


def moment_of(one: World, now, score_gates, score_gates_without_rank) -> Moment:
    """Return a copy of what a world's stage 5 is about to be given."""
    return Moment(
        society=one.society,
        state=one.state.copy(),
        tables=one.tables.copy(),
        now=now.copy(),
        score_gates=score_gates.copy(),
        score_gates_without_rank=score_gates_without_rank.copy(),
        cuts=one.cuts.copy(),
    )


@dataclass(frozen=True)
class Decisions:
    """What a month's gates decided.

    ``denied``: bool[citizens, 18]; ``log``: rows of month.tables, where somebody was attributed;
    ``shapley``: int64[18, 15].
    """

    denied: np.ndarray
    log: np.ndarray
    shapley: np.ndarray


def decided(moment: Moment, kernel=decide, *, attributes: int = NOBODY, **fields) -> Decisions:
    """Ask the gates of a moment; ``fields`` are arguments of the stage that are to be others."""
    n = moment.society.citizens
    state = moment.state.copy()
    known = {
        "traits": moment.society.traits,
        "wiring": moment.society.wiring,
        "state": state,
        "tables": moment.tables,
        "now": moment.now,
        "score_gates": moment.score_gates,
        "score_gates_without_rank": moment.score_gates_without_rank,
        "cuts": moment.cuts,
        "luck": at.new_luck(),
        "scratch": at.new_scratch(),
        "verdicts": np.zeros(32768, dtype=np.uint8),
        "counts": np.zeros((len(ROWS), CELLS), dtype=np.int64),
        "shapley": np.zeros((len(GATES), len(CAUSES)), dtype=np.int64),
        "attributes": attributes,
        "log": np.zeros((20 * at.STRIDE, at.LOG_WIDTH), dtype=np.int64),
        "used": 0,
        **fields,
    }
    masks = np.zeros(n, dtype=np.int64)
    logs = []
    for first, end, _, province, area, segment in moment.society.blocks.tolist():
        for lo in range(first, end, at.STRIDE):
            hi = min(lo + at.STRIDE, end)
            for row in (at.L_EVERYDAY, at.L_RESPOND):
                key = int(moment.now[at.NOW_KEY])
                call = at.DRAWN[row]
                philox_rows(moment.society.seed, lo, hi - lo, key, call, known["luck"][row])
            known.update(lo=lo, hi=hi, province=province, area=area)
            known.update(first_segment=segment + (lo - first) // 64)
            used = by_name(kernel, known)
            logs.append(known["log"][:used].copy())
            masks[lo:hi] = known["scratch"][at.S_DENIED, : hi - lo]
    log = np.concatenate(logs)
    return Decisions(
        denied=(masks[:, np.newaxis] >> np.arange(len(GATES))) & 1 == 1,
        log=log[log[:, 0] == at.LOG_DENIAL],
        shapley=known["shapley"],
    )


def attributed(moment: Moment, kernel=decide) -> Decisions:
    """Ask the gates of a moment, every refusal attributed, by a stage `decide`."""
    return decided(moment, kernel, attributes=EVERYONE)
