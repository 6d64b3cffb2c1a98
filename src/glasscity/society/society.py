"""A society: who lives where, with what traits, tied to whom."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from glasscity.errors import BadArgument
from glasscity.society.calls import TEMPLATE_ROUND, key_of, segment_words
from glasscity.society.cells import BLOCK, SEGMENT, Layout, make_layout
from glasscity.society.households import TEMPLATES
from glasscity.society.income import fit_incomes
from glasscity.society.population import Traits, fill_traits, new_traits
from glasscity.society.strata import income_luck
from glasscity.society.tables import make_tables
from glasscity.society.ties import Wiring, fill_slots
from glasscity.society.wiring import make_wiring, tie_chances

if TYPE_CHECKING:
    from glasscity.country import Country

__all__ = ["Society", "build_society"]

_BATCH = 8 * BLOCK // SEGMENT  # segments that a thread takes at a time


@dataclass(frozen=True, eq=False)
class Society:
    """A synthetic society, a pure function of (seed, country pack, number of citizens).

    Attributes
    ----------
    country : Country
    seed : int
    citizens : int
    cells : int64[cells, 4]
        First citizen, citizens, first segment, segments; cell = 2 * province + area.
    blocks : int64[blocks, 6]
        First citizen, end, cell, province, area, first segment.
    traits : Traits
    wiring : Wiring
    income_yuan : float64[256]
        Mean yearly disposable income per head of each national quantile.
    """

    country: Country
    seed: int
    citizens: int
    cells: np.ndarray
    blocks: np.ndarray
    traits: Traits
    wiring: Wiring
    income_yuan: np.ndarray

    def __len__(self) -> int:
        return self.citizens

    def bytes_per_citizen(self) -> float:
        """Return the bytes of traits, wiring and blocks a citizen; fixed tables are in it."""
        arrays = (*self.traits, *self.wiring, self.blocks)
        return sum(a.nbytes for a in arrays) / self.citizens


def build_society(country: Country, citizens: int, seed: int, *, threads: int = 2) -> Society:
    """Build a society.

    Parameters
    ----------
    country : Country
        The pack.
    citizens : int
        Adults, from 1 up.
    seed : int in [0, 2**63)
    threads : int
        How many blocks to work on at a time; no result depends on it.

    Raises
    ------
    BadArgument
        Citizens, seed or threads outside their range.
    BadInput
        Numbers of the pack that no society can have together.
    """
    citizens = _whole(citizens, "citizens", 1, 2**37)
    seed = _whole(seed, "seed", 0, 2**63 - 1)
    threads = _whole(threads, "threads", 1, 1024)
    layout = make_layout(country, citizens)
    income = fit_incomes(country)
    tables = make_tables(country, seed, income)
    traits = new_traits(citizens)
    templates = _segment_templates(seed, layout)
    chances = tie_chances(country)
    key = key_of(seed)

    with ThreadPoolExecutor(threads) as pool:
        wiring = make_wiring(country, seed, layout, pool.map)
        luck = income_luck(seed, layout, wiring.far_segment[:, 0])

        def people(part: tuple[int, int]) -> None:
            fill_traits(
                *key,
                *part,
                layout.segment_first,
                layout.segment_size,
                layout.segment_cell,
                templates,
                luck,
                wiring.far_segment,
                tables,
                traits,
            )

        def ties(part: tuple[int, int]) -> None:
            fill_slots(*key, *part, wiring, chances, traits.misc, traits.home, traits.slots)

        for work in (people, ties):
            _run_all(pool, work, layout)
    return Society(
        country=country,
        seed=seed,
        citizens=citizens,
        cells=layout.cells,
        blocks=layout.blocks,
        traits=traits,
        wiring=wiring,
        income_yuan=np.array(income.yuan),
    )


def _run_all(
    pool: ThreadPoolExecutor, work: Callable[[tuple[int, int]], None], layout: Layout
) -> None:
    for _ in pool.map(work, _batches(layout.segments)):
        pass


def _batches(segments: int) -> Iterator[tuple[int, int]]:
    for first in range(0, segments, _BATCH):
        yield first, min(first + _BATCH, segments)


def _segment_templates(seed: int, layout: Layout) -> np.ndarray:
    """Return uint8[segments]: the household template of each segment.

    Every 64 segments of a cell take all 64 templates once, in a keyed order: ``a i + b`` modulo 64
    with odd a.
    """
    within = np.arange(layout.segments, dtype=np.int64) - layout.cells[layout.segment_cell, 2]
    words = segment_words(seed, TEMPLATE_ROUND, 0, layout.segments)
    start = np.arange(layout.segments, dtype=np.int64) - within % TEMPLATES
    factor = words[0][start].astype(np.int64) | 1
    shift = words[1][start].astype(np.int64)
    return ((factor * within + shift) % TEMPLATES).astype(np.uint8)


def _whole(value: int, name: str, low: int, high: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise BadArgument(f"{name} is {value!r}", allowed=f"a whole number from {low} to {high}")
    if not low <= value <= high:
        raise BadArgument(f"{name} is {value}", allowed=f"a whole number from {low} to {high}")
    return int(value)
