"""Attribution against causation: parts that add up, at every gate, against separate runs."""

from __future__ import annotations

import json

import numpy as np
import pytest
from fork_worlds import nation, quiet, scenario

import glasscity
from glasscity import histories
from glasscity.branching.errors_off import clear_errors
from glasscity.branching.mechanisms import OFF
from glasscity.errors import BadArgument, CannotFit, DamagedRun
from glasscity.histories import taken_apart
from glasscity.rights.decomposition import DECOMPOSITION, PARTS, decomposition_of
from glasscity.society.state import new_state
from glasscity.study.decompose import decompose
from glasscity.terms import CAUSE_GROUPS, GATES


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> glasscity.Run:
    """Return a run of its own, into whose folder a table is written."""
    out = tmp_path_factory.mktemp("apart") / "run"
    return glasscity.run(scenario(), out=out, twin=False, report=False, threads=1)


@pytest.fixture(scope="module")
def table(run) -> dict:
    assert decomposition_of(run) is None
    return decompose(run, threads=1)


def test_the_parts_add_up_at_every_gate_and_over_them(table):
    assert [one["cause"] for one in table["causes"]] == list(OFF)
    for one in table["causes"]:
        rows = [one, *one["by_gate"].values()]
        for row in rows:
            assert row["simultaneity"] == row["help"] + row["crowding"]
            assert row["total"] == row["proximate"] + row["simultaneity"] + row["feedback"]
        for part in PARTS:
            assert one[part] == sum(row[part] for row in one["by_gate"].values())
            assert one["shares"][part] == one[part] / table["denials"]
        assert one["month"]["net"] == one["proximate"] + one["simultaneity"]
        assert one["pair"]["net"] == one["total"]
    assert sum(abs(one["total"]) for one in table["causes"]) > 0, "no cause does anything"


def test_proximate_is_what_the_stored_run_says(table, run):
    for one in table["causes"]:
        for gate in GATES:
            counted = int(run.cube("denials_lower", gate=gate, cause=one["cause"]))
            assert one["by_gate"][gate]["proximate"] == counted
    assert table["denials"] == int(run.cube("denials"))
    assert table["with_cause"] == len(run.denials)


def test_the_world_without_spillover_is_the_run_behind_a_firewall(table, outcome_of):
    base, walled = outcome_of(scenario()), outcome_of(scenario(strengths={"firewall": 1.0}))
    spillover = next(one for one in table["causes"] if one["cause"] == "spillover")
    apart = nation(base, "denials").sum(axis=0) - nation(walled, "denials").sum(axis=0)
    assert [spillover["by_gate"][gate]["total"] for gate in GATES] == apart.tolist()


def test_crowding_is_of_cut_offs_and_there_is_none_where_no_score_is_looked_at(table):
    rules = scenario().regime
    moved = set()
    for one in table["causes"]:
        for gate, row in one["by_gate"].items():
            if row["crowding"]:
                moved.add(rules.gate_rule(gate).rule)
    assert "none" not in moved
    assert "rank" in moved, "no cut-off moved: the check is empty"


def test_a_cause_that_is_not_there_has_no_part():
    """Without false records, namesakes, friends and speech nothing of them is left to take away."""
    absent = {"false-alarms": 0.0, "mixups": 0.0}
    found = taken_apart(
        scenario("defaulter-list-2013", strengths=absent), threads=1, progress=quiet
    )
    assert set(found.proximate) == {"error", "spillover"}
    for apart in (found.pair["error"], found.once["error"]):
        assert not apart.net.any()
        assert not apart.vanished.any()
        assert not apart.appeared.any()
    assert not found.proximate["error"].any()


def test_a_regime_without_a_score_says_not_estimable_of_friends_and_speech(tmp_path):
    world = scenario("defaulter-list-2013", months=6)
    run = glasscity.run(world, out=tmp_path / "run", twin=False, report=False, threads=1)
    found = decompose(run, threads=1)
    for one in found["causes"]:
        known = one["cause"] in ("error", "spillover")
        assert (one["total"] is not None) == known
        assert (one["by_gate"] is not None) == known


def test_errors_leave_the_file_and_the_other_causes_keep_their_deficit():
    state = new_state(3)
    state.record.deficits[:, 1] = 40_000
    # unwilling, unable, error of commerce
    state.audit.shares[0, 3:6] = 100, 50, 105
    state.audit.shares[1, 5] = 255
    # On the list of debts for an error, for an error and a breach, for a breach.
    state.record.standing[:, 1] = 12
    state.audit.causes[:] = np.array([8, 9, 1], np.uint32) << np.uint32(5)
    state.record.reference[:] = 16 | 2
    clear_errors(state)
    kept = 40_000 - 40_000 * 105 // 255
    assert state.record.deficits[:, 1].tolist() == [kept, 0, 40_000]
    assert state.audit.shares[0, 5] == 0
    own = state.audit.shares[0, 3:5].astype(np.int64) * kept
    # Shares are whole 1/255, rounded down.
    assert own == pytest.approx([100 * 40_000, 50 * 40_000], abs=kept)
    assert state.record.standing[:, 1].tolist() == [0, 12, 12]
    assert (state.audit.causes >> np.uint32(5)).tolist() == [0, 1, 1]
    assert state.record.reference.tolist() == [2, 2, 2]


def test_the_table_is_refused_when_it_was_changed_or_is_anothers(table, run, tmp_path):
    path = run.path / DECOMPOSITION
    text = path.read_text(encoding="utf-8")
    assert decomposition_of(run) == table
    glasscity.open_run(run.path).verify()
    try:
        document = json.loads(text)
        document["causes"][0]["total"] += 1
        path.write_text(json.dumps(document), encoding="utf-8")
        with pytest.raises(DamagedRun, match="was changed"):
            decomposition_of(run)
        path.write_text("{}", encoding="utf-8")
        with pytest.raises(DamagedRun, match="no table of causes"):
            decomposition_of(run)
    finally:
        path.write_text(text, encoding="utf-8")
    world = scenario(months=2)
    other = glasscity.run(world, out=tmp_path / "run", twin=False, report=False, threads=1)
    (other.path / DECOMPOSITION).write_text(text, encoding="utf-8")
    with pytest.raises(DamagedRun, match="another run's"):
        decomposition_of(other)


@pytest.mark.parametrize(
    ("world", "said"),
    [
        (scenario("unscored"), "nobody is scored or listed"),
        (scenario().forked(4, "unscored"), "a history that forks"),
        (scenario(citizens=20_000_000), "for a panel alone"),
    ],
)
def test_what_cannot_be_taken_apart_is_refused(world, said):
    with pytest.raises(BadArgument, match=said):
        taken_apart(world, threads=1, progress=quiet)


def test_worlds_that_do_not_fit_side_by_side_are_refused(monkeypatch):
    monkeypatch.setattr(histories, "memory_free", lambda: 2_000_000)
    monkeypatch.setattr(histories, "check_memory", lambda citizens: None)
    with pytest.raises(CannotFit, match="8 worlds of 2,000 citizens"):
        taken_apart(scenario(), threads=1, progress=quiet)
    with pytest.raises(CannotFit, match="2 worlds of 2,000 citizens"):
        histories.History(scenario(), 3, threads=1, progress=quiet)


def test_causes_have_their_groups_names():
    assert set(OFF) <= set(CAUSE_GROUPS)
