"""The search: NSGA-II over doses of levers, a generation at a time.

Nothing of the search is stored but the worlds that it ran: with the same seed it asks for the same
doses again, and finds their worlds kept.  So a search that was stopped goes on where it was.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from glasscity.study.goals import GOALS
from glasscity.study.levers import STEPS, Lever
from glasscity.study.library import library

__all__ = ["POPULATION", "searched"]

POPULATION = 24

Doses: TypeAlias = "dict[str, float]"
Goals: TypeAlias = "dict[str, float | None]"


def searched(
    levers: Sequence[Lever],
    evaluate: Callable[[list[Doses]], list[Goals]],
    *,
    number: int,
    seed: int,
    first: Sequence[Mapping[str, float]] = (),
) -> list[tuple[Doses, Goals]]:
    """Return doses that a search tried, with what they gave, in the order of trying.

    Parameters
    ----------
    levers : sequence of Lever
    evaluate : callable
        Given doses, their goals.
    number : int
        How many to try, the first ones included.
    seed : int
    first : sequence of doses
        Tried before the search begins to choose.
    """
    optuna: Any = library("optuna", what="the search")
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    directions = ["minimize", *["maximize"] * (len(GOALS) - 1)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sampler = optuna.samplers.NSGAIISampler(population_size=POPULATION, seed=seed % 2**32)
        study = optuna.create_study(directions=directions, sampler=sampler)
        for doses in first:
            steps = {one.name: round(STEPS * doses.get(one.name, 0.0)) for one in levers}
            study.enqueue_trial(steps)
        tried: list[tuple[Doses, Goals]] = []
        while len(tried) < number:
            trials = [study.ask() for _ in range(min(POPULATION, number - len(tried)))]
            asked = [
                {one.name: trial.suggest_int(one.name, 0, STEPS) / STEPS for one in levers}
                for trial in trials
            ]
            for trial, doses, goals in zip(trials, asked, evaluate(asked), strict=True):
                values = [goals[name] for name in GOALS]
                if any(value is None for value in values):
                    study.tell(trial, state=optuna.trial.TrialState.FAIL)
                else:
                    study.tell(trial, values)
                tried.append((doses, goals))
    return tried
