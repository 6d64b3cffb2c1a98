"""Run the tests as two processes side by side, with one verdict.

``python tools/run_tests.py [ARGUMENTS OF PYTEST]``, which is what ``make test`` does.

One pytest uses one processor.  Here each of two sides collects everything and then takes one file
after the other, one side from the front and one from the back, until they meet: no list of
durations has to be kept, and what a folder's tests share is made by one side alone, but for the
folder in which they meet.  Arguments are handed to both.  ``make test SIDES=1`` is plain pytest,
and so is what must be one process: findings, other files of reports, a debugger.
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
from pathlib import Path
from typing import Any

from sides import CLAIMS, OUTCOMES, SIDE

HERE = Path(__file__).resolve().parent
# What several processes cannot do together: write one file, talk to a terminal, only tell.
ALONE = (
    *("--findings", "--junitxml", "--junit-xml", "--pdb", "--trace", "--collect-only", "--co"),
    *("--fixtures", "--markers", "--help", "-h", "--version", "-V", "--cache-show"),
    *("--cache-clear", "--sw", "--stepwise", "-s", "--capture"),
)
NO_TESTS = 5
INTERRUPTED = 2
BROKEN = 3
BAD_USE = 4


def alone(arguments: list[str]) -> bool:
    """Return whether the arguments ask for something that only one process can do."""
    return any(argument.partition("=")[0] in ALONE for argument in arguments)


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
        [sys.executable, "-u", "-m", "pytest", "-q", "-p", "sides", *arguments],
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
    wanted = os.environ.get("SIDES") or str(min(2, os.cpu_count() or 1))
    if not wanted.isdecimal() or wanted == "0":
        print(f"error: SIDES is {wanted!r}, not a number of processes, 1 or more", file=sys.stderr)
        return BAD_USE
    sides = int(wanted)
    if sides < 2 or alone(arguments):
        return subprocess.call([sys.executable, "-m", "pytest", "-q", *arguments])
    return run_sides(arguments, sides)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
