"""Courses against runs: a world stepped for calibration is the world that a run steps."""

from __future__ import annotations

import numpy as np
import pytest

from glasscity import simulation
from glasscity.month.ledger import ROWS
from glasscity.scenario import Scenario
from glasscity.study.check import check, measured, misses
from glasscity.study.course import LATE_WINDOW, courses
from glasscity.study.quantities import QUANTITIES
from glasscity.study.targets import load_targets

SMALL = {"country": "plainland", "citizens": 900, "seed": 4}
MONTHS = ["2014-07", "2015-03", "2016-09"]


@pytest.fixture(scope="module")
def stops():
    scenario = Scenario("unscored", **SMALL)
    kept = []
    wanted = {"citizen-score-2020": MONTHS[::2], "unscored": MONTHS}
    for regime, month, stop in courses(scenario, wanted):
        listed = stop.state.record.standing.copy()
        kept.append((regime, month, stop, stop.totals.copy(), listed, stop.late.copy()))
    return kept


def test_unscored_comes_first_and_every_month_that_was_asked_for(stops):
    found = [(regime, month) for regime, month, *_ in stops]
    assert found == [("unscored", m) for m in MONTHS] + [
        ("citizen-score-2020", m) for m in MONTHS[::2]
    ]


@pytest.mark.parametrize("regime", ["unscored", "citizen-score-2020"])
def test_a_course_counts_what_a_run_counts(stops, regime):
    totals = [kept[3] for kept in stops if kept[0] == regime][-1]
    months = len(totals)
    done = simulation.simulate(
        Scenario(regime, months=months, **SMALL),
        threads=1,
        twin=False,
        progress=lambda *_: None,
    )
    counts = done.outcome.cube.margins(months)[:, 0]
    # Only attribution is left out; everything else is counted alike.
    left_out = [k for k, row in enumerate(ROWS) if row.measure.startswith("denials_")]
    kept = np.setdiff1d(np.arange(len(ROWS)), left_out)
    assert (totals[:, kept] == counts[:, kept]).all()
    assert totals[:, kept].any()


def test_late_is_who_owed_at_the_end_of_any_of_the_last_months():
    scenario = Scenario("unscored", **SMALL)
    first = Scenario("unscored").month_of("2014-06")
    months = [scenario.month_name(first + k) for k in range(LATE_WINDOW + 6)]
    owed = []
    for _, _, stop in courses(scenario, {"unscored": months}):
        owed.append(stop.state.truth.owed_credit > 0)
        expected = np.any(owed[-LATE_WINDOW:], axis=0)
        assert (stop.late == expected).all()
    assert 0 < expected.sum() < np.any(owed, axis=0).sum()


def test_the_twin_has_lived_as_long(stops):
    for regime, _, stop, totals, *_ in stops:
        if regime != "unscored":
            assert stop.unscored is not None
            assert stop.unscored.shape == totals.shape
            unscored = next(
                kept[3] for kept in stops if kept[0] == "unscored" and len(kept[3]) >= 28
            )
            assert (stop.unscored == unscored[: len(totals)]).all()


def test_people_on_several_lists_count_once(stops):
    regime, _, stop, _, standing, _ = stops[-1]
    assert regime == "citizen-score-2020"
    names = ["judgment-defaulters", "public-debtors", "contempt", "conduct"]
    on = (standing > 0) & (standing < 128)
    assert QUANTITIES["court_list_stock"](stop, names) == on.any(axis=1).mean()
    one = [QUANTITIES["court_list_stock"](stop, [name]) for name in names]
    assert sum(one) >= on.any(axis=1).mean() > max(one[:3])


def test_what_the_model_does_not_hold_is_not_a_number(stops):
    assert np.isnan(QUANTITIES["ever_flown"](stops[0][2], ()))


@pytest.fixture(scope="module")
def rows():
    return check(Scenario("unscored", **SMALL), threads=1)


def test_a_check_has_a_row_for_each_target_and_none_for_what_is_predicted_fits(rows):
    assert [row["quantity"] for row in rows] == [one.quantity for one in load_targets()]
    for row, one in zip(rows, load_targets(), strict=True):
        if row["column"] == "predicted":
            assert row["target"] is row["error"] is row["within"] is None
            assert not row["binds"]
            assert row["value"] is not None
        elif row["value"] is None:
            assert row["quantity"] == "ever_flown"
        else:
            assert row["within"] == one.within(row["value"])


def test_only_what_binds_and_is_not_met_is_missed(rows):
    missed = misses(rows)
    assert "conduct_list_names" not in missed
    assert "ever_flown" not in missed
    # 900 people of plainland are not China.
    assert missed
    fine = [{**row, "within": True} for row in rows]
    assert misses(fine) == []


def test_values_hang_on_the_behaviour_and_not_on_threads():
    from glasscity.behaviour import altered, load_behaviour

    targets = [one for one in load_targets() if one.matched]
    central = load_behaviour()
    eager = altered(central, {"slip": 0.008}, name="x", title="x", about="x")
    usual = measured(Scenario("unscored", **SMALL), targets)
    assert measured(Scenario("unscored", **SMALL), targets, threads=2) == usual
    other = measured(Scenario("unscored", **SMALL, behaviour=eager), targets)
    late = [one.quantity for one in targets].index("late_within_two_years")
    assert other[late] > usual[late]
