"""What an input adds: against slower ways to the same numbers, and on made-up inputs."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize

from glasscity.rights.article5.fit import added, auc, cross_fitted, delong, logistic
from glasscity.rights.article5.lift import NO_LIFT


def world(n: int, seed: int):
    """Return two inputs that tell, one that does not, and the outcome."""
    luck = np.random.default_rng(seed)
    known, other, noise = luck.normal(size=(3, n))
    chance = 1 / (1 + np.exp(-(-2.5 + known + 0.8 * other)))
    return known[:, None], other[:, None], noise[:, None], luck.random(n) < chance


def test_the_area_is_the_share_of_pairs_in_order_ties_a_half():
    luck = np.random.default_rng(1)
    index, outcome = luck.integers(0, 6, 60).astype(float), luck.random(60) < 0.3
    bad, good = index[outcome], index[~outcome]
    above = (bad[:, None] > good).mean() + (bad[:, None] == good).mean() / 2
    assert auc(index, outcome) == pytest.approx(above)


def test_newton_finds_the_maximum_of_the_likelihood():
    known, other, _, outcome = world(2_000, 2)
    x = np.column_stack([known, other])

    def loss(w):
        z = w[0] + x @ w[1:]
        return np.logaddexp(0, z).sum() - z[outcome].sum() + 0.5e-3 * (w[1:] ** 2).sum()

    wanted = minimize(loss, np.zeros(3), method="BFGS", options={"gtol": 1e-6}).x
    assert logistic(x, outcome) == pytest.approx(wanted, abs=1e-4)


def test_an_input_that_tells_the_outcome_apart_wholly_has_finite_weights():
    outcome = np.arange(100) < 30
    weights = logistic(outcome[:, None].astype(float), outcome)
    assert np.isfinite(weights).all()


def test_delongs_error_is_that_of_repeated_samples():
    gains, errors = [], []
    for seed in range(120):
        known, other, _, outcome = world(800, 100 + seed)
        first, second, error = delong(known[:, 0], (known + 0.8 * other)[:, 0], outcome)
        gains.append(second - first)
        errors.append(error)
    # 120 samples know a standard deviation to 6.5 %: three of these.
    assert np.mean(errors) == pytest.approx(np.std(gains), rel=0.2)


def test_an_input_that_tells_something_is_a_lift_and_one_that_does_not_is_none():
    known, other, noise, outcome = world(12_000, 5)
    fold = np.arange(len(outcome)) % 5
    real, empty = (added(known, one, outcome, fold) for one in (other, noise))
    assert real.low > NO_LIFT
    assert empty.high < NO_LIFT
    assert empty.difference < 0.002


def test_without_folds_noise_would_seem_to_add_something():
    luck = np.random.default_rng(6)
    noise, outcome = luck.normal(size=(300, 40)), luck.random(300) < 0.3
    weights = logistic(noise, outcome)
    assert auc(noise @ weights[1:], outcome) > 0.65
    fold = np.arange(300) % 5
    assert auc(cross_fitted(noise, outcome, fold), outcome) < 0.6
