"""The people of a pair, one row each, with what befell them in both runs.

Up to ten million citizens these are all of them; above, one in so many, the same in both runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from glasscity.results.cube import GROUPINGS
from glasscity.rights.matched import Matched, matched, places_of
from glasscity.rights.spells import spells_of
from glasscity.rights.spread import Mobility, midranks
from glasscity.rights.view import View, codes_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from glasscity.results.run import Run

__all__ = ["OUTCOMES", "UNRANKED", "Outcome", "Persons"]

UNRANKED = "without a score"
_DECILES = (*(f"d{at}" for at in range(1, 11)), UNRANKED)


@dataclass(frozen=True)
class Outcome:
    """Something that befalls a citizen, as a number.

    Attributes
    ----------
    name, title, unit : str
    better : int
        1: more of it is better for the citizen; -1: less of it is.
    step : float
        Width of a bar of the histogram of differences; exactly 1 for whole numbers.
    """

    name: str
    title: str
    unit: str
    better: int
    step: float = 1.0


OUTCOMES = (
    Outcome("months_shut_out", "Months shut out of something", "months, whole run", -1),
    Outcome("denials", "Refusals with a cause", "count, whole run", -1),
    Outcome("listings", "Entries on lists", "count, whole run", -1),
    Outcome("child_months_shut_out", "Months own children were shut out", "months, whole run", -1),
    Outcome("liquidity", "Savings", "months of own spending, last month", 1, 0.5),
    Outcome("score", "Score", "points, last month", 1, 10.0),
)


class Persons:
    """The people of a pair.

    Parameters
    ----------
    base, other : Run
        Runs that :func:`check_pair` accepts.

    Attributes
    ----------
    citizens : int64[n], ascending
        Who they are.
    """

    def __init__(self, base: Run, other: Run) -> None:
        self.base, self.other = base, other
        self.citizens = base.people["citizen"].to_numpy().astype(np.int64)

    def __len__(self) -> int:
        return len(self.citizens)

    @property
    def panel(self) -> str:
        """``all``, or how these people were drawn: ``1 in 129``."""
        return str(self.base.meta.get("panel", "all"))

    @cached_property
    def refusals(self) -> Matched:
        """Their refusals, matched."""
        return matched(self.base, self.other, self.citizens)

    @cached_property
    def groups(self) -> dict[str, tuple[NDArray[np.int64], tuple[str, ...]]]:
        """Grouping to (each citizen's code, names): the cube's, and tenths of the last scores.

        Province, area, quintile and age are the same in both runs; the camp is the base's.
        """
        people = self.base.people
        found = {}
        for kind in GROUPINGS:
            names = tuple(name for of, name in self.base.margins.groups if of == kind)
            found[kind] = (codes_of(people[kind]), names)
        for name, run in (("base_score_decile", self.base), ("other_score_decile", self.other)):
            if run.meta.get("has_score"):
                found[name] = (_deciles(run.people["score"].to_numpy()), _DECILES)
        return found

    def both(self, outcome: Outcome) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
        """Return an outcome of each citizen in base and other; nan where there is none.

        Returns
        -------
        (float64[n], float64[n]) or None
            None where one of the runs has no such thing, or scores of another range.
        """
        if outcome.name == "score" and not self.scores_compare():
            return None
        return self._values(self.base, outcome), self._values(self.other, outcome)

    def scores_compare(self) -> bool:
        """Return whether both runs have scores, of the same range."""
        scales = [run.meta.get("score_range") for run in (self.base, self.other)]
        return scales[0] is not None and scales[0] == scales[1]

    def _values(self, run: Run, outcome: Outcome) -> NDArray[np.float64]:
        if outcome.name == "denials":
            side = self.refusals.base if run is self.base else self.refusals.other
            return self._count(side.place)
        if outcome.name == "listings":
            table = run.listings
            entries = table["citizen"].to_numpy()[table["kind"].to_numpy() == 0]
            return self._count(places_of(entries.astype(np.int64), self.citizens))
        values = run.people[outcome.name].to_numpy().astype(np.float64)
        return np.where(values > 0, values, np.nan) if outcome.name == "score" else values

    def _count(self, places: NDArray[np.int64]) -> NDArray[np.float64]:
        return np.bincount(places[places >= 0], minlength=len(self)).astype(np.float64)

    def months_apart(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return each citizen's months shut out in the base alone and in the other run alone."""
        lost, found = np.zeros(len(self), np.int64), np.zeros(len(self), np.int64)
        calendars = [_Spans(run, self.citizens) for run in (self.base, self.other)]
        for first in range(0, len(self), _AT_ONCE):
            rows = slice(first, min(first + _AT_ONCE, len(self)))
            here, there = (one.months(rows) for one in calendars)
            lost[rows] = (here & ~there).sum(axis=1)
            found[rows] = (there & ~here).sum(axis=1)
        return lost, found


# People whose months are laid out at once: 2**18 x 84 months take 22 MB.
_AT_ONCE = 1 << 18


class _Spans:
    """Who was shut out in which month, from the register of spells."""

    def __init__(self, run: Run, people: NDArray[np.int64]) -> None:
        spells = spells_of(View(run))
        place = places_of(spells.citizen.astype(np.int64), people)
        kept = place >= 0
        self.length = run.months
        # Spells are sorted by citizen, and people ascend, so places do.
        self.place, self.start, self.end = place[kept], spells.start[kept], spells.end[kept]

    def months(self, rows: slice) -> NDArray[np.bool_]:
        """Return bool[people, months] of consecutive people."""
        some = slice(*np.searchsorted(self.place, [rows.start, rows.stop]))
        turns = np.zeros((rows.stop - rows.start, self.length + 1), np.int8)
        np.add.at(turns, (self.place[some] - rows.start, self.start[some]), 1)
        np.add.at(turns, (self.place[some] - rows.start, self.end[some]), -1)
        return np.cumsum(turns[:, :-1], axis=1, dtype=np.int8) > 0


def _deciles(scores: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the tenth 0 to 9 in which each score lies, 10 for those without one."""
    found = np.full(len(scores), 10, np.int64)
    scored = scores > 0
    if scored.any():
        found[scored] = Mobility.deciles(midranks(scores[scored]))
    return found
