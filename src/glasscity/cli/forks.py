"""The command ``fork``: one history up to a month, many regimes from there on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from glasscity.cli.options import (
    Absent,
    CheckpointEvery,
    Json,
    NoPlacebo,
    NoReport,
    Present,
    RunFolder,
    Threads,
    VarianceSeeds,
    Watch,
    months_of,
    names_of,
    strengths_of,
    threads_of,
)
from glasscity.cli.output import columns, heading, paragraph, show, show_json
from glasscity.cli.pairs import seeds_of
from glasscity.errors import BadArgument

if TYPE_CHECKING:
    from glasscity.study.fork import Forks

__all__ = ["fork"]


def fork(
    folder: RunFolder,
    regimes: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[REGIME ...]",
            help="Names of the catalogue or YAML files that take over. Default: the run's own, "
            "changed by --with and --without.",
            autocompletion=lambda: names_of("regime"),
        ),
    ] = None,
    month: Annotated[
        str | None,
        typer.Option(
            "--month", metavar="M", help="The first month under another regime: 60, or 2019-06."
        ),
    ] = None,
    decompose: Annotated[
        bool,
        typer.Option(
            "--decompose",
            help="Instead: what each cause of the run's refusals does, at once and over time, by "
            "forks of one month without it.",
        ),
    ] = False,
    present: Present = None,
    absent: Absent = None,
    out: Annotated[
        str | None,
        typer.Option(
            "--out",
            metavar="FOLDER",
            help="Must not exist, its parent must: the fork's folder, or that of all forks. "
            "Default: runs/REGIME-NNN each, always new.",
        ),
    ] = None,
    threads: Threads = None,
    no_report: NoReport = False,
    checkpoint_every: CheckpointEvery = None,
    watch: Watch = None,
    no_placebo: NoPlacebo = False,
    variance_seeds: VarianceSeeds = None,
    as_json: Json = False,
) -> None:
    """Let other regimes take over a stored run's history in a month, and compare.

    Everything before the month is the run's own, bit for bit. From then on people, what they know
    and what others see go on; of the record, what the new regime has too goes on, what it has not
    ends, and what is new begins empty (docs/forks.md).
    """
    if decompose:
        from glasscity.cli import decomposed

        given = {
            "REGIME": regimes,
            "--month": month,
            "--with": present,
            "--without": absent,
            "--out": out,
            "--watch": watch,
            "--checkpoint-every": checkpoint_every,
            "--variance-seeds": variance_seeds,
        }
        decomposed.decompose(
            folder,
            beside=[name for name, value in given.items() if value],
            threads=threads,
            as_json=as_json,
        )
        return
    if month is None:
        raise BadArgument(
            "the month is missing",
            where="--month",
            allowed="a month of the run, as a number from 0 or as YYYY-MM",
            mend="write it like --month 60",
        )
    from glasscity.cli.lives import citizens_of
    from glasscity.cli.output import say
    from glasscity.cli.progress import ProgressBar

    number = threads_of(threads)
    every = months_of(checkpoint_every, "--checkpoint-every")
    strengths = strengths_of(present or (), absent or ())
    seeds = seeds_of(variance_seeds)
    watched = citizens_of(watch)
    from glasscity.study.fork import fork as run_forks
    from glasscity.study.variance import SEEDS

    with ProgressBar() as progress:
        found = run_forks(
            folder,
            *(regimes or ()),
            month=month,
            strengths=strengths,
            out=out,
            threads=number,
            report=not no_report,
            watch=watched,
            checkpoint_every=every,
            placebo=not no_placebo,
            told=say,
            progress=progress,
            variance_seeds=SEEDS if seeds is None else seeds,
        )
    if as_json:
        show_json(found.numbers)
        return
    show(_summary(found))


def _summary(found: Forks) -> list[str]:
    from glasscity.cli.pair_summary import comparison_lines, named

    scenario, comparisons = found.base.scenario, found.comparisons
    before = scenario["regime"]["name"]
    year, month = (int(part) for part in scenario["start"].split("-"))
    months = 12 * year + month - 1 + found.month
    date = f"{months // 12:04d}-{months % 12 + 1:02d}"
    others = "; ".join(named(one["other"], one["base"]) for one in comparisons)
    text = (
        f"The {found.base.citizens:,} synthetic citizens of a stored run, and its first "
        f"{found.month} of {found.base.months} months, bit for bit; from {date} on "
        f"{'another regime' if len(comparisons) == 1 else 'other regimes'}. Nobody in it is real. "
        "Differences are the fork less the run that it left."
    )
    lines = [heading(line) for line in paragraph(f"{before}, and from {date} on {others}")]
    lines += paragraph(text)
    for at, one in enumerate(comparisons, 1):
        if len(comparisons) > 1:
            lines += ["", heading(f"FORK-{at}: {named(one['other'], one['base'])}")]
        lines += comparison_lines(one, found.placebo)
    where = [["history", str(found.base.path)]]
    for run in found.runs:
        where += [["run", str(run.path)], ["digest", run.digest]]
    return [*lines, "", *columns(where)]
