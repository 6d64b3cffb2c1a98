"""Tables by tenth of the score: who shows it off, who finds a partner, who loses friends."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from glasscity.results.outcome import DECILE_COLUMNS
from glasscity.rights.definition import SCORE, in_force
from glasscity.rights.tabulate import Pair, Rows, Table, share, table

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["MAKERS"]

_AT = {name: place for place, name in enumerate(DECILE_COLUMNS)}
_DISPLAY = ("behaviour.display", "behaviour.display_slope", "behaviour.display_imitation")
_DATING = ("regime.exposure", "behaviour.on_site", "behaviour.shown", "behaviour.couple")
# Months of the first year in which anybody can have a score.
_FIRST = 12


def _deciles(pair: Pair) -> NDArray[np.int64]:
    """Return counts by month, tenth of the score and column: int64[months, 10, 8]."""
    return pair.run.extras["deciles"]


def deciles(pair: Pair) -> Table:
    """Return what happens to each tenth of the scores, whole run."""
    total = _deciles(pair).sum(axis=0)
    rows: Rows = []
    for decile, line in enumerate(total, 1):
        scored = line[_AT["scored"]]
        if scored:
            row: dict[str, Any] = {"decile": str(decile), "scored": int(scored)}
            for name in ("closed", "perks", "displays", "dropped"):
                row[name] = share(line[_AT[name]], scored)
            rows.append(row)
    if not pair.run.meta.get("perks"):
        for row in rows:
            row["perks"] = None
    columns = {
        "decile": ("tenth of scores", "", "1 = lowest, by last month's scores"),
        "scored": ("months", "count", "citizen-months with a score"),
        "closed": ("shut out", "share", "of those months with a closed gate"),
        "perks": ("with a perk", "share", "of those months"),
        "displays": ("displayed", "share", "of those months"),
        "dropped": ("lost a tie", "share", "of those months: a tie dropped by this person"),
    }
    about = "Harm and benefit by tenth of the score, over all months in which people had one."
    return table(
        pair.run, "deciles", "By tenth of the score", about, columns, rows, (*SCORE, *_DISPLAY)
    )


def display_months(pair: Pair) -> Table:
    """Return who displays a score, month by month, in the first year of scores."""
    counts = _deciles(pair)
    scored, shown = (counts[:, :, _AT[name]] for name in ("scored", "displays"))
    months = np.flatnonzero(scored.sum(axis=1))
    rows: Rows = []
    for month in (
        range(int(months[0]), min(int(months[0]) + _FIRST, len(counts))) if months.size else ()
    ):
        row: dict[str, Any] = {
            "month": month,
            "scored": int(scored[month].sum()),
            "displays": int(shown[month].sum()),
        }
        for k in range(10):
            row[f"d{k + 1}"] = share(shown[month, k], scored[month, k])
        rows.append(row)
    columns = {
        "month": ("month", "months", "from the start"),
        "scored": ("scored", "count", "citizens with a score of last month"),
        "displays": ("displayed", "count", "of those, citizens who display it"),
        **{f"d{k + 1}": (f"tenth {k + 1}", "share", "of it that displays") for k in range(10)},
    }
    about = (
        "Who shows off a score in the first year in which people have one, by tenth of last "
        "month's scores, 1 = lowest."
    )
    return table(pair.run, "display", "Scores shown off", about, columns, rows, _DISPLAY)


def dating(pair: Pair) -> Table:
    """Return the odds of finding a partner by tenth of the score."""
    total = _deciles(pair).sum(axis=0)
    searching, shown, coupled = (total[:, _AT[k]] for k in ("searching", "shown", "coupled"))
    average = share(coupled.sum(), searching.sum())
    rows: Rows = []
    for k in range(10) if in_force(pair.view, "dating") and searching.any() else ():
        odds = share(coupled[k], searching[k])
        rows.append(
            {
                "decile": str(k + 1),
                "searching": int(searching[k]),
                "shown": share(shown[k], searching[k]),
                "coupled": int(coupled[k]),
                "odds": odds,
                "against_average": None if odds is None or not average else odds / average,
            }
        )
    columns = {
        "decile": ("tenth of scores", "", "1 = lowest, by last month's scores"),
        "searching": ("months of looking", "count", "by singles with a score, through the site"),
        "shown": ("shown", "share", "of those months in which the site shows the profile"),
        "coupled": ("found a partner", "count", "whole run"),
        "odds": ("found a partner", "share", "of the months of looking"),
        "against_average": ("against the average", "ratio", "odds over those of all who look"),
    }
    about = "A site that shows high scores first, and what that does to the odds of a match."
    return table(pair.run, "dating", "Odds of a match", about, columns, rows, _DATING)


MAKERS: tuple[Callable[[Pair], Table], ...] = (deciles, display_months, dating)
