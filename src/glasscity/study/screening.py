"""Morris screening: which inputs move a response at all, and which do so together with others.

An elementary effect is the change of a response when one input moves by a step, over the step's
length in the unit cube; ``mu_star`` is the mean of its absolute values over trajectories, ``sigma``
its standard deviation (Morris, Technometrics 33, 1991; Campolongo, Cariboni and Saltelli,
Environmental Modelling and Software 22, 2007).  All worlds of a trajectory have the same luck.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from glasscity.study.library import library

__all__ = ["LEVELS_OF_MORRIS", "STEP", "design", "luck_floor", "screen"]

LEVELS_OF_MORRIS = 4
# Of the unit cube: half of the levels of the four-level grid.
STEP = LEVELS_OF_MORRIS / (2 * (LEVELS_OF_MORRIS - 1))


def _problem(names: Sequence[str]) -> dict[str, Any]:
    return {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}


def design(names: Sequence[str], trajectories: int, seed: int) -> np.ndarray:
    """Return float64[trajectories * (inputs + 1), inputs]: places, a trajectory after another.

    Parameters
    ----------
    trajectories : int
        From 2.
    seed : int
    """
    sample = library("SALib.sample.morris", what="the screening")
    return sample.sample(
        _problem(names), trajectories, num_levels=LEVELS_OF_MORRIS, seed=seed % 2**32
    )


def luck_floor(deviation: float) -> float:
    """Return the ``mu_star`` that luck alone would give an input that does nothing.

    Two worlds that share no luck differ by 2 s / sqrt(pi) in the mean, s the standard deviation
    over seeds.  Worlds of a trajectory share theirs, so this is the most that it can be.
    """
    return 2 * deviation / math.sqrt(math.pi) / STEP


def screen(
    names: Sequence[str],
    places: np.ndarray,
    values: Sequence[float | None],
    *,
    deviation: float | None,
    seed: int,
) -> list[dict[str, Any]]:
    """Return a row for each input, the one that moves the response most first.

    Parameters
    ----------
    places : float64[trajectories * (inputs + 1), inputs]
        Of :func:`design`.
    values : sequence of float or None
        The response at each; a trajectory with a None in it is left out.
    deviation : float or None
        Of the response over seeds.

    Returns
    -------
    list of dict
        ``input``, ``mu`` (signed mean), ``mu_star``, ``error`` (half of the 95 % interval of
        ``mu_star``), ``sigma``, ``half`` (``mu_star`` from the first half of the trajectories, two
        at least, which shows convergence),
        ``luck`` (:func:`luck_floor`), ``above_luck``: whether the lower end of ``mu_star``
        is above it, ``trajectories``: how many counted.  Empty where fewer than two are whole.
    """
    analyse = library("SALib.analyze.morris", what="the screening")
    size = len(names) + 1
    whole = [
        at
        for at in range(0, len(places), size)
        if all(value is not None for value in values[at : at + size])
    ]
    if len(whole) < 2:
        return []

    def analysed(starts: Sequence[int]) -> Mapping[str, Any]:
        rows = np.concatenate([np.arange(at, at + size) for at in starts])
        return analyse.analyze(
            _problem(names),
            places[rows],
            np.array([values[row] for row in rows], dtype=float),
            num_levels=LEVELS_OF_MORRIS,
            seed=seed % 2**32,
        )

    every, first = analysed(whole), analysed(whole[: max(2, len(whole) // 2)])
    floor = None if deviation is None else luck_floor(deviation)
    rows = []
    for k, name in enumerate(names):
        mu_star, error = float(every["mu_star"][k]), float(every["mu_star_conf"][k])
        rows.append(
            {
                "input": name,
                "mu": float(every["mu"][k]),
                "mu_star": mu_star,
                "error": error,
                "sigma": float(every["sigma"][k]),
                "half": float(first["mu_star"][k]),
                "luck": floor,
                "above_luck": None if floor is None else mu_star - error > floor,
                "trajectories": len(whole),
            }
        )
    return sorted(rows, key=lambda row: (-row["mu_star"], row["input"]))
