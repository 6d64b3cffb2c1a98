"""The reference and the marked parts of the model's pages say what the code says."""

from __future__ import annotations

import functools
import importlib.util
from pathlib import Path

import pytest

from glasscity.draws import CALLS, UNUSED, WORDS
from glasscity.society import calls
from glasscity.society.state import COLUMNS, MEANING
from reference import luck

ROOT = Path(__file__).parent.parent


@functools.cache
def tool():
    spec = importlib.util.spec_from_file_location("make_docs", ROOT / "tools" / "make_docs.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_reference_is_what_the_code_says_today():
    assert tool().FILE.read_text(encoding="utf-8") == tool().reference(), "run make docs"


@pytest.mark.parametrize("file", tool().MARKED, ids=lambda file: file.name)
def test_the_marked_parts_of_the_model_are_what_the_code_says_today(file):
    text = file.read_text(encoding="utf-8")
    assert text == tool().filled(text), "run make docs"


def test_a_part_that_the_code_has_left_behind_is_noticed():
    text = (ROOT / "docs" / "model.md").read_text(encoding="utf-8")
    # A word in a table, then a mark of a part that nothing makes.
    assert tool().filled(text.replace("| credit_late | commerce |", "| credit_late | x |")) == text
    with pytest.raises(KeyError):
        tool().filled(text.replace("made by make docs: gates", "made by make docs: fences"))


def test_every_part_that_is_made_stands_somewhere_once():
    marks = [
        name
        for file in tool().MARKED
        for _, name, _ in tool()._PART.findall(file.read_text(encoding="utf-8"))
    ]
    assert sorted(marks) == sorted(tool().PARTS)


def test_every_column_says_what_one_unit_of_it_means():
    assert set(MEANING) == {f"{column.group}.{column.name}" for column in COLUMNS}
    assert all(step and about for step, about in MEANING.values())


def test_every_call_of_a_society_says_who_draws_what():
    numbers = {value for name in calls.__all__ if isinstance(value := getattr(calls, name), int)}
    assert set(calls.USES) == numbers


def test_a_word_of_luck_has_a_use_where_a_twin_asks_for_it_and_nowhere_else():
    asked = set(luck.WORDS.values())
    asked |= {(call, number) for call in luck.LANES.values() for number in range(4)}
    said = {
        (CALLS[call], number)
        for call, words in WORDS.items()
        for number, use in enumerate(words)
        if use != UNUSED
    }
    assert said == asked


def test_every_call_of_luck_has_four_words_and_no_use_twice():
    assert list(WORDS) == list(CALLS)
    uses = [use for words in WORDS.values() for use in words if use != UNUSED]
    assert all(len(words) == 4 for words in WORDS.values())
    assert len(set(uses)) == len(uses)
