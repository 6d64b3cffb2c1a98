"""The summary in the terminal: every figure made again from the run folder, and its wording."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest
from terminal import SMALL, glasscity

from glasscity.cli.summary import interval, percent, summary
from glasscity.results import Run, open_run
from glasscity.terms import CAUSES, GATES

LAST = 71
GROUPS = {
    "association": ("ties_scores", "ties_voice"),
    "speech": ("own_voice",),
    "error": ("false_alarm", "mix_up"),
}
ORDER = ("spillover", "association", "speech", "error")


@pytest.fixture(scope="module")
def run(long_run: Path) -> Run:
    return open_run(long_run)


@pytest.fixture(scope="module")
def text(run: Run) -> str:
    return " ".join(" ".join(summary(run)).split())


def count(run: Run, measure: str, **where: object) -> int:
    """Return a count straight from the cube's table."""
    table = run.cube_table.filter(pl.col("measure") == measure)
    for name, value in where.items():
        table = table.filter(pl.col(name) == value)
    return table.select(pl.col("count").sum()).collect().item() or 0


def of_citizens(run: Run, measure: str, **where: object) -> str:
    part = count(run, measure, month=LAST, **where)
    return percent(part / count(run, "citizens", month=LAST, **where))


def over(run: Run, part: str, whole: str, **where: object) -> str:
    return percent(count(run, part, **where) / count(run, whole, **where))


def causes(run: Run, group: str, gate: str | None = None) -> str:
    """Return an interval straight from the register of denials."""
    denials = run.denials if gate is None else run.denials.filter(pl.col("gate") == gate)
    where = {} if gate is None else {"gate": gate}
    lower = (denials["lower"].to_numpy() >> ORDER.index(group) & 1).sum()
    spheres = dict(zip(GATES, run.meta["gate_spheres"], strict=True))
    upper = 0
    for one in denials.partition_by("gate"):
        own = GROUPS.get(group)
        if own is None:
            sphere = spheres[str(one["gate"][0])]
            own = ("elsewhere_unwilling", "elsewhere_unable", "elsewhere_slip")
            own += ("ties_scores", "ties_voice", "own_voice") if sphere != "society" else ()
            own += ("profile",) if sphere != "commerce" else ()
        mask = sum(1 << CAUSES.index(cause) for cause in own)
        upper += (one["involved"].to_numpy() & mask != 0).sum()
    every = count(run, "denials", **where)
    return interval(lower / every, upper / every, " %" if gate is None else "")


def test_who_is_shut_out_is_counted_anew(run, text):
    months = count(run, "restricted") / count(run, "citizens", month=LAST)
    ever = run.spells["citizen"].n_unique() / run.citizens
    assert f"{of_citizens(run, 'restricted')} of citizens are shut out of something" in text
    assert f"{percent(ever)} were at some time" in text
    assert f"On average {months:.1f}".removesuffix(".0") in text
    listed = count(run, "listed_for", month=LAST)
    unable = count(run, "listed_for", month=LAST, cause="unable")
    wrong = sum(count(run, "listed_for", month=LAST, cause=c) for c in ("false_alarm", "mix_up"))
    assert f"{of_citizens(run, 'listed_any')} stand on a list" in text
    assert f"{percent(unable / listed)} of listings through inability" in text
    assert f"{percent(wrong / listed)} through an error of record" in text


def test_what_was_refused_and_why_is_counted_anew(run, text):
    here, twin = (over(one, "denials", "applications") for one in (run, run.twin))
    ruled = over(run, "denials_regime", "denials")
    assert f"{here} ({twin} unscored) of applications were refused" in text
    assert f"{ruled} of them by the regime's rule alone" in text
    for group, words in zip(ORDER, ("something", "friends", "speech", "errors"), strict=True):
        assert f"{causes(run, group)} on {words}" in text


def test_every_gate_is_counted_anew(run):
    lines = summary(run)
    told = set()
    for gate in GATES:
        words = gate.replace("_", " ")
        line = next((one for one in lines if one.startswith(f"  {words} ")), None)
        here, twin = (over(one, "denials", "applications", gate=gate) for one in (run, run.twin))
        if line is None:
            rest = " ".join(" ".join(lines).split()).partition("without the regime: ")[2]
            assert f"{words} {here}" in rest
            assert here == twin
            continue
        told.add(gate)
        cells = re.split(r"\s{1,}(?!to )(?<!to )", line.strip().removeprefix(words).strip())
        assert cells[:2] == [here.removesuffix(" %"), twin.removesuffix(" %")]
        few = 0 < count(run, "denials", gate=gate) < 100
        assert cells[2:] == ["few" if few else causes(run, group, gate) for group in ORDER]
    assert len(told) >= 5


def test_what_is_said_and_not_said_is_counted_anew(run, text):
    def critics(one: Run) -> str:
        chilled = count(one, "chilled", month=LAST)
        return percent(chilled / count(one, "unafraid_criticise", month=LAST))

    def consensus(praise: str, criticise: str) -> str:
        praised = count(run, praise, month=LAST)
        return percent(praised / (praised + count(run, criticise, month=LAST)))

    twin = run.twin
    assert f"if unafraid, {critics(run)} ({critics(twin)} unscored) do not" in text
    for measure, words in (("chilled", "of all citizens"), ("falsified", "praise against")):
        here, there = of_citizens(run, measure), of_citizens(twin, measure)
        assert f"{here} ({there} unscored) {words}" in text
    assert f"Approval seems {consensus('praise', 'criticise')}" in text
    assert f"would be {consensus('private_praise', 'private_criticise')}" in text


def test_what_silence_does_to_others_is_counted_anew(run, text):
    here, there = of_citizens(run, "chilled_total"), of_citizens(run.twin, "chilled_total")
    indirect = count(run, "chilled_indirect", month=LAST) / count(run, "chilled_total", month=LAST)
    assert f"Had nobody ever feared, {here} ({there} unscored) would criticise who do not" in text
    assert f"{percent(indirect)} of them for others' silence alone" in text


def test_those_who_live_with_somebody_shut_out_are_counted_anew(run, text):
    assert f"{of_citizens(run, 'touched')} are shut out of nothing themselves but live" in text


def test_what_others_make_of_a_score_is_counted_anew(run, text):
    people = run.people.filter((pl.col("score") > 0) & (pl.col("score_private_2") > 0))
    ranks = people.select(
        (pl.col(name).rank("average") - 0.5) / len(people) for name in ("score", "score_private_2")
    )
    apart = (ranks["score"] - ranks["score_private_2"]).abs().median()
    assert f"Two operators place the same person {percent(apart)} of the ranking apart" in text
    assert f"Scores were shown off in {count(run, 'displays'):,} citizen-months" in text
    assert f"{of_citizens(run, 'perk_holders')} hold a perk" in text
    gain = {
        quintile: count(run, "perk_gain_sum", **where)
        / 256
        / count(run, "citizens", **where, **last)
        for quintile, where in (("all", {}), ("q1", {"quintile": "q1"}), ("q5", {"quintile": "q5"}))
        for last in ({"month": LAST},)
    }
    said = f"perks left {gain['all']:.2g} months of spending a citizen "
    assert said + f"(q1 {gain['q1']:.2g}, q5 {gain['q5']:.2g})" in text


def test_the_odds_of_a_match_are_counted_anew(run, text):
    counts = run.series["deciles"].sum("month")
    odds = counts.sel(decile_count="coupled") / counts.sel(decile_count="searching")
    ratio = float(odds.sel(decile=10) / odds.sel(decile=1))
    assert f"the highest tenth finds one {ratio:.2g} times as often as the lowest" in text


def test_what_it_brought_is_counted_anew(run, text):
    for measure, words in (("breaches", "Breaches"), ("unwilling_breaches", "Unwilling breaches")):
        here, there = count(run, measure), count(run.twin, measure)
        change = f"{100 * (here - there) / there:+.1f}"
        assert re.search(rf"{words}: {here:,}, {there:,} unscored \({re.escape(change)[:3]}", text)
    for part, whole, words in (
        ("months_unpaid", "months_due", "Instalments not paid: "),
        ("loans_thin_granted", "loans_thin", "Loans to people of whom lenders know little: "),
    ):
        here, there = over(run, part, whole), over(run.twin, part, whole)
        assert f"{words}{here} ({there} unscored)" in text
    repaid, unscored = (
        percent(
            (count(world, "repaid_listed") + count(world, "repaid_unlisted"))
            / (count(world, "exposed_listed") + count(world, "exposed_unlisted"))
        )
        for world in (run, run.twin)
    )
    assert f"Withheld debts repaid in a month: {repaid} ({unscored} unscored)" in text
    assert f"{over(run, 'repaid_unlisted', 'exposed_unlisted')} before a listing" in text


def test_who_is_hit_is_counted_anew(run, text):
    groups = {
        "area": ("urban", "rural"),
        "quintile": ("q1", "q2", "q3", "q4", "q5"),
        "age": ("18-29", "30-44", "45-59", "60-64", "65+"),
        "camp": ("critical", "neutral", "supportive"),
    }
    hit = text.partition("WHO IS HIT")[2]
    for name, words in groups.items():
        for word in words:
            assert f"{word} {of_citizens(run, 'restricted', **{name: word})}" in hit


def test_the_digest_the_folder_and_what_to_try_next_are_told(run, text):
    assert run.digest in text
    assert str(run.path) in text
    assert f"glasscity rerun {run.path}" in text
    assert "report.html" not in text


def test_it_says_that_it_is_a_scenario_and_provisional(text):
    assert "CAUTION: the press's scenario, not China" in text
    assert "Values of central are provisional" in text


def test_it_fits_a_terminal_of_80_columns(run, long_run):
    said = (long_run.parent / "said.txt").read_text(encoding="utf-8").splitlines()
    assert said == [line.rstrip() for line in summary(run)]
    assert len(said) <= 76
    assert "\x1b" not in "".join(said)
    assert all(len(line) <= 80 for line in said if str(run.path) not in line)


@pytest.mark.parametrize(
    "words", [("unscored",), ("citizen-score-2020", "--no-twin")], ids=" ".join
)
def test_a_run_without_a_twin_is_told_without_comparisons(words, tmp_path):
    ended = glasscity("run", *words, *SMALL, "--no-report", "--out", tmp_path / "out")
    assert ended.code == 0, ended.err
    assert "unscored)" not in ended.out
    assert "None" not in ended.out
    assert "nan" not in ended.out


def test_a_run_of_one_citizen_and_one_month_is_told(tmp_path):
    words = ("--country", "plainland", "--citizens", "1", "--months", "1", "--no-report")
    ended = glasscity("run", *words, "--out", tmp_path / "out")
    assert ended.code == 0, ended.err
    assert "None" not in ended.out


def test_the_whole_china_run_fits_one_screenful_of_a_tall_terminal(tmp_path):
    words = ("--citizens", "40000", "--months", "30", "--no-report", "--no-twin")
    ended = glasscity("run", *words, "--out", tmp_path / "out")
    lines = ended.out.splitlines()
    assert len(lines) <= 72
    assert all(len(line) <= 80 for line in lines if str(tmp_path) not in line)
    assert "provinces of 1,000 citizens or more" in " ".join(ended.out.split())


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (0.03, 0.07, "3 to 7 %"),
        (0.031, 0.034, "3 %"),
        (0, 0, "0 %"),
        (0, 0.0004, "<0.1 %"),
        (0.0001, 0.0004, "<0.1 %"),
        (0.0004, 0.003, "0 to 0.3 %"),
        (0.002, 0.016, "0.2 to 2 %"),
        (0.998, 1, "100 %"),
        (None, None, "-"),
    ],
)
def test_an_interval_is_told_by_its_ends(low, high, said):
    assert interval(low, high) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0, "0 %"),
        (0.00001, "<0.01 %"),
        (0.0033, "0.33 %"),
        (0.0999, "10 %"),
        (0.034, "3.4 %"),
        (0.384, "38 %"),
        (1, "100 %"),
        (-0.0571, "-5.7 %"),
        (None, "not estimable"),
    ],
)
def test_a_share_is_told_without_digits_that_it_cannot_bear(value, said):
    assert percent(value) == said
