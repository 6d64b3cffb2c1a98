"""The runs folder: what lies there, in which state, and nothing outside it."""

from __future__ import annotations

import json
import re
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from glasscity.errors import DamagedRun, NotFound
from glasscity.results.lock import holder
from glasscity.results.store import COMPLETE, SCENARIO, STATE, WAITING
from glasscity.terms import MECHANISMS
from glasscity.web.words import STATES

if TYPE_CHECKING:
    from glasscity.results.run import Run

__all__ = ["PROGRESS", "Shelf", "Stored", "read_json"]

# What the worker says of how far it is; it goes when the run is finished.
PROGRESS = "progress.json"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
# Runs kept open: their tables are small, the lives of their people are not.
_OPEN = 4


@dataclass(frozen=True, kw_only=True)
class Stored:
    """What is known of a run folder without opening it.

    Attributes
    ----------
    state : {"waiting", "running", "finished", "stopped", "failed"}
        What has become of it.
    reason : str
        Why it stopped or failed.
    progress : mapping
        ``stage``, ``done``, ``total``, ``share`` of a run that is going on; else empty.
    strengths : mapping
        Those that are not as usual.
    """

    name: str
    state: str
    reason: str
    progress: Mapping[str, Any]
    regime: str
    regime_title: str
    kind: str
    country: str
    country_title: str
    behaviour: str
    citizens: int
    months: int
    start: str
    seed: int
    strengths: Mapping[str, float]
    twin: bool
    digest: str | None
    made: str


class Shelf:
    """The runs of a folder, by name.

    Parameters
    ----------
    folder : Path
        Its direct children are the runs.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._scenarios: dict[tuple[str, int], dict[str, Any]] = {}
        self._runs: OrderedDict[tuple[str, int], Run] = OrderedDict()
        self._lock = threading.Lock()

    def path(self, name: str) -> Path:
        """Return the folder of a run.

        Raises
        ------
        NotFound
            If there is no run of this name directly in the runs folder.
        """
        path = self.folder / name
        if _NAME.fullmatch(name) and not path.is_symlink() and (path / SCENARIO).is_file():
            return path
        raise NotFound(
            f"there is no run '{name[:60]}'",
            allowed="the runs that the start page lists",
            mend="go back to the start page",
        )

    def names(self) -> list[str]:
        """Return the names of the runs, the latest first."""
        if not self.folder.is_dir():
            return []
        found = []
        for path in self.folder.iterdir():
            scenario = path / SCENARIO
            try:
                if _NAME.fullmatch(path.name) and not path.is_symlink():
                    found.append((scenario.stat().st_mtime_ns, path.name))
            except OSError:
                continue
        return [name for _, name in sorted(found, reverse=True)]

    def all(self) -> list[Stored]:
        """Return what is known of every run, the latest first; unreadable ones are left out."""
        found = []
        for name in self.names():
            try:
                found.append(self.stored(name))
            except (DamagedRun, NotFound):
                continue
        return found

    def stored(self, name: str) -> Stored:
        """Return what is known of a run without opening it.

        Raises
        ------
        NotFound
            If there is no such run.
        DamagedRun
            If its scenario cannot be read.
        """
        path = self.path(name)
        about = self._scenario(path)
        state, reason = _state_of(path)
        mark = read_json(path / COMPLETE) if state == "finished" else {}
        asked = read_json(path / STATE).get("asked") or {}
        return Stored(
            name=name,
            state=state,
            reason=reason,
            progress=read_json(path / PROGRESS) if state == "running" else {},
            twin=bool(asked.get("twin", (path / "twin").is_dir())),
            digest=mark.get("digest"),
            **about,
        )

    def _scenario(self, path: Path) -> dict[str, Any]:
        file = path / SCENARIO
        made = file.stat().st_mtime_ns
        key = (path.name, made)
        if key not in self._scenarios:
            whole = read_json(file)
            if not whole:
                raise DamagedRun(f"'{SCENARIO}' cannot be read", where=path.name)
            self._scenarios[key] = _about(whole, made)
        return self._scenarios[key]

    def open(self, name: str) -> Run:
        """Return a finished run; the last few stay open.

        Raises
        ------
        NotFound
            If there is no such run.
        DamagedRun
            If it is not finished or not whole.
        """
        from glasscity.results.run import open_run

        path = self.path(name)
        try:
            key = (name, (path / COMPLETE).stat().st_mtime_ns)
        except OSError:
            key = (name, 0)
        with self._lock:
            if key in self._runs:
                self._runs.move_to_end(key)
                return self._runs[key]
        run = open_run(path)
        with self._lock:
            self._runs[key] = run
            while len(self._runs) > _OPEN:
                self._runs.popitem(last=False)
        return run


def _state_of(path: Path) -> tuple[str, str]:
    """Return the state of a run folder, and why it stopped or failed."""
    if (path / COMPLETE).is_file():
        return "finished", ""
    told = read_json(path / STATE)
    state, reason = told.get("state"), str(told.get("reason") or "")
    if holder(path) is not None:
        return "running", ""
    said = read_json(path / PROGRESS)
    if said.get("stage") == "failed":
        return "failed", str(said.get("reason") or "")
    if state == WAITING:
        return "waiting", ""
    if state == "interrupted":
        return "stopped", reason
    if state == "failed":
        return "failed", reason
    return "failed", STATES["killed"]


def _about(whole: Mapping[str, Any], made: int) -> dict[str, Any]:
    regime, country = (_part(whole, key) for key in ("regime", "country"))
    given = _part(whole, "strengths")
    return {
        "regime": str(regime.get("name", "")),
        "regime_title": str(regime.get("title", "")),
        "kind": str(regime.get("kind", "")),
        "country": str(country.get("name", "")),
        "country_title": str(country.get("title", "")),
        "behaviour": str(_part(whole, "behaviour").get("name", "")),
        "citizens": int(whole.get("citizens", 0)),
        "months": int(whole.get("months", 0)),
        "start": str(whole.get("start", "")),
        "seed": int(whole.get("seed", 0)),
        "strengths": {
            str(name): float(strength)
            for name, strength in given.items()
            if isinstance(strength, int | float) and strength != (name in MECHANISMS)
        },
        "made": datetime.fromtimestamp(made / 1e9, UTC).isoformat(timespec="seconds"),
    }


def _part(whole: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    part = whole.get(key)
    return part if isinstance(part, Mapping) else {}


def read_json(path: Path) -> dict[str, Any]:
    """Return what a small JSON file holds; empty if it is not there or no mapping."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
