"""A logistic regression and the area under its curve: what one input adds to others, in numbers.

Small on purpose: Newton's method, mid-ranks, and DeLong's variance of a difference.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Added", "added", "auc", "cross_fitted", "delong", "logistic"]

FOLDS = 5
# A little ridge, so that an input that tells the outcome apart wholly has a finite weight.
_RIDGE = 1e-3
_NORMAL_975 = 1.959963984540054


def logistic(inputs: NDArray[np.float64], outcome: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the weights of a logistic regression, constant first.

    Parameters
    ----------
    inputs : float64[n, k]
    outcome : bool[n]

    Returns
    -------
    float64[k + 1]
        The maximum of the likelihood less a ridge of 1e-3 on all weights but the constant.
    """
    return _newton(np.column_stack([np.ones(len(inputs)), inputs]), outcome)[0]


def _ridge(columns: int) -> NDArray[np.float64]:
    ridge = np.full(columns, _RIDGE)
    ridge[0] = 0.0
    return ridge


def _chance(x: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    return 1 / (1 + np.exp(-np.clip(_times(x, weights), -30, 30)))


# Products are made in pieces that the library of linear algebra does in one thread: its others wait
# in a busy loop (a fit took twenty times as long on a loaded machine), and sums would hang on how
# many there are.
_PIECE = 256


def _times(x: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.einsum("nk,k->n", x, weights)


def _onto(x: NDArray[np.float64], values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.einsum("nk,n->k", x, values)


def _squares(x: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    found = np.zeros((x.shape[1], x.shape[1]))
    for first in range(0, len(x), _PIECE):
        piece = x[first : first + _PIECE]
        found += (piece * weights[first : first + _PIECE, None]).T @ piece
    return found


def _newton(
    x: NDArray[np.float64], outcome: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the weights and the second derivative there; steps end below 1e-8, or after 50."""
    weights, ridge = np.zeros(x.shape[1]), _ridge(x.shape[1])
    bend = np.eye(x.shape[1])
    for _ in range(50):
        chance = _chance(x, weights)
        slope = _onto(x, outcome - chance) - ridge * weights
        spread = np.maximum(chance * (1 - chance), 1e-10)
        bend = _squares(x, spread) + np.diag(ridge + 1e-12)
        step = np.linalg.solve(bend, slope)
        largest = float(np.abs(step).max())
        # A step too far (nearly everybody alike) is cut until it stays in sight.
        weights += step * min(1.0, 10 / max(1e-12, largest))
        if largest < 1e-8:
            break
    return weights, bend


def cross_fitted(
    inputs: NDArray[np.float64], outcome: NDArray[np.bool_], fold: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return each person's index from weights that others' outcomes alone have set.

    An index fitted to the same people is better at telling them apart than at telling anybody
    else: an input that says nothing would seem to add something.

    Notes
    -----
    The weights without a fold lie near those of everybody, and steps from there by everybody's
    second derivative, scaled to those who are left, come as near to them as is wanted: that of the
    rest is never larger, so the steps cannot run away.
    """
    mean, spread = inputs.mean(axis=0), inputs.std(axis=0)
    scaled = (inputs - mean) / np.where(spread > 0, spread, 1.0)
    x = np.column_stack([np.ones(len(inputs)), scaled])
    everybody, bend = _newton(x, outcome)
    back, ridge = np.linalg.inv(bend), _ridge(x.shape[1])
    index = np.zeros(len(inputs))
    for k in range(int(fold.max()) + 1):
        out = fold == k
        left, found = x[~out], outcome[~out]
        weights = everybody.copy()
        for _ in range(40):
            slope = _onto(left, found - _chance(left, weights)) - ridge * weights
            step = back @ slope * (len(x) / len(left))
            weights += step
            if np.abs(step).max() < 1e-5:
                break
        index[out] = _times(x[out], weights)
    return index


def _mid_ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return (ends - (counts - 1) / 2)[place]


def _places(
    index: NDArray[np.float64], outcome: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return DeLong's components: each one's share of the others that it stands right of."""
    ranks = _mid_ranks(index)
    bad, good = ranks[outcome], ranks[~outcome]
    m, n = len(bad), len(good)
    first = (bad - _mid_ranks(index[outcome])) / n
    second = 1 - (good - _mid_ranks(index[~outcome])) / m
    return first, second


def auc(index: NDArray[np.float64], outcome: NDArray[np.bool_]) -> float:
    """Return the area under the curve by mid-ranks: ties count a half."""
    return float(_places(index, outcome)[0].mean())


def delong(
    base: NDArray[np.float64], more: NDArray[np.float64], outcome: NDArray[np.bool_]
) -> tuple[float, float, float]:
    """Return both areas and the standard error of the second less the first.

    Source: E. R. DeLong, D. M. DeLong and D. L. Clarke-Pearson (1988), Comparing the areas under
    two or more correlated receiver operating characteristic curves.
    """
    (a, b), (c, d) = _places(base, outcome), _places(more, outcome)
    variance = np.var(c - a, ddof=1) / len(a) + np.var(d - b, ddof=1) / len(b)
    return float(a.mean()), float(c.mean()), float(np.sqrt(variance))


@dataclass(frozen=True)
class Added:
    """What an input adds: the area without it, with it, the difference and its 95 % interval."""

    without: float
    with_it: float
    difference: float
    low: float
    high: float


def added(
    base: NDArray[np.float64],
    one: NDArray[np.float64],
    outcome: NDArray[np.bool_],
    fold: NDArray[np.int64],
    *,
    before: NDArray[np.float64] | None = None,
) -> Added:
    """Return what an input adds to others for telling an outcome, cross-fitted.

    Parameters
    ----------
    base : float64[n, k]
    one : float64[n, j]
        The input, in one or several columns.
    outcome : bool[n]
    fold : int64[n]
        Who is fitted without whom.
    before : float64[n], optional
        The cross-fitted index of ``base`` alone, where it is known already.

    Notes
    -----
    The interval takes the fitted weights as they are: it holds who is looked at to be a sample, and
    leaves out that another sample would have fitted other weights.  Members of a household are
    taken as independent of each other.
    """
    before = cross_fitted(base, outcome, fold) if before is None else before
    after = cross_fitted(np.column_stack([base, one]), outcome, fold)
    first, second, error = delong(before, after, outcome)
    gain = second - first
    return Added(first, second, gain, gain - _NORMAL_975 * error, gain + _NORMAL_975 * error)
