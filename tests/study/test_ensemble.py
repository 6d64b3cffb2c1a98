"""A study from its file to its folder: labelled, checked, gone on with, refused."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import glasscity
from glasscity.errors import BadArgument, CannotFit, DamagedRun, OutputExists
from glasscity.rights import MEASURES, measures
from glasscity.scenario import Scenario
from glasscity.study import ensemble as ensembles
from glasscity.study.ensemble import Ensemble, open_study, run_study
from glasscity.study.plan import read_study

STUDY: dict[str, Any] = {
    "name": "small",
    "title": "A small study",
    "base": {"country": "plainland", "citizens": 800, "months": 4, "start": "2019-11"},
    "axes": {
        "seeds": [5, 6],
        "regimes": ["unscored", "citizen-score-2020"],
        "strengths": {"friends": [0, 1]},
    },
    "groups": ["quintile"],
    "twin": True,
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Ensemble:
    folder = tmp_path_factory.mktemp("ensemble") / "small"
    return run_study(STUDY, out=folder, workers=1)


def changed(**changes: Any) -> dict[str, Any]:
    return {**STUDY, **changes}


def test_every_figure_is_found_under_its_labels(found: Ensemble, tmp_path: Path) -> None:
    scenario = Scenario(
        "citizen-score-2020",
        country="plainland",
        citizens=800,
        months=4,
        start="2019-11",
        seed=6,
        strengths={"friends": 0},
    )
    run = glasscity.run(scenario, out=tmp_path / "run", threads=1, report=False)
    assert run.twin is not None
    here = {"regime": "citizen-score-2020", "point": 0, "seed": 6}
    data = found.dataset
    national, unscored = measures(run), measures(run.twin)
    poorest = measures(run, by="quintile")["q1"]
    for name in MEASURES:
        for variable, value, where in (
            (name, national[name], here),
            (f"{name}_by_quintile", poorest[name], {**here, "quintile": "q1"}),
            (f"{name}_unscored", unscored[name], {"point": 0, "seed": 6}),
        ):
            kept = float(data[variable].sel(where))
            assert kept == value or (math.isnan(kept) and value is None), variable
    assert str(data["digest"].sel(here).item()) == run.digest


def test_each_variable_says_what_it_is(found: Ensemble) -> None:
    for name, one in MEASURES.items():
        about = found.dataset[name].attrs
        assert about["units"] == one.unit
        assert about["definition"] == one.definition
        assert about["denominator"] == one.denominator
    assert list(found.dataset["friends"].values) == [0.0, 1.0]
    assert found.dataset["friends"].dims == ("point",)


def test_a_strength_of_nought_is_felt_by_the_scored_alone(found: Ensemble) -> None:
    digests = found.dataset["digest"]
    without, with_ = (digests.sel(point=k, regime="citizen-score-2020", seed=5) for k in (0, 1))
    assert str(without.item()) != str(with_.item())
    unscored = digests.sel(regime="unscored", seed=5).values
    assert unscored[0] == unscored[1]


def test_the_table_has_a_line_a_member(found: Ensemble) -> None:
    table = found.members
    assert len(table) == found.about["members"] == found.done == 8
    assert set(MEASURES) < set(table.columns)
    line = table.filter(regime="citizen-score-2020", friends=1.0, seed=5)
    same = found.dataset["breaches"].sel(regime="citizen-score-2020", point=1, seed=5)
    assert line["breaches"].item() == int(same)


def test_the_summary_follows_from_the_dataset(found: Ensemble) -> None:
    box = found.dataset["chilled_share"]
    gap = (box.sel(regime="citizen-score-2020") - box.sel(regime="unscored")).sel(point=1)
    (row,) = [
        one
        for one in found.summary
        if (one["measure"], one["versus"], one["at"]) == ("chilled_share", "unscored", "friends 1")
    ]
    assert row["estimate"] == pytest.approx(float(gap.mean()))
    # Student's t with one degree of freedom: 12.7062.
    half = 12.7062 * float(np.std(gap.values, ddof=1)) / math.sqrt(2)
    assert row["high"] - row["estimate"] == pytest.approx(half, rel=1e-4)


def test_the_same_study_again_runs_nothing_and_gives_the_same(
    found: Ensemble, monkeypatch: pytest.MonkeyPatch
) -> None:
    from glasscity.study import members

    def fails(*_: object, **__: object) -> None:
        raise AssertionError("a world was run")

    monkeypatch.setattr(members, "_run", fails)
    before = {path.name: path.read_bytes() for path in found.folder.iterdir() if path.is_file()}
    again = run_study(STUDY, out=found.folder, workers=1)
    assert again.digest == found.digest
    after = {path.name: path.read_bytes() for path in found.folder.iterdir() if path.is_file()}
    assert (
        set(before)
        == set(after)
        == {
            "study.json",
            "dataset.nc",
            "members.parquet",
            "summary.csv",
        }
    )
    assert before["summary.csv"] == after["summary.csv"]
    assert before["members.parquet"] == after["members.parquet"]


def test_a_longer_study_takes_over_the_members_of_a_shorter_one(
    found: Ensemble, tmp_path: Path
) -> None:
    shown: list[tuple[int, int]] = []
    axes = {**STUDY["axes"], "seeds": [5, 6, 7]}
    longer = run_study(
        changed(axes=axes),
        out=tmp_path / "longer",
        store=found.folder / "members",
        workers=1,
        progress=lambda done, total: shown.append((done, total)),
    )
    # Of three seeds two are known: two regimes at two points, one of which is the twin.
    assert shown[0] == (8, 12)
    assert longer.dataset["breaches"].sel(seed=5).equals(found.dataset["breaches"].sel(seed=5))


def test_another_study_in_the_same_folder_is_refused(found: Ensemble) -> None:
    other = changed(axes={**STUDY["axes"], "seeds": [5]})
    with pytest.raises(OutputExists, match="another study is kept here") as refused:
        run_study(other, out=found.folder)
    assert "--store" in refused.value.mend


def test_a_folder_of_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputExists, match="something else"):
        run_study(STUDY, out=tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


@pytest.mark.parametrize("name", ["dataset.nc", "members.parquet", "summary.csv"])
def test_an_edited_result_is_refused_and_named(found: Ensemble, tmp_path: Path, name: str) -> None:
    for path in found.folder.iterdir():
        if path.is_file():
            (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / name).write_bytes((tmp_path / name).read_bytes() + b" ")
    with pytest.raises(DamagedRun, match=f"the file '{name}' is not what was written"):
        open_study(tmp_path)


def test_a_study_of_another_model_version_is_refused(found: Ensemble, tmp_path: Path) -> None:
    about = json.loads((found.folder / "study.json").read_text(encoding="utf-8"))
    (tmp_path / "study.json").write_text(json.dumps({**about, "model": "2"}), encoding="utf-8")
    for open_ in (open_study, lambda folder: run_study(STUDY, out=folder)):
        with pytest.raises(DamagedRun, match="model version 2, this is"):
            open_(tmp_path)


def test_a_study_that_did_not_finish_is_not_opened(found: Ensemble, tmp_path: Path) -> None:
    about = json.loads((found.folder / "study.json").read_text(encoding="utf-8"))
    unfinished = json.dumps({**about, "state": "running"})
    (tmp_path / "study.json").write_text(unfinished, encoding="utf-8")
    with pytest.raises(DamagedRun, match="not finished"):
        open_study(tmp_path)


def test_what_is_given_beside_the_file_takes_the_place_of_its_base() -> None:
    asked, _ = ensembles._read(
        STUDY, {"citizens": 900, "start": None, "strengths": {"speech": 0.0, "notice": 1.0}}
    )
    assert asked.base.citizens == 900
    assert asked.base.start == "2019-11"
    assert asked.base.present == {"speech": 0.0, "notice": 1.0}
    with pytest.raises(BadArgument, match="the study varies what 'seed' would fix"):
        ensembles._read(STUDY, {"seed": 3})
    with pytest.raises(BadArgument, match="'regime' is no field"):
        ensembles._read(STUDY, {"regime": "unscored"})


def test_a_failed_member_is_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from glasscity import simulation

    real = simulation.Stage.run

    def fails(self: Any, *args: Any, **named: Any) -> Any:
        if self.scenario.regime.name == "citizen-score-2020" and self.scenario.seed == 6:
            raise ZeroDivisionError("nobody left")
        return real(self, *args, **named)

    monkeypatch.setattr(simulation.Stage, "run", fails)
    axes = {"seeds": [5, 6], "regimes": ["unscored", "citizen-score-2020"]}
    study = changed(axes=axes, groups=[], twin=False)
    found = run_study(study, out=tmp_path / "failing", workers=1)
    assert (found.done, found.failed) == (3, 1)
    (failure,) = found.about["failures"]
    assert (failure["regime"], failure["seed"]) == ("citizen-score-2020", 6)
    assert failure["why"] == "ZeroDivisionError: nobody left"
    failed = found.dataset["failed"]
    assert int(failed.sum()) == 1
    assert math.isnan(float(found.dataset["breaches"].where(failed == 1).sum(skipna=False)))
    line = found.members.filter(failed="ZeroDivisionError: nobody left")
    assert line["breaches"].to_list() == [None]


def test_results_that_the_memory_cannot_hold_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from glasscity.engine import room

    monkeypatch.setattr(room, "memory_free", lambda: 1_000_000)
    study = changed(axes={"seeds": {"count": 5_000}})
    with pytest.raises(CannotFit, match="the results of 5,000 members"):
        run_study(study, out=tmp_path / "large")
    assert not (tmp_path / "large").exists()


def test_a_study_stays_as_it_was_read() -> None:
    asked, _ = read_study(STUDY)
    with pytest.raises(Exception, match="frozen"):
        asked.name = "other"  # type: ignore[misc]
