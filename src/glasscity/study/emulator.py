"""A quick stand-in for the simulation: one function for each quantity, with its own doubt.

From simulated vectors a quadratic in the places of the parameters is fitted by least squares, terms
taken in one by one while they improve the Bayesian information criterion, extended by the size of
the pool that a term is picked from (orthogonal matching pursuit; Chen and Chen, Biometrika 95,
2008).  What it leaves unexplained is smoothed by a Gaussian process over the parameters that the
quadratic found to matter, each in proportion; its length and its share of what is unexplained are
those of the largest marginal likelihood (Rasmussen and Williams, Gaussian Processes for Machine
Learning, 2006, chapters 2 and 5).  The rest is luck.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

__all__ = ["Emulator", "fit"]

# No more terms than one for so many vectors.
_VECTORS_A_TERM = 8
# Lengths of the smoothing, in half-ranges of the parameter that matters most, and the share of what
# the quadratic leaves that is smooth; the best pair is taken.
_LENGTHS = (0.5, 1.0, 1.5, 2.5, 4.0, 7.0)
_SMOOTH = (0.02, 0.1, 0.3, 0.5, 0.7, 0.85, 0.95)
# Predictions are made so many vectors at a time: a bound on memory.
_AT_A_TIME = 5_000


@dataclass(frozen=True, eq=False)
class Emulator:
    """A fitted function.

    Attributes
    ----------
    terms : tuple of (int, int)
        Factors of each term of the quadratic, parameters by number; -1 stands for 1.
    weights : float64[terms]
    scale : float64[parameters]
        How far apart a whole range of each parameter lies, in lengths of the smoothing.
    near : float64[n, parameters]
        The simulated vectors, so scaled.
    pulls : float64[n]
        What each of them adds to a vector that lies beside it.
    inverse : float64[n, n]
        Of the simulated vectors' covariance, in units of ``variance``.
    variance, smooth : float
        Mean square of what the quadratic leaves unexplained, and which share of it is smooth; the
        rest is luck.
    log : bool
        Whether the logarithm of the quantity is fitted.
    """

    terms: tuple[tuple[int, int], ...]
    weights: np.ndarray
    scale: np.ndarray
    near: np.ndarray
    pulls: np.ndarray
    inverse: np.ndarray
    variance: float
    smooth: float
    log: bool

    def __call__(self, places: np.ndarray, *, rough: bool = False) -> tuple[np.ndarray, np.ndarray]:
        """Return (mean, variance) of the quantity, simulated at some vectors: luck is in it.

        Parameters
        ----------
        places : float64[n, parameters] in [0, 1]
        rough : bool
            Whether the largest variance there is anywhere will do.
        """
        if not len(places):
            return np.zeros(0), np.zeros(0)
        parts = [
            self._some(places[k : k + _AT_A_TIME], rough) for k in range(0, len(places), _AT_A_TIME)
        ]
        mean, doubt = (np.concatenate(part) for part in zip(*parts, strict=True))
        if not self.log:
            return mean, doubt
        value = np.exp(np.clip(mean, -50, 50))
        return value, value * value * doubt

    def _some(self, places: np.ndarray, rough: bool) -> tuple[np.ndarray, np.ndarray]:
        likeness = self.smooth * _likeness(places * self.scale, self.near)
        mean = _design(places, self.terms) @ self.weights + likeness @ self.pulls
        if rough:
            return mean, np.full(len(mean), self.variance)
        known = np.einsum("ij,jk,ik->i", likeness, self.inverse, likeness, optimize=True)
        return mean, self.variance * np.maximum(1.0 - known, 1.0 - self.smooth)


def fit(places: np.ndarray, values: np.ndarray) -> Emulator:
    """Fit a quantity.

    Parameters
    ----------
    places : float64[n, parameters] in [0, 1]
    values : float64[n]
        Where all are above zero their logarithm is fitted: effects on rare things multiply.
    """
    log = bool(values.min() > 0)
    target = np.log(values) if log else values.astype(np.float64)
    terms, weights = _quadratic(places, target)
    rest = target - _design(places, terms) @ weights
    variance = max(float(np.square(rest).sum()) / max(1, len(rest) - len(terms)), 1e-18)
    reach = _reach(terms, weights, places.shape[1])
    best: tuple[float, np.ndarray, np.ndarray, float] | None = None
    for length in _LENGTHS:
        # Places run over one half-range twice.
        scale = 2 * reach / length
        # One decomposition serves every share: the covariance is smooth x likeness + luck x 1.
        values, vectors = np.linalg.eigh(_likeness(places * scale, places * scale))
        squares = np.square(vectors.T @ rest)
        for smooth in _SMOOTH:
            spectrum = smooth * np.maximum(values, 0.0) + (1.0 - smooth)
            criterion = float((squares / spectrum).sum()) / variance
            criterion += float(np.log(spectrum).sum())
            if best is None or criterion < best[0]:
                best = (criterion, scale, (vectors / spectrum) @ vectors.T, smooth)
    if best is None:
        raise RuntimeError("no length was tried")
    _, scale, inverse, smooth = best
    return Emulator(
        terms=tuple(terms),
        weights=weights,
        scale=scale,
        near=places * scale,
        pulls=inverse @ rest,
        inverse=inverse,
        variance=variance,
        smooth=smooth,
        log=log,
    )


def _likeness(one: np.ndarray, two: np.ndarray) -> np.ndarray:
    """Return float64[n, m]: exp(-d^2 / 2) between the rows of two tables."""
    squares = (one**2).sum(axis=1)[:, None] + (two**2).sum(axis=1)[None, :] - 2 * one @ two.T
    return np.exp(-0.5 * np.maximum(squares, 0.0))


def _reach(terms: list[tuple[int, int]], weights: np.ndarray, size: int) -> np.ndarray:
    """Return float64[parameters]: how much the quadratic hangs on each, the most being 1."""
    reach = np.zeros(size)
    for (one, two), weight in zip(terms, weights, strict=True):
        for k in {one, two} - {-1}:
            reach[k] += abs(weight)
    return reach / reach.max() if reach.max() > 0 else reach


def _quadratic(places: np.ndarray, target: np.ndarray) -> tuple[list[tuple[int, int]], np.ndarray]:
    """Return the terms of a quadratic, chosen one by one, and their weights."""
    count, size = places.shape
    chosen: list[tuple[int, int]] = [(-1, -1)]
    pool = [(-1, k) for k in range(size)] + [(j, k) for k in range(size) for j in range(k + 1)]
    columns = _design(places, pool)
    columns = columns - columns.mean(axis=0)
    spread = np.sqrt(np.square(columns).mean(axis=0))
    price = 2 * float(np.log(len(pool)))
    best = _solve(places, chosen, target, price)
    while len(chosen) - 1 < count // _VECTORS_A_TERM:
        rest = target - _design(places, chosen) @ best[0]
        with np.errstate(divide="ignore", invalid="ignore"):
            likeness = np.where(spread > 1e-12, np.abs(columns.T @ rest) / spread, 0.0)
        likeness[[pool.index(one) for one in chosen[1:]]] = 0.0
        term = pool[int(np.argmax(likeness))]
        tried = _solve(places, [*chosen, term], target, price)
        if likeness.max() == 0.0 or tried[1] >= best[1]:
            break
        chosen.append(term)
        best = tried
    return chosen, best[0]


def _solve(
    places: np.ndarray, terms: list[tuple[int, int]], target: np.ndarray, price: float
) -> tuple[np.ndarray, float]:
    """Return the weights and the criterion."""
    design = _design(places, terms)
    count, size = design.shape
    weights = np.linalg.pinv(design.T @ design) @ (design.T @ target)
    squares = max(float(np.square(target - design @ weights).sum()), 1e-18 * count)
    return weights, float(count * np.log(squares / count) + size * (np.log(count) + price))


def _design(
    places: np.ndarray, terms: tuple[tuple[int, int], ...] | list[tuple[int, int]]
) -> np.ndarray:
    """Return float64[n, terms], places put on [-1, 1]."""
    # A column of ones at the end, so that -1 finds it.
    whole = np.column_stack([2 * places - 1, np.ones(len(places))])
    pairs = np.array(terms)
    return whole[:, pairs[:, 0]] * whole[:, pairs[:, 1]]
