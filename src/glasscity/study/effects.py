"""What a sensitivity study looks at: effects of a regime, and measures of the regime itself.

An effect compares the regime with its unscored twin: the same people, the same luck.  Counts that
exist in both worlds are compared in proportion, shares by their difference.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from glasscity.errors import NotFound

if TYPE_CHECKING:
    from glasscity.study.members import Result

__all__ = [
    "EFFECTS",
    "LEVELS",
    "RESPONSES",
    "Response",
    "digest_of",
    "response",
    "responses_of",
]

Measures: TypeAlias = "Mapping[str, int | float | None]"
Size: TypeAlias = "tuple[int, float]"
Reading: TypeAlias = "Callable[[Measures, Measures, Size], float | None]"


@dataclass(frozen=True)
class Response:
    """A number that a pair of worlds gives.

    Attributes
    ----------
    name, title, unit, definition : str
    read : callable
        Given the measures under the regime, those of the twin, and (citizens, years), the number;
        None where it is not estimable.
    claim : int
        Of an effect: the sign in favour of the regime, 1 or -1; 0 where nobody claims one.
    measures : tuple of str
        What it is computed from (`glasscity explain measure NAME`).
    in_proportion : bool
        Whether it is a proportion of two counts, which varies as one over the count.
    """

    name: str
    title: str
    unit: str
    definition: str
    read: Reading
    claim: int = 0
    measures: tuple[str, ...] = ()
    in_proportion: bool = False

    def row(self) -> dict[str, Any]:
        """Return the response as a row of a table."""
        return {
            "response": self.name,
            "title": self.title,
            "unit": self.unit,
            "definition": self.definition,
            "measures": list(self.measures),
        }


def _change(measure: str) -> Reading:
    def read(here: Measures, there: Measures, _: Size) -> float | None:
        one, other = here[measure], there[measure]
        return None if one is None or not other else one / other - 1

    return read


def _difference(measure: str) -> Reading:
    def read(here: Measures, there: Measures, _: Size) -> float | None:
        one, other = here[measure], there[measure]
        return None if one is None or other is None else one - other

    return read


def _itself(measure: str) -> Reading:
    def read(here: Measures, _: Measures, __: Size) -> float | None:
        return None if here[measure] is None else float(here[measure] or 0)

    return read


def _per_thousand(measure: str) -> Reading:
    def read(here: Measures, _: Measures, size: Size) -> float | None:
        value = here[measure]
        return None if value is None else 1000 * value / (size[0] * size[1])

    return read


NOT_DONE = ("association_share", "speech_share", "error_share", "profile_share", "favour_share")


def _groundless(here: Measures, _: Measures, size: Size) -> float | None:
    denials = here["denials"]
    if not denials:
        return 0.0 if denials == 0 else None
    shares = [here[name] for name in NOT_DONE]
    return 1000 * denials * sum(one or 0.0 for one in shares) / (size[0] * size[1])


def _effect(
    name: str, title: str, measure: str, claim: int, *, proportion: bool, unit: str, told: str
) -> Response:
    how = "in proportion" if proportion else "difference"
    return Response(
        name,
        title,
        unit,
        f"{told}, under the regime against the same people unscored ({how}).",
        _change(measure) if proportion else _difference(measure),
        claim,
        (measure,),
        proportion,
    )


_PROPORTION = "share of the unscored world's"

EFFECTS: tuple[Response, ...] = (
    _effect(
        "onsets",
        "Unwillingness",
        "unwilling_onsets",
        -1,
        proportion=True,
        unit=_PROPORTION,
        told="Spells of unwillingness to pay that began",
    ),
    _effect(
        "breaches",
        "Breaches",
        "breaches",
        -1,
        proportion=True,
        unit=_PROPORTION,
        told="Breaches of any kind",
    ),
    _effect(
        "arrears",
        "Arrears",
        "arrears_months_share",
        -1,
        proportion=True,
        unit=_PROPORTION,
        told="Months in arrears of three months or more, of months with a credit",
    ),
    _effect(
        "repayment",
        "Repayment",
        "repayment",
        1,
        proportion=False,
        unit="share of months of withholding",
        told="Withheld debts repaid in a month",
    ),
    _effect(
        "shortfall",
        "Lenders' losses",
        "lender_shortfall",
        -1,
        proportion=False,
        unit="share of instalments due",
        told="Instalments lost to lenders",
    ),
    _effect(
        "inclusion",
        "Loans to those nobody knew",
        "thin_grant_rate",
        1,
        proportion=False,
        unit="share of their applications",
        told="Loans and mortgages granted to people with a thin file",
    ),
    _effect(
        "cooperation",
        "Favours between strangers",
        "cooperation",
        1,
        proportion=False,
        unit="share of strangers met",
        told="Favours done to a stranger, last month",
    ),
    _effect(
        "chill",
        "Criticism kept back",
        "total_chill_share",
        0,
        proportion=False,
        unit="share of citizens",
        told="Citizens who would criticise had nobody ever feared and do not, last month",
    ),
    _effect(
        "falsified",
        "Praise against one's opinion",
        "falsified_share",
        0,
        proportion=False,
        unit="share of citizens",
        told="Citizens who praise with an opinion below zero, last month",
    ),
)


def _level(name: str, title: str, unit: str, told: str) -> Response:
    return Response(name, title, unit, told, _itself(name), 0, (name,))


LEVELS: tuple[Response, ...] = (
    _level(
        "closed_gate_months",
        "Closed-gate months",
        "months a citizen, whole run",
        "Months of closed gates, weighted by demand, under the regime.",
    ),
    _level(
        "restricted_share",
        "Shut out of something",
        "share of citizens",
        "Citizens with at least one gate closed by the regime, last month.",
    ),
    _level(
        "listed_stock",
        "On a list",
        "share of citizens",
        "Citizens on at least one list, last month.",
    ),
    _level(
        "error_denied_share",
        "Refused for an error",
        "share of citizens",
        "Citizens with at least one denial that would not have happened but for a recording error, "
        "whole run.",
    ),
    Response(
        "groundless",
        "Refused for what one did not breach",
        "refusals per 1,000 citizens and year",
        "Denials that would not have happened but for friends, speech, a recording error, the way "
        "one lives or an official's disfavour, each for itself (the lower ends, added up): the "
        "stored proxy of burden on people with no breach of their own.",
        _groundless,
        0,
        ("denials", *NOT_DONE),
    ),
    _level(
        "spillover_share",
        "For something elsewhere",
        "share of denials",
        "Denials that would not have happened but for something outside the gate's sphere.",
    ),
    _level(
        "association_share",
        "Through friends",
        "share of denials",
        "Denials that would not have happened but for whom one knows.",
    ),
    _level(
        "speech_share",
        "For speech",
        "share of denials",
        "Denials that would not have happened but for what one said.",
    ),
    _level(
        "chilled_of_critics",
        "Critics kept silent",
        "share of would-be critics",
        "Citizens whose unafraid voice criticises and who do not, last month.",
    ),
    Response(
        "child_months",
        "Children shut out",
        "months per 1,000 citizens and year",
        "Months in which a privately schooled child is shut out for a parent's record.",
        _per_thousand("child_months_lost"),
        0,
        ("child_months_lost",),
    ),
)

RESPONSES: dict[str, Response] = {one.name: one for one in (*EFFECTS, *LEVELS)}


def response(name: str) -> Response:
    """Return a response by its name.

    Raises
    ------
    NotFound
        With the nearest names.
    """
    if name not in RESPONSES:
        raise NotFound.among("response", name, RESPONSES)
    return RESPONSES[name]


def responses_of(
    result: Result, wanted: Iterable[Response] = RESPONSES.values()
) -> dict[str, float | None]:
    """Return the responses of a result that has its twin; all None where a run failed."""
    here, twin = result.measures, None if result.twin is None else result.twin.measures
    scenario = result.member.scenario
    if scenario.regime.name == "unscored":
        twin = here
    if here is None or twin is None:
        return {one.name: None for one in wanted}
    size = (scenario.citizens, scenario.months / 12)
    return {one.name: _finite(one.read(here, twin, size)) for one in wanted}


def _finite(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else float(value)


def digest_of(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return the SHA-256 of a dataset: of its rows as JSON, whatever their order."""
    lines = sorted(json.dumps(row, sort_keys=True, allow_nan=False) for row in rows)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
