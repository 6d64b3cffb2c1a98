"""The command ``calibrate``: how the model meets what is reported, and which vectors do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from glasscity.cli.options import threads_of
from glasscity.cli.output import columns, heading, paragraph, show, show_json
from glasscity.cli.progress import ProgressBar
from glasscity.errors import BadArgument

__all__ = ["check", "match", "refuse_with_check"]

_COLUMNS = {
    "society": "SOCIETY: what people's behaviour is fitted to, where nobody is scored",
    "exposure": "EXPOSURE: how many the rules reach; fitted too, so never a finding",
    "predicted": "PREDICTED: what regimes do to people; fitted to nothing, so no target",
}
# Luck alone moves the rarer figures by a tenth and more in fewer citizens.
FEW_CITIZENS = 50_000


def check(
    *,
    country: str,
    parameters: str,
    citizens: str | None,
    seed: str | None,
    threads: str | None,
    as_json: bool,
) -> None:
    """Print the three columns and refuse where a target of the first two is not met.

    Raises
    ------
    BadArgument
        If one is not; the table stands on standard output all the same.
    """
    from glasscity.scenario import Scenario
    from glasscity.simulation import default_threads
    from glasscity.study.check import check as checked
    from glasscity.study.check import misses

    given = {"citizens": citizens, "seed": seed}
    fields: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    scenario = Scenario("unscored", country=country, behaviour=parameters, **fields)
    number = threads_of(threads) or default_threads()
    with ProgressBar() as progress:
        rows = checked(scenario, threads=number, progress=progress)
    if as_json:
        show_json(rows)
    else:
        show(_table(scenario, rows))
    missed = misses(rows)
    if missed:
        many = "1 target is" if len(missed) == 1 else f"{len(missed)} targets are"
        raise BadArgument(
            f"{many} not met: {', '.join(missed)}",
            where=f"parameters '{scenario.behaviour.name}'",
            allowed="values within tolerance in the columns society and exposure",
            mend="ask for more --citizens if luck may be the cause; else the parameters, or the "
            "regime that a target is measured in, need another value",
        )


def _table(scenario: Any, rows: list[dict[str, Any]]) -> list[str]:
    lines = [
        heading(
            f"'{scenario.behaviour.name}' over {scenario.country.name}, {scenario.citizens:,} "
            f"synthetic citizens, seed {scenario.seed}"
        )
    ]
    if scenario.citizens < FEW_CITIZENS:
        lines += paragraph(
            "So few citizens: luck alone may move a figure out of its range. Ask for "
            f"{FEW_CITIZENS:,} or more before a verdict counts."
        )
    for column, about in _COLUMNS.items():
        own = [row for row in rows if row["column"] == column]
        if not own:
            continue
        cells = [_cells(row) for row in own]
        lines += ["", heading(about)]
        if column == "predicted":
            head = ["quantity", "here", "regime"]
            lines += columns(
                [[c[0], c[2], row["regime"]] for c, row in zip(cells, own, strict=True)],
                head,
                right=(1,),
            )
            continue
        head = ["quantity", "reported", "here", "outside", "", "source"]
        lines += columns(cells, head, right=(1, 2, 3))
    lines += [""]
    lines += paragraph(
        "outside: how far from what is reported; a value agrees within each target's tolerance. "
        "told: shown, and held against nobody. The definitions, readings and reasons are in "
        "docs/calibration.md and with --json."
    )
    return lines


def _cells(row: dict[str, Any]) -> list[str]:
    target = row["target"]
    reported = "" if target is None else _number(target[0])
    if target is not None and target[1] != target[0]:
        reported += f" to {_number(target[1])}"
    verdict = {True: "agrees", False: "DOES NOT", None: "not held"}[row["within"]]
    if not row["binds"] and row["value"] is not None:
        verdict = "told"
    return [
        row["quantity"],
        reported,
        _number(row["value"]),
        _number(row["error"]),
        verdict,
        row["source"] or "",
    ]


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def refuse_with_check(**options: str | None) -> None:
    """Refuse options that belong to the search.

    Raises
    ------
    BadArgument
        If one was given.
    """
    for name, value in options.items():
        if value is not None:
            raise BadArgument(
                f"--{name} goes with the search for vectors and not with --check",
                mend="leave one of them out",
            )


def match(
    *,
    country: str,
    parameters: str,
    citizens: str | None,
    seed: str | None,
    vectors: str | None,
    jobs: str | None,
    out: str | None,
    threads: str | None,
    as_json: bool,
) -> None:
    """Search the vectors that agree, and write them and the two extremes into a folder."""
    from glasscity.scenario import DEFAULT_SEED, Scenario
    from glasscity.simulation import default_threads
    from glasscity.study.search import search

    if threads is not None:
        raise BadArgument(
            "--threads goes with --check", mend="give --jobs: each vector has a process of its own"
        )
    # A scenario checks the arguments; its regime plays no part.
    asked = Scenario(
        "unscored",
        country=country,
        behaviour=parameters,
        citizens=CITIZENS if citizens is None else citizens,
        seed=DEFAULT_SEED if seed is None else seed,
    )
    folder = Path("runs") / "calibration" if out is None else Path(out)
    with ProgressBar() as progress:
        found = search(
            asked,
            folder,
            vectors=VECTORS if vectors is None else _whole(vectors, "vectors", 2, 100_000),
            jobs=default_threads() if jobs is None else _whole(jobs, "jobs", 1, 1024),
            show=lambda stage, done, total: progress(stage, done, total, 1),
            command=f"glasscity calibrate --citizens {asked.citizens} --seed {asked.seed} "
            f"--vectors {VECTORS if vectors is None else vectors}",
        )
    if as_json:
        show_json(found)
        return
    show(_found(found))


# What is tried in a wave, and in how many citizens, unless asked otherwise.
VECTORS, CITIZENS = 160, 20_000


def _whole(text: str, name: str, least: int, most: int) -> int:
    if not text.isascii() or not text.isdigit() or not least <= int(text[:9]) <= most:
        raise BadArgument(
            f"{name} '{text[:40]}' is outside its range",
            where=f"--{name}",
            allowed=f"a whole number from {least} to {most}",
        )
    return int(text)


def _found(found: dict[str, Any]) -> list[str]:
    waves = [
        [
            str(number),
            f"{wave['tried']:.0f}",
            f"{wave['failed']:.0f}",
            f"{wave['agreed']:.0f}",
            f"{wave['confirmed']:.0f}",
            f"{100 * wave['open']:.2g} %",
        ]
        for number, wave in enumerate(found["waves"], 1)
    ]
    head = ["wave", "tried", "failed", "agree", "confirmed so far", "of the space was open"]
    cells = [
        [
            row["parameter"],
            f"{row['low']:g} to {row['high']:g}",
            f"{row['p5']:g} to {row['p95']:g}",
            "narrowed" if row["narrowed"] else "left open",
        ]
        for row in found["narrowing"]
    ]
    lines = [
        heading(f"{found['matched']} vectors agree with what is reported, each confirmed"),
        *paragraph(f"Kept in {found['folder']}: {', '.join(found['files'])}."),
        "",
        *columns(waves, head, right=range(6)),
    ]
    if cells:
        lines += ["", *columns(cells, ["parameter", "declared", "nine tenths of the set", ""])]
    lines += ["", *paragraph(found["extremes"])]
    return lines
