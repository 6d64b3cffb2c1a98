"""What sensitivity and frontier print, how they go on, and what they refuse."""

from __future__ import annotations

import json

import pytest
from terminal import assert_refused, glasscity

TINY = ("--country", "plainland", "--citizens", "300", "--months", "12", "--seed", "3")
ONE = ("--jobs", "1")


@pytest.fixture(scope="module")
def sensitive(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cli") / "sensitivity"
    words = ("sensitivity", "--quick", *TINY, "--part", "matched", "--vectors", "2", *ONE)
    return (*words, "--out", folder), glasscity(*words, "--out", folder, "--json")


def test_sensitivity_prints_one_document_of_arrays_from_real_runs(sensitive):
    _, ended = sensitive
    assert ended.code == 0, ended.err
    found = json.loads(ended.out)
    assert [row["vectors"] for row in found["findings"]] == [2] * 9
    assert (found["screening"], found["maps"], found["failed"]) == ([], [], [])
    # Two seeds of the base and two vectors twice, each with its twin.
    assert found["worlds"] == 12


def test_sensitivity_again_runs_nothing_and_says_the_same(sensitive):
    words, ended = sensitive
    again = glasscity(*words)
    assert again.code == 0, again.err
    digest = json.loads(ended.out)["digest"]
    assert digest in again.out
    assert "Findings over 2 vectors" in again.out
    assert max(map(len, again.out.splitlines())) <= 110


def test_frontier_prints_one_document_of_arrays_from_real_runs(tmp_path):
    words = ("frontier", "--quick", *TINY, *ONE, "--lever", "essentials", "--lever", "expiry")
    sizes = ("--trials", "4", "--fresh", "1", "--vectors", "1", "--out", tmp_path / "f")
    ended = glasscity(*words, *sizes, "--json")
    assert ended.code == 0, ended.err
    found = json.loads(ended.out)
    tables = ("goals", "levers", "trials", "front", "smallest", "sizes_tried", "worth", "first")
    assert all(isinstance(found[name], list) for name in (*tables, "idle"))
    assert [row["lever"] for row in found["levers"]] == ["essentials", "expiry"]
    assert (tmp_path / "f" / "study.json").is_file()
    told = glasscity(*words, *sizes)
    assert found["digest"] in told.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("sensitivity", "--part", "screenin"), "screening"),
        (("sensitivity", "--trajectories", "1"), "--trajectories"),
        (("sensitivity", "--input", "deterence"), "deterrence"),
        (("sensitivity", "unscored"), "unscored"),
        (("sensitivity", "--direct", "--part", "maps"), "--direct"),
        (("frontier", "--reduce", "120%"), "--reduce"),
        (("frontier", "--reduce", "half"), "--reduce"),
        (("frontier", "--of", "sorrow"), "sorrow"),
        (("frontier", "--lever", "firewal"), "firewall"),
        (("frontier", "--jobs", "none"), "--jobs"),
    ],
)
def test_bad_input_is_one_plain_line_and_leaves_nothing(tmp_path, words, said):
    ended = glasscity(*words, "--out", tmp_path / "study")
    assert_refused(ended, said)
    assert not (tmp_path / "study").exists()
