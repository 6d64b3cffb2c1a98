"""Favours between strangers: what a score is said to be for, measured (model.md 7.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from glasscity.rights.definition import SCORE, Measure, rate, share_of_citizens
from glasscity.rights.view import View, ratio

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["TRUST"]

# Beliefs are summed in this unit.
_ONE = 65_535
_KEEPING = (
    "behaviour.gossip",
    "behaviour.favour_benefit",
    "behaviour.imitation",
    "behaviour.innate",
    "behaviour.keeps_median",
    "behaviour.keeps_slope",
)
_BELIEF = (*_KEEPING, "behaviour.trust_memory")
_LOOKING = ("regime.visibility", "regime.lists", *SCORE)
_MEETINGS = "strangers met, last month"
_IF_MET = "if anybody met a stranger"


def _believed(view: View) -> NDArray[Any]:
    return ratio(view.last("trust_sum"), _ONE * view.citizens)


def _gap(view: View) -> NDArray[Any]:
    # Strangers come from everywhere, so what a group believes is held against the nation.
    true = ratio(view.last("favours").sum(), view.last("strangers_met").sum())
    return _believed(view) - true


TRUST: tuple[Measure, ...] = (
    Measure(
        name="cooperation",
        title="Favours done to strangers",
        definition=(
            "Favours done to a stranger met, by whoever could have done one: two to a meeting."
        ),
        compute=rate("favours", "strangers_met", last=True),
        of=_MEETINGS,
        section="7.5",
        grades_from=(*_KEEPING, *_LOOKING),
        estimable=_IF_MET,
    ),
    Measure(
        name="keepers_share",
        title="Keep trust with strangers",
        definition=(
            "Citizens who do a stranger a favour unless they take the stranger for one who would "
            "not: the true chance that a stranger keeps trust."
        ),
        compute=share_of_citizens("keepers"),
        section="7.5",
        grades_from=(*_KEEPING, *_LOOKING),
    ),
    Measure(
        name="believed_trust",
        title="Believed chance of a favour",
        definition="Mean belief, from strangers met so far, that a stranger does one a favour.",
        compute=_believed,
        of="a stranger met, mean over all citizens, last month",
        section="7.5",
        grades_from=(*_BELIEF, *_LOOKING),
    ),
    Measure(
        name="trust_gap",
        title="Belief less truth",
        definition=(
            "Believed chance that a stranger does one a favour, less the share of favours that "
            "strangers did to each other in the last month, in the whole country. Below zero in a "
            "group whose people are refused more often than others are. Whom a keeper of trust "
            "rightly refuses meets no favour either, so belief lies below the share who keep trust."
        ),
        compute=_gap,
        unit="difference of shares",
        of="strangers met, last month",
        section="7.5",
        grades_from=(*_BELIEF, *_LOOKING),
        estimable=_IF_MET,
    ),
    Measure(
        name="favours_refused_by_score_share",
        title="Favours refused for a score or a listing",
        definition=(
            "Favours that a keeper of trust refused to a stranger of whom nothing was heard, "
            "because the stranger's score or listing was looked up; rightly or wrongly."
        ),
        compute=rate("favours_refused_by_score", "strangers_met", last=True),
        of=_MEETINGS,
        section="7.5",
        grades_from=_LOOKING,
        estimable=_IF_MET,
    ),
)
