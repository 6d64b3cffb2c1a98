"""``glasscity study`` in the terminal."""

from __future__ import annotations

from pathlib import Path

import pytest
from terminal import Ended, assert_refused, glasscity

FILE = """
name: tiny
title: A tiny study
base: {country: plainland, citizens: 400, months: 3, start: 2019-12}
axes:
  seeds: [1, 2]
  regimes: [unscored, citizen-score-2020]
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cli-study")
    (folder / "tiny.yaml").write_text(FILE, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def ended(place: Path) -> Ended:
    words = ("--out", place / "tiny", "--jobs", 1, "--json")
    return glasscity("study", place / "tiny.yaml", *words)


def test_a_study_says_what_was_done_and_where_its_dataset_is(place: Path, ended: Ended) -> None:
    assert ended.code == 0, ended.err
    told = ended.json
    assert (told["done"], told["failed"], told["members"]) == (4, 0, 4)
    assert told["dataset"] == str(place / "tiny" / "dataset.nc")
    assert Path(told["dataset"]).is_file()


def test_the_same_command_goes_on_and_shows_a_summary_in_80_columns(
    place: Path, ended: Ended
) -> None:
    said = glasscity("study", place / "tiny.yaml", "--out", place / "tiny", "--threads", 1)
    assert said.code == 0, said.err
    lines = said.out.splitlines()
    assert lines[0] == "A tiny study"
    assert any(line.startswith("citizen-score-2020: against unscored, seed by") for line in lines)
    assert any(line.startswith("restricted_share") for line in lines)
    assert max(map(len, lines)) <= 80
    assert ended.json["digest"][:16] in said.out


def test_a_bad_study_file_is_refused_with_its_line(place: Path) -> None:
    file = place / "bad.yaml"
    file.write_text(FILE.replace("seeds", "seed"), encoding="utf-8")
    refused = glasscity("study", file, "--out", place / "bad")
    assert_refused(refused, f"{file}:6", "axes.seed: this is not a known key here", "'seeds'?")
    assert not (place / "bad").exists()
    assert_refused(glasscity("study", place / "none.yaml"), "there is no such file")


def test_an_option_against_an_axis_is_refused(place: Path) -> None:
    words = ("--seed", 3, "--out", place / "against")
    assert_refused(glasscity("study", place / "tiny.yaml", *words), "varies what 'seed' would fix")
    words = ("--cluster", "nowhere", "--out", place / "far")
    assert_refused(glasscity("study", place / "tiny.yaml", *words), "cluster")


def test_validate_and_schema_know_study_files(place: Path) -> None:
    said = glasscity("validate", place / "tiny.yaml", "--json").json
    assert said == {"ok": True, "kind": "study", "problems": []}
    file = place / "worse.yaml"
    file.write_text(FILE + "  citizens: [0]\n", encoding="utf-8")
    (problem,) = glasscity("validate", file, "--json").json["problems"]
    assert problem["where"] == f"{file}:8"
    assert glasscity("schema", "study").json["title"] == "Glasscity study"
    assert_refused(glasscity("schema", "stady"), "did you mean 'study'?")
