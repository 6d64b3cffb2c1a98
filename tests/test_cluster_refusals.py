"""What is refused before any machine is asked: these tests need no Ray."""

from __future__ import annotations

import socket
import sys
from itertools import pairwise

import numpy as np
import pytest

from glasscity.engine import range as range_module
from glasscity.engine.cluster import check_address, library
from glasscity.engine.range import share_out
from glasscity.errors import BadArgument, CannotFit
from glasscity.scenario import Scenario


def test_without_ray_one_line_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(BadArgument) as caught:
        library()
    assert caught.value.exit_code == 2
    assert "which is not installed. Mend: install the extra" in str(caught.value)
    assert "pip install 'glasscity[cluster]'" in str(caught.value)


@pytest.mark.parametrize("address", ["", "head", ":6379", "head:port", "ray://head:10001"])
def test_another_address_is_refused(address):
    with pytest.raises(BadArgument, match="Allowed: auto, or HOST:PORT"):
        check_address(address)


def test_an_address_where_nobody_answers_is_refused_at_once():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        # Bound and not listening: nobody answers there, and nobody else can.
        with pytest.raises(BadArgument, match="nobody answers at"):
            check_address(address)
        taken.listen()
        check_address(address)
    check_address("auto")


@pytest.mark.parametrize("shares", [[1], [1, 1], [4, 1, 3], [1] * 62, [0.001] * 30 + [100.0]])
def test_shares_of_blocks_follow_each_other_and_leave_out_nobody(shares):
    from glasscity.society.cells import make_layout

    scenario = Scenario("unscored", citizens=300_000)
    blocks = make_layout(scenario.country, scenario.citizens).blocks
    spans = share_out(scenario, shares)
    assert len(spans) == len(shares)
    assert spans[0][0] == 0
    assert spans[-1][1] == len(blocks)
    assert all(a[1] == b[0] for a, b in pairwise(spans))
    assert all(first < end for first, end in spans)
    if len(shares) <= 3:
        found = [blocks[end - 1, 1] - blocks[first, 0] for first, end in spans]
        wanted = np.array(shares) / sum(shares) * scenario.citizens
        assert np.abs(found - wanted).max() <= 4096


def test_a_range_that_does_not_fit_its_machine_is_refused_there(monkeypatch):
    monkeypatch.setattr(range_module, "memory_free", lambda: 4_000_000_000)
    scenario = Scenario("unscored", citizens=100_000_000)
    one = range_module.Range(scenario, share_out(scenario, [1.0, 1.0]), 0, 1)
    with pytest.raises(
        CannotFit, match=r"50,\d\d\d,\d\d\d of 100,000,000 citizens would take"
    ) as told:
        one.build(None)
    assert "use more machines" in str(told.value)
