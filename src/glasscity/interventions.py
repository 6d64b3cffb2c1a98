"""Interventions: one change in one citizen's life, everything else equal.

An intervention names a citizen, a month and a kind.  The world that has it and the world that has
it not are a true pair: the same people, the same luck, the same rules.  What differs between them
is what the one change did, to the citizen and to everybody whom it reached.

An intervention is a description; ``glasscity.branching`` carries it out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Integral
from typing import TYPE_CHECKING

from glasscity.errors import BadArgument, NotFound

if TYPE_CHECKING:
    from glasscity.scenario import Scenario

__all__ = ["KINDS", "VOICE_MONTHS", "WHAT_IFS", "Intervention", "check", "placebo"]

# A voice is kept for so many months, as everybody's is (model, 3).
VOICE_MONTHS = 12

# What each kind does.  A what-if is for people who look at a life; the placebo is for pairs.
WHAT_IFS = {
    "spoke": f"criticises in public for {VOICE_MONTHS} months from that month on",
    "kept_silent": f"says nothing in public for {VOICE_MONTHS} months from that month on",
    "other_friends": "from that month on friends neither help nor harm: their scores and voices "
    "count as those of people of whom nothing is known, nothing is copied from them, and fear "
    "stays where it was",
    "paid_late": "pays what is due in that month late, though able and willing",
    "paid_on_time": "has everything that is owed settled at the start of that month, as a gift, "
    "and pays what is due in that month",
    "error_corrected": "has every wrong record taken off the file at the start of that month, "
    "with what rests on it, and the file unlinked from the namesake's",
}
KINDS = {
    **WHAT_IFS,
    "placebo": "makes one payment, due in that month, a month later",
}


@dataclass(frozen=True)
class Intervention:
    """One change in one citizen's life.

    Parameters
    ----------
    citizen : int
        From 0.  A placebo falls on the first citizen from this one on who has one payment due, owes
        nothing and can pay (:func:`placebo`).
    month : int
        The month of the run, from 0, at the start of which it begins.
    kind : str
        One of :data:`KINDS`.

    Raises
    ------
    NotFound
        If there is no such kind.
    BadArgument
        If citizen or month is no whole number from 0 up.
    """

    citizen: int
    month: int
    kind: str

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise NotFound.among("intervention", str(self.kind)[:60], KINDS)
        for name in ("citizen", "month"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, Integral) or value < 0:
                raise BadArgument(
                    f"{name} {str(value)[:40]} is no whole number from 0 up",
                    where=f"intervention '{self.kind}'",
                    mend="write it like 12",
                )
            object.__setattr__(self, name, int(value))

    @property
    def about(self) -> str:
        """What the citizen does, or what happens to the citizen, in words."""
        return KINDS[self.kind]


def placebo(scenario: Scenario, *, month: int = 0) -> Intervention:
    """Return the placebo of a scenario: one payment of one citizen is made a month later.

    A world with it, compared with the world without it, shows the chaos floor: how far chance
    carries one event that has nothing to do with the question.  The payment is the public fee that
    is due in the month; it is made in the next, so that the citizen has been late once.

    Parameters
    ----------
    scenario : Scenario
    month : int
        The month of the payment: the first, or that of a fork.

    Returns
    -------
    Intervention
        Of the kind ``placebo``.  Its citizen is picked by the seed alone, so that worlds
        of one society under several regimes have the same one; it falls on the first from there on
        who has no instalment credit, owes nothing, has money and withholds nothing.
    """
    text = f"glasscity placebo {scenario.seed}".encode()
    keyed = int.from_bytes(hashlib.sha256(text).digest()[:8], "little")
    return Intervention(keyed % scenario.citizens, month, "placebo")


def check(interventions: Sequence[Intervention], scenario: Scenario) -> None:
    """Refuse interventions that do not fit a scenario.

    Raises
    ------
    BadArgument
        If there is no such citizen or month, or two of them meet in one citizen.
    """
    seen: set[int] = set()
    for one in interventions:
        for name, value, end in (
            ("citizen", one.citizen, scenario.citizens),
            ("month", one.month, scenario.months),
        ):
            if value >= end:
                raise BadArgument(
                    f"there is no {name} {value}",
                    where=f"intervention '{one.kind}'",
                    allowed=f"whole numbers from 0 to {end - 1}",
                    mend=f"name a {name} of this run",
                )
        if one.citizen in seen:
            raise BadArgument(
                f"citizen {one.citizen} has two interventions",
                where="interventions",
                allowed="one a citizen",
                mend="look at them one by one",
            )
        seen.add(one.citizen)
