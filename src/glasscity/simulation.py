"""A scenario run from its society to its outcome, with the unscored twin beside it.

This is where the engine's months become what the results keep.  Nothing is written here.
"""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from glasscity.catalogue.entry import fingerprint
from glasscity.draws import MONTH_ZERO
from glasscity.engine.compile import voluntary
from glasscity.engine.memory import free_memory as _memory_free
from glasscity.engine.running import Here, Rules, Runs, world_of
from glasscity.engine.start import burned_in
from glasscity.engine.world import Month, Workers, World
from glasscity.errors import CannotFit
from glasscity.month import tables as at
from glasscity.month.ledger import ROWS
from glasscity.regime import Operator, Regime, load_regime
from glasscity.results import Outcome
from glasscity.results.cube import CubeBuilder
from glasscity.scenario import MANIPULATIONS, SAFEGUARDS, Scenario
from glasscity.society import build_society

if TYPE_CHECKING:
    from glasscity.engine.cluster import Cluster

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
    whose length grows with citizens; ``lives``: the citizens watched (engine.life); ``cluster``:
    how many ranges, how often one was lost, and seconds of computing, exchange and checkpoints.
    """

    outcome: Outcome
    twin: Outcome | None
    simulation_seconds: float
    twin_seconds: float
    burn_in_months: int
    burn_in_stored: bool
    state_bytes_per_citizen: float
    lives: list[dict]
    cluster: dict[str, Any] = field(default_factory=dict)


def default_threads() -> int:
    """Return the number of processors this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


def memory_needed(citizens: int) -> int:
    """Return about how many bytes a run of so many citizens takes."""
    return _BYTES_FIXED + citizens * _BYTES_RUNNING


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

    def take(self, month: int, result: Month, world: Runs, citizens: int) -> None:
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
        self.panel_scores[month] = world.scores()
        if self.first_scored is None and result.histogram.any():
            self.first_scored = month
        self.cuts.append(result.cuts.tolist())
        marks = world.marks()
        self.shut_out += marks & 1
        self.child_shut_out += marks >> 1

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


def _in_force(regime: Regime, strengths: dict[str, float], world: Runs) -> dict:
    """Return which parts of a regime were in force at all, so that what is not is never a zero."""
    tables = world.tables()
    perks = regime.perks[: int(tables[at.PERKS])]
    points = tables[at.PERK_POINTS : at.PERK_POINTS + len(perks)]
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


def _meta(scenario: Scenario, regime: Regime, registers: _Registers, attributes: int) -> dict:
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
        "resumed_from_month": None,
    }


def _run_world(
    scenario: Scenario,
    regime: Regime,
    begin: Callable[[Rules], Runs],
    *,
    strengths: dict[str, float],
    stage: str,
    progress: Progress,
    watch: Sequence[int] = (),
) -> tuple[Outcome, float, list[dict]]:
    """Run a regime's months in the world that ``begin`` opens.

    Returns outcome, seconds and the lives of the citizens to ``watch``.
    """
    country = scenario.country
    attributes = 1 if scenario.citizens <= _ATTRIBUTED_MOST else _PANEL_OF + 1
    panel, kept = _panel(scenario.citizens), _kept(scenario.citizens)
    world = begin(Rules(scenario, regime, strengths, attributes, panel, kept, watch))
    builder = CubeBuilder(ROWS, provinces=[province.name for province in country.provinces])
    registers = _Registers(scenario.months, panel, kept)
    seconds = 0.0
    progress(stage, 0, scenario.months, scenario.citizens)
    for month in range(scenario.months):
        began = time.perf_counter()
        last = month == scenario.months - 1
        result = world.step(month, key=MONTH_ZERO + month, last=last)
        registers.take(month, result, world, scenario.citizens)
        for cell, where, values in world.harvest():
            builder.add_sparse(month, cell // 2, cell % 2, where, values)
        seconds += time.perf_counter() - began
        progress(stage, month + 1, scenario.months, scenario.citizens)
    breakdown, spreads = world.parts()
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
        people=world.people() | registers.months_of() | breakdown,
        state_sums=registers.sums,
        meta=_meta(scenario, regime, registers, attributes)
        | {"ties_statistics": spreads, **_in_force(regime, strengths, world)},
    )
    return outcome, seconds, world.lives()


def simulate(
    scenario: Scenario,
    *,
    threads: int | None = None,
    twin: bool = True,
    progress: Progress,
    watch: Sequence[int] = (),
    cluster: Cluster | None = None,
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
    cluster : Cluster, optional
        The machines to share the run, instead of this process alone; no result depends on it.

    Raises
    ------
    CannotFit
        If the run would not fit the memory.
    BadArgument, ClusterLost
        If there is no such cluster, or too much of it is lost.
    """
    if cluster is not None:
        return _simulate_on(cluster, scenario, twin=twin, progress=progress, watch=watch)
    check_memory(scenario.citizens)
    threads = default_threads() if threads is None else threads
    unscored = load_regime("unscored")
    country, behaviour = scenario.country, scenario.behaviour
    progress("society", 0, None, scenario.citizens)
    society = build_society(country, scenario.citizens, scenario.seed, threads=threads)
    workers = Workers(threads, len(society.cells))
    try:
        progress("compiling", 0, None, scenario.citizens)
        World.warm_up(society, behaviour, unscored, workers)
        start, months, stored = burned_in(
            society,
            behaviour,
            unscored,
            workers=workers,
            fingerprint=fingerprint([country, behaviour, unscored]),
            progress=lambda stage, done, total: progress(stage, done, total, scenario.citizens),
        )
        # Opinion is state from here on: the trait that it began as need not be kept.
        society = replace(
            society, traits=society.traits._replace(opinion=np.zeros(0, dtype=np.int8))
        )
        strengths = dict(scenario.strengths)
        with_twin = twin and scenario.regime.name != unscored.name
        state = start.copy() if with_twin else start
        size = (state.nbytes + society.bytes_per_citizen() * scenario.citizens) / scenario.citizens
        outcome, seconds, lives = _run_world(
            scenario,
            scenario.regime,
            lambda rules: Here(rules, society, state, workers),
            strengths=strengths,
            stage="months",
            progress=progress,
            watch=watch,
        )
        other, other_seconds = None, 0.0
        if with_twin:
            del state
            gc.collect()
            other, other_seconds, _ = _run_world(
                scenario.unscored(),
                unscored,
                lambda rules: Here(rules, society, start, workers),
                strengths={},
                stage="twin",
                progress=progress,
            )
    finally:
        workers.close()
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


def _simulate_on(
    cluster: Cluster,
    scenario: Scenario,
    *,
    twin: bool,
    progress: Progress,
    watch: Sequence[int],
) -> Simulation:
    """Run a scenario on several machines."""
    from glasscity.engine.cluster import Machines

    unscored = load_regime("unscored")
    progress("society", 0, None, scenario.citizens)
    with Machines(scenario, cluster) as machines:
        months, stored = machines.burn_in(
            lambda stage, done, total: progress(stage, done, total, scenario.citizens)
        )
        outcome, seconds, lives = _run_world(
            scenario,
            scenario.regime,
            machines.open,
            strengths=dict(scenario.strengths),
            stage="months",
            progress=progress,
            watch=watch,
        )
        other, other_seconds = None, 0.0
        if twin and scenario.regime.name != unscored.name:
            other, other_seconds, _ = _run_world(
                scenario.unscored(),
                unscored,
                machines.open,
                strengths={},
                stage="twin",
                progress=progress,
            )
        return Simulation(
            outcome=outcome,
            twin=other,
            simulation_seconds=seconds,
            twin_seconds=other_seconds,
            burn_in_months=months,
            burn_in_stored=stored,
            state_bytes_per_citizen=machines.bytes / scenario.citizens,
            lives=lives,
            cluster={
                "ranges": len(machines.ranges),
                "losses": machines.lost,
                "seconds": {name: round(took, 3) for name, took in machines.seconds.items()},
            },
        )
