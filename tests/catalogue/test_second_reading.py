"""The blind second reading: both agree, or the difference is settled, or the entry says so."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

from glasscity.catalogue.shelf import catalogue_names

ROOT = Path(__file__).parents[2]
SPEC = importlib.util.spec_from_file_location("second_reading", ROOT / "tools/second_reading.py")
assert SPEC is not None
assert SPEC.loader is not None
tool = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(tool)

ENTRIES = [*catalogue_names("regime"), *catalogue_names("country")]


@pytest.mark.parametrize("name", ENTRIES)
def test_an_agreed_entry_was_read_twice_and_every_difference_is_settled(name):
    entry = tool.entry_of(name)
    if tool.reading_of(name) is None:
        assert entry.status == "provisional"
        return
    settled = tool.settled_for(name)
    left = [one for one in tool.differences(name) if one.name not in settled]
    assert entry.status == ("provisional" if left else "agreed"), left


@pytest.mark.parametrize("name", ENTRIES)
def test_what_was_settled_is_a_difference_and_says_what_both_readings_say(name):
    found = {one.name: one for one in tool.differences(name)}
    for key, row in tool.settled_for(name).items():
        assert key in found, f"{key} is settled and is no difference"
        assert set(row["first"].split()) == set(found[key].first.split()), key
        assert row["second"] == found[key].second, key
        assert row["decision"], key
        assert len(row["why"]) > 10, key


@pytest.mark.parametrize("name", ENTRIES)
def test_every_question_was_answered_with_a_place_where_it_was_read(name):
    reading = tool.reading_of(name)
    assert reading is not None
    assert {row["name"] for row in tool.asked(name)} <= set(reading)
    for key, row in reading.items():
        assert row["answer"].strip(), key
        if row["answer"].strip() != tool.ABSENT:
            assert row["where"].strip() or row["quote"].strip(), key


@pytest.mark.parametrize("name", ENTRIES)
def test_a_reading_names_no_place_that_its_readers_alone_have(name):
    for key, answered in (tool.reading_of(name) or {}).items():
        assert not re.search(r"(^|[\s;(])/\w+/", answered["where"] + " " + answered["quote"]), key


def row(value, grade="A", **more):
    return {"value": value, "grade": grade, "low": None, "high": None, **more}


def test_a_sourced_value_must_be_the_same():
    assert tool.agrees(row(0.35), "0.35")
    assert not tool.agrees(row(0.35), "0.25")
    assert not tool.agrees(row(0.35), "absent")
    assert tool.agrees(row([350, 950]), "350 950")
    assert not tool.agrees(row([350, 950]), "350")
    assert tool.agrees(row("2016-09"), "2016-09")
    assert not tool.agrees(row(True), "false")


def test_an_assumption_agrees_with_nothing_found_or_with_what_lies_in_its_range():
    assumed = row(0.05, "D", low=0.01, high=0.2)
    assert tool.agrees(assumed, "absent")
    assert tool.agrees(assumed, "0.1")
    assert not tool.agrees(assumed, "0.3")
    assert not tool.agrees(row("mean", "D"), "below_bar")


def test_the_structure_agrees_as_a_set():
    assert tool.agrees(row("flight fast_train", tool.STRUCTURE), "fast_train flight")
    assert not tool.agrees(row("flight", tool.STRUCTURE), "flight golf")
