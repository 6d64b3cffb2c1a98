"""The command ``study``: an ensemble from a study file."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Any

import typer

from glasscity.cli.options import (
    Absent,
    Citizens,
    Cluster,
    Json,
    Months,
    Present,
    Seed,
    Start,
    strengths_of,
    threads_of,
)
from glasscity.cli.output import columns, heading, paragraph, say, show, show_json
from glasscity.cli.progress import ProgressBar

if TYPE_CHECKING:
    from glasscity.study.ensemble import Ensemble

__all__ = ["study"]

# Shown in the terminal: what is taken from people and what is claimed for it.
SHOWN = (
    "restricted_share",
    "closed_gate_months",
    "wrongly_listed_share",
    "association_share",
    "speech_share",
    "error_share",
    "chilled_share",
    "visible_consensus",
    "child_months_lost",
    "unwilling_onsets",
    "repayment",
    "arrears_share",
    "included_share",
    "cooperation",
)
# So many points are shown one by one; of more, the set.
_POINTS = 3


def study(
    file: Annotated[str, typer.Argument(metavar="FILE.yaml", help="See docs/studies.md.")],
    country: Annotated[
        str | None, typer.Option(metavar="NAME", help="In the place of the file's.")
    ] = None,
    parameters: Annotated[
        str | None, typer.Option(metavar="NAME", help="In the place of the file's.")
    ] = None,
    citizens: Citizens = None,
    months: Months = None,
    start: Start = None,
    seed: Seed = None,
    present: Present = None,
    absent: Absent = None,
    threads: Annotated[
        str | None,
        typer.Option(
            "--threads",
            "--jobs",
            metavar="N",
            help="Runs at a time, a thread each; as many as there are processors unless given.",
        ),
    ] = None,
    out: Annotated[
        str | None,
        typer.Option(
            metavar="FOLDER",
            help="New, or of this very study, which then goes on. Default: studies/NAME.",
        ),
    ] = None,
    store: Annotated[
        str | None,
        typer.Option(
            metavar="FOLDER",
            help="Where results of runs are kept, if studies are to share them. "
            "Default: in the study's folder.",
        ),
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Try runs that failed before once more.")
    ] = False,
    cluster: Cluster = None,
    as_json: Json = False,
) -> None:
    """Run the worlds of a study file; go on with what is missing, compute nothing twice.

    Options take the place of what the file's base says. Results: one labelled dataset
    (dataset.nc), a line a run (members.parquet), and intervals (summary.csv).
    """
    from glasscity.study.ensemble import run_study
    from glasscity.study.reports import write_report

    base = {
        "country": country,
        "parameters": parameters,
        "citizens": citizens,
        "months": months,
        "start": start,
        "seed": seed,
        "strengths": strengths_of(present or (), absent or ()) or None,
    }
    number = threads_of(threads)
    said: list[str] = []

    def told(sentence: str) -> None:
        said.append(sentence)
        say(sentence)

    with ProgressBar() as progress:
        found = run_study(
            file,
            out=out,
            store=store,
            workers=number,
            cluster=cluster,
            again=again,
            progress=lambda done, total: progress("worlds", done, total, 0),
            told=told,
            **base,
        )
        progress("report", 0, None, 0)
        page = write_report(found.folder)
    if as_json:
        show_json({**_numbers(found, said), "report": str(page)})
    else:
        show([*_lines(found), *paragraph(f"Report: {page}")])


def _numbers(found: Ensemble, said: list[str]) -> dict[str, Any]:
    about = found.about
    return {
        "study": str(found.folder),
        "name": about["name"],
        "members": about["members"],
        "done": found.done,
        "failed": found.failed,
        "failures": about["failures"],
        "digest": found.digest,
        "dataset": str(found.folder / "dataset.nc"),
        "table": str(found.folder / "members.parquet"),
        "told": said,
        "summary": found.summary,
    }


def _lines(found: Ensemble) -> list[str]:
    about = found.about
    points, seeds = len(about["points"]), len(about["seeds"])
    lines = [heading(about["title"] or about["name"])]
    if about["question"]:
        lines += paragraph(about["question"])
    lines += [
        "",
        f"{about['members']:,} runs: {_many(len(about['regimes']), 'regime')}, "
        f"{_many(points, 'point')}, {_many(seeds, 'seed')}. {found.failed} failed.",
    ]
    for one in about["failures"][:3]:
        lines += paragraph(f"{one['regime']}, seed {one['seed']}: {one['why']}", indent=2, hang=2)
    rows = [row for row in found.summary if row["measure"] in SHOWN]
    if points <= _POINTS:
        lines += _over_seeds(rows)
    lines += _over_sets(rows)
    lines += ["", *paragraph("-: not estimable. +/-: half of a 95 % t interval over seeds.")]
    lines += [
        "",
        *paragraph(
            f"All measures: {found.folder / 'summary.csv'}. Every run: dataset.nc "
            f"and members.parquet there. Digest {found.digest[:16]}."
        ),
    ]
    return lines


def _many(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _over_seeds(rows: list[dict[str, Any]]) -> list[str]:
    """Return a table for each regime and point: means, and the difference to the first regime."""
    lines: list[str] = []
    means = {
        (row["measure"], row["regime"], row["at"]): row["estimate"]
        for row in rows
        if row["over"] == "seeds" and row["versus"] is None
    }
    several = any(row["versus"] for row in rows)
    blocks: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows:
        if row["over"] == "seeds" and (bool(row["versus"]) or not several):
            blocks.setdefault((row["regime"], row["at"]), []).append(row)
    for (regime, at), block in blocks.items():
        versus = block[0]["versus"]
        where = regime + (f" ({at})" if at else "")
        what = f"against {versus}, seed by seed" if versus else "mean"
        seeds = _many(max(row["seeds"] for row in block), "seed")
        cells = []
        for row in block:
            half = None if row["low"] is None else (row["high"] - row["low"]) / 2
            own = [
                _number(means[row["measure"], name, at], half)
                for name in ((versus, regime) if versus else ())
            ]
            if half is not None and half < 1e-9 * abs(row["estimate"]):
                half = 0.0  # the same in every seed, but for the rounding of a mean
            error = "" if half is None else f"+/- {_number(half, half)}"
            cells.append([row["measure"], row["unit"], *own, _number(row["estimate"], half), error])
        head = [
            "measure",
            "unit",
            *([versus, "here", "difference"] if versus else ["mean"]),
            "95 %",
        ]
        lines += ["", heading(f"{where}: {what}, over {seeds}")]
        lines += columns(cells, head, right=range(2, len(head)))
    return lines


def _over_sets(rows: list[dict[str, Any]]) -> list[str]:
    lines = []
    blocks: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    several = any(row["versus"] for row in rows)
    for row in rows:
        if row["over"] != "seeds" and (bool(row["versus"]) or not several):
            blocks.setdefault((row["over"], row["regime"], row["at"]), []).append(row)
    for (over, regime, at), block in blocks.items():
        versus, number = block[0]["versus"], max(row["number"] for row in block)
        where = regime + (f" ({at})" if at else "")
        what = f"difference to {versus}" if versus else "measure"
        set_ = f"{number} matched vectors" if over == "matched set" else _many(number, "point")
        lines += ["", heading(f"{where}: {what}, over {set_} (means over seeds)")]
        cells = []
        for row in block:
            spread = None if row["least"] is None else (row["greatest"] - row["least"]) / 20
            ends = [_number(row[name], spread) for name in ("least", "estimate", "greatest")]
            if over == "matched set":
                ends += [_number(row["low"], spread), _number(row["high"], spread)]
            if versus:
                above = "" if row["above_zero"] is None else f"{row['above_zero']}/{row['number']}"
                ends.append(above)
            cells.append([row["measure"], *ends])
        head = ["measure", "least", "median", "greatest"]
        head += ["5 %", "95 %"] if over == "matched set" else []
        head += ["above 0"] if versus else []
        lines += columns(cells, head, right=range(1, len(head)))
    return lines


def _number(value: float | None, error: float | None) -> str:
    """Return a number with no digit far beyond its error; without an error, three digits."""
    if value is None:
        return "-"
    if not error:
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
    digits = max(0, 1 - math.floor(math.log10(error)))
    return f"{value:,.{min(digits, 9)}f}"
