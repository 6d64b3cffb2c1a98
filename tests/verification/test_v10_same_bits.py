"""V10. The same bits for any threads and blocks, and after a resume.

What: a world run by 1, 2 and 3 threads, and with its blocks cut anew at multiples of 512 from the
start of each cell, leaves the same state (every column, hashes month by month), the same counts by
cell and by decile, histogram, tie and couple moments and Shapley values; logs are the same row by
row for threads, and the same rows for other blocks. So does a world that is kept on the disk after
any month and gone on with in another one, with other threads and other blocks. The citizen score on
plainland and on china-2020, rare things ten times as frequent, each safeguard for half of the
people, two operators, officials, gaming and false reports, 16 months with everything in force from
the ninth.
Power: exact: one bit of one citizen in one month.
Wrong kernels: faces that are shown in the month in which they are made; a part that is forgotten
when the work is shared out; a block that takes its neighbours' ties; luck by the place in a block
instead of the citizen (verify); a resume that forgets the national histogram, the gates that last
month's scores closed, that cut-offs were set once, or a column of the state.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from alarm import must_alarm, require
from findings import BOOK
from mutants import wrong
from rig import LEFT, lively, put, shipped, society, step, world

from glasscity.engine import step as step_module
from glasscity.engine import world as world_module
from glasscity.engine.checkpoint import Checkpoints
from glasscity.engine.held import HeldWorld
from glasscity.engine.keeping import Course
from glasscity.engine.world import World
from glasscity.rates import threshold32
from glasscity.society.state import new_state

MONTHS = 16
PACKS = {"plainland": 9_000, "china-2020": 5_000}
DISTRICT = 512


def cut_anew(where, seed: int):
    """Return the society with its blocks cut at other multiples of 512, in the same order."""
    luck = np.random.default_rng(seed)
    blocks = []
    for cell, (first, count, segment, _) in enumerate(where.cells.tolist()):
        start = 0
        while start < count:
            end = min(count, start + DISTRICT * int(luck.integers(1, 9)))
            blocks.append(
                (first + start, first + end, cell, cell // 2, cell % 2, segment + start // 64)
            )
            start = end
    return replace(where, blocks=np.array(blocks, dtype=np.int64))


def meddled(tables: np.ndarray) -> np.ndarray:
    """Return lively tables with everything else at work: safeguards, officials, gaming, reports."""
    points = np.zeros((64, 8), dtype=np.int64)
    points[:, 3], points[:, 4] = 5_000, -5_000
    return put(
        lively(tables),
        guards=128,
        guarded=1,
        officials=1,
        official_points=points,
        gamers=40,
        report=threshold32(0.1),
        display=threshold32(0.05),
    )


def run(where, threads: int, kind: type[World] = World, months: int = MONTHS):
    tables = shipped(where.country.name)
    one = world(where, tables=tables, threads=threads, kind=kind, change=meddled)
    return one, [step(one, month) for month in range(months)]


def in_order(log: np.ndarray) -> np.ndarray:
    return log[np.lexsort(log.T)]


def check_same(first, second, *, logs_in_order: bool) -> None:
    (one, left), (other, right) = first, second
    for month, (a, b) in enumerate(zip(left, right, strict=True)):
        for name in LEFT:
            x, y = getattr(a, name), getattr(b, name)
            if name == "log" and not logs_in_order:
                x, y = in_order(x), in_order(y)
            require(x.shape == y.shape and (x == y).all(), f"month {month}: {name} differ")
    columns = other.state.columns()
    BOOK.counted("citizens in a month", len(left) * one.society.citizens)
    for name, column in one.state.columns().items():
        require((column == columns[name]).all(), f"{name} differ at the end")
    require((one.score_gates == other.score_gates).all(), "gates differ at the end")


@pytest.fixture(scope="module", params=PACKS)
def alone(request):
    where = society(request.param, PACKS[request.param])
    return where, run(where, 1)


@pytest.mark.parametrize("threads", [2, 3])
def test_threads_change_nothing(alone, threads):
    where, single = alone
    check_same(single, run(where, threads), logs_in_order=True)


@pytest.mark.parametrize("seed", [0, 1])
def test_other_blocks_change_nothing(alone, seed):
    where, single = alone
    other = cut_anew(where, seed)
    assert where.country.name == "china-2020" or other.blocks.tolist() != where.blocks.tolist()
    check_same(single, run(other, 2), logs_in_order=False)


def test_the_run_that_is_compared_is_a_full_one(alone):
    _, (one, left) = alone
    assert sum(len(done.log) for done in left) > 100
    assert left[-1].shapley.sum() > 0
    assert left[-1].moments[0] > 0
    assert one.score_gates.any()
    assert one.state.record.private.any(axis=0).all()
    assert left[-1].deciles.any(axis=0).all()
    assert left[-1].couples.all()


class Nobody:
    """Stands for registers that hold nothing."""

    def of_people(self) -> dict[str, np.ndarray]:
        return {}

    def added(self, since: int, until: int) -> dict[str, np.ndarray]:
        return {"sums": np.zeros(until - since, dtype=np.uint64)}

    def add(self, since: int, added: dict[str, np.ndarray]) -> int:
        return since + len(added["sums"])


def resumed(where, folder, stops, *, other=None, kind: type[World] = World, forget=()):
    """Return a world that ended at some months and was gone on with by another from the disk."""
    other = other or where
    tables = shipped(where.country.name)
    one, left = world(where, tables=tables, threads=1, kind=kind, change=meddled), []
    for stop in (*stops, MONTHS):
        left += [step(one, month) for month in range(len(left), stop)]
        if stop == MONTHS:
            return one, left
        kept = Checkpoints(folder, {})
        kept.newest("months", pytest.fail)
        course = Course(HeldWorld(one), Nobody(), None)
        course.month = stop
        about = {"seconds": 0.0, "wall": 0.0, "notes": {}}
        now = {name: array for name, array in course.now().items() if name not in forget}
        now |= {name: np.zeros_like(course.now()[name]) for name in forget}
        kept.write("months", stop, now, course.added, about)
        # Whoever goes on knows nothing of what was before but the folder.
        points = len(one.state.record.earned) > 0
        state = new_state(where.citizens, points=points)
        one = world(other, tables=tables, threads=2, kind=kind, change=meddled, state=state)
        found = Checkpoints(folder, {}).newest("months", pytest.fail)
        Course(HeldWorld(one), Nobody(), None).go_on(found)
        where, other = other, where
    raise AssertionError


@pytest.mark.parametrize("stops", [(1, 2, 9), (5, 8, 10, 15), range(1, MONTHS)])
def test_a_resume_changes_nothing(alone, tmp_path, stops):
    where, single = alone
    check_same(single, resumed(where, tmp_path / "kept", stops), logs_in_order=True)


def test_a_resume_with_other_blocks_changes_nothing(alone, tmp_path):
    where, single = alone
    found = resumed(where, tmp_path / "kept", (3, 12), other=cut_anew(where, 2))
    check_same(single, found, logs_in_order=False)


@pytest.mark.parametrize(
    "forgotten",
    ["world.histogram", "world.cuts", "world.frozen", "belief.breach_seen", "audit.shares"],
)
@pytest.mark.parametrize("alone", ["plainland"], indirect=True)
def test_the_check_sees_a_resume_that_forgets(alone, tmp_path, forgotten):
    where, single = alone
    must_alarm(
        lambda: check_same(
            single,
            resumed(where, tmp_path / "kept", (13,), forget=[forgotten]),
            logs_in_order=True,
        )
    )


@pytest.mark.verify
def test_the_check_sees_a_resume_that_forgets_which_gates_were_closed(tmp_path):
    # Few weigh a breach in a month for whom a gate more or less decides.
    where = society("plainland", 30_000)
    single = run(where, 1)
    forgets = resumed(where, tmp_path / "kept", range(9, MONTHS), forget=["world.score_gates"])
    must_alarm(lambda: check_same(single, forgets, logs_in_order=True))


@pytest.mark.verify
@pytest.mark.parametrize("seed", range(2, 10))
def test_no_cutting_of_a_larger_society_changes_anything(seed):
    where = society("plainland", 50_000)
    check_same(
        run(where, 1, months=30), run(cut_anew(where, seed), 3, months=30), logs_in_order=False
    )


def test_the_check_sees_wrong_kernels(alone):
    where, single = alone

    class Hasty(World):
        """Shows what is new at once, so that whoever comes later in the month sees it."""

        def __init__(self, society, *, state, **options):
            face = state.face._replace(next=state.face.now)
            super().__init__(society, state=state._replace(face=face), **options)

    class Short(World):
        """Forgets the last part when the work is shared out."""

        def __init__(self, society, **options):
            super().__init__(society, **options)
            self._parts = self._parts[:-1] if self.workers.threads > 1 else self._parts

    class Astray(World):
        """Counts one block as another place."""

        def __init__(self, society, **options):
            blocks = society.blocks.copy()
            inner = np.flatnonzero(blocks[:, 1] - blocks[:, 0] >= 128)[0]
            blocks[inner, 2] ^= 1
            super().__init__(replace(society, blocks=blocks), **options)

    for kind in (Short, Astray):
        must_alarm(lambda k=kind: check_same(single, run(where, 2, k), logs_in_order=True))
    hasty = run(where, 1, Hasty)
    other = cut_anew(where, 1)
    if where.country.name == "plainland":
        must_alarm(lambda: check_same(hasty, run(other, 1, Hasty), logs_in_order=False))


@pytest.mark.verify
def test_the_check_sees_luck_by_the_place_in_a_block(monkeypatch):
    where = society("plainland", PACKS["plainland"])
    text = "philox_rows(seed, lo, hi - lo, key, call, luck[call])\n            if now["
    placed = wrong(step_module, (text, text.replace("seed, lo,", "seed, lo - blocks[b, 0],")))
    monkeypatch.setattr(world_module, "pass_one", placed.pass_one)
    first = run(where, 1)
    must_alarm(lambda: check_same(first, run(cut_anew(where, 1), 1), logs_in_order=False))
