"""What a measure is, and the few shapes that most of them have.

Each measure is a function of a :class:`View` and gives one number a group; *not a number* means not
estimable, which is never zero.  The names are fixed: scripts rely on them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from glasscity.rights.view import View, ratio

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = [
    "CITIZENS",
    "LIQUIDITY_ONE",
    "VALUE_ONE",
    "Compute",
    "Measure",
    "in_force",
    "only_where",
    "rate",
    "share_of_citizens",
    "total",
]

# The cube counts the closed share of one's gates in 1/65536.
VALUE_ONE = 65_536
# And liquidity in 1/256 of a month of one's own normal spending.
LIQUIDITY_ONE = 256
CITIZENS = "all citizens, last month"

Compute: TypeAlias = "Callable[[View], NDArray[Any]]"

# Parts of the scenario that many figures hang on: what their evidence grades are read from.
GATES = ("regime.gates", "regime.joint_punishment", "regime.lists")
LISTS = ("regime.lists", "behaviour.unwilling_onset", "behaviour.shock", "behaviour.spare")
SOURCES = ("regime.record_sources",)
VOICE = (
    "behaviour.kappa",
    "behaviour.expressive",
    "behaviour.silence",
    "behaviour.reward",
    "behaviour.conformity",
    "behaviour.fear_phi_speech",
)
BREACH = (
    "behaviour.unwilling_onset",
    "behaviour.slip",
    "behaviour.shock",
    "behaviour.deterrence",
)
SCORE = ("regime.operator",)


@dataclass(frozen=True, kw_only=True)
class Measure:
    """One measure.

    Attributes
    ----------
    name, title, definition : str
        The key, a heading, and what exactly is counted.
    unit : str
        ``share``, ``count``, ``months`` ...
    of : str
        The denominator: what a share is of; "" for counts.
    section : str
        Where model.md defines it.
    compute : callable
        View to one number a group.
    grades_from : tuple of str
        Parts of the scenario that the figure hangs on most.
    estimable : str
        When there is a value at all.
    """

    name: str
    title: str
    definition: str
    section: str
    compute: Compute
    grades_from: tuple[str, ...]
    unit: str = "share"
    of: str = CITIZENS
    estimable: str = "always"

    @property
    def whole(self) -> bool:
        """Whether values are whole numbers."""
        return self.unit == "count"

    @property
    def denominator(self) -> str:
        """What a share is of; "" for counts."""
        return "" if self.whole else self.of


def share_of_citizens(measure: str) -> Compute:
    """Return last month's count over all citizens."""
    return lambda view: ratio(view.last(measure), view.citizens)


def total(*measures: str) -> Compute:
    """Return counts of the whole run, added up."""

    def compute(view: View) -> NDArray[Any]:
        return np.sum([view.total(measure) for measure in measures], axis=0)

    return compute


def rate(part: str, whole: str, *, last: bool = False) -> Compute:
    """Return one count over another, of the whole run or of the last month."""
    if last:
        return lambda view: ratio(view.last(part), view.last(whole))
    return lambda view: ratio(view.total(part), view.total(whole))


def in_force(view: View, part: str, name: str = "") -> bool:
    """Return whether the run's regime had something at all (``Outcome.meta``).

    Parameters
    ----------
    part : {"has_score", "points", "perks", "operators", "dating", "safeguards", "manipulations"}
        What.
    name : str, optional
        Which one of them.
    """
    found = view.run.meta.get(part)
    return name in found if name and found else bool(found) and not name


def only_where(part: str, compute: Compute, name: str = "") -> Compute:
    """Return a measure that is not a number where the regime has no such thing."""

    def limited(view: View) -> NDArray[Any]:
        if not in_force(view, part, name):
            return np.full(len(view.names), np.nan)
        return compute(view).astype(np.float64)

    return limited
