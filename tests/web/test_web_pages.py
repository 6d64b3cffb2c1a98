"""Pages: each has a link for its states, says only what stands in words.py, shows the library."""

from __future__ import annotations

import contextlib
import html
import io
import re
import shutil
import threading
import time
from pathlib import Path

import pytest
from explorer import client_of, code_of, data_of

import glasscity
import glasscity.web
from glasscity.report import numbers
from glasscity.rights import findings
from glasscity.rights.course import course
from glasscity.rights.who import who
from glasscity.terms import SAFEGUARDS
from glasscity.web import words

HOME = Path(glasscity.web.__file__).parent


def said_by(code: str) -> str:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(code, "page", "exec"), {})
    return out.getvalue()


@pytest.fixture(scope="module")
def run(runs):
    return glasscity.open_run(runs / "small-001")


def test_templates_hold_no_text_of_their_own():
    for file in (HOME / "templates").iterdir():
        text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", file.read_text("utf-8"), flags=re.S)
        text = re.sub(r"<[^>]*>", " ", text)
        assert not re.findall(
            r"[A-Za-z]{2,}",
            text.replace("glasscity life", "").replace("glasscity explain measure", ""),
        ), file.name


def test_scripts_say_nothing_that_is_not_in_the_words():
    for file in (HOME / "static").glob("*.js"):
        code = re.sub(r"//.*", "", file.read_text("utf-8"))
        sentences = re.findall(r"""["'`]([A-Z][a-z]+ [a-z]+[^"'`]*)["'`]""", code)
        assert not sentences, (file.name, sentences)


def test_every_word_that_a_script_asks_for_is_there():
    for file in (HOME / "static").glob("*.js"):
        for name in re.findall(r"\bwords\.(\w+)", file.read_text("utf-8")):
            assert name in words.SCRIPT, (file.name, name)


def test_every_place_that_a_script_looks_for_is_in_a_template():
    places = "".join(file.read_text("utf-8") for file in (HOME / "templates").iterdir())
    for file in (HOME / "static").glob("*.js"):
        for name in re.findall(r'byId\("([\w-]+)"\)', file.read_text("utf-8")):
            assert f'id="{name}"' in places or f'choose("{name}"' in places, (file.name, name)


def test_the_start_page_says_what_this_is_and_is_not_in_five_lines(web):
    text = html.unescape(web.get("/").text)
    assert len(words.START["is"]) == 5
    for line in words.START["is"]:
        assert line in text
    assert "made up from published aggregates" in text


def test_the_start_page_offers_every_regime_under_its_kind_and_every_safeguard(web):
    text = web.get("/").text
    for one in glasscity.regimes():
        assert f'value="{one["name"]}"' in text
    for kind in words.START["kinds"].values():
        assert f'<optgroup label="{kind}">'.replace("'", "&#39;") in text
    for name in SAFEGUARDS:
        assert f'name="with" value="{name}"' in text


def test_what_a_regime_is_stands_wherever_its_name_does(web):
    for page in ("", "/society", "/people", "/report"):
        text = html.unescape(web.get(f"/runs/small-001{page}").text)
        assert "the press's scenario, never how China works" in text, page
    assert html.unescape(web.get("/").text).count("the press's scenario, never how China") >= 2


def test_an_example_is_made_where_there_is_none_and_only_once(tmp_path, monkeypatch):
    from glasscity.web import app
    from glasscity.web.queue import Queue

    monkeypatch.setattr(app, "EXAMPLE_CITIZENS", 200)
    monkeypatch.setattr(Queue, "_step", lambda self: None)
    for _ in range(2):
        with client_of(tmp_path / "runs", example=True) as client:
            while not (runs := client.get("/api/runs").json()["runs"]):
                time.sleep(0.05)
            for thread in threading.enumerate():
                if thread.name == "example":
                    thread.join()
            runs = client.get("/api/runs").json()["runs"]
            assert [(one["name"], one["citizens"]) for one in runs] == [("example-001", 200)]
            text = client.get("/").text
            assert words.START["example_making"] in text
            assert 'href="/runs/example-001"' in text


def test_the_form_is_as_its_address_says(web):
    query = (
        "regime=rongcheng-2014&country=plainland&citizens=777&with=appeals&without=friends&seed=3"
    )
    text = web.get(f"/?{query}").text
    assert 'value="rongcheng-2014" selected' in text
    assert 'value="plainland" selected' in text
    assert 'value="777"' in text
    assert 'name="with" value="appeals" checked' in text
    assert 'name="mechanism" value="friends">' in text
    assert 'name="mechanism" value="speech" checked' in text
    told = data_of(text)["form"]
    assert (told["citizens"], told["seed"]) == ("777", "3")


def test_a_hostile_address_fills_the_form_as_text(web):
    text = web.get('/?citizens="><script>alert(1)</script>&regime=<b>').text
    assert "<script>alert" not in text
    assert "<b>" not in text


def test_past_runs_are_listed_with_their_state(web, run):
    text = web.get("/").text
    row = re.search(r'<tr data-run="small-001".*?</tr>', text, re.S).group()
    assert "/runs/small-001/society" in row
    assert "2,000" in row
    assert ">finished<" in row


def test_the_python_of_society_gives_the_numbers_of_its_view(web, run):
    template = data_of(web.get("/runs/small-001/society").text)["python"]
    found = course(run)
    for series, whole, group, month in (
        ("restricted", "citizens", ("all", "all"), 83),
        ("wrongly_listed", "listings", ("area", "rural"), 60),
        ("refused", "applications", ("province", "Guangdong"), 30),
    ):
        code = template
        for name, value in {
            "month": month, "date": "then", "series": series, "whole": whole,
            "kind": group[0], "group": group[1],
        }.items():  # fmt: skip
            code = code.replace(f"<<{name}>>", str(value))
        at = found.groups.index(group)
        part, of = found.counts[series][at, month], found.counts[whole][at, month]
        assert said_by(code) == f"{part} {of} {part / of if of else None}\n"


@pytest.mark.parametrize(
    "query",
    [
        "filter=wrongly-listed",
        "gate=loan&cause=spillover&area=rural",
        "now=shut-out&quintile=q1&score_from=500&score_to=760",
        "voice=silent&camp=critical&province=Henan",
    ],
)
def test_the_python_of_people_finds_the_people_of_the_page(web, run, query):
    text = web.get(f"/runs/small-001/people?{query}").text
    shown = [int(one) for one in re.findall(r'data-citizen="(\d+)"', text)]
    said = said_by(code_of(text)).splitlines()
    assert [int(line.split()[0]) for line in said[1:]] == shown
    assert f"{int(said[0]):,} people" in text or (said[0] == "0" and not shown)


def test_a_card_tells_who_somebody_is_and_why_they_were_found(web, run):
    text = html.unescape(web.get("/runs/small-001/people?filter=wrongly-listed").text)
    (first, *_) = who(run, filter="wrongly-listed").people
    assert f"Citizen {first['citizen']:,}" in text
    assert first["why"][0]["reason"][1:] in text
    assert first["traits"]["province"] in text
    assert f'href="/runs/small-001/lives/{first["citizen"]}"' in text


def test_a_page_for_lives_is_linked_as_soon_as_there_is_one(runs):
    client = client_of(runs)
    client.app.add_api_route(
        "/runs/{name}/lives/{citizen}", lambda name, citizen: citizen, name="page-life"
    )
    text = client.get("/runs/small-001/people?filter=wrongly-listed").text
    told = client.get("/api/runs/small-001/people?filter=wrongly-listed&limit=1").json()
    assert told["people"][0]["life"] in text
    assert client.get(told["people"][0]["life"]).status_code == 200


def test_the_report_page_says_what_the_report_says(web, run):
    text = web.get("/runs/small-001/report").text
    found = findings(run)
    assert f'value="{found["restricted_share"].value!r}"' in text
    assert numbers.percent(found["restricted_share"].value, run.citizens) in text
    assert code_of(text, "command").startswith("glasscity run citizen-score-2020")
    assert f"print(run.digest == {run.digest!r})" in code_of(text)


def test_the_python_of_the_run_and_report_pages_makes_the_same_run(
    web, runs, tmp_path, monkeypatch
):
    tiny = {"country": "plainland", "citizens": 200, "months": 2, "seed": 3}
    folder = runs / "tiny-001"
    glasscity.run("credit-bureau", **tiny, strengths={"firewall": 0.5}, out=folder, twin=False)
    try:
        pages = [web.get(f"/runs/tiny-001{page}").text for page in ("", "/report")]
    finally:
        shutil.rmtree(folder)
    assert code_of(pages[0]) == code_of(pages[1])
    assert code_of(pages[0], "command") == code_of(pages[1], "command")
    monkeypatch.chdir(tmp_path)
    assert said_by(code_of(pages[0])) == "True\n"


def test_a_report_is_written_anew_when_it_is_not_there(runs, web, run):
    report = run.path / "report.html"
    kept = report.read_bytes()
    report.unlink()
    try:
        assert 'id="write"' in web.get("/runs/small-001/report").text
        assert web.get("/runs/small-001/report.html").status_code == 404
        assert web.post("/api/runs/small-001/report").status_code == 200
        assert web.get("/runs/small-001/report.html").text == kept.decode()
    finally:
        report.write_bytes(kept)


def test_a_page_that_is_not_there_says_so_as_a_page(web):
    for path in ("/nothing", "/runs/none-001", "/runs/none-001/society"):
        answer = web.get(path)
        assert answer.status_code == 404
        assert answer.headers["content-type"].startswith("text/html")
        assert words.ERRORS["back"] in answer.text


def test_our_own_files_are_kept_by_the_browser_until_they_change(web):
    from glasscity.web.pages.static import address

    kept = web.get(address("page.js"))
    assert "immutable" in kept.headers["cache-control"]
    plain = web.get("/static/page.js")
    assert plain.headers["cache-control"] == "no-cache"
    again = web.get("/static/page.js", headers={"if-none-match": plain.headers["etag"]})
    assert again.status_code == 304
    assert web.get("/static/words.py").status_code == 404
    assert web.get("/static/..%2fwords.py").status_code == 404
