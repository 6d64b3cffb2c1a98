"""Rows B10 and B11: the press's scenario, and what each change takes out of it."""

from __future__ import annotations

import pytest

from glasscity.engine.compile_guards import GUARDS
from glasscity.regime import load_regime, regimes
from glasscity.results.run import Run
from glasscity.rights import measures
from glasscity.rights.view import View

VARIANTS = {
    "citizen-score-no-friends": {"friends": 0},
    "citizen-score-no-speech": {"speech": 0},
    "citizen-score-firewall": {"firewall": 1},
    "citizen-score-due-process": {"notice": 1, "appeals": 1, "correction": 1, "review": 1},
    "citizen-score-expiry-repair": {"expiry": 1, "repair": 1, "duration-cap": 1},
}


@pytest.fixture
def late(ran):
    """Return a function that runs a variant from the month before the mandate."""

    def run(name: str) -> Run:
        return ran(name, start="2019-12", months=36, citizens=5_000)

    return run


def value(run: Run, name: str) -> float:
    found = measures(run, names=[name])[name]
    assert found is not None
    return found


@pytest.mark.parametrize("name", VARIANTS)
def test_b11_a_variant_is_the_press_scenario_with_its_strengths_and_no_other_value(name):
    base, variant = load_regime("citizen-score-2020"), load_regime(name)
    assert {key: float(x) for key, x in variant.strengths.items()} == VARIANTS[name]
    own = {"name", "title", "about", "caution", "extends", "rows", "strengths", "status"}
    for field in type(base).model_fields:
        if field not in own:
            assert getattr(variant, field) == getattr(base, field), field
    assert variant.extends == "citizen-score-2020"
    assert "B11" in variant.rows


def test_b10_what_extends_the_press_scenario_is_the_press_scenario_too():
    kinds = {row["name"]: row["kind"] for row in regimes()}
    assert {name for name, kind in kinds.items() if kind == "press scenario"} == {
        "citizen-score-2020",
        *VARIANTS,
    }
    assert {name for name, kind in kinds.items() if kind == "comparison"} == {
        "unscored",
        "credit-bureau",
    }


def test_b10_the_press_scenario_scores_everybody_from_the_mandate_on(late):
    run = late("citizen-score-2020")
    enrolled = View(run).monthly("enrolled")[:, 0]
    assert enrolled[0] == 0
    assert enrolled[-1] == run.citizens
    assert value(run, "restricted_share") > 0.02


def test_b11_without_friends_nobodys_ties_move_a_score_and_none_are_dropped(late):
    with_friends, without = late("citizen-score-2020"), late("citizen-score-no-friends")
    assert with_friends.people["points_ties_scores"].to_numpy().std() > 0
    assert without.people["points_ties_scores"].to_numpy().std() == 0
    assert without.people["points_ties_voice"].to_numpy().std() > 0
    assert View(with_friends).total("ties_dropped")[0] > 0
    assert View(without).total("ties_dropped")[0] == 0


def test_b11_without_speech_no_voice_moves_a_score(late):
    with_speech, without = late("citizen-score-2020"), late("citizen-score-no-speech")
    for part in ("points_own_voice", "points_ties_voice"):
        assert with_speech.people[part].to_numpy().std() > 0
        assert without.people[part].to_numpy().std() == 0
    assert without.people["points_ties_scores"].to_numpy().std() > 0
    assert value(without, "speech_share") == 0


def test_b11_behind_a_firewall_breaches_elsewhere_refuse_next_to_nobody(late):
    open_, walled = late("citizen-score-2020"), late("citizen-score-firewall")
    assert value(open_, "spillover_share") > 0.03
    assert value(walled, "spillover_share") < value(open_, "spillover_share") / 4


def test_b11_due_process_leaves_no_error_on_a_list_and_refuses_less(late):
    bare, careful = late("citizen-score-2020"), late("citizen-score-due-process")
    view = View(careful)
    assert view.total("guard_withdrawn")[0] > 0
    assert view.total("guard_lifted")[0] > 0
    assert value(careful, "wrongly_listed_share") == 0
    assert value(careful, "error_on_record_share") < value(bare, "error_on_record_share") / 2
    assert value(careful, "regime_denial_share") < value(bare, "regime_denial_share")


def test_b11_with_expiry_and_repair_no_listing_outlasts_its_term(late):
    bare, mild = late("citizen-score-2020"), late("citizen-score-expiry-repair")
    most = min(GUARDS["expiry_months"], GUARDS["cap_months"])
    assert max(_stays(mild)) <= most < max(_stays(bare))
    assert View(mild).total("exits_repair")[0] > 0
    assert value(mild, "listed_stock") < value(bare, "listed_stock")


def _stays(run: Run) -> list[int]:
    """Return how long each listing that ended lasted, and each that did not, so far."""
    since: dict[tuple[int, str], int] = {}
    found: list[int] = []
    for row in run.listings.iter_rows(named=True):
        key = row["citizen"], str(row["list"])
        if row["kind"] == 0:
            since[key] = row["month"]
        else:
            found.append(row["month"] - since.pop(key))
    return found + [run.months - month for month in since.values()]


def test_b11_each_change_changes_something(late):
    digests = {late(name).digest for name in ("citizen-score-2020", *VARIANTS)}
    assert len(digests) == 1 + len(VARIANTS)
