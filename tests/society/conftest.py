"""Packs and societies of several sizes, for every test that wants them."""

from __future__ import annotations

import pytest
from societies import EDGES, PACKS, society_of

from glasscity.country import Country, load_country
from glasscity.society import Society


@pytest.fixture(params=PACKS)
def pack(request) -> Country:
    return load_country(request.param)


@pytest.fixture(params=[(p, n) for p in PACKS for n in EDGES], ids=lambda v: f"{v[0]}-{v[1]}")
def edge_society(request) -> Society:
    return society_of(*request.param)


@pytest.fixture(params=PACKS)
def large_society(request) -> Society:
    """100,000 citizens, the default of a run."""
    return society_of(request.param, 100_000)
