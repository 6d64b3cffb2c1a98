"""Conversions between rates, chances, durations, half-lives and thresholds."""

from __future__ import annotations

import math
import subprocess
import sys
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glasscity import rates
from glasscity.errors import BadArgument
from glasscity.rates import (
    chance_from_yearly_rate,
    duration_from_hazard,
    half_life_from_memory,
    hazard_from_duration,
    memory_from_half_life,
    monthly_from_yearly_chance,
    threshold16,
    threshold32,
    yearly_from_monthly_chance,
    yearly_rate_from_chance,
)

chances = st.floats(0.0, 1.0)
ordinary_chances = st.floats(1e-12, 0.999)


@given(ordinary_chances)
def test_a_year_of_monthly_chances_is_the_yearly_chance(p):
    assert yearly_from_monthly_chance(monthly_from_yearly_chance(p)) == pytest.approx(p, rel=1e-12)


@given(st.floats(1e-9, 100.0))
def test_a_rate_survives_the_way_to_a_chance_and_back(rate):
    assert yearly_rate_from_chance(chance_from_yearly_rate(rate)) == pytest.approx(rate, rel=1e-9)


@given(st.floats(0.05, 1e6))
def test_a_half_life_survives_the_way_to_a_memory_and_back(months):
    assert half_life_from_memory(memory_from_half_life(months)) == pytest.approx(months, rel=1e-9)


@given(st.floats(1.0, 1e6))
def test_a_duration_survives_the_way_to_a_hazard_and_back(months):
    assert duration_from_hazard(hazard_from_duration(months)) == pytest.approx(months, rel=1e-12)


@given(ordinary_chances)
def test_formulas_agree_with_the_mathematical_library(p):
    assert monthly_from_yearly_chance(p) == pytest.approx(-math.expm1(math.log1p(-p) / 12))
    assert yearly_from_monthly_chance(p) == pytest.approx(-math.expm1(12 * math.log1p(-p)))
    assert chance_from_yearly_rate(p) == pytest.approx(-math.expm1(-p / 12))
    assert yearly_rate_from_chance(p) == pytest.approx(-12 * math.log1p(-p))


def test_ends_of_the_ranges_are_exact():
    assert monthly_from_yearly_chance(0.0) == 0.0
    assert monthly_from_yearly_chance(1.0) == 1.0
    assert yearly_from_monthly_chance(0) == 0.0
    assert yearly_from_monthly_chance(1) == 1.0
    assert chance_from_yearly_rate(0.0) == 0.0
    assert math.copysign(1.0, yearly_rate_from_chance(0.0)) == 1.0
    assert memory_from_half_life(0) == 1.0
    assert half_life_from_memory(1) == 0.0
    assert memory_from_half_life(1) == 0.5
    assert half_life_from_memory(0.5) == 1.0
    assert hazard_from_duration(1) == 1.0
    assert duration_from_hazard(1) == 1.0


def test_the_tiniest_chances_keep_all_their_digits():
    # 1 - p is 1 in doubles here, so a careless formula would return 0.
    assert monthly_from_yearly_chance(1.2e-200) == pytest.approx(1e-201, rel=1e-15)
    assert yearly_from_monthly_chance(5e-324) == pytest.approx(6e-323)
    assert memory_from_half_life(1e300) == pytest.approx(math.log(2) / 1e300, rel=1e-15)


@pytest.mark.parametrize(
    ("value", "bits"),
    [
        # Correctly rounded values, computed apart with mpmath at 60 digits.
        (monthly_from_yearly_chance(0.042), "0x1.d3d3d36cc4f97p-9"),
        (chance_from_yearly_rate(0.10), "0x1.0fee9a5b88784p-7"),
        (memory_from_half_life(24), "0x1.d26bb16e7497ep-6"),
    ],
)
def test_known_conversions_have_the_same_bits_everywhere(value, bits):
    assert value.hex() == bits


@given(chances)
def test_a_threshold_is_the_chance_rounded_exactly(p):
    for threshold, size in ((threshold32, 2**32), (threshold16, 2**16)):
        assert threshold(p) == min(round(Fraction(p) * size), size - 1)


@given(chances, chances)
def test_a_larger_chance_never_has_a_smaller_threshold(p, q):
    low, high = sorted((p, q))
    assert threshold32(low) <= threshold32(high)


def test_thresholds_of_nothing_and_of_certainty_fit_their_bits():
    assert threshold32(0.0) == 0
    assert threshold32(1.0) == threshold32(1.7) == 2**32 - 1
    assert threshold16(0.0) == 0
    assert threshold16(1.0) == 2**16 - 1
    assert threshold32(0.5) == 2**31
    assert threshold32(2.0**-33) == 0
    assert threshold32(1.5 * 2.0**-32) == 2


def test_arrays_and_sequences_keep_their_shape_and_the_bits_of_single_values():
    grid = np.array([[0.0, 0.1, 0.25], [0.5, 0.9, 1.0]])
    for convert in (monthly_from_yearly_chance, yearly_from_monthly_chance, threshold32):
        done = convert(grid)
        assert done.shape == grid.shape
        assert done.ravel().tolist() == [convert(x) for x in grid.ravel().tolist()]
    assert threshold32(grid).dtype == np.uint32
    assert threshold16(grid).dtype == np.uint16
    assert hazard_from_duration([1, 2, 4]).tolist() == [1.0, 0.5, 0.25]
    assert threshold16(np.array([])).shape == (0,)
    assert threshold32(np.array(0.5)) == 2**31


class Half:
    def __float__(self) -> float:
        return 0.5


def test_anything_with_a_float_value_is_a_number():
    assert threshold32(Half()) == 2**31
    assert hazard_from_duration(np.float32(2)) == 0.5
    assert monthly_from_yearly_chance(np.int64(1)) == 1.0


@pytest.mark.parametrize(
    ("convert", "value"),
    [
        (monthly_from_yearly_chance, -0.1),
        (monthly_from_yearly_chance, 1.1),
        (monthly_from_yearly_chance, math.nan),
        (yearly_from_monthly_chance, 2),
        (chance_from_yearly_rate, -1),
        (chance_from_yearly_rate, math.inf),
        (yearly_rate_from_chance, 1.0),
        (memory_from_half_life, -1),
        (memory_from_half_life, math.inf),
        (half_life_from_memory, 0),
        (hazard_from_duration, 0.5),
        (duration_from_hazard, 0),
        (threshold32, -1e-9),
        (threshold32, math.nan),
        (threshold16, [0.5, math.nan]),
        (threshold16, [0.5, -0.5]),
        (threshold32, "0.5"),
        (threshold32, None),
        (threshold32, True),
        (hazard_from_duration, [2.0, 0.5]),
    ],
)
def test_a_value_out_of_range_is_refused(convert, value):
    with pytest.raises(BadArgument):
        convert(value)


def test_the_message_names_the_value_and_the_range():
    with pytest.raises(BadArgument) as caught:
        half_life_from_memory(0)
    assert str(caught.value) == "a monthly memory cannot be 0. Allowed: from 0 (excluded) to 1."


def test_importing_the_conversions_loads_no_numpy():
    code = "import sys\nimport glasscity.rates\nprint('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_every_conversion_is_exported_and_documented():
    for name in rates.__all__:
        assert getattr(rates, name) is not None
        if callable(getattr(rates, name)):
            assert "Parameters" in getattr(rates, name).__doc__
