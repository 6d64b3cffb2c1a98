"""Tables that set operators side by side: whom they score, and how they place the same people."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from glasscity.rights.operators import Standings, rank_correlation, standings
from glasscity.rights.tabulate import Pair, Rows, Table, number, share, table
from glasscity.rights.view import View, codes_of
from glasscity.terms import QUINTILES

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["MAKERS"]

_GRADES = ("regime.operator", "regime.operators")
_FIFTHS = 5


def operators(pair: Pair) -> Table:
    """Return each private operator beside the leading score."""
    view = pair.view
    names = view.run.meta.get("operators", ()) if view.run.meta.get("has_score") else ()
    rows: Rows = [_operator(view, at, name) for at, name in enumerate(names, 1)]
    columns = {
        "operator": ("operator", "", ""),
        "scored": ("scored", "share", "of citizens, last month"),
        "both": ("with both scores", "count", "this operator's and the leading score"),
        "correlation": ("rank correlation", "correlation", "with the leading score"),
        "distance": ("median distance", "share", "between a person's two percentiles"),
        "leading_poor": (
            "poorest fifth, leading",
            "share",
            "mean percentile by the leading score of the poorest fifth of those with both",
        ),
        "own_poor": ("poorest fifth, here", "share", "the same by this operator's score"),
        "leading_rich": ("richest fifth, leading", "share", "the same of the richest fifth"),
        "own_rich": ("richest fifth, here", "share", "the same by this operator's score"),
    }
    about = (
        "The leading score is the first operator's until the mandate and the national one from "
        "then on; percentiles are among the people who have both scores."
    )
    return table(pair.run, "operators", "Operators side by side", about, columns, rows, _GRADES)


def _operator(view: View, place: int, name: str) -> dict[str, Any]:
    people, found = view.run.people, standings(view, place)
    scores = people[f"score_private_{place}"].to_numpy()
    row: dict[str, Any] = {"operator": name, "scored": share((scores > 0).sum(), len(scores))}
    if found is None:
        empty = ("correlation", "distance", "leading_poor", "own_poor", "leading_rich", "own_rich")
        return row | {"both": 0} | dict.fromkeys(empty)
    row |= {
        "both": len(found.places),
        "correlation": number(rank_correlation(found.leading, found.other)),
        "distance": float(np.median(np.abs(found.leading - found.other))),
    }
    income = codes_of(people["quintile"])[found.places]
    for word, code in (("poor", 0), ("rich", len(QUINTILES) - 1)):
        own = income == code
        row[f"leading_{word}"] = float(found.leading[own].mean()) if own.any() else None
        row[f"own_{word}"] = float(found.other[own].mean()) if own.any() else None
    return row


def operators_joint(pair: Pair) -> Table:
    """Return where the second private operator places each fifth of the leading score."""
    found = standings(pair.view, 2) if pair.view.run.meta.get("has_score") else None
    rows: Rows = [] if found is None else _joint(found)
    columns = {
        "fifth": ("fifth by the leading score", "", "1 = lowest"),
        "citizens": ("citizens", "count", "with both scores"),
        **{
            f"f{k + 1}": (f"fifth {k + 1} there", "share", "of the line: by the second operator")
            for k in range(_FIFTHS)
        },
    }
    about = (
        "How the second private operator places the people whom the leading score puts in each "
        "fifth. Where operators agree, everybody stands on the diagonal."
    )
    return table(
        pair.run, "operators_joint", "The same people, twice", about, columns, rows, _GRADES
    )


def _joint(found: Standings) -> Rows:
    def fifth(ranks: NDArray[np.float64]) -> NDArray[np.int64]:
        return np.minimum((ranks * _FIFTHS).astype(np.int64), _FIFTHS - 1)

    place = fifth(found.leading) * _FIFTHS + fifth(found.other)
    counts = np.bincount(place, minlength=_FIFTHS**2).reshape(_FIFTHS, _FIFTHS)
    return [
        {
            "fifth": str(at + 1),
            "citizens": int(line.sum()),
            **{f"f{k + 1}": share(count, line.sum()) for k, count in enumerate(line)},
        }
        for at, line in enumerate(counts)
    ]


MAKERS: tuple[Callable[[Pair], Table], ...] = (operators, operators_joint)
