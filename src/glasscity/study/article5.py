"""The worlds that Article 5(1)(c) is measured in: one regime, its comparators, and 24 months after.

All of them hold the same people with the same luck.  Each world is a run folder of its own in one
place, named after its scenario, so that nothing is computed twice and a stopped command goes on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from glasscity import api
from glasscity._version import MODEL_VERSION
from glasscity.errors import BadArgument, Interrupted
from glasscity.results.run import Run, open_run
from glasscity.results.store import COMPLETE
from glasscity.rights.article5 import AFTER_MONTHS, COMPARATORS, Article5, article5
from glasscity.scenario import Scenario

if TYPE_CHECKING:
    from glasscity.simulation import Progress

__all__ = ["PLACE", "measure", "scenario_of", "world_folder"]

PLACE = Path("runs/article5")


def scenario_of(run: Run) -> Scenario:
    """Return the scenario of a stored run.

    Raises
    ------
    BadFile
        If it was changed since it was written.
    """
    path = run.path / "scenario.json"
    return Scenario.from_json(path.read_text(encoding="utf-8"), where=str(path))


def world_folder(place: Path, scenario: Scenario, *, twin: bool) -> Path:
    """Return the run folder of a world in a place: the regime's name and a hash of all of it."""
    text = f"{MODEL_VERSION}\n{twin}\n{scenario.to_json()}"
    return place / f"{scenario.regime.name}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def measure(
    of: Scenario | Run,
    *,
    place: str | Path = PLACE,
    compare: bool = True,
    threads: int | None = None,
    progress: Progress | None = None,
    told: Callable[[str], object] = lambda sentence: None,
) -> tuple[Article5, list[Run]]:
    """Measure Article 5(1)(c) in a regime, running what is not there yet.

    Parameters
    ----------
    of : Scenario or Run
        What to run with its unscored twin; or a stored run.
    place : path
        Where run folders are kept; made if it is not there.  The same call goes on there.
    compare : bool
        Whether to run the same people under :data:`~glasscity.rights.article5.COMPARATORS` and,
        unscored, for 24 months longer; without, no lift is estimated.
    threads : int, optional
    progress : callable, optional
        As for :func:`glasscity.run`.
    told : callable
        Given a sentence about each world.

    Returns
    -------
    (Article5, list of Run)
        What was found, and the runs that it rests on, the first one's first.

    Raises
    ------
    BadInput
        Of the kind that fits.
    Interrupted
        After Ctrl-C; the same call goes on.
    """
    place = Path(place)
    if place.exists() and not place.is_dir():
        raise BadArgument("this is not a folder", where=str(place), mend="choose another --out")
    if isinstance(of, Run):
        run, scenario = of, scenario_of(of)
    else:
        scenario = of
        run = _world(place, of, True, threads, progress, told)
    runs = [run]
    comparators: dict[str, Run] = {}
    after = None
    if compare:
        for name in COMPARATORS:
            if name != scenario.regime.name:
                other = _other(scenario, name)
                comparators[name] = _world(place, other, False, threads, progress, told)
        later = _other(scenario, "unscored", months=scenario.months + AFTER_MONTHS)
        after = _world(place, later, False, threads, progress, told)
        runs += [*comparators.values(), after]
    told("measuring ...")
    return article5(run, comparators, after=after), runs


def _other(scenario: Scenario, regime: str, *, months: int | None = None) -> Scenario:
    """Return the same people and luck under another regime of the catalogue, as it is written."""
    return Scenario(
        regime,
        country=scenario.country,
        behaviour=scenario.behaviour,
        citizens=scenario.citizens,
        months=scenario.months if months is None else months,
        start=scenario.start,
        seed=scenario.seed,
    )


def _world(
    place: Path,
    scenario: Scenario,
    twin: bool,
    threads: int | None,
    progress: Progress | None,
    told: Callable[[str], object],
) -> Run:
    folder = world_folder(place, scenario, twin=twin)
    title = f"'{scenario.regime.name}', {scenario.months} months"
    if (folder / COMPLETE).is_file():
        told(f"{title}: already there")
        return open_run(folder)
    told(f"{title} ...")
    try:
        if folder.is_dir():
            return api.resume(
                folder, threads=threads, progress=progress, command=_command(scenario)
            )
        place.mkdir(parents=True, exist_ok=True)
        return api.run(
            scenario,
            out=folder,
            threads=threads,
            twin=twin,
            report=False,
            progress=progress,
            command=_command(scenario),
        )
    except Interrupted as stopped:
        raise Interrupted(
            stopped.what, mend="give the same command again to go on from there"
        ) from None


def _command(scenario: Scenario) -> Sequence[str]:
    return ["glasscity", "article5", scenario.regime.name]
