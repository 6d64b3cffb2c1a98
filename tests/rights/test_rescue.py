"""What other rules spare one citizen: counted from both runs, and nothing else."""

from __future__ import annotations

import polars as pl
import pytest

import glasscity
from glasscity.api import scenario_of
from glasscity.errors import BadArgument
from glasscity.rights.rescue import VERDICTS, for_everybody, for_one, most_changed


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Return a run and the same world with every record corrected."""
    folder = tmp_path_factory.mktemp("rescue")
    base = glasscity.run(
        "citizen-score-2020",
        country="china-2020",
        citizens=2_000,
        seed=5,
        twin=False,
        report=False,
        out=folder / "base",
    )
    other = scenario_of(base).but(strengths={"correction": 1.0})
    return base, glasscity.run(other, twin=False, report=False, out=folder / "other")


def test_correction_spares_whoever_was_listed_for_a_mistake_alone(runs):
    base, other = runs
    found = glasscity.find(base, "wrongly-listed", limit=None)
    assert found
    told = [for_one(base, other, one["citizen"]) for one in found]
    assert any(one["prevented"] == "all" and one["months_shut_out"]["base"] for one in told)
    for one in told:
        assert one["listings"]["other"] < one["listings"]["base"] or one["prevented"] != "all"


def test_months_and_refusals_are_those_of_the_registers(runs):
    base, other = runs
    for citizen in base.denials["citizen"].unique().to_list()[:40]:
        told = for_one(base, other, citizen)
        for side, run in (("base", base), ("other", other)):
            row = run.people.filter(pl.col("citizen") == citizen)
            assert told["months_shut_out"][side] == row["months_shut_out"][0]
            assert told["refusals"][side] == len(run.denials.filter(pl.col("citizen") == citizen))
        balance = told["refusals"]["other"] - told["refusals"]["base"]
        assert len(told["appeared"]) - len(told["spared"]) == balance
        months = told["months_shut_out"]
        assert told["new_months"] - told["spared_months"] == months["other"] - months["base"]


def test_a_run_beside_itself_spares_nobody_anything(runs):
    base, _ = runs
    for citizen in (0, 7, int(base.denials["citizen"][0])):
        told = for_one(base, base, citizen)
        assert told["prevented"] in (None, "none")
        assert (told["spared"], told["appeared"], told["spared_months"]) == ([], [], 0)
    assert most_changed(base, base) == []


def test_verdicts_are_known_and_none_where_nothing_befell(runs):
    base, other = runs
    unhurt = base.people.filter(
        (pl.col("months_shut_out") == 0)
        & ~pl.col("citizen").is_in(base.denials["citizen"].unique().to_list())
    )["citizen"][0]
    assert for_one(base, other, int(unhurt))["prevented"] is None
    for one in glasscity.find(base, "wrongly-listed", limit=5):
        assert for_one(base, other, one["citizen"])["prevented"] in VERDICTS


def test_those_most_changed_are_those_of_the_registers(runs):
    base, other = runs
    rows = most_changed(base, other, limit=6)
    change = other.people["months_shut_out"].cast(int) - base.people["months_shut_out"].cast(int)
    assert rows[0]["difference"] == change.min()
    assert all(one["other"] - one["base"] == one["difference"] != 0 for one in rows)


def test_everybodys_figures_are_the_measures(runs):
    base, other = runs
    from glasscity.rights import measures

    here, there = measures(base), measures(other)
    for name, one in for_everybody(base, other).items():
        assert (one["base"], one["other"]) == (here[name], there[name])


def test_somebody_who_is_not_there_is_refused(runs):
    with pytest.raises(BadArgument, match="holds nothing of citizen 2000"):
        for_one(*runs, 2_000)
