"""V3. Wrong entries on a list, and how many of those on it are.

What: an alarm can fall on a month with an event too, and a mix-up on a file with a record of its
own, so of the entries (one's own record first) W' = (1-a) q / [a + (1-a) q] are wrong, a = (1-mu)
pi (1-m), q = 1 - (1-f)(1 - mu pi (1-m)): W itself where records are rare. Of the stock W' L_w / (W'
L_w + (1-W') L_t) are, with the mean stay L = sum over k < D of (1-r)^(k+1) (1-c)^k, r the chance of
an appeal won, c that a source finds its mistake (0 for true entries; D without appeals). A file
linked with the namesake's goes on catching until corrected, at the same c: the closed form holds at
c = 1 or mu = 0, and elsewhere a direct solve of the chain of (link, listing) takes its place. An
entry counts by the obligation that it names. On the shipped `record`, `restrict` and `respond`:
65,536 people and their namesakes, conduct, 48 months.
Power: of a wrong stock of 5.2 % of people an eighth, of one of 1.5 % a quarter; of W' among entries
4.5 %.
Wrong kernels: links that catch nothing; mistakes found a third too rarely; a tie of one's own and a
strange record taken for wrong; the closed form where links last.
"""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from alarm import check_share, must_alarm, smallest_fault
from mutants import with_tables, wrong
from sources import GRAVITY, MONTHS, PEOPLE, SOCIETY, Source, live, new_room

from glasscity.month import record as record_module
from glasscity.month.record import record
from glasscity.month.respond import respond
from glasscity.month.restrict import restrict
from glasscity.rates import threshold32


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
                    comparisons=comparisons(months),
                    what=f"{what} listed in month {month}",
                )
        room.state.face.now[:] = room.state.face.next
    if not linked(source):
        check_share(
            wrong_entries,
            entries,
            source.wrong_entries,
            comparisons=comparisons(months),
            what="wrong entries",
        )


def comparisons(months: int) -> int:
    """Return how many comparisons a check of stocks makes."""
    return 2 * (months // 16) + 1  # rightly and wrongly listed, each sixteen months; the entries


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


@pytest.mark.verify
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
    def least(share: float, n: float) -> float:
        """Return the smallest fault that is seen, as a part of the share."""
        return smallest_fault(share, round(n), comparisons(MONTHS)) / share

    stocks = [in_the_long_run(source, 12, r_t, r_w)[1] for source, r_t, r_w in STOCKS]
    assert max(stocks) == pytest.approx(0.052, abs=5e-4)
    assert least(max(stocks), PEOPLE / 2) < 1 / 7.8
    assert min(stocks) == pytest.approx(0.015, abs=5e-4)
    assert least(min(stocks), PEOPLE / 2) < 1 / 4
    alone = STOCKS[0][0]
    free = 1 - in_the_long_run(alone, 12, 0, 0).sum()
    entries = (MONTHS - 1) * PEOPLE / 2 * free * (1 - (1 - alone.own) * (1 - alone.f))
    assert least(alone.wrong_entries, entries) < 0.045
