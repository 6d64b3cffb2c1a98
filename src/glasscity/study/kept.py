"""A store of members' results: one small file each, named after what it is a result of."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from glasscity._version import MODEL_VERSION
from glasscity.errors import BadArgument, CannotFit, DamagedRun
from glasscity.results.folder import told_plainly

__all__ = ["FORMAT", "Store"]

FORMAT = 1
HEAD = "store.json"
# Bytes of a result at most: the nation's, and what each grouping adds.  Measured for the largest
# pack (31 provinces), with room to spare.
_NATION = 16_384
_GROUPING = {"province": 262_144, "area": 16_384, "quintile": 40_960, "age": 40_960, "camp": 24_576}


class Store:
    """A folder of results.

    Parameters
    ----------
    folder : Path
        Made if it is not there; its parent, too.
    told : callable
        Given sentences about files that cannot be used.

    Raises
    ------
    DamagedRun
        If it holds results of another version of the model.
    BadArgument
        If it holds something else, or no folder can be made there.
    """

    def __init__(self, folder: Path, told: Callable[[str], object]) -> None:
        self.folder = folder
        self._told = told
        head = folder / HEAD
        with told_plainly(folder):
            if not folder.is_dir():
                folder.mkdir(parents=True, exist_ok=True)
            if not head.is_file():
                if any(not one.name.startswith(".") for one in folder.iterdir()):
                    raise BadArgument(
                        "this folder holds something else than results of members",
                        where=str(folder),
                        mend="give another folder",
                    )
                about = {"format": FORMAT, "model": MODEL_VERSION}
                self._put(head, json.dumps(about, indent=1) + "\n")
        try:
            about = json.loads(head.read_text(encoding="utf-8"))
            version = about["format"], about["model"]
        except (OSError, ValueError, KeyError, TypeError):
            raise DamagedRun(
                f"'{HEAD}' cannot be read", where=str(folder), mend="give another folder"
            ) from None
        if version != (FORMAT, MODEL_VERSION):
            raise DamagedRun(
                f"results of another version are kept here (format {version[0]}, model "
                f"{version[1]})",
                where=str(folder),
                allowed=f"format {FORMAT}, model {MODEL_VERSION}: others give other numbers",
                mend="give another folder, or go on with the version that began this one",
            )

    def path(self, key: str) -> Path:
        """Return the file of a result."""
        return self.folder / f"{key}.json"

    def read(self, keys: Iterable[str]) -> dict[str, dict[str, Any]]:
        """Return the results that are there, by key.

        A file that is not what was written is set aside, said so, and never used.
        """
        found = {}
        for key in keys:
            try:
                text = self.path(key).read_text(encoding="utf-8")
            except (FileNotFoundError, NotADirectoryError):
                continue
            except (OSError, ValueError):
                text = ""
            document = _checked(text, key)
            if document is None:
                self._set_aside(key)
            else:
                found[key] = document
        return found

    def write(self, document: dict[str, Any]) -> None:
        """Keep a result; it appears whole or not at all.

        Raises
        ------
        DiskFull
            If there is no room.
        """
        body = json.dumps(document, allow_nan=False)
        whole = json.dumps({"checksum": _checksum(body), "result": document})
        with told_plainly(self.folder):
            self._put(self.path(document["key"]), whole + "\n")

    def check_room(self, members: int, groups: Iterable[str]) -> None:
        """Refuse more results than the disk holds.

        Raises
        ------
        CannotFit
            If they would not fit.
        """
        from glasscity.engine.room import disk_free, size

        needed = members * (_NATION + sum(_GROUPING[name] for name in groups))
        free = disk_free(self.folder)
        if needed > 0.95 * free:
            raise CannotFit(
                f"{members:,} results would take up to {size(needed)} of disk, and {size(free)} "
                "are free",
                where=str(self.folder),
                mend="ask for fewer members or groupings, or choose another place with --out",
            )

    def _put(self, path: Path, text: str) -> None:
        # Two processes may write the same: each its own temporary file, and the last rename wins.
        temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
        try:
            temporary.write_text(text, encoding="utf-8")
            temporary.replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
            raise

    def _set_aside(self, key: str) -> None:
        path = self.path(key)
        aside = path.with_suffix(".damaged")
        with told_plainly(self.folder):
            path.replace(aside)
        self._told(
            f"{path} is not what was written there: it is kept as '{aside.name}', not used, and "
            "the member is run again"
        )


def _checksum(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _checked(text: str, key: str) -> dict[str, Any] | None:
    """Return a result as it was written, or None where the file is anything else."""
    try:
        whole = json.loads(text)
        document = whole["result"]
        body = json.dumps(document, allow_nan=False)
        same = whole["checksum"] == _checksum(body)
        if same and document["key"] == key and document["model"] == MODEL_VERSION:
            return document
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    return None
