"""Checkpoints of a run: from which month it can go on when its process has ended.

::

    checkpoints/
        months-00024/           a stage of the run after 24 months (engine.stored)
        months-00000-00012/     what grew in the first 12 months, and is never written again
        months-00012-00024/

What a stage adds month by month goes into folders of its own that later checkpoints build on: a
checkpoint costs the state and what is new, however many months came before.  Nothing that a
checkpoint needs is removed before a later one is whole.
"""

from __future__ import annotations

import errno
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from glasscity.engine.stored import Array, Broken, Disk, Stored, discard, write_folder
from glasscity.errors import DamagedRun, DiskFull

__all__ = ["Checkpoint", "Checkpoints"]

_WHOLE = re.compile(r"([a-z][a-z-]*?)-(\d{5})")
_GROWN = re.compile(r"([a-z][a-z-]*?)-(\d{5})-(\d{5})")


@dataclass(frozen=True)
class Checkpoint:
    """A whole checkpoint: its own arrays, and the folders of what grew until then, in order."""

    stage: str
    month: int
    own: Stored
    grown: Sequence[Stored]

    @property
    def about(self) -> dict[str, Any]:
        """What was kept with the arrays."""
        return self.own.about["about"]


@dataclass
class Checkpoints:
    """The checkpoints of one run, of one or several stages.

    Parameters
    ----------
    folder : Path
        Made with the first checkpoint; its parent must exist.
    identity : mapping of name to value, fit for JSON
        What the run is: checkpoints of another one are refused.
    keep : int
        How many of a stage are kept, at least 1: with two, a disk that loses one costs months and
        not the run.
    threads : int
        Files written at a time.
    """

    folder: Path
    identity: Mapping[str, Any]
    keep: int = 2
    threads: int = 2
    disk: Disk = field(default_factory=Disk)
    _builds_on: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def months(self, stage: str) -> list[int]:
        """Return the months of which there are checkpoints, whole or broken, the latest first."""
        found = (_WHOLE.fullmatch(name) for name in self._folders())
        return sorted((int(m[2]) for m in found if m and m[1] == stage), reverse=True)

    def write(
        self,
        stage: str,
        month: int,
        arrays: Mapping[str, Array],
        grown: Callable[[int], Mapping[str, Array]],
        about: Mapping[str, Any],
    ) -> None:
        """Write a checkpoint, and then remove those that it makes superfluous.

        Parameters
        ----------
        stage : str
            Letters and hyphens.
        month : int in [0, 99999]
            Months done.
        arrays : mapping of name to array
            What the stage is now.
        grown : callable
            Given the months that are stored already, returns what was added since.
        about : mapping, fit for JSON

        Raises
        ------
        DiskFull
            If there is no room; earlier checkpoints are whole.
        """
        try:
            if not self.folder.is_dir():
                self.disk.make(self.folder)
                self.disk.flush(self.folder.parent)
            self._write(stage, month, arrays, grown, about)
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
                raise
            for name in self._folders():
                if name.startswith("."):
                    with suppress(OSError):
                        self.disk.remove(self.folder / name)
            raise DiskFull(
                f"no room is left on the disk for the checkpoint after {month} months; "
                "those before it are whole",
                where=str(self.folder.parent),
                mend=f"free some space, then 'glasscity resume {self.folder.parent}'",
            ) from error

    def _write(
        self,
        stage: str,
        month: int,
        arrays: Mapping[str, Array],
        grown: Callable[[int], Mapping[str, Array]],
        about: Mapping[str, Any],
    ) -> None:
        before = self._builds_on.get(stage, [])
        since = int(before[-1]["month"]) if before else 0
        place = self.folder / f"{stage}-{since:05d}-{month:05d}"
        crc = write_folder(place, grown(since), threads=self.threads, disk=self.disk)
        builds_on = [*before, {"folder": place.name, "month": month, "crc32": crc}]
        write_folder(
            self.folder / f"{stage}-{month:05d}",
            arrays,
            {"identity": dict(self.identity), "about": dict(about), "builds_on": builds_on},
            threads=self.threads,
            disk=self.disk,
        )
        self._builds_on[stage] = builds_on
        self._tidy(stage, month)

    def _tidy(self, stage: str, month: int) -> None:
        """Remove what no checkpoint that is kept needs, and what an earlier process left half."""
        # A later one than that just written was broken, or the run would have gone on from it.
        kept = [m for m in self.months(stage) if m <= month][: max(1, self.keep)]
        needed = {f"{stage}-{m:05d}" for m in kept}
        for m in kept:
            with suppress(Broken):
                stored = Stored(self.folder / f"{stage}-{m:05d}")
                needed |= {one["folder"] for one in stored.about["builds_on"]}
        for name in self._folders():
            match = _WHOLE.fullmatch(name) or _GROWN.fullmatch(name)
            if name.startswith("."):
                self.disk.remove(self.folder / name)
            elif match and match[1] == stage and name not in needed:
                discard(self.folder / name, self.disk)

    def newest(self, stage: str, told: Callable[[str], object]) -> Checkpoint | None:
        """Return the newest checkpoint of a stage that is whole, or None.

        What is written next builds on it.

        Parameters
        ----------
        told : callable
            Given a sentence about each one that is broken.

        Raises
        ------
        DamagedRun
            If it belongs to another run or another version of the model.
        """
        for month in self.months(stage):
            try:
                own = Stored(self.folder / f"{stage}-{month:05d}")
                self._same_run(own)
                own.check()
                grown = []
                for entry in own.about["builds_on"]:
                    grown.append(Stored(self.folder / entry["folder"], entry["crc32"]))
                    grown[-1].check()
            except Broken as error:
                told(f"the checkpoint after {month} months cannot be used: {error}")
                continue
            self._builds_on[stage] = list(own.about["builds_on"])
            return Checkpoint(stage, month, own, grown)
        self._builds_on.pop(stage, None)
        return None

    def _same_run(self, own: Stored) -> None:
        theirs = own.about["identity"]
        for name in (*self.identity, *theirs):
            if theirs.get(name) != self.identity.get(name):
                raise DamagedRun(
                    f"the checkpoint '{own.folder.name}' belongs to another run: its {name} is "
                    f"{theirs.get(name)}, not {self.identity.get(name)}",
                    where=str(self.folder),
                    mend="restore the run's own checkpoints, or remove them to begin at month 0",
                )

    def remove(self) -> None:
        """Remove all of them."""
        if self.folder.is_dir():
            self.disk.remove(self.folder)

    def _folders(self) -> list[str]:
        if not self.folder.is_dir():
            return []
        return [path.name for path in self.folder.iterdir() if path.is_dir()]
