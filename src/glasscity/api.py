"""Glasscity from Python: run a scenario, open a run, run it again.

>>> import glasscity
>>> run = glasscity.run("citizen-score-2020", country="plainland", citizens=2_000, months=12)
... # doctest: +SKIP
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from numbers import Integral
from pathlib import Path
from typing import TYPE_CHECKING, Any

from glasscity._version import MODEL_VERSION
from glasscity.catalogue.entry import fingerprint
from glasscity.country import countries
from glasscity.errors import BadArgument, DamagedRun, DiskFull, Interrupted, NotFound
from glasscity.regime import regimes
from glasscity.results import Run, RunWriter, open_run, provenance
from glasscity.results.store import CHECKPOINTS, COMPLETE, SCENARIO, STATE, WAITING
from glasscity.scenario import Scenario

if TYPE_CHECKING:
    from glasscity.engine.cluster import Cluster
    from glasscity.engine.keeping import Keeper
    from glasscity.histories import History
    from glasscity.interventions import Intervention
    from glasscity.rights.lives import Life
    from glasscity.rights.what_if import WhatIf
    from glasscity.simulation import Progress, Simulation

__all__ = [
    "Rerun",
    "check_options",
    "countries",
    "find",
    "give_up",
    "life",
    "lives",
    "numbers",
    "open_run",
    "prepare",
    "regimes",
    "rerun",
    "resume",
    "run",
    "scenario_of",
    "society",
    "what_if",
]

# A life takes about a millisecond a month to watch, and all of them are held until the end.
_WATCHED_MOST = 1000
# Where packed people lie on disk, in the run's folder, while it runs.
PACKED = "packed"
# What a run folder remembers for whoever goes on with the run.
_ASKED = ("model", "scenario", "twin", "report", "watch", "checkpoint_every", "layout")


def _silent(stage: str, done: int, total: int | None, citizens: int) -> None:
    """Show nothing."""


def _silently(sentence: str) -> None:
    """Say nothing."""


def run(
    scenario: Scenario | str | Path | None = None,
    *,
    out: str | Path | None = None,
    threads: int | None = None,
    twin: bool | Run = True,
    report: bool = True,
    watch: Sequence[int] = (),
    checkpoint_every: int | None = None,
    layout: str = "auto",
    cluster: str | None = None,
    history: History | None = None,
    told: Callable[[str], object] | None = None,
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
        From 1; default: the processors.  No result depends on it.
    twin : bool or Run
        Whether to run the same people unscored beside it; a finished run of just that world is
        copied instead.
    report : bool
        Whether to write ``report.html``.
    watch : sequence of int
        Citizens whose lives are kept in the run folder, so that :func:`life` needs no run again.
        Watching changes nothing.
    checkpoint_every : int, optional
        Months from one checkpoint to the next; unless given, rarely enough to cost little, and
        none in the first ten seconds (glasscity.engine.keeping).
    layout : {"auto", "plain", "packed", "disk"}
        Where the people lie while the run goes on (glasscity.engine.room); no result depends on it.
    cluster : str, optional
        ``auto`` or ``HOST:PORT``: share the run among the machines of a Ray cluster
        (docs/cluster.md).  The result is the same.  All machines must see the run folder.
    history : History, optional
        The months before the scenario's fork, stepped already (:func:`glasscity.fork`).
    told : callable, optional
        Given sentences about what a large run takes and does differently.
    progress : callable, optional
        Called as ``progress(stage, done, total, citizens)``; stages are ``society``,
        ``compiling``, ``burn-in``, ``months``, ``twin``, ``stopping``, ``writing``, ``report``.
    **fields
        The other arguments of :class:`glasscity.Scenario`: country, behaviour, citizens, months,
        start, seed, strengths.

    Raises
    ------
    BadInput
        Of the kind that fits; nothing that looks whole is left behind.
    DiskFull
        If there is no room; :func:`resume` goes on when there is.
    Interrupted
        After Ctrl-C; :func:`resume` goes on.
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
    shared = None if isinstance(twin, bool) else _as_twin(twin, scenario)
    asked = {
        "model": MODEL_VERSION,
        "scenario": _hash(scenario),
        "twin": bool(twin),
        "report": report,
        "watch": _watched(watch, scenario.citizens),
        "checkpoint_every": _every(checkpoint_every),
    }
    from glasscity.engine.room import choose, size

    if cluster is not None:
        from glasscity.engine.cluster import check_address, library

        check_address(cluster)
        library()
        # How a run lies where it is gone on with, in one process.
        asked["layout"] = "plain"
    else:
        room = choose(scenario.citizens, Path(out or "runs").absolute().parent, layout)
        asked["layout"] = room.layout
        if told is not None and room.layout != "plain":
            told(
                f"{scenario.citizens:,} citizens take about {size(room.memory)} of memory"
                + (f" and {size(room.disk)} of disk" if room.disk else "")
            )
    with _writer(scenario, out, asked) as writer, _told_how_to_go_on(writer.folder):
        _through(
            writer,
            scenario,
            asked,
            began=began,
            threads=threads,
            progress=progress,
            command=command,
            told=told,
            cluster=cluster,
            shared=shared,
            history=history,
        )
    return open_run(writer.folder)


def _as_twin(twin: Run, scenario: Scenario) -> Run:
    """Return a run that may serve as the unscored twin of a scenario."""
    if twin.model != MODEL_VERSION or twin.scenario != _plain(scenario.unscored()):
        raise BadArgument(
            "this run is not the same people unscored",
            where=str(twin.path),
            allowed="a run of the scenario's own people, months and behaviour under 'unscored'",
            mend="leave the twin to be run",
        )
    return twin


def prepare(
    scenario: Scenario,
    *,
    base: str | Path = "runs",
    name: str = "",
    twin: bool = True,
    report: bool = True,
    watch: Sequence[int] = (),
) -> Path:
    """Make the folder of a run that is to wait; :func:`resume` starts it.

    Parameters
    ----------
    scenario : Scenario
        What is to be run.
    base : path
        Folder of the runs.
    name : str
        Begins the folder's name; by default the regime's.
    twin, report, watch
        As for :func:`run`.

    Returns
    -------
    Path
        The new folder, ``BASE/NAME-NNN``; ``state.json`` says ``waiting``.

    Raises
    ------
    CannotFit
        If this machine has not the room for so many citizens.
    """
    from glasscity.engine.room import choose

    folder = Path(base)
    asked = {
        "model": MODEL_VERSION,
        "scenario": _hash(scenario),
        "twin": twin,
        "report": report,
        "watch": _watched(watch, scenario.citizens),
        "checkpoint_every": None,
        "layout": choose(scenario.citizens, folder.absolute()).layout,
    }
    writer = RunWriter.fresh(
        folder, name or scenario.regime.name, scenario=_plain(scenario), asked=asked
    )
    writer.wait()
    return writer.folder


def give_up(folder: str | Path) -> None:
    """Mark a run that waits, or was stopped, as interrupted before it began; it can be resumed.

    Raises
    ------
    DamagedRun
        If it is no run folder.
    BadArgument
        If a process is writing it, or it is finished.
    """
    path = Path(folder)
    _, asked = _unfinished(path)
    RunWriter.taken_up(path, asked=asked).close(
        Interrupted("taken out of the queue", mend=f"go on with 'glasscity resume {folder}'")
    )


def resume(
    folder: str | Path,
    *,
    threads: int | None = None,
    progress: Progress | None = None,
    told: Callable[[str], object] | None = None,
    command: Sequence[str] | None = None,
) -> Run:
    """Go on with a run that was stopped or killed, from its last whole checkpoint.

    The result is the same, bit for bit, as if the run had never stopped; ``meta`` and provenance
    say from which month it went on.  Without a checkpoint it begins at month 0 again.

    Parameters
    ----------
    folder : path
        A run folder.  A finished run is returned as it is.
    threads, progress, command
        As for :func:`run`.
    told : callable, optional
        Given sentences about checkpoints that cannot be used, and about where the run goes on.

    Raises
    ------
    BadArgument
        If there is no such folder, or another process is still writing it.
    DamagedRun
        If it is no run folder, was begun by another version of the model, or its scenario was
        changed since.
    """
    began = time.perf_counter()
    path = Path(folder)
    if not path.is_dir() or (path / COMPLETE).is_file():
        done = open_run(folder)
        _remove_checkpoints(path)
        return done
    scenario, asked = _unfinished(path)
    threads = _threads(threads)
    from glasscity.engine.room import check_memory

    check_memory(scenario.citizens, asked["layout"])
    # A run that only waited is begun, not gone on with.
    waited = json.loads((path / STATE).read_text(encoding="utf-8"))["state"] == WAITING
    with RunWriter.taken_up(path, asked=asked) as writer, _told_how_to_go_on(path):
        _through(
            writer,
            scenario,
            asked,
            began=began,
            threads=threads,
            progress=progress,
            command=command,
            resuming=not waited,
            told=told,
        )
    return open_run(path)


def _unfinished(folder: Path) -> tuple[Scenario, dict[str, Any]]:
    """Return the scenario of a run that did not finish, and what else was asked for."""
    where = str(folder)
    try:
        told = json.loads((folder / STATE).read_text(encoding="utf-8"))["asked"]
        asked = {name: told[name] for name in _ASKED}
        text = (folder / SCENARIO).read_text(encoding="utf-8")
    except (OSError, ValueError, KeyError, TypeError):
        raise DamagedRun(
            "this is not the folder of a run that can be gone on with",
            where=where,
            allowed=f"a folder with '{SCENARIO}' and '{STATE}' as 'glasscity run' makes them",
            mend="start the run again with 'glasscity run'",
        ) from None
    if (model := asked["model"]) != MODEL_VERSION:
        raise DamagedRun(
            f"the run was begun by model version {model}, this is {MODEL_VERSION}",
            where=where,
            allowed="runs of the same model version: others give other numbers",
            mend=f"go on with version {model}, or start it again with 'glasscity run'",
        )
    scenario = Scenario.from_json(text, where=str(folder / SCENARIO))
    if _hash(scenario) != asked["scenario"]:
        raise DamagedRun(
            "the scenario was changed since the run began",
            where=str(folder / SCENARIO),
            mend="restore the file, or start the changed scenario with 'glasscity run'",
        )
    return scenario, asked


def _hash(scenario: Scenario) -> str:
    return hashlib.sha256(scenario.to_json().encode()).hexdigest()


@contextlib.contextmanager
def _told_how_to_go_on(folder: Path) -> Iterator[None]:
    """Say of a run that stops for want of room or by Ctrl-C how it goes on."""
    resume = f"'glasscity resume {folder}'"
    try:
        yield
    except KeyboardInterrupt:
        raise Interrupted("stopped from the keyboard", mend=f"go on with {resume}") from None
    except DiskFull as error:
        if "resume" not in error.mend:
            error.mend = f"free some space, then {resume}; or choose another place with --out"
        raise


def _through(
    writer: RunWriter,
    scenario: Scenario,
    asked: Mapping[str, Any],
    *,
    began: float,
    threads: int | None,
    progress: Progress | None,
    command: Sequence[str] | None,
    resuming: bool = False,
    told: Callable[[str], object] | None = None,
    cluster: str | None = None,
    shared: Run | None = None,
    history: History | None = None,
) -> None:
    """Simulate a scenario, from a checkpoint where there is one, and write all there is."""
    from glasscity.engine.checkpoint import Checkpoints
    from glasscity.engine.keeping import Keeper
    from glasscity.simulation import simulate

    show = progress or _silent
    keeper = Keeper(
        Checkpoints(
            writer.folder / CHECKPOINTS,
            {name: asked[name] for name in ("model", "scenario", "watch")},
            # A second one guards against a disk that loses the first; of a nation, it is too large,
            # and its records on disk serve one checkpoint.
            keep=2 if asked["layout"] != "disk" else 1,
        ),
        every=asked["checkpoint_every"],
        resuming=resuming,
        began=began,
        told=told or _silently,
    )
    if history is not None:
        done = history.fork(scenario, progress=show, keeper=keeper)
        _finish(writer, scenario, asked, done, keeper, shared, show, command)
        return
    done = simulate(
        scenario,
        threads=threads,
        twin=asked["twin"] and shared is None,
        progress=show,
        watch=asked["watch"],
        layout=asked["layout"],
        folder=writer.folder / PACKED,
        told=told or _silently,
        keeper=keeper,
        cluster=None if cluster is None else _machines(cluster, writer.folder, threads, asked),
    )
    _finish(writer, scenario, asked, done, keeper, shared, show, command)


def _finish(
    writer: RunWriter,
    scenario: Scenario,
    asked: Mapping[str, Any],
    done: Simulation,
    keeper: Keeper,
    shared: Run | None,
    show: Progress,
    command: Sequence[str] | None,
) -> None:
    """Write all there is of a run."""
    show("writing", 0, None, scenario.citizens)
    _write(writer, scenario, done, keeper, command=command)
    if shared is not None:
        writer.copy_twin(shared)
    if asked["report"]:
        show("report", 0, None, scenario.citizens)
        from glasscity.report import render

        writer.write_text("report.html", render(writer.preview()))
    writer.complete()
    _remove_checkpoints(writer.folder)


def _machines(address: str, folder: Path, threads: int | None, asked: Mapping[str, Any]) -> Cluster:
    from glasscity.engine.cluster import CHECKPOINT_EVERY, Cluster

    every = asked["checkpoint_every"] or CHECKPOINT_EVERY
    return Cluster(address, folder=folder / "cluster", every=every, threads=threads)


def _remove_checkpoints(folder: Path) -> None:
    """Remove what a finished run no longer needs; what cannot be removed harms nothing."""
    with contextlib.suppress(OSError):
        shutil.rmtree(folder / CHECKPOINTS)


def check_options(
    scenario: Scenario,
    *,
    threads: int | None = None,
    watch: Sequence[int] = (),
    checkpoint_every: int | None = None,
    out: str | Path | None = None,
    layout: str = "auto",
    cluster: str | None = None,
) -> None:
    """Refuse what :func:`run` would refuse, before anything is made.

    Raises
    ------
    BadInput
        As :func:`run`; also if the run would not fit this machine.
    """
    _threads(threads)
    _watched(watch, scenario.citizens)
    _every(checkpoint_every)
    if cluster is not None:
        from glasscity.engine.cluster import check_address, library

        check_address(cluster)
        library()
    else:
        from glasscity.engine.room import choose

        choose(scenario.citizens, Path(out or "runs").absolute().parent, layout)


def _every(months: int | None) -> int | None:
    if months is not None and (
        isinstance(months, bool) or not isinstance(months, Integral) or not 1 <= months <= 65_535
    ):
        raise BadArgument(
            what=f"{months} months from one checkpoint to the next",
            where="checkpoint_every",
            allowed="whole numbers from 1 to 65535",
            mend="leave it out, or write it like 12",
        )
    return None if months is None else int(months)


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


def _writer(scenario: Scenario, out: str | Path | None, asked: Mapping[str, Any]) -> RunWriter:
    plain = _plain(scenario)
    if out is None:
        return RunWriter.fresh("runs", scenario.regime.name, scenario=plain, asked=asked)
    return RunWriter(out, scenario=plain, asked=asked)


def _write(
    writer: RunWriter,
    scenario: Scenario,
    done: Simulation,
    keeper: Keeper,
    *,
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
            wall_seconds=round(keeper.seconds(), 3),
            simulation_seconds=round(seconds, 3),
            extra={
                "parameters": world.behaviour.name,
                "burn_in_months": done.burn_in_months,
                "burn_in_stored": done.burn_in_stored,
                "state_bytes_per_citizen": round(done.state_bytes_per_citizen, 2),
                # From which months a process went on with what an earlier one had left.
                "resumed": keeper.resumed,
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


def scenario_of(stored: Run) -> Scenario:
    """Return the scenario of a run that can be made again with this version of the model.

    Raises
    ------
    DamagedRun
        If another version of the model wrote the run, or its scenario was changed.
    """
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
    scenario = scenario_of(old)
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
    stored = run if isinstance(run, Run) else open_run(run)
    citizen = _watched([citizen], stored.citizens, where=str(stored.path))[0]
    return lives(stored, [citizen], threads=threads, progress=progress)[0]


def lives(
    run: Run | str | Path,
    citizens: Sequence[int],
    *,
    threads: int | None = None,
    progress: Progress | None = None,
) -> list[Life]:
    """Retell the lives of several citizens, in the order given; the run is made again once.

    Parameters and errors as for :func:`life`.
    """
    from glasscity.rights.lives import Life

    stored = run if isinstance(run, Run) else open_run(run)
    wanted = _watched(citizens, stored.citizens, where=str(stored.path))
    missing = [citizen for citizen in wanted if citizen not in stored.lives]
    found = {one: Life(stored.lives[one]) for one in wanted if one in stored.lives}
    if missing:
        scenario = scenario_of(stored)
        from glasscity.simulation import simulate

        done = simulate(
            scenario,
            threads=_threads(threads),
            twin=False,
            progress=progress or _silent,
            watch=missing,
        )
        told = (_told(raw, scenario, done, stored.digest) for raw in done.lives)
        found |= {one.citizen: one for one in told}
    return [found[int(citizen)] for citizen in citizens]


def what_if(
    run: Run | str | Path,
    citizen: int,
    month: int,
    kind: str,
    *,
    lived: Life | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> WhatIf:
    """Change one thing in one citizen's life, and tell that life as lived and as changed.

    The run is made again as it was and with the change, without its twin, and the citizen watched
    in both: a true pair, the same people with the same luck.  Nothing is written.

    Parameters
    ----------
    run : Run or path
        A finished run, or its folder.
    citizen : int
        From 0 to the number of citizens less one.
    month : int
        The month of the run, from 0, at the start of which the change begins.
    kind : str
        One of ``glasscity.interventions.WHAT_IFS``: ``spoke``, ``kept_silent``, ``other_friends``,
        ``paid_late``, ``paid_on_time``, ``error_corrected``.
    lived : Life, optional
        The life as it was, where it is at hand: then the run is made again only with the change.

    Returns
    -------
    WhatIf
        Both lives, and whose else changed.

    Raises
    ------
    NotFound
        If there is no such change.
    BadArgument
        If there is no such citizen or month, or the run's people would not lie in arrays.
    DamagedRun
        If the folder is not whole, or was written by another version of the model.
    """
    from glasscity.interventions import WHAT_IFS, Intervention, check

    stored = run if isinstance(run, Run) else open_run(run)
    if kind not in WHAT_IFS:
        raise NotFound.among("what-if", str(kind)[:60], WHAT_IFS)
    scenario = scenario_of(stored)
    change = Intervention(citizen, month, kind)
    check([change], scenario)
    from glasscity.results.held import HeldRun
    from glasscity.rights.lives import Life
    from glasscity.rights.what_if import told_what_if
    from glasscity.simulation import simulate

    show, workers = progress or _silent, _threads(threads)

    def again(interventions: Sequence[Intervention]) -> tuple[Life, Run]:
        done = simulate(
            scenario,
            threads=workers,
            twin=False,
            progress=show,
            watch=[change.citizen],
            interventions=interventions,
        )
        life = _told(done.lives[0], scenario, done, stored.digest)
        return life, HeldRun(done.outcome, stored.scenario)

    if lived is None and change.citizen in stored.lives:
        lived = Life(stored.lives[change.citizen])
    if lived is None or lived.citizen != change.citizen or not lived.same:
        lived, _ = again([])
    changed, other = again([change])
    return told_what_if(change, lived, changed, stored, other)


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
    from glasscity.engine.room import check_memory
    from glasscity.society import build_society, society_report

    check_memory(scenario.citizens)
    pack = scenario.country
    return society_report(pack, build_society(pack, scenario.citizens, scenario.seed))
