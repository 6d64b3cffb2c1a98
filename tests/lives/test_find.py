"""Whoever is found has the property that was asked for."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

import glasscity
from glasscity.errors import BadArgument, NotFound
from glasscity.rights.search import FILTERS
from glasscity.terms import CAUSES


def _wrong_months(run: glasscity.Run) -> dict[int, int]:
    """Return the longest listing for an error alone, counted month by month on a calendar."""
    stands = {}
    for citizen, sphere in {(r[1], r[2]) for r in run.listings.iter_rows()}:
        rows = run.listings.filter((pl.col("citizen") == citizen) & (pl.col("list") == sphere))
        spells, current = [], None
        for month in range(run.months):
            for row in rows.filter(pl.col("month") == month).iter_rows(named=True):
                if row["kind"] == 0:
                    assert current is None
                    current = [row["detail"], 0]
                elif current is not None:
                    # Decided after the gates of the month were: it was still listed there.
                    current[1] += row["detail"] == 1
                    spells.append(current)
                    current = None
            if current is not None:
                current[1] += 1
        spells += [current] if current else []
        for detail, months in spells:
            if detail in (8, 16, 24):
                stands[citizen] = max(stands.get(citizen, 0), months)
    return stands


def test_wrongly_listed_are_those_whom_the_register_lists_for_an_error_alone(run):
    expected = _wrong_months(run)
    found = glasscity.find(run, "wrongly-listed", limit=None)
    assert len(found) > 5
    assert {one["citizen"]: one["why"][0]["number"] for one in found} == expected
    numbers = [one["why"][0]["number"] for one in found]
    assert numbers == sorted(numbers, reverse=True)


def test_the_life_of_a_wrongly_listed_citizen_says_why(run):
    one = glasscity.find(run, "wrongly-listed", limit=1)[0]
    life = glasscity.life(run, one["citizen"])
    errors = [month for month, _ in life.events("error")]
    listed = [
        (m, e) for m, e in life.events("listed") if set(e["causes"]) <= {"false_alarm", "mix_up"}
    ]
    assert listed
    assert all(any(0 <= month - error <= 3 for error in errors) for month, _ in listed)
    shut = [
        any(rule["by"] == "list" for g in m["closed_gates"] for rule in g["by"])
        for m in life.months
    ]
    spells = "".join("x" if one else " " for one in shut).split()
    assert one["why"][0]["number"] in [len(spell) for spell in spells]


def test_whoever_fell_through_friends_was_refused_for_them(run):
    found = glasscity.find(run, "fell-through-friends", limit=5)
    assert found
    ties = {cause for cause in CAUSES if cause.startswith("ties_")}
    for one in found:
        rows = run.denials.filter(pl.col("citizen") == one["citizen"])
        association = np.array([lower >> 1 & 1 for lower in rows["lower"]])
        assert association.sum() == one["why"][0]["number"] > 0
        involved = rows.filter(pl.Series(association == 1))["involved"]
        for mask in involved:
            assert ties & {cause for k, cause in enumerate(CAUSES) if (mask >> k) & 1}


def test_a_combination_finds_those_who_meet_both(run):
    both = glasscity.find(run, "silent-critic+wrongly-listed", limit=None)
    one = {c["citizen"] for c in glasscity.find(run, "silent-critic", limit=None)}
    other = {c["citizen"] for c in glasscity.find(run, "wrongly-listed", limit=None)}
    assert {c["citizen"] for c in both} == one & other
    assert all([w["filter"] for w in c["why"]] == ["silent-critic", "wrongly-listed"] for c in both)


def test_silent_critics_are_silent_and_critical(run):
    found = glasscity.find(run, "silent-critic", limit=20)
    assert len(found) == 20
    people = {row["citizen"]: row for row in run.people.iter_rows(named=True)}
    assert all(people[one["citizen"]]["voice"] == "silent" for one in found)
    if "unafraid_voice" in run.people.columns:
        assert all(people[c["citizen"]]["unafraid_voice"] == "criticise" for c in found)
    else:
        assert all(people[one["citizen"]]["camp"] == "critical" for one in found)
    opinions = [one["why"][0]["number"] for one in found]
    assert opinions == sorted(opinions)


def test_children_shut_out_are_found_or_it_is_said_that_the_run_does_not_know(run):
    if "child_months_shut_out" in run.people.columns:
        found = glasscity.find(run, "child-shut-out", limit=None)
        assert found
        # The cube counts children, this months: most children have no brothers or sisters there.
        months = sum(one["why"][0]["number"] for one in found)
        assert 0 < months <= int(run.cube("child_months_lost")) <= 3 * months
        life = glasscity.life(run, found[0]["citizen"])
        assert len(list(life.events("child"))) == found[0]["why"][0]["number"]
    else:
        with pytest.raises(BadArgument, match="children"):
            glasscity.find(run, "child-shut-out")


def test_an_unknown_filter_lists_the_known_ones(run):
    with pytest.raises(NotFound) as refused:
        glasscity.find(run, "silent-critic+saints")
    assert all(name in str(refused.value) for name in FILTERS)
    assert "'saints'" in str(refused.value)


def test_the_limit_is_kept_and_checked(run):
    assert len(glasscity.find(run, "silent-critic", limit=2)) == 2
    with pytest.raises(BadArgument):
        glasscity.find(run, "silent-critic", limit=0)
