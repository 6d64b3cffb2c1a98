"""One small pair that the tests of pairs read."""

from __future__ import annotations

import pytest
from pair_worlds import FIELDS

import glasscity


@pytest.fixture(scope="session")
def base() -> glasscity.Scenario:
    """Return the scenario that the others are compared with."""
    return glasscity.Scenario("citizen-score-2020", **FIELDS)


@pytest.fixture(scope="session")
def pair(base: glasscity.Scenario, tmp_path_factory: pytest.TempPathFactory) -> glasscity.Pair:
    """Return a finished pair of four runs; do not change its folder."""
    return glasscity.pair(
        base,
        base.but(strengths={"notice": 0.0}),
        base.but(strengths={"joint-punishment": 0.0}),
        glasscity.Scenario("credit-bureau", start=base.start, **FIELDS),
        out=tmp_path_factory.mktemp("pairs") / "pair",
        report=False,
        variance_seeds=0,
    )
