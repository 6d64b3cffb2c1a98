"""Citizens watched while their world runs: what happened to each of them, month by month.

A month keeps what really happened in a stride's scratch and forgets it.  A watched citizen's month
is therefore lived twice: before each pass of the world, that pass is run over the citizen's stride
alone, everything it left is read, and the state is put back.  The world itself never notices.

The passes are the world's own (``World._first``, ``World._second``), so a stage that is added to
them is watched without a word here.  What was seen is compared with what the world then did: a life
that is not the one lived is never told.

What a pass counts, it counts for all of a stride together.  The citizen's own counts are those of
the segment up to and with the citizen, less those of the segment up to the citizen: stages go from
one citizen to the next and none writes to another.  Where a stage counts people together, its rows
are nobody's own and are left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from glasscity.engine import notes
from glasscity.engine.breakdown import PARTS, STATISTICS, score_parts
from glasscity.engine.world import World
from glasscity.month import tables as at
from glasscity.month.ledger import ROWS
from glasscity.month.shared import closed_by_lists, listed_bits
from glasscity.society.cells import SEGMENT
from glasscity.society.ties import namesake
from glasscity.terms import GATES, SPHERES, VOICES

__all__ = ["Watch"]

# Counted over households once all of their members have been decided about, and over districts
# whose singles meet: rows of nobody alone.
_TOGETHER = frozenset(
    {"touched", "touched_unscored", "household_loss_sum", "singles", "searching", "coupled"}
)
_OWN_ROWS = np.array([row.measure not in _TOGETHER for row in ROWS])


class Watch:
    """Watch citizens of a world; hand it to the world as ``world.watch``.

    Parameters
    ----------
    world : World
        Before its first month.
    people : sequence of int
        Citizens, each in [0, citizens).

    Attributes
    ----------
    lives : list of dict, fit for JSON
        One a citizen: ``citizen``, ``traits``, ``low`` (the range's low end in points, None without
        a score), ``start`` (the state before the first month), ``months``: a list of what
        :mod:`glasscity.engine.notes` describes.
    """

    def __init__(self, world: World, people: Sequence[int]) -> None:
        self._worker = world.workers.apart()
        self._watched = [_Watched(world, int(person)) for person in people]

    @property
    def lives(self) -> list[dict[str, Any]]:
        """What was seen so far."""
        return [one.life for one in self._watched]

    def go_on(self, lives: Sequence[dict[str, Any]]) -> None:
        """Go on from lives that were watched up to now, one a citizen in the same order."""
        for one, life in zip(self._watched, lives, strict=True):
            one.life = life

    def before(self, world: World, now: np.ndarray) -> None:
        """Live the first pass of a month with every watched citizen, ahead of the world."""
        for one in self._watched:
            one.first(world, self._worker, now)

    def between(
        self, world: World, now: np.ndarray, with_rank: np.ndarray, without_rank: np.ndarray
    ) -> None:
        """Live the second pass; the world has done the first."""
        # Above ten million citizens denials are attributed for a panel; here for everyone watched.
        attributes, world.attributes = world.attributes, 1
        try:
            for one in self._watched:
                one.second(world, self._worker, now, with_rank, without_rank)
        finally:
            world.attributes = attributes

    def after(self, world: World) -> None:
        """Compare with what the world did, and note the month."""
        for one in self._watched:
            one.close(world)


class _Watched:
    """One citizen, the stride that is run for it, and what was seen."""

    def __init__(self, world: World, person: int) -> None:
        society = world.society
        block = society.blocks[np.searchsorted(society.blocks[:, 1], person, side="right")]
        within = person - int(block[0])
        self.person = person
        stride = within - within % at.STRIDE
        self.lo = int(block[0]) + stride
        self.hi = min(self.lo + at.STRIDE, int(block[1]))
        self._stride = _part_of(block, stride, self.hi)
        # The segment up to the citizen, and with the citizen: their counts differ by the citizen's.
        segment = within - within % SEGMENT
        self.start = int(block[0]) + segment
        self._without, self._with = (_part_of(block, segment, end) for end in (person, person + 1))
        self.segment = int(block[5]) + segment // SEGMENT
        twin = int(namesake(society.wiring, self.segment, person - self.start))
        common = (int(society.traits.misc[person]) >> 4) & 3
        other = (int(society.traits.misc[twin]) >> 4) & 3 if twin >= 0 else 0
        self.namesake = twin if common and other else None
        scored = world.calendar.operator
        same = np.array_equal(world.fused, world.before)
        self._before_mandate = "full" if same else "voluntary"
        self.life: dict[str, Any] = {
            "citizen": person,
            "traits": notes.traits(society, person, int(block[3]), int(block[4])),
            "low": int(world.fused[at.LOW]) if scored else None,
            "start": notes.standing(world.state, person),
            "months": [],
        }
        self._note: dict[str, Any] = {}
        self._expected: dict[str, np.ndarray] = {}
        self._counts = np.zeros(len(ROWS), dtype=np.int64)

    def first(self, world: World, worker: Any, now: np.ndarray) -> None:
        self._counts = np.zeros(len(ROWS), dtype=np.int64)
        log = self._run(
            world, worker, lambda blocks: world._first(worker, (0, 1), now, blocks=blocks)
        )
        seen = worker.scratch[:, self.person - self.lo]
        self._note = {"month": int(now[at.NOW_RUN_MONTH]), **notes.seen(seen, self.namesake)}
        self._note["log"] = notes.log_rows(log, self.person)
        self._note["rules"] = "full" if world.tables is world.fused else self._before_mandate

    def second(
        self,
        world: World,
        worker: Any,
        now: np.ndarray,
        with_rank: np.ndarray,
        without_rank: np.ndarray,
    ) -> None:
        self._compare(world)
        self._note |= self._score(world, now)
        bits = int(listed_bits(world.state.record.standing, self.person))
        log = self._run(
            world,
            worker,
            lambda blocks: world._second(
                worker, (0, 1), now, with_rank, without_rank, blocks=blocks
            ),
        )
        self._note["log"] += notes.log_rows(log, self.person)
        self._note |= notes.decided(worker.scratch[:, self.person - self.lo])
        self._note["closed"] = self._closed(world, now, bits)

    def close(self, world: World) -> None:
        self._compare(world)
        self._counts[~_OWN_ROWS] = 0
        self._note["ledger"] = notes.ledger(self._counts)
        self._note["end"] = notes.standing(world.state, self.person)
        self.life["months"].append(self._note)

    def _run(self, world: World, worker: Any, run) -> np.ndarray:
        """Run a pass and put the state back; keep the citizen's counts and columns, return the log.

        The scratch is left as the pass over the stride left it.
        """
        # Accounts of points have no rows where no scheme keeps any.
        columns = {name: array for name, array in world.state.columns().items() if len(array)}
        rows = slice(self.lo, self.hi)
        kept = {name: array[rows].copy() for name, array in columns.items()}

        def back() -> None:
            for name, array in kept.items():
                columns[name][rows] = array

        worker.counts[:] = 0
        if self.start < self.person:
            run(self._without)
            back()
            np.negative(worker.counts, out=worker.counts)
        run(self._with)
        back()
        self._counts += worker.counts[0].sum(axis=1)
        log = run(self._stride)
        self._expected = {name: array[self.person].copy() for name, array in columns.items()}
        back()
        return log

    def _compare(self, world: World) -> None:
        columns = world.state.columns()
        for name, expected in self._expected.items():
            found = columns[name][self.person]
            if not np.array_equal(found, expected):
                raise RuntimeError(
                    f"citizen {self.person}, month {self._note['month']}: '{name}' is "
                    f"{found}, and {expected} when watched"
                )

    def _score(self, world: World, now: np.ndarray) -> dict[str, Any]:
        """Return the score of the month taken apart: in 1/256 point, as whole numbers."""
        face = int(world.state.face.next[self.person])
        points = face & 2047
        found: dict[str, Any] = {
            "enrolled": points > 0,
            "voice": VOICES[(face >> 11) & 3],
            "score": None,
            "rank": None,
            "parts": {},
            "history": {},
            "national_mean": int(now[at.NOW_MEAN16]) / 16,
        }
        if points < 2:
            return found
        parts = np.zeros((SEGMENT, len(PARTS)), dtype=np.int32)
        score_parts(
            self._with,
            world.society.traits,
            world.society.wiring,
            world.state,
            world.state.face.next,
            world.state.face.now,
            world.tables,
            now,
            self.start,
            parts,
            np.zeros((SEGMENT, len(STATISTICS)), dtype=np.int32),
        )
        own = parts[self.person - self.start].tolist()
        below = int(world.histogram[:points].sum())
        equal, people = int(world.histogram[points]), int(world.histogram.sum())
        found["score"] = points
        found["rank"] = (2 * below + equal) / (2 * people)
        found["parts"] = dict(zip(PARTS, own, strict=True))
        found["history"] = notes.history_lost(world.state, world.tables, self.person)
        return found

    def _closed(self, world: World, now: np.ndarray, bits: int) -> dict[str, list[dict[str, Any]]]:
        """Return the gates that the regime closes to the citizen, each with what closes it."""
        phase = int(now[at.NOW_EVERYWHERE])
        closed: dict[str, list[dict[str, Any]]] = {}
        for code, row in enumerate(ROWS):
            if row.measure != "closed" or self._counts[code] == 0:
                continue
            gate = GATES.index(row.gate)
            by: list[dict[str, Any]] = [
                {"by": "list", "list": SPHERES[s]}
                for s in range(len(SPHERES))
                if (bits >> s) & 1
                and (int(closed_by_lists(world.tables, phase, 1 << s, self.person)) >> gate) & 1
            ]
            cut, score = int(world.cuts[gate]), self._note["score"]
            if score is not None and score < cut:
                rule = ("none", "threshold", "rank")[int(world.gates.kind[gate])]
                by.append({"by": rule, "below": cut})
            closed[row.gate] = by
        return closed


def _part_of(block: np.ndarray, start: int, end: int) -> np.ndarray:
    """Return int64[1, 6]: a block's citizens from ``start`` within it up to ``end``, as cell 0."""
    first = int(block[0]) + start
    segment = int(block[5]) + start // SEGMENT
    return np.array([[first, end, 0, block[3], block[4], segment]], dtype=np.int64)
