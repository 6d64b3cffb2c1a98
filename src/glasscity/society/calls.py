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
    "USES",
    "keyed_order",
    "key_of",
    "segment_words",
]

PERSON = 0x100
PERSON_MORE = 0x101
HOUSEHOLD = 0x102
CHILDREN = 0x103
NEIGHBOURHOOD = 0x104
CORRIDOR = 0x105
NEAR_RECIPE = 0x106
NEAR_TIE = 0x107
FAR_TIE = 0x108
FAR_ORDER = 0x109
TEMPLATE_ROUND = 0x10A
HOUSEHOLD_DECK = 0x10B
PERMUTATION = 0x10C
RECIPES = 0x10D
SAMPLE = 0x10E

# By call: whose draw it is, what stands in the place of the month, and what its words decide (a
# pair of segments draws as the lower of the two).
USES: dict[int, tuple[str, str, str]] = {
    PERSON: ("citizen", "0", "age; occupation; own conscientiousness and opinion; profile"),
    PERSON_MORE: (
        "citizen",
        "0",
        "16-bit lanes: pay app, social app; credit, thick file; sociability, name group; "
        "instalment class, age shared with the head",
    ),
    HOUSEHOLD: (
        "head of the household",
        "0",
        "income and conscientiousness; opinion; school children; private school",
    ),
    CHILDREN: ("head of the household", "0", "children under 18, for the report alone"),
    NEIGHBOURHOOD: (
        "segment",
        "0",
        "stratum of income; opinion; conscientiousness; place in the stratum",
    ),
    CORRIDOR: ("pair of segments of far slot 0", "0", "the same"),
    NEAR_RECIPE: ("segment", "0", "circle and recipe of near ties; workplace template"),
    NEAR_TIE: (
        "segment",
        "8 slot + lower position // 8",
        "16-bit lanes by lower position % 8: whether the tie exists",
    ),
    FAR_TIE: (
        "pair of segments",
        "8 slot + position in the lower segment // 8",
        "16-bit lanes by position % 8: whether the tie exists",
    ),
    FAR_ORDER: ("segment", "slot (6: namesakes)", "order (two words); template; small template"),
    TEMPLATE_ROUND: (
        "first of 64 segments of a cell",
        "0",
        "permutation of the household templates: factor; shift",
    ),
    HOUSEHOLD_DECK: ("index of a household", "cell", "order of the deck (two words)"),
    PERMUTATION: ("position", "template", "order of the positions (two words)"),
    RECIPES: (
        "round",
        "recipe (entity: circle); 2**31 + segment where it is not full",
        "order of the rounds",
    ),
    SAMPLE: ("rank", "0", "who is in the report's sample"),
}

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
