"""Looks: what is worked out of a finished run when somebody asks, and kept for the next look.

A life that nobody watched, a life with one thing changed, the chaos floor, the run's safeguards one
by one: each is simulated by a child process, never by the server, and what it gives is kept in the
run's folder under ``explored/``.  Such a file names the digest of the run that it was made from;
with another run in the folder it counts for nothing.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import glasscity
from glasscity._version import MODEL_VERSION
from glasscity.errors import BadArgument, NotFound
from glasscity.results.store import COMPLETE
from glasscity.web.settings import Settings
from glasscity.web.shelf import Shelf, read_json
from glasscity.web.words import LOOKS

__all__ = ["EXPLORED", "Look", "Looks", "keep", "kept"]

# Where a run's folder keeps them; nothing of the run itself lies there.
EXPLORED = "explored"
MOST_WAITING = 50
_PAUSE = 0.1
_GRACE = 20.0
# Ends of a child that has said what there is to say: done, a bug, refused, stopped.
_TOLD = (0, 1, 2, 130)
_KEY = re.compile(r"(floor|safeguards|life-\d{1,10}|what-if-\d{1,10}-\d{1,4}-[a-z_]{1,30})")


@dataclass(frozen=True, kw_only=True)
class Look:
    """Something to be worked out of a run.

    Attributes
    ----------
    kind : {"life", "what-if", "floor", "safeguards"}
        What.
    citizen, month, change : int, int, str
        Whose life; from which month on what is changed; where the kind has them.
    """

    kind: str
    citizen: int = 0
    month: int = 0
    change: str = ""

    @property
    def key(self) -> str:
        """The name of its file, without the ending."""
        if self.kind == "life":
            return f"life-{self.citizen}"
        if self.kind == "what-if":
            return f"what-if-{self.citizen}-{self.month}-{self.change}"
        return self.kind

    @property
    def lane(self) -> int:
        """Which of two lanes it waits in: somebody looks at a life while safeguards are tried."""
        return 0 if self.kind in ("life", "what-if") else 1

    @classmethod
    def of(cls, key: str) -> Look:
        """Return what a key names.

        Raises
        ------
        NotFound
            If it is no key.
        """
        if not _KEY.fullmatch(key):
            raise NotFound(f"there is no look '{key[:60]}'")
        if key.startswith("life-"):
            return cls(kind="life", citizen=int(key.removeprefix("life-")))
        if key.startswith("what-if-"):
            citizen, month, change = key.removeprefix("what-if-").split("-")
            return cls(kind="what-if", citizen=int(citizen), month=int(month), change=change)
        return cls(kind=key)


def kept(folder: Path, look: Look) -> dict[str, Any] | None:
    """Return what was kept of a look at a run; None where there is nothing that fits the run."""
    found = read_json(folder / EXPLORED / f"{look.key}.json")
    if found.get("model") != MODEL_VERSION or not found.get("digest"):
        return None
    if found["digest"] != read_json(folder / COMPLETE).get("digest"):
        return None
    return found["found"]


def keep(folder: Path, look: Look, digest: str, found: Mapping[str, Any]) -> None:
    """Keep what a look gave: whole, or not at all."""
    place = folder / EXPLORED
    place.mkdir(exist_ok=True)
    whole = {"model": MODEL_VERSION, "digest": digest, "found": found}
    part = place / f".{look.key}.part"
    part.write_text(json.dumps(whole, ensure_ascii=False, allow_nan=False), encoding="utf-8")
    part.replace(place / f"{look.key}.json")


def progress_file(folder: Path, look: Look) -> Path:
    """Return where a look says how far it is, or why it failed."""
    return folder / EXPLORED / f"{look.key}.progress"


class Looks:
    """The looks of one explorer: two lanes, one at a time in each.

    Parameters
    ----------
    shelf : Shelf
        Where the run folders lie.
    settings : Settings
        With how many threads.
    """

    def __init__(self, shelf: Shelf, settings: Settings) -> None:
        self.shelf, self.settings = shelf, settings
        self._waiting: list[tuple[str, Look]] = []
        self._going: dict[tuple[str, str], tuple[Look, subprocess.Popen[bytes]]] = {}
        self._lock = threading.RLock()
        self._closing = threading.Event()
        self._watcher: threading.Thread | None = None

    def start(self) -> None:
        """Begin to work off what is asked for."""
        self._watcher = threading.Thread(target=self._watch, name="looks", daemon=True)
        self._watcher.start()

    def close(self) -> None:
        """Stop what goes on; nothing half done is kept."""
        self._closing.set()
        if self._watcher is not None:
            self._watcher.join()
        with self._lock:
            children = [child for _, child in self._going.values()]
        for child in children:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(child.pid, signal.SIGINT)
        for child in children:
            try:
                child.wait(_GRACE)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()

    def ask(self, name: str, look: Look) -> dict[str, Any]:
        """Have something worked out, unless it is there or on its way; return how it stands.

        Raises
        ------
        NotFound
            If there is no such run.
        BadArgument
            If too much waits already.
        """
        folder = self.shelf.path(name)
        with self._lock:
            stands = self.stands(name, look)
            if stands["state"] in ("finished", "waiting", "running"):
                return stands
            if len(self._waiting) >= MOST_WAITING:
                raise BadArgument(LOOKS["full"].format(most=MOST_WAITING), mend=LOOKS["full_mend"])
            progress_file(folder, look).unlink(missing_ok=True)
            self._waiting.append((name, look))
            return self.stands(name, look)

    def stands(self, name: str, look: Look) -> dict[str, Any]:
        """Return how a look stands.

        Returns
        -------
        dict
            ``state``: ``finished``, ``running``, ``waiting``, ``failed`` or ``none``;
            ``progress``: ``stage``, ``done``, ``total``, ``share``, ``place``; ``reason``: why it
            failed.
        """
        folder = self.shelf.path(name)
        if (folder / EXPLORED / f"{look.key}.json").is_file() and kept(folder, look) is not None:
            return {"state": "finished", "progress": {}, "reason": ""}
        with self._lock:
            before = [one for one in self._waiting if one[1].lane == look.lane]
            if (name, look) in before:
                place = {"place": before.index((name, look)) + 1}
                return {"state": "waiting", "progress": place, "reason": ""}
            going = (name, look.key) in self._going
        said = read_json(progress_file(folder, look))
        if going:
            return {"state": "running", "progress": said, "reason": ""}
        if said.get("stage") == "failed":
            return {"state": "failed", "progress": {}, "reason": str(said.get("reason") or "")}
        return {"state": "none", "progress": {}, "reason": ""}

    def _watch(self) -> None:
        while not self._closing.wait(_PAUSE):
            # Whatever goes wrong with one must not end the others.
            with contextlib.suppress(OSError, NotFound):
                self._step()

    def _step(self) -> None:
        with self._lock:
            for (name, key), (look, child) in [*self._going.items()]:
                if child.poll() is None:
                    continue
                del self._going[name, key]
                folder = self.shelf.path(name)
                if child.returncode not in _TOLD:
                    # It ended before it could say why.
                    _say(folder, look, stage="failed", reason=LOOKS["killed"])
            busy = {look.lane for look, _ in self._going.values()}
            for one in [*self._waiting]:
                if one[1].lane not in busy:
                    busy.add(one[1].lane)
                    self._waiting.remove(one)
                    self._begin(*one)

    def _begin(self, name: str, look: Look) -> None:
        folder = self.shelf.path(name)
        (folder / EXPLORED).mkdir(exist_ok=True)
        _say(folder, look, stage="starting", done=0, total=None, share=0.0)
        package = str(Path(glasscity.__file__).parent.parent)
        path = os.pathsep.join(filter(None, [package, os.environ.get("PYTHONPATH", "")]))
        child = subprocess.Popen(
            [
                *(sys.executable, "-m", "glasscity.web.looker"),
                *(str(folder), look.key, str(self.settings.threads)),
            ],
            env={**os.environ, "PYTHONPATH": path},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._going[name, look.key] = (look, child)


def _say(folder: Path, look: Look, **said: Any) -> None:
    with contextlib.suppress(OSError):
        progress_file(folder, look).write_text(json.dumps(said) + "\n", encoding="utf-8")
