"""The vectors that ship: the matched set and the two extremes inside it."""

from __future__ import annotations

import csv

import pytest

from glasscity.behaviour import load_behaviour, matched
from glasscity.catalogue.reader import read_yaml
from glasscity.catalogue.shelf import CATALOGUE
from glasscity.errors import NotFound
from glasscity.scenario import Scenario
from glasscity.study.check import measured
from glasscity.study.extremes import REFIT, RULE, STANCE
from glasscity.study.matching import CONFIRMED_BY, CUT_OFF, WANTED, Search
from glasscity.study.targets import load_targets, targets_hash
from glasscity.study.vectors import FREE, ranges

FOLDER = CATALOGUE / "matched"
HEAD = read_yaml(FOLDER / "head.yaml").data
TARGETS = tuple(one for one in load_targets() if one.matched)
PLAN = Search(ranges(load_behaviour()), TARGETS, HEAD["citizens"], HEAD["seed"], 2)


def rows():
    with (FOLDER / "vectors.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def value(behaviour, name):
    parameter, _, index = name.partition(".")
    return float(getattr(behaviour, parameter).numbers[int(index or 0)])


def test_the_set_was_matched_to_the_targets_of_today():
    assert HEAD["targets"] == targets_hash(load_targets())
    assert HEAD["cut_off"] == CUT_OFF
    assert HEAD["matched"] == len(rows()) >= WANTED


def test_every_vector_is_a_behaviour_with_exactly_the_stored_values():
    vectors = matched()
    assert [one.name for one in vectors] == [row["name"] for row in rows()]
    assert len({tuple(value(one, name) for name in FREE) for one in vectors}) == len(vectors)
    central = load_behaviour()
    for one, row in zip(vectors, rows(), strict=True):
        for name in FREE:
            assert value(one, name) == float(row[name])
        kept = set(type(central).model_fields) - {name.partition(".")[0] for name in FREE}
        kept -= {"name", "title", "about"}
        assert all(getattr(one, field) == getattr(central, field) for field in kept)


def test_every_vector_agreed_in_its_confirming_simulation():
    luck = {name: tuple(ends) for name, ends in HEAD["luck"].items()}
    for row in rows():
        gave = {one.quantity: float(row[f"value:{one.quantity}"]) for one in TARGETS}
        assert PLAN.implausibility(gave, luck, times=CONFIRMED_BY) <= CUT_OFF


def test_a_stored_vector_gives_the_stored_values_again():
    row = rows()[0]
    scenario = Scenario(
        "unscored",
        behaviour=row["name"],
        citizens=HEAD["confirmed_with_citizens"],
        seed=int(row["seed:"]),
    )
    for one, gave in zip(TARGETS, measured(scenario, TARGETS, threads=2), strict=True):
        assert gave == pytest.approx(float(row[f"value:{one.quantity}"]), rel=1e-5)


def test_a_matched_vector_is_found_by_its_name():
    assert load_behaviour("matched-001") is matched()[0]
    assert Scenario("unscored", behaviour="matched-001").behaviour.name == "matched-001"
    with pytest.raises(NotFound, match="matched-999"):
        load_behaviour("matched-999")


@pytest.mark.parametrize("name", ["proponent", "critic"])
def test_an_extreme_follows_its_rule(name):
    central, extreme = load_behaviour(), load_behaviour(name)
    assert RULE in extreme.about
    for parameter, favours in STANCE.items():
        quantity = getattr(central, parameter)
        high = (favours == "high") == (name == "proponent")
        assert value(extreme, parameter) == (quantity.high if high else quantity.low)
    for field in type(central).model_fields:
        ours, theirs = getattr(central, field), getattr(extreme, field)
        if not hasattr(ours, "value") or field in STANCE:
            continue
        assert (ours.low, ours.high, ours.unit) == (theirs.low, theirs.high, theirs.unit)
        if ours.value != theirs.value:
            assert field in {one.partition(".")[0] for one in REFIT}


def test_the_extremes_stand_on_opposite_sides():
    proponent, critic = load_behaviour("proponent"), load_behaviour("critic")
    for name, favours in STANCE.items():
        assert (value(proponent, name) > value(critic, name)) == (favours == "high")
