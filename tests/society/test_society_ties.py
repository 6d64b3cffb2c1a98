"""Ties: mutual in every slot, between two different people, and as the plain twins have them."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import reference_ties as plain
from societies import PACKS, society_of

from glasscity.country import load_country
from glasscity.society import ties
from glasscity.society.survey import partners, ties_of
from glasscity.society.ties import COLLEAGUES, FAR_SLOTS, NEAR_SLOTS
from glasscity.society.wiring import tie_chances

SLOTS = [
    *(("near", k) for k in range(NEAR_SLOTS)),
    *(("far", k) for k in range(FAR_SLOTS)),
    ("namesakes", 0),
]


def partner_of_all(society, layer, slot):
    """Return int64[citizens]: everybody's candidate in a slot."""
    wiring = society.wiring
    segments = np.arange(len(wiring.segment_first))
    table = partners(wiring, segments, layer, slot)
    inside = np.arange(64)[None, :] < wiring.segment_size[:, None]
    return table[inside]


def unrequited(society, layer, slot):
    """Return how many citizens are not their partner's partner in a slot."""
    partner = partner_of_all(society, layer, slot)
    one = np.flatnonzero(partner >= 0)
    return int((partner[partner[one]] != one).sum())


@pytest.mark.parametrize(("layer", "slot"), SLOTS)
def test_every_slot_is_mutual_and_nobody_meets_himself(edge_society, layer, slot):
    partner = partner_of_all(edge_society, layer, slot)
    assert unrequited(edge_society, layer, slot) == 0
    assert (partner != np.arange(edge_society.citizens)).all()


def test_a_wrong_wiring_fails_the_mutuality_test():
    society = society_of("plainland", 9_999)
    wiring = society.wiring
    # Both ends read the permutation forwards: the commonest slip there is.
    forwards = wiring._replace(perm_inverse=wiring.perm)
    # One segment believes in another partner.
    crossed = wiring.far_segment.copy()
    crossed[[0, 1], 0] = crossed[[1, 0], 0]
    # One row of the matchings is a rotation instead of an involution.
    turned = wiring.matching.copy()
    turned[wiring.near[3, 2]] = np.roll(np.arange(64), 1)
    for broken, layer, slot in (
        (forwards, "far", 0),
        (wiring._replace(far_segment=crossed), "far", 0),
        (wiring._replace(matching=turned), "near", 2),
    ):
        fake = type(society)(**{**vars(society), "wiring": broken})
        assert unrequited(society, layer, slot) == 0
        assert unrequited(fake, layer, slot) > 0


@pytest.mark.parametrize("pack_name", PACKS)
@pytest.mark.parametrize("citizens", [1, 7, 65, 700, 2_000])
def test_the_partner_functions_equal_their_plain_twins(pack_name, citizens):
    society = society_of(pack_name, citizens)
    wiring = society.wiring
    for segment, size in enumerate(wiring.segment_size.tolist()):
        for position in range(size):
            at = (wiring, segment, position)
            for k in range(NEAR_SLOTS):
                assert ties.near_partner(*at, k) == plain.near_partner(*at, k)
            for k in range(FAR_SLOTS):
                assert ties.far_partner(*at, k) == plain.far_partner(*at, k)
            for k in range(COLLEAGUES):
                assert ties.colleague(*at, k) == plain.colleague(*at, k)
            assert ties.namesake(*at) == plain.namesake(*at)


@pytest.mark.parametrize("pack_name", PACKS)
@pytest.mark.parametrize("citizens", [7, 64, 700, 2_000])
def test_the_survey_looks_partners_up_as_the_kernels_do(pack_name, citizens):
    society = society_of(pack_name, citizens)
    wiring = society.wiring
    functions = {"near": ties.near_partner, "far": ties.far_partner, "colleagues": ties.colleague}
    for layer, slots in (("near", 6), ("far", 6), ("colleagues", 7)):
        for slot in range(slots):
            wanted = [
                functions[layer](wiring, s, p, slot)
                for s, size in enumerate(wiring.segment_size.tolist())
                for p in range(size)
            ]
            assert partner_of_all(society, layer, slot).tolist() == wanted


@pytest.mark.parametrize("pack_name", PACKS)
@pytest.mark.parametrize("citizens", [1, 65, 700, 2_000])
def test_existing_ties_equal_their_plain_twin(pack_name, citizens):
    society = society_of(pack_name, citizens)
    wanted = plain.slots(society, tie_chances(load_country(pack_name)))
    assert society.traits.slots.tolist() == wanted


def test_colleagues_are_a_symmetric_relation(edge_society):
    society = edge_society
    pairs = set()
    for k in range(COLLEAGUES):
        partner = partner_of_all(society, "colleagues", k)
        one = np.flatnonzero(partner >= 0)
        pairs |= set(zip(one.tolist(), partner[one].tolist(), strict=True))
    assert all((b, a) in pairs and a != b for a, b in pairs)


def test_a_tie_exists_for_both_or_for_neither(edge_society):
    society = edge_society
    slots = society.traits.slots.astype(int)
    for k, (layer, slot) in enumerate(SLOTS[:-1]):
        partner = partner_of_all(society, layer, slot)
        there = slots >> k & 1
        assert (partner[there == 1] >= 0).all()
        one = np.flatnonzero(partner >= 0)
        assert (there[one] == there[partner[one]]).all()


def test_nobody_is_tied_twice_to_the_same_person(edge_society):
    society = edge_society
    everyone = np.arange(len(society.wiring.segment_first))
    pairs = [(a, b) for _, a, b in ties_of(society, everyone)]
    one = np.concatenate([a for a, _ in pairs])
    two = np.concatenate([b for _, b in pairs])
    joint = one * society.citizens + two
    assert len(np.unique(joint)) == len(joint)
    assert (one != two).all()
    assert set(joint.tolist()) == set((two * society.citizens + one).tolist())


def test_far_ties_of_the_first_four_slots_and_namesakes_stay_in_the_province():
    society = society_of("china-2020", 9_999)
    ends = society.cells[1::2, 0] + society.cells[1::2, 1]
    province = np.searchsorted(ends, np.arange(society.citizens), side="right")
    abroad = {}
    for layer, slot in SLOTS[NEAR_SLOTS:]:
        partner = partner_of_all(society, layer, slot)
        one = np.flatnonzero(partner >= 0)
        abroad[layer, slot] = float((province[one] != province[partner[one]]).mean())
    local = [("far", k) for k in range(4)] + [("namesakes", 0)]
    assert all(abroad[k] == 0 for k in local)
    # With 31 provinces of at most 9 % each, nearly all nationwide ties leave the province.
    assert all(abroad["far", k] > 0.8 for k in (4, 5))


def test_friends_nearby_and_colleagues_are_six_and_seven_different_people(large_society):
    wiring = large_society.wiring
    full = np.flatnonzero((wiring.segment_size == 64) & (wiring.district_size == 8))[:500]
    for layer, slots in (("near", NEAR_SLOTS), ("colleagues", COLLEAGUES)):
        tables = np.stack([partners(wiring, full, layer, k) for k in range(slots)])
        for a, b in itertools.combinations(range(slots), 2):
            assert not ((tables[a] == tables[b]) & (tables[a] >= 0)).any()
        if layer == "near":
            assert (tables >= 0).all()


def test_wiring_stays_small_and_typed(large_society):
    wiring = large_society.wiring
    kinds = {
        "segment_first": np.int32,
        "segment_size": np.uint8,
        "near": np.uint8,
        "far_segment": np.int32,
        "far_template": np.uint8,
        "district_first": np.int32,
        "district_size": np.uint8,
        "work": np.uint8,
        "name_segment": np.int32,
        "name_template": np.uint8,
        "matching": np.uint8,
        "perm": np.uint8,
        "perm_inverse": np.uint8,
    }
    for name, kind in kinds.items():
        array = getattr(wiring, name)
        assert array.dtype == kind, name
        assert array.flags.c_contiguous
    growing = [a for a in wiring if len(a) == len(wiring.segment_first)]
    assert sum(a.nbytes for a in growing) < 1.0 * large_society.citizens
    place = np.arange(64)
    for row in range(256):
        assert (wiring.matching[row][wiring.matching[row]] == place).all()
        assert (wiring.perm_inverse[row][wiring.perm[row]] == place).all()
