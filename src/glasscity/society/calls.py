"""The society's share of the keyed luck: which Philox call serves what.

Calls 0x100 to 0x17F belong to the society.  A number here is part of the model: append, never
change.  The month of the counter serves as a second index (a slot, a template), never as time: a
society is the same in every month.
"""

from __future__ import annotations

import numpy as np

from glasscity.draws import philox_numpy, philox_rows

__all__ = [
    "CHILDREN",
    "CORRIDOR",
    "FAR_ORDER",
    "FAR_TIE",
    "HOUSEHOLD",
    "HOUSEHOLD_DECK",
    "NEAR_RECIPE",
    "NEAR_TIE",
    "NEIGHBOURHOOD",
    "PERMUTATION",
    "PERSON",
    "PERSON_MORE",
    "RECIPES",
    "SAMPLE",
    "TEMPLATE_ROUND",
    "keyed_order",
    "key_of",
    "segment_words",
]

# Entity: a citizen.
PERSON = 0x100  # words: age; occupation; own conscientiousness and opinion; activity profile
PERSON_MORE = 0x101  # 16-bit lanes: pay app, social app, credit, thick file, sociability, name
#                      group, instalment class, age shared with the head
# Entity: the citizen who heads the household.
HOUSEHOLD = 0x102  # words: income and conscientiousness; opinion; school children; private school
CHILDREN = 0x103  # words: children under 18 (report only), unused
# Entity: a segment; for what a pair of segments shares, the lower of the two.
NEIGHBOURHOOD = 0x104  # words: stratum of income, opinion, conscientiousness, place in it
CORRIDOR = 0x105  # the same, shared along far slot 0
NEAR_RECIPE = 0x106  # words: circle and recipe of near ties, workplace template, unused
NEAR_TIE = 0x107  # month = 8 * slot + lower position // 8; 16-bit lanes: lower position % 8
FAR_TIE = 0x108  # month = 8 * slot + position in the lower segment // 8; lanes: position % 8
FAR_ORDER = 0x109  # month = slot (6: namesakes); words: order (2), template, small template
TEMPLATE_ROUND = 0x10A  # entity: first segment of 64 in a cell; words: permutation of templates
# Entity: an index into a table.
HOUSEHOLD_DECK = 0x10B  # month = cell
PERMUTATION = 0x10C  # month = template
RECIPES = 0x10D  # month = recipe of a circle; for a segment that is not full, 2**31 + segment
SAMPLE = 0x10E  # entity: a rank of the report's sample

_LOW = 0xFFFFFFFF


def key_of(seed: int) -> tuple[int, int]:
    """Return the two key words of a seed."""
    return seed & _LOW, (seed >> 32) & _LOW


def keyed_order(seed: int, call: int, length: int, *, month: int = 0) -> np.ndarray:
    """Return a keyed permutation of ``range(length)``: the order of 64-bit keys, entity by entity.

    Parameters
    ----------
    seed : int
        Seed of the world.
    call : int
        One of the calls of this module.
    length : int
        How many entities to put in order.
    month : int
        Second index of the key.
    """
    word = philox_numpy(*key_of(seed), np.arange(length), 0, month, call)
    keys = (word[0].astype(np.uint64) << np.uint64(32)) | word[1]
    return np.argsort(keys, kind="stable")


def segment_words(seed: int, call: int, first: int, count: int, *, month: int = 0) -> np.ndarray:
    """Return uint32[4, count]: the words of ``count`` consecutive segments."""
    out = np.empty((4, count), dtype=np.uint32)
    philox_rows(seed, first, count, month, call, out)
    return out
