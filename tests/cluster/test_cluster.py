"""A world on several machines is the world in one process, whatever is lost on the way."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from dataclasses import fields

import numpy as np
import pytest

from glasscity.engine.cluster import Cluster, Machines
from glasscity.errors import BadArgument, ClusterLost
from glasscity.results import Outcome
from glasscity.scenario import Scenario
from glasscity.simulation import Simulation, simulate

ray = pytest.importorskip(
    "ray", reason="Ray is not installed: 'make cluster' installs it and runs these tests"
)

SCENARIO = Scenario(
    "citizen-score-2020",
    country="plainland",
    citizens=9_000,
    months=20,
    start="2019-04",
    seed=11,
    strengths={"appeals": 0.5, "correction": 1.0, "false-reports": 1.0},
)
WATCHED = [3, 8_500]


@pytest.fixture(scope="module")
def alone() -> Simulation:
    return simulate(SCENARIO, watch=WATCHED, progress=lambda *_: None)


@pytest.fixture
def two(machines):
    """Two machines of one processor each, whatever an earlier test has lost."""
    added = [machines.add_node(num_cpus=1, object_store_memory=100 << 20) for _ in range(2)]
    ours = {node.node_id for node in added}
    # Whatever was removed before is still taken for alive for a while.
    for _ in range(300):
        alive = {one["NodeID"] for one in ray.nodes() if one["Alive"] and "CPU" in one["Resources"]}
        if alive == ours:
            break
        time.sleep(0.1)
    assert alive == ours
    yield added
    for node in added:
        if node in machines.worker_nodes:
            machines.remove_node(node)


def spread(tmp_path, progress: Callable[..., None] = lambda *_: None, **more) -> Simulation:
    """Run the scenario on the cluster, with its burn-in unless that may be ``stored``."""
    more = {"stored": False} | more
    cluster = Cluster(folder=tmp_path / "shared", every=6, threads=1, **more)
    return simulate(SCENARIO, watch=WATCHED, progress=progress, cluster=cluster)


def differing(a: Outcome, b: Outcome) -> list[str]:
    """Return the fields in which two outcomes differ."""
    found = [] if a.digest() == b.digest() else ["digest"]
    for one in fields(Outcome):
        x, y = getattr(a, one.name), getattr(b, one.name)
        if one.name == "cube":
            same = np.array_equal(x.keys, y.keys) and np.array_equal(x.counts, y.counts)
        elif one.name == "meta" or not hasattr(x, "keys"):
            same = np.array_equal(x, y) if isinstance(x, np.ndarray) else x == y
        else:
            same = list(x) == list(y) and all(
                x[k].dtype == y[k].dtype
                and np.array_equal(x[k], y[k], equal_nan=x[k].dtype == "f8")
                for k in x
            )
        if not same:
            found.append(one.name)
    return found


def same(one: Simulation, other: Simulation) -> None:
    assert one.twin is not None
    assert other.twin is not None
    assert differing(one.outcome, other.outcome) == []
    assert differing(one.twin, other.twin) == []
    assert one.burn_in_months == other.burn_in_months
    assert one.lives == other.lives


def killed_at(moments: set[tuple[str, int]], kill: Callable[[], None]):
    """Return a progress that kills when a stage has done so many months; each once."""
    waiting = set(moments)

    def progress(stage: str, done: int, *_: object) -> None:
        if (stage, done) in waiting:
            waiting.remove((stage, done))
            kill()

    progress.waiting = waiting
    return progress


@pytest.fixture
def kill_a_range(monkeypatch):
    """Return a function that kills the process of the last range, as a full memory would."""
    entered, enter = [], Machines.__enter__

    def noted(self):
        entered.append(self)
        return enter(self)

    def kill() -> None:
        os.kill(ray.get(entered[-1].ranges[-1].ping.remote()), signal.SIGKILL)

    monkeypatch.setattr(Machines, "__enter__", noted)
    return kill


def test_two_machines_leave_what_one_process_leaves(alone, two, tmp_path):
    done = spread(tmp_path)
    same(alone, done)
    assert done.cluster["ranges"] == 2
    assert done.cluster["losses"] == 0
    assert not (tmp_path / "shared").exists()


def test_three_ranges_on_two_machines_leave_the_same(alone, two, tmp_path):
    done = spread(tmp_path, ranges=3)
    same(alone, done)
    assert done.cluster["ranges"] == 3


def test_a_burn_in_that_every_range_has_stored_is_taken(alone, two, tmp_path, kill_a_range):
    first = spread(tmp_path, stored=True)
    again = spread(tmp_path, killed_at({("months", 4)}, kill_a_range), stored=True)
    assert not first.burn_in_stored
    assert again.burn_in_stored
    same(alone, again)


def test_ranges_that_are_killed_in_mid_run_leave_no_trace(alone, two, tmp_path, kill_a_range):
    # In the burn-in, before and after a checkpoint, in the last month, in the twin.
    moments = {("burn-in", 40), ("months", 2), ("months", 9), ("months", 20), ("twin", 13)}
    progress = killed_at(moments, kill_a_range)
    done = spread(tmp_path, progress)
    assert not progress.waiting
    same(alone, done)
    assert done.cluster["losses"] >= len(moments)


def test_a_range_killed_between_the_passes_of_a_month_leaves_no_trace(
    alone, two, tmp_path, kill_a_range, monkeypatch
):
    passed, ask = [0], Machines._all

    def asked(self, method, *args):
        passed[0] += method == "second"
        # Once in the burn-in, once in the run, once among the months that are lived again.
        if method == "second" and passed[0] in (30, 84, 87):
            kill_a_range()
        return ask(self, method, *args)

    monkeypatch.setattr(Machines, "_all", asked)
    done = spread(tmp_path)
    assert passed[0] > 87
    same(alone, done)
    assert done.cluster["losses"] == 3


def test_a_checkpoint_that_is_damaged_ends_the_run_in_plain_words(two, tmp_path, kill_a_range):
    def damage() -> None:
        for file in (tmp_path / "shared" / "start").glob("*/*.npy"):
            file.write_bytes(file.read_bytes()[:-1])
        kill_a_range()

    with pytest.raises(ClusterLost, match="cannot go back to the last checkpoint"):
        spread(tmp_path, killed_at({("months", 3)}, damage))


def test_a_machine_that_is_lost_in_mid_run_leaves_no_trace(alone, machines, two, tmp_path):
    progress = killed_at({("months", 15)}, lambda: machines.remove_node(two[1]))
    done = spread(tmp_path, progress)
    assert not progress.waiting
    same(alone, done)
    assert done.cluster["losses"] >= 1


def test_machines_that_do_not_share_the_folder_are_told(two, tmp_path, monkeypatch):
    monkeypatch.setattr("glasscity.engine.cluster.TOKEN", "elsewhere")
    with pytest.raises(BadArgument, match="cannot be seen from the machine"):
        spread(tmp_path)


def test_more_ranges_than_blocks_are_refused(two, tmp_path):
    with pytest.raises(BadArgument, match="blocks"):
        spread(tmp_path, ranges=900)
