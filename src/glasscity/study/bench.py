"""Pairs of worlds for a study: run once, kept, labelled, and gathered into one dataset."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from glasscity.errors import OutputExists
from glasscity.scenario import Scenario
from glasscity.study.effects import RESPONSES, Response, digest_of, responses_of

if TYPE_CHECKING:
    from glasscity.study.members import Member, Result

__all__ = ["Bench", "Given", "Point", "opened"]

# stage, done, total
Shown: TypeAlias = "Callable[[str, int, int], object]"
Runner: TypeAlias = "Callable[..., list[Result]]"
Given: TypeAlias = "dict[str, float | None]"

STORE = "members"
ABOUT = "study.json"
HEAD = "head.json"


@dataclass(frozen=True)
class Point:
    """A pair to run: the scenario, and its labels in the study."""

    scenario: Scenario
    labels: Mapping[str, str | int | float]


@dataclass
class Bench:
    """Runs pairs and remembers what each gave.

    Parameters
    ----------
    folder : Path
        Of the study; results lie in ``members`` inside it.
    run : callable
        :func:`glasscity.study.members.run_members`, or what stands in for it.
    show : callable
        Called as ``show(stage, done, total)``.
    workers : int, optional
        Processes.
    wanted : sequence of Response
        What is looked at.
    """

    folder: Path
    run: Runner
    show: Shown
    workers: int | None = None
    wanted: Sequence[Response] = tuple(RESPONSES.values())
    rows: list[dict[str, Any]] = field(default_factory=list)
    results: list[Result] = field(default_factory=list)

    def pairs(self, stage: str, points: Iterable[Point]) -> list[Given]:
        """Run pairs and return the responses of each, in the order given.

        A run that fails gives None for every response; it is a row of the dataset all the same.
        """
        from glasscity.study.members import Member

        members: list[Member] = [
            Member(one.scenario, {"stage": stage, **one.labels}) for one in points
        ]
        results = self.run(
            members,
            store=self.folder / STORE,
            workers=self.workers,
            progress=lambda done, total: self.show(stage, done, total),
        )
        given = [responses_of(one, self.wanted) for one in results]
        for result, values in zip(results, given, strict=True):
            self.results.append(result)
            self.rows.append(
                {
                    **result.member.labels,
                    "seed": result.member.scenario.seed,
                    "key": result.key,
                    "digest": result.digest,
                    "failed": result.failed or (result.twin.failed if result.twin else None),
                    **values,
                }
            )
        return given

    @property
    def failed(self) -> list[dict[str, Any]]:
        """The rows whose run failed."""
        return [row for row in self.rows if row["failed"]]

    def worlds(self) -> int:
        """Return how many different worlds were run, twins included."""
        keys = {one.key for one in self.results}
        keys |= {one.twin.key for one in self.results if one.twin is not None}
        return len(keys)

    def write(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """Write the dataset and ``study.json``; return the document with what the data are."""
        names: dict[str, None] = {}
        for row in self.rows:
            names |= dict.fromkeys(row)
        with (self.folder / "dataset.csv").open("w", encoding="utf-8", newline="") as out:
            table = csv.DictWriter(out, list(names), restval="", lineterminator="\n")
            table.writeheader()
            table.writerows(self.rows)
        whole = {
            **document,
            "worlds": self.worlds(),
            "failed": [
                {name: row[name] for name in ("stage", "seed", "key", "failed")}
                for row in self.failed
            ],
            "dataset": str(self.folder / "dataset.csv"),
            "digest": digest_of(self.rows),
        }
        text = json.dumps(whole, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
        part = self.folder / f".{ABOUT}.part"
        part.write_text(text, encoding="utf-8")
        part.replace(self.folder / ABOUT)
        return whole


def opened(folder: Path, head: Mapping[str, Any]) -> Path:
    """Make a study's folder, or go on in it.

    Raises
    ------
    OutputExists
        If it holds another study, or something else.
    """
    text = json.dumps(head, indent=1, sort_keys=True) + "\n"
    about = folder / HEAD
    if about.is_file():
        if about.read_text(encoding="utf-8") != text:
            raise OutputExists(
                "this folder holds another study",
                where=str(folder),
                mend="give the same options as then, or another --out",
            )
        return folder
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise OutputExists(
            "this folder holds something else", where=str(folder), mend="give another --out"
        )
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f".{HEAD}.part"
    part.write_text(text, encoding="utf-8")
    part.replace(about)
    return folder
