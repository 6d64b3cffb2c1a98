"""A range of a society's blocks in a process of its own: what one machine holds of a world.

Columns have a row for every citizen, so that all numbers stay those of the whole society; but rows
that are never written take no memory.  Of the other ranges a range knows what neighbours know:
age and occupation, the name, and last month's face, deed and shadow voice.

Nothing here knows how ranges reach each other (:mod:`glasscity.engine.cluster` does).
"""

from __future__ import annotations

import errno
import json
import os
import platform
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from glasscity._version import MODEL_VERSION
from glasscity.engine.calendar import gate_rules, make_calendar
from glasscity.engine.compile import compile_tables
from glasscity.engine.halo import Halo
from glasscity.engine.room import memory_free
from glasscity.engine.running import Counts, Here, Rules, Values
from glasscity.engine.start import first_lives, settle, trusting
from glasscity.engine.stored import Broken, Stored, write_folder
from glasscity.engine.world import Month, Workers, World
from glasscity.errors import BadArgument, CannotFit, DiskFull
from glasscity.jit import cache_folder, kernel_folder
from glasscity.month.ledger import CELLS, ROWS
from glasscity.regime import load_regime
from glasscity.scenario import Scenario
from glasscity.society import Society, build_society
from glasscity.society.cells import make_layout
from glasscity.society.state import COLUMNS, State, new_state

__all__ = ["STEPS", "TOKEN", "Left", "Range", "made_from", "share_out"]

# A file in the folder for checkpoints, by which a machine finds out whether it sees that folder.
TOKEN = "here"
# Of a month: gather what others read, take what they show, the two passes, the sums.
STEPS = ("show", "see", "first", "second", "end")
_CHUNK = 1 << 20
# Bytes of a citizen of the range, of another one (face, manner, what neighbours know, the last
# month's faces kept), and of anybody while the society is built; ties are in all of them.
_BYTES_OWN = 80
_BYTES_OTHER = 13
_BYTES_BUILDING = 12
_BYTES_FIXED = 400_000_000
# Traits of others that a citizen's month reads.
_KNOWN = ("who", "misc")
_NOBODY = 2**62


@dataclass(frozen=True)
class Left:
    """What a month left of a range, or of ranges together.

    ``month`` without its tallies, which are in ``counts``; ``scores`` and ``marks`` as
    :class:`glasscity.engine.running.Runs` gives them; ``seconds`` that each of :data:`STEPS` took,
    of several ranges the longest.
    """

    month: Month
    counts: Counts
    scores: np.ndarray
    marks: np.ndarray
    seconds: dict[str, float]

    @classmethod
    def merged(cls, parts: Sequence[Left]) -> Left:
        """Return what a month left of all ranges, given in their order."""
        return cls(
            month=Month.merged([part.month for part in parts]),
            counts=[piece for part in parts for piece in part.counts],
            scores=np.concatenate([part.scores for part in parts]),
            marks=np.concatenate([part.marks for part in parts]),
            seconds={name: max(part.seconds[name] for part in parts) for name in STEPS},
        )

    def total(self, row: int) -> int:
        """Return the count of a row of the ledger over all cells."""
        return sum(int(values[where // CELLS == row].sum()) for _, where, values in self.counts)


def share_out(scenario: Scenario, shares: Sequence[float]) -> list[tuple[int, int]]:
    """Return ranges of blocks whose citizens are in proportion to ``shares``, one each.

    Raises
    ------
    BadArgument
        If there are more shares than blocks.
    """
    ends = make_layout(scenario.country, scenario.citizens).blocks[:, 1]
    if len(shares) > len(ends):
        raise BadArgument(
            f"{len(shares)} machines for a society of {len(ends)} blocks",
            where="cluster",
            allowed=f"up to {len(ends)} machines for {scenario.citizens:,} citizens",
            mend="ask for more citizens or use fewer machines",
        )
    wanted = np.cumsum(shares) / np.sum(shares) * ends[-1]
    edges = [0]
    for k, place in enumerate(wanted):
        # Everybody after this one needs a block too.
        most = len(ends) - (len(shares) - 1 - k)
        edge = int(np.searchsorted(ends, round(float(place)))) + 1
        edges.append(max(edges[-1] + 1, min(edge, most)))
    edges[-1] = len(ends)
    return [(edges[k], edges[k + 1]) for k in range(len(shares))]


def made_from() -> str:
    """Return which model and kernels this process has: all ranges must have the same."""
    return f"model {MODEL_VERSION}, kernels {kernel_folder().name}"


class Range:
    """A range of a scenario's worlds, one after the other: the burn-in, the run, its twin.

    Parameters
    ----------
    scenario : Scenario
    spans : sequence of (int, int)
        First block and end of all ranges.
    own : int
        Which of them this is.
    threads : int
    """

    def __init__(
        self, scenario: Scenario, spans: Sequence[tuple[int, int]], own: int, threads: int
    ) -> None:
        self.scenario, self.spans, self.own, self.threads = scenario, spans, own, threads
        self.span = spans[own]
        self.halo: Halo
        self._sent = 0
        self._took = dict.fromkeys(STEPS, 0.0)
        self.society: Society
        self.workers: Workers
        self.world: World
        self.here: Here | None = None

    def ping(self) -> int:
        """Answer, with the number of the process."""
        return os.getpid()

    def build(self, folder: Path | None) -> tuple[str, float]:
        """Build the society, keep what the range needs and compile the month.

        Parameters
        ----------
        folder : Path or None
            Where checkpoints will be kept, which every machine must see.

        Returns
        -------
        (str, float)
            What it was made from, and the bytes of all arrays whose length grows with citizens.

        Raises
        ------
        BadArgument
            If the folder cannot be seen from here.
        CannotFit
            If the range would not fit this machine's memory.
        """
        if folder is not None and not (folder / TOKEN).is_file():
            raise BadArgument(
                f"'{folder}' cannot be seen from the machine {platform.node()}",
                where="cluster",
                mend="give --out a folder that all machines share",
            )
        scenario = self.scenario
        first, end = self.span
        blocks = make_layout(scenario.country, scenario.citizens).blocks
        self.people = slice(int(blocks[first, 0]), int(blocks[end - 1, 1]))
        self._check_memory()
        society = build_society(
            scenario.country, scenario.citizens, scenario.seed, threads=self.threads
        )
        self.society = _known_to(society, self.people)
        self.halo = Halo(self.society, self.spans, self.own)
        self.workers = Workers(self.threads, len(society.cells))
        World.warm_up(scenario.country, scenario.behaviour, load_regime("unscored"), self.workers)
        return made_from(), self._bytes()

    def _check_memory(self) -> None:
        citizens, mine = self.scenario.citizens, self.people.stop - self.people.start
        running = mine * _BYTES_OWN + (citizens - mine) * _BYTES_OTHER
        needed = _BYTES_FIXED + max(running, citizens * _BYTES_BUILDING)
        free = memory_free()
        if free is not None and needed > 0.95 * free:
            raise CannotFit(
                f"{mine:,} of {citizens:,} citizens would take about {needed / 1e9:.1f} GB of the "
                f"machine {platform.node()}, and {free / 1e9:.1f} GB are free",
                where="cluster",
                mend="use more machines or larger ones, or ask for fewer citizens",
            )

    def _bytes(self) -> float:
        mine = self.people.stop - self.people.start
        own = sum(np.dtype(c.dtype).itemsize * c.width for c in COLUMNS if not c.pointed) + 2
        traits = sum(a.itemsize for a in self.society.traits)
        others = (self.scenario.citizens - mine) * (6 + len(_KNOWN))
        wiring = sum(a.nbytes for a in self.society.wiring) + self.society.blocks.nbytes
        return mine * (own + traits) + others + wiring

    def burn(self) -> None:
        """Open the world of the burn-in."""
        self.here = None
        scenario, unscored = self.scenario, load_regime("unscored")
        self.world = World(
            self.society,
            tables=compile_tables(
                scenario.country, scenario.behaviour, unscored, seed=scenario.seed
            ),
            calendar=make_calendar(unscored, scenario.behaviour, start=unscored.start),
            gates=gate_rules(unscored),
            state=new_state(scenario.citizens),
            workers=self.workers,
            attributes=_NOBODY,
            span=self.span,
        )
        self.world.clear()

    def begin(self) -> int:
        """Fill in the first state; return how many keep trust with strangers."""
        keepers = 0
        for first in range(self.people.start, self.people.stop, _CHUNK):
            some = slice(first, min(first + _CHUNK, self.people.stop))
            keepers += first_lives(self._state, self.society, self.scenario.behaviour, some)
        return keepers

    def trust(self, keepers: int) -> None:
        """Say how many of the nation keep trust with strangers."""
        trusting(self._state, self.people, keepers)

    def settle(self) -> None:
        """End the burn-in."""
        settle(self._state, self.people)

    def open(self, rules: Rules) -> None:
        """Open a world of the run; its state is to be loaded."""
        self.here = None
        state = new_state(self.scenario.citizens)
        self.here = Here(rules, self.society, state, self.workers, span=self.span)
        self.world = self.here.world
        self.world.clear()

    @property
    def _state(self) -> State:
        return self.world.state

    def show(self, key: int) -> Any:
        """Return what the others will read of the range in a month (see :meth:`Halo.show`)."""
        with self._timed("show"):
            shown = self.halo.show(self._state, key, self._run_all)
        self._sent = sum(faces.nbytes + manners.nbytes for faces, manners in shown)
        # One thing is returned as such, several as a list.
        return shown[0] if len(shown) == 1 else shown

    def _run_all(self, work: Callable[[Any], Any], parts: Iterable[Any]) -> list[Any]:
        return self.workers.run(parts, lambda _, part: work(part))

    def used(self) -> float:
        """Return the processor seconds that this process has used."""
        return time.process_time()

    def sent(self) -> int:
        """Return the bytes that the range showed before the last month."""
        return self._sent

    def first(
        self, month: int, key: int, last: bool, *shown: tuple[np.ndarray, np.ndarray]
    ) -> np.ndarray:
        """Take what the others show and run the first pass; return the range's scores."""
        # What a month that was broken off has counted is nobody's.
        self.world.clear()
        with self._timed("see"):
            self.halo.see(self._state, key, shown, self._run_all)
        if self.here is not None:
            self.here.ready(last=last)
        with self._timed("first"):
            return self.world.first(month, key=key)

    def second(self, histogram: np.ndarray) -> Left:
        """Run the second pass, with the nation's scores, and end the month."""
        with self._timed("second"):
            # What came from elsewhere cannot be written to, and a world writes to its own.
            self.world.second(histogram.copy())
        with self._timed("end"):
            self.world.turn()
            month = self.world.closed()
            counts = self.world.harvest()
        none = np.zeros((0, len(self.society.cells), len(ROWS), CELLS), dtype=np.int64)
        nothing = np.zeros(0, dtype=np.uint16)
        return Left(
            month=replace(month, tallies=none),
            counts=counts,
            scores=nothing if self.here is None else self.here.scores(),
            marks=nothing if self.here is None else self.here.marks(),
            seconds=dict(self._took),
        )

    @contextmanager
    def _timed(self, what: str) -> Iterator[None]:
        began = time.perf_counter()
        yield
        self._took[what] = time.perf_counter() - began

    def _columns(self) -> dict[str, np.ndarray]:
        """Return the range's rows of the state by "group.name", without scratch."""
        columns = self._state.columns()
        names = (f"{column.group}.{column.name}" for column in COLUMNS)
        return {name: columns[name][self.people] for name in names if len(columns[name])}

    def save(self, folder: Path) -> float:
        """Write the range as it is between months into a folder; return the seconds it took.

        Raises
        ------
        DiskFull
            If there is no room.
        """
        began = time.perf_counter()
        arrays = self._columns()
        arrays |= {f"carried.{name}": array for name, array in self.world.carried().items()}
        lives = json.dumps(self.lives()).encode()
        arrays["lives"] = np.frombuffer(lives, dtype=np.uint8)
        try:
            folder.mkdir(exist_ok=True)
            write_folder(folder / str(self.people.start), arrays, threads=self.threads)
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise
            raise DiskFull(
                "no room is left for a checkpoint of the cluster",
                where=str(folder),
                mend="free some space, or give --out a folder on a larger disk, and run again",
            ) from error
        return time.perf_counter() - began

    def load(self, folder: Path, afresh: bool) -> None:
        """Read the range back.

        Parameters
        ----------
        folder : Path
            Of :meth:`save`.
        afresh : bool
            Whether another world begins here: only the state is read.

        Raises
        ------
        Broken
            If it is not whole.
        """
        stored = Stored(folder / str(self.people.start))
        for name, array in self._state.columns().items():
            if name in stored.names:
                array[self.people] = stored.read(name)
            elif len(array):
                array[self.people] = 0
        if afresh:
            if self.here is not None:
                self.here.begin_watch()
            return
        self.world.restore(
            {
                name.removeprefix("carried."): stored.read(name)
                for name in stored.names
                if name.startswith("carried.")
            }
        )
        if self.here is not None and self.here.watch is not None:
            self.here.watch.go_on(json.loads(stored.read("lives").tobytes()))

    def keep(self, name: str, months: int) -> None:
        """Keep the end of a burn-in in this machine's cache; a full disk only costs it again."""
        with suppress(OSError):
            self._kept(name).parent.mkdir(parents=True, exist_ok=True)
            write_folder(self._kept(name), self._columns() | {"months": np.array([months])})

    def recall(self, name: str) -> int:
        """Take the end of a burn-in from this machine's cache; return its months, 0 if none is."""
        try:
            stored = Stored(self._kept(name))
            for column, array in self._columns().items():
                array[:] = stored.read(column)
            return int(stored.read("months")[0])
        except Broken:
            return 0

    def _kept(self, name: str) -> Path:
        people = f"{self.people.start}-{self.people.stop}"
        return cache_folder() / "burn-in" / f"{name}-{people}"

    def people_left(self) -> dict[str, np.ndarray]:
        """Return how the kept of the range are (see ``Runs.people``)."""
        return self._here.people()

    def values(self) -> tuple[dict[str, np.ndarray], Values]:
        """Return the last scores of the kept of the range taken apart (see :class:`Here`)."""
        return self._here.values()

    def tables(self) -> np.ndarray:
        """Return the tables in force in the last month."""
        return self.world.tables

    def lives(self) -> list[dict[str, Any]]:
        """Return the lives watched."""
        return [] if self.here is None else self.here.lives()

    @property
    def _here(self) -> Here:
        if self.here is None:
            raise RuntimeError("no world of the run is open")
        return self.here


def _known_to(society: Society, people: slice) -> Society:
    """Return a society as consecutive citizens know it: most traits are their own alone."""
    traits = society.traits._asdict()
    for name, array in traits.items():
        if name not in _KNOWN:
            # Pages that are never written take no memory.
            own = np.zeros(array.shape, array.dtype)
            own[people] = array[people]
            traits[name] = own
    return replace(society, traits=type(society.traits)(**traits))
