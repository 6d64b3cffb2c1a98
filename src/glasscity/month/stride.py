"""What stages do for a whole stride at a time, before they look at single citizens.

Most citizens have nothing out of the ordinary in a month.  Loops that do the same for everybody
take slices of columns, hold no branch and call nothing large, so that the compiler does several
citizens at a time.
"""

from __future__ import annotations

import numpy as np

from glasscity.draws import _LOW, _M0, _M1, _W0, _W1, _32
from glasscity.jit import inner
from glasscity.month import tables as at
from glasscity.month.shared import cell_of

__all__ = ["CELLS", "applications", "cells_of", "limits_of", "lowest", "philox_of"]

CELLS = 75
# The place of a bit by the top five bits of its product with a sequence in which each five bits
# are other ones (de Bruijn).
_PLACE = np.zeros(32, dtype=np.int64)
for _bit in range(32):
    _PLACE[((1 << _bit) * 0x077CB531 & 0xFFFFFFFF) >> 27] = _bit
# The bits of a mask of eight, each in a byte of its own.
_BYTES = np.array(
    [sum((mask >> bit & 1) << 8 * bit for bit in range(8)) for mask in range(256)], dtype=np.int64
)
# So many citizens can be added up in bytes before one could overflow.
_FULL = 255


@inner
def cells_of(incomes, whos, opinions, cells):
    """Fill in the cube's cell of each citizen, uint8, from slices of columns."""
    for k in range(len(cells)):
        cells[k] = cell_of(np.int64(incomes[k]), np.int64(whos[k]), np.int64(opinions[k]))


@inner
def limits_of(tables, area, limits):
    """Fill in what the eight everyday gates' lanes are compared with.

    ``limits``, int64[25, 4], by quintile and age, and by word: twice 32 bits, each a 16-bit
    threshold plus 65535, so that bit 16 is left of the difference to a lane below the threshold.
    """
    for kind in range(25):
        first = at.EVERYDAY + 8 * (25 * area + kind)
        for word in range(4):
            low = tables[first + 2 * word] + 65535
            high = tables[first + 2 * word + 1] + 65535
            limits[kind, word] = low | high << 32


@inner
def applications(cells, words, limits, applied, sums, total):
    """Fill in where each citizen applies of the eight everyday gates, as a mask; count by gate.

    Parameters
    ----------
    cells : uint8[n]
    words : uint32[4, at least n]
        Eight 16-bit lanes a citizen, one for each gate.
    limits : int64[25, 4]
        What ``limits_of`` has made.
    applied : uint8[n]
        Filled in.
    sums : int64[75]
        Scratch, zero before and after.
    total : int64[8, 75]
        Added to.
    """
    n = len(cells)
    for start in range(0, n, _FULL):
        for k in range(start, min(start + _FULL, n)):
            cell = np.int64(cells[k])
            mask = np.int64(0)
            for w in range(4):
                x = np.int64(words[w, k])
                left = limits[cell // 3, w] - (x & 0xFFFF | (x >> 16) << 32)
                mask |= (left >> 16 & 1 | left >> 47 & 2) << 2 * w
            applied[k] = mask
            sums[cell] += _BYTES[mask]
        for g in range(8):
            for cell in range(CELLS):
                total[g, cell] += sums[cell] >> 8 * g & 255
        sums[:] = 0


@inner
def philox_of(seed, first, some, count, month, call, out):
    """Fill ``out[0:4, x]`` with the words of the entity ``first + some[x]``, for x below ``count``.

    As draws.philox_rows, for single citizens of a stride.
    """
    key0 = np.uint64(seed) & _LOW
    key1 = np.uint64(seed) >> _32
    moment = np.uint64(month)
    use = np.uint64(call)
    for x in range(count):
        entity = np.uint64(first + some[x])
        x0 = entity & _LOW
        x1 = entity >> _32
        x2 = moment
        x3 = use
        a = key0
        b = key1
        for _ in range(10):
            p0 = _M0 * x0
            p1 = _M1 * x2
            x0 = (p1 >> _32) ^ x1 ^ a
            x1 = p1 & _LOW
            x2 = (p0 >> _32) ^ x3 ^ b
            x3 = p0 & _LOW
            a = (a + _W0) & _LOW
            b = (b + _W1) & _LOW
        out[0, x] = np.uint32(x0)
        out[1, x] = np.uint32(x1)
        out[2, x] = np.uint32(x2)
        out[3, x] = np.uint32(x3)


@inner
def lowest(mask):
    """Return the place of the lowest bit that is set in a mask of up to 32 bits, not 0."""
    return _PLACE[((mask & -mask) * 0x077CB531 & 0xFFFFFFFF) >> 27]
