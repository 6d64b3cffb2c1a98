"""Where packed parts of a society lie between two passes: in memory, or on disk.

A shelf holds one record a part.  A pass takes every record down once and puts one back.  On disk
what is put back goes to the next *generation*, a folder of its own, so that the generation before
stays whole until the pass has ended: a month that is broken off has changed nothing.
"""

from __future__ import annotations

import contextlib
import errno
import mmap
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import numpy as np

from glasscity.engine.codec import checksum_of
from glasscity.errors import DamagedRun, DiskFull

__all__ = ["PAGE", "DiskShelf", "MemoryShelf", "Shelf", "page_buffer"]

PAGE = 4096
# A record begins with its length in bytes and the checksum of the rest.
_HEAD = 16


def page_buffer(size: int) -> np.ndarray:
    """Return uint8 of at least so many bytes that begins on a page, as unbuffered reading asks."""
    return np.frombuffer(mmap.mmap(-1, _pages(size)), dtype=np.uint8)


def _pages(size: int) -> int:
    return -(-size // PAGE) * PAGE


class Shelf(Protocol):
    """One record a part; every record begins with 16 bytes that are the shelf's own."""

    def take(self, part: int, room: np.ndarray) -> np.ndarray:
        """Return a part's record, possibly in ``room``; it holds until the next use of ``room``."""
        ...

    def put(self, part: int, record: np.ndarray) -> None:
        """Keep a part's record, a page buffer's beginning."""
        ...

    def turn(self) -> None:
        """End a pass: what was put is what will be taken."""
        ...

    @property
    def nbytes(self) -> int:
        """Bytes of memory that the records take."""
        ...


class MemoryShelf:
    """Records in memory; a record that is put replaces the one before at once."""

    def __init__(self, parts: int) -> None:
        self._records: list[np.ndarray] = [np.zeros(0, np.uint8)] * parts

    def take(self, part: int, room: np.ndarray) -> np.ndarray:
        """Return the record itself: it is not to be written to."""
        return self._records[part]

    def put(self, part: int, record: np.ndarray) -> None:
        """Keep a copy."""
        self._records[part] = record.copy()

    def turn(self) -> None:
        """Nothing is left to do: there is one generation."""

    @property
    def nbytes(self) -> int:
        """Bytes of all records."""
        return sum(record.nbytes for record in self._records)

    def records(self) -> list[np.ndarray]:
        """Return every record, in the order of the parts: not to be written to."""
        return self._records

    def copy(self) -> MemoryShelf:
        """Return a shelf with the same records, which are never changed in place."""
        other = MemoryShelf(0)
        other._records = list(self._records)
        return other


class DiskShelf:
    """Records on disk, a file a part, a folder a generation.

    Parameters
    ----------
    folder : Path
        Of this shelf alone; made if need be.
    generation : int
        The one to take from; -1 where nothing has been put yet.

    Raises
    ------
    DamagedRun
        On taking a record that is not what was put.
    DiskFull
        On putting, where no room is left; the generation taken from is whole.
    """

    def __init__(self, folder: Path, generation: int = -1) -> None:
        self.folder = folder
        self.generation = generation
        self._protected: set[int] = {generation}
        with _told_plainly(folder):
            folder.mkdir(parents=True, exist_ok=True)
            for old in folder.iterdir():
                if old.name != self._name(generation):
                    shutil.rmtree(old, ignore_errors=True)
            self._into.mkdir()

    @staticmethod
    def _name(generation: int) -> str:
        return f"generation-{generation:05d}"

    @property
    def current(self) -> Path:
        """The folder of the generation that is taken from."""
        return self.folder / self._name(self.generation)

    @property
    def _into(self) -> Path:
        return self.folder / self._name(self.generation + 1)

    def take(self, part: int, room: np.ndarray) -> np.ndarray:
        """Return a part's record, read into ``room``, a page buffer."""
        file = self.current / f"{part:06d}"
        try:
            handle, _ = _open(file, os.O_RDONLY)
            try:
                size = os.fstat(handle).st_size
                read = os.preadv(handle, [memoryview(room)[: _pages(size)]], 0)
            finally:
                os.close(handle)
        except OSError as error:
            raise DamagedRun(
                f"the part of the state in '{file.name}' cannot be read",
                where=str(self.current),
                mend="resume from the last good checkpoint",
            ) from error
        head = room[:_HEAD].view(np.int64)
        length = int(head[0])
        if (
            read < _HEAD
            or not _HEAD <= length <= read
            or checksum_of(room[_HEAD:length]) != head[1]
        ):
            raise DamagedRun(
                f"the part of the state in '{file.name}' is not what was written",
                where=str(self.current),
                mend="resume from the last good checkpoint",
            )
        return room[:length]

    def put(self, part: int, record: np.ndarray) -> None:
        """Write a part's record into the next generation."""
        length = len(record)
        head = record[:_HEAD].view(np.int64)
        head[0] = length
        head[1] = checksum_of(record[_HEAD:])
        file = self._into / f"{part:06d}"
        with _told_plainly(self.folder):
            handle, direct = _open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            try:
                # Unbuffered writing takes whole pages; what stands behind the record is ignored.
                whole = _pages(length) if direct else length
                base = np.frombuffer(record.base if record.base is not None else record, np.uint8)
                view = memoryview(base)[:whole]
                while len(view) > 0:
                    view = view[os.write(handle, view) :]
            finally:
                os.close(handle)
        if self.generation not in self._protected:
            (self.current / f"{part:06d}").unlink(missing_ok=True)

    def turn(self) -> None:
        """Take from the generation just put; the one before goes, unless it is protected."""
        old = self.generation
        self.generation += 1
        with _told_plainly(self.folder):
            if old not in self._protected:
                shutil.rmtree(self.folder / self._name(old), ignore_errors=True)
            self._into.mkdir(exist_ok=True)

    def protect(self) -> int:
        """Keep the generation that is taken from, whole, until it is released; return its number.

        One that is not protected is used up: each record goes when its successor is there.
        """
        self._protected.add(self.generation)
        return self.generation

    def release(self, generation: int) -> None:
        """Let a protected generation go."""
        self._protected.discard(generation)
        if generation != self.generation:
            shutil.rmtree(self.folder / self._name(generation), ignore_errors=True)

    @property
    def nbytes(self) -> int:
        """No memory."""
        return 0


def _open(file: Path, flags: int) -> tuple[int, bool]:
    """Open a file without the system's own buffers where it can be done; say whether it was."""
    direct = getattr(os, "O_DIRECT", 0)
    if direct:
        try:
            return os.open(file, flags | direct, 0o644), True
        except OSError:
            # Not every file system knows how.
            pass
    return os.open(file, flags, 0o644), False


@contextlib.contextmanager
def _told_plainly(folder: Path) -> Iterator[None]:
    """Say of a full disk what is whole and how to go on."""
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise
        raise DiskFull(
            "no room is left on the disk for the state of the next month; the last checkpoint is "
            "whole",
            where=str(folder),
            mend="free some space, then go on with 'glasscity resume' and the run's folder",
        ) from error
