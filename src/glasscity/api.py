"""Glasscity from Python: run a scenario, open a run, run it again.

>>> import glasscity
>>> run = glasscity.run("citizen-score-2020", country="plainland", citizens=2_000, months=12)
... # doctest: +SKIP
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Integral
from pathlib import Path
from typing import TYPE_CHECKING, Any

from glasscity._version import MODEL_VERSION
from glasscity.catalogue.entry import fingerprint
from glasscity.country import countries
from glasscity.errors import BadArgument, DamagedRun
from glasscity.regime import regimes
from glasscity.results import Run, RunWriter, open_run, provenance
from glasscity.scenario import Scenario

if TYPE_CHECKING:
    from glasscity.engine.cluster import Cluster
    from glasscity.rights.lives import Life
    from glasscity.simulation import Progress, Simulation

__all__ = [
    "Rerun",
    "countries",
    "find",
    "life",
    "numbers",
    "open_run",
    "regimes",
    "rerun",
    "run",
    "society",
]

# A life takes about a millisecond a month to watch, and all of them are held until the end.
_WATCHED_MOST = 1000


def _silent(stage: str, done: int, total: int | None, citizens: int) -> None:
    """Show nothing."""


def run(
    scenario: Scenario | str | Path | None = None,
    *,
    out: str | Path | None = None,
    threads: int | None = None,
    twin: bool = True,
    report: bool = True,
    watch: Sequence[int] = (),
    cluster: str | None = None,
    progress: Progress | None = None,
    command: Sequence[str] | None = None,
    **fields: Any,
) -> Run:
    """Run a scenario into a new run folder and return the run.

    Parameters
    ----------
    scenario : Scenario, or what a Scenario takes for its regime; optional
        Default: ``citizen-score-2020``.
    out : path, optional
        The folder; it must not exist, and its parent must.  Default: a new one under ``runs``.
    threads : int, optional
        From 1; default: the processors.  No result depends on it.  With ``cluster``: of each
        machine.
    twin : bool
        Whether to run the same people unscored beside it.
    report : bool
        Whether to write ``report.html``.
    watch : sequence of int
        Citizens whose lives are kept in the run folder, so that :func:`life` needs no run again.
        Watching changes nothing.
    cluster : str, optional
        ``auto`` or ``HOST:PORT``: share the run among the machines of a Ray cluster
        (docs/cluster.md).  The result is the same.  All machines must see the run folder.
    progress : callable, optional
        Called as ``progress(stage, done, total, citizens)``; stages are ``society``,
        ``compiling``, ``burn-in``, ``months``, ``twin``, ``writing``, ``report``.
    **fields
        The other arguments of :class:`glasscity.Scenario`: country, behaviour, citizens, months,
        start, seed, strengths.

    Raises
    ------
    BadInput
        Of the kind that fits; nothing that looks whole is left behind.
    """
    began = time.perf_counter()
    if isinstance(scenario, Scenario):
        if fields:
            raise BadArgument(
                what=f"'{next(iter(fields))}' is given beside a whole scenario",
                where="run",
                allowed="a Scenario alone, or a regime with the fields of a Scenario",
                mend="use scenario.but(...) to change a scenario",
            )
    else:
        scenario = Scenario(**({} if scenario is None else {"regime": scenario}), **fields)
    threads = _threads(threads)
    watch = _watched(watch, scenario.citizens)
    show = progress or _silent
    from glasscity.simulation import check_memory, simulate

    if cluster is None:
        check_memory(scenario.citizens)
    else:
        from glasscity.engine.cluster import check_address, library

        check_address(cluster)
        library()
    with _writer(scenario, out) as writer:
        machines = None if cluster is None else _machines(cluster, writer.folder, threads)
        done = simulate(
            scenario, threads=threads, twin=twin, progress=show, watch=watch, cluster=machines
        )
        show("writing", 0, None, scenario.citizens)
        _write(writer, scenario, done, began=began, command=command)
        if report:
            show("report", 0, None, scenario.citizens)
            from glasscity.report import render

            writer.write_text("report.html", render(writer.preview()))
        writer.complete()
    return open_run(writer.folder)


def _machines(address: str, folder: Path, threads: int | None) -> Cluster:
    from glasscity.engine.cluster import Cluster

    return Cluster(address, folder=folder / "cluster", threads=threads)


def _threads(threads: int | None) -> int | None:
    if threads is not None and (isinstance(threads, bool) or not 1 <= threads <= 1024):
        raise BadArgument(
            what=f"{threads} threads",
            where="threads",
            allowed="whole numbers from 1 to 1024",
            mend="leave it out to use every processor",
        )
    return threads


def _watched(people: Sequence[int], citizens: int, *, where: str = "watch") -> list[int]:
    """Return citizens to watch, each once, in ascending order."""
    for person in people:
        if not isinstance(person, Integral) or not 0 <= person < citizens:
            raise BadArgument(
                what=f"there is no citizen {person}",
                where=where,
                allowed=f"whole numbers from 0 to {citizens - 1}",
                mend="name citizens of this run; 'glasscity find' finds some",
            )
    if len(people) > _WATCHED_MOST:
        raise BadArgument(
            what=f"{len(people):,} citizens to watch",
            where=where,
            allowed=f"up to {_WATCHED_MOST:,}",
            mend="watch fewer; registers and people.parquet hold every citizen",
        )
    return sorted({int(person) for person in people})


def _plain(scenario: Scenario) -> dict[str, Any]:
    return json.loads(scenario.to_json())


def _writer(scenario: Scenario, out: str | Path | None) -> RunWriter:
    if out is None:
        return RunWriter.fresh("runs", scenario.regime.name, scenario=_plain(scenario))
    return RunWriter(out, scenario=_plain(scenario))


def _write(
    writer: RunWriter,
    scenario: Scenario,
    done: Simulation,
    *,
    began: float,
    command: Sequence[str] | None,
) -> None:
    def about(world: Scenario, seconds: float) -> dict[str, Any]:
        return provenance(
            seeds={"seed": world.seed},
            catalogue={
                "regime": fingerprint(world.regime),
                "country": fingerprint(world.country),
                "behaviour": fingerprint(world.behaviour),
            },
            command=sys.argv if command is None else command,
            wall_seconds=round(time.perf_counter() - began, 3),
            simulation_seconds=round(seconds, 3),
            extra={
                "parameters": world.behaviour.name,
                "burn_in_months": done.burn_in_months,
                "burn_in_stored": done.burn_in_stored,
                "state_bytes_per_citizen": round(done.state_bytes_per_citizen, 2),
                **({"cluster": done.cluster} if done.cluster else {}),
            },
        )

    writer.write(done.outcome)
    if done.lives:
        digest = done.outcome.digest()
        writer.lives([_told(raw, scenario, done, digest).document for raw in done.lives])
    writer.provenance(about(scenario, done.simulation_seconds))
    if done.twin is not None:
        world = scenario.unscored()
        twin = writer.twin(_plain(world))
        twin.write(done.twin)
        twin.provenance(about(world, done.twin_seconds))
        twin.complete()


def numbers(run: Run, *, wall_seconds: float | None = None) -> dict[str, Any]:
    """Return a run's figures by the names that ``glasscity run --json`` prints.

    Parameters
    ----------
    wall_seconds : float, optional
        The time of the whole command, where that is known better than the run folder does.
    """
    from glasscity.rights import measures
    from glasscity.rights.points import band_shares

    about = run.provenance
    seconds = about["simulation_seconds"]
    return {
        "run": str(run.path),
        "digest": run.digest,
        "citizens": run.citizens,
        "months": run.months,
        "parameters": run.scenario["behaviour"]["name"],
        "wall_seconds": about["wall_seconds"] if wall_seconds is None else round(wall_seconds, 3),
        "simulation_seconds": seconds,
        "citizen_months_per_second": run.citizens * run.months / seconds if seconds else None,
        "peak_memory_bytes": about["peak_memory_bytes"],
        "state_bytes_per_citizen": about["state_bytes_per_citizen"],
        "resumed_from_month": run.meta["resumed_from_month"],
        "measures": measures(run),
        "band_shares": band_shares(run),
    }


@dataclass(frozen=True)
class Rerun:
    """A run made again: its digest, the stored one, and whether they agree.

    ``run`` is the new run where ``out`` was given, else None: nothing was written.
    """

    digest: str
    stored: str
    run: Run | None
    simulation_seconds: float
    state_bytes_per_citizen: float

    @property
    def same(self) -> bool:
        """Whether the digests agree."""
        return self.digest == self.stored


def _scenario_of(stored: Run) -> Scenario:
    """Return the scenario of a run that can be made again with this version of the model."""
    if stored.model != MODEL_VERSION:
        raise DamagedRun(
            what=f"the run was made by model version {stored.model}, this is {MODEL_VERSION}",
            where=str(stored.path),
            allowed="runs of the same model version: others give other numbers",
            mend="install the version that wrote it (see provenance.json)",
        )
    path = stored.path / "scenario.json"
    return Scenario.from_json(path.read_text(encoding="utf-8"), where=str(path))


def rerun(
    folder: str | Path,
    *,
    out: str | Path | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Rerun:
    """Run a run folder's scenario again and compare the digests.

    Writes nothing unless ``out`` is given.

    Raises
    ------
    DamagedRun
        If the folder is not whole, or was written by another version of the model.
    """
    old = open_run(folder)
    scenario = _scenario_of(old)
    threads = _threads(threads)
    if out is not None:
        new = run(scenario, out=out, threads=threads, twin=old.twin is not None, progress=progress)
        about = new.provenance
        return Rerun(
            new.digest,
            old.digest,
            new,
            about["simulation_seconds"],
            about["state_bytes_per_citizen"],
        )
    from glasscity.simulation import simulate

    done = simulate(scenario, threads=threads, twin=False, progress=progress or _silent)
    return Rerun(
        done.outcome.digest(),
        old.digest,
        None,
        done.simulation_seconds,
        done.state_bytes_per_citizen,
    )


def life(
    run: Run | str | Path,
    citizen: int,
    *,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Life:
    """Retell a citizen's life, month by month, with the reason for every change.

    The run is made again, without its twin, and the citizen watched, unless ``watch`` kept that
    life in the folder.

    Parameters
    ----------
    run : Run or path
        A finished run, or its folder.
    citizen : int
        From 0 to the number of citizens less one.

    Returns
    -------
    Life
        ``same`` says whether the run made again is the stored one, bit for bit.

    Raises
    ------
    BadArgument
        If there is no such citizen.
    DamagedRun
        If the folder is not whole, or was written by another version of the model.
    """
    from glasscity.rights.lives import Life

    stored = run if isinstance(run, Run) else open_run(run)
    citizen = _watched([citizen], stored.citizens, where=str(stored.path))[0]
    if citizen in stored.lives:
        return Life(stored.lives[citizen])
    scenario = _scenario_of(stored)
    from glasscity.simulation import simulate

    done = simulate(
        scenario,
        threads=_threads(threads),
        twin=False,
        progress=progress or _silent,
        watch=[citizen],
    )
    return _told(done.lives[0], scenario, done, stored.digest)


def _told(raw: dict[str, Any], scenario: Scenario, done: Simulation, stored: str) -> Life:
    from glasscity.rights.lives import tell

    return tell(
        raw,
        start=scenario.start,
        lists=done.outcome.meta["lists"],
        stored=stored,
        again=done.outcome.digest(),
        points=bool(done.outcome.meta.get("points")),
    )


def find(run: Run | str | Path, filter: str, *, limit: int | None = 10) -> list[dict[str, Any]]:
    """Find citizens of a run whose lives are worth retelling.

    Parameters
    ----------
    run : Run or path
        A finished run, or its folder.
    filter : str
        ``wrongly-listed`` (longest first), ``fell-through-friends`` (most refusals first),
        ``silent-critic``, ``child-shut-out``, or several joined with ``+``.
    limit : int or None
        How many at most; None: all.

    Returns
    -------
    list of dict
        ``citizen``; ``why``: ``filter``, ``number``, ``unit``, ``reason`` each; ``traits``.

    Raises
    ------
    NotFound
        If there is no such filter.
    """
    from glasscity.rights.search import find as search

    return search(run if isinstance(run, Run) else open_run(run), filter, limit=limit)


def society(country: str = "china-2020", *, citizens: int = 100_000, seed: int = 1) -> list[dict]:
    """Return a synthetic society's quantities beside the country pack's targets.

    Each row has ``quantity``, ``target``, ``source``, ``value``, ``error``.
    """
    scenario = Scenario("unscored", country=country, citizens=citizens, seed=seed)
    from glasscity.simulation import check_memory
    from glasscity.society import build_society, society_report

    check_memory(scenario.citizens)
    pack = scenario.country
    return society_report(pack, build_society(pack, scenario.citizens, scenario.seed))
