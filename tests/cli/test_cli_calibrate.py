"""What calibrate and parameters print, and how they end."""

from __future__ import annotations

import json

import pytest
from terminal import assert_refused, glasscity

from glasscity.behaviour import behaviours, load_behaviour
from glasscity.study.targets import load_targets

SMALL = ("--country", "plainland", "--citizens", "400", "--seed", "3")
KEYS = {
    "column", "quantity", "title", "definition", "unit", "regime", "until", "target", "tolerance",
    "source", "reading", "why", "value", "error", "within", "binds",
}  # fmt: skip


@pytest.fixture(scope="module")
def checked():
    return glasscity("calibrate", "--check", *SMALL, "--json")


def test_a_check_prints_every_target_and_fails_where_one_is_not_met(checked):
    rows = json.loads(checked.out)
    assert [row["quantity"] for row in rows] == [one.quantity for one in load_targets()]
    assert all(set(row) == KEYS for row in rows)
    missed = [row["quantity"] for row in rows if row["binds"] and not row["within"]]
    # Four hundred people of plainland are not China, and the answer still stands on its output.
    assert missed
    assert checked.code == 2
    assert checked.last.startswith("error: parameters 'central': ")
    assert all(name in checked.last for name in missed)


def test_the_table_keeps_the_columns_apart_and_fits(checked):
    text = glasscity("calibrate", "--check", *SMALL).out
    places = [text.index(word) for word in ("SOCIETY", "EXPOSURE", "PREDICTED")]
    assert places == sorted(places)
    assert "luck alone" in text
    predicted = text[places[2] :].partition("outside:")[0]
    assert "agrees" not in predicted
    assert "DOES NOT" not in predicted
    for row in json.loads(checked.out):
        assert row["quantity"] in text
    assert max(len(line) for line in text.splitlines()) <= 100


def test_a_check_that_is_met_ends_well(monkeypatch):
    from glasscity.study import check

    measured = lambda scenario, targets, **_: [  # noqa: E731
        0.5 if one.low is None else one.middle for one in targets
    ]
    monkeypatch.setattr(check, "measured", measured)
    ended = glasscity("calibrate", "--check", *SMALL, "--json")
    assert ended.code == 0
    assert all(row["within"] for row in json.loads(ended.out) if row["target"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--check", "--parameters", "criticc"], ["no behaviour 'criticc'"]),
        (["--check", "--vectors", "5"], ["--vectors goes with the search"]),
        (["--check", "--citizens", "none"], ["citizens 'none'"]),
        (["--vectors", "1"], ["--vectors", "from 2"]),
        (["--jobs", "0"], ["--jobs", "from 1"]),
        (["--threads", "2"], ["--threads goes with --check"]),
        (["--country", "plainlnd"], ["did you mean 'plainland'"]),
    ],
    ids=" ".join,
)
def test_bad_input_is_refused_in_one_line(words, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert_refused(glasscity("calibrate", *words), *said)
    assert list(tmp_path.iterdir()) == []


def test_parameters_are_listed_with_grade_and_range():
    rows = glasscity("parameters", "--json").json
    assert rows == behaviours()
    assert "central" in [row["name"] for row in rows]
    values = {row["name"]: row for row in glasscity("parameters", "central", "--json").json}
    slip = load_behaviour().slip
    assert values["slip"]["value"] == float(slip)
    assert (values["slip"]["low"], values["slip"]["high"]) == (slip.low, slip.high)
    assert all(row["grade"] in "ABCD" for row in values.values())
    text = glasscity("parameters", "central").out
    assert all(name in text for name in values)
    assert max(map(len, text.splitlines())) <= 80


def test_explain_knows_parameters_by_that_name_too():
    for word in ("parameters", "behaviour"):
        assert glasscity("explain", word, "central", "--json").json["name"] == "central"


def test_a_run_with_other_parameters_says_so_and_is_run_again_with_them(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    mine = tmp_path / "mine.yaml"
    mine.write_text(
        "name: mine\nextends: central\ntitle: Slips\nabout: For a test.\n"
        "slip: {value: 0.008, unit: chance a month, grade: D, low: 0, high: 0.01, note: Many.}\n"
    )
    words = ("run", "--country", "plainland", "--citizens", "300", "--months", "3", "--json")
    usual = glasscity(*words).json
    ended = glasscity(*words, "--parameters", mine)
    assert ended.code == 0, ended.err
    assert (usual["parameters"], ended.json["parameters"]) == ("central", "mine")
    assert ended.json["digest"] != usual["digest"]
    folder = ended.json["run"]
    assert glasscity("rerun", folder, "--json").json["same"] is True
    scenario = json.loads((tmp_path / folder / "scenario.json").read_text())
    assert scenario["behaviour"]["slip"]["value"] == 0.008
    provenance = json.loads((tmp_path / folder / "provenance.json").read_text())
    assert "mine" in json.dumps(provenance)
    assert "--parameters mine" in (tmp_path / folder / "report.html").read_text()
