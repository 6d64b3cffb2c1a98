"""A lock on a run folder that a dead process cannot keep.

The lock file names the process, when that process started and the boot it runs under.  A lock
whose process is gone, or that dates from before the last start of the machine, is taken over.
"""

from __future__ import annotations

import contextlib
import json
import os
import uuid
from pathlib import Path
from typing import Any

from glasscity.errors import BadArgument

__all__ = ["LOCK", "FolderLock", "holder"]

LOCK = "lock.json"


def _boot() -> str:
    """Return something that changes when the machine starts anew; "" where unknown."""
    with contextlib.suppress(OSError):
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    return ""


def _told_of(pid: int) -> list[str]:
    """Return what the system tells of a process, its state first; empty where it does not."""
    with contextlib.suppress(OSError, IndexError):
        # The name of the process, in brackets, may hold spaces: count fields behind it.
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        return text.rsplit(")", 1)[1].split()
    return []


def _started(pid: int) -> str:
    """Return when a process started, in the system's own ticks; "" where unknown."""
    told = _told_of(pid)
    return told[19] if len(told) > 19 else ""


def _alive(pid: int) -> bool:
    if os.name != "posix":
        # Sending signal 0 would end the process there; the lock then only informs.
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    # A process that was killed and whose end nobody has asked for writes nothing any more; in a
    # container it may stay in the list for good.
    return _told_of(pid)[:1] not in (["Z"], ["X"])


def holder(folder: Path) -> int | None:
    """Return the process that holds the lock of a folder, or None.

    Parameters
    ----------
    folder : Path
        A run folder, locked or not.

    Returns
    -------
    int or None
        None also where the lock's process is dead or the lock unreadable.
    """
    return _holder_of(folder / LOCK)


def _holder_of(path: Path) -> int | None:
    try:
        found: Any = json.loads(path.read_text(encoding="utf-8"))
        pid, boot, started = int(found["pid"]), str(found["boot"]), str(found["started"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    # A number may have been given to another process since: its start then differs.
    same = (not boot or boot == _boot()) and (not started or started == _started(pid))
    return pid if pid > 0 and same and _alive(pid) else None


class FolderLock:
    """Hold a run folder against a second writer, as a context manager or by hand.

    Parameters
    ----------
    folder : Path
        An existing folder.

    Raises
    ------
    BadArgument
        If a living process holds the lock.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / LOCK
        self._folder = folder
        self._token = uuid.uuid4().hex
        self._take()

    def _take(self) -> None:
        pid = os.getpid()
        mine = {"pid": pid, "boot": _boot(), "started": _started(pid), "token": self._token}
        own = self._folder / f".lock-{self._token}"
        own.write_text(json.dumps(mine) + "\n", encoding="utf-8")
        pid_of_holder = None
        try:
            for _ in range(8):
                try:
                    # Linking makes name and content appear at once, and fails if the name is taken.
                    _link(own, self.path)
                    return
                except FileExistsError:
                    pass
                pid_of_holder = holder(self._folder)
                if pid_of_holder is not None:
                    break
                self._remove_stale()
            raise BadArgument(
                f"another process ({pid_of_holder}) is writing there",
                where=str(self._folder),
                mend="wait until it has finished, or choose another folder",
            )
        finally:
            own.unlink(missing_ok=True)

    def _remove_stale(self) -> None:
        aside = self._folder / f".stale-{self._token}"
        try:
            self.path.rename(aside)
        except FileNotFoundError:
            return
        # Somebody may have replaced the dead lock between our look and our grasp: give it back.
        if _holder_of(aside) is not None:
            with contextlib.suppress(FileExistsError):
                _link(aside, self.path)
        aside.unlink(missing_ok=True)

    def release(self) -> None:
        """Give the folder back; nothing happens if the lock is no longer ours."""
        with contextlib.suppress(OSError, ValueError):
            if json.loads(self.path.read_text(encoding="utf-8")).get("token") == self._token:
                self.path.unlink()

    def __enter__(self) -> FolderLock:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except FileExistsError:
        raise
    except OSError:
        # Some file systems know no hard links; exclusive creation is nearly as good.
        with target.open("x", encoding="utf-8") as file:
            file.write(source.read_text(encoding="utf-8"))
