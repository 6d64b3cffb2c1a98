"""Income luck of neighbourhoods and corridors, spread evenly over the strata of a normal.

A neighbourhood's luck is shared by 64 people and a corridor's by 128, so plain draws would leave a
society of 100,000 with a national income and a Gini coefficient that miss the pack's by more than
a percent.  Instead the segments of a cell (the corridors of a province) take one stratum each of
the normal distribution, in a keyed order, with luck inside the stratum.  Each segment's own luck is
still exactly uniform; only the sum over a cell is steadied.
"""

from __future__ import annotations

import numpy as np

from glasscity.society.calls import CORRIDOR, NEIGHBOURHOOD, segment_words
from glasscity.society.cells import Layout
from glasscity.society.normals import QUANTILES

__all__ = ["income_luck"]


def income_luck(seed: int, layout: Layout, partner: np.ndarray) -> np.ndarray:
    """Return uint16[segments, 2]: rows of the normal table for neighbourhood and corridor.

    Parameters
    ----------
    seed : int
    layout : Layout
    partner : int32[segments]
        The other segment of the corridor, or -1.
    """
    number = layout.segments
    out = np.empty((number, 2), dtype=np.uint16)
    everyone = np.arange(number, dtype=np.int64)
    words = segment_words(seed, NEIGHBOURHOOD, 0, number)
    for _, _, first, count in layout.cells.tolist():
        _spread(words, everyone[first : first + count], out[:, 0])

    words = segment_words(seed, CORRIDOR, 0, number)
    lower = np.where(partner < 0, everyone, np.minimum(everyone, partner))
    heads = lower == everyone
    for province in range(len(layout.cells) // 2):
        first = layout.cells[2 * province, 2]
        end = layout.cells[2 * province + 1, 2:].sum()
        _spread(words, first + np.flatnonzero(heads[first:end]), out[:, 1])
    out[:, 1] = out[lower, 1]
    return out


def _spread(words: np.ndarray, entities: np.ndarray, out: np.ndarray) -> None:
    """Give each entity a stratum by the order of its first word, and luck inside it by its last."""
    own = words[:, entities].astype(np.uint64)
    order = np.argsort((own[0] << np.uint64(32)) | own[3], kind="stable")
    rank = np.empty(len(entities), dtype=np.int64)
    rank[order] = np.arange(len(entities))
    inside = (own[3] & np.uint64(0xFFFF)).astype(np.int64)
    out[entities] = (((rank << 16) + inside) * QUANTILES // max(len(entities), 1)) >> 16
