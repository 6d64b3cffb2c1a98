"""Who lives there: the fixed traits of every citizen, filled in from the identifier.

A trait is a function of (seed, pack, number of citizens, identifier) and of nothing else.  What
people share (a household's income, a neighbourhood's opinion) comes from draws keyed by what they
share, so it needs no second pass and no order.

Streams used here: PERSON, PERSON_MORE, HOUSEHOLD, NEIGHBOURHOOD and CORRIDOR of `calls`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from glasscity.draws import philox
from glasscity.jit import kernel
from glasscity.society.calls import (
    CORRIDOR,
    HOUSEHOLD,
    NEIGHBOURHOOD,
    PERSON,
    PERSON_MORE,
)

__all__ = ["IN_LABOUR_FORCE", "Traits", "fill_traits", "new_traits"]

# Occupations below this code are in the labour force.
IN_LABOUR_FORCE = 6

_WEIGHT_BITS = 14
_HALF_TURN = 1 << 31
_WORD = (1 << 32) - 1


class Traits(NamedTuple):
    """The fixed traits of the citizens, one array a trait.

    ``who``: age band (bits 0-2), occupation (3-5), thick credit file (6), instalment credit (7).
    ``income``: national quantile of the household's income per head, 0..255.
    ``conscience``: conscientiousness in 1/255.
    ``profile``: what operators make of the person's activities, 0..255, high is approved of: a
    uniform trait that means nothing, but leans a little towards the old.
    ``misc``: pay app (bit 0), social app (1), sociability (2-3), name group (4-5), privately
    schooled children (6-7, on the head of the household only).
    ``home``: position in the household (bits 0-2), adults in it (3-5), instalment class (6-7).
    ``slots``: which candidate ties exist: near slots (bits 0-5), far slots (6-11).
    ``opinion``: -127..127 for -1..1, where the run starts.
    """

    who: np.ndarray
    income: np.ndarray
    conscience: np.ndarray
    profile: np.ndarray
    misc: np.ndarray
    home: np.ndarray
    slots: np.ndarray
    opinion: np.ndarray


def new_traits(citizens: int) -> Traits:
    """Return empty trait arrays for so many citizens: 9 bytes each."""
    return Traits(
        who=np.empty(citizens, dtype=np.uint8),
        income=np.empty(citizens, dtype=np.uint8),
        conscience=np.empty(citizens, dtype=np.uint8),
        profile=np.empty(citizens, dtype=np.uint8),
        misc=np.empty(citizens, dtype=np.uint8),
        home=np.empty(citizens, dtype=np.uint8),
        slots=np.zeros(citizens, dtype=np.uint16),
        opinion=np.empty(citizens, dtype=np.int8),
    )


@kernel
def _level(latent, thresholds, row):
    """Return how many of the row's ascending thresholds a latent value reaches."""
    low = np.int64(0)
    high = np.int64(thresholds.shape[1])
    while low < high:
        middle = (low + high) >> 1
        if latent >= thresholds[row, middle]:
            low = middle + 1
        else:
            high = middle
    return low


@kernel
def _category(draw, cuts):
    """Return the category of a draw among cumulative thresholds."""
    k = np.int64(0)
    for j in range(cuts.shape[0]):
        if draw >= cuts[j]:
            k += 1
    return k


@kernel
def _cut12(word, place):
    """Return 12 bits of a word: its top 12 (place 0) or the 12 below (place 1)."""
    return (word >> (20 - 12 * place)) & 4095


@kernel
def fill_traits(
    key0,
    key1,
    from_segment,
    to_segment,
    segment_first,
    segment_size,
    segment_cell,
    segment_template,
    segment_luck,
    far_segment,
    tables,
    traits,
):
    """Fill in the traits of the citizens of some segments."""
    normal = tables.normal
    weights = tables.weights
    for s in range(from_segment, to_segment):
        first = np.int64(segment_first[s])
        size = np.int64(segment_size[s])
        cell = np.int64(segment_cell[s])
        province = cell >> 1
        area = cell & 1
        template = np.int64(segment_template[s])

        # What the whole segment shares: neighbourhood, and corridor with its partner of far slot 0.
        near = philox(key0, key1, s & _WORD, s >> 32, 0, NEIGHBOURHOOD)
        other = np.int64(far_segment[s, 0])
        low = other if 0 <= other < s else np.int64(s)
        far = philox(key0, key1, low & _WORD, low >> 32, 0, CORRIDOR)
        shared_income = weights[0, 1] * normal[segment_luck[s, 0]]
        shared_income += weights[0, 2] * normal[segment_luck[s, 1]]
        shared_opinion = weights[1, 1] * normal[near[1] >> 20]
        shared_opinion += weights[1, 2] * normal[far[1] >> 20]
        shared_care = weights[2, 1] * normal[near[2] >> 20]
        shared_care += weights[2, 2] * normal[far[2] >> 20]

        head_age = np.int64(0)
        income = np.int64(0)
        home_opinion = np.int64(0)
        home_care = np.int64(0)
        home = philox(key0, key1, first & _WORD, first >> 32, 0, HOUSEHOLD)
        for position in range(size):
            i = first + position
            shape = np.int64(tables.templates[cell, template, position])
            member = shape & 7
            adults = min(shape >> 3, size - position + member)
            own = philox(key0, key1, i & _WORD, i >> 32, 0, PERSON)
            more = philox(key0, key1, i & _WORD, i >> 32, 0, PERSON_MORE)

            age_draw = own[0]
            if member == 0:
                head_age = age_draw
                home = philox(key0, key1, i & _WORD, i >> 32, 0, HOUSEHOLD)
                latent = shared_income + weights[0, 0] * normal[_cut12(home[0], 0)]
                income = _level(latent >> _WEIGHT_BITS, tables.latent_income, cell)
                home_care = shared_care + weights[2, 0] * normal[_cut12(home[0], 1)]
                home_opinion = shared_opinion + weights[1, 0] * normal[_cut12(home[1], 0)]
            elif member >= 2:
                # The next generation: half a turn round the ages keeps every marginal uniform.
                age_draw = (head_age + _HALF_TURN) & _WORD
            elif (more[3] >> 16) < tables.same_age[0]:
                age_draw = head_age
            age = _category(age_draw, tables.ages[province])
            quintile = (income * 5) >> 8

            job = _category(own[1], tables.occupations[area, age])
            thick = 1 if (more[1] >> 16) < tables.files[1, quintile] else 0
            credit = 1 if (more[1] & 65535) < tables.files[0, quintile] else 0
            traits.who[i] = age | (job << 3) | (thick << 6) | (credit << 7)

            latent = home_care + weights[2, 3] * normal[_cut12(own[2], 0)]
            care = _level(latent >> _WEIGHT_BITS, tables.latent_conscience, 0)
            latent = home_opinion + weights[1, 3] * normal[_cut12(own[2], 1)]
            opinion = _level(latent >> _WEIGHT_BITS, tables.latent_opinion, 0) - 127
            latent = weights[3, 0] * normal[age_draw >> 20] + weights[3, 3] * normal[own[3] >> 20]
            traits.profile[i] = _level(latent >> _WEIGHT_BITS, tables.latent_profile, 0)
            traits.income[i] = income
            traits.conscience[i] = care
            traits.opinion[i] = opinion

            pay = 1 if (more[0] & 65535) < tables.apps[0, age, area] else 0
            social = 1 if (more[0] >> 16) < tables.apps[1, age, area] else 0
            outgoing = _category(more[2] & 65535, tables.sociability)
            name = _category(more[2] >> 16, tables.names)
            pupils = np.int64(0)
            if member == 0 and (home[3] >> 16) < tables.private[quintile]:
                # A household sends all its children to one kind of school.
                for k in range(3):
                    if home[2] < tables.school[age, k]:
                        pupils += 1
            traits.misc[i] = pay | (social << 1) | (outgoing << 2) | (name << 4) | (pupils << 6)
            traits.home[i] = member | (adults << 3) | ((more[3] & 3) << 6)
