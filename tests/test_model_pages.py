"""The reference and the marked parts of the model's pages say what the code says."""

from __future__ import annotations

import ast
import functools
import importlib.util
from pathlib import Path

import pytest

from glasscity.draws import CALLS, UNUSED, WORDS
from glasscity.month import tables as at
from glasscity.society import calls
from glasscity.society.state import COLUMNS, MEANING

ROOT = Path(__file__).parent.parent
MONTH = ROOT / "src" / "glasscity" / "month"


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


def words_asked_for() -> set[tuple[str, int]]:
    """The words that stages ask for by number: (call, word)."""
    found = set()
    rows = {at.DRAWN[row]: row for row in range(at.LUCK_CALLS)}
    names = {number: name for name, number in CALLS.items()}
    held = {f"L_{name.upper()}": name for number, name in names.items() if number in rows}
    called = {f"C_{name.upper()}": name for name in CALLS}
    for file in MONTH.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Tuple):
                which, number = node.slice.elts[:2]
                if isinstance(which, ast.Attribute) and which.attr in held:
                    found |= {(held[which.attr], n) for n in numbers_in(number)}
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "word":
                which, number = node.args[3:5]
                if isinstance(which, ast.Attribute) and which.attr in called:
                    found |= {(called[which.attr], n) for n in numbers_in(number)}
    return found


def numbers_in(node: ast.AST) -> set[int]:
    """The number, where it is written as one."""
    known = isinstance(node, ast.Constant) and isinstance(node.value, int)
    return {node.value} if known else set()  # type: ignore[attr-defined]


def test_every_word_of_luck_that_a_stage_asks_for_by_number_has_its_use():
    asked = words_asked_for()
    assert len(asked) > 30
    assert {(call, n) for call, n in asked if WORDS[call][n] == UNUSED} == set()


def test_every_call_of_luck_has_four_words_and_no_use_twice():
    assert list(WORDS) == list(CALLS)
    uses = [use for words in WORDS.values() for use in words if use != UNUSED]
    assert all(len(words) == 4 for words in WORDS.values())
    assert len(set(uses)) == len(uses)
