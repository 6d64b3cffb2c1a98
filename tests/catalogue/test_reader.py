"""Files from anybody: whatever is in them, one clear message or plain values."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from glasscity.catalogue.entry import shipped_sources
from glasscity.catalogue.reader import Problem, Refused, parse, quoted, read_yaml
from glasscity.catalogue.shelf import catalogue_names
from glasscity.errors import BadFile
from glasscity.regime import load_regime


def problem(text: str | bytes, folder: Path) -> str:
    file = folder / "mine.yaml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(BadFile) as caught:
        load_regime(file)
    message = str(caught.value)
    assert "\n" not in message
    assert str(file) in message
    return message


BOMB = "a: &a [x, x]\n" + "\n".join(f"b{i}: &b{i} [*a, *a]" for i in range(9)) + "\n"

BAD_FILES = {
    "empty": (b"", ":1: the file is empty"),
    "blank": (b" \n\n", ":1: the file is empty"),
    "binary": (b"PK\x03\x04\x00\x00\xff\xfe", ":1: the file is not text in UTF-8"),
    "not UTF-8": (
        "name: x\ntitle: caf\xe9\n".encode("latin-1"),
        ":2: the file is not text in UTF-8",
    ),
    "NUL": (b"name: x\ntitle: a\0b\n", ":2: the file is not text in UTF-8"),
    "tab": ("name: x\noperator:\n\tname: y\n", ":3: there is a tab in this line"),
    "anchors": (BOMB, ":1: anchors and aliases are not read"),
    "alias": ("a: *b\n", ":1: anchors and aliases are not read"),
    "tag": ("a: !!python/object:os.system x\n", ":1: the tag"),
    "duplicate key": (
        "name: x\ntitle: y\nname: z\n",
        ":3: the key 'name' stands here a second time",
    ),
    "a list": ("- name\n- title\n", "the file is not a mapping at its top level"),
    "a word": ("hello\n", "the file is not a mapping at its top level"),
    "two documents": ("name: x\n---\nname: y\n", ":2: a second document begins here"),
    "broken": ("name: [x\ntitle: y\n", "this is not YAML"),
    "key that is a list": ("? [a, b]\n: c\n", "a key is a list or a mapping"),
    "too deep": ("a: " + "[" * 40 + "]" * 40 + "\n", "values are nested too deeply"),
    "too many values": ("a: [" + "1, " * 20_001 + "]\n", "the file has too many values"),
    "too large": (b"a: " + b"x" * (1 << 20), "the file is over 1 MiB"),
    "infinite": ("months: 1e999\n", ":1: the number '1e999' is too large"),
    "long number": (f"months: {'9' * 5000}\n", ":1: the number"),
}


@pytest.mark.parametrize("case", BAD_FILES)
def test_a_bad_file_is_refused_with_its_line_and_reason(case: str, tmp_path: Path) -> None:
    text, expected = BAD_FILES[case]
    assert expected in problem(text, tmp_path)


def test_a_file_that_cannot_be_opened_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "absent.yaml", Path("/dev/null"), "a\0b.yaml"):
        with pytest.raises(BadFile):
            load_regime(path)


def test_every_value_keeps_its_line() -> None:
    document = parse("a: 1\nb:\n  c: [x,\n    y]\n  d: {e: 2}\n", name="f")
    assert document.data == {"a": 1, "b": {"c": ["x", "y"], "d": {"e": 2}}}
    lines = {("a",): 1, ("b",): 2, ("b", "c"): 3, ("b", "c", 1): 4, ("b", "d", "e"): 5}
    assert {place: document.lines[place] for place in lines} == lines


def test_plain_words_are_what_they_look_like() -> None:
    text = "a: 2014-06\nb: yes\nc: 1e-6\nd: -3\ne: .5\nf: true\ng: '1'\nh:\ni: 12:30\nj: 010\n"
    values = parse(text, name="f").data
    assert values == {
        "a": "2014-06",
        "b": "yes",
        "c": 1e-6,
        "d": -3,
        "e": 0.5,
        "f": True,
        "g": "1",
        "h": None,
        "i": "12:30",
        "j": 10,
    }


def test_quoting_keeps_a_message_on_one_printable_line() -> None:
    for value in ("a\nb", "\x1b[31m", "x" * 500, {"k": "v"}, None, "\ud800"):
        shown = quoted(value)
        assert shown.isprintable()
        assert len(shown) < 80


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300))
@example(b'a: "\\UFFFFFFFF"')
@example(b'a: "\\ud800"')
@example(b"%YAML 9.9\n--- a: b")
@example(b"\xef\xbb\xbfa: 1")
def test_random_bytes_raise_nothing_but_bad_file(tmp_path_factory: object, raw: bytes) -> None:
    folder = tmp_path_factory.mktemp("fuzz")  # type: ignore[attr-defined]
    file = folder / "x.yaml"
    file.write_bytes(raw)
    with pytest.raises(BadFile) as caught:
        load_regime(file)
    assert "\n" not in str(caught.value)


WORDS = (
    "name title operator gates rule value unit grade D none lists 1 -1 1e5 true ~ 2014-06 loan"
    " ' \" *a &a !t # --- { } [ ]"
)
SPACED = ("x y", ": ", "- ", "\n", "\n  ", "\n    ", ", ", "? ", "| ", "> ", "\t")
PIECES = st.sampled_from([*WORDS.split(), *SPACED])


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join))
def test_random_yaml_raises_nothing_but_a_refusal(text: str) -> None:
    refusals: list[Problem] = []
    try:
        document = parse(text, name="f")
    except Refused as refused:
        refusals = refused.problems
    else:
        assert isinstance(document.data, dict)
    assert not any("\n" in str(one) for one in refusals)


def test_what_ships_is_read_without_exception() -> None:
    for kind in ("regime", "country", "behaviour"):
        assert catalogue_names(kind)
    assert shipped_sources()["teaching"].read == "made-up"


def test_messages_name_the_file_as_it_was_given(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("name: x\nname: y\n")
    with pytest.raises(Refused) as caught:
        read_yaml(file, name="shown.yaml")
    assert caught.value.problems[0].where == "shown.yaml:2"
