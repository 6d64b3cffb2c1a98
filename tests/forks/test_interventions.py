"""One change in one life: what it changes, and that it changes nothing else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from fork_worlds import MANDATE, nation, quiet, scenario

from glasscity.branching import altered
from glasscity.branching.kinds import Own
from glasscity.errors import BadArgument, NotFound
from glasscity.interventions import KINDS, VOICE_MONTHS, WHAT_IFS, Intervention, placebo
from glasscity.simulation import simulate
from glasscity.terms import VOICES

MONTH = 9


def changed(*interventions: Intervention, watch=(), **fields):
    """Return what a small world left in which lives were changed."""
    return simulate(
        scenario(**fields),
        threads=1,
        twin=False,
        progress=quiet,
        interventions=interventions,
        watch=watch,
    )


@pytest.fixture(scope="module")
def lives(outcome_of):
    """Return 24 lives of the world as it is."""
    world = scenario()
    done = simulate(world, threads=1, twin=False, progress=quiet, watch=range(0, 1_200, 50))
    assert done.outcome.digest() == outcome_of(world).digest()
    return {life["citizen"]: life["months"] for life in done.lives}


def test_no_intervention_is_no_change(outcome_of):
    assert changed().outcome.digest() == outcome_of(scenario()).digest()


@pytest.mark.parametrize("decides", [False, True])
def test_tables_of_ones_own_that_are_everybodys_change_nothing(decides, monkeypatch, outcome_of):
    """Counts, histogram, registers and state: the citizen's part is taken out and put back whole.

    From the first citizen of a segment to its last, month after month.
    """
    monkeypatch.setattr(altered, "own_rules", lambda one, month: Own({}, decides=decides))
    some = [Intervention(citizen, 0, "other_friends") for citizen in (0, 63, 64, 777, 1_999)]
    base, again = outcome_of(scenario()), changed(*some).outcome
    assert again.digest() == base.digest()
    for name in ("score_histogram", "tie_moments", "deciles", "couples", "shapley"):
        assert np.array_equal(getattr(again, name), getattr(base, name)), name
    for register in ("denials", "listings", "spells"):
        one, other = (getattr(x, register) for x in (base, again))
        rows = [sorted(zip(*(x[c].tolist() for c in one), strict=True)) for x in (one, other)]
        assert rows[0] == rows[1], register


def test_the_placebo_is_one_payment_made_a_month_later():
    world = scenario()
    one = placebo(world)
    assert one == placebo(scenario("unscored"))
    assert one.month == 0
    assert one != placebo(scenario(seed=6))
    done = changed(one)
    (fell,) = done.outcome.meta["interventions"]
    assert fell["kind"] == "placebo"
    life = changed(one, watch=[fell["citizen"]]).lives[0]["months"]
    was = simulate(world, threads=1, twin=False, progress=quiet, watch=[fell["citizen"]])
    before = was.lives[0]["months"]
    assert [month["end"]["owed"] for month in before[:2]] == [{"credit": 0, "fee": 0}] * 2
    assert life[0]["end"]["owed"] == {"credit": 0, "fee": 1}
    assert life[1]["end"]["owed"] == {"credit": 0, "fee": 0}
    slips = nation(done.outcome, "slips") - nation(was.outcome, "slips")
    assert slips[0] == 1
    assert not slips[1:3].any()


def test_a_placebo_of_a_later_month_moves_nothing_before_it(outcome_of):
    base, other = outcome_of(scenario()), changed(placebo(scenario(), month=12)).outcome
    assert np.array_equal(base.state_sums[:12], other.state_sums[:12])
    assert base.state_sums[12] != other.state_sums[12]


def voices(life) -> list[str]:
    return [month["voice"] for month in life]


@pytest.mark.parametrize(("kind", "voice"), [("spoke", "criticise"), ("kept_silent", "silent")])
def test_a_voice_that_is_given_is_heard_for_a_year_and_only_said(kind, voice, lives, outcome_of):
    base = outcome_of(scenario())
    span = slice(MONTH, MONTH + VOICE_MONTHS)
    # Somebody who says something else all that time, under other voices in private, too.
    citizen = next(c for c, life in lives.items() if set(voices(life)[span]) - {voice})
    done = changed(Intervention(citizen, MONTH, kind), watch=[citizen])
    (life,) = done.lives
    assert voices(life["months"])[span] == [voice] * VOICE_MONTHS
    assert voices(life["months"])[:MONTH] == voices(lives[citizen])[:MONTH]
    # What nobody hears is the citizen's own: in the first month, before anybody could react.
    first, was = life["months"][MONTH], lives[citizen][MONTH]
    assert first["end"]["unafraid_voice"] == was["end"]["unafraid_voice"]
    moved = {
        name: int((nation(done.outcome, name) - nation(base, name))[MONTH, 0])
        for name in ("criticise", "silent", "praise", "chilled", "unafraid_criticise")
    }
    expected = dict.fromkeys(("criticise", "silent", "praise"), 0)
    expected[was["voice"]] -= 1
    expected[voice] += 1
    critic = was["end"]["unafraid_voice"] == "criticise"
    expected["chilled"] = critic * ((voice != "criticise") - (was["voice"] != "criticise"))
    assert moved == {**expected, "unafraid_criticise": 0}
    assert np.array_equal(base.state_sums[:MONTH], done.outcome.state_sums[:MONTH])


@pytest.mark.parametrize(("kind", "voice"), [("spoke", 1), ("kept_silent", 0)])
def test_a_voice_that_is_spoken_anyway_changes_nothing(kind, voice, outcome_of):
    base = outcome_of(scenario())
    citizens = np.flatnonzero(base.people["voice"] == voice)[[0, 1, 2, -1]]
    again = changed(*(Intervention(int(c), 26, kind) for c in citizens)).outcome
    assert again.digest() == base.digest()


def test_friends_who_neither_help_nor_harm_give_the_reference(lives):
    citizen = next(iter(lives))
    done = changed(Intervention(citizen, MANDATE + 1, "other_friends"), watch=[citizen])
    weights = scenario().regime.operator
    for month in done.lives[0]["months"]:
        parts = month["parts"]
        if month["month"] <= MANDATE or not parts:
            continue
        for name in ("ties_scores", "ties_voice"):
            neutral = weights.neutral(name)
            span = 256 * int(weights.range.numbers[1] - weights.range.numbers[0])
            points = span * weights.weight("relationships", name) * neutral
            assert parts[name] == pytest.approx(points, abs=2)


def test_what_is_paid_late_is_owed_and_what_is_settled_is_not(lives, outcome_of):
    able = next(
        c
        for c, life in lives.items()
        if life[MONTH - 1]["end"]["owed"] == {"credit": 0, "fee": 0}
        and life[MONTH]["end"]["owed"] == {"credit": 0, "fee": 0}
        and life[MONTH - 1]["end"]["liquidity"] > 2
    )
    (life,) = changed(Intervention(able, MONTH, "paid_late"), watch=[able]).lives
    assert life["months"][MONTH]["end"]["owed"]["fee"] == 1
    last = {name: outcome_of(scenario()).people[f"owed_{name}"] for name in ("credit", "fee")}
    owing = int(np.flatnonzero((last["credit"] >= 2) | (last["fee"] >= 2))[0])
    people = changed(Intervention(owing, 26, "paid_on_time")).outcome.people
    assert people["owed_credit"][owing] == people["owed_fee"][owing] == 0


def test_a_corrected_error_ends_its_listing_and_the_books_balance(outcome_of):
    base = outcome_of(scenario())
    entries = base.listings
    # Entries that rest on a recording error alone: bits 3 and 4 of the causes.
    wrong = (entries["kind"] == 0) & (entries["detail"] & 24 > 0) & (entries["detail"] & 7 == 0)
    assert wrong.any()
    place = int(np.flatnonzero(wrong)[0])
    citizen, month = int(entries["citizen"][place]), int(entries["month"][place]) + 1
    done = changed(Intervention(citizen, month, "error_corrected")).outcome
    s = int(entries["list"][place])
    left = (done.listings["citizen"] == citizen) & (done.listings["month"] == month)
    assert (left & (done.listings["kind"] == 1) & (done.listings["list"] == s)).sum() == 1
    corrections = nation(done, "exits_correction") - nation(base, "exits_correction")
    assert corrections[month, s] == 1
    exits = sum(
        nation(done, f"exits_{how}")
        for how in ("performance", "appeal", "expiry", "correction", "repair")
    )
    balance = nation(done, "entries")[1:] - exits[1:]
    assert np.array_equal(np.diff(nation(done, "listed"), axis=0), balance)


def test_a_file_without_errors_is_not_changed_by_correcting_it(outcome_of):
    base = outcome_of(scenario())
    clean = sorted(set(range(2_000)) - set(base.listings["citizen"].tolist()))
    assert changed(Intervention(clean[7], 3, "error_corrected")).outcome.digest() == base.digest()


def test_several_lives_can_be_changed_at_once(outcome_of):
    some = [Intervention(10 * k, MONTH, kind) for k, kind in enumerate(WHAT_IFS)]
    done = changed(*some).outcome
    told = [Intervention(**one) for one in done.meta["interventions"]]
    assert told == some
    assert np.array_equal(done.state_sums[:MONTH], outcome_of(scenario()).state_sums[:MONTH])


def test_a_change_outlasts_a_fork(lives):
    """The voice given before another regime takes over is spoken under it, too."""
    citizen = next(c for c, life in lives.items() if "silent" not in voices(life)[MONTH:])
    world = scenario().forked(MONTH + 3, "unscored")
    done = simulate(
        world,
        threads=1,
        twin=False,
        progress=quiet,
        interventions=[Intervention(citizen, MONTH, "kept_silent")],
        watch=[citizen],
    )
    said = voices(done.lives[0]["months"])
    assert said[MONTH : MONTH + VOICE_MONTHS] == ["silent"] * VOICE_MONTHS


@pytest.mark.parametrize(
    ("citizen", "month"), [(2_000, 0), (0, 27), (-1, 0), (0, -1), (1.5, 0), (True, 0)]
)
def test_an_intervention_in_nobody_or_never_is_refused(citizen, month):
    with pytest.raises(BadArgument):
        changed(Intervention(citizen, month, "spoke"))


def test_two_interventions_in_one_citizen_and_unknown_kinds_are_refused():
    with pytest.raises(BadArgument, match="two interventions"):
        changed(Intervention(1, 0, "spoke"), Intervention(1, 5, "paid_late"))
    with pytest.raises(NotFound, match="kept_silent"):
        Intervention(1, 0, "kept-silent")
    assert set(KINDS) == {*WHAT_IFS, "placebo"}
    assert VOICES[:2] == ("silent", "criticise")


def test_packed_people_are_not_changed():
    with pytest.raises(BadArgument, match="lives cannot be changed"):
        simulate(
            scenario(), layout="packed", progress=quiet, interventions=[Intervention(1, 0, "spoke")]
        )
    assert replace(placebo(scenario()), month=3).month == 3
