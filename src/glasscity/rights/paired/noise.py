"""How far chance alone might move a difference, and what may be said of it.

Two things bound a difference between two runs with the same luck.  Another seed would give another
one: its standard deviation over seeds is measured in smaller worlds where the pair has them; where
not, it is that of citizens' own differences, or as if the worlds were unrelated, which errs on the
side of silence.  And one late payment of one citizen moves the measures, too: the chaos floor of
the placebo pair.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = [
    "COUNTED",
    "PEOPLE",
    "SEEDS",
    "Noise",
    "Verdict",
    "judged",
    "noise_of",
    "of_people",
    "quantile_of_t",
]

# How an error was had.
SEEDS, PEOPLE, COUNTED = "seeds", "people", "counted"
_MOST_OF_ALL = 0.975


class Verdict(Enum):
    """What may be said of a difference."""

    CLEAR = "clear"
    WITHIN_ERROR = "within error"
    WITHIN_FLOOR = "within floor"
    SAME = "same"
    NO_ERROR = "error not known"
    UNKNOWN = "not estimable"


@dataclass(frozen=True)
class Noise:
    """How far chance alone might move a difference.

    Attributes
    ----------
    error : float or None
        Half of the 95 % interval of the difference over seeds, in the measure's own unit.
    by : {"seeds", "people", "counted", ""}
        From paired smaller worlds over seeds; from each citizen's own difference, as if citizens
        were independent; as if from two unrelated worlds, by their counts.
    floor : float or None
        How far the placebo moves the measure; None where no placebo was run.
    """

    error: float | None
    by: str
    floor: float | None


@cache
def quantile_of_t(freedom: int) -> float:
    """Return how many standard errors a two-sided 95 % interval reaches."""
    from scipy.special import stdtrit

    return float(stdtrit(freedom, _MOST_OF_ALL))


def noise_of(
    name: str,
    unit: str,
    sides: tuple[float | None, float | None],
    sizes: tuple[float, float],
    *,
    variance: Mapping[str, Any],
    placebo: Mapping[str, Any] | None,
    people: float | None = None,
) -> Noise:
    """Return what chance might do to the difference of one measure.

    Parameters
    ----------
    name, unit : str
        The measure.
    sides : (float or None, float or None)
        Its values in base and other.
    sizes : (float, float)
        What a share is a share of, in base and other.
    variance, placebo : mapping, mapping or None
        As ``pair.json`` keeps them; an empty ``variance`` where none was measured.
    people : float, optional
        :func:`of_people`, for a measure that is a mean over citizens.
    """
    floor = None if placebo is None else placebo["effects"].get(name)
    floor = None if floor is None else abs(float(floor))
    if None in sides:
        return Noise(None, "", floor)
    here, there = (float(side or 0.0) for side in sides)
    measured = (variance.get("standard_error") or {}).get(name)
    seeds = int(variance.get("seeds") or 0) - int(variance.get("failed") or 0)
    # Where nothing moved in the small worlds the event is too rare for them to tell.
    if measured and seeds >= 3:
        return Noise(quantile_of_t(seeds - 1) * float(measured), SEEDS, floor)
    if people is not None:
        return Noise(people, PEOPLE, floor)
    counted = _as_counted(unit, here, there, sizes)
    return Noise(counted, "" if counted is None else COUNTED, floor)


def _as_counted(unit: str, here: float, there: float, sizes: tuple[float, float]) -> float | None:
    """Return twice the standard error of two unrelated worlds; None where no count tells it."""
    if unit == "count":
        return 2.0 * math.sqrt(max(here + there, 1.0))
    if unit != "share":
        return None
    least = [max(size, 1.0) for size in sizes]
    spread = sum(
        max(value * (1.0 - value), 1.0 / size) / size
        for value, size in zip((here, there), least, strict=True)
    )
    return 2.0 * math.sqrt(spread)


def of_people(change: NDArray[Any]) -> float:
    """Return twice the standard error of a mean of citizens' own differences.

    As if citizens were independent; that nobody changed does not mean that nobody could.
    """
    size = max(len(change), 1)
    return 2.0 * math.sqrt(max(float(change.var()) if len(change) else 0.0, 1.0 / size) / size)


def judged(difference: float | None, noise: Noise) -> Verdict:
    """Return what may be said of a difference."""
    if difference is None:
        return Verdict.UNKNOWN
    if not difference:
        return Verdict.SAME
    if noise.error is None:
        return Verdict.NO_ERROR
    if abs(difference) <= noise.error:
        return Verdict.WITHIN_ERROR
    if noise.floor is not None and abs(difference) <= noise.floor:
        return Verdict.WITHIN_FLOOR
    return Verdict.CLEAR
