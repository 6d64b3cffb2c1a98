"""Household incomes: a log-normal in every cell, one national scale of 256 quantiles.

Incomes per head follow a log-normal in each cell (province x area).  The cell's mean comes from the
pack: the urban mean is ``urban_rural_income_ratio`` times the rural one and both together give the
province's income.  One spread for all cells is solved for, so that the Gini coefficient of the
whole mixture is the pack's.  The base is *adults*, each with the income per head of the own
household; the shares of cells are those of the population.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

from glasscity.country.once import once_a_country
from glasscity.errors import BadInput
from glasscity.society.normals import find_root

if TYPE_CHECKING:
    from glasscity.country import Country

__all__ = ["BINS", "IncomeModel", "cell_means", "fit_incomes", "mixture_gini"]

BINS = 256
_NORMAL = NormalDist()


@dataclass(frozen=True)
class IncomeModel:
    """Incomes as fitted to a pack.

    Attributes
    ----------
    sigma : float
        Standard deviation of log income inside a cell.
    cuts : tuple of 255 floats
        National quantiles of income in yuan, q/256 for q = 1 to 255.
    latent_cuts : tuple (a cell) of tuples of 255 floats
        The same bounds as standard normal values of the cell.
    yuan : tuple of 256 floats
        Mean income of each bin.
    """

    sigma: float
    cuts: tuple[float, ...]
    latent_cuts: tuple[tuple[float, ...], ...]
    yuan: tuple[float, ...]


def cell_means(country: Country) -> tuple[list[float], list[float]]:
    """Return the shares and the mean incomes of the cells."""
    ratio = float(country.urban_rural_income_ratio)
    total = math.fsum(float(p.population) for p in country.provinces)
    shares, means = [], []
    for province in country.provinces:
        urban = float(province.urban_share)
        weight = float(province.population) / total
        rural_mean = float(province.income_pc) / (urban * ratio + 1.0 - urban)
        shares += [weight * urban, weight * (1.0 - urban)]
        means += [ratio * rural_mean, rural_mean]
    return shares, means


def mixture_gini(shares: Sequence[float], means: Sequence[float], sigma: float) -> float:
    """Return the Gini coefficient of a mixture of log-normals with one spread.

    ``G = sum_ij w_i w_j E|X_i - X_j| / (2 mu)``, where for independent log-normals
    ``E[X_i; X_i > X_j] = m_i Phi((ln m_i - ln m_j + sigma^2) / (sigma sqrt 2))``.
    """
    mu = math.fsum(w * m for w, m in zip(shares, means, strict=True))
    root = sigma * math.sqrt(2.0)
    pairs = []
    for wi, mi in zip(shares, means, strict=True):
        for wj, mj in zip(shares, means, strict=True):
            if wi > 0.0 and wj > 0.0:
                above = _NORMAL.cdf((math.log(mi / mj) + sigma * sigma) / root)
                # Both orders of a pair are in the sum, so each brings its own half.
                pairs.append(wi * wj * mi * (2.0 * above - 1.0))
    return math.fsum(pairs) / mu


@once_a_country
def fit_incomes(country: Country) -> IncomeModel:
    """Fit the spread to the pack's Gini and cut the mixture into 256 bins.

    Raises
    ------
    BadInput
        The means of provinces and areas alone are more unequal than the pack's Gini.
    """
    shares, means = cell_means(country)
    target = float(country.income_gini)
    low, high = 1e-3, 4.0
    floor = mixture_gini(shares, means, low)
    if not floor < target < mixture_gini(shares, means, high):
        raise BadInput(
            f"country '{country.name}': no spread of incomes gives the Gini {target}",
            allowed=f"above {floor:.3f}, the inequality between provinces and areas, below 0.99",
            mend="change income_gini, urban_rural_income_ratio or the provinces' incomes",
        )
    sigma = find_root(lambda s: mixture_gini(shares, means, s) - target, low, high)
    centres = [math.log(mean) - 0.5 * sigma * sigma for mean in means]
    cells = [(w, c) for w, c in zip(shares, centres, strict=True) if w > 0.0]
    cuts = [_mixture_quantile(cells, sigma, q / BINS) for q in range(1, BINS)]
    latent = [tuple((cut - c) / sigma for cut in cuts) for c in centres]
    return IncomeModel(
        sigma=sigma,
        cuts=tuple(math.exp(cut) for cut in cuts),
        latent_cuts=tuple(latent),
        yuan=tuple(_bin_means(shares, means, latent, sigma)),
    )


def _mixture_quantile(cells: Sequence[tuple[float, float]], sigma: float, share: float) -> float:
    """Return the log income below which a share of the mixture lies."""
    # The mixture's quantile lies between the lowest and the highest of the cells' own.
    z = _NORMAL.inv_cdf(share)
    low = min(centre for _, centre in cells) + sigma * z - 1e-9
    high = max(centre for _, centre in cells) + sigma * z + 1e-9

    def excess(log_income: float) -> float:
        return math.fsum(w * _NORMAL.cdf((log_income - c) / sigma) for w, c in cells) - share

    return find_root(excess, low, high)


def _bin_means(
    shares: Sequence[float],
    means: Sequence[float],
    latent: Sequence[Sequence[float]],
    sigma: float,
) -> list[float]:
    """Return the conditional mean of every bin: income-weighted mass over mass."""
    mass = [0.0] * BINS
    money = [0.0] * BINS
    for weight, mean, cuts in zip(shares, means, latent, strict=True):
        last, last_money = 0.0, 0.0
        for q in range(BINS):
            inner = q < BINS - 1
            here = _NORMAL.cdf(cuts[q]) if inner else 1.0
            here_money = _NORMAL.cdf(cuts[q] - sigma) if inner else 1.0
            mass[q] += weight * (here - last)
            money[q] += weight * mean * (here_money - last_money)
            last, last_money = here, here_money
    return [m / w for m, w in zip(money, mass, strict=True)]
