"""The sentence under a section's heading says the finding, with the unscored world beside it."""

from __future__ import annotations

import numpy as np
import pytest
from factory import HOME, UNSCORED, World, store
from report_reader import Reader
from report_worlds import busy_world, scenario

from glasscity.report import render
from glasscity.report.facts import facts_of
from glasscity.report.layout import LAYOUT
from glasscity.report.leads import LEADS, lead
from glasscity.report.printed import Printer
from glasscity.results import open_run


def said(run, section):
    return " ".join(lead(Printer(facts_of(run)), section).striptags().split())


def stored(folder, world, twin=None):
    return open_run(store(folder / "run", world, twin, scenario=scenario()))


def test_leads_belong_to_sections_of_the_page():
    assert set(LEADS) <= {section.name for section in LAYOUT}


@pytest.mark.parametrize("section", LEADS)
def test_each_says_the_finding_with_its_number_and_the_other_world(busy, page, section):
    text = said(busy, section)
    assert any(letter.isdigit() for letter in text)
    assert "where nobody is scored" in text.lower()
    shown = Reader(page).text_of[f"section-{section}"]
    assert text in " ".join(shown.split())


@pytest.mark.parametrize("section", LEADS)
def test_without_a_twin_none_speaks_of_another_worlds_numbers(tmp_path, section):
    facts = facts_of(stored(tmp_path, busy_world()))
    assert 'data-field="twin"' not in lead(Printer(facts), section)


def test_where_nobody_is_scored_the_leads_say_so(tmp_path):
    run = stored(tmp_path, busy_world(regime=False))
    assert said(run, "others").startswith("Nobody has a score")
    assert said(run, "perks") == "Nobody is given a perk in this run."


@pytest.mark.parametrize(("hit", "words"), [((1, 0), "more often"), ((0, 1), "no more often")])
def test_a_way_of_living_that_helps_is_told_like_one_that_hurts(tmp_path, hit, words):
    world = World(people=(HOME,) * 200)
    world.persons["profile"][100:] = 255
    world.persons["shut_out"][:] = np.repeat(hit, 100)
    text = said(stored(tmp_path, world), "groups")
    assert f"is shut out of something {words} than" in text
    assert "100 points" in text


def test_a_score_shown_once_is_not_told_in_the_plural(tmp_path):
    world = World()
    world.count("displays", 1)
    assert "shown off in 1 month." in said(stored(tmp_path, world), "others")


def test_nobody_who_shows_a_score_is_told_without_a_number(tmp_path):
    assert "Nobody showed off a score." in said(stored(tmp_path, World()), "others")


def test_safeguards_and_manipulation_have_a_section_only_where_there_are_any(tmp_path, page):
    assert "section-limits" in Reader(page).text_of
    world = World()
    world.meta |= UNSCORED
    shown = Reader(render(stored(tmp_path, world)))
    assert "section-limits" not in shown.text_of
    assert not {"safeguards", "manipulations"} & {one["data-table"] for one in shown.tables}
