"""The command ``pair``: the same people with the same luck under several regimes."""

from __future__ import annotations

from typing import Annotated

import typer

from glasscity.cli.options import (
    Absent,
    CheckpointEvery,
    Citizens,
    Cluster,
    CountryName,
    Everyone,
    Json,
    Layout,
    Months,
    NoPlacebo,
    NoReport,
    NoTwin,
    Parameters,
    Present,
    Seed,
    Start,
    Threads,
    VarianceSeeds,
    Watch,
    fields_of,
    months_of,
    names_of,
    strengths_of,
    threads_of,
)
from glasscity.cli.output import show, show_json
from glasscity.errors import BadArgument

__all__ = ["pair", "resume_pair", "seeds_of"]


def pair(
    regimes: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="BASE [OTHER ...]",
            help="Names of the catalogue or YAML files: the first is what the others are compared "
            "with. Default: citizen-score-2020.",
            autocompletion=lambda: names_of("regime"),
        ),
    ] = None,
    country: CountryName = "china-2020",
    parameters: Parameters = "central",
    citizens: Citizens = None,
    everyone: Everyone = False,
    months: Months = None,
    start: Start = None,
    seed: Seed = None,
    threads: Threads = None,
    present: Present = None,
    absent: Absent = None,
    out: Annotated[
        str | None,
        typer.Option(
            metavar="FOLDER",
            help="Must not exist, its parent must. Default: runs/pair-REGIME-NNN, always new.",
        ),
    ] = None,
    no_twin: NoTwin = False,
    no_report: NoReport = False,
    checkpoint_every: CheckpointEvery = None,
    layout: Layout = "auto",
    watch: Watch = None,
    cluster: Cluster = None,
    no_placebo: NoPlacebo = False,
    variance_seeds: VarianceSeeds = None,
    as_json: Json = False,
) -> None:
    """Compare regimes over the same people with the same luck.

    With one regime, --with and --without change it, and it is compared with itself so changed; with
    more, they apply to the others.
    """
    from glasscity.cli.lives import citizens_of
    from glasscity.cli.progress import ProgressBar

    names = regimes or ["citizen-score-2020"]
    fields = fields_of(
        country=country,
        parameters=parameters,
        citizens=citizens,
        everyone=everyone,
        months=months,
        start=start,
        seed=seed,
    )
    number = threads_of(threads)
    every = months_of(checkpoint_every, "--checkpoint-every")
    strengths = strengths_of(present or (), absent or ())
    seeds = seeds_of(variance_seeds)
    watched = citizens_of(watch)

    from glasscity.cli.output import say
    from glasscity.study.pair import pair as run_pair

    with ProgressBar() as progress:
        found = run_pair(
            *names,
            strengths=strengths,
            out=out,
            threads=number,
            twin=not no_twin,
            report=not no_report,
            watch=watched,
            checkpoint_every=every,
            layout=layout,
            cluster=cluster,
            placebo=not no_placebo,
            told=say,
            progress=progress,
            **({} if seeds is None else {"variance_seeds": seeds}),
            **fields,
        )
    _told(found, as_json)


def resume_pair(folder: str, *, threads: str | None, as_json: bool) -> None:
    """Go on with a pair that did not finish; check one that did."""
    from glasscity.cli.output import say
    from glasscity.cli.progress import ProgressBar
    from glasscity.study.pair import resume_pair as go_on

    number = threads_of(threads)
    with ProgressBar() as progress:
        found = go_on(folder, threads=number, progress=progress, told=say)
    _told(found, as_json)


def _told(found, as_json: bool) -> None:
    if as_json:
        show_json(found.numbers)
        return
    from glasscity.cli.pair_summary import pair_summary

    show(pair_summary(found))


def seeds_of(text: str | None) -> int | None:
    """Return a number of seeds; the study says which are allowed."""
    if text is None:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise BadArgument(
            f"'{text[:40]}' is no number of worlds",
            where="--variance-seeds",
            allowed="0 for none, or a whole number from 3 to 10000",
            mend="write it like --variance-seeds 12",
        )
    return int(text)
