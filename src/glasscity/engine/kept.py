"""Named arrays in a folder that is whole or not there: what ranges keep of themselves."""

from __future__ import annotations

import json
import os
import shutil
import zlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np

__all__ = ["Broken", "Stored", "write_folder"]

_MANIFEST = "manifest.json"


class Broken(Exception):
    """What is stored is not what was written; the message says where."""


def write_folder(folder: Path, arrays: Mapping[str, np.ndarray]) -> None:
    """Write arrays into a folder that appears when all of them are on the disk.

    Parameters
    ----------
    folder : Path
        Its parent is made; a folder that is there already is replaced.
    arrays : mapping of name to array
        Names fit for files.

    Raises
    ------
    OSError
        Whatever the system refuses.
    """
    part = folder.parent / f".{folder.name}.part"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    entries = {}
    for name, array in arrays.items():
        whole = np.ascontiguousarray(array)
        with open(part / f"{name}.npy", "wb") as file:
            np.save(file, whole, allow_pickle=False)
            file.flush()
            os.fsync(file.fileno())
        entries[name] = zlib.crc32(whole.reshape(-1).view(np.uint8))
    with open(part / _MANIFEST, "w", encoding="utf-8") as file:
        json.dump(entries, file)
        file.flush()
        os.fsync(file.fileno())
    shutil.rmtree(folder, ignore_errors=True)
    part.rename(folder)
    handle = os.open(folder.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class Stored:
    """Arrays in a folder, as :func:`write_folder` left them.

    Raises
    ------
    Broken
        If there is no such folder.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            self._entries = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise Broken(f"'{folder}' is not whole: {error}") from error

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the arrays."""
        return tuple(self._entries)

    def read(self, name: str) -> np.ndarray:
        """Return an array, compared with its checksum.

        Raises
        ------
        Broken
            If it is missing or not what was written.
        """
        try:
            array = np.load(self.folder / f"{name}.npy", allow_pickle=False)
        except (OSError, ValueError) as error:
            raise Broken(f"'{name}' in '{self.folder}' cannot be read: {error}") from error
        if zlib.crc32(array.reshape(-1).view(np.uint8)) != self._entries[name]:
            raise Broken(f"'{name}' in '{self.folder}' is not what was written")
        return array
