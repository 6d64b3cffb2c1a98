"""Bands, good deeds and points against figures worked out on paper."""

from __future__ import annotations

import numpy as np
import pytest
from factory import World, store

from glasscity.results import open_run
from glasscity.rights import findings, measures
from glasscity.rights.points import POINTS, band_shares, band_sizes

BANDS = {"B": 850, "AAA": 1050, "D": 1, "A": 960, "C": 600}


def account(folder, *, bands=BANDS, points=True):
    """Ten people over 24 months, two of whom have no score."""
    world = World(months=24)
    world.meta |= {"points": points, "bands": bands}
    world.scores[-1] = [1050, 1049, 960, 959, 850, 849, 600, 599, 0, 0]
    # Last year's scores are in other bands, and must not count.
    world.scores[-2] = 2000
    for month, deed, number in ((0, "volunteering", 12), (23, "honour", 4), (9, "donation", 4)):
        world.count("deeds", number, month=month, event=deed)
    world.count("deeds_induced", 5)
    world.count("deeds_forgone", 2)
    world.count("deeds_filed", 15)
    world.count("points_taken", 16 * 30, month=3, sphere="commerce")
    world.count("points_taken", 16 * 10, sphere="government")
    world.count("points_taken_wrongly", 16 * 4)
    return open_run(store(folder / "run", world))


def test_each_score_is_in_the_best_band_whose_points_it_reaches(tmp_path):
    run = account(tmp_path)
    assert band_sizes(run) == {"AAA": 1, "A": 2, "B": 2, "C": 2, "D": 1}
    assert list(band_sizes(run)) == ["AAA", "A", "B", "C", "D"]
    assert band_shares(run) == pytest.approx(
        {"AAA": 1 / 8, "A": 2 / 8, "B": 2 / 8, "C": 2 / 8, "D": 1 / 8}
    )


def test_scores_below_the_lowest_points_of_all_are_in_the_lowest_band(tmp_path):
    run = account(tmp_path, bands={"high": 1000, "low": 900})
    assert band_sizes(run) == {"high": 2, "low": 6}


def test_without_bands_or_scores_there_are_no_shares(tmp_path):
    assert band_shares(account(tmp_path, bands={})) is None
    world = World()
    world.meta |= {"bands": BANDS}
    assert band_shares(open_run(store(tmp_path / "nobody", world))) is None


def test_deeds_and_points_are_counted_per_thousand_and_year(tmp_path):
    found = measures(account(tmp_path))
    # 20 deeds of 10 people in two years; 40 points.
    assert found["deeds_per_1000"] == pytest.approx(1000)
    assert found["deeds_induced_share"] == pytest.approx(5 / 20)
    assert found["deeds_forgone_per_1000"] == pytest.approx(100)
    assert found["deeds_filed_share"] == pytest.approx(15 / 20)
    assert found["points_taken_per_1000"] == pytest.approx(2000)
    assert found["points_wrongly_share"] == pytest.approx(4 / 40)


def test_where_the_score_is_no_account_none_of_it_can_be_estimated(tmp_path):
    run = account(tmp_path, points=False)
    assert all(measures(run)[one.name] is None for one in POINTS)
    tables = findings(run).tables
    assert not tables["deeds"].rows
    assert not tables["points_taken"].rows
    assert len(tables["band_shares"].rows) == len(BANDS)


def test_the_tables_say_what_the_measures_say(tmp_path):
    run = account(tmp_path)
    tables = findings(run).tables
    yearly = sum(row["yearly"] for row in tables["deeds"].rows)
    assert yearly == pytest.approx(measures(run)["deeds_per_1000"])
    assert [row["done"] for row in tables["deeds"].rows] == [12, 4, 4, 0]
    taken = {row["sphere"]: row["points"] for row in tables["points_taken"].rows}
    assert taken == {"government": 10, "commerce": 30, "society": 0, "judiciary": 0}
    shares = {row["band"]: row["share"] for row in tables["band_shares"].rows}
    assert shares == band_shares(run)
    assert np.isclose(sum(shares.values()), 1)
