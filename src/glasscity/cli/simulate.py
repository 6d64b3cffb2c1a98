"""Commands that simulate: run, resume and rerun."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from glasscity.cli import ending
from glasscity.cli.options import fields_of, months_of, strengths_of, threads_of
from glasscity.cli.output import columns, say, show, show_json
from glasscity.cli.progress import ProgressBar

if TYPE_CHECKING:
    from glasscity.api import Rerun
    from glasscity.results.run import Run

__all__ = ["rerun", "resume", "run"]


def run(
    regime: str,
    *,
    country: str,
    parameters: str = "central",
    citizens: str | None,
    everyone: bool,
    months: str | None,
    start: str | None,
    seed: str | None,
    threads: str | None,
    present: Sequence[str],
    absent: Sequence[str],
    out: str | None,
    twin: bool,
    report: bool,
    watch: Sequence[int] = (),
    checkpoint_every: str | None = None,
    layout: str = "auto",
    cluster: str | None = None,
    as_json: bool,
) -> None:
    """Run a scenario and show what it did."""
    from glasscity.scenario import Scenario

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
    scenario = Scenario(regime, strengths=strengths_of(present, absent), **fields)

    from glasscity import api

    with ProgressBar() as progress:
        found = api.run(
            scenario,
            out=out,
            threads=number,
            twin=twin,
            report=report,
            watch=watch,
            checkpoint_every=every,
            layout=layout,
            cluster=cluster,
            told=say,
            progress=progress,
        )
    if as_json:
        show_json(api.numbers(found, wall_seconds=ending.seconds()))
        return
    from glasscity.cli.summary import summary

    show(summary(found))


def resume(folder: str, *, threads: str | None, as_json: bool) -> None:
    """Go on with a run or a pair that did not finish; check one that did."""
    from glasscity.cli import stored
    from glasscity.results.store import COMPLETE, PAIR_ASKED

    if (Path(folder) / PAIR_ASKED).is_file():
        from glasscity.cli.pairs import resume_pair

        resume_pair(folder, threads=threads, as_json=as_json)
        return
    from glasscity import api

    number = threads_of(threads)
    if (Path(folder) / COMPLETE).is_file():
        stored.check(folder, as_json=as_json)
        return
    with ProgressBar() as progress:
        found = api.resume(folder, threads=number, progress=progress, told=say)
    if as_json:
        same = found.verify() == found.digest
        show_json({**api.numbers(found, wall_seconds=ending.seconds()), "same": same})
        return
    from glasscity.cli.summary import summary

    show(summary(found))


def rerun(folder: str, *, out: str | None, threads: str | None, as_json: bool) -> None:
    """Run a stored scenario again and compare the digests."""
    from glasscity import api

    number = threads_of(threads)
    stored = api.open_run(folder)
    with ProgressBar() as progress:
        again = api.rerun(folder, out=out, threads=number, progress=progress)
    if as_json:
        show_json(_numbers(stored, again))
        return
    said = "the same, bit for bit" if again.same else "ANOTHER result"
    lines = columns([["stored", again.stored], ["again", again.digest]])
    show([f"Run again, it gives {said}.", "", *lines])


def _numbers(stored: Run, again: Rerun) -> dict[str, Any]:
    """Return the numbers of a run made again, whether or not it was kept."""
    from glasscity import api
    from glasscity.results.provenance import peak_memory_bytes

    seconds = again.simulation_seconds
    numbers = api.numbers(again.run or stored, wall_seconds=ending.seconds())
    steps = stored.citizens * stored.months
    return {
        **numbers,
        "run": str(again.run.path) if again.run is not None else None,
        "digest": again.digest,
        "simulation_seconds": seconds,
        "citizen_months_per_second": steps / seconds if seconds else None,
        "peak_memory_bytes": peak_memory_bytes(),
        "state_bytes_per_citizen": again.state_bytes_per_citizen,
        # What was not kept has measures of its own only where it is the same.
        **{
            key: numbers[key] if again.same or again.run is not None else None
            for key in ("measures", "band_shares")
        },
        "same": again.same,
    }
