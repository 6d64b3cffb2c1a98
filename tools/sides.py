"""One of the sides that share the tests (tools/run_tests.py), as a plugin: ``pytest -p sides``.

It claims one file of tests after the other, by making a file of the same number, and tells what
happened in a file of its own.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import pytest

CLAIMS = "GLASSCITY_TEST_CLAIMS"
SIDE = "GLASSCITY_TEST_SIDE"
# In the order in which a verdict names them, from the last one on.
OUTCOMES = ("passed", "xfailed", "deselected", "skipped", "xpassed", "failed", "error")


class Claims:
    """Which side runs which file: whoever first makes a claim's file has it."""

    def __init__(self, folder: Path, side: int) -> None:
        self.folder = folder
        self.side = side

    def take(self, number: int) -> bool:
        """Return whether a group is this side's from now on."""
        try:
            os.close(os.open(self.folder / str(number), os.O_CREAT | os.O_EXCL | os.O_WRONLY))
        except FileExistsError:
            return False
        return True

    def items(self, items: list[pytest.Item]) -> Iterator[pytest.Item]:
        """Yield the tests of one claimed file after the other."""
        groups = [list(group) for _, group in groupby(items, key=lambda item: item.path)]
        numbers = range(len(groups)) if self.side % 2 == 0 else reversed(range(len(groups)))
        for number in numbers:
            if self.take(number):
                yield from groups[number]

    @property
    def stop(self) -> Path:
        """The file that tells all sides to stop."""
        return self.folder / "stop"


def claims_of_side() -> Claims | None:
    folder = os.environ.get(CLAIMS)
    return Claims(Path(folder), int(os.environ[SIDE])) if folder else None


class Heard:
    """What a side has to tell: counts by outcome, and a line for each test that did not pass."""

    def __init__(self) -> None:
        self.counts = dict.fromkeys(OUTCOMES, 0)
        self.wanted = 0
        self.ran: list[str] = []
        self.failed: list[str] = []
        self.skipped: dict[str, int] = {}

    def add(self, report: pytest.TestReport) -> None:
        """Note a report of a phase of a test."""
        if report.when == "setup":
            self.ran.append(report.nodeid)
        outcome = report.outcome if report.when == "call" else ""
        if hasattr(report, "wasxfail"):
            outcome = "xfailed" if report.skipped else "xpassed"
        elif report.skipped:
            outcome = "skipped"
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
            text = str(reason).removeprefix("Skipped: ")
            self.skipped[text] = self.skipped.get(text, 0) + 1
        elif report.failed and report.when != "call":
            outcome = "error"
        if outcome:
            self.counts[outcome] += 1
        if report.failed:
            self.failed.append(report.nodeid)


_heard = Heard()


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """Run the tests that this side claims; as pytest's own loop otherwise."""
    claims = claims_of_side()
    if claims is None or session.testsfailed or session.config.option.collectonly:
        return None
    _heard.wanted = len(session.items)
    mine = claims.items(session.items)
    item = next(mine, None)
    while item is not None:
        following = next(mine, None)
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.shouldfail:
            claims.stop.touch()
            raise session.Failed(session.shouldfail)
        if session.shouldstop:
            raise session.Interrupted(session.shouldstop)
        if claims.stop.exists():
            break
        item = following
    return True


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Note what happened."""
    _heard.add(report)


def pytest_collectreport(report: pytest.CollectReport) -> None:
    """Note what could not even be collected."""
    if report.failed:
        _heard.counts["error"] += 1
        _heard.failed.append(report.nodeid)


def pytest_deselected(items: list[pytest.Item]) -> None:
    """Count what was not asked for: the same on all sides."""
    _heard.counts["deselected"] += len(items)


def pytest_sessionfinish() -> None:
    """Tell the runner."""
    claims = claims_of_side()
    if claims is not None:
        told = json.dumps(vars(_heard))
        (claims.folder / f"side-{claims.side}.json").write_text(told, encoding="utf-8")
