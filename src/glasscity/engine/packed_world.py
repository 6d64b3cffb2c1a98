"""A world whose people are packed (`engine.packed`): the same months, part by part."""

from __future__ import annotations

from typing import Any, cast

import numpy as np

from glasscity.engine.breakdown import PARTS, STATISTICS, score_parts
from glasscity.engine.held import carried, restore
from glasscity.engine.packed import PackedPeople
from glasscity.engine.running import (
    Counts,
    Rules,
    Values,
    described,
    merged,
    spreads,
    world_fields,
)
from glasscity.engine.shelf import DiskShelf
from glasscity.engine.step import state_hash
from glasscity.engine.stored import Parts, Stored
from glasscity.engine.world import Month, Worker, Workers, World
from glasscity.month import tables as at
from glasscity.society.cells import SEGMENT
from glasscity.society.population import new_traits
from glasscity.society.state import from_columns, new_state
from glasscity.terms import EVENTS

__all__ = ["PackedHere", "PackedWorld"]

_POINTS = tuple(f"points_{name}" for name in PARTS)


class PackedWorld(World):
    """A world of packed people; parameters as `World`, with ``people`` for society and state.

    Parameters
    ----------
    people : PackedPeople
        Is changed in place.
    registered : int
        1: every row of the log is kept; n: those of one citizen in n.
    """

    def __init__(self, people: PackedPeople, *, registered: int = 1, **world: Any) -> None:
        nobody = new_state(0, points=people.points).columns()
        super().__init__(people.society, state=from_columns({**nobody, **people.resident}), **world)
        self.packed = people
        self.registered = registered
        self._parts = people.parts
        self._number = {part: number for number, part in enumerate(people.parts)}
        self._sums: list[int] = []

    def first(self, month: int, *, key: int) -> np.ndarray:
        """Run the first pass (see `World.first`)."""
        scores = super().first(month, key=key)
        self.packed.shelf.turn()
        return scores

    def second(self, histogram: np.ndarray) -> None:
        """Run the second pass (see `World.second`)."""
        self._sums = [0] * len(self._parts)
        super().second(histogram)
        self.packed.shelf.turn()

    def number(self, part: tuple[int, int]) -> int:
        """Return the number of a part."""
        return self._number[part]

    def turn(self) -> None:
        """Make this month's faces and deeds last month's; shadow voices are already."""
        face = self.state.face

        def one(_: Worker, part: tuple[int, int]) -> None:
            lo, hi = self.packed.span(self._number[part])
            face.now[lo:hi] = face.next[lo:hi]
            face.deed[lo:hi] = face.deed_next[lo:hi]

        self.workers.run(self._parts, one)

    def _first(self, worker: Worker, part: tuple[int, int], now: np.ndarray, **_: Any):
        with self.packed.lent(id(worker), self._number[part], second=False) as lent:
            log = super()._first(worker, part, now, lent=lent)
        return self._registered(log)

    def _second(
        self,
        worker: Worker,
        part: tuple[int, int],
        now: np.ndarray,
        with_rank: np.ndarray,
        without_rank: np.ndarray,
        **_: Any,
    ):
        number = self._number[part]
        lo, hi = self.packed.span(number)
        with self.packed.lent(id(worker), number, second=True) as lent:
            log = super()._second(worker, part, now, with_rank, without_rank, lent=lent)
            state = lent[1]
            # Nobody reads shadow voices before next month.
            np.right_shift(state.audit.inner[lo:hi], 6, out=state.audit.shadow[lo:hi])
            turned = state._replace(
                face=state.face._replace(now=state.face.next, deed=state.face.deed_next)
            )
            self._sums[number] = int(state_hash(lo, hi, int(now[at.NOW_KEY]), turned))
        return self._registered(log)

    def _registered(self, log: np.ndarray) -> np.ndarray:
        return log if self.registered == 1 else log[log[:, 1] % self.registered == 0]

    def _hashes(self) -> list[int]:
        return self._sums


class PackedHere:
    """A world of packed people in this process (see `engine.running.Runs`).

    Parameters
    ----------
    rules : Rules
        Nobody can be watched.
    people : PackedPeople
        With accounts of points if the regime has a points scheme; changed in place.
    workers : Workers
    registered : int
        1: the registers hold everybody's spells and listings; n: those of one citizen in n.
    """

    watch = None

    def __init__(
        self, rules: Rules, people: PackedPeople, workers: Workers, *, registered: int = 1
    ) -> None:
        self.people_packed = people
        self.world = PackedWorld(
            people,
            registered=registered,
            workers=workers,
            attributes=rules.attributes,
            **world_fields(rules.scenario, rules.regime, strengths=rules.strengths),
        )
        self.panel, self._kept = rules.panel, rules.kept
        people.keep(rules.kept, self.world.tables[at.GRAVITY : at.GRAVITY + len(EVENTS)])
        self._values: dict[str, np.ndarray] = {}
        self._protected: list[int] = []

    def step(self, month: int, *, key: int, last: bool) -> Month:
        """Run a month; in the last, scores are taken apart while both months' faces are there."""
        world = self.world
        self.people_packed.first_month = month == 0
        world.second(world.first(month, key=key))
        if last and world.histogram.any():
            self._values = self._apart()
        world.turn()
        return world.closed()

    def harvest(self) -> Counts:
        """Return the month's counts, and clear them."""
        return self.world.harvest()

    def scores(self) -> np.ndarray:
        """Return the scores of the panel, uint16; 0 none."""
        points = (self.world.state.face.now[self.panel] & np.uint32(2047)).astype(np.uint16)
        return np.where(points > 1, points, 0).astype(np.uint16)

    def marks(self) -> np.ndarray:
        """Return what is noted of each of the kept, uint16 (engine.marks)."""
        return self.people_packed.kept_marks

    def people(self) -> dict[str, np.ndarray]:
        """Return how the kept are at the end of the run, one array a column."""
        packed, ids = self.people_packed, self._kept
        state = new_state(len(ids), points=packed.points)
        columns = state.columns()
        traits = new_traits(len(ids))
        for part in range(len(packed.parts)):
            lo, hi = packed.span(part)
            a, b = np.searchsorted(ids, (lo, hi))
            if a == b:
                continue
            mine, rows = ids[a:b], slice(a, b)
            with packed.looked_at(0, part) as (own, there):
                for name, column in there.columns().items():
                    if len(column):
                        columns[name][rows] = column[mine]
                for name in ("who", "income", "profile"):
                    getattr(traits, name)[rows] = getattr(own, name)[mine]
        return described(ids, packed.society.cells, traits, state, self.world.histogram)

    def parts(self) -> tuple[dict[str, np.ndarray], list[dict[str, Any]]]:
        """Return the last scores of the kept taken apart, and what ties' scores could move."""
        if not self._values:
            return {}, []
        columns = {name: self._values[name] / 256 for name in _POINTS}
        found: Values = [
            (self._values[f"values_{k}"], self._values[f"counts_{k}"])
            for k in range(len(STATISTICS))
        ]
        return columns, spreads([found], int(self.tables()[at.STATISTIC]))

    def _apart(self) -> dict[str, np.ndarray]:
        world, packed = self.world, self.people_packed
        face, society = world.state.face, packed.society
        kept = np.zeros((len(self._kept), len(PARTS)), dtype=np.int32)

        def one(worker: Worker, span: tuple[int, int]) -> list[tuple[np.ndarray, np.ndarray]]:
            part = world.number(span)
            lo, hi = packed.span(part)
            parts = np.zeros((hi - lo, len(PARTS)), dtype=np.int32)
            statistics = np.zeros((hi - lo, len(STATISTICS)), dtype=np.int32)
            a, b = np.searchsorted(self._kept, (lo, hi))
            blocks = society.blocks[slice(*span)]
            if world.registered > 1:
                blocks = _around(self._kept[a:b], blocks)
            with packed.looked_at(id(worker), part) as (traits, state):
                score_parts(
                    blocks,
                    traits,
                    society.wiring,
                    state,
                    face.next,
                    face.now,
                    world.tables,
                    world.now,
                    lo,
                    parts,
                    statistics,
                )
            kept[a:b] = parts[self._kept[a:b] - lo]
            there = np.zeros(hi - lo, dtype=bool)
            for first, end in blocks[:, :2].tolist():
                there[first - lo : end - lo] = True
            scored = statistics[there & ((face.next[lo:hi] & np.uint32(2047)) > 1)]
            return [np.unique(column, return_counts=True) for column in scored.T]

        found = world.workers.run(packed.parts, one)
        values = {name: kept[:, k] for k, name in enumerate(_POINTS)}
        for k in range(len(STATISTICS)):
            values[f"values_{k}"], values[f"counts_{k}"] = merged([each[k] for each in found])
        return values

    def tables(self) -> np.ndarray:
        """Return the tables in force in the last month (month.tables)."""
        return self.world.tables

    def lives(self) -> list[dict]:
        """Nobody is watched."""
        return []

    @property
    def held_bytes(self) -> int:
        """What the checkpoint itself writes; the records are on the shelf already."""
        return 5 * self.people_packed.citizens

    def held(self) -> dict[str, np.ndarray]:
        """Return by name what a checkpoint must hold of the world.

        On a disk shelf the records stay where they are: the generation is kept until a later
        checkpoint is whole.
        """
        packed = self.people_packed
        arrays = {name: packed.resident[name] for name in ("face.now", "face.deed", "audit.shadow")}
        arrays |= {f"parts.{name}": array for name, array in self._values.items()}
        if isinstance(packed.shelf, DiskShelf):
            generation = packed.shelf.protect()
            self._protected.append(generation)
            arrays["shelf.generation"] = np.array([generation], dtype=np.int64)
        else:
            records = packed.shelf.records()
            arrays["shelf.sizes"] = np.array([len(record) for record in records], dtype=np.int64)
            total = int(arrays["shelf.sizes"].sum())
            arrays["shelf.records"] = Parts(np.uint8, (total,), records)  # type: ignore[assignment]
        return arrays | carried(self.world)

    def go_on(self, own: Stored) -> None:
        """Become what `held` gave; the shelf stands at its generation already."""
        packed = self.people_packed
        for name in ("face.now", "face.deed", "audit.shadow"):
            own.read(name, packed.resident[name])
        packed.resident["face.next"][:] = packed.resident["face.now"]
        packed.resident["face.deed_next"][:] = packed.resident["face.deed"]
        self._values = {
            name.removeprefix("parts."): own.read(name)
            for name in own.names
            if name.startswith("parts.")
        }
        if isinstance(packed.shelf, DiskShelf):
            self._protected = [packed.shelf.generation]
        else:
            ends = np.cumsum(own.read("shelf.sizes"))[:-1]
            for part, record in enumerate(np.split(own.read("shelf.records"), ends)):
                packed.shelf.put(part, record)
        restore(self.world, own)

    def written(self) -> None:
        """Let go what only the checkpoint before this one needed."""
        for generation in self._protected[:-1]:
            cast(DiskShelf, self.people_packed.shelf).release(generation)
        del self._protected[:-1]


def _around(people: np.ndarray, blocks: np.ndarray) -> np.ndarray:
    """Return the segments that some citizens of some blocks live in, each as a block of its own.

    Taking everybody's score apart takes longer than a month; of a nation, the neighbours of those
    who are described stand for all.
    """
    block = blocks[np.searchsorted(blocks[:, 1], people, side="right")]
    within = (people - block[:, 0]) // SEGMENT
    rows = block.copy()
    rows[:, 0] += within * SEGMENT
    rows[:, 1] = np.minimum(rows[:, 0] + SEGMENT, block[:, 1])
    rows[:, 5] += within
    return np.unique(rows, axis=0)
