"""A regime as somebody writes it: checked as text, and one number of it changed at a time.

The text is data from anybody.  It is read as the files of the catalogue are, within the same limits
(``glasscity.catalogue.reader``); what it extends is a name of the catalogue and never a path.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from glasscity.catalogue.extend import laid_over, read_entry
from glasscity.catalogue.reader import (
    MOST_BYTES,
    Document,
    Place,
    Problem,
    Refused,
    parse,
    quoted,
    read_text,
)
from glasscity.catalogue.shelf import catalogue_names, find
from glasscity.catalogue.translate import validated
from glasscity.errors import BadArgument, NotFound
from glasscity.regime.model import Regime

__all__ = ["Checked", "Headline", "check_text", "copy_of", "headlines", "set_headline"]

FILE = "regime.yaml"

# The numbers that most of a regime hangs on, in the order in which a form shows them.
_HEADLINES = tuple(
    re.compile(pattern)
    for pattern in (
        r"rollout\.(announced|opt_in_from|mandate|penalties_from)",
        r"operator\.weights\..+",
        r"operator\.relation_parts\..+",
        r"operator\.base",
        r"operator\.points\.(taken_once|taken_monthly|added)\..+",
        r"lists\.[^.]+\.(min_gravity|warning|term|appeal)",
        r"joint_punishment\.(everywhere|from)",
        r"gates\.[^.]+\.(percentile|threshold)",
        r"gravity\..+",
        r"strengths\..+",
    )
)


@dataclass(frozen=True, kw_only=True)
class Headline:
    """A number of a regime that a form can change.

    Attributes
    ----------
    name : str
        ``lists.conduct.term``.
    value : str
        As it stands in the text.
    unit, grade : str
    low, high : number or None
        The range that its source or its note leaves open.
    line : int
        Where it stands.
    """

    name: str
    value: str
    unit: str
    grade: str
    low: Any
    high: Any
    line: int


@dataclass(frozen=True)
class Checked:
    """A text that was checked.

    Attributes
    ----------
    regime : Regime or None
        None where there are problems.
    problems : tuple of Problem
        All of them, in the order of the lines; the same as ``glasscity validate`` names.
    headlines : tuple of Headline
        Also of a text with problems, as far as it can be read.
    """

    regime: Regime | None
    problems: tuple[Problem, ...]
    headlines: tuple[Headline, ...]


def check_text(text: str, *, name: str = FILE) -> Checked:
    """Return what is wrong with a regime's text, and the regime if nothing is.

    Parameters
    ----------
    text : str
        YAML.
    name : str
        What the text is called in problems.
    """
    try:
        document = _read(text, name)
    except Refused as refused:
        return Checked(None, tuple(refused.problems), ())
    fields = tuple(headlines(document))
    try:
        base = document.data.get("extends")
        whole = document if base is None else _extended(document, base)
        return Checked(validated(whole, Regime), (), fields)
    except Refused as refused:
        return Checked(None, tuple(refused.problems), fields)


def copy_of(name: str) -> str:
    """Return the text of a regime of the catalogue under a name of one's own, to be changed.

    A changed rule is documented nowhere: the copy is a scenario, and provisional.

    Raises
    ------
    NotFound
        If the catalogue has no such name.
    """
    lines = read_text(find("regime", name)).split("\n")
    own = {"name": f"my-{name}", "kind": "scenario", "status": "provisional"}
    kept = []
    for line in lines:
        key = line.partition(":")[0]
        if key in own:
            kept.append(f"{key}: {own.pop(key)}")
        elif key == "title":
            kept.append(f"title: {_title(line)}")
        else:
            kept.append(line)
    # What the file leaves to the regime that it extends stands under its name.
    at = next((i for i, line in enumerate(kept) if line.startswith("name:")), -1) + 1
    return "\n".join([*kept[:at], *(f"{key}: {value}" for key, value in own.items()), *kept[at:]])


def _title(line: str) -> str:
    said = line.partition(":")[2].strip().strip("\"'")
    return f'"{said.replace(chr(34), chr(39))}, a copy"'


def headlines(document: Document) -> Iterator[Headline]:
    """Yield the headline numbers that stand in a document itself, in the form's order."""
    found = {name: (place, one) for place, name, one in _quantities(document.data)}
    for pattern in _HEADLINES:
        for name, (place, one) in found.items():
            if pattern.fullmatch(name):
                yield Headline(
                    name=name,
                    value=_written(one["value"]),
                    unit=str(one.get("unit") or ""),
                    grade=str(one.get("grade") or ""),
                    low=one.get("low"),
                    high=one.get("high"),
                    line=_line(document, place),
                )


def set_headline(text: str, name: str, value: str, *, file: str = FILE) -> str:
    """Return a text with one headline number changed.

    Where the number stands with its evidence in one line, the evidence goes: the source said the
    old number, not the new one.  What stands there instead says that it was changed by hand.

    Raises
    ------
    NotFound
        If the text has no such number.
    BadArgument
        If the value is more than one word, or the text is written so that it cannot be changed.
    """
    if not re.fullmatch(r"[A-Za-z0-9.+-]{1,30}", value):
        raise BadArgument(
            f"{quoted(value)} is not one number or word",
            where=name,
            allowed="a number, a month such as 2018-05, or a word",
        )
    document = _read_or_error(text, file)
    found = {key: (place, one) for place, key, one in _quantities(document.data)}
    if name not in found:
        raise NotFound.among("number", name[:80], found)
    place, old = found[name]
    if _written(old["value"]) == value:
        return text
    lines = text.split("\n")
    at = _line(document, (*place, "value")) - 1
    for changed in _changed(lines[at], str(place[-1]), old, value):
        after = "\n".join([*lines[:at], changed, *lines[at + 1 :]])
        if _only(document, _read_or_error(after, file), place):
            return after
    raise BadArgument(
        f"{name} is written in a way that the form cannot change",
        where=f"{file}:{at + 1}",
        mend="change it in the text",
    )


_VALUE = re.compile(r"(?<![\w-])value:\s*(\"[^\"]*\"|'[^']*'|[^,}\s]+)")
_FLOW = re.compile(r"\{(?:[^{}\"']|\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*')*\}")


def _changed(line: str, key: str, old: Mapping[str, Any], value: str) -> Iterator[str]:
    """Yield a line with a new value in it: with new evidence; else with the value alone changed."""
    start = max(line.find(f"{key}:"), 0)
    whole = _FLOW.search(line, start)
    if whole is not None:
        yield line[: whole.start()] + _by_hand(old, value) + line[whole.end() :]
    alone = _VALUE.search(line, start)
    if alone is not None:
        yield line[: alone.start(1)] + value + line[alone.end(1) :]


def _by_hand(old: Mapping[str, Any], value: str) -> str:
    before = _written(old["value"])
    parts = [f"value: {value}", f"unit: {old.get('unit')}", "grade: D"]
    number = _number(value)
    if number is not None:
        ends = [number, *(_number(str(old.get(end))) for end in ("value", "low", "high"))]
        kept = [one for one in ends if one is not None]
        parts += [f"low: {min(kept):g}", f"high: {max(kept):g}"]
    return f'{{{", ".join(parts)}, note: "Changed by hand; {before} before."}}'


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _only(before: Document, after: Document, place: Place) -> bool:
    """Return whether two documents differ in the value at a place alone."""
    here = {at: one for at, _, one in _quantities(before.data)}
    there = {at: one for at, _, one in _quantities(after.data)}
    return here.keys() == there.keys() and all(
        one == there[at] for at, one in here.items() if at != place
    )


def _read(text: str, name: str) -> Document:
    if len(text.encode("utf-8", "replace")) > MOST_BYTES:
        said = f"the file is larger than {MOST_BYTES >> 20} MB"
        raise Refused([Problem(f"{name}:1", said, mend="leave out what is not needed")])
    return parse(text, name=name)


def _read_or_error(text: str, name: str) -> Document:
    try:
        return _read(text, name)
    except Refused as refused:
        raise refused.problems[0].error() from None


def _extended(document: Document, base: object) -> Document:
    names = catalogue_names("regime")
    if base not in names:
        where = document.where(("extends",))
        what = f"extends: there is no regime {quoted(base)} in the catalogue"
        raise Refused([Problem(where, what, ", ".join(names), "name one of these")])
    below = read_entry("regime", find("regime", str(base)), name=f"{base}.yaml")
    data = laid_over(below.data, document.data)
    return Document(file=document.file, data=data, lines=document.lines)


def _quantities(
    value: Any, at: Place = (), name: str = ""
) -> Iterator[tuple[Place, str, Mapping[str, Any]]]:
    """Yield (place, name, mapping) of everything that has a value, as the ledger names it."""
    if isinstance(value, Mapping):
        if "value" in value:
            yield at, name, value
            return
        for key, inner in value.items():
            yield from _quantities(inner, (*at, key), f"{name}.{key}" if name else str(key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            label = inner.get("name", index) if isinstance(inner, Mapping) else index
            yield from _quantities(inner, (*at, index), f"{name}.{label}" if name else str(label))


def _written(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _line(document: Document, place: Place) -> int:
    return int(document.where(document.place(place)).rpartition(":")[2])
