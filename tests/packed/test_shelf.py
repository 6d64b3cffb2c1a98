"""Records on disk: a generation is whole or not there, damage is seen, a full disk is said."""

from __future__ import annotations

import errno
import os

import numpy as np
import pytest

from glasscity.engine.shelf import DiskShelf, MemoryShelf, page_buffer
from glasscity.errors import DamagedRun, DiskFull


def record(value: int, length: int = 5000) -> np.ndarray:
    """Return a record as a pass hands it over: the beginning of a page buffer."""
    room = page_buffer(length)
    room[16:length] = value
    return room[:length]


def filled(folder, value: int = 1, parts: int = 3) -> DiskShelf:
    """Return a shelf whose first generation holds a value."""
    shelf = DiskShelf(folder)
    for part in range(parts):
        shelf.put(part, record(value + part))
    shelf.turn()
    return shelf


def found(shelf, part: int) -> int:
    """Return the value in a record that is all one value."""
    content = shelf.take(part, page_buffer(8192))[16:]
    assert (content == content[0]).all()
    return int(content[0])


def test_what_is_put_is_taken_after_the_turn_and_not_before(tmp_path):
    for shelf in (filled(tmp_path / "s"),):
        for part in range(3):
            assert found(shelf, part) == 1 + part
            shelf.put(part, record(11 + part))
        shelf.turn()
        assert [found(shelf, part) for part in range(3)] == [11, 12, 13]
    memory = MemoryShelf(2)
    memory.put(0, record(3))
    assert found(memory, 0) == 3


def test_a_generation_is_used_up_unless_it_is_protected(tmp_path):
    shelf = filled(tmp_path / "s")
    kept = shelf.protect()
    for part in range(3):
        shelf.put(part, record(20))
    shelf.turn()
    shelf.put(0, record(30))
    files = {p.name: len(list(p.iterdir())) for p in (tmp_path / "s").iterdir()}
    assert files == {"generation-00000": 3, "generation-00001": 2, "generation-00002": 1}
    # A process that goes on finds the protected one whole, and clears the rest away.
    again = DiskShelf(tmp_path / "s", kept)
    assert [found(again, part) for part in range(3)] == [1, 2, 3]
    assert sorted(p.name for p in (tmp_path / "s").iterdir()) == [
        "generation-00000",
        "generation-00001",
    ]


def test_what_is_released_goes(tmp_path):
    shelf = filled(tmp_path / "s")
    kept = shelf.protect()
    for part in range(3):
        shelf.put(part, record(20))
    shelf.turn()
    assert (tmp_path / "s" / "generation-00000").is_dir()
    shelf.release(kept)
    assert not (tmp_path / "s" / "generation-00000").exists()
    assert found(shelf, 2) == 20


@pytest.mark.parametrize("damage", ["flip", "cut", "head", "gone"])
def test_damage_is_seen(tmp_path, damage):
    shelf = filled(tmp_path / "s")
    file = shelf.current / "000001"
    if damage == "gone":
        file.unlink()
    elif damage == "cut":
        os.truncate(file, 4096)
    else:
        with file.open("r+b") as out:
            out.seek(0 if damage == "head" else 3000)
            out.write(b"\xff")
    assert found(shelf, 0) == 1
    with pytest.raises(DamagedRun, match="000001"):
        found(shelf, 1)


def test_a_full_disk_is_said_and_the_generation_before_is_whole(tmp_path, monkeypatch):
    shelf = filled(tmp_path / "s")
    shelf.protect()

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        with pytest.raises(DiskFull, match="whole"):
            shelf.put(0, record(9))
    assert [found(shelf, part) for part in range(3)] == [1, 2, 3]
