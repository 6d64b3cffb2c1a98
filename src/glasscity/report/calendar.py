"""Months of a run as months of the calendar, and the dates at which its rules change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from glasscity.report import words

__all__ = ["Calendar", "Mark", "marks_of"]


@dataclass(frozen=True)
class Calendar:
    """The calendar of a run.

    Parameters
    ----------
    start : str
        First month, ``YYYY-MM``; anything else makes months count from 1 without names.
    """

    start: str

    @property
    def _first(self) -> int | None:
        year, dash, month = str(self.start).partition("-")
        if not (dash and year.isdigit() and month.isdigit() and 1 <= int(month) <= 12):
            return None
        return 12 * int(year) + int(month) - 1

    def name(self, month: int) -> str:
        """Return ``June 2014``."""
        first = self._first
        if first is None:
            return f"month {month + 1}"
        year, of_year = divmod(first + month, 12)
        return f"{words.MONTHS[of_year]} {year}"

    def day(self, month: int) -> str:
        """Return the first day of the month, ``2014-06-01``, as charts want it."""
        year, of_year = divmod((self._first or 12 * 2000) + month, 12)
        return f"{year:04d}-{of_year + 1:02d}-01"

    def month_of(self, text: object) -> int | None:
        """Return the month of the run, from 0, of ``YYYY-MM``; None if it is no month."""
        first, then = self._first, Calendar(str(text))._first
        return None if first is None or then is None else then - first


@dataclass(frozen=True)
class Mark:
    """A month in which the rules change: its number on the charts, and what begins."""

    number: int
    month: int
    label: str


def marks_of(scenario: Mapping[str, Any], calendar: Calendar, months: int) -> tuple[Mark, ...]:
    """Return the changes of rules that fall into the run, in order.

    Parameters
    ----------
    scenario : mapping
        The resolved description of the run.
    calendar : Calendar
        The run's own.
    months : int
        Length of the run.
    """
    found: dict[int, list[str]] = {}
    for first, end, rules in _spans(scenario, months):
        if first is not None:
            found.setdefault(first, []).append(words.MARKS["fork"])
        for month, label in _changes(rules, calendar):
            # What was dated before a regime took over is no change of the run's rules.
            if (first or 0) <= max(month, 0) < end:
                found.setdefault(max(month, 0), []).append(label)
    return tuple(
        Mark(number, month, "; ".join(found[month]))
        for number, month in enumerate(sorted(found), 1)
    )


def _spans(
    scenario: Mapping[str, Any], end: int
) -> Iterator[tuple[int | None, int, Mapping[str, Any]]]:
    """Yield (first month, end, rules) of each regime of a history that forks, the last one first.

    The first month is None where no fork began it.
    """
    rules = scenario
    while fork := _part(rules, "fork"):
        yield int(fork["month"]), end, rules
        rules, end = fork, int(fork["month"])
    yield None, end, rules


def _changes(scenario: Mapping[str, Any], calendar: Calendar) -> Iterator[tuple[int, str]]:
    regime = _part(scenario, "regime")
    lists = regime.get("lists")
    begun = [
        month
        for one in (lists if isinstance(lists, list | tuple) else ())
        if isinstance(one, Mapping)
        and (month := calendar.month_of(_value(one.get("from")))) is not None
    ]
    if begun:
        yield min(begun), words.MARKS["lists"]
    joint = _part(regime, "joint_punishment")
    strength = _part(scenario, "strengths").get("joint-punishment", 1)
    rollout = _part(regime, "rollout")
    dated = [("opt_in", rollout.get("opt_in_from")), ("mandate", rollout.get("mandate"))]
    if _value(joint.get("everywhere")) is True and strength:
        dated.append(("everywhere", joint.get("from")))
    if _value(rollout.get("penalties_from")) != _value(rollout.get("mandate")):
        dated.append(("penalties", rollout.get("penalties_from")))
    for key, node in dated:
        month = calendar.month_of(_value(node))
        if month is not None:
            yield month, words.MARKS[key]


def _part(node: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    part = node.get(key)
    return part if isinstance(part, Mapping) else {}


def _value(node: Any) -> Any:
    return node.get("value") if isinstance(node, Mapping) else node
