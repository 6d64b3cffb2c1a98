"""Inequality, ranks and assortativity against values made by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glasscity.rights.spread import Mobility, assortativity, gini, midranks


@pytest.mark.parametrize(
    ("values", "weights", "expected"),
    [
        ([5, 5, 5], [1, 1, 1], 0),
        ([0, 1], [1, 1], 1 / 2),
        ([1, 3], [1, 1], 1 / 4),
        ([0, 10], [9, 1], 0.9),
        ([1, 2, 3, 4], [1, 1, 1, 1], 1 / 4),
    ],
)
def test_gini_by_hand(values, weights, expected):
    assert gini(values, weights) == pytest.approx(expected)


@given(st.lists(st.integers(1, 100), min_size=2, max_size=30))
def test_gini_is_half_the_mean_difference_over_the_mean(values):
    plain = np.abs(np.subtract.outer(values, values)).mean() / 2 / np.mean(values)
    assert gini(values, np.ones(len(values))) == pytest.approx(plain, abs=1e-12)


def test_gini_of_a_histogram_is_that_of_its_people():
    values = np.array([350, 600, 600, 700, 950])
    assert gini(np.arange(1000), np.bincount(values, minlength=1000)) == pytest.approx(
        gini(values, np.ones(5))
    )


def test_gini_of_nobody_is_not_estimable():
    assert math.isnan(gini([1, 2], [0, 0]))


def test_midranks_by_hand():
    assert midranks(np.array([3, 1, 3, 2])) == pytest.approx([0.75, 0.125, 0.75, 0.375])


def test_assortativity_by_hand():
    # Ties (1, 1) and (3, 3): perfect; (1, 3) twice: perfectly opposite.
    assert assortativity(np.array([2, 8, 20, 20, 4])) == pytest.approx(1)
    assert assortativity(np.array([2, 8, 20, 12, 4])) == pytest.approx(-1)


def test_assortativity_is_the_correlation_over_ordered_pairs():
    luck = np.random.default_rng(3)
    x = luck.integers(350, 950, 400)
    y = (x + luck.integers(-50, 50, 400)).clip(350, 950)
    both = np.concatenate([x, y]), np.concatenate([y, x])
    moments = [400, both[0].sum(), (both[0] ** 2).sum(), (both[0] * both[1]).sum(), 800]
    assert assortativity(np.array(moments)) == pytest.approx(np.corrcoef(*both)[0, 1])


def test_assortativity_without_spread_is_not_estimable():
    assert math.isnan(assortativity(np.zeros(5, np.int64)))
    assert math.isnan(assortativity(np.array([1, 4, 8, 8, 2])))


def test_the_mobility_matrix_counts_everybody_once():
    luck = np.random.default_rng(4)
    before, after = midranks(luck.integers(0, 50, 300)), midranks(luck.integers(0, 50, 300))
    matrix = Mobility(before, after, np.zeros(300, int), 0, 12).matrix()
    assert matrix.sum() == 300
    assert matrix[0].sum() == (before < 0.1).sum()
