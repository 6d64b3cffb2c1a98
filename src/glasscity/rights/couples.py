"""Couples: how alike their scores are beyond chance, and who finds a partner (model.md 7.8, 7.11).

People meet in their own district and age band, where scores are alike already.  So the correlation
of two partners' scores says nothing by itself: it is set against that of as many couples drawn at
random from the scored who looked for a partner in the same districts and age bands, the *blind
baseline*.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from glasscity.results.outcome import COUPLE_SUMS, DECILE_COLUMNS

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Assortativity", "couples_assortativity", "match_odds"]

_SEARCHING, _COUPLED = DECILE_COLUMNS.index("searching"), DECILE_COLUMNS.index("coupled")


@dataclass(frozen=True)
class Assortativity:
    """How alike the partners of new couples are in their scores.

    Attributes
    ----------
    couples : int
        Couples with a score on both sides.
    actual : float in [-1, 1]
        Correlation of the two scores.
    blind : float in [-1, 1]
        The same as it would be expected, had the partners been drawn at random in their cells.
    beyond : float in [-2, 2]
        ``actual - blind``.

    Notes
    -----
    The three are not a number where there is no couple or no spread.
    """

    couples: int
    actual: float
    blind: float
    beyond: float


def couples_assortativity(sums: NDArray[np.int64]) -> Assortativity:
    """Return how alike partners are in their scores, beyond the blind baseline.

    Parameters
    ----------
    sums : int64[months, 7] or int64[7]
        ``run.extras["couples"]``, or some months of it; columns ``COUPLE_SUMS``.

    Returns
    -------
    Assortativity

    Notes
    -----
    The months are pooled around one mean: few couples form in a month, and a mean of its own would
    cost each of them.  Where the level of scores moves, partners of the same month share that; the
    baseline, of the same months, has it too, and the difference has not.
    """
    sums = np.asarray(sums)
    if sums.shape[-1:] != (len(COUPLE_SUMS),):
        raise ValueError(f"sums of couples have {len(COUPLE_SUMS)} columns, not {sums.shape}")
    # Whole numbers of any size: the differences of large sums lose nothing.
    total = [sum(int(x) for x in column) for column in sums.reshape(-1, len(COUPLE_SUMS)).T]
    couples, x, xx, xy, blind_x, blind_xx, blind_xy = total
    actual = _correlation(2 * couples, x, xx, xy)
    # The blind sums are in 1/256.
    blind = _correlation(512 * couples, blind_x, blind_xx, blind_xy)
    return Assortativity(couples, actual, blind, actual - blind)


def _correlation(people: int, x: int, xx: int, xy: int) -> float:
    variance, covariance = people * xx - x * x, people * xy - x * x
    return covariance / variance if people > 0 and variance > 0 else float("nan")


def match_odds(deciles: NDArray[Any]) -> NDArray[np.float64]:
    """Return how often a month of looking for a partner ends in a couple, by decile of the score.

    Parameters
    ----------
    deciles : int64[months, 10, 8] or int64[10, 8]
        ``run.extras["deciles"]``, or some months of it; columns ``DECILE_COLUMNS``.

    Returns
    -------
    float64[10] in [0, 1]
        Coupled over searching, lowest tenth first; not a number where nobody looked.
    """
    deciles = np.asarray(deciles)
    if deciles.shape[-2:] != (10, len(DECILE_COLUMNS)):
        raise ValueError(f"counts by decile are 10 x {len(DECILE_COLUMNS)}, not {deciles.shape}")
    total = deciles.reshape(-1, 10, len(DECILE_COLUMNS)).sum(axis=0)
    looking = total[:, _SEARCHING].astype(np.float64)
    looking[looking == 0] = np.nan
    return total[:, _COUPLED] / looking
