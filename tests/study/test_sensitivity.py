"""A whole sensitivity study on planted worlds."""

from __future__ import annotations

import csv
import json
from types import SimpleNamespace

import pytest
from planted import Planted, luck

from glasscity.errors import BadArgument, NotFound, OutputExists
from glasscity.scenario import Scenario
from glasscity.study.effects import EFFECTS, RESPONSES
from glasscity.study.sensitivity import Sizes, _matters, sensitivity

SCENARIO = Scenario(country="plainland", citizens=1000, months=24, seed=5)
SIZES = Sizes(trajectories=3, samples=30, top=3, vectors=30, again=20, side=4, seeds=2)
FEW = Sizes(vectors=4, again=2, seeds=2)
MOVED = ("deterrence", "refusal_cost", "kappa", "cut_off")


def formula(scenario):
    """Onsets fall with deterrence and rise with the cost; arrears rise always."""
    deterrence = float(scenario.behaviour.deterrence.value)
    cost = float(scenario.behaviour.refusal_cost.value)
    return {
        "unwilling_onsets": 1000 * (1 - deterrence + 0.3 * cost + luck(scenario, 0.02)),
        "arrears_months_share": 0.013 + luck(scenario, 0.001),
        "breaches": 1000 * (1 + luck(scenario, 0.1)),
        "closed_gate_months": 2.0 + luck(scenario, 0.01),
    }


@pytest.fixture(scope="module")
def planted():
    return Planted(formula)


@pytest.fixture(scope="module")
def found(tmp_path_factory, planted):
    folder = tmp_path_factory.mktemp("study") / "sensitivity"
    return folder, sensitivity(SCENARIO, folder, sizes=SIZES, names=MOVED, run=planted)


def rows(document, table, **where):
    return [row for row in document[table] if all(row[name] == one for name, one in where.items())]


def test_the_screening_names_what_was_planted_and_nothing_else(found):
    _, document = found
    most = rows(document, "screening", response="onsets")[0]
    assert most["input"] in MOVED[:2]
    assert {one["input"] for one in document["matters"]} == {"deterrence", "refusal_cost"}
    assert all(one["responses"] == ["onsets"] for one in document["matters"])


def test_labels_are_those_that_were_planted(found):
    _, document = found
    labels = {row["response"]: row for row in document["findings"]}
    assert set(labels) == {one.name for one in EFFECTS}
    assert labels["onsets"]["label"] == "conditional"
    assert labels["onsets"]["on"]["parameter"] == "deterrence"
    assert (labels["arrears"]["label"], labels["arrears"]["side"]) == ("robust", "above")
    assert labels["arrears"]["favours"] == "not the regime"
    assert labels["breaches"]["label"] == "open"
    assert labels["breaches"]["favours"] is None


def test_an_emulator_is_used_where_it_explains_unseen_runs(found):
    _, document = found
    fit = {row["response"]: row["fit_for_use"] for row in document["emulators"]}
    assert fit["onsets"]
    assert not fit["breaches"]
    own = rows(document, "indices", response="onsets")
    assert {row["input"] for row in own} == {"deterrence", "refusal_cost"}
    assert not rows(document, "indices", response="breaches")


def test_the_map_turns_where_deterrence_pays_for_the_cost(found):
    _, document = found
    (own,) = rows(document, "maps", response="onsets", x="deterrence")
    assert own["line"]
    for point in own["line"]:
        assert point["x"] == pytest.approx(0.3 * point["y"], abs=0.04)
    (arrears,) = rows(document, "maps", response="arrears", x="deterrence")
    assert (arrears["line"], arrears["above"]) == ([], 1.0)


def test_every_pair_is_a_row_of_the_dataset_and_every_table_is_an_array(found):
    folder, document = found
    with (folder / "dataset.csv").open(encoding="utf-8", newline="") as lines:
        table = list(csv.DictReader(lines))
    number = 2 + 3 * 5 + 30 + 20 + 30 + 2 * 2 * 16
    assert len(table) == number
    assert set(RESPONSES) <= set(table[0])
    stored = json.loads((folder / "study.json").read_text(encoding="utf-8"))
    assert stored == json.loads(json.dumps(document))
    arrays = ("inputs", "responses", "luck", "screening", "matters", "emulators", "indices")
    assert all(isinstance(stored[name], list) for name in (*arrays, "findings", "ranges", "maps"))
    assert all((folder / one.rpartition("/")[2]).stat().st_size > 2000 for one in stored["plots"])


def test_the_same_study_goes_on_to_the_same_digest_and_another_is_refused(tmp_path, planted):
    folder, parts = tmp_path / "study", ("matched",)
    first = sensitivity(SCENARIO, folder, sizes=FEW, parts=parts, run=planted)
    again = sensitivity(SCENARIO, folder, sizes=FEW, parts=parts, run=planted)
    assert again["digest"] == first["digest"]
    with pytest.raises(OutputExists, match="another study"):
        sensitivity(SCENARIO.but(seed=6), folder, sizes=FEW, parts=parts, run=planted)


def test_a_folder_with_something_else_is_left_alone(tmp_path, planted):
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputExists, match="something else"):
        sensitivity(SCENARIO, tmp_path, sizes=SIZES, run=planted)
    assert [one.name for one in tmp_path.iterdir()] == ["mine.txt"]


def test_indices_on_runs_need_no_emulator(tmp_path, planted):
    document = sensitivity(
        SCENARIO,
        tmp_path / "direct",
        sizes=Sizes(samples=64, top=2, seeds=2),
        parts=("indices",),
        direct=True,
        names=MOVED[:2],
        run=planted,
    )
    own = {row["input"]: row for row in rows(document, "indices", response="onsets")}
    assert own["deterrence"]["how"] == "runs"
    assert own["deterrence"]["total"] > own["refusal_cost"]["total"]
    assert document["emulators"] == []


def test_what_makes_no_sense_is_refused_before_anything_is_made(tmp_path, planted):
    folder = tmp_path / "none"
    with pytest.raises(BadArgument, match="unscored"):
        sensitivity(Scenario("unscored", country="plainland"), folder, run=planted)
    with pytest.raises(NotFound, match="screening"):
        sensitivity(SCENARIO, folder, parts=("screenin",), run=planted)
    assert not folder.exists()


def test_no_response_loses_its_second_input_to_the_fifth_of_another():
    moving = [SimpleNamespace(name=name) for name in "abcdef"]
    screening = [
        {"response": response, "input": name, "mu_star": size, "above_luck": size > 1}
        for response, sizes in {
            "much": (9.0, 8.0, 7.0, 6.0, 5.0, 0.0),
            "little": (0.0, 0.0, 0.0, 0.5, 3.0, 2.0),
        }.items()
        for name, size in zip("abcdef", sizes, strict=True)
    ]
    chosen = [one["input"] for one in _matters(moving, screening, 4)]
    assert set(chosen[:2]) == {"a", "e"}
    assert set(chosen[2:]) == {"b", "f"}
