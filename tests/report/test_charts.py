"""Charts: one list of names for page, notebook and files; bad names are refused helpfully."""

from __future__ import annotations

import re

import pytest
from factory import World, store

from glasscity.errors import BadArgument, NotFound
from glasscity.report import CHARTS, chart
from glasscity.report.charts import specification
from glasscity.report.drawing import DARK, LIGHT
from glasscity.report.facts import facts_of
from glasscity.report.layout import LAYOUT
from glasscity.results import open_run
from glasscity.rights import findings
from glasscity.terms import CAUSE_GROUPS


@pytest.fixture(scope="module")
def facts(busy):
    return facts_of(busy)


def test_the_page_shows_every_chart(facts):
    assert {place.chart for section in LAYOUT for place in section.charts} == set(CHARTS)
    assert all(specification(facts, name) is not None for name in CHARTS)


def test_every_place_names_columns_of_its_table(facts):
    for section in LAYOUT:
        for place in section.charts:
            known = {column.name for column in facts.table(place.table).columns}
            assert set(place.columns) <= known
        assert set(section.tables) <= set(facts.findings.tables)


@pytest.mark.parametrize("name", CHARTS)
def test_each_is_an_altair_chart_with_real_colours(busy, facts, name):
    spec = chart(facts, name).to_dict()
    assert "var(--" not in str(spec)
    assert spec["title"]["text"]
    assert "{" not in spec["title"]["text"]


def test_a_run_draws_its_own_charts(busy):
    assert busy.plot("shut_out").to_dict()["layer"]
    assert busy.plot("causes_by_gate", group="speech").to_dict()["title"]["text"].startswith("What")


def test_findings_alone_are_enough(busy):
    assert chart(findings(busy), "survival", theme="dark", width=300).to_dict()["width"] == 300


@pytest.mark.parametrize("group", CAUSE_GROUPS)
def test_causes_by_gate_takes_each_group(facts, group):
    specification(facts, "causes_by_gate", group=group)


def test_unknown_names_are_refused_with_the_nearest(facts):
    with pytest.raises(NotFound, match="shut_out"):
        chart(facts, "shut_oit")
    with pytest.raises(NotFound):
        specification(facts, "causes_by_gate", group="speach")
    with pytest.raises(NotFound):
        chart(facts, "shut_out", theme="drak")
    with pytest.raises(BadArgument):
        specification(facts, "shut_out", group="speech")


def test_a_chart_with_nothing_to_show_says_so(tmp_path):
    run = open_run(store(tmp_path / "run", World()))
    assert specification(facts_of(run), "survival") is None
    with pytest.raises(BadArgument, match="nothing to show"):
        run.plot("survival")


def test_the_style_sheet_has_the_charts_colours():
    from importlib import resources

    sheet = (resources.files("glasscity.report") / "templates" / "report.css").read_text("utf-8")
    light, dark = sheet.split("prefers-color-scheme: dark", 1)
    for colours, part in ((LIGHT, light), (DARK, dark.split("* {")[0])):
        for variable, colour in colours.items():
            assert re.search(rf"{variable[4:-1]}: {colour};", part)


def _luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_text_and_marks_stand_out_from_the_paper(colours):
    paper = _luminance(colours["var(--paper)"])
    least = {"ink": 7, "soft": 4.5, "one": 4.5, "two": 3, "three": 3, "four": 3, "five": 3}
    for name, wanted in {**least, "grey": 3}.items():
        other = _luminance(colours[f"var(--{name})"])
        contrast = (max(paper, other) + 0.05) / (min(paper, other) + 0.05)
        assert contrast >= wanted, name
