"""What a cause does over a run, taken apart: at once and alone, at once among others, over time.

For each cause three kinds of world are stepped beside the base, month by month: one in which it has
been off from the first month (the pair); and, in every month, the base's own moment with the cause
off for that month only, once with the base's cut-offs of that month and once with its own, which
are thrown away (the forks of one month).  With refusals counted,

    total      = base - pair, over the run
    proximate  = refusals of the base for which the cause is necessary (month.attribute)
    help       = what the forks with the base's cut-offs take away, less the proximate
    crowding   = what the forks with their own cut-offs take away, less that
    feedback   = total, less what the forks with their own cut-offs take away

and simultaneity is help and crowding together, so that total = proximate + simultaneity + feedback
by construction, at every gate.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from glasscity.branching.altered import AlteredWorld
from glasscity.branching.mechanisms import OFF, Off, without
from glasscity.draws import MONTH_ZERO
from glasscity.engine.world import World
from glasscity.interventions import Intervention
from glasscity.month import tables as at
from glasscity.month.ledger import CELLS, ROWS
from glasscity.terms import CAUSE_GROUPS, GATES

__all__ = ["CHANCE", "Apart", "Decomposed", "decomposed"]

# What stands for a cause that is none: one payment of one citizen made a month later.
CHANCE = "chance"
_NO_CHANGE = Off("one payment of one citizen is made a month later", {})


def _rows(measure: str, cause: str = "") -> np.ndarray:
    """Return the code of a measure's row for each gate."""
    codes = {
        row.gate: k for k, row in enumerate(ROWS) if (row.measure, row.cause) == (measure, cause)
    }
    return np.array([codes[gate] for gate in GATES])


_DENIALS, _BASELINE = _rows("denials"), _rows("denials_baseline")
_LOWER = {cause: _rows("denials_lower", cause) for cause in CAUSE_GROUPS}


@dataclass
class Apart:
    """Refusals that one world has and another has not, over the months looked at, by gate.

    Attributes
    ----------
    net : int64[18]
        All refusals of the base less those of the other.
    vanished, appeared : int64[18]
        Of refusals that have a cause, matched on citizen, gate and month: those that the other
        world has not, and those that it alone has.
    """

    net: np.ndarray = field(default_factory=lambda: np.zeros(len(GATES), np.int64))
    vanished: np.ndarray = field(default_factory=lambda: np.zeros(len(GATES), np.int64))
    appeared: np.ndarray = field(default_factory=lambda: np.zeros(len(GATES), np.int64))

    def add(self, base: _Month, other: _Month) -> None:
        """Add a month."""
        self.net += base.sums[_DENIALS] - other.sums[_DENIALS]
        gone = np.setdiff1d(base.refused, other.refused, assume_unique=True)
        new = np.setdiff1d(other.refused, base.refused, assume_unique=True)
        self.vanished += np.bincount(gone % len(GATES), minlength=len(GATES))
        self.appeared += np.bincount(new % len(GATES), minlength=len(GATES))


@dataclass
class Decomposed:
    """A run taken apart.

    Attributes
    ----------
    denials : int64[18]
        All refusals of the base.
    with_cause : int64[18]
        Of those, the ones that have a live cause.
    proximate : mapping of cause to int64[18]
    pair : mapping of cause to Apart
        The base against the world without the cause; ``chance``: against the placebo.
    once : mapping of cause to Apart
        The base against its forks of one month, all months together.
    held : mapping of cause to Apart
        The same where the base's cut-offs are held.
    state_sums : uint64[months]
        The base's hashed states, to be held against the stored run's.
    """

    denials: np.ndarray
    with_cause: np.ndarray
    proximate: dict[str, np.ndarray]
    pair: dict[str, Apart]
    once: dict[str, Apart]
    held: dict[str, Apart]
    state_sums: np.ndarray


@dataclass
class _Month:
    """A month of a world: its counts by row, and its refusals as citizen * 18 + gate."""

    sums: np.ndarray
    refused: np.ndarray
    state_sum: int


class _Noting(World):
    """Notes which gates closed at each score."""

    closed_by: tuple[np.ndarray, np.ndarray]

    def _close_gates(self, now: np.ndarray, histogram: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        self.closed_by = super()._close_gates(now, histogram)
        return self.closed_by


class _Held(World):
    """Closes gates at the scores at which another world has closed them this month."""

    closed_by: tuple[np.ndarray, np.ndarray]
    held_cuts: np.ndarray

    def _close_gates(self, now: np.ndarray, histogram: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        self.cuts[:] = self.held_cuts
        return self.closed_by


def decomposed(
    world: World,
    months: int,
    *,
    causes: Sequence[str],
    placebo: Intervention,
    progress: Callable[[int], object],
) -> Decomposed:
    """Take a run apart.

    Parameters
    ----------
    world : World
        The base at its start.
    months : int
    causes : sequence of str
        Of :data:`glasscity.branching.mechanisms.OFF`.
    placebo : Intervention
        Of the world that shows how far chance carries.
    progress : callable
        Given the months done.
    """
    offs: Mapping[str, Off] = {cause: OFF[cause] for cause in causes}
    pairs = {cause: without(world, off) for cause, off in offs.items()}
    pairs[CHANCE] = AlteredWorld.of(without(world, _NO_CHANGE), [placebo])
    zeros = np.zeros(len(GATES), np.int64)
    found = Decomposed(
        denials=zeros.copy(),
        with_cause=zeros.copy(),
        proximate={cause: zeros.copy() for cause in causes},
        pair={name: Apart() for name in pairs},
        once={cause: Apart() for cause in causes},
        held={cause: Apart() for cause in causes},
        state_sums=np.zeros(months, np.uint64),
    )
    for month in range(months):
        # The base is stepped in a copy: the forks of the month begin where it began.
        lived = without(world, _NO_CHANGE, _Noting)
        base = _step(lived, month)
        for cause, off in offs.items():
            held = without(world, off, _Held)
            held.closed_by, held.held_cuts = lived.closed_by, lived.cuts
            found.held[cause].add(base, _step(held, month))
            found.once[cause].add(base, _step(without(world, off), month))
            found.proximate[cause] += base.sums[_LOWER[cause]]
        world = lived
        for name, other in pairs.items():
            found.pair[name].add(base, _step(other, month))
        found.denials += base.sums[_DENIALS]
        found.with_cause += base.sums[_DENIALS] - base.sums[_BASELINE]
        found.state_sums[month] = base.state_sum
        progress(month + 1)
    return found


def _step(world: World, month: int) -> _Month:
    done = world.step(month, key=MONTH_ZERO + month)
    sums = np.zeros(len(ROWS), dtype=np.int64)
    for _, where, values in world.harvest():
        np.add.at(sums, where // CELLS, values)
    log = done.log[done.log[:, 0] == at.LOG_DENIAL]
    return _Month(sums, np.sort(log[:, 1] * len(GATES) + log[:, 2]), done.state_sum)
