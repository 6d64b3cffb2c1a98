"""Entries that are laid over others."""

from __future__ import annotations

import pytest

from glasscity.catalogue.extend import laid_over
from glasscity.errors import BadFile
from glasscity.regime import check_regime, load_regime
from glasscity.scenario import Scenario

HEAD = """\
extends: {base}
name: changed
title: Changed
about: Another one, changed.
"""


def write(folder, text, name="changed.yaml"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_quantities_and_lists_are_replaced_whole_and_mappings_key_by_key():
    base = {"gate": {"a": {"value": 1, "source": "x"}, "b": {"value": 2}}, "rows": [1, 2], "c": 3}
    changes = {"gate": {"a": {"value": 5}}, "rows": [4], "c": None, "d": 6}
    assert laid_over(base, changes) == {
        "gate": {"a": {"value": 5}, "b": {"value": 2}},
        "rows": [4],
        "d": 6,
    }


def test_an_entry_says_only_in_what_it_differs(tmp_path):
    path = write(tmp_path, HEAD.format(base="citizen-score-2020") + "months: 12\nperks: []\n")
    changed, base = load_regime(path), load_regime("citizen-score-2020")
    assert (changed.months, changed.perks, changed.extends) == (12, (), "citizen-score-2020")
    assert changed.operator == base.operator
    assert changed.sources


def test_a_path_is_relative_to_the_file(tmp_path):
    write(tmp_path, HEAD.format(base="credit-bureau") + "months: 3\n", "below.yaml")
    path = write(tmp_path, HEAD.format(base="./below.yaml"))
    assert load_regime(path).months == 3


def test_a_circle_of_files_is_refused_with_its_line(tmp_path):
    path = write(tmp_path, HEAD.format(base="./changed.yaml"))
    problem = check_regime(path)[0]
    assert "extend each other" in problem.what
    assert problem.where.endswith(":1")


def test_an_unknown_base_names_the_nearest(tmp_path):
    path = write(tmp_path, HEAD.format(base="credit-burea"))
    with pytest.raises(BadFile, match="did you mean 'credit-bureau'"):
        load_regime(path)


def test_a_regime_takes_a_mechanism_away_and_a_scenario_has_the_last_word(tmp_path):
    strength = (
        "strengths:\n  speech: {value: 0, unit: strength, grade: D, low: 0, high: 1, note: x}\n"
    )
    path = write(tmp_path, HEAD.format(base="citizen-score-2020") + strength)
    scenario = Scenario(path)
    assert scenario.strengths["speech"] == 0
    assert Scenario(path, strengths={"speech": 0.5}).strengths["speech"] == 0.5
    assert scenario.unscored().strengths == Scenario("unscored").strengths
    assert Scenario.from_json(scenario.to_json()) == scenario


def test_a_regime_cannot_set_what_people_do_to_it(tmp_path):
    strength = (
        "strengths:\n  gaming: {value: 1, unit: strength, grade: D, low: 0, high: 1, note: x}\n"
    )
    problem = check_regime(write(tmp_path, HEAD.format(base="citizen-score-2020") + strength))[0]
    assert "'gaming' is not declared" in problem.what
