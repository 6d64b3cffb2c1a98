"""The books of a comparison balance, against plain recounts of the same registers."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from pair_worlds import BUREAU, SELF, WITHOUT

import glasscity
from glasscity import simulation
from glasscity.errors import BadArgument, DamagedRun
from glasscity.results import open_run
from glasscity.results.cube import GROUPINGS
from glasscity.results.held import HeldRun
from glasscity.rights import measures
from glasscity.rights.comparison import compare
from glasscity.rights.persons import OUTCOMES, Outcome, Persons
from glasscity.rights.winners import _histogram, distribution
from glasscity.terms import CAUSES, GATES

BOTH = pytest.mark.parametrize("which", [WITHOUT, BUREAU])


def persons_of(pair, which: int) -> Persons:
    return Persons(pair.base, pair.others[which])


def test_a_safeguard_at_strength_zero_changes_nobody(pair):
    one = pair.comparisons[SELF]
    assert pair.base.digest == pair.others[SELF].digest
    assert one["changed_citizens"] == 0
    assert not any(one["effects"].values())
    assert one["denials"]["vanished"] == one["denials"]["appeared"] == 0
    for table in one["people"].values():
        assert table["direction"] in ("more is better", "less is better")
        assert table["better"] == table["worse"] == 0


@BOTH
def test_every_difference_is_other_less_base_and_none_where_either_is(pair, which):
    one, other = pair.comparisons[which], pair.others[which]
    here, there = measures(pair.base), measures(other)
    assert set(one["effects"]) == set(here)
    for name, difference in one["effects"].items():
        if here[name] is None or there[name] is None:
            assert difference is None
        else:
            assert difference == there[name] - here[name]
    by_group = one["effects_by_group"]
    assert set(by_group) == set(GROUPINGS)
    here, there = measures(pair.base, by="quintile"), measures(other, by="quintile")
    for group, found in by_group["quintile"].items():
        assert found["applications"] == there[group]["applications"] - here[group]["applications"]


def test_a_measure_that_one_regime_cannot_support_has_no_difference(pair):
    one = pair.comparisons[BUREAU]
    assert one["values"]["displays"]["base"] is not None
    unlike = [n for n, v in one["values"].items() if (v["base"] is None) != (v["other"] is None)]
    assert unlike
    assert all(one["effects"][name] is None for name in unlike)


@BOTH
def test_counts_by_group_add_up_to_the_nation(pair, which):
    one = pair.comparisons[which]
    for grouping, groups in one["effects_by_group"].items():
        for name in ("applications", "denials", "listings", "breaches"):
            total = sum(found[name] for found in groups.values())
            assert total == one["effects"][name], (grouping, name)


@BOTH
def test_refusals_vanished_appeared_and_baseline_give_the_difference_exactly(pair, which):
    one = pair.comparisons[which]
    found = one["denials"]
    assert found["vanished"] > 50
    assert found["net"] + found["baseline_net"] == one["effects"]["denials"]
    assert found["base"] == found["stayed"] + found["vanished"]
    assert found["other"] == found["stayed"] + found["appeared"]
    by_gate = found["by_gate"]
    assert list(by_gate) == list(GATES)
    for key, number in found.items():
        if key not in ("by_gate", "by_cause"):
            assert sum(row[key] for row in by_gate.values()) == number


@BOTH
def test_refusals_are_matched_on_citizen_gate_and_month(pair, which):
    sides = []
    for run in (pair.base, pair.others[which]):
        table = run.denials.select("citizen", "gate", "month")
        sides.append(set(table.iter_rows()))
    here, there = sides
    found = pair.comparisons[which]["denials"]
    assert found["vanished"] == len(here - there)
    assert found["appeared"] == len(there - here)
    gates = Counter(gate for _, gate, _ in here - there)
    assert {g: row["vanished"] for g, row in found["by_gate"].items() if row["vanished"]} == gates


def test_causes_of_what_vanished_are_those_of_the_base(pair):
    other = set(pair.others[WITHOUT].denials.select("citizen", "gate", "month").iter_rows())
    speech, here = 1 << CAUSES.index("own_voice"), (1 << 3) - 1
    counts = Counter()
    rows = pair.base.denials.select("citizen", "gate", "month", "butfor", "involved", "lower")
    for citizen, gate, month, butfor, involved, lower in rows.iter_rows():
        if (citizen, gate, month) not in other:
            counts["here_lower"] += butfor & here != 0
            counts["speech_upper"] += involved & speech != 0
            counts["spillover_lower"] += lower & 1
    found = pair.comparisons[WITHOUT]["denials"]["by_cause"]
    assert found["here"]["vanished_lower"] == counts["here_lower"]
    assert found["speech"]["vanished_upper"] == counts["speech_upper"]
    assert found["spillover"]["vanished_lower"] == counts["spillover_lower"] > 0


@BOTH
def test_months_shut_out_in_one_run_alone_account_for_every_difference(pair, which):
    persons = persons_of(pair, which)
    here, there = (
        run.people["months_shut_out"].to_numpy().astype(int)
        for run in (pair.base, pair.others[which])
    )
    lost, gained = persons.months_apart()
    assert np.array_equal(here - there, lost - gained)
    assert lost.sum() > 0
    months = pair.comparisons[which]["shut_out"]["months"]
    assert months["base"] - months["base_only"] == months["other"] - months["other_only"]


@BOTH
def test_everybody_is_shut_out_in_one_both_or_neither(pair, which):
    found = pair.comparisons[which]["shut_out"]
    sides = found["base_only"]["citizens"], found["other_only"]["citizens"]
    assert found["both"] + found["neither"] + sum(sides) == found["of"] == 1_500
    last = found["last_month"]
    assert last["both"] + last["base_only"] == int(pair.base.people["shut_out"].sum())


def test_who_is_shut_out_in_one_alone_is_told_by_what_befell_them(pair):
    base, other = pair.base, pair.others[WITHOUT]
    here, there = (set(r.spells["citizen"].to_list()) for r in (base, other))
    alone = here - there
    listed = {c for c, kind in base.listings.select("citizen", "kind").iter_rows() if not kind}
    refused = {c for c, rule in base.denials.select("citizen", "rule").iter_rows() if rule}
    found = pair.comparisons[WITHOUT]["shut_out"]["base_only"]
    assert found["citizens"] == len(alone) > 0
    assert found["listed"] == len(alone & listed)
    assert found["refused"] == len(alone & refused)
    assert found["neither_refused_nor_listed"] == len(alone - listed - refused)


@BOTH
def test_winners_and_losers_by_group_add_up_to_everybody(pair, which):
    for outcome, table in pair.comparisons[which]["people"].items():
        if table is None:
            continue
        assert table["better"] + table["worse"] + table["unchanged"] == table["of"]
        assert sum(bar["citizens"] for bar in table["histogram"]) == table["of"]
        for grouping, groups in table["by_group"].items():
            for key in ("of", "better", "worse", "unchanged"):
                total = sum(row[key] for row in groups.values())
                assert total == table[key], (outcome, grouping, key)
            for key in ("gain", "loss"):
                assert sum(row[key] for row in groups.values()) == pytest.approx(table[key])


@BOTH
def test_gains_less_losses_are_the_difference_of_the_measure(pair, which):
    one = pair.comparisons[which]
    table = one["people"]["months_shut_out"]
    months = one["effects"]["restricted_months_per_citizen"]
    assert (table["loss"] - table["gain"]) / 1_500 == pytest.approx(months)
    listings = one["people"]["listings"]
    assert listings["loss"] - listings["gain"] == one["effects"]["listings"]


def test_scores_of_different_ranges_are_not_compared(pair):
    ranges = [run.meta["score_range"] for run in (pair.base, pair.others[BUREAU])]
    assert (pair.comparisons[BUREAU]["people"]["score"] is None) == (ranges[0] != ranges[1])
    assert pair.comparisons[WITHOUT]["people"]["score"]["of"] > 0


def test_a_distribution_tells_both_sides_and_leaves_out_whom_it_cannot_compare():
    fewer = Outcome("x", "X", "months", -1)
    base = np.array([0.0, 3.0, 5.0, np.nan, 2.0])
    other = np.array([2.0, 0.0, 5.0, 1.0, 1.0])
    found = distribution(base, other, fewer)
    assert found["of"] == 4
    assert (found["better"], found["worse"], found["unchanged"]) == (2, 1, 1)
    assert (found["gain"], found["loss"]) == (4, 2)
    assert found["mean_difference"] == -0.5
    assert found["quantiles"]["0.5"] == -1
    nobody = distribution(base[:0], other[:0], fewer)
    assert nobody["of"] == 0
    assert nobody["mean_difference"] is nobody["quantiles"]["0.5"] is None


def test_a_histogram_keeps_no_change_apart_from_the_smallest_change():
    change = np.array([0.0, 0.0, 0.01, 0.5, 0.51, -0.2, -0.5, np.nan])
    assert _histogram(change, 0.5) == [
        {"from": -0.5, "to": 0, "citizens": 2},
        {"from": 0, "to": 0, "citizens": 2},
        {"from": 0, "to": 0.5, "citizens": 2},
        {"from": 0.5, "to": 1, "citizens": 1},
    ]
    assert _histogram(np.array([-3.0, 2.0, 2.0]), 1.0) == [
        {"from": -3, "to": -3, "citizens": 1},
        {"from": 2, "to": 2, "citizens": 2},
    ]


def test_what_it_is_fits_a_line(pair):
    comparison = compare(pair.base, pair.others[WITHOUT])
    for text in (repr(pair), repr(comparison)):
        assert "1,500 citizens" in text
        assert len(text) < 400


@BOTH
def test_changed_lives_are_those_with_any_line_of_their_own_that_differs(pair, which):
    base, other = pair.base, pair.others[which]
    apart = set()
    for name in ("denials", "listings", "spells"):
        one, two = (set(getattr(run, name).iter_rows()) for run in (base, other))
        at = getattr(base, name).columns.index("citizen")
        apart |= {row[at] for row in one ^ two}
    shared = [
        c
        for c in base.people.columns
        if c in other.people.columns and c != "rank" and not c.startswith("points_")
    ]
    tables = [(run.people.select(shared), run.panel(*range(72))) for run in (base, other)]
    for one, two in zip(*tables, strict=True):
        for mine, yours in zip(one.iter_rows(), two.iter_rows(), strict=True):
            if mine != yours:
                apart.add(mine[0])
    found = pair.comparisons[which]["changed"]
    assert found["counted"] == found["citizens"] == len(apart)
    assert found["share"] == len(apart) / 1_500
    denied = [set(r.denials.select("citizen", "gate", "month").iter_rows()) for r in (base, other)]
    assert found["denials"] == len({row[0] for row in denied[0] ^ denied[1]})


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("seed", 6, "seed (5 and 6)"),
        ("citizens", 9, "number of citizens (1500 and 9)"),
        ("months", 9, "number of months (72 and 9)"),
        ("start", "2015-01", "first month"),
        ("country", {"name": "elsewhere"}, "country (plainland and elsewhere)"),
        ("behaviour", {"name": "critic"}, "behaviour (central and critic)"),
    ],
)
def test_runs_that_differ_in_more_than_the_regime_are_refused(pair, key, value, said):
    other = open_run(pair.others[WITHOUT].path)
    other.__dict__["scenario"] = {**other.scenario, key: value}
    with pytest.raises(BadArgument, match="no pair") as refused:
        compare(pair.base, other)
    assert said in str(refused.value)
    assert "Mend:" in str(refused.value)


def test_runs_that_hold_other_people_are_refused(pair):
    other = open_run(pair.others[WITHOUT].path)
    other.__dict__["people"] = other.people.head(10)
    with pytest.raises(DamagedRun, match="different people"):
        compare(pair.base, other)


def test_where_only_a_panel_is_stored_counts_say_so_and_are_scaled(base, monkeypatch):
    monkeypatch.setattr(simulation, "_ATTRIBUTED_MOST", 100)
    runs = []
    for strengths in ({}, {"joint-punishment": 0.0}):
        scenario = base.but(strengths=strengths, months=70)
        outcome = next(simulation.outcomes([scenario]))
        runs.append(HeldRun(outcome, {"seed": 5, "regime": {"name": "x"}, "strengths": strengths}))
    found = compare(*runs)
    described = len(runs[0].people)
    assert described == 12  # one in 129 of 1,500
    assert found.changed["of"] == found.shut_out["of"] == described
    assert found.changed["panel"] == "1 in 129"
    assert found.changed_citizens == round(1_500 * found.changed["counted"] / described)
    assert found.changed["standard_error"] > 0 or found.changed["counted"] in (0, described)
    assert any("1 in 129" in note for note in found.notes)


def test_a_comparison_names_the_strengths_that_the_regimes_do_not_say_themselves(pair):
    given = [one["other"]["given"] for one in pair.comparisons]
    assert given == [{}, {"joint-punishment": 0.0}, {}]
    assert pair.comparisons[0]["base"]["given"] == {}


def test_outcomes_are_numbers_that_every_run_has_of_everybody(pair):
    persons = persons_of(pair, WITHOUT)
    for outcome in OUTCOMES:
        both = persons.both(outcome)
        assert both is not None
        assert all(len(side) == 1_500 for side in both)


def test_a_comparison_is_the_same_when_made_again_from_the_folders(pair):
    again = compare(open_run(pair.base.path), open_run(pair.others[WITHOUT].path)).to_dict()
    stored = pair.comparisons[WITHOUT]
    assert {key: stored[key] for key in again} == again
    assert glasscity.compare is compare
