"""A world in ranges of blocks, with what they show each other, is the world in one piece."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from month_worlds import ACCOUNT, BUSY, GUARDED, MEDDLED, SCHEME, SCORE, Case

from glasscity.draws import MONTH_ZERO
from glasscity.engine.halo import Halo
from glasscity.engine.world import Month, Workers, World

CASES = [
    Case(
        "everything at work",
        citizens=9_000,
        tables=BUSY | MEDDLED | GUARDED,
        stirred=True,
        operators=True,
        everywhere=20,
    ),
    Case(
        "an account of points",
        citizens=9_000,
        regime=SCHEME,
        tables=ACCOUNT,
        stirred=True,
        month=8,
    ),
    Case("gates by score", country="china-2020", citizens=5_000, tables=SCORE, everywhere=30),
]
ADDED = (
    *("log", "histogram", "moments", "shapley", "deciles", "couples", "counts"),
    *("state_sum", "cuts", "log_rows_first"),
)
# What others may know of somebody: age and occupation, the name.
KNOWN = {"who", "misc"}


def spans(blocks: int, number: int) -> list[tuple[int, int]]:
    """Return so many ranges of unequal length."""
    edges = [blocks * k * k // number**2 for k in range(number)] + [blocks]
    edges = sorted({max(k, edge) for k, edge in enumerate(edges)})
    return list(pairwise(edges))


def in_range(case: Case, span: tuple[int, int], whole: World) -> World:
    """Return a world that steps a range, and knows nothing true of the others but their faces."""
    luck = np.random.default_rng(span)
    blocks, society = whole.society.blocks, whole.society
    mine = slice(int(blocks[span[0], 0]), int(blocks[span[1] - 1, 1]))
    state = whole.state.copy()
    seen = {"face.now", "face.deed", "audit.shadow"}
    columns = [array for name, array in state.columns().items() if name not in seen]
    traits = {name: array.copy() for name, array in society.traits._asdict().items()}
    columns += [array for name, array in traits.items() if name not in KNOWN]
    for array in columns:
        if len(array):
            own = array[mine].copy()
            array.view(np.uint8)[:] = luck.integers(0, 256, array.view(np.uint8).shape, np.uint8)
            array[mine] = own
    return World(
        replace(society, traits=type(society.traits)(**traits)),
        tables=whole.fused,
        calendar=whole.calendar,
        gates=whole.gates,
        state=state,
        workers=Workers(1, len(society.cells)),
        span=span,
        **case.more(),
    )


def together(parts: list[World], halos: list[Halo], month: int, key: int) -> tuple[Month, int]:
    """Step ranges side by side; return the month, and how many faces were shown."""
    shown = [halo.show(part.state, key) for halo, part in zip(halos, parts, strict=True)]
    luck = np.random.default_rng(key)
    sent = 0
    for k, part in enumerate(parts):
        # Nothing true is left of the others but what they show now.
        for array in (part.state.face.now, part.state.face.deed, part.state.audit.shadow):
            own = array[part.people].copy()
            array[:] = luck.integers(0, 3, len(array))
            array[part.people] = own
        seen = [shown[j][halos[j].others.index(k)] for j in halos[k].others]
        halos[k].see(part.state, key, seen)
        sent += sum(len(faces) for faces, _ in seen)
    return alone(parts, month, key), sent


def alone(parts: list[World], month: int, key: int) -> Month:
    """Step ranges that show each other nothing but their scores."""
    histogram = np.sum([part.first(month, key=key) for part in parts], axis=0)
    for part in parts:
        part.second(histogram)
        part.turn()
    return Month.merged([part.closed() for part in parts])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
@pytest.mark.parametrize("number", [2, 3])
def test_ranges_that_show_each_other_faces_leave_what_the_whole_leaves(case, number):
    whole = case.world(*case.parts())
    divided = spans(len(whole.society.blocks), number)
    parts = [in_range(case, span, whole) for span in divided]
    halos = [Halo(whole.society, divided, k) for k in range(number)]
    assert len(parts) == number
    left, sent = [], 0
    for month in range(case.month, case.month + case.months):
        one = whole.step(month, key=MONTH_ZERO + month)
        many, faces = together(parts, halos, month, MONTH_ZERO + month)
        for name in ADDED:
            assert np.array_equal(getattr(one, name), getattr(many, name)), (month, name)
        left.append((len(one.log), int(one.histogram.sum())))
        sent += faces
        for world in (whole, *parts):
            world.clear()
    assert all(min(row) > 0 for row in left[1:])
    assert case.tables.get("list_on") == 0 or many.log_rows_first > 0
    assert 0 < sent <= case.months * (number - 1) * whole.society.citizens
    for part in parts:
        for name, array in part.state.columns().items():
            if len(array):
                assert np.array_equal(array[part.people], whole.state.columns()[name][part.people])
        part.workers.close()


def test_a_range_refuses_what_it_does_not_expect():
    case = CASES[0]
    whole = case.world(*case.parts())
    divided = spans(len(whole.society.blocks), 3)
    one, other = Halo(whole.society, divided, 0), Halo(whole.society, divided, 1)
    faces, manners = other.show(whole.state, MONTH_ZERO)[0]
    with pytest.raises(ValueError, match="faces were shown"):
        one.see(whole.state, MONTH_ZERO, [(faces[1:], manners[1:])] * 2)


def test_a_range_that_is_not_shown_the_others_lives_another_life():
    case = CASES[0]
    whole = case.world(*case.parts())
    parts = [in_range(case, span, whole) for span in spans(len(whole.society.blocks), 2)]
    same = []
    for month in range(case.month, case.month + 3):
        key = MONTH_ZERO + month
        one = whole.step(month, key=key)
        many = alone(parts, month, key)
        same.append(one.state_sum == many.state_sum)
        for world in (whole, *parts):
            world.clear()
    assert same[0]
    assert not any(same[1:])
    for part in parts:
        part.workers.close()
