"""The frontier's parts: domination, worth, smallest sets, levers."""

from __future__ import annotations

import itertools

import pytest

from glasscity.errors import NotFound
from glasscity.scenario import SAFEGUARDS, Scenario
from glasscity.study.goals import GOALS, dominated, goals_of, looked_at
from glasscity.study.levers import LEVERS, dosed, levers, named
from glasscity.study.smallest import smallest
from glasscity.study.worth import averages, interval, marginal, order_of, sets_of, top


def row(harm, onsets, repayment=0.0, inclusion=0.0):
    return dict(zip(GOALS, (harm, onsets, repayment, inclusion), strict=True))


def test_a_row_that_another_beats_in_one_goal_and_meets_in_the_others_is_dominated():
    rows = [row(1.0, 0.1), row(0.5, 0.1), row(0.4, 0.0), row(0.5, 0.05)]
    assert dominated(rows) == [True, False, False, True]


def test_equals_do_not_dominate_each_other():
    assert dominated([row(1, 0), row(1, 0)]) == [False, False]


def test_within_the_tolerance_no_difference_counts():
    rows = [row(0.50, 0.10), row(0.49, 0.10)]
    assert dominated(rows) == [True, False]
    assert dominated(rows, tolerance={"harm": 0.02}) == [False, False]


def test_what_is_not_estimable_neither_dominates_nor_is_dominated():
    assert dominated([row(None, 9.0), row(1.0, 0.0)]) == [False, False]


def test_harms_are_shares_of_the_regimes_own_and_benefits_keep_their_units():
    names = [one.name for one in looked_at()]
    base = dict.fromkeys(names, 2.0)
    given = {**base, "groundless": 1.0, "error_denied_share": 0.0, "onsets": -0.1}
    found = goals_of(given, base)
    assert found["groundless"] == 0.5
    assert found["harm"] == pytest.approx((0.5 + 0 + 1 + 1) / 4)
    assert found["onsets_avoided"] == 0.1
    assert found["repayment"] == 2.0


def test_a_harm_that_the_regime_does_not_do_is_left_out_of_the_index():
    names = [one.name for one in looked_at()]
    base = {**dict.fromkeys(names, 1.0), "child_months": 0.0}
    found = goals_of({**base, "groundless": 0.0}, base)
    assert found["children"] is None
    assert found["harm"] == pytest.approx(2 / 3)


PLAYERS = ["a", "b", "c"]


def glove(chosen):
    # a has a left glove, b and c a right one: worth is a pair.
    return float("a" in chosen and ("b" in chosen or "c" in chosen))


def test_the_average_over_all_orders_is_shapleys():
    orders = list(itertools.permutations(PLAYERS))
    adds = [marginal(PLAYERS, order, glove) for order in orders]
    mean = {one: sum(add[one] for add in adds) / len(adds) for one in PLAYERS}
    assert mean == pytest.approx({"a": 2 / 3, "b": 1 / 6, "c": 1 / 6})


def test_where_worths_add_up_alone_missing_and_average_agree():
    own = {"a": -3.0, "b": -1.0, "c": 0.0}
    worlds = [
        (order_of(PLAYERS, k, 7), lambda s: 10 + sum(own[one] for one in s)) for k in range(4)
    ]
    for found in averages(PLAYERS, worlds):
        worth = own[found["player"]]
        assert found["alone"] == pytest.approx(worth)
        assert found["average"] == pytest.approx(worth)
        assert found["missing"] == pytest.approx(-worth)
        assert found["average_low"] == pytest.approx(worth)


def test_every_set_that_is_needed_is_named_before_it_is_run():
    asked = []
    order = order_of(PLAYERS, 3, 7)

    def value(chosen):
        asked.append(chosen)
        return glove(chosen)

    averages(PLAYERS, [(order, value)])
    assert set(asked) <= sets_of(PLAYERS, order)


def test_orders_differ_between_worlds_and_not_between_calls():
    players = list(SAFEGUARDS)
    orders = [tuple(order_of(players, k, 7)) for k in range(6)]
    assert len(set(orders)) == 6
    assert orders == [tuple(order_of(players, k, 7)) for k in range(6)]
    assert all(sorted(one) == sorted(players) for one in orders)


def test_the_first_are_those_that_take_off_most_in_most_resamples():
    worlds = [{"a": -3.0 + k / 9, "b": -2.0, "c": 0.01 * k} for k in range(6)]
    found = top(PLAYERS, worlds, number=2, seed=1)
    assert [one["player"] for one in found] == ["a", "b", "c"]
    assert [one["among_first"] for one in found] == [1.0, 1.0, 0.0]


def test_an_interval_of_one_world_has_no_ends_and_of_none_no_mean():
    assert interval([2.0], "x") == {"x": 2.0, "x_low": None, "x_high": None}
    assert interval([], "x")["x"] is None
    found = interval([1.0, 2.0, 3.0], "x")
    # t of 2 degrees of freedom, 4.303, over the root of 3.
    assert found["x_high"] - 2 == pytest.approx(4.303 / 3**0.5)


def test_the_smallest_set_is_found_and_smaller_ones_were_all_tried():
    def left(sets):
        return [0.4 if {"b", "d"} <= one else 0.9 - 0.01 * len(one) for one in sets]

    found = smallest(list("abcd"), left, reduce=0.5)
    assert [one for one, _ in found.sets] == [frozenset("bd")]
    assert found.looked_at == [(1, 4, 4), (2, 6, 6)]


def test_where_no_set_is_enough_none_is_named_and_the_best_is():
    found = smallest(list("abc"), lambda sets: [1 - 0.1 * len(s) for s in sets], reduce=0.5)
    assert found.sets == []
    assert found.best[-1][0] == frozenset("abc")


def test_larger_sizes_grow_from_the_best_and_say_how_many_were_run():
    names = [f"n{k}" for k in range(9)]
    found = smallest(names, lambda sets: [1 - 0.05 * len(s) for s in sets], reduce=0.9, width=2)
    assert found.looked_at[0] == (1, 9, 9)
    size, ran, there_are = found.looked_at[1]
    assert (size, there_are) == (2, 36)
    assert ran < there_are


def test_a_dose_is_a_safeguards_strength_and_a_mechanisms_absence():
    scenario = Scenario(country="plainland")
    found = dosed(scenario, {"firewall": 0.5, "friends": 0.75, "notice": 0.0})
    assert (found.strengths["firewall"], found.strengths["friends"]) == (0.5, 0.25)
    assert dosed(scenario, dict.fromkeys((one.name for one in LEVERS), 0.0)) == scenario


def test_a_dose_never_weakens_what_the_regime_grants():
    scenario = Scenario("citizen-score-due-process", country="plainland")
    granted = {name: one for name, one in scenario.strengths.items() if name in SAFEGUARDS and one}
    assert granted
    found = dosed(scenario, dict.fromkeys(granted, 0.0))
    assert {name: found.strengths[name] for name in granted} == granted


def test_doses_are_said_in_words():
    assert (
        named({"firewall": 1.0, "friends": 0.5, "notice": 0.0}) == "firewall + 1/2 without friends"
    )
    assert named({}) == "the regime as it stands"


def test_an_unknown_lever_is_refused_with_the_nearest():
    with pytest.raises(NotFound, match="firewall"):
        levers(["firewal"])
