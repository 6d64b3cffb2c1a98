"""``glasscity report`` on what run, pair and study made, and on what is none of them."""

from __future__ import annotations

import json

import pytest

from glasscity.cli.ending import main


@pytest.mark.parametrize("made", ["small_pair", "small_study"])
def test_the_report_is_written_anew_where_it_belongs(made, request, capsys):
    found = request.getfixturevalue(made)
    folder = getattr(found, "path", None) or found.folder
    (folder / "report.html").unlink()
    assert main(["report", str(folder), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said == {"report": str(folder / "report.html")}
    assert (folder / "report.html").is_file()
    assert (folder / "report.json").is_file()


@pytest.mark.parametrize("words", [["--frontier", "{pair}"], ["--frontier", "nowhere"]])
def test_safeguards_that_nobody_searched_for_are_refused(small_pair, capsys, words):
    given = [word.format(pair=small_pair.path) for word in words]
    assert main(["report", str(small_pair.path), *given]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "glasscity frontier" in said.err.splitlines()[-1]


def test_safeguards_have_a_place_in_the_report_of_a_pair_alone(small_pair, capsys):
    assert main(["report", str(small_pair.base.path), "--frontier", "x"]) == 2
    assert "a pair alone" in capsys.readouterr().err


def test_a_folder_that_holds_nothing_of_the_kind_is_refused(tmp_path, capsys):
    assert main(["report", str(tmp_path)]) == 2
    assert capsys.readouterr().err.startswith("error: ")
