"""Traits: the same bits whoever computes them, and the marginals that the pack asks for."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
import reference_ties as plain
from societies import PACKS, society_of

from glasscity.country import load_country
from glasscity.society import build_society
from glasscity.society import society as building
from glasscity.society.cells import make_layout
from glasscity.society.expected import LevelMoments
from glasscity.society.income import fit_incomes
from glasscity.society.normals import beta_cdf
from glasscity.society.tables import level_tables, make_tables


@pytest.mark.parametrize("pack_name", PACKS)
@pytest.mark.parametrize(("citizens", "seed"), [(1, 0), (65, 2**63 - 1), (700, 2**40 + 5)])
def test_traits_equal_their_plain_twin(pack_name, citizens, seed):
    country = load_country(pack_name)
    society = build_society(country, citizens, seed)
    layout = make_layout(country, citizens)
    tables = make_tables(country, seed, fit_incomes(country))
    templates = building._segment_templates(seed, layout)
    for i, person in enumerate(plain.traits(society, layout, tables, templates)):
        for name, value in person.items():
            assert int(getattr(society.traits, name)[i]) == value, (i, name)


def same(one, two):
    return all(
        np.array_equal(a, b)
        for a, b in zip((*one.traits, *one.wiring), (*two.traits, *two.wiring), strict=True)
    )


def test_threads_and_batches_change_nothing(pack, monkeypatch):
    base = build_society(pack, 20_001, 3, threads=1)
    assert same(base, build_society(pack, 20_001, 3, threads=3))
    monkeypatch.setattr(building, "_BATCH", 7)
    assert same(base, build_society(pack, 20_001, 3, threads=2))


def test_both_halves_of_the_seed_count(pack):
    base = build_society(pack, 3_000, 11)
    for seed in (12, 11 + 2**32):
        other = build_society(pack, 3_000, seed)
        for name in ("who", "income", "conscience", "profile", "misc", "slots", "opinion"):
            assert not np.array_equal(getattr(base.traits, name), getattr(other.traits, name))


def test_traits_take_nine_bytes(large_society):
    assert sum(a.nbytes for a in large_society.traits) == 9 * large_society.citizens
    assert all(a.flags.c_contiguous for a in large_society.traits)
    assert large_society.bytes_per_citizen() < 10.5
    assert large_society.traits.slots.dtype == np.uint16
    assert large_society.traits.opinion.dtype == np.int8


def test_no_bit_is_set_that_has_no_meaning(large_society):
    traits = large_society.traits
    assert (traits.who & 7).max() == 4
    place, adults = traits.home & 7, (traits.home >> 3) & 7
    assert (place < adults).all()
    assert adults.max() == 5
    assert (traits.slots < 2**12).all()
    assert (traits.misc[place > 0] < 64).all()


def test_households_are_runs_inside_a_segment(edge_society):
    traits, wiring = edge_society.traits, edge_society.wiring
    place, adults = traits.home & 7, (traits.home >> 3) & 7
    sizes = wiring.segment_size.tolist()
    for first, size in zip(wiring.segment_first.tolist(), sizes, strict=True):
        i = 0
        while i < size:
            n = int(adults[first + i])
            assert place[first + i : first + i + n].tolist() == list(range(n))
            assert (adults[first + i : first + i + n] == n).all()
            i += n
        assert i == size


def test_a_household_shares_its_income_and_mostly_its_generation(large_society):
    traits = large_society.traits
    place = traits.home & 7
    second = np.flatnonzero(place == 1)
    third = np.flatnonzero(place == 2)
    assert (traits.income[second] == traits.income[second - 1]).all()
    assert (traits.income[third] == traits.income[third - 2]).all()
    age = traits.who & 7
    # 0.8 are as old as the head, and of the others the chance of the same band is about 0.24.
    assert (age[second] == age[second - 1]).mean() == pytest.approx(0.85, abs=0.02)
    assert (age[third] == age[third - 2]).mean() < 0.1


def test_income_quantiles_are_uniform_nationwide(large_society):
    counts = np.bincount(large_society.traits.income, minlength=256)
    share = np.cumsum(counts) / large_society.citizens
    # Households, not citizens, draw incomes, and neighbours alike: about 5,000 independent draws
    # remain, a standard error of 0.007 in the middle.  A mean off by 5 % of an income would show.
    assert np.abs(share - np.arange(1, 257) / 256).max() < 0.02


def test_opinion_and_conscientiousness_have_the_pack_s_marginals(large_society):
    country, traits = large_society.country, large_society.traits
    mean, sd = float(country.opinion_mean), float(country.opinion_sd)
    a, b = float(country.beta_a), float(country.beta_b)
    for k in range(-120, 121, 20):
        wanted = 0.5 * math.erfc((mean - (k + 0.5) / 127) / sd / math.sqrt(2))
        assert (traits.opinion <= k).mean() == pytest.approx(wanted, abs=0.012)
    for k in range(20, 255, 20):
        wanted = beta_cdf((k + 0.5) / 255, a, b)
        assert (traits.conscience <= k).mean() == pytest.approx(wanted, abs=0.01)


def test_mixtures_are_normal_whatever_the_shares():
    # All the variance in one place, or spread over four: the same distribution of opinions.
    country = load_country("plainland")
    for shares in ((0.0, 0.0, 0.0), (0.25, 0.25, 0.25), (0.4, 0.05, 0.05)):
        q = country.homophily["opinion"].model_copy(update={"value": shares})
        other = country.model_copy(update={"homophily": {**country.homophily, "opinion": q}})
        opinion = build_society(other, 400_000, 5).traits.opinion
        levels = level_tables(other, fit_incomes(other))["opinion"]
        moments = LevelMoments(levels, 1)
        # Segments and corridors share luck: an effective number of draws of 400,000 / 22 at worst.
        tolerance = 5 * 64 / math.sqrt(400_000 / (1 + 63 * shares[1] + 127 * shares[2]))
        assert opinion.mean() + 127 == pytest.approx(moments.mean[0], abs=tolerance)
        spread = math.sqrt(moments.square[0] - moments.mean[0] ** 2)
        assert opinion.std() == pytest.approx(spread, rel=0.02)


def test_the_profile_is_uniform_and_leans_to_the_old_only_a_little(large_society):
    traits = large_society.traits
    profile = traits.profile.astype(float)
    share = np.cumsum(np.bincount(traits.profile, minlength=256)) / len(profile)
    assert np.abs(share - np.arange(1, 257) / 256).max() < 0.01
    age = (traits.who & 7).astype(float)
    assert 0.10 < np.corrcoef(profile, age)[0, 1] < 0.18
    for other in (traits.income, traits.conscience, traits.opinion):
        # 4.5 standard errors of 100,000 draws.
        assert abs(np.corrcoef(profile, other)[0, 1]) < 0.015


def test_one_trait_s_pack_values_leave_the_luck_of_the_others_alone():
    country = load_country("plainland")
    credit = country.credit_share.model_copy(update={"value": (0, 0, 0, 0, 0)})
    other = country.model_copy(update={"credit_share": credit})
    one, two = build_society(country, 5_000, 9), build_society(other, 5_000, 9)
    assert np.array_equal(one.traits.who & 127, two.traits.who)
    for name in ("income", "conscience", "profile", "misc", "home", "slots", "opinion"):
        assert np.array_equal(getattr(one.traits, name), getattr(two.traits, name))


def test_a_society_is_frozen():
    society = society_of("plainland", 1_000)
    with pytest.raises(dataclasses.FrozenInstanceError):
        society.seed = 2
    assert len(society) == society.citizens == 1_000
