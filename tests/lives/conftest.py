"""One small run that the tests of lives read, and lives watched in it."""

from __future__ import annotations

import pytest

import glasscity


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> glasscity.Run:
    """Return a finished run of 3,000 citizens over the years of lists and of a score."""
    return glasscity.run(
        "citizen-score-2020",
        country="plainland",
        citizens=3_000,
        months=84,
        seed=11,
        out=tmp_path_factory.mktemp("lives") / "run",
        twin=False,
        report=False,
    )


@pytest.fixture(scope="session")
def chosen(run: glasscity.Run) -> list[int]:
    """Return citizens with something to tell, and the first and last of the society."""
    found = {0, run.citizens - 1}
    for register in (run.listings, run.denials, run.spells):
        found |= set(register["citizen"].unique(maintain_order=True).to_list()[:8])
    return sorted(found)


@pytest.fixture(scope="session")
def watched(
    run: glasscity.Run, chosen: list[int], tmp_path_factory: pytest.TempPathFactory
) -> glasscity.Run:
    """Return the same run with the lives of the chosen kept."""
    return glasscity.run(
        "citizen-score-2020",
        country="plainland",
        citizens=3_000,
        months=84,
        seed=11,
        watch=chosen,
        out=tmp_path_factory.mktemp("lives") / "watched",
        twin=False,
        report=False,
    )
