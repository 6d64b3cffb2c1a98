"""A run from Python: parts of scores, the panel, memory, what a run leaves."""

from __future__ import annotations

import numpy as np
import pytest

import glasscity
from glasscity.errors import BadArgument, CannotFit, OutputExists
from glasscity.simulation import memory_needed


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
    assert memory_needed(10**12) > 10**13


def test_a_folder_that_exists_is_left_alone(run):
    with pytest.raises(OutputExists):
        glasscity.run(country="plainland", citizens=100, months=1, out=run.path)


def test_a_scenario_and_loose_fields_contradict_each_other():
    scenario = glasscity.Scenario("unscored", country="plainland", citizens=10, months=1)
    with pytest.raises(BadArgument, match="citizens"):
        glasscity.run(scenario, citizens=20)
