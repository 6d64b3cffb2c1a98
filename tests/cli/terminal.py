"""Commands, run in this process where they can be, and in one of their own where not."""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import glasscity as glasscity_package
from glasscity.cli import main

SMALL = ("--country", "plainland", "--citizens", "400", "--months", "4")


@dataclass(frozen=True)
class Ended:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def last(self) -> str:
        return self.err.rstrip("\n").rpartition("\n")[2]


def glasscity(*words: object) -> Ended:
    """Run a command in this process."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main([str(word) for word in words])
    return Ended(code, out.getvalue(), err.getvalue())


def environment() -> dict[str, str]:
    package = Path(glasscity_package.__file__).parent.parent
    path = os.pathsep.join([str(package), os.environ.get("PYTHONPATH", "")])
    return {**os.environ, "PYTHONPATH": path, "PYTHONUNBUFFERED": "1"}


def _hear_ctrl_c() -> None:
    # Where a shell runs the tests in the background, they and all that they start ignore it.
    signal.signal(signal.SIGINT, signal.default_int_handler)


def start(*words: object, **options: Any) -> subprocess.Popen[str]:
    """Start a command in a process of its own, which can be interrupted."""
    command = [sys.executable, "-m", "glasscity", *map(str, words)]
    pipes: dict[str, Any] = {
        "stdout": subprocess.PIPE,
        "stderr": subprocess.PIPE,
        "text": True,
        "preexec_fn": _hear_ctrl_c,
    }
    return subprocess.Popen(command, env=environment(), **{**pipes, **options})


def assert_refused(ended: Ended, *said: str, code: int = 2) -> None:
    """Assert one plain last line on standard error, and nothing on standard output."""
    assert ended.code == code, ended.err
    assert ended.out == ""
    assert ended.last.startswith("error: ")
    assert "Traceback" not in ended.err
    assert "\x1b" not in ended.err
    assert "this is a bug" not in ended.err
    for words in said:
        assert words in ended.last
