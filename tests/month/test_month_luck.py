"""Keyed luck: the published answers, the same words however they are asked for, frozen uses."""

from __future__ import annotations

import inspect

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glasscity.draws import CALLS, philox, philox_held, philox_numpy, philox_rows, word
from glasscity.month import tables as at
from glasscity.society import calls as society_calls
from reference import luck as plain

ONES = 0xFFFFFFFF
# Key, counter and answer: the known-answer tests that come with the generator's first publication.
KNOWN = [
    ((0, 0), (0, 0, 0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((ONES, ONES), (ONES,) * 4, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0xA4093822, 0x299F31D0),
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]

# Which number serves what, for good: a stream may be added, never moved.
FROZEN = {
    "work": 0,
    "payment": 1,
    "rare": 2,
    "voice": 3,
    "everyday": 4,
    "life": 5,
    "respond": 6,
    "record": 7,
    "record_more": 8,
    "reach": 9,
    "suit": 10,
    "court": 11,
    "evidence": 12,
    "job": 13,
    "company": 14,
    "report": 15,
    "favour": 16,
    "couple": 17,
    "guard": 18,
    "deed": 19,
    "deed_filed": 20,
}
FROZEN_OF_SOCIETY = {
    "PERSON": 0x100,
    "PERSON_MORE": 0x101,
    "HOUSEHOLD": 0x102,
    "CHILDREN": 0x103,
    "NEIGHBOURHOOD": 0x104,
    "CORRIDOR": 0x105,
    "NEAR_RECIPE": 0x106,
    "NEAR_TIE": 0x107,
    "FAR_TIE": 0x108,
    "FAR_ORDER": 0x109,
    "TEMPLATE_ROUND": 0x10A,
    "HOUSEHOLD_DECK": 0x10B,
    "PERMUTATION": 0x10C,
    "RECIPES": 0x10D,
    "SAMPLE": 0x10E,
}

seeds = st.integers(0, 2**63 - 1)
entities = st.integers(0, 2**40)
months = st.integers(0, 2**20)


@pytest.mark.parametrize(("key", "counter", "answer"), KNOWN)
def test_the_generator_gives_the_published_answers(key, counter, answer):
    assert philox(*key, *counter) == answer
    assert plain.philox(key, counter) == answer
    assert tuple(int(x) for x in philox_numpy(*key, *counter)) == answer
    rows = np.zeros((4, 3), dtype=np.uint32)
    # The same counters as seed, entity, month and call; a seed is below 2**63 in use.
    seed = np.uint64(key[0] | key[1] << 32)
    first = np.uint64(counter[0] | counter[1] << 32)
    philox_rows(seed, first, 1, counter[2], counter[3], rows)
    assert tuple(int(x) for x in rows[:, 0]) == answer
    assert rows[:, 1:].sum() == 0


@settings(max_examples=50, deadline=None)
@given(seeds, entities, months, st.integers(0, 0x1FF), st.integers(1, 70))
def test_words_are_the_same_one_by_one_in_rows_and_in_numpy(seed, first, month, call, count):
    rows = np.zeros((4, count), dtype=np.uint32)
    philox_rows(seed, first, count, month, call, rows)
    numbers = np.arange(first, first + count)
    low, high = numbers & ONES, numbers >> 32
    by_numpy = np.stack(philox_numpy(seed & ONES, seed >> 32, low, high, month, call))
    assert np.array_equal(rows, by_numpy)
    for k in {0, count - 1}:
        expected = plain.words_of_call(seed, first + k, month, call)
        assert tuple(rows[:, k].tolist()) == expected
        assert tuple(word(seed, first + k, month, call, w) for w in range(4)) == expected


@settings(max_examples=50, deadline=None)
@given(seeds, entities, months, st.integers(1, 24))
def test_a_held_draw_is_made_anew_when_month_plus_phase_is_a_multiple(seed, first, month, held):
    count = 30
    now, before = np.zeros((2, 4, count), dtype=np.uint32)
    philox_held(seed, first, count, month + 1, 3, held, now)
    philox_held(seed, first, count, month, 3, held, before)
    for k in range(count):
        citizen = first + k
        remade = (month + 1 + citizen % held) % held == 0
        assert bool((now[:, k] != before[:, k]).any()) == remade
        period = plain.period(citizen, month + 1, held)
        assert tuple(now[:, k].tolist()) == plain.words_of_call(seed, citizen, period, 3)


def test_the_uses_of_the_calls_are_frozen():
    assert CALLS == FROZEN
    named = {
        n: getattr(society_calls, n)
        for n in society_calls.__all__
        if isinstance(getattr(society_calls, n), int)
    }
    assert named == FROZEN_OF_SOCIETY


def test_kernels_and_twins_ask_for_the_calls_by_these_numbers():
    for name, number in FROZEN.items():
        for prefix in ("L_", "C_"):
            found = getattr(at, prefix + name.upper(), None)
            if found is not None:
                assert (at.DRAWN[found] if prefix == "L_" else found) == number, name
    assert len(at.DRAWN) == at.LUCK_CALLS == len(set(at.DRAWN))
    asked = {call for call, _ in plain.WORDS.values()} | set(plain.LANES.values())
    assert asked == set(FROZEN.values())
    # No word decides two things.
    assert len(set(plain.WORDS.values())) == len(plain.WORDS)


def test_a_word_is_compared_as_an_integer():
    for kernel in (philox, philox_rows, philox_held, word):
        for signature in kernel.nopython_signatures:
            assert "float" not in str(signature), inspect.getsource(kernel.py_func)
