"""A world whose people are packed (`engine.packed`): the same months, part by part."""

from __future__ import annotations

from typing import Any

import numpy as np

from glasscity.engine.packed import PackedPeople
from glasscity.engine.step import state_hash
from glasscity.engine.world import World, _Worker
from glasscity.month import tables as at
from glasscity.society.state import from_columns, new_state

__all__ = ["PackedWorld"]


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
        super().__init__(
            people.society, state=from_columns({**nobody, **people.resident}), **world
        )
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

    def turn(self) -> None:
        """Make this month's faces and deeds last month's; shadow voices are already."""
        face = self.state.face

        def one(_: _Worker, part: tuple[int, int]) -> None:
            lo, hi = self.packed.span(self._number[part])
            face.now[lo:hi] = face.next[lo:hi]
            face.deed[lo:hi] = face.deed_next[lo:hi]

        self.workers.run(self._parts, one)

    def _first(self, worker: _Worker, part: tuple[int, int], now: np.ndarray, **_: Any):
        with self.packed.lent(id(worker), self._number[part], second=False) as lent:
            log = super()._first(worker, part, now, lent=lent)
        return self._registered(log)

    def _second(
        self,
        worker: _Worker,
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
