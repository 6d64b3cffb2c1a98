"""The page shows the findings and nothing else, and nothing in a scenario can act on it."""

from __future__ import annotations

import base64
import hashlib
import json
import re

import pytest
from factory import World, store
from report_reader import Reader
from report_worlds import MONTHS, busy_world, scenario

from glasscity.report import render, write_report
from glasscity.report.layout import LAYOUT
from glasscity.results import open_run
from glasscity.rights import findings
from glasscity.rights.findings import HEADLINES


@pytest.fixture(scope="module")
def read(page):
    return Reader(page)


@pytest.fixture(scope="module")
def found(busy):
    return findings(open_run(busy.path))


def wanted(found, attributes):
    figure, field = found[attributes["data-figure"]], attributes["data-field"]
    if field == "interval":
        return list(figure.interval)
    if field == "change":
        return [(figure.value - figure.twin) / figure.twin]
    return [getattr(figure, field)]


def test_every_number_of_a_figure_is_that_of_the_findings(read, found):
    for attributes in read.numbers:
        shown = [float(part) for part in attributes["value"].split()]
        assert shown == pytest.approx(wanted(found, attributes)), attributes


def test_every_figure_is_shown_with_its_twin_and_difference(read, found):
    shown = {(one["data-figure"], one["data-field"]) for one in read.numbers}
    for figure in found:
        if figure.value is not None:
            field = "value" if figure.interval is None else "interval"
            assert (figure.name, field) in shown
        if figure.twin is not None:
            assert (figure.name, "twin") in shown
        if figure.difference is not None:
            assert (figure.name, "difference") in shown


def test_shares_of_causes_are_never_one_number(read, found):
    for attributes in read.numbers:
        if found[attributes["data-figure"]].interval is not None:
            assert attributes["data-field"] in {"interval", "twin", "difference"}


def test_every_cell_of_every_table_is_that_of_the_findings(read, found):
    assert {one["data-table"] for one in read.tables} == set(found.tables) - {"none"}
    for shown in read.tables:
        table = found.tables[shown["data-table"]]
        kept = shown.get("data-grouping", "").split()
        rows = [row for row in table.rows if not kept or row["grouping"] in kept]
        assert len(rows) == len(shown["rows"])
        for row, cells in zip(rows, shown["rows"], strict=True):
            for column, cell in zip(shown["columns"], cells, strict=True):
                if isinstance(row[column], int | float):
                    assert float(cell) == pytest.approx(row[column], rel=1e-7)
                else:
                    assert cell is None


def test_numbers_of_groups_are_those_of_the_table(read, found):
    lines = {f"{row['grouping']}/{row['group']}": row for row in found.tables["groups"].rows}
    assert read.of_groups
    for one in read.of_groups:
        assert float(one["value"]) == lines[one["data-group"]][one["data-column"]]


def test_every_figure_has_its_definition_denominator_and_grades(page, read, found):
    for name in HEADLINES:
        figure = found[name]
        text = " ".join(read.text_of[f"figure-{name}"].split())
        assert figure.title in text
        assert " ".join(figure.definition.split()) in text
        assert figure.denominator.lower() in text.lower()
        letters = re.findall(
            r"class=\"grade grade-([A-D])\"", page.split(f'id="figure-{name}"')[1].split("</tr>")[0]
        )
        assert tuple(letters) == figure.grades


def test_every_figure_says_which_command_leads_to_its_source(page, found):
    from glasscity.rights import MEASURES

    said = re.findall(r"<code>glasscity explain measure (\w+)</code>", page)
    assert set(said) == {figure.name for figure in found} <= set(MEASURES)


def test_every_chart_is_named_described_and_followed_by_its_table(page, read):
    places = {place.key for section in LAYOUT for place in section.charts}
    drawn = [one for one in read.tags["div"] if "data-chart" in one]
    assert {one["data-chart"] for one in drawn} == places
    for one in drawn:
        assert one["role"] == "img"
        assert len(one["aria-label"]) > 20
        figure = page.split(f'data-chart="{one["data-chart"]}"')[1].split("</figure>")[0]
        assert "<details>" in figure
        assert "<table" in figure


def test_the_charts_are_the_specifications_that_stand_in_the_file(page):
    payload = json.loads(re.search(r'id="charts">(.*?)</script>', page, re.S).group(1))
    assert set(payload["charts"]) == {p.key for section in LAYOUT for p in section.charts}
    assert "http" not in json.dumps(payload)


def test_headings_go_down_one_step_at_a_time(read):
    assert read.headings[0] == 1
    assert read.headings.count(1) == 1
    assert all(b <= a + 1 for a, b in zip(read.headings, read.headings[1:], strict=False))


def test_names_within_the_page_are_unique_and_links_lead_somewhere(read):
    names = [one["id"] for tag in read.tags.values() for one in tag if "id" in one]
    assert len(names) == len(set(names))
    assert {one["href"][1:] for one in read.tags["a"]} <= set(names)


def test_the_page_is_one_file_with_a_policy_that_allows_its_own_parts_alone(page, read):
    assert "link" not in read.tags
    assert not [one for one in read.tags["script"] if "src" in one]
    policy = next(
        one["content"]
        for one in read.tags["meta"]
        if one.get("http-equiv") == "Content-Security-Policy"
    )
    assert "unsafe" not in policy
    assert "http" not in policy
    parts = re.findall(r'<script type="module">(.*?)</script>', page, re.S)
    parts += re.findall(r"<style>(.*?)</style>", page, re.S)
    for part in parts:
        digest = hashlib.sha256(part.encode()).digest()
        assert base64.b64encode(digest).decode() in policy


def test_the_page_is_small_enough(page):
    assert len(page.encode()) < 1_600_000


def test_the_dates_of_the_rules_are_marked(page):
    assert "June 2014: lists are in force" in page
    assert "September 2014: a breach in one place closes gates everywhere" in page
    assert "January 2015: the score opens to volunteers" in page
    assert "January 2016: the score becomes mandatory" in page


def test_the_digest_and_the_remaking_lines_are_the_runs_own(busy, read):
    assert busy.digest in read.text_of["python"]
    assert "--citizens 60 --months 30 --start 2014-06 --seed 1" in read.text_of["command"]
    compile(read.text_of["python"], "report", "exec")


def test_the_caution_and_the_limits_are_there(page):
    assert "Not a real place." in page
    assert "Nobody is born, dies, ages or moves during a run." in page


HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>'\"{{ 7 * 7 }}"


def test_nothing_from_a_scenario_is_read_as_markup(tmp_path):
    made = scenario()
    made["regime"] |= {"title": HOSTILE, "caution": HOSTILE, "name": HOSTILE, "status": HOSTILE}
    made["regime"]["gates"]["loan"]["percentile"] |= {"note": HOSTILE, "unit": HOSTILE}
    made["country"] |= {"title": HOSTILE, "name": HOSTILE}
    world = busy_world()
    world.meta |= {"lists": [{**one, "name": HOSTILE} for one in world.meta["lists"]]}
    text = render(open_run(store(tmp_path / "run", world, scenario=made)))
    read = Reader(text)
    assert len(read.tags["script"]) == 3
    assert "img" not in read.tags
    assert "alert(1)" in text
    assert "{{ 7 * 7 }}" in text
    assert text.count("</script>") == 3


def test_a_run_without_a_twin_says_so_and_compares_nothing(tmp_path):
    read = Reader(render(open_run(store(tmp_path / "run", busy_world(), scenario=scenario()))))
    assert not [one for one in read.numbers if one["data-field"] in {"twin", "difference"}]
    assert "No unscored world was run" in read.text_of["statement-claimed"]
    assert "--no-twin" in read.text_of["command"]


def test_the_unscored_world_has_a_report_of_its_own(tmp_path):
    made = scenario()
    made["regime"] = {"name": "unscored", "title": "Nobody is scored"}
    read = Reader(
        render(open_run(store(tmp_path / "run", busy_world(regime=False), scenario=made)))
    )
    assert "closed nothing to anybody" in read.text_of["statement-shut_out"]
    assert "--no-twin" not in read.text_of["command"]
    drawn = {one["data-chart"] for one in read.tags["div"] if "data-chart" in one}
    assert not drawn & {"shut_out", "survival", "scores", "adoption", "listings"}


@pytest.mark.parametrize("months", [1, 3])
def test_one_citizen_is_enough_for_a_page(tmp_path, months):
    world = World(months=months, people=[("North", "urban", "q1", "18-29", "critical")])
    text = render(open_run(store(tmp_path / "run", world)))
    assert Reader(text).headings
    assert "1 made-up adult in" in text
    assert "This run has only 1 citizen. That is enough to try" in text


def test_a_bare_scenario_is_enough(tmp_path):
    folder = store(tmp_path / "run", busy_world(), scenario={"regime": "x", "seed": 1})
    assert Reader(render(open_run(folder))).headings


def test_writing_replaces_the_report_and_leaves_nothing_else(tmp_path):
    folder = store(tmp_path / "run", World(), scenario=scenario())
    run = open_run(folder)
    (folder / "report.html").write_text("old", encoding="utf-8")
    before = {path.name for path in folder.iterdir()}
    target = run.report()
    assert target == folder / "report.html" == write_report(run)
    assert target.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert {path.name for path in folder.iterdir()} == before
    assert open_run(folder).verify() == run.digest


def test_the_same_run_gives_the_same_page(busy, page):
    assert render(open_run(busy.path)) == page
    assert f"{MONTHS} months" in page
