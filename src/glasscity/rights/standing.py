"""Scores: who has one, how unequal they are, who rises (model.md 7.7, 7.8, 7.11)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from glasscity.rights.definition import SCORE, Measure, only_where, share_of_citizens, total
from glasscity.rights.spread import assortativity, gini, mobility
from glasscity.rights.view import View, ratio

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["STANDING"]


def _score_gini(view: View) -> NDArray[Any]:
    if view.by is None:
        histogram = view.run.extras["score_histogram"][-1]
        return np.array([gini(np.arange(1, len(histogram)), histogram[1:])])
    panel = view.run.panel(view.run.months - 1)
    scores = panel[panel.columns[1]].to_numpy()
    groups = view.group_of(panel["citizen"])
    found = []
    for group in range(len(view.names)):
        own = scores[(groups == group) & (scores > 0)]
        found.append(gini(own, np.ones(len(own))))
    return np.array(found)


def _escape(view: View) -> NDArray[Any]:
    moves = mobility(view, 24)
    if moves is None:
        return np.full(len(view.names), np.nan)
    bottom = moves.before < 0.1
    left = bottom & (moves.after >= 0.1)
    return ratio(view.tally(moves.groups, left), view.tally(moves.groups, bottom))


def _tie_assortativity(view: View) -> NDArray[Any]:
    if view.by is not None:
        return np.full(len(view.names), np.nan)
    return np.array([assortativity(view.run.extras["tie_moments"][-1])])


STANDING: tuple[Measure, ...] = (
    Measure(
        name="enrolled_share",
        title="Scored",
        definition="Citizens with a score.",
        compute=share_of_citizens("enrolled"),
        section="7.11",
        grades_from=("regime.rollout",),
    ),
    Measure(
        name="displays",
        title="Scores shown off",
        definition="Months in which a citizen displays the own score, whole run.",
        compute=only_where("has_score", total("displays")),
        unit="count",
        section="7.11",
        grades_from=(
            "behaviour.display",
            "behaviour.display_slope",
            "behaviour.display_imitation",
            "regime.rollout",
        ),
        estimable="if there is a score to display",
    ),
    Measure(
        name="score_gini",
        title="Inequality of scores",
        definition=(
            "Gini coefficient of the scores, counted from zero in the operator's own points."
        ),
        compute=_score_gini,
        unit="coefficient",
        of="scored citizens, last month",
        section="7.7",
        grades_from=SCORE,
        estimable="if anybody has a score",
    ),
    Measure(
        name="bottom_decile_escape",
        title="Leaving the bottom",
        definition="Those in the lowest tenth of scores who are no longer there 24 months later.",
        compute=_escape,
        of="the lowest tenth 24 months before the end, scored at both times",
        section="7.7",
        grades_from=SCORE,
        estimable="if scores are at least 24 months old",
    ),
    Measure(
        name="tie_assortativity",
        title="Like knows like",
        definition="Correlation of the scores at the two ends of an open tie.",
        compute=_tie_assortativity,
        unit="correlation",
        of="open ties between scored citizens, last month",
        section="7.8",
        grades_from=(*SCORE, "country.homophily", "behaviour.tie_drop"),
        estimable="for the nation, if tied citizens have scores that differ",
    ),
)
