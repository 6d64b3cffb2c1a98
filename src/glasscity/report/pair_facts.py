"""What the report knows about a pair: its findings, its calendar, and the rules' dates in both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from glasscity.report import words
from glasscity.report.calendar import Calendar, Mark, marks_of
from glasscity.rights.sizes import sizes_of

if TYPE_CHECKING:
    from glasscity.rights import Table
    from glasscity.rights.paired import Paired, PairFindings

__all__ = ["PairFacts"]


@dataclass(frozen=True)
class PairFacts:
    """The findings of a pair with what is needed to show them.

    Parameters
    ----------
    paired : Paired
        The two runs.
    findings : PairFindings
        As :func:`glasscity.rights.paired.pair_findings` returns them.
    """

    paired: Paired
    findings: PairFindings

    @property
    def citizens(self) -> int:
        """Citizens of each world."""
        return int(self.findings.about["citizens"])

    @property
    def months(self) -> int:
        """Months of each world."""
        return int(self.findings.about["months"])

    @property
    def names(self) -> tuple[str, str]:
        """What the two worlds are called, base first."""
        return self.paired.names

    @cached_property
    def calendar(self) -> Calendar:
        """The calendar of both runs."""
        return Calendar(str(self.findings.about.get("start") or ""))

    @property
    def last(self) -> str:
        """The last month's name."""
        return self.calendar.name(self.months - 1)

    @cached_property
    def _changes(self) -> tuple[set[tuple[int, str]], set[tuple[int, str]]]:
        """The months in which the rules of base and other change, and what begins then."""
        here, there = (
            {(one.month, one.label) for one in marks_of(run.scenario, self.calendar, self.months)}
            for run in (self.paired.base, self.paired.other)
        )
        return here, there

    @property
    def same_dates(self) -> bool:
        """Whether the rules of both worlds change in the same months."""
        here, there = self._changes
        return {month for month, _ in here} == {month for month, _ in there}

    @cached_property
    def marks(self) -> tuple[Mark, ...]:
        """The months in which the rules of either world change, each with whose rule it is."""
        both = self._changes
        found: dict[int, list[str]] = {}
        for month, text in sorted(both[0] | both[1]):
            mine = [(month, text) in one for one in both]
            whose = "" if all(mine) else f" ({self.names[mine.index(True)]})"
            found.setdefault(month, []).append(f"{text}{whose}")
        return tuple(
            Mark(at, month, "; ".join(several))
            for at, (month, several) in enumerate(sorted(found.items()), 1)
        )

    def table(self, name: str) -> Table:
        """Return a table of the findings."""
        return self.findings.tables[name]

    def rows(self, name: str) -> tuple[Mapping[str, Any], ...]:
        """Return the rows of a table of the findings."""
        return self.findings.tables[name].rows

    @cached_property
    def _sizes(self) -> tuple[dict[str, float], dict[str, float]]:
        here, there = self.paired.found
        return sizes_of(here), sizes_of(there)

    def size(self, name: str, side: str = "base") -> float:
        """Return what a figure's share is a share of, in base or other."""
        return self._sizes[0 if side == "base" else 1].get(name, float(self.citizens))

    def label(self, word: Any) -> str:
        """Return how a name of the model reads in a table of the pair."""
        own = {
            "base_score_decile": "score, first world",
            "other_score_decile": "score, second world",
        }
        return own.get(str(word), words.LABELS.get(str(word), str(word)))
