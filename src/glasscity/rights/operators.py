"""Whether operators agree about the same people (model.md 5.3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from glasscity.rights.definition import Measure, in_force, only_where, share_of_citizens
from glasscity.rights.spread import midranks
from glasscity.rights.view import View

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["OPERATORS", "Standings", "rank_correlation", "standings"]

_GRADES = ("regime.operator", "regime.operators")
_BOTH = "citizens with a score at both, last month"
_SECOND = "if there is a second private operator whose scores differ"


@dataclass(frozen=True)
class Standings:
    """The people that two scores place, in the last month.

    Attributes
    ----------
    places : int64[n]
        Their lines in ``people``.
    leading, other : float64[n] in (0, 1)
        Their percentiles among these people, by the leading score and by the other operator's.
    groups : int64[n]
        Their groups.
    """

    places: NDArray[np.int64]
    leading: NDArray[np.float64]
    other: NDArray[np.float64]
    groups: NDArray[np.int64]


def standings(view: View, number: int) -> Standings | None:
    """Return where the leading score and a private operator's place the same people.

    Parameters
    ----------
    view : View
        The run and how it is broken down.
    number : {1, 2}
        Which private operator.

    Returns
    -------
    Standings or None
        None where nobody has a score at both.
    """
    people, column = view.run.people, f"score_private_{number}"
    if column not in people.columns or len(view.run.meta.get("operators", ())) < number:
        return None
    leading, other = people["score"].to_numpy(), people[column].to_numpy()
    places = np.flatnonzero((leading > 0) & (other > 0))
    if not places.size:
        return None
    groups = view.group_of(people["citizen"])[places]
    return Standings(places, midranks(leading[places]), midranks(other[places]), groups)


def rank_correlation(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """Return Spearman's correlation of two lists of mid-ranks; not a number without spread."""
    if len(one) < 2 or np.ptp(one) == 0 or np.ptp(other) == 0:
        return float("nan")
    return float(np.corrcoef(midranks(one), midranks(other))[0, 1])


def _second(view: View) -> Standings | None:
    return standings(view, 2)


def _disagreement(view: View) -> NDArray[Any]:
    found = view.once(_second)
    if found is None:
        return np.full(len(view.names), np.nan)
    of = (found.groups == group for group in range(len(view.names)))
    return np.array([1 - rank_correlation(found.leading[own], found.other[own]) for own in of])


def _distance(view: View) -> NDArray[Any]:
    found = view.once(_second)
    if found is None:
        return np.full(len(view.names), np.nan)
    apart = np.abs(found.leading - found.other)
    of = (apart[found.groups == group] for group in range(len(view.names)))
    return np.array([float(np.median(own)) if own.size else np.nan for own in of])


def _scored_by_second(view: View) -> NDArray[Any]:
    if not in_force(view, "operators") or len(view.run.meta["operators"]) < 2:
        return np.full(len(view.names), np.nan)
    return share_of_citizens("privately_scored")(view)


OPERATORS: tuple[Measure, ...] = (
    Measure(
        name="operator_disagreement",
        title="Operators disagree",
        definition=(
            "One less the rank correlation between the leading score and the second private "
            "operator's: 0 where both put people in the same order, 1 where the two orders have "
            "nothing to do with each other."
        ),
        compute=only_where("has_score", _disagreement),
        unit="coefficient",
        of=_BOTH,
        section="5.3",
        grades_from=_GRADES,
        estimable=_SECOND,
    ),
    Measure(
        name="operator_distance",
        title="How far apart two operators place a person",
        definition=(
            "Median distance between a person's percentile by the leading score and by the second "
            "private operator's, among people who have both, as a share of the whole ranking."
        ),
        compute=only_where("has_score", _distance),
        of=_BOTH,
        section="5.3",
        grades_from=_GRADES,
        estimable=_SECOND,
    ),
    Measure(
        name="privately_scored_share",
        title="Scored by the second private operator",
        definition="Citizens with a score there, whether they asked for it or not.",
        compute=only_where("has_score", _scored_by_second),
        section="5.3",
        grades_from=("regime.operators",),
        estimable="if there is a second private operator",
    ),
)
