"""How a command ends when it does not end well: Ctrl-C, a full disk, a lost reader, a bug."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from terminal import SMALL, Ended, assert_refused, environment, glasscity, start

from glasscity.errors import DamagedRun, Interrupted
from glasscity.results import open_run


def _assert_unfinished(folder: Path) -> None:
    assert not (folder / "complete.json").exists()
    with pytest.raises(DamagedRun):
        open_run(folder)


def test_ctrl_c_stops_a_run_with_one_line_and_nothing_that_looks_whole(tmp_path, finished):
    out = tmp_path / "out"
    process = start("run", *SMALL[:-1], 20_000, "--no-report", "--out", out)
    assert process.stderr is not None
    said = ""
    for line in process.stderr:
        said += line
        if line.startswith("months"):
            break
    process.send_signal(signal.SIGINT)
    rest, further = process.communicate(timeout=60)
    ended = Ended(process.returncode, rest, said + further)
    assert_refused(ended, "stopped from the keyboard after month", "glasscity resume", code=130)
    assert "finishing the month" in ended.err
    assert "interrupted" in (out / "state.json").read_text(encoding="utf-8")
    assert list((out / "checkpoints").glob("months-?????"))
    _assert_unfinished(out)


def test_ctrl_c_before_anything_is_done_ends_likewise():
    code = (
        "import os, signal, sys, threading\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from glasscity.cli import main\n"
        "threading.Timer(0.02, os.kill, (os.getpid(), signal.SIGINT)).start()\n"
        "sys.exit(main(['explain', 'month']))\n"
    )
    process = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment(), check=False
    )
    ended = Ended(process.returncode, process.stdout, process.stderr)
    assert_refused(ended, "stopped from the keyboard", code=130)


def test_an_interruption_that_a_library_renamed_is_still_one(monkeypatch):
    # A test run that was started in the background has Ctrl-C ignored.
    usual = signal.signal(signal.SIGINT, signal.default_int_handler)

    def renamed():
        try:
            signal.raise_signal(signal.SIGINT)
        except KeyboardInterrupt:
            raise ImportError("half an import") from None

    monkeypatch.setattr("glasscity.regime.regimes", renamed)
    assert_refused(glasscity("regimes"), "stopped from the keyboard", code=130)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    signal.signal(signal.SIGINT, usual)


def test_an_interruption_told_by_the_package_ends_with_130(monkeypatch):
    def stopped():
        raise Interrupted("stopped after month 3")

    monkeypatch.setattr("glasscity.regime.regimes", stopped)
    assert_refused(glasscity("regimes"), "stopped after month 3", code=130)


def test_a_full_disk_is_told_in_one_line(tmp_path, monkeypatch, finished):
    def full(path):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    out = tmp_path / "out"
    words = ("run", *SMALL, "--no-report", "--no-twin", "--out", out)
    monkeypatch.setattr("glasscity.results.summary.write_summary", lambda path, outcome: full(path))
    assert_refused(glasscity(*words), "no room is left on the disk", "--out")
    assert "failed" in (out / "state.json").read_text(encoding="utf-8")
    _assert_unfinished(out)


# The scenario fits within the first limit and nothing does within the second.
@pytest.mark.parametrize("kilobytes", [150, 30])
def test_a_disk_that_is_really_full_leaves_nothing_that_looks_whole(tmp_path, finished, kilobytes):
    import resource

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (kilobytes << 10, kilobytes << 10))

    out = tmp_path / "out"
    words = ("run", *SMALL, "--no-report", "--no-twin", "--out", out)
    process = start(*words, preexec_fn=limit)
    said, err = process.communicate(timeout=120)
    assert_refused(Ended(process.returncode, said, err), "no room is left")
    _assert_unfinished(out)


def test_a_reader_that_went_away_is_no_error():
    process = start("explain", "regime")
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == ""
    assert process.wait(timeout=60) == 0


def test_a_bug_is_called_one_without_a_traceback(monkeypatch):
    def broken():
        raise KeyError("row")

    monkeypatch.setattr("glasscity.regime.regimes", broken)
    ended = glasscity("regimes")
    assert ended.code == 1
    assert ended.err.count("\n") == 1
    assert "this is a bug" in ended.last
    assert "KeyError" in ended.last
    assert "Traceback" not in ended.err
    with pytest.raises(KeyError):
        glasscity("--debug", "regimes")
    with pytest.raises(KeyError):
        glasscity("regimes", "--debug")


def test_memory_that_is_used_up_is_told_in_one_line(monkeypatch):
    def greedy():
        raise MemoryError

    monkeypatch.setattr("glasscity.regime.regimes", greedy)
    assert_refused(glasscity("regimes"), "memory")


def test_a_run_that_stopped_early_goes_on_with_the_command_that_it_names(tmp_path, monkeypatch):
    def stop(*_, **__):
        raise KeyboardInterrupt

    out = tmp_path / "out"
    words = ("run", *SMALL, "--seed", "7", "--without", "friends", "--no-report", "--no-twin")
    monkeypatch.setattr("glasscity.simulation.simulate", stop)
    ended = glasscity(*words, "--out", out)
    assert_refused(ended, code=130)
    monkeypatch.undo()
    command = ended.last.partition("'glasscity ")[2].partition("'")[0]
    done = glasscity(*command.split(), "--json")
    assert done.code == 0, done.err
    assert "beginning at month 0" in done.err
    again = glasscity(*words, "--out", tmp_path / "again", "--json")
    assert done.json["resumed_from_month"] == 0
    assert done.json["same"] is True
    assert set(done.json) == set(again.json) | {"same"}
    for key in ("digest", "measures", "citizens", "months", "state_bytes_per_citizen"):
        assert done.json[key] == again.json[key]
    assert not (out / "report.html").exists()
    assert open_run(out).twin is None


def test_a_run_says_after_which_month_it_goes_on(tmp_path, monkeypatch):
    out = tmp_path / "out"
    words = ("run", *SMALL, "--checkpoint-every", "3", "--no-report", "--no-twin", "--out", out)

    def full(path, outcome):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("glasscity.results.summary.write_summary", full)
    assert_refused(glasscity(*words), "no room is left on the disk", "glasscity resume")
    monkeypatch.undo()
    assert_refused(glasscity(*words), "a run that is not finished is there", "glasscity resume")
    done = glasscity("resume", out)
    assert done.code == 0, done.err
    assert "going on after 3 months" in done.err
    assert "finished and whole" in glasscity("resume", out).out
