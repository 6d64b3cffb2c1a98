"""Small runs of the regimes of the record, each made once for all tests that look at it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest

import glasscity
from glasscity.results.run import Run

SEED = 5


@pytest.fixture(scope="session")
def ran(tmp_path_factory) -> Callable[..., Run]:
    """Return a function that runs a regime of the catalogue over plainland."""
    folder = tmp_path_factory.mktemp("record")

    @cache
    def run(
        regime: str,
        *,
        citizens: int = 4_000,
        months: int = 24,
        start: str | None = None,
        watch: tuple[int, ...] = (),
    ) -> Run:
        given = {} if start is None else {"start": start}
        return glasscity.run(
            regime,
            country="plainland",
            citizens=citizens,
            months=months,
            seed=SEED,
            twin=False,
            report=False,
            watch=watch,
            out=folder / f"{regime}-{citizens}-{months}-{len(watch)}",
            **given,
        )

    return run
