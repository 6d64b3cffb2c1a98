"""Histories that are stepped once and looked at more than once: forked, or taken apart."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any

import numpy as np

from glasscity.branching.decompose import Decomposed, decomposed
from glasscity.branching.mechanisms import OFF
from glasscity.engine.keeping import Keeper
from glasscity.engine.room import check_memory, memory_free, room_of, size
from glasscity.engine.running import Rules
from glasscity.engine.warm import warm
from glasscity.engine.world import Workers
from glasscity.errors import BadArgument, CannotFit
from glasscity.interventions import placebo
from glasscity.regime import load_regime
from glasscity.scenario import Scenario
from glasscity.simulation import (
    Plain,
    Progress,
    Simulation,
    Stage,
    attributed_one_in,
    default_threads,
)
from glasscity.society.state import new_state

__all__ = ["History", "taken_apart"]


def _check_worlds(citizens: int, worlds: int, *, where: str) -> None:
    """Refuse more worlds of the same people side by side than the free memory can hold."""
    check_memory(citizens)
    needed = room_of("plain", citizens).memory + (worlds - 1) * citizens * new_state(1).nbytes
    free = memory_free()
    if free is not None and needed > free:
        raise CannotFit(
            f"{worlds} worlds of {citizens:,} citizens would take about {size(needed)} of memory, "
            f"and {size(free)} are free",
            where=where,
            mend="run fewer citizens, or on a machine with more memory",
        )


class History:
    """A run up to a month, from which several regimes go on; its months are stepped once.

    Parameters
    ----------
    scenario : Scenario
        The run, forks of its own and all.
    month : int
        In which the other regimes begin; after the last fork of the scenario.
    threads : int or None
        As for :func:`simulate`.
    progress : callable
    watch : sequence of int
        Citizens whose lives to note down.

    Raises
    ------
    CannotFit
        If the people would not fit the memory twice: the history stays while a fork goes on.
    """

    def __init__(
        self,
        scenario: Scenario,
        month: int,
        *,
        threads: int | None,
        progress: Progress,
        watch: Sequence[int] = (),
    ) -> None:
        _check_worlds(scenario.citizens, 2, where="fork")
        unscored = load_regime("unscored")
        threads = default_threads() if threads is None else threads
        self.scenario, self.month = scenario, month
        self._workers = Workers(threads, 2 * len(scenario.country.provinces))
        self._notes: dict[str, Any] = {}
        progress("compiling", 0, None, scenario.citizens)
        warm(scenario.country, scenario.behaviour, unscored, self._workers)
        progress("society", 0, None, scenario.citizens)
        opening = Plain(
            scenario, unscored, self._workers, self._notes, progress, last=True, keeper=None
        )
        self._bytes = opening.bytes_per_citizen

        def shown(stage: str, done: int, total: int | None, citizens: int) -> None:
            if stage == "months":
                progress("history", done, month, citizens)
            else:
                progress(stage, done, total, citizens)

        self._stage = Stage(scenario, opening, stage="months", progress=shown, watch=watch)
        self._stage.run(month, kept=True)

    @property
    def state_sums(self) -> np.ndarray:
        """The hashed states of the months of the history, uint64[month]."""
        return self._stage.registers.sums[: self.month].copy()

    def fork(
        self, scenario: Scenario, *, progress: Progress, keeper: Keeper | None = None
    ) -> Simulation:
        """Run what follows under another regime, to the end.

        Parameters
        ----------
        scenario : Scenario
            As :meth:`glasscity.Scenario.forked` gives it, of this history and month.

        Raises
        ------
        BadArgument
            If it is of another history or month.
        """
        if scenario.segments()[:-1] != self.scenario.segments() or (
            scenario.segments()[-1][0] != self.month
        ):
            raise BadArgument(
                "the scenario does not fork from this history in this month",
                where="history",
                mend=f"make it by scenario.forked({self.month}, regime)",
            )
        stoppable = nullcontext()
        if keeper is not None:
            keeper.notes.setdefault("burn_in", self._notes["burn_in"])
            stoppable = keeper.stoppable(lambda: progress("stopping", 0, None, scenario.citizens))
        with stoppable:
            stage = self._stage.fork(scenario, progress=progress, keeper=keeper)
            stage.run(scenario.months)
            outcome = stage.outcome()
        months, stored = self._notes["burn_in"]
        return Simulation(
            outcome=outcome,
            twin=None,
            simulation_seconds=stage.course.seconds,
            twin_seconds=0.0,
            burn_in_months=months,
            burn_in_stored=stored,
            state_bytes_per_citizen=self._bytes,
            lives=stage.lives(),
        )

    def close(self) -> None:
        """Let the threads go."""
        self._workers.close()


def taken_apart(scenario: Scenario, *, threads: int | None, progress: Progress) -> Decomposed:
    """Run a scenario and take what its causes do apart (glasscity.branching.decompose).

    Raises
    ------
    BadArgument
        If its history forks, nothing in it restricts anybody, or its denials are attributed for a
        panel alone.
    CannotFit
        If the run would not fit the memory.
    """
    where = f"a run of '{scenario.regime.name}'"
    if scenario.fork is not None:
        raise BadArgument(
            "a history that forks is not taken apart",
            where=where,
            allowed="runs under one regime from the first month on",
            mend="take the run apart that it left",
        )
    if attributed_one_in(scenario.citizens) > 1:
        raise BadArgument(
            f"{scenario.citizens:,} citizens: the causes of refusals are known for a panel alone",
            where=where,
            allowed="as many citizens as are attributed one by one, ten million",
            mend="run fewer citizens",
        )
    causes = [
        cause
        for cause, off in OFF.items()
        if not off.scored or scenario.regime.operator is not None
    ]
    if scenario.regime.operator is None and not scenario.regime.lists:
        raise BadArgument(
            "nobody is scored or listed in it: there is nothing to take apart",
            where=where,
            allowed="runs under a regime with a score or a list",
            mend="take another run apart",
        )
    # The base and its copy, a world without each cause, the placebo's, and a fork of one month.
    _check_worlds(scenario.citizens, len(causes) + 4, where=where)
    unscored = load_regime("unscored")
    threads = default_threads() if threads is None else threads
    workers = Workers(threads, 2 * len(scenario.country.provinces))
    try:
        progress("compiling", 0, None, scenario.citizens)
        warm(scenario.country, scenario.behaviour, unscored, workers)
        progress("society", 0, None, scenario.citizens)
        opening = Plain(scenario, unscored, workers, {}, progress, last=True, keeper=None)
        nobody = np.zeros(0, dtype=np.int64)
        rules = Rules(scenario, scenario.regime, dict(scenario.strengths), 1, nobody, nobody)
        world = opening(rules, None).world
        return decomposed(
            world,
            scenario.months,
            causes=causes,
            placebo=placebo(scenario),
            progress=lambda done: progress("apart", done, scenario.months, scenario.citizens),
        )
    finally:
        workers.close()
