"""The smallest set of levers that buys a stated reduction of a harm."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

__all__ = ["Smallest", "smallest"]

Set: TypeAlias = "frozenset[str]"

# Sets of one size from which those of the next grow.
_WIDTH = 5
_LARGEST = 5


@dataclass(frozen=True)
class Smallest:
    """What was found.

    Attributes
    ----------
    sets : list of (set of lever, share of the harm that is left)
        All sets of the smallest size at which one is enough, the best first; empty where none is.
    best : list of (set, share left)
        The best set of each size that was looked at.
    looked_at : list of (size, sets run, sets that there are)
        A size is searched through where the two numbers agree; larger sets grow from the best of
        the size before, so a smaller set may be missed beyond the last size searched through.
    """

    sets: list[tuple[Set, float]]
    best: list[tuple[Set, float]]
    looked_at: list[tuple[int, int, int]]


def smallest(
    names: Sequence[str],
    left: Callable[[list[Set]], list[float | None]],
    *,
    reduce: float,
    largest: int = _LARGEST,
    width: int = _WIDTH,
) -> Smallest:
    """Return the smallest sets of levers at full dose that leave no more than ``1 - reduce``.

    Parameters
    ----------
    names : sequence of str
        Levers.
    left : callable
        Given sets, the share of the harm that each leaves.
    reduce : float in (0, 1)
    largest : int
        Sizes up to that are tried.
    width : int
        How many sets of one size those of the next grow from.
    """
    grow: list[Set] = [frozenset()]
    best: list[tuple[Set, float]] = []
    looked_at: list[tuple[int, int, int]] = []
    among = 1
    for size in range(1, min(largest, len(names)) + 1):
        among = among * (len(names) - size + 1) // size
        wanted = sorted(
            {one | {name} for one in grow for name in names if name not in one}, key=sorted
        )
        values = [
            (one, value)
            for one, value in zip(wanted, left(wanted), strict=True)
            if value is not None
        ]
        values.sort(key=lambda pair: (pair[1], sorted(pair[0])))
        looked_at.append((size, len(wanted), among))
        if not values:
            break
        best.append(values[0])
        enough = [pair for pair in values if pair[1] <= 1 - reduce]
        if enough:
            return Smallest(enough, best, looked_at)
        grow = [one for one, _ in values[:width]]
    return Smallest([], best, looked_at)
