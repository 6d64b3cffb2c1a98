"""V6. Ranks by the national histogram.

What: the rank of a score is the share strictly below plus half of the equals: over the scored its
mean is 1/2 and its variance (1 - sum f_j^3)/12 over groups of equals. The shipped `score_at` is the
inverse (the lowest score of at least a rank): with 5,000 scored, ranks are whole hundredths of a
per cent, and both moments are compared as whole numbers. A rank gate closes exactly the scores of
lower rank, and at most its share of people.
Power: exact: one person in the wrong group, or half a person's rank, is seen (no statistics).
Wrong kernels: the share strictly below; the share below or equal; a histogram that loses a person.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from alarm import must_alarm, require
from findings import BOOK
from mutants import wrong
from rig import Room, quiet, society, step, world

from glasscity.engine import world as world_module
from glasscity.engine.world import score_at
from glasscity.month.score import score
from glasscity.terms import GATES

SCORED = 5_000
GRID = [k / 100 for k in range(10_001)]


def histogram(seed: int) -> np.ndarray:
    """Return 5,000 people in groups of equals of very unequal sizes."""
    luck = np.random.default_rng(seed)
    groups = int(luck.integers(1, 200))
    scores = luck.choice(np.arange(350, 951), groups, replace=False)
    shares = luck.dirichlet(np.full(groups, 0.3))
    bins = np.zeros(2048, dtype=np.int64)
    bins[scores] = luck.multinomial(SCORED, shares)
    return bins


def check_moments(inverse, bins: np.ndarray) -> None:
    people = int(bins.sum())
    BOOK.counted("groups of equal scores", len(np.flatnonzero(bins)))
    found = np.array([inverse(bins, percentile) for percentile in GRID])
    mean, square, cubes = Fraction(0), Fraction(0), Fraction(0)
    for value in np.flatnonzero(bins):
        share = Fraction(int(bins[value]), people)
        # The greatest percentile at which this score still stands.
        rank = Fraction(int(np.searchsorted(found, value, side="right")) - 1, 10_000)
        if value == np.flatnonzero(bins)[-1]:
            rank = 1 - share / 2
            require(
                inverse(bins, float(rank * 100)) == value,
                f"the highest score {value} does not stand at its own rank {float(rank)}",
            )
        mean += share * rank
        square += share * rank**2
        cubes += share**3
    require(mean == Fraction(1, 2), f"the mean rank is {float(mean)}")
    require(square - mean**2 == (1 - cubes) / 12, f"the variance is {float(square - mean**2)}")


@pytest.mark.parametrize("seed", range(6))
def test_ranks_have_the_mean_and_variance_of_mid_ranks(seed):
    check_moments(score_at, histogram(seed))


@pytest.mark.verify
@pytest.mark.parametrize("seed", range(6, 100))
def test_ranks_have_them_in_a_hundred_histograms(seed):
    check_moments(score_at, histogram(seed))


def check_histogram(kernel) -> None:
    room = Room(5 * 1024, tables=quiet(weights=[0, 0, 0, 256 * 600, 0], relation=0))
    room.traits.profile[:] = np.random.default_rng(6).integers(0, 256, room.n)
    room.do(kernel)
    shown = np.bincount((room.state.face.next & 2047).astype(np.int64), minlength=2048)
    require((shown == room.histogram).all(), "the histogram is not that of the scores shown")
    require(room.histogram.sum() == room.n, "somebody is missing in the histogram")


def test_the_histogram_of_the_score_kernel_is_that_of_the_scores_shown():
    check_histogram(score)


def test_a_rank_gate_closes_the_lower_ranks_and_at_most_its_share():
    one = world(society())
    for month in range(12):
        done = step(one, month)
    ranked = [g for g in range(len(GATES)) if one.gates.kind[g] == 2]
    assert ranked
    bins = done.histogram
    people = int(bins.sum())
    below = np.cumsum(bins) - bins
    for g in ranked:
        shut = (one.score_gates >> np.uint32(g)) & 1 == 1
        bound = Fraction(round(one.gates.percentile[g] * 100), 10_000)
        for value in np.flatnonzero(bins):
            rank = Fraction(int(2 * below[value] + bins[value]), 2 * people)
            assert shut[value] == (rank < bound)
        assert bins[shut].sum() - bins[shut][-1:].sum() / 2 < bound * people


def test_the_check_sees_wrong_kernels():
    half = "2 * (np.cumsum(equals) - equals) + equals"
    strict = wrong(world_module, (half, "2 * (np.cumsum(equals) - equals)")).score_at
    loose = wrong(world_module, (half, "2 * np.cumsum(equals)")).score_at
    for inverse in (strict, loose):
        must_alarm(lambda inverse=inverse: check_moments(inverse, histogram(0)))

    def forgetful(*arguments):
        score(*arguments)
        arguments[-1][int(np.flatnonzero(arguments[-1])[0])] -= 1

    forgetful.py_func = score.py_func
    must_alarm(lambda: check_histogram(forgetful))
