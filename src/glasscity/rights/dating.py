"""Couples and scores: whether like finds like, and who finds anybody (model.md 7.8, 7.11)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from glasscity.rights.couples import couples_assortativity, match_odds
from glasscity.rights.definition import Measure, only_where
from glasscity.rights.view import View

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["DATING"]

_GRADES = ("regime.exposure", "behaviour.on_site", "behaviour.shown", "behaviour.couple")
_OF = "new couples with a score on both sides, whole run"


def _alike(part: str) -> Any:
    def compute(view: View) -> NDArray[Any]:
        if view.by is not None:
            return np.full(len(view.names), np.nan)
        found = couples_assortativity(view.run.extras["couples"])
        return np.array([getattr(found, part)], np.float64)

    return compute


def _odds_ratio(view: View) -> NDArray[Any]:
    if view.by is not None:
        return np.full(len(view.names), np.nan)
    odds = match_odds(view.run.extras["deciles"])
    # Nobody of the lowest tenth found a partner: a ratio would be without bound.
    return np.array([odds[-1] / odds[0] if odds[0] > 0 else np.nan])


DATING: tuple[Measure, ...] = (
    Measure(
        name="match_odds_ratio",
        title="Finding a partner, highest tenth against lowest",
        definition=(
            "Chance that a month of looking for a partner ends in a couple, of the highest tenth "
            "of scores over the lowest."
        ),
        compute=only_where("dating", _odds_ratio),
        unit="ratio",
        of="months of looking by singles with a score, whole run",
        section="7.11",
        grades_from=_GRADES,
        estimable="for the nation, if a site looks at scores and both tenths found partners",
    ),
    Measure(
        name="couples_alike",
        title="Partners of like scores",
        definition="Correlation of the two scores of new couples.",
        compute=only_where("has_score", _alike("actual")),
        unit="correlation",
        of=_OF,
        section="7.8",
        grades_from=_GRADES,
        estimable="for the nation, if couples formed whose scores differ",
    ),
    Measure(
        name="couples_alike_beyond",
        title="Partners of like scores, beyond chance",
        definition=(
            "The same less what it would be had partners been drawn at random from the scored who "
            "looked in the same districts and age bands."
        ),
        compute=only_where("has_score", _alike("beyond")),
        unit="correlation",
        of=_OF,
        section="7.8",
        grades_from=_GRADES,
        estimable="for the nation, if couples formed whose scores differ",
    ),
)
