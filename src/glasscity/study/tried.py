"""Vectors that were tried, kept line by line, so that a search stopped anywhere goes on there."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from glasscity.behaviour import Behaviour, altered
from glasscity.country import Country
from glasscity.errors import OutputExists
from glasscity.scenario import Scenario
from glasscity.study.check import measured
from glasscity.study.processes import work_through
from glasscity.study.targets import Target

__all__ = ["Tried", "Trial", "Tries"]

# stage, done, total
Shown = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Trial:
    """One vector to be simulated: which, how many citizens, with what luck.

    ``stage`` and ``index`` name it for good; ``values`` are the parameters that differ from the
    base.
    """

    stage: str
    index: int
    citizens: int
    seed: int
    values: dict[str, float]

    @property
    def key(self) -> tuple[str, int]:
        """What names it."""
        return self.stage, self.index


@dataclass(frozen=True)
class Tried:
    """A trial and what it gave: a value for each target, or why there is none."""

    trial: Trial
    quantities: dict[str, float] | None
    failed: str | None = None


@dataclass
class Tries:
    """A folder of tried vectors.

    Parameters
    ----------
    folder : Path
        Made if it is not there; if it is, it must hold the same search.
    head : dict, fit for JSON
        What the search is: a folder with another head is refused.
    country, base : Country, Behaviour
    targets : sequence of Target
    jobs : int
        Processes.
    """

    folder: Path
    head: dict[str, Any]
    country: Country
    base: Behaviour
    targets: Sequence[Target]
    jobs: int
    done: dict[tuple[str, int], Tried] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Open or make the folder and read what is there."""
        head = self.folder / "head.json"
        if head.is_file():
            if json.loads(head.read_text(encoding="utf-8")) != json.loads(json.dumps(self.head)):
                raise OutputExists(
                    "this folder holds another search",
                    where=str(self.folder),
                    mend="give the same options as then, or another --out",
                )
        elif self.folder.exists() and any(self.folder.iterdir()):
            raise OutputExists(
                "this folder holds something else",
                where=str(self.folder),
                mend="give another --out",
            )
        else:
            self.folder.mkdir(parents=True, exist_ok=True)
            head.write_text(json.dumps(self.head, indent=1) + "\n", encoding="utf-8")
        if self._file.is_file():
            for line in self._file.read_text("utf-8").splitlines():
                self._take(line)

    @property
    def _file(self) -> Path:
        return self.folder / "tried.jsonl"

    def _take(self, line: str) -> None:
        try:
            row = json.loads(line)
            trial = Trial(**row["trial"])
            tried = Tried(trial, row["quantities"], row["failed"])
        except (ValueError, TypeError, KeyError):
            # Cut short by a full disk or a lost machine: that vector is tried again.
            return
        self.done[trial.key] = tried

    def run(self, trials: Iterable[Trial], show: Shown) -> list[Tried]:
        """Simulate what has not been simulated yet and return all of the trials, in their order.

        Raises
        ------
        Interrupted
            From the keyboard; what is done is kept.
        """
        wanted = list(trials)
        # What stands there under the same name and is another vector is no use.
        known = {key: one.trial for key, one in self.done.items()}
        waiting = [one for one in wanted if known.get(one.key) != one]
        if wanted:
            show(wanted[0].stage, len(wanted) - len(waiting), len(wanted))
        if waiting:
            self._simulate(waiting, len(wanted), show)
        return [self.done[one.key] for one in wanted]

    def _simulate(self, waiting: list[Trial], total: int, show: Shown) -> None:
        there = total - len(waiting)
        with self._file.open("a", encoding="utf-8") as out:
            if out.tell() and not self._file.read_bytes().endswith(b"\n"):
                out.write("\n")

            def take(trial: Trial, one: Tried) -> None:
                nonlocal there
                self.done[trial.key] = one
                row = {"trial": vars(trial), "quantities": one.quantities, "failed": one.failed}
                out.write(json.dumps(row) + "\n")
                out.flush()
                there += 1
                show(trial.stage, there, total)

            work_through(
                _try,
                waiting,
                take,
                jobs=self.jobs,
                where=str(self.folder),
                kept=lambda: f"{len(self.done)} vectors are kept",
                begin=_begin,
                given=(self.country, self.base, tuple(self.targets)),
            )


_SHARED: dict[str, Any] = {}


def _begin(country: Country, base: Behaviour, targets: tuple[Target, ...]) -> None:
    _SHARED.update(country=country, base=base, targets=targets)


def _try(trial: Trial) -> Tried:
    """Simulate one vector; one that cannot be simulated is a result too."""
    targets = _SHARED["targets"]
    try:
        behaviour = altered(
            _SHARED["base"],
            trial.values,
            name=f"{trial.stage}-{trial.index:03d}",
            title="A vector that is tried",
            about="Drawn by history matching.",
        )
        scenario = Scenario(
            "unscored",
            country=_SHARED["country"],
            behaviour=behaviour,
            citizens=trial.citizens,
            seed=trial.seed,
        )
        values = measured(scenario, targets)
    except Exception as error:
        return Tried(trial, None, " ".join(f"{type(error).__name__}: {error}".split())[:500])
    found = {one.quantity: value for one, value in zip(targets, values, strict=True)}
    lacking = [name for name, value in found.items() if math.isnan(value)]
    if lacking:
        return Tried(trial, None, f"not estimable: {', '.join(lacking)}")
    return Tried(trial, found)
