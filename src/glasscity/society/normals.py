"""Normal luck on integers: quantile tables, mixtures of normals, thresholds.

A latent trait is a sum of standard normals with weights sqrt(share): what a household, a
neighbourhood, a corridor and a citizen each bring.  Every summand is looked up in one table of
4,096 normal quantiles in fixed point, so a trait is an integer sum, the same on every processor.
Levels of a trait are read off by comparison with integer thresholds.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import cache
from statistics import NormalDist

import numpy as np

from glasscity.errors import BadInput

__all__ = [
    "LATENT_ONE",
    "QUANTILES",
    "WEIGHT_ONE",
    "beta_cdf",
    "find_root",
    "latent_thresholds",
    "mixture_weights",
    "normal_table",
]

QUANTILES = 4096
LATENT_ONE = 1 << 16  # one standard deviation
WEIGHT_ONE = 1 << 14  # a weight of 1
_FAR_OUT = 1 << 40  # beyond every latent value
_NORMAL = NormalDist()


@cache
def normal_table() -> np.ndarray:
    """Return int32[4096]: mid-bin normal quantiles, scaled so that the variance is exactly 1."""
    values = [_NORMAL.inv_cdf((i + 0.5) / QUANTILES) for i in range(QUANTILES)]
    spread = math.sqrt(math.fsum(v * v for v in values) / QUANTILES)
    return np.array([round(v / spread * LATENT_ONE) for v in values], dtype=np.int32)


def mixture_weights(shares: Sequence[float], *, own: bool) -> list[int]:
    """Return fixed-point weights of household, neighbourhood, corridor and own normals.

    Parameters
    ----------
    shares : three floats in [0, 1]
        Variance shares of household, neighbourhood and corridor.
    own : bool
        Whether the rest is the citizen's own.  Otherwise it goes to the household: all members
        share the trait.

    Raises
    ------
    BadInput
        A negative share, or shares that sum to more than 1.
    """
    household, neighbourhood, corridor = (float(share) for share in shares)
    rest = 1.0 - household - neighbourhood - corridor
    if min(household, neighbourhood, corridor) < 0 or rest < -1e-9:
        raise BadInput(
            f"variance shares {list(shares)} cannot be parts of one variance",
            allowed="three numbers from 0 up whose sum is at most 1",
            mend="lower the shares of homophily in the country pack",
        )
    rest = max(rest, 0.0)
    parts = (
        (household, neighbourhood, corridor, rest)
        if own
        else (household + rest, neighbourhood, corridor, 0.0)
    )
    return [round(math.sqrt(part) * WEIGHT_ONE) for part in parts]


def latent_thresholds(bounds: Sequence[float]) -> list[int]:
    """Return fixed-point thresholds for latent bounds, infinite ones included.

    A latent value reaches level k when it is at or above the first k thresholds.
    """
    fixed = []
    for bound in bounds:
        if math.isinf(bound):
            fixed.append(_FAR_OUT if bound > 0 else -_FAR_OUT)
        else:
            fixed.append(round(bound * LATENT_ONE))
    return fixed


def beta_cdf(x: float, a: float, b: float) -> float:
    """Return the distribution function of Beta(a, b) at x.

    Continued fraction of the incomplete beta function (Abramowitz and Stegun 26.5.8, by Lentz's
    method), good to about 14 digits for the shapes a trait can have.
    """
    if x <= 0.0:
        return 0.0
    if x >= 1.0:
        return 1.0
    if x > (a + 1.0) / (a + b + 2.0):
        return 1.0 - beta_cdf(1.0 - x, b, a)
    front = math.exp(
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    )
    tiny = 1e-300
    c = 1.0
    d = 1.0 / ((1.0 - (a + b) * x / (a + 1.0)) or tiny)
    value = d
    for m in range(1, 500):
        for term in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1.0 / ((1.0 + term * d) or tiny)
            c = (1.0 + term / c) or tiny
            change = c * d
            value *= change
        if abs(change - 1.0) < 1e-15:
            break
    return front * value / a


def find_root(function: Callable[[float], float], low: float, high: float) -> float:
    """Return where a rising function crosses zero between two bounds.

    Regula falsi with the Illinois step, to about 1e-13 of the bounds' distance: no derivative is
    needed and the result is the same on every run.
    """
    at_low, at_high = function(low), function(high)
    tolerance = 1e-13 * (high - low)
    side = 0
    for _ in range(200):
        if high - low <= tolerance or at_low >= 0.0 or at_high <= 0.0:
            break
        middle = (low * at_high - high * at_low) / (at_high - at_low)
        if not low < middle < high:
            middle = 0.5 * (low + high)
        at_middle = function(middle)
        if abs(at_middle) < 1e-15:
            return middle
        if at_middle < 0.0:
            low, at_low = middle, at_middle
            at_high = 0.5 * at_high if side < 0 else at_high
            side = -1
        else:
            high, at_high = middle, at_middle
            at_low = 0.5 * at_low if side > 0 else at_low
            side = 1
    return low if at_low >= 0.0 else high if at_high <= 0.0 else 0.5 * (low + high)
