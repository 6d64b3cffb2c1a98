"""Households: how 64 neighbours are cut into families of one to five adults.

Every cell has 64 templates, each a partition of the 64 positions of a segment.  Together a cell's
templates hold 4,096 adults in households whose sizes follow the cell's weights as closely as whole
households can, so the household mean is right by construction and not on average only.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from glasscity.errors import BadInput
from glasscity.society.calls import HOUSEHOLD_DECK, keyed_order
from glasscity.society.cells import SEGMENT
from glasscity.society.normals import find_root

if TYPE_CHECKING:
    from glasscity.country import Country

__all__ = [
    "LARGEST",
    "TEMPLATES",
    "adults_per_household",
    "deck_counts",
    "make_templates",
    "tilted",
]

LARGEST = 5
TEMPLATES = 64
_ADULTS = TEMPLATES * SEGMENT


def adults_per_household(country: Country) -> list[float]:
    """Return the target of each province: household size times the national share of adults."""
    share = float(country.adult_share)
    return [float(province.household_size) * share for province in country.provinces]


def tilted(weights: Sequence[float], mean: float, *, where: str) -> list[float]:
    """Tilt the weights of household sizes to a mean: ``w_h exp(t h)``, normalised.

    Parameters
    ----------
    weights : five floats
        Shares of households with 1 to 5 adults before tilting.
    mean : float
        Adults per household wanted.
    where : str
        The place, for the message.

    Raises
    ------
    BadInput
        No tilt gives the mean.
    """
    sizes = [h for h in range(1, LARGEST + 1) if weights[h - 1] > 0.0]

    def shares(tilt: float) -> list[float]:
        raw = [w * math.exp(tilt * (h - 3)) for h, w in enumerate(weights, start=1)]
        total = math.fsum(raw)
        return [r / total for r in raw]

    def excess(tilt: float) -> float:
        return math.fsum(h * s for h, s in enumerate(shares(tilt), start=1)) - mean

    if not sizes or not excess(-12.0) < 0.0 < excess(12.0):
        raise BadInput(
            f"{where}: no households of 1 to {LARGEST} adults have {mean:.2f} on average",
            allowed="household_size x adult_share inside the sizes that have a weight",
            mend="change household_size, adult_share or household_adults_weights",
        )
    return shares(find_root(excess, -12.0, 12.0))


def deck_counts(shares: Sequence[float]) -> list[int]:
    """Return how many households of each size hold the 4,096 adults of a cell's templates."""
    mean = math.fsum(h * s for h, s in enumerate(shares, start=1))
    counts = [round(_ADULTS / mean * s) for s in shares]
    missing = _ADULTS - sum(h * n for h, n in enumerate(counts, start=1))
    while missing:
        step = 1 if missing > 0 else -1
        movable = [h for h in range(LARGEST) if counts[h] and 0 <= h + step < LARGEST]
        if movable:
            # Move one household a size up or down, from the size that feels it least.
            size = max(movable, key=lambda h: counts[h])
            counts[size] -= 1
            counts[size + step] += 1
            missing -= step
        else:
            size = 0 if step > 0 else LARGEST - 1
            counts[size] += step
            missing -= step * (size + 1)
    return counts


def make_templates(country: Country, seed: int) -> np.ndarray:
    """Return uint8[cells, 64, 64]: position in the household (bits 0-2) and its size (bits 3-5)."""
    weights = [float(w) for w in country.household_adults_weights.numbers]
    means = adults_per_household(country)
    out = np.zeros((2 * len(means), TEMPLATES, SEGMENT), dtype=np.uint8)
    runs = [np.arange(size, dtype=np.uint8) | (size << 3) for size in range(LARGEST + 1)]
    for index, (province, mean) in enumerate(zip(country.provinces, means, strict=True)):
        counts = deck_counts(tilted(weights, mean, where=f"province '{province.name}'"))
        deck = np.repeat(np.arange(1, LARGEST + 1), counts)
        for cell in (2 * index, 2 * index + 1):
            order = keyed_order(seed, HOUSEHOLD_DECK, len(deck), month=cell)
            rows = _deal(deck[order].tolist())
            for template, sizes in enumerate(rows):
                out[cell, template] = np.concatenate([runs[size] for size in sizes])
    return out


def _deal(deck: list[int]) -> list[list[int]]:
    """Deal a shuffled deck of household sizes into 64 rows of exactly 64 adults each."""
    deck.reverse()
    rows = []
    for _ in range(TEMPLATES):
        row: list[int] = []
        room = SEGMENT
        while room:
            if deck[-1] <= room:
                size = deck.pop()
            else:
                # The next household does not fit: take the next one that does, and where none is
                # left, cut one in two.
                index = next((i for i in range(len(deck) - 1, -1, -1) if deck[i] <= room), -1)
                if index >= 0:
                    size = deck.pop(index)
                else:
                    size = room
                    deck[-1] -= room
            row.append(size)
            room -= size
        rows.append(row)
    return rows
