"""How small the circles of friends must be for the clustering that a pack asks for.

Clustering is the share of pairs of one's ties that are tied to each other.  Households and
workplaces are closed groups and bring a part; far ties bring none; friends nearby bring the rest,
the more the smaller the circles they keep to, because small circles are closed and because they
hold whole households.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from glasscity.country.once import once_a_country
from glasscity.society.cells import DISTRICT, SEGMENT
from glasscity.society.households import adults_per_household, tilted
from glasscity.society.tables import age_shares, share_rows
from glasscity.terms import OCCUPATIONS

if TYPE_CHECKING:
    from glasscity.country import Country

__all__ = ["WIDTHS", "circles", "expected_clustering", "expected_layers"]

WIDTHS = (64, 32, 16, 8)
_SLOTS = 6
_OUT_OF_WORK = len(OCCUPATIONS) - 2
_PARTNERS = DISTRICT // SEGMENT - 1  # colleagues at most


class _Kind(NamedTuple):
    """A kind of citizens: their share, adults at home, chance of work (also of neighbours)."""

    share: float
    adults: int
    works: float


@once_a_country
def circles(country: Country) -> tuple[int, int, float]:
    """Return two widths of circles and the share of segments with the narrower one.

    The mixture whose expected clustering is the pack's `clustering_target`; where no width reaches
    it, the nearest: the report then shows the difference.
    """
    target = float(country.clustering_target)
    reached = [expected_clustering(country, width) for width in WIDTHS]
    if target <= reached[0]:
        return WIDTHS[0], WIDTHS[1], 0.0
    for k in range(len(WIDTHS) - 1):
        if target <= reached[k + 1]:
            share = (target - reached[k]) / (reached[k + 1] - reached[k])
            return WIDTHS[k], WIDTHS[k + 1], share
    return WIDTHS[-2], WIDTHS[-1], 1.0


def expected_layers(country: Country) -> dict[str, float]:
    """Return the expected number of ties of an adult by layer, in a large society."""
    kinds = _kinds(country)
    first, _ = _factors(country)
    wide, narrow, share = circles(country)
    near = [
        kind.share * weight * (1.0 - _at_home(kind.adults, width))
        for kind in kinds
        for width, weight in ((wide, 1.0 - share), (narrow, share))
    ]
    return {
        "household": math.fsum(kind.share * (kind.adults - 1) for kind in kinds),
        "colleagues": math.fsum(kind.share * _PARTNERS * kind.works**2 for kind in kinds),
        "near": _SLOTS * first * first * math.fsum(near),
        "far": _SLOTS * first * first,
    }


def expected_clustering(country: Country, width: int) -> float:
    """Return the expected mean clustering of citizens whose friends nearby keep to circles.

    Parameters
    ----------
    country : Country
    width : int
        Positions in a circle, one of `WIDTHS`.

    Returns
    -------
    float
        For each kind of citizen (household size, in work or not, sociability) expected closed
        pairs over expected pairs of ties, averaged over the kinds.
    """
    first, second = _factors(country)
    kinds = _kinds(country)
    lost = math.fsum(kind.share * _at_home(kind.adults, width) for kind in kinds)
    # Two friends nearby, of rounds a and b, know each other because they live together or because
    # round ``a xor b``, one of the ``width - 3`` others, is among the four others taken.
    closed = 15.0 * ((1.0 - lost) * 4.0 / (width - 3.0) * second**2 + lost * first**2)
    # A member of the household in the same circle at distance e shares the candidates a with
    # ``a xor e`` taken too: 6 x 5 ordered pairs of rounds over ``width - 1`` distances.
    common = 6.0 * 5.0 / (width - 1.0)
    terms = []
    for kind in kinds:
        home = kind.adults - 1.0
        mates = home * _same_circle(kind.adults, width)
        others = 1.0 - max(mates - 1.0, 0.0) / (width - 2.0)
        for share, factor in _levels(country):
            chance = factor * first
            near = _SLOTS * chance * (1.0 - _at_home(kind.adults, width))
            far = _SLOTS * chance
            slot_pairs = (near + far) ** 2 * (2 * _SLOTS - 1) / (4.0 * _SLOTS)
            for mass, desk, desk_pairs in (
                (kind.works, _PARTNERS * kind.works, 21.0 * kind.works**2),
                (1.0 - kind.works, 0.0, 0.0),
            ):
                within = home * (home - 1.0) / 2.0 + desk_pairs
                pairs = within + slot_pairs + home * desk + (home + desk) * (near + far)
                shut = (
                    within
                    + closed * (factor * (1.0 - _at_home(kind.adults, width))) ** 2
                    + mates * common * others * factor * first * second
                )
                if pairs > 0.0:
                    terms.append(kind.share * share * mass * shut / pairs)
    return math.fsum(terms)


def _same_circle(adults: int, width: int) -> float:
    """Return the chance that two members of a household are in one circle.

    Two of h members live (h + 1) / 3 positions apart on average.
    """
    return 1.0 - (adults + 1.0) / (3.0 * width)


def _at_home(adults: int, width: int) -> float:
    """Return the chance that a candidate nearby is a member of the household, and so no new tie."""
    return (adults - 1.0) * _same_circle(adults, width) / (width - 1.0)


def _levels(country: Country) -> list[tuple[float, float]]:
    """Return share and chance factor of the sociability levels."""
    shares = [float(s) for s in country.sociability.numbers]
    total = math.fsum(shares)
    factors = [float(f) for f in country.tie_chance.numbers]
    return [(s / total, f) for s, f in zip(shares, factors, strict=True)]


def _factors(country: Country) -> tuple[float, float]:
    """Return the mean chance factor and the mean of its square."""
    levels = _levels(country)
    return math.fsum(s * f for s, f in levels), math.fsum(s * f * f for s, f in levels)


def _kinds(country: Country) -> list[_Kind]:
    base = [float(w) for w in country.household_adults_weights.numbers]
    people = math.fsum(float(p.population) for p in country.provinces)
    kinds = []
    for province, mean, ages in zip(
        country.provinces, adults_per_household(country), age_shares(country), strict=True
    ):
        sizes = tilted(base, mean, where=f"province '{province.name}'")
        urban = float(province.urban_share)
        for area, share in zip(share_rows(country), (urban, 1.0 - urban), strict=True):
            works = math.fsum(
                a * math.fsum(jobs[:_OUT_OF_WORK]) / math.fsum(jobs)
                for a, jobs in zip(ages, area, strict=True)
            )
            weight = float(province.population) / people * share
            kinds += [_Kind(weight * h * s / mean, h, works) for h, s in enumerate(sizes, 1)]
    return kinds
