"""What a pair's report is made from: two stored runs, and what was stored of comparing them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from glasscity.rights.article5 import Article5, article5
from glasscity.rights.comparison import compare
from glasscity.rights.decomposition import decomposition_of
from glasscity.rights.findings import Findings, findings
from glasscity.rights.persons import Persons
from glasscity.terms import MECHANISMS

if TYPE_CHECKING:
    from glasscity.results.run import Run

__all__ = ["Paired", "changes"]


@dataclass(frozen=True)
class Paired:
    """Two runs of the same people with the same luck.

    Attributes
    ----------
    base, other : Run
        Stored runs; every difference is other less base.
    stored : mapping
        The comparison as ``pair.json`` keeps it, with ``variance_ratio`` and ``variance`` where
        they were measured; empty where two runs are compared that no pair folder holds.
    placebo : mapping or None
        The placebo pair of the base; None where it was not run.
    """

    base: Run
    other: Run
    stored: Mapping[str, Any] = field(default_factory=dict)
    placebo: Mapping[str, Any] | None = None

    @cached_property
    def comparison(self) -> Mapping[str, Any]:
        """The comparison of the two runs, as plain containers."""
        return self.stored or compare(self.base, self.other).to_dict()

    @cached_property
    def persons(self) -> Persons:
        """Their people, one row each."""
        return Persons(self.base, self.other)

    @cached_property
    def found(self) -> tuple[Findings, Findings]:
        """The findings of base and other, each on its own."""
        return findings(self.base), findings(self.other)

    @cached_property
    def decompositions(self) -> tuple[Mapping[str, Any] | None, Mapping[str, Any] | None]:
        """What base's and other's causes do, taken apart; None where nobody has made that table."""
        return decomposition_of(self.base), decomposition_of(self.other)

    @cached_property
    def article5(self) -> Article5:
        """Article 5(1)(c) measured in both worlds."""
        return article5(self.base, {self.names[1]: self.other})

    @cached_property
    def names(self) -> tuple[str, str]:
        """What the two worlds are called: the regime, and what of its strengths is changed."""
        both = [_called(run.scenario) for run in (self.base, self.other)]
        if both[0] == both[1]:
            both[1] += " (again)"
        return both[0], both[1]


def _called(scenario: Mapping[str, Any]) -> str:
    changed = changes(scenario)
    return str(scenario["regime"]["name"]) + (f" {', '.join(changed)}" if changed else "")


def changes(scenario: Mapping[str, Any]) -> list[str]:
    """Return what of a scenario's strengths is not as the regime is written, in words."""
    own = scenario["regime"].get("strengths") or {}
    said = []
    for name, strength in scenario.get("strengths", {}).items():
        usual = own.get(name, 1 if name in MECHANISMS else 0)
        usual = usual.get("value", usual) if isinstance(usual, Mapping) else usual
        if strength == usual:
            continue
        if strength == 0:
            said.append(f"without {name}")
        else:
            said.append(f"with {name}" + ("" if strength == 1 else f" at {strength:g}"))
    return said
