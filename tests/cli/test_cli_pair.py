"""What ``glasscity pair`` prints, takes and refuses."""

from __future__ import annotations

import signal
import time
from pathlib import Path

import pytest
from terminal import SMALL, Ended, assert_refused, glasscity, start

from glasscity.rights import MEASURES
from glasscity.study.pair_folder import open_pair

QUICK = ("--no-report", "--no-placebo", "--variance-seeds", "0")


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ended]:
    """Return the folder of a pair and what ``pair --json`` said."""
    folder = tmp_path_factory.mktemp("pair") / "pair"
    words = ("--country", "plainland", "--citizens", "900", "--months", "36")
    change = ("--without", "joint-punishment", "--with", "notice:strength=0.5")
    seeds = ("--variance-seeds", "3", "--no-report")
    found = glasscity("pair", *words, *change, *seeds, "--out", folder, "--json")
    assert found.code == 0, found.err
    return folder, found


def test_one_comparison_stands_at_the_top_as_well(ended):
    said = ended[1].json
    assert len(said["runs"]) == 2
    (one,) = said["comparisons"]
    for key in ("effects", "changed_citizens", "variance_ratio", "effects_by_group"):
        assert said[key] == one[key]
    assert set(one["effects"]) == set(one["variance_ratio"]) == set(MEASURES)
    assert one["effects_by_group"]["quintile"]["q1"].keys() == MEASURES.keys()
    assert one["variance"]["seeds"] == 3
    assert 0 <= one["changed_citizens"] <= 900
    assert said["placebo"]["changed_citizens"] <= 900


def test_each_run_is_an_ordinary_run_folder_with_the_change_in_the_second_alone(ended):
    folder, found = ended
    for run in found.json["runs"]:
        assert Path(run["run"]).parent == folder
        again = glasscity("resume", run["run"], "--json")
        assert again.json["same"]
        assert again.json["measures"] == run["measures"]
    changed = ("joint-punishment", "notice")
    runs = open_pair(folder).runs
    assert [{name: run.scenario["strengths"][name] for name in changed} for run in runs] == [
        {"joint-punishment": 1, "notice": 0},
        {"joint-punishment": 0, "notice": 0.5},
    ]


def test_a_finished_pair_is_checked_and_told_in_lines_that_fit(ended):
    folder, found = ended
    told = glasscity("resume", folder)
    assert told.code == 0, told.err
    lines = told.out.splitlines()
    assert max(map(len, lines)) <= 80
    text = " ".join(told.out.split())
    table = found.json["people"]["months_shut_out"]
    assert f"Better off: {table['better']:,} are shut out for fewer months" in text
    assert f"Worse off: {table['worse']:,} for more" in text
    denials = found.json["denials"]
    assert f"{denials['vanished']:,} vanish and {denials['appeared']:,} appear" in text
    for words in ("Chaos floor", "ratio of variances", "CLAIMED BENEFIT", "itself with"):
        assert words in text
    assert glasscity("resume", folder, "--json").json == found.json


def test_several_regimes_have_a_comparison_each_and_none_at_the_top(tmp_path):
    names = ("citizen-score-2020", "unscored", "citizen-score-2020")
    found = glasscity("pair", *names, *SMALL, *QUICK, "--out", tmp_path / "p", "--json")
    assert found.code == 0, found.err
    said = found.json
    assert [one["other"]["regime"] for one in said["comparisons"]] == list(names[1:])
    assert "effects" not in said
    assert said["placebo"] is None
    assert said["comparisons"][1]["changed_citizens"] == 0
    assert set(said["comparisons"][1]["variance_ratio"].values()) == {None}
    text = glasscity("resume", tmp_path / "p").out
    assert "OTHER-1: unscored" in text
    assert "Nobody's life differs in anything." in text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "nothing to compare"),
        (("credit-bureau",), "a second regime, or a change of the first"),
        (("citizen-score-2021", "unscored"), "citizen-score-2020"),
        (("--without", "freinds"), "friends"),
        (("--with", "friends:strength=2"), "0 (absent) to 1"),
        (("--without", "friends", "--variance-seeds", "2"), "0 for none"),
        (("--without", "friends", "--variance-seeds", "many"), "--variance-seeds 12"),
        (("--without", "friends", "--threads", "0"), "1 to 1024"),
        (("--without", "friends", "--watch", "400"), "from 0 to 399"),
        (("--without", "friends", "--citizens", "5", "--everyone"), "contradict"),
        ((".", "unscored"), "glasscity.compare"),
    ],
)
def test_what_is_no_pair_is_refused_and_nothing_is_made(words, said, tmp_path):
    out = tmp_path / "pair"
    small = () if "--everyone" in words else SMALL
    assert_refused(glasscity("pair", *words, *small, "--out", out), said)
    assert not out.exists()


def test_an_existing_folder_is_never_written_over(ended):
    folder, _ = ended
    before = sorted(folder.iterdir())
    refused = glasscity("pair", "--without", "friends", *SMALL, *QUICK, "--out", folder)
    assert_refused(refused, "choose another --out")
    assert sorted(folder.iterdir()) == before


def test_other_commands_say_that_a_pair_is_no_run(ended):
    folder, _ = ended
    assert_refused(glasscity("rerun", folder), "folder of a pair", str(folder / "base"))


def test_a_pair_that_was_stopped_goes_on_and_finished_runs_stay(tmp_path):
    out = tmp_path / "pair"
    words = ("--without", "friends", "--country", "plainland", "--citizens", "900")
    process = start("pair", *words, "--months", "24", *QUICK, "--out", out)
    try:
        _until((out / "other-1" / "scenario.json").is_file, process)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=120)
    finally:
        process.kill()
    assert process.returncode == 130, said
    assert f"glasscity resume {out}" in said.rstrip().rpartition("\n")[2]
    assert (out / "base" / "complete.json").is_file()
    found = glasscity("resume", out, "--json")
    assert found.code == 0, found.err
    assert len(found.json["runs"]) == 2
    assert open_pair(out).base.digest == found.json["runs"][0]["digest"]


def _until(ready, process) -> None:
    for _ in range(1200):
        if ready():
            return
        assert process.poll() is None, process.communicate()[1]
        time.sleep(0.05)
    raise AssertionError("it never came so far")


def test_the_help_names_the_number_of_smaller_worlds_that_is_used():
    from glasscity.study.variance import SEEDS

    for command in ("pair", "fork"):
        said = " ".join(glasscity(command, "--help").out.split())
        assert f"0: none. Default: {SEEDS}." in said.replace("│ ", "")
