"""Study files: what they may say, what is said against the rest, and the members that they make."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pytest

from glasscity.behaviour import load_behaviour, matched
from glasscity.catalogue.reader import Refused
from glasscity.errors import BadFile
from glasscity.study.design import Laid, lay, problems
from glasscity.study.ensemble import check_study
from glasscity.study.plan import read_study, study_schema

ROOT = Path(__file__).resolve().parents[2]


def laid(**study: Any) -> Laid:
    return lay(*read_study({"name": "asked", **study}))


def said(**study: Any) -> list[str]:
    try:
        return [str(one) for one in problems(*read_study({"name": "asked", **study}))]
    except Refused as refused:
        return [str(one) for one in refused.problems]


def test_a_study_that_says_nothing_is_one_run_of_the_default_scenario() -> None:
    (member,) = laid().members()
    scenario = member.scenario
    assert (scenario.regime.name, scenario.country.name) == ("citizen-score-2020", "china-2020")
    assert scenario.behaviour.name == "central"
    assert (scenario.citizens, scenario.months, scenario.seed) == (20_000, 84, 20140614)
    assert member.labels == {"regime": "citizen-score-2020", "point": 0, "seed": 20140614}


def test_every_regime_meets_the_same_people_and_luck() -> None:
    found = laid(
        base={"citizens": 500},
        axes={"regimes": ["unscored", "sesame-2015"], "seeds": {"count": 3, "first": 7}},
    )
    first, second = ([m.scenario for m in found.members()][k : k + 3] for k in (0, 3))
    assert [one.seed for one in first] == [one.seed for one in second] == [7, 8, 9]
    for one, other in zip(first, second, strict=True):
        assert one.but(regime=other.regime, strengths=other.strengths) == other


def test_all_regimes_run_the_first_ones_months_unless_the_base_names_others() -> None:
    regimes = ["sesame-2015", "unscored"]
    assert {m.scenario.start for m in laid(axes={"regimes": regimes}).members()} == {"2015-01"}
    named = laid(base={"regime": "unscored"}, axes={"regimes": regimes})
    assert {(m.scenario.start, m.scenario.months) for m in named.members()} == {("2014-06", 84)}


def test_a_grid_has_every_combination() -> None:
    found = laid(
        axes={
            "vectors": ["central", "critic"],
            "parameters": {"deterrence": [-0.2, 0, 0.6], "kappa": {"count": 2}},
            "strengths": {"friends": [0, 1]},
            "citizens": [100, "1e3"],
        }
    )
    kappa = load_behaviour("central").kappa
    wanted = itertools.product(
        ["central", "critic"],
        [-0.2, 0.0, 0.6],
        [float(kappa.lows[0]), float(kappa.highs[0])],
        [0.0, 1.0],
        [100, 1_000],
    )
    assert [tuple(point.labels.values()) for point in found.points] == list(wanted)


def test_a_point_is_what_its_labels_say() -> None:
    found = laid(
        base={"with": {"notice": 0.5}, "without": ["speech"]},
        axes={
            "vectors": ["critic"],
            "parameters": {"saving_by_quintile.0": [0.3]},
            "strengths": {"friends": [0.25]},
        },
    )
    (member,) = found.members()
    strengths = member.scenario.strengths
    assert (strengths["notice"], strengths["speech"], strengths["friends"]) == (0.5, 0.0, 0.25)
    behaviour, critic = member.scenario.behaviour, load_behaviour("critic")
    assert behaviour.saving_by_quintile.numbers[0] == 0.3
    assert behaviour.saving_by_quintile.numbers[1:] == critic.saving_by_quintile.numbers[1:]
    assert behaviour.kappa == critic.kappa


def test_paired_lists_go_side_by_side() -> None:
    found = laid(
        design={"kind": "paired"},
        axes={"parameters": {"deterrence": [0, 0.1]}, "strengths": {"friends": [1, 0.5]}},
    )
    pairs = [(p.labels["deterrence"], p.labels["friends"]) for p in found.points]
    assert pairs == [(0.0, 1.0), (0.1, 0.5)]
    assert any(
        "not of one length: deterrence 3, friends 2" in one
        for one in said(
            design={"kind": "paired"},
            axes={"parameters": {"deterrence": [0, 0.1, 0.2]}, "strengths": {"friends": [1, 0.5]}},
        )
    )


def test_a_latin_hypercube_has_one_point_in_each_slice_of_each_range() -> None:
    found = laid(
        design={"kind": "latin", "count": 8},
        axes={"parameters": {"deterrence": {"low": 0, "high": 0.4}}, "strengths": {"friends": {}}},
    )
    for name, width in (("deterrence", 0.4 / 8), ("friends", 1 / 8)):
        slices = sorted(int(point.labels[name] / width) for point in found.points)
        assert slices == list(range(8))
    assert found.points == laid(**_plain(found)).points


def _plain(found: Laid) -> dict[str, Any]:
    plain = found.study.model_dump(mode="json", by_alias=True, exclude_none=True)
    return {name: value for name, value in plain.items() if name != "name"}


def test_matched_vectors_are_taken_evenly_out_of_the_set() -> None:
    every = [one.name for one in matched()]
    assert [p.labels["vector"] for p in laid(axes={"vectors": {"matched": "all"}}).points] == every
    some = laid(axes={"vectors": {"named": ["proponent"], "matched": 4}})
    names = [point.labels["vector"] for point in some.points]
    assert names[0] == "proponent"
    places = [every.index(str(name)) for name in names[1:]]
    assert places == sorted(places)
    assert max(b - a for a, b in itertools.pairwise(places)) <= len(every) / 4 + 1
    assert some.matched == frozenset(names[1:])


@pytest.mark.parametrize(
    ("study", "wanted"),
    [
        ({"axis": {}}, "axis: this is not a known key here. Allowed: name, title"),
        ({"axis": {}}, "did you mean 'axes'?"),
        ({"axes": {"seeds": {"cuont": 3}}}, "axes.seeds.cuont: this is not a known key here"),
        ({"axes": {"seeds": {"count": 0}}}, "axes.seeds.count: '0' does not fit"),
        ({"axes": {"seeds": [3, 4, 3]}}, "'3' stands here twice"),
        ({"axes": {"seeds": []}}, "axes.seeds: this is of the wrong kind"),
        (
            {"axes": {"parameters": {"kappa": {"low": 1, "high": 0.5, "count": 3}}}},
            "axes.parameters.kappa: the range is upside down: low 1 is not below high 0.5",
        ),
        (
            {"axes": {"parameters": {"kappa": {"low": 1.9, "count": 3}}}},
            "axes.parameters.kappa: 1.9 is outside the range of 'kappa'. Allowed: 0.25 to 1.8",
        ),
        ({"axes": {"parameters": {"kapa": [1]}}}, "there is no parameter 'kapa'"),
        ({"axes": {"parameters": {"kapa": [1]}}}, "did you mean 'kappa'?"),
        ({"axes": {"parameters": {"kappa": [3]}}}, "3 is outside the range of 'kappa'"),
        ({"axes": {"parameters": {"deeds": [3]}}}, "Allowed: deeds.0, deeds.1"),
        ({"axes": {"parameters": {"kappa.0": [1]}}}, "'kappa.0' is not one number"),
        ({"axes": {"parameters": {"kappa": {}}}}, "the range has no count"),
        ({"axes": {"strengths": {"freinds": [1]}}}, "did you mean 'friends'?"),
        ({"axes": {"strengths": {"friends": [2]}}}, "2 is outside the range of 'friends'"),
        ({"axes": {"regimes": ["citizen-score"]}}, "did you mean 'citizen-score-2020'?"),
        ({"axes": {"vectors": {"matched": 900}}}, "there are no 900 matched vectors"),
        ({"axes": {"vectors": {}}}, "no vector is asked for"),
        ({"axes": {"citizens": ["many"]}}, "citizens 'many' is not a whole number"),
        ({"base": {"with": {"notice": 3}}}, "base.with.notice: strength '3' of notice"),
        ({"base": {"without": ["noise"]}}, "there is no mechanism or safeguard 'noise'"),
        ({"base": {"start": "June"}}, "start 'June' is not a month"),
        ({"base": {"seed": -1}}, "seed -1 is outside its range"),
        ({"base": {"country": "atlantis"}}, "there is no country 'atlantis'"),
        ({"groups": ["quintiles"]}, "did you mean 'quintile'?"),
        ({"design": {"kind": "latin"}}, "a Latin hypercube has no count"),
        ({"design": {"kind": "latin", "count": 4}}, "has no range to fill"),
        ({"design": {"count": 4}}, "a count is for a Latin hypercube"),
        (
            {"axes": {"parameters": {k: {"count": 500} for k in ("kappa", "reward")}}},
            "the axes make 250,000 points",
        ),
        ({"name": "My study"}, "name: 'My study' does not have the right form"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_what_is_allowed(study: dict[str, Any], wanted: str) -> None:
    found = said(**study)
    assert any(wanted in one for one in found), found


def test_every_problem_of_a_file_is_named_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "two.yaml"
    file.write_text(
        "name: two\naxes:\n  parameters:\n    kapa: [1]\n  strengths:\n    friends: [2]\n",
        encoding="utf-8",
    )
    assert [one.where for one in check_study(file)] == [f"{file}:4", f"{file}:6"]
    with pytest.raises(BadFile, match="kapa"):
        lay(*read_study(file))


def test_the_example_is_well_formed() -> None:
    assert check_study(ROOT / "examples" / "honesty.yaml") == []


def test_the_schema_in_the_documents_is_current() -> None:
    file = ROOT / "docs" / "schema" / "study.schema.json"
    current = json.dumps(study_schema(), indent=2, ensure_ascii=False) + "\n"
    assert file.read_text(encoding="utf-8") == current, "python tools/write_schema.py"
