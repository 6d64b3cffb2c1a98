"""The bench that the checks run on: made-up people for single stages, whole worlds for the rest."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from types import SimpleNamespace

import numpy as np
from numba import njit

from glasscity.behaviour import load_behaviour
from glasscity.country import load_country
from glasscity.draws import philox_held, philox_rows
from glasscity.engine.calendar import Calendar, gate_rules, make_calendar
from glasscity.engine.compile import compile_offices, compile_tables, voluntary
from glasscity.engine.start import first_state
from glasscity.engine.world import Workers, World
from glasscity.month import tables as at
from glasscity.month.ledger import CELLS, ROWS
from glasscity.regime import load_regime
from glasscity.society import Society, build_society
from glasscity.society.population import Traits
from glasscity.society.state import State, new_state
from glasscity.society.ties import colleague, far_partner, namesake, near_partner

SEED = 20140614
ALWAYS = 2**32
FIRST_KEY = 4096
# What a month leaves, beside the state.
LEFT = (
    "counts",
    "log",
    "histogram",
    "moments",
    "shapley",
    "deciles",
    "couples",
    "state_sum",
    "cuts",
)

_PLACES = {name: (getattr(at, name.upper()), shape) for name, shape in at.FIELDS}
# Everything that happens to people by chance, or that they decide by themselves.
_RESTLESS = [
    "separation",
    "offer",
    "saving",
    "idle_spending",
    "pooling",
    "shock",
    "slip",
    "onset",
    "repay_before",
    "repay_after",
    "write_off",
    "sue",
    "contempt",
    "conduct",
    "life",
    "mix",
    "false_any",
    "corrected",
    "everyday",
    "adopt_alone",
    "adopt_ties",
    "tie_drop",
    "tie_reopen",
    "appeal",
    "drift",
    "cost",
]


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
    return compile_tables(load_country(pack), load_behaviour(), load_regime(regime), seed=SEED)


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
    values["listed_months"] = 100
    for name, value in {**values, **fields}.items():
        now[getattr(at, f"NOW_{name.upper()}")] = value
    return now


@dataclass
class Room:
    """Made-up people, alike unless a check says otherwise, and what a stage needs beside them.

    ``n`` is a multiple of the kernels' stride.  Stages are called by the names of their parameters,
    so that their order is the kernel's own business.
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
        strides = n // at.STRIDE
        self.scratch = np.zeros((strides, at.SCRATCH_ROWS, at.STRIDE), dtype=np.int32)
        self.luck = np.zeros((strides, at.LUCK_CALLS, 4, at.STRIDE), dtype=np.uint32)
        self.counts = np.zeros((len(ROWS), CELLS), dtype=np.int64)
        self.histogram = np.zeros(2048, dtype=np.int64)
        self.deciles_of = np.zeros(2048, dtype=np.uint8)
        self.deciles = np.zeros((10, at.DECILE_COUNTS), dtype=np.int64)
        self.couples = np.zeros(at.COUPLE_COUNTS, dtype=np.int64)
        self.log = np.zeros((8 * at.STRIDE, at.LOG_WIDTH), dtype=np.int64)
        self.score_gates = np.zeros(2048, dtype=np.uint32)

    def note(self, row: int, values) -> None:
        """Put something into everybody's scratch, as an earlier stage would."""
        self.scratch[:, row] = np.broadcast_to(values, self.n).reshape(-1, at.STRIDE)

    def noted(self, row: int) -> np.ndarray:
        """Return what everybody's scratch holds."""
        return self.scratch[:, row].reshape(-1)

    def draw(self, key: int, *rows: int) -> None:
        """Draw the luck of a month, by default all of what is drawn for everybody."""
        self.now[at.NOW_KEY] = key
        for number, luck in enumerate(self.luck):
            for row in rows or range(at.LUCK_CALLS):
                call = at.DRAWN[row]
                philox_rows(SEED, number * at.STRIDE, at.STRIDE, key, call, luck[row])

    def do(self, stage, **other) -> None:
        """Run a stage over everybody."""
        names = inspect.signature(stage.py_func).parameters
        known = {**vars(self), "area": 0, "province": 0, "used": 0, **other}
        known["tables"] = put(self.tables, seed=SEED)
        places = {name: place for place, name in enumerate(names)}
        arguments = [known.get(name) for name in names]
        for number in range(self.n // at.STRIDE):
            for name, value in (
                ("lo", number * at.STRIDE),
                ("hi", (number + 1) * at.STRIDE),
                ("scratch", self.scratch[number]),
                ("luck", self.luck[number]),
            ):
                if name in places:
                    arguments[places[name]] = value
            stage(*arguments)

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
    change: Callable[[np.ndarray], np.ndarray] | None = None,
) -> World:
    """Return a world from the first state on, the citizen score unless said otherwise.

    With ``change``, which makes tables from tables, the private operators are at work too, and
    until the mandate scores are the first one's.
    """
    regime = regime or load_regime("citizen-score-2020")
    behaviour = behaviour or load_behaviour()
    if tables is None:
        tables = compile_tables(where.country, behaviour, regime, seed=where.seed)
    if calendar is None:
        calendar = hurried(make_calendar(regime, behaviour, start="2014-06"))
    more = {}
    if change is not None:
        alone, rules = compile_offices(where.country, behaviour, regime, seed=where.seed)
        first = compile_tables(where.country, behaviour, voluntary(regime), seed=where.seed)
        tables, more["before"] = change(tables), change(first)
        more["offices"] = np.array([change(one) for one in alone]), rules
    pool = workers(threads, len(where.cells))
    one = kind(
        where,
        tables=tables,
        calendar=calendar,
        gates=gates or gate_rules(regime),
        state=first_state(where, behaviour) if state is None else state,
        workers=pool,
        **more,
    )
    one.clear()
    return one


def lively(tables: np.ndarray) -> np.ndarray:
    """Return tables with the rare things ten times as frequent: debts, suits, conduct, errors."""
    more = {}
    for name in ("shock", "onset", "sue", "contempt", "conduct", "mix", "false_any", "appeal"):
        more[name] = np.minimum(get(tables, name) * 10, 2**31)
    return put(tables, **more)


def step(one: World, month: int) -> SimpleNamespace:
    """Run one month and forget its counts afterwards; return what it left, in arrays of its own."""
    one.clear()
    done = one.step(month, key=FIRST_KEY + month)
    kept = {name: getattr(done, name) for name in LEFT}
    one.clear()
    return SimpleNamespace(**{n: np.array(v) for n, v in kept.items()})


@njit
def _acquaintances(traits, wiring, ends):
    """Fill the columns of :func:`acquaintances`."""
    for segment in range(len(wiring.segment_size)):
        for position in range(wiring.segment_size[segment]):
            i = np.int64(wiring.segment_first[segment]) + position
            first = i - (traits.home[i] & 7)
            for k in range((traits.home[i] >> 3) & 7):
                if first + k != i:
                    ends[i, k] = first + k
            for k in range(7):
                j = colleague(wiring, segment, position, k)
                if j >= 0 and (traits.who[i] >> 3) & 7 < 6 and (traits.who[j] >> 3) & 7 < 6:
                    ends[i, 7 + k] = j
            for slot in range(6):
                if (traits.slots[i] >> slot) & 1:
                    ends[i, 14 + slot] = near_partner(wiring, segment, position, slot)
                if (traits.slots[i] >> (6 + slot)) & 1:
                    ends[i, 20 + slot] = far_partner(wiring, segment, position, slot)
            ends[i, 26] = namesake(wiring, segment, position)


@functools.cache
def acquaintances(where: Society) -> np.ndarray:
    """Return int64[citizens, 27]: whom everybody may hear of, willing or not, -1 where nobody.

    Columns 0-6 the household, 7-13 colleagues, 14-19 friends nearby, 20-25 contacts elsewhere; 26,
    no tie, the namesake.
    """
    ends = np.full((where.citizens, 27), -1, dtype=np.int64)
    _acquaintances(where.traits, where.wiring, ends)
    return ends


def by_name(stage, known: dict):
    """Call a stage with the arguments that its parameters are named after."""
    return stage(*(known[name] for name in inspect.signature(stage.py_func).parameters))


def first_pass(one: World, month: int, *stages) -> dict:
    """Run the first pass of a month by hand, with other stages than the shipped ones.

    Returns
    -------
    dict
        ``now``, ``histogram``, ``counts`` over all cells; the state changes in place.
    """
    key = FIRST_KEY + month
    now = one.calendar.now(month, key=key)
    one._national(now)
    known = {
        **vars(one),
        **vars(one.society),
        "now": now,
        "luck": at.new_luck(),
        "scratch": at.new_scratch(),
        "histogram": np.zeros(2048, dtype=np.int64),
        "moments": np.zeros(5, dtype=np.int64),
        "counts": np.zeros((len(ROWS), CELLS), dtype=np.int64),
        "rules": one.office_rules,
        "deciles": np.zeros((10, at.DECILE_COUNTS), dtype=np.int64),
        "log": np.zeros((20 * at.STRIDE, at.LOG_WIDTH), dtype=np.int64),
        "used": 0,
    }
    for first, end, _, province, area, segment in one.society.blocks.tolist():
        for lo in range(first, end, at.STRIDE):
            hi = min(lo + at.STRIDE, end)
            for row, call in enumerate(at.DRAWN):  # more than the pass itself draws
                fill = philox_held if row == at.L_VOICE else philox_rows
                kept = (12,) if row == at.L_VOICE else ()
                fill(one.society.seed, lo, hi - lo, key, call, *kept, known["luck"][row])
            known.update(lo=lo, hi=hi, province=province, area=area)
            known.update(first_segment=segment + (lo - first) // 64)
            for stage in stages:
                by_name(stage, known)
    return known
