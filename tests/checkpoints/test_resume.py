"""A run that was stopped anywhere goes on to the same bits, and says what it cannot go on from."""

from __future__ import annotations

import functools
import json
import random
import signal
import threading
import time
from pathlib import Path

import numpy as np
import polars as pl
import pytest

import glasscity
from glasscity import _version, api
from glasscity.engine import keeping
from glasscity.engine.checkpoint import Checkpoints
from glasscity.engine.held import REMADE
from glasscity.engine.keeping import Keeper
from glasscity.engine.stored import Disk
from glasscity.errors import BadArgument, BadFile, DamagedRun, DiskFull, Interrupted, OutputExists
from glasscity.results.folder import checksum
from glasscity.scenario import MANIPULATIONS, SAFEGUARDS, Scenario

# A score that private operators give before the nation's, an account of points, a list alone.
CASES = {
    "citizen-score-2020": {"start": "2018-01", "months": 40},
    "rongcheng-2014": {"months": 30},
    "defaulter-list-2013": {"months": 24},
}
WATCHED = (3, 40, 777)


class Killed(BaseException):
    """Stands for the end of the process."""


def scenario(regime: str) -> Scenario:
    dosed = dict.fromkeys((*SAFEGUARDS, *MANIPULATIONS), 0.5)
    return Scenario(
        regime, country="plainland", citizens=1_200, seed=9, strengths=dosed, **CASES[regime]
    )


def killed_at(stage: str, month: int):
    """Return a progress that ends the process after a month of a stage."""

    def progress(now: str, done: int, total: int | None, citizens: int) -> None:
        if (now, done) == (stage, month):
            raise Killed

    return progress


def begin(folder: Path, regime: str, progress, **options) -> None:
    with pytest.raises(Killed):
        glasscity.run(
            scenario(regime), out=folder, report=False, progress=progress, watch=WATCHED, **options
        )


@pytest.fixture(scope="module")
def straight(tmp_path_factory):
    """Return a function that gives a regime's run in one go, made once."""

    @functools.cache
    def run(regime: str) -> glasscity.Run:
        out = tmp_path_factory.mktemp("straight") / "run"
        return glasscity.run(scenario(regime), out=out, report=False, watch=WATCHED)

    return run


def assert_same_files(one: Path, other: Path) -> None:
    """Assert that two run folders differ in times and in where they went on alone."""
    names = sorted(path.relative_to(one).as_posix() for path in one.rglob("*") if path.is_file())
    assert names == sorted(p.relative_to(other).as_posix() for p in other.rglob("*") if p.is_file())
    told = {"provenance.json", "meta.json", "complete.json", "state.json"}
    for name in names:
        if Path(name).name not in told:
            assert checksum(one / name) == checksum(other / name), name
    for place in (".", "twin"):
        metas = [json.loads((run / place / "meta.json").read_text("utf-8")) for run in (one, other)]
        for meta in metas:
            meta.pop("resumed_from_month")
        assert metas[0] == metas[1]


@pytest.mark.parametrize(
    ("regime", "stage", "month", "every", "resumed"),
    [
        ("citizen-score-2020", "months", 17, 4, {"months": 16, "twin": 0}),
        ("citizen-score-2020", "twin", 20, 3, {"months": -1, "twin": 18}),
        ("rongcheng-2014", "months", 25, 4, {"months": 24, "twin": 0}),
        ("rongcheng-2014", "writing", 0, 1, {"months": -1, "twin": -1}),
        ("defaulter-list-2013", "months", 3, 4, {"months": 0, "twin": 0}),
        ("defaulter-list-2013", "twin", 20, 6, {"months": -1, "twin": 18}),
    ],
)
def test_a_killed_run_goes_on_to_the_same_bits(
    straight, tmp_path, regime, stage, month, every, resumed
):
    run = straight(regime)
    begin(tmp_path / "run", regime, killed_at(stage, month), checkpoint_every=every)
    told: list[str] = []
    again = glasscity.resume(tmp_path / "run", threads=3, told=told.append)
    assert again.digest == run.digest
    assert again.twin.digest == run.twin.digest
    assert_same_files(run.path, again.path)
    last = run.months - run.months % every
    resumed = {name: last if month < 0 else month for name, month in resumed.items()}
    assert again.provenance["resumed"] == resumed
    assert again.meta["resumed_from_month"] == resumed["months"]
    assert again.twin.meta["resumed_from_month"] == resumed["twin"]
    assert api.numbers(again)["resumed_from_month"] == resumed["months"]
    assert run.meta["resumed_from_month"] is None
    assert len(told) == 2
    assert not (again.path / "checkpoints").exists()
    assert again.verify() == run.digest


def test_a_run_may_be_killed_again_and_again(straight, tmp_path):
    regime = "citizen-score-2020"
    run = straight(regime)
    folder = tmp_path / "run"
    begin(folder, regime, killed_at("months", 7), checkpoint_every=3)
    for stage, month in (("months", 8), ("months", 15), ("twin", 2), ("twin", 14), ("writing", 0)):
        with pytest.raises(Killed):
            glasscity.resume(folder, progress=killed_at(stage, month))
    again = glasscity.resume(folder)
    assert_same_files(run.path, folder)
    # The time of all processes up to what the next one went on from.
    assert again.provenance["wall_seconds"] > again.provenance["simulation_seconds"] > 0


BURNT = {"country": "plainland", "citizens": 900, "months": 3, "seed": 31, "report": False}


@pytest.fixture
def burnt(tmp_path, monkeypatch):
    """Return a run whose burn-in was not stored; none is while the test lasts."""
    monkeypatch.setattr("glasscity.engine.start._read", lambda file, citizens: None)
    return glasscity.run("defaulter-list-2013", out=tmp_path / "straight", **BURNT)


def test_a_burn_in_goes_on_likewise(burnt, tmp_path):
    folder, usual = tmp_path / "run", signal.signal(signal.SIGINT, signal.default_int_handler)
    progress = killed_at("burn-in", 40)
    with pytest.raises(Killed):
        glasscity.run(
            "defaulter-list-2013", out=folder, checkpoint_every=9, progress=progress, **BURNT
        )

    def stop(stage: str, done: int, total: int | None, citizens: int) -> None:
        if (stage, done) == ("burn-in", 50):
            signal.raise_signal(signal.SIGINT)

    try:
        with pytest.raises(Interrupted, match="after month 51 of the burn-in"):
            glasscity.resume(folder, progress=stop)
    finally:
        signal.signal(signal.SIGINT, usual)
    told: list[str] = []
    again = glasscity.resume(folder, told=told.append)
    assert again.provenance["resumed"] == {"months": 0, "burn-in": 51, "twin": 0}
    assert "going on after 51 months of the burn-in" in told
    assert again.provenance["burn_in_months"] == burnt.provenance["burn_in_months"] > 51
    assert_same_files(burnt.path, folder)


def test_a_burn_in_that_was_just_over_is_not_longer_for_it(burnt, tmp_path):
    last = burnt.provenance["burn_in_months"]
    progress = killed_at("burn-in", last)
    with pytest.raises(Killed):
        glasscity.run(
            "defaulter-list-2013",
            out=tmp_path / "run",
            checkpoint_every=last,
            progress=progress,
            **BURNT,
        )
    again = glasscity.resume(tmp_path / "run")
    assert again.provenance["resumed"]["burn-in"] == last
    assert again.provenance["burn_in_months"] == last
    assert_same_files(burnt.path, again.path)


def test_what_a_month_makes_anew_need_not_be_kept():
    done = []
    for scrambled in (False, True):
        found: list = []

        class Watcher(Keeper):
            def month_done(self, stage, course, months, found=found, scrambled=scrambled):
                luck = np.random.default_rng(course.month)
                state = course.world.world.state
                found.append(state)
                for name, column in state.columns().items():
                    # The last month's are read when it is told about.
                    if scrambled and name in REMADE and course.month < months:
                        high = 3 if name == "audit.shadow" else 2**8
                        if name.startswith("scratch"):
                            column[:] = luck.integers(0, high, column.shape, column.dtype)

        from glasscity.simulation import simulate

        keeper = Watcher(Checkpoints(Path("nowhere"), {}))
        outcome = simulate(
            scenario("citizen-score-2020"), twin=False, progress=lambda *_: None, keeper=keeper
        ).outcome
        done.append((outcome.digest(), outcome.people["unafraid_voice"].tolist()))
        state = found[-1]
        assert np.array_equal(state.face.next, state.face.now)
        assert np.array_equal(state.face.deed_next, state.face.deed)
        assert np.array_equal(state.audit.inner >> 6, state.audit.shadow)
    assert done[0] == done[1]


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("broken", "month"),
    [
        (["months-00016/+small.npy"], 12),
        (["months-00016/manifest.json", "months-00012/+small.npy"], 0),
        (["months-00004-00008/+small.npy"], 0),
    ],
)
def test_a_damaged_checkpoint_costs_months_and_not_the_run(tmp_path, broken, month):
    folder = tmp_path / "run"
    begin(folder, "rongcheng-2014", killed_at("months", 17), checkpoint_every=4)
    for name in broken:
        flip(folder / "checkpoints" / name)
    told: list[str] = []
    again = glasscity.resume(folder, told=told.append)
    assert again.meta["resumed_from_month"] == month
    assert sum("cannot be used" in sentence for sentence in told) == (1 if month else 2)
    assert broken[0] in told[0]
    assert again.digest == glasscity.rerun(folder).digest


def test_ctrl_c_keeps_the_month_and_says_how_to_go_on(straight, tmp_path):
    regime = "rongcheng-2014"
    run = straight(regime)
    folder = tmp_path / "run"
    usual = signal.signal(signal.SIGINT, signal.default_int_handler)
    said = []

    def progress(stage: str, done: int, total: int | None, citizens: int) -> None:
        said.append(stage)
        if stage == "months" and done == 10:
            signal.raise_signal(signal.SIGINT)

    try:
        with pytest.raises(Interrupted, match=r"after month 11 of .*glasscity resume"):
            glasscity.run(
                scenario(regime), out=folder, report=False, progress=progress, watch=WATCHED
            )
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, usual)
    assert "stopping" in said
    assert json.loads((folder / "state.json").read_text("utf-8"))["state"] == "interrupted"
    with pytest.raises(DamagedRun, match="glasscity resume"):
        glasscity.open_run(folder)
    again = glasscity.resume(folder)
    assert again.meta["resumed_from_month"] == 11
    assert_same_files(run.path, folder)


def test_ctrl_c_twice_stops_at_once_and_leaves_the_last_checkpoint(tmp_path):
    folder = tmp_path / "run"
    usual = signal.signal(signal.SIGINT, signal.default_int_handler)

    def progress(stage: str, done: int, total: int | None, citizens: int) -> None:
        if (stage, done) == ("months", 10):
            signal.raise_signal(signal.SIGINT)
            signal.raise_signal(signal.SIGINT)

    try:
        with pytest.raises(Interrupted, match="glasscity resume"):
            glasscity.run(
                scenario("defaulter-list-2013"),
                out=folder,
                report=False,
                progress=progress,
                checkpoint_every=4,
            )
    finally:
        signal.signal(signal.SIGINT, usual)
    assert glasscity.resume(folder).meta["resumed_from_month"] == 8


def test_runs_in_other_threads_leave_ctrl_c_alone(tmp_path):
    keeper = Keeper(Checkpoints(tmp_path / "checkpoints", {}))
    found = []

    def other() -> None:
        with keeper.stoppable(lambda: None):
            found.append(signal.getsignal(signal.SIGINT))

    usual = signal.getsignal(signal.SIGINT)
    thread = threading.Thread(target=other)
    thread.start()
    thread.join()
    assert found == [usual]


def test_a_full_disk_stops_a_run_that_goes_on_when_there_is_room(tmp_path, monkeypatch):
    folder = tmp_path / "run"
    write = Disk.write
    left = [15]

    def full(self, path, chunks):
        left[0] -= 1
        if left[0] < 0:
            raise OSError(28, "No space left on device", str(path))
        write(self, path, chunks)

    monkeypatch.setattr(Disk, "write", full)
    with pytest.raises(DiskFull, match="glasscity resume"):
        glasscity.run(scenario("defaulter-list-2013"), out=folder, report=False, checkpoint_every=2)
    monkeypatch.undo()
    again = glasscity.resume(folder)
    assert again.meta["resumed_from_month"] > 0
    assert again.digest == glasscity.rerun(folder).digest


def test_a_full_disk_while_results_are_written_is_told_with_how_to_go_on(tmp_path, monkeypatch):
    def full(path, outcome):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("glasscity.results.summary.write_summary", full)
    with pytest.raises(DiskFull, match="glasscity resume"):
        glasscity.run(
            scenario("defaulter-list-2013"), out=tmp_path / "run", twin=False, checkpoint_every=6
        )
    monkeypatch.undo()
    again = glasscity.resume(tmp_path / "run")
    assert again.twin is None
    assert (again.path / "report.html").is_file()
    assert again.meta["resumed_from_month"] == 24


@pytest.fixture
def unfinished(tmp_path):
    folder = tmp_path / "run"
    begin(folder, "defaulter-list-2013", killed_at("months", 5), checkpoint_every=2)
    return folder


def edit(path: Path, change) -> None:
    told = json.loads(path.read_text("utf-8"))
    change(told)
    path.write_text(json.dumps(told), "utf-8")


def test_a_run_of_another_model_version_is_refused(unfinished, monkeypatch):
    monkeypatch.setattr(api, "MODEL_VERSION", _version.MODEL_VERSION + "x")
    before = sorted(unfinished.rglob("*"))
    with pytest.raises(DamagedRun, match=r"begun by model version 3, this is 3x.*Mend"):
        glasscity.resume(unfinished)
    assert sorted(unfinished.rglob("*")) == before


def test_an_edited_scenario_is_refused(unfinished):
    kept = (unfinished / "scenario.json").read_text("utf-8")
    for name, value in {"citizens": 1_201, "seed": 10, "months": 25}.items():
        edit(unfinished / "scenario.json", lambda told, n=name, v=value: told.update({n: v}))
        with pytest.raises(DamagedRun, match=r"changed since the run began.*restore"):
            glasscity.resume(unfinished)
        (unfinished / "scenario.json").write_text(kept, "utf-8")
    edit(unfinished / "scenario.json", lambda told: told["regime"].update(title="other"))
    with pytest.raises(BadFile, match="restore the file"):
        glasscity.resume(unfinished)


def test_checkpoints_from_another_folder_are_refused(unfinished):
    for path in (unfinished / "checkpoints").glob("months-0000?/manifest.json"):
        content = json.loads(path.read_text("utf-8"))
        assert content["manifest"]["about"]["identity"]["model"] == _version.MODEL_VERSION
    edit(unfinished / "state.json", lambda told: told["asked"].update(watch=[1]))
    with pytest.raises(DamagedRun, match=r"another run: its watch is \[3, 40, 777\], not \[1\]"):
        glasscity.resume(unfinished)


def test_a_folder_that_no_run_was_begun_in_is_refused(unfinished):
    edit(unfinished / "state.json", lambda told: told.pop("asked"))
    with pytest.raises(DamagedRun, match=r"cannot be gone on with|can be gone on with.*Mend"):
        glasscity.resume(unfinished)


def test_a_run_into_an_unfinished_folder_says_to_resume(unfinished):
    with pytest.raises(OutputExists, match="glasscity resume"):
        glasscity.run(scenario("defaulter-list-2013"), out=unfinished)


def test_a_finished_run_is_returned_as_it_is(unfinished):
    run = glasscity.resume(unfinished)
    times = {path: path.stat().st_mtime_ns for path in unfinished.rglob("*")}
    assert glasscity.resume(unfinished).digest == run.digest
    assert {path: path.stat().st_mtime_ns for path in unfinished.rglob("*")} == times


def test_a_run_that_is_being_written_is_left_alone(unfinished):
    from glasscity.results.lock import FolderLock

    with FolderLock(unfinished), pytest.raises(BadArgument, match="is writing there"):
        glasscity.resume(unfinished)


@pytest.mark.parametrize("every", [0, -1, 2.5, True, 65_536])
def test_a_number_of_months_that_is_none_is_refused(tmp_path, every):
    with pytest.raises(BadArgument, match="checkpoint_every"):
        glasscity.run(country="plainland", out=tmp_path / "run", checkpoint_every=every)
    assert not (tmp_path / "run").exists()


class _Course:
    """As much of a course as the keeper's rule looks at."""

    class world:  # noqa: N801
        held_bytes = 75_000_000

        @staticmethod
        def written() -> None:
            """Nothing is to be done."""

    month, seconds = 0, 0.0

    def now(self):
        return {}

    def added(self, since):
        return {}


class _Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class _Noted(Checkpoints):
    """Checkpoints that take a second each and are noted."""

    def write(self, stage, month, arrays, grown, about):
        self.clock.now += 1.0
        self.noted.append(month)


def _checkpoints_of(months: int, seconds: float) -> list[int]:
    clock, course = _Clock(), _Course()
    noted = _Noted(Path("nowhere"), {})
    noted.clock, noted.noted = clock, []
    keeper = Keeper(noted, clock=clock)
    keeper.begin(course, None)
    for month in range(months):
        clock.now += seconds
        course.month = month + 1
        keeper.month_done("months", course, months)
    return noted.noted


def test_unless_asked_for_checkpoints_are_rare_and_cheap():
    assert _checkpoints_of(84, 0.1) == []
    found = _checkpoints_of(300, 1.0)
    assert 2 <= len(found) <= 300 * keeping.MOST_SHARE
    assert found[0] >= keeping.SHORTEST_SECONDS
    # Months that are long enough are all kept.
    assert _checkpoints_of(20, 400.0) == list(range(1, 21))


@pytest.mark.parametrize(
    "kills", [1, pytest.param(6, marks=pytest.mark.slow)], ids=["once", "many times"]
)
def test_a_process_that_is_really_killed(tmp_path, kills):
    from terminal import start

    luck = random.Random(5)
    regime, out = "citizen-score-2020", tmp_path / "killed"
    words = ["--country", "plainland", "--citizens", 4_000, "--months", 48, "--start", "2017-06"]
    process = start("run", regime, *words, "--checkpoint-every", 1, "--no-report", "--out", out)
    for _ in range(kills):
        # At some time while months go by; a run may have finished before.
        deadline = time.monotonic() + 60
        before = len(list(out.glob("checkpoints/*")))
        while len(list(out.glob("checkpoints/*"))) == before and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(luck.random() * 0.6)
        process.kill()
        process.communicate()
        process = start("resume", out, "--json")
    said, told = process.communicate(timeout=120)
    assert process.returncode == 0, told
    run = glasscity.open_run(out)
    assert json.loads(said)["digest"] == run.digest
    again = glasscity.run(_stored(run), out=tmp_path / "straight", report=False)
    assert_same_files(again.path, run.path)
    assert pl.read_parquet(run.path / "denials.parquet").height > 0


def _stored(run) -> Scenario:
    return Scenario.from_json((run.path / "scenario.json").read_text("utf-8"))
