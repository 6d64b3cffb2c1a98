"""A number that knows its unit, where it comes from and how far to trust it.

Every value of the catalogue is a `Quantity`.  What was read somewhere names its source; what was
assumed says so, with a low and a high end and the reason, so that a study can sweep it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

__all__ = [
    "GRADES",
    "Grade",
    "Number",
    "Quantity",
    "Value",
    "a_month",
    "constant",
    "fault",
    "month_number",
    "month_text",
    "shaped",
]

Number: TypeAlias = int | float
Value: TypeAlias = bool | int | float | str | tuple[int | float, ...]
Grade: TypeAlias = Literal["A", "B", "C", "D"]

GRADES: Mapping[str, str] = {
    "A": "rule text or official statistic that was read",
    "B": "peer-reviewed estimate",
    "C": "press or another secondary page",
    "D": "assumption, to be swept between its low and high end",
}

_ShortText = Annotated[str, Field(min_length=1, max_length=2000)]


def fault(what: str, *, allowed: str = "", mend: str = "") -> PydanticCustomError:
    """Return the error that a validator raises, in the three parts that messages are made of.

    Parameters
    ----------
    what : str
        What is wrong, with the offending value.
    allowed : str, optional
        What would be accepted.
    mend : str, optional
        What to do about it.
    """
    return PydanticCustomError(
        "glasscity", "{what}", {"what": what, "allowed": allowed, "mend": mend}
    )


class Quantity(BaseModel):
    """A value with its unit, source and evidence grade.

    Attributes
    ----------
    value : bool, int, float, str or tuple of numbers
        The value itself.  Text stands for a choice or a month such as ``2014-06``.
    unit : str
        What it counts: ``share``, ``chance a month``, ``points``, ``month``.
    grade : {"A", "B", "C", "D"}
        See `GRADES`.  D is an assumption.
    source : str or None
        Key in the list of sources; needed for grades A to C.
    reading : str or None
        What exactly was read there, and how it became this value.
    low, high : number, tuple of numbers or None
        Ends of what is thinkable; needed for a number of grade D.
    note : str or None
        Why this value was assumed; needed for grade D.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    value: Value
    unit: Annotated[str, Field(min_length=1, max_length=80)]
    grade: Grade
    source: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=80)] | None = None
    reading: _ShortText | None = None
    low: Number | tuple[Number, ...] | None = None
    high: Number | tuple[Number, ...] | None = None
    note: _ShortText | None = None

    @model_validator(mode="after")
    def _evidence(self) -> Quantity:
        if self.grade == "D":
            if not self.note:
                raise fault(
                    "an assumption (grade D) has no note",
                    allowed="a note that says why this value was taken",
                    mend="add note: ..., or a source and its grade A, B or C",
                )
            if self.numeric and (self.low is None or self.high is None):
                raise fault(
                    "an assumed number (grade D) has no low and high",
                    allowed="low <= value <= high",
                    mend="add low: and high:, the ends of what is thinkable",
                )
        elif self.source is None:
            raise fault(
                f"a value of grade {self.grade} has no source",
                allowed="a key of sources.yaml, or of the file's own sources",
                mend="add source:, or make it grade D with low, high and note",
            )
        self._ordered()
        return self

    def _ordered(self) -> None:
        if self.low is None and self.high is None:
            return
        if not self.numeric:
            raise fault(
                "low and high are given for a value that is not a number",
                allowed="low and high for numbers only",
                mend="remove low and high",
            )
        values = self.numbers
        for end, bound in (("low", self.low), ("high", self.high)):
            if isinstance(bound, tuple) and len(bound) != len(values):
                raise fault(
                    f"{end} has {len(bound)} numbers and value has {len(values)}",
                    allowed="one number for all, or one for each",
                    mend=f"make {end} as long as value",
                )
        for value, low, high in zip(values, self.lows, self.highs, strict=True):
            if not low <= value <= high:
                raise fault(
                    f"value {value:g} is not between low {low:g} and high {high:g}",
                    allowed="low <= value <= high",
                    mend="correct the value or its ends",
                )

    @property
    def numeric(self) -> bool:
        """Whether the value is a number or a row of numbers."""
        return not isinstance(self.value, bool | str)

    @property
    def numbers(self) -> tuple[Number, ...]:
        """The value as a row of numbers; a single number is a row of one.

        Raises
        ------
        TypeError
            If the value is a word or a truth value.
        """
        if isinstance(self.value, tuple):
            return self.value
        if isinstance(self.value, bool | str):
            raise TypeError(f"{self.value!r} is not a number")
        return (self.value,)

    @property
    def lows(self) -> tuple[Number, ...]:
        """The low end of each number; the number itself where none is given."""
        return self._ends(self.low)

    @property
    def highs(self) -> tuple[Number, ...]:
        """The high end of each number; the number itself where none is given."""
        return self._ends(self.high)

    def _ends(self, end: Number | tuple[Number, ...] | None) -> tuple[Number, ...]:
        if end is None:
            return self.numbers
        return end if isinstance(end, tuple) else (end,) * len(self.numbers)

    def __float__(self) -> float:
        if isinstance(self.value, tuple | str):
            raise TypeError(f"{self.value!r} is not a single number")
        return float(self.value)

    def __int__(self) -> int:
        number = float(self)
        if number != int(number):
            raise TypeError(f"{self.value!r} is not a whole number")
        return int(number)

    def __str__(self) -> str:
        return f"{self.value} {self.unit}"


def constant(value: Value, unit: str, note: str) -> Quantity:
    """Return an assumption that a file may leave out, with no room around it.

    Parameters
    ----------
    value : bool, int, float, str or tuple of numbers
        The default.
    unit : str
        Its unit.
    note : str
        Why this is the default.
    """
    numeric = not isinstance(value, bool | str)
    ends: dict[str, Any] = {"low": value, "high": value} if numeric else {}
    return Quantity(value=value, unit=unit, grade="D", note=note, **ends)


def shaped(
    *,
    length: int | None = None,
    least: float = -math.inf,
    most: float = math.inf,
    total: float | None = None,
    whole: bool = False,
    choices: tuple[str, ...] | None = None,
) -> Callable[[Quantity], Quantity]:
    """Return a check on the form of a quantity, for use behind ``AfterValidator``.

    Parameters
    ----------
    length : int, optional
        Numbers in the row; a single number where it is left out.
    least, most : float
        Range of each number.
    total : float, optional
        What the row must sum to, to one part in a million.
    whole : bool
        Whether only whole numbers will do.
    choices : tuple of str, optional
        The words allowed; then the value is one of them and not a number.
    """

    def check(quantity: Quantity) -> Quantity:
        value = quantity.value
        if choices is not None:
            if value not in choices:
                raise fault(f"{value!r} is not a choice here", allowed=", ".join(choices))
            return quantity
        if not quantity.numeric:
            raise fault(f"{value!r} is not a number", allowed="a number")
        if length is None and isinstance(value, tuple):
            raise fault(f"{len(value)} numbers stand where one is wanted", allowed="one number")
        if length is not None and (not isinstance(value, tuple) or len(value) != length):
            count = len(value) if isinstance(value, tuple) else 1
            raise fault(
                f"{count} numbers stand where {length} are wanted", allowed=f"{length} numbers"
            )
        everything = {
            "value": quantity.numbers,
            "low": quantity.lows,
            "high": quantity.highs,
        }
        for name, numbers in everything.items():
            for number in numbers:
                if not least <= number <= most:
                    raise fault(
                        f"{name} {number:g} is outside its range", allowed=_range(least, most)
                    )
                if whole and number != int(number):
                    raise fault(f"{name} {number:g} is not whole", allowed="a whole number")
        if total is not None and abs(math.fsum(quantity.numbers) - total) > 1e-6:
            raise fault(
                f"the numbers sum to {math.fsum(quantity.numbers):.6g}",
                allowed=f"a sum of {total:g}",
                mend="correct them so that they sum up",
            )
        return quantity

    return check


def _range(least: float, most: float) -> str:
    if math.isinf(most):
        return f"{least:g} or more"
    if math.isinf(least):
        return f"{most:g} or less"
    return f"{least:g} to {most:g}"


_FIRST_YEAR, _LAST_YEAR = 1900, 2200
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")


def month_number(text: str) -> int:
    """Return a calendar month as a whole number, so that differences count months.

    Parameters
    ----------
    text : str
        ``YYYY-MM``, 1900-01 to 2200-12.

    Returns
    -------
    int
        ``12 * year + month - 1``.

    Raises
    ------
    PydanticCustomError
        If there is no such month; it is a ``ValueError``.
    """
    found = _MONTH.fullmatch(text) if isinstance(text, str) else None
    year, month = (int(found[1]), int(found[2])) if found else (0, 0)
    if not (_FIRST_YEAR <= year <= _LAST_YEAR and 1 <= month <= 12):
        raise fault(
            f"'{str(text)[:20]}' is not a month",
            allowed=f"YYYY-MM, {_FIRST_YEAR}-01 to {_LAST_YEAR}-12",
            mend="write it like 2014-06",
        )
    return 12 * year + month - 1


def month_text(number: int) -> str:
    """Return the ``YYYY-MM`` of a `month_number`."""
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


def a_month(quantity: Quantity) -> Quantity:
    """Check that a quantity is a calendar month; for use behind ``AfterValidator``."""
    month_number(str(quantity.value))
    return quantity
