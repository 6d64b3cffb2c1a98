"""Where everybody lives: cells, segments, districts and blocks, all from the number of citizens.

Citizens are numbered by place.  A *cell* is the urban or the rural part of a province; its citizens
have consecutive numbers.  Inside a cell every 64 citizens are a *segment* (a neighbourhood; the
last one is shorter) and every 8 segments a *district*.  A *block* is what one thread works on: up
to 4,096 citizens of one cell.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from glasscity.country import Country

__all__ = ["BLOCK", "DISTRICT", "SEGMENT", "Layout", "cell_sizes", "make_layout"]

SEGMENT = 64
DISTRICT = 512
BLOCK = 4096


@dataclass(frozen=True)
class Layout:
    """The places of a society.

    Attributes
    ----------
    citizens : int
    cells : int64[cells, 4]
        First citizen, citizens, first segment, segments; cell = 2 * province + area.
    blocks : int64[blocks, 6]
        First citizen, end, cell, province, area, first segment.
    segment_first : int32[segments] or int64
        First citizen of each segment.
    segment_size : uint8[segments]
        Citizens, 1 to 64.
    segment_cell : int16[segments]
    """

    citizens: int
    cells: np.ndarray
    blocks: np.ndarray
    segment_first: np.ndarray
    segment_size: np.ndarray
    segment_cell: np.ndarray

    @property
    def segments(self) -> int:
        """Number of segments."""
        return len(self.segment_first)


def cell_sizes(country: Country, citizens: int) -> list[int]:
    """Share out citizens over the cells by largest remainder.

    The weights are the populations of the cells: the pack's share of adults is a national figure,
    so it cancels.  Quotas are exact fractions; of equal remainders the lower cell comes first.

    Returns
    -------
    list of int
        Citizens of each cell; they sum to ``citizens``.
    """
    weights = []
    for province in country.provinces:
        urban = Fraction(float(province.urban_share))
        weights += [int(province.population) * urban, int(province.population) * (1 - urban)]
    total = sum(weights, Fraction(0))
    quotas = [citizens * weight / total for weight in weights]
    sizes = [int(quota) for quota in quotas]
    missing = citizens - sum(sizes)
    by_remainder = sorted(range(len(sizes)), key=lambda c: (sizes[c] - quotas[c], c))
    for cell in by_remainder[:missing]:
        sizes[cell] += 1
    return sizes


def make_layout(country: Country, citizens: int) -> Layout:
    """Return the places of a society of so many citizens."""
    sizes = np.array(cell_sizes(country, citizens), dtype=np.int64)
    cells = np.zeros((len(sizes), 4), dtype=np.int64)
    cells[:, 1] = sizes
    cells[:, 3] = -(-sizes // SEGMENT)
    cells[1:, 0] = np.cumsum(sizes)[:-1]
    cells[1:, 2] = np.cumsum(cells[:, 3])[:-1]

    blocks = []
    for cell, (first, count, first_segment, _) in enumerate(cells.tolist()):
        for start in range(0, count, BLOCK):
            end = first + min(start + BLOCK, count)
            segment = first_segment + start // SEGMENT
            blocks.append((first + start, end, cell, cell // 2, cell % 2, segment))

    segment_cell = np.repeat(np.arange(len(sizes), dtype=np.int16), cells[:, 3])
    number = np.arange(len(segment_cell), dtype=np.int64) - cells[segment_cell, 2]
    within = number * SEGMENT
    wide = np.int64 if citizens >= 2**31 else np.int32
    return Layout(
        citizens=citizens,
        cells=cells,
        blocks=np.array(blocks, dtype=np.int64).reshape(-1, 6),
        segment_first=(cells[segment_cell, 0] + within).astype(wide),
        segment_size=np.minimum(cells[segment_cell, 1] - within, SEGMENT).astype(np.uint8),
        segment_cell=segment_cell,
    )
