"""A scenario run from its society to its outcome, with the unscored twin beside it.

This is where the engine's months become what the results keep.  Nothing is written here.
"""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from copy import deepcopy
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from glasscity.branching.altered import AlteredWorld
from glasscity.branching.forking import calendar_of, kept_lists, low_of, turned
from glasscity.catalogue.entry import fingerprint
from glasscity.draws import MONTH_ZERO
from glasscity.engine.checkpoint import Checkpoint
from glasscity.engine.compile import voluntary
from glasscity.engine.keeping import Course, Keeper
from glasscity.engine.marks import ON_FILE
from glasscity.engine.opening import SAMPLED_FROM, Opening
from glasscity.engine.room import check_memory
from glasscity.engine.running import Here, Rules, Runs
from glasscity.engine.start import burned_in
from glasscity.engine.warm import warm
from glasscity.engine.world import Month, Workers
from glasscity.errors import BadArgument
from glasscity.interventions import Intervention, check
from glasscity.month import tables as at
from glasscity.month.ledger import ROWS
from glasscity.regime import Operator, Regime, load_regime
from glasscity.results import Outcome
from glasscity.results.cube import CubeBuilder
from glasscity.scenario import MANIPULATIONS, SAFEGUARDS, Scenario
from glasscity.society import build_society
from glasscity.society.state import State, new_state
from glasscity.terms import SPHERES

if TYPE_CHECKING:
    from glasscity.behaviour import Behaviour
    from glasscity.country import Country
    from glasscity.engine.cluster import Cluster

__all__ = [
    "Plain",
    "Progress",
    "Simulation",
    "Stage",
    "attributed_one_in",
    "default_threads",
    "outcomes",
    "simulate",
]

# stage, done, total (None while it is not known), citizens
Progress = Callable[[str, int, "int | None", int], None]

# Everybody's denials are attributed up to here; above, those of one citizen in so many.
_ATTRIBUTED_MOST = 10_000_000
_PANEL_OF = 128
_DESCRIBED_ABOUT = 2_000_000
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
        # Own breaches: all of them, and leaving out inability; gravest, months of gravity, bits.
        self.gravest = np.zeros((2, len(kept)), dtype=np.uint8)
        self.gravity = np.zeros((2, len(kept)), dtype=np.uint16)
        self.own_record = np.zeros(len(kept), dtype=np.uint8)
        # One more than the last month of each, 0 never: in default on a credit, on public fees.
        self.defaults = np.zeros((2, len(kept)), dtype=np.uint16)

    def copy(self) -> _Registers:
        """Return registers of their own that hold the same."""
        other = _Registers.__new__(_Registers)
        other.__dict__.update(self.__dict__)
        other.logs, other.cuts = list(self.logs), list(self.cuts)
        for name, value in vars(self).items():
            # Who is in the panel and who is kept never changes; all else is added to.
            if isinstance(value, np.ndarray) and name not in ("panel", "kept"):
                setattr(other, name, value.copy())
        return other

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
        self.child_shut_out += marks >> 1 & 1
        # Most have no breach of their own in a month.
        some = np.flatnonzero(marks >= 4)
        marks = marks[some]
        for k in range(2):
            found = (marks >> (2 + 3 * k) & 7).astype(np.uint8)
            self.own_record[some] |= np.where(found > 0, 1 << k, 0).astype(np.uint8)
            found[found == ON_FILE] = 0
            self.gravest[k][some] = np.maximum(self.gravest[k][some], found)
            before = self.gravity[k][some]
            self.gravity[k][some] = before + np.minimum(found, 65_535 - before)
            self.defaults[k][some[marks >> (8 + k) & 1 == 1]] = month + 1

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
        """Return what the whole run added up to for each citizen of ``people``.

        Months shut out, and a child's; the gravity of the gravest breach of one's own, and the sum
        over months of the gravest of each, with debts that inability alone has made and without
        (``_able``); ``own_record``: bit 0 an own breach happened or was on file, bit 1 one that was
        not made by inability alone; ``last_credit_default`` and ``last_fee_default``: one more than
        the last month in which three months or more of it were owed, 0 where there was none.
        """
        return {
            "months_shut_out": self.shut_out,
            "child_months_shut_out": self.child_shut_out,
            "gravest_breach": self.gravest[0],
            "gravest_breach_able": self.gravest[1],
            "gravity_months": self.gravity[0],
            "gravity_months_able": self.gravity[1],
            "own_record": self.own_record,
            "last_credit_default": self.defaults[0],
            "last_fee_default": self.defaults[1],
        }

    def of_people(self) -> dict[str, np.ndarray]:
        """Return the same by the names that checkpoints have for it."""
        return {f"people.{name}": array for name, array in self.months_of().items()}

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


def attributed_one_in(citizens: int) -> int:
    """Return of how many citizens one is attributed and described: an odd number, see `_panel`."""
    if citizens <= _ATTRIBUTED_MOST:
        return 1
    return max(_PANEL_OF, citizens // _DESCRIBED_ABOUT) | 1


def _kept(citizens: int) -> np.ndarray:
    """Return the citizens of ``people``: all, or one in 129 above ten million."""
    step = attributed_one_in(citizens)
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
        "panel": "all" if attributes == 1 else f"1 in {attributes}",
        "registered": 1 if scenario.citizens <= SAMPLED_FROM else attributes,
        "attributed": attributes,
        "cuts": registers.cuts[-1],
        "resumed_from_month": resumed,
    }


class Stage:
    """The months of a run, or of its twin: its world, its books, and how far it has come.

    Parameters
    ----------
    scenario : Scenario
        Forks and all.
    opening : callable
        ``opening(rules, checkpoint)`` opens a world, at its start or to be filled from the
        checkpoint; where there are interventions or forks it is one of arrays in this process.
    stage : str
    progress : callable
    watch : sequence of int
        Citizens whose lives are noted.
    keeper : Keeper, optional
        Writes checkpoints and finds the one to go on from.
    interventions : sequence of Intervention
    """

    def __init__(
        self,
        scenario: Scenario,
        opening: Callable[[Rules, Checkpoint | None], Runs],
        *,
        stage: str,
        progress: Progress,
        watch: Sequence[int] = (),
        keeper: Keeper | None = None,
        interventions: Sequence[Intervention] = (),
    ) -> None:
        self.scenario, self.stage = scenario, stage
        self._progress, self._watch, self._keeper = progress, watch, keeper
        checkpoint = keeper.find(stage) if keeper is not None else None
        self._attributes = attributed_one_in(scenario.citizens)
        panel, kept = _panel(scenario.citizens), _kept(scenario.citizens)
        provinces = [province.name for province in scenario.country.provinces]
        builder = CubeBuilder(ROWS, provinces=provinces)
        registers = _Registers(scenario.months, panel, kept)
        # A checkpoint after as many months as come before a fork is of the world before it.
        done = 0 if checkpoint is None else checkpoint.month
        segments = scenario.segments()
        begun = [k for k, (month, _) in enumerate(segments) if k == 0 or month < done]
        self._segment = begun[-1]
        world = opening(self._rules(panel, kept), checkpoint)
        if begun[-1] and isinstance(world, Here):
            month, after = segments[begun[-1]]
            world.world.calendar = calendar_of(segments[begun[-1] - 1][1], after, month)
        if interventions and isinstance(world, Here):
            world.world = AlteredWorld.of(world.world, interventions)
        self.course = Course(world, registers, builder)
        self.world, self.registers, self.builder = world, registers, builder
        self._let_go: np.ndarray | None = None
        if keeper is not None:
            keeper.begin(self.course, checkpoint)
        progress(stage, self.course.month, scenario.months, scenario.citizens)

    def _rules(self, panel: np.ndarray, kept: np.ndarray) -> Rules:
        world = self.scenario.segments()[self._segment][1]
        strengths = dict(world.strengths) if self.stage == "months" else {}
        return Rules(world, world.regime, strengths, self._attributes, panel, kept, self._watch)

    def run(self, until: int, *, kept: bool = False) -> None:
        """Run the months before ``until``; ``kept``: counts are remembered for checkpoints."""
        scenario, course, keeper = self.scenario, self.course, self._keeper
        forks = [month for month, _ in scenario.segments()]
        for month in range(course.month, until):
            began = time.perf_counter()
            if self._segment + 1 < len(forks) and forks[self._segment + 1] == month:
                self._turn(month, copied=False)
            last = month == scenario.months - 1
            result = self.world.step(month, key=MONTH_ZERO + month, last=last)
            if self._let_go is not None:
                result = replace(
                    result,
                    log=np.concatenate([self._let_go, result.log]),
                    log_rows_first=len(self._let_go) + result.log_rows_first,
                )
                self._let_go = None
            self.registers.take(month, result, self.world, scenario.citizens)
            course.count(month, self.world.harvest(), kept=kept or keeper is not None)
            course.seconds += time.perf_counter() - began
            course.month = month + 1
            if keeper is not None:
                keeper.month_done(self.stage, course, scenario.months)
            self._progress(self.stage, month + 1, scenario.months, scenario.citizens)

    def _turn(self, month: int, *, copied: bool) -> None:
        """Let the next regime take over in a month."""
        old = self.world
        if not isinstance(old, Here):
            raise RuntimeError("a history forks in arrays of this process alone")
        before = self.scenario.segments()[self._segment][1]
        self._segment += 1
        rules = self._rules(self.registers.panel, self.registers.kept)
        here, self._let_go = turned(old, rules, before, month, old.world.workers, copied=copied)
        if here.watch is not None and old.watch is not None:
            here.watch.go_on(deepcopy(old.watch.lives) if copied else old.watch.lives)
        if isinstance(old.world, AlteredWorld):
            here.world = old.world.moved_to(here.world)
        self.world = self.course.world = here
        self.course.watch = here.watch

    def fork(self, scenario: Scenario, *, progress: Progress, keeper: Keeper | None) -> Stage:
        """Return the stage that goes on from here under the last regime of another scenario.

        This one stays as it is, for more to go on from.
        """
        other = Stage.__new__(Stage)
        other.__dict__.update(self.__dict__)
        other.scenario, other._progress, other._keeper = scenario, progress, keeper
        other.builder, other.registers = self.builder.copy(), self.registers.copy()
        other.course = Course(self.world, other.registers, other.builder)
        other.course.month, other.course.seconds = self.course.month, self.course.seconds
        other.course._counts = list(self.course._counts)
        other._turn(self.course.month, copied=True)
        if keeper is not None:
            keeper.begin(other.course, None)
        progress(self.stage, other.course.month, scenario.months, scenario.citizens)
        return other

    def outcome(self) -> Outcome:
        """Return what the months left; the registers are empty afterwards."""
        scenario, registers, world = self.scenario, self.registers, self.world
        regime = scenario.regime
        rules = self._rules(registers.panel, registers.kept)
        breakdown, spreads = world.parts()
        keeper = self._keeper
        resumed = keeper.resumed.get(self.stage) if keeper is not None else None
        return Outcome(
            cube=self.builder.finish(),
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
            meta=_meta(scenario, regime, registers, self._attributes, resumed)
            | {"ties_statistics": spreads, **_in_force(regime, rules.strengths, world)}
            | self._branching(),
        )

    def _branching(self) -> dict[str, Any]:
        """Return what tells an altered or forked run from an ordinary one, if it is any."""
        found: dict[str, Any] = {}
        altered = self.world.world if isinstance(self.world, Here) else None
        if isinstance(altered, AlteredWorld):
            found["interventions"] = [asdict(one) for one in altered.applied]
        segments = self.scenario.segments()
        if len(segments) > 1:
            found["forks"] = [
                {"month": month, "regime": world.regime.name} for month, world in segments[1:]
            ]
        return found

    def lives(self) -> list[dict]:
        """Return the lives watched; after a fork each month says under which rules it was."""
        lives = self.world.lives()
        segments = self.scenario.segments()
        if len(segments) > 1:
            entries = segments[0][1].regime.lists
            for life in lives:
                life["list_names"] = {entry.sphere: entry.name for entry in entries}
        for k, (first, world) in enumerate(segments[1:], start=1):
            rules = {
                "regime": world.regime.name,
                "low": low_of(world.regime),
                "list_names": {entry.sphere: entry.name for entry in world.regime.lists},
            }
            kept = kept_lists(segments[k - 1][1], world, first)
            ended = [sphere for sphere, stays in zip(SPHERES, kept, strict=True) if not stays]
            for note in (note for life in lives for note in life["months"]):
                if note["month"] >= first:
                    note |= rules | ({"ended": ended} if note["month"] == first else {})
        return lives


def _twin(
    scenario: Scenario,
    opening: Callable[[Rules, Checkpoint | None], Runs],
    progress: Progress,
    keeper: Keeper | None,
) -> tuple[Outcome, float]:
    """Run the same people unscored; return the outcome and the seconds."""
    stage = Stage(scenario.unscored(), opening, stage="twin", progress=progress, keeper=keeper)
    stage.run(scenario.months)
    return stage.outcome(), stage.course.seconds


class Plain:
    """How the world of a stage is opened when everybody lies in arrays.

    ``last``: whether no further stage will begin at the start, so that the one state need not be
    kept.  What the burn-in took is noted in ``notes`` unless an earlier process has noted it.
    ``store``: whether a stored burn-in is used and a new one stored.
    """

    def __init__(
        self,
        scenario: Scenario,
        unscored: Regime,
        workers: Workers,
        notes: dict[str, Any],
        progress: Progress,
        *,
        last: bool,
        keeper: Keeper | None,
        store: bool = True,
    ) -> None:
        self._citizens, self._workers = scenario.citizens, workers
        self._notes, self.last = notes, last
        country, behaviour = scenario.country, scenario.behaviour
        society = build_society(country, scenario.citizens, scenario.seed, threads=workers.threads)
        name = fingerprint([country, behaviour, unscored]) if store else None
        self._make: Callable[[], tuple[State, int, bool]] | None = partial(
            burned_in,
            society,
            behaviour,
            unscored,
            workers=workers,
            fingerprint=name,
            progress=lambda stage, done, total: progress(stage, done, total, scenario.citizens),
            keeper=keeper,
        )
        self._state: State | None = None
        # Opinion is state once the burn-in has begun: the trait that it begins as is not kept.
        opinions = np.zeros(0, dtype=np.int8)
        self._society = replace(society, traits=society.traits._replace(opinion=opinions))
        self.bytes_per_citizen = new_state(1).nbytes + self._society.bytes_per_citizen()

    def __call__(self, rules: Rules, checkpoint: Checkpoint | None) -> Here:
        """Open a world: at the start, or to be filled from a checkpoint."""
        state = self._start() if checkpoint is None else new_state(self._citizens)
        return Here(rules, self._society, state, self._workers)

    def _start(self) -> State:
        """Return the state after the burn-in, made when a stage first begins there."""
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

    def close(self) -> None:
        """Nothing is left on disk."""


def simulate(
    scenario: Scenario,
    *,
    threads: int | None = None,
    twin: bool = True,
    progress: Progress,
    watch: Sequence[int] = (),
    keeper: Keeper | None = None,
    layout: str = "plain",
    folder: Path | None = None,
    told: Callable[[str], object] = lambda sentence: None,
    cluster: Cluster | None = None,
    interventions: Sequence[Intervention] = (),
) -> Simulation:
    """Run a scenario and, unless it is ``unscored`` itself, the same people unscored.

    Parameters
    ----------
    threads : int or None
        Blocks worked on at a time; no result depends on it.  None: as many as processors.
    twin : bool
        Whether to run the unscored twin as well; above 2**27 citizens there is none.
    watch : sequence of int
        Citizens whose lives to note down, in the run itself and not in its twin.
    keeper : Keeper, optional
        Writes checkpoints and finds those to go on from; without one nothing is written, and
        Ctrl-C stops at once.
    layout : {"plain", "packed", "disk"}
        Where the people lie (engine.room); no result depends on it.
    folder : Path, optional
        Where they lie on disk.
    told : callable
        Given sentences about what is done differently at this size.
    cluster : Cluster, optional
        The machines to share the run, instead of this process alone, with checkpoints of their own;
        no result depends on it.
    interventions : sequence of Intervention
        Changes in single lives, in the run itself and not in its twin; ``outcome.meta`` says on
        whom they fell.  Without any, nothing is different, bit for bit.

    Raises
    ------
    ClusterLost
        If too much of a cluster is lost.
    BadArgument
        If lives are to be watched, lives are to be changed or a history forks, and people are
        packed; the last two also on a cluster; or if an intervention does not fit the scenario.
    CannotFit
        If the run would not fit the memory.
    Interrupted
        If Ctrl-C was pressed and a keeper has kept the month.
    """
    check(interventions, scenario)
    if (interventions or scenario.fork) and (cluster is not None or layout != "plain"):
        what = "lives cannot be changed" if interventions else "a history cannot fork"
        raise BadArgument(
            f"{what} where people are "
            + ("shared among machines" if cluster is not None else f"packed (layout '{layout}')"),
            where="interventions" if interventions else "fork",
            allowed="runs in one process whose people fit the memory unpacked",
            mend="ask for fewer citizens, or for the layout 'plain'",
        )
    if cluster is not None:
        return _simulate_on(cluster, scenario, twin=twin, progress=progress, watch=watch)
    check_memory(scenario.citizens, layout)
    if watch and layout != "plain":
        raise BadArgument(
            f"lives cannot be watched where people are packed (layout '{layout}')",
            where="watch",
            mend="leave --watch out, or ask for so few citizens that they fit the memory unpacked",
        )
    threads = default_threads() if threads is None else threads
    unscored = load_regime("unscored")
    country, behaviour = scenario.country, scenario.behaviour
    with_twin = twin and scenario.regime.name != unscored.name
    large = scenario.citizens > SAMPLED_FROM
    if large and with_twin:
        with_twin = False
        told("the unscored twin is left out at this size: run 'unscored' for it")
    notes = {} if keeper is None else keeper.notes
    # While one thread waits for the disk another can work.
    workers = Workers(threads * (2 if layout == "disk" else 1), 2 * len(country.provinces))
    stoppable = nullcontext()
    if keeper is not None:
        stoppable = keeper.stoppable(lambda: progress("stopping", 0, None, scenario.citizens))
    try:
        progress("compiling", 0, None, scenario.citizens)
        _warmed(country, behaviour, unscored, workers)
        progress("society", 0, None, scenario.citizens)
        opening: Plain | Opening
        if layout == "plain":
            opening = Plain(
                scenario,
                unscored,
                workers,
                notes,
                progress,
                last=not with_twin,
                keeper=keeper,
            )
        else:
            opening = Opening(
                country,
                behaviour,
                unscored,
                scenario.citizens,
                scenario.seed,
                threads=threads,
                workers=workers,
                folder=folder if layout == "disk" else None,
                sampled=large,
                registered=attributed_one_in(scenario.citizens) if large else 1,
                notes=notes,
                progress=lambda stage, done, total: progress(stage, done, total, scenario.citizens),
                told=told,
            )
        with stoppable:
            stage = Stage(
                scenario,
                opening,
                stage="months",
                progress=progress,
                watch=watch,
                keeper=keeper,
                interventions=interventions,
            )
            stage.run(scenario.months)
            outcome, seconds, lives = stage.outcome(), stage.course.seconds, stage.lives()
            del stage
            other, other_seconds = None, 0.0
            if with_twin:
                opening.last = True
                gc.collect()
                other, other_seconds = _twin(scenario, opening, progress, keeper)
    finally:
        workers.close()
    opening.close()
    months, stored = notes["burn_in"]
    return Simulation(
        outcome=outcome,
        twin=other,
        simulation_seconds=seconds,
        twin_seconds=other_seconds,
        burn_in_months=months,
        burn_in_stored=stored,
        state_bytes_per_citizen=opening.bytes_per_citizen,
        lives=lives,
    )


class _Alone(Workers):
    """Workers of which there is one: it works where it is asked, which saves a pool's errands.

    Parts are ranges that follow one another, and what they give is strung together or summed: so
    one worker may as well take them all as one.
    """

    def __init__(self, cells: int) -> None:
        super().__init__(1, cells)

    def run(self, parts: Any, work: Any) -> list:
        """Return, as the only entry, ``work(worker, part)`` of the parts taken as one."""
        first, *_, last = *parts, parts[-1]
        if isinstance(first, range):
            return [work(self.all[0], range(first.start, last.stop))]
        return [work(self.all[0], (first[0], last[1]))]


def outcomes(scenarios: Sequence[Scenario]) -> Iterator[Outcome]:
    """Run scenarios over the same people with the same luck; yield each one's outcome in turn.

    Society and burn-in are made once, nothing is stored, and one thread does it all: for whoever
    runs hundreds of worlds, a process a processor.  Each outcome is the one that :func:`simulate`
    gives, bit for bit.

    Parameters
    ----------
    scenarios : sequence of Scenario
        Of one country, behaviour, number of citizens and seed.

    Raises
    ------
    BadArgument
        If they are of several.
    CannotFit
        If one would not fit the memory.
    """
    first = scenarios[0]
    for other in scenarios[1:]:
        if any(
            getattr(other, name) != getattr(first, name)
            for name in ("citizens", "seed", "country", "behaviour")
        ):
            raise BadArgument(
                "scenarios of several societies",
                where="outcomes",
                allowed="one country, behaviour, number of citizens and seed",
            )
    check_memory(first.citizens)
    unscored = load_regime("unscored")
    workers = _Alone(2 * len(first.country.provinces))
    try:
        _warmed(first.country, first.behaviour, unscored, workers)
        opening = Plain(first, unscored, workers, {}, _unseen, last=False, keeper=None, store=False)
        for left, scenario in zip(reversed(range(len(scenarios))), scenarios, strict=True):
            opening.last = left == 0
            stage = Stage(scenario, opening, stage="months", progress=_unseen)
            stage.run(scenario.months)
            yield stage.outcome()
    finally:
        workers.close()


_WARM: list[bool] = []


def _warmed(country: Country, behaviour: Behaviour, regime: Regime, workers: Workers) -> None:
    """Load or compile every kernel, once a process: what they are given decides nothing."""
    if not _WARM:
        warm(country, behaviour, regime, workers)
        _WARM.append(True)


def _unseen(stage: str, done: int, total: int | None, citizens: int) -> None:
    """Show nothing."""


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

        def begin(rules: Rules, _: Checkpoint | None) -> Runs:
            return machines.open(rules)

        stage = Stage(scenario, begin, stage="months", progress=progress, watch=watch)
        stage.run(scenario.months)
        outcome, seconds, lives = stage.outcome(), stage.course.seconds, stage.lives()
        other, other_seconds = None, 0.0
        if twin and scenario.regime.name != unscored.name:
            other, other_seconds = _twin(scenario, begin, progress, None)
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
