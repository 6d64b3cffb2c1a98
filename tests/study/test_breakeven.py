"""Break-even maps of planted planes."""

from __future__ import annotations

import numpy as np
import pytest

from glasscity.scenario import Scenario
from glasscity.study.breakeven import break_even, grid
from glasscity.study.swept import inputs


@pytest.fixture(scope="module")
def axes():
    return inputs(Scenario(country="plainland"), ("deterrence", "refusal_cost"), declared=True)


def made(axes, effect, *, side=5, seeds=4, noise=0.0, seed=1):
    x, y = axes
    luck = np.random.default_rng(seed)
    points = grid(x, y, side)
    values = [
        [effect(p[x.name], p[y.name]) + noise * luck.normal() for p in points] for _ in range(seeds)
    ]
    return break_even(x, y, points, values)


def test_a_grid_holds_zero_and_opposite_signs_and_its_ends(axes):
    points = grid(*axes, 5)
    assert len(points) == 25
    assert {p["deterrence"] for p in points} == {-0.2, 0.0, 0.2, 0.4, 0.6}
    assert {p["refusal_cost"] for p in points} == {0.0, 0.25, 0.5, 0.75, 1.0}


def test_the_zero_line_of_a_plane_is_found(axes):
    found = made(axes, lambda d, c: d - 0.3 * c)
    assert found.degree == 1
    for point in found.line:
        assert point["x"] == pytest.approx(0.3 * point["y"], abs=0.002)
    assert len(found.line) > 20
    assert found.above == pytest.approx(1 - (0.2 + 0.15) / 0.8, abs=0.05)


@pytest.mark.parametrize("seed", range(6))
def test_the_interval_around_the_line_covers_the_truth(axes, seed):
    found = made(axes, lambda d, c: c - 0.2 - d, noise=0.05, seed=seed)
    inside = 0
    for point in found.line:
        other, own = ("y", "x") if found.along == "x" else ("x", "y")
        truth = point[other] - 0.2 if own == "x" else point[other] + 0.2
        low = -np.inf if point["low"] is None else point["low"]
        high = np.inf if point["high"] is None else point["high"]
        inside += low <= truth <= high
    assert inside == len(found.line)
    assert found.unclear > 0


def test_a_line_that_leaves_the_map_is_no_line_and_its_side_is_said(axes):
    found = made(axes, lambda d, c: -1 - d, noise=0.01)
    assert found.line == []
    assert (found.below, found.above, found.unclear) == (1.0, 0.0, 0.0)


def test_luck_alone_leaves_the_map_unclear(axes):
    found = made(axes, lambda d, c: 0.0, noise=1.0)
    assert found.unclear > 0.6


def test_a_curved_line_takes_a_higher_degree(axes):
    found = made(axes, lambda d, c: d - 0.4 * c * c)
    assert found.degree == 2
    assert all(p["x"] == pytest.approx(0.4 * p["y"] ** 2, abs=0.002) for p in found.line)


def test_a_map_with_too_many_failed_runs_is_no_map(axes):
    x, y = axes
    points = grid(x, y, 4)
    values = [[None] * 8 + [1.0] * 8 for _ in range(3)]
    assert break_even(x, y, points, values) is None
