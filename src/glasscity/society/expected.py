"""What the pack implies for likeness between tied people, in closed form.

Two people's latent normals correlate by the variance they share; their *levels* (a national
quantile, an opinion cut at -1 and 1) correlate a little differently.  A level counts thresholds, so
its Hermite coefficients are exact sums over thresholds t::

    a_0 = sum (1 - Phi(t)),   a_n = sum He_(n-1)(t) phi(t),
    E[g(X) h(Y)] = sum_n rho^n a_n b_n / n!      (Mehler)

for normals X, Y with correlation rho and two sets of thresholds (two cells have different ones for
the same national quantile).
"""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np

from glasscity.society.normals import LATENT_ONE

__all__ = ["LevelMoments"]

_TERMS = 60
_NORMAL = NormalDist()


class LevelMoments:
    """Moments of a levelled normal trait, for every cell.

    Parameters
    ----------
    thresholds : int64[rows, levels]
        Fixed-point latent thresholds, a row for each cell or one row for all.
    cells : int
        Number of cells.
    """

    def __init__(self, thresholds: np.ndarray, cells: int) -> None:
        bounds = np.clip(thresholds / LATENT_ONE, -9.0, 9.0)
        above = np.array([[1.0 - _NORMAL.cdf(t) for t in row] for row in bounds.tolist()])
        rows = len(bounds)
        # Orthonormal Hermite polynomials keep the numbers small.
        coefficients = np.empty((rows, _TERMS))
        coefficients[:, 0] = above.sum(axis=1)
        density = np.exp(-0.5 * bounds**2) / math.sqrt(2.0 * math.pi)
        last, here = np.zeros_like(bounds), np.ones_like(bounds)
        for n in range(1, _TERMS):
            coefficients[:, n] = (here * density).sum(axis=1) / math.sqrt(n)
            last, here = here, (bounds * here - math.sqrt(n - 1) * last) / math.sqrt(n)
        pick = np.arange(cells) if rows > 1 else np.zeros(cells, dtype=np.int64)
        self._coefficients = coefficients[pick]
        self.mean = self._coefficients[:, 0]
        # E g^2 of a count of thresholds: sum_k (2k - 1) P(level >= k).
        odd = 2.0 * np.arange(1, bounds.shape[1] + 1) - 1.0
        self.square = (above * odd).sum(axis=1)[pick]

    def product(self, rho: float) -> np.ndarray:
        """Return float64[cells, cells]: E[g(X) h(Y)] at a latent correlation below 1."""
        powers = rho ** np.arange(_TERMS)
        return (self._coefficients * powers) @ self._coefficients.T

    def correlation(self, pairs: np.ndarray, rho: np.ndarray) -> float:
        """Return the correlation of levels over a population of ties.

        Parameters
        ----------
        pairs : float64[k, cells, cells]
            How many ties join each pair of cells, counted from both ends, for k kinds of ties.
        rho : float64[k]
            Latent correlation of each kind; 1 means one and the same latent value.
        """
        total = pairs.sum()
        if total == 0:
            return math.nan
        ends = pairs.sum(axis=(0, 2)) / total
        mean = float(ends @ self.mean)
        variance = float(ends @ self.square) - mean * mean
        product = 0.0
        for count, likeness in zip(pairs, rho, strict=True):
            if likeness >= 1.0:
                product += float(np.diagonal(count) @ self.square)
            else:
                product += float((count * self.product(likeness)).sum())
        return (product / total - mean * mean) / variance if variance > 0 else math.nan
