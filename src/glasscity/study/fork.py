"""Forks: one history up to a month, many regimes from there on.

The months before the fork are stepped once, however many regimes follow; nothing of them is stored
by a finished run, so they are made again from its scenario.  Every fork is an ordinary run folder
whose scenario says where it began, and is compared with the run that it left.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from glasscity import api
from glasscity.errors import BadArgument, DamagedRun
from glasscity.quantity import month_number
from glasscity.regime import Regime
from glasscity.results import Run, open_run
from glasscity.results.folder import make_folder, new_run_folder
from glasscity.rights.comparison import compare
from glasscity.scenario import Scenario
from glasscity.study.placebo import chaos_floor
from glasscity.study.variance import SEEDS, check_seeds, measured_variance

if TYPE_CHECKING:
    from glasscity.simulation import Progress

__all__ = ["Forks", "fork", "forks_of", "month_in"]


@dataclass(frozen=True)
class Forks:
    """What became of one history under several regimes.

    Attributes
    ----------
    base : Run
        The run whose history it was.
    month : int
        The month of the run in which the others began.
    runs : tuple of Run
        The forks, in the order asked for.
    variance : tuple of mapping
        For each fork, what :func:`glasscity.study.variance.measured_variance` gives.
    placebo : mapping or None
        The chaos floor of an event in the month of the fork (glasscity.study.placebo).
    """

    base: Run
    month: int
    runs: tuple[Run, ...]
    variance: tuple[Mapping[str, Any], ...]
    placebo: Mapping[str, Any] | None

    @cached_property
    def comparisons(self) -> list[dict[str, Any]]:
        """Each fork against the base: :meth:`glasscity.rights.comparison.Comparison.to_dict`."""
        return [
            {**compare(self.base, run).to_dict(), **spread}
            for run, spread in zip(self.runs, self.variance, strict=True)
        ]

    @cached_property
    def numbers(self) -> dict[str, Any]:
        """The document that ``glasscity fork --json`` prints, in the shape of a pair's.

        ``runs``: the base, then the forks; where there is one comparison, its keys also stand at
        the top.
        """
        found: dict[str, Any] = {
            "month": self.month,
            "runs": [api.numbers(run) for run in (self.base, *self.runs)],
            "comparisons": self.comparisons,
            "placebo": self.placebo,
        }
        if len(self.comparisons) == 1:
            found |= {key: one for key, one in self.comparisons[0].items() if key not in found}
        return found


def fork(
    run: Run | str | Path,
    *regimes: Regime | str | Path,
    month: int | str,
    strengths: Mapping[str, float] | None = None,
    out: str | Path | None = None,
    threads: int | None = None,
    report: bool = True,
    watch: Sequence[int] = (),
    checkpoint_every: int | None = None,
    placebo: bool = True,
    variance_seeds: int = SEEDS,
    told: Callable[[str], object] | None = None,
    progress: Progress | None = None,
    command: Sequence[str] | None = None,
) -> Forks:
    """Let other regimes take over a run's history in a month, and compare what becomes of it.

    Parameters
    ----------
    run : Run or path
        A finished run, or its folder.
    *regimes : Regime, str or Path
        Those that take over; the run's own, with its strengths, where none is named.
    month : int or str
        The month of the run, from 0, or ``YYYY-MM``: the first under another regime.
    strengths : mapping of name to number, optional
        Of mechanisms, safeguards and manipulations from then on.
    out : path, optional
        A folder that must not exist: of the fork itself or, where there are several, one with a run
        folder for each in it.  Default: new folders under ``runs``.
    threads, report, watch, checkpoint_every, told, progress, command
        As for :func:`glasscity.run`; ``history`` is a further stage of progress.
    placebo : bool
        Whether the chaos floor is measured: one payment, due in the month of the fork, made a month
        later in the run's own world.
    variance_seeds : int
        In how many smaller worlds the variance ratio is measured (glasscity.study.variance); 0:
        none.

    Returns
    -------
    Forks

    Raises
    ------
    BadArgument
        If the month is not one of the run's, or the run's people do not lie in arrays.
    DamagedRun
        If the run is not whole or of another version of the model, or its history, made again, is
        another one.
    Interrupted
        After Ctrl-C; finished forks stay, and :func:`glasscity.resume` goes on with the one that
        was under way.
    """
    base = run if isinstance(run, Run) else open_run(run)
    check_seeds(variance_seeds)
    at, scenarios = forks_of(base, *regimes, month=month, strengths=strengths)
    before = api.scenario_of(base)
    api.check_options(before, threads=threads, watch=watch, checkpoint_every=checkpoint_every)
    places = _places(out, len(scenarios))
    from glasscity.histories import History

    show = progress or _silent
    history = History(before, at, threads=threads, progress=show, watch=watch)
    try:
        _check_history(base, history.state_sums, at)
        runs = [
            api.run(
                scenario,
                out=place if len(scenarios) == 1 or place is None else _inside(place, scenario),
                threads=threads,
                twin=_twin(base, before),
                report=report,
                watch=watch,
                checkpoint_every=checkpoint_every,
                layout="plain",
                history=history,
                told=told,
                progress=show,
                command=command,
            )
            for scenario, place in zip(scenarios, places, strict=True)
        ]
    finally:
        history.close()
    floor = None
    if placebo:
        floor = chaos_floor(before, base, threads=threads, progress=show, month=at)
    variance = measured_variance(
        before,
        scenarios,
        seeds=variance_seeds,
        workers=threads,
        progress=lambda done, total: show("variance", done, total, before.citizens),
        told=told,
    )
    return Forks(base, at, tuple(runs), tuple(variance), floor)


def forks_of(
    base: Run,
    *regimes: Regime | str | Path,
    month: int | str,
    strengths: Mapping[str, float] | None = None,
) -> tuple[int, list[Scenario]]:
    """Return the month of the run and the scenario of each fork; arguments as for :func:`fork`."""
    before = api.scenario_of(base)
    at = month_in(before, month)
    if not regimes:
        own = {**before.strengths, **(strengths or {})}
        return at, [before.forked(at, before.regime, strengths=own)]
    return at, [before.forked(at, regime, strengths=strengths) for regime in regimes]


def month_in(scenario: Scenario, month: int | str) -> int:
    """Return a month of the run that is given as its number or as ``YYYY-MM``.

    Raises
    ------
    BadArgument
        If it is neither, or outside the run.
    """
    last = scenario.months - 1
    allowed = f"0 to {last}, or {scenario.month_name(0)} to {scenario.month_name(last)} as YYYY-MM"
    text = str(month).strip()
    found: int | None = None
    if text.isascii() and text.isdigit() and len(text) <= 6:
        found = int(text)
    elif not isinstance(month, bool) and isinstance(month, str):
        try:
            found = month_number(text) - month_number(scenario.start)
        except ValueError:
            found = None
    if found is None:
        raise BadArgument(
            f"'{text[:40]}' is not a month of the run",
            where="month",
            allowed=allowed,
            mend="write it like 60 or 2019-06",
        )
    if not 0 <= found <= last:
        raise BadArgument(
            f"month {text} is outside the run",
            where="month",
            allowed=allowed,
            mend="choose a month of the run",
        )
    return found


def _twin(base: Run, before: Scenario) -> Run | bool:
    """Return the same people unscored, where the base has them or is them."""
    if base.twin is None and base.scenario == json.loads(before.unscored().to_json()):
        return base
    return False if base.twin is None else base.twin


def _check_history(base: Run, sums: np.ndarray, month: int) -> None:
    """Refuse a history that is not the one the run was made of."""
    if not np.array_equal(base.extras["state_sums"][:month], sums):
        raise DamagedRun(
            "its months, made again, are not those that it was made of",
            where=str(base.path),
            mend="check it with 'glasscity rerun', or run it again",
        )


def _places(out: str | Path | None, number: int) -> list[Path | None]:
    if out is None:
        return [None] * number
    if number > 1:
        make_folder(Path(out), reserved=False)
    return [Path(out)] * number


def _inside(folder: Path, scenario: Scenario) -> Path:
    """Return a name in a folder that is still free, made and given up again."""
    place = new_run_folder(folder, scenario.regime.name)
    place.rmdir()
    return place


def _silent(stage: str, done: int, total: int | None, citizens: int) -> None:
    """Show nothing."""
