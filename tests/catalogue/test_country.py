"""Country packs and behaviour: close to the aggregates that they name, and consistent."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path

import pytest

from glasscity.behaviour import Behaviour, load_behaviour
from glasscity.catalogue.entry import ledger
from glasscity.catalogue.shelf import CATALOGUE, catalogue_names
from glasscity.country import Country, countries, load_country
from glasscity.errors import BadFile, NotFound
from glasscity.terms import AGES, AREAS, EVERYDAY_GATES, GATES, OCCUPATIONS

CHINA = CATALOGUE / "countries" / "china-2020"
PLAIN = (CATALOGUE / "countries" / "plainland" / "country.yaml").read_text()


def adult_ages(country: Country) -> list[float]:
    """Return the national shares of the five age bands among adults."""
    adults = country.population * float(country.adult_share)
    over_65 = sum(one.population * one.share_65plus for one in country.provinces) / adults
    over_60 = sum(one.population * one.share_60plus for one in country.provinces) / adults
    young = [share * (1 - over_60) for share in country.age_18_59.numbers]
    return [*young, over_60 - over_65, over_65]


def urban(country: Country) -> float:
    return sum(p.population * p.urban_share for p in country.provinces) / country.population


@pytest.mark.parametrize("name", catalogue_names("country"))
def test_a_country_is_complete_and_in_the_order_of_the_terms(name: str) -> None:
    country = load_country(name)
    assert country.name == name
    assert tuple(gate.name for gate in country.gates) == GATES
    assert all(gate.everyday == (gate.name in EVERYDAY_GATES) for gate in country.gates)
    assert all(gate.reason and gate.row.startswith("A") for gate in country.gates)
    assert tuple(country.occupations) == AREAS
    for rows in country.occupations.values():
        assert tuple(rows) == AGES
        assert all(len(row.numbers) == len(OCCUPATIONS) for row in rows.values())
    assert country.gate("job").essential
    assert {gate.name for gate in country.gates if gate.essential} == {
        "rental",
        "social_security",
        "job",
    }


def test_the_provinces_of_china_sum_to_what_the_census_published() -> None:
    country = load_country("china-2020")
    assert len(country.provinces) == 31
    assert country.population == 1_409_778_724
    assert sum(p.population * p.share_60plus for p in country.provinces) == pytest.approx(
        264_018_766, rel=1e-4
    )
    assert sum(p.population * p.share_65plus for p in country.provinces) == pytest.approx(
        190_635_280, rel=1e-4
    )
    assert sum(p.share_65plus > 0.14 for p in country.provinces) == 12
    assert 1.10e9 < country.adults < 1.12e9


def test_adults_of_a_household_agree_with_its_size() -> None:
    for name in catalogue_names("country"):
        country = load_country(name)
        mean = sum(
            count * weight
            for count, weight in enumerate(country.household_adults_weights.numbers, start=1)
        )
        size = sum(p.population for p in country.provinces) / sum(
            p.population / p.household_size for p in country.provinces
        )
        assert mean == pytest.approx(size * float(country.adult_share), rel=0.03)


@pytest.mark.parametrize("name", catalogue_names("country"))
def test_demand_multipliers_have_mean_one(name: str) -> None:
    country = load_country(name)
    ages, town = adult_ages(country), urban(country)
    for gate in country.gates:
        by_age = math.fsum(s * m for s, m in zip(ages, gate.demand_age.numbers, strict=True))
        in_town, outside = gate.demand_area.numbers
        assert by_age == pytest.approx(1, abs=0.02), gate.name
        assert town * in_town + (1 - town) * outside == pytest.approx(1, abs=0.02), gate.name


@pytest.mark.parametrize(
    ("gate", "mean"),
    [
        ("flight", 0.43),
        ("fast_train", 1.6),
        ("mortgage", 0.02),
        ("loan", 0.15),
        ("rental", 0.05),
        ("insurance", 0.2),
        ("social_security", 0.1),
        ("civil_service", 0.01),
    ],
)
def test_demand_has_the_mean_that_it_names(gate: str, mean: float) -> None:
    demand = load_country("china-2020").gate(gate).demand_per_year.numbers
    assert math.fsum(demand) / 5 == pytest.approx(mean, rel=0.03)


def test_shares_have_the_means_that_they_name() -> None:
    country = load_country("china-2020")
    assert sum(country.private_school_share.numbers) / 5 == pytest.approx(0.195, abs=0.001)
    assert sum(country.credit_share.numbers) / 5 == pytest.approx(0.6, abs=0.001)
    assert sum(country.thick_share.numbers) / 5 == pytest.approx(1 / 3, abs=0.01)
    for name in catalogue_names("country"):
        pack = load_country(name)
        groups, risks = pack.name_groups.numbers[1:], pack.name_risk.numbers[1:]
        mean = sum(g * r for g, r in zip(groups, risks, strict=True)) / sum(groups)
        assert mean == pytest.approx(1, abs=0.05)


def test_users_of_payment_apps_are_near_the_reported_number() -> None:
    country = load_country("china-2020")
    ages, town = adult_ages(country), urban(country)
    users = country.adults * math.fsum(
        share * (town * in_town + (1 - town) * outside)
        for share, in_town, outside in zip(
            ages, country.pay_app.numbers[::2], country.pay_app.numbers[1::2], strict=True
        )
    )
    assert users == pytest.approx(802e6, rel=0.05)


def test_employment_is_near_the_national_accounts() -> None:
    country = load_country("china-2020")
    ages, town = adult_ages(country), urban(country)
    shares = [0.0] * len(OCCUPATIONS)
    for area, part in zip(AREAS, (town, 1 - town), strict=True):
        for age, share in zip(AGES, ages, strict=True):
            for i, one in enumerate(country.occupations[area][age].numbers):
                shares[i] += part * share * one
    working = math.fsum(shares[:6])
    assert working == pytest.approx(0.68, abs=0.03)
    assert shares[0] / working == pytest.approx(0.236, abs=0.03)


def test_every_value_of_a_pack_has_a_unit_and_a_source_or_reason() -> None:
    for entry in (*map(load_country, catalogue_names("country")), load_behaviour()):
        for row in ledger(entry):
            assert row["unit"], row["name"]
            assert row["note"] if row["grade"] == "D" else row["source"] in entry.sources, row
    names = [row["name"] for row in ledger(load_country("china-2020"))]
    assert "gates.loan.refusal" in names
    assert "provinces.Beijing.income_pc" in names
    assert len(set(names)) == len(names)


def test_plainland_names_one_source_and_it_is_made_up() -> None:
    country = load_country("plainland")
    assert list(country.sources) == ["teaching"]
    assert {row["grade"] for row in ledger(country)} == {"D"}


def test_the_middle_vector_is_that_of_the_model_but_for_what_was_fitted_again() -> None:
    # Fitted in the unscored world (docs/decisions/0005): slip and sue.
    behaviour = load_behaviour("central")
    wanted = {
        "separation": 0.0122,
        "find_ratio": 19,
        "unwilling_onset": 0.005,
        "shock": 0.042,
        "repayment_before_order": 0.15,
        "repayment_after_order": 0.020,
        "sue": 0.06,
        "spare": 0.60,
        "slip": 0.0053,
        "repayment_gain": 0.8,
        "kappa": 1.8,
        "fear_phi_speech": 0.8,
        "conformity": 0.6,
        "deterrence": 0.2,
        "refusal_cost": 0.3,
    }
    assert {name: float(getattr(behaviour, name)) for name in wanted} == wanted


def test_signs_that_are_not_known_stay_open() -> None:
    behaviour = load_behaviour()
    for name in ("deterrence", "repayment_gain"):
        quantity = getattr(behaviour, name)
        assert quantity.low < 0 < quantity.high


def test_packs_survive_their_own_json() -> None:
    for entry in (*map(load_country, catalogue_names("country")), load_behaviour()):
        text = json.dumps(entry.model_dump(mode="json", by_alias=True))
        assert type(entry).model_validate(json.loads(text)) == entry


def test_the_catalogue_lists_its_countries() -> None:
    assert [row["name"] for row in countries()] == ["china-2020", "plainland"]


def test_unknown_names_are_refused_with_the_nearest() -> None:
    with pytest.raises(NotFound, match="did you mean 'china-2020'"):
        load_country("china")
    with pytest.raises(NotFound, match="central"):
        load_behaviour("centrall")


def copy_of_china(folder: Path) -> Path:
    for file in CHINA.iterdir():
        (folder / file.name).write_text(file.read_text())
    return folder


BAD_TABLES: dict[str, tuple[Callable[[str], str], str]] = {
    "no column": (lambda t: t.replace("urban_share", "urban", 1), ":1: the column 'urban_share'"),
    "a word": (lambda t: t.replace("21893095", "many"), ":2: 'many' in column 'population'"),
    "a short row": (lambda t: t + "Atlantis,x\n", ":33: 2 cells stand where the head has 14"),
    "no grade": (lambda t: t.replace("A,D,D,D,A,C", "A,D,D,D,A,Z", 1), "is not a grade"),
    "share above one": (lambda t: t.replace("0.8755", "87.55"), "provinces"),
    "half a person": (lambda t: t.replace("21893095", "21893095.5"), "provinces"),
    "infinite": (lambda t: t.replace("21893095", "inf"), ":2: 'inf' in column"),
    "twice": (lambda t: t.replace("Tianjin", "Beijing"), "province 'Beijing' stands here twice"),
    "empty": (lambda t: "", "provinces.csv:1: the file is empty"),
    "open quote": (lambda t: t + '"x', "this is not CSV"),
    "old people": (lambda t: t.replace("0.1963,0.1330", "0.1963,0.2330"), "people over 65"),
}


@pytest.mark.parametrize("case", BAD_TABLES)
def test_a_bad_province_table_is_refused(case: str, tmp_path: Path) -> None:
    change, expected = BAD_TABLES[case]
    folder = copy_of_china(tmp_path)
    table = folder / "provinces.csv"
    table.write_text(change(table.read_text()))
    with pytest.raises(BadFile) as caught:
        load_country(folder)
    assert expected in str(caught.value)
    assert "\n" not in str(caught.value)


BAD_PACKS = {
    "table elsewhere": ("provinces: provinces.csv", "provinces: ../provinces.csv", "names no file"),
    "no gate": ("  - name: golf", "  - name: gulf", "gate 'gulf' is not declared"),
    "occupations": ("[0.01, 0.19, 0.24", "[0.11, 0.19, 0.24", "the numbers sum to 1.1"),
    "ages": ("    18-29: {value: [0.01", "    18-28: {value: [0.01", "age band '18-28'"),
    "trait": ("  opinion: {value", "  opinions: {value", "trait 'opinions' is not declared"),
    "income": ("income: {value: [0.45", "income: {value: [0.40", "wholly the household's"),
    "length": (
        "thick_share: {value: [",
        "thick_share: {value: [0.5, ",
        "6 numbers stand where 5 are wanted",
    ),
}


@pytest.mark.parametrize("case", BAD_PACKS)
def test_a_bad_country_is_refused(case: str, tmp_path: Path) -> None:
    old, new, expected = BAD_PACKS[case]
    file = copy_of_china(tmp_path) / "country.yaml"
    text = file.read_text()
    assert text.count(old) == 1
    file.write_text(text.replace(old, new))
    with pytest.raises(BadFile) as caught:
        load_country(file)
    assert expected in str(caught.value)


def test_a_behaviour_outside_its_range_is_refused(tmp_path: Path) -> None:
    text = (CATALOGUE / "behaviours" / "central.yaml").read_text()
    file = tmp_path / "mine.yaml"
    file.write_text(text.replace("deterrence: {value: 0.2,", "deterrence: {value: 0.9,"))
    with pytest.raises(BadFile, match=r"value 0.9 is not between low -0.2 and high 0.6"):
        load_behaviour(file)
    file.write_text(text.replace("spare: {", "spair: {"))
    with pytest.raises(BadFile, match="'spare' is missing"):
        load_behaviour(file)
    assert isinstance(load_behaviour("central"), Behaviour)
