"""How a society begins: the first state, and the burn-in that every world of it shares."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from glasscity._version import MODEL_VERSION
from glasscity.behaviour import Behaviour
from glasscity.draws import philox_numpy
from glasscity.engine import compile_company
from glasscity.engine.calendar import gate_rules, make_calendar
from glasscity.engine.checkpoint import Checkpoint
from glasscity.engine.compile import compile_tables
from glasscity.engine.held import Held, HeldWorld
from glasscity.engine.keeping import Course, Keeper
from glasscity.engine.world import Workers, World
from glasscity.jit import cache_folder
from glasscity.month.ledger import first_row
from glasscity.regime import Regime
from glasscity.society import Society
from glasscity.society.state import COLUMNS, State, new_state

__all__ = [
    "BURN_IN_MOST",
    "BURN_IN_SHORTEST",
    "born_keepers",
    "burn_in",
    "burned_in",
    "first_lives",
    "first_state",
    "first_trust",
    "settle",
    "stored_name",
    "trusting",
]

BURN_IN_SHORTEST = 72
BURN_IN_MOST = 360
# The call of the first state's draws: who is insured, single, a keeper of trust.
_INSURED = 0x180

Progress = Callable[[str, int, int | None], None]


def first_state(society: Society, behaviour: Behaviour) -> State:
    """Return the state before the burn-in: everybody in work, in order and silent.

    Savings start where a month's saving would equal a month's mean drain from shocks and time
    without work, so that the burn-in has little left to do.
    """
    state = new_state(society.citizens)
    everybody = slice(0, society.citizens)
    trusting(state, everybody, first_lives(state, society, behaviour, everybody))
    return state


def first_lives(state: State, society: Society, behaviour: Behaviour, people: slice) -> int:
    """Fill in the first state of consecutive citizens, but for their trust.

    Returns
    -------
    int
        How many of them keep trust with strangers.
    """
    b = behaviour
    idle = 1 / (1 + float(b.find_ratio))
    drain = idle * float(b.spending_without_work) + float(b.shock) / 12 * float(b.shock_size)
    quintile = (society.traits.income[people].astype(np.int64) * 5) >> 8
    for q, factor in enumerate(b.saving_by_quintile.numbers):
        saving = max(1e-9, float(b.saving) * factor)
        level = max(0.02, 1 - drain / saving) * float(b.liquidity_target)
        state.truth.liquidity[people][quintile == q] = round(256 * level)
    state.truth.opinion[people] = society.traits.opinion[people]
    word = _words(society.seed, people)
    insured = word[0] < round(float(b.insured_share) * 2**32)
    state.truth.spell[people][insured] |= 64
    state.record.fulfilment[people] = 32768
    # Without a partner, by age band; a disposition to keep trust with strangers, or not.
    alone = np.array([round(x * 2**32) for x in b.single_share.numbers], dtype=np.uint64)
    single = word[1].astype(np.uint64) < alone[society.traits.who[people] & 7]
    keeper = born_keepers(society, b, people)
    state.face.deed[people] = keeper
    state.face.deed_next[people] = keeper
    # Everybody is willing to keep every tie.
    faces = np.uint32(0x0FFF0000) | (single.astype(np.uint32) << np.uint32(15))
    state.face.now[people] = faces
    state.face.next[people] = faces
    return int(np.count_nonzero(keeper))


def born_keepers(society: Society, behaviour: Behaviour, people: slice) -> np.ndarray:
    """Return which of consecutive citizens begin as keepers of trust, bool."""
    draw = _words(society.seed, people)[2].astype(np.int64)
    return draw < compile_company.keeping(behaviour)[society.traits.conscience[people]]


def _words(seed: int, people: slice) -> tuple[np.ndarray, ...]:
    ids = np.arange(people.start, people.stop, dtype=np.uint64)
    low, high = ids & np.uint64(0xFFFFFFFF), ids >> np.uint64(32)
    return philox_numpy(seed & 0xFFFFFFFF, seed >> 32, low, high, 0, _INSURED)


def trusting(state: State, people: slice, keepers: int) -> None:
    """Begin what people believe of strangers where the nation's share of keepers is."""
    if state.citizens:
        state.belief.trust[people] = first_trust(keepers, state.citizens)


def first_trust(keepers: int, citizens: int) -> int:
    """Return the first belief about strangers, 0..65535, where so many of all keep trust."""
    return round(65535 * (keepers / citizens))


def burned_in(
    society: Society,
    behaviour: Behaviour,
    unscored: Regime,
    *,
    workers: Workers,
    fingerprint: str | None,
    progress: Progress,
    keeper: Keeper | None = None,
) -> tuple[State, int, bool]:
    """Return (state, months, whether it was stored) after the burn-in under ``unscored``.

    It lasts until arrears and mean liquidity drift less than 1 % a year (or no more than their
    sampling error in a small society), at least 72 months, and is kept in the cache: every world
    of this society starts from the same one.

    Parameters
    ----------
    fingerprint : str or None
        Hash of country, behaviour and the regime ``unscored``; with seed, citizens and the model's
        version it names the stored burn-in.  None: neither looked for nor stored, for worlds that
        are made by the hundred.
    keeper : Keeper, optional
        Writes checkpoints, and finds one to go on from where nothing is stored.

    Raises
    ------
    Interrupted
        If Ctrl-C was pressed and the keeper has kept the month.
    """
    file = None
    if fingerprint is not None:
        name = stored_name(fingerprint, society.seed, society.citizens)
        file = cache_folder() / "burn-in" / f"{name}.npz"
        stored = _read(file, society.citizens)
        if stored is not None:
            return (*stored, True)

    tables = compile_tables(society.country, behaviour, unscored, seed=society.seed)
    calendar = make_calendar(unscored, behaviour, start=unscored.start)
    checkpoint = keeper.find("burn-in") if keeper is not None else None
    state = first_state(society, behaviour) if checkpoint is None else new_state(society.citizens)
    world = World(
        society,
        tables=tables,
        calendar=calendar,
        gates=gate_rules(unscored),
        state=state,
        workers=workers,
        attributes=2**62,
    )

    def step(month: int, key: int, rows: Sequence[int]) -> list[int]:
        result = world.step(month, key=key)
        totals = [result.total(row) for row in rows]
        world.clear()
        return totals

    month = burn_in(
        step, society.citizens, progress, world=HeldWorld(world), keeper=keeper, from_=checkpoint
    )
    settle(state, world.people)
    if file is not None:
        _write(file, state, month)
    return state, month, False


def stored_name(fingerprint: str, seed: int, citizens: int) -> str:
    """Return the name under which a burn-in is stored in the cache."""
    text = json.dumps([fingerprint, seed, citizens, MODEL_VERSION])
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def burn_in(
    step: Callable[[int, int, Sequence[int]], list[int]],
    citizens: int,
    progress: Progress,
    *,
    world: Held | None = None,
    keeper: Keeper | None = None,
    from_: Checkpoint | None = None,
) -> int:
    """Step a world until it is steady; return the months that it took.

    Parameters
    ----------
    step : callable
        ``step(month, key, rows)`` runs a month and returns the counts of some rows of the ledger.
    world : Held, optional
        What a checkpoint holds; needed where there is a keeper.
    keeper : Keeper, optional
        Writes checkpoints.
    from_ : Checkpoint, optional
        Of an earlier process, to go on from.
    """
    rows = [first_row(name) for name in ("arrears", "liquidity_sum", "with_credit")]
    drift = _Drift(citizens)
    course = Course(world, drift) if world is not None else None
    if keeper is not None and course is not None:
        keeper.begin(course, from_)
    while not drift.over():
        month = len(drift.credit)
        owing, saved, credit = step(month - BURN_IN_MOST, month, rows)
        credit = max(1, credit)
        drift.credit.append(credit)
        drift.arrears.append(owing / credit)
        drift.liquidity.append(saved / citizens / 256)
        if keeper is not None and course is not None:
            course.month = month + 1
            keeper.month_done("burn-in", course, None)
        progress("burn-in", month + 1, None)
    return len(drift.credit)


def settle(state: State, people: slice) -> None:
    """End a burn-in: the luck of the run is its own; a record on its way is let go."""
    state.face.now[people] &= np.uint32(0x0FFFFFFF)
    state.face.next[people] = state.face.now[people]


class _Drift:
    """What tells when the burn-in is over, month by month (keeping.Registers)."""

    def __init__(self, citizens: int) -> None:
        self.citizens = citizens
        self.credit: list[int] = []
        self.arrears: list[float] = []
        self.liquidity: list[float] = []

    def over(self) -> bool:
        """Return whether both figures are steady, or the longest time is over."""
        month = len(self.credit)
        if month < BURN_IN_SHORTEST or month >= BURN_IN_MOST:
            return month >= BURN_IN_MOST
        credit = self.credit[-1]
        noise = 2 * np.sqrt(max(self.arrears[-1], 1 / credit) / credit)
        return _steady(self.arrears, noise) and _steady(
            self.liquidity, 2 * 8 / np.sqrt(self.citizens)
        )

    def of_people(self) -> dict[str, np.ndarray]:
        """Return nothing: a burn-in notes nothing of single citizens."""
        return {}

    def added(self, since: int, until: int) -> dict[str, np.ndarray]:
        """Return the figures of some months."""
        return {
            "credit": np.array(self.credit[since:until], dtype=np.int64),
            "arrears": np.array(self.arrears[since:until], dtype=np.float64),
            "liquidity": np.array(self.liquidity[since:until], dtype=np.float64),
        }

    def add(self, since: int, added: Mapping[str, np.ndarray]) -> int:
        """Take them in again."""
        self.credit += added["credit"].tolist()
        self.arrears += added["arrears"].tolist()
        self.liquidity += added["liquidity"].tolist()
        return since + len(added["credit"])


def _steady(series: list[float], noise: float) -> bool:
    last = float(np.mean(series[-12:]))
    before = float(np.mean(series[-24:-12]))
    return abs(last - before) <= max(0.01 * abs(before), noise)


def _read(file: Path, citizens: int) -> tuple[State, int] | None:
    """Return a stored burn-in, or None where there is none or it cannot be read whole."""
    try:
        with np.load(file) as stored:
            state = new_state(citizens)
            columns = state.columns()
            for column in COLUMNS:
                name = f"{column.group}.{column.name}"
                columns[name][:] = stored[name]
            return state, int(stored["months"])
    except (OSError, KeyError, ValueError, EOFError):
        return None
    except Exception as error:  # zipfile's own errors, from a file cut short
        if type(error).__module__ in ("zipfile", "zlib"):
            return None
        raise


def _write(file: Path, state: State, months: int) -> None:
    """Store a burn-in by rename; a full or read-only disk only means that it is made again."""
    columns = {f"{c.group}.{c.name}": a for c, a in zip(COLUMNS, _arrays(state), strict=True)}
    temporary = None
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=file.parent, suffix=".part", delete=False) as out:
            temporary = out.name
            np.savez(out, months=np.int64(months), **columns)
        os.replace(temporary, file)
    except OSError:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)


def _arrays(state: State) -> list[np.ndarray]:
    columns = state.columns()
    return [columns[f"{c.group}.{c.name}"] for c in COLUMNS]
