"""What results rest on: every assumption is found, moved alone, and its world kept."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from glasscity.behaviour import load_behaviour
from glasscity.catalogue.entry import ledger
from glasscity.errors import OutputExists
from glasscity.regime import load_regime
from glasscity.scenario import Scenario
from glasscity.study import evidence


@pytest.fixture(scope="module")
def scenario():
    return Scenario(country="plainland", citizens=400, months=6)


def test_every_assumed_number_with_two_ends_is_listed_once(scenario):
    found = evidence.assumptions(scenario)
    assert len({one.key for one in found}) == len(found)
    listed = {one.name for one in found if one.where == "behaviour"}
    rows = ledger(scenario.behaviour)
    assert listed == {r["name"] for r in rows if r["grade"] == "D" and r["low"] != r["high"]}
    assert all(one.low != one.high for one in found)


def test_the_matched_set_narrows_the_ends_of_behaviour_alone(scenario):
    found = evidence.assumptions(scenario, {"shock": (0.04, 0.05), "loan": (1, 2)})
    by_key = {one.key: one for one in found}
    assert (by_key["behaviour.shock"].low, by_key["behaviour.shock"].high) == (0.04, 0.05)
    plain = {one.key: one for one in evidence.assumptions(scenario)}
    changed = {key for key in plain if plain[key] != by_key[key]}
    assert changed == {"behaviour.shock"}


def test_one_value_moves_and_no_other():
    regime = load_regime("citizen-score-2020")
    moved = evidence.with_value(regime, "record_sources.court.miss", 0.17)
    before = {row["name"]: row["value"] for row in ledger(regime)}
    after = {row["name"]: row["value"] for row in ledger(moved)}
    assert {n for n in before if before[n] != after[n]} == {"record_sources.court.miss"}
    assert after["record_sources.court.miss"] == 0.17


def test_weights_stay_one_in_sum():
    regime = load_regime("credit-bureau")
    moved = evidence.with_value(regime, "operator.weights.credit_history", 0.8)
    assert sum(float(x) for x in moved.operator.weights.values()) == pytest.approx(1)
    assert float(moved.operator.weights["credit_history"]) == 0.8


def test_a_value_out_of_range_is_refused():
    with pytest.raises(ValidationError):
        evidence.with_value(load_behaviour(), "separation", 1.5)
    with pytest.raises(KeyError):
        evidence.with_value(load_behaviour(), "no_such_thing", 1)


def test_grades_add_to_one(scenario):
    rows = evidence.grades(scenario)
    assert [row["entry"].split()[0] for row in rows] == ["regime", "country", "behaviour", "all"]
    assert rows[-1]["values"] == sum(row["values"] for row in rows[:-1])
    for row in rows:
        assert sum(row[g] for g in "ABCD") == pytest.approx(1)


def test_a_sweep_goes_on_where_it_stopped_and_ranks_what_it_found(scenario, tmp_path, monkeypatch):
    chosen = ("behaviour.expressive", "behaviour.kappa")
    every = evidence.assumptions

    monkeypatch.setattr(
        evidence,
        "assumptions",
        lambda asked, ends=None: [one for one in every(asked, ends) if one.key in chosen],
    )
    shown = []
    ask = lambda: evidence.sweep(  # noqa: E731
        scenario, tmp_path, jobs=2, show=lambda done, total: shown.append((done, total))
    )
    found = ask()
    assert len(found["worlds"]) == 1 + evidence.SEEDS + 4
    # An end at which the assumption stands already is the world of the scenario itself.
    ends = [one for one in evidence.assumptions(scenario) if one.key in chosen]
    there = [evidence._moved_to(scenario, one, end) for one in ends for end in (one.low, one.high)]
    total = 1 + evidence.SEEDS + sum(one != scenario for one in there)
    assert shown[-1] == (total, total)
    kept = sorted(path for path in (tmp_path / "members").iterdir() if path.name != "store.json")
    assert len(kept) == total
    # One that is lost is run again, and gives the same.
    kept[0].unlink()
    shown.clear()
    again = ask()
    assert shown[0] == (total - 1, total)
    assert again == found
    rows = {row["measure"]: row for row in evidence.ranking(scenario, found)}
    told = rows["chilled_share"]["assumptions"]
    assert {one["name"] for one in told} <= set(chosen)
    for one in told:
        assert one["moves"] == pytest.approx(abs(one["high"] - one["low"]))
    assert rows["chilled_share"]["luck"] is not None
    with pytest.raises(OutputExists):
        evidence.sweep(scenario.but(seed=1), tmp_path, jobs=1, show=lambda done, total: None)
