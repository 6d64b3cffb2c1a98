"""Members of an ensemble: the same figures as runs give, kept once, gone on with."""

from __future__ import annotations

import json
import multiprocessing
from pathlib import Path
from typing import Any

import pytest

import glasscity
from glasscity.country import Country, load_country
from glasscity.country.once import once_a_country
from glasscity.errors import BadArgument, CannotFit, DamagedRun, Interrupted, NotFound
from glasscity.results import Run
from glasscity.results.held import HeldRun
from glasscity.rights import MEASURES, measures
from glasscity.scenario import Scenario
from glasscity.simulation import outcomes
from glasscity.study import kept as keeping
from glasscity.study import members as ensembles
from glasscity.study.evidence import with_value
from glasscity.study.members import Member, Result, member_key, run_members

GROUPS = ("province", "area", "quintile", "age", "camp")
SCENARIO = Scenario(
    "citizen-score-2020", country="plainland", citizens=1_500, months=26, start="2019-06", seed=3
)
SESAME = SCENARIO.but(regime="sesame-2015")


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("members") / "run"
    return glasscity.run(SCENARIO, out=folder, threads=2, report=False)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("members") / "store"


@pytest.fixture(scope="module")
def results(store: Path) -> list[Result]:
    wanted = [Member(SESAME, {"regime": "sesame"}), Member(SCENARIO, {"regime": "2020"})]
    return run_members(wanted, store=store, workers=1, groups=GROUPS)


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the keys of worlds as they are run."""
    ran: list[str] = []
    real = ensembles._document

    def noted(key: str, *args: Any, **named: Any) -> dict[str, Any]:
        ran.append(key)
        return real(key, *args, **named)

    monkeypatch.setattr(ensembles, "_document", noted)
    return ran


def test_a_member_has_exactly_the_measures_of_a_stored_run(
    stored: Run, results: list[Result]
) -> None:
    _, member = results
    assert member.measures == measures(stored)
    assert member.digest == stored.digest
    assert set(member.measures) == set(MEASURES)


def test_its_groups_have_exactly_the_measures_of_a_stored_run(
    stored: Run, results: list[Result]
) -> None:
    for grouping in GROUPS:
        assert results[1].groups[grouping] == measures(stored, by=grouping)


def test_its_twin_is_the_twin_of_a_stored_run_and_shared_by_regimes(
    stored: Run, results: list[Result]
) -> None:
    assert stored.twin is not None
    for member in results:
        assert member.twin is not None
        assert member.twin.measures == measures(stored.twin)
        assert member.twin.digest == stored.twin.digest
    assert results[0].twin.key == results[1].twin.key


def test_results_come_in_the_order_given(results: list[Result]) -> None:
    assert [one.member.labels["regime"] for one in results] == ["sesame", "2020"]
    assert [one.member.scenario.regime.name for one in results] == [
        "sesame-2015",
        "citizen-score-2020",
    ]


def test_nothing_is_computed_twice(store: Path, results: list[Result], runs: list[str]) -> None:
    shown = []
    members = [one.member for one in results]
    again = run_members(
        [*members, members[0]],
        store=store,
        workers=1,
        groups=GROUPS,
        progress=lambda done, total: shown.append((done, total)),
    )
    assert again == [*results, results[0]]
    assert runs == []
    assert shown == [(3, 3)]


def test_the_key_hangs_on_all_that_a_result_hangs_on() -> None:
    others = [
        SCENARIO.but(seed=4),
        SCENARIO.but(citizens=1_501),
        SCENARIO.but(months=27),
        SCENARIO.but(start="2019-07"),
        SCENARIO.but(strengths={"friends": 0.5}),
        SCENARIO.but(behaviour="critic"),
        SCENARIO.but(country="china-2020"),
        SESAME,
    ]
    keys = {member_key(one) for one in (SCENARIO, *others)}
    assert len(keys) == 9
    assert member_key(SCENARIO.but(), ["age"]) not in keys
    assert member_key(Scenario.from_json(SCENARIO.to_json())) == member_key(SCENARIO)


def test_a_stopped_ensemble_goes_on_with_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, runs: list[str]
) -> None:
    members = [Member(SCENARIO.but(seed=seed, months=3), twin=False) for seed in (1, 2, 3)]
    real = keeping.Store.write

    def stops(self: keeping.Store, document: dict[str, Any]) -> None:
        if len(runs) == 2:
            raise KeyboardInterrupt
        real(self, document)

    with monkeypatch.context() as patch:
        patch.setattr(keeping.Store, "write", stops)
        with pytest.raises(Interrupted, match="1 of 3 worlds are kept") as stopped:
            run_members(members, store=tmp_path, workers=1)
    assert "the same command goes on there" in str(stopped.value)
    kept = {path.stem for path in tmp_path.glob("*.json")} - {"store"}
    assert kept == {runs[0]}
    runs.clear()
    found = run_members(members, store=tmp_path, workers=1)
    assert set(runs) == {one.key for one in found} - kept
    assert not list(tmp_path.glob(".*"))


@pytest.fixture
def failing() -> Member:
    """Return a member that no society can be made for."""
    equal = with_value(load_country("plainland"), "income_gini", 0.05)
    return Member(SCENARIO.but(country=equal, months=2), twin=False)


def test_a_failed_run_is_kept_as_data_and_tried_again_only_when_asked(
    tmp_path: Path, failing: Member, runs: list[str]
) -> None:
    fine = Member(SCENARIO.but(months=2), twin=False)
    bad, good = run_members([failing, fine], store=tmp_path, workers=1)
    assert bad.measures is None
    assert bad.groups == {}
    assert bad.digest is None
    assert bad.failed is not None
    assert "no spread of incomes gives the Gini" in bad.failed
    assert good.failed is None
    runs.clear()
    assert run_members([failing, fine], store=tmp_path, workers=1) == [bad, good]
    assert runs == []
    run_members([failing, fine], store=tmp_path, workers=1, again=True)
    assert runs == [bad.key]


def test_a_failure_in_a_society_leaves_its_other_worlds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from glasscity import simulation

    real = simulation.Stage.run

    def fails(self: Any, *args: Any, **named: Any) -> Any:
        if self.scenario.regime.name == "sesame-2015":
            raise ZeroDivisionError("nobody left")
        return real(self, *args, **named)

    monkeypatch.setattr(simulation.Stage, "run", fails)
    wanted = [
        Member(SCENARIO.but(regime=name, months=2), twin=False)
        for name in ("unscored", "sesame-2015", "credit-bureau")
    ]
    first, second, third = run_members(wanted, store=tmp_path, workers=1)
    assert second.failed == "ZeroDivisionError: nobody left"
    assert first.failed is None
    assert third.failed is None


@pytest.mark.parametrize("damage", ["edited", "cut short", "another member's"])
def test_a_damaged_result_is_told_set_aside_and_run_again(
    tmp_path: Path, damage: str, runs: list[str]
) -> None:
    members = [Member(SCENARIO.but(months=2, seed=seed), twin=False) for seed in (1, 2)]
    whole = run_members(members, store=tmp_path, workers=1)
    file = tmp_path / f"{whole[0].key}.json"
    text = file.read_text(encoding="utf-8")
    if damage == "edited":
        document = json.loads(text)
        document["result"]["measures"]["breaches"] += 1
        file.write_text(json.dumps(document), encoding="utf-8")
    elif damage == "cut short":
        file.write_text(text[:200], encoding="utf-8")
    else:
        file.write_text(
            (tmp_path / f"{whole[1].key}.json").read_text(encoding="utf-8"), encoding="utf-8"
        )
    runs.clear()
    told: list[str] = []
    assert run_members(members, store=tmp_path, workers=1, told=told.append) == whole
    assert runs == [whole[0].key]
    assert len(told) == 1
    assert str(file) in told[0]
    assert "not what was written" in told[0]
    assert file.with_suffix(".damaged").is_file()


def test_results_of_another_model_version_are_refused(tmp_path: Path) -> None:
    (tmp_path / "store.json").write_text('{"format": 1, "model": "2"}', encoding="utf-8")
    with pytest.raises(DamagedRun, match="another version") as refused:
        run_members([Member(SCENARIO)], store=tmp_path)
    assert "give another folder" in refused.value.mend


def test_a_folder_of_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(BadArgument, match="something else"):
        run_members([Member(SCENARIO)], store=tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_an_unknown_grouping_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="there is no grouping 'quintiles'"):
        run_members([Member(SCENARIO)], store=tmp_path / "store", groups=["quintiles"])
    assert not (tmp_path / "store").exists()


def test_what_the_disk_cannot_hold_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from glasscity.engine import room

    monkeypatch.setattr(room, "disk_free", lambda folder: 20_000)
    with pytest.raises(CannotFit, match="of disk"):
        run_members([Member(SCENARIO)], store=tmp_path, groups=GROUPS)


def test_what_the_memory_cannot_hold_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from glasscity.engine import room

    monkeypatch.setattr(room, "memory_free", lambda: 1_000_000_000)
    with pytest.raises(CannotFit, match="8 runs of 1,500 citizens") as refused:
        run_members([Member(SCENARIO)], store=tmp_path, workers=8)
    assert refused.value.allowed == "up to 2 here"
    with pytest.raises(CannotFit, match="citizens would take"):
        run_members([Member(SCENARIO.but(citizens="1e8"))], store=tmp_path, workers=1)


def test_a_result_takes_less_room_than_is_reckoned_with(store: Path, results: list[Result]) -> None:
    most = keeping._NATION + sum(keeping._GROUPING.values())
    sizes = [path.stat().st_size for path in store.glob("*.json")]
    assert max(sizes) < most


def test_ctrl_c_ends_the_processes_and_what_they_kept_is_what_one_process_gives(
    tmp_path: Path,
) -> None:
    members = [Member(SCENARIO.but(seed=seed, months=2), twin=False) for seed in range(6)]

    def stops(done: int, total: int) -> None:
        if done >= 2:
            raise KeyboardInterrupt

    store = tmp_path / "stopped"
    with pytest.raises(Interrupted, match=r"of 6 worlds are kept") as stopped:
        run_members(members, store=store, workers=2, progress=stops)
    assert stopped.value.exit_code == 130
    assert not multiprocessing.active_children()
    known = len(list(store.glob("*.json"))) - 1
    assert 2 <= known < 6
    shown: list[int] = []
    found = run_members(
        members, store=store, workers=1, progress=lambda done, total: shown.append(done)
    )
    assert shown == list(range(known, 7))
    assert found == run_members(members, store=tmp_path / "whole", workers=1)


def test_a_run_in_memory_reads_as_a_stored_one(stored: Run) -> None:
    (outcome,) = outcomes([SCENARIO])
    held = HeldRun(outcome, stored.scenario)
    assert held.digest == stored.digest
    assert held.meta == stored.meta
    for name in ("people", "denials", "listings", "spells"):
        assert getattr(held, name).equals(getattr(stored, name))
    assert held.panel(1, 25).equals(stored.panel(1, 25))
    assert held.series.equals(stored.series)
    assert held.cube("denials", "gate", month=3).equals(stored.cube("denials", "gate", month=3))
    with pytest.raises(BadArgument, match="never written"):
        held.report()


def test_scenarios_of_several_societies_are_not_run_as_one() -> None:
    with pytest.raises(BadArgument, match="several societies"):
        list(outcomes([SCENARIO, SCENARIO.but(seed=4)]))


def test_what_follows_from_a_country_is_made_once_for_equal_packs() -> None:
    made: list[str] = []

    @once_a_country
    def population(country: Country) -> float:
        made.append(country.name)
        return float(country.income_gini)

    plain, china = load_country("plainland"), load_country("china-2020")
    same = Country.model_validate(plain.model_dump(mode="json", by_alias=True, exclude_none=True))
    assert same is not plain
    for country in (plain, china, same, plain, china):
        assert population(country) == float(country.income_gini)
    assert made == ["plainland", "china-2020"]
    other = with_value(plain, "income_gini", 0.3)
    assert population(other) == 0.3
    assert made == ["plainland", "china-2020", "plainland"]
