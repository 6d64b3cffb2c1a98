"""Couples by the kernel are the couples of its plain twin."""

from __future__ import annotations

import copy
from collections import Counter

import numpy as np
import pytest
from month_worlds import society_of, stir

from glasscity.behaviour import load_behaviour
from glasscity.draws import MONTH_ZERO, philox_rows
from glasscity.engine.compile import compile_tables
from glasscity.engine.start import first_state
from glasscity.month import tables as at
from glasscity.month.couple import couple
from glasscity.month.ledger import CELLS, ROWS, first_row
from glasscity.regime import load_regime
from reference import couple as twin
from reference.citizen import pack_face, read_people
from reference.fields import changed, named_now, named_tables

DECILE_OF = (np.arange(2048) // 205).astype(np.uint8)
COLUMNS = {"searching": at.D_SEARCHING, "shown": at.D_SHOWN, "coupled": at.D_COUPLED}
# Half of the shown match, so that pairs are many and some are refused.
OFTEN = {"on_site": 150, "couple": 2**31, "single_again": 2**29}


class Found:
    """What the twin counts, in the shape of what the kernel adds to."""

    def __init__(self):
        self.sums, self.pairs = [0] * 7, []
        self.counts, self.deciles = Counter(), Counter()

    def add(self, c, what, decile_of=None):
        if what != "shown":
            self.counts[c.block_cell, first_row(what), c.cube_cell] += 1
        if decile_of is not None and c.face.score > 1:
            self.deciles[int(decile_of[c.face.score]), COLUMNS[what]] += 1


def now_of(month):
    now = np.zeros(at.NOW_SIZE, dtype=np.int64)
    now[at.NOW_KEY] = MONTH_ZERO + month
    now[at.NOW_MEAN16], now[at.NOW_SPREAD16] = 16 * 700, 16 * 120
    return now


def by_kernel(society, state, tables, now, *, step=at.STRIDE, backwards=False):
    """Run the kernel over a society, ``step`` citizens at a time; the state changes in place."""
    counts = np.zeros((len(society.cells), len(ROWS), CELLS), dtype=np.int64)
    deciles = np.zeros((10, at.DECILE_COUNTS), dtype=np.int64)
    sums = np.zeros(at.COUPLE_COUNTS, dtype=np.int64)
    strides = [
        (lo, min(lo + step, end), cell)
        for first, end, cell in society.blocks[:, :3].tolist()
        for lo in range(first, end, step)
    ]
    luck = at.new_luck()
    for lo, hi, cell in strides[::-1] if backwards else strides:
        key = now[at.NOW_KEY]
        philox_rows(society.seed, lo, hi - lo, key, at.C_COMPANY, luck[at.L_COMPANY])
        couple(
            lo, hi, society.traits, state, tables, now, luck, DECILE_OF, deciles, sums, counts[cell]
        )
    return counts, deciles, sums


def prepared(regime, country, citizens, seed, **fields):
    society = society_of(country, citizens, seed)
    behaviour = load_behaviour()
    tables = compile_tables(society.country, behaviour, load_regime(regime), seed=seed)
    tables = changed(tables, **fields)
    state = first_state(society, behaviour)
    stir(state, society, tables, seed)
    return society, state, tables


CASES = {
    "as catalogued": ("citizen-score-2020", "plainland", 3_000, 41, {}),
    "often": ("citizen-score-2020", "plainland", 3_000, 42, OFTEN),
    "unscored": ("unscored", "plainland", 3_000, 42, OFTEN),
    "some scores seen": ("citizen-score-2020", "plainland", 2_000, 43, {**OFTEN, "visible": 90}),
    "everybody looks": (
        "citizen-score-2020",
        "china-2020",
        2_000,
        2**40 + 44,
        {"on_site": 256, "shown": 65_536, "couple": 2**32},
    ),
    "one person": ("citizen-score-2020", "plainland", 1, 45, {"on_site": 256}),
}


@pytest.mark.parametrize("name", CASES)
def test_the_kernel_is_its_twin(name):
    *place, fields = CASES[name]
    society, state, tables = prepared(*place, **fields)
    for month in (0, 1, 7):
        now, found = now_of(month), Found()
        people = read_people(society, state)
        districts = twin.districts_of(society)
        twin.couple(people, districts, named_tables(tables), named_now(now), DECILE_OF, found)
        counts, deciles, sums = by_kernel(society, state, tables, now)
        assert [pack_face(c.next_face) for c in people] == state.face.next.tolist()
        assert {k: int(counts[k]) for k in zip(*np.nonzero(counts), strict=True)} == found.counts
        assert {k: int(deciles[k]) for k in zip(*np.nonzero(deciles), strict=True)} == found.deciles
        assert sums.tolist() == found.sums
        if month == 0 and name in ("often", "everybody looks"):
            assert len(found.pairs) > 20
        state.face.now[:] = state.face.next


def test_nobody_is_in_two_couples_and_partners_share_a_district_and_an_age():
    *place, fields = CASES["everybody looks"]
    society, state, tables = prepared(*place, **fields)
    people, found = read_people(society, state), Found()
    districts = twin.districts_of(society)
    twin.couple(people, districts, named_tables(tables), named_now(now_of(0)), DECILE_OF, found)
    both = [i for pair in found.pairs for i in pair]
    assert len(both) == len(set(both)) > 200
    for i, j in found.pairs:
        assert (districts[i], people[i].age) == (districts[j], people[j].age)


@pytest.mark.parametrize("step", [512, 1024])
def test_strides_and_their_order_change_nothing(step):
    *place, fields = CASES["often"]
    society, state, tables = prepared(*place, **fields)
    other = copy.deepcopy(state)
    plain = by_kernel(society, state, tables, now_of(3))
    cut = by_kernel(society, other, tables, now_of(3), step=step, backwards=True)
    for one, two in zip(plain, cut, strict=True):
        assert np.array_equal(one, two)
    assert np.array_equal(state.face.next, other.face.next)


def test_every_block_begins_a_district_of_its_cell():
    for country, citizens in (("plainland", 50_000), ("china-2020", 300_000)):
        society = society_of(country, citizens, 1)
        first = society.cells[society.blocks[:, 2], 0]
        assert ((society.blocks[:, 0] - first) % twin.DISTRICT == 0).all()
    assert at.STRIDE % twin.DISTRICT == 0


def test_a_couple_of_the_month_is_not_parted_in_it():
    *place, fields = CASES["everybody looks"]
    society, state, tables = prepared(*place, **{**fields, "single_again": 2**32})
    single = state.face.now >> 15 & 1
    by_kernel(society, state, tables, now_of(0))
    # Whoever was partnered is alone, and so is whoever found nobody.
    coupled = (single == 1) & (state.face.next >> 15 & 1 == 0)
    assert coupled.sum() > 200
    assert (state.face.next[single == 0] >> 15 & 1).all()
