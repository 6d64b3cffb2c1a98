"""The command ``bench``: how fast a month is on this machine, beside its bound."""

from __future__ import annotations

import sys
from typing import Any

from glasscity.cli.options import threads_of
from glasscity.cli.output import columns, heading, paragraph, show, show_json
from glasscity.errors import BadArgument

__all__ = ["bench"]

# A whole run would be 84; fewer lie around the mandate, where a month costs most.
MONTHS = 12
_BURN_IN = 24
_MOST_MONTHS = 84


def bench(*, citizens: str, months: str | None, threads: str | None, as_json: bool) -> None:
    """Time months with penalties and bare ones, in turn, at each size.

    Raises
    ------
    BadArgument
        If a size, the months or the threads are out of range.
    CannotFit
        If a size does not fit the memory; sizes before it are lost, so ask for it by itself.
    """
    from glasscity.bench.bound import bounds
    from glasscity.bench.month import REGIME
    from glasscity.engine.room import check_memory
    from glasscity.scenario import parse_citizens
    from glasscity.simulation import default_threads

    sizes = [parse_citizens(size) for size in citizens.split(",")]
    number = threads_of(threads) or default_threads()
    timed = _months(months)
    for size in sizes:
        check_memory(size)
    rows: list[dict[str, Any]] = []
    for size in sizes:
        sys.stderr.write(f"{size:,} citizens ...\n")
        sys.stderr.flush()
        counts = tuple(sorted({1, number}))
        cases = bounds(size, threads=counts, months=timed, burn_in=_BURN_IN)
        rows.extend(_row(found) for found in cases)
    if as_json:
        show_json(rows)
        return
    head = ["citizens", "threads", "M citizen-months/s", "bound", "ratio"]
    table = [
        [
            f"{row['citizens']:,}",
            str(row["threads"]),
            f"{row['citizen_months_per_second'] / 1e6:.1f}",
            f"{row['bound'] / 1e6:.1f}",
            f"{100 * row['ratio']:.0f} %",
        ]
        for row in rows
    ]
    show(
        [
            heading(f"MONTHS OF {REGIME}, WITH PENALTIES"),
            *columns(table, head, right=range(5)),
            "",
            *paragraph(
                "Millions of citizen-months a second by the wall; bound: a bare month that reads "
                "and writes the same bytes, reads the same ties, makes the same draws and does "
                "nothing else; ratio: of the bound's speed, by processor time, which other "
                f"programs disturb less. {timed} months each, in turn. docs/performance.md has "
                "more, and peers."
            ),
        ]
    )


def _row(found: dict[str, Any]) -> dict[str, Any]:
    return {
        "case": "month",
        "regime": found["regime"],
        "citizens": found["citizens"],
        "threads": found["threads"],
        "citizen_months_per_second": round(1e9 / found["month_wall_ns"]),
        "processor_ns_per_citizen_month": found["month_cpu_ns"],
        "ratio": found["bound_cpu_ns"] / found["month_cpu_ns"],
        "bound": round(1e9 / found["bound_wall_ns"]),
        "bound_processor_ns_per_citizen_month": found["bound_cpu_ns"],
    }


def _months(given: str | None) -> int:
    if given is None:
        return MONTHS
    if not given.isascii() or not given.isdigit() or not 1 <= int(given) <= _MOST_MONTHS:
        raise BadArgument(
            f"months '{given}' is out of range", allowed=f"a whole number from 1 to {_MOST_MONTHS}"
        )
    return int(given)
