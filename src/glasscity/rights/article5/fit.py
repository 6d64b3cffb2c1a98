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


def logistic(
    inputs: NDArray[np.float64],
    outcome: NDArray[np.bool_],
    *,
    start: NDArray[np.float64] | None = None,
    steps: int = 50,
) -> NDArray[np.float64]:
    """Return the weights of a logistic regression, constant first.

    Parameters
    ----------
    inputs : float64[n, k]
    outcome : bool[n]
    start : float64[k + 1], optional
        Where to begin; the maximum is the same.
    steps : int
        Newton steps at most; they stop when no weight moves by 1e-8.

    Returns
    -------
    float64[k + 1]
        The maximum of the likelihood less a ridge of 1e-3 on all weights but the constant.
    """
    x = np.column_stack([np.ones(len(inputs)), inputs])
    weights = np.zeros(x.shape[1]) if start is None else start.copy()
    ridge = np.full(x.shape[1], _RIDGE)
    ridge[0] = 0.0
    for _ in range(steps):
        chance = 1 / (1 + np.exp(-np.clip(x @ weights, -30, 30)))
        slope = x.T @ (outcome - chance) - ridge * weights
        spread = np.maximum(chance * (1 - chance), 1e-10)
        bend = (x * spread[:, None]).T @ x + np.diag(ridge + 1e-12)
        step = np.linalg.solve(bend, slope)
        # A step too far (nearly everybody alike) is halved until it stays in sight.
        weights += step * min(1.0, 10 / max(1e-12, float(np.abs(step).max())))
        if np.abs(step).max() < 1e-8:
            break
    return weights


def cross_fitted(
    inputs: NDArray[np.float64], outcome: NDArray[np.bool_], fold: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return each person's index from weights that others' outcomes alone have set.

    An index fitted to the same people is better at telling them apart than at telling anybody
    else: an input that says nothing would seem to add something.
    """
    index = np.zeros(len(inputs))
    weights = None
    for k in range(int(fold.max()) + 1):
        out = fold == k
        mean, spread = inputs[~out].mean(axis=0), inputs[~out].std(axis=0)
        scaled = (inputs - mean) / np.where(spread > 0, spread, 1.0)
        weights = logistic(scaled[~out], outcome[~out], start=weights)
        index[out] = weights[0] + scaled[out] @ weights[1:]
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
