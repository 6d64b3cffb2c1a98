"""A value says where it comes from, or that it was assumed and how far it might be off."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from glasscity.quantity import Quantity, constant, month_number, month_text


def made(**changes: object) -> Quantity:
    whole = {"value": 0.3, "unit": "share", "grade": "D", "low": 0, "high": 1, "note": "A guess."}
    return Quantity.model_validate({**whole, **changes})


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"note": None}, "has no note"),
        ({"low": None}, "has no low and high"),
        ({"grade": "A"}, "has no source"),
        ({"grade": "E"}, "Input should be 'A', 'B', 'C' or 'D'"),
        ({"value": 2}, "value 2 is not between low 0 and high 1"),
        ({"low": 0.5}, "value 0.3 is not between low 0.5 and high 1"),
        ({"value": [0.1, 0.2], "low": [0]}, "low has 1 numbers and value has 2"),
        ({"value": "mean"}, "for a value that is not a number"),
        ({"value": float("nan")}, "finite"),
        ({"colour": "red"}, "Extra inputs"),
    ],
)
def test_a_quantity_without_evidence_is_refused(changes: dict[str, object], expected: str) -> None:
    with pytest.raises(ValidationError, match=expected):
        made(**changes)


def test_a_quantity_is_a_number_where_it_is_one() -> None:
    assert float(made()) == 0.3
    assert int(made(value=1)) == 1
    assert made(value=[0.1, 0.2]).numbers == (0.1, 0.2)
    assert made(value=[0.1, 0.2], low=[0, 0.1]).lows == (0, 0.1)
    assert made(value=True, low=None, high=None).value is True
    for wrong in (made(value=[0.1]), made(value="x", low=None, high=None)):
        with pytest.raises(TypeError):
            float(wrong)
    with pytest.raises(TypeError):
        int(made())


def test_a_quantity_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        made().value = 1  # type: ignore[misc]


def test_a_constant_has_no_room_around_it() -> None:
    assert constant(0, "logit", "Unused.").highs == (0,)
    assert constant("none", "choice", "Unused.").low is None


def test_months_count_across_years() -> None:
    assert month_number("2020-01") - month_number("2014-06") == 67
    assert month_text(month_number("1999-12") + 1) == "2000-01"
    for wrong in ("2014-13", "2014-6", "1899-12", "2201-01", "june", "", "2014-06-01"):
        with pytest.raises(ValueError, match="is not a month"):
            month_number(wrong)
