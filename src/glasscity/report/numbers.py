"""How numbers are written: no digit beyond what the size of the run supports.

A share of n people moves by about its binomial standard error from one run to the next.  The last
digit written is the one that twice that error reaches; everything behind it would be noise.
"""

from __future__ import annotations

import math

__all__ = [
    "clear_difference",
    "count",
    "decimals_of_share",
    "decimals_within",
    "one_in",
    "percent",
    "plain",
    "points",
    "points_within",
    "rounded_count",
    "several",
    "span",
    "whole",
    "within",
]

# Between a number and its unit: narrow, and never at the end of a line.
GAP = "\N{NARROW NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
MOST_DECIMALS = 4


def decimals_of_share(share: float, size: float) -> int:
    """Return how many decimals a percentage may show.

    Parameters
    ----------
    share : float
        The share.
    size : float
        What it is a share of.

    Returns
    -------
    int, 0 to 4
    """
    size = max(size, 1.0)
    spread = max(abs(share * (1.0 - share)), 1.0 / size)
    return _decimals(200.0 * math.sqrt(spread / size))


def decimals_within(error: float) -> int:
    """Return how many decimals a number may show whose error is this, in its own unit."""
    return _decimals(error)


def _decimals(noise: float) -> int:
    return min(max(-math.floor(math.log10(noise)), 0), MOST_DECIMALS) if noise > 0 else 0


def percent(share: float, size: float) -> str:
    """Return a share as a percentage, such as ``10.6 %``."""
    decimals = decimals_of_share(share, size)
    text = _fixed(100.0 * share, decimals)
    if share and not float(text.replace(",", "").replace(MINUS, "-")):
        return f"under {10.0**-decimals:.{decimals}f}{GAP}%"
    return f"{text}{GAP}%" if share not in {0, 1} else f"{100 * share:.0f}{GAP}%"


def points(difference: float, share: float, size: float) -> str:
    """Return a difference of two shares in percentage points, signed."""
    decimals = decimals_of_share(share, size)
    if math.isclose(100.0 * difference, round(100.0 * difference), abs_tol=1e-9):
        decimals = 0
    text = _fixed(100.0 * difference, decimals)
    if not float(text.replace(",", "").replace(MINUS, "-")):
        if not difference:
            return "no difference"
        return f"less than {10.0**-decimals:.{decimals}f} points"
    return f"{'' if difference < 0 else '+'}{text} points"


def span(low: float, high: float, size: float) -> str:
    """Return an interval of shares: always both ends, however close, unless nothing is there."""
    if not high:
        return "none"
    decimals = max(decimals_of_share(low, size), decimals_of_share(high, size))
    return f"{_fixed(100 * low, decimals)} to {_fixed(100 * high, decimals)}{GAP}%"


def count(value: float) -> str:
    """Return a number of things as it was counted."""
    return _fixed(value, 0)


def rounded_count(value: float) -> str:
    """Return a count without the digits that another run would change."""
    if abs(value) < 1:
        return "0"
    unit = 10 ** max(math.floor(math.log10(2.0 * math.sqrt(abs(value)))), 0)
    return _fixed(round(value / unit) * unit, 0)


def plain(value: float, size: float) -> str:
    """Return a mean, coefficient or correlation with the digits that its size supports."""
    if not value:
        return "0"
    noise = 2.0 * max(3.0 * abs(value), 0.3) / math.sqrt(max(size, 1.0))
    decimals = _decimals(noise)
    if 0 < value < 0.5 * 10.0**-decimals:
        return f"under {10.0**-decimals:.{decimals}f}"
    return _fixed(value, decimals)


def whole(value: float) -> str:
    """Return a length in whole months."""
    return several(value, "month", "months")


def several(value: float, one: str, more: str) -> str:
    """Return a number of things with the word that fits it."""
    return f"{count(value)} {one if value == 1 else more}"


def one_in(share: float) -> str:
    """Return a share in words: ``about one in nine``; "" where words would not help."""
    if not 0 < share < 1:
        return ""
    if share >= 0.45:
        tenths = round(10 * share)
        return f"about {tenths} in 10" if tenths < 10 else "nearly all"
    several = 1.0 / share
    unit = 10 ** max(math.floor(math.log10(several)) - 1, 0)
    return f"about one in {round(several / unit) * unit:,}"


def clear_difference(first: float, second: float, size: float | None) -> bool:
    """Return whether two figures differ by more than chance alone might make two runs differ.

    Parameters
    ----------
    first, second : float
        Shares of ``size``, or two counts if ``size`` is None.
    size : float or None
        What they are shares of.

    Returns
    -------
    bool
        True beyond twice the standard error of a difference between two unrelated worlds.  The two
        worlds of a pair share their luck, so the test errs on the side of silence.
    """
    if size is None:
        return abs(first - second) > 2.0 * math.sqrt(max(first + second, 1.0))
    spread = max(first * (1 - first) + second * (1 - second), 1.0 / max(size, 1.0))
    return abs(first - second) > 2.0 * math.sqrt(spread / max(size, 1.0))


def _fixed(value: float, decimals: int) -> str:
    text = f"{abs(value):,.{decimals}f}"
    return f"{MINUS}{text}" if value < 0 and float(text.replace(",", "")) else text


def points_within(difference: float, error: float | None) -> str:
    """Return a difference of shares in points, signed, with the digits that its error supports."""
    if not difference:
        return "0 points"
    decimals = 1 if not error else _decimals(100.0 * error)
    text = _fixed(100.0 * difference, decimals)
    return f"{'' if difference < 0 else '+'}{text} points"


def within(value: float, error: float | None) -> str:
    """Return a number with the digits that its error supports."""
    if not error:
        # Two digits, and none behind the point of what is a hundred or more.
        text = f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2g}"
        return text.replace("-", MINUS)
    if error >= 1:
        unit = 10 ** max(math.floor(math.log10(error)), 0)
        return _fixed(round(value / unit) * unit, 0)
    return _fixed(value, _decimals(error))
