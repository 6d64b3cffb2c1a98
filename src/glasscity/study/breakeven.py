"""Break-even maps: where in the plane of two assumptions an effect of the regime changes sign.

Pairs are run on a grid, several seeds at each point.  For each seed a polynomial surface is fitted
to the grid by least squares, of the degree that the Bayesian information criterion takes for the
mean over seeds.  The mean surface gives the line on which the effect is zero; the spread of
the seeds' surfaces gives its Monte Carlo error.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from glasscity.study.swept import Input

__all__ = ["FINE", "MAPS", "Map", "break_even", "grid"]

# Columns and rows of the surface that is drawn, and on which the line is looked for.
FINE = 33
_DEGREES = (1, 2, 3)
# Two-sided 95 % of Student's t by degrees of freedom.
_T = (12.71, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228)

MAPS: tuple[tuple[str, str], ...] = (
    ("deterrence", "refusal_cost"),
    ("repayment_gain", "fear_learning"),
)


@dataclass(frozen=True, eq=False)
class Map:
    """A response over the plane of two inputs.

    Attributes
    ----------
    x, y : Input
    points : list of dict
        The grid: ``x``, ``y``, ``mean``, ``error`` (standard error over seeds), ``seeds``.
    surface : list of dict
        ``x``, ``y``, ``effect``, ``error``, ``side``: -1 or 1 where the 95 % interval lies wholly
        below or above zero, 0 where it covers zero.
    line : list of dict
        Points with an effect of zero: ``x``, ``y``, and ``low`` and ``high``: the ends of the 95 %
        interval along ``along``; None where it leaves the map.
    along : {"x", "y"}
        The axis along which the line's interval is given.
    degree : int
        Of the polynomial.
    below, above, unclear : float
        Shares of the map.
    """

    x: Input
    y: Input
    points: list[dict[str, Any]]
    surface: list[dict[str, Any]]
    line: list[dict[str, Any]]
    along: str
    degree: int
    below: float
    above: float
    unclear: float

    def row(self) -> dict[str, Any]:
        """Return the map as plain data, the drawn surface left out."""
        kept = {name: value for name, value in vars(self).items() if name != "surface"}
        return {**kept, "x": self.x.name, "y": self.y.name}


def grid(x: Input, y: Input, side: int) -> list[dict[str, float]]:
    """Return the values of both inputs at ``side`` times ``side`` points, the ends included."""
    places = np.linspace(0.0, 1.0, side)
    return [{x.name: x.value(float(a)), y.name: y.value(float(b))} for b in places for a in places]


def break_even(
    x: Input, y: Input, points: Sequence[dict[str, float]], values: Sequence[Sequence[float | None]]
) -> Map | None:
    """Return the map of a response, or None where too much of it is not estimable.

    Parameters
    ----------
    points : sequence of mapping
        Of :func:`grid`.
    values : sequence over seeds of sequence over points
        At least two seeds.
    """
    table = np.array([[math.nan if v is None else v for v in row] for row in values], dtype=float)
    whole = np.atleast_1d(np.isfinite(table).all(axis=0))
    if whole.sum() < max(6, 0.75 * len(points)) or len(table) < 2:
        return None
    at = np.array([[x.place(p[x.name]), y.place(p[y.name])] for p in points])[whole]
    kept = table[:, whole]
    degree = _degree(at, kept.mean(axis=0))
    fine = np.linspace(0.0, 1.0, FINE)
    mesh = np.array([[a, b] for b in fine for a in fine])
    design = _powers(at, degree)
    surfaces = np.array(
        [_powers(mesh, degree) @ np.linalg.lstsq(design, row, rcond=None)[0] for row in kept]
    )
    seeds = len(surfaces)
    mean = surfaces.mean(axis=0).reshape(FINE, FINE)
    # Pooled over the map: a spread over few seeds says little at a single place.
    error = float(np.sqrt(surfaces.var(axis=0, ddof=1).mean() / seeds))
    reach = error * (_T[seeds - 2] if seeds - 2 < len(_T) else 1.96)
    side = np.where(mean > reach, 1, np.where(mean < -reach, -1, 0))
    along, line = _line(fine, mean, reach)
    own = kept.std(axis=0, ddof=1) / math.sqrt(seeds)
    return Map(
        x,
        y,
        [
            {
                "x": p[x.name],
                "y": p[y.name],
                "mean": float(m),
                "error": float(e),
                "seeds": seeds,
            }
            for p, m, e in zip(
                [p for p, good in zip(points, whole, strict=True) if good],
                kept.mean(axis=0),
                own,
                strict=True,
            )
        ],
        [
            {
                "x": x.value(float(a)),
                "y": y.value(float(b)),
                "effect": float(mean[j, i]),
                "error": error,
                "side": int(side[j, i]),
            }
            for j, b in enumerate(fine)
            for i, a in enumerate(fine)
        ],
        [_valued(one, x, y, along) for one in line],
        along,
        degree,
        float((side < 0).mean()),
        float((side > 0).mean()),
        float((side == 0).mean()),
    )


def _powers(at: np.ndarray, degree: int) -> np.ndarray:
    return np.column_stack(
        [at[:, 0] ** i * at[:, 1] ** j for i in range(degree + 1) for j in range(degree + 1 - i)]
    )


def _degree(at: np.ndarray, mean: np.ndarray) -> int:
    """Return the degree of the smallest Bayesian information criterion."""
    best = (math.inf, 1)
    for degree in _DEGREES:
        design = _powers(at, degree)
        number, terms = design.shape
        if terms >= number:
            break
        rest = mean - design @ np.linalg.lstsq(design, mean, rcond=None)[0]
        squares = max(float(np.square(rest).sum()), 1e-18)
        best = min(best, (number * math.log(squares / number) + terms * math.log(number), degree))
    return best[1]


def _line(fine: np.ndarray, mean: np.ndarray, reach: float) -> tuple[str, list[dict[str, Any]]]:
    """Return along which axis the zero line is read, and its points in places."""
    found = {}
    for along, table in (("y", mean.T), ("x", mean)):
        found[along] = [
            {"at": float(at), "zero": zero, "low": ends[0], "high": ends[1]}
            for at, row in zip(fine, table, strict=True)
            for zero, ends in _crossings(fine, row, reach)
        ]
    along = "y" if len(found["y"]) > len(found["x"]) else "x"
    return along, found[along]


def _crossings(
    fine: np.ndarray, row: np.ndarray, reach: float
) -> list[tuple[float, tuple[float | None, float | None]]]:
    crossed = []
    for k in np.flatnonzero((row[1:] < 0) != (row[:-1] < 0)):
        step = row[k] / (row[k] - row[k + 1])
        zero = float(fine[k] + step * (fine[k + 1] - fine[k]))
        at = int(k)
        ends = (_until(fine, row, at, -1, reach), _until(fine, row, at, 1, reach))
        crossed.append((zero, ends))
    return crossed


def _until(fine: np.ndarray, row: np.ndarray, k: int, way: int, reach: float) -> float | None:
    """Return where, from a crossing on in one direction, the effect is first clear of zero."""
    at = k if way < 0 else k + 1
    while 0 <= at < len(fine):
        if abs(row[at]) >= reach:
            # Between this place and the one before, on the side that this one is on.
            sign, inner = np.sign(row[at]), at - way
            near = sign * row[inner]
            share = (reach - near) / (sign * row[at] - near)
            return float(fine[inner] + share * (fine[at] - fine[inner]))
        at += way
    return None


def _valued(one: dict[str, Any], x: Input, y: Input, along: str) -> dict[str, Any]:
    axis, other = (y, x) if along == "y" else (x, y)

    def value(place: float | None) -> float | None:
        return None if place is None else axis.value(place)

    fixed = other.value(one["at"])
    zero = value(one["zero"])
    return {
        "x": fixed if along == "y" else zero,
        "y": zero if along == "y" else fixed,
        "low": value(one["low"]),
        "high": value(one["high"]),
    }
