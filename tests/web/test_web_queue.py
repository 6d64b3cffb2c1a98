"""Runs through the queue: real child processes in the folders of the command line."""

from __future__ import annotations

import json
import os
import signal
import time

import pytest
from explorer import LONG, SMALL, client_of, wait_for

import glasscity
from glasscity.api import give_up, prepare, resume
from glasscity.errors import BadArgument, DamagedRun
from glasscity.results.lock import holder
from glasscity.scenario import Scenario
from glasscity.web.queue import MOST_WAITING
from glasscity.web.settings import slots_of


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("queue") / "runs"


@pytest.fixture(scope="module")
def busy(folder):
    """Return an explorer of one slot with a long run in it and two small ones behind."""
    with client_of(folder) as client:
        names = [
            client.post("/api/runs", json={"regime": regime, **size}).json()["name"]
            for regime, size in (
                ("unscored", LONG),
                ("citizen-score-2020", {**SMALL, "strengths": {"friends": 0}}),
                ("credit-bureau", SMALL),
            )
        ]
        yield client, names


def test_runs_wait_in_order_go_on_are_cancelled_and_gone_on_with(busy, folder):
    client, (long, second, third) = busy
    told = wait_for(client, long, "running")
    assert [client.get(f"/api/runs/{name}").json()["state"] for name in (second, third)] == [
        "waiting",
        "waiting",
    ]
    assert client.get(f"/api/runs/{third}").json()["progress"] == {"place": 2}
    # One that waits is taken out, and the others move up.
    assert client.post(f"/api/runs/{second}/cancel").json()["state"] == "stopped"
    assert client.get(f"/api/runs/{third}").json()["progress"] == {"place": 1}
    # It is put back behind the others, and only once.
    assert client.post(f"/api/runs/{second}/resume").json()["progress"] == {"place": 2}
    assert client.post(f"/api/runs/{second}/resume").status_code == 409
    # One that goes on says how far it is, ends its month and keeps it.
    for _ in range(300):
        told = client.get(f"/api/runs/{long}").json()
        if told["progress"].get("stage") == "months" and told["progress"]["done"] > 1:
            break
        time.sleep(0.1)
    assert 0 < told["progress"]["share"] < 0.5
    assert told["progress"]["total"] == 1200
    assert client.post(f"/api/runs/{long}/cancel").status_code == 200
    stopped = wait_for(client, long, "stopped")
    assert "stopped" in stopped["reason"]
    assert any((folder / long / "checkpoints").iterdir())
    assert not (folder / long / "progress.json").exists()
    # Meanwhile the others have their turn, in order.
    assert wait_for(client, third, "finished")["digest"]
    assert wait_for(client, second, "finished")["digest"]


def test_a_run_of_the_queue_is_the_run_of_the_command_line_to_the_bit(busy, folder):
    client, (_, second, third) = busy
    wait_for(client, second, "finished")
    again = glasscity.run(
        "citizen-score-2020",
        **SMALL,
        strengths={"friends": 0},
        out=folder.parent / "again",
        report=False,
    )
    mine = glasscity.open_run(folder / second)
    assert mine.digest == again.digest
    assert mine.twin is not None
    # What only waited was begun; what was taken out and put back was gone on with.
    assert mine.meta["resumed_from_month"] == 0
    assert glasscity.open_run(folder / third).meta["resumed_from_month"] is None
    assert mine.verify() == mine.digest
    told = client.get(f"/api/runs/{second}/numbers").json()
    assert told["measures"] == glasscity.numbers(again)["measures"]
    assert (folder / second / "report.html").is_file()
    assert not (folder / second / "progress.json").exists()


def test_a_run_that_is_cancelled_before_it_has_begun_is_stopped_not_lost(busy, folder):
    client, _ = busy
    asked = {"regime": "unscored", **SMALL}
    name = client.post("/api/runs", json=asked).json()["name"]
    while name not in client.app.state.queue._children:
        time.sleep(0.01)
    # Its process is still reading the library.
    client.post(f"/api/runs/{name}/cancel")
    assert "queue" in wait_for(client, name, "stopped")["reason"]


def test_a_finished_run_can_neither_be_cancelled_nor_gone_on_with(busy):
    client, (_, _, third) = busy
    wait_for(client, third, "finished")
    for verb in ("cancel", "resume"):
        answer = client.post(f"/api/runs/{third}/{verb}")
        assert answer.status_code == 409
        assert answer.json()["mend"]


def test_an_explorer_that_starts_takes_up_what_waits_and_shows_what_was_killed(tmp_path):
    runs = tmp_path / "runs"
    runs.mkdir()
    waiting = prepare(Scenario("unscored", **SMALL), base=runs)
    killed = prepare(Scenario("unscored", **SMALL), base=runs)
    state = json.loads((killed / "state.json").read_text())
    (killed / "state.json").write_text(json.dumps({**state, "state": "running"}))
    changed = prepare(Scenario("unscored", **SMALL), base=runs)
    text = (changed / "scenario.json").read_text()
    (changed / "scenario.json").write_text(text.replace('"seed": 20140614', '"seed": 7'))
    with client_of(runs) as client:
        assert "killed" in wait_for(client, killed.name, "failed")["reason"]
        assert wait_for(client, waiting.name, "finished")["digest"]
        failed = wait_for(client, changed.name, "failed")
        assert "the scenario was changed since the run began" in failed["reason"]
        assert failed["reason"] in client.get(f"/runs/{changed.name}").text


@pytest.mark.slow
def test_a_run_whose_explorer_is_gone_is_shown_and_can_be_cancelled(tmp_path):
    runs = tmp_path / "runs"
    with client_of(runs) as first:
        name = first.post("/api/runs", json={"regime": "unscored", **LONG}).json()["name"]
        for _ in range(300):
            if wait_for(first, name, "running")["progress"]["share"] > 0:
                break
            time.sleep(0.1)
        # As if it had been killed: it tells its child nothing.
        first.app.state.queue._children.clear()
    process = holder(runs / name)
    assert process is not None
    try:
        with client_of(runs) as second:
            told = wait_for(second, name, "running")
            assert told["progress"]["stage"] == "months"
            # It takes the only place.
            other = second.post("/api/runs", json={"regime": "unscored", **SMALL}).json()["name"]
            time.sleep(0.7)
            assert second.get(f"/api/runs/{other}").json()["state"] == "waiting"
            second.post(f"/api/runs/{other}/cancel")
            second.post(f"/api/runs/{name}/cancel")
            wait_for(second, name, "stopped")
    finally:
        if holder(runs / name) == process:
            os.kill(process, signal.SIGKILL)


@pytest.mark.slow
def test_ending_the_explorer_stops_its_runs_with_their_month_kept(tmp_path):
    runs = tmp_path / "runs"
    with client_of(runs) as client:
        name = client.post("/api/runs", json={"regime": "unscored", **LONG}).json()["name"]
        for _ in range(300):
            if wait_for(client, name, "running")["progress"]["share"] > 0:
                break
            time.sleep(0.1)
    assert holder(runs / name) is None
    assert json.loads((runs / name / "state.json").read_text())["state"] == "interrupted"
    assert any((runs / name / "checkpoints").iterdir())


def test_more_people_than_the_machine_holds_are_refused_with_what_would_fit(web):
    asked = {"regime": "unscored", "citizens": 10**10}
    answer = web.post("/api/runs", json=asked)
    assert answer.status_code == 409
    assert "up to about" in answer.json()["allowed"]
    told = web.post("/api/check", json=asked).json()
    assert told["fits"] is False
    assert told["problem"]["allowed"] == answer.json()["allowed"]


@pytest.mark.parametrize(
    ("field", "value", "status"),
    [
        ("regime", "../../etc/passwd", 404),
        ("regime", "/etc/passwd.yaml", 404),
        ("country", "nowhere.yaml", 404),
        ("behaviour", "matched-999", 404),
        ("citizens", 0, 422),
        ("citizens", "many", 422),
        ("months", 1_201, 422),
        ("seed", -1, 422),
        ("strengths", {"friend": 0.5}, 404),
        ("strengths", {"friends": 1.5}, 422),
        ("start", "2014-13", 422),
        ("start", "yesterday", 422),
        ("layout", "disk", 422),
        ("twin", "yes", 422),
    ],
)
def test_a_wrong_value_is_refused_and_nothing_is_made(web, runs, field, value, status):
    before = sorted(runs.iterdir())
    answer = web.post("/api/runs", json={"regime": "unscored", field: value})
    assert answer.status_code == status
    said = answer.json()
    assert said["error"]
    assert "Traceback" not in answer.text
    assert sorted(runs.iterdir()) == before


def test_not_more_than_so_many_wait(tmp_path):
    client = client_of(tmp_path / "runs")
    client.app.state.queue._waiting = [f"w{n}" for n in range(MOST_WAITING)]
    answer = client.post("/api/runs", json={"regime": "unscored", **SMALL})
    assert answer.status_code == 400
    assert str(MOST_WAITING) in answer.json()["error"]


def test_a_machine_carries_a_run_for_every_two_processors_and_one_at_least():
    assert [slots_of(n) for n in (1, 2, 3, 4, 16)] == [1, 1, 1, 2, 8]


def test_a_folder_that_waits_is_begun_by_resume_and_is_no_finished_run(tmp_path):
    folder = prepare(Scenario("unscored", **SMALL), base=tmp_path, name="mine", twin=False)
    assert folder.name == "mine-001"
    with pytest.raises(DamagedRun, match="waits to be started"):
        glasscity.open_run(folder)
    run = resume(folder)
    assert run.meta["resumed_from_month"] is None
    with pytest.raises(BadArgument):
        give_up(folder)


def test_what_was_given_up_can_still_be_resumed(tmp_path):
    folder = prepare(Scenario("unscored", **SMALL), base=tmp_path, twin=False, report=False)
    give_up(folder)
    assert json.loads((folder / "state.json").read_text())["state"] == "interrupted"
    assert resume(folder).digest
