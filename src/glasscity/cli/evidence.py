"""The command ``evidence``: the grades behind a run, and which assumptions its measures hang on."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from glasscity.cli.options import threads_of
from glasscity.cli.output import columns, heading, paragraph, show, show_json
from glasscity.cli.progress import ProgressBar
from glasscity.errors import BadArgument

__all__ = ["show_evidence"]

# Enough for every headline measure to be estimable; small, because there are hundreds of worlds.
CITIZENS = 8_000


def show_evidence(
    regime: str,
    *,
    country: str,
    parameters: str,
    fields: Mapping[str, str],
    sweep: bool,
    jobs: str | None,
    out: str | None,
    as_json: bool,
) -> None:
    """Print the shares of grades and, with ``sweep``, what moves each measure most.

    Raises
    ------
    BadArgument
        If options of the sweep are given without it.
    """
    from glasscity.scenario import Scenario
    from glasscity.study import evidence as study

    asked = {**fields, "jobs": jobs, "out": out}
    alone = [name for name, value in asked.items() if value is not None]
    if alone and not sweep:
        raise BadArgument(f"--{alone[0]} goes with --sweep", mend="add --sweep, or leave it out")
    scenario = Scenario(
        regime, country=country, behaviour=parameters, **{"citizens": CITIZENS, **fields}
    )
    shares = study.grades(scenario)
    if not sweep:
        if as_json:
            show_json({"grades": shares, "measures": []})
        else:
            show(_grades(shares))
        return
    from glasscity.simulation import default_threads

    ends = study.matched_ends()
    folder = Path("runs/evidence" if out is None else out)
    with ProgressBar() as progress:
        found = study.sweep(
            scenario,
            folder,
            ends=ends,
            jobs=threads_of(jobs, "--jobs") or default_threads(),
            show=lambda done, total: progress("worlds", done, total, scenario.citizens),
        )
    rows = study.ranking(scenario, found, ends=ends)
    failed = {key: row["failed"] for key, row in found["worlds"].items() if row.get("failed")}
    if as_json:
        show_json(
            {
                "regime": scenario.regime.name,
                "country": scenario.country.name,
                "behaviour": scenario.behaviour.name,
                "citizens": scenario.citizens,
                "months": scenario.months,
                "seed": scenario.seed,
                "worlds": len(found["worlds"]),
                "grades": shares,
                "measures": rows,
                "failed": failed,
            }
        )
        return
    show([*_grades(shares), "", *_ranking(rows)])
    if failed:
        show(paragraph(f"{len(failed)} worlds could not be run; --json says which and why."))


def _grades(shares: list[dict[str, Any]]) -> list[str]:
    cells = [
        [row["entry"], str(row["values"]), *(f"{100 * row[g]:.0f} %" for g in "ABCD")]
        for row in shares
    ]
    return [
        heading("What the values rest on"),
        *columns(cells, ("entry", "values", *"ABCD"), right=(1, 2, 3, 4, 5)),
        *paragraph(
            "A: rule text or official statistic that was read; B: peer-reviewed estimate; C: press "
            "or another secondary page; D: assumption, to be swept."
        ),
    ]


def _ranking(rows: list[dict[str, Any]]) -> list[str]:
    lines = [
        heading("Which assumptions move each measure most, one at a time"),
        *paragraph(
            "moves: between the assumption's low and high end, everything else and all luck as "
            "they were; luck: the standard deviation over other seeds."
        ),
    ]
    for row in rows:
        lines += ["", f"{row['measure']}  {_number(row['base'])}  (luck {_number(row['luck'])})"]
        cells = [
            ["  " + one["name"], _number(one["low"]), _number(one["high"])]
            for one in row["assumptions"]
        ]
        lines += columns(cells, ("  assumption", "low end", "high end"), right=(1, 2))
    return lines


def _number(value: float | None) -> str:
    if value is None:
        return "not estimable"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
