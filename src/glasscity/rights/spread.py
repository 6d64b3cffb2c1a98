"""What cannot be summed over people: inequality, mobility and assortativity of scores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from glasscity.rights.view import View

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Mobility", "assortativity", "gini", "midranks", "mobility"]


def gini(values: Any, weights: Any) -> float:
    """Return the Gini coefficient of weighted values.

    Parameters
    ----------
    values : array, at least 0
        Distinct or not, in any order.
    weights : array, at least 0
        How many people hold each value.

    Returns
    -------
    float in [0, 1)
        Half the mean absolute difference over the mean; not a number where either total is zero.
    """
    values, weights = np.asarray(values, np.float64), np.asarray(weights, np.float64)
    order = np.argsort(values, kind="stable")
    values, weights = values[order], weights[order]
    people, total = weights.sum(), (values * weights).sum()
    if people <= 0 or total <= 0:
        return float("nan")
    # Twice the area under the Lorenz curve, by trapezoids.
    lorenz = np.cumsum(values * weights) / total
    area = (weights / people * (lorenz + np.concatenate(([0.0], lorenz[:-1])))).sum()
    return max(0.0, float(1.0 - area))


def midranks(scores: NDArray[Any]) -> NDArray[np.float64]:
    """Return each score's rank: the share strictly below plus half of the equals."""
    _, place, sizes = np.unique(scores, return_inverse=True, return_counts=True)
    below = np.cumsum(sizes) - sizes
    return ((below + sizes / 2.0) / max(len(scores), 1))[place]


def assortativity(moments: NDArray[np.int64]) -> float:
    """Return the correlation of scores across ties.

    Parameters
    ----------
    moments : int64[5]
        ``TIE_MOMENTS``: the sums run over ordered pairs, so both ends have the same mean.

    Returns
    -------
    float in [-1, 1]
        Not a number without ties or without spread.
    """
    _, x, xx, xy, pairs = (int(value) for value in moments)
    # Whole numbers of any size: the differences of large sums lose nothing.
    variance, covariance = pairs * xx - x * x, pairs * xy - x * x
    return covariance / variance if pairs > 0 and variance > 0 else float("nan")


@dataclass(frozen=True)
class Mobility:
    """Ranks of the panel at two months, of those who had a score in both.

    Attributes
    ----------
    before, after : float64[n] in (0, 1)
        Ranks among these people at the two months.
    groups : int64[n]
        Their groups.
    first, last : int
        The two months.
    """

    before: NDArray[np.float64]
    after: NDArray[np.float64]
    groups: NDArray[np.int64]
    first: int
    last: int

    def matrix(self) -> NDArray[np.int64]:
        """Return people by decile before (rows) and after (columns): int64[10, 10]."""
        place = self.deciles(self.before) * 10 + self.deciles(self.after)
        return np.bincount(place, minlength=100).reshape(10, 10)

    @staticmethod
    def deciles(ranks: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return the decile 0 to 9 of each rank."""
        return np.minimum((ranks * 10).astype(np.int64), 9)


def mobility(view: View, months: int) -> Mobility | None:
    """Return the panel's ranks in the last month and so many months before.

    Parameters
    ----------
    view : View
        The run and how it is broken down.
    months : int
        Distance of the two months.

    Returns
    -------
    Mobility or None
        None where the run is too short or nobody had a score at both ends.
    """
    last = view.run.months - 1
    first = last - months
    if first < 0:
        return None
    panel = view.run.panel(first, last)
    before, after = (panel[name].to_numpy() for name in panel.columns[1:])
    both = (before > 0) & (after > 0)
    if not both.any():
        return None
    groups = view.group_of(panel["citizen"])[both]
    return Mobility(midranks(before[both]), midranks(after[both]), groups, first, last)
