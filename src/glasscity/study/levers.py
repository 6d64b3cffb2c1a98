"""Levers of the safeguard frontier: what can be added to a regime, and what can be taken from it.

A lever has a dose in [0, 1]: 0 leaves the regime as it stands.  For a safeguard the dose is its
strength; for a mechanism it is how much of it is taken away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from glasscity.errors import NotFound
from glasscity.scenario import Scenario
from glasscity.terms import SAFEGUARDS

__all__ = ["LEVERS", "STEPS", "WEAKENED", "Lever", "dosed", "levers", "named"]

# Mechanisms that a legislator could take out of the press's regime.
WEAKENED = ("friends", "speech", "visibility", "joint-punishment")
# A search tries doses of 0, 1/4, 1/2, 3/4 and 1.
STEPS = 4


@dataclass(frozen=True)
class Lever:
    """A safeguard that can be added, or a mechanism that can be taken away."""

    name: str
    kind: str

    @property
    def title(self) -> str:
        """What it is called where its full dose is meant."""
        return self.name if self.kind == "safeguard" else f"without {self.name}"

    def row(self) -> dict[str, Any]:
        """Return it as a row of a table."""
        return {"lever": self.name, "kind": self.kind, "title": self.title}


LEVERS: tuple[Lever, ...] = (
    *(Lever(name, "safeguard") for name in SAFEGUARDS),
    *(Lever(name, "mechanism") for name in WEAKENED),
)


def levers(names: Iterable[str] = ()) -> tuple[Lever, ...]:
    """Return levers by name, all of them by default.

    Raises
    ------
    NotFound
        If there is none of a name.
    """
    known = {one.name: one for one in LEVERS}
    wanted = tuple(dict.fromkeys(names))
    for name in wanted:
        if name not in known:
            raise NotFound.among("lever", name, known)
    return tuple(known[name] for name in wanted) or LEVERS


def dosed(scenario: Scenario, doses: Mapping[str, float]) -> Scenario:
    """Return a scenario with levers at some doses, on top of what its regime has by itself.

    A safeguard is never weaker than the regime's own, a mechanism never stronger.
    """
    strengths = {}
    for name, dose in doses.items():
        own = scenario.strengths[name]
        strengths[name] = own * (1 - dose) if name in WEAKENED else max(own, dose)
    return scenario.but(strengths=strengths)


def named(doses: Mapping[str, float]) -> str:
    """Return doses in words, levers at zero left out: ``firewall + 1/2 notice``."""
    known = {one.name: one for one in LEVERS}
    parts = []
    for name, dose in doses.items():
        if dose:
            share = {0.25: "1/4 ", 0.5: "1/2 ", 0.75: "3/4 ", 1.0: ""}.get(dose, f"{dose:g} ")
            parts.append(f"{share}{known[name].title}")
    return " + ".join(parts) or "the regime as it stands"
