"""Files of the catalogue, read with care: plain values, and the line that each stands on.

A file may come from anybody, so it is read from its events and never built by the parser: no tags,
no anchors, nothing beyond a fixed number of values, depth and length.  What is refused is refused
as a `Problem` that says where, what, what is allowed and how to mend it.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from glasscity.errors import BadFile

__all__ = ["Document", "Place", "Problem", "Refused", "parse", "quoted", "read_text", "read_yaml"]

# Limits on a file from outside.  The largest file that ships has 90 kB and 6,000 values.
MOST_BYTES = 1 << 20
MOST_VALUES = 20_000
MOST_DEPTH = 32
MOST_DIGITS = 30

# A place inside a document: keys and positions from the top.
Place: TypeAlias = tuple[str | int, ...]

_Loader: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a file.

    Attributes
    ----------
    where : str
        File and line, ``myregime.yaml:12``.
    what : str
        What is wrong, with the offending value.
    allowed : str
        What would be accepted; may be empty.
    mend : str
        What to do about it; may be empty.
    """

    where: str
    what: str
    allowed: str = ""
    mend: str = ""

    def error(self) -> BadFile:
        """Return the problem as an exception."""
        return BadFile(self.what, where=self.where, allowed=self.allowed, mend=self.mend)

    def __str__(self) -> str:
        return str(self.error())


class Refused(Exception):
    """The file has problems; inside this package only, callers get `BadFile` or the list."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = list(problems)


@dataclass(frozen=True)
class Document:
    """A file's values and where they stand.

    Attributes
    ----------
    file : str
        Name of the file as the reader's user gave it.
    data : dict
        Its values: mappings, lists, text, numbers, truth values, None.
    lines : mapping of place to int
        Line of each value, and of each key under ``place``.
    """

    file: str
    data: dict[str, Any]
    lines: Mapping[Place, int]

    def place(self, location: Iterable[str | int]) -> Place:
        """Return the deepest known place along a location, without steps the file lacks."""
        place: Place = ()
        for step in location:
            if (*place, step) in self.lines:
                place = (*place, step)
        return place

    def where(self, place: Place) -> str:
        """Return ``file:line`` of a place, or of the nearest one above it."""
        while place not in self.lines and place:
            place = place[:-1]
        return f"{self.file}:{self.lines.get(place, 1)}"


def quoted(value: object) -> str:
    """Return a value as it can stand in a message: on one line, printable, not too long."""
    try:
        text = value if isinstance(value, str) else json.dumps(value, default=repr)
    except (ValueError, TypeError, RecursionError):
        # Numbers of thousands of digits, keys that are no text, structures that hold themselves.
        text = f"this {type(value).__name__}"
    text = "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text)
    return f"'{text if len(text) <= 60 else text[:57] + '...'}'"


def read_bytes(path: Path) -> bytes:
    """Return a file's bytes.

    Raises
    ------
    Refused
        If it is absent, not a plain file, unreadable, empty or over `MOST_BYTES`.
    """
    where = str(path)
    try:
        if path.is_dir():
            raise _refuse(where, "this is a folder, not a file", mend="give the file inside it")
        if not path.exists():
            raise _refuse(where, "there is no such file", mend="correct the path")
        if not path.is_file():
            raise _refuse(where, "this is not a plain file", allowed="a plain file")
        with path.open("rb") as stream:
            raw = stream.read(MOST_BYTES + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise _refuse(where, f"the file cannot be read: {reason}", mend="check the path") from None
    except ValueError:
        # A path with a NUL character in it.
        raise _refuse(quoted(where), "this is not a path", mend="correct the path") from None
    if len(raw) > MOST_BYTES:
        raise _refuse(
            where, "the file is over 1 MiB", allowed="at most 1,048,576 bytes", mend="split it"
        )
    if not raw.strip():
        raise _refuse(f"{where}:1", "the file is empty", mend="start from a file of the catalogue")
    return raw


def read_text(path: Path) -> str:
    """Return a file's text, which must be UTF-8 without NUL characters."""
    raw = read_bytes(path)
    line = 1
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        text = "\0"
    if "\0" in text:
        if line == 1:
            line = raw.partition(b"\0")[0].count(b"\n") + 1
        raise _refuse(
            f"{path}:{line}",
            "the file is not text in UTF-8",
            allowed="plain text in UTF-8",
            mend="save it as UTF-8 text",
        )
    return text.replace("\r\n", "\n")


def read_yaml(path: Path, *, name: str | None = None) -> Document:
    """Read a YAML file whose top level is a mapping.

    Parameters
    ----------
    path : Path
        The file.
    name : str, optional
        What to call it in messages; its path by default.

    Raises
    ------
    Refused
        With the first thing that makes it unreadable.
    """
    return parse(read_text(path), name=name or str(path))


def parse(text: str, *, name: str) -> Document:
    """Read YAML text whose top level is a mapping; see `read_yaml`."""
    head, tab, _ = text.partition("\t")
    if tab:
        raise _refuse(
            f"{name}:{head.count(chr(10)) + 1}",
            "there is a tab in this line",
            allowed="spaces",
            mend="replace the tab by spaces",
        )
    builder = _Builder(name)
    try:
        loader = _Loader(text)
        try:
            while (event := loader.get_event()) is not None:
                builder.take(event)
                if isinstance(event, yaml.StreamEndEvent):
                    break
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        said = getattr(error, "problem", None) or getattr(error, "reason", None) or "unreadable"
        raise _refuse(
            f"{name}:{mark.line + 1 if mark else 1}",
            f"this is not YAML: {said}",
            mend="check indentation, colons, quotes and brackets near this line",
        ) from None
    except (ValueError, OverflowError, RecursionError, IndexError, MemoryError):
        # Escapes beyond Unicode and the like, which the parsers let through as plain errors.
        raise _refuse(f"{name}:1", "this is not YAML that can be read") from None
    if not isinstance(builder.top, dict):
        raise _refuse(
            f"{name}:1",
            "the file is not a mapping at its top level",
            allowed="lines of the form 'key: value'",
            mend="start from a file of the catalogue",
        )
    return Document(file=name, data=builder.top, lines=builder.lines)


class _Builder:
    """Builds plain values from events, keeping lines and refusing what a catalogue never needs."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.top: Any = None
        self.lines: dict[Place, int] = {(): 1}
        self._count = 0
        self._documents = 0
        # One entry for each open collection: its place, itself, the key that waits for its value.
        self._open: list[tuple[Place, dict[str, Any] | list[Any], list[str]]] = []

    def take(self, event: Any) -> None:
        line = event.start_mark.line + 1
        if isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                raise self._no(line, "a second document begins here", "one document in a file")
        elif isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise self._no(line, "anchors and aliases are not read", "values written out")
        elif isinstance(event, yaml.ScalarEvent):
            self._tagless(event, line)
            self._scalar(event, line)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            self._tagless(event, line)
            self._begin({} if isinstance(event, yaml.MappingStartEvent) else [], line)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self._open.pop()

    def _no(self, line: int, what: str, allowed: str = "", mend: str = "") -> Refused:
        return _refuse(f"{self.name}:{line}", what, allowed=allowed, mend=mend)

    def _tagless(self, event: Any, line: int) -> None:
        if event.tag not in (None, "!"):
            raise self._no(line, f"the tag {quoted(event.tag)} is not read", "values without tags")

    def _scalar(self, event: Any, line: int) -> None:
        if self._open:
            _, collection, waiting = self._open[-1]
            if isinstance(collection, dict) and not waiting:
                self._key(event.value, line)
                return
        self._put(event.value if event.style else self._plain(event.value, line), line)

    def _key(self, key: str, line: int) -> None:
        place, collection, waiting = self._open[-1]
        if not key or not key.isprintable():
            raise self._no(line, f"{quoted(key)} is not a key", "a printable word")
        if key in collection:
            first = self.lines[(*place, key)]
            raise self._no(
                line,
                f"the key {quoted(key)} stands here a second time; the first is in line {first}",
                "each key once",
                "remove or rename one of them",
            )
        self.lines[(*place, key)] = line
        waiting.append(key)

    def _begin(self, collection: dict[str, Any] | list[Any], line: int) -> None:
        if self._open:
            _, outer, waiting = self._open[-1]
            if isinstance(outer, dict) and not waiting:
                raise self._no(line, "a key is a list or a mapping", "keys that are words")
        if len(self._open) >= MOST_DEPTH:
            raise self._no(line, "values are nested too deeply", f"{MOST_DEPTH} levels")
        place = self._put(collection, line)
        self._open.append((place, collection, []))

    def _put(self, value: Any, line: int) -> Place:
        self._count += 1
        if self._count > MOST_VALUES:
            raise self._no(line, "the file has too many values", f"at most {MOST_VALUES:,}")
        if not self._open:
            self.top = value
            self.lines[()] = line
            return ()
        outer_place, outer, waiting = self._open[-1]
        if isinstance(outer, dict):
            key: str | int = waiting.pop()
            outer[str(key)] = value
        else:
            key = len(outer)
            outer.append(value)
            self.lines[(*outer_place, key)] = line
        return (*outer_place, key)

    def _plain(self, text: str, line: int) -> Any:
        """Return an unquoted scalar: 1e-6 is a number, 2014-06 and yes are text."""
        if text in ("", "~", "null"):
            return None
        if text in ("true", "false"):
            return text == "true"
        if _INTEGER.fullmatch(text) or _FLOAT.fullmatch(text):
            if len(text) > MOST_DIGITS:
                raise self._no(
                    line, f"the number {quoted(text)} is too long", f"{MOST_DIGITS} digits"
                )
            if _INTEGER.fullmatch(text):
                return int(text)
            number = float(text)
            if not math.isfinite(number):
                raise self._no(line, f"the number {quoted(text)} is too large", "a finite number")
            return number
        return text


_INTEGER = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?([0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(?=[eE]))([eE][-+]?[0-9]+)?")


def _refuse(where: str, what: str, *, allowed: str = "", mend: str = "") -> Refused:
    return Refused([Problem(where=where, what=what, allowed=allowed, mend=mend)])
