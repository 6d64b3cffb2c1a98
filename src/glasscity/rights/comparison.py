"""Two runs of the same people and the same luck, compared from what their folders hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from glasscity.rights.changed import changed_lives
from glasscity.rights.effects import Effects, effects
from glasscity.rights.only_one import shut_out_in_one
from glasscity.rights.pairable import check_pair
from glasscity.rights.persons import Persons
from glasscity.rights.winners import winners_and_losers
from glasscity.terms import MANIPULATIONS, MECHANISMS, SAFEGUARDS

if TYPE_CHECKING:
    from glasscity.results.run import Run

__all__ = ["Comparison", "compare"]


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """What another regime changes for the same people under the same luck.

    Every difference is *other less base*.

    Attributes
    ----------
    base, other : Run
    effects : Effects
        Every measure, for the nation and by group.
    changed : mapping
        How many citizens' lives differ, in anything and in each aspect
        (:func:`glasscity.rights.changed.changed_lives`).
    shut_out : mapping
        Who is shut out in one run and not in the other, and through what
        (:func:`glasscity.rights.only_one.shut_out_in_one`).
    denials : mapping
        Refusals matched on citizen, gate and month: vanished, appeared, net
        (:class:`glasscity.rights.matched.Matched`).
    people : mapping of outcome to table, or to None
        Winners and losers (:func:`glasscity.rights.winners.winners_and_losers`).
    notes : tuple of str
        What a reader of the figures must know.
    """

    base: Run
    other: Run
    effects: Effects
    changed: Mapping[str, Any]
    shut_out: Mapping[str, Any]
    denials: Mapping[str, Any]
    people: Mapping[str, Mapping[str, Any] | None]
    notes: tuple[str, ...]

    def __repr__(self) -> str:
        changed = f"{self.changed_citizens:,} of {self.base.citizens:,} lives differ"
        return f"Comparison({self.base!r}, {self.other!r}: {changed})"

    @property
    def changed_citizens(self) -> int:
        """How many of all citizens' lives differ; an estimate where only a panel is stored."""
        return int(self.changed["citizens"])

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain containers, fit for JSON."""
        return {
            "base": _about(self.base),
            "other": _about(self.other),
            **self.effects.to_dict(),
            "changed_citizens": self.changed_citizens,
            "changed": dict(self.changed),
            "shut_out": dict(self.shut_out),
            "denials": dict(self.denials),
            "people": {name: one and dict(one) for name, one in self.people.items()},
            "notes": list(self.notes),
        }


def compare(base: Run, other: Run) -> Comparison:
    """Return what differs between two runs of the same people and luck.

    Parameters
    ----------
    base, other : Run
        Stored runs, as :func:`glasscity.open_run` returns them.

    Returns
    -------
    Comparison
        Every difference is other less base.

    Raises
    ------
    BadArgument
        If they are no pair: another seed, number of citizens or months, country, behaviour, start
        or model version.
    DamagedRun
        If their registers do not hold the same people.
    """
    check_pair(base, other)
    persons = Persons(base, other)
    return Comparison(
        base=base,
        other=other,
        effects=effects(base, other),
        changed=changed_lives(persons),
        shut_out=shut_out_in_one(persons),
        denials=persons.refusals.to_dict((base.meta["gate_spheres"], other.meta["gate_spheres"])),
        people=winners_and_losers(persons),
        notes=_notes(persons),
    )


def _about(run: Run) -> dict[str, Any]:
    """Return which run this is: its folder, digest, regime and the strengths of its parts."""
    scenario = run.scenario
    return {
        "run": str(run.path),
        "digest": run.digest,
        "regime": scenario["regime"]["name"],
        "strengths": dict(scenario["strengths"]),
        "given": _given(scenario),
    }


def _given(scenario: Mapping[str, Any]) -> dict[str, float]:
    """Return the strengths that are not what the regime itself says."""
    own = {**dict.fromkeys(MECHANISMS, 1.0), **dict.fromkeys((*SAFEGUARDS, *MANIPULATIONS), 0.0)}
    for name, one in (scenario["regime"].get("strengths") or {}).items():
        own[name] = float(one["value"] if isinstance(one, Mapping) else one)
    return {name: one for name, one in scenario["strengths"].items() if one != own.get(name)}


def _notes(persons: Persons) -> tuple[str, ...]:
    notes = [
        "Every difference is other less base. Over the population it is the regime's effect in "
        "the model, spillovers included; one citizen's difference is a counterfactual under one "
        "stated coupling of luck.",
        "A refusal that vanishes was granted, or never asked for, or is refused all the same for "
        "reasons that are nobody's doing; of those last the register keeps no names.",
        "Sorted by the score of one run, those at its bottom gain in the other partly by "
        "construction; both sortings are given.",
    ]
    if persons.panel != "all":
        notes.append(
            f"Everything about single citizens is counted among {len(persons):,} of them "
            f"({persons.panel}), the same in both runs; only changed_citizens is scaled up."
        )
    if not persons.scores_compare():
        notes.append("Scores are not compared: one run has none, or they have different ranges.")
    return tuple(notes)
