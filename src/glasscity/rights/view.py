"""A stored run seen by group: the one place where measures get their numbers from."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from glasscity.errors import NotFound
from glasscity.results.cube import GROUPINGS
from glasscity.results.run import Run

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import NDArray

__all__ = ["View", "codes_of", "ratio"]

T = TypeVar("T")


class View:
    """A run broken down by one grouping, or not at all.

    Parameters
    ----------
    run : Run
        A stored run.
    by : {"province", "area", "quintile", "age", "camp"}, optional
        Without it there is one group, ``all``.

    Raises
    ------
    NotFound
        If ``by`` is no grouping.
    """

    def __init__(self, run: Run, by: str | None = None) -> None:
        if by is not None and by not in GROUPINGS:
            raise NotFound.among("grouping", by, GROUPINGS)
        self.run = run
        self.by = by
        self._made: dict[Any, Any] = {}
        self._slice = run.margins.slice(by or "all")
        self.names = tuple(name for _, name in run.margins.groups[self._slice])

    def has(self, measure: str) -> bool:
        """Return whether the run's ledger counts this at all."""
        return measure in self.run.margins

    def monthly(self, measure: str, **labels: str) -> NDArray[np.int64]:
        """Return counts by month and group: int64[months, groups]."""
        return self.run.margins.of(measure, **labels)[:, self._slice]

    def last(self, measure: str, **labels: str) -> NDArray[np.int64]:
        """Return the last month's counts by group."""
        return self.monthly(measure, **labels)[-1]

    def total(self, measure: str, **labels: str) -> NDArray[np.int64]:
        """Return the whole run's counts by group."""
        return self.monthly(measure, **labels).sum(axis=0)

    def once(self, make: Callable[[View], T]) -> T:
        """Return ``make(self)``, made once however many measures ask for it."""
        if make not in self._made:
            self._made[make] = make(self)
        return self._made[make]

    @cached_property
    def citizens(self) -> NDArray[np.int64]:
        """Citizens by group in the last month."""
        return self.last("citizens")

    def group_of(self, citizens: pl.Series) -> NDArray[np.int64]:
        """Return each citizen's group, as in the last month; -1 for one not among the people."""
        if self.by is None:
            return np.zeros(len(citizens), np.int64)
        people = self.run.people
        known = people["citizen"].to_numpy()
        groups = codes_of(people[self.by])
        wanted = citizens.to_numpy()
        if not len(known):
            return np.full(len(wanted), -1)
        if known[0] == 0 and known[-1] == len(known) - 1 and wanted.max(initial=0) <= known[-1]:
            return groups[wanted]  # everybody is there: a citizen's number is the place
        at = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
        return np.where(known[at] == wanted, groups[at], -1)

    def tally(self, groups: NDArray[np.int64], kept: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Return how many of the kept entries fall into each group."""
        chosen = groups[kept]
        return np.bincount(chosen[chosen >= 0], minlength=len(self.names))


def codes_of(column: pl.Series) -> NDArray[np.int64]:
    """Return the codes behind a column of words."""
    return column.to_physical().to_numpy().astype(np.int64)


def ratio(part: Any, whole: Any) -> NDArray[np.float64]:
    """Return part / whole, not a number where the whole is zero: not estimable, never zero."""
    part, whole = np.asarray(part, np.float64), np.asarray(whole, np.float64)
    out = np.full(np.broadcast_shapes(part.shape, whole.shape), np.nan)
    return np.divide(part, whole, out=out, where=whole != 0)
