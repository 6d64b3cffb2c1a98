"""What is done for a whole stride at a time is what its formula says of each citizen."""

from __future__ import annotations

import numpy as np
import pytest
from month_worlds import ACCOUNT, BAR, BUSY, MEDDLED, SCHEME, Case

from glasscity.draws import philox
from glasscity.month import points as formulas
from glasscity.month import tables as at
from glasscity.month.shared import cell_of
from glasscity.month.stride import applications, cells_of, limits_of, lowest, philox_of

N = 1024


@pytest.mark.parametrize("weight", [0, 1, 255, 7_680, 255 * 256, 2**20, 2**25, -1, -300, -(2**20)])
def test_points_are_the_exact_quotient(weight):
    values = np.unique(np.r_[0:70, 32_700:32_800, 65_400:65_536, 0:65_536:97])
    found = [int(formulas.points_of(np.int64(weight), value)) for value in values]
    assert found == [weight * int(value) // 65_535 for value in values]


def scratch_of(rng, scored_most=31):
    """Ties that show something, as ``see`` could have found them."""
    scratch = np.zeros((at.SCRATCH_ROWS, N), dtype=np.int32)
    ties = rng.integers(0, 32, N)
    scored = np.minimum(rng.integers(0, scored_most + 1, N), ties)
    scratch[at.S_TIES_OPEN], scratch[at.S_TIES_SCORED] = ties, scored
    # Scores as alike, as low and as high as they come.
    mean = rng.choice(np.array([2, 350, 600, 601, 950, 2047]), N)
    scratch[at.S_TIES_SUM] = scored * mean + np.minimum(scored, rng.integers(0, 3, N))
    scratch[at.S_TIES_SUM] = np.minimum(scratch[at.S_TIES_SUM], scored * 2047)
    scratch[at.S_TIES_LOW] = np.minimum(rng.integers(0, 32, N), scored)
    critics = np.minimum(rng.integers(0, 32, N), ties)
    scratch[at.S_CRITICS], scratch[at.S_PRAISERS] = critics, rng.integers(0, ties - critics + 1)
    scratch[at.S_VOICE] = rng.integers(0, 3, N)
    return scratch


@pytest.mark.parametrize("statistic", [0, 1, 2])
@pytest.mark.parametrize("spread", [0, 1, 40, 960, 16_000])
@pytest.mark.parametrize(
    ("tables", "regime"),
    [
        (BUSY, "citizen-score-2020"),
        (BAR | MEDDLED, "citizen-score-2020"),
        (ACCOUNT | MEDDLED, SCHEME),
    ],
    ids=["busy", "gamed", "account"],
)
def test_raw_points_of_a_stride_are_those_of_its_citizens(statistic, spread, tables, regime):
    case = Case("points", regime=regime, tables=tables | {"statistic": statistic})
    table = case.compiled(case.rules())
    rng = np.random.default_rng(spread + statistic)
    now = np.zeros(at.NOW_SIZE, dtype=np.int64)
    now[at.NOW_MEAN16] = 0 if spread == 1 else 600 * 16
    now[at.NOW_SPREAD16] = spread
    deficits = np.where(rng.random((N, 4)) < 0.4, rng.integers(0, 65_536, (N, 4)), 0)
    deficits = deficits.astype(np.uint16)
    pointed = int(table[at.POINTED])
    taken = rng.permutation(deficits)[: N * pointed]
    earned = rng.integers(0, 65_536, N)[: N * pointed].astype(np.uint16)
    fulfilment = rng.integers(0, 65_536, N).astype(np.uint16)
    who, profile = (rng.integers(0, 256, N).astype(np.uint8) for _ in range(2))
    scratch = scratch_of(rng)
    raws = np.zeros(N, dtype=np.int64)
    # From the first citizen on, so that a slice's rows are the columns'.
    formulas.raw_points_of(
        table, now, 0, deficits, taken, fulfilment, who, profile, earned, scratch, raws
    )
    for k in range(N):
        raw = formulas.raw_points(
            table,
            now,
            k,
            formulas.category_history(table, deficits, taken, k),
            int(fulfilment[k]),
            int(who[k]),
            int(profile[k]),
            int(formulas.earned_of(table, earned, k)),
            *(
                int(scratch[row, k])
                for row in (
                    at.S_TIES_SUM,
                    at.S_TIES_SCORED,
                    at.S_TIES_LOW,
                    at.S_CRITICS,
                    at.S_PRAISERS,
                    at.S_TIES_OPEN,
                    at.S_VOICE,
                )
            ),
        )
        assert raws[k] == raw, k


def test_applications_are_counted_by_gate_and_cell():
    case = Case("busy", tables=BUSY)
    table = case.compiled(case.rules())
    # Nobody at one gate, everybody at another: the ends of what a threshold can be.
    everyday = table[at.EVERYDAY : at.EVERYDAY + 400].reshape(50, 8)
    everyday[:, 2], everyday[:, 5] = 0, 65_536
    everyday[:, 6] = 65_535
    rng = np.random.default_rng(3)
    words = rng.integers(0, 2**32, (4, N), dtype=np.uint32)
    words[:, 0], words[:, 1] = 0, 2**32 - 1
    income, who = (rng.integers(0, 256, N).astype(np.uint8) for _ in range(2))
    who = who & 0xF8 | rng.integers(0, 5, N).astype(np.uint8)
    opinion = rng.integers(-127, 128, N).astype(np.int8)
    cells, applied = np.zeros(N, dtype=np.uint8), np.zeros(N, dtype=np.uint8)
    limits, total = np.zeros((25, 4), dtype=np.int64), np.zeros((8, 75), dtype=np.int64)
    sums = np.zeros(75, dtype=np.int64)
    cells_of(income, who, opinion, cells)
    limits_of(table, 1, limits)
    applications(cells, words, limits, applied, sums, total)
    expected = np.zeros((8, 75), dtype=np.int64)
    for k in range(N):
        cell = cell_of(int(income[k]), int(who[k]), int(opinion[k]))
        assert cells[k] == cell
        for g in range(8):
            lane = int(words[g >> 1, k]) >> 16 * (g & 1) & 65_535
            applies = lane < everyday[25 + cell // 3, g]
            assert (applied[k] >> g & 1 == 1) == applies
            expected[g, cell] += applies
    assert np.array_equal(total, expected)
    assert not sums.any()


def test_single_citizens_draw_their_own_words():
    some = np.array([5, 0, 1023, 77], dtype=np.int32)
    out = np.zeros((4, 4), dtype=np.uint32)
    seed, first = 2**40 + 12_345, 2**33 + 1
    philox_of(seed, first, some, 3, 4_100, 9, out)
    for x in range(3):
        entity = first + int(some[x])
        key = seed & 0xFFFFFFFF, seed >> 32
        words = philox(*key, entity & 0xFFFFFFFF, entity >> 32, 4_100, 9)
        assert out[:, x].tolist() == [int(w) for w in words]
    assert not out[:, 3].any()


def test_the_lowest_bit_is_found():
    for bit in range(32):
        for above in (0, 0b1011 << 32, 1 << bit):
            mask = (1 << bit | above << 1) & 0xFFFFFFFF
            assert lowest(mask) == bit
