"""What ranges of blocks show each other between months: the segments that neighbours are in.

Of another range a citizen's month reads the segments where far contacts and namesakes are, always
the same ones, and those where the month's strangers are (month.favour).  All of these pair segments
two by two, so a range finds what another one needs of it in its own rows of the tables: both make
the same lists, and only faces and manners travel.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from glasscity.jit import kernel
from glasscity.month.favour import plan
from glasscity.society import Society
from glasscity.society.state import State

__all__ = ["Halo"]

Map = Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]


@kernel
def _gather(segments, firsts, sizes, faces, deeds, shadows, shown, manners):
    """Write the faces and manners of segments one after the other; return how many."""
    n = 0
    for k in range(len(segments)):
        first = np.int64(firsts[segments[k]])
        for i in range(first, first + np.int64(sizes[segments[k]])):
            shown[n] = faces[i]
            manners[n] = deeds[i] | (shadows[i] << 5)
            n += 1
    return n


@kernel
def _scatter(segments, firsts, sizes, faces, deeds, shadows, shown, manners):
    """Take what :func:`_gather` wrote; return how many citizens."""
    n = 0
    for k in range(len(segments)):
        first = np.int64(firsts[segments[k]])
        for i in range(first, first + np.int64(sizes[segments[k]])):
            faces[i] = shown[n]
            deeds[i] = manners[n] & 31
            shadows[i] = manners[n] >> 5
            n += 1
    return n


class Halo:
    """Who shows what to whom, from the place of one range.

    Parameters
    ----------
    society : Society
    spans : sequence of (int, int)
        First block and end of all ranges, in order.
    own : int
        Which of them this is.
    """

    def __init__(self, society: Society, spans: Sequence[tuple[int, int]], own: int) -> None:
        wiring, blocks = society.wiring, society.blocks
        self._wiring, self._seed, self.own = wiring, society.seed, own
        starts = [int(blocks[first, 5]) for first, _ in spans]
        self._edges = np.array([*starts, len(wiring.segment_size)], dtype=np.int64)
        self._mine = np.arange(starts[own], self._edges[own + 1], dtype=np.int64)
        self.others = [k for k in range(len(spans)) if k != own]
        # Whom each of the own segments is always shown to, and which segments are always seen.
        self._shown_to = np.zeros((len(spans), len(self._mine)), dtype=np.bool_)
        self._seen = np.zeros(self._edges[-1], dtype=np.bool_)
        for partners in (*wiring.far_segment[self._mine].T, wiring.name_segment[self._mine]):
            paired = np.flatnonzero(partners >= 0)
            there = partners[paired].astype(np.int64)
            self._shown_to[self._range_of(there), paired] = True
            self._seen[there] = True
        self._always_shown = [self._mine[self._shown_to[k]] for k in range(len(spans))]
        self._always_seen = [
            self._edges[k] + np.flatnonzero(self._seen[self._edges[k] : self._edges[k + 1]])
            for k in range(len(spans))
        ]

    def _range_of(self, segments: np.ndarray) -> np.ndarray:
        return np.searchsorted(self._edges, segments, side="right") - 1

    def _met(self, key: int) -> list[np.ndarray]:
        """Return the segments that the own ones meet in a month: strangers, role models."""
        way, _, _, model_way, _, _ = plan(self._seed, key)
        found = []
        for both in (way, model_way):
            there = self._mine
            # As month.favour.elsewhere goes, for all segments at once.
            for slot in (both // 6, both % 6, both // 6):
                partner = self._wiring.far_segment[there, slot]
                there = np.where(partner >= 0, partner, there).astype(np.int64)
            found.append(there)
        return found

    def lists(self, key: int) -> tuple[list[np.ndarray], list[np.ndarray]]:
        """Return the segments to show to and to see of each range in a month, without its own."""
        show: list[list[np.ndarray]] = [[] for _ in self._edges[1:]]
        see: list[list[np.ndarray]] = [[] for _ in self._edges[1:]]
        for there in self._met(key):
            place = self._range_of(there)
            fresh = ~self._shown_to[place, np.arange(len(self._mine))]
            unseen = ~self._seen[there]
            for k in self.others:
                here = place == k
                show[k].append(self._mine[here & fresh])
                see[k].append(there[here & unseen])
        return (
            [np.concatenate([self._always_shown[k], *_new(show[k])]) for k in self.others],
            [np.concatenate([self._always_seen[k], *_new(see[k])]) for k in self.others],
        )

    def show(
        self, state: State, key: int, run_all: Map = map
    ) -> list[tuple[np.ndarray, np.ndarray]]:
        """Return what the others will read of the range in a month, one pair each.

        Parameters
        ----------
        state : State
            Between months.
        key : int
            The luck's month.
        run_all : callable, optional
            As `map`, possibly on threads.

        Returns
        -------
        list of (uint32[n], uint8[n])
            Faces, and manners: bits 0-4 the deed, 5-6 the shadow voice.
        """
        wiring = self._wiring

        def gathered(segments: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            people = int(wiring.segment_size[segments].sum(dtype=np.int64))
            faces, manners = np.empty(people, np.uint32), np.empty(people, np.uint8)
            _gather(
                segments,
                wiring.segment_first,
                wiring.segment_size,
                state.face.now,
                state.face.deed,
                state.audit.shadow,
                faces,
                manners,
            )
            return faces, manners

        shown, _ = self.lists(key)
        return list(run_all(gathered, shown))

    def see(
        self,
        state: State,
        key: int,
        shown: Sequence[tuple[np.ndarray, np.ndarray]],
        run_all: Map = map,
    ) -> None:
        """Take what the others show for a month, in their order.

        Raises
        ------
        ValueError
            If it is not what this range expects.
        """
        wiring = self._wiring

        def taken(part: tuple[np.ndarray, tuple[np.ndarray, np.ndarray]]) -> None:
            segments, (faces, manners) = part
            people = int(wiring.segment_size[segments].sum(dtype=np.int64))
            if not len(faces) == len(manners) == people:
                raise ValueError(f"{len(faces)} faces were shown, and {people} are expected")
            _scatter(
                segments,
                wiring.segment_first,
                wiring.segment_size,
                state.face.now,
                state.face.deed,
                state.audit.shadow,
                faces,
                manners,
            )

        _, seen = self.lists(key)
        for _ in run_all(taken, list(zip(seen, shown, strict=True))):
            pass


def _new(lists: list[np.ndarray]) -> list[np.ndarray]:
    """Return what the month's lists add: each segment once, in order."""
    return [np.unique(np.concatenate(lists))]
