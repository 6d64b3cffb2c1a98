"""V5. How fast people opt in.

What: well mixed, the share enrolled follows F' = F + (1-F)(p + qF), with perks worth v (p + qF)
(1 + v), for each demand class its own. On the shipped `respond`, 131,072 people whose fifteen ties
are drawn anew each month: every month given the last, and the whole path from the first on. On the
shipped `see` and `respond` over a real society of 20,000 whose people are dealt to the places of
the graph anew each month; there people have unlike numbers of ties and the share enrolled is
rounded to fifteenths, up for some and down for others, so that it is unbiased over people. Negative
control: on the same graph, everybody staying where they are, the formula is wrong and too fast, and
the check must say so.
Power: at p = 0.005, q = 0.3: by the path q wrong by 4 % or p by a fifth; by one month a chance of
0.11 wrong by 0.0088 (8.2 standard errors of 0.0011: 5.9 for the false-alarm rate over 240
comparisons, 2.33 for chance 0.99).
Wrong kernels: q ignored; the share counted twice; joining by oneself ignored; q 5 % too large;
perks of another class; ties that are scored in place of ties that are enrolled, a share rounded
down or up for everybody, or counted twice where it is seen (verify).
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from alarm import check_near, check_share, limit, must_alarm, require, smallest_fault
from mutants import with_tables, wrong
from rig import Room, acquaintances, first_pass, get, put, put_now, quiet, shipped, society, world

from glasscity.behaviour import load_behaviour
from glasscity.engine.calendar import make_calendar
from glasscity.month import see as see_module
from glasscity.month import tables as at
from glasscity.month.ledger import first_row
from glasscity.month.respond import respond
from glasscity.month.see import see
from glasscity.rates import threshold32
from glasscity.regime import load_regime

PEOPLE = 2**17
CITIZENS = 20_000
MONTHS = 24
TIES = 15  # a share of fifteen ties is a whole number of fifteenths
COMPARISONS = 10 * MONTHS
_JOINED = first_row("joined")
# The faults that the path must show, as factors of p and of q, and the one of a single month.
STATED_P, STATED_Q, STATED_MONTH = 1.2, 1.04, 0.0089
# Nearly all by contagion, which spreads from place to place on a graph.
LOCAL = (0.002, 0.9)


def opened(p: float, q: float, **fields) -> dict:
    """Return the fields of tables in which joining is open to all, without perks."""
    return {
        "adopt_alone": threshold32(p),
        "adopt_ties": threshold32(q) // 15,
        "adopt_needs": 0,
        "perk_pull": 0,
        **fields,
    }


def central() -> tuple[float, float]:
    """Return the shipped p and q."""
    tables = shipped()
    return get(tables, "adopt_alone") / 2**32, 15 * get(tables, "adopt_ties") / 2**32


# The shipped values; slow and contagious; nothing but contagion; the bound p + q = 1.
PAIRS = {
    "shipped": central(),
    "contagious": (0.005, 0.3),
    "by oneself": (0.05, 0.0),
    "bound": (0.1, 0.9),
}


def mixed_room(p: float, q: float, **fields) -> Room:
    """Return unenrolled people to whom joining is open."""
    now = put_now(mandate=0, opt_in=1)
    return Room(PEOPLE, tables=quiet(**opened(p, q, **fields)), now=now)


def enrolled(room: Room) -> np.ndarray:
    return (room.state.face.next & 2047) > 0


def mixed_month(room: Room, month: int, kernel) -> float:
    """Let people with fifteen ties each, drawn anew, join or not; return the share before."""
    share = float(enrolled(room).mean())
    seen = np.random.default_rng(month).binomial(TIES, share, room.n)
    room.state.glimpse[:] = seen << 4
    room.draw(month, at.L_RESPOND)
    room.do(kernel)
    return share


def path(p: float, q: float, months: int) -> list[tuple[float, float]]:
    """Return the formula's share enrolled after each month, with the standard error of a run.

    A month's own error is binomial; later months carry it on by the formula's slope.
    """
    share, variance, found = 0.0, 0.0, []
    for _ in range(months):
        chance = p + q * share
        slope = 1 - chance + (1 - share) * q
        variance = slope**2 * variance + (1 - share) * chance * (1 - chance) / PEOPLE
        share += (1 - share) * chance
        found.append((share, math.sqrt(variance)))
    return found


def check_mixed(p: float, q: float, kernel=respond, months: int = MONTHS) -> None:
    """Raise an alarm unless each month and the whole path follow the formula."""
    room = mixed_room(p, q)
    for month, (expected, error) in enumerate(path(p, q, months)):
        before = room.row(_JOINED)
        share = mixed_month(room, month, kernel)
        joined = room.row(_JOINED) - before
        found = float(enrolled(room).mean())
        require(found * room.n == before + joined, "the count is not of those who join")
        if before < room.n:
            check_share(
                joined,
                room.n - before,
                p + q * share,
                comparisons=COMPARISONS,
                bias=1e-8,
                what=f"month {month}",
            )
        slack = limit(COMPARISONS) * error + 1e-5
        check_near(found, expected, slack, f"enrolled after month {month}")


@pytest.mark.parametrize("pair", PAIRS)
def test_well_mixed_people_join_as_the_formula_says(pair):
    check_mixed(*PAIRS[pair])


def check_classes(kernel=respond) -> None:
    """Raise an alarm unless perks make each demand class join faster by what they are worth."""
    p, q = 0.01, 0.2
    worth = {64: 0.25, 200: 1.0}  # by income: the second and the fourth quintile, aged 30 to 44
    pull = np.zeros(50, dtype=np.int64)
    for income, value in worth.items():
        pull[((income * 5) >> 8) * 5 + 1] = round(256 * value)
    room = mixed_room(p, q, perk_pull=pull)
    room.traits.income[:] = np.where(np.arange(room.n) % 2, 200, 64)
    for month in range(12):
        before = enrolled(room)
        share = mixed_month(room, month, kernel)
        for income, value in worth.items():
            outside = ~before & (room.traits.income == income)
            joined = int((outside & enrolled(room)).sum())
            check_share(
                joined,
                int(outside.sum()),
                (p + q * share) * (1 + value),
                comparisons=COMPARISONS,
                bias=1e-8,
                what=f"income {income}, month {month}",
            )


def test_perks_make_each_class_join_faster_by_what_they_are_worth():
    check_classes()


def graph_world(p: float, q: float):
    """Return a world in which joining is open and nothing else happens, ties as they are."""
    regime = load_regime("citizen-score-2020")
    calendar = make_calendar(regime, load_behaviour(), start="2014-06")
    calendar = replace(calendar, opt_in=0, mandate=None, penalties=None, lists=None)
    fields = opened(p, q, tie_drop=0, tie_reopen=0, drift=0)
    return world(society(citizens=CITIZENS), tables=put(shipped(), **fields), calendar=calendar)


def check_graph(
    looks=see,
    joins=respond,
    *,
    pair: tuple[float, float] = (0.01, 0.3),
    stay: bool = False,
    months: int = 12,
) -> None:
    """Raise an alarm unless people join as the formula says on a real graph.

    With ``stay`` people keep their places in it; without, they are dealt to them anew each month.
    """
    p, q = pair
    one = graph_world(p, q)
    n = one.society.citizens
    ends = acquaintances(one.society)[:, :26]
    known = ends >= 0
    ties = known.sum(axis=1)
    # How much a citizen's joining weighs in all the shares that others see.
    weight = np.zeros(n)
    np.add.at(weight, ends[known], np.repeat(1 / np.maximum(ties, 1), ties))
    luck = np.random.default_rng(5)
    bits = one.state.face.now & ~np.uint32(2047)
    flags = np.zeros(n, dtype=bool)
    for month in range(months):
        if not stay:
            flags = luck.permutation(flags)
        one.state.face.now[:] = bits | flags
        one.state.face.next[:] = one.state.face.now
        joined = int(flags.sum())
        # Among the others; whoever has no ties sees nobody join.
        shares = np.where(ties > 0, joined / (n - 1), 0.0)[~flags]
        chances = p + q * shares
        known_now = first_pass(one, month, looks, joins)
        flags = (one.state.face.next & np.uint32(2047)) > 0
        found = int(known_now["counts"][_JOINED].sum())
        require(found == int(flags.sum()) - joined, "the count is not of those who join")
        share = joined / n
        variance = float((chances * (1 - chances)).sum())
        # Whoever has joined is seen by several, by some more than by others.
        variance += q**2 * share * (1 - share) * float(((weight - weight.mean()) ** 2).sum())
        slack = limit(COMPARISONS) * math.sqrt(variance) + 1
        check_near(found, float(chances.sum()), slack, f"joining on the graph in month {month}")


def test_people_dealt_to_their_places_anew_join_as_the_formula_says():
    check_graph()


def test_on_a_real_graph_the_formula_is_wrong():
    check_graph(pair=LOCAL, months=16)
    must_alarm(lambda: check_graph(pair=LOCAL, stay=True, months=16))


def test_the_share_seen_is_unbiased_over_people():
    people = np.arange(4096)
    for ties in (1, 7, 15, 20, 31):
        for some in range(ties + 1):
            seen = [see_module.fifteenths.py_func(ties, some, int(i)) for i in people]
            assert set(seen) <= {15 * some // ties, -(-15 * some // ties)}
            assert abs(np.mean(seen) - 15 * some / ties) < 0.05


@pytest.mark.verify
@pytest.mark.parametrize("p", [0.001, 0.01, 0.1])
@pytest.mark.parametrize("q", [0.0, 0.05, 0.5, 0.9])
def test_it_holds_over_the_range_of_both(p, q):
    check_mixed(p, q)
    check_graph(pair=(p, q))


def test_the_check_sees_wrong_kernels():
    p, q = PAIRS["contagious"]
    ties = threshold32(q) // 15
    faults = (
        with_tables(respond, adopt_ties=0),
        with_tables(respond, adopt_ties=2 * ties),
        with_tables(respond, adopt_ties=round(1.05 * ties)),
        with_tables(respond, adopt_alone=0),
    )
    for kernel in faults:
        must_alarm(lambda kernel=kernel: check_mixed(p, q, kernel))
    must_alarm(lambda: check_classes(with_tables(respond, perk_pull=128)))


@pytest.mark.verify
def test_the_check_sees_a_look_at_the_wrong_ties():
    enrolled = "(tally[p] >> A_ENROLLED) & A_LANE"
    share = f"enrolled = fifteenths(n, {enrolled}, start + p)"
    for other in (
        share.replace("A_ENROLLED", "A_SCORED"),
        f"enrolled = (_SHARES[n, {enrolled}] * 15 + 14) >> 14",
        f"enrolled = (_SHARES[n, {enrolled}] * 15 + 16383) >> 14",
        f"enrolled = (_SHARES[n, {enrolled}] * 30 + 14) >> 14",
    ):
        looks = wrong(see_module, (share, other)).see
        must_alarm(lambda looks=looks: check_graph(looks, pair=(0.002, 0.9), months=16))


def test_the_stated_power_is_what_the_numbers_give():
    p, q = PAIRS["contagious"]
    share = 0.35
    seen = smallest_fault(p + q * share, round(PEOPLE * (1 - share)), COMPARISONS)
    assert seen < STATED_MONTH
    right = path(p, q, MONTHS)
    wider = limit(COMPARISONS) + 2.33
    for other in (path(p, STATED_Q * q, MONTHS), path(STATED_P * p, q, MONTHS)):
        off = [abs(a - b) - wider * e - 1e-5 for (a, e), (b, _) in zip(right, other, strict=True)]
        assert max(off) > 0
