"""What a sensitivity study moves."""

from __future__ import annotations

import pytest

from glasscity.behaviour import load_behaviour
from glasscity.catalogue.entry import walk
from glasscity.errors import NotFound
from glasscity.scenario import Scenario
from glasscity.study.evidence import matched_ends
from glasscity.study.swept import EXPOSURES, inputs, moved
from glasscity.study.vectors import FREE

SCENARIO = Scenario(country="plainland", citizens=1000)


def values_of(entry):
    return {name: quantity.value for _, name, quantity in walk(entry)}


def test_every_free_parameter_and_every_exposure_is_moved():
    names = [one.name for one in inputs(SCENARIO)]
    assert set(FREE) <= set(names)
    assert {one.name for one in EXPOSURES} <= set(names)
    assert len(names) == len(set(names))


def test_ends_are_those_of_the_matched_set_or_the_declared_ones():
    (narrow,) = inputs(SCENARIO, ["fear_phi_speech"])
    assert (narrow.free.low, narrow.free.high) == matched_ends()["fear_phi_speech"]
    (wide,) = inputs(SCENARIO, ["fear_phi_speech"], declared=True)
    quantity = load_behaviour("central").fear_phi_speech
    assert (wide.free.low, wide.free.high) == (quantity.low, quantity.high)


def test_a_regime_without_a_score_carries_no_exposure_of_one():
    names = {one.name for one in inputs(Scenario("defaulter-list-2013", country="plainland"))}
    assert "cut_off" not in names
    assert "friends_statistic" not in names
    assert "homophily" in names


@pytest.mark.parametrize("place", [0.0, 0.37, 1.0])
def test_everything_can_be_moved_at_once_and_stands_where_it_was_put(place):
    every = inputs(SCENARIO)
    values = {one.name: one.value(place) for one in every}
    found = moved(SCENARIO, values)
    assert found.behaviour.deterrence.value == values["deterrence"]
    regime = values_of(found.regime)
    cuts = {v for name, v in regime.items() if name.startswith("gates.") and "percentile" in name}
    assert {one for one in cuts if one} == {values["cut_off"]}
    weights = [v for name, v in regime.items() if name.startswith("operator.weights.")]
    assert sum(weights) == pytest.approx(1)
    assert regime["operator.weights.relationships"] == values["friends_weight"]
    assert regime["operator.reference.ties_scores"] == values["reference"]
    assert regime["operator.reference.credit_history"] == 1


def test_a_choice_runs_through_its_values():
    (one,) = inputs(SCENARIO, ["friends_statistic"])
    chosen = [
        str(moved(SCENARIO, {one.name: one.value(x)}).regime.operator.statistic.value)
        for x in (0.0, 0.5, 1.0)
    ]
    assert chosen == ["mean", "standardised", "below_bar"] == [one.shown(x) for x in (0, 0.5, 1)]


def test_the_same_values_give_an_equal_scenario_and_none_the_same():
    values = {"deterrence": 0.1, "cut_off": 7.0}
    assert moved(SCENARIO, values) == moved(SCENARIO, dict(reversed(values.items())))
    assert moved(SCENARIO, {}) is SCENARIO


def test_an_unknown_input_is_refused_with_the_nearest():
    with pytest.raises(NotFound, match="deterrence"):
        inputs(SCENARIO, ["deterence"])
