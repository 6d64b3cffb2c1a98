"""The small worlds that these tests run."""

from __future__ import annotations

import numpy as np

from glasscity.month.ledger import ROWS
from glasscity.results.outcome import Outcome
from glasscity.scenario import Scenario

# The score of the nation begins in month 19.
SMALL = {"country": "plainland", "citizens": 2_000, "months": 27, "seed": 5}
REGIME, START, MANDATE = "citizen-score-2020", "2018-06", 19


def quiet(stage: str, done: int, total: int | None, citizens: int) -> None:
    """Show nothing."""


def scenario(regime: str = REGIME, **changes: object) -> Scenario:
    """Return a small scenario."""
    return Scenario(regime, **{"start": START, **SMALL, **changes})


def nation(outcome: Outcome, measure: str) -> np.ndarray:
    """Return int64[months, rows of the measure], over all citizens."""
    rows = [code for code, row in enumerate(ROWS) if row.measure == measure]
    return outcome.cube.margins(outcome.months)[:, 0, rows]
