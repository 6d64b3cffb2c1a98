"""Points schemes: good deeds, what was taken, and how scores fall into the grades.

Deeds are counted where a scheme adds points for them, and nowhere else.  A deed is *induced* where
it would not have been done without the scheme, with the same luck, and *forgone* where it is the
other way round.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from glasscity.rights.definition import SCORE, SOURCES, Compute, Measure, only_where, rate
from glasscity.rights.view import View, ratio

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from glasscity.results.run import Run

__all__ = ["POINTS", "POINT_ONE", "band_shares", "band_sizes"]

# The cube counts points taken in sixteenths.
POINT_ONE = 16
_DEEDS = ("regime.operator.points", "behaviour.deeds", "behaviour.deed_response")
_TAKEN = (*SCORE, *SOURCES)
_ESTIMABLE = "if the score is an account of points"


def band_sizes(run: Run) -> dict[str, int]:
    """Return how many of the scored stand in each band in the last month, the best band first.

    Parameters
    ----------
    run : Run
        A stored run.

    Returns
    -------
    dict of band to int
        Empty where the score has no bands, or nobody a score.  Scores below the lowest band's
        points, where it is given any, are in that band too.
    """
    bands: Mapping[str, int] = run.meta.get("bands") or {}
    histogram = run.extras["score_histogram"][-1][1:]
    if not bands or not histogram.sum():
        return {}
    names = sorted(bands, key=lambda name: -bands[name])
    points = np.arange(1, len(histogram) + 1)
    # The best band whose points a score reaches; below all of them the lowest.
    place = np.full(len(points), len(names) - 1)
    for k in reversed(range(len(names) - 1)):
        place[points >= bands[names[k]]] = k
    sizes = np.bincount(place, weights=histogram, minlength=len(names))
    return {name: int(size) for name, size in zip(names, sizes, strict=True)}


def band_shares(run: Run) -> dict[str, float] | None:
    """Return the share of the scored in each band in the last month; None without bands."""
    sizes = band_sizes(run)
    scored = sum(sizes.values())
    return {name: size / scored for name, size in sizes.items()} if scored else None


def _yearly(measure: str, one: int = 1) -> Compute:
    """Return a count of the whole run per 1,000 citizens and year."""

    def compute(view: View) -> NDArray[Any]:
        years = view.run.months / 12
        return 1000 * ratio(view.total(measure), view.citizens) / (one * years)

    return only_where("points", compute)


POINTS: tuple[Measure, ...] = (
    Measure(
        name="deeds_per_1000",
        title="Good deeds",
        definition=(
            "Volunteering, gifts, honours and heroism, whether or not they come to be filed; they "
            "are done in every world, and counted where points are added for them."
        ),
        compute=_yearly("deeds"),
        unit="deeds",
        of="per 1,000 citizens and year",
        section="7.5",
        grades_from=_DEEDS,
        estimable=_ESTIMABLE,
    ),
    Measure(
        name="deeds_induced_share",
        title="Deeds done for the points",
        definition="Of good deeds those that would not have been done without the scheme.",
        compute=only_where("points", rate("deeds_induced", "deeds")),
        of="good deeds, whole run",
        section="7.5",
        grades_from=_DEEDS,
        estimable=_ESTIMABLE,
    ),
    Measure(
        name="deeds_forgone_per_1000",
        title="Deeds forgone",
        definition="Good deeds that would have been done without the scheme, and were not.",
        compute=_yearly("deeds_forgone"),
        unit="deeds",
        of="per 1,000 citizens and year",
        section="7.5",
        grades_from=_DEEDS,
        estimable=_ESTIMABLE,
    ),
    Measure(
        name="deeds_filed_share",
        title="Deeds put in an account",
        definition="Of good deeds those that came to be filed and added points.",
        compute=only_where("points", rate("deeds_filed", "deeds")),
        of="good deeds, whole run",
        section="7.5",
        grades_from=_DEEDS,
        estimable=_ESTIMABLE,
    ),
    Measure(
        name="points_taken_per_1000",
        title="Points taken",
        definition="Points that records took from accounts; what was given back is not set off.",
        compute=_yearly("points_taken", POINT_ONE),
        unit="points",
        of="per 1,000 citizens and year",
        section="7.2",
        grades_from=_TAKEN,
        estimable=_ESTIMABLE,
    ),
    Measure(
        name="points_wrongly_share",
        title="Points taken for nothing",
        definition=(
            "Of the points taken those that were taken by records of what one had not done."
        ),
        compute=only_where("points", rate("points_taken_wrongly", "points_taken")),
        of="points taken, whole run",
        section="7.2",
        grades_from=_TAKEN,
        estimable="if the score is an account of points, and any were taken",
    ),
)
