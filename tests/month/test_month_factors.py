"""Factors of recording error and of reach: multiples of the regime's own values, as thresholds."""

from __future__ import annotations

import math

import pytest

from glasscity.behaviour import altered, load_behaviour
from glasscity.country import load_country
from glasscity.engine.compile import compile_tables
from glasscity.month import tables as at
from glasscity.rates import threshold32
from glasscity.regime import load_regime
from glasscity.terms import EVENTS, GATES

CENTRAL = load_behaviour()
COUNTRY = load_country("plainland")
REGIME = load_regime("citizen-score-2020")
ALL = 2**32 - 1


def fields(country=COUNTRY, **factors):
    if factors:
        behaviour = altered(
            CENTRAL.model_copy(
                update={
                    name: getattr(CENTRAL, name).model_copy(update={"low": 0.01, "high": 100})
                    for name in factors
                }
            ),
            factors,
            name="x",
            title="x",
            about="x",
        )
    else:
        behaviour = CENTRAL
    return compile_tables(country, behaviour, REGIME, seed=1)


def part(tables, name):
    """Return a field of the tables, flat."""
    first = getattr(at, name.upper())
    size = math.prod(dict(at.FIELDS)[name])
    return tables[first : first + size]


def sources_of(event):
    return [source for source in REGIME.record_sources if event in source.sees]


def test_misses_are_multiplied_and_cut_at_one():
    everything = 7  # somebody with both apps and a credit, whom every source sees
    for factor in (0.2, 1.0, 2.5, 100.0):
        detect = part(fields(miss_factor=factor), "detect").reshape(len(EVENTS), 8)
        for e, event in enumerate(EVENTS):
            unseen = 1.0
            for source in sources_of(event):
                miss = min(1.0, factor * float(source.miss))
                unseen *= 1 - float(source.coverage) * (1 - miss)
            assert detect[e, everything] == pytest.approx((1 - unseen) * 2**32, abs=2)


def test_mix_ups_and_false_alarms_are_multiplied():
    usual, doubled = fields(), fields(mix_up_factor=2.0, false_alarm_factor=2.0)
    for name in ("mix", "false_any"):
        a, b = part(usual, name), part(doubled, name)
        assert a.any()
        assert b == pytest.approx(2 * a, abs=2)
    # Which kind it is does not move.
    assert (part(usual, "false_which") == part(doubled, "false_which")).all()


def test_mistakes_stand_for_so_many_times_the_months():
    months = [float(one.corrected_months) for one in REGIME.record_sources]
    mean = sum(months) / len(months)
    for factor in (0.25, 1.0, 2.0):
        chance = part(fields(correction_factor=factor), "corrected")[0]
        assert chance == threshold32(1 / (factor * mean))


def test_reach_is_multiplied_and_ends_at_every_provider():
    for factor in (0.5, 1.0, 2.5):
        reach = part(fields(reach_factor=factor), "reach")
        for g, name in enumerate(GATES):
            rule = REGIME.gate_rule(name)
            share = float(rule.reach if rule.reach is not None else COUNTRY.gate(name).reach)
            assert reach[g] == threshold32(min(1.0, factor * share))
    assert reach[GATES.index("job")] == ALL


def test_central_multiplies_by_one():
    for name in ("miss", "false_alarm", "mix_up", "correction", "reach"):
        quantity = getattr(CENTRAL, f"{name}_factor")
        assert float(quantity) == 1
        assert quantity.low < 1 < quantity.high


def test_no_chance_leaves_its_range_at_any_factor():
    wild = fields(miss_factor=100, false_alarm_factor=100, mix_up_factor=100, reach_factor=100)
    for name in ("detect", "mix", "false_any", "false_which", "reach"):
        thresholds = part(wild, name)
        assert thresholds.min() >= 0
        assert thresholds.max() <= ALL


def test_signs_of_means_and_of_a_person_are_the_countrys():
    def changed(name, value):
        quantity = getattr(COUNTRY, name)
        wide = {"low": 0, "high": 1, "value": value}
        return COUNTRY.model_copy(update={name: quantity.model_copy(update=wide)})

    usual = fields()
    other = fields(changed("means_signs", (0.2, 0.5, 0.3)))
    assert part(usual, "means_income")[-1] == round(0.5 * 65535)
    assert part(other, "means_income")[-1] == round(0.2 * 65535)
    assert part(other, "means_work")[0] == round(0.5 * 65535)
    assert part(other, "middle")[0] == round((0.1 + 0.5 + 0.15) * 65535)
    thin, thick = 0, 64
    person = part(usual, "personal")
    assert person[thin] == round(0.6 * 65535)
    assert person[thick] == round(0.75 * 65535)
    longer = part(fields(changed("personal_thick", 0.3)), "personal")
    assert longer[thick] == pytest.approx(0.9 * 65535, abs=1)
    assert longer[thin] == person[thin]
