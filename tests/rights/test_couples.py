"""Couples' likeness and match odds, against figures worked out apart."""

from __future__ import annotations

import numpy as np
import pytest

from glasscity.month import tables as at
from glasscity.results.outcome import COUPLE_SUMS, DECILE_COLUMNS
from glasscity.rights.couples import couples_assortativity, match_odds


def sums_of(pairs, blind_pairs):
    """Return the seven sums of some couples and of every blind couple equally likely."""
    x, y = np.array(pairs).T
    u, v = np.array(blind_pairs).T
    scale = 256 * len(pairs) / len(blind_pairs)
    blind = ((u + v).sum(), (u * u + v * v).sum(), (2 * u * v).sum())
    own = ((x + y).sum(), (x * x + y * y).sum(), (2 * x * y).sum())
    return np.array([len(pairs), *own, *(round(scale * value) for value in blind)], dtype=np.int64)


def both_ways(pairs):
    x, y = np.array(pairs, dtype=float).T
    return np.corrcoef(np.r_[x, y], np.r_[y, x])[0, 1]


def test_likeness_is_the_correlation_over_both_orders_of_each_couple():
    pairs, blind = [(600, 610), (700, 640), (550, 560)], [(600, 700), (610, 560), (550, 640)]
    found = couples_assortativity(sums_of(pairs, blind))
    assert found.couples == 3
    assert found.actual == pytest.approx(both_ways(pairs), abs=1e-12)
    assert found.blind == pytest.approx(both_ways(blind), abs=1e-12)
    assert found.beyond == pytest.approx(found.actual - found.blind, abs=1e-15)


def test_months_are_pooled():
    one, other = [(600, 610), (700, 640)], [(550, 560), (900, 880), (905, 350)]
    months = np.array([sums_of(one, other), sums_of(other, one)])
    found = couples_assortativity(months)
    assert found.couples == 5
    assert found.actual == pytest.approx(both_ways(one + other), abs=1e-12)


def test_large_sums_lose_nothing():
    near, far = [(1_000, 1_001)] * 2 + [(1_001, 1_000)], [(1_000, 1_001)]
    million = couples_assortativity(sums_of(near, far) * 1_000_000_000)
    assert million.actual == pytest.approx(-1, abs=1e-12)


@pytest.mark.parametrize("pairs", [[(600, 600)], [(0, 0)]])
def test_without_spread_likeness_is_not_a_number(pairs):
    found = couples_assortativity(sums_of(pairs, pairs))
    assert np.isnan([found.actual, found.blind, found.beyond]).all()


def test_without_couples_likeness_is_not_a_number():
    found = couples_assortativity(np.zeros((84, 7), dtype=np.int64))
    assert found.couples == 0
    assert np.isnan(found.actual)


def test_odds_are_couples_over_months_of_looking_in_the_whole_run():
    deciles = np.zeros((2, 10, 8), dtype=np.int64)
    deciles[0, 3, at.D_SEARCHING], deciles[1, 3, at.D_SEARCHING] = 30, 10
    deciles[1, 3, at.D_COUPLED] = 4
    odds = match_odds(deciles)
    assert odds[3] == pytest.approx(0.1)
    assert np.isnan(np.delete(odds, 3)).all()


@pytest.mark.parametrize("shape", [(84, 5), (7, 84), (5,)])
def test_sums_of_another_shape_are_refused(shape):
    with pytest.raises(ValueError, match="columns"):
        couples_assortativity(np.zeros(shape, dtype=np.int64))


@pytest.mark.parametrize("shape", [(84, 8, 10), (10, 7), (8,)])
def test_counts_of_another_shape_are_refused(shape):
    with pytest.raises(ValueError, match="decile"):
        match_odds(np.zeros(shape, dtype=np.int64))


def test_the_columns_are_those_that_the_month_fills():
    assert len(COUPLE_SUMS) == at.COUPLE_COUNTS
    assert len(DECILE_COLUMNS) == at.DECILE_COUNTS
    for name in DECILE_COLUMNS:
        assert DECILE_COLUMNS.index(name) == getattr(at, f"D_{name.upper()}")
    places = (at.P_COUPLES, at.P_X, at.P_XX, at.P_XY, at.P_BLIND_X, at.P_BLIND_XX, at.P_BLIND_XY)
    assert places == tuple(range(at.COUPLE_COUNTS))
