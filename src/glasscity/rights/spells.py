"""How long people stay shut out, and how soon again: survival with delayed entry.

Kaplan and Meier's product limit over whole months.  A spell that began before the run is under
observation only from the length it had then (left truncation); one still running at the end counts
until then (right censoring).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from glasscity.rights.view import View

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Spells", "Survival", "returns", "spells_of", "survival"]


@dataclass(frozen=True)
class Survival:
    """A Kaplan-Meier curve.

    Attributes
    ----------
    months : int64[n]
        Lengths at which something ended, ascending.
    surviving : float64[n]
        Estimated share of spells longer than that.
    at_risk, ended : int64[n]
        Spells under observation at that length, and those that ended there.
    spells : int
        Spells that entered the estimate.
    """

    months: NDArray[np.int64]
    surviving: NDArray[np.float64]
    at_risk: NDArray[np.int64]
    ended: NDArray[np.int64]
    spells: int

    def quantile(self, share: float) -> int | None:
        """Return the first length by which this share has ended; None if the curve ends before."""
        reached = np.flatnonzero(self.surviving <= 1.0 - share + 1e-12)
        return int(self.months[reached[0]]) if reached.size else None

    def beyond(self, months: int) -> float | None:
        """Return the share still running after so many months; None without a single spell."""
        if not self.spells:
            return None
        at = int(np.searchsorted(self.months, months, side="right")) - 1
        return float(self.surviving[at]) if at >= 0 else 1.0


def survival(entry: Any, exit: Any, ended: Any) -> Survival:
    """Return the product-limit estimate.

    Parameters
    ----------
    entry : array of int, at least 0
        Length at which each spell came under observation; 0 if seen from its start.
    exit : array of int, above ``entry``
        Length at which it ended or was last seen.
    ended : array of bool
        Whether it ended there; otherwise censored.

    Returns
    -------
    Survival
        ``S(t) = product over u <= t of (1 - d_u / n_u)``, with d the ends at length u and n the
        spells with ``entry < u <= exit``.
    """
    entry, exit = np.asarray(entry, np.int64), np.asarray(exit, np.int64)
    ended = np.asarray(ended, bool)
    if not exit.size:
        none = np.zeros(0, np.int64)
        return Survival(none, np.zeros(0), none, none, 0)
    size = int(exit.max()) + 2
    # Under observation at u: entered before u and not yet out before u.
    risk = np.cumsum(np.bincount(entry + 1, minlength=size) - np.bincount(exit + 1, minlength=size))
    ends = np.bincount(exit[ended], minlength=size)
    months = np.flatnonzero(ends)
    surviving = np.cumprod(1.0 - ends[months] / risk[months]).astype(np.float64)
    return Survival(months, surviving, risk[months], ends[months], int(exit.size))


@dataclass(frozen=True)
class Spells:
    """The spells of being restricted, one entry each, sorted by citizen and start.

    Attributes
    ----------
    citizen, start, end : arrays
        ``end`` is the first month outside, or the number of months of the run.
    before : int64[n]
        Months spent restricted before the run began.
    ended : bool[n]
        False where the run ended first.
    unknown : int
        Ends whose start was never seen: left out.
    """

    citizen: NDArray[Any]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    before: NDArray[np.int64]
    ended: NDArray[np.bool_]
    unknown: int

    def curve(self, kept: NDArray[np.bool_] | None = None) -> Survival:
        """Return the Kaplan-Meier curve of the spells' lengths."""
        kept = np.ones(len(self.start), bool) if kept is None else kept
        before, length = self.before[kept], (self.end - self.start)[kept]
        return survival(before, before + length, self.ended[kept])


def spells_of(view: View) -> Spells:
    """Return the restriction spells of a run."""
    table = view.run.spells.sort("citizen", "month", "kind", descending=[False, False, True])
    citizen = table["citizen"].to_numpy()
    month = table["month"].to_numpy().astype(np.int64)
    starts = table["kind"].to_numpy() == 0
    before = (
        table["before"].to_numpy().astype(np.int64)
        if "before" in table.columns
        else np.zeros(len(table), np.int64)
    )
    # Starts and ends alternate in a citizen's life, so a start's end is the next line, if any.
    paired = np.zeros(len(table), bool)
    paired[:-1] = starts[:-1] & ~starts[1:] & (citizen[:-1] == citizen[1:])
    end = np.full(len(table), view.run.months, np.int64)
    end[:-1] = np.where(paired[:-1], month[1:], end[:-1])
    unknown = int((~starts).sum() - paired.sum())
    return Spells(
        citizen[starts], month[starts], end[starts], before[starts], paired[starts], unknown
    )


def returns(spells: Spells, months: int, kept: NDArray[np.bool_] | None = None) -> Survival:
    """Return the curve of the time from the end of a spell to the start of the next.

    Parameters
    ----------
    spells : Spells
        As :func:`spells_of` returns them.
    months : int
        Length of the run: who has not come back by then is censored.
    kept : bool array, optional
        Which ended spells to follow.

    Returns
    -------
    Survival
        ``1 - beyond(12)`` is the share restricted again within 12 months.
    """
    follows = np.zeros(len(spells.start), bool)
    follows[:-1] = spells.citizen[:-1] == spells.citizen[1:]
    again = np.full(len(spells.start), months, np.int64)
    again[:-1] = np.where(follows[:-1], spells.start[1:], again[:-1])
    kept = spells.ended if kept is None else spells.ended & kept
    free = again - spells.end
    # An end in the last month leaves nothing to observe.
    kept = kept & (free > 0)
    return survival(np.zeros(int(kept.sum()), np.int64), free[kept], follows[kept])
