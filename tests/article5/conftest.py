"""One small measurement of Article 5(1)(c), with every world that it rests on."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from article5_worlds import SMALL

from glasscity.results.run import Run
from glasscity.rights.article5 import Article5
from glasscity.scenario import Scenario
from glasscity.study.article5 import measure

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "cli"))


@pytest.fixture(scope="session")
def place(tmp_path_factory) -> Path:
    """Where the runs of these tests are kept."""
    return tmp_path_factory.mktemp("article5") / "runs"


@pytest.fixture(scope="session")
def measured(place) -> tuple[Article5, list[Run]]:
    """What is found of the press's scenario, and the runs behind it; do not change them."""
    return measure(Scenario("citizen-score-2020", **SMALL), place=place)


@pytest.fixture(scope="session")
def found(measured) -> Article5:
    return measured[0]


@pytest.fixture(scope="session")
def runs(measured) -> dict[str, Run]:
    """The runs by regime; the unscored one is the longer one."""
    return {run.scenario["regime"]["name"]: run for run in measured[1]}
