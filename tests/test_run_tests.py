"""Two sides share the tests: each test runs once, and one verdict says what came out."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

TOOLS = Path(__file__).resolve().parent.parent / "tools"
ONE = """
import os, pytest
from pathlib import Path

def note(name):
    with open("ran.txt", "a", encoding="utf-8") as file:
        file.write(f"{name} {os.getpid()}\\n")

def test_plain(tmp_path):
    note(__name__)

@pytest.mark.parametrize("number", range(3))
def test_many(number):
    note(f"{__name__}-{number}")
"""
OTHER = """
import os, pytest

def test_wrong():
    assert os.environ.get("RIGHT")

@pytest.mark.skip(reason="no moon tonight")
def test_by_moonlight():
    pass

def test_last():
    if os.environ.get("CRASH"):
        os._exit(9)
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    """Return a folder with five files of tests."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "pytest.ini").write_text("[pytest]\naddopts = -ra\n", encoding="utf-8")
    for name in ("first", "second", "third", "fourth"):
        (folder / f"test_{name}.py").write_text(ONE, encoding="utf-8")
    (folder / "test_other.py").write_text(OTHER, encoding="utf-8")
    return folder


def run(project: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    (project / "ran.txt").unlink(missing_ok=True)
    return subprocess.run(
        [sys.executable, str(TOOLS / "run_tests.py"), *arguments],
        cwd=project,
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "SIDES": "2", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def ran(project: Path) -> list[str]:
    lines = (project / "ran.txt").read_text(encoding="utf-8").splitlines()
    return [line.split()[0] for line in lines]


def verdict(done: subprocess.CompletedProcess[str]) -> str:
    return done.stdout.partition("---- all sides")[2]


EVERY = sorted(
    f"test_{name}{number}"
    for name in ("first", "second", "third", "fourth")
    for number in ("", "-0", "-1", "-2")
)


def test_every_test_runs_once_and_one_verdict_tells_of_all(project):
    done = run(project)
    assert done.returncode == 1, done.stdout
    assert sorted(ran(project)) == EVERY
    said = verdict(done)
    assert "1 failed, 1 skipped, 17 passed in " in said
    assert "FAILED test_other.py::test_wrong" in said
    assert "SKIPPED 1 no moon tonight" in said
    known = (project / ".pytest_cache" / "v" / "cache" / "lastfailed").read_text(encoding="utf-8")
    assert "test_wrong" in known


def test_arguments_reach_both_sides(project):
    done = run(project, "-k", "many and (first or third)")
    assert done.returncode == 0, done.stdout
    assert sorted(ran(project)) == [f"test_{x}-{n}" for x in ("first", "third") for n in range(3)]
    assert "6 passed" in verdict(done)
    assert run(project, "-k", "nothing").returncode == 5


def test_a_side_that_dies_is_no_success(project):
    done = run(project, RIGHT="1", CRASH="1")
    assert done.returncode == 9
    assert "ended with code 9 and told nothing" in verdict(done)


def test_what_needs_one_process_is_run_in_one(project):
    done = run(project, "--junitxml=out.xml", RIGHT="1")
    assert done.returncode == 0, done.stdout
    assert "18 passed, 1 skipped" in done.stdout
    assert "all sides" not in done.stdout
    assert 'tests="19"' in (project / "out.xml").read_text(encoding="utf-8")


def test_the_worst_code_is_the_verdict(monkeypatch):
    monkeypatch.syspath_prepend(str(TOOLS))
    from run_tests import merged_code

    assert merged_code([0, 0]) == merged_code([0, 5]) == 0
    assert merged_code([5, 5]) == 5
    assert merged_code([0, 1]) == merged_code([1, 5]) == 1
    assert merged_code([1, 2]) == 2
    assert merged_code([0, -11]) == 3
