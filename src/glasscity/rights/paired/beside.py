"""Two tables of the same kind, one of each world, made into one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from glasscity.rights.paired.source import Paired
from glasscity.rights.tabulate import Column, Rows, Table

__all__ = ["beside", "made", "named", "turned"]

# Columns of a single run's table that set it against its unscored twin.
_OF_THE_TWIN = ("twin", "difference", "change")


def made(
    paired: Paired,
    name: str,
    title: str,
    definition: str,
    columns: dict[str, tuple[str, ...]],
    rows: Rows,
    like: Sequence[Table] = (),
) -> Table:
    """Return a table of a pair; ``like``: the tables whose evidence it rests on."""
    return Table(
        name=name,
        title=title,
        definition=definition,
        columns=tuple(
            Column(name=key, title=about[0], unit=about[1], definition=about[2], of=(*about, "")[3])
            for key, about in columns.items()
        ),
        rows=tuple({key: row[key] for key in columns} for row in rows),
        grades=tuple(sorted({grade for one in like for grade in one.grades})),
    )


def named(paired: Paired, name: str) -> tuple[Table, Table]:
    """Return one table of both worlds' own findings."""
    here, there = paired.found
    return here.tables[name], there.tables[name]


def beside(
    paired: Paired,
    name: str,
    keys: Sequence[str],
    columns: Sequence[str],
    *,
    called: str,
    title: str,
    definition: str,
    of: str = "",
) -> Table:
    """Return the lines of both worlds' tables joined, each column twice.

    Parameters
    ----------
    name : str
        The table in each world's findings.
    keys : sequence of str
        Columns that name a line.
    columns : sequence of str
        Columns shown for both worlds.
    called, title, definition : str
        Of the new table.
    of : str, optional
        The column of counts that shares are shares of.
    """
    both = named(paired, name)
    about = {column.name: column for column in both[0].columns}
    shown = [column for column in columns if not column.startswith(_OF_THE_TWIN)]
    lines: dict[tuple[Any, ...], dict[str, Any]] = {}
    for side, one in zip(("base", "other"), both, strict=True):
        for row in one.rows:
            line = lines.setdefault(tuple(row[key] for key in keys), {})
            line |= {key: row[key] for key in keys}
            line |= {f"{side}_{column}": row[column] for column in shown}
    heads: dict[str, tuple[str, ...]] = {
        key: (about[key].title, about[key].unit, about[key].definition) for key in keys
    }
    for column in shown:
        for side, world in zip(("base", "other"), paired.names, strict=True):
            unit = about[column].unit
            beneath = f"{side}_{of}" if of and unit == "share" else ""
            head = f"{about[column].title}: {world}"
            heads[f"{side}_{column}"] = (head, unit, about[column].definition, beneath)
    empty = dict.fromkeys(heads)
    rows = [empty | line for line in lines.values()]
    return made(paired, called, title, definition, heads, rows, both)


def turned(paired: Paired, name: str, *, called: str, title: str) -> Table:
    """Return a table of one line in each world with a line for each of its columns."""
    both = named(paired, name)
    rows = [
        {
            "what": column.title,
            "unit": column.unit,
            "about": column.definition,
            "base": both[0].rows[0][column.name],
            "other": both[1].rows[0][column.name],
        }
        for column in both[0].columns
    ]
    heads = {
        "what": ("what", "", ""),
        "base": (paired.names[0], "mixed", ""),
        "other": (paired.names[1], "mixed", ""),
        "unit": ("in", "", ""),
        "about": ("what is counted", "", ""),
    }
    return made(paired, called, title, both[0].definition, heads, rows, both)
