"""The tables of a world are what docs/model.md says that they are made from, formula by formula."""

from __future__ import annotations

import functools
import math

import numpy as np
import pytest

from glasscity.behaviour import load_behaviour
from glasscity.country import load_country
from glasscity.engine.calendar import make_calendar
from glasscity.engine.compile import compile_tables
from glasscity.month import tables as at
from glasscity.regime import load_regime
from glasscity.terms import EVENTS


def t32(p):
    return min(round(min(p, 1) * 2**32), 2**32 - 1)


def t16(p):
    return min(round(min(p, 1) * 2**16), 2**16 - 1)


def q(x):
    return round(65535 * x)


COUNTRY = load_country("china-2020")
REGIME = load_regime("citizen-score-2020")
BEHAVIOUR = load_behaviour("central")
B = {
    name: float(getattr(BEHAVIOUR, name))
    for name in type(BEHAVIOUR).model_fields
    if isinstance(getattr(getattr(BEHAVIOUR, name), "value", None), int | float)
}


@functools.cache
def carelessness() -> list[float]:
    a, b, steps = float(COUNTRY.beta_a), float(COUNTRY.beta_b), 20_000
    points = [(i + 0.5) / steps for i in range(steps)]
    mass = [x ** (a - 1) * (1 - x) ** (b - 1) for x in points]
    reached = np.cumsum(mass) >= math.fsum(mass) / 2
    median = points[int(np.argmax(reached))]
    return [(1 - c / 255) / (1 - median) for c in range(256)]


def shocks() -> list[int]:
    e = [-math.log(1 - (k + 0.5) / 16) for k in range(16)]
    return [round(256 * B["shock_size"] * (0.5 + 0.5 * x / (math.fsum(e) / 16))) for x in e]


def demand() -> list[list[float]]:
    return [
        [
            gate.demand_per_year.numbers[fifth]
            * gate.demand_age.numbers[age]
            * gate.demand_area.numbers[area]
            for gate in COUNTRY.gates
        ]
        for area in range(2)
        for fifth in range(5)
        for age in range(5)
    ]


def gate_values() -> list[list[int]]:
    worth = [[d * float(g.weight) for d, g in zip(x, COUNTRY.gates, strict=True)] for x in demand()]
    return [[math.floor(v / np.sum(row) * 65536 + 0.5) for v in row] for row in worth]


def detected(event: str, has: int) -> int:
    unseen = 1.0
    for source in REGIME.record_sources:
        needs = {"none": 0, "pay_app": 1, "social_app": 2, "credit": 4}[source.needs]
        if event in source.sees and has & needs == needs:
            missed = min(1.0, B["miss_factor"] * float(source.miss))
            unseen *= 1 - float(source.coverage) * (1 - missed)
    return t32(1 - unseen)


def mean_of(key: str) -> float:
    values = [float(getattr(source, key)) for source in REGIME.record_sources]
    return math.fsum(values) / len(values)


def screened(kind: str, gate) -> int | list[int]:
    refusal, spread = float(gate.refusal), float(gate.noise) or 1.0
    penalty, informs = float(gate.thin_penalty), float(gate.score_informs)
    if gate.screening == "none" or refusal == 0:
        return {"base": -(2**40), "thin": [0, 0]}.get(kind, 0)
    return {
        "base": round(256 * spread * math.log(refusal / (1 - refusal))),
        "arrears": round(256 * float(gate.arrears_slope)),
        "means": round(512 * float(gate.means_slope)),
        "thin": [round(256 * penalty), round(256 * penalty * (1 - informs))],
    }[kind]


def logistic(x: float) -> float:
    return 1 / (1 + math.exp(-x))


STANDINGS = [(k - 7.5) / 2 for k in range(16)]
MIDS = [(j + 0.5) / 4096 for j in range(4096)]
SIGNS = COUNTRY.means_signs.numbers
MEMORY = REGIME.operator.memories[0] if REGIME.operator else 0.0
LEAN = math.log(B["keeps_median"] / (1 - B["keeps_median"]))
LOW, HIGH = (float(x) for x in (COUNTRY.instalment_low, COUNTRY.instalment_high))
ONSET = 1 - (1 - B["unwilling_onset"]) ** (1 / 12)
FIND = B["find_ratio"] * B["separation"] / (1 - float(COUNTRY.gate("job").refusal))

# Table by table, in the order of the page.
SAID = {
    "separation": lambda: [t32(B["separation"])] * 8,
    "offer": lambda: t32(FIND),
    "shock": lambda: t32(1 - (1 - B["shock"]) ** (1 / 12)),
    "shock_size": shocks,
    "instalment": lambda: [
        max(1, round(256 * (LOW + (HIGH - LOW) * (k + 0.5) / 4))) for k in range(4)
    ],
    "slip": lambda: [t32(min(1, B["slip"] * u)) for u in carelessness()],
    "onset": lambda: [t32(min(0.5, ONSET * u * u)) for u in carelessness()],
    "deterrence": lambda: [round(4096 * (1 - B["deterrence"]) ** (x / 64)) for x in range(65)],
    "repay_gain": lambda: [round(4096 * math.exp(B["repayment_gain"] * x / 64)) for x in range(65)],
    "conduct": lambda: [t32(B[name] / 12) for name in ("traffic", "train", "care", "rumour")],
    "careless": lambda: [round(256 * u) for u in carelessness()],
    "gate_value": gate_values,
    "stake_total": lambda: 65536 + q(B["court_sanction"]) + q(B["perk_share"]),
    "gumbel": lambda: [round(-256 * math.log(-math.log(p))) for p in MIDS],
    "logistic": lambda: [round(256 * math.log(p / (1 - p))) for p in MIDS],
    "race": lambda: [round(-4096 * math.log(1 - p)) for p in MIDS],
    "life": lambda: [
        [t32(x) for x in np.cumsum([min(1, d / 12) for d in row[8:17]])] for row in demand()
    ],
    "everyday": lambda: [[t16(min(1, d / 12)) for d in row[:8]] for row in demand()],
    "detect": lambda: [[detected(event, has) for has in range(8)] for event in EVENTS],
    "name_risk": lambda: [round(256 * x) for x in COUNTRY.name_risk.numbers],
    "corrected": lambda: t32(1 / (B["correction_factor"] * mean_of("corrected_months"))),
    "means_income": lambda: [q(SIGNS[0] * fifth / 4) for fifth in range(5)],
    "middle": lambda: q(0.5 * SIGNS[0] + SIGNS[1] + 0.5 * SIGNS[2]),
    "screen_base": lambda: [screened("base", gate) for gate in COUNTRY.gates],
    "screen_arrears": lambda: [screened("arrears", gate) for gate in COUNTRY.gates],
    "screen_means": lambda: [screened("means", gate) for gate in COUNTRY.gates],
    "screen_thin": lambda: [screened("thin", gate) for gate in COUNTRY.gates],
    "tie_drop": lambda: round(2**32 * B["tie_drop"] / 100),
    "adopt_ties": lambda: t32(float(REGIME.rollout.q)) // 15,
    "display": lambda: [
        t32(min(1, B["display"] * math.exp(B["display_slope"] * (x - 1)))) for x in STANDINGS
    ],
    "prominence": lambda: [
        round(256 * math.exp(max(-5, min(5, float(REGIME.exposure) * x)))) for x in STANDINGS
    ],
    "keeps": lambda: [t32(logistic(LEAN + B["keeps_slope"] * (c / 255 - 0.5))) for c in range(256)],
    "diligent": lambda: [round(256 * (c / 255) / (1 - 1 / carelessness()[0])) for c in range(256)],
    "deed_response": lambda: round(256 * (1 + B["deed_response"])),
}


@functools.cache
def tables() -> np.ndarray:
    return compile_tables(COUNTRY, BEHAVIOUR, REGIME, seed=1)


def field(name: str) -> np.ndarray:
    shape = dict(at.FIELDS)[name]
    place = getattr(at, name.upper())
    return tables()[place : place + math.prod(shape)].reshape(shape)


@pytest.mark.parametrize("name", SAID)
def test_a_table_is_what_the_page_says(name):
    assert np.array_equal(field(name), np.array(SAID[name](), dtype=np.int64))


def test_the_deepest_fall_is_a_years_worth_of_the_gravest_record():
    history = int(field("weights")[0])
    assert field("deep_drop") == math.floor(history * (1 - (1 - MEMORY) ** 12)) >> 8


def test_the_announcement_fades_as_the_page_says():
    calendar = make_calendar(REGIME, BEHAVIOUR, start="2014-06")
    first = max(0, calendar.announced or 0)
    for month in range(84):
        said = 0
        if month >= first:
            said = round(256 * B["salience"] * (1 - B["fear_learning"]) ** (month - first))
        assert calendar.now(month, key=0)[at.NOW_SALIENCE] == said
