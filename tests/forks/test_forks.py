"""One history, another regime from a month on: what goes on, what ends, what begins."""

from __future__ import annotations

import json

import numpy as np
import pytest
from fork_worlds import MANDATE, nation, quiet, scenario

import glasscity
from glasscity import api
from glasscity.errors import BadArgument, BadFile, Interrupted
from glasscity.histories import History
from glasscity.report.remake import python_lines
from glasscity.scenario import Scenario
from glasscity.simulation import simulate
from glasscity.terms import SPHERES

# A points scheme, a private score with perks, a list alone, the press's score.
OWN = {
    "citizen-score-2020": (1, 8, MANDATE - 1, MANDATE, MANDATE + 1, 26),
    "rongcheng-2014": (6,),
    "sesame-2015": (6,),
    "defaulter-list-2013": (6,),
}


@pytest.mark.parametrize("regime", OWN)
def test_a_fork_to_the_same_regime_is_the_run_itself(regime, outcome_of):
    own = scenario(regime)
    for month in OWN[regime]:
        again = own.forked(month, own.regime, strengths=own.strengths)
        assert outcome_of(again).digest() == outcome_of(own).digest(), month


def test_a_fork_that_is_another_regime_is_not_the_run_itself(outcome_of):
    """The check above can fail."""
    own = scenario()
    for month in (1, MANDATE + 1):
        other = outcome_of(own.forked(month, own.regime, strengths={"friends": 0.9}))
        assert other.digest() != outcome_of(own).digest()


@pytest.mark.parametrize("regime", ["unscored", "sesame-2015", "rongcheng-2014"])
def test_a_fork_in_the_first_month_is_the_plain_run_of_its_regime(regime, outcome_of):
    own, other = scenario(), scenario(regime)
    assert outcome_of(own.forked(0, regime)).digest() == outcome_of(other).digest()
    assert outcome_of(other.forked(0, own.regime)).digest() == outcome_of(own).digest()


def test_nothing_before_the_fork_differs_and_the_month_itself_does(outcome_of):
    base = outcome_of(scenario())
    other = outcome_of(scenario().forked(12, "unscored"))
    assert np.array_equal(base.state_sums[:12], other.state_sums[:12])
    assert base.state_sums[12] != other.state_sums[12]
    assert np.array_equal(base.panel_scores[:12], other.panel_scores[:12])
    assert other.meta["forks"] == [{"month": 12, "regime": "unscored"}]
    assert "forks" not in base.meta


@pytest.mark.parametrize("regime", ["unscored", "defaulter-list-2013", "train-conduct-2018"])
def test_lists_go_on_by_name_and_those_that_end_let_their_people_go(regime, outcome_of):
    fork, before = 22, scenario()
    done = outcome_of(before.forked(fork, regime))
    stock = nation(done, "listed")
    assert stock[fork - 1].min() > 0, "somebody must be on every list"
    entries = nation(done, "entries")
    exits = sum(
        nation(done, f"exits_{how}")
        for how in ("performance", "appeal", "expiry", "correction", "repair")
    )
    assert np.array_equal(np.diff(stock, axis=0), entries[1:] - exits[1:])
    kept = {entry.name for entry in before.regime.lists}
    kept &= {entry.name for entry in scenario(regime).regime.lists}
    for s, sphere in enumerate(SPHERES):
        name = next(entry.name for entry in before.regime.lists if entry.sphere == sphere)
        if name in kept:
            assert stock[fork, s] > stock[fork - 1, s] / 2
        else:
            left = nation(done, "exits_expiry")[fork, s]
            assert left == stock[fork - 1, s]
            assert (
                (done.listings["month"] == fork)
                & (done.listings["list"] == s)
                & (done.listings["kind"] == 1)
            ).sum() == left


def test_scores_go_on_by_the_name_of_their_operator(outcome_of):
    """Users of a private operator stay its users; where nobody knows the name, nobody is scored."""
    base = outcome_of(scenario())
    fork = MANDATE + 3
    private = outcome_of(scenario().forked(fork, "sesame-2015"))
    enrolled = nation(private, "enrolled")[:, 0]
    assert enrolled[fork - 1] == 2_000
    assert 0 < enrolled[fork] < 2_000
    # At least those who had that score under the nation's, and their first scores resemble it.
    users = base.people["score_private_1"] > 0
    assert users.sum() <= enrolled[fork] + 50
    nobody = outcome_of(scenario().forked(fork, "unscored"))
    assert not nation(nobody, "enrolled")[fork:].any()
    account = outcome_of(scenario().forked(fork, "rongcheng-2014"))
    first = account.panel_scores[fork]
    assert np.median(first) == 1_000, "an account of points begins with what everybody is given"


def test_fixed_cut_offs_stay_where_the_rule_is_the_same_and_are_fixed_anew_elsewhere(outcome_of):
    base = outcome_of(scenario()).meta["cuts"]
    same = outcome_of(scenario().forked(MANDATE + 3, "citizen-score-no-friends")).meta["cuts"]
    rules = scenario().regime
    for place, gate in enumerate(scenario().country.gates):
        if rules.gate_rule(gate.name).rule == "threshold":
            assert same[place] == base[place] > 0
    # In a world of its own the same regime fixes them on its own scores.
    apart = outcome_of(scenario("citizen-score-no-friends")).meta["cuts"]
    assert apart != same


def test_a_new_list_of_debts_takes_old_orders_over_twelve_months(outcome_of):
    """As in the first year of a regime; they do not all come in the month of the fork."""
    fork = 12
    done = outcome_of(scenario("unscored").forked(fork, "defaulter-list-2013"))
    entries = nation(done, "entries")[fork:, :2].sum(axis=1)
    assert entries.sum() > 12
    assert entries[0] < entries[:12].sum() / 2


def test_a_history_can_fork_twice(outcome_of):
    once = scenario().forked(8, "citizen-score-no-friends")
    twice = once.forked(15, "unscored")
    assert [month for month, _ in twice.segments()] == [0, 8, 15]
    one, other = outcome_of(once), outcome_of(twice)
    assert np.array_equal(one.state_sums[:15], other.state_sums[:15])
    assert not nation(other, "enrolled")[15:].any()


def test_a_forked_scenario_is_read_back_and_others_are_written_as_ever():
    plain = scenario()
    assert "fork" not in json.loads(plain.to_json())
    twice = plain.forked(8, "unscored", strengths={"friends": 0.5}).forked(15, "sesame-2015")
    again = Scenario.from_json(twice.to_json())
    assert again == twice
    assert again.to_json() == twice.to_json()
    assert twice.unscored() == plain.unscored()
    changed = json.loads(twice.to_json())
    changed["fork"]["regime"]["title"] = "another"
    with pytest.raises(BadFile, match="changed since it was written"):
        Scenario.from_json(json.dumps(changed))
    changed["fork"] = {"month": 3}
    with pytest.raises(BadFile, match="not a fork"):
        Scenario.from_json(json.dumps(changed))


@pytest.mark.parametrize("month", [-1, 27, 8])
def test_a_fork_outside_the_run_or_before_the_last_one_is_refused(month):
    with pytest.raises(BadArgument, match="outside the run"):
        scenario().forked(8, "unscored").forked(month, "sesame-2015")


def test_packed_people_do_not_fork():
    with pytest.raises(BadArgument, match="a history cannot fork"):
        simulate(scenario().forked(8, "unscored"), layout="packed", progress=quiet)


@pytest.fixture(scope="module")
def forks(history, tmp_path_factory) -> glasscity.Forks:
    """Return the history under two regimes from the mandate on."""
    return glasscity.fork(
        history,
        "citizen-score-no-friends",
        history.scenario["regime"]["name"],
        month="2020-01",
        out=tmp_path_factory.mktemp("forks") / "both",
        report=False,
        watch=[3],
        threads=1,
        placebo=False,
        variance_seeds=0,
    )


def test_the_history_is_stepped_once_and_each_fork_is_the_run_of_its_scenario(forks, outcome_of):
    assert forks.month == MANDATE
    for run in forks.runs:
        assert outcome_of(api.scenario_of(run)).digest() == run.digest
        assert run.twin.digest == forks.base.twin.digest
    assert forks.runs[1].digest == forks.base.digest


def test_forks_are_compared_with_the_run_that_they_left(forks):
    other, same = forks.comparisons
    assert same["changed_citizens"] == 0
    assert not any(same["effects"].values())
    assert other["changed_citizens"] > 0
    moved = other["denials"]["appeared"] - other["denials"]["vanished"]
    assert other["effects"]["denials"] == moved + other["denials"]["baseline_net"]
    assert [one["digest"] for one in forks.numbers["runs"]] == [
        forks.base.digest,
        *(run.digest for run in forks.runs),
    ]


def test_a_watched_life_goes_through_the_fork(forks):
    for run in forks.runs:
        kept = glasscity.life(run, 3)
        assert kept.same
        assert [month["month"] for month in kept.months] == list(range(27))
        told = [event["reason"] for _, event in kept.events("fork")]
        assert len(told) == 1
        assert run.scenario["regime"]["name"] in told[0]
        for month in kept.months:
            if month["score"] is not None:
                assert sum(month["parts"].values()) == month["score"]


@pytest.mark.parametrize("stop", [6, 21])
def test_a_fork_that_was_stopped_goes_on_to_the_same_bits(stop, tmp_path, outcome_of):
    """Before the fork and after it."""
    world = scenario().forked(14, "rongcheng-2014")

    def progress(stage: str, done: int, total: int | None, citizens: int) -> None:
        if (stage, done) == ("months", stop):
            raise KeyboardInterrupt

    with pytest.raises(Interrupted):
        glasscity.run(
            world,
            out=tmp_path / "run",
            twin=False,
            report=False,
            checkpoint_every=3,
            threads=1,
            progress=progress,
        )
    run = glasscity.resume(tmp_path / "run", threads=1)
    assert run.meta["resumed_from_month"] == stop
    assert run.digest == outcome_of(world).digest()


def test_a_history_that_is_not_the_stored_one_is_refused(history, monkeypatch, tmp_path):
    sums = history.extras["state_sums"].copy()
    sums[2] += 1
    monkeypatch.setitem(history.__dict__, "extras", {**history.extras, "state_sums": sums})
    with pytest.raises(glasscity.errors.DamagedRun, match="are not those"):
        glasscity.fork(history, "unscored", month=5, out=tmp_path / "fork")
    assert not (tmp_path / "fork").exists()


@pytest.mark.parametrize("month", ["2031-01", "27", "x", "-1", 1.5])
def test_a_month_that_is_none_of_the_runs_is_refused(month, history):
    with pytest.raises(BadArgument, match="month"):
        glasscity.fork(history, "unscored", month=month)


def test_the_report_of_a_fork_says_how_to_make_it_again(tmp_path, monkeypatch, capsys):
    small = scenario(citizens=300, months=4)
    kept = {"twin": False, "report": False, "threads": 1}
    history = glasscity.run(small, out=tmp_path / "history", **kept)
    (run,) = glasscity.fork(
        history,
        "citizen-score-no-friends",
        month=2,
        strengths={"firewall": 0.5},
        out=tmp_path / "fork",
        threads=1,
        placebo=False,
        variance_seeds=0,
    ).runs
    page = (run.path / "report.html").read_text(encoding="utf-8")
    assert "Until August 2018 its regime was" in page
    assert "another regime takes over" in page
    (command,) = [line for line in page.splitlines() if "glasscity fork history" in line]
    assert "--month 2 citizen-score-no-friends" in command
    monkeypatch.chdir(tmp_path)
    exec(python_lines(run.scenario, run.digest, twin=False), {})
    assert capsys.readouterr().out == "True\n"


def test_a_history_takes_no_scenario_of_another(history):
    world = scenario()
    made = History(world, 5, threads=1, progress=quiet)
    try:
        for other in (world, world.forked(6, "unscored"), scenario(seed=6).forked(5, "unscored")):
            with pytest.raises(BadArgument, match="does not fork from this history"):
                made.fork(other, progress=quiet)
    finally:
        made.close()
