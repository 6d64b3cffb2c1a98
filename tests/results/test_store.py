"""A run folder is whole or visibly not."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from factory import META, SCENARIO, World, store

from glasscity.errors import BadArgument, DamagedRun, DiskFull, Interrupted, NotFound, OutputExists
from glasscity.results import RunWriter, new_run_folder, open_run
from glasscity.results.lock import LOCK, FolderLock, holder

NAMES = {
    "scenario.json",
    "state.json",
    "provenance.json",
    "meta.json",
    "complete.json",
    "cube.parquet",
    "people.parquet",
    "panel.parquet",
    "denials.parquet",
    "listings.parquet",
    "spells.parquet",
    "summary.nc",
}


def world():
    made = World()
    made.count("restricted", 4)
    made.count("restricted", 3, month=1)
    made.denial(2, "loan", causes=["here_unwilling"], lower=["means"], upper=["means"])
    made.listing(1, 0, "unwilling")
    made.exit(1, 2, way=1)
    made.spell(3, 0, 2)
    made.scores[:] = np.arange(600, 610)
    made.couples[2] = [1, 1250, 781_300, 781_200, 1, 2, 3]
    made.deciles[1, 9] = np.arange(8)
    return made


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    return store(tmp_path_factory.mktemp("written") / "run", world(), World())


@pytest.fixture
def folder(tmp_path, written):
    """Return a copy of a finished run with its twin, to be damaged at will."""
    return shutil.copytree(written, tmp_path / "run")


def state_of(folder):
    return json.loads((folder / "state.json").read_text(encoding="utf-8"))["state"]


def test_a_finished_folder_holds_these_files_and_no_traces(folder):
    assert {path.name for path in folder.iterdir()} == NAMES | {"twin"}
    assert {path.name for path in (folder / "twin").iterdir()} == NAMES - {"provenance.json"}
    assert state_of(folder) == "complete"


def test_what_was_written_can_be_read(folder):
    run, made = open_run(folder), world()
    outcome = made.outcome()
    assert run.digest == outcome.digest() == run.verify()
    assert run.scenario == SCENARIO
    assert run.months == 3
    assert run.citizens == 10
    assert run.denials.row(0, named=True)["gate"] == "loan"
    assert run.denials["lower"].to_list() == [16]
    assert run.listings["list"].to_list() == ["commerce", "commerce"]
    assert run.people["province"].to_list() == ["North"] * 10
    assert run.panel(2)["m0002"].to_list() == list(range(600, 610))
    assert run.twin is not None
    assert run.twin.twin is None
    assert run.provenance == {"glasscity": "test"}
    assert np.array_equal(run.margins.counts, outcome.cube.margins(3))
    assert np.array_equal(run.extras["state_sums"], outcome.state_sums)
    assert run.extras["couples"].tolist() == [[0] * 7, [0] * 7, [1, 1250, 781300, 781200, 1, 2, 3]]
    assert run.extras["deciles"][1, 9].tolist() == list(range(8))
    assert run.extras["deciles"].sum() == sum(range(8))


def test_the_flag_of_the_rule_may_come_inside_the_groups_bits(tmp_path):
    made = world()
    outcome = made.outcome()
    columns = {k: v for k, v in outcome.denials.items() if k != "rule"}
    columns["lower"] = columns["lower"] | 32
    object.__setattr__(outcome, "denials", columns)
    with RunWriter(tmp_path / "run", scenario=SCENARIO) as writer:
        writer.write(outcome)
        writer.complete()
    denials = open_run(tmp_path / "run").denials
    assert denials["rule"].to_list() == [1]
    assert denials["lower"].to_list() == [16]


def test_cube_gives_the_dimensions_asked_for(folder):
    run = open_run(folder)
    denials = run.cube("denials", "gate", "month")
    assert denials.dims == ("gate", "month")
    assert denials.sel(gate="loan").values.tolist() == [0, 0, 1]
    assert int(denials.sum()) == 1
    assert run.cube("restricted", "month").values.tolist() == [0, 3, 4]
    assert int(run.cube("restricted", month=[0, 1])) == 3
    assert run.cube("citizens", "quintile", month=2).values.tolist() == [10, 0, 0, 0, 0]
    assert run.cube_table.collect()["count"].sum() == sum(world().outcome().cube.counts)


@pytest.mark.parametrize(
    ("measure", "dimensions", "where", "nearest"),
    [
        ("denial", [], {}, "denials"),
        ("denials", ["gates"], {}, "gate"),
        ("citizens", ["gate"], {}, "age"),
        ("denials", [], {"gate": "loans"}, "loan"),
    ],
)
def test_an_unknown_name_is_answered_with_the_nearest(folder, measure, dimensions, where, nearest):
    with pytest.raises(NotFound, match=nearest):
        open_run(folder).cube(measure, *dimensions, **where)


def test_series_are_labelled_and_agree_with_the_cube(folder):
    series = open_run(folder).series
    assert series["restricted"].sel(group="all").values.tolist() == [0, 3, 4]
    assert series["restricted"].sel(group="province:South").values.tolist() == [0, 0, 0]
    assert int(series["denials"].sel(group="camp:critical", gate="loan").sum()) == 1
    assert series["breaches"].dims == ("group", "month", "event")
    assert series["denials"].attrs["long_name"]
    assert (
        int(series["denials_lower"].sel(group="all", gate="loan", cause_group="means").sum()) == 1
    )


@pytest.mark.parametrize("name", sorted(NAMES - {"state.json", "complete.json"}))
@pytest.mark.parametrize("damage", ["missing", "shorter", "other bytes"])
def test_a_damaged_folder_is_refused(folder, name, damage):
    path = folder / name
    content = path.read_bytes()
    if damage == "missing":
        path.unlink()
    elif damage == "shorter":
        path.write_bytes(content[:-1])
    else:
        middle = len(content) // 2
        path.write_bytes(content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :])
    with pytest.raises(DamagedRun, match=name):
        open_run(folder)


@pytest.mark.parametrize("part", ["twin/cube.parquet", "twin/complete.json"])
def test_a_run_with_a_damaged_twin_is_refused(folder, part):
    (folder / part).unlink()
    with pytest.raises(DamagedRun):
        open_run(folder)


def test_a_run_without_its_twin_folder_is_refused(folder):
    (folder / "twin").rename(folder.parent / "elsewhere")
    with pytest.raises(DamagedRun, match="twin"):
        open_run(folder)


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"files": 3}', '{"files": {}, "format": 99, "model": "1"}']
)
def test_a_mark_that_means_nothing_is_refused(folder, content):
    (folder / "complete.json").write_text(content, encoding="utf-8")
    with pytest.raises(DamagedRun):
        open_run(folder)


def test_a_folder_of_another_model_is_refused_and_says_which(folder):
    mark = json.loads((folder / "complete.json").read_text(encoding="utf-8"))
    (folder / "complete.json").write_text(json.dumps({**mark, "model": "0"}), encoding="utf-8")
    with pytest.raises(DamagedRun, match="model 0"):
        open_run(folder)


def test_a_forged_cube_with_its_checksum_does_not_pass_verify(folder):
    made = world()
    made.count("restricted", 1)
    made.outcome().cube.write(folder / "cube.parquet")
    mark = json.loads((folder / "complete.json").read_text(encoding="utf-8"))
    from glasscity.results.folder import checksum

    size = (folder / "cube.parquet").stat().st_size
    mark["files"]["cube.parquet"] = {"bytes": size, "sha256": checksum(folder / "cube.parquet")}
    (folder / "complete.json").write_text(json.dumps(mark), encoding="utf-8")
    run = open_run(folder)
    with pytest.raises(DamagedRun, match="digest"):
        run.verify()


def test_the_report_may_be_made_again_without_damage(folder):
    (folder / "report.html").write_text("new", encoding="utf-8")
    assert open_run(folder).verify()


def test_the_folder_is_there_at_once_and_is_refused_until_complete(tmp_path):
    with RunWriter(tmp_path / "run", scenario=SCENARIO) as writer:
        assert state_of(writer.folder) == "running"
        assert holder(writer.folder) == os.getpid()
        with pytest.raises(DamagedRun, match="not a finished run"):
            open_run(writer.folder)
        writer.write(world().outcome())
        assert writer.preview().margins.of("restricted")[-1, 0] == 4
        with pytest.raises(DamagedRun):
            open_run(writer.folder)
        writer.complete()
    assert open_run(tmp_path / "run").digest == world().outcome().digest()
    assert not (tmp_path / "run" / LOCK).exists()


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (KeyboardInterrupt(), "interrupted"),
        (Interrupted("stopped"), "interrupted"),
        (RuntimeError("boom"), "failed"),
    ],
)
def test_a_run_that_stops_says_so_and_is_refused(tmp_path, error, state):
    def run():
        with RunWriter(tmp_path / "run", scenario=SCENARIO) as writer:
            writer.write(world().outcome())
            writer.twin(SCENARIO)
            raise error

    with pytest.raises(type(error)):
        run()
    assert state_of(tmp_path / "run") == state
    assert state_of(tmp_path / "run" / "twin") == state
    assert holder(tmp_path / "run") is None
    with pytest.raises(DamagedRun, match=state):
        open_run(tmp_path / "run")


def test_a_run_is_not_complete_without_results_or_with_half_a_twin(tmp_path):
    with RunWriter(tmp_path / "one", scenario=SCENARIO) as writer, pytest.raises(RuntimeError):
        writer.complete()
    assert state_of(tmp_path / "one") == "failed"
    with RunWriter(tmp_path / "two", scenario=SCENARIO) as writer:
        writer.write(world().outcome())
        writer.twin(SCENARIO)
        with pytest.raises(RuntimeError, match="twin"):
            writer.complete()


@pytest.mark.parametrize("after", ["start", "write"])
def test_a_run_killed_half_way_is_refused_and_its_lock_is_no_obstacle(tmp_path, after):
    folder = tmp_path / "run"
    script = f"""
        import os, signal, sys
        sys.path[:0] = [{str(Path(__file__).parent)!r}]
        from factory import SCENARIO, World
        from glasscity.results import RunWriter
        writer = RunWriter({str(folder)!r}, scenario=SCENARIO)
        if {after == "write"!r}:
            writer.write(World().outcome())
        os.kill(os.getpid(), signal.SIGKILL)
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], check=False)
    assert done.returncode == -signal.SIGKILL
    assert (folder / LOCK).exists()
    assert holder(folder) is None
    with pytest.raises(DamagedRun, match="killed"):
        open_run(folder)
    FolderLock(folder).release()
    assert not (folder / LOCK).exists()


def test_an_existing_folder_is_never_written_over(tmp_path):
    (tmp_path / "run").mkdir()
    with pytest.raises(OutputExists, match="never written over"):
        RunWriter(tmp_path / "run", scenario=SCENARIO)
    assert list((tmp_path / "run").iterdir()) == []


def test_an_existing_file_is_never_written_over(tmp_path):
    (tmp_path / "run").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputExists):
        RunWriter(tmp_path / "run", scenario=SCENARIO)
    assert (tmp_path / "run").read_text(encoding="utf-8") == "mine"


def test_a_missing_parent_is_named(tmp_path):
    with pytest.raises(BadArgument, match=r"parent folder .*nowhere"):
        RunWriter(tmp_path / "nowhere" / "run", scenario=SCENARIO)
    assert not (tmp_path / "nowhere").exists()


def test_a_file_as_parent_is_refused(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(BadArgument, match="no folder can be written there"):
        RunWriter(tmp_path / "file" / "run", scenario=SCENARIO)


def test_a_place_that_may_not_be_written_is_refused(tmp_path, monkeypatch):
    # Root may write anywhere, so the system's answer is given in its stead.
    def refuse(self, *args, **kwargs):
        raise PermissionError(errno.EACCES, "Permission denied", str(self))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(BadArgument, match="may write to"):
        RunWriter(tmp_path / "run", scenario=SCENARIO)


@pytest.mark.parametrize("name", ["scenario", "cube", "summary", "denials", "complete"])
def test_a_full_disk_is_told_in_one_line_and_leaves_nothing_that_looks_whole(
    tmp_path, monkeypatch, name
):
    import glasscity.results.store as module

    plain = module.flush_to_disk

    def full(path):
        if path.name.startswith(f".{name}"):
            raise OSError(errno.ENOSPC, "No space left on device")
        plain(path)

    monkeypatch.setattr(module, "flush_to_disk", full)

    def run():
        with RunWriter(tmp_path / "run", scenario=SCENARIO) as writer:
            writer.write(world().outcome())
            writer.complete()

    with pytest.raises(DiskFull, match="no room is left") as caught:
        run()
    assert "\n" not in str(caught.value)
    assert not list((tmp_path / "run").glob(".*"))
    assert not (tmp_path / "run" / LOCK).exists()
    with pytest.raises(DamagedRun):
        open_run(tmp_path / "run")


def test_a_table_writer_that_finds_the_disk_full_is_understood(tmp_path, monkeypatch):
    def full(*_args, **_options):
        raise pl.exceptions.ComputeError("No space left on device (os error 28)")

    monkeypatch.setattr(pl.DataFrame, "write_parquet", full)
    with (
        pytest.raises(DiskFull),
        RunWriter(tmp_path / "run", scenario=SCENARIO) as writer,
    ):
        writer.write(world().outcome())


def test_a_living_process_keeps_its_lock(tmp_path):
    first = FolderLock(tmp_path)
    with pytest.raises(BadArgument, match="another process"):
        FolderLock(tmp_path)
    first.release()
    FolderLock(tmp_path).release()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "change", [{"boot": "another"}, {"started": "1"}, {"pid": 2**22 + 1}, {"pid": 0}, {"pid": "x"}]
)
def test_a_lock_of_a_dead_process_is_taken_over(tmp_path, change):
    lock = FolderLock(tmp_path)
    content = json.loads((tmp_path / LOCK).read_text(encoding="utf-8"))
    (tmp_path / LOCK).write_text(json.dumps({**content, **change}), encoding="utf-8")
    again = FolderLock(tmp_path)
    lock.release()  # no longer its own
    if "token" not in change:
        again.release()


def test_a_broken_lock_file_is_no_obstacle(tmp_path):
    (tmp_path / LOCK).write_bytes(b"\x00\xff")
    FolderLock(tmp_path).release()


def test_new_folders_are_always_new_even_for_many_at_once(tmp_path):
    made = []
    threads = [
        threading.Thread(target=lambda: made.append(new_run_folder(tmp_path / "runs", "x")))
        for _ in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({path.name for path in made}) == 20
    assert new_run_folder(tmp_path / "runs", "x").name == "x-021"
    assert new_run_folder(tmp_path / "runs", "my regime/../!").name == "my-regime-001"


def test_a_fresh_writer_takes_the_next_number(tmp_path):
    for number in ("001", "002"):
        with RunWriter.fresh(tmp_path / "runs", "unscored", scenario=SCENARIO) as writer:
            assert writer.folder.name == f"unscored-{number}"


def test_a_folder_that_does_not_exist_is_an_argument_error(tmp_path):
    with pytest.raises(BadArgument, match="no run folder"):
        open_run(tmp_path / "nothing")


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="the system does not tell")
def test_a_killed_process_whose_end_nobody_asked_for_holds_no_lock(tmp_path):
    code = (
        "import pathlib, sys, time; from glasscity.results.lock import FolderLock\n"
        "FolderLock(pathlib.Path(sys.argv[1])); print('held', flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        assert holder(tmp_path) == process.pid
        process.kill()
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        assert holder(tmp_path) is None
        FolderLock(tmp_path).release()
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("change", ["shapley", "register", "people", "lengths", "months"])
def test_arrays_that_do_not_fit_together_are_refused(change):
    from dataclasses import replace

    outcome = world().outcome()
    columns = {
        "shapley": {"shapley": outcome.shapley[:2]},
        "register": {"denials": {k: v for k, v in outcome.denials.items() if k != "lower"}},
        "people": {"people": {k: v for k, v in outcome.people.items() if k != "camp"}},
        "lengths": {"spells": {**outcome.spells, "kind": outcome.spells["kind"][:1]}},
        "months": {"panel_scores": outcome.panel_scores[:1]},
    }[change]
    with pytest.raises(ValueError, match=r".+"):
        replace(outcome, **columns)


def test_the_same_result_has_the_same_digest_under_any_scenario_text(tmp_path):
    one = open_run(store(tmp_path / "a", world()))
    other = open_run(store(tmp_path / "b", world(), scenario={**SCENARIO, "note": "x"}))
    assert one.digest == other.digest
    assert META["panel"] == "all"
