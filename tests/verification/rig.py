"""The bench that the checks run on: made-up people for single stages, whole worlds for the rest."""

from __future__ import annotations

import functools
import inspect
from dataclasses import dataclass, field, replace

import numpy as np

from glasscity.behaviour import load_behaviour
from glasscity.country import load_country
from glasscity.draws import philox_rows
from glasscity.engine.compile import Calendar, compile_tables, gate_rules, make_calendar
from glasscity.engine.start import first_state
from glasscity.engine.world import Workers, World
from glasscity.month import tables as at
from glasscity.month.ledger import CELLS, ROWS
from glasscity.regime import load_regime
from glasscity.society import Society, build_society
from glasscity.society.population import Traits
from glasscity.society.state import State, new_state

SEED = 20140614
ALWAYS = 2**32
FIRST_KEY = 4096

_PLACES = {name: (getattr(at, name.upper()), shape) for name, shape in at.FIELDS}
# Everything that happens to people by chance, or that they decide by themselves.
_RESTLESS = (
    "separation offer saving idle_spending pooling shock slip onset repay_before repay_after "
    "write_off sue contempt conduct life mix false_any corrected everyday adopt_alone adopt_ties "
    "tie_drop tie_reopen appeal drift cost"
).split()


def put(tables: np.ndarray, **fields) -> np.ndarray:
    """Return the tables with some fields set; a number fills a whole field."""
    tables = tables.copy()
    for name, value in fields.items():
        place, shape = _PLACES[name]
        size = int(np.prod(shape))
        tables[place : place + size] = np.broadcast_to(np.asarray(value), shape or (1,)).ravel()
    return tables


def get(tables: np.ndarray, name: str) -> np.ndarray | int:
    """Return one field of the tables."""
    place, shape = _PLACES[name]
    values = tables[place : place + int(np.prod(shape))].reshape(shape)
    return values if shape else int(values)


@functools.cache
def _shipped(pack: str, regime: str) -> np.ndarray:
    return compile_tables(
        load_country(pack), load_behaviour(), load_regime(regime), seed=SEED
    )


def shipped(pack: str = "plainland", regime: str = "citizen-score-2020") -> np.ndarray:
    """Return a regime's tables as they are shipped."""
    return _shipped(pack, regime).copy()


def quiet(**fields) -> np.ndarray:
    """Return tables in which nothing happens by itself and every record is seen; then set some."""
    still = dict.fromkeys(_RESTLESS, 0)
    return put(shipped(), **{**still, "detect": ALWAYS, "deterrence": 4096, **fields})


def put_now(**fields) -> np.ndarray:
    """Return the vector ``now`` of a late month, everything in force, some fields set."""
    now = np.zeros(at.NOW_SIZE, dtype=np.int64)
    values = {"run_month": 100, "lists_on": 1, "everywhere": 1, "mandate": 1, "operator": 1}
    for name, value in {**values, **fields}.items():
        now[getattr(at, f"NOW_{name.upper()}")] = value
    return now


@dataclass
class Room:
    """Made-up people, alike unless a check says otherwise, and what a stage needs beside them.

    Stages are called by the names of their parameters, so that their order is the kernel's own
    business.
    """

    n: int
    tables: np.ndarray = field(default_factory=quiet)
    now: np.ndarray = field(default_factory=put_now)

    def __post_init__(self) -> None:
        n = self.n
        whole = {name: np.zeros(n, dtype=np.uint8) for name in Traits._fields}
        # A manual worker of middle age and income with a credit and a thick file, living alone.
        whole["who"][:] = 1 | 1 << 3 | 64 | 128
        whole["income"][:] = 128
        whole["conscience"][:] = 128
        whole["home"][:] = 1 << 3
        whole["slots"] = np.zeros(n, dtype=np.uint16)
        whole["opinion"] = np.zeros(n, dtype=np.int8)
        self.traits = Traits(**whole)
        self.state: State = new_state(n)
        self.state.truth.liquidity[:] = 2560
        self.scratch = np.zeros((at.SCRATCH_ROWS, n), dtype=np.int32)
        self.luck = np.zeros((at.LUCK_CALLS, 4, n), dtype=np.uint32)
        self.counts = np.zeros((len(ROWS), CELLS), dtype=np.int64)
        self.histogram = np.zeros(2048, dtype=np.int64)
        self.log = np.zeros((8 * n, at.LOG_WIDTH), dtype=np.int64)
        self.score_gates = np.zeros(2048, dtype=np.uint32)

    def draw(self, key: int, *calls: int) -> None:
        """Draw the luck of a month, by default all of it."""
        for call in calls or range(at.LUCK_CALLS):
            philox_rows(SEED, 0, self.n, key, call, self.luck[call])

    def do(self, stage, **other) -> int:
        """Run a stage over everybody; return what it returns (log rows used, if any)."""
        known = {**vars(self), "lo": 0, "hi": self.n, "area": 0, "used": 0, **other}
        names = inspect.signature(stage.py_func).parameters
        return stage(*(known[name] for name in names))

    def row(self, code: int) -> int:
        """Return what a row of the cube has counted over all cells."""
        return int(self.counts[code].sum())


@functools.cache
def society(pack: str = "plainland", citizens: int = 4_000, seed: int = SEED) -> Society:
    """Return a society, built once."""
    return build_society(load_country(pack), citizens, seed)


@functools.cache
def workers(threads: int, cells: int) -> Workers:
    """Return a pool of threads, made once."""
    return Workers(threads, cells)


def hurried(calendar: Calendar) -> Calendar:
    """Return a calendar with everything that a regime does in the first year."""
    return replace(calendar, lists=0, opt_in=1, everywhere=4, mandate=6, penalties=8)


def world(
    where: Society,
    *,
    regime=None,
    behaviour=None,
    tables: np.ndarray | None = None,
    calendar: Calendar | None = None,
    gates=None,
    state: State | None = None,
    threads: int = 2,
    kind: type[World] = World,
) -> World:
    """Return a world from the first state on, the citizen score unless said otherwise."""
    regime = regime or load_regime("citizen-score-2020")
    behaviour = behaviour or load_behaviour()
    if tables is None:
        tables = compile_tables(where.country, behaviour, regime, seed=where.seed)
    if calendar is None:
        calendar = hurried(make_calendar(regime, behaviour, start="2014-06"))
    pool = workers(threads, len(where.cells))
    one = kind(
        where,
        tables=tables,
        calendar=calendar,
        gates=gates or gate_rules(regime),
        state=first_state(where, behaviour) if state is None else state,
        workers=pool,
    )
    one.clear()
    return one


def lively(tables: np.ndarray) -> np.ndarray:
    """Return tables with the rare things ten times as frequent: debts, suits, conduct, errors."""
    more = {}
    for name in ("shock", "onset", "sue", "contempt", "conduct", "mix", "false_any", "appeal"):
        more[name] = np.minimum(get(tables, name) * 10, 2**31)
    return put(tables, **more)


def step(one: World, month: int):
    """Run one month and forget its counts afterwards; return a month with counts of its own."""
    one.clear()
    done = one.step(month, key=FIRST_KEY + month)
    done = replace(done, counts=done.counts.copy())
    one.clear()
    return done
