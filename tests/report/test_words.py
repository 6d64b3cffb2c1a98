"""Numbers are written with the digits they support, and sentences say what the numbers say."""

from __future__ import annotations

import pytest
from factory import World, store
from report_worlds import busy_world, scenario

from glasscity.report import numbers, words
from glasscity.report.calendar import Calendar, marks_of
from glasscity.report.facts import facts_of
from glasscity.report.printed import Printer
from glasscity.report.remake import command_line, python_lines
from glasscity.report.statements import statements
from glasscity.results import open_run
from glasscity.rights.findings import HEADLINES
from glasscity.scenario import MECHANISMS
from glasscity.terms import CAUSE_GROUPS, CAUSES, CLASSES, EVENTS, GATES, LISTING_CAUSES, QUINTILES

GAP = numbers.GAP


@pytest.mark.parametrize(
    ("share", "size", "text"),
    [
        (0.10608, 100_000, "10.6"),
        (0.10608, 1_000_000, "10.61"),
        (0.10608, 300, "11"),
        (0.00097, 100_000, "0.10"),
        (0.3, 10, "30"),
        (1.0, 1, "100"),
        (0.0, 100_000, "0"),
    ],
)
def test_a_share_has_the_digits_that_its_size_supports(share, size, text):
    assert numbers.percent(share, size) == f"{text}{GAP}%"


def test_a_share_too_small_to_write_is_not_called_zero():
    assert numbers.percent(0.00001, 100) == f"under 1{GAP}%"
    assert numbers.plain(0.0001, 4_000) == "under 0.001"
    assert numbers.plain(0.0, 4_000) == "0"


def test_the_last_digit_is_never_finer_than_twice_the_standard_error():
    for share in (0.001, 0.02, 0.2, 0.5, 0.97):
        for size in (10, 1_000, 100_000, 10_000_000):
            decimals = numbers.decimals_of_share(share, size)
            error = 100 * (share * (1 - share) / size) ** 0.5
            assert decimals == 0 or 10.0**-decimals >= 2 * error / 10


def test_differences_carry_their_sign_and_intervals_both_ends():
    assert numbers.points(0.0057, 0.032, 100_000) == "+0.6 points"
    assert numbers.points(-0.0057, 0.032, 100_000) == f"{numbers.MINUS}0.6 points"
    assert numbers.points(0.00001, 0.032, 100_000) == "less than 0.1 points"
    assert numbers.points(0.0, 0.032, 100_000) == "no difference"
    assert numbers.points(1.0, 1.0, 100_000) == "+100 points"
    assert numbers.span(0.101, 0.1142, 100_000) == f"10.1 to 11.4{GAP}%"
    assert numbers.span(0.5, 0.5, 100) == f"50 to 50{GAP}%"
    assert numbers.span(0.0, 0.0, 100) == "none"


def test_counts_in_sentences_lose_the_digits_that_chance_makes():
    assert numbers.rounded_count(9_887_318) == "9,887,000"
    assert numbers.rounded_count(190_915) == "190,900"
    assert numbers.rounded_count(0) == "0"
    assert numbers.count(190_915) == "190,915"


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.106, "about one in 9"),
        (0.0104, "about one in 96"),
        (0.00031, "about one in 3,200"),
        (0.61, "about 6 in 10"),
        (0.99, "nearly all"),
        (0.0, ""),
        (1.0, ""),
    ],
)
def test_shares_in_words(share, text):
    assert numbers.one_in(share) == text


def test_small_differences_are_not_called_differences():
    assert not numbers.clear_difference(0.659, 0.653, 18_000)
    assert numbers.clear_difference(0.122, 0.130, 100_000)
    assert not numbers.clear_difference(190_915, 190_663, None)
    assert numbers.clear_difference(8_957, 9_503, None)
    assert not numbers.clear_difference(0.0, 0.0, 0)


def test_months_have_their_names():
    calendar = Calendar("2014-06")
    assert calendar.name(0) == "June 2014"
    assert calendar.name(83) == "May 2021"
    assert calendar.day(7) == "2015-01-01"
    assert calendar.month_of("2014-01") == -5
    assert calendar.month_of("none") is None
    assert Calendar("").name(0) == "month 1"
    assert Calendar("nonsense").name(2) == "month 3"


def test_rules_that_change_together_share_a_mark_and_later_ones_fall_out():
    made = scenario()
    marks = marks_of(made, Calendar("2014-06"), 10)
    assert [(mark.number, mark.month) for mark in marks] == [(1, 0), (2, 3), (3, 7)]
    made["regime"]["rollout"]["opt_in_from"] = {"value": "2014-09"}
    marks = marks_of(made, Calendar("2014-06"), 10)
    assert [mark.month for mark in marks] == [0, 3]
    assert ";" in marks[1].label
    made["strengths"] = {"joint-punishment": 0}
    assert "everywhere" not in marks_of(made, Calendar("2014-06"), 10)[1].label


def test_every_word_of_the_model_has_a_readable_one():
    known = {*GATES, *CAUSES, *CAUSE_GROUPS, *CLASSES, *EVENTS, *LISTING_CAUSES, *QUINTILES}
    assert known <= set(words.LABELS)
    assert len(set(words.LABELS.values())) >= len(words.LABELS) - 1


def said(tmp_path, world, twin=None, **changes):
    run = open_run(store(tmp_path / "run", world, twin, scenario=scenario(**changes)))
    return {one.name: one for one in statements(Printer(facts_of(run)))}


def test_there_are_five_statements_in_their_order(tmp_path):
    found = said(tmp_path, busy_world(), busy_world(regime=False))
    assert list(found) == ["shut_out", "refused", "listed", "voice", "claimed"]
    assert all(one.promise for one in found.values())
    assert {name for one in found.values() for name in one.figures} <= set(HEADLINES)


def test_fewer_breaches_are_told_like_more(tmp_path):
    few, many = World(), World()
    few.count("breaches", 100, event="train")
    many.count("breaches", 400, event="train")
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    less = said(tmp_path / "a", few, many)["claimed"].lead.striptags()
    more = said(tmp_path / "b", many, few)["claimed"].lead.striptags()
    assert "fewer" in less
    assert "more" in more


def test_an_equal_world_is_called_equal(tmp_path):
    found = said(tmp_path, busy_world(), busy_world())
    assert words.SENTENCES["no_clear"] in found["claimed"].lead
    assert "closed nothing" not in found["shut_out"].lead


def test_a_regime_that_names_no_rows_is_shown_without_promises(tmp_path):
    made = scenario()["regime"]
    made.pop("rows")
    found = said(tmp_path, busy_world(), regime=made)
    assert not any(one.promise for one in found.values())


def test_the_command_names_what_is_unusual():
    made = {
        "regime": {"name": "citizen-score-2020"},
        "country": {"name": "plainland"},
        "citizens": 10,
        "months": 3,
        "start": "2014-06",
        "seed": 7,
        "strengths": {"friends": 0.0, "speech": 0.5, "misses": 1.0, "appeals": 1.0, "notice": 0.0},
    }
    assert command_line(made) == (
        "glasscity run citizen-score-2020 --country plainland --citizens 10 --months 3 "
        "--start 2014-06 --seed 7 --without friends --with speech:strength=0.5 --with appeals"
    )
    made["behaviour"] = {"name": "critic"}
    assert " --seed 7 --parameters critic --without friends" in command_line(made)
    assert "    behaviour='critic'," in python_lines(made, "abc").splitlines()
    del made["behaviour"]
    lines = python_lines(made, "abc")
    assert "strengths={'friends': 0.0, 'speech': 0.5, 'appeals': 1.0}" in lines
    compile(lines, "report", "exec")


def test_the_command_knows_every_mechanism_that_a_regime_has_unless_told():
    regime = {"name": "x"}
    usual = command_line({"regime": regime, "strengths": dict.fromkeys(MECHANISMS, 1.0)})
    assert usual == command_line({"regime": regime})
    for name in MECHANISMS:
        line = command_line({"regime": regime, "strengths": {name: 0.0}})
        assert line == f"{usual} --without {name}"


def test_the_command_quotes_what_a_shell_would_read():
    line = command_line({"regime": {"name": "x; rm -rf ~"}}, twin=False)
    assert line == "glasscity run 'x; rm -rf ~' --no-twin"
