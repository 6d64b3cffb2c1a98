"""One small finished run, and an explorer over a folder that holds it; no test changes either."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

HERE = Path(__file__).resolve().parent
if str(HERE) not in sys.path:
    sys.path.insert(0, str(HERE))

from explorer import client_of, small_run  # noqa: E402


@pytest.fixture(scope="session")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of runs with one in it, ``small-001``."""
    folder = tmp_path_factory.mktemp("explorer") / "runs"
    folder.mkdir()
    small_run(folder / "small-001")
    return folder


@pytest.fixture(scope="session")
def web(runs: Path) -> Iterator[TestClient]:
    """Return a client of an explorer over that folder."""
    with client_of(runs) as client:
        yield client
