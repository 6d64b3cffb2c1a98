"""Pairs as they are run, kept, opened and gone on with."""

from __future__ import annotations

import json
import shutil

import pytest
from pair_worlds import FIELDS, WITHOUT

import glasscity
from glasscity.errors import BadArgument, BadInput, CannotFit, DamagedRun, OutputExists
from glasscity.interventions import placebo
from glasscity.rights import MEASURES
from glasscity.simulation import outcomes, simulate
from glasscity.study import variance
from glasscity.study.ahead import Ahead, helpers
from glasscity.study.kept import Store
from glasscity.study.members import Member, Result, member_key
from glasscity.study.pair import resume_pair, scenarios_of
from glasscity.study.variance import check_seeds, measured_variance


def quiet(*_):
    pass


def test_the_twin_that_is_copied_is_the_one_that_each_run_would_have_had(pair, base):
    other = base.but(strengths={"joint-punishment": 0.0})
    alone = simulate(other, twin=True, progress=quiet)
    assert alone.twin is not None
    assert alone.outcome.digest() == pair.others[WITHOUT].digest
    for run in pair.runs:
        assert run.twin is not None
        assert run.twin.digest == alone.twin.digest()
        assert run.verify() == run.digest


def test_a_run_under_unscored_serves_as_the_twin_of_the_others(base, tmp_path):
    short = base.but(regime="unscored", strengths=None, months=3, citizens=300)
    found = glasscity.pair(
        short,
        "citizen-score-2020",
        out=tmp_path / "pair",
        report=False,
        variance_seeds=0,
        placebo=False,
    )
    assert found.base.twin is None
    assert found.others[0].twin is not None
    assert found.others[0].twin.digest == found.base.digest
    assert found.placebo is None


def test_another_world_is_no_twin(pair, base, tmp_path):
    with pytest.raises(BadArgument, match="not the same people unscored"):
        glasscity.run(base.but(seed=6), out=tmp_path / "run", twin=pair.base.twin)
    assert not (tmp_path / "run").exists()


def test_the_chaos_floor_is_the_placebo_world_held_against_the_base(pair, base):
    found = pair.placebo
    event = placebo(base)
    done = simulate(base, twin=False, progress=quiet, interventions=[event])
    assert found["digest"] == done.outcome.digest() != pair.base.digest
    assert found["month"] == 0
    assert 1 <= found["months_apart"] <= 72
    assert found["changed_citizens"] == found["changed"]["counted"]
    assert 0 <= found["changed_citizens"] < 1_500
    assert set(found["effects"]) == set(MEASURES)


def test_a_pair_says_what_it_compared_where_there_are_several(pair):
    numbers = pair.numbers
    assert len(numbers["runs"]) == 4
    assert len(numbers["comparisons"]) == 3
    assert "effects" not in numbers
    for run, kept in zip(pair.runs, numbers["runs"], strict=True):
        assert kept["digest"] == run.digest
        assert kept["run"] == str(run.path)


def test_seeds_at_zero_leave_every_ratio_not_estimable(pair):
    ratios = pair.comparisons[WITHOUT]["variance_ratio"]
    assert set(ratios) == set(MEASURES)
    assert set(ratios.values()) == {None}


@pytest.fixture
def copied(pair, tmp_path):
    shutil.copytree(pair.path, tmp_path / "pair")
    return tmp_path / "pair"


def test_a_pair_is_read_back_as_it_was_written(pair, copied):
    again = glasscity.open_pair(copied)
    assert again.comparisons == pair.comparisons
    assert [run.digest for run in again.runs] == [run.digest for run in pair.runs]


def test_an_edited_comparison_is_refused_and_made_anew_on_demand(pair, copied):
    text = (copied / "pair.json").read_text()
    number = pair.comparisons[WITHOUT]["changed_citizens"]
    changed = text.replace(f'"changed_citizens": {number}', f'"changed_citizens": {number + 1}')
    assert changed != text
    (copied / "pair.json").write_text(changed)
    with pytest.raises(DamagedRun, match="not what was written") as refused:
        glasscity.open_pair(copied)
    assert f"glasscity resume {copied}" in str(refused.value)
    with pytest.raises(DamagedRun):
        resume_pair(copied)


def test_a_pair_with_another_run_in_it_is_refused(copied):
    shutil.rmtree(copied / "other-2")
    shutil.copytree(copied / "other-3", copied / "other-2")
    with pytest.raises(DamagedRun, match="another run than the one that was compared"):
        glasscity.open_pair(copied)


def test_a_pair_goes_on_with_what_is_missing_to_the_same_comparison(pair, copied):
    (copied / "pair.json").unlink()
    shutil.rmtree(copied / "other-1")
    with pytest.raises(DamagedRun, match="not a finished pair"):
        glasscity.open_pair(copied)
    before = (copied / "other-2" / "complete.json").stat().st_mtime_ns
    found = resume_pair(copied)
    assert (copied / "other-2" / "complete.json").stat().st_mtime_ns == before
    assert [run.digest for run in found.runs] == [run.digest for run in pair.runs]
    for one, another in zip(found.comparisons, pair.comparisons, strict=True):
        skip = ("base", "other")  # their folders
        assert {k: v for k, v in one.items() if k not in skip} == {
            k: v for k, v in another.items() if k not in skip
        }
    assert found.placebo == pair.placebo


def test_a_run_stopped_as_its_folder_was_made_is_begun_anew(pair, copied):
    (copied / "pair.json").unlink()
    scenario = (copied / "other-1" / "scenario.json").read_bytes()
    shutil.rmtree(copied / "other-1")
    (copied / "other-1").mkdir()
    (copied / "other-1" / "scenario.json").write_bytes(scenario)
    assert resume_pair(copied).others[0].digest == pair.others[0].digest


def test_a_pair_begun_with_another_scenario_is_not_gone_on_with(copied):
    (copied / "pair.json").unlink()
    asked = json.loads((copied / "pair-asked.json").read_text())
    asked["worlds"][1] = asked["worlds"][2]
    (copied / "pair-asked.json").write_text(json.dumps(asked))
    with pytest.raises(DamagedRun, match="another run than the pair was begun with"):
        resume_pair(copied)


def test_a_pairs_folder_is_no_run_and_says_which_are_in_it(pair):
    with pytest.raises(DamagedRun, match="folder of a pair") as refused:
        glasscity.open_run(pair.path)
    assert str(pair.path / "base") in str(refused.value)


def test_results_of_a_pair_are_never_written_over(pair, base):
    with pytest.raises(OutputExists):
        glasscity.pair(base, "unscored", out=pair.path)


def test_one_regime_without_a_change_says_what_to_give():
    with pytest.raises(BadArgument, match="nothing to compare") as refused:
        scenarios_of("credit-bureau")
    assert "glasscity pair credit-bureau --without friends" in str(refused.value)


def test_the_same_regime_twice_is_a_pair():
    one, two = scenarios_of("credit-bureau", "credit-bureau", **FIELDS)
    assert one == two


def test_a_change_falls_on_the_others_and_not_on_the_base():
    base, *others = scenarios_of(
        "citizen-score-2020", "citizen-score-2020", "credit-bureau", strengths={"friends": 0.25}
    )
    assert base.strengths["friends"] == 1
    assert [one.strengths["friends"] for one in others] == [0.25, 0.25]
    base, itself = scenarios_of("citizen-score-2020", strengths={"notice": 1})
    assert (base.strengths["notice"], itself.strengths["notice"]) == (0, 1)


def test_months_and_start_of_the_base_hold_for_all():
    base, other = scenarios_of("citizen-score-2020", "sesame-2015", country="plainland")
    assert other.start == base.start
    assert other.months == base.months
    assert glasscity.Scenario("sesame-2015").start != base.start


def test_scenarios_that_are_no_pair_are_refused_before_anything_is_made(base, tmp_path):
    with pytest.raises(BadArgument, match="differ in seed"):
        glasscity.pair(base, base.but(seed=6), out=tmp_path / "pair")
    with pytest.raises(BadArgument, match="beside a whole scenario"):
        glasscity.pair(base, citizens=10, out=tmp_path / "pair")
    for options in ({"threads": 0}, {"watch": [1_500]}, {"variance_seeds": 2}, {"layout": "thin"}):
        with pytest.raises(BadInput):
            glasscity.pair(base, "unscored", out=tmp_path / "pair", **options)
    with pytest.raises(CannotFit):
        glasscity.pair("unscored", "credit-bureau", citizens=10**15, out=tmp_path / "pair")
    assert not (tmp_path / "pair").exists()


def test_the_folder_of_a_run_is_not_silently_taken_for_a_regime(pair):
    with pytest.raises(BadArgument, match="a pair runs regimes anew") as refused:
        scenarios_of(pair.base.path, "unscored")
    assert "glasscity.compare" in str(refused.value)


@pytest.mark.parametrize("seeds", [-1, 1, 2, 10_001, True, 3.0])
def test_a_number_of_seeds_without_a_variance_is_refused(seeds):
    with pytest.raises(BadArgument, match="seeds"):
        check_seeds(seeds)


def result(value, scenario):
    return Result(Member(scenario), "", dict.fromkeys(MEASURES, value), {}, None, None)


def test_the_ratio_is_the_variance_of_the_difference_over_both_variances(base):
    values = [(1.0, 3.0), (2.0, 4.5), (4.0, 5.5)]
    pairs = [(result(a, base), result(b, base)) for a, b in values]
    found = variance._ratios(pairs, 2_000, scale=4.0)
    # Differences 2, 2.5, 1.5: variance 0.25; variances of the sides 7/3 and 19/12.
    assert found["variance_ratio"]["restricted_share"] == pytest.approx(0.25 / (7 / 3 + 19 / 12))
    assert found["variance"]["standard_error"]["restricted_share"] == pytest.approx(0.5 / 2)
    assert found["variance"]["standard_error"]["denials"] == pytest.approx(0.5 * 2)


def test_what_some_worlds_cannot_give_or_never_varies_has_no_ratio(base):
    pairs = [(result(a, base), result(1.0, base)) for a in (1.0, None, 2.0)]
    assert variance._ratios(pairs, 10, scale=1.0)["variance_ratio"]["denials"] is None
    pairs = [(result(1.0, base), result(1.0, base)) for _ in range(3)]
    assert variance._ratios(pairs, 10, scale=1.0)["variance_ratio"]["denials"] is None


def test_ratios_are_measured_over_worlds_of_other_seeds_with_the_same_people_in_both(base):
    small = base.but(citizens=300, months=3)
    other = small.but(strengths={"friends": 0.0})
    (found,) = measured_variance(small, [other], seeds=3, workers=1)
    how = found["variance"]
    assert (how["seeds"], how["citizens"], how["failed"]) == (3, 300, 0)
    rows = []
    for number in range(3):
        seed = variance._seed(small.seed, number)
        assert seed != small.seed
        runs = [o.cube for o in outcomes([small.but(seed=seed), other.but(seed=seed)])]
        rows.append([_applications(cube) for cube in runs])
    paired = _variance([b - a for a, b in rows])
    unpaired = sum(_variance(list(side)) for side in zip(*rows, strict=True))
    assert found["variance_ratio"]["applications"] == pytest.approx(paired / unpaired)
    assert unpaired > 0


def _applications(cube) -> int:
    frame = cube.frame()
    return int(frame.filter(frame["measure"] == "applications")["count"].sum())


def _variance(values) -> float:
    mean = sum(values) / len(values)
    return sum((value - mean) ** 2 for value in values) / (len(values) - 1)


def test_helpers_give_the_same_ratios_and_nothing_waits_for_them(base, tmp_path, monkeypatch):
    monkeypatch.setenv("GLASSCITY_CACHE", str(tmp_path / "one"))
    small = base.but(citizens=200, months=2)
    other = small.but(strengths={"friends": 0.0})
    alone = measured_variance(small, [other], seeds=3, workers=1)
    monkeypatch.setenv("GLASSCITY_CACHE", str(tmp_path / "two"))
    helped = measured_variance(small, [other], seeds=3, workers=2)
    assert helped == alone
    monkeypatch.setattr("glasscity.study.ahead.sys.executable", str(tmp_path / "no-python"))
    monkeypatch.setenv("GLASSCITY_CACHE", str(tmp_path / "three"))
    assert measured_variance(small, [other], seeds=3, workers=2) == alone


def test_a_helper_puts_what_it_is_asked_for_into_the_store_and_ends(base, tmp_path):
    small = base.but(citizens=200, months=2)
    store = tmp_path / "store"
    Store(store, print)
    with Ahead([[small]], store=store, number=1) as ahead:
        (process,) = ahead._processes
        assert process.wait(timeout=120) == 0
    assert (store / f"{member_key(small)}.json").is_file()


def test_a_helper_is_ended_with_the_work_it_was_to_help(base, tmp_path):
    store = tmp_path / "store"
    Store(store, print)
    with Ahead([[base] * 50], store=store, number=1) as ahead:
        (process,) = ahead._processes
    assert process.returncode is not None
    assert helpers(1, 12) == 0
    assert helpers(2, 12) == 1
    assert helpers(64, 0) == 0
