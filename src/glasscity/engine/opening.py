"""How the world of a stage is opened when its people are packed: at its start, or to go on."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from glasscity.behaviour import Behaviour
from glasscity.catalogue.entry import fingerprint
from glasscity.country import Country
from glasscity.engine.calendar import gate_rules, make_calendar
from glasscity.engine.checkpoint import Checkpoint
from glasscity.engine.compile import compile_tables
from glasscity.engine.packed import PackedPeople, parts_of
from glasscity.engine.packed_world import PackedHere, PackedWorld
from glasscity.engine.running import Rules
from glasscity.engine.settle import Donors, settle
from glasscity.engine.shelf import DiskShelf, MemoryShelf, Shelf
from glasscity.engine.start import BURN_IN_MOST, burn_in, burned_in
from glasscity.engine.world import Workers
from glasscity.regime import Regime
from glasscity.society import build_society, lay_ground

__all__ = ["DONORS", "SAMPLED_FROM", "SAMPLED_MONTHS", "Opening"]

# Above so many citizens the start is drawn from a smaller society's, and a short burn-in follows.
SAMPLED_FROM = 2**27
DONORS = 2_000_000
SAMPLED_MONTHS = 2
# Citizens of a part at most: a thread's share of the cache is then about a tenth of it.
PART = 65_536

Progress = Callable[[str, int, "int | None"], None]


@dataclass
class Opening:
    """What packed people are made from.

    Attributes
    ----------
    folder : Path or None
        Where records lie on disk; None: in memory.
    sampled : bool
        Whether the start is drawn from a smaller society.
    registered : int
        Registers hold one citizen in so many.
    notes : dict
        Gets ``burn_in``: months, and whether it was stored.
    last : bool
        Asked of every way to open a world; here each stage is made anew.
    bytes_per_citizen : float
        Of memory, arrays that grow with the citizens.
    """

    country: Country
    behaviour: Behaviour
    unscored: Regime
    citizens: int
    seed: int
    threads: int
    workers: Workers
    folder: Path | None
    sampled: bool
    registered: int
    notes: dict[str, Any]
    progress: Progress
    told: Callable[[str], object]
    last: bool = False
    bytes_per_citizen: float = 0.0

    def __call__(self, rules: Rules, checkpoint: Checkpoint | None) -> PackedHere:
        """Open the world of a stage at its start; or, for a checkpoint, ready to go on from it."""
        operator = rules.regime.operator
        points = operator is not None and operator.points is not None
        people = self._people(points, checkpoint)
        if checkpoint is None:
            months = self._burnt(people)
            self.notes.setdefault("burn_in", [months, False])
        people.clear_desks()
        wiring = sum(table.nbytes for table in people.society.wiring)
        fixed = people.society.traits.misc.nbytes + people.society.blocks.nbytes + wiring
        self.bytes_per_citizen = (people.nbytes + fixed) / self.citizens
        return PackedHere(rules, people, self.workers, registered=self.registered)

    def close(self) -> None:
        """Let the records on disk go."""
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)

    def _people(self, points: bool, checkpoint: Checkpoint | None) -> PackedPeople:
        donors = None
        if self.sampled and checkpoint is None:
            donors = self._donors()
        self.progress("society", 0, None)
        ground = lay_ground(self.country, self.citizens, self.seed, threads=self.threads)
        parts = parts_of(ground.layout.blocks, most=PART)
        traits: Shelf
        state: Shelf
        if self.folder is None:
            traits, state = MemoryShelf(len(parts)), MemoryShelf(len(parts))
        else:
            generation = -1
            if checkpoint is not None:
                generation = int(checkpoint.own.read("shelf.generation")[0])
            traits = DiskShelf(self.folder / "traits")
            state = DiskShelf(self.folder / "state", generation)
        return settle(
            ground,
            self.behaviour,
            traits=traits,
            state=state,
            parts=parts,
            points=points,
            threads=self.threads,
            donors=donors,
            people_only=checkpoint is not None,
            progress=lambda done, total: self.progress("people", done, total),
        )

    def _donors(self) -> Donors:
        self.told(
            f"the start is drawn from a society of {DONORS:,} that has been burned in; "
            f"{SAMPLED_MONTHS} months of burn-in follow"
        )
        society = build_society(self.country, DONORS, self.seed, threads=self.threads)
        workers = Workers(self.threads, len(society.cells))
        try:
            state, _, _ = burned_in(
                society,
                self.behaviour,
                self.unscored,
                workers=workers,
                fingerprint=fingerprint([self.country, self.behaviour, self.unscored]),
                progress=self.progress,
            )
        finally:
            workers.close()
        return Donors.of(society, state)

    def _burnt(self, people: PackedPeople) -> int:
        world = PackedWorld(
            people,
            tables=compile_tables(self.country, self.behaviour, self.unscored, seed=self.seed),
            calendar=make_calendar(self.unscored, self.behaviour, start=self.unscored.start),
            gates=gate_rules(self.unscored),
            workers=self.workers,
            attributes=2**62,
            registered=2**62,
        )

        def step(month: int, key: int, rows: Sequence[int]) -> list[int]:
            result = world.step(month, key=key)
            totals = [result.total(row) for row in rows]
            world.clear()
            return totals

        if self.sampled:
            months = SAMPLED_MONTHS
            self.progress("burn-in", 0, months)
            began = time.perf_counter()
            for month in range(months):
                step(month - BURN_IN_MOST, month, ())
                self.progress("burn-in", month + 1, months)
                if month == 0:
                    seconds = time.perf_counter() - began
                    self.told(f"a month takes about {_span(seconds)}")
        else:
            months = burn_in(step, self.citizens, self.progress)
        # The luck of the run is its own; a record on its way to a namesake is let go.
        now = people.resident["face.now"]
        np.bitwise_and(now, np.uint32(0x0FFFFFFF), out=now)
        people.resident["face.next"][:] = now
        return months


def _span(seconds: float) -> str:
    return f"{seconds:.0f} seconds" if seconds < 120 else f"{seconds / 60:.1f} minutes"
