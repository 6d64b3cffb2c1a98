"""A run and a view that note down what a measure reads of them."""

from __future__ import annotations

from typing import Any

import polars as pl

from glasscity.results.run import Run
from glasscity.rights.view import View
from glasscity.terms import MANIPULATIONS, SAFEGUARDS

# Attributes and keys of a run, and what basis calls them.
_STORED = {
    "denials": "register denials",
    "spells": "register spells",
    "panel": "panel of scores",
    "score_histogram": "histogram of scores",
    "tie_moments": "sums over ties",
    "couples": "sums over couples",
    "deciles": "counts by tenth of scores",
}
# Everything is in force, so that no measure gives up before it reads.
_IN_FORCE = {
    "has_score": True,
    "points": True,
    "perks": [{}],
    "operators": ["one", "two"],
    "dating": True,
    "safeguards": dict.fromkeys(SAFEGUARDS, 1.0),
    "manipulations": dict.fromkeys(MANIPULATIONS, 1.0),
}
# Columns of people that runs made by hand do without.
_MORE = {"opinion": 0.5, "would_say_yes": True}


class _Noted(dict):
    def __init__(self, content: Any, seen: set[str]) -> None:
        super().__init__(content)
        self.seen = seen

    def __getitem__(self, key: str) -> Any:
        self.seen.add(_STORED[key])
        return super().__getitem__(key)


class _People:
    def __init__(self, people: pl.DataFrame, seen: set[str]) -> None:
        self.people = people.with_columns(**{k: pl.lit(v) for k, v in _MORE.items()})
        self.columns, self.seen = self.people.columns, seen

    def __getitem__(self, column: str) -> pl.Series:
        # Who somebody is, is no finding.
        if column != "citizen":
            self.seen.add(f"people: {column}")
        return self.people[column]

    def __len__(self) -> int:
        return len(self.people)


class NotedRun:
    """A run that notes which registers, tables and columns of people are read."""

    def __init__(self, run: Run, seen: set[str]) -> None:
        self.run, self.seen = run, seen

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.run, name)
        if name in ("denials", "spells", "panel"):
            self.seen.add(_STORED[name])
        elif name == "extras":
            return _Noted(found, self.seen)
        elif name == "people":
            return _People(found, self.seen)
        elif name == "meta":
            return {**found, **_IN_FORCE}
        return found


class NotedView(View):
    """A view that notes which rows of the ledger are read."""

    def __init__(self, run: Run) -> None:
        super().__init__(run)
        self.seen: set[str] = set()
        self.run: Any = NotedRun(run, self.seen)

    def monthly(self, measure: str, **labels: str):
        self.seen.add(measure)
        return super().monthly(measure, **labels)
