"""Article 5(1)(c) over whole runs: conditions, tables, comparators, the command."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest
from article5_worlds import SMALL
from terminal import assert_refused, glasscity

from glasscity.errors import BadArgument, Interrupted
from glasscity.results.run import open_run
from glasscity.rights.article5 import AFTER_MONTHS, article5
from glasscity.rights.article5.lift import PURPOSES
from glasscity.rights.article5.relation import READINGS
from glasscity.scenario import Scenario
from glasscity.study import article5 as study
from glasscity.terms import GATES

TABLES = ["conditions", "unrelated", "closed", "burden", "lift", "agreement", "boundary"]


def status(found) -> dict[str, str]:
    return {one.name: one.status for one in found.conditions}


def test_a_score_that_closes_gates_meets_what_the_rule_names(found):
    assert status(found) == {
        "evaluation": "met",
        "behaviour": "met",
        "detriment": "met",
        "unrelated": "measured",
        "disproportionate": "measured",
    }
    assert "friends' scores" in found.conditions[1].finding
    assert "not legal advice" in found.caution


@pytest.mark.parametrize(
    ("regime", "met", "said"),
    [
        ("defaulter-list-2013", [], "a list is no social score"),
        ("train-conduct-2018", [], "1 list of names (train-conduct)"),
        ("unscored", [], "Nobody has a score."),
        ("egret-2018", ["evaluation", "behaviour"], "4 privileges to those above a bar"),
        ("credit-bureau", ["evaluation", "behaviour", "detriment"], "The score closed a gate to"),
    ],
)
def test_a_regime_without_a_score_or_without_penalties_does_not_meet_it(place, regime, met, said):
    scenario = Scenario(regime, country="plainland", citizens=800, months=12, seed=3)
    found, _ = study.measure(scenario, place=place, compare=False)
    have = status(found)
    assert [name for name, one in have.items() if one == "met"] == met
    for name in ("evaluation", "behaviour", "detriment"):
        assert have[name] == ("met" if name in met else "not met")
    wanted = "measured" if len(met) == 3 else "measured for comparison only"
    assert have["unrelated"] == have["disproportionate"] == wanted
    assert any(said in one.finding for one in found.conditions)


def test_denials_lie_between_their_bounds_and_add_up_over_gates(runs, found):
    for name, rows in found.unrelated.items():
        for one in rows:
            assert 0 <= one.undone_least <= one.undone_most <= one.involved_most <= one.denials
            assert one.undone_least <= one.involved_least <= one.involved_most, name
        for reading in READINGS:
            for by_rule in (False, True):
                some = [o for o in rows if (o.reading, o.by_rule) == (reading, by_rule)]
                whole = next(one for one in some if one.gate == "all")
                for part in ("denials", "undone_least", "involved_most", "uncoded"):
                    gates = sum(getattr(one, part) for one in some if one.gate != "all")
                    assert gates == getattr(whole, part)
    run = runs["citizen-score-2020"]
    whole = {o.by_rule: o.denials for o in found.unrelated["citizen-score-2020"] if o.gate == "all"}
    assert whole[False] == run.margins.of("denials")[:, 0].sum()
    assert whole[True] <= run.margins.of("denials_regime")[:, 0].sum()


def test_the_strict_table_never_finds_less_than_the_lenient_one(found):
    for rows in found.unrelated.values():
        strict, lenient = ([one for one in rows if one.reading == r] for r in READINGS)
        for a, b in zip(strict, lenient, strict=True):
            assert (a.gate, a.by_rule) == (b.gate, b.by_rule)
            assert a.undone_least >= b.undone_least
            assert a.involved_most >= b.involved_most


def test_a_bureau_that_lends_by_loans_has_hardly_a_denial_from_elsewhere(found):
    press, bureau = (
        next(o for o in found.unrelated[name] if o.gate == "all" and o.by_rule)
        for name in ("citizen-score-2020", "credit-bureau")
    )
    assert press.undone_least / press.denials > bureau.involved_most / bureau.denials


def test_speech_and_friends_are_from_elsewhere_at_every_gate(runs, found):
    # Without whom one knows, what one says and how one lives nothing is left of these causes, so
    # denials that hang on them alone are among those that are undone for certain.
    from glasscity.terms import CAUSES

    run = runs["citizen-score-2020"]
    masks = sum(1 << CAUSES.index(c) for c in ("ties_scores", "ties_voice", "own_voice"))
    alone = int((run.denials["butfor"] & masks != 0).sum())
    whole = next(
        o
        for o in found.unrelated["citizen-score-2020"]
        if o.gate == "all" and not o.by_rule and o.reading == "lenient"
    )
    assert 0 < alone <= whole.undone_least


def test_every_gate_has_a_lift_or_a_reason_why_not(found):
    for gate in GATES:
        rows = [one for one in found.lifts if one.gate == gate]
        assert rows
        outcome, _, why = PURPOSES[gate]
        if outcome is None:
            assert [(one.input, one.why) for one in rows] == [(None, why)]
        for one in rows:
            assert (one.input is None) == bool(one.why)
            if one.input is not None:
                assert one.relation in ("unrelated", "open")
                assert one.low < one.difference < one.high
                assert one.difference == pytest.approx(one.with_it - one.without)
                assert one.finding == (
                    "no lift" if one.high < 0.01 else "lift" if one.low > 0 else "open"
                )
    assert any(one.input == "ties_scores" for one in found.lifts)


def test_outcomes_are_new_defaults_of_the_24_months_after(runs, found):
    after, twin = runs["unscored"], runs["citizen-score-2020"].twin
    assert after.months == SMALL["months"] + AFTER_MONTHS
    one = next(one for one in found.lifts if one.gate == "rental" and one.input)
    now, later = twin.people, after.people
    bad = np.zeros(len(now), bool)
    who = np.ones(len(now), bool)
    for name in ("last_credit_default", "last_fee_default"):
        who &= now[name].to_numpy() != twin.months
        bad |= later[name].to_numpy() > twin.months
    assert (one.people, one.outcomes) == (who.sum(), (bad & who).sum())
    # The longer world is the twin's own: nobody's history differs up to the run's end.
    same = later["last_credit_default"].to_numpy() <= twin.months
    assert (
        later["last_credit_default"].to_numpy()[same] == now["last_credit_default"].to_numpy()[same]
    ).all()


def test_tables_name_every_column_and_hold_what_the_dataclasses_hold(found):
    assert [table.name for table in found.tables] == TABLES
    for table in (*found.tables, found.relation):
        names = {column.name for column in table.columns}
        assert table.definition
        assert all(set(row) == names for row in table.rows)
    assert len(found.relation.rows) == 288
    row = found.table("burden").rows[0]
    assert row["mean"] == found.burdens[row["world"]][0].mean


def test_other_people_are_refused_as_comparators(runs, place):
    run = runs["citizen-score-2020"]
    _, others = study.measure(
        Scenario("credit-bureau", country="plainland", citizens=800, months=12, seed=3),
        place=place,
        compare=False,
    )
    with pytest.raises(BadArgument, match="citizens, months differ"):
        article5(run, {"credit-bureau": others[0]})
    with pytest.raises(BadArgument, match="24 months longer"):
        article5(run, after=runs["credit-bureau"])


def test_nothing_is_run_twice(place, measured, monkeypatch):
    def never(*_, **__):
        raise AssertionError("a world that is there was run again")

    monkeypatch.setattr(study.api, "run", never)
    told = []
    found, _ = study.measure(Scenario("citizen-score-2020", **SMALL), place=place, told=told.append)
    assert sum(sentence.endswith("already there") for sentence in told) == 4
    assert found.digest == measured[0].digest
    assert found.tables == measured[0].tables


def test_a_stored_run_is_measured_without_running_it(runs, found):
    run = runs["citizen-score-2020"]
    again = article5(open_run(run.path))
    assert again.conditions == found.conditions
    assert again.unrelated["citizen-score-2020"] == found.unrelated["citizen-score-2020"]
    assert {one.why for one in again.lifts} == {
        "the same people unscored for 24 months longer were not run"
    }


def test_the_command_prints_its_tables_as_an_array(runs, found, place):
    ended = glasscity("article5", runs["citizen-score-2020"].path, "--out", place, "--json")
    assert ended.code == 0, ended.err
    assert [table["name"] for table in ended.json] == ["rule", *TABLES, "relation"]
    head = ended.json[0]["rows"][0]
    assert head["digest"] == found.digest
    assert len(head["runs"]) == 4
    rows = next(t for t in ended.json if t["name"] == "unrelated")["rows"]
    assert rows == [dict(row) for row in found.table("unrelated").rows]


def test_the_summary_fits_a_terminal_and_says_what_it_is_not(runs, place):
    ended = glasscity("article5", runs["citizen-score-2020"].path, "--out", place)
    assert ended.code == 0, ended.err
    assert not [x for x in ended.out.splitlines() if len(x) > 80 and str(place) not in x]
    said = " ".join(ended.out.split())
    for words in ("not legal advice", "MET", "unrelated", "kappa", "by gate"):
        assert words in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["no-such-regime"], "there is no regime 'no-such-regime'"),
        (["unscored", "--citizens", "none"], "not a whole number"),
        (["unscored", "--threads", "0"], "outside its range"),
    ],
)
def test_bad_input_is_refused(words, said, tmp_path):
    assert_refused(glasscity("article5", *words, "--out", tmp_path / "runs"), said)


def test_options_of_a_regime_beside_a_run_folder_are_refused(runs, tmp_path):
    folder = runs["citizen-score-2020"].path
    assert_refused(glasscity("article5", folder, "--months", "12"), "--months is given beside")
    assert_refused(glasscity("article5", folder, "--without", "friends"), "--without is given")
    file = tmp_path / "file"
    file.write_text("x", encoding="utf-8")
    assert_refused(glasscity("article5", folder, "--out", file), "this is not a folder")


def test_explain_gives_the_relation_table_and_a_gates_reasons():
    ended = glasscity("explain", "article5", "--json")
    assert len(ended.json) == 288
    one = glasscity("explain", "article5", "--gate", "loan", "--json").json
    assert len(one) == 16
    assert {row["gate"] for row in one} == {"loan"}
    assert "friends' scores" in glasscity("explain", "article5", "--gate", "loan").out
    assert all(len(line) <= 80 for line in glasscity("explain", "article5").out.splitlines())
    assert_refused(glasscity("explain", "article5", "--gate", "moon"), "'moon'")


def test_the_page_is_what_its_tool_makes_and_names_no_place_on_a_machine():
    root = Path(__file__).resolve().parents[2]
    spec = importlib.util.spec_from_file_location("make_article5", root / "tools/make_article5.py")
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    page = tool.page()
    assert tool.PAGE.read_text(encoding="utf-8") == page, "run python tools/make_article5.py"
    assert "not legal advice" in page
    kept = tool.KEPT.read_text(encoding="utf-8")
    assert "/tmp" not in kept + page
    assert "article5/" not in kept


def test_closed_months_of_all_gates_are_the_sum_of_each(runs, found):
    run = runs["citizen-score-2020"]
    for reading in READINGS:
        rows = [row for row in found.table("closed").rows if row["reading"] == reading]
        *gates, whole = rows
        assert whole["gate"] == "all"
        assert whole["months"] == sum(row["months"] for row in gates)
        assert whole["months"] == run.margins.of("closed")[:, 0].sum()
        for end in ("unrelated_least", "unrelated_most", "by_score"):
            parts = sum(row[end] * row["months"] for row in gates)
            assert whole[end] == pytest.approx(parts / whole["months"])
        # A court's order is made in another context than a train's: those months are certain.
        assert 0 < whole["unrelated_least"] < whole["unrelated_most"] <= 1


def test_a_stopped_command_goes_on_where_it_was(tmp_path):
    scenario = Scenario("unscored", country="plainland", citizens=300, months=6, seed=4)
    place = tmp_path / "runs"

    def stop(stage, done, total, citizens):
        if stage == "months" and done == 3:
            raise KeyboardInterrupt

    with pytest.raises(Interrupted, match="give the same command again"):
        study.measure(scenario, place=place, compare=False, progress=stop)
    folder = study.world_folder(place, scenario, twin=True)
    assert folder.is_dir()
    assert not (folder / "complete.json").exists()
    found, runs = study.measure(scenario, place=place, compare=False)
    assert [run.path for run in runs] == [folder]
    assert found.months == 6
