"""A life retold agrees with the run that it is part of."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

import glasscity
from glasscity.errors import BadArgument
from glasscity.results.outcome import EXITS
from glasscity.terms import CAUSES, LISTING_CAUSES


@pytest.fixture(scope="module")
def lives(watched, chosen):
    return {citizen: glasscity.life(watched, citizen) for citizen in chosen}


def test_watching_does_not_change_the_digest(run, watched, chosen):
    assert len(chosen) >= 15
    assert watched.digest == run.digest
    assert set(watched.lives) == set(chosen)


def test_a_life_watched_in_a_run_made_again_is_the_one_kept_by_the_run(run, watched, chosen):
    again = glasscity.life(run, chosen[3])
    assert again.same
    assert again.document == watched.lives[chosen[3]]


def test_parts_add_up_to_the_score_exactly_in_every_month(lives):
    scored = 0
    for life in lives.values():
        for month in life.months:
            assert bool(month["parts"]) == (month["score"] is not None)
            if month["parts"]:
                scored += 1
                assert sum(month["parts"].values()) == month["score"]
                assert abs(month["parts"]["remainder"]) <= 0.5
    assert scored > 300


def test_changes_of_the_parts_add_up_to_the_change_of_the_score(lives):
    moved = 0
    for life in lives.values():
        last = None
        for month in life.months:
            change = month["change"]
            if month["score"] is not None and last is not None:
                told = 0 if change is None else change["score"]
                assert told == month["score"] - last
            if change is not None:
                moved += 1
                assert sum(change["parts"].values()) == change["score"]
                assert change["causes"]
            last = month["score"]
    assert moved > 300


def test_scores_and_last_parts_are_those_of_the_run(run, lives):
    panel = run.panel(*range(run.months))
    names = [name for name in run.people.columns if name.startswith("points_")]
    for citizen, life in lives.items():
        kept = panel.row(by_predicate=pl.col("citizen") == citizen)[1:]
        assert [month["score"] or 0 for month in life.months] == list(kept)
        person = run.people.row(by_predicate=pl.col("citizen") == citizen, named=True)
        last = life.months[-1]
        assert last["rank"] == pytest.approx(person["rank"])
        for name in names:
            assert last["parts"][name.removeprefix("points_")] == person[name]


def test_listings_told_are_those_of_the_register(run, lives):
    names = {entry["sphere"]: entry["name"] for entry in run.meta["lists"]}
    told, kept = [], []
    for citizen, life in lives.items():
        for month, event in life.events("listed"):
            told.append((citizen, month, event["list"], 0, tuple(event["causes"])))
        for month, event in life.events("left"):
            told.append((citizen, month, event["list"], 1, event["how"]))
    rows = run.listings.filter(pl.col("citizen").is_in(list(lives)))
    for row in rows.iter_rows(named=True):
        detail = (
            tuple(cause for k, cause in enumerate(LISTING_CAUSES) if (row["detail"] >> k) & 1)
            if row["kind"] == 0
            else EXITS[row["detail"]]
        )
        kept.append((row["citizen"], row["month"], names[row["list"]], row["kind"], detail))
    assert len(kept) > 15
    assert sorted(told, key=str) == sorted(kept, key=str)


def test_refusals_told_with_a_cause_are_those_of_the_register(run, lives):
    told = [
        (citizen, month, event["gate"], tuple(event["but_for"]), tuple(event["involved"]))
        for citizen, life in lives.items()
        for month, event in life.events("refused")
        if event["class"] != "baseline"
    ]
    rows = run.denials.filter(pl.col("citizen").is_in(list(lives)))
    kept = [
        (
            row["citizen"],
            row["month"],
            row["gate"],
            _causes(row["butfor"]),
            _causes(row["involved"]),
        )
        for row in rows.iter_rows(named=True)
    ]
    assert len(kept) > 10
    assert sorted(told) == sorted(kept)


def _causes(mask: int) -> tuple[str, ...]:
    return tuple(cause for k, cause in enumerate(CAUSES) if (mask >> k) & 1)


def test_months_shut_out_are_the_spells_of_the_register(run, lives):
    for citizen, life in lives.items():
        shut = np.array([bool(month["closed_gates"]) for month in life.months], dtype=int)
        edges = np.diff(shut, prepend=0)
        told = [(m, 0) for m in np.flatnonzero(edges == 1)]
        told += [(m, 1) for m in np.flatnonzero(edges == -1)]
        rows = run.spells.filter(pl.col("citizen") == citizen).select("month", "kind")
        assert sorted(told) == sorted(rows.iter_rows())


def test_every_event_has_a_reason_and_refusals_say_but_for_what(lives):
    events = [event for life in lives.values() for _, event in life.events()]
    assert all(event["reason"] and event["kind"] for event in events)
    for event in events:
        if event["kind"] == "refused" and event["but_for"]:
            assert "would have been granted but for" in event["reason"]
    kinds = {event["kind"] for event in events}
    assert {"breach", "record", "listed", "left", "shut", "open", "refused", "voice"} <= kinds


def test_an_unscored_life_has_no_parts_and_says_so(tmp_path):
    run = glasscity.run(
        "unscored", country="plainland", citizens=200, months=3, out=tmp_path / "u", report=False
    )
    life = glasscity.life(run, 7)
    assert life.same
    assert [month["score"] for month in life.months] == [None] * 3
    assert all(month["parts"] == {} and not month["closed_gates"] for month in life.months)


@pytest.mark.parametrize("citizen", [-1, 3_000, 2**40])
def test_a_citizen_who_is_not_there_is_refused(run, citizen):
    with pytest.raises(BadArgument, match="0 to 2999"):
        glasscity.life(run, citizen)


def test_lives_to_watch_are_checked_before_anything_is_made(tmp_path):
    out = tmp_path / "none"
    with pytest.raises(BadArgument, match="no citizen 50"):
        glasscity.run(country="plainland", citizens=50, months=1, watch=[3, 50], out=out)
    assert not out.exists()


def test_a_chart_draws_every_event_and_every_part(watched, chosen):
    life = glasscity.life(watched, chosen[1])
    spec = life.chart().to_dict()
    score, marks = spec["vconcat"]
    drawn = marks["layer"][1]["data"]["values"]
    assert [row["reason"] for row in drawn] == [event["reason"] for _, event in life.events()]
    points = score["layer"][0]["data"]["values"]
    scored = [month for month in life.months if month["score"] is not None]
    total = sum(row["points"] for row in points)
    rest = sum(month["parts"]["remainder"] for month in scored)
    assert total + rest == sum(month["score"] for month in scored)
