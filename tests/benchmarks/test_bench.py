"""The runner keeps what was measured, says what it left out, and changes nothing it measures."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

import bench
from glasscity.bench.bound import Bare
from glasscity.bench.month import full_months, window
from glasscity.bench.worlds import begin, joined, world_at
from glasscity.errors import BadFile, NotFound
from glasscity.scenario import Scenario
from measure import instructions, peers, store
from measure.step import step_case

ROOT = Path(__file__).resolve().parents[2]
EMPTY = {"format": 1, "cases": {}}


def case(**values) -> dict:
    return {"case": "month", "citizens": 10, "threads": 1, "attribution": "panel", **values}


def test_a_case_replaces_itself_and_leaves_all_others_as_they_were():
    kept = store.merged(EMPTY, [case(cpu_ns=1), case(threads=2, cpu_ns=2)], {"date": "before"})
    again = store.merged(kept, [case(cpu_ns=3)], {"date": "after"})
    assert sorted(c["cpu_ns"] for c in again["cases"].values()) == [2, 3]
    dates = {c["cpu_ns"]: c["measured"]["date"] for c in again["cases"].values()}
    assert dates == {2: "before", 3: "after"}
    assert {c["cpu_ns"] for c in kept["cases"].values()} == {1, 2}


@pytest.mark.parametrize(
    "other", [{"citizens": 11}, {"threads": 2}, {"attribution": "all"}, {"peer": "numpy"}]
)
def test_cases_that_differ_in_what_was_asked_have_different_names(other):
    assert store.key_of(case(**other)) != store.key_of(case())
    assert store.key_of(case(seconds=3)) == store.key_of(case())


def test_results_come_back_as_they_were_written(tmp_path):
    results = store.merged(EMPTY, [case(cpu_ns=1)], {})
    store.write(tmp_path / "deep" / "file.json", results)
    assert store.read(tmp_path / "deep" / "file.json") == results
    assert store.read(tmp_path / "none.json") == EMPTY
    assert [f.name for f in (tmp_path / "deep").iterdir()] == ["file.json"]


@pytest.mark.parametrize("text", ["{", '{"format": 2, "cases": {}}', "[]", '{"format": 1}'])
def test_a_file_of_something_else_is_refused_and_kept(tmp_path, text, capsys):
    file = tmp_path / "other.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadFile):
        store.read(file)
    assert bench.main(["--only", "import", "--out", str(file)]) == 2
    assert "other.json" in capsys.readouterr().err
    assert file.read_text(encoding="utf-8") == text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--only", "mnth"], "month"),
        (["--only", "month", "--threads", "two"], "1,2"),
        (["--only", "month", "--sizes", "many"], "citizens"),
        (["--only", "month", "--months", "0"], "--months"),
        (["--only", "peers", "--peers", "mesas"], "mesa"),
    ],
)
def test_what_cannot_be_measured_is_named_in_one_line(arguments, said, tmp_path, capsys):
    assert bench.main([*arguments, "--out", str(tmp_path / "out.json")]) == 2
    lines = [x for x in capsys.readouterr().err.splitlines() if x.startswith("error: ")]
    assert len(lines) == 1
    assert said in lines[0]


def test_a_run_that_is_broken_off_keeps_the_cases_it_had(tmp_path, monkeypatch):
    def measured(kind, options):
        yield case(cpu_ns=1)
        raise KeyboardInterrupt

    monkeypatch.setattr(bench, "cases", measured)
    file = tmp_path / "out.json"
    assert bench.main(["--only", "month", "--out", str(file)]) == 130
    assert [c["cpu_ns"] for c in store.read(file)["cases"].values()] == [1]


def test_a_peer_without_an_environment_is_left_out_with_the_reason(tmp_path, monkeypatch):
    monkeypatch.setenv("GLASSCITY_PEERS", str(tmp_path))
    asked = {"threads": (1,), "months": 2, "repeats": 1}
    (found,) = peers.peer_cases(["mesa"], 1000, **asked)
    assert "environment" in found["left_out"]
    with pytest.raises(NotFound):
        peers.python_of("mesas")


def test_a_pair_is_the_peers_time_over_the_mean_of_the_two_around_it():
    line = {"seconds": 6.0, "cpu_seconds": 3.0, "months": 3, "citizens": 10}
    around = [{"seconds": s, "cpu_seconds": 1.0, "months": 1, "citizens": 10} for s in (1.0, 3.0)]
    assert peers._pair(line, *around) == {"wall": 1.0, "cpu": 1.0}


def test_a_peer_whose_scores_are_not_the_tasks_is_not_compared():
    right = {"mean_score": 650.4, "spread": 118.4, "restricted_share": 0.1141}
    assert peers._other_task(right) == ""
    for name, value in (("mean_score", 640), ("spread", 173), ("restricted_share", 0.0)):
        assert name in peers._other_task(right | {name: value})
    assert "nan" in peers._other_task(right | {"mean_score": float("nan")})


def test_every_peer_has_a_script_and_pins_for_its_environment():
    for peer in peers.PEERS.values():
        assert (peers.HERE / "peers" / peer.script).is_file()
        if peer.environment is not None:
            pins = peers.HERE / "peers" / "requirements" / f"{peer.environment}.txt"
            lines = pins.read_text(encoding="utf-8").splitlines()
            assert all("==" in x for x in lines if not x.startswith("#"))
            assert not any("//" in x for x in lines)


@pytest.mark.parametrize(
    ("months", "run"),
    [(84, (0, 84)), (100, (0, 84)), (12, (61, 73)), (2, (66, 68)), (60, (24, 84))],
)
def test_months_lie_around_the_mandate(months, run):
    assert (window(67, 84, months).start, window(67, 84, months).stop) == run


def test_the_full_month_is_measured_with_and_without_attribution():
    found = list(full_months(2000, threads=(1,), months=2, burn_in=1))
    assert [one["attribution"] for one in found] == ["every denial", "panel"]
    assert all(one["window"] == [66, 67] for one in found)
    # One month before penalties and one with them.
    for one in found:
        mean = (one["cpu_ns_before"] + one["cpu_ns_penalties"]) / 2
        assert one["cpu_ns"] == pytest.approx(mean, rel=0.02)
    assert len({store.key_of(one) for one in found}) == 2


def test_plain_numpy_and_the_kernels_of_the_step_give_the_same_scores():
    """Where they do not, the case ends the run instead of giving a ratio."""
    found = step_case(2000, repeats=1)
    assert found["case"] == "step"
    assert found["ratio"] > 0


def test_the_bare_month_leaves_its_world_as_it_was():
    scenario = Scenario("citizen-score-2020", citizens=3000, seed=1)
    society, state = begin(scenario)
    joined(society, state)
    assert 0.5 < (state.face.now & 1).mean() < 0.95
    world = world_at(scenario, society, state, threads=1, attributes=1)
    before = {name: column.copy() for name, column in state.columns().items()}
    bare = Bare(world)
    bare.month(70)
    world.workers.close()
    for name, column in state.columns().items():
        assert (column == before[name]).all(), name
    # At the least everything is read once; at the most read and written in each of four sweeps.
    once = sum(c.nbytes for c in before.values()) / 3000
    assert once < bare.bytes_per_citizen < 8 * once


def test_where_no_counter_is_there_instructions_are_not_guessed(monkeypatch, capsys):
    monkeypatch.setattr(instructions.shutil, "which", lambda name: None)
    assert list(instructions.instruction_cases(1000, burn_in=1)) == []
    assert "no perf" in capsys.readouterr().err


def test_the_page_on_performance_is_what_the_results_say():
    spec = importlib.util.spec_from_file_location(
        "make_performance", ROOT / "tools" / "make_performance.py"
    )
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    assert tool.PAGE.read_text(encoding="utf-8") == tool.page(), "run tools/make_performance.py"
    assert tool.fingerprint() in tool.PICTURE.read_text(encoding="utf-8"), "likewise"


def test_results_name_no_place_of_one_machine():
    text = (ROOT / "docs" / "performance.json").read_text(encoding="utf-8")
    assert json.loads(text)["format"] == 1
    assert not any(place in text for place in ("/tmp", "/home", "/root", "/work"))
