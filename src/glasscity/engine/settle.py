"""How packed people begin: traits filled in part by part, and the state that they start from.

Either everybody starts as `start.first_state` says and is burned in for as long as it takes, or
the state is drawn, household by household, from a smaller society of the same pack that has been
burned in already.  What ties the states of friends together is not drawn with it, so a short
burn-in follows.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np

from glasscity.behaviour import Behaviour
from glasscity.draws import philox_numpy
from glasscity.engine.packed import RESIDENT, Desk, PackedPeople, parts_of
from glasscity.engine.shelf import Shelf
from glasscity.engine.start import born_keepers, first_lives, first_trust
from glasscity.jit import kernel
from glasscity.society import Ground, Society
from glasscity.society.population import IN_LABOUR_FORCE, Traits, new_traits
from glasscity.society.state import State, new_state

__all__ = ["Donors", "pack", "settle"]

# The call of the draw of a donor.
_DONOR = 0x181

Progress = Callable[[int, int], None]


_ODD = np.uint64(0x9E3779B97F4A7C15)
_NOBODY = np.uint64(0)


@kernel
def _slot(kind, keys):
    """Return where a kind stands in a table of hashed kinds, or the free place where it would."""
    mask = np.int64(len(keys) - 1)
    place = np.int64(kind >> np.uint64(20)) & mask
    while keys[place] != kind and keys[place] != _NOBODY:
        place = (place + 1) & mask
    return place


@kernel
def _enter(kinds, first, number, keys, firsts, numbers):
    for k in range(len(kinds)):
        place = _slot(kinds[k], keys)
        keys[place] = kinds[k]
        firsts[place] = first[k]
        numbers[place] = number[k]


@kernel
def _pick(kinds, draw, keys, firsts, numbers, who, chosen):
    """Choose for everybody not chosen for yet (-1) somebody of their kind, if there is one."""
    for k in range(len(kinds)):
        if chosen[k] < 0:
            place = _slot(kinds[k], keys)
            if keys[place] == kinds[k]:
                chosen[k] = who[firsts[place] + ((draw[k] * numbers[place]) >> 32)]


@dataclass(frozen=True)
class _Likeness:
    """People or households of the donors by kind: a table of kinds, and who they are."""

    keys: np.ndarray  # uint64[2**k], 0 where nobody is
    firsts: np.ndarray  # int64, where a kind begins in ``who``
    numbers: np.ndarray  # int64
    who: np.ndarray  # int64

    @classmethod
    def of(cls, kinds: np.ndarray, who: np.ndarray) -> _Likeness:
        order = np.argsort(kinds, kind="stable")
        found, first, number = np.unique(kinds[order], return_index=True, return_counts=True)
        room = 1 << (2 * len(found)).bit_length()
        table = cls(
            np.full(room, _NOBODY), np.zeros(room, np.int64), np.zeros(room, np.int64), who[order]
        )
        _enter(found, first, number, table.keys, table.firsts, table.numbers)
        return table

    def pick(self, kinds: np.ndarray, draw: np.ndarray, chosen: np.ndarray) -> None:
        """Fill in somebody of each kind where ``chosen`` is -1, by draws in [0, 2**32)."""
        _pick(kinds, draw, self.keys, self.firsts, self.numbers, self.who, chosen)


@dataclass(frozen=True)
class Donors:
    """A burned-in society from which states are drawn, household by household.

    Relatives share their savings, so debts gather in households where nobody has any: whoever drew
    person by person would give each debtor a family that can pay.  A household takes over the
    states of one alike: in area, income, the number of its adults and, member by member, in age,
    occupation, credit and file; where there is none, of one alike in less; where there is none of
    these either, each member takes that of a person alike.

    ``drift`` is how far each donor's opinion has come since the society was made up.
    """

    rows: np.ndarray  # a record a person: the columns of the state
    drift: np.ndarray
    households: tuple[_Likeness, ...]
    people: tuple[_Likeness, ...]

    @classmethod
    def of(cls, society: Society, state: State) -> Donors:
        """Return the donors of a society, whose traits still hold the first opinions."""
        columns = {name: a for name, a in state.columns().items() if len(a)}
        for name in ("scratch.glimpse", "scratch.filed", "truth.opinion"):
            del columns[name]
        area = np.repeat(np.arange(len(society.cells)) % 2, society.cells[:, 1])
        everybody = slice(0, society.citizens)
        heads, _ = _heads(society.traits, everybody)
        kinds = [(name, a.dtype, a.shape[1:]) for name, a in columns.items()]
        rows = np.empty(society.citizens, dtype=np.dtype(kinds))
        for name, column in columns.items():
            rows[name] = column
        return cls(
            rows,
            state.truth.opinion.astype(np.int16) - society.traits.opinion,
            tuple(
                _Likeness.of(kinds, heads)
                for kinds in _household_kinds(society.traits, everybody, area)
            ),
            tuple(
                _Likeness.of(kinds, np.arange(society.citizens))
                for kinds in _person_kinds(society.traits, everybody, area)
            ),
        )

    def give(
        self, lo: int, hi: int, area: np.ndarray, traits: Traits, state: State, seed: int
    ) -> None:
        """Fill in the state of the citizens ``lo`` to ``hi - 1``, who are whole households.

        Parameters
        ----------
        area : int64[hi - lo]
            0 urban, 1 rural.
        """
        rows = slice(lo, hi)
        ids = np.arange(lo, hi, dtype=np.uint64)
        low, high = ids & np.uint64(0xFFFFFFFF), ids >> np.uint64(32)
        words = philox_numpy(seed & 0xFFFFFFFF, seed >> 32, low, high, 0, _DONOR)
        heads, household = _heads(traits, rows)
        drawn = words[0].astype(np.int64)[heads]
        donor = np.full(len(heads), -1, dtype=np.int64)
        for likeness, kinds in zip(
            self.households, _household_kinds(traits, rows, area), strict=True
        ):
            likeness.pick(kinds, drawn, donor)
            if donor.min(initial=0) >= 0:
                break
        chosen = donor[household]
        member = np.arange(hi - lo) - heads[household]
        chosen = np.where(chosen >= 0, chosen + member, -1)
        own = words[1].astype(np.int64)
        if (chosen < 0).any():
            for likeness, kinds in zip(self.people, _person_kinds(traits, rows, area), strict=True):
                likeness.pick(kinds, own, chosen)
        taken = self.rows[chosen]
        for name, column in state.columns().items():
            if name in (self.rows.dtype.names or ()) and len(column):
                column[rows] = taken[name]
        opinion = traits.opinion[rows].astype(np.int16) + self.drift[chosen]
        state.truth.opinion[rows] = np.clip(opinion, -127, 127)
        # A record on its way to a namesake is let go, as after every burn-in.
        state.face.now[rows] &= np.uint32(0x0FFFFFFF)
        state.face.next[rows] = state.face.now[rows]
        state.audit.shadow[rows] = state.audit.inner[rows] >> 6


def _joined(kind: np.ndarray, more: np.ndarray) -> np.ndarray:
    """Return kinds, hashed to 64 bits, told apart further by another number."""
    mixed = (kind ^ more.astype(np.uint64)) * _ODD
    return mixed ^ (mixed >> np.uint64(31))


def _heads(traits: Traits, rows: slice) -> tuple[np.ndarray, np.ndarray]:
    """Return where households begin, from the first row on, and everybody's household."""
    first = (traits.home[rows] & 7) == 0
    return np.flatnonzero(first), np.cumsum(first) - 1


def _household_kinds(traits: Traits, rows: slice, area: np.ndarray) -> Iterator[np.ndarray]:
    """Yield households' kinds, uint64, from the finest likeness on."""
    heads, _ = _heads(traits, rows)
    who = traits.who[rows].astype(np.int64)
    adults = (traits.home[rows][heads] >> 3 & 7).astype(np.int64)
    quintile = (traits.income[rows][heads].astype(np.int64) * 5) >> 8
    works = ((who >> 3 & 7) < IN_LABOUR_FORCE).astype(np.int64)
    credit = who >> 7
    care = (traits.conscience[rows].astype(np.int64) * 3) >> 8
    file = who >> 6 & 1
    old = ((who & 7) > 2).astype(np.int64)
    place = area[heads] * 5 + quintile
    for kind, member in (
        (place, who * 3 + care),
        (place, who),
        (place, ((works * 2 + credit) * 2 + file) * 2 + old),
        (quintile, works * 2 + credit),
    ):
        joined = _joined(np.zeros(len(heads), dtype=np.uint64), kind * 8 + adults)
        for k in range(int(adults.max(initial=0))):
            there = np.minimum(heads + k, len(who) - 1)
            joined = np.where(adults > k, _joined(joined, member[there] + 1), joined)
        yield joined


def _person_kinds(traits: Traits, rows: slice, area: np.ndarray) -> Iterator[np.ndarray]:
    """Yield people's kinds, uint64, from the finest likeness to none."""
    who = traits.who[rows].astype(np.int64)
    quintile = (traits.income[rows].astype(np.int64) * 5) >> 8
    nothing = np.zeros(len(who), dtype=np.uint64)
    for kind in ((area * 5 + quintile) * 256 + who, who, who >> 3, nothing):
        yield _joined(nothing, kind + 1)


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
    people_only: bool = False,
) -> PackedPeople:
    """Fill in everybody's traits and first state, part by part, and put them on the shelves.

    Parameters
    ----------
    parts : list of (first block, end)
        `engine.packed.parts_of`.
    donors : Donors or None
        None: everybody starts as `start.first_state` says.
    people_only : bool
        Leave the state as it lies on its shelf.
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
        if donors is None and not people_only:
            born = born_keepers(ground.settled(windows), behaviour, slice(*people.span(part)))
            keepers[part] = int(born.sum())

    def lives(desk: Desk, part: int) -> None:
        windows = people.traits_at(desk, part, opinion=True)
        ground.fill_people(*people.segments(part), windows)
        ground.fill_ties(*people.segments(part), windows)
        people.put_traits(desk, part)
        if people_only:
            return
        lo, hi = people.span(part)
        for column in desk.columns.values():
            column[: hi - lo] = 0
        rows = people.state_at(desk, part)
        if donors is None:
            first_lives(rows, ground.settled(windows), behaviour, slice(lo, hi))
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
    if not people_only:
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
