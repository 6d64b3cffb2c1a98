"""A world while its run goes on: stepped month by month, and looked at by what keeps the results.

A run asks the same things of a world in this process and of one that machines share
(:class:`glasscity.engine.cluster.ClusterWorld`); they are those of :class:`Runs`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

import numpy as np

from glasscity.engine.breakdown import PARTS, STATISTICS, score_parts
from glasscity.engine.calendar import gate_rules, make_calendar
from glasscity.engine.compile import compile_offices, compile_tables, voluntary
from glasscity.engine.held import Held, HeldWorld
from glasscity.engine.life import Watch
from glasscity.engine.marks import marks_of
from glasscity.engine.world import Month, Workers, World
from glasscity.month import tables as at
from glasscity.regime import Regime
from glasscity.scenario import Scenario
from glasscity.society import Society
from glasscity.society.population import Traits
from glasscity.society.state import State, from_columns
from glasscity.terms import EVENTS, SPHERES

__all__ = [
    "Counts",
    "Here",
    "Rules",
    "Runs",
    "Values",
    "described",
    "merged",
    "spreads",
    "world_fields",
    "world_of",
]

# Cell, where in it (row * 75 + cell of the cube), counts above zero.
Counts: TypeAlias = list[tuple[int, np.ndarray, np.ndarray]]
# What the ties' scores could give, in 1/256 point: int32[n, 3], or for each of the three the values
# in ascending order and how often each is there.
Values: TypeAlias = "np.ndarray | list[tuple[np.ndarray, np.ndarray]]"


@dataclass(frozen=True)
class Rules:
    """What a world of a run is opened with.

    ``attributes``: 1: every denial is attributed; n: those of one citizen in n.  ``panel``,
    ``kept``: int64, ascending: whose scores are kept month by month, and who is described at the
    end.  ``watch``: citizens whose lives are noted.
    """

    scenario: Scenario
    regime: Regime
    strengths: dict[str, float]
    attributes: int
    panel: np.ndarray
    kept: np.ndarray
    watch: Sequence[int] = ()


class Runs(Held, Protocol):
    """What a run asks of its world."""

    def step(self, month: int, *, key: int, last: bool) -> Month:
        """Run a month; after the ``last`` one the world can be described."""
        ...

    def harvest(self) -> Counts:
        """Return the month's counts, and clear them."""
        ...

    def scores(self) -> np.ndarray:
        """Return the scores of the panel, uint16; 0 none."""
        ...

    def marks(self) -> np.ndarray:
        """Return what is noted of each of the kept, uint16 (engine.marks)."""
        ...

    def people(self) -> dict[str, np.ndarray]:
        """Return how the kept are at the end of the run, one array a column."""
        ...

    def parts(self) -> tuple[dict[str, np.ndarray], list[dict[str, Any]]]:
        """Return the last scores of the kept taken apart, and what ties' scores could move."""
        ...

    def tables(self) -> np.ndarray:
        """Return the tables in force in the last month (month.tables)."""
        ...

    def lives(self) -> list[dict]:
        """Return the lives watched."""
        ...


def world_of(
    scenario: Scenario,
    regime: Regime,
    society: Society,
    state: State,
    workers: Workers,
    *,
    strengths: dict[str, float],
    attributes: int,
    span: tuple[int, int] | None = None,
) -> World:
    """Return a scenario's world under a regime, at the state that is given and will be changed.

    Parameters
    ----------
    attributes : int
        1: every denial is attributed; n: those of one citizen in n.
    span : (int, int), optional
        The blocks that are stepped here; all of them.
    """
    return World(
        society,
        **world_fields(scenario, regime, strengths=strengths),
        state=state,
        workers=workers,
        attributes=attributes,
        span=span,
    )


def world_fields(
    scenario: Scenario, regime: Regime, *, strengths: dict[str, float]
) -> dict[str, Any]:
    """Return what a World is told of a scenario's rules: tables, calendar, gates, offices."""

    def tables(rules: Regime) -> np.ndarray:
        return compile_tables(
            scenario.country, scenario.behaviour, rules, seed=scenario.seed, strengths=strengths
        )

    return {
        "tables": tables(regime),
        "calendar": make_calendar(regime, scenario.behaviour, start=scenario.start),
        "gates": gate_rules(regime),
        "before": tables(voluntary(regime)),
        "offices": compile_offices(
            scenario.country, scenario.behaviour, regime, seed=scenario.seed, strengths=strengths
        ),
    }


class Here(HeldWorld):
    """A world, or a range of one, in this process.

    Parameters
    ----------
    rules : Rules
    society, state, workers
        As for :class:`World`; the state is changed.
    span : (int, int), optional
        The blocks that are stepped here.
    """

    def __init__(
        self,
        rules: Rules,
        society: Society,
        state: State,
        workers: Workers,
        *,
        span: tuple[int, int] | None = None,
    ) -> None:
        operator = rules.regime.operator
        if operator is not None and operator.points is not None:
            state = state.with_points()
        world = world_of(
            rules.scenario,
            rules.regime,
            society,
            state,
            workers,
            strengths=rules.strengths,
            attributes=rules.attributes,
            span=span,
        )
        super().__init__(world)
        self.panel = _within(rules.panel, self.world.people)
        self.kept = _within(rules.kept, self.world.people)
        self._all_kept = len(rules.kept) == society.citizens
        people = self.world.people
        self._watched = [person for person in rules.watch if people.start <= person < people.stop]
        self.begin_watch()

    def begin_watch(self) -> None:
        """Watch from the state as it is now on."""
        self.watch = Watch(self.world, self._watched) if self._watched else None
        self.world.watch = self.watch

    def step(self, month: int, *, key: int, last: bool) -> Month:
        """Run a month of a whole world."""
        self.ready(last=last)
        return self.world.step(month, key=key)

    def ready(self, *, last: bool) -> None:
        """Keep what the description of the ``last`` month needs of the month before."""
        if last:
            self._before = self.world.state.face.now.copy()

    def harvest(self) -> Counts:
        """Return the month's counts, and clear them."""
        return self.world.harvest()

    def scores(self) -> np.ndarray:
        """Return the scores of the panel, uint16; 0 none."""
        return _scores((self.world.state.face.now[self.panel] & np.uint32(2047)).astype(np.uint16))

    def marks(self) -> np.ndarray:
        """Return what is noted of each of the kept, uint16 (engine.marks)."""
        state = self.world.state
        gravity = self.tables()[at.GRAVITY : at.GRAVITY + len(EVENTS)]
        kept = self.world.people if self._all_kept else self.kept
        first = bool(self.world.now[at.NOW_RUN_MONTH] == 0)
        return marks_of(state.columns(), kept, state.face.now[kept], gravity, on_file=first)

    def people(self) -> dict[str, np.ndarray]:
        """Return how the kept are at the end of the run, one array a column."""
        world, ids = self.world, self.kept
        state = {
            name: column[ids] if len(column) else column
            for name, column in world.state.columns().items()
        }
        traits = (trait[ids] if len(trait) else trait for trait in world.society.traits)
        return described(
            ids, world.society.cells, Traits(*traits), from_columns(state), world.histogram
        )

    def parts(self) -> tuple[dict[str, np.ndarray], list[dict[str, Any]]]:
        """Return the last scores of the kept taken apart, and what ties' scores could move."""
        columns, values = self.values()
        return columns, spreads([values], int(self.tables()[at.STATISTIC])) if columns else []

    def values(self) -> tuple[dict[str, np.ndarray], Values]:
        """Return the last scores of the kept taken apart, in points, and ``spreads``' values."""
        world = self.world
        society, state, mine = world.society, world.state, world.people
        number = mine.stop - mine.start
        if not world.histogram.any():
            return {}, np.zeros((0, len(STATISTICS)), dtype=np.int32)
        parts = np.zeros((number, len(PARTS)), dtype=np.int32)
        statistics = np.zeros((number, len(STATISTICS)), dtype=np.int32)
        score_parts(
            society.blocks[slice(*world.span)],
            society.traits,
            society.wiring,
            state,
            state.face.now,
            self._before,
            world.tables,
            world.now,
            mine.start,
            parts,
            statistics,
        )
        rows = self.kept - mine.start
        columns = {f"points_{name}": parts[rows, k] / 256 for k, name in enumerate(PARTS)}
        scored = statistics[(state.face.now[mine] & np.uint32(2047)) > 1]
        if self._all_kept:
            return columns, scored
        return columns, [np.unique(column, return_counts=True) for column in scored.T]

    def tables(self) -> np.ndarray:
        """Return the tables in force in the last month (month.tables)."""
        return self.world.tables

    def lives(self) -> list[dict]:
        """Return the lives watched."""
        return self.watch.lives if self.watch is not None else []


def _within(ids: np.ndarray, people: slice) -> np.ndarray:
    first, end = np.searchsorted(ids, [people.start, people.stop])
    return ids[first:end]


def spreads(found: Sequence[Values], used: int) -> list[dict[str, Any]]:
    """Return what the ties' scores could move, one row a statistic.

    Parameters
    ----------
    found : sequence of Values
        Of the ranges of a world, in their order; all of one kind.
    used : int
        The statistic that the regime uses.

    Returns
    -------
    list of dict
        ``spread``: standard deviation of the points over the scored; ``p5``, ``p95``: percentiles.
    """
    rows = []
    for k, name in enumerate(STATISTICS):
        if isinstance(found[0], np.ndarray):
            points = np.concatenate([values[:, k] for values in found]) / 256
            low, high = np.percentile(points, [5, 95])
            spread = points.std()
        else:
            spread, low, high = _counted(*merged([values[k] for values in found]))
        rows.append(
            {
                "statistic": name,
                "used": k == used,
                "spread": float(spread),
                "p5": float(low),
                "p95": float(high),
            }
        )
    return rows


def merged(parts: Sequence[tuple[np.ndarray, np.ndarray]]) -> tuple[np.ndarray, np.ndarray]:
    """Return values in ascending order and how often each is there, over several such pairs."""
    values, place = np.unique(np.concatenate([v for v, _ in parts]), return_inverse=True)
    counts = np.zeros(len(values), dtype=np.int64)
    np.add.at(counts, place, np.concatenate([c for _, c in parts]))
    return values, counts


def _counted(values: np.ndarray, counts: np.ndarray) -> tuple[float, float, float]:
    """Return the standard deviation and two percentiles of values that are there so often."""
    n = int(counts.sum())
    total = sum(int(v) * int(c) for v, c in zip(values, counts, strict=True))
    squares = sum(int(v) ** 2 * int(c) for v, c in zip(values, counts, strict=True))
    spread = ((n * squares - total * total) / (n * n)) ** 0.5 / 256
    ends = np.cumsum(counts)

    def at_rank(share: float) -> float:
        # Between neighbours in a straight line, as numpy.percentile does.
        place = share * (n - 1)
        low, high = (
            values[np.searchsorted(ends, min(n - 1, int(place) + k), side="right")] / 256
            for k in (0, 1)
        )
        return float(low + (high - low) * (place - int(place)))

    return spread, at_rank(0.05), at_rank(0.95)


def described(
    ids: np.ndarray, cells: np.ndarray, traits: Traits, state: State, histogram: np.ndarray
) -> dict[str, np.ndarray]:
    """Return how some citizens are in the last month.

    Parameters
    ----------
    ids : int64[n], ascending
        Who they are; ``traits`` and ``state`` have a row for each.
    cells : int64[cells, 4]
        The society's.
    histogram : int64[2048]
        The nation's scores.
    """
    cell = np.searchsorted(cells[:, 0], ids, side="right") - 1
    # Empty cells begin where the next one does; the last of equals is the one with people.
    who = traits.who.astype(np.int64)
    face = state.face.now.astype(np.int64)
    score = face & 2047
    score = np.where(score > 1, score, 0)
    below = np.cumsum(histogram) - histogram
    scored = max(1, int(histogram.sum()))
    rank = (2 * below + histogram) / (2 * scored)
    opinion = state.truth.opinion.astype(np.int64)
    camp = np.ones(len(ids), dtype=np.uint8)
    camp[opinion * 5 < -127] = 0
    camp[opinion * 5 > 127] = 2
    standing = state.record.standing
    listed = (standing > 0) & (standing < 128)
    inner = state.audit.inner
    return {
        "citizen": ids.astype(np.uint64),
        "province": (cell // 2).astype(np.uint8),
        "area": (cell % 2).astype(np.uint8),
        "quintile": ((traits.income.astype(np.int64) * 5) >> 8).astype(np.uint8),
        "age": (who & 7).astype(np.uint8),
        "camp": camp,
        "occupation": ((who >> 3) & 7).astype(np.uint8),
        "voice": ((face >> 11) & 3).astype(np.uint8),
        "unafraid_voice": inner & 3,
        "private_voice": inner >> 2 & 3,
        "would_say_yes": (inner >> 4 & 1).astype(np.bool_),
        "score": score.astype(np.uint16),
        "rank": np.where(score > 0, rank[score], np.nan),
        "score_private_1": _scores(state.record.private[:, 0]),
        "score_private_2": _scores(state.record.private[:, 1]),
        "displayed": (face >> 14 & 1).astype(np.bool_),
        "profile": traits.profile,
        "thick_file": (who >> 6 & 1).astype(np.bool_),
        "with_credit": (who >> 7 & 1).astype(np.bool_),
        "on_record": (state.record.deficits > 0).any(axis=1),
        **{
            f"record_{sphere}": (state.record.deficits[:, s] / 65535).astype(np.float32)
            for s, sphere in enumerate(SPHERES)
        },
        "signs_of_means": (state.record.fulfilment / 65535).astype(np.float32),
        "opinion": opinion / 127,
        "liquidity": state.truth.liquidity / 256,
        "months_without_work": state.truth.idle,
        "owed_credit": state.truth.owed_credit,
        "owed_fee": state.truth.owed_fee,
        "lists": (listed * (1 << np.arange(4))).sum(axis=1).astype(np.uint8),
        "shut_out": (state.audit.lost >> 7).astype(np.uint8),
        "single": (face >> 15 & 1).astype(np.bool_),
        "keeps_trust": (state.face.deed & 1).astype(np.bool_),
        "trust": state.belief.trust / 65535,
    }


def _scores(points: np.ndarray) -> np.ndarray:
    """Return scores, 0 where somebody has joined but not been scored yet."""
    return np.where(points > 1, points, 0).astype(np.uint16)
