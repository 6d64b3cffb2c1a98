"""The command ``sensitivity``: what the effects of a regime hang on."""

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
from glasscity.errors import BadArgument

__all__ = ["sensitivity", "whole"]

# Of each world, unless asked otherwise: so many that counts of rare things are not all luck.
CITIZENS = 10_000
QUICK_CITIZENS = 2_000
QUICK_MONTHS = 36


def sensitivity(
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
    citizens: Annotated[
        str | None, typer.Option(metavar="N", help="Of each world. Default: 10000.")
    ] = None,
    months: Annotated[str | None, typer.Option(metavar="N", help="Default: the regime's.")] = None,
    seed: Seed = None,
    seeds: Annotated[
        str | None,
        typer.Option(metavar="N", help="For luck and at each point of a map. Default: 4."),
    ] = None,
    part: Annotated[
        list[str] | None,
        typer.Option(
            "--part",
            metavar="PART",
            help="screening, matched, indices or maps; may be repeated. Default: all.",
        ),
    ] = None,
    moved: Annotated[
        list[str] | None,
        typer.Option(
            "--input", metavar="NAME", help="Move this; may be repeated. Default: everything."
        ),
    ] = None,
    trajectories: Annotated[
        str | None, typer.Option(metavar="N", help="Of the screening. Default: 6.")
    ] = None,
    samples: Annotated[
        str | None, typer.Option(metavar="N", help="Pairs for the indices. Default: 150.")
    ] = None,
    top: Annotated[
        str | None, typer.Option(metavar="N", help="Inputs that have indices. Default: 10.")
    ] = None,
    vectors: Annotated[
        str | None, typer.Option(metavar="N", help="Of the matched set. Default: all.")
    ] = None,
    side: Annotated[
        str | None, typer.Option(metavar="N", help="Points of a map along an axis. Default: 5.")
    ] = None,
    direct: Annotated[
        bool, typer.Option("--direct", help="Take the indices on runs, without an emulator.")
    ] = False,
    quick: Quick = False,
    jobs: Jobs = None,
    out: Annotated[
        str | None,
        typer.Option(
            metavar="FOLDER",
            help="Where everything is kept; the same command goes on there. Default: "
            "runs/sensitivity.",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Show what a regime's effects hang on, and which findings hold wherever the facts allow.

    Every effect is against the same people unscored. Screening moves everything that is assumed;
    indices say where the variance comes from; over the matched set each finding is robust,
    conditional (and on what) or open; maps show where two assumptions turn an effect's sign.
    """
    from glasscity.scenario import Scenario
    from glasscity.study.sensitivity import PARTS, QUICK, Sizes
    from glasscity.study.sensitivity import sensitivity as study

    given = {
        "trajectories": whole(trajectories, "--trajectories", 2, 1000),
        "samples": whole(samples, "--samples", 20, 1_000_000),
        "top": whole(top, "--top", 2, 45),
        "vectors": whole(vectors, "--vectors", 2, 100_000),
        "side": whole(side, "--side", 3, 50),
        "seeds": whole(seeds, "--seeds", 2, 1000),
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
    if direct and part and "indices" not in part:
        raise BadArgument("--direct goes with the indices", mend="add --part indices")
    with ProgressBar() as progress:
        found = study(
            scenario,
            Path("runs/sensitivity" if out is None else out),
            sizes=sizes,
            parts=tuple(dict.fromkeys(part)) if part else PARTS,
            direct=direct,
            names=tuple(dict.fromkeys(moved or ())),
            workers=threads_of(jobs, "--jobs"),
            show=lambda stage, done, total: progress(stage, done, total, 1),
            command=" ".join(["glasscity", *sys.argv[1:]]),
        )
    if as_json:
        show_json(found)
    else:
        show(_told(found))


def whole(text: str | None, option: str, least: int, most: int) -> int | None:
    """Return a whole number of an option, or None where it was not given.

    Raises
    ------
    BadArgument
        If it is anything else.
    """
    if text is None:
        return None
    if not text.isascii() or not text.isdigit() or not least <= int(text[:9]) <= most:
        raise BadArgument(
            f"'{text[:40]}' is outside its range",
            where=option,
            allowed=f"a whole number from {least} to {most}",
        )
    return int(text)


def _told(found: Mapping[str, Any]) -> list[str]:
    lines = [
        heading(
            f"What the effects of {found['regime']} hang on: {found['worlds']} worlds of "
            f"{found['citizens']:,} synthetic citizens"
        )
    ]
    if found["findings"]:
        lines += ["", *_findings(found["findings"])]
    if found["matters"]:
        lines += ["", heading("What moves something by more than luck (Morris screening)")]
        lines += columns(
            [[one["input"], ", ".join(one["responses"][:4])] for one in found["matters"]],
            ("input", "moves most clearly"),
        )
    elif found["screening"]:
        lines += ["", *paragraph("Nothing moves anything by more than luck in so few worlds.")]
    if found["emulators"] or found["indices"]:
        lines += ["", *_indices(found)]
    for one in found["maps"]:
        lines += ["", *_map(one)]
    if found["failed"]:
        lines += ["", *paragraph(f"{len(found['failed'])} pairs failed; --json says why.")]
    lines += ["", f"digest   {found['digest']}", f"dataset  {found['dataset']}"]
    if found["plots"]:
        lines.append(f"pictures {', '.join(Path(one).name for one in found['plots'])}")
    return lines


def _findings(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    cells = [
        [
            row["response"],
            row["label"],
            {"regime": "yes", "not the regime": "no"}.get(row["favours"] or "", "-"),
            *(_number(row[name]) for name in ("low", "median", "high")),
            _on(row["on"]),
        ]
        for row in rows
    ]
    head = ("effect", "label", "for it", "5 %", "median", "95 %", "holds where")
    return [
        heading(f"Findings over {rows[0]['vectors']} vectors that agree with what is reported"),
        *columns(cells, head, right=(3, 4, 5)),
        *paragraph(
            "robust: the same sign wherever the facts allow; conditional: it hangs on what stands "
            "beside it; open: luck covers zero at most vectors. for it: whether the effect is the "
            "one that the regime claims, where it claims one."
        ),
    ]


def _on(on: Mapping[str, Any] | None) -> str:
    if on is None:
        return ""
    sign = "<" if on["below"] > on["above"] else ">"
    return f"{on['parameter']} {sign} {on['value']:g}"


def _indices(found: Mapping[str, Any]) -> list[str]:
    cells = []
    fit = {row["response"]: row for row in found["emulators"]}
    for name in dict.fromkeys(row["response"] for row in found["indices"]):
        own = sorted(
            (row for row in found["indices"] if row["response"] == name),
            key=lambda row: -row["total"],
        )
        said = ", ".join(
            f"{row['input']} {row['total']:.2f} \N{PLUS-MINUS SIGN}{row['total_error']:.2f}"
            for row in own[:2]
        )
        explained = fit.get(name, {}).get("explained")
        cells.append([name, "-" if explained is None else f"{100 * explained:.0f} %", said])
    left = [name for name, row in fit.items() if not row["fit_for_use"]]
    lines = [heading("Where the variance comes from (total Sobol indices)")]
    if cells:
        lines += columns(cells, ("response", "explained", "greatest"), right=(1,))
        lines += paragraph("explained: by the emulator, of the variance of runs it has not seen.")
    if left:
        lines += paragraph(f"No emulator fit for use: {', '.join(left)}.")
    return lines


def _map(one: Mapping[str, Any]) -> list[str]:
    lines = [heading(f"{one['response']} over {one['x']} and {one['y']}")]
    said = (
        f"Below zero on {100 * one['below']:.0f} % of the map, above on "
        f"{100 * one['above']:.0f} %, not told from zero on {100 * one['unclear']:.0f} %."
    )
    if one["line"]:
        middle = one["line"][len(one["line"]) // 2]
        said += f" It turns at {one['x']} {middle['x']:.3g}, {one['y']} {middle['y']:.3g}."
    return lines + paragraph(said)


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:+.3g}" if value else "0"
