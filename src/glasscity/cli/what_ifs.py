"""``glasscity life --what-if``: one thing changed in one life, told beside the life as lived."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from glasscity.cli.lives import citizen_of, month_lines, when, who
from glasscity.cli.options import threads_of
from glasscity.cli.output import columns, heading, paragraph, say, show, show_json
from glasscity.cli.progress import ProgressBar
from glasscity.errors import BadArgument

if TYPE_CHECKING:
    from glasscity.rights.what_if import WhatIf

__all__ = ["what_if"]

_TOTALS = {
    "months_scored": "months with a score",
    "months_listed": "months on a list",
    "months_shut_out": "months shut out of something",
    "refusals": "refusals",
    "errors_on_record": "errors put on record",
}
# Months that differ are told up to so many; JSON has all of them.
_MONTHS_TOLD = 12


def what_if(
    folder: str,
    citizen: str,
    *,
    kind: str | None,
    month: str | None,
    chart: str | None,
    threads: str | None,
    as_json: bool,
) -> None:
    """Tell a life as lived and as changed."""
    from glasscity import api
    from glasscity.interventions import WHAT_IFS
    from glasscity.study.fork import month_in

    if kind is None or month is None:
        raise BadArgument(
            "a what-if needs what is changed and from when on",
            where="--month" if month is None else "--what-if",
            allowed=f"--what-if {'|'.join(WHAT_IFS)} and --month M",
            mend="write it like --what-if spoke --month 60",
        )
    if chart is not None:
        raise BadArgument(
            "a what-if cannot be drawn",
            where="--chart",
            mend="leave --chart out; without --what-if the life as lived is drawn",
        )
    number, workers = citizen_of(citizen), threads_of(threads)
    run = api.open_run(folder)
    at = month_in(api.scenario_of(run), month)
    say("to tell both lives, the run is made again as it was, and once more with the change")
    with ProgressBar() as progress:
        found = api.what_if(run, number, at, kind, threads=workers, progress=progress)
    if as_json:
        show_json({"run": str(run.path), **found.document})
        return
    show(_text(found))


def _text(found: WhatIf) -> list[str]:
    change, others = found.intervention, found.others
    date = found.lived.months[change.month]["date"]
    lines = [
        heading(f"What if citizen {change.citizen:,}, from {date} on"),
        *paragraph(f"... {change.about}."),
        *paragraph(who(found.lived.traits)),
        "",
    ]
    rows = [
        [words, str(row["lived"]), str(row["changed"]), f"{row['difference']:+d}"]
        for name, words in _TOTALS.items()
        for row in (found.totals[name],)
    ]
    lines += columns(rows, ["", "as lived", "changed", "difference"], right=(1, 2, 3))
    if found.differs_from is None:
        lines += ["", *paragraph("Nothing in this life differs: the change changed nothing.")]
    else:
        lines += ["", *_months(found)]
    told = (
        f"{others['citizens']:,} of {others['of']:,} other citizens' lives differ in something "
        "that is stored. The same people with the same luck, in this model; how far chance alone "
        "carries one event is the chaos floor that 'glasscity pair' prints."
    )
    return [*lines, "", *paragraph(told)]


def _months(found: WhatIf) -> Iterator[str]:
    """Yield what the months say that differ, side by side."""
    points = bool(found.lived.document.get("points"))
    told = 0
    for before, after in zip(found.lived.months, found.changed.months, strict=True):
        one, other = (list(_told(month, points=points)) for month in (before, after))
        if one == other:
            continue
        told += 1
        if told > _MONTHS_TOLD:
            continue
        yield when(before)
        for words, lines in (("as lived", one), ("changed", other)):
            yield f"  {words}:"
            yield from (f"  {line}" for line in lines or ["  nothing of note"])
    if told > _MONTHS_TOLD:
        yield from paragraph(
            f"... and {told - _MONTHS_TOLD} more months that differ; --json has every month."
        )


def _told(month: Mapping[str, Any], *, points: bool) -> Iterator[str]:
    score = month["score"]
    if score is not None:
        yield f"  score {score}"
    yield from month_lines(dict(month), points=points)
