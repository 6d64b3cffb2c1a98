"""A life under a points scheme: what was taken and what was added, told as such."""

from __future__ import annotations

import pytest

import glasscity
from glasscity.cli.lives import life as told
from glasscity.rights.life_words import part


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return glasscity.run(
        "rongcheng-2014",
        country="plainland",
        citizens=2_000,
        months=30,
        seed=3,
        out=tmp_path_factory.mktemp("account") / "run",
        twin=False,
        report=False,
    )


@pytest.fixture(scope="module")
def lowest(run):
    people = run.people.sort("score")
    return glasscity.life(run, int(people["citizen"][0]))


def test_parts_are_what_is_left_of_the_points_and_what_deeds_added(lowest):
    for month in lowest.months:
        parts = month["parts"]
        assert sum(parts.values()) == month["score"]
        others = {name: value for name, value in parts.items() if value}
        assert set(others) <= {"base", "credit_history", "behaviour_preference", "remainder"}
    first = lowest.months[0]["parts"]
    assert first["base"] + first["credit_history"] == pytest.approx(1000, abs=60)


def test_causes_speak_of_points_and_not_of_a_credit_history(run, lowest):
    # Whoever lost a little has some of it back by the end.
    little = run.people.filter((run.people["score"] > 985) & (run.people["score"] < 997))
    lives = [lowest, glasscity.life(run, int(little["citizen"][0]))]
    changes = [month["change"] for life in lives for month in life.months if month["change"]]
    said = " ".join(cause for change in changes for cause in change["causes"])
    assert "takes points" in said
    assert "is given back" in said
    assert "credit history" not in said
    assert "way of living" not in said
    assert part("credit_history", points=True) == "points kept"
    assert part("credit_history") == "credit history"


def test_a_deed_that_is_filed_adds_points_in_its_month(run):
    people = run.people.sort("score", descending=True)
    found = glasscity.life(run, int(people["citizen"][0]))
    filed = [month for month, event in found.events("deed") if "filed" in event["reason"]]
    assert filed
    for month in filed:
        change = found.months[month]["change"]
        assert change is not None
        assert change["parts"]["behaviour_preference"] > 0


def test_the_terminal_and_the_chart_use_the_same_words(run, lowest, capsys):
    told(str(run.path), str(lowest.citizen), threads=None, chart=None, as_json=False)
    text = " ".join(capsys.readouterr().out.split())
    assert "points kept" in text
    assert "credit history" not in text
    drawn = str(lowest.chart().to_dict())
    assert "points kept" in drawn
    assert "credit history" not in drawn
