"""Operators, perks, households, voices, safeguards and manipulation, by paper and pencil."""

from __future__ import annotations

import numpy as np
import pytest
from factory import HOME, UNSCORED, World, store

from glasscity.results import open_run
from glasscity.results.outcome import DECILE_COLUMNS
from glasscity.rights import measures

RICH = ("South", "rural", "q5", "65+", "supportive")
ACTIVE = {
    "safeguards": {"correction": 1.0, "review": 0.5, "essentials": 1.0, "repair": 1.0},
    "manipulations": {"officials": 1.0, "gaming": 1.0, "false-reports": 1.0},
}


def bent():
    """Twenty people, of whom ten in the North, with something of everything, 14 months."""
    world = World(months=14, people=[HOME] * 10 + [RICH] * 10)
    world.meta |= ACTIVE
    for month in (3, 13):
        world.count("displays", 2, month=month)
        world.count("perk_gain_sum", 640, month=month, place=RICH)
        world.count("household_loss_sum", 128, month=month)
        world.count("guard_withdrawn", 3, month=month)
        world.count("guard_lifted", 2, month=month)
        world.count("guard_opened", 1, month=month)
        world.count("exits_repair", 1, month=month, list="society")
        world.count("false_reports", 2, month=month)
    world.count("perk_holders", 4, place=RICH)
    world.count("perks_used", 2, gate="rental", place=RICH)
    world.count("perks_used", 1, gate="loan")
    world.count("touched", 3)
    world.count("touched_unscored", 1)
    world.count("privately_scored", 5)
    world.count("gamed", 2)
    world.count("favoured", 4, place=RICH)
    world.count("punished", 1)
    world.count("chilled_indirect", 1)
    world.count("chilled_total", 4)
    world.count("shadow_praise", 2)
    world.count("shadow_criticise", 6)
    world.count("loans_thin", 8)
    world.count("loans_included", 2)
    world.count("months_due", 100)
    world.count("months_unpaid", 10)
    world.count("months_recovered", 4)
    # Ten clean people in the lowest fifth of profiles, of whom 3 are shut out; five in the highest,
    # of whom 1 is; the rest have something on record.
    world.persons["profile"][:] = [10] * 10 + [250] * 10
    world.persons["on_record"][15:] = True
    world.persons["shut_out"][[0, 1, 2, 10, 16, 17]] = 1
    for citizen, month, rule in ((3, 13, True), (3, 12, True), (4, 1, True), (5, 13, False)):
        world.denial(
            citizen,
            "loan",
            month=month,
            causes=["profile"],
            lower=["profile"],
            upper=["profile", "favour"],
            rule=rule,
        )
    world.deciles[3:, :, DECILE_COLUMNS.index("searching")] = 10
    world.deciles[3:, 0, DECILE_COLUMNS.index("coupled")] = 1
    world.deciles[3:, 9, DECILE_COLUMNS.index("coupled")] = 3
    # Two couples, 500 with 500 and 700 with 700; blind to scores they would be mixed.
    world.couples[-1] = (2, 2400, 1480000, 1480000, 2400 * 256, 1480000 * 256, 1440000 * 256)
    # Four people with both scores: the first two in the other order.
    world.scores[-1, :6] = (600, 500, 700, 800, 650, 550)
    world.persons["score_private_2"][:5] = (400, 500, 600, 700, 0)
    return world


def plain():
    world = World(months=14, people=[HOME] * 10 + [RICH] * 10)
    world.meta |= UNSCORED
    world.count("months_due", 100)
    world.count("months_unpaid", 8)
    world.count("months_recovered", 4)
    return world


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return open_run(store(tmp_path_factory.mktemp("bent") / "run", bent(), plain()))


BY_HAND = {
    "displays": 4,
    "perk_holders_share": 4 / 20,
    "perks_used": 3,
    "perk_months_gain": 1280 / 256 / 20,
    "household_loss": 256 / 256 / 20,
    "touched_share": 3 / 20,
    "touched_unscored_share": 1 / 20,
    "privately_scored_share": 5 / 20,
    # Spearman by squared differences of ranks: 1 - 6 * 2 / (4 * 15).
    "operator_disagreement": 6 * 2 / 60,
    # Ranks 2 1 3 4 against 1 2 3 4, a rank being a quarter: 1/4, 1/4, 0, 0.
    "operator_distance": 1 / 8,
    "indirect_chill_share": 1 / 20,
    "total_chill_share": 4 / 20,
    "indirect_of_chill": 1 / 4,
    "shadow_consensus": 2 / 8,
    "included_share": 2 / 8,
    "lender_shortfall": 6 / 100,
    "wrong_living_gap": 3 / 10 - 1 / 5,
    # Citizen 4 was refused more than a year ago, citizen 5 by own screening.
    "wrong_living_denied_gap": 1 / 10,
    "profile_share": 1,
    "profile_share_upper": 1,
    "favour_share": 0,
    "favour_share_upper": 1,
    "guard_withdrawn": 6,
    "guard_lifted": 4,
    "guard_opened": 2,
    "exits_repair": 2,
    "match_odds_ratio": 3,
    "couples_alike": 1,
    "couples_alike_beyond": 1,
    "gamed_share": 2 / 20,
    "false_reports": 4,
    "favoured_share": 4 / 20,
    "punished_share": 1 / 20,
}


@pytest.mark.parametrize(("name", "expected"), BY_HAND.items())
def test_each_measure_is_what_paper_and_pencil_give(run, name, expected):
    assert measures(run, names=[name])[name] == pytest.approx(expected)


ALWAYS = {"household_loss", "touched_share", "touched_unscored_share", "lender_shortfall"}
VOICES = {"indirect_chill_share", "total_chill_share"}


@pytest.mark.parametrize("name", sorted(set(BY_HAND) - ALWAYS - VOICES))
def test_what_the_unscored_world_has_not_is_not_estimable(run, name):
    assert measures(run.twin, names=[name])[name] is None


@pytest.mark.parametrize("name", sorted(ALWAYS | VOICES))
def test_what_both_worlds_have_is_compared(run, name):
    assert measures(run.twin, names=[name])[name] == (0.04 if name == "lender_shortfall" else 0)


@pytest.mark.parametrize("part", ["perks", "operators"])
def test_a_regime_without_a_thing_has_no_zero_of_it(tmp_path, part):
    world = bent()
    world.meta |= {part: []}
    found = measures(open_run(store(tmp_path / "run", world)))
    named = {"perks": "perk_holders_share", "operators": "privately_scored_share"}
    assert {key for key, name in named.items() if found[name] is None} == {part}


@pytest.mark.parametrize("kind", ["safeguards", "manipulations"])
def test_a_measure_of_a_safeguard_hangs_on_its_own_name(tmp_path, kind):
    world = bent()
    world.meta |= {kind: dict(list(ACTIVE[kind].items())[:1])}
    found = measures(open_run(store(tmp_path / "run", world)))
    names = {
        "safeguards": ["guard_withdrawn", "guard_lifted", "guard_opened", "exits_repair"],
        "manipulations": ["favoured_share", "gamed_share", "false_reports"],
    }[kind]
    assert found[names[0]] is not None
    assert [found[name] for name in names[1:]] == [None] * (len(names) - 1)


def test_by_group_only_that_groups_people_count(run):
    found = measures(run, by="province")
    assert found["North"]["perk_holders_share"] == 0
    assert found["South"]["perk_holders_share"] == pytest.approx(4 / 10)
    assert found["North"]["operator_disagreement"] == pytest.approx(12 / 60)
    assert found["South"]["operator_disagreement"] is None
    # The two fifths live in different provinces, so no gap within one can be told.
    assert found["North"]["wrong_living_gap"] is None


def test_operators_that_agree_do_not_disagree(tmp_path):
    world = bent()
    world.persons["score_private_2"][:4] = world.scores[-1, :4]
    found = measures(open_run(store(tmp_path / "run", world)))
    assert found["operator_disagreement"] == pytest.approx(0)
    assert found["operator_distance"] == 0
    world.persons["score_private_2"][:4] = 1000 - world.scores[-1, :4].astype(np.int64)
    other = measures(open_run(store(tmp_path / "other", world)))
    assert other["operator_disagreement"] == pytest.approx(2)
