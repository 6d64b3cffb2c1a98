"""``glasscity fork`` and ``glasscity life --what-if``, as they are typed."""

from __future__ import annotations

import json

import pytest
from fork_worlds import MANDATE

import glasscity
from glasscity.cli.ending import main
from glasscity.rights.decomposition import DECOMPOSITION


def typed(capsys, *words: object) -> tuple[int, str, str]:
    """Return exit code, standard output and standard error of a command."""
    code = main([str(word) for word in words])
    said = capsys.readouterr()
    return code, said.out, said.err


def refused(capsys, *words: object) -> str:
    """Return the last line of a command that is refused, with and without --json."""
    for more in ((), ("--json",)):
        code, out, err = typed(capsys, *words, *more)
        assert (code, out) == (2, "")
        last = err.splitlines()[-1]
        assert last.startswith("error: ")
    return last


def test_fork_prints_one_document_in_the_shape_of_a_pairs(history, tmp_path, capsys):
    words = ("--month", MANDATE, "--no-placebo", "--variance-seeds", 0, "--no-report", "--json")
    code, out, _ = typed(
        capsys, "fork", history.path, "unscored", *words, "--out", tmp_path / "fork"
    )
    assert code == 0
    found = json.loads(out)
    assert [run["digest"] for run in found["runs"]] == [
        history.digest,
        glasscity.open_run(tmp_path / "fork").digest,
    ]
    assert found["month"] == MANDATE
    (one,) = found["comparisons"]
    for key in ("effects", "changed_citizens", "variance_ratio"):
        assert found[key] == one[key]
    assert one["effects"]["restricted_share"] < 0
    # The same again, told: the numbers of people are the document's.
    words = ("--without", "friends", "--month", "2020-03", "--variance-seeds", 0, "--no-report")
    code, out, err = typed(capsys, "fork", history.path, *words, "--out", tmp_path / "told")
    assert code == 0
    assert "months before the fork" in err
    assert "itself with friends 0" in out
    assert "Chaos floor" in out


def test_decompose_prints_and_keeps_one_table(history, capsys):
    try:
        code, out, _ = typed(capsys, "fork", history.path, "--decompose", "--json")
        assert code == 0
        found = json.loads(out)
        assert found["digest"] == history.digest
        assert {one["cause"] for one in found["causes"]} == {
            "association",
            "speech",
            "error",
            "spillover",
        }
        assert (history.path / DECOMPOSITION).is_file()
    finally:
        (history.path / DECOMPOSITION).unlink(missing_ok=True)


def test_a_what_if_tells_both_lives(history, capsys):
    wrong = glasscity.find(history, "wrongly-listed", limit=1)[0]["citizen"]
    entry = history.listings.filter(citizen=wrong, kind=0)["month"][0]
    words = ("life", history.path, wrong, "--what-if", "error_corrected", "--month", entry + 1)
    code, out, _ = typed(capsys, *words, "--json")
    assert code == 0
    found = json.loads(out)
    assert found["citizen"] == wrong
    assert found["lived"]["digest"]["same"]
    assert not found["changed"]["digest"]["same"]
    # The correction ends the listing in its month, and nothing before it differs.
    assert found["differs_from"] == entry + 1
    assert found["lived"]["months"][: entry + 1] == found["changed"]["months"][: entry + 1]
    listed = found["totals"]["months_listed"]
    assert listed["changed"] == listed["lived"] + listed["difference"]
    assert listed["difference"] < 0
    told = found["changed"]["months"][entry + 1]["events"][0]
    assert told["kind"] == "what_if"
    code, out, _ = typed(capsys, *words)
    assert code == 0
    assert "months on a list" in out
    assert f"of {history.citizens - 1:,} other citizens' lives differ" in out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("fork", "{run}"), "the month is missing"),
        (("fork", "{run}", "--month", "99"), "outside the run"),
        (("fork", "{run}", "--month", "june"), "not a month of the run"),
        (("fork", "{run}", "nowhere", "--month", "3"), "no regime 'nowhere'"),
        (("fork", "{run}", "--month", "3", "--with", "kindness"), "no mechanism or safeguard"),
        (("fork", "{run}", "--month", "3", "--out", "{run}"), "there already"),
        (("fork", "{run}", "--month", "3", "--watch", "2000"), "no citizen 2000"),
        (("fork", "{run}", "--month", "3", "--variance-seeds", "2"), "2 seeds"),
        (("fork", "{run}-not", "--month", "3"), "no run folder"),
        (("fork", "{run}", "--decompose", "--month", "3"), "contradict"),
        (("life", "{run}", "3", "--what-if", "spoke"), "a what-if needs"),
        (("life", "{run}", "3", "--month", "3"), "a what-if needs"),
        (("life", "{run}", "3", "--what-if", "spok", "--month", "3"), "did you mean 'spoke'"),
        (("life", "{run}", "2000", "--what-if", "spoke", "--month", "3"), "no citizen 2000"),
        (
            ("life", "{run}", "3", "--what-if", "spoke", "--month", "3", "--chart", "x.svg"),
            "cannot be drawn",
        ),
    ],
)
def test_what_is_wrong_is_said_in_one_line(words, said, history, capsys):
    words = [word.format(run=history.path) for word in words]
    assert said in refused(capsys, *words)
