"""What the effects of a regime hang on: screening, indices, labels and break-even maps.

Four parts, each of pairs of worlds that are run once and kept: the screening of everything that can
be moved; every vector of the matched set, for the labels; the indices of what matters; the maps.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from glasscity._version import MODEL_VERSION
from glasscity.behaviour import Behaviour, matched
from glasscity.errors import BadArgument, NotFound
from glasscity.scenario import Scenario
from glasscity.study import indices as sobol
from glasscity.study.bench import Bench, Given, Point, Runner, opened
from glasscity.study.breakeven import MAPS, Map, break_even, grid
from glasscity.study.effects import EFFECTS, RESPONSES, Response
from glasscity.study.labels import label
from glasscity.study.library import library
from glasscity.study.screening import design as morris
from glasscity.study.screening import screen
from glasscity.study.swept import Input, inputs, moved
from glasscity.study.vectors import FREE, hypercube

__all__ = ["PARTS", "QUICK", "Sizes", "sensitivity"]

PARTS = ("screening", "matched", "indices", "maps")
# A response is mapped if it is one of these: what the regime claims, paid for in refusals.
MAPPED = ("onsets", "arrears")
# Of the runs that an emulator is fitted to, the share that is kept back to check it.
_HELD_OUT = 0.2
# Vectors' seeds, far from those of the base.
_OWN_LUCK = 10_000
_PART_OF_DESIGN = 0x200
# An emulator of fewer runs is no emulator.
_FEWEST = 20


@dataclass(frozen=True)
class Sizes:
    """How much is run.

    Attributes
    ----------
    trajectories : int
        Of the screening, from 2.
    samples : int
        Pairs for the indices: a Latin hypercube that an emulator is fitted to or, without the
        emulator, the greatest power of two, times inputs + 2, within it.
    top : int
        How many inputs the indices look at.
    vectors : int or None
        Of the matched set; all unless given.
    again : int
        How many vectors are run with a second seed, to learn what luck does; from 2.
    side : int
        Points of a map along each axis, from 3.
    seeds : int
        For luck and at each point of a map, from 2.
    """

    trajectories: int = 6
    samples: int = 150
    top: int = 10
    vectors: int | None = None
    again: int = 50
    side: int = 5
    seeds: int = 4


QUICK = Sizes(trajectories=2, samples=40, top=4, vectors=12, again=6, side=3, seeds=2)


@dataclass
class _Study:
    scenario: Scenario
    bench: Bench
    sizes: Sizes
    inputs: tuple[Input, ...]

    def at(self, values: Mapping[str, float], seed: int) -> Scenario:
        return moved(self.seeded(seed), values)

    def seeded(self, by: int) -> Scenario:
        return self.scenario.but(seed=(self.scenario.seed + by) % 2**63)


def sensitivity(
    scenario: Scenario,
    folder: Path,
    *,
    sizes: Sizes | None = None,
    parts: Sequence[str] = PARTS,
    direct: bool = False,
    names: Sequence[str] = (),
    workers: int | None = None,
    show: Callable[[str, int, int], object] = lambda stage, done, total: None,
    run: Runner | None = None,
    command: str = "",
) -> dict[str, Any]:
    """Run a sensitivity study, or go on with it, and write it into its folder.

    Parameters
    ----------
    scenario : Scenario
        The regime, and what is held where nothing is moved.
    folder : Path
        Made if it is not there; ``study.json``, ``dataset.csv``, pictures and ``members``.
    sizes : Sizes, optional
    parts : sequence of {"screening", "matched", "indices", "maps"}
    direct : bool
        Whether the indices are taken on runs, without an emulator.
    names : sequence of str, optional
        What is moved; everything that can be by default.
    workers : int, optional
        Processes.
    show : callable
        Called as ``show(stage, done, total)``.
    run : callable, optional
        Stands in for :func:`glasscity.study.members.run_members`.
    command : str
        What was typed, for the record.

    Returns
    -------
    dict
        ``inputs``, ``responses``, ``luck``, ``screening``, ``matters``, ``emulators``, ``indices``,
        ``findings``, ``ranges``, ``maps``: tables as lists of dict; ``plots``, ``dataset``,
        ``digest``, ``worlds``, ``failed``.

    Raises
    ------
    BadInput
        Of the kind that fits.
    Interrupted
        From the keyboard; the same call goes on.
    """
    sizes = sizes or Sizes()
    for part in parts:
        if part not in PARTS:
            raise NotFound.among("part", part, PARTS)
    if scenario.regime.name == "unscored":
        raise BadArgument(
            "an effect is a regime's against the same people unscored",
            where="regime 'unscored'",
            allowed="any other regime",
        )
    if {"screening", "indices"} & set(parts):
        library("SALib", what="a sensitivity study")
    moving = inputs(scenario, names)
    opened(folder, _head(scenario, sizes, parts, direct, moving))
    if run is None:
        from glasscity.study.members import run_members as run
    study = _Study(scenario, Bench(folder, run, show, workers), sizes, moving)
    luck = _luck(study)
    screening = _screening(study, luck) if "screening" in parts else []
    matters = _matters(study.inputs, screening, sizes.top)
    findings, ranges = _matched(study) if "matched" in parts else ([], [])
    emulators: list[dict[str, Any]] = []
    found: list[dict[str, Any]] = []
    if "indices" in parts:
        chosen = [one["input"] for one in matters] or [one.name for one in moving[: sizes.top]]
        emulators, found = (_direct if direct else _emulated)(study, chosen, luck)
    maps = _maps(study) if "maps" in parts else []
    from glasscity.study.sensitivity_charts import drawn

    document: dict[str, Any] = {
        "command": command,
        "regime": scenario.regime.name,
        "country": scenario.country.name,
        "behaviour": scenario.behaviour.name,
        "citizens": scenario.citizens,
        "months": scenario.months,
        "seed": scenario.seed,
        "sizes": vars(sizes),
        "inputs": [one.row() for one in moving],
        "responses": [one.row() for one in study.bench.wanted],
        "luck": [luck[name] for name in RESPONSES],
        "screening": screening,
        "matters": matters,
        "emulators": emulators,
        "indices": found,
        "findings": findings,
        "ranges": ranges,
        "maps": [{"response": name, **one.row()} for name, one in maps],
    }
    document["plots"] = [str(one) for one in drawn(folder, document, maps, study.bench.rows)]
    return study.bench.write(document)


def _head(
    scenario: Scenario, sizes: Sizes, parts: Sequence[str], direct: bool, moving: Sequence[Input]
) -> dict[str, Any]:
    return {
        "study": "sensitivity",
        "model": MODEL_VERSION,
        "scenario": scenario.fingerprint(),
        "citizens": scenario.citizens,
        "months": scenario.months,
        "start": scenario.start,
        "seed": scenario.seed,
        "strengths": dict(scenario.strengths),
        "sizes": vars(sizes),
        "parts": sorted(parts),
        "direct": direct,
        "inputs": [[one.name, one.free.low, one.free.high] for one in moving],
    }


def _column(given: Sequence[Given], name: str) -> list[float | None]:
    return [one[name] for one in given]


def _luck(study: _Study) -> dict[str, dict[str, Any]]:
    """Return the mean and standard deviation of each response over seeds, nothing moved."""
    given = study.bench.pairs(
        "luck",
        [Point(study.seeded(k), {"repeat": k}) for k in range(max(2, study.sizes.seeds))],
    )
    found = {}
    for name in RESPONSES:
        known = [value for value in _column(given, name) if value is not None]
        found[name] = {
            "response": name,
            "mean": statistics.fmean(known) if known else None,
            "deviation": statistics.stdev(known) if len(known) > 1 else None,
            "seeds": len(known),
        }
    return found


def _screening(study: _Study, luck: Mapping[str, Any]) -> list[dict[str, Any]]:
    names = [one.name for one in study.inputs]
    places = morris(names, study.sizes.trajectories, study.scenario.seed)
    size = len(names) + 1
    given = study.bench.pairs(
        "screening",
        [
            Point(
                study.at(_values(study.inputs, row), k // size),
                {"trajectory": k // size, "step": k % size},
            )
            for k, row in enumerate(places)
        ],
    )
    return [
        {"response": name, **row}
        for name in RESPONSES
        for row in screen(
            names,
            places,
            _column(given, name),
            deviation=luck[name]["deviation"],
            seed=study.scenario.seed,
        )
    ]


def _values(moving: Sequence[Input], places: Sequence[float] | np.ndarray) -> dict[str, float]:
    return {one.name: one.value(float(x)) for one, x in zip(moving, places, strict=True)}


def _matters(
    moving: Sequence[Input], screening: Sequence[Mapping[str, Any]], top: int
) -> list[dict[str, Any]]:
    """Return the inputs that move responses by more than luck, ``top`` at most.

    First comes what moves some response most, then what moves one second most, and so on, so that
    no response loses its second input to the fifth of another; within a rank the weight decides:
    the sum over responses of an input's part in all steps' effects.
    """
    found: dict[str, dict[str, Any]] = {}
    ranks: dict[str, int] = {}
    for response in dict.fromkeys(row["response"] for row in screening):
        same = [row for row in screening if row["response"] == response]
        total = sum(row["mu_star"] for row in same)
        above = sorted((r for r in same if r["above_luck"]), key=lambda r: -r["mu_star"])
        for rank, row in enumerate(above):
            name = row["input"]
            one = found.setdefault(name, {"input": name, "weight": 0.0, "responses": []})
            one["weight"] += row["mu_star"] / total
            one["responses"].append(response)
            ranks[name] = min(rank, ranks.get(name, rank))
    rows = [found[one.name] for one in moving if one.name in found]
    rows.sort(key=lambda row: (ranks[row["input"]], -row["weight"]))
    return rows[:top]


def _matched(study: _Study) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the labels of the effects and the ranges of all responses over the matched set."""
    vectors = matched()[: study.sizes.vectors]
    given, noise = [], []
    for repeat, several in enumerate((vectors, vectors[: study.sizes.again])):
        before = len(study.bench.results)
        given.append(
            study.bench.pairs(
                "matched",
                [
                    Point(
                        study.seeded(_OWN_LUCK * (repeat + 1) + k).but(behaviour=one),
                        {"vector": one.name, "repeat": repeat},
                    )
                    for k, one in enumerate(several)
                ],
            )
        )
        noise.append([_noise(one) for one in study.bench.results[before:]])
    places = [_parameters(one) for one in vectors]
    findings, ranges = [], []
    for one in RESPONSES.values():
        several = [_of_vector(given, k, one.name) for k in range(len(vectors))]
        means = [_mean(values) for values in several]
        errors = _errors(several, [_of_vector(noise, k, one.name) for k in range(len(vectors))])
        known = [value for value in means if value is not None]
        about = {
            "response": one.name,
            "vectors": len(vectors),
            "estimable": len(known),
            "again": min(study.sizes.again, len(vectors)),
            "error": _mean(errors),
            **_quantiles(known),
        }
        ranges.append(about)
        if one in EFFECTS:
            findings.append(_finding(one, means, errors, places, about))
    return findings, ranges


def _of_vector(runs: Sequence[Sequence[Any]], vector: int, name: str) -> list[Any]:
    """Return what the runs of a vector gave: one, or two where it was run again."""
    return [row[vector][name] for row in runs if vector < len(row)]


def _finding(
    one: Response,
    means: Sequence[float | None],
    errors: Sequence[float | None],
    places: Sequence[Mapping[str, float]],
    about: Mapping[str, Any],
) -> dict[str, Any]:
    if any(error is None for error in errors):
        # No vector was run twice, so nobody knows what luck does: no interval, no label.
        return {**about, "label": "not estimable", "side": None, "on": None, "favours": None}
    found = label(means, [error or 0.0 for error in errors], places)
    favours = None
    if one.claim and found.side:
        favours = "regime" if (found.side == "above") == (one.claim > 0) else "not the regime"
    return {**about, **found.row(), "favours": favours}


def _noise(result: Any) -> dict[str, float]:
    """Return what the variance of each response goes with.

    The proportion of two counts varies as one over the count, and counts differ by a factor of ten
    between vectors.
    """
    twin = {} if result.twin is None else (result.twin.measures or {})
    found = {}
    for one in RESPONSES.values():
        count = twin.get(one.measures[0]) if one.in_proportion else None
        found[one.name] = 1 / count if count else 1.0
    return found


def _errors(
    several: Sequence[Sequence[float | None]], noise: Sequence[Sequence[float]]
) -> list[float | None]:
    """Return the standard error of each vector's mean, by the spread pooled over all vectors."""
    squares, degrees = 0.0, 0
    for values, scales in zip(several, noise, strict=True):
        known = [(v, s) for v, s in zip(values, scales, strict=True) if v is not None]
        if len(known) > 1:
            scale = statistics.fmean(s for _, s in known)
            squares += (len(known) - 1) * statistics.variance(v for v, _ in known) / scale
            degrees += len(known) - 1
    if not degrees:
        return [None] * len(several)
    return [
        (squares / degrees * statistics.fmean(scales) / max(1, sum(v is not None for v in values)))
        ** 0.5
        for values, scales in zip(several, noise, strict=True)
    ]


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return statistics.fmean(known) if known else None


def _quantiles(known: Sequence[float]) -> dict[str, float | None]:
    if not known:
        return dict.fromkeys(("low", "median", "high"))
    low, median, high = np.quantile(known, (0.05, 0.5, 0.95))
    return {"low": float(low), "median": float(median), "high": float(high)}


def _parameters(vector: Behaviour) -> dict[str, float]:
    found = {}
    for name in FREE:
        parameter, _, index = name.partition(".")
        found[name] = float(getattr(vector, parameter).numbers[int(index or 0)])
    return found


def _emulated(
    study: _Study, chosen: Sequence[str], luck: Mapping[str, Any]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the emulators' checks and the indices of those that are fit for use."""
    moving = [one for one in study.inputs if one.name in chosen]
    names = [one.name for one in moving]
    seed, number = study.scenario.seed, study.sizes.samples
    places = hypercube(seed, _PART_OF_DESIGN, number, len(names))
    given = study.bench.pairs(
        "indices",
        [
            Point(study.at(_values(moving, row), k % study.sizes.seeds), {"sample": k})
            for k, row in enumerate(places)
        ],
    )
    checks, found = [], []
    for name in RESPONSES:
        column = _column(given, name)
        good = np.array([value is not None for value in column])
        values = np.array([value for value in column if value is not None], dtype=float)
        if len(values) < _FEWEST or not np.ptp(values):
            checks.append({"response": name, "trained": 0, "held_out": 0, "fit_for_use": False})
            continue
        deviation = luck[name]["deviation"]
        check = sobol.fitted(
            places[good], values, held_out=round(_HELD_OUT * len(values)), deviation=deviation
        )
        checks.append({"response": name, **check.row()})
        if check.fit_for_use:
            rows = sobol.emulated(names, places[good], values, seed=seed)
            found += [{"response": name, "how": "emulator", **row} for row in rows]
    return checks, found


def _direct(
    study: _Study, chosen: Sequence[str], luck: Mapping[str, Any]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the indices taken on runs, all with the same luck; there are no emulators."""
    moving = [one for one in study.inputs if one.name in chosen]
    names = [one.name for one in moving]
    base = sobol.power_of_two(study.sizes.samples // (len(names) + 2))
    seed = study.scenario.seed
    places = sobol.design(names, base, seed)
    given = study.bench.pairs(
        "indices",
        [Point(study.at(_values(moving, row), 0), {"sample": k}) for k, row in enumerate(places)],
    )
    found = []
    for name in RESPONSES:
        column = _column(given, name)
        if all(value is not None for value in column):
            rows = sobol.indices(names, np.array(column, dtype=float), base=base, seed=seed)
            found += [{"response": name, "how": "runs", **row} for row in rows]
    return [], found


def _maps(study: _Study) -> list[tuple[str, Map]]:
    known = {one.name: one for one in inputs(study.scenario, declared=True)}
    found = []
    for x, y in MAPS:
        points = grid(known[x], known[y], study.sizes.side)
        given = study.bench.pairs(
            f"map {x}",
            [
                Point(study.at(one, seed), {**one, "repeat": seed})
                for seed in range(study.sizes.seeds)
                for one in points
            ],
        )
        for name in MAPPED:
            column = _column(given, name)
            values = [
                column[seed * len(points) : (seed + 1) * len(points)]
                for seed in range(study.sizes.seeds)
            ]
            made = break_even(known[x], known[y], points, values)
            if made is not None:
                found.append((name, made))
    return found
