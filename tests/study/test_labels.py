"""Labels of findings: planted models where the answer is known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from glasscity.study.labels import allowed_by_luck, label, split


def vectors(number=109, parameters=6, seed=1):
    table = np.random.default_rng(seed).random((number, parameters))
    return [{f"p{k}": float(x) for k, x in enumerate(row)} for row in table]


def noisy(values, error, seed=2):
    return np.asarray(values) + error * np.random.default_rng(seed).normal(size=len(values))


def test_an_effect_of_one_sign_everywhere_is_robust():
    several = vectors()
    found = label(noisy([-0.5 - one["p0"] for one in several], 0.05), 0.05, several)
    assert (found.label, found.side, found.below, found.on) == ("robust", "below", 109, None)


def test_an_effect_that_flips_is_conditional_on_the_parameter_and_the_value_where_it_flips():
    several = vectors()
    found = label(noisy([one["p3"] - 0.3 for one in several], 0.02), 0.02, several)
    assert (found.label, found.side) == ("conditional", "above")
    assert found.on is not None
    assert found.on.parameter == "p3"
    # It is clear above zero from about two errors above the flip on.
    assert 0.28 < found.on.value < 0.42
    assert found.on.above > 0.9 > 0.1 > found.on.below


def test_an_effect_that_is_clear_in_part_of_the_set_and_nil_elsewhere_is_conditional():
    several = vectors()
    values = [-max(0.0, one["p1"] - 0.3) for one in several]
    found = label(noisy(values, 0.02), 0.02, several)
    assert (found.label, found.side) == ("conditional", "below")
    assert found.on is not None
    assert found.on.parameter == "p1"


def test_no_effect_is_open_whatever_the_luck():
    several = vectors()
    labels = [label(noisy(np.zeros(109), 1.0, seed), 1.0, several).label for seed in range(40)]
    assert set(labels) == {"open"}


def test_a_size_is_labelled_against_its_bound():
    several = vectors()
    values = [0.6 + 0.1 * one["p0"] for one in several]
    assert label(values, 0.01, several, bound=0.5).label == "robust"
    assert label(values, 0.01, several, bound=0.65).label == "conditional"
    assert label(values, 0.01, several, bound=0.9).side == "below"


def test_what_is_not_estimable_anywhere_has_no_label_and_somewhere_counts_as_unclear():
    assert label([None, None], 0.1).label == "not estimable"
    found = label([1.0] * 8 + [None] * 2, 0.1)
    assert (found.above, found.unclear, found.label) == (8, 2, "conditional")


@pytest.mark.parametrize("number", [5, 40, 109, 400])
def test_luck_is_allowed_what_the_binomial_says(number):
    assert allowed_by_luck(number) == binom.ppf(0.99, number, 0.025)


def test_a_split_that_luck_would_give_is_no_split():
    several = vectors()
    found = [split(np.random.default_rng(k).random(109) < 0.5, several) for k in range(20)]
    # One in twenty shuffles may do as well by its own definition.
    assert sum(one is not None for one in found) <= 4


def test_what_hangs_on_two_at_once_names_none_of_the_others():
    several = vectors(400)
    holds = np.array([(one["p0"] > 0.5) != (one["p1"] > 0.5) for one in several])
    found = split(holds, several)
    assert found is None or found.accuracy < 0.65
