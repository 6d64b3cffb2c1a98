"""The arithmetic behind the tables, against closed forms."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pytest

from glasscity.country import load_country
from glasscity.errors import BadInput
from glasscity.society.circles import circles
from glasscity.society.expected import LevelMoments
from glasscity.society.households import TEMPLATES, deck_counts, make_templates, tilted
from glasscity.society.income import cell_means, fit_incomes, mixture_gini
from glasscity.society.normals import (
    LATENT_ONE,
    WEIGHT_ONE,
    beta_cdf,
    find_root,
    latent_thresholds,
    mixture_weights,
    normal_table,
)
from glasscity.society.report import gini
from glasscity.society.tables import school_rates

NORMAL = NormalDist()


def test_the_normal_table_has_mean_zero_and_variance_one():
    z = normal_table() / LATENT_ONE
    assert abs(z.mean()) < 1e-9
    assert z.var() == pytest.approx(1.0, abs=1e-5)
    assert (z**4).mean() == pytest.approx(3.0, abs=0.02)


def test_weights_are_square_roots_of_shares_that_sum_to_one():
    weights = mixture_weights((0.2, 0.1, 0.1), own=True)
    assert sum(w * w for w in weights) / WEIGHT_ONE**2 == pytest.approx(1.0, abs=2e-4)
    assert mixture_weights((0.2, 0.1, 0.1), own=False)[3] == 0
    with pytest.raises(BadInput, match="variance shares"):
        mixture_weights((0.6, 0.3, 0.2), own=True)


def test_beta_cdf_equals_its_polynomials():
    for x in np.linspace(0, 1, 41).tolist():
        assert beta_cdf(x, 2, 2) == pytest.approx(3 * x**2 - 2 * x**3, abs=1e-12)
        assert beta_cdf(x, 4, 2) == pytest.approx(5 * x**4 - 4 * x**5, abs=1e-12)
        assert beta_cdf(x, 0.5, 0.5) == pytest.approx(
            2 / math.pi * math.asin(math.sqrt(x)), abs=1e-12
        )


def test_roots_are_found():
    assert find_root(lambda x: x**3 - 2, 0, 5) == pytest.approx(2 ** (1 / 3), abs=1e-11)
    root = find_root(lambda x: math.exp(x) - 1e-4, -50, 3)
    assert root == pytest.approx(math.log(1e-4), abs=1e-9)


def test_the_gini_of_one_log_normal_is_the_textbook_s():
    for sigma in (0.2, 0.7, 1.1):
        assert mixture_gini([1.0], [100.0], sigma) == pytest.approx(math.erf(sigma / 2), abs=1e-12)


def test_the_fitted_incomes_have_the_pack_s_gini_and_means(pack):
    model = fit_incomes(pack)
    shares, means = cell_means(pack)
    target = float(pack.income_gini)
    assert mixture_gini(shares, means, model.sigma) == pytest.approx(target, abs=1e-9)
    mean = sum(s * m for s, m in zip(shares, means, strict=True))
    assert np.mean(model.yuan) == pytest.approx(mean, rel=1e-9)
    assert all(a < b for a, b in zip(model.yuan, model.yuan[1:], strict=False))
    # What 256 bins lose of the inequality is far below the tolerance of 0.01.
    assert gini(np.ones(256), model.yuan) == pytest.approx(target, abs=0.002)
    for q in (1, 64, 128, 255):
        share = sum(
            s * NORMAL.cdf(cuts[q - 1]) for s, cuts in zip(shares, model.latent_cuts, strict=True)
        )
        assert share == pytest.approx(q / 256, abs=1e-9)
    for index, province in enumerate(pack.provinces):
        urban, rural = means[2 * index : 2 * index + 2]
        assert urban / rural == pytest.approx(float(pack.urban_rural_income_ratio))
        share = province.urban_share
        assert share * urban + (1 - share) * rural == pytest.approx(province.income_pc)


def test_a_gini_below_the_one_between_places_is_refused():
    country = load_country("plainland")
    low = country.income_gini.model_copy(update={"value": 0.1})
    with pytest.raises(BadInput, match="no spread of incomes"):
        fit_incomes(country.model_copy(update={"income_gini": low}))


def test_tilted_weights_have_the_mean_and_decks_hold_every_adult():
    for mean in (1.2, 1.7, 2.05, 2.6, 3.5):
        shares = tilted([0.3, 0.45, 0.15, 0.07, 0.03], mean, where="here")
        assert sum(shares) == pytest.approx(1)
        assert sum(h * s for h, s in enumerate(shares, 1)) == pytest.approx(mean, abs=1e-9)
        counts = deck_counts(shares)
        assert sum(h * n for h, n in enumerate(counts, 1)) == 64 * TEMPLATES
        assert 64 * TEMPLATES / sum(counts) == pytest.approx(mean, rel=0.002)
    with pytest.raises(BadInput, match="no households of 1 to 5"):
        tilted([0.3, 0.45, 0.15, 0.07, 0.03], 5.5, where="here")
    with pytest.raises(BadInput, match="no households of 1 to 5"):
        tilted([1, 0, 0, 0, 0], 2, where="here")


def test_templates_keep_to_the_deck(pack):
    templates = make_templates(pack, 5)
    heads = (templates & 7) == 0
    for index, province in enumerate(pack.provinces):
        wanted = province.household_size * float(pack.adult_share)
        for cell in (2 * index, 2 * index + 1):
            assert 64 * TEMPLATES / heads[cell].sum() == pytest.approx(wanted, rel=0.005)


def test_school_rates_keep_the_mean_after_the_cut_at_three():
    for mean, rate in zip((0.1, 0.8, 1.5), school_rates((0.1, 0.8, 1.5)), strict=True):
        p = [math.exp(-rate) * rate**k / math.factorial(k) for k in range(3)]
        assert p[1] + 2 * p[2] + 3 * (1 - sum(p)) == pytest.approx(mean, abs=1e-9)


def test_likeness_of_uniform_levels_is_spearman_s():
    cuts = np.array([latent_thresholds([NORMAL.inv_cdf(k / 256) for k in range(1, 256)])])
    moments = LevelMoments(cuts, 1)
    pairs = np.ones((1, 1, 1))
    for rho in (-0.3, 0.0, 0.2, 0.5, 0.7):
        wanted = 6 / math.pi * math.asin(rho / 2)
        assert moments.correlation(pairs, np.array([rho])) == pytest.approx(wanted, abs=2e-4)
    assert moments.correlation(pairs, np.array([1.0])) == pytest.approx(1.0, abs=1e-9)


def test_circles_narrow_as_the_clustering_target_rises():
    country = load_country("plainland")
    narrowness = []
    for target in (0.0, 0.1, 0.12, 0.14, 0.16, 0.18, 0.9):
        q = country.clustering_target.model_copy(update={"value": target})
        wide, narrow, share = circles(country.model_copy(update={"clustering_target": q}))
        assert 0.0 <= share <= 1.0
        narrowness.append(share / narrow + (1 - share) / wide)
    assert narrowness == sorted(narrowness)
    assert narrowness[0] == 1 / 64
    assert narrowness[-1] == 1 / 8
