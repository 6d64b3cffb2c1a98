"""Measures of trust against figures worked out on paper."""

from __future__ import annotations

import pytest
from factory import HOME, World, store

from glasscity.results import open_run
from glasscity.rights import measures

RICH = ("South", "rural", "q5", "65+", "supportive")
NAMES = ("cooperation", "keepers_share", "believed_trust", "trust_gap")
NAMES += ("favours_refused_by_score_share",)


@pytest.fixture
def run(tmp_path):
    """Six poor people in the North and four rich in the South, who met eight strangers."""
    world = World(people=[HOME] * 6 + [RICH] * 4)
    for place, met, favours, refused, keepers, trust in (
        (HOME, 5, 2, 1, 3, 2.4),
        (RICH, 3, 3, 0, 4, 3.2),
    ):
        # An earlier month that counts for nothing here.
        world.count("favours", 9, month=0, place=place)
        world.count("strangers_met", met, place=place)
        world.count("favours", favours, place=place)
        world.count("favours_refused_by_score", refused, place=place)
        world.count("keepers", keepers, place=place)
        world.count("trust_sum", round(65_535 * trust), place=place)
    return open_run(store(tmp_path / "run", world))


def test_trust_of_the_nation(run):
    assert measures(run, names=NAMES) == pytest.approx(
        {
            "cooperation": 5 / 8,
            "keepers_share": 0.7,
            "believed_trust": 0.56,
            "trust_gap": 0.56 - 5 / 8,
            "favours_refused_by_score_share": 1 / 8,
        },
        abs=1e-6,
    )


def test_a_group_holds_its_belief_against_the_nations_strangers(run):
    by_province = measures(run, by="province", names=NAMES)
    assert by_province["North"]["cooperation"] == pytest.approx(2 / 5)
    assert by_province["North"]["trust_gap"] == pytest.approx(0.4 - 5 / 8, abs=1e-6)
    assert by_province["South"]["trust_gap"] == pytest.approx(0.8 - 5 / 8, abs=1e-6)


def test_where_nobody_met_a_stranger_there_is_nothing_to_say(tmp_path):
    found = measures(open_run(store(tmp_path / "run", World())), names=NAMES)
    assert found["cooperation"] is found["trust_gap"] is None
    assert found["favours_refused_by_score_share"] is None
    assert found["keepers_share"] == 0
