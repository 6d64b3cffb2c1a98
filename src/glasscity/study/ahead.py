"""Helpers that run members of an ensemble ahead, while this process has other work to do.

A helper is a Python of its own that puts results into a store and nothing else, so it may be ended
at any moment, may fail to start, and is never waited for: what is not in the store when it is
wanted is run here.  Unlike a pool it asks nothing of the script that it helps, which need not
guard its first lines against being imported again.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import IO

from glasscity.scenario import Scenario

__all__ = ["Ahead", "helpers"]

# Each takes some 200 MB, and a pair has few smaller worlds.
_MOST = 4


def helpers(workers: int | None, tasks: int) -> int:
    """Return how many helpers to start for so many tasks: one processor is this process's own."""
    from glasscity.simulation import default_threads

    number = default_threads() if workers is None else workers
    return max(0, min(number - 1, _MOST, tasks))


class Ahead:
    """Helpers at work on groups of scenarios; used as a context manager.

    Parameters
    ----------
    groups : sequence of sequences of Scenario
        Each of one society; a helper takes every n-th group, in their order.
    store : Path
        Where results go (study.members); it must be there.
    number : int
        Helpers, from 0.
    """

    def __init__(self, groups: Sequence[Sequence[Scenario]], *, store: Path, number: int) -> None:
        self._groups, self._store, self._number = groups, store, number
        self._processes: list[subprocess.Popen[str]] = []

    def __enter__(self) -> Ahead:
        for at in range(self._number):
            own = [[one.to_json() for one in group] for group in self._groups[at :: self._number]]
            with contextlib.suppress(OSError):
                self._start(json.dumps({"store": str(self._store), "groups": own}))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for process in self._processes:
            process.kill()
            process.wait()
            if process.stdin is not None:
                with contextlib.suppress(OSError):
                    process.stdin.close()

    def _start(self, asked: str) -> None:
        process = subprocess.Popen(
            [sys.executable, "-m", "glasscity.study.ahead"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            env=_environment(),
            # Ctrl-C is for this process, which then ends its helpers.
            start_new_session=True,
        )
        self._processes.append(process)
        if process.stdin is not None:
            # The pipe stays open: at its end a helper knows that nobody waits any more.
            process.stdin.write(asked + "\n")
            process.stdin.flush()


def _environment() -> dict[str, str]:
    """Return an environment in which a helper finds this very package first."""
    here = str(Path(__file__).parents[2])
    paths = [here, *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}


def _help(asked: IO[str]) -> None:
    """Do what the first line says, until there is no more or the line is cut."""
    from glasscity.study.members import Member, run_members

    given = json.loads(asked.readline())
    threading.Thread(target=_end_with, args=(asked,), daemon=True).start()
    if hasattr(os, "nice"):
        os.nice(10)
    for group in given["groups"]:
        members = [Member(Scenario.from_json(text), twin=False) for text in group]
        run_members(members, store=Path(given["store"]), workers=1, told=lambda _: None)


def _end_with(asked: IO[str]) -> None:
    asked.read()
    os._exit(0)


if __name__ == "__main__":
    _help(sys.stdin)
