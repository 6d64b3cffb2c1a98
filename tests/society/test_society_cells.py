"""Places: everybody has one, and shares are exact to a whole citizen."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from glasscity.country import load_country
from glasscity.errors import BadArgument
from glasscity.society import build_society
from glasscity.society.cells import BLOCK, DISTRICT, cell_sizes, make_layout


@pytest.mark.parametrize("citizens", [1, 7, 50, 61, 1_000, 99_999, 100_000, 1_300_000_000])
def test_cells_take_their_quota_to_within_one_citizen(pack, citizens):
    sizes = cell_sizes(pack, citizens)
    total = sum(p.population for p in pack.provinces)
    assert sum(sizes) == citizens
    rounded_down = []
    for index, province in enumerate(pack.provinces):
        for area, share in enumerate((province.urban_share, 1 - Fraction(province.urban_share))):
            quota = citizens * Fraction(share) * province.population / total
            size = sizes[2 * index + area]
            assert quota - 1 < size < quota + 1
            rounded_down.append((quota - int(quota), size == int(quota)))
    # Largest remainder: whoever was rounded down has no larger remainder than anyone rounded up.
    down = [r for r, is_down in rounded_down if is_down and r]
    up = [r for r, is_down in rounded_down if not is_down]
    assert not up or not down or max(down) <= min(up)


def test_blocks_hold_every_citizen_once_and_never_cross_a_cell(edge_society):
    society = edge_society
    lo, hi, cell, province, area, segment = society.blocks.T
    assert lo[0] == 0
    assert hi[-1] == society.citizens
    assert (lo[1:] == hi[:-1]).all()
    assert ((hi - lo) >= 1).all()
    assert ((hi - lo) <= BLOCK).all()
    first, count = society.cells[cell, 0], society.cells[cell, 1]
    assert ((lo - first) % DISTRICT == 0).all()
    assert (hi <= first + count).all()
    assert (province == cell // 2).all()
    assert (area == cell % 2).all()
    assert (society.wiring.segment_first[segment] == lo).all()


def test_segments_are_full_but_for_the_last_of_a_cell(edge_society):
    society = edge_society
    size = society.wiring.segment_size.astype(int)
    assert size.sum() == society.citizens
    assert (size >= 1).all()
    last = society.cells[:, 2] + society.cells[:, 3] - 1
    inner = np.setdiff1d(np.arange(len(size)), last[society.cells[:, 3] > 0])
    assert (size[inner] == 64).all()


@pytest.mark.slow
def test_the_layout_of_two_billion_fits_its_types():
    layout = make_layout(load_country("china-2020"), 2**31 + 100)
    assert layout.segment_first.dtype == np.int64
    assert int(layout.segment_first[-1]) + int(layout.segment_size[-1]) == 2**31 + 100


@pytest.mark.parametrize(
    ("citizens", "seed", "threads"),
    [(0, 1, 1), (-3, 1, 1), (10, -1, 1), (10, 2**63, 1), (10, 1, 0), (True, 1, 1), (2.5, 1, 1)],
)
def test_impossible_arguments_are_refused(citizens, seed, threads):
    with pytest.raises(BadArgument, match="whole number from"):
        build_society(load_country("plainland"), citizens, seed, threads=threads)
