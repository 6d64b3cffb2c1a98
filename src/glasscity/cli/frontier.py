"""The command ``frontier``: which safeguards take off harm, and what of the benefit they cost."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from glasscity.cli.options import (
    Jobs,
    Json,
    Parameters,
    Quick,
    Seed,
    names_of,
    threads_of,
)
from glasscity.cli.output import columns, heading, paragraph, show, show_json
from glasscity.cli.progress import ProgressBar
from glasscity.cli.sensitivity import CITIZENS, QUICK_CITIZENS, QUICK_MONTHS, whole
from glasscity.errors import BadArgument

__all__ = ["frontier"]


def frontier(
    regime: Annotated[
        str,
        typer.Argument(
            metavar="REGIME",
            help="Name of the catalogue or a YAML file.",
            autocompletion=lambda: names_of("regime"),
        ),
    ] = "citizen-score-2020",
    country: Annotated[
        str, typer.Option(metavar="NAME", autocompletion=lambda: names_of("country"))
    ] = "china-2020",
    parameters: Parameters = "central",
    reduce: Annotated[
        str,
        typer.Option(metavar="PERCENT", help="What the smallest set must take off. Default: 50%."),
    ] = "50%",
    of: Annotated[
        str,
        typer.Option(
            metavar="HARM",
            help="closed_gate_months, error_denied_share (refused for an error), groundless, "
            "child_months or harm (the index).",
        ),
    ] = "closed_gate_months",
    lever: Annotated[
        list[str] | None,
        typer.Option(
            "--lever",
            metavar="NAME",
            help="A safeguard to add or a mechanism to take away; may be repeated. Default: all.",
        ),
    ] = None,
    citizens: Annotated[
        str | None, typer.Option(metavar="N", help="Of each world. Default: 10000.")
    ] = None,
    months: Annotated[str | None, typer.Option(metavar="N", help="Default: the regime's.")] = None,
    seed: Seed = None,
    trials: Annotated[
        str | None, typer.Option(metavar="N", help="Of the search. Default: 96.")
    ] = None,
    fresh: Annotated[
        str | None, typer.Option(metavar="N", help="Fresh seeds that confirm. Default: 4.")
    ] = None,
    vectors: Annotated[
        str | None,
        typer.Option(metavar="N", help="Vectors of the matched set that confirm. Default: 8."),
    ] = None,
    quick: Quick = False,
    jobs: Jobs = None,
    out: Annotated[
        str | None,
        typer.Option(
            metavar="FOLDER",
            help="Where everything is kept; the same command goes on there. Default: "
            "runs/frontier.",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Search safeguards and their strengths: harm against what the regime claims to bring.

    A search on one world gives sets of safeguards that no other beats; fresh seeds and vectors of
    the matched set then say which of them stay so, what the smallest set for a stated reduction
    costs, and what each safeguard is worth alone, missing from all, and on average.
    """
    from glasscity.scenario import Scenario
    from glasscity.study.frontier import QUICK, Sizes
    from glasscity.study.frontier import frontier as study

    given = {
        "trials": whole(trials, "--trials", 1, 1_000_000),
        "fresh": whole(fresh, "--fresh", 1, 1000),
        "vectors": whole(vectors, "--vectors", 1, 100_000),
    }
    sizes = dataclasses.replace(
        QUICK if quick else Sizes(),
        **{name: value for name, value in given.items() if value is not None},
    )
    fields: dict[str, Any] = {"citizens": QUICK_CITIZENS if quick else CITIZENS}
    if quick:
        fields["months"] = QUICK_MONTHS
    asked = {"citizens": citizens, "months": months, "seed": seed}
    fields |= {name: value for name, value in asked.items() if value is not None}
    scenario = Scenario(regime, country=country, behaviour=parameters, **fields)
    with ProgressBar() as progress:
        found = study(
            scenario,
            Path("runs/frontier" if out is None else out),
            sizes=sizes,
            names=lever or (),
            reduce=_share(reduce),
            of=of,
            workers=threads_of(jobs, "--jobs"),
            show=lambda stage, done, total: progress(stage, done, total, 1),
            command=" ".join(["glasscity", *sys.argv[1:]]),
        )
    if as_json:
        show_json(found)
    else:
        show(_told(found))


def _share(text: str) -> float:
    """Return a share that was written as ``50%`` or ``0.5``."""
    number = text.strip().removesuffix("%").strip()
    try:
        value = float(number) / (100 if "%" in text else 1)
    except ValueError:
        value = 0.0
    if not 0 < value < 1:
        raise BadArgument(
            f"'{text[:40]}' is no reduction",
            where="--reduce",
            allowed="above 0 % and below 100 %",
            mend="write it like --reduce 50% or --reduce 0.5",
        )
    return value


def _told(found: Mapping[str, Any]) -> list[str]:
    worlds = found["worlds_of_confirmation"]
    fresh = sum(one["kind"] == "fresh" for one in worlds)
    lines = [
        heading(
            f"Safeguards for {found['regime']}: {found['worlds']} worlds of "
            f"{found['citizens']:,} synthetic citizens"
        ),
        *paragraph(
            f"Confirmed in {fresh} worlds with fresh seeds and {len(worlds) - fresh} with vectors "
            "of the matched set. Harm: mean of four harms, each over the regime's own. Plus-minus: "
            "95 % over those worlds."
        ),
        "",
        *_front(found["front"]),
        "",
        *_smallest(found),
        "",
        *_worth(found),
    ]
    if found["failed"]:
        lines += ["", *paragraph(f"{len(found['failed'])} pairs failed; --json says why.")]
    lines += ["", f"digest   {found['digest']}", f"dataset  {found['dataset']}"]
    if found["plots"]:
        lines.append(f"pictures {', '.join(Path(one).name for one in found['plots'])}")
    return lines


def _front(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    cells = [
        [
            str(number) if number else "-",
            _percent(row, "harm"),
            _percent(row, "onsets_avoided", 1),
            _percent(row, "repayment", 2),
            _percent(row, "inclusion", 1),
            _stays(row),
        ]
        for number, row in enumerate(rows)
    ]
    head = ("", "harm left", "onsets avoided", "repayment", "inclusion", "stays")
    lines = [
        heading("Harm against the claimed benefit"),
        *columns(cells, head, right=(0, 1, 2, 3, 4, 5)),
        *paragraph(
            "-: the regime as it stands. Benefits are against the same people unscored. stays: "
            "share of fresh and of matched worlds in which none of the others is as good in "
            "everything and better in something; * marks rows that another beats on the means."
        ),
    ]
    for number, row in enumerate(rows):
        if number:
            lines += paragraph(f"{number}: {row['levers']}", indent=1, hang=3)
    return lines


def _stays(row: Mapping[str, Any]) -> str:
    parts = [row["stays_fresh"], row["stays_matched"]]
    said = ", ".join("-" if one is None else f"{100 * one:.0f} %" for one in parts)
    return said + ("*" if row["dominated"] else " ")


def _smallest(found: Mapping[str, Any]) -> list[str]:
    rows = found["smallest"]
    wanted = f"{100 * found['reduce']:.0f} % off {found['of']}"
    lines = [heading(f"The smallest set that takes {wanted}")]
    tried = "; ".join(
        f"{one['run']} of {one['there_are']} sets of {one['size']}" for one in found["sizes_tried"]
    )
    if not rows or not rows[0]["enough_in_search"]:
        lines += paragraph(f"None was found among {tried}. The best that was run:")
    for row in rows:
        enough = "" if row["enough"] is None else f", enough in {100 * row['enough']:.0f} % of them"
        lines += paragraph(
            f"{row['levers']}: leaves {_percent(row, 'left')} in {row['worlds']} worlds{enough}. "
            f"It costs, in percentage points: {_percent(row, 'onsets_avoided_lost', 1, '')} of "
            f"onsets avoided, {_percent(row, 'repayment_lost', 2, '')} of repayment, "
            f"{_percent(row, 'inclusion_lost', 1, '')} of inclusion.",
            indent=1,
            hang=2,
        )
    return lines + paragraph(f"Run on the search's world: {tried}.")


def _worth(found: Mapping[str, Any]) -> list[str]:
    own = {row["player"]: row for row in found["worth"] if row["goal"] == "harm"}
    order = [row["player"] for row in found["first"]]
    among = {row["player"]: row["among_first"] for row in found["first"]}
    order += [name for name in own if name not in order]
    cells = [
        [
            name if name in among else f"without {name}",
            _percent(own[name], "alone"),
            _percent(own[name], "missing"),
            _percent(own[name], "average"),
            f"{100 * among[name]:.0f} %" if name in among else "-",
        ]
        for name in order
    ]
    lines = [
        heading("What each is worth, in points of the harm index"),
        *columns(
            cells,
            ("", "alone", "missing from all", "on average", "in first three"),
            right=(1, 2, 3, 4),
        ),
    ]
    if found["idle"]:
        why: dict[str, list[str]] = {}
        for one in found["idle"]:
            why.setdefault(one["why"], []).append(one["lever"])
        said = "; ".join(f"{', '.join(names)} ({reason})" for reason, names in why.items())
        lines += paragraph(f"Alone these do nothing that can be told: {said}.")
    return lines


def _percent(row: Mapping[str, Any], name: str, digits: int = 0, sign: str = " %") -> str:
    if row[name] is None:
        return "-"
    said = f"{100 * row[name]:.{digits}f}"
    if row[f"{name}_high"] is None:
        return said + sign
    half = 100 * (row[f"{name}_high"] - row[name])
    return f"{said} \N{PLUS-MINUS SIGN}{half:.{digits}f}{sign}"
