"""The graded values that a run rests on, read from its scenario."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from glasscity.report.words import GRADES

__all__ = ["GradedValue", "graded_values"]


@dataclass(frozen=True)
class GradedValue:
    """One value with its unit, grade, range and the reading or reason behind it."""

    path: str
    value: str
    unit: str
    grade: str
    spread: str
    reason: str


def graded_values(scenario: Mapping[str, Any]) -> list[GradedValue]:
    """Return every graded value of the regime, country and behaviour, in their order."""
    parts = ("regime", "behaviour", "country")
    return [found for part in parts for found in _walk(scenario.get(part), part)]


def _walk(node: Any, path: str) -> Iterator[GradedValue]:
    if isinstance(node, Mapping):
        if node.get("grade") in GRADES and "value" in node:
            yield _read(node, path)
            return
        for key, entry in node.items():
            yield from _walk(entry, f"{path}.{key}")
    elif isinstance(node, list | tuple):
        for place, entry in enumerate(node):
            named = isinstance(entry, Mapping) and isinstance(entry.get("name"), str)
            yield from _walk(entry, f"{path}.{entry['name'] if named else place + 1}")


def _read(node: Mapping[str, Any], path: str) -> GradedValue:
    low, high = node.get("low"), node.get("high")
    reason = " ".join(str(node[key]) for key in ("reading", "note") if node.get(key))
    source = node.get("source")
    return GradedValue(
        path=path,
        value=_text(node["value"]),
        unit=str(node.get("unit") or ""),
        grade=str(node["grade"]),
        spread="" if low is None or high is None else f"{_text(low)} to {_text(high)}",
        reason=f"{reason} [{source}]" if source else reason,
    )


def _text(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(_text, value))
    return f"{value:g}" if isinstance(value, float) else str(value)
