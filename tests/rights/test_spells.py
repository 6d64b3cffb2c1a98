"""Lengths of spells against estimates made by hand."""

from __future__ import annotations

import numpy as np
import pytest
from factory import World, store

from glasscity.results import open_run
from glasscity.rights.spells import returns, spells_of, survival
from glasscity.rights.view import View


def test_the_product_limit_by_hand():
    # Ends at 2, 3, 3, 7; censored at 3 and 5.  S: 5/6, then 5/6 * 3/5 = 1/2, then 0 (one at risk).
    curve = survival([0] * 6, [2, 3, 3, 3, 5, 7], [1, 1, 1, 0, 0, 1])
    assert curve.months.tolist() == [2, 3, 7]
    assert curve.at_risk.tolist() == [6, 5, 1]
    assert curve.ended.tolist() == [1, 2, 1]
    assert curve.surviving == pytest.approx([5 / 6, 1 / 2, 0])
    assert curve.quantile(0.5) == 3
    assert curve.quantile(0.51) == 7
    assert curve.beyond(1) == 1
    assert curve.beyond(6) == pytest.approx(0.5)


def test_left_truncation_by_hand():
    # The second spell is seen only from length 4 on: at 3 one is at risk, at 6 two.
    curve = survival([0, 4, 0], [6, 8, 3], [1, 0, 1])
    assert curve.at_risk.tolist() == [2, 2]
    assert curve.surviving == pytest.approx([1 / 2, 1 / 4])


def test_without_censoring_it_is_the_plain_share():
    lengths = np.random.default_rng(1).integers(1, 30, 500)
    curve = survival(np.zeros(500, int), lengths, np.ones(500, bool))
    for months in (1, 10, 29):
        assert curve.beyond(months) == pytest.approx(np.mean(lengths > months))


def test_a_curve_that_ends_early_gives_no_median():
    assert survival([0, 0], [1, 5], [1, 0]).quantile(0.5) == 1
    assert survival([0, 0, 0], [1, 5, 5], [1, 0, 0]).quantile(0.5) is None
    assert survival([], [], []).beyond(3) is None


@pytest.fixture
def view(tmp_path):
    world = World(months=20)
    world.spell(0, 2, 5)  # length 3, back after 4 months
    world.spell(0, 9, None)  # running, length 11 so far
    world.spell(1, 0, 6, before=7)  # seen from 7 to 13
    world.spell(2, None, 3)  # start unknown
    world.spell(3, 1, 4)  # length 3, not back in 16 months
    world.spell(4, 10, 19)  # length 9, one month free
    return View(open_run(store(tmp_path / "run", world)))


def test_spells_are_paired_from_their_starts_and_ends(view):
    spells = spells_of(view)
    assert spells.citizen.tolist() == [0, 0, 1, 3, 4]
    assert spells.start.tolist() == [2, 9, 0, 1, 10]
    assert spells.end.tolist() == [5, 20, 6, 4, 19]
    assert spells.ended.tolist() == [True, False, True, True, True]
    assert spells.unknown == 1
    # At risk at 3: all but the truncated one; at 9: the running, the truncated, the fifth.
    curve = spells.curve()
    assert curve.months.tolist() == [3, 9, 13]
    assert curve.at_risk.tolist() == [4, 3, 1]


def test_who_comes_back_by_hand(view):
    spells = spells_of(view)
    curve = returns(spells, 20)
    # Free times: 4 (back), 14, 16 and 1 (censored): of three at risk at 4, one is back.
    assert curve.months.tolist() == [4]
    assert curve.at_risk.tolist() == [3]
    assert 1 - curve.beyond(12) == pytest.approx(1 / 3)
