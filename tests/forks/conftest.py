"""One small run over the years of lists, of private scores and of the mandate; worlds by it."""

from __future__ import annotations

import functools
from collections.abc import Callable

import pytest
from fork_worlds import quiet, scenario

import glasscity
from glasscity.results.outcome import Outcome
from glasscity.scenario import Scenario
from glasscity.simulation import simulate


@pytest.fixture(scope="session")
def outcome_of() -> Callable[..., Outcome]:
    """Return a function that runs a scenario, each once."""

    @functools.cache
    def run(world: Scenario) -> Outcome:
        return simulate(world, threads=1, twin=False, progress=quiet).outcome

    return run


@pytest.fixture(scope="session")
def history(tmp_path_factory: pytest.TempPathFactory) -> glasscity.Run:
    """Return the finished run that histories fork from; do not change it."""
    out = tmp_path_factory.mktemp("history") / "run"
    return glasscity.run(scenario(), out=out, report=False, threads=1)
