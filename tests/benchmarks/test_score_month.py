"""Everybody who is timed on score-month does the same task."""

from __future__ import annotations

import numba as nb
import numba_loop
import numpy as np
import plain_numpy
import pytest
import task
from months import Months

from glasscity.draws import CALLS, MONTH_ZERO, philox_numpy
from glasscity.month.shared import tie_ids

N = 20_000


@pytest.fixture(scope="module")
def loop():
    # Serial: a parallel kernel would leave threads behind that other tests' children die of.
    return nb.njit(error_model="numpy")(numba_loop._month.py_func)


def looped(loop, citizens: int, months: int, partners=None):
    society = numba_loop.Society(citizens, 1)
    if partners is not None:
        society.partners = partners
    for month in range(months):
        start = np.uint64((int(numba_loop._STEP) + month * numba_loop._MONTH) % 2**64)
        loop(start, society.partners, society.score, society.following, society.restricted)
        society.score, society.following = society.following, society.score
    return society


def test_numpy_and_the_compiled_loop_give_everybody_the_same_score(loop):
    ours = plain_numpy.Society(3000, 1, keyed=True)
    for _ in range(6):
        ours.month()
    theirs = looped(loop, 3000, 6)
    np.testing.assert_allclose(ours.score, theirs.score, rtol=0, atol=1e-9)
    assert np.array_equal(ours.restricted, theirs.restricted)
    assert 0 < ours.restricted.mean() < 0.3


def test_the_comparison_sees_acquaintances_that_belong_to_somebody_else(loop):
    ours = plain_numpy.Society(3000, 1, keyed=True)
    for _ in range(6):
        ours.month()
    wrong = looped(loop, 3000, 6, partners=np.roll(numba_loop.Society(3000, 1).partners, 1, axis=0))
    assert not np.allclose(ours.score, wrong.score, rtol=0, atol=1)


def test_nobody_is_an_acquaintance_of_oneself_and_everybody_has_ten():
    table = task.partners(500, 1)
    assert table.shape == (10, 500)
    assert not (table == np.arange(500)).any()
    assert table.min() >= 0
    assert table.max() < 500


def test_keyed_luck_is_uniform_and_another_month_brings_other_luck():
    one, other = task.keyed_uniform(1, 0, N), task.keyed_uniform(1, 1, N)
    for drawn in (one, other):
        assert drawn.min() >= 0
        assert drawn.max() < 1
        # Six standard errors.
        assert abs(drawn.mean() - 0.5) < 6 * np.sqrt(1 / 12 / N)
    assert abs(np.corrcoef(one, other)[0, 1]) < 6 / np.sqrt(N)


def test_glasscitys_form_of_the_task_has_the_tasks_mean_and_spread():
    """As far as the README says: mean within 3 points, spread within 5 %."""
    score, record = (plain_numpy.Society(N, 1, form=form) for form in ("score", "record"))
    for _ in range(14):
        score.month()
        record.month()
    assert abs(score.score.mean() - record.score.mean()) < 3
    assert score.score.std() == pytest.approx(record.score.std(), rel=0.05)


@pytest.fixture(scope="module")
def months():
    made = Months(N)
    made.run(12)
    yield made
    made.world.workers.close()


def test_glasscity_and_numpy_agree_on_the_task_in_glasscitys_form(months):
    """Tolerances: six standard errors of two independent societies."""
    ours = plain_numpy.Society(N, 1, form="record")
    for _ in range(14):
        ours.month()
    line = months.line(months.run(1))
    assert line["mean_score"] == pytest.approx(ours.score.mean(), abs=6 * 122 * np.sqrt(2 / N))
    assert line["spread"] == pytest.approx(ours.score.std(), abs=6 * 122 * np.sqrt(1 / N))
    share = ours.restricted.mean()
    assert line["restricted_share"] == pytest.approx(
        share, abs=6 * np.sqrt(2 * share * (1 - share) / N)
    )


def test_glasscitys_month_is_the_files_formula_for_every_citizen(months):
    """One month again from last month's faces, records and the published generator alone."""
    world, society, state = months.world, months.world.society, months.world.state
    faces = state.face.now.copy()
    record = state.record.deficits[:, 1].astype(np.int64)
    month, seed = months.done, society.seed
    months.run(1)

    ids = np.arange(N, dtype=np.uint64)
    words = philox_numpy(
        seed & 0xFFFFFFFF, seed >> 32, ids, ids >> np.uint64(32), MONTH_ZERO + month, CALLS["rare"]
    )
    heads = words[3] < 2**31
    record = record + ((heads * 65535 - record) * 32768 >> 16)
    assert np.array_equal(state.record.deficits[:, 1], record)

    found = np.zeros(32, dtype=np.int64)
    seen = faces.astype(np.int64) & 2047
    sample = range(0, N, 37)
    ties = []
    for i in sample:
        k = np.searchsorted(society.blocks[:, 0], i, side="right") - 1
        lo, segment = int(society.blocks[k, 0]), int(society.blocks[k, 5])
        n = tie_ids(
            i,
            segment + (i - lo) // 64,
            (i - lo) % 64,
            society.traits,
            society.wiring,
            faces,
            found,
        )
        ties.append(n)
        mean = (int(seen[found[:n]].sum()) * 65535 // n - 350 * 65535) // 600 if n else 32768
        raw = 350 * 256 + 107_520 * (65535 - int(record[i])) // 65535 + 46_080 * mean // 65535
        assert state.face.now[i] & 2047 == min(max((raw + 128) >> 8, 350), 950), i
    assert np.mean(ties) == pytest.approx(10, abs=0.5)
    restricted = state.audit.lost >> 7
    assert np.array_equal(restricted, (state.face.now & 2047) < 500)
    assert world.attributes > N
