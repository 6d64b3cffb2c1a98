"""How the tables of ties are made: matchings, permutations, pairs of segments.

*Near*: the 64 positions of a segment meet in rounds.  Position p meets ``p xor d`` in round d, for
63 rounds that share no pair.  A segment takes six rounds by luck, so friends nearby are six
different people.  Rounds d below 2**k keep to circles of 2**k positions, which are people of houses
next to each other: families are friends with families.  How often friends know each other, the
local clustering, is set by the share of segments whose rounds come from small circles.

*Far*: segments are put in a keyed order, within the province or nationwide, and paired two by two;
the positions of a pair are matched by a seeded permutation.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from glasscity.draws import philox_numpy
from glasscity.society.calls import (
    FAR_ORDER,
    NEAR_RECIPE,
    PERMUTATION,
    RECIPES,
    key_of,
    keyed_order,
    segment_words,
)
from glasscity.society.cells import DISTRICT, SEGMENT, Layout
from glasscity.society.circles import circles
from glasscity.society.ties import FAR_SLOTS, NEAR_SLOTS, Wiring

if TYPE_CHECKING:
    from glasscity.country import Country

__all__ = ["make_matchings", "make_permutations", "make_wiring", "tie_chances"]

NO_ROW = 255  # row d of the matchings is round d up to 63; in all further rows everybody is alone
SHUFFLES = 240  # rows 0-239 of the permutations are random, 240-255 are p xor x
_RECIPES = 512
_IN_PROVINCE = 4  # far slots 0-3 stay in the province
_NAMESAKES = 6  # the order after the six far slots

Map = Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]


def make_matchings() -> np.ndarray:
    """Return uint8[256, 64]: involutions of the positions of a segment, one a round."""
    place = np.arange(SEGMENT)
    rounds = np.arange(256)[:, None]
    return np.where(rounds < SEGMENT, place ^ rounds, place).astype(np.uint8)


def make_permutations(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return uint8[256, 64] twice: permutations of the positions, and their inverses."""
    place = np.arange(SEGMENT)
    template = np.arange(SHUFFLES)[:, None]
    word = philox_numpy(*key_of(seed), place, 0, template, PERMUTATION)
    keys = (word[0].astype(np.uint64) << np.uint64(32)) | word[1]
    plain = place ^ np.arange(256 - SHUFFLES)[:, None]
    perm = np.concatenate([np.argsort(keys, axis=1, kind="stable"), plain])
    return perm.astype(np.uint8), np.argsort(perm, axis=1).astype(np.uint8)


def tie_chances(country: Country) -> np.ndarray:
    """Return int64[4, 4]: chances in 1/65536 that a tie of two sociabilities exists."""
    factors = [float(f) for f in country.tie_chance.numbers]
    return np.array([[round(f * g * 65536) for g in factors] for f in factors], dtype=np.int64)


def make_wiring(country: Country, seed: int, layout: Layout, run_all: Map = map) -> Wiring:
    """Return the tables of ties.

    Parameters
    ----------
    country : Country
    seed : int
    layout : Layout
    run_all : callable, optional
        As `map`, possibly on threads; the slots are independent of each other.
    """
    number = layout.segments
    perm, perm_inverse = make_permutations(seed)
    ranges = _province_ranges(layout)
    everywhere = [(0, number)]

    def pair(slot: int) -> tuple[np.ndarray, np.ndarray]:
        local = slot < _IN_PROVINCE or slot == _NAMESAKES
        return _pair_segments(seed, slot, layout, ranges if local else everywhere)

    paired = list(run_all(pair, range(FAR_SLOTS + 1)))
    far_segment = np.empty((number, FAR_SLOTS), dtype=np.int32)
    far_template = np.empty((number, FAR_SLOTS), dtype=np.uint8)
    for slot in range(FAR_SLOTS):
        far_segment[:, slot], far_template[:, slot] = paired[slot]

    words = segment_words(seed, NEAR_RECIPE, 0, number)
    cell_first = layout.cells[layout.segment_cell, 2]
    in_cell = layout.cells[layout.segment_cell, 3]
    per_district = DISTRICT // SEGMENT
    within = np.arange(number, dtype=np.int64) - cell_first
    district = within // per_district * per_district
    return Wiring(
        segment_first=layout.segment_first,
        segment_size=layout.segment_size,
        near=_near_rows(country, seed, layout, words),
        far_segment=far_segment,
        far_template=far_template,
        district_first=(cell_first + district).astype(np.int32),
        district_size=np.minimum(in_cell - district, per_district).astype(np.uint8),
        work=_share_of(words[2], SHUFFLES).astype(np.uint8),
        name_segment=paired[_NAMESAKES][0],
        name_template=paired[_NAMESAKES][1],
        matching=make_matchings(),
        perm=perm,
        perm_inverse=perm_inverse,
    )


def _share_of(words: np.ndarray, choices: int) -> np.ndarray:
    """Turn 32-bit draws into choices 0 to choices - 1."""
    return (words.astype(np.int64) * choices) >> 32


def _province_ranges(layout: Layout) -> list[tuple[int, int]]:
    first = layout.cells[::2, 2]
    end = layout.cells[1::2, 2] + layout.cells[1::2, 3]
    return list(zip(first.tolist(), end.tolist(), strict=True))


def _pair_segments(
    seed: int, slot: int, layout: Layout, ranges: list[tuple[int, int]]
) -> tuple[np.ndarray, np.ndarray]:
    """Pair the segments of each range two by two; return partners (or -1) and templates."""
    number = layout.segments
    words = segment_words(seed, FAR_ORDER, 0, number, month=slot)
    keys = (words[0].astype(np.uint64) << np.uint64(32)) | words[1]
    partner = np.full(number, -1, dtype=np.int32)
    for first, end in ranges:
        order = first + np.argsort(keys[first:end], kind="stable")
        half = len(order) // 2 * 2
        partner[order[0:half:2]] = order[1:half:2]
        partner[order[1:half:2]] = order[0:half:2]
    here = np.arange(number)
    lower = np.where(partner < 0, here, np.minimum(here, partner))
    template = _share_of(words[2], SHUFFLES)[lower].astype(np.uint8)
    # Two segments that are both not full are matched by p xor x, which wastes fewer positions.
    size = layout.segment_size
    for s in np.flatnonzero((partner >= 0) & (size < SEGMENT)).tolist():
        smaller = int(min(size[s], size[partner[s]]))
        if max(size[s], size[partner[s]]) < SEGMENT:
            span = min(16, 1 << (smaller.bit_length() - 1))
            template[s] = SHUFFLES + (int(words[3][lower[s]]) & (span - 1))
    return partner, template


def _near_rows(country: Country, seed: int, layout: Layout, words: np.ndarray) -> np.ndarray:
    """Return uint8[segments, 6]: the six rounds of each segment."""
    wide, narrow, share = circles(country)
    books = np.stack([_recipes(seed, wide), _recipes(seed, narrow)])
    book = (words[0] < np.uint64(round(share * 2**32))).astype(np.int64)
    recipe = (words[1] & np.uint32(0xFFFF)).astype(np.int64) % _RECIPES
    rows = books[book, recipe]
    for s in np.flatnonzero(layout.segment_size < SEGMENT).tolist():
        span = 1 << max(int(layout.segment_size[s]) - 1, 0).bit_length()
        # Small circles lose fewer partners beyond the end.
        rounds = min(span, 16) - 1
        order = keyed_order(seed, RECIPES, rounds, month=(1 << 31) | s)[:NEAR_SLOTS]
        rows[s] = NO_ROW
        rows[s, : len(order)] = 1 + order
    return rows.astype(np.uint8)


def _recipes(seed: int, circle: int) -> np.ndarray:
    """Return int64[512, 6]: six different rounds out of 1 to circle - 1."""
    rounds = np.arange(circle - 1)
    recipe = np.arange(_RECIPES)[:, None]
    bits = int(math.log2(circle))
    word = philox_numpy(*key_of(seed), rounds, bits, recipe, RECIPES)
    return 1 + np.argsort(word[0], axis=1, kind="stable")[:, :NEAR_SLOTS].astype(np.int64)
