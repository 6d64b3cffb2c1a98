"""A checkpoint is whole or not there, whenever the process that writes it is killed."""

from __future__ import annotations

import errno
import itertools
import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from glasscity.engine.checkpoint import Checkpoints
from glasscity.engine.stored import Broken, Disk, Parts, Stored, write_folder
from glasscity.errors import DamagedRun, DiskFull

IDENTITY = {"model": "3", "scenario": "abc", "watch": [1, 2]}
MONTHS = (12, 24, 36, 48)


class Killed(BaseException):
    """What stands in for SIGKILL: nothing that the process would still do is done."""


class QuickDisk(Disk):
    """A disk that keeps things at its leisure: a killed process loses nothing by that."""

    def write(self, path, chunks):
        with path.open("wb") as file:
            file.writelines(chunks)

    def flush(self, folder):
        pass


class DyingDisk(QuickDisk):
    """A disk whose process is killed at a step, in the middle of it; it does nothing afterwards."""

    def __init__(self, last: int) -> None:
        self.left = last

    def _step(self) -> bool:
        """Return whether this step is the one in which the process dies."""
        self.left -= 1
        if self.left < 0:
            raise Killed
        return self.left == 0

    def make(self, folder):
        if self._step():
            raise Killed
        super().make(folder)

    def write(self, path, chunks):
        dies = self._step()
        if dies:
            with path.open("wb") as file:
                first = bytes(next(iter(chunks)))
                file.write(first[: len(first) // 2])
            raise Killed
        super().write(path, chunks)

    def rename(self, old, new):
        if self._step():
            raise Killed
        super().rename(old, new)

    def flush(self, folder):
        if self._step():
            raise Killed
        super().flush(folder)

    def remove(self, folder):
        if self._step():
            for path in itertools.islice(sorted(folder.rglob("*.*")), 1):
                if path.is_file():
                    path.unlink()
            raise Killed
        super().remove(folder)


def checkpoints(folder: Path, **options) -> Checkpoints:
    return Checkpoints(folder / "checkpoints", IDENTITY, threads=1, **options)


def now(month: int) -> dict[str, np.ndarray]:
    luck = np.random.default_rng(month)
    return {
        "face.now": luck.integers(0, 2**32, 20_000, dtype=np.uint32),
        "record.private": luck.integers(0, 2000, (500, 2), dtype=np.uint16),
        "nobody": np.zeros((0, 8), np.uint8),
        "frozen": np.array([month > 12]),
    }


def grown(since: int, month: int) -> dict[str, np.ndarray]:
    return {"sums": np.arange(since, month, dtype=np.uint64)}


def write(kept: Checkpoints, month: int) -> None:
    kept.write(
        "months", month, now(month), lambda since: grown(since, month), {"seconds": month / 2}
    )


def assert_whole(found, month: int) -> None:
    """Assert that a checkpoint is that of a month and holds everything."""
    assert found is not None
    assert found.month == month
    assert found.about == {"seconds": month / 2}
    for name, array in now(month).items():
        read = found.own.read(name)
        assert read.dtype == array.dtype
        assert np.array_equal(read, array)
    sums = np.concatenate([one.read("sums") for one in found.grown])
    assert sums.tolist() == list(range(month))


def newest(folder: Path, told=None):
    said = [] if told is None else told
    return checkpoints(folder).newest("months", said.append)


def test_a_process_killed_at_any_step_leaves_the_last_whole_checkpoint(tmp_path):
    steps = 0
    while True:
        steps += 1
        folder = tmp_path / str(steps)
        folder.mkdir()
        kept = checkpoints(folder, disk=DyingDisk(steps))
        done = 0
        try:
            for month in MONTHS:
                write(kept, month)
                done = month
        except Killed:
            pass
        told: list[str] = []
        found = newest(folder, told)
        # Nothing that was finished is lost, and what was under way is there or not.
        allowed = [done, *(month for month in MONTHS if month > done)][:2]
        assert (0 if found is None else found.month) in allowed, steps
        if found is not None:
            assert_whole(found, found.month)
        assert told == [], steps
        # Another process goes on from there, and leaves nothing of the first one's behind.
        after = checkpoints(folder, disk=QuickDisk())
        went_on = after.newest("months", told.append)
        for month in MONTHS:
            if went_on is None or month > went_on.month:
                write(after, month)
        assert_whole(newest(folder), MONTHS[-1])
        names = sorted(path.name for path in (folder / "checkpoints").iterdir())
        if went_on is None or went_on.month < MONTHS[-1]:
            assert names[-2:] == ["months-00036-00048", "months-00048"]
            assert len(names) == 2 + len(MONTHS)
        shutil.rmtree(folder)
        if done == MONTHS[-1]:
            break
    assert steps > 40


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) * 2 // 3] ^= 16
    path.write_bytes(content)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def lengthen(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\0")


@pytest.fixture
def written(tmp_path):
    kept = checkpoints(tmp_path)
    for month in MONTHS[:3]:
        write(kept, month)
    return tmp_path


@pytest.mark.parametrize("damage", [flip, cut, lengthen, Path.unlink])
@pytest.mark.parametrize("name", ["face.now.npy", "+small.npy", "manifest.json"])
def test_a_damaged_checkpoint_is_passed_over_for_the_one_before(written, damage, name):
    damage(written / "checkpoints" / "months-00036" / name)
    told: list[str] = []
    assert_whole(newest(written, told), 24)
    assert len(told) == 1
    assert "after 36 months" in told[0]
    assert f"months-00036/{name}" in told[0]


@pytest.mark.parametrize("damage", [flip, cut, Path.unlink])
@pytest.mark.parametrize(
    ("place", "month"),
    [("months-00024-00036/+small.npy", 24), ("months-00000-00012/+small.npy", 0)],
)
def test_what_grew_is_checked_as_well(written, damage, place, month):
    damage(written / "checkpoints" / place)
    told: list[str] = []
    found = newest(written, told)
    assert (found.month if found else 0) == month
    assert all(place in sentence for sentence in told)


def test_another_piece_in_the_place_of_what_grew_is_noticed(written):
    write_folder(written / "checkpoints" / "months-00024-00036", grown(24, 35))
    assert_whole(newest(written), 24)


def test_a_run_goes_on_behind_a_damaged_checkpoint_and_removes_it(written):
    flip(written / "checkpoints" / "months-00036" / "+small.npy")
    kept = checkpoints(written)
    assert kept.newest("months", lambda sentence: None).month == 24
    write(kept, 30)
    assert kept.months("months") == [30, 24]
    assert_whole(newest(written), 30)
    write(kept, 36)
    assert_whole(newest(written), 36)


def test_as_many_are_kept_as_asked_for_and_what_they_build_on(tmp_path):
    for keep in (1, 2, 3):
        (tmp_path / str(keep)).mkdir()
        kept = checkpoints(tmp_path / str(keep), keep=keep)
        for month in MONTHS:
            write(kept, month)
        assert kept.months("months") == list(reversed(MONTHS))[:keep]
        assert_whole(newest(tmp_path / str(keep)), 48)


def test_stages_do_not_touch_each_other(written):
    kept = checkpoints(written)
    kept.write("twin", 6, now(6), lambda since: grown(since, 6), {})
    assert kept.months("months") == [36, 24]
    assert kept.months("twin") == [6]
    assert_whole(newest(written), 36)
    assert kept.newest("burn-in", pytest.fail) is None


def test_checkpoints_of_another_run_are_refused(written):
    for name, value in {"model": "2", "scenario": "abd", "watch": []}.items():
        other = Checkpoints(written / "checkpoints", {**IDENTITY, name: value})
        with pytest.raises(DamagedRun, match=name):
            other.newest("months", pytest.fail)


def test_names_are_flushed_to_the_disk_before_and_after_the_rename(tmp_path):
    steps: list[tuple[str, str]] = []

    class Noting(Disk):
        def write(self, path, chunks):
            steps.append(("write", path.name))
            super().write(path, chunks)

        def flush(self, folder):
            steps.append(("flush", folder.name))
            super().flush(folder)

        def rename(self, old, new):
            steps.append(("rename", new.name))
            super().rename(old, new)

    write_folder(tmp_path / "new", {"a": np.arange(3)}, threads=1, disk=Noting())
    part = ".new.part"
    assert steps == [
        ("write", "+small.npy"),
        ("write", "manifest.json"),
        ("flush", part),
        ("rename", "new"),
        ("flush", tmp_path.name),
    ]


@pytest.mark.parametrize("step", range(1, 6))
def test_a_full_disk_is_told_and_leaves_the_last_checkpoint(written, step):
    class FullDisk(Disk):
        left = step

        def write(self, path, chunks):
            self.left -= 1
            if self.left == 0:
                with path.open("wb") as file:
                    file.write(next(iter(chunks)))
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
            super().write(path, chunks)

    kept = checkpoints(written, disk=FullDisk())
    assert kept.newest("months", pytest.fail).month == 36
    with pytest.raises(DiskFull, match=r"after 48 months.*resume") as refused:
        write(kept, 48)
    assert str(written) in str(refused.value)
    assert_whole(newest(written), 36)
    assert not list((written / "checkpoints").glob(".*"))


def test_a_disk_that_is_really_full_leaves_the_last_checkpoint(tmp_path):
    place = tmp_path / "small"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=400k", "none", str(place)]
    if os.name != "posix" or os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only the administrator may make a small disk")
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("no small disk can be made here")
    try:
        kept = checkpoints(place)
        write(kept, 12)
        large = now(24) | {"large": np.zeros(300_000, np.uint8)}
        with pytest.raises(DiskFull):
            kept.write("months", 24, large, lambda since: grown(since, 24), {})
        assert_whole(newest(place), 12)
        # With room again it goes on as if nothing had been.
        write(kept, 24)
        assert_whole(newest(place), 24)
    finally:
        subprocess.run(["umount", str(place)], check=True)


def test_an_array_may_come_in_parts_and_be_read_into_memory_that_is_there(tmp_path):
    whole = np.arange(3_000_000, dtype=np.int64).reshape(-1, 3)
    parts = Parts(whole.dtype, whole.shape, (whole[k : k + 7777] for k in range(0, 10**6, 7777)))
    write_folder(tmp_path / "one", {"a": whole})
    write_folder(tmp_path / "parts", {"a": parts})
    assert (tmp_path / "one" / "a.npy").read_bytes() == (tmp_path / "parts" / "a.npy").read_bytes()
    assert np.array_equal(np.load(tmp_path / "one" / "a.npy"), whole)
    into = np.zeros_like(whole)
    assert Stored(tmp_path / "parts").read("a", into) is into
    assert np.array_equal(into, whole)


def test_memory_that_does_not_fit_is_refused(tmp_path):
    crc = write_folder(tmp_path / "one", {"a": np.arange(3)})
    stored = Stored(tmp_path / "one", crc)
    for wrong in (np.zeros(2, np.int64), np.zeros(3, np.uint64)):
        with pytest.raises(Broken, match="another type or length"):
            stored.read("a", wrong)
    with pytest.raises(Broken, match="no 'b'"):
        stored.read("b")
    with pytest.raises(Broken, match="not what was written"):
        Stored(tmp_path / "one", crc ^ 1)


def test_parts_that_do_not_make_up_the_array_are_refused(tmp_path):
    for part in (np.arange(2), np.arange(3, dtype=np.int32)):
        with pytest.raises(ValueError, match="'a'"):
            write_folder(tmp_path / "one", {"a": Parts(np.int64, (3,), [part])})
        assert not (tmp_path / "one").exists()
    with pytest.raises(ValueError, match="name"):
        write_folder(tmp_path / "one", {"../a": np.arange(3)})
