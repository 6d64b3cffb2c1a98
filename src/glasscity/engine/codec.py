"""Columns of a part of the society, packed into few bytes and back, without loss.

Most columns of the state say the same of most people: no debt, no listing, no court case.  A column
is therefore kept as its commonest value and the exceptions, in whichever of four forms is shortest:

====  ==========  =====================================================
form  name        holds
====  ==========  =====================================================
0     constant    the common value alone
1     few         16-bit places of the exceptions, then their values
2     some        a bit a citizen, then the values of the exceptions
3     plain       every value
====  ==========  =====================================================

A section begins with its form and length (one 64-bit word: form, exceptions, bytes of the whole
section) and the common value (another), and is padded to 8 bytes, so that sections can be skipped
or copied without being read.
"""

from __future__ import annotations

import numpy as np

from glasscity.jit import kernel

__all__ = [
    "HEADER",
    "MOST",
    "checksum_of",
    "pack_column",
    "room_for",
    "section_bytes",
    "unpack_column",
]

# Citizens of a part at most: places are 16 bits.
MOST = 65536
HEADER = 16
_WORD = 64
_SAMPLE = 256
# Odd, near 2**64 over the golden ratio.
_ODD = np.uint64(0x9E3779B97F4A7C15)


def room_for(citizens: int, itemsize: int) -> int:
    """Return the bytes that a packed column takes at most."""
    return HEADER + _padded(citizens * itemsize) + 8


def _padded(size: int) -> int:
    return (size + 7) & ~7


def section_bytes(packed: np.ndarray, at: int) -> int:
    """Return the bytes of the section that begins at a place of a packed part."""
    return int(packed[at : at + 8].view(np.uint64)[0] >> np.uint64(20))


@kernel
def _commonest(column):
    """Return the majority's value of a sample (Boyer and Moore), or 0 where that is as common."""
    n = len(column)
    step = max(1, n // _SAMPLE)
    held = np.int64(column[0])
    votes = 0
    for i in range(0, n, step):
        if votes == 0:
            held = np.int64(column[i])
        votes += 1 if column[i] == held else -1
    nothing = 0
    for i in range(0, n, step):
        nothing += np.int64(column[i] == 0) - np.int64(column[i] == held)
    return held if nothing < 0 else np.int64(0)


@kernel
def pack_column(column, plain_from, out, at):
    """Pack a column into ``out`` from ``at`` on and return where it ends.

    Parameters
    ----------
    column : integers[n], n up to 65,536
        Of 1, 2 or 4 bytes each.
    plain_from : float
        Share of exceptions from which on every value is kept as it is.
    out : uint8[...]
        With room for `room_for`.
    at : int
        A multiple of 8.

    Up to 8 bytes behind the end may be written as well.
    """
    n = len(column)
    size = column.itemsize
    common = np.int64(0)
    exceptions = np.int64(0)
    if n > 0:
        common = _commonest(column)
        for i in range(n):
            exceptions += column[i] != common
    words = (n + _WORD - 1) // _WORD
    body = at + HEADER
    if exceptions == 0:
        form = 0
        end = body
    elif exceptions * 16 < n:
        form = 1
        places = out[body : body + 2 * exceptions + 2].view(np.uint16)
        first = (body + 2 * exceptions + 7) & ~7
        values = out[first : first + size * (exceptions + 1)].view(column.dtype)
        k = 0
        for i in range(n):
            if column[i] != common:
                places[k] = i
                values[k] = column[i]
                k += 1
        end = first + size * exceptions
    elif exceptions < plain_from * n:
        form = 2
        bits = out[body : body + 8 * words].view(np.uint64)
        first = body + 8 * words
        values = out[first : first + size * (exceptions + 1)].view(column.dtype)
        k = 0
        for w in range(words):
            mask = np.uint64(0)
            lo = w * _WORD
            for i in range(lo, min(lo + _WORD, n)):
                other = column[i] != common
                values[k] = column[i]
                k += other
                mask |= np.uint64(other) << np.uint64(i - lo)
            bits[w] = mask
        end = first + size * exceptions
    else:
        form = 3
        values = out[body : body + size * n].view(column.dtype)
        for i in range(n):
            values[i] = column[i]
        end = body + size * n
    end = (end + 7) & ~7
    head = out[at : at + HEADER].view(np.int64)
    head[0] = (end - at) << 20 | exceptions << 2 | form
    head[1] = common
    return end


@kernel
def unpack_column(packed, at, column):
    """Fill a column from the section at ``at`` and return where the section ends."""
    n = len(column)
    size = column.itemsize
    head = packed[at : at + HEADER].view(np.int64)
    form = head[0] & 3
    exceptions = (head[0] >> 2) & 0x3FFFF
    end = at + (head[0] >> 20)
    body = at + HEADER
    if form == 3:
        values = packed[body : body + size * n].view(column.dtype)
        for i in range(n):
            column[i] = values[i]
        return end
    common = head[1]
    if form != 2:
        for i in range(n):
            column[i] = common
    if form == 1:
        places = packed[body : body + 2 * exceptions].view(np.uint16)
        first = (body + 2 * exceptions + 7) & ~7
        values = packed[first : first + size * exceptions].view(column.dtype)
        for k in range(exceptions):
            column[places[k]] = values[k]
    elif form == 2:
        words = (n + _WORD - 1) // _WORD
        bits = packed[body : body + 8 * words].view(np.uint64)
        first = body + 8 * words
        values = packed[first : first + size * exceptions].view(column.dtype)
        k = 0
        last = max(exceptions - 1, 0)
        for w in range(words):
            mask = bits[w]
            lo = w * _WORD
            for i in range(lo, min(lo + _WORD, n)):
                other = np.int64((mask >> np.uint64(i - lo)) & np.uint64(1))
                column[i] = values[min(k, last)] if other else common
                k += other
    return end


@kernel
def checksum_of(packed):
    """Return a 64-bit checksum of bytes, as a signed number.

    Four multiplicative hashes of every fourth word, mixed: it takes a fraction of the time that
    a cyclic code takes, and what it is to find is damage, not malice.
    """
    n = len(packed) // 8
    words = packed[: 8 * n].view(np.uint64)
    a = np.uint64(len(packed)) * _ODD
    b = a ^ np.uint64(1)
    c = a ^ np.uint64(2)
    d = a ^ np.uint64(3)
    fours = n // 4
    for k in range(fours):
        a = (a ^ words[4 * k]) * _ODD
        b = (b ^ words[4 * k + 1]) * _ODD
        c = (c ^ words[4 * k + 2]) * _ODD
        d = (d ^ words[4 * k + 3]) * _ODD
        a ^= a >> np.uint64(29)
        b ^= b >> np.uint64(29)
        c ^= c >> np.uint64(29)
        d ^= d >> np.uint64(29)
    for k in range(4 * fours, n):
        a = (a ^ words[k]) * _ODD
        a ^= a >> np.uint64(29)
    for k in range(8 * n, len(packed)):
        b = (b ^ np.uint64(packed[k])) * _ODD
        b ^= b >> np.uint64(29)
    whole = _ODD
    # Each enters a step later than the one before: the same damage to two does not cancel.
    for one in (a, b, c, d):
        whole = (whole ^ one) * _ODD
        whole ^= whole >> np.uint64(32)
    return np.int64(whole)
