"""Scenarios: checked when made, never changed, and the same after a round trip through JSON."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glasscity.catalogue.shelf import CATALOGUE
from glasscity.country import load_country
from glasscity.errors import BadArgument, BadFile, BadInput, GlasscityError, NotFound
from glasscity.regime import load_regime
from glasscity.scenario import (
    MANIPULATIONS,
    MECHANISMS,
    SAFEGUARDS,
    Scenario,
    parse_citizens,
    parse_start,
    parse_strength,
)


@pytest.mark.parametrize(
    ("given_value", "number"),
    [
        (1, 1),
        ("1", 1),
        ("1e6", 1_000_000),
        ("1.3e9", 1_300_000_000),
        ("1E6", 1_000_000),
        ("100_000", 100_000),
        (" 5 ", 5),
        (1e6, 1_000_000),
        (np.int64(7), 7),
        (10**12, 10**12),
        ("1e12", 10**12),
    ],
)
def test_whole_numbers_of_citizens_are_understood(given_value: object, number: int) -> None:
    assert parse_citizens(given_value) == number  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "wrong",
    [
        *(0, -1, "0", "-5", "many", "", "1.5", 1.5, "1e-3", "1e400", "1e999999999", 1e400, "nan"),
        *("inf", float("nan"), True, None, [1], "1,000", "0x10", "9" * 5000, 10**40, 10**6000, "٣"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_other_numbers_of_citizens_are_refused_in_one_line(wrong: object) -> None:
    with pytest.raises(BadArgument) as caught:
        parse_citizens(wrong)  # type: ignore[arg-type]
    message = str(caught.value)
    assert message.startswith("citizens ")
    assert "\n" not in message
    assert len(message) < 250


@pytest.mark.parametrize(
    ("arguments", "kind", "expected"),
    [
        ({"citizens": 0}, BadArgument, "Allowed: a whole number from 1 up"),
        ({"months": 0}, BadArgument, "months 0 is outside its range"),
        ({"months": -3}, BadArgument, "months -3"),
        ({"months": 70_000}, BadArgument, "Allowed: 1 to 65535"),
        ({"months": "x"}, BadArgument, "months 'x' is not a whole number"),
        ({"seed": -1}, BadArgument, "seed -1 is outside its range"),
        ({"seed": 2**63}, BadArgument, "Allowed: 0 to 9223372036854775807"),
        ({"seed": 1.5}, BadArgument, "seed '1.5' is not a whole number"),
        ({"start": "2014-13"}, BadArgument, "start '2014-13' is not a month"),
        ({"start": "1899-12"}, BadArgument, "1900-01 to 2200-12"),
        ({"start": 2014}, BadArgument, "is not a month"),
        ({"regime": "citizen-score"}, NotFound, "citizen-score-2020"),
        ({"regime": ""}, BadArgument, "regime '' is not a name"),
        ({"regime": None}, BadArgument, "is not a name"),
        ({"country": "chyna-2020"}, NotFound, "did you mean 'china-2020'?"),
        ({"behaviour": "central "}, NotFound, "central"),
        ({"country": "nowhere/country.yaml"}, BadFile, "there is no such file"),
        ({"strengths": {"frends": 0}}, NotFound, "friends"),
        ({"strengths": {"friends": 1.1}}, BadArgument, "strength '1.1' of friends"),
        ({"strengths": {"friends": "x"}}, BadArgument, "is outside its range"),
        ({"strengths": {"friends": True}}, BadArgument, "is outside its range"),
        ({"strengths": {"friends": float("nan")}}, BadArgument, "is outside its range"),
        ({"strengths": ["friends"]}, BadArgument, "strengths is not a mapping"),
    ],
)
def test_a_bad_argument_is_refused_in_one_line(
    arguments: dict[str, object], kind: type[GlasscityError], expected: str
) -> None:
    with pytest.raises(kind) as caught:
        Scenario(**arguments)  # type: ignore[arg-type]
    assert expected in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", [*MECHANISMS, *SAFEGUARDS, *MANIPULATIONS])
def test_every_part_takes_any_strength_from_zero_to_one_and_no_other(name: str) -> None:
    for strength in (0, 0.5, 1):
        assert Scenario(strengths={name: strength}).strengths[name] == strength
    with pytest.raises(BadArgument, match=r"strength '1\.5'"):
        Scenario(strengths={name: 1.5})


def test_a_scenario_takes_what_is_left_out_from_its_regime() -> None:
    scenario = Scenario()
    assert scenario.regime.name == "citizen-score-2020"
    assert (scenario.start, scenario.months) == ("2014-06", 84)
    assert scenario.citizens == 100_000
    assert scenario.month_of("2020-01") == 67
    assert scenario.month_name(83) == "2021-05"
    assert dict(scenario.strengths) == dict.fromkeys(MECHANISMS, 1.0) | dict.fromkeys(
        (*SAFEGUARDS, *MANIPULATIONS), 0.0
    )


def test_a_scenario_cannot_be_changed_but_makes_another() -> None:
    scenario = Scenario(citizens=10, strengths={"friends": 0.5})
    with pytest.raises(AttributeError):
        scenario.citizens = 5  # type: ignore[misc]
    with pytest.raises(TypeError):
        scenario.strengths["friends"] = 1  # type: ignore[index]
    other = scenario.but(months=3, strengths={"speech": 0})
    assert (other.citizens, other.months) == (10, 3)
    assert (other.strengths["friends"], other.strengths["speech"]) == (0.5, 0)
    assert scenario.months == 84
    assert other != scenario


def test_names_paths_and_loaded_entries_mean_the_same() -> None:
    by_path = Scenario(
        CATALOGUE / "regimes" / "unscored.yaml",
        country=str(CATALOGUE / "countries" / "plainland"),
        behaviour=CATALOGUE / "behaviours" / "central.yaml",
    )
    loaded = Scenario(load_regime("unscored"), country=load_country("plainland"))
    assert by_path == loaded == Scenario("unscored", country="plainland")
    assert hash(by_path) == hash(loaded)


@pytest.mark.parametrize("regime", ["citizen-score-2020", "unscored", "credit-bureau"])
def test_a_scenario_survives_json_and_needs_no_other_file(regime: str) -> None:
    scenario = Scenario(regime, citizens="1e6", seed=2**63 - 1, strengths={"misses": 0.25})
    text = scenario.to_json()
    again = Scenario.from_json(text)
    assert again == scenario
    assert again.to_json() == text
    assert again.fingerprint() == scenario.fingerprint()
    data = json.loads(text)
    assert data["regime"]["caution"]
    assert data["country"]["provinces"][0]["name"] == "Beijing"
    assert data["country"]["sources"]["rail-2019"]["publisher"] == "China State Railway Group"


def test_a_scenario_from_a_file_outlives_the_file(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    text = (CATALOGUE / "regimes" / "unscored.yaml").read_text()
    file.write_text(text.replace("name: unscored", "name: mine"))
    stored = Scenario(file, country="plainland").to_json()
    file.unlink()
    assert Scenario.from_json(stored).regime.name == "mine"


def test_a_scenario_can_be_sent_to_another_process() -> None:
    scenario = Scenario(citizens=10, country="plainland")
    assert pickle.loads(pickle.dumps(scenario)) == scenario


STORED = Scenario(citizens=10, country="plainland").to_json()


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (STORED, "", "this is not JSON"),
        (STORED, "[]", "this is not a scenario"),
        (STORED, "[" * 100_000, "this is not JSON"),
        ('"format": 1', '"format": 2', "the format '2' is not known"),
        ('"citizens": 10', '"citizens": 0', "citizens 0 is outside its range"),
        ('"citizens": 10', '"citizens": NaN', "is not a whole number"),
        ('"seed": ', '"sead": ', "this is not a scenario"),
        ('"value": 0.0122', '"value": 0.0123', "was changed since it was written"),
        ('"value": 0.0122', '"value": 7', "is not between low"),
        ('"value": 0.0122', '"value": NaN', "behaviour"),
        ('"friends": 1.0', '"fiends": 1.0', "fiends"),
    ],
)
def test_a_damaged_scenario_is_refused(old: str, new: str, expected: str) -> None:
    text = STORED.replace(old, new, 1)
    assert text != STORED
    with pytest.raises(BadFile) as caught:
        Scenario.from_json(text, where="runs/x/scenario.json")
    message = str(caught.value)
    assert expected in message
    assert "runs/x/scenario.json" in message
    assert "\n" not in message


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(json.loads(STORED))), JSON)
def test_a_stored_scenario_with_anything_in_it_raises_nothing_but_bad_file(
    key: str, value: object
) -> None:
    data = {**json.loads(STORED), key: value}
    message = ""
    try:
        Scenario.from_json(json.dumps(data))
    except BadFile as error:
        message = str(error)
    assert "\n" not in message


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=30) | st.integers() | st.floats() | st.none())
def test_anything_as_a_name_or_number_raises_nothing_but_bad_input(value: object) -> None:
    for make in (
        lambda: parse_citizens(value),  # type: ignore[arg-type]
        lambda: parse_start(value),  # type: ignore[arg-type]
        lambda: parse_strength(str(value), value),
        lambda: Scenario(regime=value),  # type: ignore[arg-type]
    ):
        message = ""
        try:
            make()
        except BadInput as error:
            message = str(error)
        assert "\n" not in message
