"""Compare and regimes of one's own: the library's numbers, other worlds through the queue."""

from __future__ import annotations

import html
import json
import re
import shutil

import pytest
from explorer import client_of, code_of, data_of, wait_for
from test_web_pages import said_by

import glasscity
from glasscity.api import scenario_of
from glasscity.regime.text import copy_of, set_headline
from glasscity.web import words
from glasscity.web.variants import other_world, runs_of

SCORE = "citizen-score-2020"


@pytest.fixture(scope="module")
def folder(runs, tmp_path_factory):
    """Return a folder with the small run, and the same world without friends."""
    own = tmp_path_factory.mktemp("compare") / "runs"
    own.mkdir()
    shutil.copytree(runs / "small-001", own / "small-001")
    base = scenario_of(glasscity.open_run(own / "small-001"))
    world = base.but(strengths={"friends": 0.0})
    glasscity.run(world, twin=False, report=False, out=own / "other-001")
    return own


@pytest.fixture(scope="module")
def client(folder):
    with client_of(folder) as client:
        yield client


@pytest.fixture(scope="module")
def found(folder):
    base, other = (glasscity.open_run(folder / name) for name in ("small-001", "other-001"))
    return glasscity.compare(base, other)


def test_a_comparison_is_the_librarys(client, found):
    answer = client.get("/api/runs/small-001/compare/other-001").json()
    assert answer == json.loads(json.dumps(found.to_dict()))


def test_measures_are_the_effects_with_a_definition_and_fitting_digits(client, found):
    rows = client.get("/api/runs/small-001/compare/other-001/measures").json()
    told = {row["name"]: row for row in rows}
    for name, effect in found.effects.nation.items():
        if effect.base is None and effect.other is None:
            assert name not in told
            continue
        row = told[name]
        assert (row["base"], row["other"]) == (effect.base, effect.other)
        assert row["difference"] == effect.difference
        assert row["definition"] == glasscity.rights.MEASURES[name].definition
        assert (row["said"]["difference"] is None) == (effect.difference is None)


def test_runs_of_other_people_are_no_pair(client, folder):
    glasscity.run(
        "unscored",
        country="plainland",
        citizens=200,
        months=2,
        out=folder / "others-001",
        twin=False,
        report=False,
    )
    answer = client.get("/api/runs/small-001/compare/others-001")
    assert answer.status_code == 409
    assert answer.json()["mend"]
    shutil.rmtree(folder / "others-001")


def test_the_page_finds_the_world_that_its_switches_make(client):
    text = client.get("/compare?base=small-001&without=friends").text
    assert data_of(text)["address"] == "/api/runs/small-001/compare/other-001"
    said = said_by(code_of(text))
    rows = client.get("/api/runs/small-001/compare/other-001/measures").json()
    row = next(one for one in rows if one["name"] == "restricted_share")
    assert f"restricted_share {row['base']} {row['other']} {row['difference']}" in said


@pytest.mark.slow
def test_a_world_that_is_not_there_is_offered_and_run_once(client, folder, found):
    text = html.unescape(client.get("/compare?base=small-001&with=expiry").text)
    assert words.COMPARE["not_run"] in text
    assert 'id="run-it"' in text
    assert "strengths={'expiry': 1.0}" in code_of(text)
    body = {"strengths": {"expiry": 1.0}}
    first = client.post("/api/runs/small-001/others", json=body)
    assert first.status_code == 201
    name = first.json()["name"]
    assert name.startswith("with-expiry-on-small-001")
    assert client.post("/api/runs/small-001/others", json=body).json()["name"] == name
    wait_for(client, name, "finished")
    assert data_of(client.get("/compare?base=small-001&with=expiry").text)["other"] == name


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 409),
        ({"strengths": {"nobody": 1.0}}, 404),
        ({"strengths": {"expiry": 2.0}}, 422),
        ({"regime": "../x"}, 404),
        ({"regime": "/etc/passwd"}, 404),
        ({"more": 1}, 422),
    ],
)
def test_other_worlds_are_names_of_the_catalogue(client, body, status):
    assert client.post("/api/runs/small-001/others", json=body).status_code == status


def test_another_regime_has_its_own_strengths_and_the_same_people(client, folder):
    base = scenario_of(glasscity.open_run(folder / "small-001"))
    world = other_world(base.but(strengths={"notice": 1.0}), "credit-bureau", {})
    assert world.strengths["notice"] == 0
    for name in ("country", "behaviour", "citizens", "months", "start", "seed"):
        assert getattr(world, name) == getattr(base, name)
    assert runs_of(client.app.state.shelf, {"it": world, "base": base}) == {"base": "small-001"}


def test_behaviours_are_told_where_they_are_run(client, found):
    sides = client.get("/api/runs/small-001/compare/other-001/behaviours").json()
    assert [(one["behaviour"], one["state"]) for one in sides] == [
        ("central", "finished"),
        ("proponent", "none"),
        ("critic", "none"),
    ]
    rows = client.get("/api/runs/small-001/compare/other-001/measures").json()
    assert sides[0]["effects"] == {row["name"]: row["said"]["difference"] for row in rows}


@pytest.mark.slow
def test_what_is_missing_under_other_parameters_is_run_and_told(client):
    address = "/api/runs/small-001/compare/other-001/behaviours"
    sides = client.post(address).json()
    for side in sides[1:]:
        for name in (side["base"], side["other"]):
            wait_for(client, name, "finished")
    sides = client.get(address).json()
    assert [one["state"] for one in sides] == ["finished"] * 3
    assert sides[1]["effects"] != sides[2]["effects"]


def test_every_world_of_these_people_is_told_at_once_and_by_the_python(client, folder):
    from glasscity.rights.rescue import for_everybody

    base = glasscity.open_run(folder / "small-001")
    found = client.get("/api/runs/small-001/worlds").json()["worlds"]
    assert "other-001" in {one["run"] for one in found}
    for one in found:
        other = glasscity.open_run(folder / one["run"])
        assert one["everybody"] == json.loads(json.dumps(for_everybody(base, other)))
    said = said_by(code_of(client.get("/compare?base=small-001").text))
    row = next(one for one in found if one["run"] == "other-001")["everybody"]["denials"]
    assert f"other-001 denials {row['base']} {row['other']}" in said


def test_those_most_changed_lead_to_their_lives(client, found):
    people = client.get("/api/runs/small-001/compare/other-001/lives").json()["people"]
    assert people
    assert client.get(f"/runs/small-001/lives/{people[0]['citizen']}").status_code == 200


def test_the_page_of_every_regime_has_its_values_grades_and_sources(client):
    for one in glasscity.regimes():
        text = html.unescape(client.get(f"/regimes/{one['name']}").text)
        regime = glasscity.regime.load_regime(one["name"])
        for row in regime.rules():
            assert f'<tr id="{row["name"]}">' in text
        for key in one["sources"]:
            assert f'id="source-{key}"' in text
        assert regime.caution in text
    assert client.get("/regimes/nobody").status_code == 404
    assert client.get("/regimes/..%2Fx").status_code == 404


def test_the_python_of_a_regime_prints_its_rules(client):
    said = said_by(code_of(client.get("/regimes/train-conduct-2018").text))
    assert "lists.train-conduct.term 6 months C train-conduct-2018" in said


def test_a_copy_with_a_mistake_is_told_and_mended(client):
    text = copy_of(SCORE)
    body = {"text": text, "name": "operator.weights.credit_history", "value": "0.5"}
    wrong = client.post("/api/regimes/set", json=body).json()
    assert wrong["ok"] is False
    (problem,) = wrong["problems"]
    assert "weights:" in wrong["text"].split("\n")[problem["line"] - 1]
    assert wrong["text"] == set_headline(text, body["name"], "0.5")
    refused = client.post("/api/regimes/run", json={"text": wrong["text"], "citizens": 100})
    assert refused.status_code == 409
    assert "sum to 1" in refused.json()["error"]
    mended = client.post("/api/regimes/check", json={"text": text}).json()
    assert (mended["ok"], mended["problems"]) == (True, [])
    assert mended["words"]["score"]


def test_a_regime_of_ones_own_runs_through_the_queue(client, folder):
    text = set_headline(copy_of("train-conduct-2018"), "lists.train-conduct.term", "3")
    body = {"text": text, "country": "plainland", "citizens": 200, "months": 2, "twin": False}
    answer = client.post("/api/regimes/run", json=body)
    assert answer.status_code == 201
    name = answer.json()["name"]
    assert name.startswith("my-train-conduct-2018")
    wait_for(client, name, "finished")
    regime = glasscity.open_run(folder / name).scenario["regime"]
    assert regime["kind"] == "scenario"
    assert regime["lists"][0]["term"]["value"] == 3


def test_a_regimes_file_is_taken_away_as_it_is_or_as_a_copy(client):
    from glasscity.catalogue.shelf import find

    answer = client.get(f"/api/regimes/{SCORE}/file")
    assert answer.text == find("regime", SCORE).read_text("utf-8")
    assert f'filename="{SCORE}.yaml"' in answer.headers["content-disposition"]
    assert client.get(f"/api/regimes/{SCORE}/file?copy=true").text == copy_of(SCORE)
    assert client.get("/api/regimes/..%2F..%2Fsources/file").status_code == 404


@pytest.mark.parametrize("address", ["/api/regimes/check", "/api/regimes/run"])
def test_uploads_are_limited_and_never_paths(client, address):
    assert client.post(address, json={"text": "x" * 400_001}).status_code == 422
    assert client.post(address, json={"text": "x" * 1_200_000}).status_code == 413
    answer = client.post(address, json={"text": "name: x\nextends: /etc/passwd\n"})
    assert "root:" not in answer.text
    assert "in the catalogue" in answer.text


def test_the_navigation_leads_to_compare_and_regimes(client):
    text = client.get("/").text
    assert re.search(r'<a href="/compare"', text)
    assert re.search(r'<a href="/regimes"', text)
