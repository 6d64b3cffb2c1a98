"""The cube: sparse and exact, the same for any order of blocks."""

from __future__ import annotations

import hashlib

import numpy as np
import polars as pl
import pytest
from factory import PROVINCES
from hypothesis import given, settings
from hypothesis import strategies as st

from glasscity.month.ledger import ROWS
from glasscity.results.cube import CELLS, Cube, CubeBuilder, group_names

LEDGER = ROWS[:20]


def dense(seed, months=4, share=0.1):
    luck = np.random.default_rng(seed)
    shape = (months, len(PROVINCES), 2, len(LEDGER), CELLS)
    return np.where(luck.random(shape) < share, luck.integers(1, 1000, shape), 0)


def built(blocks, order=None):
    builder = CubeBuilder(LEDGER, provinces=PROVINCES)
    places = list(np.ndindex(blocks.shape[:3]))
    for at in order if order is not None else range(len(places)):
        month, province, area = places[at]
        builder.add(month, province, area, blocks[month, province, area])
    return builder.finish()


def test_the_sparse_cube_holds_exactly_what_the_dense_one_does():
    blocks = dense(1)
    cube = built(blocks)
    back = np.zeros_like(blocks)
    codes = cube.codes
    at = tuple(codes[name].astype(int) for name in ("month", "province", "area", "row", "cell"))
    back[at] = cube.counts
    assert np.array_equal(back, blocks)
    assert len(cube) == np.count_nonzero(blocks)


@settings(max_examples=25)
@given(st.randoms(use_true_random=False), st.integers(0, 2**32 - 1))
def test_the_order_of_blocks_changes_nothing(shuffler, seed):
    blocks = dense(seed, months=2)
    order = list(range(8))
    shuffler.shuffle(order)
    assert built(blocks, order).digest([1]) == built(blocks).digest([1])


def test_counts_added_in_parts_add_up():
    blocks = dense(2)
    rest = blocks // 3
    builder = CubeBuilder(LEDGER, provinces=PROVINCES)
    for part in (rest, blocks - rest):
        for place in np.ndindex(blocks.shape[:3]):
            builder.add(*place, part[place])
    cube = builder.finish()
    assert np.array_equal(cube.keys, built(blocks).keys)
    assert np.array_equal(cube.counts, built(blocks).counts)


def test_the_callers_array_may_be_used_again():
    builder = CubeBuilder(LEDGER, provinces=PROVINCES)
    counts = np.zeros((len(LEDGER), CELLS), np.int64)
    counts[3, 7] = 5
    builder.add(0, 0, 0, counts)
    counts[:] = 0
    assert builder.finish().counts.tolist() == [5]


def test_counts_beyond_32_bits_survive():
    builder = CubeBuilder(LEDGER, provinces=PROVINCES)
    counts = np.zeros((len(LEDGER), CELLS), np.int64)
    counts[0, 0] = 2**40
    builder.add(0, 0, 0, counts)
    builder.add(0, 0, 0, counts)
    assert builder.finish().counts.tolist() == [2**41]


def test_a_key_is_packed_as_documented():
    builder = CubeBuilder(LEDGER, provinces=PROVINCES)
    counts = np.zeros((len(LEDGER), CELLS), np.int64)
    counts[19, 74] = 1
    builder.add(83, 1, 1, counts)
    assert builder.finish().keys.tolist() == [83 << 26 | 1 << 20 | 1 << 19 | 19 << 7 | 74]


def test_the_digest_is_the_documented_hash():
    cube = built(dense(3))
    plain = hashlib.sha256()
    plain.update(len(cube).to_bytes(8, "little"))
    for key in cube.keys.tolist():
        plain.update(key.to_bytes(8, "little"))
    for count in cube.counts.tolist():
        plain.update(count.to_bytes(8, "little"))
    sums = [7, 2**64 - 1]
    plain.update(len(sums).to_bytes(8, "little"))
    for value in sums:
        plain.update(value.to_bytes(8, "little"))
    assert cube.digest(sums) == plain.hexdigest()


@pytest.mark.parametrize("change", ["key", "count", "sum", "fewer sums"])
def test_any_change_moves_the_digest(change):
    cube = built(dense(4))
    keys, counts, sums = cube.keys.copy(), cube.counts.copy(), [1, 2]
    if change == "key":
        keys[-1] += 1
    elif change == "count":
        counts[0] += 1
    elif change == "sum":
        sums = [2, 1]
    else:
        sums = [1]
    assert Cube(keys, counts, LEDGER, PROVINCES).digest(sums) != cube.digest([1, 2])


def test_margins_are_the_sums_over_everything_else():
    blocks = dense(5)
    margins = built(blocks).margins(6)
    names = group_names(PROVINCES)
    box = blocks.reshape(4, 2, 2, len(LEDGER), 5, 5, 3)
    plain = {("all", "all"): box.sum((1, 2, 4, 5, 6))}
    for kind, axis in (("province", 1), ("area", 2), ("quintile", 4), ("age", 5), ("camp", 6)):
        rest = tuple(a for a in (1, 2, 4, 5, 6) if a != axis)
        # The ledger's rows are the second axis that is left, or the last.
        sums = np.moveaxis(box, axis, 0).sum(tuple(r + 1 if r < axis else r for r in rest))
        words = [name for group, name in names if group == kind]
        plain |= {(kind, word): sums[at] for at, word in enumerate(words)}
    for at, name in enumerate(names):
        assert np.array_equal(margins[:4, at], plain[name]), name
    assert not margins[4:].any()


def test_the_groups_of_every_kind_add_up_to_the_nation():
    margins = built(dense(6)).margins(4)
    names = group_names(PROVINCES)
    for kind in ("province", "area", "quintile", "age", "camp"):
        own = [at for at, (group, _) in enumerate(names) if group == kind]
        assert np.array_equal(margins[:, own].sum(axis=1), margins[:, 0])


def test_the_stored_table_reads_in_words_and_gives_the_cube_back(tmp_path):
    cube = built(dense(7))
    cube.write(tmp_path / "cube.parquet")
    table = pl.read_parquet(tmp_path / "cube.parquet")
    first = table.row(0, named=True)
    key = int(cube.keys[0])
    row, cell = LEDGER[key >> 7 & 4095], key & 127
    assert first["measure"] == row.measure
    assert first["gate"] == row.gate
    assert first["province"] == PROVINCES[key >> 20 & 63]
    assert (first["quintile"], first["camp"]) == (
        f"q{cell // 15 + 1}",
        ("critical", "neutral", "supportive")[cell % 3],
    )
    assert table["count"].sum() == cube.counts.sum()
    again = Cube.read(tmp_path / "cube.parquet")
    assert again.digest([3]) == cube.digest([3])
    assert [row.about for row in again.rows] == [row.about for row in LEDGER]


def test_an_empty_cube_can_be_stored_too(tmp_path):
    cube = CubeBuilder(LEDGER, provinces=PROVINCES).finish()
    cube.write(tmp_path / "cube.parquet")
    assert Cube.read(tmp_path / "cube.parquet").digest() == cube.digest()
    assert cube.months == 0
    assert not cube.margins(2).any()


@pytest.mark.parametrize(
    ("place", "shape", "value"),
    [
        ((-1, 0, 0), (20, CELLS), 1),
        ((0, 2, 0), (20, CELLS), 1),
        ((0, 0, 2), (20, CELLS), 1),
        ((0, 0, 0), (19, CELLS), 1),
        ((0, 0, 0), (20, CELLS), -1),
    ],
)
def test_counts_that_make_no_sense_are_refused(place, shape, value):
    counts = np.zeros(shape, np.int64)
    counts[0, 0] = value
    with pytest.raises(ValueError, match=r".+"):
        CubeBuilder(LEDGER, provinces=PROVINCES).add(*place, counts)
