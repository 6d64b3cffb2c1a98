"""A country pack as one frozen description."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Annotated, Any, TypeAlias

from pydantic import AfterValidator, Field

from glasscity.catalogue.entry import Complaint, Entry, unknown
from glasscity.catalogue.reader import Place
from glasscity.country.parts import COLUMNS, Gate, Province, ProvinceColumn
from glasscity.quantity import Quantity, shaped
from glasscity.terms import AGES, AREAS, EVERYDAY_GATES, GATES

__all__ = ["Country"]

TRAITS = ("income", "opinion", "conscientiousness")
Share: TypeAlias = Annotated[Quantity, AfterValidator(shaped(least=0, most=1))]
Positive: TypeAlias = Annotated[Quantity, AfterValidator(shaped(least=1e-6, most=1e6))]
Shares3: TypeAlias = Annotated[Quantity, AfterValidator(shaped(length=3, least=0, most=1))]
ByQuintile: TypeAlias = Annotated[Quantity, AfterValidator(shaped(length=5, least=0, most=1))]
Weights5: TypeAlias = Annotated[
    Quantity, AfterValidator(shaped(length=5, least=0, most=1, total=1))
]
Occupations: TypeAlias = Annotated[
    Quantity, AfterValidator(shaped(length=8, least=0, most=1, total=1))
]
AgeByArea: TypeAlias = Annotated[Quantity, AfterValidator(shaped(length=10, least=0, most=1))]


class Country(Entry):
    """A country pack; see `Entry` for name, title, status and about.

    Attributes
    ----------
    provinces : tuple of Province
    province_columns : mapping of column to ProvinceColumn
    adult_share : Quantity
        Share of the population that is 18 or over.
    age_18_59 : Quantity, three numbers
        Shares of 18-29, 30-44 and 45-59 among those of 18 to 59.
    income_gini, urban_rural_income_ratio : Quantity
    household_adults_weights : Quantity, five numbers
        Households with 1 to 5 adults, before they are tilted to a province's household size.
    occupations : mapping of area to mapping of age band to Quantity, eight numbers
        In the order of ``terms.OCCUPATIONS``.
    pay_app, social_app : Quantity, ten numbers
        Share of users, by age band and within it urban, rural.
    credit_share, thick_share : Quantity, five numbers
        Share with an instalment credit; with a thick credit file; by income quintile.
    instalment_low, instalment_high : Quantity
        Instalment as a share of a month's spending.
    school_children : Quantity, five numbers
        Mean number of school-age children in a household, by the age band of its head.
    private_school_share : Quantity, five numbers
        Share of children in private schools, by income quintile.
    name_groups, name_risk : Quantity, four numbers
        Shares of name groups, the first without namesakes; their risk of a mix-up, relative.
    same_age : Quantity in [0, 1]
        Chance that the second adult of a household is as old as its head (a couple) rather than of
        any age.
    profile_by_age : Quantity in [0, 1]
        How far the activity profile leans on age: correlation of the normals behind the two.
    means_signs : Quantity, three numbers that sum to 1
        What signs of means are made of: income by fifth, work, savings of six months.
    personal_base, personal_thick : Quantity
        What a verified identity and a thick credit file add to personal characteristics.
    personal_occupation : Quantity, eight numbers
        What the occupation adds, in the order of ``terms.OCCUPATIONS``.
    opinion_mean, opinion_sd : Quantity
        Of a normal that is cut at -1 and 1.
    beta_a, beta_b : Quantity
        Conscientiousness is Beta-distributed.
    homophily : mapping of trait to Quantity, three numbers
        Share of the variance that is common to household, neighbourhood and corridor.
    sociability, tie_chance : Quantity, four numbers
        Shares of four levels; chance factor of each, a tie existing with the product of its two.
    clustering_target, mean_ties_target : Quantity
    gates : tuple of Gate
        In the order of ``terms.GATES``.
    """

    provinces: Annotated[tuple[Province, ...], Field(min_length=1, max_length=63)]
    province_columns: dict[str, ProvinceColumn]
    adult_share: Annotated[Quantity, AfterValidator(shaped(least=0.3, most=1))]
    age_18_59: Annotated[Quantity, AfterValidator(shaped(length=3, least=0, most=1, total=1))]
    income_gini: Annotated[Quantity, AfterValidator(shaped(least=0.01, most=0.9))]
    urban_rural_income_ratio: Positive
    household_adults_weights: Weights5
    occupations: dict[str, dict[str, Occupations]]
    pay_app: AgeByArea
    social_app: AgeByArea
    credit_share: ByQuintile
    thick_share: ByQuintile
    instalment_low: Share
    instalment_high: Share
    school_children: Annotated[Quantity, AfterValidator(shaped(length=5, least=0, most=5))]
    private_school_share: ByQuintile
    name_groups: Annotated[Quantity, AfterValidator(shaped(length=4, least=0, most=1, total=1))]
    name_risk: Annotated[Quantity, AfterValidator(shaped(length=4, least=0, most=100))]
    same_age: Share
    profile_by_age: Share
    means_signs: Annotated[Quantity, AfterValidator(shaped(length=3, least=0, most=1, total=1))]
    personal_base: Share
    personal_occupation: Annotated[Quantity, AfterValidator(shaped(length=8, least=0, most=1))]
    personal_thick: Share
    opinion_mean: Annotated[Quantity, AfterValidator(shaped(least=-1, most=1))]
    opinion_sd: Annotated[Quantity, AfterValidator(shaped(least=0.01, most=2))]
    beta_a: Positive
    beta_b: Positive
    homophily: dict[str, Shares3]
    sociability: Annotated[Quantity, AfterValidator(shaped(length=4, least=0, most=1, total=1))]
    tie_chance: Annotated[Quantity, AfterValidator(shaped(length=4, least=0, most=1))]
    clustering_target: Share
    mean_ties_target: Positive
    gates: tuple[Gate, ...]

    @property
    def population(self) -> int:
        """Everybody, children included."""
        return sum(province.population for province in self.provinces)

    @property
    def adults(self) -> int:
        """The whole adult population of the pack."""
        return round(self.population * float(self.adult_share))

    def gate(self, name: str) -> Gate:
        """Return the gate of this name, one of ``terms.GATES``."""
        return self.gates[GATES.index(name)]

    def complaints(self) -> Iterator[Complaint]:
        """Yield what contradicts itself in this pack."""
        yield from self._provinces()
        yield from _keys(("occupations",), self.occupations, AREAS, "area")
        for area, rows in self.occupations.items():
            yield from _keys(("occupations", area), rows, AGES, "age band")
        yield from _keys(("homophily",), self.homophily, TRAITS, "trait")
        for trait, shares in self.homophily.items():
            total = math.fsum(shares.numbers)
            if trait == "income" and abs(total - 1) > 1e-6:
                yield Complaint(
                    ("homophily", trait),
                    f"the shares sum to {total:.6g}, and income is wholly the household's",
                    "a sum of 1",
                )
            elif total > 1 + 1e-9:
                yield Complaint(
                    ("homophily", trait), f"the shares sum to {total:.6g}", "a sum of at most 1"
                )
        if float(self.instalment_low) > float(self.instalment_high):
            yield Complaint(("instalment_low",), "instalment_low is above instalment_high")
        if self.name_risk.numbers[0] != 0:
            yield Complaint(
                ("name_risk",), "the first name group has no namesake, so its risk is 0", "0 first"
            )
        yield from self._gate_order()

    def _provinces(self) -> Iterator[Complaint]:
        yield from _keys(("province_columns",), self.province_columns, COLUMNS, "column")
        for key, column in self.province_columns.items():
            grades = {province.grades.get(key, "D") for province in self.provinces}
            for grade in sorted(grades):
                yield from self.evidence(column.source, grade, ("province_columns", key))
        seen: set[str] = set()
        for index, province in enumerate(self.provinces):
            at: Place = ("provinces", index)
            if province.name in seen:
                yield Complaint(at, f"province '{province.name}' stands here twice")
            seen.add(province.name)
            if province.share_65plus > province.share_60plus:
                yield Complaint(
                    at, f"province '{province.name}' has more people over 65 than over 60"
                )
            if province.share_60plus >= float(self.adult_share):
                yield Complaint(
                    at, f"province '{province.name}' has more people over 60 than adults"
                )
            yield from _keys((*at, "grades"), province.grades, COLUMNS, "column")

    def _gate_order(self) -> Iterator[Complaint]:
        names = [gate.name for gate in self.gates]
        strange = [index for index, name in enumerate(names) if name not in GATES]
        for index in strange:
            yield unknown("gate", names[index], GATES, at=("gates", index, "name"))
        missing = [name for name in GATES if name not in names]
        if strange:
            return
        if missing:
            yield Complaint(
                ("gates",), f"gate '{missing[0]}' is missing", ", ".join(GATES), "add it"
            )
        elif tuple(names) != GATES:
            yield Complaint(
                ("gates",), "the gates are not in their order, each once", ", ".join(GATES)
            )
        for index, gate in enumerate(self.gates):
            if gate.everyday != (gate.name in EVERYDAY_GATES):
                yield Complaint(
                    ("gates", index, "everyday"),
                    f"everyday of gate '{gate.name}' is wrong",
                    f"true for {', '.join(EVERYDAY_GATES)}",
                )

    def further_rows(self) -> list[dict[str, Any]]:
        """Return the province table as rows of the ledger."""
        rows = []
        for province in self.provinces:
            for key, column in self.province_columns.items():
                value = getattr(province, key)
                grade = province.grades[key]
                low, high = value * (1 - column.spread), value * (1 + column.spread)
                assumed = grade == "D"
                rows.append(
                    {
                        "name": f"provinces.{province.name}.{key}",
                        "value": value,
                        "unit": column.unit,
                        "source": column.source,
                        "grade": grade,
                        "reading": column.reading,
                        "note": column.note if assumed else None,
                        "low": low if assumed else None,
                        "high": high if assumed else None,
                    }
                )
        return rows


def _keys(at: Place, mapping: Any, wanted: tuple[str, ...], kind: str) -> Iterator[Complaint]:
    strange = [key for key in mapping if key not in wanted]
    for key in strange:
        yield unknown(kind, key, wanted, at=(*at, key))
    # A misspelt key is told once, not also as a missing one.
    for key in wanted if not strange else ():
        if key not in mapping:
            yield Complaint(at, f"{kind} '{key}' is missing", ", ".join(wanted), "add it")
