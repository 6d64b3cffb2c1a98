"""What may be said of a difference: nothing within its error or within the chaos floor."""

from __future__ import annotations

import numpy as np
import pytest

from glasscity.rights.paired.noise import (
    COUNTED,
    PEOPLE,
    SEEDS,
    Noise,
    Verdict,
    judged,
    noise_of,
    of_people,
    quantile_of_t,
)

MEASURED = {"seeds": 12, "failed": 0, "standard_error": {"restricted_share": 0.01}}


def noise(name="restricted_share", unit="share", sides=(0.1, 0.2), **more):
    given = {"variance": {}, "placebo": None, **more}
    return noise_of(name, unit, sides, (100.0, 100.0), **given)


@pytest.mark.parametrize(
    ("difference", "error", "floor", "verdict"),
    [
        (0.30, 0.1, 0.2, Verdict.CLEAR),
        (-0.30, 0.1, 0.2, Verdict.CLEAR),
        (0.15, 0.1, 0.2, Verdict.WITHIN_FLOOR),
        (0.05, 0.1, 0.2, Verdict.WITHIN_ERROR),
        (0.05, 0.1, 0.0, Verdict.WITHIN_ERROR),
        (0.0, 0.1, 0.2, Verdict.SAME),
        (0.30, None, 0.2, Verdict.NO_ERROR),
        (None, 0.1, 0.2, Verdict.UNKNOWN),
    ],
)
def test_a_difference_is_clear_only_beyond_error_and_floor(difference, error, floor, verdict):
    assert judged(difference, Noise(error, SEEDS, floor)) is verdict


def test_an_error_measured_over_seeds_comes_first():
    found = noise(variance=MEASURED, people=0.5)
    assert found.by == SEEDS
    assert found.error == pytest.approx(quantile_of_t(11) * 0.01)


def test_where_nothing_moved_in_the_smaller_worlds_they_are_not_believed():
    silent = {**MEASURED, "standard_error": {"restricted_share": 0.0}}
    assert noise(variance=silent, people=0.5).by == PEOPLE
    assert noise(variance=silent).by == COUNTED


def test_two_seeds_are_too_few():
    assert noise(variance={**MEASURED, "seeds": 5, "failed": 3}).by == COUNTED


def test_an_error_as_counted_is_that_of_two_unrelated_worlds():
    expected = 2 * (0.1 * 0.9 / 100 + 0.2 * 0.8 / 100) ** 0.5
    assert noise().error == pytest.approx(expected)
    assert noise("breaches", "count", (30, 70)).error == pytest.approx(20.0)


def test_a_mean_of_months_has_no_error_of_its_own():
    assert noise("closed_gate_months", "months", (1.0, 2.0)).error is None


def test_the_floor_is_how_far_the_placebo_moves_either_way():
    assert noise(placebo={"effects": {"restricted_share": -0.02}}).floor == pytest.approx(0.02)
    assert noise(placebo={"effects": {"restricted_share": None}}).floor is None


def test_what_is_not_estimable_in_one_world_has_no_error():
    assert noise(sides=(None, 0.2)).error is None


def test_citizens_own_differences_give_twice_the_standard_error_of_their_mean():
    change = np.array([0, 0, 1, -1] * 25)
    assert of_people(change) == pytest.approx(2 * (0.5 / 100) ** 0.5)
    assert of_people(np.zeros(100)) == pytest.approx(2 / 100)
    assert of_people(np.zeros(0)) == 2.0
