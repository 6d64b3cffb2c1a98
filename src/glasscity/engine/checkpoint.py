"""Checkpoints on disk: named arrays in folders that are whole or not there.

::

    checkpoints/
        months-00024/           a stage of the run after 24 months
            manifest.json       what it belongs to, what it builds on; each array's CRC-32
            face.now.npy ...    one file an array, as numpy.load reads it
            +small.npy          all small arrays, one after the other
        months-00000-00012/     what grew in the first 12 months, and is never written again
        months-00012-00024/

A folder is written under another name, flushed to the disk and renamed, so that a name without a
dot is a promise that all of it is there.  What a stage adds month by month goes into folders of its
own that later checkpoints build on: a checkpoint costs the state and what is new, however many
months came before.  Nothing that a checkpoint needs is removed before a later one is whole.

Nothing here knows what the arrays mean or where they come from: an array may be handed over in
parts, and parts of a state written by several processes are folders to build on like others.
"""

from __future__ import annotations

import errno
import io
import json
import os
import re
import shutil
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from glasscity.errors import DamagedRun, DiskFull

__all__ = ["Broken", "Checkpoint", "Checkpoints", "Disk", "Parts", "Stored", "write_folder"]

FORMAT = 1
MANIFEST = "manifest.json"
_CHUNK = 16 << 20
# Arrays of up to so many bytes share a file: what costs time with them is that each file must be on
# the disk.  No array can bear the file's name.
_SMALL_BYTES = 1 << 16
_SMALL = "+small.npy"
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*")
_WHOLE = re.compile(r"([a-z][a-z-]*?)-(\d{5})")
_GROWN = re.compile(r"([a-z][a-z-]*?)-(\d{5})-(\d{5})")


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
        _discard(folder, disk)
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
                _discard(self.folder / name, self.disk)

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


def _discard(folder: Path, disk: Disk) -> None:
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
