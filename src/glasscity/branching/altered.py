"""A world in which single citizens live under tables of their own.

The kernels step everybody with one vector of tables.  A citizen who is to live otherwise is stepped
apart, as a watched one is (engine.life): ahead of a pass, the pass is run over the citizen's
segment up to the citizen and with the citizen, under the world's tables and under the citizen's
own, and the state is put back each time.  What the two pairs of runs differ in is the citizen's
own share in counts and histograms; after the world's pass it takes the place of what the world
gave, with the citizen's columns and rows of the log.  No stage writes to another citizen, so
nobody else has changed; others hear of it next month, as of everything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from math import prod
from typing import Any, NamedTuple

import numpy as np

from glasscity.branching.kinds import Own, edited, own_rules, resolved
from glasscity.branching.voices import with_voice
from glasscity.engine.world import Month, Worker, World
from glasscity.interventions import Intervention
from glasscity.month import tables as at
from glasscity.month.ledger import first_row
from glasscity.month.shared import cell_of
from glasscity.society.cells import SEGMENT

__all__ = ["AlteredWorld", "put_fields"]

_COUNTED = ("counts", "histogram", "moments", "shapley", "deciles", "couples")
_CORRECTION = first_row("exits_correction")
_PLACES: dict[str, slice] = {}
for _name, _shape in at.FIELDS:
    _start = getattr(at, _name.upper())
    _PLACES[_name] = slice(_start, _start + prod(_shape))


class _Part(NamedTuple):
    """What a citizen gave to a pass: counts by accumulator, columns, rows of the log."""

    counted: dict[str, np.ndarray]
    columns: dict[str, np.ndarray]
    log: np.ndarray


class AlteredWorld(World):
    """A world with interventions; made from a world that has not been stepped yet.

    Attributes
    ----------
    applied : list of Intervention
        Those that have begun, with the citizen on whom each fell.
    """

    _given: list[_Altered]
    _spare: Worker
    applied: list[Intervention]

    @classmethod
    def of(cls, world: World, interventions: Sequence[Intervention]) -> AlteredWorld:
        """Return the same world with interventions."""
        one = cls.__new__(cls)
        one.__dict__.update(world.__dict__)
        one.watch = _Watching(world.watch)
        one._spare = world.workers.apart()
        one._given = [_Altered(intervention) for intervention in interventions]
        one.applied = []
        return one

    def moved_to(self, world: World) -> AlteredWorld:
        """Return the world in which this one goes on, with the same interventions."""
        one = AlteredWorld.of(world, ())
        one._given, one.applied = self._given, self.applied
        return one

    def first(self, month: int, *, key: int) -> np.ndarray:
        """Run the first pass; the histogram has the citizens' own scores."""
        left = []
        for one in self._given:
            if one.intervention.month == month:
                one.intervention = resolved(one.intervention, self)
                self.applied.append(one.intervention)
                spheres = edited(one.intervention, self.state)
                left += [(one.intervention.citizen, s) for s in spheres]
            one.begin(self, own_rules(one.intervention, month))
        super().first(month, key=key)
        for one in self._given:
            self._logs[0] = one.put(self, self._logs[0])
        self._scores = np.sum([worker.histogram for worker in self.workers.all], axis=0)
        for person, sphere in left:
            self._leave(person, sphere)
        return self._scores

    def _leave(self, person: int, sphere: int) -> None:
        """Count that a citizen left a list because an error was put right."""
        block = _block_of(self, person)
        cell = _cell(self, person)
        self.workers.all[0].counts[int(block[2]), _CORRECTION + sphere, cell] += 1
        row = np.zeros((1, at.LOG_WIDTH), dtype=np.int64)
        row[0, :4] = at.LOG_EXIT, person, sphere, 3
        self._logs[0].insert(0, row)

    def closed(self) -> Month:
        """Return what the month left."""
        done = super().closed()
        for one in self._given:
            one.own = None
        return done


class _Altered:
    """One intervention under way: the citizen's own pass, kept until the world's is over."""

    def __init__(self, intervention: Intervention) -> None:
        self.intervention = intervention
        self.own: Own | None = None
        self._blocks: list[np.ndarray] = []
        self._rows = slice(0, 0)
        self._cell = 0
        self._true: _Part | None = None
        self._lived: _Part | None = None

    def begin(self, world: World, own: Own | None) -> None:
        """Begin a month under tables of one's own, or under everybody's."""
        self.own = own
        if own is None:
            return
        block, person = _block_of(world, self.intervention.citizen), self.intervention.citizen
        within = person - int(block[0])
        start = within - within % SEGMENT
        self._blocks = [_part_of(block, start, person), _part_of(block, start, person + 1)]
        self._rows = slice(int(block[0]) + start, person + 1)
        self._cell = int(block[2])

    def ahead(self, world: AlteredWorld, run: Callable[[Worker, np.ndarray], np.ndarray]) -> None:
        """Run a pass for the citizen alone, ahead of the world's, and put everything back."""
        self._true = self._alone(world, run)
        with self.patched(world):
            self._lived = self.spoken(world, self._alone(world, run))

    def spoken(self, world: World, lived: _Part) -> _Part:
        """Return a part with the voice that was asked for, and everything unspoken as it was."""
        if self.own is None or self.own.voice is None or self._true is None:
            return lived
        if "audit.inner" in lived.columns:
            true = self._true.columns["audit.inner"]
            cell = _cell(world, self.intervention.citizen)
            counts = with_voice(
                lived.counted["counts"][0][:, cell],
                self._true.counted["counts"][0][:, cell],
                self.own.voice,
                int(true),
            )
            lived.counted["counts"][0][:, cell] = counts
            lived.columns["audit.inner"] = true
        return lived

    def put(self, world: AlteredWorld, log: list[np.ndarray]) -> list[np.ndarray]:
        """Put the citizen's own pass in the place of what the world's gave; return the log."""
        true, lived = self._true, self._lived
        self._true = self._lived = None
        if true is None or lived is None:
            return log
        worker, person = world.workers.all[0], self.intervention.citizen
        for name in _COUNTED:
            difference = lived.counted[name] - true.counted[name]
            if name == "counts":
                worker.counts[self._cell] += difference[0]
            else:
                getattr(worker, name)[...] += difference
        columns = world.state.columns()
        for name, value in lived.columns.items():
            columns[name][person] = value
        return [lived.log, *(rows[rows[:, 1] != person] for rows in log)]

    @contextmanager
    def patched(self, world: World) -> Iterator[None]:
        """Let the world's tables be the citizen's own for a moment."""
        own = self.own
        vectors = [world.tables, *world.offices]
        kept = [vector.copy() for vector in vectors] if own is not None else []
        try:
            if own is not None:
                for vector in vectors:
                    put_fields(vector, own.fields)
            yield
        finally:
            for vector, old in zip(vectors, kept, strict=False):
                vector[:] = old

    def _alone(self, world: AlteredWorld, run: Callable[[Worker, np.ndarray], np.ndarray]) -> _Part:
        worker, person = world._spare, self.intervention.citizen
        columns = {name: array for name, array in world.state.columns().items() if len(array)}
        kept = {name: array[self._rows].copy() for name, array in columns.items()}
        counted: dict[str, np.ndarray] = {}
        found: dict[str, np.ndarray] = {}
        log = np.zeros((0, at.LOG_WIDTH), dtype=np.int64)
        for blocks, sign in zip(self._blocks, (-1, 1), strict=True):
            for name in _COUNTED:
                getattr(worker, name)[...] = 0
            if blocks[0, 1] > blocks[0, 0]:
                log = run(worker, blocks)
            for name in _COUNTED:
                counted[name] = counted.get(name, 0) + sign * getattr(worker, name)
            found = {name: array[person].copy() for name, array in columns.items()}
            for name, array in kept.items():
                columns[name][self._rows] = array
        return _Part(counted, found, log[log[:, 1] == person].copy())


class _Watching:
    """Stands between a world and whoever watches it, so that an altered life is the one told."""

    def __init__(self, watch: Any) -> None:
        self._watch = watch

    def before(self, world: AlteredWorld, now: np.ndarray) -> None:
        given = [one for one in world._given if one.own is not None]
        for one in given:
            one.ahead(
                world, lambda worker, blocks: world._first(worker, (0, 1), now, blocks=blocks)
            )
        if self._watch is None:
            return
        for seen in self._watch._watched:
            with _patched_for(seen.person, given, world) as own:
                seen.first(world, self._watch._worker, now)
            if own is not None and own.own is not None and own.own.voice is not None:
                _tell_voice(seen, own, world)

    def between(
        self,
        world: AlteredWorld,
        now: np.ndarray,
        with_rank: np.ndarray,
        without_rank: np.ndarray,
    ) -> None:
        given = [one for one in world._given if one.own is not None and one.own.decides]

        def run(worker: Worker, blocks: np.ndarray) -> np.ndarray:
            return world._second(worker, (0, 1), now, with_rank, without_rank, blocks=blocks)

        for one in given:
            one.ahead(world, run)
        if self._watch is None:
            return
        attributes, world.attributes = world.attributes, 1
        try:
            for seen in self._watch._watched:
                with _patched_for(seen.person, given, world):
                    seen.second(world, self._watch._worker, now, with_rank, without_rank)
        finally:
            world.attributes = attributes

    def after(self, world: AlteredWorld) -> None:
        for one in world._given:
            world._logs[1] = one.put(world, world._logs[1])
        if self._watch is not None:
            self._watch.after(world)


@contextmanager
def _patched_for(person: int, given: Sequence[_Altered], world: World) -> Iterator[_Altered | None]:
    for one in given:
        if one.intervention.citizen == person:
            with one.patched(world):
                yield one
            return
    yield None


def _tell_voice(seen: Any, own: _Altered, world: World) -> None:
    """Let a watched citizen's notes have the voice asked for, and everything unspoken as it was."""
    true, lived = own._true, own._lived
    if true is None or lived is None:
        return
    seen._expected["audit.inner"] = lived.columns["audit.inner"]
    seen._counts[:] = lived.counted["counts"][0].sum(axis=1)


def put_fields(vector: np.ndarray, fields: Mapping[str, int | tuple[int | None, ...]]) -> None:
    """Put new entries into fields of a vector of tables (month.tables); None leaves an entry."""
    for name, values in fields.items():
        part = vector[_PLACES[name]]
        if isinstance(values, tuple):
            for k, value in enumerate(values):
                part[k] = part[k] if value is None else value
        else:
            part[:] = values


def _block_of(world: World, person: int) -> np.ndarray:
    blocks = world.society.blocks
    return blocks[np.searchsorted(blocks[:, 1], person, side="right")]


def _part_of(block: np.ndarray, start: int, end: int) -> np.ndarray:
    """Return int64[1, 6]: a block's citizens from ``start`` within it up to ``end``, as cell 0."""
    segment = int(block[5]) + start // SEGMENT
    return np.array([[int(block[0]) + start, end, 0, block[3], block[4], segment]], dtype=np.int64)


def _cell(world: World, person: int) -> int:
    traits, truth = world.society.traits, world.state.truth
    return int(
        cell_of(
            np.int64(traits.income[person]),
            np.int64(traits.who[person]),
            np.int64(truth.opinion[person]),
        )
    )
