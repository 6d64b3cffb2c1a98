"""The pack's numbers as integer tables for the kernel that fills in people's traits.

Each table is made once in double precision and then only compared with integer draws.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from glasscity.errors import BadInput
from glasscity.society.households import make_templates
from glasscity.society.income import IncomeModel
from glasscity.society.normals import (
    WEIGHT_ONE,
    beta_cdf,
    find_root,
    latent_thresholds,
    mixture_weights,
    normal_table,
)
from glasscity.terms import AGES, AREAS, OCCUPATIONS

if TYPE_CHECKING:
    from glasscity.country import Country

__all__ = [
    "LANE_ONE",
    "WORD_ONE",
    "TraitTables",
    "age_shares",
    "chance_row",
    "level_tables",
    "make_tables",
    "school_rates",
    "share_rows",
]

WORD_ONE = 1 << 32
LANE_ONE = 1 << 16
_NORMAL = NormalDist()


class TraitTables(NamedTuple):
    """What the trait kernel looks up; thresholds are compared as ``draw < threshold``.

    ``latent_*`` are levels of latent normals: level k at or above the first k thresholds.
    """

    normal: np.ndarray  # int32[4096]
    weights: np.ndarray  # int64[4, 4]: income, opinion, conscience, profile x sources of variance
    latent_income: np.ndarray  # int64[cells, 255]
    latent_opinion: np.ndarray  # int64[1, 254]
    latent_conscience: np.ndarray  # int64[1, 255]
    latent_profile: np.ndarray  # int64[1, 255]
    templates: np.ndarray  # uint8[cells, 64, 64]
    ages: np.ndarray  # int64[provinces, 4], on words
    same_age: np.ndarray  # int64[1], on a lane
    occupations: np.ndarray  # int64[2, 5, 7], on words
    apps: np.ndarray  # int64[2, 5, 2]: pay, social x age x area, on lanes
    files: np.ndarray  # int64[2, 5]: credit, thick x quintile, on lanes
    sociability: np.ndarray  # int64[3], on a lane
    names: np.ndarray  # int64[3], on a lane
    school: np.ndarray  # int64[5, 3]: 3, 2, 1 children at least x age of the head, on words
    private: np.ndarray  # int64[5], by quintile, on a lane


def make_tables(country: Country, seed: int, income: IncomeModel) -> TraitTables:
    """Return the integer tables of a pack."""
    levels = level_tables(country, income)
    lean = float(country.profile_by_age)
    profile = [round(lean * WEIGHT_ONE), 0, 0, round(math.sqrt(1.0 - lean * lean) * WEIGHT_ONE)]
    weights = [
        mixture_weights(country.homophily["income"].numbers, own=False),
        mixture_weights(country.homophily["opinion"].numbers, own=True),
        mixture_weights(country.homophily["conscientiousness"].numbers, own=True),
        profile,
    ]
    apps = [chance_row(q.numbers, LANE_ONE) for q in (country.pay_app, country.social_app)]
    files = [chance_row(q.numbers, LANE_ONE) for q in (country.credit_share, country.thick_share)]
    return TraitTables(
        normal=normal_table(),
        weights=np.array(weights, dtype=np.int64),
        latent_income=levels["income"],
        latent_opinion=levels["opinion"],
        latent_conscience=levels["conscience"],
        latent_profile=levels["profile"],
        templates=make_templates(country, seed),
        ages=np.array([_cuts(row, WORD_ONE) for row in age_shares(country)], dtype=np.int64),
        same_age=np.array([round(float(country.same_age) * LANE_ONE)], dtype=np.int64),
        occupations=np.array(
            [[_cuts(row, WORD_ONE) for row in area] for area in share_rows(country)],
            dtype=np.int64,
        ),
        apps=np.array(apps, dtype=np.int64).reshape(2, len(AGES), len(AREAS)),
        files=np.array(files, dtype=np.int64),
        sociability=np.array(_cuts(country.sociability.numbers, LANE_ONE), dtype=np.int64),
        names=np.array(_cuts(country.name_groups.numbers, LANE_ONE), dtype=np.int64),
        school=np.array(
            [_school_row(mean) for mean in country.school_children.numbers], dtype=np.int64
        ),
        private=np.array(
            chance_row(country.private_school_share.numbers, LANE_ONE), dtype=np.int64
        ),
    )


def level_tables(country: Country, income: IncomeModel) -> dict[str, np.ndarray]:
    """Return the latent thresholds of the levels of income, opinion, conscience and profile.

    Returns
    -------
    dict of int64 arrays
        One row for each cell (income) or one row for all.
    """
    uniform = [_NORMAL.inv_cdf(k / 256) for k in range(1, 256)]
    mean, spread = float(country.opinion_mean), float(country.opinion_sd)
    opinion = [((k - 0.5) / 127 - mean) / spread for k in range(-126, 128)]
    a, b = float(country.beta_a), float(country.beta_b)
    conscience = [_normal_of(beta_cdf((k - 0.5) / 255, a, b)) for k in range(1, 256)]
    return {
        "income": np.array([latent_thresholds(c) for c in income.latent_cuts], dtype=np.int64),
        "opinion": np.array([latent_thresholds(opinion)], dtype=np.int64),
        "conscience": np.array([latent_thresholds(conscience)], dtype=np.int64),
        "profile": np.array([latent_thresholds(uniform)], dtype=np.int64),
    }


def age_shares(country: Country) -> list[list[float]]:
    """Return the shares of the age bands among the adults of each province.

    The shares of those 60 and over and 65 and over are the province's; how the rest is split is a
    national figure.
    """
    adults = float(country.adult_share)
    young = [float(share) for share in country.age_18_59.numbers]
    total = math.fsum(young)
    rows = []
    for province in country.provinces:
        old = float(province.share_65plus) / adults
        older = (float(province.share_60plus) - float(province.share_65plus)) / adults
        rest = 1.0 - old - older
        if min(old, older, rest) < 0.0:
            raise BadInput(
                f"country '{country.name}': province '{province.name}' has more people aged 60 and "
                "over than adults, or fewer than aged 65 and over",
                allowed="share_65plus <= share_60plus <= adult_share",
                mend="correct the shares of the province",
            )
        rows.append([*(rest * share / total for share in young), older, old])
    return rows


def share_rows(country: Country) -> list[list[list[float]]]:
    """Return the shares of the occupations by area and age."""
    return [
        [[float(share) for share in country.occupations[area][age].numbers] for age in AGES]
        for area in AREAS
    ]


def chance_row(chances: Sequence[float], one: int) -> list[int]:
    """Return integer thresholds of chances; 1 always happens."""
    return [round(float(chance) * one) for chance in chances]


def school_rates(means: Sequence[float]) -> list[float]:
    """Return the Poisson rates whose counts, cut at 3, have the given means."""
    return [find_root(lambda rate, m=m: _cut_mean(rate) - m, 0.0, 12.0) for m in means]


def _cuts(shares: Sequence[float], one: int) -> list[int]:
    """Return cumulative thresholds of all but the last of several shares."""
    total = math.fsum(float(share) for share in shares)
    sums = [math.fsum(float(s) for s in shares[: k + 1]) / total for k in range(len(shares) - 1)]
    return [round(s * one) for s in sums]


def _normal_of(share: float) -> float:
    if share <= 0.0:
        return -math.inf
    return math.inf if share >= 1.0 else _NORMAL.inv_cdf(share)


def _at_least(rate: float) -> list[float]:
    """Return the Poisson chances of at least 3, 2 and 1."""
    none = math.exp(-rate)
    return [1.0 - none * (1.0 + rate + 0.5 * rate * rate), 1.0 - none * (1.0 + rate), 1.0 - none]


def _cut_mean(rate: float) -> float:
    return math.fsum(_at_least(rate))


def _school_row(mean: float) -> list[int]:
    (rate,) = school_rates([float(mean)])
    return chance_row(_at_least(rate), WORD_ONE)


if len(OCCUPATIONS) != 8 or len(AGES) != 5:
    raise RuntimeError("the trait tables are made for 8 occupations and 5 age bands")
