"""The figures of a pair's report, made again from the stored files by other means."""

from __future__ import annotations

import json

import polars as pl
import pytest


@pytest.fixture(scope="module")
def data(small_pair):
    return json.loads((small_pair.path / "report.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def sides(small_pair):
    return {"base": small_pair.base, "other": small_pair.others[0]}


@pytest.fixture(scope="module")
def people(sides):
    """One line a citizen, both worlds' columns side by side."""
    tables = {side: pl.read_parquet(run.path / "people.parquet") for side, run in sides.items()}
    return tables["base"].join(tables["other"], on="citizen", suffix="_other")


def cube(run, measure, **where):
    table = pl.scan_parquet(run.path / "cube.parquet").filter(pl.col("measure") == measure)
    for name, value in where.items():
        table = table.filter(pl.col(name) == value)
    return table.select(pl.col("count").sum()).collect().item()


def rows(data, table, **where):
    return [
        row
        for row in data["tables"][table]["rows"]
        if all(row[key] == value for key, value in where.items())
    ]


@pytest.mark.parametrize("side", ["base", "other"])
def test_headline_figures_follow_from_registers_and_cube(data, sides, side):
    run = sides[side]
    people = pl.read_parquet(run.path / "people.parquet")
    last = run.months - 1
    citizens = len(people)
    spoke = {v: cube(run, v, month=last) for v in ("praise", "criticise")}
    again = {
        "restricted_share": (people["shut_out"] > 0).mean(),
        "ever_restricted_share": (people["months_shut_out"] > 0).mean(),
        "restricted_months_per_citizen": people["months_shut_out"].mean(),
        "listed_stock": cube(run, "listed_any", month=last) / citizens,
        "listings": cube(run, "entries"),
        "denials": cube(run, "denials"),
        "denial_rate": cube(run, "denials") / cube(run, "applications"),
        "breaches": cube(run, "breaches"),
        "unwilling_breaches": cube(run, "unwilling_breaches"),
        "child_months_lost": cube(run, "child_months_lost"),
        "chilled_share": cube(run, "chilled", month=last) / citizens,
        "visible_consensus": spoke["praise"] / sum(spoke.values()),
        "thin_grant_rate": cube(run, "loans_thin_granted") / cube(run, "loans_thin"),
        "touched_share": cube(run, "touched", month=last) / citizens,
    }
    for name, value in again.items():
        assert data["figures"][name][side] == pytest.approx(value), name


def test_differences_are_other_less_base(data):
    for name, one in data["figures"].items():
        if one["base"] is None or one["other"] is None:
            assert one["difference"] is None, name
        else:
            assert one["difference"] == pytest.approx(one["other"] - one["base"]), name


def test_who_is_shut_out_in_one_world_alone_follows_from_the_registers(data, people):
    here = people["months_shut_out"] > 0
    there = people["months_shut_out_other"] > 0
    again = {
        "neither": (~here & ~there).sum(),
        "base_only": (here & ~there).sum(),
        "both": (here & there).sum(),
        "other_only": (~here & there).sum(),
    }
    found = {row["key"]: row["ever"] for row in rows(data, "shut_out")}
    assert found == again
    assert sum(found.values()) == len(people)


def test_winners_and_losers_follow_from_the_registers(data, people):
    change = people["months_shut_out_other"].cast(int) - people["months_shut_out"].cast(int)
    row = rows(data, "people", what="Months shut out of something")[0]
    assert row["better_count"] == (change < 0).sum()
    assert row["worse_count"] == (change > 0).sum()
    assert row["mean"] == pytest.approx(change.mean())
    for fifth, own in people.with_columns(change=change).group_by("quintile"):
        found = rows(
            data, "winners", outcome=row["what"], grouping="quintile", group=str(fifth[0])
        )[0]
        assert found["citizens"] == len(own)
        assert found["better"] == pytest.approx((own["change"] < 0).mean())
        assert found["worse"] == pytest.approx((own["change"] > 0).mean())


def test_groups_follow_from_the_registers_with_the_error_of_their_own_differences(data, people):
    for area, own in people.group_by("area"):
        here, there = own["shut_out"] > 0, own["shut_out_other"] > 0
        found = rows(data, "groups", grouping="area", group=str(area[0]))[0]
        assert found["base"] == pytest.approx(here.mean())
        assert found["other"] == pytest.approx(there.mean())
        change = there.cast(int) - here.cast(int)
        error = 2 * (max(change.var(ddof=0), 1 / len(own)) / len(own)) ** 0.5
        assert found["high"] - found["difference"] == pytest.approx(error)
        clear = abs(found["difference"]) > error
        assert (found["verdict"] == "clear") is bool(clear)


def test_refusals_vanish_and_appear_as_the_registers_say(data, sides):
    keys = ["citizen", "gate", "month"]
    here, there = (
        pl.read_parquet(sides[side].path / "denials.parquet").select(keys)
        for side in ("base", "other")
    )
    vanished = here.join(there, on=keys, how="anti")
    appeared = there.join(here, on=keys, how="anti")
    found = rows(data, "refusals")[0]
    assert (found["vanished"], found["appeared"]) == (len(vanished), len(appeared))
    assert found["base"] == len(here)
    for gate, own in vanished.group_by("gate"):
        assert rows(data, "gates", gate=str(gate[0]))[0]["vanished"] == len(own)


def test_the_survival_curve_is_the_product_limit_of_the_stored_spells(data, sides):
    for name, run in zip(
        (data["about"]["base"]["name"], data["about"]["other"]["name"]),
        sides.values(),
        strict=True,
    ):
        spells = pl.read_parquet(run.path / "spells.parquet").sort(["citizen", "month", "kind"])
        lives, open_spell = [], {}
        for row in spells.iter_rows(named=True):
            if row["kind"] == 0:
                open_spell[row["citizen"]] = row
            elif row["citizen"] in open_spell:
                start = open_spell.pop(row["citizen"])
                before = start.get("before") or 0
                lives.append((before, before + row["month"] - start["month"], True))
        for start in open_spell.values():
            before = start.get("before") or 0
            lives.append((before, before + run.months - start["month"], False))
        surviving = 1.0
        for month in range(1, 13):
            risk = sum(entry < month <= end for entry, end, _ in lives)
            ended = sum(end == month and done for _, end, done in lives)
            surviving *= 1 - ended / risk if risk else 1
        curve = [row for row in rows(data, "survival", world=name) if row["month"] <= 12]
        assert curve[-1]["surviving"] == pytest.approx(surviving)


def test_the_claimed_benefit_is_counted_from_the_cube(data, sides):
    for what, measure in (
        ("breaches", "breaches"),
        ("spells of unwillingness", "unwilling_onsets"),
        ("instalments not paid", "months_unpaid"),
    ):
        found = rows(data, "benefit", what=what)[0]
        assert found["base"] == cube(sides["base"], measure)
        assert found["other"] == cube(sides["other"], measure)


def test_errors_over_seeds_are_those_that_the_pair_measured(data, small_pair):
    from scipy.stats import t

    variance = small_pair.comparisons[0]["variance"]
    assert variance["seeds"] == 3
    for name, one in data["figures"].items():
        if one["noise"]["by"] == "seeds":
            error = t.ppf(0.975, 2) * variance["standard_error"][name]
            assert one["noise"]["error"] == pytest.approx(error)


def test_the_chaos_floor_is_that_of_the_placebo(data, small_pair):
    for name, one in data["figures"].items():
        moved = small_pair.placebo["effects"][name]
        assert one["noise"]["floor"] == (None if moved is None else pytest.approx(abs(moved)))
