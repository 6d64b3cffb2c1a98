"""Whether a finding is robust, conditional or open, by a rule that was fixed before any result.

A finding is the sign of a response, or that it lies beyond a bound.  At each vector of the matched
set the response has an interval of 95 % for luck.  The finding *holds* at a vector whose interval
lies wholly on its side of the bound, *fails* where it lies wholly on the other, and is *unclear*
where the interval covers the bound.

- **open**: unclear at more than half of the vectors.
- **robust**: one side holds at nine tenths of the vectors or more, and the other at no more than
  luck alone would put there.
- **conditional**: anything else, and it is said on what: the parameter, and the value where it
  flips, that best part the vectors at which the finding holds from the others.

Luck alone puts a vector of no effect on a given side with chance 0.025; of n vectors as many as the
99 % quantile of the binomial are allowed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

__all__ = ["HOLDS_AT", "Label", "Split", "label", "split"]

Z = 1.96
HOLDS_AT = 0.9
# How many shuffles say what the best split would be if nothing parted the vectors.
_SHUFFLES = 400
# A side of a split has at least this share of the vectors.
_SMALLEST = 0.05


@dataclass(frozen=True)
class Split:
    """A value of one parameter that parts vectors.

    Attributes
    ----------
    parameter : str
    value : float
        Half way between two neighbouring vectors.
    below, above : float in [0, 1]
        Share of the vectors on either side at which the finding holds.
    accuracy : float in [0.5, 1]
        Mean share told right among those where it holds and those where it does not.
    chance : float in [0, 1]
        Share of shuffles in which some parameter did as well: small where the split is no luck.
    """

    parameter: str
    value: float
    below: float
    above: float
    accuracy: float
    chance: float


@dataclass(frozen=True)
class Label:
    """What a finding is.

    Attributes
    ----------
    label : {"robust", "conditional", "open", "not estimable"}
    side : {"above", "below"} or None
        Of the bound, where the finding is robust or conditional: the side that holds more often.
    vectors, above, below, unclear : int
        How many there are, and where their intervals lie.
    allowed : int
        How many luck alone may put on a given side.
    on : Split or None
        Of a conditional finding; None where no single parameter parts the vectors better than luck.
    """

    label: str
    side: str | None
    vectors: int
    above: int
    below: int
    unclear: int
    allowed: int
    on: Split | None = None

    def row(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {**vars(self), "on": None if self.on is None else vars(self.on)}


def label(
    values: Sequence[float | None],
    errors: Sequence[float] | float,
    vectors: Sequence[Mapping[str, float]] = (),
    *,
    bound: float = 0.0,
) -> Label:
    """Return whether "the response lies beyond ``bound``" is robust, conditional or open.

    Parameters
    ----------
    values : sequence of float or None
        The response at each vector; None, where it is not estimable, counts as unclear.
    errors : float or sequence of float, 0 or more
        Its Monte Carlo standard error.
    vectors : sequence of mapping of parameter to float, optional
        The vectors, to say what a conditional finding hangs on.
    bound : float
        0 for a sign.
    """
    number = len(values)
    spread = [errors] * number if isinstance(errors, int | float) else list(errors)
    sides = [_side(value, error, bound) for value, error in zip(values, spread, strict=True)]
    above, below = sides.count(1), sides.count(-1)
    unclear, allowed = sides.count(0), allowed_by_luck(number)
    counted = (number, above, below, unclear, allowed)
    if all(value is None for value in values):
        return Label("not estimable", None, *counted)
    if 2 * unclear > number:
        return Label("open", None, *counted)
    side = "above" if above >= below else "below"
    if max(above, below) >= HOLDS_AT * number and min(above, below) <= allowed:
        return Label("robust", side, *counted)
    holds = np.array(sides) == (1 if side == "above" else -1)
    return Label("conditional", side, *counted, split(holds, vectors))


def _side(value: float | None, error: float, bound: float) -> int:
    if value is None or abs(value - bound) <= Z * error:
        return 0
    return 1 if value > bound else -1


def allowed_by_luck(number: int, chance: float = 0.025, certain: float = 0.99) -> int:
    """Return the quantile of a binomial: how many of ``number`` chances luck may bring."""
    total, at = 0.0, 0
    while at < number:
        total += math.comb(number, at) * chance**at * (1 - chance) ** (number - at)
        if total >= certain:
            break
        at += 1
    return at


def split(holds: np.ndarray, vectors: Sequence[Mapping[str, float]]) -> Split | None:
    """Return the value of one parameter that best parts vectors, or None where none beats luck.

    Parameters
    ----------
    holds : bool[n]
    vectors : sequence of mapping of parameter to float

    Notes
    -----
    Among parameters and values the one of the highest balanced accuracy.  It counts only if at
    most one in twenty shuffles of ``holds`` gives one as high.
    """
    if not len(vectors) or holds.all() or not holds.any():
        return None
    names = list(vectors[0])
    table = np.array([[one[name] for name in names] for one in vectors], dtype=float)
    order = np.argsort(table, axis=0, kind="stable")
    ordered = np.take_along_axis(table, order, axis=0)
    # A cut must part different values and leave something on either side.
    least = max(1, round(_SMALLEST * len(holds)))
    cuts = ordered[1:] > ordered[:-1]
    cuts[: least - 1], cuts[len(holds) - least :] = False, False
    best, at = _best(holds, order, cuts)
    if best is None:
        return None
    luck = np.random.default_rng(20140614)
    as_good = 0
    for _ in range(_SHUFFLES):
        shuffled, _at = _best(luck.permutation(holds), order, cuts)
        as_good += shuffled is not None and shuffled >= best - 1e-12
    chance = (as_good + 1) / (_SHUFFLES + 1)
    if chance > 0.05:
        return None
    row, column = at
    value = float(ordered[row : row + 2, column].mean())
    low = table[:, column] < value
    return Split(
        names[column],
        float(f"{value:.3g}"),
        float(holds[low].mean()),
        float(holds[~low].mean()),
        float(best),
        chance,
    )


def _best(
    holds: np.ndarray, order: np.ndarray, cuts: np.ndarray
) -> tuple[float | None, tuple[int, int]]:
    """Return the highest balanced accuracy over all cuts, and where it is."""
    sorted_holds = holds[order].astype(float)
    yes, no = holds.sum(), (~holds).sum()
    # Below the cut, of those where it holds and of those where it does not.
    of_yes = np.cumsum(sorted_holds, axis=0)[:-1] / yes
    of_no = np.cumsum(1 - sorted_holds, axis=0)[:-1] / no
    accuracy = np.where(cuts, 0.5 + np.abs(of_yes - of_no) / 2, -1.0)
    at = np.unravel_index(int(np.argmax(accuracy)), accuracy.shape)
    best = float(accuracy[at])
    return (None if best < 0 else best), (int(at[0]), int(at[1]))
