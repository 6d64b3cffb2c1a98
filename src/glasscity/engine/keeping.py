"""What a run keeps of itself while its months go by, when, and how it goes on from there."""

from __future__ import annotations

import json
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any, NamedTuple, Protocol

import numpy as np

from glasscity.engine.checkpoint import Checkpoint, Checkpoints
from glasscity.engine.held import Held
from glasscity.engine.stored import Broken
from glasscity.errors import DamagedRun, Interrupted

__all__ = ["MOST_SHARE", "SHORTEST_SECONDS", "Course", "Keeper", "Registers"]

# Unless asked for otherwise: no checkpoint sooner than this after the last one or the first month,
# so that short runs write none, and as rarely as it takes for all of them to stay below this share
# of the months' time.
SHORTEST_SECONDS = 10.0
MOST_SHARE = 0.02
# Until a checkpoint has been timed: bytes a second of a slow disk.
_SLOW_DISK = 0.25e9
_LARGE = 65535
# How stages other than the regime's own months are told apart.
_STAGES = {"twin": " of the unscored twin", "burn-in": " of the burn-in"}


class Registers(Protocol):
    """What a stage notes down outside the cube, and people's months in it."""

    def of_people(self) -> dict[str, np.ndarray]:
        """Return by name what a citizen's months have added up to: read back in place."""
        ...

    def added(self, since: int, until: int) -> dict[str, np.ndarray]:
        """Return what the months from ``since`` to before ``until`` added, by name."""
        ...

    def add(self, since: int, added: Mapping[str, np.ndarray]) -> int:
        """Take that in again in another process; return up to which month there is something."""
        ...


class _Cube(Protocol):
    """What collects the counts by cell (results.cube)."""

    def add_sparse(
        self, month: int, province: int, area: int, where: np.ndarray, values: np.ndarray
    ) -> None: ...


class _Counts(NamedTuple):
    """A month's counts of the cube: cells, where in each, and all their values in one."""

    month: int
    cells: list[int]
    where: list[np.ndarray]
    narrow: np.ndarray
    large: np.ndarray


class Course:
    """One stage of a run: its world, what is counted, and whoever is watched.

    Attributes
    ----------
    month : int
        Months done.
    seconds : float
        What they took.
    """

    def __init__(self, world: Held, registers: Registers, cube: _Cube | None = None) -> None:
        self.world, self.registers, self.cube = world, registers, cube
        self.watch = world.watch
        self.month, self.seconds = 0, 0.0
        # The cube's counts that no checkpoint holds yet, a month each.
        self._counts: list[_Counts] = []

    def count(
        self, month: int, cells: Sequence[tuple[int, np.ndarray, np.ndarray]], *, kept: bool
    ) -> None:
        """Add a month's harvest (World.harvest) to the cube; remember it if it will be kept."""
        self._put(month, cells)
        if kept and cells:
            # Nearly all are small: kept in two bytes each, and the others beside them.
            values = np.concatenate([values for _, _, values in cells])
            self._counts.append(
                _Counts(
                    month,
                    [cell for cell, _, _ in cells],
                    [where for _, where, _ in cells],
                    np.minimum(values, _LARGE).astype(np.uint16),
                    values[values >= _LARGE],
                )
            )

    def _put(self, month: int, cells: Iterable[tuple[int, np.ndarray, np.ndarray]]) -> None:
        for cell, where, values in cells:
            if self.cube is not None:
                self.cube.add_sparse(month, cell // 2, cell % 2, where, values)

    def now(self) -> dict[str, np.ndarray]:
        """Return what the stage is now, by name: views where they are large."""
        arrays = self.world.held()
        arrays |= self.registers.of_people()
        if self.watch is not None:
            lives = [{**life, "months": []} for life in self.watch.lives]
            arrays["watch.lives"] = _text(lives)
        return arrays

    def added(self, since: int) -> dict[str, np.ndarray]:
        """Return what the months from ``since`` on added, by name."""
        arrays = {
            f"months.{name}": array
            for name, array in self.registers.added(since, self.month).items()
        }
        counts = self._counts = [one for one in self._counts if one.month >= since]
        places = [
            (one.month, cell, len(where))
            for one in counts
            for cell, where in zip(one.cells, one.where, strict=True)
        ]
        arrays["cube.place"] = np.array(places, np.int64).reshape(-1, 3)
        where = _joined([where for one in counts for where in one.where], np.uint32)
        fits = not len(where) or where.max() <= _LARGE
        arrays["cube.where"] = where.astype(np.uint16) if fits else where
        arrays["cube.narrow"] = _joined([one.narrow for one in counts], np.uint16)
        arrays["cube.large"] = _joined([one.large for one in counts], np.int64)
        if self.watch is not None:
            arrays["watch.months"] = _text([life["months"][since:] for life in self.watch.lives])
        return arrays

    def go_on(self, checkpoint: Checkpoint) -> None:
        """Become what a checkpoint holds; nothing may have happened yet.

        Raises
        ------
        Broken
            If it cannot be read after all.
        """
        own = checkpoint.own
        self.world.go_on(own)
        for name, array in self.registers.of_people().items():
            own.read(name, array)
        lives = _told(own.read("watch.lives")) if self.watch is not None else []
        since = 0
        for grown in checkpoint.grown:
            names = [name for name in grown.names if name.startswith("months.")]
            added = {name.removeprefix("months."): grown.read(name) for name in names}
            since = self.registers.add(since, added)
            values = grown.read("cube.narrow").astype(np.int64)
            values[values == _LARGE] = grown.read("cube.large")
            where, end = grown.read("cube.where").astype(np.uint32), 0
            for month, cell, size in grown.read("cube.place").tolist():
                at, end = slice(end, end + size), end + size
                self._put(month, [(cell, where[at], values[at])])
            if self.watch is not None:
                for life, months in zip(lives, _told(grown.read("watch.months")), strict=True):
                    life["months"] += months
        if self.watch is not None:
            self.watch.go_on(lives)
        self.month, self.seconds = checkpoint.month, float(checkpoint.about["seconds"])


class Keeper:
    """Write a run's checkpoints when they are due, and find the one to go on from.

    Parameters
    ----------
    checkpoints : Checkpoints
    every : int, optional
        Months from one to the next; unless given, as many as make them rare and cheap
        (:data:`SHORTEST_SECONDS`, :data:`MOST_SHARE`).
    resuming : bool
        Whether there was an earlier process.
    began : float, optional
        When the process began by the clock; now unless given.
    told : callable, optional
        Given sentences about checkpoints that cannot be used, and about where a stage goes on.
    clock : callable
        Seconds.

    Attributes
    ----------
    resumed : dict of stage to month
        After which months stages went on; empty where there was no earlier process.
    spent : float
        Seconds that earlier processes ran, up to the checkpoint that was gone on from.
    notes : dict, fit for JSON
        Kept with every checkpoint; :meth:`find` gives back what an earlier process noted.
    """

    def __init__(
        self,
        checkpoints: Checkpoints,
        *,
        every: int | None = None,
        resuming: bool = False,
        began: float | None = None,
        told: Callable[[str], object] = lambda sentence: None,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.checkpoints, self.every, self.resuming = checkpoints, every, resuming
        self.resumed: dict[str, int] = {}
        self.spent = 0.0
        self.notes: dict[str, Any] = {}
        self._told, self._clock = told, clock
        self._began = clock() if began is None else began
        # When the last checkpoint was written, and up to when the months' time has been added up.
        self._last = self._mark = self._began
        self._ran = self._paid = 0.0
        self._cost: float | None = None
        self._asked = False

    def seconds(self) -> float:
        """Return how long the run has taken, earlier processes included."""
        return self.spent + self._clock() - self._began

    def find(self, stage: str) -> Checkpoint | None:
        """Return the checkpoint that a stage goes on from; None: it begins at month 0."""
        found = self.checkpoints.newest(stage, self._told) if self.resuming else None
        if found is not None:
            self.spent = max(self.spent, float(found.about["wall"]))
            self.notes |= found.about["notes"]
        if self.resuming:
            month = self.resumed[stage] = 0 if found is None else found.month
            where = f"going on after {month} months" if month else "beginning at month 0"
            self._told(where + _STAGES.get(stage, ""))
        return found

    def begin(self, course: Course, checkpoint: Checkpoint | None) -> None:
        """Begin with the months of a course, from what :meth:`find` returned."""
        if checkpoint is not None:
            try:
                course.go_on(checkpoint)
            except Broken as error:
                raise DamagedRun(
                    f"the checkpoint after {checkpoint.month} months has changed while it was "
                    f"read: {error}",
                    where=str(self.checkpoints.folder),
                    mend="resume once more",
                ) from error
        self._last = self._mark = self._clock()

    def month_done(self, stage: str, course: Course, months: int | None) -> None:
        """Write a checkpoint of a month that is over, if one is due.

        Parameters
        ----------
        months : int or None
            How many there will be; None: nobody knows.

        Raises
        ------
        Interrupted
            After a checkpoint, if somebody has pressed Ctrl-C meanwhile.
        DiskFull
            If there is no room.
        """
        began = self._clock()
        self._ran += began - self._mark
        if self._asked or self._due(course):
            about = {"seconds": course.seconds, "wall": self.seconds(), "notes": self.notes}
            self.checkpoints.write(stage, course.month, course.now(), course.added, about)
            course.world.written()
            self._last = self._clock()
            self._cost = self._last - began
            self._paid += self._cost
        self._mark = self._clock()
        if self._asked:
            folder = self.checkpoints.folder.parent
            raise Interrupted(
                f"stopped from the keyboard after month {course.month}"
                f"{f' of {months}' if months else ''}{_STAGES.get(stage, '')}",
                mend=f"go on with 'glasscity resume {folder}'",
            )

    def _due(self, course: Course) -> bool:
        if self.every is not None:
            return course.month % self.every == 0
        if self._clock() - self._last < SHORTEST_SECONDS:
            return False
        if self._cost is None:
            self._cost = course.world.held_bytes / _SLOW_DISK
        return self._paid + self._cost <= MOST_SHARE * self._ran

    @contextmanager
    def stoppable(self, notice: Callable[[], object]) -> Iterator[None]:
        """Let Ctrl-C end the month and keep it; pressed twice, it stops at once as ever.

        Parameters
        ----------
        notice : callable
            Says that the month is being finished.
        """
        usual = signal.getsignal(signal.SIGINT)
        # A shell's background job has Ctrl-C ignored on purpose; only the main thread hears it.
        if threading.current_thread() is not threading.main_thread() or not callable(usual):
            yield
            return

        def ask(number: int, frame: FrameType | None) -> None:
            if self._asked:
                usual(number, frame)
                return
            self._asked = True
            with suppress(RuntimeError):  # in the middle of writing to the same terminal
                notice()

        signal.signal(signal.SIGINT, ask)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, usual)


def _joined(parts: list[np.ndarray], dtype: type) -> np.ndarray:
    return np.concatenate(parts) if parts else np.zeros(0, dtype)


def _text(content: Any) -> np.ndarray:
    return np.frombuffer(json.dumps(content, ensure_ascii=False).encode(), dtype=np.uint8)


def _told(array: np.ndarray) -> Any:
    return json.loads(array.tobytes())
