"""V3. Wrong entries, by where they come from.

What: with pi the chance of an event in a month, m of a miss, f of a false alarm and mu that a
record moves to the namesake, the wrong share of records is W = 1 - (1-mu) pi (1-m) / [pi (1-m) +
(1-pi) f]; what leaves one file reaches the namesake's a month later, person by person, on made-up
people and over the real pairs of a society. An alarm can also fall on a month with an event, and a
mix-up on a file with a record of its own, so of the entries on a list (one's own record first) W' =
(1-a) q / [a + (1-a) q] are wrong, a = (1-mu) pi (1-m), q = 1 - (1-f)(1 - mu pi (1-m)), which tends
to W as records grow rare. Of the stock W' L_w / (W' L_w + (1-W') L_t) are, with the mean stay L =
sum over k < D of (1-r)^(k+1) (1-c)^k, r the chance of an appeal won, c that a source finds its
mistake (0 for true entries; D without appeals). A file linked with the namesake's goes on catching
until corrected, at the same c: the closed form holds at c = 1 or mu = 0, and elsewhere a direct
solve of the chain of (link, listing) takes its place. On the shipped `record`, `restrict` and
`respond`: 131,072 people, conduct, 48 months.
Power: of W = 0.273, 0.006 (of alarms 3.1 %, of records under the right name 1.6 %); of a wrong
stock of 5.2 % of people an eighth, of one of 1.5 % a quarter; of W' among entries 4.5 %. The way to
the namesake is exact: one record.
Wrong kernels: records that move and stay; a receiver with luck of another month; false alarms 8 %
too frequent; misses a tenth too rare; links that catch nothing; mistakes found a third too rarely;
a tie of one's own and a strange record taken for wrong; the closed form where links last.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
import pytest
from alarm import check_share, must_alarm, require, smallest_fault
from mutants import with_tables, wrong
from rig import (
    ALWAYS,
    Room,
    acquaintances,
    first_pass,
    lively,
    put,
    put_now,
    quiet,
    shipped,
    society,
    world,
)

from glasscity.month import record as record_module
from glasscity.month import tables as at
from glasscity.month.act import act
from glasscity.month.ledger import first_row
from glasscity.month.record import record
from glasscity.month.respond import respond
from glasscity.month.restrict import restrict
from glasscity.month.score import score
from glasscity.month.see import see
from glasscity.rates import threshold32

# Unruly on trains: the society's list, gravity 2, and no obligation that could be paid.
TRAIN, SOCIETY, GRAVITY = 8, 2, 2
PEOPLE = 2**17
MONTHS = 48
FLOW_COMPARISONS = 4
# Rightly and wrongly listed, each sixteen months; and the entries.
STOCK_COMPARISONS = 2 * MONTHS // 16 + 1
EVERYBODY_COMMON = 3 << 4  # traits.misc: the name group of greatest risk
MOVED = 4096  # bit of S_STATUS: the record went to the namesake


@dataclass(frozen=True, kw_only=True)
class Source:
    """A source and the people it writes about, by the letters of the formula."""

    pi: float
    m: float
    f: float
    mu: float
    c: float = 1.0
    moves: bool = True

    @property
    def written(self) -> float:
        """Chance of a written event, under whatever name."""
        return self.pi * (1 - self.m)

    @property
    def own(self) -> float:
        """Chance that it stands under the right name."""
        return self.written * (1 - self.mu * self.moves)

    @property
    def strange(self) -> float:
        """Chance that a file gets something that is not its own, without links."""
        return 1 - (1 - self.f) * (1 - self.mu * self.written)

    @property
    def wrong_records(self) -> float:
        """W: the wrong share of all records, at most one of them an alarm where nothing was."""
        every = self.own + self.mu * self.written + (1 - self.pi) * self.f
        return 1 - self.own / every

    @property
    def wrong_entries(self) -> float:
        """W': the wrong share of the months in which a file gets anything."""
        strange = (1 - self.own) * self.strange
        return strange / (self.own + strange)

    def tables(self, **fields) -> np.ndarray:
        which = (np.arange(11) >= TRAIN) * ALWAYS
        return quiet(
            detect=threshold32(1 - self.m),
            mix=threshold32(self.mu),
            mix_moves=int(self.moves),
            name_risk=256,
            false_any=threshold32(self.f),
            false_which=which,
            corrected=ALWAYS if self.c == 1 else threshold32(self.c),
            **fields,
        )


def look_at_namesake(room: Room) -> None:
    """Do what `see` does: neighbours two by two are namesakes, and read last month's event."""
    twin = np.arange(room.n) ^ 1
    room.note(at.S_TWIN, twin - np.arange(room.n))
    room.note(at.S_TWIN_EVENT, (room.state.face.now[twin] >> 28).astype(np.int64))


def live(room: Room, source: Source, month: int, luck: np.random.Generator, kernel) -> None:
    """Let events happen and be written down; those to whom one happened are told by their camp."""
    happened = luck.random(room.n) < source.pi
    room.state.truth.opinion[:] = np.where(happened, -127, 127)
    room.note(at.S_STATUS, happened << TRAIN)
    room.note(at.S_FRESH, happened << TRAIN)
    room.draw(month, at.L_RARE, at.L_RESPOND)
    look_at_namesake(room)
    room.do(kernel)


def new_room(source: Source, **fields) -> Room:
    room = Room(PEOPLE, tables=source.tables(**fields), now=put_now())
    room.traits.misc[:] = EVERYBODY_COMMON
    return room


# Records.


def check_flow(kernel, source: Source, months: int = MONTHS) -> None:
    """Raise an alarm unless records are as often wrong as W says, and mix-ups reach namesakes.

    A written event stands under the right name or has moved, and without an event there can be an
    alarm: these exclude each other, so that counts and the wrong share of them are binomial.
    """
    room, luck = new_room(source), np.random.default_rng(3)
    gone, moved = np.zeros(room.n, dtype=bool), 0
    for month in range(months):
        live(room, source, month, luck, kernel)
        arrived = room.noted(at.S_FALSE_KIND) == 2
        sent = gone.reshape(-1, 2)[:, ::-1].reshape(-1)
        lost = int((arrived != sent).sum())
        require(lost == 0, f"month {month}: {lost} records were lost or made on the way")
        gone = room.noted(at.S_STATUS) & MOVED > 0
        both = int((gone & (room.noted(at.S_OWN_GRAVITY) > 0)).sum())
        copied = 0 if source.moves else int(gone.sum())
        require(both == copied, f"month {month}: {both} strayed records are in both files")
        moved += int(gone.sum())
        room.state.face.now[:] = room.state.face.next
    right = room.row(first_row("recorded") + TRAIN)
    # The camps of a cell: those to whom an event happened are the first of three.
    alarms = int(room.counts[first_row("false_alarms") + TRAIN].reshape(-1, 3)[:, 2].sum())
    counted = room.row(first_row("mix_ups") + TRAIN)
    require(counted == moved - gone.sum(), f"{counted} mix-ups counted, not {moved - gone.sum()}")
    cases = months * room.n
    for what, count, share in (
        ("under the right name", right, source.own),
        ("under the namesake's", moved, source.mu * source.written),
        ("of nothing", alarms, (1 - source.pi) * source.f),
    ):
        check_share(count, cases, share, comparisons=FLOW_COMPARISONS, what=what)
    if source.moves:
        records = right + moved + alarms
        check_share(
            moved + alarms,
            records,
            source.wrong_records,
            comparisons=FLOW_COMPARISONS,
            what="wrong records",
        )


FLOWS = [
    Source(pi=0.05, m=0.2, f=0.01, mu=0.1),
    Source(pi=0.3, m=0.5, f=0.1, mu=0.3),
    Source(pi=0.02, m=0.02, f=0.0005, mu=0.03),
    Source(pi=0.2, m=0.1, f=0.0, mu=0.5),
    Source(pi=0.05, m=0.2, f=0.01, mu=0.1, moves=False),
]


@pytest.mark.parametrize("source", FLOWS)
def test_records_are_wrong_as_often_as_the_formula_says(source):
    check_flow(record, source)


def test_the_formulas_of_records_and_of_entries_agree_where_both_are_rare():
    rare = Source(pi=1e-4, m=0.2, f=1e-5, mu=0.1)
    assert rare.wrong_entries == pytest.approx(rare.wrong_records, rel=1e-3)
    plain = 1 - 0.9 * 0.05 * 0.8 / (0.05 * 0.8 + 0.95 * 0.01)
    assert FLOWS[0].wrong_records == pytest.approx(plain)


def check_pairs(kernel, months: int = 12) -> int:
    """Raise an alarm unless, in a society, each strayed record reaches the namesake's file."""
    where = society(citizens=6_000)
    tables = put(lively(shipped()), corrected=ALWAYS, mix=2**29)
    one = world(where, tables=tables)
    gone, arrived = np.zeros((2, where.citizens), dtype=bool)
    namesakes = acquaintances(where)[:, 26]

    def note(lo, hi, scratch):
        gone[lo:hi] = scratch[at.S_STATUS, : hi - lo] & MOVED > 0
        arrived[lo:hi] = scratch[at.S_FALSE_KIND, : hi - lo] == 2

    note.py_func = note
    strayed = 0
    for month in range(months):
        sent = gone[namesakes] & (namesakes != np.arange(where.citizens))
        require(strayed == 0 or gone.sum() == sent.sum(), "a record strays without a namesake")
        first_pass(one, month, see, act, kernel, note, score, restrict)
        lost = int((arrived != sent).sum())
        require(lost == 0, f"month {month}: {lost} records were lost or made on the way")
        strayed += int(gone.sum())
        one.state.face.now[:] = one.state.face.next
    return strayed


def test_in_a_society_each_strayed_record_reaches_the_namesake_a_month_later():
    assert check_pairs(record) > 200


# Stocks.


def stay(term: int, appeal: float, found: float) -> float:
    """Return the months that an entry stands, appeals from the month of entry, finds from then."""
    return sum((1 - appeal) ** (k + 1) * (1 - found) ** k for k in range(term))


def course(source: Source, term: int, r_t: float, r_w: float, months: int) -> np.ndarray:
    """Return the shares listed rightly and wrongly [months, 2], by the chain itself.

    A file is linked or not, and free or listed, rightly or wrongly, with so many months left.
    """
    free = np.array([1.0, 0.0])  # by link
    on = np.zeros((2, 2, term + 1))  # by link; rightly or wrongly; months left
    stays = np.array([[1.0], [1 - source.c]])
    kept = np.array([[1 - r_t], [1 - r_w]])
    shares = []
    for month in range(months):
        old_free, old_on = free, on
        free, on = np.zeros(2), np.zeros_like(on)
        for link, comes, after in itertools.product((0, 1), repeat=3):
            # A namesake's record of last month comes if it strays, or by the link.
            chance = source.written * (1.0 if link else source.mu) * (month > 0)
            chance = chance if comes else 1 - chance
            if link or comes:
                chance *= 1 - source.c if after else source.c
            elif after:
                continue
            strange = 1.0 if comes else source.f
            here = old_on[link] * chance
            left = np.zeros_like(here)
            left[:, 1:term] = (here * stays)[:, 2:]
            left[:, term] = (
                old_free[link] * chance * np.array([source.own, (1 - source.own) * strange])
            )
            everybody = old_free[link] * chance + here.sum()
            left *= kept
            on[after] += left
            free[after] += everybody - left.sum()
        shares.append(on.sum(axis=(0, 2)))
    return np.array(shares)


def in_the_long_run(source: Source, term: int, r_t: float, r_w: float) -> np.ndarray:
    """Return the shares listed rightly and wrongly by the closed form, without links."""
    wrong_share = source.wrong_entries
    hazard = 1 - (1 - source.own) * (1 - source.strange)
    months = np.array([stay(term, r_t, 0), stay(term, r_w, source.c)])
    weight = np.array([1 - wrong_share, wrong_share]) * hazard * months
    return weight / (1 + weight.sum())


def check_stock(
    source: Source,
    term: int = 12,
    *,
    r_t: float = 0.0,
    r_w: float = 0.0,
    months: int = MONTHS,
    writes=record,
    lists=restrict,
    expected: np.ndarray | None = None,
) -> None:
    """Raise an alarm unless entries and stock are as often wrong as they should be.

    Of two namesakes one is watched; the other is kept on the list, so that no new listing of the
    other's hides the event that a linked file would catch, and the watched are independent.
    """
    appeal = np.zeros((4, 2), dtype=np.int64)
    appeal[SOCIETY] = threshold32(r_t), threshold32(r_w)
    room = new_room(
        source,
        list_on=[0, 0, 1, 0],
        list_gravity=GRAVITY,
        list_warning=0,
        list_term=term,
        list_exits=2 | 4,
        appeal=appeal,
        evidence=0,
    )
    luck = np.random.default_rng(33)
    standing, reference = room.state.record.standing[:, SOCIETY], room.state.record.reference
    watched = np.arange(room.n) % 2 == 0
    entries = wrong_entries = 0
    if expected is None:
        expected = course(source, term, r_t, r_w, months)
    for month in range(months):
        standing[~watched] = 127
        reference[~watched] |= 1 << SOCIETY
        free = standing == 0
        live(room, source, month, luck, writes)
        room.do(lists)
        wrongly = (reference >> SOCIETY) & 1 == 0
        entered = free & (standing > 0) & watched
        if month > 0:
            entries += int(entered.sum())
            wrong_entries += int((entered & wrongly).sum())
        room.do(respond)
        on = (standing > 0) & (standing < 128) & watched
        if month % 16 == 15:
            for what, kind, share in zip(
                ("rightly", "wrongly"), (on & ~wrongly, on & wrongly), expected[month], strict=True
            ):
                check_share(
                    int(kind.sum()),
                    room.n // 2,
                    float(share),
                    comparisons=STOCK_COMPARISONS,
                    what=f"{what} listed in month {month}",
                )
        room.state.face.now[:] = room.state.face.next
    if not linked(source):
        check_share(
            wrong_entries,
            entries,
            source.wrong_entries,
            comparisons=STOCK_COMPARISONS,
            what="wrong entries",
        )


def linked(source: Source) -> bool:
    """Return whether a file can stay linked with the namesake's."""
    return source.mu > 0 and source.c < 1


STOCKS = [
    # False alarms alone, mistakes found slowly; the same with appeals.
    (Source(pi=0.03, m=0.2, f=0.01, mu=0.0, c=0.1), 0.0, 0.0),
    (Source(pi=0.03, m=0.2, f=0.01, mu=0.0, c=0.05), 0.05, 0.3),
    # Mix-ups too, found at once: a wrong entry stands one month.
    (Source(pi=0.06, m=0.1, f=0.002, mu=0.4), 0.0, 0.0),
    (Source(pi=0.06, m=0.1, f=0.002, mu=0.4), 0.1, 0.2),
    # Mix-ups whose links last: the direct solve.
    (Source(pi=0.06, m=0.1, f=0.002, mu=0.1, c=0.08), 0.0, 0.0),
    (Source(pi=0.06, m=0.2, f=0.004, mu=0.05, c=0.04), 0.02, 0.1),
]


@pytest.mark.parametrize(("source", "r_t", "r_w"), STOCKS)
def test_the_stock_is_wrong_as_often_as_flow_and_stay_make_it(source, r_t, r_w):
    check_stock(source, r_t=r_t, r_w=r_w)


@pytest.mark.parametrize(("source", "r_t", "r_w"), STOCKS)
def test_the_direct_solve_is_the_closed_form_where_no_link_lasts(source, r_t, r_w):
    late = course(source, 12, r_t, r_w, 1_500)[-1]
    closed = in_the_long_run(source, 12, r_t, r_w)
    if linked(source):
        assert late[1] > 1.1 * closed[1]
    else:
        assert late == pytest.approx(closed, rel=1e-9)


@pytest.mark.verify
@pytest.mark.parametrize("term", [3, 24, 60])
@pytest.mark.parametrize(("source", "r_t", "r_w"), STOCKS)
def test_it_is_so_with_other_terms(source, r_t, r_w, term):
    check_stock(source, term, r_t=r_t, r_w=r_w, months=160)


# Wrong kernels.

RARE = FLOWS[0]


def test_the_check_sees_wrong_records():
    stays = with_tables(record, mix_moves=0)
    must_alarm(lambda: check_flow(stays, RARE))
    often = with_tables(record, false_any=threshold32(0.0108))
    must_alarm(lambda: check_flow(often, RARE))
    sharp = with_tables(record, detect=threshold32(0.82))
    must_alarm(lambda: check_flow(sharp, RARE))
    redrawn = wrong(record_module, ("now[at.NOW_KEY] - 1, e, risk", "now[at.NOW_KEY], e, risk"))
    must_alarm(lambda: check_flow(redrawn.record, RARE))
    must_alarm(lambda: check_pairs(redrawn.record))


def test_the_check_sees_wrong_stocks():
    alarms, links = STOCKS[0][0], STOCKS[4][0]
    forgotten = wrong(record_module, ("if linked or strays(", "if strays("))
    must_alarm(lambda: check_stock(links, writes=forgotten.record))
    slow = with_tables(record, corrected=threshold32(0.1 * 2 / 3))
    must_alarm(lambda: check_stock(alarms, writes=slow))
    strict = wrong(record_module, ("mine >= theirs and mine > 0", "mine > theirs"))
    often = Source(pi=0.1, m=0.0, f=0.1, mu=0.0, c=0.1)
    check_stock(often)
    must_alarm(lambda: check_stock(often, writes=strict.record))
    without_links = np.tile(in_the_long_run(links, 12, 0, 0), (MONTHS, 1))
    must_alarm(lambda: check_stock(links, expected=without_links))


def test_the_stated_power_is_what_the_numbers_give():
    def least(share: float, n: float, comparisons: int) -> float:
        """Return the smallest fault that is seen, as a part of the share."""
        return smallest_fault(share, round(n), comparisons) / share

    cases = MONTHS * PEOPLE
    alarms = (1 - RARE.pi) * RARE.f
    records = cases * (RARE.written + alarms)
    share = RARE.wrong_records
    assert share == pytest.approx(0.273, abs=5e-4)
    assert least(share, records, FLOW_COMPARISONS) * share < 0.006
    assert least(alarms, cases, FLOW_COMPARISONS) < 0.031
    assert least(RARE.own, cases, FLOW_COMPARISONS) < 0.016
    seen = [
        (stock, least(stock, PEOPLE / 2, STOCK_COMPARISONS))
        for stock in (in_the_long_run(*one[:1], 12, *one[1:])[1] for one in STOCKS)
    ]
    assert max(seen)[0] == pytest.approx(0.052, abs=5e-4)
    assert max(seen)[1] < 1 / 7.8
    assert min(seen)[0] == pytest.approx(0.015, abs=5e-4)
    assert min(seen)[1] < 1 / 4
    alone = STOCKS[0][0]
    free = 1 - in_the_long_run(alone, 12, 0, 0).sum()
    entries = (MONTHS - 1) * PEOPLE / 2 * free * (1 - (1 - alone.own) * (1 - alone.f))
    assert least(alone.wrong_entries, entries, STOCK_COMPARISONS) < 0.045
