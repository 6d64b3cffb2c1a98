"""``glasscity fork --decompose``: what each cause of refusals does, in parts that add up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from glasscity.cli.options import threads_of
from glasscity.cli.output import columns, heading, paragraph, show, show_json
from glasscity.cli.progress import ProgressBar
from glasscity.errors import BadArgument

__all__ = ["decompose"]

_TOLD = ("proximate", "help", "crowding", "feedback", "total")


def decompose(folder: str, *, beside: Sequence[str], threads: str | None, as_json: bool) -> None:
    """Take what a run's causes do apart and show the table.

    Parameters
    ----------
    beside : sequence of str
        Options that were given and do not go with it.
    """
    if beside:
        raise BadArgument(
            f"{', '.join(beside)} and --decompose contradict each other",
            where="--decompose",
            allowed="FOLDER alone, with --threads and --json",
            mend="give one: a fork needs --month, taking a run apart needs nothing",
        )
    from glasscity.results import open_run
    from glasscity.study.decompose import decompose as taken_apart

    number = threads_of(threads)
    run = open_run(folder)
    with ProgressBar() as progress:
        found = taken_apart(run, threads=number, progress=progress)
    if as_json:
        show_json({"run": str(run.path), **found})
        return
    show([*_text(found), "", *columns([["run", str(run.path)], ["digest", run.digest]])])


def _text(found: Mapping[str, Any]) -> list[str]:
    text = (
        f"Of {found['denials']:,} refusals, {found['with_cause']:,} have a cause. For each cause: "
        "refusals that would not be without it, in parts that add up to the total."
    )
    rows = [
        [
            one["cause"],
            *("not est." if one[part] is None else f"{one[part]:+,}" for part in _TOLD),
        ]
        for one in found["causes"]
    ]
    head = ["cause", *_TOLD]
    lines = [heading("WHAT EACH CAUSE DOES"), *paragraph(text), ""]
    lines += [f"  {line}" for line in columns(rows, head, right=(1, 2, 3, 4, 5))]
    lines.append("")
    for part in _TOLD:
        lines += paragraph(f"{part}: {found['definitions'][part]}.", indent=2, hang=2)
    lines += ["", *paragraph("Without each cause:")]
    for one in found["causes"]:
        lines += paragraph(f"{one['cause']}: {one['off']}.", indent=2, hang=2)
    chance = found["chance"]
    text = (
        f"By chance alone, one payment made a month late, {chance['vanished']:,} refusals vanish "
        f"and {chance['appeared']:,} appear, net {chance['net']:+,}. One seed: another would move "
        "every figure."
    )
    return [*lines, "", *paragraph(text)]
