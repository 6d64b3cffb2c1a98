"""V15. When doing strangers favours spreads.

What: well mixed, a stranger's way of life known with chance q, justified refusal unpunished, no
errors, no look-ups and no return to one's disposition: from a share x of keepers the expected
change in a month is I x(1-x) [x q(b-c) - c(1-q)] / (b+c), so keeping grows if and only if x >
c(1-q)/(q(b-c)), which is below 1 if and only if q > c/b. The same with a perfectly informative
score in place of hearsay, q the share of scores that can be looked up. A score that says nothing
about its holder never makes keeping grow by itself; beside hearsay it makes keeping cheaper, by
(1-q) f c for a share f refused, while favours are lost. With hearsay and a listing that errs both
ways, the change is the same difference of expected payoffs with the shares refused in it. On the
shipped `favour` over a whole society of 65,536: ways of life dealt by chance, a month of favours, a
month of imitation; 64 deals each. The pairing is checked one by one: whoever meets somebody is met
by them, the role model is another, and in 60 months a citizen meets more than 50 different people.
Power: an error of the monthly change of 0.0022 where everybody looks at another (8.8 standard
errors of at most 0.00025: 6.4 for the false-alarm rate over 40 comparisons with 63 degrees of
freedom, 2.4 for chance 0.99); off the threshold each expected change is larger than that, so that
its sign is seen.
Wrong kernels: a justified refusal that costs one's standing; hearsay that is wrong once in ten
times; imitation of the worse; imitation of whoever fared better, by how much or little so ever
(verify); a look-up that takes everybody for a keeper (verify).
"""

from __future__ import annotations

import functools

import numpy as np
import pytest
from alarm import ALPHA, check_near, must_alarm, require
from mutants import wrong
from numba import njit
from rig import ALWAYS, by_name, put, put_now, quiet, society
from scipy import stats

from glasscity.draws import philox_rows
from glasscity.month import favour as module
from glasscity.month import tables as at
from glasscity.month.favour import elsewhere, favour, plan, stranger
from glasscity.month.ledger import CELLS, ROWS, first_row
from glasscity.month.shared import can_be_looked_up
from glasscity.society.state import new_state

CITIZENS = 65_536
DEALS = 64
COMPARISONS = 40
COST = 1000
# The largest standard error of a mean change among the settings below, as measured, rounded up.
STANDARD_ERROR = 0.00025
LISTED = 1 << 13
LOW, HIGH, THRESHOLD = 100, 900, 500


@njit
def _partners(wiring, way, row, turn, found):
    for segment in range(len(wiring.segment_size)):
        partner = elsewhere(wiring, segment, way)
        for position in range(wiring.segment_size[segment]):
            me = wiring.segment_first[segment] + position
            found[me] = stranger(wiring, segment, partner, position, row, turn)


@functools.cache
def partners(key: int) -> tuple[np.ndarray, np.ndarray]:
    """Return whom everybody meets and looks at in a month, int64[citizens] twice, -1 nobody."""
    where = society(citizens=CITIZENS)
    chosen = plan(where.seed, key)
    found = np.empty((2, CITIZENS), dtype=np.int64)
    for which in range(2):
        way, row, turn = chosen[3 * which : 3 * which + 3]
        _partners(where.wiring, way, row, turn, found[which])
    return found[0], found[1]


def month(kernel, state, tables, key: int) -> np.ndarray:
    """Run the stage over everybody in one month, and make this month's deeds last month's.

    Returns
    -------
    int64[rows]
        What was counted.
    """
    where = society(citizens=CITIZENS)
    known = {
        "traits": where.traits,
        "wiring": where.wiring,
        "state": state,
        "tables": tables,
        "now": put_now(key=key, lowest=THRESHOLD),
        "luck": at.new_luck(),
        "counts": np.zeros((len(ROWS), CELLS), dtype=np.int64),
    }
    for first, end, _, _, _, segment in where.blocks.tolist():
        for lo in range(first, end, at.STRIDE):
            hi = min(lo + at.STRIDE, end)
            luck = known["luck"][at.L_COMPANY]
            philox_rows(where.seed, lo, hi - lo, key, at.C_COMPANY, luck)
            known.update(lo=lo, hi=hi, first_segment=segment + (lo - first) // 64)
            by_name(kernel, known)
    state.face.deed[:] = state.face.deed_next
    return known["counts"].sum(axis=1)


def market(*, benefit=3.0, hearsay=0.0, look_up=0, visible=0, imitate=1.0) -> np.ndarray:
    """Return tables in which favours are as a check wants them, and nobody is disposed to."""
    return put(
        quiet(),
        seed=society(citizens=CITIZENS).seed,
        favour_benefit=round(1000 * benefit),
        favour_cost=COST,
        gossip=round(ALWAYS * hearsay),
        by_score=look_up,
        visible=visible,
        imitate=round(ALWAYS * imitate),
        innate=0,
    )


def changes(kernel, tables, x: float, face=None, *, months: int = 1) -> np.ndarray:
    """Return the change of the share of keepers in one month of imitation, for each deal.

    Of those who can compare: who met somebody the month before, as did whom they look at.
    ``face(keeps, luck)`` gives what everybody shows; ``months`` go by before the one of imitation.
    """
    state = new_state(CITIZENS)
    still = put(tables, imitate=0)
    found = []
    for deal in range(DEALS):
        luck = np.random.default_rng([15, deal])
        keeps = luck.random(CITIZENS) < x
        state.face.deed[:] = keeps
        state.face.now[:] = 0 if face is None else face(keeps, luck)
        key = 5000 + 10 * deal
        for ahead in range(months):
            month(kernel, state, still, key - months + ahead)
        met = partners(key - 1)[0] >= 0
        model = partners(key)[1]
        able = met & (model >= 0) & met[model]
        month(kernel, state, tables, key)
        after = (state.face.deed & 1).astype(np.int64)
        require((after == keeps)[~able].all(), "somebody imitates without having compared")
        found.append((after - keeps).sum() / able.sum())
    return np.array(found)


def expected(x, benefit, refused_keeper, refused_other, imitate=1.0) -> float:
    """Return the expected change, by the shares of keepers and others whom a keeper refuses."""
    cost = COST / 1000
    keeper = x * (1 - refused_keeper) * (benefit - cost) - (1 - x) * (1 - refused_other) * cost
    other = x * (1 - refused_other) * benefit
    return imitate * x * (1 - x) * (keeper - other) / (benefit + cost)


def margin() -> float:
    return float(stats.t.isf(ALPHA / COMPARISONS / 2, DEALS - 1))


def smallest_fault() -> float:
    return (margin() + float(stats.t.isf(0.01, DEALS - 1))) * STANDARD_ERROR


def check_change(found: np.ndarray, change: float, *, signed: bool = True) -> None:
    error = float(found.std(ddof=1)) / DEALS**0.5
    mean = float(found.mean())
    slack = margin() * error
    check_near(mean, change, slack, "monthly change of the share of keepers")
    if signed:
        require(mean * change > 0, f"changes by {mean:.5f}, the wrong way from {change:.5f}")
    assert error <= STANDARD_ERROR, f"the standard error {error:.6f} is above the one stated"


# (share of keepers, chance to know, benefit in costs), on both sides of each threshold.
SIDES = [
    (0.3, 0.5, 3.0),  # threshold 0.5
    (0.7, 0.5, 3.0),
    (0.35, 0.45, 3.0),  # 0.611
    (0.85, 0.45, 3.0),
    (0.08, 0.7, 3.0),  # 0.214
    (0.4, 0.7, 3.0),
    (0.3, 0.8, 1.5),  # 0.5
    (0.7, 0.8, 1.5),
    (0.3, 0.3, 6.0),  # 0.467
    (0.7, 0.3, 6.0),
    (0.8, 0.3, 3.0),  # above 1: known too rarely for keeping ever to grow
    (0.6, 0.15, 6.0),
]


def check_hearsay(kernel, x, q, benefit, *, months=1, imitate=1.0, signed=True) -> None:
    found = changes(kernel, market(benefit=benefit, hearsay=q, imitate=imitate), x, months=months)
    change = imitate * x * (1 - x) * (x * q * (benefit - 1) - (1 - q)) / (benefit + 1)
    assert change == pytest.approx(expected(x, benefit, 0, q, imitate), abs=1e-12)
    check_change(found, change, signed=signed)


@pytest.mark.parametrize(("x", "q", "benefit"), SIDES)
def test_keeping_grows_if_and_only_if_it_is_common_enough(x, q, benefit):
    threshold = (1 - q) / (q * (benefit - 1))
    change = expected(x, benefit, 0, q)
    assert (change > 0) == (x > threshold)
    assert abs(change) > smallest_fault(), "the check could not see the sign"
    check_hearsay(favour, x, q, benefit)


def test_at_the_threshold_it_stays_as_it_is():
    check_hearsay(favour, 0.5, 0.5, 3.0, signed=False)


def test_the_change_is_in_proportion_to_how_often_people_look():
    check_hearsay(favour, 0.7, 0.7, 3.0, imitate=0.25)


def informative(keeps, luck):
    """Return scores that say exactly who keeps trust."""
    return np.where(keeps, HIGH, LOW)


def uninformative(keeps, luck):
    """Return scores that say nothing about who keeps trust, half of them low."""
    return np.where(luck.random(len(keeps)) < 0.5, HIGH, LOW)


def erring(keeps, luck):
    """Return a list that holds one keeper in ten, and six in ten of the others."""
    return LISTED * (luck.random(len(keeps)) < np.where(keeps, 0.1, 0.6))


@functools.cache
def looked_up(visible: int) -> float:
    """Return the share of people whose scores can be looked up."""
    return float(np.mean([can_be_looked_up(i, visible) for i in range(CITIZENS)]))


def check_scores(kernel, x: float, visible: int) -> None:
    found = changes(kernel, market(look_up=1, visible=visible), x, informative)
    check_change(found, expected(x, 3.0, 0, looked_up(visible)))


@pytest.mark.parametrize(("x", "visible"), [(0.3, 128), (0.7, 128), (0.4, 192), (0.8, 64)])
def test_a_score_that_says_who_keeps_serves_as_hearsay_does(x, visible):
    check_scores(favour, x, visible)


@pytest.mark.parametrize("x", [0.3, 0.7])
def test_a_score_that_says_nothing_never_makes_keeping_grow_by_itself(x):
    # Half of the scores are low, three quarters can be looked up: each costs a favour either way.
    refused = looked_up(192) / 2
    change = expected(x, 3.0, refused, refused)
    assert change < 0
    check_change(changes(favour, market(look_up=1, visible=192), x, uninformative), change)


def test_beside_hearsay_it_spares_keepers_the_favours_that_it_loses():
    x, q, refused = 0.5, 0.5, looked_up(192) / 2
    # Without the score this is the threshold, where nothing changes.
    change = x * (1 - x) * (1 - q) * refused * 1.0 / (3.0 + 1.0)
    assert change == pytest.approx(expected(x, 3.0, (1 - q) * refused, q + (1 - q) * refused))
    tables = market(hearsay=q, look_up=1, visible=192)
    check_change(changes(favour, tables, x, uninformative), change)


def test_where_nobody_looks_up_scores_say_nothing():
    found = changes(favour, market(look_up=0, visible=256), 0.7, informative)
    check_change(found, expected(0.7, 3.0, 0, 0))


@pytest.mark.parametrize(("x", "q"), [(0.3, 0.2), (0.7, 0.2), (0.7, 0.6)])
def test_hearsay_goes_before_a_list_that_errs(x, q):
    found = changes(favour, market(hearsay=q, look_up=1), x, erring)
    change = expected(x, 3.0, (1 - q) * 0.1, q + (1 - q) * 0.6)
    check_change(found, change, signed=abs(change) > smallest_fault())


def test_whoever_meets_somebody_is_met_by_them_and_looks_at_another():
    people = np.arange(CITIZENS)
    strangers = []
    before = partners(4999)[0]
    for key in range(5000, 5060):
        meets, looks = partners(key)
        for other in (meets, looks):
            there = other >= 0
            assert there.mean() > 0.99
            assert (other[other[there]] == people[there]).all()
            assert (other[there] != people[there]).all()
        shared = ((looks == before) & (looks >= 0)).mean()
        assert shared < 0.001, "those who met compare the success that they shared"
        strangers.append(meets[:2000])
        before = meets
    different = [len(set(column[column >= 0].tolist())) for column in np.array(strangers).T]
    assert min(different) > 50


def test_what_is_counted_is_what_was_done():
    state = new_state(CITIZENS)
    luck = np.random.default_rng(15)
    keeps = luck.random(CITIZENS) < 0.6
    state.face.deed[:] = keeps
    state.face.now[:] = erring(keeps, luck)
    state.belief.trust[:] = 30_000
    counts = month(favour, state, market(hearsay=0.2, look_up=1), 5000)
    deed, (meets, _) = state.face.deed.astype(np.int64), partners(5000)
    met, did, was_done = (deed >> bit & 1 for bit in (1, 2, 3))
    assert (met == (meets >= 0)).all()
    assert (was_done == np.where(meets >= 0, did[meets], 0)).all()
    assert counts[first_row("strangers_met")] == met.sum()
    assert counts[first_row("favours")] == did.sum() == was_done.sum()
    assert counts[first_row("keepers")] == keeps.sum() == (deed >> 4).sum()
    assert counts[first_row("trust_sum")] == state.belief.trust.sum(dtype=np.int64)
    listed = (state.face.now[meets] & LISTED > 0) & (meets >= 0) & keeps
    refused = counts[first_row("favours_refused_by_score")]
    share, bound = 0.8, 6 * (listed.sum() * 0.16) ** 0.5
    assert abs(refused - share * listed.sum()) < bound
    assert ((did == 0) | keeps).all()


OURS, THEIRS = "((hears & keep)", "((heard & keeps)"
RULE = "return drawn * widest < imitate * (other - own)"
TENTH = 2**32 // 10
NOTED = "pairs[k] = pair\n"
HEARD = "bit * np.int64(words[0, x] < gossip)"
# Whoever is wrong about the stranger has to hear first.
EVERYBODY = (
    ("m += met & keeps & (worse | (1 - keep))", "m += met"),
    ("w += met & keep & (bad | (1 - keeps))", "w += met"),
)
# A justified refusal costs one's standing: what is known is whether a favour was done last month.
IMAGE = (
    *EVERYBODY,
    (NOTED, "pairs[k] = pair | (deeds[j] >> 2 & 1) << 6 | (deeds[i] >> 2 & 1) << 7\n"),
    (OURS, "((hears & (pair >> 6 & 1))"),
    (THEIRS, "((heard & (pair >> 7 & 1))"),
)
RUMOUR = (
    *EVERYBODY,
    (HEARD, f"{HEARD} | (bit << 2) * np.int64(words[1, x] < {TENTH})"),
    (OURS, "((hears & (keep ^ (pair >> 6 & 1)))"),
    (THEIRS, "((heard & (keeps ^ (pair >> 7 & 1)))"),
)
WORSE = ((RULE, RULE.replace("(other - own)", "(own - other)")),)
ANY_BETTER = ((RULE, "return (drawn < imitate) & (other > own)"),)


def test_the_same_holds_after_two_months_of_favours():
    check_hearsay(favour, 0.7, 0.5, 3.0, months=2)


@pytest.mark.verify
@pytest.mark.parametrize("faults", [IMAGE, RUMOUR, WORSE])
def test_the_check_sees_wrong_kernels(faults):
    kernel = wrong(module, *faults).favour
    must_alarm(lambda: check_hearsay(kernel, 0.7, 0.5, 3.0, months=2))


@pytest.mark.verify
def test_the_check_sees_wrong_imitation_and_wrong_look_ups():
    eager = wrong(module, *ANY_BETTER).favour
    must_alarm(lambda: check_hearsay(eager, 0.7, 0.5, 3.0, months=2))
    blind = wrong(module, ("low = (score > 1) & (score < lowest)", "low = score > 2047")).favour
    must_alarm(lambda: check_scores(blind, 0.7, 128))


def test_the_stated_power_is_what_the_numbers_give():
    assert margin() < 6.4
    assert smallest_fault() <= 0.0022
