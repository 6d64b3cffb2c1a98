"""The parts of a country pack: provinces and gates."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from glasscity.quantity import Grade, Quantity, constant, shaped

__all__ = ["COLUMNS", "Gate", "Province", "ProvinceColumn"]

COLUMNS = (
    "population",
    "urban_share",
    "share_60plus",
    "share_65plus",
    "income_pc",
    "household_size",
)

Share: TypeAlias = Annotated[Quantity, AfterValidator(shaped(least=0, most=1))]
Logits: TypeAlias = Annotated[Quantity, AfterValidator(shaped(least=-10, most=10))]

_UNUSED = "This gate's own screening does not use it."


class _Part(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", populate_by_name=True, allow_inf_nan=False
    )


class Province(_Part):
    """A province; units and sources are those of its `ProvinceColumn`.

    Attributes
    ----------
    name : str
    population : int
    urban_share, share_60plus, share_65plus : float in [0, 1]
        Of the whole population.
    income_pc : float
        Disposable income a head and year.
    household_size : float
        People, children included.
    grades : mapping of column to grade
    """

    name: Annotated[str, Field(min_length=1, max_length=60)]
    population: Annotated[int, Field(ge=1, le=10_000_000_000)]
    urban_share: Annotated[float, Field(ge=0, le=1)]
    share_60plus: Annotated[float, Field(ge=0, le=0.7)]
    share_65plus: Annotated[float, Field(ge=0, le=0.7)]
    income_pc: Annotated[float, Field(gt=0, le=1e9)]
    household_size: Annotated[float, Field(ge=1, le=10)]
    grades: dict[str, Grade]


class ProvinceColumn(_Part):
    """Where a column of the province table comes from.

    Attributes
    ----------
    unit, source : str
    reading : str or None
    note : str or None
        Why rows of grade D are believed nevertheless.
    spread : float
        For rows of grade D, low and high are the value less and plus this share of it.
    """

    unit: Annotated[str, Field(min_length=1, max_length=80)]
    source: str
    reading: Annotated[str, Field(max_length=1000)] | None = None
    note: Annotated[str, Field(max_length=1000)] | None = None
    spread: Annotated[float, Field(ge=0, lt=1)] = 0.0


class Gate(_Part):
    """An opportunity that can be refused.

    Attributes
    ----------
    name, row, sphere, reason : str
        The mission's row; the sphere it belongs to and why.
    everyday, essential : bool
        Everyday gates are passed often and cost nothing but the thing itself; an essential one is
        needed to live.
    weight : Quantity
        Value of the gate among gates.
    demand_per_year : Quantity, five numbers
        Applications a year, by income quintile.
    demand_age, demand_area : Quantity, five and two numbers
        Multipliers by age band and by area, with mean about 1 over the population.
    screening : {"none", "lender", "employer", "landlord", "places"}
        What the provider looks at in every world; ``places`` are limited in number.
    refusal : Quantity
        Chance that the screening refuses an applicant of median income, without arrears, with a
        thick file.
    means_slope, arrears_slope, thin_penalty, noise : Quantity
        What moves the logit of refusal: income quantile below the middle (times 2), arrears on
        record, a thin file, and the spread of what is not modelled.
    score_informs : Quantity in [0, 1]
        Share of ``thin_penalty`` that a score takes away.
    cost : Quantity
        Months of spending that a refusal costs at ``refusal_cost`` 1.
    reach : Quantity in [0, 1]
        Share of providers that apply a regime's rule.
    """

    name: str
    row: str
    sphere: Literal["government", "commerce", "society", "judiciary"]
    reason: Annotated[str, Field(min_length=1, max_length=1000)]
    everyday: bool
    essential: bool
    weight: Annotated[Quantity, AfterValidator(shaped(least=0, most=100))] = Quantity(
        value=1, unit="weight", grade="D", low=0.25, high=4, note="No gate is known to weigh more."
    )
    demand_per_year: Annotated[Quantity, AfterValidator(shaped(length=5, least=0, most=1000))]
    demand_age: Annotated[Quantity, AfterValidator(shaped(length=5, least=0, most=20))]
    demand_area: Annotated[Quantity, AfterValidator(shaped(length=2, least=0, most=20))]
    screening: Literal["none", "lender", "employer", "landlord", "places"]
    refusal: Share = constant(0, "chance", _UNUSED)
    means_slope: Logits = constant(0, "logit", _UNUSED)
    arrears_slope: Logits = constant(0, "logit", _UNUSED)
    thin_penalty: Logits = constant(0, "logit", _UNUSED)
    noise: Logits = constant(0, "logit", _UNUSED)
    score_informs: Share = constant(0, "share", _UNUSED)
    cost: Annotated[Quantity, AfterValidator(shaped(least=0, most=24))] = constant(
        0, "months of spending", "An everyday pleasure: what is lost is the thing itself."
    )
    reach: Share
