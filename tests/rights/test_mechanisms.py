"""Operators, perks, households, voices, safeguards and manipulation, by paper and pencil."""

from __future__ import annotations

import numpy as np
import pytest
from factory import HOME, UNSCORED, World, store

from glasscity.results import open_run
from glasscity.results.outcome import DECILE_COLUMNS
from glasscity.rights import MEASURES, findings, measures

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


@pytest.fixture(scope="module")
def tables(run):
    return findings(run).tables


def _rows(tables, name, key):
    return {row[key]: row for row in tables[name].rows}


def test_operators_stand_side_by_side(tables):
    rows = _rows(tables, "operators", "operator")
    assert list(rows) == ["sesame", "rapid-finance"]
    assert (rows["sesame"]["scored"], rows["sesame"]["both"]) == (0, 0)
    assert rows["sesame"]["distance"] is None
    second = rows["rapid-finance"]
    assert (second["scored"], second["both"]) == (4 / 20, 4)
    assert second["correlation"] == pytest.approx(1 - 12 / 60)
    assert second["distance"] == pytest.approx(1 / 8)
    # All four are of the poorest fifth, so their mean percentile is one half by either score.
    assert (second["leading_poor"], second["own_poor"]) == (1 / 2, 1 / 2)
    assert second["own_rich"] is None


def test_the_joint_places_of_two_operators_add_up_to_the_people_with_both(tables):
    rows = tables["operators_joint"].rows
    assert sum(row["citizens"] for row in rows) == 4
    # Percentiles 1/8, 3/8, 5/8, 7/8 are the fifths 1, 2, 4 and 5; the first two change places.
    placed = {row["fifth"]: [row[f"f{k}"] for k in range(1, 6)] for row in rows}
    assert placed["1"] == [0, 1, 0, 0, 0]
    assert placed["2"] == [1, 0, 0, 0, 0]
    assert placed["3"] == [None] * 5
    assert placed["5"] == [0, 0, 0, 0, 1]


def test_odds_of_a_match_are_set_against_the_average_of_all_who_look(tables):
    rows = _rows(tables, "dating", "decile")
    assert rows["1"]["odds"] == pytest.approx(1 / 10)
    # 4 couples in 100 months of looking, each month.
    assert rows["1"]["against_average"] == pytest.approx((1 / 10) / (4 / 100))
    assert rows["10"]["against_average"] == pytest.approx((3 / 10) / (4 / 100))
    assert rows["5"]["odds"] == 0


def test_the_first_year_of_display_begins_with_the_first_scores(tmp_path):
    world = bent()
    scored, shown = (DECILE_COLUMNS.index(name) for name in ("scored", "displays"))
    world.deciles[1:, :, scored] = 5
    world.deciles[2, 9, shown] = 2
    table = findings(open_run(store(tmp_path / "run", world))).tables["display"]
    assert table.column("month") == list(range(1, 13))
    assert table.rows[1]["d10"] == pytest.approx(2 / 5)
    assert table.rows[1]["displays"] == 2
    assert table.rows[1]["scored"] == 50


def test_perks_are_told_by_gate_and_by_income(tables):
    rows = _rows(tables, "perks", "gate")
    assert {gate: row["used"] for gate, row in rows.items()} == {"rental": 2, "loan": 1}
    assert rows["rental"]["from"] == 650
    income = _rows(tables, "perk_holders", "quintile")
    assert income["q5"]["holders"] == pytest.approx(4 / 10)
    assert income["q5"]["gain"] == pytest.approx(1280 / 256 / 10)
    assert income["q1"]["used"] == pytest.approx(1 / 10)
    assert income["q2"]["gain"] is None


def test_households_are_told_by_income_and_against_the_twin(tables):
    poor = _rows(tables, "households", "quintile")["q1"]
    assert poor["touched"] == pytest.approx(3 / 10)
    assert poor["loss"] == pytest.approx(1 / 10)
    assert poor["twin_loss"] == 0
    assert poor["school_share"] is None


def test_speech_and_trust_repeat_the_measures_of_both_worlds(run, tables):
    here, there = measures(run), measures(run.twin)
    for name in ("chill", "trust"):
        for row in tables[name].rows:
            (one,) = (m for m in MEASURES.values() if m.title.lower() == row["what"])
            assert (row["value"], row["twin"]) == (here[one.name], there[one.name])
            if None not in (row["value"], row["twin"]):
                assert row["difference"] == row["value"] - row["twin"]


def test_limits_name_what_was_on_and_the_measures_that_show_it(tables):
    told = {(row["name"], row["what"]): row for row in tables["safeguards"].rows}
    assert {name for name, _ in told} == set(ACTIVE["safeguards"])
    assert told["review", "refusals lifted by a review"]["count"] == 4
    assert told["review", "refusals lifted by a review"]["strength"] == 0.5
    bent_by = {(row["name"], row["what"]): row for row in tables["manipulations"].rows}
    assert bent_by["gaming", "gaming their score"]["share"] == pytest.approx(2 / 20)
    assert bent_by["officials", "raised by officials"]["share"] == pytest.approx(4 / 20)


def test_where_nobody_is_scored_no_table_of_scores_has_a_line(tmp_path):
    found = findings(open_run(store(tmp_path / "run", plain()))).tables
    for name in ("operators", "operators_joint", "dating", "perks", "perk_holders", "display"):
        assert found[name].rows == (), name
    assert found["safeguards"].rows == ()
    assert len(found["households"].rows) == 5
