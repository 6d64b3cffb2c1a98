"""One false-alarm rate for every statistical check, and the tests that keep to it.

A check compares what the shipped kernels did with a closed form.  A sound kernel fails it for a
share ``ALPHA`` of all seeds; the seeds are fixed and nothing is run twice.  Where a check makes
several comparisons they share that rate (Bonferroni).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from findings import BOOK
from scipy import stats

# Some hundred checks run in each change's tests: at 1e-6 each, a sound model is accused once in
# ten thousand changes of seed.
ALPHA = 1e-6


class Alarm(AssertionError):
    """A kernel disagrees with its closed form."""


def limit(comparisons: int = 1) -> float:
    """Return how many standard errors are still no alarm, two-sided."""
    return float(stats.norm.isf(ALPHA / comparisons / 2))


def smallest_fault(share: float, n: int, comparisons: int = 1) -> float:
    """Return the smallest error of a share that is seen with chance 0.99, by the normal law."""
    return (limit(comparisons) + 2.33) * (share * (1 - share) / n) ** 0.5


def require(held: object, message: str) -> None:
    """Raise an alarm unless something holds."""
    if not held:
        raise Alarm(message)
    BOOK.exact()


def check_near(found: float, expected: float, slack: float, what: str) -> None:
    """Raise an alarm unless a figure is within ``slack`` of the one expected."""
    off = abs(found - expected)
    if not off <= slack:
        raise Alarm(f"{what}: {found:.6g}, not {expected:.6g} within {slack:.2g}")
    BOOK.compared(what, found, expected, off / slack if slack > 0 else 0.0)


def check_share(
    count: int, n: int, expected: float, *, comparisons: int = 1, bias: float = 0.0, what: str = ""
) -> None:
    """Raise an alarm if ``count`` of ``n`` independent cases cannot have the chance expected.

    The exact binomial tails beyond the count, at the chances ``expected - bias`` and
    ``expected + bias``, where ``bias`` is the named error of a shipped table or rounding.
    """
    low = min(1.0, max(0.0, expected - bias))
    high = min(1.0, max(0.0, expected + bias))
    too_few = stats.binom.cdf(count, n, low)
    too_many = stats.binom.sf(count - 1, n, high)
    tail = min(too_few, too_many)
    if not tail >= ALPHA / comparisons / 2:
        raise Alarm(
            f"{what}: {count} of {n} are {count / n:.5f}, not {expected:.5f} (within {bias:.1e})"
        )
    errors = max(0.0, float(stats.norm.isf(min(0.5, tail))))
    BOOK.compared(what, count / n, expected, errors / limit(comparisons))


def check_mean(
    sample: np.ndarray,
    low: float,
    high: float,
    *,
    comparisons: int = 1,
    what: str = "",
) -> None:
    """Raise an alarm if a sample's expectation cannot lie in [low, high] (normal law)."""
    sample = np.asarray(sample, dtype=float)
    slack = limit(comparisons) * float(sample.std(ddof=1)) / len(sample) ** 0.5
    mean = float(sample.mean())
    if not low - slack <= mean <= high + slack:
        raise Alarm(
            f"{what}: the mean {mean:.6g} is not in [{low:.6g}, {high:.6g}] within {slack:.2g}"
        )
    expected = min(max(mean, low), high)
    BOOK.compared(what, mean, expected, abs(mean - expected) / slack if slack > 0 else 0.0)


def must_alarm(check: Callable[[], object]) -> None:
    """Fail unless a check raises an alarm: it must see the wrong kernel that it is given."""
    BOOK.muted += 1
    try:
        check()
    except Alarm:
        seen = True
    else:
        seen = False
    finally:
        BOOK.muted -= 1
    if seen:
        BOOK.fault()
        return
    raise AssertionError("the check did not see the wrong kernel")
