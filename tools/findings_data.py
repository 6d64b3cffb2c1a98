"""What the ensembles behind docs/findings.md gave, and what may be said of a number of them.

Two kinds of uncertainty that are never mixed: luck (seeds at the central vector, a 95 % t interval)
and assumption (the range of the means over the matched vectors).
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from findings_quantities import MEASURES, QUANTITIES, Quantity
from glasscity.behaviour import load_behaviour
from glasscity.study.intervals import over_seeds
from glasscity.study.labels import Label, label
from glasscity.study.vectors import FREE

__all__ = ["CENTRAL", "CRITIC", "FLOOR", "PROPONENT", "Found", "Study", "kept_of"]

CENTRAL, PROPONENT, CRITIC = "central", "proponent", "critic"
# Lives that one late payment of one citizen changed at most, in societies of 2,000 and of 20,000
# citizens (docs/pairs.md): what moves no more of them than that is nobody's effect.
FLOOR = 8


def kept_of(folder: Path, file: str) -> dict[str, Any]:
    """Return what docs/findings.json keeps of a finished study.

    ``values`` has, for each measure, a list over regimes of lists over points of lists over seeds.
    """
    import glasscity

    study = glasscity.open_study(folder)
    about = study.about
    data = study.dataset
    asked = about["study"]["base"]
    values = {}
    for name in MEASURES:
        box = data[name].transpose("regime", "point", "seed").values
        values[name] = [[[_kept(x) for x in row] for row in rows] for rows in box.tolist()]
    return {
        "file": file,
        "title": about["title"],
        "digest": about["digest"],
        "citizens": asked["citizens"],
        "months": about["months"],
        "start": about["start"],
        "runs": about["done"],
        "failed": about["failed"],
        "regimes": about["regimes"],
        "vectors": [point["vector"] for point in about["points"]],
        "seeds": about["seeds"],
        "values": values,
    }


def _kept(value: float | None) -> float | None:
    if value is None or not math.isfinite(value):
        return None
    kept = float(f"{value:.6g}")
    return int(kept) if kept.is_integer() else kept


@dataclass(frozen=True)
class Found:
    """A level, or a difference of two worlds.

    Attributes
    ----------
    quantity : Quantity
    mean, half : float or None
        At the central vector over seeds, and half of the 95 % interval.
    vectors : mapping of vector to float
        Means over seeds.
    matched : sequence of float
        Of the matched vectors, those where it is estimable.
    error : float
        Standard error of one vector's mean, pooled over all vectors.
    floor : float or None
        Differences up to that are within the chaos floor; None for levels.
    label : Label or None
        Of a difference over the matched set.
    percent : bool
        Whether it is a difference in per cent of the other world's.
    """

    quantity: Quantity
    mean: float | None
    half: float | None
    vectors: Mapping[str, float]
    matched: Sequence[float]
    error: float
    floor: float | None
    label: Label | None
    percent: bool

    @property
    def sign(self) -> int:
        """-1, 0 or 1 at the central vector; 0 where luck or the floor could be all of it."""
        if (
            self.mean is None
            or self.half is None
            or abs(self.mean) <= max(self.half, self.floor or 0.0)
        ):
            return 0
        return 1 if self.mean > 0 else -1

    @property
    def side(self) -> int:
        """The sign over the matched set where it is robust; else 0."""
        if self.label is None or self.label.label != "robust":
            return 0
        return 1 if self.label.side == "above" else -1


@dataclass(frozen=True)
class Study:
    """One study of docs/findings.json."""

    kept: Mapping[str, Any]

    @property
    def size(self) -> tuple[int, float]:
        """Citizens and years."""
        return self.kept["citizens"], self.kept["months"] / 12

    @property
    def matched(self) -> list[str]:
        """Names of the matched vectors."""
        return [one for one in self.kept["vectors"] if one.startswith("matched-")]

    def joined(self, other: Study) -> Study:
        """Return the study with the vectors of another in the place of its own of that name.

        The other has the same regimes and at least as many seeds; missing seeds are None.
        """
        mine, more = self.kept, other.kept
        if mine["regimes"] != more["regimes"] or self.size != other.size:
            raise ValueError("the studies are not alike")
        wide = len(more["seeds"])
        values = {}
        for name in MEASURES:
            values[name] = [
                [
                    two[more["vectors"].index(vector)]
                    if vector in more["vectors"]
                    else [*row, *[None] * (wide - len(row))]
                    for vector, row in zip(mine["vectors"], one, strict=True)
                ]
                for one, two in zip(mine["values"][name], more["values"][name], strict=True)
            ]
        return Study({**mine, "seeds": more["seeds"], "values": values})

    def runs(self, name: str, regime: str) -> list[list[float | None]]:
        """Return a quantity of a regime over points and seeds, scaled."""
        quantity = QUANTITIES[name]
        r = self.kept["regimes"].index(regime)
        values = self.kept["values"]
        points = range(len(self.kept["vectors"]))
        seeds = range(len(self.kept["seeds"]))
        found = []
        for p in points:
            row = []
            for s in seeds:
                value = quantity.read({m: values[m][r][p][s] for m in MEASURES}, self.size)
                row.append(None if value is None else quantity.scale * value)
            found.append(row)
        return found

    def level(self, name: str, regime: str) -> Found:
        """Return a quantity of a regime."""
        return self._found(name, self.runs(name, regime), percent=False, difference=False)

    def against(self, name: str, regime: str, other: str) -> Found:
        """Return what a quantity differs by between two regimes, seed by seed."""
        percent = QUANTITIES[name].proportion
        table = [
            [_less(a, b, percent) for a, b in zip(one, two, strict=True)]
            for one, two in zip(self.runs(name, regime), self.runs(name, other), strict=True)
        ]
        return self._found(name, table, percent=percent, difference=True)

    def at(self, vector: str) -> Study:
        """Return the study with another vector in the place of the central one."""
        return Study({**self.kept, "central": vector})

    def goes_with(self, name: str, regime: str, other: str, parameter: str) -> float:
        """Return the rank correlation of an effect with a parameter over the matched vectors."""
        found = self.against(name, regime, other)
        known = [one for one in self.matched if one in found.vectors]
        places = [_parameters(one)[parameter] for one in known]
        ranks = [np.argsort(np.argsort(x)) for x in (places, [found.vectors[one] for one in known])]
        return float(np.corrcoef(ranks[0], ranks[1])[0, 1])

    def _found(
        self, name: str, table: list[list[float | None]], *, percent: bool, difference: bool
    ) -> Found:
        quantity = QUANTITIES[name]
        means: dict[str, float] = {}
        squares, degrees, least = 0.0, 0, len(self.kept["seeds"])
        for vector, row in zip(self.kept["vectors"], table, strict=True):
            known = [value for value in row if value is not None]
            if not known:
                continue
            means[vector] = statistics.fmean(known)
            least = min(least, len(known))
            if len(known) > 1:
                squares += (len(known) - 1) * statistics.variance(known)
                degrees += len(known) - 1
        error = math.sqrt(squares / degrees / least) if degrees else 0.0
        home = self.kept.get("central", CENTRAL)
        own = table[self.kept["vectors"].index(home)] if home in self.kept["vectors"] else []
        luck = over_seeds([math.nan if value is None else value for value in own])
        half = None if luck["low"] is None else luck["estimate"] - luck["low"]
        matched = [means[one] for one in self.matched if one in means]
        floor, told = None, None
        if difference:
            floor = 100 * FLOOR / self.size[0] if quantity.people else 0.0
            if len(matched) >= 10:
                values = [means.get(one) for one in self.matched]
                bounds = [None if v is None or abs(v) <= floor else v for v in values]
                told = label(bounds, error, [_parameters(one) for one in self.matched])
        return Found(quantity, luck["estimate"], half, means, matched, error, floor, told, percent)


def _less(one: float | None, other: float | None, percent: bool) -> float | None:
    if one is None or other is None:
        return None
    if not percent:
        return one - other
    return 100 * (one / other - 1) if other else None


def _parameters(name: str) -> dict[str, float]:
    vector = load_behaviour(name)
    found = {}
    for one in FREE:
        parameter, _, index = one.partition(".")
        found[one] = float(getattr(vector, parameter).numbers[int(index or 0)])
    return found
