"""Lives, what-ifs and safeguards through the API: child processes, kept, and the library's own."""

from __future__ import annotations

import json
import shutil
import time

import pytest
from explorer import client_of, code_of, data_of
from test_web_pages import said_by

import glasscity
from glasscity.rights.rescue import for_everybody, for_one
from glasscity.rights.story import story
from glasscity.study.around import LAYERS
from glasscity.terms import MECHANISMS, SAFEGUARDS
from glasscity.web.looks import EXPLORED, Look
from glasscity.web.variants import OFFERED, is_variant, variant_name


def done(client, method, address):
    """Ask, and return what it says once it is finished or failed."""
    stands = client.request(method, address).json()
    for _ in range(1200):
        if stands["state"] not in ("waiting", "running"):
            return stands
        time.sleep(0.1)
        stands = client.get(address).json()
    raise AssertionError(f"{address} is still {stands}")


@pytest.fixture(scope="module")
def folder(runs, tmp_path_factory):
    """Return a folder of runs of its own: what is looked at is kept there."""
    own = tmp_path_factory.mktemp("looks") / "runs"
    own.mkdir()
    shutil.copytree(runs / "small-001", own / "small-001")
    return own


@pytest.fixture(scope="module")
def client(folder):
    with client_of(folder) as client:
        yield client


@pytest.fixture(scope="module")
def run(folder):
    return glasscity.open_run(folder / "small-001")


@pytest.fixture(scope="module")
def wronged(run):
    """Return somebody who was listed for a mistake alone."""
    return glasscity.find(run, "wrongly-listed", limit=1)[0]["citizen"]


@pytest.fixture(scope="module")
def told(client, wronged):
    address = f"/api/runs/small-001/lives/{wronged}"
    assert client.get(address).json()["state"] == "none"
    return done(client, "POST", address)


def test_a_life_is_the_librarys_and_kept_in_the_runs_folder(told, run, wronged, folder):
    assert told["state"] == "finished"
    life = glasscity.life(run, wronged)
    assert told["found"]["life"] == json.loads(json.dumps(life.document))
    assert told["found"]["story"] == json.loads(json.dumps(story(life)))
    kept = folder / "small-001" / EXPLORED
    assert (kept / f"life-{wronged}.json").is_file()
    # Those whom the other questions find first come along.
    friend = glasscity.find(run, "fell-through-friends", limit=1)[0]["citizen"]
    assert (kept / f"life-{friend}.json").is_file()
    assert glasscity.open_run(folder / "small-001").verify() == run.digest


def test_the_people_around_are_tied_both_ways_and_stand_as_the_run_says(told, run, wronged):
    from glasscity.api import scenario_of
    from glasscity.society import build_society
    from glasscity.study.around import tied_to

    around = told["found"]["around"]
    assert around
    scenario = scenario_of(run)
    society = build_society(scenario.country, scenario.citizens, scenario.seed)
    for one in around:
        assert one["layer"] in LAYERS
        assert tied_to(society, one["citizen"])[wronged] == one["layer"]
        row = run.people.row(one["citizen"], named=True)
        assert one["score"] == (row["score"] or None)
        assert one["months_shut_out"] == row["months_shut_out"]
    assert len({one["citizen"] for one in around}) == len(around)


def test_ties_are_those_that_the_month_sees(told):
    # Before anybody drops a tie, the open ties of the first month are all of them.
    assert told["found"]["life"]["months"][0]["ties"]["open"] <= len(told["found"]["around"])
    assert told["found"]["life"]["months"][0]["ties"]["open"] >= len(told["found"]["around"]) - 1


def test_a_what_if_is_the_librarys_true_pair(client, told, run, wronged):
    months = told["found"]["life"]["months"]
    error = next(one["month"] for one in months if any(e["kind"] == "error" for e in one["events"]))
    query = f"month={error + 1}&change=error_corrected"
    found = done(client, "POST", f"/api/runs/small-001/lives/{wronged}/what-if?{query}")["found"]
    expected = glasscity.what_if(run, wronged, error + 1, "error_corrected")
    document = json.loads(json.dumps(expected.document))
    assert found["changed"] == document["changed"]
    assert (found["totals"], found["others"]) == (document["totals"], document["others"])
    assert found["differs_from"] == document["differs_from"]


def test_a_safeguard_that_was_run_is_told_for_one_and_for_all(client, folder, run, wronged):
    from glasscity.api import scenario_of

    world = scenario_of(run).but(strengths={"correction": 1.0})
    other = glasscity.run(world, twin=False, report=False, out=folder / "whatever-it-is-called")
    rows = client.get(f"/api/runs/small-001/safeguards?citizen={wronged}").json()["found"]["rows"]
    assert [row["name"] for row in rows] == [*OFFERED]
    states = {row["name"]: row["state"] for row in rows}
    assert states == {**dict.fromkeys(OFFERED, "none"), "correction": "finished"}
    row = next(row for row in rows if row["name"] == "correction")
    assert row["run"] == "whatever-it-is-called"
    assert row["one"] == json.loads(json.dumps(for_one(run, other, wronged)))
    assert row["one"]["prevented"] == "all"
    assert row["everybody"] == json.loads(json.dumps(for_everybody(run, other)))


@pytest.mark.slow
def test_every_safeguard_is_tried_once_and_told_for_one_and_for_all(client, folder, run, wronged):
    # What is there already is not run again; the rest is run by one child process.
    before = set(folder.iterdir())
    address = "/api/runs/small-001/safeguards"
    rows = client.get(address).json()["found"]["rows"]
    missing = sum(row["state"] == "none" for row in rows)
    assert missing >= len(OFFERED) - 1
    stands = client.post(address).json()
    assert stands["state"] in ("waiting", "running")
    done(client, "GET", address)
    rows = client.get(f"{address}?citizen={wronged}").json()["found"]["rows"]
    assert [row["name"] for row in rows] == [*OFFERED]
    assert {row["state"] for row in rows} == {"finished"}
    made = set(folder.iterdir()) - before
    assert len(made) == missing
    assert all(is_variant(path.name) for path in made)
    for row in rows:
        other = glasscity.open_run(folder / row["run"])
        assert other.scenario["strengths"][row["name"]] == row["strength"]
        assert row["one"] == json.loads(json.dumps(for_one(run, other, wronged)))
        everybody = json.loads(json.dumps(for_everybody(run, other)))
        assert row["everybody"] == everybody
    by_name = {row["name"]: row["one"]["prevented"] for row in rows}
    assert by_name["correction"] == "all"
    # Asked for again, nothing is run again.
    assert done(client, "POST", address)["state"] == "finished"
    assert len(set(folder.iterdir()) - before) == missing
    text = client.get("/").text
    assert text.index('data-run="small-001"') < text.index("<summary>The same worlds")


@pytest.mark.slow
def test_the_chaos_floor_is_the_librarys(client, run):
    from glasscity.api import scenario_of
    from glasscity.study.placebo import chaos_floor

    found = done(client, "POST", "/api/runs/small-001/floor")["found"]
    expected = chaos_floor(scenario_of(run), run, threads=1, progress=lambda *_: None)
    assert found == json.loads(json.dumps(expected))


def test_what_was_kept_of_another_run_counts_for_nothing(client, told, folder, wronged):
    file = folder / "small-001" / EXPLORED / f"life-{wronged}.json"
    whole = json.loads(file.read_text("utf-8"))
    file.write_text(json.dumps({**whole, "digest": "0" * 64}), encoding="utf-8")
    try:
        assert client.get(f"/api/runs/small-001/lives/{wronged}").json()["state"] == "none"
    finally:
        file.write_text(json.dumps(whole), encoding="utf-8")


def test_a_life_that_fails_says_why(client, folder):
    broken = folder / "broken-001"
    shutil.copytree(folder / "small-001", broken)
    shutil.rmtree(broken / EXPLORED, ignore_errors=True)
    client.get("/api/runs/broken-001/numbers")
    (broken / "denials.parquet").write_bytes(b"x")
    try:
        stands = done(client, "POST", "/api/runs/broken-001/lives/3")
        assert stands["state"] == "failed"
        assert "Traceback" not in stands["reason"]
        assert "denials.parquet" in stands["reason"]
    finally:
        shutil.rmtree(broken)


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("POST", "lives/2000", 404),
        ("POST", "lives/99999999999999", 422),
        ("POST", "lives/x", 422),
        ("POST", "lives/3/what-if?month=84&change=spoke", 404),
        ("POST", "lives/3/what-if?month=1&change=../../x", 422),
        ("GET", "lives/3/what-if?month=1", 422),
        ("GET", "safeguards?citizen=2000", 404),
        ("GET", "safeguards?citizen=-1", 422),
    ],
)
def test_what_is_not_there_is_refused_at_once(client, told, method, address, status):
    answer = client.request(method, f"/api/runs/small-001/{address}")
    assert answer.status_code == status
    assert answer.json()["error"]


def test_keys_of_looks_are_read_back():
    for look in (
        Look(kind="life", citizen=3),
        Look(kind="what-if", citizen=3, month=4, change="paid_late"),
        Look(kind="floor"),
        Look(kind="safeguards"),
    ):
        assert Look.of(look.key) == look
    for key in ("", "../x", "life-x", "life-1/../2", "what-if-1-2-", "floor.json"):
        with pytest.raises(glasscity.errors.NotFound):
            Look.of(key)


def test_names_of_variants_say_what_they_are_and_stay_short():
    assert variant_name("small-001", {"notice": 1.0}) == "with-notice-on-small-001"
    assert variant_name("small-001", {"friends": 0.0}) == "without-friends-on-small-001"
    assert len(variant_name("x" * 99, dict.fromkeys(SAFEGUARDS, 1.0))) <= 90
    assert set(OFFERED) <= {*SAFEGUARDS, *MECHANISMS}


def test_the_page_of_a_life_says_who_it_is_and_its_python_tells_the_story(client, told, wronged):
    answer = client.get(f"/runs/small-001/lives/{wronged}")
    assert answer.status_code == 200
    assert f"Citizen {wronged:,}" in answer.text
    assert data_of(answer.text)["citizen"] == wronged
    said = said_by(code_of(answer.text))
    for sentence in told["found"]["story"]["lead"]:
        assert sentence in said
    assert told["found"]["story"]["quote"] in said


def test_a_life_is_found_by_number_by_question_and_at_random(client, wronged):
    def leads(query):
        answer = client.get(f"/runs/small-001/lives?{query}")
        assert answer.status_code == 303
        return answer.headers["location"]

    assert leads("citizen=17") == "/runs/small-001/lives/17"
    assert leads("first=wrongly-listed") == f"/runs/small-001/lives/{wronged}?by=wrongly-listed"
    assert {leads("citizen=random") for _ in range(20)} - {leads("citizen=random")}
    assert client.get("/runs/small-001/lives?citizen=x").status_code == 200
    assert client.get("/runs/small-001/lives/2000").status_code == 404
    assert client.get("/runs/nobody-001/lives/3").status_code == 404
