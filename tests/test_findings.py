"""The page of findings says what its data say, in either sign, and no more than they can show."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tools"))

import findings_data  # noqa: E402
import findings_quantities  # noqa: E402
import findings_words  # noqa: E402
import make_findings  # noqa: E402

KEPT = json.loads(make_findings.KEPT.read_text(encoding="utf-8"))["studies"]
SCORE, NOBODY = "citizen-score-2020", "unscored"


def planted(here: list[list[float]], there: list[list[float]], **more) -> findings_data.Study:
    """Return a study of two regimes with planted onsets: a row a vector, a value a seed."""
    empty = [[[None] * len(here[0])] * len(here)] * 2
    values = dict.fromkeys(findings_quantities.MEASURES, empty)
    values = {**values, "unwilling_onsets": [here, there], "total_chill_share": [here, there]}
    vectors = ["central", *(f"matched-{k:03d}" for k in range(1, len(here)))]
    return findings_data.Study(
        {
            "citizens": 1000,
            "months": 12,
            "regimes": [SCORE, NOBODY],
            "vectors": vectors,
            "seeds": list(range(len(here[0]))),
            "values": values,
            **more,
        }
    )


def test_the_page_and_its_pictures_are_what_the_stored_data_make():
    assert make_findings.stale() == [], "run python tools/make_findings.py"


@pytest.mark.parametrize("name", make_findings.STUDIES)
def test_the_stored_data_are_those_of_the_study_file(name):
    from glasscity.study.design import lay
    from glasscity.study.plan import read_study

    kept = KEPT[name]
    laid = lay(*read_study(ROOT / kept["file"]))
    assert kept["regimes"] == [one.name for one in laid.regimes]
    assert kept["vectors"] == [one.labels["vector"] for one in laid.points]
    assert kept["seeds"] == list(laid.seeds)
    assert kept["failed"] == 0
    assert kept["runs"] == len(kept["regimes"]) * len(kept["vectors"]) * len(kept["seeds"])


def test_a_stored_number_is_what_its_run_gives_today(tmp_path):
    from glasscity import Scenario
    from glasscity.study.members import Member, run_members

    kept = KEPT["honesty"]
    scenario = Scenario(
        SCORE,
        country="china-2020",
        citizens=kept["citizens"],
        months=kept["months"],
        start=kept["start"],
        seed=kept["seeds"][0],
    )
    (result,) = run_members([Member(scenario, twin=False)], store=tmp_path, workers=1)
    assert result.measures is not None
    regime, point = kept["regimes"].index(SCORE), kept["vectors"].index("central")
    for name in findings_quantities.MEASURES:
        stored = kept["values"][name][regime][point][0]
        value = result.measures[name]
        assert stored == (None if value is None else float(f"{value:.6g}")), name


def test_a_difference_is_told_with_its_sign_and_either_word():
    fewer = planted([[90, 92, 88, 90]], [[100, 102, 98, 100]]).against("onsets", SCORE, NOBODY)
    more = planted([[100, 102, 98, 100]], [[90, 92, 88, 90]]).against("onsets", SCORE, NOBODY)
    assert (fewer.sign, more.sign) == (-1, 1)
    assert " less (" in findings_words.change(fewer)
    assert " more (" in findings_words.change(more)


def test_a_difference_within_luck_is_told_as_none_that_can_be_shown():
    found = planted([[90, 110, 95, 105]], [[100, 100, 100, 100]]).against("onsets", SCORE, NOBODY)
    assert found.sign == 0
    assert findings_words.change(found) == findings_words.NOTHING


def test_a_difference_of_fewer_lives_than_the_chaos_floor_is_none_however_sure():
    # 0.7 % of 1,000 citizens are seven lives, and every seed gives the same.
    inside = planted([[0.107] * 4], [[0.1] * 4]).against("chilled", SCORE, NOBODY)
    outside = planted([[0.109] * 4], [[0.1] * 4]).against("chilled", SCORE, NOBODY)
    assert (inside.sign, outside.sign) == (0, 1)


@pytest.mark.parametrize(
    ("value", "error", "told"),
    [
        (1.23456, 0.034, "1.23"),
        (1.23456, 0.014, "1.235"),
        (-0.004, 0.03, "0"),
        (1234.5, 60, "1,230"),
        (None, 1.0, "not estimable"),
        (0.0, 0.0, "0"),
    ],
)
def test_no_digit_is_shown_beyond_the_error(value, error, told):
    assert findings_words.number(value, error) == told


def test_what_no_run_can_estimate_is_not_zero():
    found = planted([[1.0, 1.0]], [[1.0, 1.0]]).level("repayment", SCORE)
    assert findings_words.cell(found) == findings_words.span(found) == "not estimable"


def test_the_range_over_the_matched_set_leaves_named_vectors_out():
    found = planted([[50, 50], [90, 92], [80, 82]], [[100, 100]] * 3).against(
        "onsets", SCORE, NOBODY
    )
    assert found.mean == pytest.approx(-50)
    assert findings_words.least_most(found) == pytest.approx((-19, -9))


def test_more_seeds_of_one_vector_leave_the_others_as_they_are():
    few = planted([[90, 92], [80, 82]], [[100, 100], [100, 100]])
    many = planted([[90, 92, 88, 94]], [[100] * 4])
    joined = few.joined(many).against("onsets", SCORE, NOBODY)
    assert joined.mean == pytest.approx(-9)
    assert joined.vectors["matched-001"] == pytest.approx(-19)


def test_an_explanation_that_the_data_do_not_bear_is_left_out_and_said_to_be():
    assert findings_words.when(False, "because of this") == findings_words.GONE
    assert findings_words.GONE not in make_findings.PAGE.read_text(encoding="utf-8")
