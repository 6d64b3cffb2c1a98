"""The queue of runs: as many at once as the machine carries, the rest wait in view.

A run that waits is a run folder that says so, and a run that was cancelled is one that can be gone
on with; so nothing is lost when the explorer ends, and another one finds everything again.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import glasscity
from glasscity.errors import BadArgument, CannotFit, GlasscityError
from glasscity.results.lock import holder
from glasscity.web.settings import Settings
from glasscity.web.shelf import PROGRESS, Shelf, Stored
from glasscity.web.words import QUEUE, STATES

if TYPE_CHECKING:
    from glasscity.scenario import Scenario

__all__ = ["MOST_WAITING", "Queue", "WrongState"]

# Runs that may wait at once.
MOST_WAITING = 50
_PAUSE = 0.2
# Seconds that a run is given to end its month and keep it.
_GRACE = 20.0


class WrongState(BadArgument):
    """The run is not in the state for what is asked of it."""


class Queue:
    """Runs of one explorer.

    Parameters
    ----------
    shelf : Shelf
        Where run folders lie.
    settings : Settings
        How many at once, with how many threads.
    """

    def __init__(self, shelf: Shelf, settings: Settings) -> None:
        self.shelf, self.settings = shelf, settings
        self._waiting: list[str] = []
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._cancelled: set[str] = set()
        self._lock = threading.RLock()
        self._closing = threading.Event()
        self._watcher: threading.Thread | None = None

    # Life of the queue itself.
    def start(self) -> None:
        """Take up what waits in the folder, and begin to start runs."""
        with self._lock:
            old = [one.name for one in self.shelf.all() if one.state == "waiting"]
            self._waiting = [*reversed(old)]
        self._watcher = threading.Thread(target=self._watch, name="queue", daemon=True)
        self._watcher.start()

    def close(self) -> None:
        """Stop the runs that go on, each with its last month kept."""
        self._closing.set()
        if self._watcher is not None:
            self._watcher.join()
        with self._lock:
            children = dict(self._children)
        for child in children.values():
            _interrupt(child.pid)
        ends = time.monotonic() + _GRACE
        for child in children.values():
            try:
                child.wait(max(0.1, ends - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()

    # What pages and API ask for.
    def add(self, scenario: Scenario, *, twin: bool = True, name: str = "") -> str:
        """Put a run at the end of the queue and return its name.

        Raises
        ------
        CannotFit
            If the machine has not the room for it.
        BadArgument
            If too many wait already.
        """
        from glasscity.api import prepare

        with self._lock:
            if len(self._waiting) >= MOST_WAITING:
                raise BadArgument(QUEUE["full"].format(most=MOST_WAITING), mend=QUEUE["full_mend"])
            path = prepare(scenario, base=self.shelf.folder, name=name, twin=twin)
            self._waiting.append(path.name)
        return path.name

    def cancel(self, name: str) -> None:
        """Cancel a run: one that waits does not begin, one that goes on ends with its month kept.

        Raises
        ------
        NotFound
            If there is no such run.
        WrongState
            If it neither waits nor goes on, or a terminal runs it.
        """
        path = self.shelf.path(name)
        with self._lock:
            if name in self._waiting:
                self._waiting.remove(name)
                from glasscity.api import give_up

                give_up(path)
                return
            child = self._children.get(name)
            if child is not None and child.poll() is None:
                self._cancelled.add(name)
                _interrupt(child.pid)
                return
        process = holder(path)
        if process is None:
            raise WrongState(QUEUE["still"].format(name=name), mend=QUEUE["still_mend"])
        if not (path / PROGRESS).is_file():
            raise WrongState(QUEUE["terminal"].format(name=name), mend=QUEUE["terminal_mend"])
        # Begun by an explorer that is gone.
        _interrupt(process)

    def go_on(self, name: str) -> None:
        """Put a run that stopped or failed at the end of the queue again.

        Raises
        ------
        NotFound
            If there is no such run.
        WrongState
            If there is nothing to go on with.
        """
        with self._lock:
            if self.stored(name).state not in ("stopped", "failed"):
                raise WrongState(QUEUE["nothing"].format(name=name), mend=QUEUE["nothing_mend"])
            with contextlib.suppress(OSError):
                (self.shelf.path(name) / PROGRESS).unlink(missing_ok=True)
            self._cancelled.discard(name)
            self._waiting.append(name)

    def stored(self, name: str) -> Stored:
        """Return what is known of a run, its place in the queue included."""
        return self._told(self.shelf.stored(name))

    def all(self) -> list[Stored]:
        """Return what is known of every run, the latest first."""
        return [self._told(one) for one in self.shelf.all()]

    def _told(self, one: Stored) -> Stored:
        with self._lock:
            if one.name in self._waiting:
                place = self._waiting.index(one.name) + 1
                return replace(one, state="waiting", reason="", progress={"place": place})
            child = self._children.get(one.name)
            alive = child is not None and child.poll() is None
        unborn = child is not None and one.state == "waiting"
        if unborn or (alive and one.state in ("stopped", "failed")):
            starting = {"stage": "starting", "done": 0, "total": None, "share": 0.0}
            return replace(one, state="running", reason="", progress=starting)
        return one

    # The watcher.
    def _watch(self) -> None:
        while not self._closing.wait(_PAUSE):
            # Whatever goes wrong with one run must not end the queue.
            with contextlib.suppress(OSError, GlasscityError):
                self._step()

    def _step(self) -> None:
        with self._lock:
            self._reap()
            if not self._waiting:
                return
            name = self._waiting[0]
            busy = len(self._children) + self._orphans()
            if busy >= self.settings.slots or (busy and not self._fits(name)):
                return
            self._waiting.pop(0)
            self._begin(name)

    def _reap(self) -> None:
        for name, child in list(self._children.items()):
            if child.poll() is None:
                continue
            del self._children[name]
            path = self.shelf.path(name)
            if self.shelf.stored(name).state != "waiting":
                continue
            # It ended before it had taken up its folder, so it could not say why.
            if name in self._cancelled:
                from glasscity.api import give_up

                give_up(path)
            else:
                said = {"stage": "failed", "reason": STATES["killed"]}
                (path / PROGRESS).write_text(json.dumps(said), encoding="utf-8")

    def _orphans(self) -> int:
        """Return how many runs of an explorer that is gone are still going on."""
        return sum(
            (path / PROGRESS).is_file() and holder(path) is not None
            for path in (self.shelf.folder / name for name in self.shelf.names())
            if path.name not in self._children
        )

    def _fits(self, name: str) -> bool:
        from glasscity.engine.room import check_memory

        try:
            check_memory(self.shelf.stored(name).citizens)
        except CannotFit:
            return False
        return True

    def _begin(self, name: str) -> None:
        package = str(Path(glasscity.__file__).parent.parent)
        path = os.pathsep.join(filter(None, [package, os.environ.get("PYTHONPATH", "")]))
        command = [sys.executable, "-m", "glasscity.web.worker"]
        self._children[name] = subprocess.Popen(
            [*command, str(self.shelf.path(name)), str(self.settings.threads)],
            env={**os.environ, "PYTHONPATH": path},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            # Ctrl-C in the terminal is the explorer's: it tells its runs to end their month.
            start_new_session=True,
        )


def _interrupt(process: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(process, signal.SIGINT)
