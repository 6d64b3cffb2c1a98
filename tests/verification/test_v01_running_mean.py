"""V1. The running mean that every record is kept in.

What: from x0, with independent inputs of chance p and weight a of the newest month: mean p + (x0 -
p)(1-a)^t; variance p(1-p) a/(2-a) [1 - (1-a)^(2t)]; regression on the value k months ago (1-a)^k.
On the shipped `record` kernel: 40,960 people whose contempt is seen with chance p. The shipped
rounding is downwards: it biases a mean by less than 1/a units of 1/65535 (0.04 % of the range at a
= 1/24, about half of that on average), never upwards, and a mean of zeros reaches zero.
Power: path by path, a memory wrong by 1 % (its 20 to 50 units exceed the bound of 1/a units); by
variance alone, 6 %. Rounding to the nearest, which stalls above zero, is seen exactly.
Wrong kernels: a memory 1 % too long; by its variance alone, one 6 % too long; rounding to the
nearest.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from alarm import check_mean, check_near, check_share, limit, must_alarm, require
from mutants import wrong
from numba import njit
from rig import Room, get, quiet, shipped

from glasscity.month import record as record_module
from glasscity.month import tables as at
from glasscity.month.record import record
from glasscity.month.shared import toward
from glasscity.rates import threshold32

CONTEMPT, JUDICIARY = 6, 3
WHOLE = 65535
PEOPLE = 40 * 1024
LAGS = (1, 6, 24)
_COMPARISONS = 40


def paths(kernel, memory: int, true_memory: int, chance: float, start: float, months: int):
    """Return (kernel's values, exact running means) [months + 1, people]."""
    room = Room(PEOPLE, tables=quiet(memory=memory))
    bound = threshold32(chance)
    room.tables[at.DETECT + 8 * CONTEMPT : at.DETECT + 8 * CONTEMPT + 8] = bound
    room.note(at.S_STATUS, 1 << CONTEMPT)
    shown = room.state.record.deficits[:, JUDICIARY]
    shown[:] = round(start * WHOLE)
    exact = shown.astype(float)
    records = 0
    values, means = [shown.copy()], [exact.copy()]
    for month in range(months):
        room.now[at.NOW_KEY] = month
        old = shown.copy()
        room.do(kernel)
        # Only a month with a record does not lower a mean.
        seen = (shown > old) | ((shown == old) & (old > 0))
        records += int(seen.sum())
        exact += (seen * WHOLE - exact) * (true_memory / 65536)
        values.append(shown.copy())
        means.append(exact.copy())
    check_share(records, months * PEOPLE, chance, comparisons=_COMPARISONS, what="records")
    return np.array(values, dtype=np.int64), np.array(means)


def check(kernel, memory: int, true_memory: int, chance: float, start: float) -> None:
    a = true_memory / 65536
    months = max(30, round(5 / a))
    values, exact = paths(kernel, memory, true_memory, chance, start, months)
    gap = exact - values
    require(gap.min() > -1e-6, f"the rounding raises a mean by {-gap.min():.1f} units")
    require(gap.max() < 1 / a, f"the rounding lowers a mean by {gap.max():.1f} units")

    check_moments(values, a, chance, (1, 3, round(1 / a), months))

    last = values[-1] / WHOLE
    for lag in LAGS:
        past = values[-1 - lag] / WHOLE
        x, y = past - past.mean(), last - last.mean()
        slope = float(x @ y / (x @ x))
        rest = float((y - slope * x).std() / x.std() / PEOPLE**0.5)
        slack = limit(_COMPARISONS) * rest + 1 / a / WHOLE / float(x.std())
        check_near(slope, (1 - a) ** lag, slack, f"lag {lag}")


def check_moments(values: np.ndarray, a: float, chance: float, months: Sequence[int]) -> None:
    """Raise an alarm unless mean and variance over people are those of the formula."""
    x0 = values[0, 0] / WHOLE
    below = 1 / a / WHOLE
    for t in months:
        now = values[t] / WHOLE
        mean = chance + (x0 - chance) * (1 - a) ** t
        check_mean(now, mean - below, mean, comparisons=_COMPARISONS, what=f"month {t}")
        square = (now - now.mean()) ** 2
        variance = chance * (1 - chance) * a / (2 - a) * (1 - (1 - a) ** (2 * t))
        # The rounding's spread is at most half its range.
        low, high = (max(0.0, variance**0.5 + sign * below / 2) ** 2 for sign in (-1, 1))
        check_mean(square, low, high, comparisons=_COMPARISONS, what=f"variance of month {t}")


def memories() -> list[int]:
    """Return the shipped memories of records: of the citizen score, of an unscored world."""
    return sorted({get(shipped(regime=r), "memory") for r in ("citizen-score-2020", "unscored")})


@pytest.mark.parametrize("memory", memories())
@pytest.mark.parametrize(("chance", "start"), [(0.3, 1.0), (0.05, 0.0)])
def test_a_record_forgets_as_the_running_mean_does(memory, chance, start):
    check(record, memory, memory, chance, start)


@pytest.mark.verify
@pytest.mark.parametrize("memory", [1311, 6554, 10923, 32768, 65536])
@pytest.mark.parametrize(("chance", "start"), [(0.5, 0.0), (0.9, 0.2), (0.01, 0.5)])
def test_a_record_forgets_so_with_every_memory_of_the_catalogues_ranges(memory, chance, start):
    check(record, memory, memory, chance, start)


def fall(step, memory: int) -> tuple[int, int]:
    """Return where a mean of zeros from the top, and one of ones from zero, come to rest."""

    @njit
    def go(x, target, memory):
        for _ in range(100_000):
            x = step(x, target, memory)
        return x

    return go(WHOLE, 0, memory), go(0, WHOLE, memory)


def check_rest(step, memory: int) -> None:
    bottom, top = fall(step, memory)
    require(bottom == 0, f"a mean of zeros stalls at {bottom}")
    require(WHOLE - 65536 / memory < top <= WHOLE, f"a mean of ones stalls at {top}")


@pytest.mark.parametrize("memory", [1, 700, *memories(), 65536])
def test_a_mean_of_zeros_reaches_zero_and_one_of_ones_nearly_one(memory):
    check_rest(toward, memory)


@njit
def nearest(x, target, memory):
    return x + (((target - x) * memory + 32768) >> 16)


def test_the_check_sees_wrong_kernels():
    memory = memories()[0]
    must_alarm(lambda: check(record, round(memory * 0.99), memory, 0.3, 1.0))
    must_alarm(lambda: check_rest(nearest, memory))
    kernel = wrong(record_module, names={"toward": nearest}).record
    must_alarm(lambda: check(kernel, memory, memory, 0.3, 1.0))


def late_values(memory: int, true_memory: int) -> tuple[np.ndarray, float, int]:
    """Return paths from their own mean, so that only the variance tells a memory; a; months."""
    a = true_memory / 65536
    months = round(5 / a)
    values, _ = paths(record, memory, true_memory, 0.3, 0.3, months)
    return values, a, months


def test_the_stated_power_is_what_the_numbers_give():
    memory = memories()[0]
    values, a, months = late_values(memory, memory)
    check_moments(values, a, 0.3, [months])
    square = (values[-1] / WHOLE - values[-1].mean() / WHOLE) ** 2
    error = float(square.std() / square.mean()) / PEOPLE**0.5
    rounding = 1 / a / WHOLE / float(square.mean()) ** 0.5
    longer = 0.94 * a
    change = 1 - longer / (2 - longer) / (a / (2 - a))
    assert (limit(_COMPARISONS) + 2.33) * error + rounding < change
    values, a, months = late_values(round(0.94 * memory), memory)
    must_alarm(lambda: check_moments(values, a, 0.3, [months]))
