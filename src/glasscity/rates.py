"""Rates, chances, durations and half-lives: the only conversions between them.

The catalogue states values as their sources do: by the year, by the month, as a mean duration, as
a half-life.  The engine steps in months and compares random integers with integer thresholds.
Each conversion between the two lives here, once.

Powers, exponentials and logarithms are taken in decimal arithmetic with at least 40 significant
digits and rounded to a double at the end: the last bit of ``exp`` differs between mathematical
libraries, and fates hang on the tables made from these functions.

Each function takes one number (anything that ``float`` accepts) and returns a Python number, or
takes an array or a sequence and returns a NumPy array of the same shape with the same bits.
A value outside a function's range raises :class:`~glasscity.errors.BadArgument`.
"""

from __future__ import annotations

import decimal
import functools
import math
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol, SupportsFloat, cast, overload

from glasscity.errors import BadArgument

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = [
    "MONTHS_A_YEAR",
    "monthly_from_yearly_chance",
    "yearly_from_monthly_chance",
    "chance_from_yearly_rate",
    "yearly_rate_from_chance",
    "memory_from_half_life",
    "half_life_from_memory",
    "hazard_from_duration",
    "duration_from_hazard",
    "threshold32",
    "threshold16",
]

MONTHS_A_YEAR = 12

_DIGITS = 40
_LAST32 = 2**32 - 1
_LAST16 = 2**16 - 1


class _Conversion(Protocol):
    """A function of one number that also walks arrays and sequences."""

    @overload
    def __call__(self, value: Sequence[float] | NDArray[Any], /) -> NDArray[np.float64]: ...
    @overload
    def __call__(self, value: SupportsFloat, /) -> float: ...


def _elementwise(formula: Callable[[float], float]) -> _Conversion:
    """Let a function of one float take arrays and sequences too."""

    @functools.wraps(formula)
    def convert(value: Any, /) -> Any:
        if not _is_array(value):
            return formula(_number(value, formula.__name__))
        import numpy as np

        given = np.asarray(value, dtype=np.float64)
        # One element after the other on purpose: NumPy's own functions may differ in the last bit.
        done = [formula(x) for x in given.ravel().tolist()]
        return np.array(done, dtype=np.float64).reshape(given.shape)

    return cast("_Conversion", convert)


@_elementwise
def monthly_from_yearly_chance(chance: float) -> float:
    """Return the chance per month that gives a chance per year.

    Parameters
    ----------
    chance : float in [0, 1]
        Chance that the thing happens at least once within twelve months.

    Returns
    -------
    float in [0, 1]
        ``1 - (1 - chance) ** (1/12)``.
    """
    _check("a yearly chance", chance, 0.0, 1.0)
    if chance in (0.0, 1.0):
        return chance
    with _digits(chance):
        return float(1 - ((1 - Decimal(chance)).ln() / MONTHS_A_YEAR).exp())


@_elementwise
def yearly_from_monthly_chance(chance: float) -> float:
    """Return the chance per year that a chance per month adds up to.

    Parameters
    ----------
    chance : float in [0, 1]
        Chance per month.

    Returns
    -------
    float in [0, 1]
        ``1 - (1 - chance) ** 12``.
    """
    _check("a monthly chance", chance, 0.0, 1.0)
    with _digits(chance):
        return float(1 - (1 - Decimal(chance)) ** MONTHS_A_YEAR)


@_elementwise
def chance_from_yearly_rate(rate: float) -> float:
    """Return the chance of at least one event in a month, for events at a yearly rate.

    Parameters
    ----------
    rate : float, at least 0
        Expected events per year, in a Poisson process; it may exceed 1.

    Returns
    -------
    float in [0, 1]
        ``1 - exp(-rate / 12)``.
    """
    _check("a yearly rate", rate, 0.0, math.inf)
    with _digits(rate):
        return float(1 - (-Decimal(rate) / MONTHS_A_YEAR).exp())


@_elementwise
def yearly_rate_from_chance(chance: float) -> float:
    """Return the yearly rate at which a month sees at least one event with a given chance.

    Parameters
    ----------
    chance : float in [0, 1)
        Chance of at least one event in a month.

    Returns
    -------
    float, at least 0
        ``-12 * log(1 - chance)``, in events per year.
    """
    _check("a monthly chance", chance, 0.0, 1.0, high_open=True)
    with _digits(chance):
        return float(abs(MONTHS_A_YEAR * (1 - Decimal(chance)).ln()))


@_elementwise
def memory_from_half_life(months: float) -> float:
    """Return the weight of the newest month in a running mean that forgets by halves.

    Parameters
    ----------
    months : float, at least 0
        Months after which half of an old value's weight is gone; 0 keeps the newest month alone.

    Returns
    -------
    float in (0, 1]
        ``a = 1 - 2 ** (-1 / months)`` in ``mean = (1 - a) * mean + a * newest``.
    """
    _check("a half-life in months", months, 0.0, math.inf)
    if months == 0.0:
        return 1.0
    with _digits(1 / months if months > 1.0 else 1.0):
        return float(1 - (-Decimal(2).ln() / Decimal(months)).exp())


@_elementwise
def half_life_from_memory(memory: float) -> float:
    """Return the months after which a running mean has forgotten half of an old value.

    Parameters
    ----------
    memory : float in (0, 1]
        Weight ``a`` of the newest month in ``mean = (1 - a) * mean + a * newest``.

    Returns
    -------
    float, at least 0
        ``-log(2) / log(1 - a)``, in months; 0 where ``a`` is 1.
    """
    _check("a monthly memory", memory, 0.0, 1.0, low_open=True)
    if memory == 1.0:
        return 0.0
    with _digits(memory):
        return float(-Decimal(2).ln() / (1 - Decimal(memory)).ln())


@_elementwise
def hazard_from_duration(months: float) -> float:
    """Return the chance per month of ending that gives a mean duration.

    Parameters
    ----------
    months : float, at least 1
        Mean length of a spell that ends each month with the same chance, its last month counted.

    Returns
    -------
    float in (0, 1]
        ``1 / months``.
    """
    _check("a mean duration in months", months, 1.0, math.inf)
    return 1.0 / months


@_elementwise
def duration_from_hazard(hazard: float) -> float:
    """Return the mean duration of a spell that ends each month with the same chance.

    Parameters
    ----------
    hazard : float in (0, 1]
        Chance per month that the spell ends.

    Returns
    -------
    float, at least 1
        ``1 / hazard``, in months, the last one counted.
    """
    _check("a hazard", hazard, 0.0, 1.0, low_open=True)
    return 1.0 / hazard


@overload
def threshold32(chance: Sequence[float] | NDArray[Any]) -> NDArray[np.uint32]: ...
@overload
def threshold32(chance: SupportsFloat) -> int: ...
def threshold32(chance: Any) -> Any:
    """Return the threshold below which a 32-bit draw makes an event happen.

    The event happens if and only if ``draw < threshold`` for a draw uniform on 0 to 2**32 - 1.

    Parameters
    ----------
    chance : float or array of float, at least 0
        Chance of the event; above 1 it counts as 1.

    Returns
    -------
    int or array of uint32 in [0, 2**32 - 1]
        ``chance * 2**32`` rounded to the nearest integer, halves to even: exact in doubles, so the
        same everywhere.  A threshold of 0 never fires and stands for every chance up to 2**-33.
        The largest threshold fits 32 bits at the price that a certain event fails once in 2**32
        draws: what must always happen needs no draw.
    """
    return _threshold(chance, _LAST32, "threshold32")


@overload
def threshold16(chance: Sequence[float] | NDArray[Any]) -> NDArray[np.uint16]: ...
@overload
def threshold16(chance: SupportsFloat) -> int: ...
def threshold16(chance: Any) -> Any:
    """Return the threshold below which a 16-bit draw makes an event happen.

    As :func:`threshold32` for a draw uniform on 0 to 65,535: for frequent events only, because the
    chance is rounded to a multiple of 1/65,536 and one up to 2**-17 never fires.

    Parameters
    ----------
    chance : float or array of float, at least 0
        Chance of the event; above 1 it counts as 1.

    Returns
    -------
    int or array of uint16 in [0, 65535]
        ``chance * 2**16`` rounded to the nearest integer, halves to even.
    """
    return _threshold(chance, _LAST16, "threshold16")


def _threshold(chance: Any, last: int, name: str) -> Any:
    if not _is_array(chance):
        number = _number(chance, name)
        _check("a chance", number, 0.0, math.inf)
        return min(round(min(number, 1.0) * (last + 1)), last)
    import numpy as np

    given = np.asarray(chance, dtype=np.float64)
    if given.size:
        # The least and the greatest answer for all; either is nan where anything is.
        _check("a chance", float(given.min()), 0.0, math.inf)
        _check("a chance", float(given.max()), 0.0, math.inf)
    scaled = np.rint(np.minimum(given, 1.0) * (last + 1))
    return np.minimum(scaled, last).astype(np.uint32 if last == _LAST32 else np.uint16)


def _is_array(value: object) -> bool:
    dimensions = getattr(value, "ndim", None)
    if dimensions is not None:
        return dimensions > 0
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)


def _number(value: object, name: str) -> float:
    if isinstance(value, float):  # nearly all, and to look for a protocol takes microseconds
        return float(value)
    if isinstance(value, bool) or not isinstance(value, SupportsFloat):
        raise BadArgument(
            f"{value!r} is not a number",
            where=name,
            allowed="a number, or an array or sequence of numbers",
        )
    return float(value)


def _check(
    what: str,
    value: float,
    low: float,
    high: float,
    *,
    low_open: bool = False,
    high_open: bool = False,
) -> None:
    above = value > low if low_open else value >= low
    below = value < high if high_open else value <= high
    if above and below and math.isfinite(value):
        return
    if high == math.inf:
        allowed = f"a finite number of {low:g} or more"
    else:
        allowed = f"from {low:g}{' (excluded)' * low_open} to {high:g}{' (excluded)' * high_open}"
    raise BadArgument(f"{what} cannot be {value:g}", allowed=allowed)


def _digits(smallest: float) -> Any:
    """Return a decimal context with enough digits for 1 minus a quantity of this size."""
    size = Decimal(smallest)
    lost = max(0, -size.adjusted()) if size else 0
    return decimal.localcontext(
        decimal.Context(
            prec=_DIGITS + lost,
            rounding=decimal.ROUND_HALF_EVEN,
            Emin=-999999,
            Emax=999999,
            clamp=0,
            traps=[decimal.InvalidOperation, decimal.DivisionByZero, decimal.Overflow],
        )
    )
