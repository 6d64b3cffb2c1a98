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
from glasscity.society.tables import TraitTables, make_tables
from glasscity.society.ties import Wiring, fill_slots
from glasscity.society.wiring import make_wiring, tie_chances

if TYPE_CHECKING:
    from glasscity.country import Country

__all__ = ["Ground", "Society", "build_society", "lay_ground"]

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


@dataclass(frozen=True, eq=False)
class Ground:
    """A society before its people: places, ties, and how traits follow from a number.

    Whoever cannot hold everybody's traits at once fills them in part by part.
    """

    country: Country
    seed: int
    layout: Layout
    wiring: Wiring
    income_yuan: np.ndarray
    _tables: TraitTables
    _templates: np.ndarray
    _luck: np.ndarray
    _chances: np.ndarray

    def fill_people(self, first_segment: int, end_segment: int, traits: Traits) -> None:
        """Fill in all traits but ``slots`` of the citizens of some segments."""
        layout = self.layout
        fill_traits(
            *key_of(self.seed),
            first_segment,
            end_segment,
            layout.segment_first,
            layout.segment_size,
            layout.segment_cell,
            self._templates,
            self._luck,
            self.wiring.far_segment,
            self._tables,
            traits,
        )

    def fill_ties(self, first_segment: int, end_segment: int, traits: Traits) -> None:
        """Fill in ``slots`` of the citizens of some segments.

        ``home`` and ``slots`` are read and written in these segments alone, ``misc`` is read of
        everybody and must be there.
        """
        fill_slots(
            *key_of(self.seed),
            first_segment,
            end_segment,
            self.wiring,
            self._chances,
            traits.misc,
            traits.home,
            traits.slots,
        )

    def settled(self, traits: Traits) -> Society:
        """Return the society with its people's traits."""
        return Society(
            country=self.country,
            seed=self.seed,
            citizens=self.layout.citizens,
            cells=self.layout.cells,
            blocks=self.layout.blocks,
            traits=traits,
            wiring=self.wiring,
            income_yuan=self.income_yuan,
        )


def lay_ground(country: Country, citizens: int, seed: int, *, threads: int = 2) -> Ground:
    """Return the places and ties of a society; parameters and errors are `build_society`'s."""
    citizens = _whole(citizens, "citizens", 1, 2**37)
    seed = _whole(seed, "seed", 0, 2**63 - 1)
    threads = _whole(threads, "threads", 1, 1024)
    layout = make_layout(country, citizens)
    income = fit_incomes(country)
    with ThreadPoolExecutor(threads) as pool:
        wiring = make_wiring(country, seed, layout, pool.map)
    return Ground(
        country=country,
        seed=seed,
        layout=layout,
        wiring=wiring,
        income_yuan=np.array(income.yuan),
        _tables=make_tables(country, seed, income),
        _templates=_segment_templates(seed, layout),
        _luck=income_luck(seed, layout, wiring.far_segment[:, 0]),
        _chances=tie_chances(country),
    )


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
    ground = lay_ground(country, citizens, seed, threads=threads)
    traits = new_traits(ground.layout.citizens)
    with ThreadPoolExecutor(threads) as pool:
        for work in (ground.fill_people, ground.fill_ties):
            _run_all(pool, lambda part, work=work: work(*part, traits), ground.layout)
    return ground.settled(traits)


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
