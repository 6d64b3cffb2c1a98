"""A scenario run from its society to its outcome, with the unscored twin beside it.

This is where the engine's months become what the results keep.  Nothing is written here.
"""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from glasscity.catalogue.entry import fingerprint
from glasscity.draws import MONTH_ZERO
from glasscity.engine.breakdown import PARTS, STATISTICS, score_parts
from glasscity.engine.calendar import gate_rules, make_calendar
from glasscity.engine.compile import compile_offices, compile_tables, voluntary
from glasscity.engine.keeping import Course, Keeper
from glasscity.engine.life import Watch
from glasscity.engine.start import burned_in
from glasscity.engine.world import Month, Workers, World
from glasscity.errors import CannotFit
from glasscity.month import tables as at
from glasscity.month.ledger import ROWS
from glasscity.regime import Operator, Regime, load_regime
from glasscity.results import Outcome
from glasscity.results.cube import CubeBuilder
from glasscity.scenario import MANIPULATIONS, SAFEGUARDS, Scenario
from glasscity.society import Society, build_society
from glasscity.society.state import State, new_state

__all__ = [
    "Progress",
    "Simulation",
    "check_memory",
    "default_threads",
    "memory_needed",
    "simulate",
    "world_of",
]

# stage, done, total (None while it is not known), citizens
Progress = Callable[[str, int, "int | None", int], None]

# Bytes a citizen while a run is at its fullest: the state and the burn-in's copy of it, traits and
# wiring, and what a month's registers and the cube's growth add on average.
_BYTES_RUNNING = 170
_BYTES_FIXED = 400_000_000
# Everybody's denials are attributed up to here; above, those of one citizen in so many.
_ATTRIBUTED_MOST = 10_000_000
_PANEL_OF = 128
# Scores are kept month by month for everybody up to here, above for about so many.
_PANEL_MOST = 131_072
_PANEL_ABOUT = 16_384


@dataclass(frozen=True)
class Simulation:
    """What a run left, and what it took.

    ``outcome`` and ``twin`` (None where the regime is ``unscored`` or no twin was asked for);
    ``simulation_seconds``: the months of the run itself; ``state_bytes_per_citizen``: every array
    whose length grows with citizens; ``lives``: the citizens watched (engine.life).
    """

    outcome: Outcome
    twin: Outcome | None
    simulation_seconds: float
    twin_seconds: float
    burn_in_months: int
    burn_in_stored: bool
    state_bytes_per_citizen: float
    lives: list[dict]


def default_threads() -> int:
    """Return the number of processors this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


def memory_needed(citizens: int) -> int:
    """Return about how many bytes a run of so many citizens takes."""
    return _BYTES_FIXED + citizens * _BYTES_RUNNING


def _memory_free() -> int | None:
    try:
        with open("/proc/meminfo", encoding="ascii") as lines:
            for line in lines:
                if line.startswith("MemAvailable:"):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    return None


def check_memory(citizens: int) -> None:
    """Refuse a number of citizens that the free memory cannot hold."""
    free = _memory_free()
    needed = memory_needed(citizens)
    if free is None or needed <= 0.95 * free:
        return
    fits = max(0, int((0.95 * free - _BYTES_FIXED) / _BYTES_RUNNING))
    digits = max(0, len(str(fits)) - 2)
    raise CannotFit(
        what=f"{citizens:,} citizens would take about {_bytes(needed)} of memory, "
        f"and {_bytes(free)} are free",
        where="citizens",
        allowed=f"up to about {fits // 10**digits * 10**digits:,} here",
        mend="ask for fewer citizens, or run on a machine with more memory",
    )


def _bytes(number: float) -> str:
    for unit in ("bytes", "kB", "MB", "GB", "TB", "PB"):
        if number < 1000 or unit == "PB":
            return f"{number:.3g} {unit}"
        number /= 1000
    raise AssertionError


class _Registers:
    """What is not counted into the cube, month by month."""

    # What has a row for each month.
    MONTHLY = ("shapley", "histogram", "moments", "couples", "deciles", "sums", "panel_scores")

    def __init__(self, months: int, panel: np.ndarray, kept: np.ndarray) -> None:
        self.logs: list[tuple[int, np.ndarray, np.ndarray]] = []
        self.shapley = np.zeros((months, 18, 15), dtype=np.int64)
        self.histogram = np.zeros((months, 2048), dtype=np.int64)
        self.moments = np.zeros((months, 5), dtype=np.int64)
        self.couples = np.zeros((months, at.COUPLE_COUNTS), dtype=np.int64)
        self.deciles = np.zeros((months, 10, at.DECILE_COUNTS), dtype=np.int64)
        self.sums = np.zeros(months, dtype=np.uint64)
        self.panel = panel
        self.panel_scores = np.zeros((months, len(panel)), dtype=np.uint16)
        self.first_scored: int | None = None
        self.cuts: list[list[int]] = []
        self.kept = kept
        self.shut_out = np.zeros(len(kept), dtype=np.uint16)
        self.child_shut_out = np.zeros(len(kept), dtype=np.uint16)

    def take(self, month: int, result: Month, state: State, citizens: int) -> None:
        log = result.log
        # Masks fit 16 bits and citizens 63: kept narrow, registers are most of a long run's memory.
        self.logs.append(
            (month, log[:, 1].astype(np.uint64), log[:, [0, 2, 3, 4, 5, 6, 7]].astype(np.uint16))
        )
        self.shapley[month] = result.shapley
        self.histogram[month] = result.histogram
        self.histogram[month, 0] = citizens - int(result.histogram.sum())
        pairs, x, xx, xy, _ = result.moments
        self.moments[month] = (pairs // 2, x, xx, xy, pairs)
        self.couples[month] = result.couples
        self.deciles[month] = result.deciles
        self.sums[month] = np.uint64(result.state_sum)
        scores = state.face.now[self.panel] & np.uint32(2047)
        # Joined but not yet scored is no score.
        self.panel_scores[month] = np.where(scores > 1, scores, 0)
        if self.first_scored is None and result.histogram.any():
            self.first_scored = month
        self.cuts.append(result.cuts.tolist())
        self.shut_out += state.audit.lost[self.kept] >> 7
        self.child_shut_out += state.audit.inner[self.kept] >> 5 & 1

    def added(self, since: int, until: int) -> dict[str, np.ndarray]:
        """Return what the months from ``since`` to before ``until`` added, by name."""
        logs = self.logs[since:until]
        return {
            "log_sizes": np.array([len(people) for _, people, _ in logs], dtype=np.int64),
            "log_people": _joined([people for _, people, _ in logs], (0,), np.uint64),
            "log_rows": _joined([rows for _, _, rows in logs], (0, 7), np.uint16),
            "cuts": np.array(self.cuts[since:until], dtype=np.int64),
            **{name: getattr(self, name)[since:until] for name in self.MONTHLY},
        }

    def add(self, since: int, added: Mapping[str, np.ndarray]) -> int:
        """Take in again what :meth:`added` gave of the months from ``since`` on; return the end."""
        ends = np.cumsum(added["log_sizes"])[:-1]
        people, rows = (np.split(added[name], ends) for name in ("log_people", "log_rows"))
        until = since + len(added["log_sizes"])
        self.logs += zip(range(since, until), people, rows, strict=True)
        self.cuts += added["cuts"].tolist()
        for name in self.MONTHLY:
            getattr(self, name)[since:until] = added[name]
        scored = np.flatnonzero(self.histogram[:until, 1:].any(axis=1))
        self.first_scored = int(scored[0]) if len(scored) else None
        return until

    def months_of(self) -> dict[str, np.ndarray]:
        """Return what the whole run added up to for each citizen of ``people``, in months."""
        return {"months_shut_out": self.shut_out, "child_months_shut_out": self.child_shut_out}

    def registers(self) -> dict[str, dict[str, np.ndarray]]:
        months = np.concatenate(
            [np.full(len(people), month, dtype=np.uint16) for month, people, _ in self.logs]
        )
        people = np.concatenate([people for _, people, _ in self.logs])
        rows = np.concatenate([rows for _, _, rows in self.logs])
        self.logs.clear()
        kind = rows[:, 0]

        def part(which: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
            return months[which], people[which], rows[which]

        when, who, what = part(kind == at.LOG_DENIAL)
        denials = {
            "month": when,
            "citizen": who,
            "gate": what[:, 1].astype(np.uint8),
            "butfor": what[:, 2],
            "sufficient": what[:, 3],
            "involved": what[:, 4],
            # The rule's bit stands between the first five groups of causes and the later ones.
            "lower": (what[:, 5] & 31 | what[:, 5] >> 1 & 96).astype(np.uint8),
            "klass": what[:, 6].astype(np.uint8),
            "rule": (what[:, 5] >> 5 & 1).astype(np.uint8),
        }
        when, who, what = part((kind == at.LOG_ENTRY) | (kind == at.LOG_EXIT))
        listings = {
            "month": when,
            "citizen": who,
            "list": what[:, 1].astype(np.uint8),
            "kind": (what[:, 0] == at.LOG_EXIT).astype(np.uint8),
            "detail": what[:, 2].astype(np.uint8),
        }
        when, who, what = part((kind == at.LOG_SHUT_OUT) | (kind == at.LOG_LET_IN))
        spells = {
            "month": when,
            "citizen": who,
            "kind": (what[:, 0] == at.LOG_LET_IN).astype(np.uint8),
        }
        return {"denials": denials, "listings": listings, "spells": spells}


def _joined(parts: list[np.ndarray], empty: tuple[int, ...], dtype: type) -> np.ndarray:
    return np.concatenate(parts) if parts else np.zeros(empty, dtype)


def _panel(citizens: int) -> np.ndarray:
    """Return the citizens whose scores are kept: everybody, or every k-th with k odd.

    Citizens are numbered by province and area, so every k-th is a sample in proportion; an odd k
    shares no factor with segments and districts.
    """
    step = 1 if citizens <= _PANEL_MOST else citizens // _PANEL_ABOUT | 1
    return np.arange(0, citizens, step, dtype=np.int64)


def _kept(citizens: int) -> np.ndarray:
    """Return the citizens of ``people``: all, or one in 129 above ten million."""
    step = 1 if citizens <= _ATTRIBUTED_MOST else _PANEL_OF + 1
    return np.arange(0, citizens, step, dtype=np.int64)


def _breakdown(world: World, before: np.ndarray) -> tuple[dict, list[dict]]:
    """Return the last month's scores taken apart, in points, and what the ties' scores could move.

    The second has a row for each statistic of the ties' scores: the standard deviation, over the
    scored, of the points that it gives (or would have given), and their 5th and 95th percentile.
    """
    society, state = world.society, world.state
    if not world.histogram.any():
        return {}, []
    parts = np.zeros((society.citizens, len(PARTS)), dtype=np.int32)
    statistics = np.zeros((society.citizens, len(STATISTICS)), dtype=np.int32)
    score_parts(
        society.blocks,
        society.traits,
        society.wiring,
        state,
        state.face.now,
        before,
        world.tables,
        world.now,
        0,
        parts,
        statistics,
    )
    ids = _kept(society.citizens)
    columns = {f"points_{name}": parts[ids, k] / 256 for k, name in enumerate(PARTS)}
    scored = (state.face.now & np.uint32(2047)) > 1
    rows = []
    for k, name in enumerate(STATISTICS):
        points = statistics[scored, k] / 256
        low, high = np.percentile(points, [5, 95])
        rows.append(
            {
                "statistic": name,
                "used": k == int(world.tables[at.STATISTIC]),
                "spread": float(points.std()),
                "p5": float(low),
                "p95": float(high),
            }
        )
    return columns, rows


def _people(society: Society, state: State, world: World) -> dict:
    """Return the last month's citizens, or one in 128 of them above ten million."""
    ids = _kept(society.citizens)
    traits = society.traits
    cell = np.searchsorted(society.cells[:, 0], ids, side="right") - 1
    # Empty cells begin where the next one does; the last of equals is the one with people.
    who = traits.who[ids].astype(np.int64)
    face = state.face.now[ids].astype(np.int64)
    score = face & 2047
    score = np.where(score > 1, score, 0)
    histogram = world.histogram
    below = np.cumsum(histogram) - histogram
    scored = max(1, int(histogram.sum()))
    rank = (2 * below + histogram) / (2 * scored)
    opinion = state.truth.opinion[ids].astype(np.int64)
    camp = np.ones(len(ids), dtype=np.uint8)
    camp[opinion * 5 < -127] = 0
    camp[opinion * 5 > 127] = 2
    standing = state.record.standing[ids]
    listed = (standing > 0) & (standing < 128)
    inner = state.audit.inner[ids]
    return {
        "citizen": ids.astype(np.uint64),
        "province": (cell // 2).astype(np.uint8),
        "area": (cell % 2).astype(np.uint8),
        "quintile": ((traits.income[ids].astype(np.int64) * 5) >> 8).astype(np.uint8),
        "age": (who & 7).astype(np.uint8),
        "camp": camp,
        "occupation": ((who >> 3) & 7).astype(np.uint8),
        "voice": ((face >> 11) & 3).astype(np.uint8),
        "unafraid_voice": inner & 3,
        "private_voice": inner >> 2 & 3,
        "would_say_yes": (inner >> 4 & 1).astype(np.bool_),
        "score": score.astype(np.uint16),
        "rank": np.where(score > 0, rank[score], np.nan),
        "score_private_1": _scores(state.record.private[ids, 0]),
        "score_private_2": _scores(state.record.private[ids, 1]),
        "displayed": (face >> 14 & 1).astype(np.bool_),
        "profile": traits.profile[ids],
        "on_record": (state.record.deficits[ids] > 0).any(axis=1),
        "opinion": opinion / 127,
        "liquidity": state.truth.liquidity[ids] / 256,
        "months_without_work": state.truth.idle[ids],
        "owed_credit": state.truth.owed_credit[ids],
        "owed_fee": state.truth.owed_fee[ids],
        "lists": (listed * (1 << np.arange(4))).sum(axis=1).astype(np.uint8),
        "shut_out": (state.audit.lost[ids] >> 7).astype(np.uint8),
        "single": (face >> 15 & 1).astype(np.bool_),
        "keeps_trust": (state.face.deed[ids] & 1).astype(np.bool_),
        "trust": state.belief.trust[ids] / 65535,
    }


def _scores(points: np.ndarray) -> np.ndarray:
    """Return scores, 0 where somebody has joined but not been scored yet."""
    return np.where(points > 1, points, 0).astype(np.uint16)


def _in_force(regime: Regime, strengths: dict[str, float], world: World) -> dict:
    """Return which parts of a regime were in force at all, so that what is not is never a zero."""
    perks = regime.perks[: int(world.tables[at.PERKS])]
    points = world.tables[at.PERK_POINTS : at.PERK_POINTS + len(perks)]
    return {
        # Points as they were in the last month: a percentile may stand for them.
        "perks": [
            {"name": perk.name, "gate": perk.gate, "points": int(from_) if from_ < 2048 else None}
            for perk, from_ in zip(perks, points, strict=True)
        ],
        "operators": [operator.name for operator in regime.operators],
        "dating": regime.exposure is not None and strengths.get("dating", 1.0) > 0,
        **{
            kind: {name: strengths[name] for name in names if strengths.get(name, 0.0) > 0}
            for kind, names in (("safeguards", SAFEGUARDS), ("manipulations", MANIPULATIONS))
        },
    }


def _last_operator(scenario: Scenario, regime: Regime) -> Operator | None:
    """Return whose score people had last: until the mandate, the first private one's."""
    mandate = "none" if regime.rollout is None else str(regime.rollout.mandate.value)
    if mandate == "none" or scenario.month_of(mandate) >= scenario.months:
        return voluntary(regime).operator
    return regime.operator


def _meta(
    scenario: Scenario,
    regime: Regime,
    registers: _Registers,
    attributes: int,
    resumed: int | None,
) -> dict:
    operator = regime.operator
    last = _last_operator(scenario, regime)
    return {
        "citizens": scenario.citizens,
        "gate_spheres": [gate.sphere for gate in scenario.country.gates],
        "has_score": operator is not None,
        "lists": [
            {
                "name": entry.name,
                "sphere": entry.sphere,
                "min_gravity": int(entry.min_gravity),
                "from_month": scenario.month_of(str(entry.from_month.value)),
            }
            for entry in regime.lists
        ],
        "first_scored_month": registers.first_scored,
        "score_range": [int(x) for x in operator.range.numbers] if operator else None,
        "bands": {name: int(points) for name, points in last.bands.items()} if last else {},
        "points": operator is not None and operator.points is not None,
        "panel": "all" if scenario.citizens <= _ATTRIBUTED_MOST else f"1 in {_PANEL_OF + 1}",
        "attributed": attributes,
        "cuts": registers.cuts[-1],
        "resumed_from_month": resumed,
    }


def world_of(
    scenario: Scenario,
    regime: Regime,
    society: Society,
    state: State,
    workers: Workers,
    *,
    strengths: dict[str, float],
    attributes: int,
) -> World:
    """Return a scenario's world under a regime, at the state that is given and will be changed.

    Parameters
    ----------
    attributes : int
        1: every denial is attributed; n: those of one citizen in n.
    """

    def tables(rules: Regime) -> np.ndarray:
        return compile_tables(
            scenario.country, scenario.behaviour, rules, seed=scenario.seed, strengths=strengths
        )

    return World(
        society,
        tables=tables(regime),
        calendar=make_calendar(regime, scenario.behaviour, start=scenario.start),
        gates=gate_rules(regime),
        state=state,
        workers=workers,
        attributes=attributes,
        before=tables(voluntary(regime)),
        offices=compile_offices(
            scenario.country, scenario.behaviour, regime, seed=scenario.seed, strengths=strengths
        ),
    )


def _run_world(
    scenario: Scenario,
    regime: Regime,
    society: Society,
    begin: Callable[[], State],
    workers: Workers,
    *,
    strengths: dict[str, float],
    stage: str,
    progress: Progress,
    watch: Sequence[int] = (),
    keeper: Keeper | None = None,
) -> tuple[Outcome, float, list[dict]]:
    """Run a regime's months, from a checkpoint or else from the state that ``begin`` returns.

    Returns outcome, seconds and the lives of the citizens to ``watch``.
    """
    country = scenario.country
    pointed = regime.operator is not None and regime.operator.points is not None
    checkpoint = keeper.find(stage) if keeper is not None else None
    if checkpoint is not None:
        state = new_state(scenario.citizens, points=pointed)
    else:
        state = begin().with_points() if pointed else begin()
    attributes = 1 if scenario.citizens <= _ATTRIBUTED_MOST else _PANEL_OF + 1
    world = world_of(
        scenario, regime, society, state, workers, strengths=strengths, attributes=attributes
    )
    watched = Watch(world, watch) if watch else None
    world.watch = watched
    builder = CubeBuilder(ROWS, provinces=[province.name for province in country.provinces])
    kept = _kept(scenario.citizens)
    registers = _Registers(scenario.months, _panel(scenario.citizens), kept)
    course = Course(world, registers, builder, watched)
    if keeper is not None:
        keeper.begin(course, checkpoint)
    progress(stage, course.month, scenario.months, scenario.citizens)
    for month in range(course.month, scenario.months):
        if month == scenario.months - 1:
            course.before = state.face.now.copy()
        began = time.perf_counter()
        result = world.step(month, key=MONTH_ZERO + month)
        registers.take(month, result, state, scenario.citizens)
        course.count(month, world.harvest(), kept=keeper is not None)
        course.seconds += time.perf_counter() - began
        course.month = month + 1
        if keeper is not None:
            keeper.month_done(stage, course, scenario.months)
        progress(stage, month + 1, scenario.months, scenario.citizens)
    breakdown, spreads = _breakdown(world, course.before)
    resumed = keeper.resumed.get(stage) if keeper is not None else None
    outcome = Outcome(
        cube=builder.finish(),
        months=scenario.months,
        **registers.registers(),
        shapley=registers.shapley,
        score_histogram=registers.histogram,
        tie_moments=registers.moments,
        couples=registers.couples,
        deciles=registers.deciles,
        panel_ids=registers.panel,
        panel_scores=registers.panel_scores,
        people=_people(society, state, world) | registers.months_of() | breakdown,
        state_sums=registers.sums,
        meta=_meta(scenario, regime, registers, attributes, resumed)
        | {"ties_statistics": spreads, **_in_force(regime, strengths, world)},
    )
    return outcome, course.seconds, watched.lives if watched is not None else []


class _Start:
    """The state after the burn-in, made when a stage first begins there.

    ``last``: whether no further stage will begin there, so that the one state need not be kept.
    What the burn-in took is noted in ``notes`` unless an earlier process has noted it.
    """

    def __init__(
        self,
        make: Callable[[], tuple[State, int, bool]],
        notes: dict[str, Any],
        *,
        last: bool,
    ) -> None:
        self._make: Callable[[], tuple[State, int, bool]] | None = make
        self._notes, self.last = notes, last
        self._state: State | None = None

    def __call__(self) -> State:
        if self._make is not None:
            self._state, months, stored = self._make()
            self._notes.setdefault("burn_in", [months, stored])
            # It holds what only the burn-in needs.
            self._make = None
        state = self._state
        if state is None:
            raise RuntimeError("the start was given away to the last that asked for it")
        self._state = None if self.last else state
        return state if self.last else state.copy()


def simulate(
    scenario: Scenario,
    *,
    threads: int | None = None,
    twin: bool = True,
    progress: Progress,
    watch: Sequence[int] = (),
    keeper: Keeper | None = None,
) -> Simulation:
    """Run a scenario and, unless it is ``unscored`` itself, the same people unscored.

    Parameters
    ----------
    threads : int or None
        Blocks worked on at a time; no result depends on it.  None: as many as processors.
    twin : bool
        Whether to run the unscored twin as well.
    watch : sequence of int
        Citizens whose lives to note down, in the run itself and not in its twin.
    keeper : Keeper, optional
        Writes checkpoints and finds those to go on from; without one nothing is written, and
        Ctrl-C stops at once.

    Raises
    ------
    CannotFit
        If the run would not fit the memory.
    Interrupted
        If Ctrl-C was pressed and a keeper has kept the month.
    """
    check_memory(scenario.citizens)
    threads = default_threads() if threads is None else threads
    unscored = load_regime("unscored")
    country, behaviour = scenario.country, scenario.behaviour
    progress("society", 0, None, scenario.citizens)
    society = build_society(country, scenario.citizens, scenario.seed, threads=threads)
    workers = Workers(threads, len(society.cells))
    with_twin = twin and scenario.regime.name != unscored.name
    notes = {} if keeper is None else keeper.notes
    start = _Start(
        partial(
            burned_in,
            society,
            behaviour,
            unscored,
            workers=workers,
            fingerprint=fingerprint([country, behaviour, unscored]),
            progress=lambda stage, done, total: progress(stage, done, total, scenario.citizens),
            keeper=keeper,
        ),
        notes,
        last=not with_twin,
    )
    # Opinion is state once the burn-in has begun: the trait that it begins as need not be kept.
    society = replace(society, traits=society.traits._replace(opinion=np.zeros(0, dtype=np.int8)))
    size = new_state(1).nbytes + society.bytes_per_citizen()
    stoppable = nullcontext()
    if keeper is not None:
        stoppable = keeper.stoppable(lambda: progress("stopping", 0, None, scenario.citizens))
    try:
        progress("compiling", 0, None, scenario.citizens)
        World.warm_up(society, behaviour, unscored, workers)
        with stoppable:
            outcome, seconds, lives = _run_world(
                scenario,
                scenario.regime,
                society,
                start,
                workers,
                strengths=dict(scenario.strengths),
                stage="months",
                progress=progress,
                watch=watch,
                keeper=keeper,
            )
            other, other_seconds = None, 0.0
            if with_twin:
                start.last = True
                gc.collect()
                other, other_seconds, _ = _run_world(
                    scenario.unscored(),
                    unscored,
                    society,
                    start,
                    workers,
                    strengths={},
                    stage="twin",
                    progress=progress,
                    keeper=keeper,
                )
    finally:
        workers.close()
    months, stored = notes["burn_in"]
    return Simulation(
        outcome=outcome,
        twin=other,
        simulation_seconds=seconds,
        twin_seconds=other_seconds,
        burn_in_months=months,
        burn_in_stored=stored,
        state_bytes_per_citizen=size,
        lives=lives,
    )
