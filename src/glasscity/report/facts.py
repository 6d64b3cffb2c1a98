"""What the report knows about a run: its findings, its calendar, and the size behind each figure.

Nothing is computed here that a reader is shown; numbers come from the findings alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from glasscity.report import words
from glasscity.report.calendar import Calendar, Mark, marks_of
from glasscity.rights.sizes import sizes_of

if TYPE_CHECKING:
    from glasscity.results.run import Run
    from glasscity.rights import Findings, Table

__all__ = ["Facts", "facts_of", "label"]


def label(word: Any) -> str:
    """Return how a name of the model reads in a table; other words as they are."""
    return words.LABELS.get(str(word), str(word))


@dataclass(frozen=True)
class Facts:
    """The findings of a run with what is needed to show them.

    Parameters
    ----------
    findings : Findings
        As :func:`glasscity.rights.findings` returns them.
    scenario : mapping
        The resolved description of the run; may be empty.
    """

    findings: Findings
    scenario: Mapping[str, Any]

    @property
    def citizens(self) -> int:
        """Citizens of the run."""
        return int(self.findings.about["citizens"])

    @property
    def months(self) -> int:
        """Months of the run."""
        return int(self.findings.about["months"])

    @property
    def has_twin(self) -> bool:
        """Whether an unscored world was run beside this one."""
        return self.findings.about.get("twin_digest") is not None

    @property
    def is_unscored(self) -> bool:
        """Whether this is itself the world in which nobody is scored."""
        return self.findings.about.get("regime") == "unscored"

    @property
    def has_rank_gates(self) -> bool:
        """Whether the regime has a gate that admits by rank."""
        regime = self.scenario.get("regime")
        gates = regime.get("gates") if isinstance(regime, Mapping) else None
        rules = gates.values() if isinstance(gates, Mapping) else ()
        return any(isinstance(rule, Mapping) and rule.get("rule") == "rank" for rule in rules)

    @cached_property
    def calendar(self) -> Calendar:
        """The calendar of the run."""
        return Calendar(str(self.findings.about.get("start") or ""))

    @cached_property
    def marks(self) -> tuple[Mark, ...]:
        """The months in which the rules change."""
        return marks_of(self.scenario, self.calendar, self.months)

    def table(self, name: str) -> Table:
        """Return a table of the findings."""
        return self.findings.tables[name]

    def rows(self, name: str) -> tuple[Mapping[str, Any], ...]:
        """Return the rows of a table of the findings."""
        return self.findings.tables[name].rows

    def group(self, grouping: str, group: str) -> Mapping[str, Any] | None:
        """Return the line of one group of citizens."""
        for row in self.rows("groups"):
            if (row["grouping"], row["group"]) == (grouping, group):
                return row
        return None

    def value(self, name: str) -> int | float | None:
        """Return the value of a figure."""
        return self.findings[name].value

    @cached_property
    def sizes(self) -> dict[str, float]:
        """What each share is a share of, as a number: it decides how many digits are shown."""
        return sizes_of(self.findings)

    def size(self, name: str) -> float:
        """Return what a figure's share is a share of."""
        return self.sizes.get(name, float(self.citizens))


def facts_of(source: Run | Findings | Facts) -> Facts:
    """Return the facts of a run, or of findings, which know nothing of the regime's dates."""
    if isinstance(source, Facts):
        return source
    from glasscity.rights import Findings, findings

    if isinstance(source, Findings):
        return Facts(source, {})
    return Facts(findings(source), source.scenario)
