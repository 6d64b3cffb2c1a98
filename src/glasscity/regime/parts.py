"""The parts of a regime: scorer, sources of records, lists, joint punishment, gates, rollout."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from glasscity.catalogue.entry import Name, unknown
from glasscity.quantity import Quantity, a_month, constant, fault, shaped
from glasscity.terms import CATEGORIES, DEEDS, EVENTS, GATES, OCCUPATIONS, RELATION_PARTS, SPHERES

__all__ = [
    "EXITS",
    "INPUTS",
    "ROWS",
    "STATISTICS",
    "Gate",
    "GateRule",
    "GravityScale",
    "JointPunishment",
    "Mapped",
    "NotModelled",
    "Officials",
    "Operator",
    "Perk",
    "PointsScheme",
    "PrivateOperator",
    "RecordSource",
    "RegimeList",
    "Rollout",
    "Row",
    "Share",
    "named",
]

EXITS = ("performance", "appeal", "expiry")
# What of the ties' scores can count, in the order of the kernels' codes.
STATISTICS = ("mean", "standardised", "below_bar")
# What a score is made of: four categories, and the fifth by its parts.
INPUTS = (*CATEGORIES[:4], *RELATION_PARTS)
# Rows of the mission: the press account (A), the record (B), what no other tool has (C).
ROWS = (
    *(f"A{row}" for row in range(1, 29)),
    *(f"B{row}" for row in range(1, 12)),
    *(f"C{row}" for row in range(1, 14)),
)
# A score has 11 bits, and 0 means that there is none.
MOST_POINTS = 2047


def _one_of(kind: str, choices: tuple[str, ...]) -> Callable[[str], str]:
    def check(name: str) -> str:
        if name not in choices:
            complaint = unknown(kind, name, choices)
            raise fault(complaint.what, allowed=complaint.allowed, mend=complaint.mend)
        return name

    return check


def named(
    what: str, names: tuple[str, ...]
) -> Callable[[dict[str, Quantity]], dict[str, Quantity]]:
    """Return a check that a mapping has no other keys than these."""

    def check(mapping: dict[str, Quantity]) -> dict[str, Quantity]:
        for name in mapping:
            if name not in names:
                complaint = unknown(what, name, names)
                raise fault(complaint.what, allowed=complaint.allowed, mend=complaint.mend)
        return mapping

    return check


def _exactly(
    names: tuple[str, ...], what: str
) -> Callable[[dict[str, Quantity]], dict[str, Quantity]]:
    """Return a check that a mapping has these keys and no other."""
    only = named(what, names)

    def check(mapping: dict[str, Quantity]) -> dict[str, Quantity]:
        only(mapping)
        missing = [name for name in names if name not in mapping]
        if missing:
            raise fault(
                f"{what} '{missing[0]}' is missing",
                allowed=", ".join(names),
                mend="add it; its value may be 0",
            )
        return {name: mapping[name] for name in names}

    return check


def _sum_to_one(mapping: dict[str, Quantity]) -> dict[str, Quantity]:
    total = math.fsum(float(weight) for weight in mapping.values())
    if abs(total - 1) > 1e-6:
        raise fault(
            f"the weights sum to {total:.6g}",
            allowed="weights of 0 to 1 that sum to 1",
            mend="correct them so that they sum to 1",
        )
    return mapping


Share: TypeAlias = Annotated[Quantity, AfterValidator(shaped(least=0, most=1))]
Chance: TypeAlias = Share
Memory: TypeAlias = Annotated[Quantity, AfterValidator(shaped(least=1e-4, most=1))]
Percentile: TypeAlias = Annotated[Quantity, AfterValidator(shaped(least=0.01, most=99.99))]
Points: TypeAlias = Annotated[Quantity, AfterValidator(shaped(least=0, most=MOST_POINTS))]
Month: TypeAlias = Annotated[Quantity, AfterValidator(a_month)]
Gravity: TypeAlias = Annotated[Quantity, AfterValidator(shaped(least=1, most=100, whole=True))]

Gate: TypeAlias = Annotated[
    str, AfterValidator(_one_of("gate", GATES)), Field(json_schema_extra={"enum": list(GATES)})
]
Event: TypeAlias = Annotated[
    str, AfterValidator(_one_of("event", EVENTS)), Field(json_schema_extra={"enum": list(EVENTS)})
]
Deed: TypeAlias = Annotated[
    str, AfterValidator(_one_of("deed", DEEDS)), Field(json_schema_extra={"enum": list(DEEDS)})
]
Sphere: TypeAlias = Annotated[
    str,
    AfterValidator(_one_of("sphere", SPHERES)),
    Field(json_schema_extra={"enum": list(SPHERES)}),
]
Row: TypeAlias = Annotated[
    str, AfterValidator(_one_of("mission row", ROWS)), Field(json_schema_extra={"enum": list(ROWS)})
]
Reason: TypeAlias = Annotated[str, Field(min_length=1, max_length=1000)]


def _share_or_joined(quantity: Quantity) -> Quantity:
    return quantity if quantity.value == "joined" else shaped(least=0, most=1)(quantity)


def _true_or_false(quantity: Quantity) -> Quantity:
    if not isinstance(quantity.value, bool):
        raise fault(f"{quantity.value!r} is neither true nor false", allowed="true, false")
    return quantity


Choice: TypeAlias = Annotated[Quantity, AfterValidator(_true_or_false)]
Occupation: TypeAlias = Annotated[
    str,
    AfterValidator(_one_of("occupation", OCCUPATIONS)),
    Field(json_schema_extra={"enum": list(OCCUPATIONS)}),
]


class _Part(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", populate_by_name=True, allow_inf_nan=False
    )


def _range_of_points(quantity: Quantity) -> Quantity:
    shaped(length=2, least=0, most=MOST_POINTS, whole=True)(quantity)
    low, high = quantity.numbers
    if low >= high:
        raise fault(f"the range {low} to {high} is empty", allowed="lowest, highest")
    return quantity


class PointsScheme(_Part):
    """A score that is an account: points to begin with, taken for records and added for deeds.

    Attributes
    ----------
    taken_once : mapping of event to Quantity
        Points taken when a record of it is made.
    taken_monthly : mapping of event to Quantity
        Points taken for each month that it is on file, the first included.
    added : mapping of deed to Quantity
        Points added for each deed that is filed.
    forgotten, added_forgotten : Quantity in [0, 1]
        Share a month of what was taken that is given back; of what was added that lapses.
    filed : Quantity in [0, 1]
        Share of such deeds that come to be filed.
    """

    taken_once: Annotated[dict[str, Points], AfterValidator(named("event", EVENTS))] = Field(
        default_factory=dict
    )
    taken_monthly: Annotated[dict[str, Points], AfterValidator(named("event", EVENTS))] = Field(
        default_factory=dict
    )
    added: Annotated[dict[str, Points], AfterValidator(named("deed", DEEDS))] = Field(
        default_factory=dict
    )
    forgotten: Share
    added_forgotten: Share
    filed: Share


# What a weighted sum must say, and an account cannot.
_SUMMED = (
    "memory_history",
    "memory_fulfilment",
    "weights",
    "relation_parts",
    "statistic",
    "reference",
)


class Operator(_Part):
    """The scorer: a weighted sum of categories, or an account of points.

    Attributes
    ----------
    name : str
    range : Quantity, two whole numbers
        Lowest and highest score.
    base : Quantity or None
        Points to start from, in a points scheme.
    points : PointsScheme or None
        What is taken and added; then nothing of what follows but ``bands`` and ``spheres`` is said.
    bands : mapping of name to Quantity
        Grades of the score, each with its lowest points; the lowest band needs none.
    memory_history, memory_fulfilment : Quantity in (0, 1]
        Weight of the newest month in the running mean of a category.
    weights : mapping of category to Quantity
        Sum to 1.
    relation_parts : mapping of part to Quantity
        How the fifth category is made of its parts; sum to 1.
    statistic : Quantity
        ``mean``, ``standardised`` or ``below_bar``: what of the ties' scores counts.
    bar_percentile : Quantity
        National percentile that ``below_bar`` compares with.
    reference : mapping of input to Quantity in [0, 1]
        The input of a person of whom nothing adverse is known.
    spheres : tuple of sphere
        Spheres whose records it holds; the others do not count in its score.
    praise_counts, criticism_counts : Quantity
        Whether praise raises a score, and criticism lowers it.
    """

    name: Name
    range: Annotated[Quantity, AfterValidator(_range_of_points)]
    base: Points | None = None
    points: PointsScheme | None = None
    bands: dict[Annotated[str, Field(min_length=1, max_length=20)], Points] = Field(
        default_factory=dict
    )
    memory_history: Memory | None = None
    memory_fulfilment: Memory | None = None
    weights: (
        Annotated[
            dict[str, Share],
            AfterValidator(_exactly(CATEGORIES, "category")),
            AfterValidator(_sum_to_one),
        ]
        | None
    ) = None
    relation_parts: (
        Annotated[
            dict[str, Share],
            AfterValidator(_exactly(RELATION_PARTS, "part of relationships")),
            AfterValidator(_sum_to_one),
        ]
        | None
    ) = None
    statistic: Annotated[Quantity, AfterValidator(shaped(choices=STATISTICS))] | None = None
    bar_percentile: Percentile = constant(10, "percentile", "Used by the statistic below_bar only.")
    reference: Annotated[dict[str, Share], AfterValidator(_exactly(INPUTS, "input"))] | None = None
    spheres: tuple[Sphere, ...] = SPHERES
    praise_counts: Choice = constant(True, "choice", "Where voice has a weight, praise counts.")
    criticism_counts: Choice = constant(
        True, "choice", "Where voice has a weight, criticism counts."
    )

    @model_validator(mode="after")
    def _one_kind(self) -> Operator:
        """Refuse a scorer that is both a sum and an account, or neither whole."""
        summed = {name: getattr(self, name) for name in _SUMMED}
        if self.points is None:
            missing = [name for name, value in summed.items() if value is None]
            if missing:
                raise fault(
                    f"'{missing[0]}' is missing",
                    allowed="a weighted sum needs " + ", ".join(_SUMMED),
                    mend=f"add {missing[0]}:, or points: where the score is an account",
                )
            return self
        there = [name for name, value in summed.items() if value is not None]
        if there:
            raise fault(
                f"'{there[0]}' stands beside points, and an account has no categories",
                allowed="points, base, bands, spheres",
                mend=f"remove {there[0]}",
            )
        if self.base is None:
            raise fault("'base' is missing", allowed="points to begin with", mend="add base:")
        low, high = self.range.numbers
        if not low <= float(self.base) <= high:
            raise fault(
                f"the base {float(self.base):g} is outside the range", allowed=f"{low} to {high}"
            )
        return self

    def weight(self, category: str, part: str | None = None) -> float:
        """Return the weight of a category, or of a part of relationships; 0 in a points scheme."""
        if self.weights is None or self.relation_parts is None:
            return 0.0
        whole = float(self.weights[category])
        return whole if part is None else whole * float(self.relation_parts[part])

    def neutral(self, name: str) -> float:
        """Return the input of a person of whom nothing adverse is known; one half in a scheme."""
        return 0.5 if self.reference is None else float(self.reference[name])

    @property
    def memories(self) -> tuple[float, float]:
        """Weight of the newest month in history and in fulfilment; a register's in a scheme."""
        if self.memory_history is None or self.memory_fulfilment is None:
            return 1 / 24, 1 / 6
        return float(self.memory_history), float(self.memory_fulfilment)

    @property
    def statistic_name(self) -> str:
        """What of the ties' scores counts (`STATISTICS`)."""
        return STATISTICS[0] if self.statistic is None else str(self.statistic.value)


class PrivateOperator(Operator):
    """A private scorer beside the national one, with users, sources and a rhythm of its own.

    Attributes
    ----------
    needs : {"pay_app", "social_app"}
        The app whose users it can score.
    share : Quantity in [0, 1]
        Share of those users that it does score, whether they ask or not; ``joined`` where it
        scores those who joined.
    every : Quantity
        Months between two scores.
    reason : str
        What it sees, and what not.
    """

    needs: Literal["pay_app", "social_app"]
    share: Annotated[Quantity, AfterValidator(_share_or_joined)]
    every: Annotated[Quantity, AfterValidator(shaped(least=1, most=12, whole=True))]
    reason: Reason


class Officials(_Part):
    """Officials who move the scores of a group up or down.

    Attributes
    ----------
    group : str
        An occupation.
    provinces : tuple of str
        Where; everywhere if empty.
    points : Quantity
        Added to each score, negative to punish.
    """

    group: Occupation
    provinces: tuple[str, ...] = ()
    points: Annotated[Quantity, AfterValidator(shaped(least=-500, most=500))]


class RecordSource(_Part):
    """Somebody who writes down what people did.

    Attributes
    ----------
    name, reason : str
        The reason says why the source belongs to its sphere.
    sphere : str
    owner : {"state", "operator", "creditor"}
    sees : tuple of event
    needs : {"none", "pay_app", "social_app", "credit"}
        Whom it sees: only those who use the app or have a credit.
    coverage : Quantity in [0, 1]
        Share of those whom it could see that it does see.
    miss : Quantity in [0, 1]
        Chance that an event it sees is not written down.
    false_alarm : Quantity in [0, 1]
        Chance, per person seen and month, that it writes down an event that was none.
    mix_up : Quantity in [0, 1]
        Chance, per record and at name risk 1, that it is filed under the namesake.
    corrected_months : Quantity, 1 or more
        Mean months until a wrong record is corrected without an appeal.
    evidence_true, evidence_false : Quantity in [0, 1]
        Chance that the evidence supports a true record; that it seems to support a wrong one.
    """

    name: Name
    sphere: Sphere
    owner: Literal["state", "operator", "creditor"]
    sees: Annotated[tuple[Event, ...], Field(min_length=1)]
    needs: Literal["none", "pay_app", "social_app", "credit"] = "none"
    coverage: Share
    miss: Chance
    false_alarm: Chance
    mix_up: Chance
    corrected_months: Annotated[Quantity, AfterValidator(shaped(least=1, most=1200))]
    evidence_true: Chance
    evidence_false: Chance
    reason: Reason


def _term(quantity: Quantity) -> Quantity:
    if quantity.value == "none":
        return quantity
    if isinstance(quantity.value, str | bool):
        raise fault(f"{quantity.value!r} is not a term", allowed="months, 1 or more, or none")
    return shaped(least=1, most=1200, whole=True)(quantity)


class RegimeList(_Part):
    """A register of breaches of one sphere.

    Attributes
    ----------
    name : str
    sphere : str
    min_gravity : Quantity
        Gravity from which a record leads to entry.
    warning : Quantity
        Months between the warning and the entry.
    term : Quantity
        Months an entry lasts, or ``none``.
    exits : tuple
        Ways out: ``performance``, ``appeal``, ``expiry``.
    from_month : Quantity
        Month from which entries are made; ``from`` in YAML.
    appeal : Quantity in [0, 1]
        Chance a month that a pending appeal is decided.
    reason : str
    """

    name: Name
    sphere: Sphere
    min_gravity: Gravity
    warning: Annotated[Quantity, AfterValidator(shaped(least=0, most=120, whole=True))]
    term: Annotated[Quantity, AfterValidator(_term)]
    exits: tuple[Literal["performance", "appeal", "expiry"], ...]
    from_month: Month = Field(alias="from")
    appeal: Chance
    reason: Reason

    @property
    def months(self) -> int | None:
        """Months an entry lasts, or None where it has no term."""
        return None if self.term.value == "none" else int(self.term)


class JointPunishment(_Part):
    """Which list closes which gate.

    Attributes
    ----------
    everywhere : Quantity
        Whether, from ``from_month`` on, every list closes every gate.
    from_month : Quantity
        ``from`` in YAML.
    matrix : mapping of list to tuple of gate
        What each list closes before then, or throughout where ``everywhere`` is false.
    """

    everywhere: Quantity
    from_month: Month = Field(alias="from")
    matrix: dict[str, tuple[Gate, ...]] = Field(default_factory=dict)


class GateRule(_Part):
    """What a score must reach at a gate.

    Attributes
    ----------
    rule : {"none", "threshold", "rank"}
        ``threshold``: closed below a score; ``rank``: closed below a national percentile of the
        month, which closes a fixed share by construction.
    percentile : Quantity or None
        For a threshold the national percentile of the first scored month that fixes its points;
        for a rank the percentile itself.
    threshold : Quantity or None
        Points, where the source gives them, instead of a percentile.
    reach : Quantity in [0, 1] or None
        Share of providers that apply the rule; the country's value where it is left out.
    reason : str or None
    """

    rule: Literal["none", "threshold", "rank"]
    percentile: Percentile | None = None
    threshold: Points | None = None
    reach: Share | None = None
    reason: Reason | None = None


class Perk(_Part):
    """What a high score gives.

    Attributes
    ----------
    name, about : str
    threshold : Quantity
        Points from which it is given, on the source's own scale.
    percentile : Quantity or None
        National percentile of last month's scores that stands for those points, where the scale of
        the source is not known; the points themselves are used where it is left out.
    gate : str or None
        The gate that it eases.
    gain : Quantity or None
        Months of spending that it leaves with the holder at each grant of its gate.
    """

    name: Name
    about: Reason
    threshold: Points
    percentile: Percentile | None = None
    gate: Gate | None = None
    gain: Annotated[Quantity, AfterValidator(shaped(least=0, most=12))] | None = None


class NotModelled(_Part):
    """A rule of the source that has no counterpart here.

    Attributes
    ----------
    what, why : str
        The rule, and why it has none.
    """

    what: Reason
    why: Reason


class Mapped(_Part):
    """A rule of a points scheme as its source has it, and what stands for it here.

    Attributes
    ----------
    rule : str
        In the source's words, or close to them.
    points : float or None
        What it takes (below zero) or adds; None where the source was not read so far.
    event, deed : str or None
        What of the model it is about; neither where it has no counterpart.
    source : str
        A key of the sources.
    note : str or None
    """

    rule: Reason
    points: Annotated[float, Field(ge=-MOST_POINTS, le=MOST_POINTS)] | None = None
    event: Event | None = None
    deed: Deed | None = None
    source: Annotated[str, Field(min_length=1, max_length=64)]
    note: Reason | None = None


class Rollout(_Part):
    """How people come to have a score.

    Attributes
    ----------
    announced, opt_in_from : Quantity
        Months.
    p, q : Quantity in [0, 1]
        Chance a month to join, by oneself and times the share of ties that have joined.
    needs : {"pay_app", "social_app", "none"}
        Who can join.
    mandate : Quantity
        Month from which everyone is scored, or ``none``.
    penalties_from : Quantity
        Month from which gates look at the score, or ``none``.
    unscored_refused : Quantity
        Whether a gate refuses those who have no score; else its own screening decides.
    """

    announced: Month
    opt_in_from: Month
    p: Chance
    q: Chance
    needs: Literal["pay_app", "social_app", "none"]
    mandate: Quantity
    penalties_from: Quantity
    unscored_refused: Quantity


_GRAVITY_NOTE = "The order late, conduct, default, ignored order is that of model.md 5.1."


class GravityScale(_Part):
    """How grave a kind of breach is; only the order and the lists' bars matter."""

    late: Gravity = constant(1, "gravity", _GRAVITY_NOTE)
    conduct: Gravity = constant(2, "gravity", _GRAVITY_NOTE)
    default: Gravity = constant(3, "gravity", _GRAVITY_NOTE)
    ignored: Gravity = constant(5, "gravity", _GRAVITY_NOTE)
