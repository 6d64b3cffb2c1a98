"""What docs/findings.md reads off a run, and how each quantity is called and told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

__all__ = ["MEASURES", "QUANTITIES", "Quantity"]

Values: TypeAlias = "Mapping[str, float | None]"


@dataclass(frozen=True)
class Quantity:
    """What is read off a run.

    Attributes
    ----------
    title : str
    read : callable
        Given the measures of a run and (citizens, years): the number, or None.
    unit : str
        Of a level.
    scale : float
        What a level or a difference is multiplied by to be shown.
    proportion : bool
        Whether a difference is told in per cent of the other world's.
    claim : int
        The sign that favours the regime, where somebody claims one.
    people : bool
        Whether it counts citizens, so that the floor is a number of them.
    """

    title: str
    read: Callable[[Values, tuple[int, float]], float | None]
    unit: str = ""
    scale: float = 1.0
    proportion: bool = False
    claim: int = 0
    people: bool = False


def _share(measure: str, title: str, *, claim: int = 0, people: bool = False) -> Quantity:
    return Quantity(title, lambda m, _: m[measure], "%", 100.0, claim=claim, people=people)


def _yearly(measure: str, title: str, *, claim: int = 0, of: str = "") -> Quantity:
    """Return a count, or a share ``measure`` of the count ``of``, per 1,000 citizens and year."""

    def read(values: Values, size: tuple[int, float]) -> float | None:
        value, whole = values[measure], values[of] if of else 1.0
        if value is None or whole is None:
            return None
        return 1000 * value * whole / (size[0] * size[1])

    unit = "per 1,000 citizens and year"
    return Quantity(title, read, unit, proportion=not of, claim=claim)


def _of_rule(measure: str, title: str) -> Quantity:
    """Return refusals with a cause in per cent of those that the regime's rule makes."""

    def read(values: Values, _: tuple[int, float]) -> float | None:
        value, rule = values[measure], values["regime_denial_share"]
        return None if value is None or not rule else value / rule

    return Quantity(title, read, "%", 100.0)


def _plain(measure: str, title: str, unit: str) -> Quantity:
    return Quantity(title, lambda m, _: m[measure], unit)


_CAUSES = (
    ("spillover", "for something outside the gate's sphere"),
    ("means", "for lack of means"),
    ("profile", "for the way one lives"),
    ("error", "through a mistake of record"),
    ("association", "through friends"),
    ("speech", "for speech"),
)
QUANTITIES: dict[str, Quantity] = {
    "onsets": _yearly("unwilling_onsets", "spells of withholding that begin", claim=-1),
    "breaches": _yearly("breaches", "breaches of any kind", claim=-1),
    "arrears": Quantity(
        "months in arrears of three months or more",
        lambda m, _: m["arrears_months_share"],
        "% of months with a credit",
        100.0,
        proportion=True,
        claim=-1,
    ),
    "repayment": _share("repayment", "withheld debts repaid in a month", claim=1),
    "repayment_listed": _share("repayment_listed", "the same, by people on a list"),
    "repayment_unlisted": _share("repayment_unlisted", "the same, by people on no list"),
    "thin": _share("thin_grant_rate", "loans granted to people nobody knew", claim=1),
    "cooperation": _share("cooperation", "favours done to a stranger met", claim=1),
    "keepers": _share(
        "keepers_share", "citizens who keep trust with strangers", claim=1, people=True
    ),
    "score_refused": _share("favours_refused_by_score_share", "favours refused for a score"),
    "denials": _yearly("denials", "refusals"),
    "closed": _plain("closed_gate_months", "closed-gate months", "months a citizen, whole run"),
    "restricted": _share("restricted_share", "citizens shut out of something", people=True),
    "ever": _share("ever_restricted_share", "citizens ever shut out", people=True),
    "listed": _share("listed_stock", "citizens on a list", people=True),
    "wrongly": _share("wrongly_listed_share", "of those listed, through an error"),
    "chilled": _share("total_chill_share", "citizens silenced by fear", people=True),
    "falsified": _share(
        "falsified_share", "citizens who praise against their opinion", people=True
    ),
    "consensus": _share("visible_consensus", "approval as seen"),
    "children": _yearly("child_months_lost", "school months lost by children"),
    "error_people": _share("error_denied_share", "citizens ever refused for an error", people=True),
    "rule": _yearly("regime_denial_share", "by the regime's rule", of="denials"),
    **{
        name + end: _yearly(f"{name}_share{long}", title, of="denials")
        for name, title in _CAUSES
        for end, long in (("", ""), ("_upper", "_upper"))
    },
    **{f"{name}_of_rule": _of_rule(f"{name}_share", title) for name, title in _CAUSES},
}
# What is kept of a run for the page: the measures that the quantities read, and no others.
MEASURES = (
    "unwilling_onsets",
    "breaches",
    "arrears_months_share",
    "repayment",
    "repayment_listed",
    "repayment_unlisted",
    "thin_grant_rate",
    "cooperation",
    "keepers_share",
    "favours_refused_by_score_share",
    "denials",
    "closed_gate_months",
    "restricted_share",
    "ever_restricted_share",
    "listed_stock",
    "wrongly_listed_share",
    "total_chill_share",
    "falsified_share",
    "visible_consensus",
    "child_months_lost",
    "error_denied_share",
    "regime_denial_share",
    "spillover_share",
    "association_share",
    "speech_share",
    "error_share",
    "means_share",
    "profile_share",
    "spillover_share_upper",
    "association_share_upper",
    "speech_share_upper",
    "error_share_upper",
    "means_share_upper",
    "profile_share_upper",
)
