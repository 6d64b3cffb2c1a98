"""Favours: dispositions are those dealt at the start, and belief follows what strangers do."""

from __future__ import annotations

import numpy as np
import pytest

from glasscity.behaviour import load_behaviour
from glasscity.country import load_country
from glasscity.draws import philox_rows
from glasscity.engine.compile import compile_tables
from glasscity.engine.compile_company import keeping
from glasscity.engine.start import first_state
from glasscity.month import tables as at
from glasscity.month.favour import favour
from glasscity.month.ledger import CELLS, ROWS
from glasscity.regime import load_regime
from glasscity.society import build_society

SEED = 77
KEY = 4200


def place(name):
    return getattr(at, name.upper())


def tables_with(where, **fields):
    tables = compile_tables(
        where.country, load_behaviour(), load_regime("citizen-score-2020"), seed=SEED
    )
    for name, value in fields.items():
        tables[place(name)] = value
    return tables


def run(where, state, tables, key=KEY, lowest=500):
    """Run the stage over everybody; return what was counted, int64[rows, 75]."""
    now = np.zeros(at.NOW_SIZE, dtype=np.int64)
    now[at.NOW_KEY], now[at.NOW_LOWEST] = key, lowest
    luck, counts = at.new_luck(), np.zeros((len(ROWS), CELLS), dtype=np.int64)
    for first, end, _, _, _, segment in where.blocks.tolist():
        for lo in range(first, end, at.STRIDE):
            hi = min(lo + at.STRIDE, end)
            philox_rows(SEED, lo, hi - lo, key, at.C_COMPANY, luck[at.L_COMPANY])
            number = segment + (lo - first) // 64
            favour(lo, hi, number, where.traits, where.wiring, state, tables, now, luck, counts)
    return counts


@pytest.fixture(scope="module")
def where():
    return build_society(load_country("china-2020"), 3_000, SEED)


def test_a_disposition_is_the_one_dealt_at_the_start(where):
    state = first_state(where, load_behaviour())
    dealt = state.face.deed.copy()
    state.face.deed[:] = 1 - dealt
    run(where, state, tables_with(where, innate=2**32))
    assert ((state.face.deed_next & 1) == dealt).all()
    expected = keeping(load_behaviour())[where.traits.conscience].mean() / 2**32
    assert abs(dealt.mean() - expected) < 5 * (0.25 / where.citizens) ** 0.5


def test_belief_follows_what_strangers_do_and_waits_where_nobody_is_met(where):
    state = first_state(where, load_behaviour())
    tables = tables_with(where, imitate=0, innate=0, trust_memory=1 << 14)
    for everybody, limit in ((1, 65_535), (0, 0)):
        state.belief.trust[:] = 30_000
        state.face.deed[:] = everybody
        for month in range(150):
            before = state.belief.trust.astype(np.int64)
            run(where, state, tables, key=KEY + month)
            alone = state.face.deed_next & 2 == 0
            assert (state.belief.trust == before)[alone].all()
        # A step is rounded down: a mean of ones stays up to four units below one.
        assert np.abs(state.belief.trust.astype(np.int64) - limit).max() <= 4
