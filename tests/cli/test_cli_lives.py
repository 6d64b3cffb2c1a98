"""life and find on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from terminal import Ended, assert_refused, glasscity

from glasscity.rights.search import FILTERS


@pytest.fixture(scope="module")
def watched(tmp_path_factory) -> tuple[Path, Ended]:
    folder = tmp_path_factory.mktemp("watched") / "run"
    words = ("--country", "plainland", "--citizens", "400", "--months", "4", "--no-report")
    ended = glasscity("run", *words, "--watch", "7,3", "--out", folder, "--json")
    assert ended.code == 0, ended.err
    return folder, ended


def test_a_life_is_one_json_document_with_what_others_rely_on(finished):
    folder, _ = finished
    ended = glasscity("life", folder, "5", "--json")
    assert ended.code == 0, ended.err
    life = ended.json
    assert life["digest"]["same"] is True
    assert len(life["months"]) == 4
    for month in life["months"]:
        assert {"month", "score", "rank", "parts", "events", "closed_gates"} <= set(month)
        assert all(event["reason"] for event in month["events"])


def test_the_cost_is_said_first_and_the_agreement_last(finished):
    folder, _ = finished
    ended = glasscity("life", folder, "5")
    assert ended.code == 0, ended.err
    assert ended.err.startswith("to watch this life, 400 citizens x 4 months are run again: ")
    assert "this is the same run, bit for bit" in " ".join(ended.out.split())


def test_a_watched_run_has_the_same_digest_and_needs_no_run_again(finished, watched):
    _, plain = finished
    folder, ended = watched
    assert ended.json["digest"] == plain.json["digest"]
    told = glasscity("life", folder, "7")
    assert told.code == 0
    assert told.err == ""
    assert "while the run itself went by" in " ".join(told.out.split())
    kept, again = (glasscity("life", where, "7", "--json").json for where in (folder, finished[0]))
    assert kept | {"run": ""} == again | {"run": ""}
    assert glasscity("resume", folder).code == 0


@pytest.mark.parametrize("form", ["svg", "png", "html"])
def test_a_chart_is_written_beside_the_json(watched, tmp_path, form):
    file = tmp_path / f"life.{form}"
    ended = glasscity("life", watched[0], "3", "--chart", file, "--json")
    assert ended.code == 0, ended.err
    assert ended.json["chart"] == str(file)
    start = {"svg": b"<svg", "png": b"\x89PNG", "html": b"<!DOCTYPE html>"}[form]
    assert file.read_bytes().lstrip().startswith(start)
    assert [path.name for path in tmp_path.iterdir()] == [file.name]


@pytest.mark.parametrize(
    ("citizen", "said"),
    [
        ("400", "there is no citizen 400. Allowed: whole numbers from 0 to 399"),
        ("x", "'x' is no whole number"),
        ("9" * 30, "is no whole number"),
    ],
)
def test_a_citizen_who_is_not_there_is_refused(finished, citizen, said):
    assert_refused(glasscity("life", finished[0], citizen), said)


def test_a_chart_that_cannot_be_drawn_is_refused_before_the_run(finished, tmp_path):
    ended = glasscity("life", finished[0], "1", "--chart", tmp_path / "a.gif")
    assert_refused(ended, ".svg, .png, .html")
    assert "run again" not in ended.err
    missing = glasscity("life", finished[0], "1", "--chart", tmp_path / "no" / "a.svg")
    assert_refused(missing, "does not exist")


def test_find_prints_an_array_of_citizens(long_run):
    ended = glasscity("find", long_run, "silent-critic", "--limit", "3", "--json")
    assert ended.code == 0, ended.err
    assert len(ended.json) == 3
    for one in ended.json:
        assert isinstance(one["citizen"], int)
        assert one["why"][0]["filter"] == "silent-critic"
        assert one["traits"]["voice"] == "silent"
    assert "glasscity life" in glasscity("find", long_run, "wrongly-listed").out


def test_an_unknown_filter_lists_the_known_ones(long_run):
    assert_refused(glasscity("find", long_run, "wrongly-lsited"), *FILTERS, "did you mean")
    assert_refused(glasscity("find", long_run, "silent-critic", "--limit", "0"), "limit")


def test_nobody_found_is_said_and_is_an_empty_array(watched):
    folder, _ = watched
    assert glasscity("find", folder, "fell-through-friends", "--json").json == []
    ended = glasscity("find", folder, "fell-through-friends")
    assert ended.code == 0
    assert "Nobody" in ended.out
