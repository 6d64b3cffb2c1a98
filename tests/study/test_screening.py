"""Screening and indices on functions of which the answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from glasscity.errors import BadArgument
from glasscity.study import indices as sobol
from glasscity.study import library as libraries
from glasscity.study.screening import design, luck_floor, screen

NAMES = ["a", "b", "c", "d"]


@pytest.fixture(scope="module")
def places():
    return design(NAMES, 8, seed=5)


def test_a_linear_function_has_its_slopes_as_elementary_effects(places):
    values = (places @ np.array([3.0, -1.0, 0.5, 0.0])).tolist()
    rows = {row["input"]: row for row in screen(NAMES, places, values, deviation=0.01, seed=1)}
    assert [rows[name]["mu"] for name in NAMES] == pytest.approx([3, -1, 0.5, 0])
    assert [rows[name]["mu_star"] for name in NAMES] == pytest.approx([3, 1, 0.5, 0])
    assert [rows[name]["sigma"] for name in NAMES] == pytest.approx([0] * 4, abs=1e-9)
    assert [rows[name]["above_luck"] for name in NAMES] == [True, True, True, False]
    assert [rows[name]["half"] for name in NAMES] == pytest.approx([3, 1, 0.5, 0])


def test_what_moves_by_more_comes_first(places):
    values = (places @ np.array([1.0, 0.2, 5.0, 0.1])).tolist()
    rows = screen(NAMES, places, values, deviation=None, seed=1)
    assert [row["input"] for row in rows] == ["c", "a", "b", "d"]
    assert all(row["above_luck"] is None for row in rows)


def test_what_works_with_others_alone_has_a_spread(places):
    values = (4 * (places[:, 0] - 0.5) * (places[:, 1] - 0.5)).tolist()
    rows = {row["input"]: row for row in screen(NAMES, places, values, deviation=0.0, seed=1)}
    assert rows["a"]["sigma"] > 0.5
    assert rows["c"]["sigma"] == pytest.approx(0)


def test_a_trajectory_with_a_failed_run_is_left_out(places):
    values = (places @ np.array([3.0, -1.0, 0.5, 0.0])).tolist()
    values[7] = None
    rows = screen(NAMES, places, values, deviation=0.0, seed=1)
    assert {row["trajectories"] for row in rows} == {7}
    assert rows[0]["mu_star"] == pytest.approx(3)
    assert screen(NAMES, places, [None] * len(places), deviation=0.0, seed=1) == []


def test_an_input_that_does_nothing_stays_below_what_luck_would_give():
    places = design(NAMES, 40, seed=7)
    noise = np.random.default_rng(3).normal(size=len(places))
    rows = screen(NAMES, places, noise.tolist(), deviation=1.0, seed=1)
    assert [row["mu_star"] for row in rows] == pytest.approx([luck_floor(1.0)] * 4, rel=0.3)
    assert not any(row["above_luck"] for row in rows)


def ishigami(places):
    x = np.pi * (2 * places - 1)
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def test_the_indices_of_ishigami_are_those_of_its_closed_form():
    # Ishigami and Homma 1990 with a = 7, b = 0.1.
    first = {"x1": 0.3139, "x2": 0.4424, "x3": 0.0}
    total = {"x1": 0.5576, "x2": 0.4424, "x3": 0.2437}
    names = list(first)
    rows = sobol.indices(names, ishigami(sobol.design(names, 4096, 1)), base=4096, seed=1)
    for row in rows:
        assert row["first"] == pytest.approx(first[row["input"]], abs=0.03)
        assert row["total"] == pytest.approx(total[row["input"]], abs=0.03)
        assert abs(row["total"] - total[row["input"]]) < 2 * row["total_error"] + 0.005
        assert row["total_quarter"] == pytest.approx(total[row["input"]], abs=0.1)


def test_the_plain_estimators_agree_with_the_library():
    names = ["x1", "x2", "x3"]
    values = ishigami(sobol.design(names, 2048, 1))
    rows = sobol.indices(names, values, base=2048, seed=1)
    plain = sobol._plain(values, 3, 2048)
    assert [row["total"] for row in rows] == pytest.approx(plain[1], abs=0.02)
    assert [row["first"] for row in rows] == pytest.approx(plain[0], abs=0.02)


def additive(number, noise, seed=4):
    luck = np.random.default_rng(seed)
    places = luck.random((number, 3))
    return places, 10 + places @ np.array([4.0, 2.0, 0.0]) + noise * luck.normal(size=number)


def test_an_emulator_of_a_linear_function_gives_its_indices():
    places, values = additive(100, 0.1)
    check = sobol.fitted(places, values, held_out=20, deviation=0.1)
    assert check.fit_for_use
    assert check.explained > 0.9
    assert (check.trained, check.held_out) == (80, 20)
    rows = {row["input"]: row for row in sobol.emulated(list("abc"), places, values, seed=1)}
    # Shares 16 : 4 : 0 of the variance.
    for name, share in {"a": 0.8, "b": 0.2, "c": 0.0}.items():
        assert rows[name]["total"] == pytest.approx(share, abs=0.03)
        assert abs(rows[name]["total"] - share) < rows[name]["total_error"] + 0.03


def test_an_emulator_of_luck_alone_is_not_fit_for_use():
    luck = np.random.default_rng(6)
    check = sobol.fitted(luck.random((80, 3)), luck.normal(size=80), held_out=20, deviation=1.0)
    assert not check.fit_for_use
    assert check.luck == pytest.approx(1, abs=0.8)


def test_a_response_that_does_not_vary_has_no_indices():
    assert sobol.indices(["a", "b"], np.ones(32), base=8, seed=1) == []


@pytest.mark.parametrize(("number", "power"), [(2, 2), (3, 2), (64, 64), (100, 64)])
def test_a_base_sample_is_a_power_of_two(number, power):
    assert sobol.power_of_two(number) == power


def test_a_missing_library_is_one_clear_message(monkeypatch):
    def absent(name):
        raise ImportError(name)

    monkeypatch.setattr(libraries.importlib, "import_module", absent)
    with pytest.raises(BadArgument, match=r"the screening needs SALib.*glasscity\[study\]"):
        design(NAMES, 2, 1)
