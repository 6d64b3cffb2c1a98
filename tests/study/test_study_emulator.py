"""The emulator against functions that are known: what it must find, and how sure it may be."""

from __future__ import annotations

import numpy as np
import pytest

from glasscity.study.emulator import fit
from glasscity.study.vectors import hypercube, uniforms

SIZE = 12
NOISE = 0.05


def logarithm(x):
    """A quadratic with an interaction, and bends that no quadratic has."""
    a, b, c = 2 * x[:, 0] - 1, 2 * x[:, 4] - 1, 2 * x[:, 7] - 1
    return -4 + a - 0.6 * b + 0.5 * a * b + 0.3 * c + 0.4 * np.sin(4 * a) + 0.3 * np.cos(4 * b)


@pytest.fixture(scope="module")
def fitted():
    places = hypercube(1, 1, 300, SIZE)
    noise = NOISE * np.random.default_rng(1).standard_normal(300)
    return fit(places, np.exp(logarithm(places) + noise))


def test_rare_things_are_fitted_by_their_logarithm(fitted):
    assert fitted.log
    assert not fit(hypercube(1, 1, 50, 2), np.linspace(-1, 1, 50)).log


def test_what_it_expects_is_near_what_is_true(fitted):
    places = uniforms(2, 1, 2000, SIZE)
    mean, _ = fitted(places)
    error = np.log(mean) - logarithm(places)
    assert error.std() < NOISE
    # A quadratic alone is wrong by five times as much, nothing at all by sixteen.
    assert logarithm(places).std() > 0.7


def test_its_doubt_is_neither_vain_nor_timid(fitted):
    places = uniforms(3, 1, 4000, SIZE)
    mean, doubt = fitted(places)
    noise = NOISE * np.random.default_rng(2).standard_normal(4000)
    wrong = (np.exp(logarithm(places) + noise) - mean) / np.sqrt(doubt)
    assert 0.6 < wrong.std() < 1.5
    # The true vector is ruled out next to never at three such deviations.
    assert np.mean(np.abs(wrong) > 3) < 0.02


def test_parameters_without_effect_get_none(fitted):
    matter = {k for term in fitted.terms for k in term} - {-1}
    assert {0, 4} <= matter
    assert fitted.scale[0] > 0
    idle = [k for k in range(SIZE) if k not in (0, 4, 7)]
    assert max(fitted.scale[k] for k in idle) < 0.5 * fitted.scale[0]


def test_a_rough_doubt_is_never_smaller(fitted):
    places = uniforms(4, 1, 500, SIZE)
    mean, doubt = fitted(places)
    same, rough = fitted(places, rough=True)
    assert (mean == same).all()
    assert (rough >= doubt * (1 - 1e-12)).all()
    assert (rough > 1.5 * doubt).any()


def test_a_constant_is_a_constant():
    places = hypercube(1, 1, 40, 5)
    mean, doubt = fit(places, np.full(40, 7.0))(uniforms(1, 9, 10, 5))
    assert mean == pytest.approx(7.0)
    assert (doubt < 1e-6).all()


def test_no_vector_gives_nothing(fitted):
    mean, doubt = fitted(np.zeros((0, SIZE)))
    assert len(mean) == len(doubt) == 0
