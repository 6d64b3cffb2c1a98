"""Rows B1 to B9 of the mission: what each documented regime must reproduce, seen in a small run."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from glasscity.regime import load_regime
from glasscity.results.run import Run
from glasscity.rights import findings, measures
from glasscity.rights.points import band_shares
from glasscity.rights.view import View
from glasscity.terms import GATES

LEFT_BY_EXPIRY, LEFT_BY_PERFORMANCE = 2, 0


def scores(run: Run, month: int = -1) -> np.ndarray:
    """Return the scores of everybody who has one."""
    found = run.panel(range(run.months)[month])
    column = found[found.columns[1]].to_numpy()
    return column[column > 0]


def closed(run: Run) -> dict[str, int]:
    """Return citizen-months with each gate closed, of the gates that ever were."""
    view = View(run)
    found = {gate: int(view.total("closed", gate=gate)[0]) for gate in GATES}
    return {gate: count for gate, count in found.items() if count}


def test_b1_nobody_is_scored_and_own_screening_and_courts_remain(ran):
    run = ran("unscored")
    assert not run.extras["score_histogram"][:, 1:].any()
    assert not closed(run)
    view = View(run)
    assert view.total("denials", gate="loan")[0] > 0
    assert view.total("orders")[0] > 0


def test_b2_a_bureau_closes_loans_and_mortgages_and_nothing_else(ran):
    run = ran("credit-bureau")
    assert set(closed(run)) == {"loan", "mortgage"}
    assert not len(run.listings)


def test_b3_sesame_is_joined_from_2015_on_and_shuts_nobody_out(ran):
    run = ran("sesame-2015")
    enrolled = View(run).monthly("enrolled")[:, 0]
    assert enrolled[0] == 0  # joined in a month, scored in the next
    assert (np.diff(enrolled) >= 0).all()
    # Users of the payment app alone: plainland has others.
    assert 0 < enrolled[-1] < run.citizens
    assert not closed(run)
    assert measures(run, names=["regime_denial_share"])["regime_denial_share"] == 0
    assert scores(run).min() >= 350
    assert scores(run).max() <= 950


def test_b3_sesame_has_the_weights_and_bands_of_its_pages_and_gives_perks(ran):
    operator = load_regime("sesame-2015").operator
    assert operator is not None
    weights = {name: float(weight) for name, weight in (operator.weights or {}).items()}
    assert weights == {
        "credit_history": 0.35,
        "fulfilment_capacity": 0.25,
        "behaviour_preference": 0.2,
        "personal_characteristics": 0.15,
        "relationships": 0.05,
    }
    run = ran("sesame-2015")
    shares = band_shares(run)
    assert shares is not None
    assert list(shares) == ["superb", "excellent", "good", "medium", "poor"]
    found = scores(run)
    assert shares["superb"] == pytest.approx((found >= 700).mean())
    assert shares["medium"] == pytest.approx(((found >= 550) & (found < 600)).mean())
    assert View(run).total("perks_used")[0] > 0
    assert measures(run, names=["perk_months_gain"])["perk_months_gain"] > 0


def test_b4_rapid_finance_scores_few_on_social_behaviour_alone(ran):
    run = ran("rapid-finance-2015", months=9, citizens=8_000)
    enrolled = View(run).monthly("enrolled")[:, 0]
    # 50 of 850 million users in the eighth month; plainland has fewer users than citizens.
    assert 0.035 < enrolled[8] / run.citizens < 0.075
    people = run.people.filter(run.people["score"] > 0)
    assert (people["points_fulfilment_capacity"].to_numpy() == 0).all()
    assert people["points_behaviour_preference"].to_numpy().std() > 0
    assert people["points_own_voice"].to_numpy().std() > 0
    # Nobody's payments count: with arrears on record one has all 55 points all the same, but for
    # a rumour.
    known = people.filter(people["on_record"])["points_credit_history"].to_numpy()
    assert len(known) > 20
    assert (known > 54.9).mean() > 0.8
    assert set(closed(run)) == {"loan"}


def test_b4_one_lender_in_fifty_refuses_by_that_score(ran):
    run = ran("rapid-finance-2015", months=9, citizens=8_000)
    view = View(run)
    refused = int(view.total("denials_regime", gate="loan")[0])
    assert refused < 0.05 * view.total("denials", gate="loan")[0]


def _debtors(run: Run, most: int = 8) -> list[int]:
    """Return citizens who left the court's list by performance."""
    left = run.listings
    left = left.filter((left["kind"] == 1) & (left["detail"] == LEFT_BY_PERFORMANCE))
    return left["citizen"].unique().sort().to_list()[:most]


def test_b5_listed_debtors_leave_in_the_month_in_which_they_perform(ran):
    first = ran("defaulter-list-2013", months=60)
    watched = _debtors(first)
    assert len(watched) >= 5
    run = ran("defaulter-list-2013", months=60, watch=tuple(watched))
    debt = {"judgment-defaulters": "credit", "public-debtors": "fee"}
    left = 0
    for citizen in watched:
        months = run.lives[citizen]["months"]
        for month in months:
            for name, owed in debt.items():
                assert name not in month["lists"] or month["owed"][owed] > 0
            left += sum(event.get("how") == "performance" for event in month["events"])
    assert left >= len(watched)


def test_b5_nobody_has_a_score_and_nine_kinds_of_spending_and_loans_are_closed(ran):
    run = ran("defaulter-list-2013", months=60)
    assert not run.extras["score_histogram"][:, 1:].any()
    assert measures(run, names=["enrolled_share"])["enrolled_share"] == 0
    found = closed(run)
    spending = "flight fast_train restaurant nightclub golf mortgage holiday private_school"
    assert set(found) == {*spending.split(), "insurance", "loan"}
    # Every list closes all of them, so they are closed to the same people.
    assert len(set(found.values())) == 1


def test_b5_debts_have_no_term_and_contempt_has_two_years(ran):
    run = ran("defaulter-list-2013", months=60)
    exits = run.listings.filter(run.listings["kind"] == 1)
    by_list = exits.filter(exits["detail"] == LEFT_BY_EXPIRY)
    assert set(by_list["list"].cast(str)) == {"judiciary"}
    terms = _terms(run, "judiciary", LEFT_BY_EXPIRY)
    assert terms
    assert set(terms) == {24}


def _terms(run: Run, sphere: str, way: int) -> list[int]:
    """Return the months between entry and exit, of exits of one kind from one list."""
    entered: dict[int, int] = {}
    found: list[int] = []
    for row in run.listings.filter(run.listings["list"] == sphere).iter_rows(named=True):
        if row["kind"] == 0:
            entered[row["citizen"]] = row["month"]
        elif row["detail"] == way:
            found.append(row["month"] - entered[row["citizen"]])
    return found


def test_b6_conduct_on_trains_bars_from_trains_alone_for_six_months(ran):
    run = ran("train-conduct-2018", citizens=20_000)
    assert set(closed(run)) == {"fast_train"}
    assert set(run.listings["list"].cast(str)) == {"society"}
    terms = _terms(run, "society", LEFT_BY_EXPIRY)
    assert len(terms) > 10
    assert set(terms) == {6}
    assert not run.extras["score_histogram"][:, 1:].any()


def test_b6_notice_comes_before_the_ban_and_an_objection_can_end_it(ran):
    rule = load_regime("train-conduct-2018").lists[0]
    assert int(rule.warning) == 1
    assert set(rule.exits) == {"expiry", "appeal"}
    run = ran("train-conduct-2018", citizens=20_000)
    view = View(run)
    warned = view.monthly("warnings", list="society")[:, 0].cumsum()
    listed = view.monthly("entries", list="society")[:, 0].cumsum()
    assert warned[-1] > 10
    # Whoever is listed was warned the month before.
    assert (listed[1:] <= warned[:-1]).all()


def test_b7_everybody_begins_with_a_thousand_and_arrears_take_ten_a_month(ran):
    operator = load_regime("rongcheng-2014").operator
    scheme = operator.points if operator else None
    assert scheme is not None
    run = ran("rongcheng-2014", months=48)
    first = scores(run, 0)
    assert len(first) == run.citizens
    assert np.median(first) == 1000
    # Nothing but an event of this month moved anybody, and most of them had none.
    assert (first == 1000).mean() > 0.9
    people = run.people.filter((run.people["owed_credit"] >= 6) & (run.people["owed_fee"] == 0))
    assert len(people) > 3
    watched = people["citizen"].to_list()[:5]
    lives = ran("rongcheng-2014", months=48, watch=tuple(watched)).lives
    full, back, seen = 998, float(scheme.forgotten), 0
    for life in lives.values():
        for before, month in pairwise(life["months"]):
            if month["recorded"] in (["credit_late"], ["credit_default"]):
                kept = before["parts"]["credit_history"]
                # Ten points, less what is given back of those taken before.
                expected = kept + back * (full - kept) - 10
                assert month["parts"]["credit_history"] == pytest.approx(expected, abs=0.1)
                seen += 1
    assert seen > 10


def test_b7_grades_are_shares_of_all_and_most_people_are_a(ran):
    run = ran("rongcheng-2014", months=48)
    shares = band_shares(run)
    assert shares is not None
    assert list(shares) == ["AAA", "AA", "A", "B", "C", "D"]
    assert sum(shares.values()) == pytest.approx(1)
    found = scores(run)
    assert shares["C"] == pytest.approx(((found >= 600) & (found < 850)).mean())
    assert shares["A"] > 0.5
    assert not closed(run)


def test_b7_each_official_rule_is_mapped_or_said_to_have_no_counterpart():
    regime = load_regime("rongcheng-2014")
    scheme = regime.operator.points if regime.operator else None
    assert scheme is not None
    for one in regime.mapping:
        if one.event is None and one.deed is None:
            assert one.note, one.rule
    named = {one.event for one in regime.mapping} | {one.deed for one in regime.mapping}
    assert {*scheme.taken_once, *scheme.added} <= named


def test_b8_osmanthus_begins_at_a_hundred_and_only_ever_adds(ran):
    run = ran("osmanthus-2016", months=36)
    panel = run.panel(*range(run.months))
    table = np.stack([panel[name].to_numpy() for name in panel.columns[1:]]).astype(int)
    assert (table >= 100).all()
    assert (table <= 200).all()
    assert (np.diff(table, axis=0) >= 0).all()
    assert (table[-1] > 100).mean() > 0.2
    view = View(run)
    assert view.total("points_taken")[0] == 0
    assert measures(run, names=["points_wrongly_share"])["points_wrongly_share"] is None


def test_b9_egret_takes_points_and_nobody_is_ever_shut_out(ran):
    run = ran("egret-2018", months=36)
    view = View(run)
    assert view.total("points_taken")[0] > 0
    assert scores(run).min() < 400
    assert not closed(run)
    assert view.total("restricted")[0] == 0
    assert sum(int(view.total("denials_regime", gate=gate)[0]) for gate in GATES) == 0
    assert measures(run, names=["perk_holders_share"])["perk_holders_share"] > 0
    assert band_shares(run) is None


@pytest.mark.parametrize("regime", ["rongcheng-2014", "osmanthus-2016", "egret-2018"])
def test_an_account_of_points_makes_no_lender_bolder(ran, regime):
    # Loans: a city's points tell a bank nothing about a file that it does not know itself.
    run, without = ran(regime, months=36), ran("unscored", months=36)
    names = ["thin_grant_rate"]
    here, there = (measures(one, names=names)["thin_grant_rate"] for one in (run, without))
    assert here == pytest.approx(there, abs=0.02)


@pytest.mark.parametrize("regime", ["rongcheng-2014", "sesame-2015", "defaulter-list-2013"])
def test_a_summary_never_shows_a_documented_rule_as_what_happened(ran, regime):
    from glasscity.cli.summary import summary

    run = ran(regime, months=60) if regime.startswith("def") else ran(regime)
    text = " ".join(" ".join(summary(run)).split())
    assert "a rule as documented, not what it did to anybody" in text
    assert findings(run).about["kind"] == "documented rule"
