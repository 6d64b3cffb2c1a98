"""A regime as one frozen description."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator, Field

from glasscity.catalogue.entry import Complaint, Entry, ledger
from glasscity.quantity import Quantity, shaped
from glasscity.regime import checks
from glasscity.regime.parts import (
    Gate,
    GateRule,
    GravityScale,
    JointPunishment,
    Mapped,
    NotModelled,
    Officials,
    Operator,
    Perk,
    PrivateOperator,
    RecordSource,
    RegimeList,
    Rollout,
    Row,
    Share,
    named,
)
from glasscity.terms import MECHANISMS, SAFEGUARDS

# Manipulation is what people do to a regime, never a part of it.
_STRENGTHS = (*MECHANISMS, *SAFEGUARDS)

__all__ = ["KINDS", "PRESS", "Kind", "Regime"]

# What a regime is, whatever it is called: what the press described, a rule as it was written down,
# a world to compare with, or anything else that somebody wants to try.
Kind: TypeAlias = Literal["press scenario", "documented rule", "comparison", "scenario"]
PRESS: Kind = "press scenario"
KINDS: Mapping[str, str] = {
    "press scenario": "the press's scenario, never how China works",
    "documented rule": "a rule as documented, not what it did to anybody",
    "comparison": "a world to compare with",
    "scenario": "somebody's own scenario",
}


class Regime(Entry):
    """A regime of the catalogue or of a file; see `Entry` for name, title, status and about.

    Attributes
    ----------
    kind : str
        What it is (`KINDS`); whatever extends it is the same unless it says otherwise.
    caution : str
        What it must not be taken for.
    start : str
        Month it is meant to be run from.
    months : int
        Months it is meant to be run for.
    rows : tuple of str
        Rows of the mission that it represents.
    operator : Operator or None
        The scorer whose score the gates look at.
    operators : tuple of PrivateOperator, at most two
        Private scorers.  Until the mandate the score that others see is the first one's; from the
        mandate on ``operator`` fuses what they hold with the records of the state.
    exposure : Quantity or None
        How much more often a partner-seeker's profile is shown, in logits for each spread of the
        score that others can see; none where a site does not look at scores.
    officials : tuple of Officials
        Who moves scores up or down, where a scenario has officials act.
    visibility : Quantity
        Who sees a score: ``private``, ``institutions``, ``public``.
    record_sources : tuple of RecordSource
    mix_up_mode : Quantity
        Whether a mixed-up record is ``moved`` or ``copied`` to the namesake.
    lists : tuple of RegimeList
        At most one for a sphere.
    joint_punishment : JointPunishment or None
    gates : mapping of gate to GateRule
    perks : tuple of Perk
    rollout : Rollout or None
    gravity : GravityScale
    strengths : mapping of name to Quantity in [0, 1]
        Of mechanisms and safeguards, where the regime is another one with something taken away or
        something added; a scenario's own go before these.
    mapping : tuple of Mapped
        The rules of a points scheme as the source has them, with what stands for each here.
    not_modelled : tuple of NotModelled
        Rules of the source that have no counterpart.
    """

    kind: Kind = "scenario"
    caution: Annotated[str, Field(min_length=1, max_length=2000)]
    start: str
    months: Annotated[int, Field(ge=1, le=65_535)]
    rows: tuple[Row, ...] = ()
    operator: Operator | None = None
    operators: Annotated[tuple[PrivateOperator, ...], Field(max_length=2)] = ()
    exposure: Annotated[Quantity, AfterValidator(shaped(least=0, most=10))] | None = None
    officials: tuple[Officials, ...] = ()
    visibility: Annotated[
        Quantity, AfterValidator(shaped(choices=("private", "institutions", "public")))
    ]
    record_sources: tuple[RecordSource, ...]
    mix_up_mode: Annotated[Quantity, AfterValidator(shaped(choices=("moved", "copied")))]
    lists: tuple[RegimeList, ...] = ()
    joint_punishment: JointPunishment | None = None
    gates: dict[Gate, GateRule] = Field(default_factory=dict)
    perks: tuple[Perk, ...] = ()
    rollout: Rollout | None = None
    gravity: GravityScale = GravityScale()
    strengths: Annotated[
        dict[str, Share], AfterValidator(named("mechanism or safeguard", _STRENGTHS))
    ] = Field(default_factory=dict)
    mapping: tuple[Mapped, ...] = ()
    not_modelled: tuple[NotModelled, ...] = ()

    def rules(self) -> list[dict[str, Any]]:
        """Return every value with unit, source, grade, reading, note, low and high."""
        return ledger(self)

    def gate_rule(self, gate: str) -> GateRule:
        """Return the rule at a gate; a gate that the regime does not name has none."""
        return self.gates.get(gate, GateRule(rule="none"))

    def complaints(self) -> Iterator[Complaint]:
        """Yield what contradicts itself in this regime."""
        return checks.complaints(self)
