"""Outcomes made by hand, small enough to compute every figure on paper."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from glasscity.month.ledger import ROWS
from glasscity.results.cube import CELLS, CubeBuilder
from glasscity.results.outcome import (
    COUPLE_SUMS,
    DECILE_COLUMNS,
    EXITS,
    REGISTERS,
    SCORE_BINS,
    Outcome,
)
from glasscity.results.store import RunWriter
from glasscity.terms import (
    AGES,
    AREAS,
    CAMPS,
    CAUSE_GROUPS,
    CAUSES,
    CLASSES,
    GATES,
    LISTING_CAUSES,
    MORE_CAUSE_GROUPS,
    QUINTILES,
    SPHERES,
)

PROVINCES = ("North", "South")
GATE_SPHERES = tuple(
    "society"
    if gate in ("restaurant", "nightclub", "private_school")
    else "government"
    if gate in ("civil_service", "social_security", "journalism", "legal")
    else "commerce"
    for gate in GATES
)
SCENARIO = {
    "regime": {
        "name": "by-hand",
        "status": "provisional",
        "caution": "Not a real place.",
        "lists": [{"name": "court", "term": {"value": 24, "grade": "A"}}],
        "gates": {"loan": {"percentile": {"value": 5, "grade": "D"}}},
    },
    "country": {"name": "plainland", "gates": [{"weight": {"value": 1, "grade": "C"}}]},
    "behaviour": {"name": "central", "kappa": {"value": 1.8, "grade": "B"}},
    "citizens": 10,
    "months": 3,
    "start": "2014-06",
    "seed": 1,
    "strengths": {},
}
META = {
    "gate_spheres": list(GATE_SPHERES),
    "has_score": True,
    "lists": [{"name": "court", "sphere": "commerce", "min_gravity": 5, "from_month": 0}],
    "first_scored_month": 0,
    "score_range": [350, 950],
    "panel": "all",
    "attributed": 1,
    "resumed_from_month": None,
    "perks": [
        {"name": "no-deposit", "gate": "rental", "points": 650},
        {"name": "small-loan", "gate": "loan", "points": 600},
    ],
    "operators": ["sesame", "rapid-finance"],
    "dating": True,
    "safeguards": {},
    "manipulations": {},
    "ties_statistics": [
        {"statistic": "mean", "used": False, "spread": 0.5, "p5": 10.0, "p95": 12.25},
        {"statistic": "standardised", "used": True, "spread": 1.0, "p5": 6.0, "p95": 9.5},
        {"statistic": "below_bar", "used": False, "spread": 1.5, "p5": 10.5, "p95": 15.0},
    ],
}
# What a regime leaves in force that scores nobody.
UNSCORED = {"has_score": False, "lists": [], "perks": [], "operators": [], "dating": False}
Place = tuple[str, str, str, str, str]
_GROUPS = (*CAUSE_GROUPS, *MORE_CAUSE_GROUPS)
HOME: Place = ("North", "urban", "q1", "18-29", "critical")


def bits(names: Sequence[str], words: Sequence[str]) -> int:
    return sum(1 << words.index(name) for name in names)


class World:
    """Collect a small outcome, one sentence at a time."""

    def __init__(self, *, months: int = 3, people: Sequence[Place] = (HOME,) * 10) -> None:
        self.months = months
        self.people = list(people)
        self.counts: dict[tuple[int, int, int], np.ndarray] = {}
        self.registers: dict[str, list[dict[str, int]]] = {name: [] for name in REGISTERS}
        self.scores = np.zeros((months, len(self.people)), np.uint16)
        self.tie_moments = np.zeros((months, 5), np.int64)
        self.couples = np.zeros((months, len(COUPLE_SUMS)), np.int64)
        self.deciles = np.zeros((months, 10, len(DECILE_COLUMNS)), np.int64)
        self.shapley = np.zeros((months, len(GATES), len(CAUSES)), np.int64)
        self.state_sums = np.arange(months, dtype=np.uint64) + np.uint64(2**63)
        self.meta: dict[str, Any] = dict(META)
        count = len(self.people)
        self.persons: dict[str, np.ndarray] = {
            "profile": np.zeros(count, np.uint8),
            "on_record": np.zeros(count, np.bool_),
            "shut_out": np.zeros(count, np.uint8),
            "score_private_1": np.zeros(count, np.uint16),
            "score_private_2": np.zeros(count, np.uint16),
        }
        for month in range(months):
            for place in self.people:
                self.count("citizens", 1, month=month, place=place)

    def count(
        self,
        measure: str,
        number: int,
        *,
        month: int | None = None,
        place: Place = HOME,
        **labels: str,
    ) -> None:
        """Add a number to the first matching row, in the last month unless said."""
        row = next(
            code
            for code, row in enumerate(ROWS)
            if row.measure == measure and all(getattr(row, k) == v for k, v in labels.items())
        )
        month = self.months - 1 if month is None else month
        province, area, quintile, age, camp = place
        key = (month, PROVINCES.index(province), AREAS.index(area))
        cell = (QUINTILES.index(quintile) * len(AGES) + AGES.index(age)) * len(CAMPS)
        table = self.counts.setdefault(key, np.zeros((len(ROWS), CELLS), np.int64))
        table[row, cell + CAMPS.index(camp)] += number

    def denial(
        self,
        citizen: int,
        gate: str,
        *,
        month: int | None = None,
        klass: str = "sole",
        causes: Sequence[str] = (),
        lower: Sequence[str] = (),
        upper: Sequence[str] = (),
        rule: bool = True,
        counted: bool = True,
    ) -> None:
        """Refuse a citizen: in the register unless baseline, and in the cube."""
        month = self.months - 1 if month is None else month
        place = self.people[citizen]
        if counted:
            self.count("denials", 1, month=month, place=place, gate=gate)
            self.count("applications", 1, month=month, place=place, gate=gate)
            if rule:
                self.count("denials_regime", 1, month=month, place=place, gate=gate)
            for measure, groups in (("denials_lower", lower), ("denials_upper", upper)):
                for group in groups:
                    self.count(measure, 1, month=month, place=place, gate=gate, cause=group)
        if klass == "baseline":
            self.count("denials_baseline", 1, month=month, place=place, gate=gate)
            return
        mask = bits(causes, CAUSES)
        entry = {"month": month, "citizen": citizen, "gate": GATES.index(gate)}
        entry |= {"butfor": mask, "sufficient": mask, "involved": mask}
        entry |= {"lower": bits(lower, _GROUPS), "klass": CLASSES.index(klass)}
        self.registers["denials"].append({**entry, "rule": int(rule)})

    def listing(self, citizen: int, month: int, *causes: str, sphere: str = "commerce") -> None:
        entry = {"month": month, "citizen": citizen, "list": SPHERES.index(sphere)}
        detail = bits(causes, LISTING_CAUSES)
        self.registers["listings"].append({**entry, "kind": 0, "detail": detail})
        self.count("entries", 1, month=month, place=self.people[citizen], list=sphere)

    def exit(self, citizen: int, month: int, way: int = 0, sphere: str = "commerce") -> None:
        entry = {"month": month, "citizen": citizen, "list": SPHERES.index(sphere)}
        self.registers["listings"].append({**entry, "kind": 1, "detail": way})
        self.count(f"exits_{EXITS[way]}", 1, month=month, place=self.people[citizen], list=sphere)

    def spell(self, citizen: int, start: int | None, end: int | None, *, before: int = 0) -> None:
        for kind, month in ((0, start), (1, end)):
            if month is not None:
                entry = {"month": month, "citizen": citizen, "kind": kind}
                self.registers["spells"].append({**entry, "before": before if kind == 0 else 0})

    def outcome(self) -> Outcome:
        builder = CubeBuilder(ROWS, provinces=PROVINCES)
        for (month, province, area), table in self.counts.items():
            builder.add(month, province, area, table)
        registers = {
            name: {
                column: np.array([entry[column] for entry in self.registers[name]], kind)
                for column, kind in columns.items()
            }
            for name, columns in REGISTERS.items()
        }
        histogram = np.stack([np.bincount(line, minlength=SCORE_BINS) for line in self.scores])
        words = {"province": PROVINCES, "area": AREAS, "quintile": QUINTILES}
        words |= {"age": AGES, "camp": CAMPS}
        people = {"citizen": np.arange(len(self.people), dtype=np.uint32)}
        for at, (name, known) in enumerate(words.items()):
            people[name] = np.array([known.index(place[at]) for place in self.people], np.uint8)
        people["score"] = self.scores[-1]
        people |= self.persons
        return Outcome(
            cube=builder.finish(),
            months=self.months,
            **registers,
            shapley=self.shapley,
            score_histogram=histogram.astype(np.int64),
            tie_moments=self.tie_moments,
            couples=self.couples,
            deciles=self.deciles,
            panel_ids=people["citizen"],
            panel_scores=self.scores,
            people=people,
            state_sums=self.state_sums,
            meta={**self.meta, "citizens": len(self.people)},
        )


def store(folder, world: World, twin: World | None = None, scenario=SCENARIO):
    """Write a world, and its twin, as a run folder; return its path."""
    with RunWriter(folder, scenario=scenario) as writer:
        writer.write(world.outcome())
        writer.provenance({"glasscity": "test"})
        if twin is not None:
            with writer.twin({**scenario, "regime": {"name": "unscored"}}) as inner:
                inner.write(twin.outcome())
                inner.complete()
        writer.complete()
    return folder
