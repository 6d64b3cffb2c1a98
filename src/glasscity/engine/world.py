"""A world: a society, a regime and its calendar, stepped month by month."""

from __future__ import annotations

import math
import queue
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from glasscity.behaviour import Behaviour
from glasscity.country import Country
from glasscity.engine.calendar import Calendar, GateRules, gate_rules, make_calendar
from glasscity.engine.compile import compile_tables
from glasscity.engine.step import LOG_ROWS, harvest_cell, pass_one, pass_two, state_hash
from glasscity.month import tables as at
from glasscity.month.ledger import CELLS, ROWS
from glasscity.regime import Regime
from glasscity.society import Society, build_society
from glasscity.society.population import Traits
from glasscity.society.state import State, new_state
from glasscity.terms import CAUSES, GATES

__all__ = ["Month", "Worker", "Workers", "World"]

SCORE_BINS = 2048


@dataclass(frozen=True)
class Month:
    """What one month left: counts by cell, and what does not add up over cells."""

    tallies: np.ndarray  # int64[threads, cells, rows, 75], the workers' own: read before `clear`
    log: np.ndarray  # int64[n, 8]
    histogram: np.ndarray  # int64[2048]
    moments: np.ndarray  # int64[5]
    shapley: np.ndarray  # int64[18, 15]
    state_sum: int
    cuts: np.ndarray
    deciles: np.ndarray  # int64[10, month.tables.DECILE_COUNTS]
    couples: np.ndarray  # int64[month.tables.COUPLE_COUNTS]
    log_rows_first: int = 0  # how many rows of the log are of the first pass

    @classmethod
    def merged(cls, parts: Sequence[Month]) -> Month:
        """Return the month of a whole world from those of its ranges.

        Parameters
        ----------
        parts : sequence of Month
            At least one, of the same month, in the order of their blocks: so the rows of the log
            stand as one process would have left them.
        """
        cut = [(part.log[: part.log_rows_first], part.log[part.log_rows_first :]) for part in parts]
        return cls(
            tallies=np.concatenate([part.tallies for part in parts]),
            log=np.concatenate([first for first, _ in cut] + [second for _, second in cut]),
            histogram=_sum(part.histogram for part in parts),
            moments=_sum(part.moments for part in parts),
            shapley=_sum(part.shapley for part in parts),
            state_sum=sum(part.state_sum for part in parts) % 2**64,
            cuts=parts[0].cuts,
            deciles=_sum(part.deciles for part in parts),
            couples=_sum(part.couples for part in parts),
            log_rows_first=sum(part.log_rows_first for part in parts),
        )

    @property
    def counts(self) -> np.ndarray:
        """The month's counts, int64[cells, rows, 75]."""
        return self.tallies.sum(axis=0)

    def total(self, row: int) -> int:
        """Return a row's count over all cells."""
        return int(self.tallies[:, :, row].sum())


def _sum(arrays: Iterable[np.ndarray]) -> np.ndarray:
    return np.sum(list(arrays), axis=0, dtype=np.int64)


class Worker:
    """One thread's own luck, scratch and accumulators."""

    def __init__(self, counts: np.ndarray) -> None:
        self.luck = at.new_luck()
        self.scratch = at.new_scratch()
        self.verdicts = np.zeros(32768, dtype=np.uint8)
        self.counts = counts
        self.histogram = np.zeros(SCORE_BINS, dtype=np.int64)
        self.moments = np.zeros(5, dtype=np.int64)
        self.shapley = np.zeros((len(GATES), len(CAUSES)), dtype=np.int64)
        self.deciles = np.zeros((10, at.DECILE_COUNTS), dtype=np.int64)
        self.couples = np.zeros(at.COUPLE_COUNTS, dtype=np.int64)
        self.log = np.zeros((LOG_ROWS, at.LOG_WIDTH), dtype=np.int64)
        self.where = np.zeros(len(ROWS) * CELLS, dtype=np.uint32)
        self.values = np.zeros(len(ROWS) * CELLS, dtype=np.int64)


class Workers:
    """A pool of threads, each with room of its own; shared by the worlds of a run."""

    def __init__(self, threads: int, cells: int) -> None:
        self.threads = threads
        self._pool = ThreadPoolExecutor(threads)
        self._free: queue.SimpleQueue[Worker] = queue.SimpleQueue()
        self.tallies = np.zeros((threads, cells, len(ROWS), CELLS), dtype=np.int64)
        self.all = [Worker(counts) for counts in self.tallies]
        for worker in self.all:
            self._free.put(worker)

    def run(self, parts, work) -> list:
        """Return ``work(worker, part)`` for every part, in the order of the parts."""

        def one(part):
            worker = self._free.get()
            try:
                return work(worker, part)
            finally:
                self._free.put(worker)

        return list(self._pool.map(one, parts))

    def apart(self) -> Worker:
        """Return room for one more who counts one cell, outside the pool: whoever is watched."""
        return Worker(np.zeros((1, len(ROWS), CELLS), dtype=np.int64))

    def close(self) -> None:
        """Let the threads go."""
        self._pool.shutdown()


class World:
    """A society under a regime, whole or a range of its blocks.

    A month of a range: ``first`` gives its histogram of scores; ``second`` takes the nation's;
    ``turn`` and ``closed`` end the month.  ``step`` is all of it for a whole society.  Of other
    ranges nothing is read but last month's faces, deeds and shadow voices (engine.halo brings
    them): households and districts lie in one block.

    Parameters
    ----------
    society : Society
    tables : int64 vector (month.tables)
    before : int64 vector, optional
        What is in force until the mandate, where that differs.
    offices : (int64[operators, size], int64[operators, 3]), optional
        Tables and rules of the private operators (engine.compile.compile_offices).
    calendar : Calendar
    gates : GateRules
    state : State
        Is changed in place.
    workers : Workers
    attributes : int
        1: every denial is attributed; n: those of one citizen in n.
    span : (int, int), optional
        First block and end of the blocks that are stepped here; all of them.  Columns have a row
        for every citizen all the same; of the others' only faces, deeds and shadow voices are read.

    Attributes
    ----------
    span : (int, int)
    people : slice
        The citizens of the span.
    """

    def __init__(
        self,
        society: Society,
        *,
        tables: np.ndarray,
        calendar: Calendar,
        gates: GateRules,
        state: State,
        workers: Workers,
        attributes: int = 1,
        before: np.ndarray | None = None,
        offices: tuple[np.ndarray, np.ndarray] | None = None,
        span: tuple[int, int] | None = None,
    ) -> None:
        self.society = society
        # Copies: the points of perks move with the national distribution.
        self.fused = tables.copy()
        self.before = self.fused if before is None else before.copy()
        self.tables = self.before
        nobody = np.zeros((0, at.SIZE), np.int64), np.zeros((0, 3), np.int64)
        self.offices, self.office_rules = nobody if offices is None else offices
        self.calendar = calendar
        self.gates = gates
        self.state = state
        self.workers = workers
        self.attributes = attributes
        # Whoever watches single citizens (engine.life.Watch); reads, and leaves all as it was.
        self.watch: Any = None
        self.histogram = np.zeros(SCORE_BINS, dtype=np.int64)
        self.deciles_of = np.zeros(SCORE_BINS, dtype=np.uint8)
        self.cuts = np.zeros(len(GATES), dtype=np.int64)
        self.frozen = False
        self.now = np.zeros(at.NOW_SIZE, dtype=np.int64)
        self.score_gates = np.zeros(SCORE_BINS, dtype=np.uint32)
        self.span = first, end = (0, len(society.blocks)) if span is None else span
        parts = min(end - first, 16 * workers.threads)
        edges = np.linspace(first, end, parts + 1).astype(int)
        self._parts = [(int(a), int(b)) for a, b in pairwise(edges) if b > a]
        self.people = slice(int(society.blocks[first, 0]), int(society.blocks[end - 1, 1]))
        self._logs: list[list[np.ndarray]] = [[], []]
        self._scores = np.zeros(SCORE_BINS, dtype=np.int64)

    @classmethod
    def warm_up(
        cls,
        country: Country,
        behaviour: Behaviour,
        regime: Regime,
        workers: Workers,
        *,
        first: bool = True,
        between: Callable[[], object] | None = None,
    ) -> None:
        """Load or compile every kernel of a month, by running it over no block at all.

        Parameters
        ----------
        first : bool
            Whether the first pass is wanted, too.
        between : callable, optional
            Called before the second pass, which somebody else may be compiling.
        """
        society = build_society(country, 1, 0)
        world = cls(
            society,
            tables=compile_tables(country, behaviour, regime, seed=society.seed),
            calendar=make_calendar(regime, behaviour, start=regime.start),
            gates=gate_rules(regime),
            state=new_state(1),
            workers=workers,
        )
        now = world.calendar.now(0, key=0)
        worker = workers.all[0]
        if first:
            world._first(worker, (0, 0), now)
        if between is not None:
            between()
        world._second(worker, (0, 0), now, world.score_gates, world.score_gates)
        state_hash(0, 0, 0, world.state)
        harvest_cell(workers.tallies, 0, worker.where, worker.values)

    def step(self, month: int, *, key: int) -> Month:
        """Run one month (negative in burn-in); ``key`` is the luck's month."""
        self.second(self.first(month, key=key))
        self.turn()
        return self.closed()

    def first(self, month: int, *, key: int) -> np.ndarray:
        """Run the first pass; return the span's scores, int64[2048], to be summed over spans."""
        now = self.calendar.now(month, key=key)
        self.tables = self.fused if now[at.NOW_MANDATE] else self.before
        self._national(now)
        self.now = now
        if self.watch is not None:
            self.watch.before(self, now)
        self._logs[0] = self.workers.run(self._parts, lambda w, part: self._first(w, part, now))
        self._scores = _sum(w.histogram for w in self.workers.all)
        return self._scores

    def second(self, histogram: np.ndarray) -> None:
        """Run the second pass, once the nation's scores are known: int64[2048], all spans'."""
        now = self.now
        self.histogram = histogram
        with_rank, without_rank = self._close_gates(now, histogram)
        if self.watch is not None:
            self.watch.between(self, now, with_rank, without_rank)
        self._logs[1] = self.workers.run(
            self._parts, lambda w, part: self._second(w, part, now, with_rank, without_rank)
        )
        self.score_gates = with_rank
        if self.watch is not None:
            self.watch.after(self)

    def turn(self) -> None:
        """Make the span's faces, deeds and shadow voices of this month last month's."""
        mine, state = self.people, self.state
        state.face.now[mine] = state.face.next[mine]
        state.face.deed[mine] = state.face.deed_next[mine]
        np.right_shift(state.audit.inner[mine], 6, out=state.audit.shadow[mine])

    def closed(self) -> Month:
        """Return what the month left in the span, after ``turn``."""
        logs, workers = self._logs[0] + self._logs[1], self.workers.all
        return Month(
            tallies=self.workers.tallies,
            log=np.concatenate(logs) if logs else np.zeros((0, at.LOG_WIDTH), np.int64),
            histogram=self._scores,
            moments=_sum(w.moments for w in workers),
            shapley=_sum(w.shapley for w in workers),
            state_sum=sum(self._hashes()) % 2**64,
            cuts=self.cuts.copy(),
            deciles=_sum(w.deciles for w in workers),
            couples=_sum(w.couples for w in workers),
            log_rows_first=sum(len(log) for log in self._logs[0]),
        )

    def _hashes(self) -> list[int]:
        """Return the sums of the hashed states of each part."""
        blocks, key, state = self.society.blocks, int(self.now[at.NOW_KEY]), self.state
        return self.workers.run(
            self._parts,
            lambda _, part: int(
                state_hash(int(blocks[part[0], 0]), int(blocks[part[1] - 1, 1]), key, state)
            ),
        )

    def harvest(self) -> list[tuple[int, np.ndarray, np.ndarray]]:
        """Return the month's non-zero counts by cell, and clear them.

        Returns
        -------
        list of (cell, where, values)
            ``where``, uint32, is row * 75 + cell of the cube, ascending; ``values`` int64.
        """
        tallies = self.workers.tallies

        def some(worker: Worker, part: range):
            pieces = []
            for cell in part:
                n = harvest_cell(tallies, cell, worker.where, worker.values)
                if n:
                    pieces.append((cell, worker.where[:n].copy(), worker.values[:n].copy()))
            return pieces

        edges = np.linspace(0, tallies.shape[1], 4 * self.workers.threads + 1).astype(int)
        parts = [range(int(a), int(b)) for a, b in pairwise(edges)]
        pieces = self.workers.run(parts, some)
        self.clear(counts=False)
        return [piece for part in pieces for piece in part]

    def clear(self, *, counts: bool = True) -> None:
        """Forget what the month left, once it has been taken up."""
        for worker in self.workers.all:
            if counts:
                worker.counts[:] = 0
            worker.histogram[:] = 0
            worker.moments[:] = 0
            worker.shapley[:] = 0
            worker.deciles[:] = 0
            worker.couples[:] = 0

    def carried(self) -> dict[str, np.ndarray]:
        """Return copies of what a month hands to the next beside the state, by name; all small."""
        perks = slice(at.PERK_POINTS, at.PERK_GATE)
        return {
            "histogram": self.histogram.copy(),
            "deciles_of": self.deciles_of.copy(),
            "cuts": self.cuts.copy(),
            "frozen": np.array([self.frozen]),
            "now": self.now.copy(),
            "score_gates": self.score_gates.copy(),
            # The points of perks follow the national distribution.
            "perks_fused": self.fused[perks].copy(),
            "perks_before": self.before[perks].copy(),
        }

    def restore(self, carried: Mapping[str, np.ndarray]) -> None:
        """Go on from what :meth:`carried` gave; the state is given back by whoever kept it."""
        perks = slice(at.PERK_POINTS, at.PERK_GATE)
        for name in ("histogram", "deciles_of", "cuts", "now", "score_gates"):
            setattr(self, name, carried[name].copy())
        self.frozen = bool(carried["frozen"][0])
        self.fused[perks] = carried["perks_fused"]
        self.before[perks] = carried["perks_before"]
        self.tables = self.fused if self.now[at.NOW_MANDATE] else self.before

    def _first(
        self,
        worker: Worker,
        part: tuple[int, int],
        now: np.ndarray,
        *,
        blocks: np.ndarray | None = None,
        lent: tuple[Traits, State] | None = None,
    ) -> np.ndarray:
        blocks = self.society.blocks if blocks is None else blocks
        traits, state = (self.society.traits, self.state) if lent is None else lent
        block, end = part
        kept = []
        while True:
            block, used = pass_one(
                block,
                end,
                blocks,
                traits,
                self.society.wiring,
                state,
                self.tables,
                now,
                self.score_gates,
                self.offices,
                self.office_rules,
                self.deciles_of,
                worker.luck,
                worker.scratch,
                worker.counts,
                worker.histogram,
                worker.moments,
                worker.deciles,
                worker.log,
            )
            kept.append(worker.log[:used].copy())
            if block >= end:
                return np.concatenate(kept)

    def _second(
        self,
        worker: Worker,
        part: tuple[int, int],
        now: np.ndarray,
        with_rank: np.ndarray,
        without_rank: np.ndarray,
        *,
        blocks: np.ndarray | None = None,
        lent: tuple[Traits, State] | None = None,
    ) -> np.ndarray:
        blocks = self.society.blocks if blocks is None else blocks
        traits, state = (self.society.traits, self.state) if lent is None else lent
        block, end = part
        kept = []
        while True:
            block, used = pass_two(
                block,
                end,
                blocks,
                traits,
                self.society.wiring,
                state,
                self.tables,
                now,
                with_rank,
                without_rank,
                self.cuts,
                self.deciles_of,
                worker.luck,
                worker.scratch,
                worker.verdicts,
                worker.counts,
                worker.shapley,
                worker.deciles,
                worker.couples,
                self.attributes,
                worker.log,
            )
            kept.append(worker.log[:used].copy())
            if block >= end:
                return np.concatenate(kept)

    def _national(self, now: np.ndarray) -> None:
        """Put last month's national figures into ``now``: mean, spread, bar, lowest threshold."""
        histogram = self.histogram
        people = int(histogram.sum())
        if people == 0:
            self.deciles_of[:] = 0
            return
        # By mid-rank, as every rank: the share strictly below plus half of the equals.
        twice = 2 * (np.cumsum(histogram) - histogram) + histogram
        self.deciles_of = np.minimum(9, 10 * twice // (2 * people)).astype(np.uint8)
        scores = np.arange(SCORE_BINS, dtype=np.int64)
        total = int((histogram * scores).sum())
        squares = int((histogram * scores * scores).sum())
        # Integer square root: no processor's rounding in a fate.
        variance = (squares * people - total * total) * 256 // (people * people)
        now[at.NOW_MEAN16] = total * 16 // people
        now[at.NOW_SPREAD16] = _integer_root(variance)
        now[at.NOW_BAR] = score_at(histogram, self.gates.bar_percentile)
        for p, percentile in enumerate(self.gates.perk_percentiles):
            if percentile is not None and p < self.tables[at.PERKS]:
                self.tables[at.PERK_POINTS + p] = score_at(histogram, percentile)
        closed = self.cuts[self.cuts > 0]
        if len(closed) and now[at.NOW_PENALTIES]:
            now[at.NOW_LOWEST] = int(closed.min())

    def _close_gates(self, now: np.ndarray, histogram: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the gates closed at each score this month, with and without rank gates."""
        with_rank = np.zeros(SCORE_BINS, dtype=np.uint32)
        without = np.zeros(SCORE_BINS, dtype=np.uint32)
        if not now[at.NOW_PENALTIES] or histogram.sum() == 0:
            self.cuts[:] = 0
            return with_rank, without
        rules = self.gates
        for g in range(len(GATES)):
            if rules.kind[g] == 1 and not self.frozen:
                points = int(rules.points[g])
                self.cuts[g] = points if points >= 0 else score_at(histogram, rules.percentile[g])
            elif rules.kind[g] == 2:
                self.cuts[g] = score_at(histogram, rules.percentile[g])
            if self.cuts[g] > 0:
                # Scores 0 (none) and 1 (not yet scored) are left to the gate's own screening.
                with_rank[2 : self.cuts[g]] |= np.uint32(1 << g)
                if rules.kind[g] == 1:
                    without[2 : self.cuts[g]] |= np.uint32(1 << g)
        self.frozen = True
        return with_rank, without


def score_at(histogram: np.ndarray, percentile: float) -> int:
    """Return the lowest score whose mid-rank among the scored is at least a percentile.

    The rank of a score is the share strictly below plus half of the equals.  The comparison is on
    integers: percentiles are taken to 1/100.
    """
    people = int(histogram.sum())
    if people == 0:
        return 0
    bound = round(percentile * 100) * 2 * people
    scores = np.flatnonzero(histogram)
    equals = histogram[scores]
    twice_rank = 2 * (np.cumsum(equals) - equals) + equals
    high_enough = np.flatnonzero(twice_rank * 10_000 >= bound)
    return int(scores[high_enough[0]] if len(high_enough) else scores[-1])


def _integer_root(n: int) -> int:
    return math.isqrt(max(0, n))
