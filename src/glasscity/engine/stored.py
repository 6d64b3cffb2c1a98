"""Named arrays on the disk, in a folder that is whole or not there.

::

    FOLDER/
        manifest.json           each array's type, shape, place and CRC-32; what was kept with them
        face.now.npy ...        one file an array, as numpy.load reads it
        +small.npy              all small arrays, one after the other

A folder is written under another name, flushed to the disk and renamed, so that a name without a
dot is a promise that all of it is there.

Nothing here knows what the arrays mean or where they come from: an array may be handed over in
parts, and a state that several processes hold is written as a folder by each.
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import zlib
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

__all__ = ["Array", "Broken", "Disk", "Parts", "Stored", "discard", "write_folder"]

FORMAT = 1
MANIFEST = "manifest.json"
_CHUNK = 16 << 20
# Arrays of up to so many bytes share a file: what costs time with them is that each file must be on
# the disk.  No array can bear the file's name.
_SMALL_BYTES = 1 << 16
_SMALL = "+small.npy"
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*")


class Broken(Exception):
    """What is stored is not what was written; the message is half a sentence that says why."""


@dataclass(frozen=True)
class Parts:
    """An array that is handed over in parts, so that it need never be whole in memory.

    ``parts`` are arrays of ``dtype`` that follow each other along the first axis and make up
    ``shape``.
    """

    dtype: Any
    shape: tuple[int, ...]
    parts: Iterable[np.ndarray]


Array: TypeAlias = "np.ndarray | Parts"


class Disk:
    """The steps by which anything changes on the disk; tests stop the world at each of them."""

    def make(self, folder: Path) -> None:
        """Make a folder."""
        folder.mkdir()

    def write(self, path: Path, chunks: Iterable[Any]) -> None:
        """Write a file and have the disk keep it."""
        with path.open("wb") as file:
            for chunk in chunks:
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())

    def rename(self, old: Path, new: Path) -> None:
        """Give a folder another name."""
        old.rename(new)

    def flush(self, folder: Path) -> None:
        """Have the disk keep the names in a folder."""
        if os.name != "posix":
            return
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def remove(self, folder: Path) -> None:
        """Remove a folder with all that is in it."""
        shutil.rmtree(folder)


def write_folder(
    folder: Path,
    arrays: Mapping[str, Array],
    about: Mapping[str, Any] | None = None,
    *,
    threads: int = 2,
    disk: Disk | None = None,
) -> int:
    """Write arrays into a folder that appears when all of them are on the disk.

    Parameters
    ----------
    folder : Path
        Its parent must exist.  A folder that is there already is replaced.
    arrays : mapping of name to array or Parts
        Names of letters, digits, dots, hyphens and underscores.
    about : mapping, fit for JSON, optional
        Kept with them.
    threads : int
        Files written at a time.

    Returns
    -------
    int
        CRC-32 of the manifest, by which others can refer to exactly this content.

    Raises
    ------
    OSError
        Whatever the system refuses; the folder is then as it was.
    """
    disk = disk or Disk()
    part = folder.parent / f".{folder.name}.part"
    _clear_away(part, disk)
    disk.make(part)
    files: dict[str, dict[str, Array]] = {}
    for name, array in arrays.items():
        if not _NAME.fullmatch(name):
            raise ValueError(f"'{name}' cannot be the name of a file")
        small = not isinstance(array, Parts) and array.nbytes <= _SMALL_BYTES
        files.setdefault(_SMALL if small else f"{name}.npy", {})[name] = array
    with ThreadPoolExecutor(max(1, threads)) as pool:
        written = pool.map(lambda item: _write_file(part, *item, disk), files.items())
        entries = {name: entry for each in written for name, entry in each.items()}
    manifest = {"format": FORMAT, "arrays": entries, "about": dict(about or {})}
    crc = zlib.crc32(_canonical(manifest))
    # Nothing follows the last bracket: cut anywhere, it cannot be read.
    text = json.dumps({"crc32": crc, "manifest": manifest}, indent=1)
    disk.write(part / MANIFEST, [text.encode()])
    disk.flush(part)
    if folder.exists():
        discard(folder, disk)
    disk.rename(part, folder)
    disk.flush(folder.parent)
    return crc


def _write_file(
    folder: Path, file: str, arrays: Mapping[str, Array], disk: Disk
) -> dict[str, dict[str, Any]]:
    """Write arrays one after the other; return how each is described in the manifest."""
    entries: dict[str, dict[str, Any]] = {}
    end = 0

    def chunks() -> Iterator[Any]:
        nonlocal end
        for name, array in arrays.items():
            dtype, shape = np.dtype(array.dtype), tuple(int(n) for n in array.shape)
            entry = {"file": file, "at": end, "dtype": dtype.str, "shape": list(shape)}
            head = _header(dtype, shape)
            yield head
            crc = size = 0
            for part in array.parts if isinstance(array, Parts) else (array,):
                if part.dtype != dtype:
                    raise ValueError(f"'{name}' is {dtype}, one of its parts {part.dtype}")
                flat = _bytes_of(np.ascontiguousarray(part))
                for start in range(0, len(flat), _CHUNK):
                    chunk = flat[start : start + _CHUNK]
                    crc, size = zlib.crc32(chunk, crc), size + len(chunk)
                    yield chunk
            if size != dtype.itemsize * int(np.prod(shape, dtype=np.int64)):
                raise ValueError(f"the parts of '{name}' do not make up its shape {shape}")
            entries[name] = {**entry, "crc32": crc}
            end += len(head) + size

    disk.write(folder / file, chunks())
    for entry in entries.values():
        entry["of"] = end
    return entries


class Stored:
    """Arrays in a folder, as :func:`write_folder` left them.

    Parameters
    ----------
    folder : Path
    crc : int, optional
        That of the manifest that is expected.

    Raises
    ------
    Broken
        If there is no such folder, or its manifest is not what was written.
    """

    def __init__(self, folder: Path, crc: int | None = None) -> None:
        self.folder = folder
        try:
            told = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
            manifest, stored = told["manifest"], int(told["crc32"])
        except OSError as error:
            raise Broken(f"'{folder.name}/{MANIFEST}' {_reason(error)}") from error
        except (ValueError, KeyError, TypeError) as error:
            raise Broken(f"'{folder.name}/{MANIFEST}' is not what was written") from error
        if zlib.crc32(_canonical(manifest)) != stored or crc not in (None, stored):
            raise Broken(f"'{folder.name}/{MANIFEST}' is not what was written")
        if manifest["format"] != FORMAT:
            raise Broken(f"'{folder.name}' has the format {manifest['format']}, not {FORMAT}")
        self.crc = stored
        self.about: dict[str, Any] = manifest["about"]
        self._arrays: dict[str, dict[str, Any]] = manifest["arrays"]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the arrays."""
        return tuple(self._arrays)

    def read(self, name: str, into: np.ndarray | None = None) -> np.ndarray:
        """Return an array, compared with its checksum on the way.

        Parameters
        ----------
        into : array, optional
            Of the same type and shape and contiguous: filled instead of a new one.

        Raises
        ------
        Broken
            If it is missing, cut short, of another type or shape, or not what was written.
        """
        dtype, shape = self._described(name)
        array = np.empty(shape, dtype) if into is None else into
        if array.dtype != dtype or array.shape != shape:
            raise Broken(f"'{self.folder.name}' has a '{name}' of another type or length")
        flat = _bytes_of(array)
        views = (flat[start : start + _CHUNK] for start in range(0, len(flat), _CHUNK))
        self._check(name, views)
        return array

    def check(self) -> None:
        """Read all files and compare them with their checksums.

        Raises
        ------
        Broken
            If one is missing, cut short or not what was written.
        """
        room = memoryview(bytearray(_CHUNK))
        for name in self._arrays:
            dtype, shape = self._described(name)
            size = dtype.itemsize * int(np.prod(shape, dtype=np.int64))
            views = (room[: min(_CHUNK, size - at)] for at in range(0, size, _CHUNK))
            self._check(name, views)

    def _described(self, name: str) -> tuple[np.dtype, tuple[int, ...]]:
        if name not in self._arrays:
            raise Broken(f"'{self.folder.name}' has no '{name}'")
        entry = self._arrays[name]
        return np.dtype(entry["dtype"]), tuple(entry["shape"])

    def _check(self, name: str, views: Iterable[memoryview]) -> None:
        """Fill views of memory one after the other from a file and compare the checksum."""
        entry = self._arrays[name]
        path = self.folder / entry["file"]
        head, crc = _header(*self._described(name)), 0
        try:
            with path.open("rb", buffering=0) as file:
                whole = os.fstat(file.fileno()).st_size == entry["of"]
                file.seek(entry["at"])
                whole = whole and file.read(len(head)) == head
                for view in views:
                    whole = whole and _fill(file, view)
                    crc = zlib.crc32(view, crc)
        except OSError as error:
            raise Broken(f"'{self.folder.name}/{path.name}' {_reason(error)}") from error
        if not whole or crc != entry["crc32"]:
            raise Broken(f"'{self.folder.name}/{path.name}' is not what was written")


def discard(folder: Path, disk: Disk) -> None:
    """Remove a folder so that its name is gone at once."""
    aside = folder.parent / f".{folder.name}.old"
    _clear_away(aside, disk)
    disk.rename(folder, aside)
    disk.remove(aside)


def _clear_away(folder: Path, disk: Disk) -> None:
    if folder.exists():
        disk.remove(folder)


def _header(dtype: np.dtype, shape: tuple[int, ...]) -> bytes:
    head = io.BytesIO()
    about = {"descr": np.lib.format.dtype_to_descr(dtype), "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(head, about)
    return head.getvalue()


def _bytes_of(array: np.ndarray) -> memoryview:
    # Memory of no length has no bytes to look at.
    return memoryview(array).cast("B") if array.size else memoryview(b"")


def _fill(file: io.FileIO, view: memoryview) -> bool:
    """Fill a view from a file; False where the file is too short."""
    done = 0
    while done < len(view):
        got = file.readinto(view[done:])
        if not got:
            return False
        done += got
    return True


def _canonical(content: Any) -> bytes:
    return json.dumps(content, sort_keys=True, separators=(",", ":")).encode()


def _reason(error: OSError) -> str:
    missing = isinstance(error, FileNotFoundError | NotADirectoryError)
    return "is missing" if missing else f"cannot be read ({error.strerror})"
