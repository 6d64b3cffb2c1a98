"""Packed columns come back as they were, in the form that is shortest."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glasscity.engine.codec import (
    HEADER,
    checksum_of,
    pack_column,
    room_for,
    section_bytes,
    unpack_column,
)

KINDS = (np.uint8, np.int8, np.uint16, np.int16, np.uint32)


def there_and_back(column: np.ndarray, plain_from: float = 0.75) -> tuple[np.ndarray, int]:
    """Return a column packed and unpacked, and the bytes between."""
    out = np.full(8 + room_for(len(column), column.itemsize), 255, np.uint8)
    end = pack_column(column, plain_from, out, 8)
    back = np.zeros_like(column)
    assert unpack_column(out, 8, back) == end == 8 + section_bytes(out, 8)
    assert (out[end + 8 :] == 255).all(), "nothing is written further behind"
    return back, end - 8


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("share", [0, 0.01, 0.06, 0.07, 0.3, 0.74, 0.76, 1])
@pytest.mark.parametrize("n", [1, 63, 64, 65, 5000])
def test_every_form_gives_the_column_back(kind, share, n):
    luck = np.random.default_rng([n, int(100 * share), KINDS.index(kind)])
    info = np.iinfo(kind)
    column = np.full(n, info.max, kind)
    other = luck.random(n) < share
    column[other] = luck.integers(info.min, info.max, other.sum(), kind, endpoint=True)
    back, size = there_and_back(column)
    assert np.array_equal(back, column)
    assert size % 8 == 0
    assert size <= HEADER + n * column.itemsize + 8


@given(st.lists(st.integers(-(2**15), 2**15 - 1), max_size=200), st.floats(0, 1))
@settings(max_examples=60, deadline=None)
def test_any_column_comes_back(values, plain_from):
    column = np.array(values, np.int16)
    assert np.array_equal(there_and_back(column, plain_from)[0], column)


def test_a_lane_of_several_comes_back():
    lanes = np.arange(4 * 1000, dtype=np.uint16).reshape(-1, 4)
    lanes[:, 2] = 7
    lanes[5, 2] = 9
    back, size = there_and_back(lanes[:, 2])
    assert np.array_equal(back, lanes[:, 2])
    assert size == HEADER + 8 + 8


def test_what_most_have_costs_next_to_nothing():
    column = np.full(60_000, 64, np.uint8)
    assert there_and_back(column)[1] == HEADER
    column[::100] = 65
    # A place of two bytes and a value for each of the 600.
    assert there_and_back(column)[1] == HEADER + 600 * 3


def test_a_checksum_moves_with_every_bit_and_with_the_length():
    luck = np.random.default_rng(5)
    for n in (0, 1, 7, 8, 31, 32, 33, 100):
        record = luck.integers(0, 255, n, np.uint8)
        sums = {checksum_of(record), checksum_of(np.append(record, np.uint8(0)))}
        for k in range(8 * n):
            record[k // 8] ^= 1 << k % 8
            sums.add(checksum_of(record))
            record[k // 8] ^= 1 << k % 8
        assert len(sums) == 8 * n + 2
