"""The evidence behind a figure: the grades of the catalogue's values that it hangs on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

__all__ = ["GRADES", "grades_of"]

GRADES = ("A", "B", "C", "D")


def grades_of(scenario: Mapping[str, Any], paths: Iterable[str]) -> tuple[str, ...]:
    """Return the evidence grades found under some parts of a scenario, best first.

    Parameters
    ----------
    scenario : mapping
        The resolved description of a run, with ``regime``, ``country`` and ``behaviour`` as full
        dumps.
    paths : iterable of str
        Dotted names such as ``"regime.lists"``; a list on the way is walked in all its entries.
        A part that the scenario lacks adds nothing.

    Returns
    -------
    tuple of str
        Some of "A" (rule text or official statistic), "B" (peer-reviewed estimate), "C" (press),
        "D" (assumption).
    """
    found: set[str] = set()
    for path in paths:
        for part in _at(scenario, path.split(".")):
            found.update(_grades(part))
    return tuple(grade for grade in GRADES if grade in found)


def _at(node: Any, steps: list[str]) -> Iterator[Any]:
    if not steps:
        yield node
    elif isinstance(node, Mapping):
        if steps[0] in node:
            yield from _at(node[steps[0]], steps[1:])
    elif isinstance(node, list | tuple):
        for entry in node:
            yield from _at(entry, steps)


def _grades(node: Any) -> Iterator[str]:
    if isinstance(node, Mapping):
        if node.get("grade") in GRADES:
            yield node["grade"]
        for entry in node.values():
            yield from _grades(entry)
    elif isinstance(node, list | tuple):
        for entry in node:
            yield from _grades(entry)
