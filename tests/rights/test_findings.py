"""Findings: every figure can be made again, every table agrees with the figures."""

from __future__ import annotations

import json
import math

import pytest
from factory import World, store
from test_measures import scored

from glasscity.results import open_run
from glasscity.rights import MEASURES, findings, measures
from glasscity.rights.causes import GROUPS
from glasscity.rights.findings import HEADLINES
from glasscity.terms import CAUSE_GROUPS, CAUSES, EVENTS, GATES, SPHERES


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    world, twin = scored(), World(months=25)
    world.shapley[-1, GATES.index("loan"), CAUSES.index("elsewhere_unable")] = 360360
    world.shapley[-1, GATES.index("loan"), CAUSES.index("ties_scores")] = 180180
    world.shapley[-1, GATES.index("loan"), CAUSES.index("own_voice")] = 180180
    world.count("happened", 10, event="credit_late")
    world.count("recorded", 8, event="credit_late")
    world.count("false_alarms", 1, event="credit_late")
    world.count("mix_ups", 1, event="credit_late")
    twin.count("breaches", 9, event="train")
    twin.count("loans_thin", 4)
    twin.count("loans_thin_granted", 2)
    return open_run(store(tmp_path_factory.mktemp("findings") / "run", world, twin))


@pytest.fixture(scope="module")
def found(run):
    return findings(run)


def test_every_measure_is_a_figure_or_the_upper_end_of_one():
    assert set(HEADLINES) | {f"{g}_share_upper" for g in GROUPS} == set(MEASURES)


def test_each_figure_is_the_measure_with_its_twin(run, found):
    mine, other = measures(run), measures(run.twin)
    for figure in found:
        assert figure.value == mine[figure.name]
        assert figure.twin == other[figure.name]
        if figure.value is not None and figure.twin is not None:
            assert figure.difference == figure.value - figure.twin
        else:
            assert figure.difference is None
    assert found["breaches"].difference == 7 - 9
    assert found["thin_grant_rate"].difference == pytest.approx(-1 / 4)


def test_shares_of_causes_are_intervals(found):
    assert found["spillover_share"].interval == (1 / 5, 2 / 5)
    for group in CAUSE_GROUPS:
        low, high = found[f"{group}_share"].interval
        assert low <= high
    assert found["denials"].interval is None


def test_findings_are_fit_for_json_without_losing_anything(found):
    plain = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert plain["figures"]["denials"]["value"] == 5
    assert plain["about"]["citizens"] == 10
    assert plain["about"]["regime"] == "by-hand"
    assert plain["about"]["status"] == {"regime": "provisional"}
    assert "Not a real place." in plain["notes"]


def test_every_table_has_a_value_or_none_in_every_cell(found):
    for table in found.tables.values():
        assert table.title
        assert table.definition
        names = {column.name for column in table.columns}
        for row in table.rows:
            assert set(row) == names
            for value in row.values():
                assert value is None or isinstance(value, str | int | float)
                assert not (isinstance(value, float) and math.isnan(value))


def test_gates_add_up_to_the_headlines(found):
    gates = found.tables["gates"]
    assert gates.column("gate") == list(GATES)
    for name in ("applications", "denials"):
        assert sum(gates.column(name)) == found[name].value
    loan = next(row for row in gates.rows if row["gate"] == "loan")
    assert loan["denials"] == 4
    assert loan["spillover_lower"] == pytest.approx(1 / 4)
    assert loan["spillover_upper"] == pytest.approx(2 / 4)
    assert loan["association_of_rule"] == pytest.approx(1 / 3)
    shares = [loan[k] for k in ("baseline", "sole", "jointly_necessary", "over_determined")]
    assert shares == [1 / 4, 1 / 4, 1 / 4, 1 / 4]
    assert loan["twin_denial_rate"] is None


def test_shapley_shares_add_up_to_one(found):
    rows = {row["gate"]: row for row in found.tables["causes"].rows}
    assert rows["loan"]["caused"] == 2
    assert rows["loan"]["elsewhere_unable"] == pytest.approx(1 / 2)
    assert sum(rows["loan"][cause] for cause in CAUSES) == pytest.approx(1)
    assert rows["golf"]["own_voice"] is None
    assert rows["all"]["caused"] == 2


def test_groups_of_causes_have_three_denominators(found):
    rows = {row["group"]: row for row in found.tables["denial_groups"].rows}
    one = rows["association"]
    assert (one["denials"], one["caused"], one["by_rule"]) == (5, 4, 3)
    assert one["lower"] == pytest.approx(2 / 5)
    assert one["lower_of_caused"] == pytest.approx(2 / 4)
    assert one["lower_of_rule"] == pytest.approx(1 / 3)


def test_spheres_split_breaches_listings_and_denials(found):
    rows = {row["sphere"]: row for row in found.tables["spheres"].rows}
    assert list(rows) == list(SPHERES)
    assert sum(row["breaches"] for row in rows.values()) == found["breaches"].value
    assert sum(row["denials"] for row in rows.values()) == found["denials"].value
    assert sum(row["entries"] for row in rows.values()) == found["listings"].value
    assert sum(row["exits"] for row in rows.values()) == found["exits"].value
    assert rows["society"]["twin_breaches"] == 9


def test_sources_set_the_record_against_the_truth(found):
    rows = {row["event"]: row for row in found.tables["sources"].rows}
    assert list(rows) == list(EVENTS)
    assert rows["credit_late"]["missed_share"] == pytest.approx(2 / 10)
    assert rows["credit_late"]["wrong_share"] == pytest.approx(2 / 10)
    assert rows["train"]["missed_share"] is None
    assert sum(row["began"] for row in rows.values()) == found["breaches"].value


def test_lists_by_hand(found):
    (row,) = found.tables["lists"].rows
    assert (row["entries"], row["wrong"]) == (3, 1)
    assert row["precision"] == pytest.approx(2 / 3)
    # From the 13th month on: one right entry; four ignored orders.
    assert row["recall"] == pytest.approx(1 / 4)
    assert row["unable"] == pytest.approx(1 / 3)
    assert (row["exits_performance"], row["exits_appeal"]) == (1, 1)


def test_the_operators_sincerity_by_hand(found):
    (row,) = found.tables["sincerity"].rows
    assert row["wrong_entries"] == 1
    assert row["left_by_appeal"] == 1
    assert row["still_listed"] == 0
    assert row["median_months"] == 4
    assert row["wrong_upheld"] == pytest.approx(1 / 4)
    assert row["months_to_correct"] is None


def test_groups_repeat_the_measures(run, found):
    for row in found.tables["groups"].rows:
        values = measures(run, by=row["grouping"])[row["group"]]
        assert row["restricted_share"] == values["restricted_share"]
        assert row["association_share"] == values["association_share"]


def test_the_months_course_ends_at_the_headlines(run, found):
    months = found.tables["monthly"]
    assert len(months.rows) == run.months
    assert months.rows[-1]["restricted"] == found["restricted_share"].value
    assert months.rows[-1]["visible_consensus"] == found["visible_consensus"].value
    assert sum(months.column("denials")) == found["denials"].value
    assert found.tables["adoption"].rows[-1]["enrolled"] == found["enrolled_share"].value


def test_the_curve_of_spells_starts_at_one_and_falls(found):
    alive = found.tables["spells"].column("surviving")
    assert alive[0] == 1
    assert alive == sorted(alive, reverse=True)
    (row,) = found.tables["spell_quantiles"].rows
    assert row["q50"] == found["spell_median_months"].value == 17
    assert (row["spells"], row["running"]) == (3, 1)


def test_scores_count_everybody_with_a_score(found):
    table = found.tables["scores"]
    for month in (0, 12, 24):
        rows = [row for row in table.rows if row["month"] == month]
        assert sum(row["citizens"] for row in rows) == 10
        assert sum(row["share"] for row in rows) == pytest.approx(1)
        assert all(row["from"] % 25 == 0 for row in rows)


def test_rank_mobility_follows_the_lowest_to_the_top(found):
    rows = found.tables["rank_mobility"].rows
    assert rows[0]["d10"] == 1
    assert sum(row["citizens"] for row in rows) == 10


def test_inclusion_is_set_against_the_twin(found):
    rows = {row["quintile"]: row for row in found.tables["inclusion"].rows}
    assert rows["q1"]["thin_rate"] == pytest.approx(1 / 4)
    assert rows["q1"]["twin_thin_rate"] == pytest.approx(1 / 2)
    assert rows["q1"]["thin_rate_difference"] == pytest.approx(-1 / 4)
    assert rows["q2"]["thin_rate"] is None


def test_a_run_without_twin_or_lists_or_scores_has_findings_too(tmp_path):
    world = World(months=2)
    world.meta["lists"] = []
    alone = findings(open_run(store(tmp_path / "run", world)))
    assert all(figure.twin is None for figure in alone)
    assert alone.tables["lists"].rows == ()
    assert alone.tables["scores"].rows == ()
    assert alone.tables["rank_mobility"].rows == ()
    assert any("twin" in note for note in alone.notes)
    json.dumps(alone.to_dict(), allow_nan=False)


def test_rights_never_load_the_engine():
    import subprocess
    import sys

    code = (
        "import sys, glasscity.rights; "
        "print([m for m in sys.modules if m.split('.')[:2] in "
        "(['glasscity', 'engine'], ['glasscity', 'month'], ['glasscity', 'society'])"
        " or m in ('numba', 'xarray')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
