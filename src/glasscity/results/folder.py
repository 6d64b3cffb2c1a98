"""Make folders and files so that nothing is ever half there, and say plainly what went wrong."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from glasscity.errors import BadArgument, DiskFull, GlasscityError, OutputExists

__all__ = ["checksum", "flush_to_disk", "make_folder", "new_run_folder", "told_plainly"]


def new_run_folder(base: str | Path = "runs", regime: str = "run") -> Path:
    """Make and return a folder ``BASE/REGIME-NNN`` that did not exist before.

    Parameters
    ----------
    base : path
        Folder of the runs; made if only its last part is missing.
    regime : str
        Name of the regime; characters unfit for a file name become hyphens.

    Returns
    -------
    Path
        An empty folder.  Two processes never get the same one: making it is the test.

    Raises
    ------
    BadArgument
        If nothing can be made there.
    DiskFull
        If there is no room.
    """
    base = Path(base)
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", regime).strip("-.") or "run"
    with told_plainly(base):
        base.mkdir(exist_ok=True)
        taken = re.compile(re.escape(name) + r"-(\d{3,})")
        numbers = [int(m[1]) for p in base.iterdir() if (m := taken.fullmatch(p.name))]
        number = max(numbers, default=0) + 1
        while True:
            folder = base / f"{name}-{number:03d}"
            try:
                folder.mkdir()
                return folder
            except FileExistsError:
                number += 1


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def make_folder(folder: Path, reserved: bool) -> None:
    """Make a folder that must not exist, or accept an empty one that was made just now."""
    where = str(folder)
    if reserved:
        if any(folder.iterdir()):
            raise OutputExists("the folder is not empty", where=where)
        return
    with told_plainly(folder):
        try:
            folder.mkdir()
        except FileExistsError:
            if (folder / "scenario.json").is_file() and not (folder / "complete.json").is_file():
                raise OutputExists(
                    "a run that is not finished is there already",
                    where=where,
                    mend=f"go on with it by 'glasscity resume {where}', or choose another --out",
                ) from None
            raise OutputExists(
                "this is there already, and results are never written over",
                where=where,
                mend="choose another --out, or leave it out to get a new folder",
            ) from None


@contextlib.contextmanager
def told_plainly(folder: Path) -> Iterator[None]:
    """Turn the operating system's refusals into messages that say how to mend them."""
    where = str(folder)
    try:
        yield
    except Exception as error:
        if _is_full(error, folder):
            raise DiskFull(
                "no room is left on the disk; the run is not complete",
                where=where,
                mend="free some space, or choose another place with --out",
            ) from error
        if not isinstance(error, OSError):
            raise
        if isinstance(error, FileNotFoundError) and not folder.parent.exists():
            raise BadArgument(
                f"the parent folder '{folder.parent}' does not exist",
                where=where,
                mend="make it first, or choose another --out",
            ) from error
        if isinstance(error, NotADirectoryError | PermissionError) or error.errno == errno.EROFS:
            raise BadArgument(
                "no folder can be written there",
                where=where,
                mend="choose a place that you may write to with --out",
            ) from error
        if error.errno == errno.ENAMETOOLONG:
            raise BadArgument("the name is too long", where=where) from error
        raise


# With less free space than this, a writer that gives no reason failed for want of it.
_NEXT_TO_NOTHING = 1 << 20


def _is_full(error: Exception, folder: Path) -> bool:
    if isinstance(error, OSError) and error.errno is not None:
        return error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    # The writers of tables wrap the system's error in one of their own, or say nothing of it.
    text = str(error)
    if "No space left on device" in text or "os error 28" in text:
        return True
    if isinstance(error, GlasscityError):
        return False
    with contextlib.suppress(OSError):
        place = folder if folder.is_dir() else folder.parent
        return shutil.disk_usage(place).free < _NEXT_TO_NOTHING
    return False


def flush_to_disk(path: Path) -> None:
    """Have the disk keep what was written; a folder's names are kept by flushing the folder."""
    if path.is_dir() and os.name != "posix":
        return
    handle = os.open(path, os.O_RDONLY if os.name == "posix" else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
