"""A life as a story: nothing added, nothing that a regime did left out."""

from __future__ import annotations

import pytest

import glasscity
from glasscity.api import lives
from glasscity.rights.story import story, when


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """Return lives of the first that each question finds, retold."""
    run = glasscity.run(
        "citizen-score-2020",
        country="china-2020",
        citizens=2_000,
        seed=5,
        twin=False,
        report=False,
        out=tmp_path_factory.mktemp("story") / "run",
    )
    wanted = []
    for name in ("wrongly-listed", "fell-through-friends", "child-shut-out"):
        wanted += [one["citizen"] for one in glasscity.find(run, name, limit=1)]
    assert len(wanted) == 3
    return lives(run, wanted)


def test_lives_come_in_the_order_asked_for_and_are_the_same_as_one_by_one(told):
    assert [one.same for one in told] == [True] * 3
    assert len({one.citizen for one in told}) == 3


def test_every_event_is_told_once_or_as_going_on(told):
    for life in told:
        chapters = {one["month"]: one for one in story(life)["chapters"]}
        before: set[str] = set()
        for month in life.months:
            reasons = {one["reason"] for one in month["events"]}
            text = " ".join(chapters.get(month["month"], {"sentences": []})["sentences"]).lower()
            for reason in reasons - before:
                assert reason.lower() in text
            before = reasons


def test_what_goes_on_says_until_when(told):
    found = 0
    for life in told:
        for chapter in story(life)["chapters"]:
            for sentence in chapter["sentences"]:
                reason, going, until = sentence.rstrip(".").partition(
                    "; the same every month until "
                )
                if not going:
                    continue
                found += 1
                last = next(one for one in life.months if when(one["date"]) == until)
                following = life.months[last["month"] + 1 : last["month"] + 2]
                reason = reason[:1].lower() + reason[1:]
                assert any(e["reason"] == reason for e in last["events"])
                assert not any(e["reason"] == reason for one in following for e in one["events"])
    assert found


def test_a_wrongly_listed_life_is_quoted_with_its_date_and_the_error(told):
    quote = story(told[0])["quote"]
    first = next(one for one in told[0].months if one["closed_gates"])
    assert quote.startswith("In ")
    assert f"citizen {told[0].citizen:,}" in quote
    assert "false alarm" in quote or "namesake" in quote
    assert when(first["date"])[-4:].isdigit()


def test_refusals_by_own_screening_alone_are_no_regimes_doing(told):
    for life in told:
        for chapter in story(life)["chapters"]:
            month = life.months[chapter["month"]]
            baseline = [e.get("class") == "baseline" for e in month["events"]]
            if baseline and all(baseline):
                assert not chapter["matters"]


def test_the_lead_has_the_totals_of_the_life(told):
    for life in told:
        lead = " ".join(story(life)["lead"])
        totals = life.document["totals"]
        assert f"{totals['refusals']} application" in lead or not totals["refusals"]
        if totals["months_shut_out"] > 1:
            assert f"{totals['months_shut_out']} months" in lead
