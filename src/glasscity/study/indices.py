"""Sobol indices: what share of a response's variance each input brings, alone and with others.

The first index S_i = Var(E[y | x_i]) / Var(y) is what input i brings by itself; the total index
T_i = 1 - Var(E[y | all but x_i]) / Var(y) counts whatever it brings together with others as well
(Sobol, Mathematics and Computers in Simulation 55, 2001; Saltelli and others, Computer Physics
Communications 181, 2010).  Thousands of evaluations are needed for narrow intervals, so they are
taken on an emulator unless asked otherwise, and the emulator's own error is measured on runs that
it has not seen.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from glasscity.study.emulator import Emulator, fit
from glasscity.study.library import library

__all__ = ["Fitted", "design", "emulated", "fitted", "indices", "power_of_two"]

Function: TypeAlias = "Callable[[np.ndarray], np.ndarray]"

# Evaluations on an emulator: a base sample of so many, times inputs + 2.
EMULATED = 2048
# An emulator that leaves more than half of the variance of unseen runs unexplained says nothing
# about where the variance comes from.
LEAST_EXPLAINED = 0.5
# Parts of the runs left out in turn, to learn how far the indices hang on which runs there were.
_PARTS = 8
_Z = 1.96


def _problem(names: Sequence[str]) -> dict[str, Any]:
    return {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}


def power_of_two(number: int) -> int:
    """Return the greatest power of two that is no more than a number, 2 at least."""
    return 2 ** max(1, int(math.log2(max(2, number))))


def design(names: Sequence[str], base: int, seed: int) -> np.ndarray:
    """Return float64[base * (inputs + 2), inputs]: places at which to evaluate.

    Parameters
    ----------
    base : int, a power of two
    """
    sample = library("SALib.sample.sobol", what="the indices")
    return sample.sample(_problem(names), base, calc_second_order=False, seed=seed % 2**32)


def indices(
    names: Sequence[str], values: np.ndarray, *, base: int, seed: int
) -> list[dict[str, Any]]:
    """Return a row for each input, from evaluations at the places of :func:`design`.

    Returns
    -------
    list of dict
        ``input``, ``first``, ``first_error``, ``total``, ``total_error`` (errors: half of the 95 %
        interval over resamples), ``total_half`` and ``total_quarter``: the total index from
        the first half and quarter of the sample, which shows convergence.  Empty where the
        response does not vary.
    """
    if not np.isfinite(values).all() or float(np.ptp(values)) <= 0:
        return []
    analyse = library("SALib.analyze.sobol", what="the indices")
    size = len(names) + 2

    def analysed(number: int) -> dict[str, Any]:
        return analyse.analyze(
            _problem(names),
            values[: number * size],
            calc_second_order=False,
            num_resamples=200,
            seed=seed % 2**32,
        )

    whole = analysed(base)
    half, quarter = (analysed(max(2, base // part)) for part in (2, 4))
    return [
        {
            "input": name,
            "first": float(whole["S1"][k]),
            "first_error": float(whole["S1_conf"][k]),
            "total": float(whole["ST"][k]),
            "total_error": float(whole["ST_conf"][k]),
            "total_half": _number(half["ST"][k]),
            "total_quarter": _number(quarter["ST"][k]),
        }
        for k, name in enumerate(names)
    ]


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


@dataclass(frozen=True, eq=False)
class Fitted:
    """An emulator, and how well it does on runs that it has not seen.

    Attributes
    ----------
    emulator : Emulator
        Fitted to the training runs.
    trained, held_out : int
        How many runs of either kind.
    error : float
        Root of the mean square error on held-out runs, in the response's unit; luck is in it.
    explained : float
        1 less the mean square error over the variance of the held-out runs.
    luck : float or None
        Variance over seeds, over the variance of the held-out runs: what nothing could explain.
    """

    emulator: Emulator
    trained: int
    held_out: int
    error: float
    explained: float
    luck: float | None

    @property
    def fit_for_use(self) -> bool:
        """Whether it explains enough of unseen runs for its indices to mean something."""
        return self.explained >= LEAST_EXPLAINED

    def row(self) -> dict[str, Any]:
        """Return the check as plain data."""
        kept = {name: value for name, value in vars(self).items() if name != "emulator"}
        return {**kept, "fit_for_use": self.fit_for_use}


def fitted(
    places: np.ndarray, values: np.ndarray, *, held_out: int, deviation: float | None = None
) -> Fitted:
    """Fit an emulator to all but the last runs, and check it on those.

    Parameters
    ----------
    places : float64[n, inputs] in [0, 1]
    values : float64[n]
    held_out : int
        How many of the last rows are kept back.
    deviation : float, optional
        Of the response over seeds.
    """
    train = len(values) - held_out
    emulator = fit(places[:train], values[:train])
    unseen = values[train:]
    square = float(np.square(emulator(places[train:])[0] - unseen).mean())
    variance = float(unseen.var())
    return Fitted(
        emulator,
        train,
        held_out,
        math.sqrt(square),
        1 - square / variance if variance > 0 else 0.0,
        None if deviation is None or variance <= 0 else deviation**2 / variance,
    )


def emulated(
    names: Sequence[str], places: np.ndarray, values: np.ndarray, *, seed: int, base: int = EMULATED
) -> list[dict[str, Any]]:
    """Return the indices of an emulator fitted to all runs.

    Their errors hold the sampling of the indices and, by a jackknife over eighths of the runs, how
    far the emulator hangs on which runs there were.
    """
    at = design(names, base, seed)
    rows = indices(names, _values(fit(places, values), at), base=base, seed=seed)
    if not rows:
        return []
    few = power_of_two(base // 4)
    near = design(names, few, seed)
    parts = np.arange(len(values)) % _PARTS
    again = []
    for part in range(_PARTS):
        kept = parts != part
        some = _values(fit(places[kept], values[kept]), near)
        again.append(_plain(some, len(names), few))
    spread = np.sqrt((_PARTS - 1) / _PARTS * np.square(again - np.mean(again, axis=0)).sum(axis=0))
    for k, row in enumerate(rows):
        for column, name in enumerate(("first", "total")):
            row[f"{name}_error"] = math.hypot(row[f"{name}_error"], _Z * float(spread[column, k]))
    return rows


def _values(emulator: Emulator, places: np.ndarray) -> np.ndarray:
    return emulator(places, rough=True)[0]


def _plain(values: np.ndarray, inputs: int, base: int) -> np.ndarray:
    """Return float64[2, inputs]: first and total indices without intervals.

    The estimators are those of Saltelli and others (2010), table 2, (b) and (f).
    """
    table = values.reshape(base, inputs + 2)
    one, mixed, other = table[:, 0], table[:, 1:-1], table[:, -1]
    variance = np.concatenate([one, other]).var()
    if variance <= 0:
        return np.zeros((2, inputs))
    first = (other[:, None] * (mixed - one[:, None])).mean(axis=0) / variance
    total = 0.5 * np.square(one[:, None] - mixed).mean(axis=0) / variance
    return np.stack([first, total])
