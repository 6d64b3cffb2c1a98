"""Run the tests as two processes side by side, with one verdict.

``python tools/run_tests.py [ARGUMENTS OF PYTEST]``, which is what ``make test`` does.

One pytest uses one processor.  Here each of two sides collects everything and then takes one file
after the other, one side from the front and one from the back, until they meet: no list of
durations has to be kept, and what a folder's tests share is made by one side alone, but for the
folder in which they meet.  Arguments are handed to both.  ``make test SIDES=1`` is plain pytest,
and so is what must be one process: findings, other files of reports, a debugger.

This file is also the plugin of the sides (``pytest -p run_tests``), which claims files.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve().parent
CLAIMS = "GLASSCITY_TEST_CLAIMS"
SIDE = "GLASSCITY_TEST_SIDE"
# What several processes cannot do together: write one file, talk to a terminal, only tell.
ALONE = (
    "--findings",
    "--junit",
    "--pdb",
    "--trace",
    "--collect-only",
    "--co",
    "--fixtures",
    "--markers",
    "--help",
    "-h",
    "--version",
    "-V",
    "--cache-",
    "--sw",
    "--stepwise",
    "-s",
    "--capture=no",
)
NO_TESTS = 5
INTERRUPTED = 2
BROKEN = 3
# The order in which a verdict names outcomes; all but the first three are worth a line each.
OUTCOMES = ("passed", "xfailed", "deselected", "skipped", "xpassed", "failed", "error")


# ---------------------------------------------------------------- one side, inside pytest
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


def _claims() -> Claims | None:
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
    claims = _claims()
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
    claims = _claims()
    if claims is not None:
        told = json.dumps(vars(_heard))
        (claims.folder / f"side-{claims.side}.json").write_text(told, encoding="utf-8")


# ---------------------------------------------------------------- both sides, from outside
def alone(arguments: list[str]) -> bool:
    """Return whether the arguments ask for something that only one process can do."""
    return any(argument.startswith(ALONE) for argument in arguments)


def run_sides(arguments: list[str], sides: int) -> int:
    """Run the sides, show the first as it goes and the others after it; return the exit code."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="glasscity-sides-") as name:
        folder = Path(name)
        processes = [_start(arguments, folder, side) for side in range(sides)]
        said: list[list[str]] = [[] for _ in processes]
        listeners = [
            threading.Thread(target=_listen, args=(process, said[side], side == 0))
            for side, process in enumerate(processes)
        ]
        for listener in listeners:
            listener.start()
        interrupted = False
        for process, listener in zip(processes, listeners, strict=True):
            while listener.is_alive():
                try:
                    listener.join()
                except KeyboardInterrupt:  # both have had it from the terminal too, and end
                    interrupted = True
            process.wait()
        for side, lines in enumerate(said[1:], start=2):
            print(f"\n---- side {side} of {sides}, which ran meanwhile")
            sys.stdout.writelines(lines)
        codes = [process.returncode for process in processes]
        told = [_told(folder / f"side-{side}.json") for side in range(sides)]
    heard = [one for one in told if one is not None]
    code = INTERRUPTED if interrupted else merged_code(codes)
    print(verdict(told, codes, time.monotonic() - began))
    left = {one["wanted"] for one in heard} ^ {sum(len(one["ran"]) for one in heard)}
    if code == 0 and left:
        print(f"error: the sides did not share the tests: {sorted(left)}", file=sys.stderr)
        code = BROKEN
    _remember(heard)
    return code


def _start(arguments: list[str], folder: Path, side: int) -> subprocess.Popen[str]:
    paths = [str(HERE), os.environ.get("PYTHONPATH", "")]
    environment = {
        **os.environ,
        CLAIMS: str(folder),
        SIDE: str(side),
        "PYTHONPATH": os.pathsep.join(path for path in paths if path),
    }
    return subprocess.Popen(
        [sys.executable, "-u", "-m", "pytest", "-q", "-p", "run_tests", *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
    )


def _listen(process: subprocess.Popen[str], said: list[str], aloud: bool) -> None:
    """Keep what a process says, and say it too if it is the one that is shown."""
    assert process.stdout is not None  # noqa: S101 (for the type checker)
    while text := process.stdout.read(1):
        # By the character: a line of dots grows over half a minute.
        said.append(text)
        if aloud:
            sys.stdout.write(text)
            sys.stdout.flush()


def merged_code(codes: list[int]) -> int:
    """Return one exit code: the worst; that there was nothing to do only if all say so."""
    wrong = [code for code in codes if code not in {0, NO_TESTS}]
    if wrong:
        return max(wrong) if all(code > 0 for code in wrong) else BROKEN
    return NO_TESTS if all(code == NO_TESTS for code in codes) else 0


def _told(file: Path) -> dict[str, Any] | None:
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else None


def verdict(told: list[dict[str, Any] | None], codes: list[int], seconds: float) -> str:
    """Return what came out of all sides together."""
    heard = [one for one in told if one is not None]
    lines = ["", "---- all sides"]
    for side, (one, code) in enumerate(zip(told, codes, strict=True), start=1):
        if one is None:
            lines.append(f"side {side} ended with code {code} and told nothing")
    reasons: dict[str, int] = {}
    for one in heard:
        for reason, number in one["skipped"].items():
            reasons[reason] = reasons.get(reason, 0) + number
    lines += [f"SKIPPED {number} {reason}" for reason, number in sorted(reasons.items())]
    lines += [f"FAILED {name}" for name in sorted({n for one in heard for n in one["failed"]})]
    parts = []
    for outcome in reversed(OUTCOMES):
        numbers = [one["counts"][outcome] for one in heard]
        # Every side collects everything, so each has deselected the same.
        number = max(numbers, default=0) if outcome == "deselected" else sum(numbers)
        if number:
            parts.append(f"{number} {outcome}")
    lines.append(f"{', '.join(parts) or 'no tests ran'} in {seconds:.0f} s")
    return "\n".join(lines)


def _remember(told: list[dict[str, Any]]) -> None:
    """Leave what failed where ``pytest --lf`` looks: a side alone would write its own half."""
    file = Path(".pytest_cache", "v", "cache", "lastfailed")
    known: dict[str, bool] = {}
    with contextlib.suppress(OSError, ValueError):
        known = json.loads(file.read_text(encoding="utf-8"))
    for one in told:
        for name in one["ran"]:
            known.pop(name, None)
    for one in told:
        known |= dict.fromkeys(one["failed"], True)
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(known, indent=2), encoding="utf-8")


def main(arguments: list[str]) -> int:
    sides = int(os.environ.get("SIDES") or min(2, os.cpu_count() or 1))
    if sides < 2 or alone(arguments):
        return subprocess.call([sys.executable, "-m", "pytest", "-q", *arguments])
    return run_sides(arguments, sides)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
