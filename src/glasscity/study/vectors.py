"""Vectors of behaviour: which parameters are free, within what range, and what a vector behaves as.

A vector lives in the unit cube: 0 is the low end of a parameter's declared range and 1 its high
end, on a logarithmic scale where the range spans a decade or more.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from glasscity.behaviour import Behaviour
from glasscity.draws import philox_numpy
from glasscity.errors import BadArgument

__all__ = ["FREE", "Free", "hypercube", "ranges", "uniforms"]

# What the search moves: the table of model.md 10, and what else of work, saving and courts the
# facts leave open.  A dot and a number name one entry of a row.  Homophily on conscientiousness is
# the country's and stays where the pack has it.
FREE = (
    "separation",
    "find_ratio",
    "saving",
    "saving_by_quintile.0",
    "spending_without_work",
    "shock",
    "slip",
    "slip_fix",
    "unwilling_onset",
    "catch_up",
    "repayment_before_order",
    "repayment_after_order",
    "repayment_gain",
    "deterrence",
    "sue",
    "spare",
    "court_sanction",
    "contempt",
    "refusal_cost",
    "fear_phi_breach",
    "fear_phi_speech",
    "fear_learning",
    "salience",
    "crosstalk",
    "kappa",
    "expressive",
    "reward",
    "conformity",
    "tie_drop",
    "appeal_rate",
    "miss_factor",
    "false_alarm_factor",
    "mix_up_factor",
    "correction_factor",
    "reach_factor",
)
# A range that spans so much is searched on a logarithmic scale.
_DECADE = 10.0
# Stored and simulated alike with so many digits: a file gives back exactly what was run.
_DIGITS = 4
# The call of the designs' draws, beside the society's and the survey's (see draws).
_CALL = 0x1A0


@dataclass(frozen=True)
class Free:
    """A parameter that the search moves.

    Attributes
    ----------
    name : str
        The behaviour's attribute; with a dot and a number, one entry of it.
    low, high : float
        Ends of its declared range.
    log : bool
        Whether it is searched on a logarithmic scale.
    """

    name: str
    low: float
    high: float
    log: bool

    def value(self, place: float) -> float:
        """Return the value at a place in [0, 1], to the digits that are stored."""
        if self.log:
            value = math.exp(math.log(self.low) * (1 - place) + math.log(self.high) * place)
        else:
            value = self.low + (self.high - self.low) * place
        return min(self.high, max(self.low, float(f"{value:.{_DIGITS}g}")))

    def place(self, value: float) -> float:
        """Return the place in [0, 1] of a value."""
        if self.log:
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)


def ranges(behaviour: Behaviour, names: Sequence[str] = FREE) -> tuple[Free, ...]:
    """Return the free parameters with the ranges that a behaviour declares.

    Raises
    ------
    BadArgument
        If a declared range has no room.
    """
    found = []
    for name in names:
        attribute, _, index = name.partition(".")
        quantity = getattr(behaviour, attribute)
        at = int(index or 0)
        low, high = float(quantity.lows[at]), float(quantity.highs[at])
        if attribute == "saving_by_quintile":
            # Saving rises with income, so a fifth saves no more than the next one.
            high = min(high, float(quantity.numbers[at + 1]))
        if not low < high:
            raise BadArgument(
                f"'{name}' has no range to search",
                where=f"behaviour '{behaviour.name}'",
                allowed="low below high",
            )
        found.append(Free(name, low, high, low > 0 and high / low >= _DECADE))
    return tuple(found)


def uniforms(seed: int, part: int, rows: int, columns: int) -> np.ndarray:
    """Return float64[rows, columns]: keyed uniform numbers in (0, 1), the same everywhere.

    Parameters
    ----------
    part : int in [0, 2**32)
        Which of several independent tables.
    """
    table = np.empty((rows, columns))
    ids = np.arange(rows, dtype=np.uint64)
    for column in range(columns):
        word = philox_numpy(
            seed & 0xFFFFFFFF,
            seed >> 32,
            ids & np.uint64(0xFFFFFFFF),
            np.uint64(column),
            part,
            _CALL,
        )
        table[:, column] = (word[0].astype(np.float64) + 0.5) / 2**32
    return table


def hypercube(seed: int, part: int, rows: int, columns: int) -> np.ndarray:
    """Return float64[rows, columns] in (0, 1): a Latin hypercube, a row a vector.

    Each column has exactly one row in each of its ``rows`` equal slices (McKay, Beckman and
    Conover, Technometrics 21, 1979).
    """
    order = np.argsort(uniforms(seed, 2 * part, rows, columns), axis=0, kind="stable")
    slices = np.empty_like(order)
    np.put_along_axis(slices, order, np.arange(rows)[:, None] * np.ones(columns, int), axis=0)
    return (slices + uniforms(seed, 2 * part + 1, rows, columns)) / rows
