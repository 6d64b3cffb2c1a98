"""A report of a pair shows its findings and nothing else; the same stands beside it as data."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shlex

import pytest
from report_reader import Reader

from glasscity.report import render_pair
from glasscity.rights.paired import Paired
from glasscity.study.pair import scenarios_of


@pytest.fixture(scope="module")
def text(small_pair):
    return (small_pair.path / "report.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def read(text):
    return Reader(text)


@pytest.fixture(scope="module")
def data(small_pair):
    return json.loads((small_pair.path / "report.json").read_text(encoding="utf-8"))


def wanted(figure, field):
    if field == "change":
        return [figure["difference"] / abs(figure["base"])]
    if field == "floor":
        return [figure["noise"]["floor"]]
    value = figure["variance_ratio" if field == "ratio" else field]
    return value if isinstance(value, list) else [value]


def test_every_number_of_a_figure_is_that_of_the_data(read, data):
    fields = set()
    for one in read.numbers:
        shown = [float(part) for part in one["value"].split()]
        field = one["data-field"]
        assert shown == pytest.approx(wanted(data["figures"][one["data-figure"]], field)), one
        fields.add(field)
    assert {"base", "other", "difference", "interval", "floor", "ratio"} <= fields


def test_every_cell_of_every_table_is_that_of_the_data(read, data):
    assert read.tables
    for shown in read.tables:
        table = data["tables"][shown["data-table"]]
        kept, outcome = shown.get("data-grouping", "").split(), shown.get("data-outcome")
        rows = [
            row
            for row in table["rows"]
            if (not kept or row["grouping"] in kept) and (not outcome or row["outcome"] == outcome)
        ]
        assert len(rows) == len(shown["rows"]), shown["data-table"]
        for row, cells in zip(rows, shown["rows"], strict=True):
            for column, cell in zip(shown["columns"], cells, strict=True):
                value = row[column]
                if isinstance(value, bool) or not isinstance(value, int | float):
                    assert cell is None
                else:
                    assert float(cell) == pytest.approx(value, rel=1e-7)


def test_every_number_of_a_sentence_stands_in_a_table(text, data):
    said = re.findall(
        r'<data class="number" data-table="(\w+)" data-row="([^"]*)" data-column="([\w.]+)" '
        r'value="([^"]+)">',
        text,
    )
    assert len(said) > 10
    for table, row, column, value in said:
        rows = [one for one in data["tables"][table]["rows"] if row in map(str, one.values())]
        assert float(value) in [one[column] for one in rows]


def test_the_data_name_the_folder_and_the_digest_of_each_run(small_pair, data):
    for side, run in (("base", small_pair.base), ("other", small_pair.others[0])):
        assert (small_pair.path / data["about"][side]["run"]).resolve() == run.path.resolve()
        assert data["about"][side]["digest"] == run.digest


def test_every_figure_has_unit_definition_and_denominator_on_the_page_and_in_the_data(read, data):
    for name, figure in data["figures"].items():
        said = " ".join(read.text_of[f"figure-{name}"].split())
        assert figure["title"] in said
        assert " ".join(figure["definition"].split()) in said
        assert figure["denominator"].lower() in said.lower()
        assert figure["unit"]


def test_a_difference_is_never_shown_without_what_chance_might_do(data, read):
    shown = {(one["data-figure"], one["data-field"]) for one in read.numbers}
    for name, figure in data["figures"].items():
        if figure["difference"] is not None:
            assert (name, "difference") in shown
            known = figure["noise"]["error"] is not None
            assert ((name, "interval") in shown) is known
            assert known or figure["verdict"] in ("same", "error not known")


def test_shares_of_causes_are_never_one_number(read, data):
    for one in read.numbers:
        figure = data["figures"][one["data-figure"]]
        if figure["base_interval"] is not None:
            assert one["data-field"] != "base"


def test_what_is_called_higher_or_lower_is_beyond_error_and_floor(data):
    for figure in data["figures"].values():
        if figure["verdict"] == "clear":
            gap, noise = abs(figure["difference"]), figure["noise"]
            assert gap > noise["error"]
            assert noise["floor"] is None or gap > noise["floor"]


def test_a_world_set_beside_itself_differs_in_nothing_and_the_page_says_so(small_pair):
    page = render_pair(Paired(small_pair.base, small_pair.base))
    leads = re.findall(r'<p class="happened">(.*?)</p>', page, re.S)
    assert not re.search(r"\b(higher|lower) by\b", page)
    assert any("no difference" in one for one in leads)
    assert "(again)" in page


def test_benefit_and_harm_are_set_in_the_same_type(text):
    for name in ("shut_out", "claimed"):
        part = text.split(f'id="statement-{name}"')[1].split("</article>")[0]
        assert part.count('class="happened"') == 1


def test_the_command_makes_the_same_two_scenarios(read, small_pair):
    words = shlex.split(read.text_of["command"])
    assert words[:2] == ["glasscity", "pair"]
    names = [word for word in words[2:4] if not word.startswith("--")]
    options = dict(zip(words[2 + len(names) :: 2], words[3 + len(names) :: 2], strict=True))
    given = {
        key.removeprefix("--"): int(value) if value.isdigit() else value
        for key, value in options.items()
    }
    made = [json.loads(one.to_json()) for one in scenarios_of(*names, **given)]
    assert made == [run.scenario for run in small_pair.runs]


def test_the_python_of_the_page_is_python(read):
    compile(read.text_of["python"], "page", "exec")


def test_headings_names_and_links_are_in_order(read):
    assert read.headings[0] == 1
    assert read.headings.count(1) == 1
    assert all(b <= a + 1 for a, b in zip(read.headings, read.headings[1:], strict=False))
    names = [one["id"] for tag in read.tags.values() for one in tag if "id" in one]
    assert len(names) == len(set(names))
    assert {one["href"][1:] for one in read.tags["a"]} <= set(names)


def test_the_page_is_one_file_with_a_policy_that_allows_its_own_parts_alone(text, read):
    assert "link" not in read.tags
    assert not [one for one in read.tags["script"] if "src" in one]
    policy = next(
        one["content"]
        for one in read.tags["meta"]
        if one.get("http-equiv") == "Content-Security-Policy"
    )
    assert "unsafe" not in policy
    parts = re.findall(r'<script type="module">(.*?)</script>', text, re.S)
    parts += re.findall(r"<style>(.*?)</style>", text, re.S)
    for part in parts:
        digest = base64.b64encode(hashlib.sha256(part.encode()).digest()).decode()
        assert digest in policy


def test_each_comparison_of_a_pair_has_a_page_that_leads_to_the_others(small_pair, tmp_path):
    from glasscity.study.reports import write_comparisons

    first = write_comparisons(
        small_pair.base,
        [small_pair.others[0], small_pair.base],
        [small_pair.comparisons[0], {}],
        small_pair.placebo,
        folder=tmp_path,
    )
    second = tmp_path / "report-2.html"
    assert f'href="{second.name}"' in first.read_text(encoding="utf-8")
    assert f'href="{first.name}"' in second.read_text(encoding="utf-8")
    assert (tmp_path / "report-2.json").is_file()


def test_what_a_search_over_safeguards_found_is_shown_as_it_stands(small_pair, tmp_path):
    from glasscity.study.reports import write_pair

    rows = [{"levers": "appeals, notice", "size": 2, "harm": 0.41, "harm_low": 0.37}]
    found = {
        "study": "frontier",
        "regime": "citizen-score-2020",
        "command": "glasscity frontier citizen-score-2020 --out F",
        "digest": "d" * 64,
        "worlds_of_confirmation": [{}, {}, {}],
        "front": rows,
        "smallest": rows,
        "worth": [],
    }
    (tmp_path / "study.json").write_text(json.dumps(found), encoding="utf-8")
    page = write_pair(small_pair, frontier=tmp_path).read_text(encoding="utf-8")
    write_pair(small_pair)
    shown = next(one for one in Reader(page).tables if one["data-table"] == "safeguards_smallest")
    assert shown["rows"] == [[None, "2", "0.41", "0.37"]]
    assert found["command"] in page
    assert "d" * 64 in page
    assert "confirmed on 3 worlds" in page
