"""A life as lived beside the same life with one thing changed, and whose lives changed with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from glasscity.rights.changed import changed_people
from glasscity.rights.effects import effects
from glasscity.rights.persons import Persons

if TYPE_CHECKING:
    from glasscity.interventions import Intervention
    from glasscity.results.run import Run
    from glasscity.rights.lives import Life

__all__ = ["WhatIf", "told_what_if"]

# What of a month is held side by side; the rank moves with everybody's score.
_MONTHLY = (
    "score",
    "voice",
    "unafraid_voice",
    "lists",
    "liquidity",
    "owed",
    "happened",
    "recorded",
)


@dataclass(frozen=True)
class WhatIf:
    """One change in one life, as :func:`glasscity.what_if` returns it.

    Attributes
    ----------
    intervention : Intervention
        What was changed.
    lived, changed : Life
        The life as it was, and with the change.
    others : mapping
        ``citizens``: how many other citizens' lives differ in anything that is stored; ``of``: the
        people compared; ``panel``: who those are; ``effects``: measure to difference, for the
        nation.
    """

    intervention: Intervention
    lived: Life
    changed: Life
    others: Mapping[str, Any]

    @property
    def differs_from(self) -> int | None:
        """The first month in which the citizen's life is another; None: it never is."""
        for before, after in zip(self.lived.months, self.changed.months, strict=True):
            if any(before[name] != after[name] for name in _MONTHLY) or _closed(before) != _closed(
                after
            ):
                return int(before["month"])
        return None

    @property
    def totals(self) -> dict[str, dict[str, int]]:
        """Each total of a life: ``lived``, ``changed``, ``difference``."""
        before, after = (one.document["totals"] for one in (self.lived, self.changed))
        return {
            name: {
                "lived": before[name],
                "changed": after[name],
                "difference": after[name] - before[name],
            }
            for name in before
        }

    @property
    def document(self) -> dict[str, Any]:
        """Everything as plain containers, fit for JSON.

        ``citizen``, ``month``, ``kind``, ``about``; ``lived`` and ``changed``, documents of lives;
        ``differs_from``; ``totals``; ``others``.
        """
        return {
            **asdict(self.intervention),
            "about": self.intervention.about,
            "lived": self.lived.document,
            "changed": self.changed.document,
            "differs_from": self.differs_from,
            "totals": self.totals,
            "others": dict(self.others),
        }


def told_what_if(
    intervention: Intervention, lived: Life, changed: Life, base: Run, other: Run
) -> WhatIf:
    """Return a what-if from both lives and both runs.

    Parameters
    ----------
    base, other : Run
        The stored run, and the run with the change.
    """
    told = {"kind": "what_if", "reason": f"what if: {intervention.about}"}
    changed.months[intervention.month]["events"].insert(0, told)
    persons = Persons(base, other)
    differ = changed_people(persons) & (persons.citizens != intervention.citizen)
    return WhatIf(
        intervention,
        lived,
        changed,
        {
            "citizens": int(differ.sum()),
            "of": len(persons) - 1,
            "panel": persons.panel,
            "effects": effects(base, other, by=()).to_dict()["effects"],
        },
    )


def _closed(month: Mapping[str, Any]) -> list[str]:
    return [one["gate"] for one in month["closed_gates"]]
