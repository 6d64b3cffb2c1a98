"""V14. Stocks and flows.

What: on a real run, for every list, every cell (province, area, quintile, age, camp) and every
month, stock_t = stock_(t-1) + entries - exits by performance, appeal, expiry and correction; and
for every gate, cell and month, applications = grants + denials. The register has as many entries
and exits as the counts say, list by list. The citizen score on plainland and china-2020, as shipped
and with rare things ten times as frequent, 24 months.
Power: exact: one citizen in one cell and month.
Wrong kernels: a list that forgets to count an expiry; an appeal that takes people off uncounted; a
gate whose refusals are not counted.
"""

from __future__ import annotations

import numpy as np
import pytest
from alarm import must_alarm, require
from findings import BOOK
from mutants import wrong
from rig import Room, lively, put, put_now, quiet, shipped, society, step, world

from glasscity.month import respond as respond_module
from glasscity.month import restrict as restrict_module
from glasscity.month import tables as at
from glasscity.month.ledger import ROWS, first_row
from glasscity.month.respond import respond
from glasscity.month.restrict import restrict
from glasscity.rates import threshold32
from glasscity.terms import GATES, SPHERES

MONTHS = 24
PACKS = {"plainland": 5_000, "china-2020": 8_000}
EXITS = [row.measure for row in ROWS if row.measure.startswith("exits_") and row.list == SPHERES[0]]


def rows(counts: np.ndarray, measure: str, number: int) -> np.ndarray:
    """Return a measure's rows, [..., number, cells of the cube]."""
    first = first_row(measure)
    return counts[..., first : first + number, :]


def check_lists(months: list[np.ndarray]) -> int:
    """Raise an alarm unless the lists' stocks follow from the flows; return the entries."""
    before = np.zeros_like(rows(months[0], "listed", 4))
    entered = 0
    for month, counts in enumerate(months):
        entries = rows(counts, "entries", 4)
        exits = sum(rows(counts, measure, 4) for measure in EXITS)
        now = rows(counts, "listed", 4)
        off = now - before - entries + exits
        BOOK.counted("stocks of a list in a cell and month", off.size)
        require(not off.any(), f"month {month}: {np.abs(off).sum()} listed too many or too few")
        before = now
        entered += int(entries.sum())
    return entered


def check_gates(months: list[np.ndarray]) -> int:
    filed = 0
    for month, counts in enumerate(months):
        applications, grants, denials = (
            rows(counts, measure, len(GATES)) for measure in ("applications", "grants", "denials")
        )
        off = applications - grants - denials
        BOOK.counted("gates in a cell and month", off.size)
        require(not off.any(), f"month {month}: {np.abs(off).sum()} applications undecided")
        filed += int(applications.sum())
    return filed


def check_register(months: list[np.ndarray], logs: list[np.ndarray]) -> None:
    for month, (counts, log) in enumerate(zip(months, logs, strict=True)):
        for kind, measures in ((at.LOG_ENTRY, ["entries"]), (at.LOG_EXIT, EXITS)):
            logged = np.bincount(log[log[:, 0] == kind, 2], minlength=4)
            counted = sum(rows(counts, m, 4).sum(axis=(0, 2)) for m in measures)
            require((logged == counted).all(), f"month {month}: the register has other lists")
        denied = np.bincount(log[log[:, 0] == at.LOG_DENIAL, 2], minlength=len(GATES))
        counted = rows(counts, "denials", len(GATES)) - rows(counts, "denials_baseline", len(GATES))
        require((denied == counted.sum(axis=(0, 2))).all(), f"month {month}: other denials")


def run(pack: str, change, months: int = MONTHS):
    one = world(society(pack, PACKS[pack]), tables=change(shipped(pack)))
    done = [step(one, month) for month in range(months)]
    return [month.counts for month in done], [month.log for month in done]


@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize("change", [np.copy, lively])
def test_stocks_follow_from_flows_and_every_application_is_decided(pack, change):
    counts, logs = run(pack, change)
    entered, filed = check_lists(counts), check_gates(counts)
    check_register(counts, logs)
    assert filed > 10_000
    assert entered > (200 if change is lively else 0)


@pytest.mark.verify
@pytest.mark.parametrize("pack", PACKS)
def test_they_do_so_through_the_calendar_of_the_press_account(pack):
    from glasscity.behaviour import load_behaviour
    from glasscity.engine.calendar import make_calendar
    from glasscity.regime import load_regime

    regime = load_regime("citizen-score-2020")
    one = world(
        society(pack, 30_000),
        tables=lively(shipped(pack)),
        calendar=make_calendar(regime, load_behaviour(), start="2014-06"),
    )
    done = [step(one, month) for month in range(84)]
    check_lists([month.counts for month in done])
    check_gates([month.counts for month in done])
    check_register([month.counts for month in done], [month.log for month in done])


def by_hand(enters=restrict, answers=respond, months: int = 30) -> list[np.ndarray]:
    """Return the counts of made-up people whose records, payments and appeals come by chance."""
    tables = quiet(list_on=1, list_gravity=2, list_warning=1, list_term=5, list_exits=7)
    room = Room(2_048, tables=put(tables, appeal=threshold32(0.1)), now=put_now())
    luck = np.random.default_rng(14)
    left = []
    for month in range(months):
        shape = (4, room.n)
        gravity = luck.integers(2, 6, shape) * (luck.random(shape) < 0.05)
        room.note(at.S_OWN_GRAVITY, sum(gravity[s] << (3 * s) for s in range(4)))
        room.state.record.reference[:] = luck.integers(0, 16, room.n)
        room.state.record.evidence[:] = luck.integers(0, 16, room.n) << 4
        room.draw(month, at.L_RESPOND)
        room.counts[:] = 0
        room.do(enters)
        room.do(answers)
        left.append(room.counts[np.newaxis].copy())
    return left


def test_made_up_people_balance_too():
    assert check_lists(by_hand()) > 1_000


def test_the_check_sees_wrong_kernels():
    silent = wrong(restrict_module, ("counts[_EXPIRY + s, cell] += 1", "pass"))
    must_alarm(lambda: check_lists(by_hand(enters=silent.restrict)))
    secret = wrong(respond_module, ("counts[_EXITS_APPEAL + s, cell] += 1", "counts[0, cell] += 1"))
    must_alarm(lambda: check_lists(by_hand(answers=secret.respond)))
    counts, logs = run("plainland", np.copy, months=3)
    first = first_row("denials")
    lost = [month.copy() for month in counts]
    lost[2][0, first + 17, np.flatnonzero(lost[2][0, first + 17])[0]] -= 1
    must_alarm(lambda: check_gates(lost))
    must_alarm(lambda: check_register(lost, logs))
