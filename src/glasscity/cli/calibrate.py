"""The command ``calibrate``: how the model meets what is reported, and which vectors do."""

from __future__ import annotations

from typing import Any

from glasscity.cli.options import threads_of
from glasscity.cli.output import columns, heading, paragraph, show, show_json
from glasscity.cli.progress import ProgressBar
from glasscity.errors import BadArgument

__all__ = ["check"]

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
