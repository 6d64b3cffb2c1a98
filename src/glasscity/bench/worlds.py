"""Worlds to measure: a society, a state to begin with, and a world of a scenario on them."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np

from glasscity.draws import MONTH_ZERO
from glasscity.engine.calendar import gate_rules, make_calendar
from glasscity.engine.compile import compile_tables
from glasscity.engine.running import world_of
from glasscity.engine.start import first_state
from glasscity.engine.world import Workers, World
from glasscity.regime import load_regime
from glasscity.scenario import Scenario
from glasscity.society import Society, build_society
from glasscity.society.state import State

__all__ = ["Clock", "begin", "joined", "settle", "timed_month", "world_at"]

# Of one citizen in so many denials are attributed above ten million (glasscity.simulation).
PANEL = 129
NOBODY = 2**62
_JOINED = 230  # of 256 users of the payment app, who have joined by the mandate in a whole run


@dataclass
class Clock:
    """What months took: seconds, and seconds of all processors together."""

    seconds: float = 0.0
    cpu_seconds: float = 0.0
    months: int = 0

    def add(self, seconds: float, cpu_seconds: float) -> None:
        """Add a month."""
        self.seconds += seconds
        self.cpu_seconds += cpu_seconds
        self.months += 1

    def ns(self, citizens: int, *, cpu: bool = True) -> float | None:
        """Return nanoseconds a citizen and month, of processor time or by the wall."""
        if self.months == 0:
            return None
        return (self.cpu_seconds if cpu else self.seconds) / self.months / citizens * 1e9


def begin(scenario: Scenario, *, threads: int = 2) -> tuple[Society, State]:
    """Return a scenario's society and its state before anything has happened."""
    society = build_society(scenario.country, scenario.citizens, scenario.seed, threads=threads)
    state = first_state(society, scenario.behaviour)
    # Opinion is state from here on: the trait that it began as need not be kept.
    traits = society.traits._replace(opinion=np.zeros(0, dtype=np.int8))
    return replace(society, traits=traits), state


def world_at(
    scenario: Scenario, society: Society, state: State, *, threads: int, attributes: int
) -> World:
    """Return a scenario's world over a state, which it will change."""
    return world_of(
        scenario,
        scenario.regime,
        society,
        state,
        Workers(threads, len(society.cells)),
        strengths=dict(scenario.strengths),
        attributes=attributes,
    )


def settle(scenario: Scenario, society: Society, state: State, *, months: int) -> None:
    """Let so many months pass under ``unscored``, so that there are debts and people out of work.

    A run's own burn-in lasts until nothing drifts, 72 months at least; what a month costs hangs
    little on the rest.  The luck's months lie before the run's.
    """
    unscored = load_regime("unscored")
    workers = Workers(2, len(society.cells))
    world = World(
        society,
        tables=compile_tables(scenario.country, scenario.behaviour, unscored, seed=scenario.seed),
        calendar=make_calendar(unscored, scenario.behaviour, start=unscored.start),
        gates=gate_rules(unscored),
        state=state,
        workers=workers,
        attributes=NOBODY,
    )
    for month in range(-months, 0):
        world.step(month, key=MONTH_ZERO + month)
        world.clear()
    workers.close()


def joined(society: Society, state: State) -> None:
    """Enrol as many users of the payment app as have joined by the mandate in a whole run."""
    ids = np.arange(society.citizens, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    chosen = (ids >> np.uint64(56)) < _JOINED
    chosen &= (society.traits.misc & 1) == 1
    state.face.now[chosen] |= np.uint32(1)
    state.face.next[:] = state.face.now


def timed_month(world: World, month: int) -> tuple[float, float]:
    """Do a month and take up its counts; return seconds, and seconds of all processors."""
    began, cpu = time.perf_counter(), time.process_time()
    world.step(month, key=MONTH_ZERO + month)
    world.harvest()
    return time.perf_counter() - began, time.process_time() - cpu
