"""Reports are tested on outcomes made by hand, with the factory of the results' tests."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
for folder in (HERE, HERE.parent / "results"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))


@pytest.fixture(scope="session")
def busy(tmp_path_factory):
    """Return a run with something in every table, and its twin."""
    from report_worlds import busy_run

    from glasscity.results import open_run

    return open_run(busy_run(tmp_path_factory.mktemp("busy") / "run"))


@pytest.fixture(scope="session")
def page(busy):
    from glasscity.report import render

    return render(busy)
