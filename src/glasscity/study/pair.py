"""Pairs: the same people with the same luck under two regimes or more.

What the worlds of a pair share is made once: the society's burn-in is stored, and the unscored
twin, which is the same world for all of them, is run beside the first and copied to the others.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from glasscity import api
from glasscity.errors import BadArgument, DamagedRun, DiskFull, Interrupted
from glasscity.regime import Regime
from glasscity.results import Run, open_run
from glasscity.results.folder import make_folder, new_run_folder
from glasscity.results.lock import holder
from glasscity.results.store import COMPLETE, PAIR, STATE
from glasscity.rights.comparison import compare
from glasscity.scenario import Scenario
from glasscity.study.pair_folder import (
    Pair,
    open_pair,
    read_asked,
    write_asked,
    write_pair,
)
from glasscity.study.reports import write_pair as write_reports
from glasscity.study.variance import SEEDS, begun, check_seeds, measured_variance

if TYPE_CHECKING:
    from glasscity.simulation import Progress

__all__ = ["pair", "resume_pair", "scenarios_of"]

# What every world of a pair has in common: all but the regime and the strengths.
_SHARED = ("country", "behaviour", "citizens", "months", "start", "seed")


def pair(
    base: Scenario | Regime | str | Path | None = None,
    *others: Scenario | Regime | str | Path,
    strengths: Mapping[str, float] | None = None,
    out: str | Path | None = None,
    threads: int | None = None,
    twin: bool = True,
    report: bool = True,
    watch: Sequence[int] = (),
    checkpoint_every: int | None = None,
    layout: str = "auto",
    cluster: str | None = None,
    placebo: bool = True,
    variance_seeds: int = SEEDS,
    told: Callable[[str], object] | None = None,
    progress: Progress | None = None,
    command: Sequence[str] | None = None,
    **fields: Any,
) -> Pair:
    """Run the same people with the same luck under several regimes and compare the runs.

    Parameters
    ----------
    base : Scenario, or what a Scenario takes for its regime; optional
        What the others are compared with.  Default: ``citizen-score-2020``.
    *others : likewise
        Regimes to compare with it; the same one twice is allowed.  Without any, the base itself,
        with its strengths changed.
    strengths : mapping of name to number, optional
        The change: strengths of mechanisms, safeguards and manipulations in the others.
    out : path, optional
        The pair's folder; it must not exist, and its parent must.  Default: a new one
        ``runs/pair-REGIME-NNN``.
    twin, report, watch, checkpoint_every, layout, cluster, threads
        As for :func:`glasscity.run`, for every run of the pair.
    placebo : bool
        Whether the chaos floor is measured (glasscity.study.placebo).
    variance_seeds : int
        In how many smaller worlds the variance ratio is measured (glasscity.study.variance); 0:
        none, otherwise at least 3.
    told, progress, command
        As for :func:`glasscity.run`; further stages are ``comparing``, ``placebo``, ``variance``.
    **fields
        The other arguments of :class:`glasscity.Scenario`, the same for all: country, behaviour,
        citizens, months, start, seed.  The months and the start of the base hold for all.

    Returns
    -------
    Pair

    Raises
    ------
    BadArgument
        If there is nothing to compare, or the scenarios are no pair.
    Interrupted, DiskFull
        As :func:`glasscity.run`; :func:`glasscity.resume` goes on with the pair.
    """
    worlds = scenarios_of(base, *others, strengths=strengths, **fields)
    check_seeds(variance_seeds)
    api.check_options(
        worlds[0],
        threads=threads,
        watch=watch,
        checkpoint_every=checkpoint_every,
        out=out,
        layout=layout,
        cluster=cluster,
    )
    path = _folder(out, worlds[0])
    write_asked(
        path,
        {
            "worlds": [json.loads(world.to_json()) for world in worlds],
            "twin": twin,
            "report": report,
            "watch": [int(person) for person in watch],
            "checkpoint_every": checkpoint_every,
            "layout": layout,
            "placebo": placebo,
            "variance_seeds": variance_seeds,
        },
    )
    return _through(
        path, threads=threads, cluster=cluster, told=told, progress=progress, command=command
    )


def scenarios_of(
    base: Scenario | Regime | str | Path | None = None,
    *others: Scenario | Regime | str | Path,
    strengths: Mapping[str, float] | None = None,
    **fields: Any,
) -> list[Scenario]:
    """Return the scenarios of a pair, the base first; arguments as for :func:`pair`.

    Raises
    ------
    BadArgument
        If there is nothing to compare, or two would differ in more than regime and strengths.
    """
    if isinstance(base, Scenario):
        if fields:
            raise BadArgument(
                f"'{next(iter(fields))}' is given beside a whole scenario",
                where="pair",
                allowed="a Scenario alone, or a regime with the fields of a Scenario",
                mend="use scenario.but(...) to change a scenario",
            )
        first = base
    else:
        first = Scenario(**({} if base is None else {"regime": _regime(base)}), **fields)
    if not others:
        if not strengths:
            raise BadArgument(
                "there is nothing to compare: one regime, and no change to it",
                where=f"pair {first.regime.name}",
                allowed="a second regime, or a change of the first",
                mend=f"write it like 'glasscity pair {first.regime.name} --without friends' or "
                f"'glasscity pair {first.regime.name} credit-bureau'",
            )
        return [first, first.but(strengths=strengths)]
    shared = {name: getattr(first, name) for name in _SHARED}
    found = [first]
    for other in others:
        if isinstance(other, Scenario):
            apart = [name for name in _SHARED if getattr(other, name) != shared[name]]
            if apart:
                raise BadArgument(
                    f"the scenarios are no pair: they differ in {', '.join(apart)}",
                    where=f"pair {first.regime.name} {other.regime.name}",
                    allowed="scenarios that differ in the regime and its strengths alone",
                    mend="make the others by scenario.but(regime=..., strengths=...)",
                )
            found.append(other.but(strengths=strengths) if strengths else other)
        else:
            found.append(Scenario(_regime(other), strengths=strengths, **shared))
    return found


def _regime(value: Regime | str | Path) -> Regime | str | Path:
    """Refuse the folder of a run where a regime is wanted: it would hide what is compared."""
    if isinstance(value, str | Path) and Path(value).is_dir() and str(value):
        raise BadArgument(
            "this is a folder, and a pair runs regimes anew",
            where=str(value),
            allowed="names of the catalogue and YAML files",
            mend="name the regime, with the options of that run; two stored runs are compared in "
            "Python by glasscity.compare(glasscity.open_run(A), glasscity.open_run(B))",
        )
    return value


def resume_pair(
    folder: str | Path,
    *,
    threads: int | None = None,
    told: Callable[[str], object] | None = None,
    progress: Progress | None = None,
    command: Sequence[str] | None = None,
) -> Pair:
    """Go on with a pair that was stopped: finished runs stay, the rest is done.

    A finished pair is returned as it is, checked.  Where ``pair.json`` alone is missing, the runs
    are compared anew.

    Raises
    ------
    DamagedRun
        If the folder is not that of a pair, or of another version of the model.
    """
    path = Path(folder)
    if (path / PAIR).is_file():
        return open_pair(path)
    return _through(
        path, threads=threads, cluster=None, told=told, progress=progress, command=command
    )


def _folder(out: str | Path | None, base: Scenario) -> Path:
    if out is None:
        return new_run_folder("runs", f"pair-{base.regime.name}")
    make_folder(Path(out), reserved=False)
    return Path(out)


def _through(
    path: Path,
    *,
    threads: int | None,
    cluster: str | None,
    told: Callable[[str], object] | None,
    progress: Progress | None,
    command: Sequence[str] | None,
) -> Pair:
    """Run what is missing of a pair, compare, and write the comparison."""
    asked = read_asked(path)
    say, show = told or _silently, progress or _silent
    worlds = [_scenario(world, path) for world in asked["worlds"]]
    options = {"threads": threads, "told": told, "progress": progress, "command": command}
    seeds = asked["variance_seeds"]
    try:
        # The smaller worlds need one processor, and a run has stretches that leave one free.
        with begun(worlds[0], worlds[1:], seeds=seeds, workers=threads) as ahead:
            runs = _runs(worlds, path, asked, {**options, "cluster": cluster})
            base = worlds[0]
            show("comparing", 0, None, base.citizens)
            comparisons = [compare(runs[0], run).to_dict() for run in runs[1:]]
            placebo = None
            if asked["placebo"]:
                placebo = _placebo(base, runs[0], asked, threads, cluster, show, say)
            variance = measured_variance(
                base,
                worlds[1:],
                seeds=seeds,
                workers=threads,
                progress=lambda done, total: show("variance", done, total, base.citizens),
                told=say,
                ahead=ahead,
            )
        for one, spread in zip(comparisons, variance, strict=True):
            one |= spread
        write_pair(path, tuple(runs), comparisons, placebo)
    except (KeyboardInterrupt, Interrupted):
        raise Interrupted(
            "stopped from the keyboard", mend=f"go on with 'glasscity resume {path}'"
        ) from None
    except DiskFull as error:
        error.mend = f"free some space, then 'glasscity resume {path}'"
        raise
    found = open_pair(path)
    if asked["report"]:
        show("report", 0, None, base.citizens)
        write_reports(found)
    return found


def _runs(
    worlds: Sequence[Scenario], path: Path, asked: Mapping[str, Any], options: Mapping[str, Any]
) -> list[Run]:
    """Return the finished runs of a pair, run where they are missing."""
    runs: list[Run] = []
    say = options["told"] or _silently
    for at, world in enumerate(worlds):
        place = path / _name(at)
        say(f"world {at + 1} of {len(worlds)}: {world.regime.name}, in {place}")
        runs.append(_run(world, place, _twin(asked, world, runs), asked, options))
        if runs[-1].scenario != asked["worlds"][at]:
            raise DamagedRun(
                "this is another run than the pair was begun with",
                where=str(place),
                mend="run the pair again",
            )
    return runs


def _name(at: int) -> str:
    return "base" if at == 0 else f"other-{at}"


def _scenario(world: Mapping[str, Any], path: Path) -> Scenario:
    return Scenario.from_json(json.dumps(world), where=str(path))


def _run(
    world: Scenario,
    place: Path,
    twin: bool | Run,
    asked: Mapping[str, Any],
    options: Mapping[str, Any],
) -> Run:
    """Return a run of the pair: the finished one, or gone on with, or new."""
    if (place / COMPLETE).is_file():
        return open_run(place)
    if place.is_dir() and not (place / STATE).is_file() and holder(place) is None:
        # Stopped in the moment when its folder was made: there is nothing to go on from.
        shutil.rmtree(place)
    if place.is_dir():
        return api.resume(place, **{name: options[name] for name in options if name != "cluster"})
    kept = ("report", "watch", "checkpoint_every", "layout")
    return api.run(world, out=place, twin=twin, **{name: asked[name] for name in kept}, **options)


def _twin(asked: Mapping[str, Any], world: Scenario, runs: Sequence[Run]) -> bool | Run:
    """Return the unscored world where the pair has it already; else whether it is to be run."""
    if not asked["twin"] or world.regime.name == "unscored":
        return False
    wanted = json.loads(world.unscored().to_json())
    for run in runs:
        for one in (run, run.twin):
            if one is not None and one.scenario == wanted:
                return one
    return True


def _placebo(
    base: Scenario,
    run: Run,
    asked: Mapping[str, Any],
    threads: int | None,
    cluster: str | None,
    show: Progress,
    say: Callable[[str], object],
) -> dict[str, Any] | None:
    from glasscity.engine.room import choose
    from glasscity.study.placebo import chaos_floor

    room = choose(base.citizens, run.path, asked["layout"])
    if cluster is not None or room.layout != "plain":
        say("the placebo is left out: one life can only be changed where people lie unpacked")
        return None
    return chaos_floor(base, run, threads=threads, progress=show)


def _silent(stage: str, done: int, total: int | None, citizens: int) -> None:
    """Show nothing."""


def _silently(sentence: str) -> None:
    """Say nothing."""
