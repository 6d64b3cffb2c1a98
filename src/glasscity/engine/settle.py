"""How packed people begin: traits filled in part by part, and the state that they start from.

Either everybody starts as `start.first_state` says and is burned in for as long as it takes, or
the state is drawn, person by person, from a smaller society of the same pack that has been burned
in already: each takes over the state of somebody alike in what the state depends on.  What ties
the states of relatives and friends together is not drawn with it, so a short burn-in follows.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np

from glasscity.behaviour import Behaviour
from glasscity.draws import philox_numpy
from glasscity.engine.packed import RESIDENT, Desk, PackedPeople, parts_of
from glasscity.engine.shelf import Shelf
from glasscity.engine.start import first_rows, first_trust, keepers_of
from glasscity.society import Ground, Society
from glasscity.society.population import Traits, new_traits
from glasscity.society.state import State, new_state

__all__ = ["Donors", "pack", "settle"]

# The call of the draw of a donor.
_DONOR = 0x181

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Donors:
    """A burned-in society, its people in the order of what their state depends on.

    ``levels``: for each fineness of likeness, the finest first, the order of the people and where
    each kind begins in it.
    """

    columns: dict[str, np.ndarray]
    drift: np.ndarray
    levels: tuple[tuple[np.ndarray, np.ndarray], ...]

    @classmethod
    def of(cls, society: Society, state: State) -> Donors:
        """Return the donors of a society, whose traits still hold the first opinions."""
        rows = slice(0, society.citizens)
        columns = {name: a for name, a in state.columns().items() if len(a)}
        for name in ("scratch.glimpse", "scratch.filed", "truth.opinion"):
            del columns[name]
        start = society.traits.opinion.astype(np.int16)
        levels = []
        area = np.repeat(
            np.arange(len(society.cells)) % 2, society.cells[:, 1]
        )
        for key, kinds in _kinds(society.traits, rows, area):
            order = np.argsort(key, kind="stable")
            edges = np.searchsorted(key[order], np.arange(kinds + 1))
            levels.append((order, edges))
        return cls(columns, state.truth.opinion.astype(np.int16) - start, tuple(levels))

    def give(
        self, lo: int, hi: int, area: np.ndarray, traits: Traits, state: State, seed: int
    ) -> None:
        """Fill in the state of the citizens ``lo`` to ``hi - 1``, each from a donor alike."""
        ids = np.arange(lo, hi, dtype=np.uint64)
        low, high = ids & np.uint64(0xFFFFFFFF), ids >> np.uint64(32)
        key = seed & 0xFFFFFFFF, seed >> 32
        word = philox_numpy(*key, low, high, 0, _DONOR)[0].astype(np.int64)
        chosen = np.full(hi - lo, -1, dtype=np.int64)
        rows = slice(lo, hi)
        for (kind, _), (order, edges) in zip(
            _kinds(traits, rows, area), self.levels, strict=True
        ):
            first = edges[kind]
            number = edges[kind + 1] - first
            fits = (chosen < 0) & (number > 0)
            chosen[fits] = order[first[fits] + ((word[fits] * number[fits]) >> 32)]
        for name, column in state.columns().items():
            if name in self.columns and len(column):
                column[rows] = self.columns[name][chosen]
        opinion = traits.opinion[rows].astype(np.int16) + self.drift[chosen]
        state.truth.opinion[rows] = np.clip(opinion, -127, 127)
        # A record on its way to a namesake is let go, as after every burn-in.
        state.face.now[rows] &= np.uint32(0x0FFFFFFF)
        state.face.next[rows] = state.face.now[rows]
        state.audit.shadow[rows] = state.audit.inner[rows] >> 6


def _kinds(
    traits: Traits, rows: slice, area: np.ndarray
) -> Iterable[tuple[np.ndarray, int]]:
    """Yield people's kinds and how many there are, from the finest likeness to none."""
    who = traits.who[rows].astype(np.int64)
    quintile = (traits.income[rows].astype(np.int64) * 5) >> 8
    name = (traits.misc[rows].astype(np.int64) >> 4) & 3
    care = (traits.conscience[rows].astype(np.int64) * 3) >> 8
    place = area.astype(np.int64) * 5 + quintile
    yield ((who * 10 + place) * 4 + name) * 3 + care, 256 * 120
    yield (who * 10 + place) * 4 + name, 256 * 40
    yield who, 256
    yield who >> 3, 32
    yield np.zeros(len(who), dtype=np.int64), 1


def settle(
    ground: Ground,
    behaviour: Behaviour,
    *,
    traits: Shelf,
    state: Shelf,
    parts: list[tuple[int, int]],
    points: bool,
    threads: int,
    donors: Donors | None,
    progress: Progress,
) -> PackedPeople:
    """Fill in everybody's traits and first state, part by part, and put them on the shelves.

    Parameters
    ----------
    parts : list of (first block, end)
        `engine.packed.parts_of`.
    donors : Donors or None
        None: everybody starts as `start.first_state` says.
    progress : callable
        Told how many of all steps are done.
    """
    citizens = ground.layout.citizens
    resident = _resident(citizens)
    nobody = new_traits(0)._replace(misc=np.zeros(citizens, dtype=np.uint8))
    people = PackedPeople(
        ground.settled(nobody),
        parts=parts,
        traits=traits,
        state=state,
        resident=resident,
        points=points,
    )
    keepers = [0] * len(parts)

    def names(desk: Desk, part: int) -> None:
        windows = people.traits_at(desk, part, opinion=True)
        ground.fill_people(*people.segments(part), windows)
        if donors is None:
            lo, hi = people.span(part)
            born = keepers_of(lo, hi, windows.conscience, ground.seed, behaviour)
            keepers[part] = int(born.sum())

    def lives(desk: Desk, part: int) -> None:
        windows = people.traits_at(desk, part, opinion=True)
        ground.fill_people(*people.segments(part), windows)
        ground.fill_ties(*people.segments(part), windows)
        people.put_traits(desk, part)
        lo, hi = people.span(part)
        for column in desk.columns.values():
            column[: hi - lo] = 0
        rows = people.state_at(desk, part)
        if donors is None:
            first_rows(lo, hi, windows, rows, ground.seed, behaviour)
            rows.belief.trust[lo:hi] = trust
        else:
            first, end = parts[part]
            blocks = ground.layout.blocks[first:end]
            area = np.repeat(blocks[:, 4], blocks[:, 1] - blocks[:, 0])
            donors.give(lo, hi, area, windows, rows, ground.seed)
        people.put_new(desk, part)

    # Whether a tie exists hangs on both ends, so everybody's manner comes first.
    _over(people, names, threads, lambda done: progress(done, 2 * len(parts)))
    trust = first_trust(sum(keepers), citizens)
    _over(people, lives, threads, lambda done: progress(len(parts) + done, 2 * len(parts)))
    people.traits_shelf.turn()
    people.shelf.turn()
    return people


def pack(
    society: Society, start: State, *, traits: Shelf, state: Shelf, threads: int, most: int
) -> PackedPeople:
    """Return people packed from arrays, which stay as they are."""
    parts = parts_of(society.blocks, most=most)
    columns = start.columns()
    people = PackedPeople(
        society,
        parts=parts,
        traits=traits,
        state=state,
        resident={name: columns[name].copy() for name in RESIDENT},
        points=len(start.record.earned) > 0,
    )

    def one(desk: Desk, part: int) -> None:
        lo, hi = people.span(part)
        for name, array in desk.traits.items():
            array[: hi - lo] = getattr(society.traits, name)[lo:hi]
        for name, array in desk.columns.items():
            if len(array):
                array[: hi - lo] = columns[name][lo:hi]
        people.put_traits(desk, part)
        people.put_new(desk, part)

    _over(people, one, threads, lambda done: None)
    people.traits_shelf.turn()
    people.shelf.turn()
    return people


def _resident(citizens: int) -> dict[str, np.ndarray]:
    kinds = new_state(1).columns()
    return {name: np.zeros(citizens, dtype=kinds[name].dtype) for name in RESIDENT}


def _over(
    people: PackedPeople,
    work: Callable[[Desk, int], Any],
    threads: int,
    done: Callable[[int], None],
) -> None:
    """Do something for every part, on threads with a desk each."""

    def one(part: int) -> None:
        work(people.desk(threading.get_ident()), part)

    with ThreadPoolExecutor(threads) as pool:
        for number, _ in enumerate(pool.map(one, range(len(people.parts)))):
            done(number + 1)
    people.clear_desks()
