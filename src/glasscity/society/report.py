"""How well a society meets the targets of its pack.

Targets are of two kinds.  *Given* ones stand in the pack, with their source.  *Implied* ones follow
from the pack in closed form (a likeness of friends from shares of variance, a number of ties from
chances); they show whether the society was built as described.  The difference is sampling error,
and in small societies the whole numbers of people in a cell.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from glasscity.society.circles import expected_layers
from glasscity.society.expected import LevelMoments
from glasscity.society.income import cell_means, fit_incomes
from glasscity.society.population import IN_LABOUR_FORCE
from glasscity.society.survey import (
    clustering,
    count_ties,
    households_with_children,
)
from glasscity.society.tables import age_shares, level_tables, share_rows
from glasscity.terms import AGES, AREAS, LAYERS

if TYPE_CHECKING:
    from glasscity.country import Country
    from glasscity.society.society import Society

__all__ = ["gini", "society_report"]

IMPLIED = "implied by the pack"
_SAMPLE = 5_000  # citizens whose clustering is counted: a standard error of about 0.001
_TRAITS = {"income": "income", "opinion": "opinion", "conscientiousness": "conscience"}


def society_report(country: Country, society: Society) -> list[dict[str, Any]]:
    """Compare a society with its pack.

    Parameters
    ----------
    country : Country
        The pack the society was built from.
    society : Society

    Returns
    -------
    list of dict
        ``quantity``, ``target``, ``source``, ``value`` and ``error`` (value less target); None
        where a small society has nothing to measure.  Shares of people are of adults.
    """
    rows: list[dict[str, Any]] = []
    for part in (_places, _homes, _people, _incomes, _ties):
        for quantity, target, source, value in part(country, society):
            known = target is not None and math.isfinite(value) and math.isfinite(target)
            rows.append(
                {
                    "quantity": quantity,
                    "target": None if target is None or not math.isfinite(target) else target,
                    "source": source,
                    "value": value if math.isfinite(value) else None,
                    "error": value - target if known else None,
                }
            )
    return rows


_Row = tuple[str, float | None, str, float]


def gini(counts: Sequence[int] | np.ndarray, values: Sequence[float] | np.ndarray) -> float:
    """Return the Gini coefficient of values in rising order held by so many people each."""
    people = np.asarray(counts, dtype=np.float64)
    money = people * np.asarray(values, dtype=np.float64)
    below = np.cumsum(money) - 0.5 * money
    return float(1.0 - 2.0 * (people * below).sum() / (people.sum() * money.sum()))


def _source(quantity: Any) -> str:
    return quantity.source or f"assumption of the pack (grade {quantity.grade})"


def _column(country: Country, column: str) -> str:
    return country.province_columns[column].source


def _cell_shares(country: Country) -> np.ndarray:
    shares, _ = cell_means(country)
    return np.array(shares)


def _places(country: Country, society: Society) -> Iterator[_Row]:
    source = _column(country, "population")
    target = _cell_shares(country).reshape(-1, 2)
    value = society.cells[:, 1].reshape(-1, 2) / society.citizens
    by_province = value.sum(axis=1) - target.sum(axis=1)
    yield "province_share.largest_error", 0.0, source, float(np.abs(by_province).max())
    for province, wanted, there in zip(country.provinces, target, value, strict=True):
        yield f"province_share.{province.name}", float(wanted.sum()), source, float(there.sum())
    source = _column(country, "urban_share")
    yield "urban_share", float(target[:, 0].sum()), source, float(value[:, 0].sum())
    for province, there in zip(country.provinces, value, strict=True):
        share = float(there[0] / there.sum()) if there.sum() else math.nan
        yield f"urban_share.{province.name}", float(province.urban_share), source, share


def _homes(country: Country, society: Society) -> Iterator[_Row]:
    source = _column(country, "household_size")
    adult_share = float(country.adult_share)
    wanted = np.array([float(p.household_size) for p in country.provinces])
    ages = np.array(age_shares(country))
    by_age = np.array([float(m) for m in country.school_children.numbers])
    by_age = by_age if by_age.any() else np.ones(len(by_age))
    rates = by_age * (wanted * (1.0 - adult_share) / (ages @ by_age))[:, None]
    households, adults, children = households_with_children(society, rates)
    people = np.array([float(p.population) for p in country.provinces])
    target = float(people.sum() / (people / wanted).sum())
    value = float((adults + children).sum() / households.sum())
    yield "household_mean", target, source, value
    there = households > 0
    means = (adults + children)[there] / households[there]
    errors = np.abs(means - wanted[there])
    yield "household_mean.largest_error", 0.0, source, float(errors.max())
    target = float(people.sum() * adult_share / (people / wanted).sum())
    yield "adults_per_household", target, IMPLIED, float(adults.sum() / households.sum())


def _people(country: Country, society: Society) -> Iterator[_Row]:
    traits, number = society.traits, society.citizens
    cells = _cell_shares(country)
    ages = np.repeat(np.array(age_shares(country)), 2, axis=0)
    age_area = np.array([(cells[a::2, None] * ages[a::2]).sum(axis=0) for a in range(2)])

    counts = np.bincount(traits.who & 7, minlength=len(AGES)) / number
    sources = [_source(country.age_18_59)] * 3 + [
        _column(country, "share_60plus"),
        _column(country, "share_65plus"),
    ]
    for age, target, source, value in zip(AGES, age_area.sum(axis=0), sources, counts, strict=True):
        yield f"age_share.{age}", float(target), source, float(value)

    jobs = np.array(share_rows(country))
    jobs /= jobs.sum(axis=2, keepdims=True)
    working = float((age_area * jobs[:, :, :IN_LABOUR_FORCE].sum(axis=2)).sum())
    value = float((((traits.who >> 3) & 7) < IN_LABOUR_FORCE).mean())
    yield "labour_force_share", working, IMPLIED, value

    apps = (("pay_app_share", country.pay_app, 0), ("social_app_share", country.social_app, 1))
    for name, quantity, bit in apps:
        table = np.array([float(v) for v in quantity.numbers]).reshape(len(AGES), len(AREAS))
        target = float((age_area.T * table).sum())
        yield name, target, _source(quantity), float(((traits.misc >> bit) & 1).mean())

    files = (("credit_share", country.credit_share, 7), ("thick_share", country.thick_share, 6))
    for name, quantity, bit in files:
        target = math.fsum(float(v) * w for v, w in zip(quantity.numbers, _fifths(), strict=True))
        yield name, target, _source(quantity), float(((traits.who >> bit) & 1).mean())

    heads = (traits.home & 7) == 0
    pupils = float((traits.misc[heads] >> 6).mean())
    private = [float(v) for v in country.private_school_share.numbers]
    people = np.array([float(p.population) for p in country.provinces])
    homes = people / np.array([float(p.household_size) for p in country.provinces])
    by_age = np.array([float(m) for m in country.school_children.numbers])
    mean = float((homes @ (np.array(age_shares(country)) @ by_age)) / homes.sum())
    target = mean * math.fsum(v * w for v, w in zip(private, _fifths(), strict=True))
    source = _source(country.private_school_share)
    yield "private_pupils_per_household", target, source, pupils

    total = math.fsum(float(s) for s in country.name_groups.numbers)
    for group, share in enumerate(country.name_groups.numbers):
        value = float((((traits.misc >> 4) & 3) == group).mean())
        yield f"name_group_share.{group}", float(share) / total, _source(country.name_groups), value


def _fifths() -> list[float]:
    """Return the shares of the income quintiles: 256 quantiles do not divide by five."""
    quintile = np.arange(256) * 5 >> 8
    return (np.bincount(quintile) / 256).tolist()


def _incomes(country: Country, society: Society) -> Iterator[_Row]:
    traits = society.traits
    shares, means = cell_means(country)
    counts = np.bincount(traits.income, minlength=256)
    yuan = society.income_yuan
    target, source = float(country.income_gini), _source(country.income_gini)
    yield "income_gini", target, source, gini(counts, yuan)
    source = _column(country, "income_pc")
    target = math.fsum(s * m for s, m in zip(shares, means, strict=True))
    yield "income_mean", target, source, float(counts @ yuan / society.citizens)
    money = np.zeros(2)
    people = np.zeros(2)
    for lo, hi, _, _, area, _ in society.blocks.tolist():
        money[area] += yuan[traits.income[lo:hi]].sum()
        people[area] += hi - lo
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = float((money[0] / people[0]) / (money[1] / people[1]))
    weight = np.array(shares).reshape(-1, 2)
    mean = (weight * np.array(means).reshape(-1, 2)).sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = mean / weight.sum(axis=0)
    # Inside every province the ratio is the pack's; between the totals it is larger, because rich
    # provinces are urban.
    yield "urban_rural_income_ratio.national", float(mean[0] / mean[1]), IMPLIED, ratio


def _ties(country: Country, society: Society) -> Iterator[_Row]:
    counts = count_ties(society)
    number = society.citizens
    layers = counts.by_layer() / number
    source = _source(country.mean_ties_target)
    yield "mean_ties", float(country.mean_ties_target), source, float(layers.sum())
    # Small cells lack partners: segments and districts that are not full, odd ones out.
    expected = expected_layers(country)
    for layer, value in zip(LAYERS, layers, strict=True):
        yield f"mean_ties.{layer}", expected[layer], f"{IMPLIED}, in a large society", float(value)
    value, _ = clustering(society, sample=_SAMPLE)
    target = float(country.clustering_target)
    yield "clustering", target, _source(country.clustering_target), value

    moments = {
        name: LevelMoments(table, len(society.cells))
        for name, table in level_tables(country, fit_incomes(country)).items()
    }
    groups = {
        "household": (0,),
        "colleagues": (1,),
        "near": (2,),
        "far": (3, 4),
        "all": tuple(range(len(counts.pairs))),
    }
    for trait, column in _TRAITS.items():
        likeness = _likeness(country, trait)
        for group, kinds in groups.items():
            pairs = counts.pairs[list(kinds)].astype(np.float64)
            target = moments[column].correlation(pairs, likeness[list(kinds)])
            value = counts.correlation(column, kinds)
            yield f"homophily.{trait}.{group}", target, IMPLIED, value


def _likeness(country: Country, trait: str) -> np.ndarray:
    """Return the latent correlation of a trait across each kind of tie (survey.KINDS)."""
    household, neighbourhood, corridor = (float(v) for v in country.homophily[trait].numbers)
    near = neighbourhood + corridor
    home = 1.0 if trait == "income" else household + near
    return np.array([home, 0.0, near, 0.0, corridor])
