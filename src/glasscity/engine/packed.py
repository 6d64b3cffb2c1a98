"""A society whose citizens lie packed on a shelf and are unpacked part by part.

What others can see stays in memory for everybody: faces, deeds, the shadow of voices, names.  All
else that is a citizen's own, traits included, lies in records (`engine.codec`) of up to 65,536
citizens.  A pass takes a record down, unpacks it into arrays that fit the cache, runs the same
kernels as always, and puts it back.  Packing loses nothing, so no result depends on it.

The kernels index every array by the citizen's number.  A *window* makes the arrays of one part
answer to those numbers: it begins so many rows before the part's first that row ``i`` is citizen
``i``; rows outside the part are not there, and the kernels never ask for them.

Which columns a pass unpacks and packs again follows from what its stages declare to read and write.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from glasscity.engine.codec import MOST, pack_column, room_for, section_bytes, unpack_column
from glasscity.engine.marks import marks_of
from glasscity.engine.shelf import Shelf, page_buffer
from glasscity.month import FIRST_OF_SECOND_PASS, STAGES
from glasscity.society import Society
from glasscity.society.population import Traits, new_traits
from glasscity.society.state import COLUMNS, State, from_columns, new_state

__all__ = ["RESIDENT", "Desk", "PackedPeople", "parts_of"]

# Columns that other citizens read; shadow voices are read only before they are written.
RESIDENT = ("face.now", "face.next", "face.deed", "face.deed_next", "audit.shadow")
# Four bytes that mostly are all zero, packed as one number.
_WHOLE = ("record.standing",)
_SCRATCH = ("scratch.glimpse", "scratch.filed")
_TRAITS = ("who", "income", "conscience", "profile", "home", "slots")
# From this share of exceptions on a column is kept plain: its bytes cost less than its unpacking.
_PLAIN_FROM = 0.75
_HEAD = 16  # the shelf's own


def parts_of(blocks: np.ndarray, *, most: int = MOST) -> list[tuple[int, int]]:
    """Return runs of blocks, (first, end), of at most so many citizens each."""
    edges = [0]
    for number, end in enumerate(blocks[:, 1].tolist()):
        if end - int(blocks[edges[-1], 0]) > most and number > edges[-1]:
            edges.append(number)
    edges.append(len(blocks))
    return [(a, b) for a, b in pairwise(edges) if b > a]


def _window(array: np.ndarray, first: int) -> np.ndarray:
    """Return an array whose row ``first`` is the first of ``array``; earlier rows do not exist."""
    shape = (first + len(array), *array.shape[1:])
    where = array.__array_interface__["data"][0] - first * array.strides[0]
    return np.asarray(_At({"shape": shape, "typestr": array.dtype.str, "data": (where, False)}))


class _At:
    """Something that NumPy takes for an array at an address."""

    def __init__(self, interface: dict) -> None:
        self.__array_interface__ = {**interface, "version": 3}


def _touched(second: bool) -> tuple[frozenset[str], frozenset[str]]:
    """Return what the stages of a pass read or write, and what they write."""
    cut = STAGES.index(FIRST_OF_SECOND_PASS)
    touched: set[str] = set()
    written: set[str] = set()
    for name in STAGES[cut:] if second else STAGES[:cut]:
        stage = importlib.import_module(f"glasscity.month.{name}")
        written |= set(stage.WRITES)
        touched |= set(stage.READS) | set(getattr(stage, "READS_FOR_AUDIT", ()))
    return frozenset(touched | written), frozenset(written)


@dataclass(frozen=True)
class _Section:
    """One column, or one lane of a column of several, in a record."""

    name: str
    lane: int | None


class Desk:
    """What a thread works at: arrays for one part, and pages for its records."""

    def __init__(self, *, points: bool) -> None:
        state = new_state(MOST, points=points)
        self.columns = {k: a for k, a in state.columns().items() if k not in RESIDENT}
        traits = new_traits(MOST)
        self.traits = {name: getattr(traits, name) for name in _TRAITS}
        self.opinion = traits.opinion
        # Sections of lanes first, then a page to spare.
        room = sum(
            room_for(MOST, a.itemsize) * (1 if a.ndim == 1 else a.shape[1])
            for a in (*self.columns.values(), *self.traits.values())
            if len(a)
        )
        self.room = page_buffer(room + _HEAD)
        self.traits_room = page_buffer(room + _HEAD)
        self.out = page_buffer(room + _HEAD)


class PackedPeople:
    """The people of a society, packed.

    Parameters
    ----------
    society : Society
        Its ``traits`` hold ``misc`` alone.
    traits, state : Shelf
        Records of the parts.
    resident : mapping of arrays
        The columns `RESIDENT`, one row a citizen.
    points : bool
        Whether there are accounts of a points scheme.
    """

    def __init__(
        self,
        society: Society,
        *,
        parts: list[tuple[int, int]],
        traits: Shelf,
        state: Shelf,
        resident: dict[str, np.ndarray],
        points: bool = False,
    ) -> None:
        self.society = society
        self.parts = parts
        self.traits_shelf = traits
        self.shelf = state
        self.resident = resident
        self.points = points
        self._desks: dict[int, Desk] = {}
        self._nobody = new_state(0, points=points).columns()
        kinds = [c for c in COLUMNS if points or not c.pointed]
        self._sections = [
            _Section(name, None if c.width == 1 or name in _WHOLE else lane)
            for c in kinds
            if (name := f"{c.group}.{c.name}") not in RESIDENT
            for lane in range(1 if name in _WHOLE else c.width)
        ]
        self._passes = (_touched(False), _touched(True))
        self.kept = np.zeros(0, dtype=np.int64)
        self.kept_marks = np.zeros(0, dtype=np.uint16)
        self.first_month = False
        self._gravity = np.zeros(0, dtype=np.int64)

    @property
    def citizens(self) -> int:
        """Number of citizens."""
        return self.society.citizens

    @property
    def nbytes(self) -> int:
        """Bytes of memory that grow with the citizens."""
        resident = sum(a.nbytes for a in self.resident.values())
        return resident + self.traits_shelf.nbytes + self.shelf.nbytes

    def span(self, part: int) -> tuple[int, int]:
        """Return the first citizen of a part and the one behind its last."""
        first, end = self.parts[part]
        blocks = self.society.blocks
        return int(blocks[first, 0]), int(blocks[end - 1, 1])

    def segments(self, part: int) -> tuple[int, int]:
        """Return the first segment of a part and the one behind its last."""
        _, end = self.parts[part]
        blocks = self.society.blocks
        all_segments = len(self.society.wiring.segment_first)
        last = int(blocks[end, 5]) if end < len(blocks) else all_segments
        return int(blocks[self.parts[part][0], 5]), last

    def desk(self, key: int) -> Desk:
        """Return the desk of a worker."""
        if key not in self._desks:
            self._desks[key] = Desk(points=self.points)
        return self._desks[key]

    def clear_desks(self) -> None:
        """Let the desks go."""
        self._desks.clear()

    def traits_at(self, desk: Desk, part: int, *, opinion: bool = False) -> Traits:
        """Return windows on a desk's traits, whatever they hold; ``misc`` is everybody's."""
        lo, hi = self.span(part)
        windows = {name: _window(a[: hi - lo], lo) for name, a in desk.traits.items()}
        views = desk.opinion[: hi - lo] if opinion else desk.opinion[:0]
        windows["opinion"] = _window(views, lo) if opinion else views
        return Traits(**windows, misc=self.society.traits.misc)

    def state_at(self, desk: Desk, part: int) -> State:
        """Return windows on a desk's columns, whatever they hold, and the resident ones."""
        lo, hi = self.span(part)
        columns = dict(self._nobody)
        for name, array in desk.columns.items():
            if len(array):
                columns[name] = _window(array[: hi - lo], lo)
        return from_columns({**columns, **self.resident})

    def take_traits(self, desk: Desk, part: int) -> Traits:
        """Unpack a part's traits and return windows on them."""
        lo, hi = self.span(part)
        record = self.traits_shelf.take(part, desk.traits_room)
        at = _HEAD
        for array in desk.traits.values():
            at = unpack_column(record, at, array[: hi - lo])
        return self.traits_at(desk, part)

    def put_traits(self, desk: Desk, part: int) -> None:
        """Pack what a desk's traits hold."""
        lo, hi = self.span(part)
        at = _HEAD
        for array in desk.traits.values():
            at = pack_column(array[: hi - lo], _PLAIN_FROM, desk.out, at)
        self.traits_shelf.put(part, desk.out[:at])

    def put_new(self, desk: Desk, part: int) -> None:
        """Pack what a desk's columns hold, as after a month."""
        lo, hi = self.span(part)
        at = _HEAD
        for section in self._sections:
            at = pack_column(_lane(desk, section)[: hi - lo], _PLAIN_FROM, desk.out, at)
        self.shelf.put(part, desk.out[:at])

    @contextmanager
    def lent(self, worker: int, part: int, *, second: bool) -> Iterator[tuple[Traits, State]]:
        """Unpack a part for a pass, and pack it again when the pass is through with it.

        Parameters
        ----------
        worker : int
            Whose desk.
        second : bool
            Which pass: between the passes two scratch columns are kept as well.
        """
        desk = self.desk(worker)
        lo, hi = self.span(part)
        n = hi - lo
        touched, written = self._passes[second]
        traits = self.take_traits(desk, part)
        record = self.shelf.take(part, desk.room)
        places = []
        at = _HEAD
        for section in self._sections:
            places.append(at)
            # After the second pass the whole state is hashed.
            if second or section.name in touched:
                at = unpack_column(record, at, _lane(desk, section)[:n])
            else:
                at += section_bytes(record, at)
        if second:
            for name in _SCRATCH:
                at = unpack_column(record, at, desk.columns[name][:n])
        yield traits, self.state_at(desk, part)
        if second:
            self._note_kept(desk, lo, hi)
        out = desk.out
        end = _HEAD
        for section, place in zip(self._sections, places, strict=True):
            if section.name in written:
                end = pack_column(_lane(desk, section)[:n], _PLAIN_FROM, out, end)
            else:
                size = section_bytes(record, place)
                out[end : end + size] = record[place : place + size]
                end += size
        if not second:
            for name in _SCRATCH:
                end = pack_column(desk.columns[name][:n], _PLAIN_FROM, out, end)
        self.shelf.put(part, out[:end])

    @contextmanager
    def looked_at(self, worker: int, part: int) -> Iterator[tuple[Traits, State]]:
        """Unpack a part between months, to be read alone."""
        desk = self.desk(worker)
        lo, hi = self.span(part)
        traits = self.take_traits(desk, part)
        record = self.shelf.take(part, desk.room)
        at = _HEAD
        for section in self._sections:
            at = unpack_column(record, at, _lane(desk, section)[: hi - lo])
        yield traits, self.state_at(desk, part)

    def keep(self, people: np.ndarray, gravity: np.ndarray) -> None:
        """Note from now on, at the end of each month, the marks of some citizens (ascending).

        ``gravity``, int64[11], is that of each event (engine.marks).
        """
        self.kept = people
        self.kept_marks = np.zeros(len(people), dtype=np.uint16)
        self._gravity = gravity.copy()

    def _note_kept(self, desk: Desk, lo: int, hi: int) -> None:
        a, b = np.searchsorted(self.kept, (lo, hi))
        rows = self.kept[a:b] - lo
        faces = self.resident["face.next"][self.kept[a:b]]
        self.kept_marks[a:b] = marks_of(
            desk.columns, rows, faces, self._gravity, on_file=self.first_month
        )


def _lane(desk: Desk, section: _Section) -> np.ndarray:
    array = desk.columns[section.name]
    if section.name in _WHOLE:
        return array.view(np.uint32)[:, 0]
    return array if section.lane is None else array[:, section.lane]
