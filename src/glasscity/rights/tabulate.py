"""What a table of findings is, and what every maker of one needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from glasscity.rights.grades import grades_of
from glasscity.rights.view import View

if TYPE_CHECKING:
    from glasscity.results.run import Run

__all__ = ["Column", "Pair", "Rows", "Table", "number", "share", "table"]

Rows: TypeAlias = "list[dict[str, Any]]"


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a table: its key in the rows, its heading, unit and what it counts.

    ``of``: for shares and differences of shares, the column that holds how many they are shares of;
    "" where that is not in the table.
    """

    name: str
    title: str
    unit: str
    definition: str = ""
    of: str = ""


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table of findings; each row maps the names of the columns to values, None = no value."""

    name: str
    title: str
    definition: str
    columns: tuple[Column, ...]
    rows: tuple[Mapping[str, Any], ...]
    grades: tuple[str, ...] = ()

    def column(self, name: str) -> list[Any]:
        """Return one column's values, top to bottom."""
        return [row[name] for row in self.rows]


class Pair:
    """A run and its twin, each seen as a whole and by every grouping, made once."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.view = View(run)
        self.twin = View(run.twin) if run.twin is not None else None
        self._by: dict[tuple[str, bool], View] = {}

    def by(self, kind: str) -> tuple[View, View | None]:
        """Return the views of the run and of its twin by one grouping."""
        for twin, run in ((False, self.run), (True, self.run.twin)):
            if run is not None and (kind, twin) not in self._by:
                self._by[kind, twin] = View(run, kind)
        return self._by[kind, False], self._by.get((kind, True))


def number(value: Any) -> int | float | None:
    """Return a plain number; None for what cannot be estimated."""
    if value is None or (isinstance(value, float | np.floating) and np.isnan(value)):
        return None
    return int(value) if isinstance(value, int | np.integer) else float(value)


def share(part: Any, whole: Any) -> float | None:
    """Return part / whole, or None where the whole is zero."""
    return float(part) / float(whole) if whole else None


def table(
    run: Run,
    name: str,
    title: str,
    definition: str,
    columns: Mapping[str, tuple[str, ...]],
    rows: Rows,
    grades: tuple[str, ...] = (),
) -> Table:
    """Return a table; columns map a key to (heading, unit, what it counts[, of which column])."""
    return Table(
        name=name,
        title=title,
        definition=definition,
        columns=tuple(_column(key, *about) for key, about in columns.items()),
        rows=tuple({key: row[key] for key in columns} for row in rows),
        grades=grades_of(run.scenario, grades),
    )


def _column(name: str, title: str, unit: str, definition: str, of: str = "") -> Column:
    return Column(name=name, title=title, unit=unit, definition=definition, of=of)
