"""Runs that the tests of the command line read."""

from __future__ import annotations

from pathlib import Path

import pytest
from terminal import SMALL, Ended, glasscity


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ended]:
    """Return a small finished run's folder and what ``run --json`` said; do not change it."""
    folder = tmp_path_factory.mktemp("cli") / "run"
    ended = glasscity("run", *SMALL, "--no-report", "--out", folder, "--json")
    assert ended.code == 0, ended.err
    return folder, ended


@pytest.fixture(scope="session")
def long_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a run that is long enough for every part of the summary."""
    folder = tmp_path_factory.mktemp("cli") / "long"
    words = ("--country", "plainland", "--citizens", "4000", "--months", "72", "--no-report")
    ended = glasscity("run", *words, "--out", folder)
    assert ended.code == 0, ended.err
    (folder.parent / "said.txt").write_text(ended.out, encoding="utf-8")
    return folder
