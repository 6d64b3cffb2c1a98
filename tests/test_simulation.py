"""A run from Python: parts of scores, the panel, memory, what a run leaves."""

from __future__ import annotations

import numpy as np
import pytest

import glasscity
from glasscity.engine.room import room_of
from glasscity.errors import BadArgument, CannotFit, OutputExists
from glasscity.terms import CAUSE_GROUPS, MORE_CAUSE_GROUPS


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return glasscity.run(
        "citizen-score-2020",
        country="plainland",
        citizens=1_500,
        months=72,
        seed=3,
        out=tmp_path_factory.mktemp("runs") / "a",
        report=False,
    )


def test_every_citizens_parts_and_remainder_add_up_to_the_score_exactly(run):
    people = run.people
    parts = people.select([name for name in people.columns if name.startswith("points_")])
    low = run.meta["score_range"][0]
    assert len(parts.columns) == 9
    assert (people["score"] > 0).all()
    assert (low + parts.sum_horizontal() == people["score"]).all()
    assert (parts["points_remainder"].abs() <= 0.5).all()


def test_people_and_ledger_tell_the_same_of_the_last_month(run):
    people = run.people
    counted = {
        "unafraid_criticise": people["unafraid_voice"] == "criticise",
        "private_praise": people["private_voice"] == "praise",
        "would_say_yes": people["would_say_yes"],
        "restricted": people["shut_out"] == 1,
        "privately_scored": people["score_private_2"] > 0,
        "displays": people["displayed"],
        "keepers": people["keeps_trust"],
    }
    for measure, column in counted.items():
        assert column.sum() == run.margins.of(measure)[-1, 0], measure
        assert measure == "displays" or 0 < column.sum() < len(people), measure
    told = run.margins.of("trust_sum")[-1, 0] / 65535
    assert people["trust"].sum() == pytest.approx(told)


def test_months_of_people_add_up_to_the_months_of_the_ledger(run):
    people = run.people
    assert people["months_shut_out"].sum() == run.margins.of("restricted")[:, 0].sum() > 0
    # Two parents and several children may share a month, so the two counts are not the same.
    lost, parents = run.margins.of("child_months_lost")[:, 0].sum(), people["child_months_shut_out"]
    assert 0 < parents.sum() <= 2 * lost
    assert (people["months_shut_out"] <= run.months).all()


def test_who_has_something_on_record_has_a_lower_history(run):
    people = run.people
    marked = people.filter(people["on_record"])["points_credit_history"]
    clean = people.filter(~people["on_record"])["points_credit_history"]
    assert 0 < len(marked) < len(people)
    assert clean.min() == clean.max() > marked.max()


def test_every_denial_that_a_group_of_causes_decides_is_in_register_and_cube(run):
    lower = run.denials["lower"].to_numpy()
    for bit, group in enumerate((*CAUSE_GROUPS, *MORE_CAUSE_GROUPS)):
        counted = run.margins.of("denials_lower", cause=group)[:, 0].sum()
        assert (lower >> bit & 1).sum() == counted, group
    assert set(run.denials["rule"].unique()) <= {0, 1}
    assert (lower >> CAUSE_GROUPS.index("spillover") & 1).any()
    assert (lower >> len(CAUSE_GROUPS) & 1).any()


def test_under_a_plain_mean_friends_move_less_than_under_the_standardised_one(run):
    spread = {row["statistic"]: row["spread"] for row in run.meta["ties_statistics"]}
    assert set(spread) == {"mean", "standardised", "below_bar"}
    assert 0 < spread["mean"] < spread["standardised"]


def test_threads_do_not_change_the_digest(run, tmp_path):
    again = glasscity.rerun(run.path, threads=3)
    assert again.same
    other = glasscity.run(
        "citizen-score-2020",
        country="plainland",
        citizens=1_500,
        months=72,
        seed=4,
        out=tmp_path / "b",
        twin=False,
        report=False,
    )
    assert other.digest != run.digest


def test_a_pair_starts_from_the_same_people(run):
    ours, theirs = run.people, run.twin.people
    for name in ("province", "area", "quintile", "age", "occupation"):
        assert (ours[name] == theirs[name]).all()
    assert (theirs["score"] == 0).all()


def test_ranks_are_mid_ranks_of_the_scores(run):
    scores = run.people["score"].to_numpy().astype(int)
    below = (scores[:, None] > scores[None, :]).mean(axis=1)
    equal = (scores[:, None] == scores[None, :]).mean(axis=1)
    assert np.allclose(run.people["rank"], below + equal / 2)


def test_too_many_citizens_are_refused_before_anything_is_made(tmp_path):
    with pytest.raises(CannotFit, match="free"):
        glasscity.run(citizens=10**12, out=tmp_path / "huge")
    assert not (tmp_path / "huge").exists()
    assert room_of("plain", 10**12).memory > room_of("packed", 10**12).memory > 10**13


def test_a_folder_that_exists_is_left_alone(run):
    with pytest.raises(OutputExists):
        glasscity.run(country="plainland", citizens=100, months=1, out=run.path)


def test_a_scenario_and_loose_fields_contradict_each_other():
    scenario = glasscity.Scenario("unscored", country="plainland", citizens=10, months=1)
    with pytest.raises(BadArgument, match="citizens"):
        glasscity.run(scenario, citizens=20)
