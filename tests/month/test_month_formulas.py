"""The small formulas at every corner, and attribution on inputs that no month would bring."""

from __future__ import annotations

import functools
from types import SimpleNamespace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from month_worlds import BUSY, Case

from glasscity.month import act as act_kernels
from glasscity.month import attribute as attribute_kernels
from glasscity.month import points as points_kernels
from glasscity.month import restrict as restrict_kernels
from glasscity.month import see as see_kernels
from glasscity.month import shared
from glasscity.month import tables as at
from glasscity.terms import (
    CAUSE_GROUPS,
    CAUSES,
    CLASSES,
    GATES,
    LISTING_CAUSES,
    MORE_CAUSE_GROUPS,
    SPHERES,
    VOICES,
)
from reference import causes as plain
from reference import formulas, record, respond, restrict, score, see, voice
from reference.fields import changed, named_now, named_tables, place_of, words_of

small = settings(max_examples=200, deadline=None)
share = st.integers(0, 65_535)
contrast = st.integers(-16_384, 16_384)
byte = st.integers(0, 255)


@functools.cache
def busy_tables():
    tables = Case("tables", citizens=1, tables=BUSY).parts()[0]
    return changed(tables, list_exits=7)


def test_contrasts_and_shares_of_ties_are_exact_for_any_number_of_ties():
    for n in range(1, 25):
        for bad in range(n + 1):
            for others in range(1, 25 - n):
                worse = bad % (others + 1)
                ours = see_kernels.contrast(bad, n, worse, others)
                assert ours == see.contrast(bad, n, worse, others)


@small
@given(contrast, contrast, share, byte, st.booleans())
def test_learning_and_forgetting_are_those_of_the_twin(belief, observed, learn, count, seen):
    assert see_kernels.learned(belief, observed, learn) == see.learned(belief, observed, learn)
    assert see_kernels.recalled(count, learn, seen) == see.recalled(count, learn, seen)


@small
@given(st.integers(0, 256), contrast, byte, contrast, byte, share, st.integers(0, 256))
def test_a_fear_lies_between_its_floor_and_one(phi, own, seen, other, other_seen, talk, salience):
    found = shared.fear_of(phi, own, seen, other, other_seen, talk, salience)
    assert found == formulas.fear(phi, own, seen, other, other_seen, talk, salience)
    assert phi <= found <= 256


@small
@given(share, share, st.integers(1, 65_536))
def test_a_running_mean_stays_between_its_old_value_and_what_was_observed(mean, observed, memory):
    found = shared.toward(mean, observed, memory)
    assert found == formulas.toward(mean, observed, memory)
    assert min(mean, observed) <= found <= max(mean, observed)


@small
@given(byte, st.integers(0, 65_535), st.integers(0, 65_535))
def test_shares_of_a_deficit_stay_shares_and_do_not_stall(part, kept, added):
    total = max(1, kept + added)
    found = shared.share_after(part, kept, added, total)
    assert found == record.share_after(part, kept, added, total)
    assert 0 <= found <= 255
    if 0 < kept < total:
        assert part == 0 or shared.share_after(part, kept, 0, total) < part


@small
@given(*[st.integers(-5, 5)] * 3)
def test_equal_utilities_go_to_silence_then_criticism(criticise, silent, praise):
    found = VOICES[act_kernels.choose_voice(criticise, silent, praise)]
    assert found == voice.loudest(criticise, silent, praise)


@small
@given(
    st.integers(0, 10**9),
    st.sets(st.sampled_from(SPHERES)),
    st.booleans(),
    st.sampled_from([0, 1, 128, 256]),
    st.sampled_from([0, 100, 256]),
)
def test_gates_closed_by_lists_are_those_of_the_twin(number, spheres, everywhere, strength, guards):
    tables = _listing(strength, guards)
    bits = sum(1 << SPHERES.index(s) for s in spheres)
    now = SimpleNamespace(everywhere=int(everywhere))
    found = shared.closed_by_lists(tables, int(everywhere), bits, number)
    expected = formulas.closed_by_lists(number, spheres, named_tables(tables), now)
    assert words_of(int(found), GATES) == expected


@functools.cache
def _listing(strength, guards):
    return changed(busy_tables(), joint_strength=strength, guards=guards, guarded=int(guards > 0))


@small
@given(st.integers(0, 2**40), st.integers(0, 40))
def test_what_is_dealt_to_a_citizen_is_what_the_twin_deals(number, use):
    assert shared.dealt(number, use) == formulas.dealt(number, use)


def test_each_use_deals_evenly_and_apart_from_the_others():
    dealt = np.array([[shared.dealt(i, use) for i in range(20_000)] for use in range(26)])
    # 20,000 citizens over 256 values: chi-square with 255 degrees; 380 is beyond 1 in 10**6.
    for row in dealt:
        counts = np.bincount(row, minlength=256)
        assert ((counts - 78.125) ** 2 / 78.125).sum() < 380
    together = np.corrcoef(dealt) - np.eye(26)
    assert np.abs(together).max() < 0.04  # 5.6 standard errors of 325 correlations


@small
@given(st.integers(2, 1_000), st.integers(1, 16_000), st.integers(0, 4_000))
def test_where_a_score_stands_is_counted_in_half_spreads(score, mean16, spread16):
    now = np.zeros(at.NOW_SIZE, dtype=np.int64)
    now[at.NOW_MEAN16], now[at.NOW_SPREAD16] = mean16, spread16
    named = SimpleNamespace(mean16=mean16, spread16=spread16)
    assert shared.standing_of(now, score) == formulas.half_spreads(score, named)


@small
@given(
    st.integers(0, 2),
    st.integers(0, 24),
    st.lists(st.integers(2, 1_000), min_size=24, max_size=24),
    st.integers(0, 20_000),
    st.integers(0, 4_000),
    share,
)
def test_the_statistic_of_ties_is_that_of_the_twin(statistic, n, scores, mean16, spread16, neutral):
    total, low = sum(scores[:n]), sum(s < 400 for s in scores[:n])
    words = ("mean", "standardised", "below_bar")
    t = SimpleNamespace(
        statistic=words[statistic], low=350, high=950, reference={"ties_scores": neutral}
    )
    c = SimpleNamespace(note={"sum": total, "scored": n, "low": low})
    now = SimpleNamespace(mean16=mean16, spread16=spread16)
    found = points_kernels.ties_score_value(
        statistic, 350, 600, neutral, mean16, spread16, total, n, low
    )
    assert found == score.ties_scores(c, t, now)


@small
@given(st.integers(-(10**6), 10**6))
def test_a_score_is_the_nearest_point_inside_the_range(raw):
    t = SimpleNamespace(low=350, high=950)
    assert points_kernels.rounded(350, 950, raw) == score.score_of(raw, t)


@small
@given(st.sampled_from(SPHERES), st.booleans(), st.integers(0, 2), byte)
def test_the_live_causes_of_a_listing_are_those_of_the_twin(sphere, own, false, blame):
    seen = {"commerce": blame >> 4 & 3, "government": blame >> 6 & 3}
    reasons = {
        debt: set(words_of(seen[where], ("unable", "unwilling")))
        for debt, where in (("credit", "commerce"), ("fee", "government"))
    }
    c = SimpleNamespace(reasons=reasons)
    kind = (None, "false_alarm", "mix_up")[false]
    found = restrict_kernels.live_causes(SPHERES.index(sphere), own, false, blame)
    assert words_of(int(found), LISTING_CAUSES) == restrict.live_causes(c, sphere, own, kind)


def test_the_reason_of_a_person_is_an_error_only_where_nothing_of_their_own_stands_beside_it():
    for mask in range(1, 32):
        why = words_of(mask, LISTING_CAUSES)
        found = respond.reason(why)
        assert (found in ("false_alarm", "mix_up")) == (not mask & 7)
        assert found != "mixed" or "mixed" in why or {"unwilling", "unable"} <= why


@functools.cache
def _score_tables():
    return named_tables(busy_tables())


def causes_of(top):
    return st.dictionaries(st.sampled_from(CAUSES), st.integers(0, top), max_size=5)


@settings(max_examples=150, deadline=None)
@given(
    causes_of(40_000),
    causes_of(30_000),
    causes_of(20_000),
    causes_of(30_000),
    st.lists(st.frozensets(st.sampled_from(CAUSES[:11]), min_size=1, max_size=2), max_size=6),
    st.integers(350, 950),
    st.booleans(),
    st.integers(-900, 50),
    st.none() | st.sets(st.sampled_from([*CAUSES[:3], *CAUSES[9:11]]), max_size=3),
)
def test_attribution_is_that_of_every_subset_tried_in_turn(
    history, arrears, points, means, lists, cut, scored, index, reasons
):
    t = _score_tables()
    inputs = plain.Inputs(
        history=history,
        arrears=arrears,
        points=points,
        means=means,
        lists=lists,
        raw=500 * 256,
        index=index,
        cut=cut,
        scored=scored,
        arrears_slope=1_500,
        means_slope=800,
        history_weight=t.weights["credit_history"],
        tables=t,
        reasons=reasons,
    )
    work = np.zeros((9, 20), dtype=np.int64)
    for row, by_cause in enumerate((history, arrears, points, means)):
        for cause, amount in by_cause.items():
            work[row, CAUSES.index(cause)] = amount
    work[4, :5] = inputs.raw, index, cut, scored, len(lists)
    for n, condition in enumerate(lists):
        work[5, n] = sum(1 << CAUSES.index(cause) for cause in condition)
    work[6, :5] = 1_500, 800, inputs.history_weight, t.low, t.high
    work[6, 5] = attribute_kernels.ALWAYS
    if reasons is not None:  # reviewed: only these are a reason of the gate's own
        work[6, 5] = sum(1 << CAUSES.index(cause) for cause in reasons)
    active = sum(1 << CAUSES.index(cause) for cause in inputs.active())
    spillover = t.spillover["loan"]
    groups = plain.groups_of(spillover)
    named = (*CAUSE_GROUPS, *MORE_CAUSE_GROUPS)
    masks = np.array([sum(1 << CAUSES.index(c) for c in groups[g]) for g in named], dtype=np.int64)
    shapley = np.zeros((18, 15), dtype=np.int64)
    verdicts = np.zeros(32_768, dtype=np.uint8)
    for subset in (0, active, active & 0b10101, active & ~0b110):
        actual = frozenset(words_of(subset, CAUSES))
        assert bool(attribute_kernels.verdict(subset, work)) == inputs.refused(actual)
    need, enough, involved, lower, sort = attribute_kernels.attribute(
        10, active, masks, work, verdicts, shapley
    )
    found = plain.attribute(inputs, groups)
    assert CLASSES[sort] == found.sort
    assert words_of(int(need), CAUSES) == found.needed
    assert words_of(int(enough), CAUSES) == found.enough
    assert words_of(int(involved), CAUSES) == found.involved
    assert words_of(int(lower), named) == found.lower
    units = {CAUSES[c]: int(n) for c, n in enumerate(shapley[10]) if n}
    assert units == found.shapley
    refused = inputs.refused(frozenset(inputs.active()))
    assert sum(units.values()) == (360_360 if refused and found.sort != "baseline" else 0)


def test_every_field_is_where_the_kernels_look_for_it():
    assert named_now(np.arange(at.NOW_SIZE)).listed_months == at.NOW_LISTED_MONTHS
    for name, _ in at.FIELDS:
        assert place_of(name)[0].start == getattr(at, name.upper())
