"""Tables of points schemes: grades, good deeds, and where points were taken."""

from __future__ import annotations

from collections.abc import Callable

from glasscity.rights.definition import SCORE, SOURCES, in_force
from glasscity.rights.points import POINT_ONE, band_sizes
from glasscity.rights.tabulate import Pair, Rows, Table, share, table
from glasscity.terms import DEEDS, SPHERES

__all__ = ["MAKERS"]

_DEEDS = ("regime.operator.points", "behaviour.deeds", "behaviour.deed_response")


def grades(pair: Pair) -> Table:
    """Return how many of the scored stand in each band of the score."""
    sizes = band_sizes(pair.run)
    scored = sum(sizes.values())
    bands = pair.run.meta.get("bands") or {}
    rows: Rows = [
        {"band": name, "from": int(bands[name]), "citizens": size, "share": share(size, scored)}
        for name, size in sizes.items()
    ]
    columns = {
        "band": ("band", "", "the best first"),
        "from": ("from", "points", "lowest score of the band, as the regime has it"),
        "citizens": ("citizens", "count", "last month"),
        "share": ("share", "share", "of scored citizens, last month"),
    }
    about = "How scores fall into the bands that the regime names. Shares are the model's."
    return table(pair.run, "band_shares", "Bands of the score", about, columns, rows, SCORE)


def deeds(pair: Pair) -> Table:
    """Return good deeds by kind."""
    view = pair.view
    people, years = int(view.citizens[0]), pair.run.months / 12
    rows: Rows = []
    for deed in DEEDS if in_force(view, "points") else ():
        done = int(view.total("deeds", event=deed)[0])
        yearly = share(1000 * done, people * years)
        rows.append({"deed": deed, "done": done, "yearly": yearly})
    columns = {
        "deed": ("deed", "", ""),
        "done": ("done", "count", "whole run"),
        "yearly": ("a year", "deeds", "per 1,000 citizens and year"),
    }
    about = "Good deeds, whether or not they came to be filed, whole run."
    return table(pair.run, "deeds", "Good deeds", about, columns, rows, _DEEDS)


def points_taken(pair: Pair) -> Table:
    """Return points taken by the sphere of the record."""
    view = pair.view
    people, years = int(view.citizens[0]), pair.run.months / 12
    rows: Rows = []
    for sphere in SPHERES if in_force(view, "points") else ():
        taken = int(view.total("points_taken", sphere=sphere)[0]) / POINT_ONE
        rows.append(
            {
                "sphere": sphere,
                "points": round(taken),
                "yearly": share(1000 * taken, people * years),
            }
        )
    columns = {
        "sphere": ("sphere", "", "of the record"),
        "points": ("points taken", "count", "whole run"),
        "yearly": ("a year", "points", "per 1,000 citizens and year"),
    }
    about = "Points that records took, whole run; what was given back is not set off."
    kept = (*SCORE, *SOURCES)
    return table(pair.run, "points_taken", "Points taken", about, columns, rows, kept)


MAKERS: tuple[Callable[[Pair], Table], ...] = (grades, deeds, points_taken)
