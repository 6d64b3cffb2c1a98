"""V3. Wrong records, by where they come from.

What: with pi the chance of an event in a month, m of a miss, f of a false alarm and mu that a
record moves to the namesake, the wrong share of records is W = 1 - (1-mu) pi (1-m) / [pi (1-m) +
(1-pi) f], and so is each of the three kinds apart, copied instead of moved records too. What leaves
one file reaches the namesake's a month later, person by person, on made-up people and over the real
pairs of a society. f counts alarms where nothing had happened: the shipped `record` raises them at
f whether or not something did (see the stock for what that changes). On made-up people, 131,072
for 48 months, with conduct: of a debt only the month in which it begins can go to the namesake.
Power: of W = 0.273, 0.006; of alarms 3.1 %, of records under the right name 1.6 %. The way to the
namesake is exact: one record.
Wrong kernels: records that move and stay; a receiver with luck of another month; false alarms 8 %
too frequent; misses a tenth too rare.
"""

from __future__ import annotations

import numpy as np
import pytest
from alarm import check_share, must_alarm, require, smallest_fault
from mutants import with_tables, wrong
from rig import ALWAYS, acquaintances, first_pass, lively, put, shipped, society, world
from sources import MONTHS, MOVED, PEOPLE, TRAIN, Source, live, new_room

from glasscity.month import record as record_module
from glasscity.month import tables as at
from glasscity.month.act import act
from glasscity.month.ledger import first_row
from glasscity.month.record import record
from glasscity.month.restrict import restrict
from glasscity.month.score import score
from glasscity.month.see import see
from glasscity.rates import threshold32

COMPARISONS = 4


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
        check_share(count, cases, share, comparisons=COMPARISONS, what=what)
    if source.moves:
        records = right + moved + alarms
        check_share(
            moved + alarms,
            records,
            source.wrong_records,
            comparisons=COMPARISONS,
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


RARE = FLOWS[0]


def test_the_formulas_of_records_and_of_entries_agree_where_both_are_rare():
    rare = Source(pi=1e-4, m=0.2, f=1e-5, mu=0.1)
    assert rare.wrong_entries == pytest.approx(rare.wrong_records, rel=1e-3)
    plain = 1 - 0.9 * 0.05 * 0.8 / (0.05 * 0.8 + 0.95 * 0.01)
    assert RARE.wrong_records == pytest.approx(plain)


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


def test_the_stated_power_is_what_the_numbers_give():
    cases = MONTHS * PEOPLE
    alarms = (1 - RARE.pi) * RARE.f
    records = round(cases * (RARE.written + alarms))
    assert RARE.wrong_records == pytest.approx(0.273, abs=5e-4)
    assert smallest_fault(RARE.wrong_records, records, COMPARISONS) < 0.006
    assert smallest_fault(alarms, cases, COMPARISONS) < 0.031 * alarms
    assert smallest_fault(RARE.own, cases, COMPARISONS) < 0.016 * RARE.own
