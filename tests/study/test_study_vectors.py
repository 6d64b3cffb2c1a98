"""Vectors: ranges as declared, scales, and designs that are Latin and keyed."""

from __future__ import annotations

import numpy as np
import pytest

from glasscity.behaviour import altered, load_behaviour
from glasscity.errors import BadArgument
from glasscity.study.vectors import FREE, Free, hypercube, ranges, uniforms


def test_every_free_parameter_has_the_range_that_central_declares():
    central = load_behaviour()
    found = {one.name: one for one in ranges(central)}
    assert tuple(found) == FREE
    for name, one in found.items():
        if "." not in name:
            quantity = getattr(central, name)
            assert (one.low, one.high) == (quantity.low, quantity.high)
        assert one.log == (one.low > 0 and one.high / one.low >= 10)
    # The poorest fifth saves no more than the next.
    assert found["saving_by_quintile.0"].high == central.saving_by_quintile.numbers[1]
    assert found["unwilling_onset"].log
    assert not found["slip"].log


@pytest.mark.parametrize(
    "one", [Free("x", -0.2, 0.6, False), Free("x", 1e-3, 2e-2, True), Free("x", 0.0, 1.0, False)]
)
def test_a_place_gives_its_value_and_back(one):
    for place in np.linspace(0, 1, 21):
        value = one.value(place)
        assert one.low <= value <= one.high
        assert one.place(value) == pytest.approx(place, abs=1e-3)
        assert one.value(one.place(value)) == value
    assert one.value(0) == one.low
    assert one.value(1) == one.high


def test_half_way_on_a_logarithmic_scale_is_the_geometric_mean():
    assert Free("x", 0.001, 0.1, True).value(0.5) == 0.01


def test_a_range_without_room_is_refused():
    central = load_behaviour()
    narrow = central.slip.model_copy(update={"low": 0.0053, "high": 0.0053})
    with pytest.raises(BadArgument, match="'slip' has no range"):
        ranges(central.model_copy(update={"slip": narrow}))


@pytest.mark.parametrize(("rows", "columns"), [(2, 1), (7, 5), (160, 35)])
def test_a_hypercube_has_one_vector_in_every_slice_of_every_parameter(rows, columns):
    table = hypercube(3, 1, rows, columns)
    assert table.shape == (rows, columns)
    assert (np.sort((table * rows).astype(int), axis=0) == np.arange(rows)[:, None]).all()


def test_columns_of_a_hypercube_know_nothing_of_each_other():
    table = hypercube(11, 1, 1000, 8)
    likeness = np.corrcoef(table.T) - np.eye(8)
    # 28 pairs, each with a spread of 1 / sqrt(1000).
    assert np.abs(likeness).max() < 4 / np.sqrt(1000)


def test_designs_are_keyed_by_seed_and_part():
    first = uniforms(5, 1, 50, 3)
    assert (first == uniforms(5, 1, 50, 3)).all()
    # More rows and columns change none of those that were there.
    assert (first == uniforms(5, 1, 80, 6)[:50, :3]).all()
    for other in (uniforms(6, 1, 50, 3), uniforms(5, 2, 50, 3)):
        assert not (first == other).any()
    assert first.min() > 0
    assert first.max() < 1


def test_an_altered_behaviour_differs_where_it_was_told_and_keeps_ranges():
    central = load_behaviour()
    other = altered(
        central,
        {"slip": 0.004, "saving_by_quintile.0": 0.3},
        name="other",
        title="Another",
        about="For a test.",
    )
    assert float(other.slip) == 0.004
    assert other.slip.low == central.slip.low
    assert other.saving_by_quintile.numbers == (0.3, *central.saving_by_quintile.numbers[1:])
    assert other.shock == central.shock
    with pytest.raises(ValueError, match="not between low"):
        altered(central, {"slip": 0.1}, name="x", title="x", about="x")
