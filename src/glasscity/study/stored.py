"""What a search leaves behind, in the form in which the catalogue keeps it."""

from __future__ import annotations

import csv
import datetime as dt
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from glasscity._version import MODEL_VERSION
from glasscity.behaviour import Behaviour
from glasscity.catalogue.entry import fingerprint
from glasscity.study.extremes import RULE, STANCE, Extreme
from glasscity.study.matching import CONFIRMED_BY, CUT_OFF, Found, Search
from glasscity.study.targets import targets_hash
from glasscity.study.vectors import Free

__all__ = ["narrowing", "write_extreme", "write_matched"]

# Of a set that knows nothing of a parameter, places are uniform: one in a thousand such sets has a
# Kolmogorov distance from uniform of more than this over the root of its size.
_KOLMOGOROV = 1.95


def write_matched(
    folder: Path, search: Search, found: Found, base: Behaviour, *, command: str
) -> tuple[Path, Path]:
    """Write ``vectors.csv`` and ``head.yaml`` into a folder and return their paths.

    Columns with a colon are what the confirming simulation gave.
    """
    names = [one.name for one in search.free]
    quantities = [one.quantity for one in search.targets]
    table = folder / "vectors.csv"
    with table.open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out, lineterminator="\n")
        rows.writerow(["name", *names, *(f"value:{one}" for one in quantities), "seed:"])
        for number, (_, second) in enumerate(found.confirmed, 1):
            gave = second.quantities or {}
            rows.writerow(
                [
                    f"matched-{number:03d}",
                    *(f"{second.trial.values[one]:g}" for one in names),
                    *(f"{gave[one]:.6g}" for one in quantities),
                    second.trial.seed,
                ]
            )
    head = folder / "head.yaml"
    about = {
        "date": dt.datetime.now(dt.UTC).date().isoformat(),
        "command": command,
        "model": MODEL_VERSION,
        "seed": search.seed,
        "citizens": search.citizens,
        "confirmed_with_citizens": CONFIRMED_BY * search.citizens,
        "vectors_a_wave": search.vectors,
        "cut_off": CUT_OFF,
        "targets": targets_hash(search.targets),
        "behaviour": fingerprint(base),
        "matched": len(found.confirmed),
        "refuted": len(found.refuted),
    }
    lines = ["# Written by glasscity calibrate; vectors.csv beside it holds the vectors."]
    lines += [f"{key}: {_plain(value)}" for key, value in about.items()]
    lines += ["luck:  # of the base vector over seeds: mean, variance"]
    lines += [f"  {k}: [{m:.5e}, {v:.5e}]" for k, (m, v) in found.luck.items()]
    lines += ["waves:"]
    lines += [
        f"  - {{{', '.join(f'{k}: {v:.4g}' for k, v in wave.items())}}}" for wave in found.waves
    ]
    head.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return table, head


def _plain(value: Any) -> str:
    return (
        f'"{value}"'
        if isinstance(value, str)
        else f"{value:g}"
        if isinstance(value, float)
        else str(value)
    )


def write_extreme(
    folder: Path, found: Extreme, base: Behaviour, central: Mapping[str, float]
) -> Path:
    """Write a named extreme as a catalogue entry that extends ``central``; return its path."""
    date = dt.datetime.now(dt.UTC).date().isoformat()
    proponent = found.name == "proponent"
    whose = "a proponent" if proponent else "a critic"
    lines = [
        f"# The {found.name}'s extreme inside the set that agrees with what is reported: written",
        "# by glasscity calibrate, before anybody had seen what a regime does with it.",
        f"name: {found.name}",
        f"title: What {whose} of a regime may believe of people, within the facts",
        "status: provisional",
        "extends: central",
        "about: >-",
        *_folded(f"Fixed on {date} by a rule and before any result. {RULE}"),
        "",
    ]
    for name, value in found.values.items():
        if "." not in name and value == central[name]:
            continue
        lines += _entry(name, value, base, found.name, central)
    path = folder / f"{found.name}.yaml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _entry(
    name: str, value: float, base: Behaviour, whose: str, central: Mapping[str, float]
) -> list[str]:
    parameter, _, index = name.partition(".")
    quantity = getattr(base, parameter)
    told = f"{value:g}"
    if index:
        if value == central[name]:
            return []
        row = [*quantity.numbers]
        row[int(index)] = value
        told = f"[{', '.join(f'{x:g}' for x in row)}]"
    if name in STANCE:
        high = (STANCE[name] == "high") == (whose == "proponent")
        note = f"The {whose}'s end of the range, the {'high' if high else 'low'} one."
    else:
        note = f"Refitted for the {whose}; central has {central[name]:g}."
    source = f", source: {quantity.source}" if quantity.source else ""
    low, high = (_ends(one) for one in (quantity.low, quantity.high))
    return [
        f"{parameter}: {{value: {told}, unit: {quantity.unit}, grade: D{source}, low: {low}, "
        f'high: {high}, note: "{note}"}}'
    ]


def _ends(end: Any) -> str:
    return f"[{', '.join(f'{x:g}' for x in end)}]" if isinstance(end, tuple) else f"{end:g}"


def _folded(text: str) -> list[str]:
    return [f"  {line}" for line in textwrap.wrap(text, 96)]


def narrowing(free: Sequence[Free], vectors: Sequence[Mapping[str, float]]) -> list[dict[str, Any]]:
    """Return what the matched set leaves of each parameter's declared range.

    Returns
    -------
    list of dict
        ``parameter``, ``low``, ``high`` (declared); ``p5``, ``median``, ``p95`` of the set;
        ``left``: the distance from p5 to p95 over nine tenths of the range, on the scale that is
        searched; ``distance``: the largest difference between the share of the set and the share
        of the range that lie below a place; ``narrowed``: whether that is more than luck would
        give in one set of a thousand, so that the facts say something about the parameter.
    """
    rows = []
    n = len(vectors)

    for one in free:
        places = np.array([one.place(row[one.name]) for row in vectors])
        ends = np.percentile(places, [5, 50, 95])
        ordered = np.sort(places)
        steps = np.arange(n + 1) / n
        distance = float(np.maximum(steps[1:] - ordered, ordered - steps[:-1]).max())
        rows.append(
            {
                "parameter": one.name,
                "low": one.low,
                "high": one.high,
                "p5": one.value(float(ends[0])),
                "median": one.value(float(ends[1])),
                "p95": one.value(float(ends[2])),
                "left": float(ends[2] - ends[0]) / 0.9,
                "distance": distance,
                "narrowed": distance > _KOLMOGOROV / np.sqrt(n),
            }
        )
    return rows
