"""A world stepped from the burn-in with nothing kept but national counts, for targets.

A run keeps registers, causes and a cube for reports; calibration needs a few dozen figures of
hundreds of worlds.  So a course attributes no denial, stores nothing and is several times as fast.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from glasscity.catalogue.entry import fingerprint
from glasscity.draws import MONTH_ZERO
from glasscity.engine.running import world_of
from glasscity.engine.start import burned_in
from glasscity.engine.world import Workers, World
from glasscity.month.ledger import ROWS, first_row
from glasscity.regime import load_regime
from glasscity.scenario import Scenario
from glasscity.simulation import Progress
from glasscity.society import Society, build_society
from glasscity.society.state import State
from glasscity.terms import SPHERES

__all__ = ["Stop", "courses"]

# Attribution is for one citizen in so many: in effect for nobody.
_NOBODY = 2**62
# Late payers are looked for over so many months, as the survey did.
LATE_WINDOW = 24


@dataclass(frozen=True, eq=False)
class Stop:
    """A world at the end of one of its months.

    Attributes
    ----------
    scenario : Scenario
    society : Society
    state : State
        As it is at the end of the month; valid only until the course goes on.
    totals : int64[months, rows]
        National counts of every month so far, rows as in ``month.ledger``.
    late : bool[citizens]
        Who owed a month of an instalment credit at the end of any of the last `LATE_WINDOW`
        months; of all months so far where there are fewer.
    unscored : int64[months, rows] or None
        The same months of the same people unscored, where that course came first.
    """

    scenario: Scenario
    society: Society
    state: State
    totals: np.ndarray
    late: np.ndarray
    unscored: np.ndarray | None

    @property
    def citizens(self) -> int:
        """Synthetic adults."""
        return self.society.citizens

    def monthly(self, measure: str, **labels: str) -> np.ndarray:
        """Return int64[months]: the national counts of a row of the ledger, labels summed over."""
        return self.totals[:, _rows(measure, labels)].sum(axis=1)

    def lists(self, names: Sequence[str]) -> tuple[int, ...]:
        """Return the spheres, by number, of some of the regime's lists."""
        found = {one.name: SPHERES.index(one.sphere) for one in self.scenario.regime.lists}
        return tuple(found[name] for name in names)


def _rows(measure: str, labels: Mapping[str, str]) -> list[int]:
    at = first_row(measure)
    rows = []
    # The rows of a measure need not stand together: later causes came in rows of their own.
    for code in range(at, len(ROWS)):
        row = ROWS[code]
        if row.measure == measure and all(getattr(row, k) == v for k, v in labels.items()):
            rows.append(code)
    return rows


def courses(
    scenario: Scenario,
    stops: Mapping[str, Sequence[str]],
    *,
    threads: int = 1,
    keep: bool = False,
    progress: Progress = lambda *_: None,
) -> Iterator[tuple[str, str, Stop]]:
    """Run regimes over the same people from the same burn-in, and stop in the months asked for.

    Parameters
    ----------
    scenario : Scenario
        Country, behaviour, citizens and seed; its regime and months play no part.
    stops : mapping of regime to months ``YYYY-MM``
        In whose last moment to stop; not before the regime's own start.  ``unscored`` is run first.
    threads : int
        Blocks worked on at a time; no result depends on it.
    keep : bool
        Whether a stored burn-in is used and a new one stored.

    Yields
    ------
    (str, str, Stop)
        Regime, month, and the world there.
    """
    unscored = load_regime("unscored")
    progress("society", 0, None, scenario.citizens)
    society = build_society(scenario.country, scenario.citizens, scenario.seed, threads=threads)
    workers = Workers(threads, len(society.cells))
    try:
        progress("compiling", 0, None, scenario.citizens)
        World.warm_up(scenario.country, scenario.behaviour, unscored, workers)
        start, _, _ = burned_in(
            society,
            scenario.behaviour,
            unscored,
            workers=workers,
            fingerprint=fingerprint([scenario.country, scenario.behaviour, unscored])
            if keep
            else None,
            progress=lambda stage, done, total: progress(stage, done, total, scenario.citizens),
        )
        twin: np.ndarray | None = None
        for name in sorted(stops, key=lambda one: one != "unscored"):
            regime = load_regime(name)
            own = scenario.but(regime=regime, start=regime.start, strengths=_own(regime))
            wanted = sorted(stops[name], key=own.month_of)
            own = own.but(months=own.month_of(wanted[-1]) + 1)
            world = world_of(
                own,
                regime,
                society,
                start.copy(),
                workers,
                strengths=dict(own.strengths),
                attributes=_NOBODY,
            )
            step = _Course(own, world, twin, lambda *a, n=name: progress(n, *a))
            for month in wanted:
                yield name, month, step.until(own.month_of(month))
            if name == "unscored":
                twin = step.totals[: step.months]
    finally:
        workers.close()


def _own(regime: object) -> dict[str, float]:
    return {name: float(one) for name, one in getattr(regime, "strengths", {}).items()}


class _Course:
    """One world on its way."""

    def __init__(
        self,
        scenario: Scenario,
        world: World,
        twin: np.ndarray | None,
        progress: Callable[[int, int | None, int], None],
    ) -> None:
        self.scenario, self.world, self.twin, self.progress = scenario, world, twin, progress
        self.months = 0
        self.totals = np.zeros((scenario.months, len(ROWS)), dtype=np.int64)
        # The last month in which each citizen owed on a credit.
        self.owed = np.full(world.society.citizens, -LATE_WINDOW, dtype=np.int32)

    def until(self, month: int) -> Stop:
        """Step to the end of a month, counted from 0, and return the world there."""
        world = self.world
        while self.months <= month:
            world.step(self.months, key=MONTH_ZERO + self.months)
            self.totals[self.months] = world.workers.tallies.sum(axis=(0, 1, 3))
            self.owed[world.state.truth.owed_credit > 0] = self.months
            world.clear()
            self.months += 1
            self.progress(self.months, self.scenario.months, self.scenario.citizens)
        return Stop(
            scenario=self.scenario,
            society=world.society,
            state=world.state,
            totals=self.totals[: self.months],
            late=self.owed > month - LATE_WINDOW,
            unscored=None if self.twin is None else self.twin[: self.months],
        )
