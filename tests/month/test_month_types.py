"""Fates are decided on integers: no kernel holds a float, no column leaves its type or range."""

from __future__ import annotations

import importlib
import pkgutil
import re

import numpy as np
import pytest
from month_stages import STAGES, Bench
from month_worlds import BUSY, FRIENDS, Case
from numba.core.dispatcher import Dispatcher

import glasscity.engine.step as step
from glasscity import month
from glasscity.draws import MONTH_ZERO
from glasscity.engine.step import state_hash
from glasscity.month.ledger import CELLS
from glasscity.society import ties
from glasscity.society.state import COLUMNS
from reference.tally import log_rows

CASE = Case("busy", citizens=700, seed=41, months=6, tables=BUSY, stirred=True)


def kernels():
    """Every kernel of the month, by name."""
    names = [f"glasscity.month.{found.name}" for found in pkgutil.iter_modules(month.__path__)]
    modules = [*map(importlib.import_module, names), step, ties]
    return {
        f"{module.__name__}.{name}": thing
        for module in modules
        for name, thing in vars(module).items()
        if isinstance(thing, Dispatcher)
    }


@pytest.fixture(scope="module")
def stepped():
    """A busy world and what it was like after each of its months."""
    tables, calendar, gates, state = CASE.parts()
    world = CASE.world(tables, calendar, gates, state)
    months = []
    for number in range(CASE.month, CASE.month + CASE.months):
        result = world.step(number, key=MONTH_ZERO + number)
        months.append({name: c.copy() for name, c in world.state.columns().items()})
        world.clear()
    return world, months, result


def test_no_kernel_of_the_month_holds_a_float(stepped):
    Bench(CASE).before_each()[STAGES[-1]].run(
        STAGES[-1]
    )  # one by one, with a type for each argument
    looked = 0
    for name, kernel in kernels().items():
        for overload in kernel.overloads.values():
            inferred = str(overload.type_annotation)
            looked += "int64" in inferred
            found = re.findall(r"float\d+", inferred + str(overload.signature))
            assert not found, f"{name} holds {set(found)}"
    # The annotations are there to look at, also for kernels that come from the cache.
    assert looked >= len(STAGES) + 3


def test_columns_keep_their_type_and_range(stepped):
    _, months, _ = stepped
    for columns in months:
        for column in COLUMNS:
            values = columns[f"{column.group}.{column.name}"]
            assert values.dtype == column.dtype
            if column.pointed:
                assert len(values) == 0
                continue
            assert values.min() >= column.low, column
            assert values.max() <= column.high, column


def test_codes_stay_codes(stepped):
    _, months, _ = stepped
    for columns in months:
        standing = columns["record.standing"]
        assert ((standing <= 120) | (standing == 127) | (standing > 128)).all()
        assert ((standing <= 188) | (standing == 192)).all()
        status = columns["truth.case"] & 15
        assert (status <= 9).all()
        assert (columns["truth.case"][status == 0] == 0).all()
        spell = columns["truth.spell"]
        assert ((spell & 3) <= 2).all()
        face = columns["face.now"]
        assert ((face >> 11 & 3) <= 2).all()
        assert ((face >> 28) <= 13).all()
        listed = ((standing > 0) & (standing < 128)).any(axis=1)
        assert np.array_equal(listed, (face >> 13 & 1).astype(bool))
        for column, owed in ((2, "truth.owed_credit"), (4, "truth.owed_fee")):
            # A debt of nothing has no reasons.
            assert ((spell >> column & 3)[columns[owed] == 0] == 0).all()


def test_the_hash_is_a_sum_over_citizens_and_leaves_the_audit_out(stepped):
    world, _, result = stepped
    state, n, key = world.state.copy(), CASE.citizens, MONTH_ZERO + CASE.month + CASE.months - 1
    whole = int(state_hash(0, n, key, state))
    assert whole == result.state_sum
    parts = [int(state_hash(a, b, key, state)) for a, b in ((0, 1), (1, 300), (300, n))]
    assert sum(parts) % 2**64 == whole
    for column in state.audit:
        column[...] = 1
    assert int(state_hash(0, n, key, state)) == whole
    for column in COLUMNS:
        name = f"{column.group}.{column.name}"
        if (
            column.group != "audit"
            and not column.pointed
            and name not in ("face.next", "face.deed_next")
        ):
            other = state.copy()
            other.columns()[name].flat[n // 2] ^= 1
            assert int(state_hash(0, n, key, other)) != whole, name
    assert int(state_hash(0, n, key + 1, state)) != whole


def test_the_harvest_of_a_month_is_its_counts():
    case = Case("harvest", "china-2020", 300, 42, tables=FRIENDS, stirred=True)
    tables, calendar, gates, state = case.parts()
    world = case.world(tables, calendar, gates, state)
    counts = world.step(case.month, key=MONTH_ZERO + case.month).counts.copy()
    found = np.zeros_like(counts)
    for cell, where, values in world.harvest():
        assert (np.diff(where.astype(np.int64)) > 0).all()
        assert (values != 0).all()
        found[cell, where // CELLS, where % CELLS] = values
    assert np.array_equal(found, counts)
    assert not any(worker.counts.any() for worker in world.workers.all)


def test_attribution_of_a_part_changes_no_fate_and_explains_just_that_part():
    tables, calendar, gates, state = CASE.parts()
    seen = []
    for attributes in (1, 3):
        world = CASE.world(tables, calendar, gates, state.copy(), attributes=attributes)
        result = world.step(CASE.month, key=MONTH_ZERO + CASE.month)
        denials = [row for row in log_rows(result.log) if row[0] == 0]
        others = [row for row in log_rows(result.log) if row[0] != 0]
        seen.append((world.state, denials, others))
        world.clear()
    (one, every, others), (other, part, the_others) = seen
    for name, column in one.columns().items():
        assert np.array_equal(column, other.columns()[name]), name
    assert part == [row for row in every if row[1] % 3 == 0]
    assert 0 < len(part) < len(every)
    assert others == the_others
