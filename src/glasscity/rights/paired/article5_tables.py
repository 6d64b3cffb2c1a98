"""Tables of Article 5(1)(c) for both worlds of a pair."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from glasscity.rights.paired.source import Paired
from glasscity.rights.tabulate import Table

__all__ = ["MAKERS"]

# What the shares of each table are shares of.
_OF = {"unrelated": "denials", "burden": "people"}


def _of(paired: Paired, name: str) -> Table:
    """Return a table of the measurement, its first world under the pair's own name for it."""
    known = paired.article5.table(name)
    of, first = _OF.get(name, ""), paired.article5.regime
    columns = tuple(
        replace(one, of=of) if one.unit == "share" and of else one for one in known.columns
    )
    rows = tuple(
        {**row, "world": paired.names[0]} if row.get("world") == first else row
        for row in known.rows
    )
    return replace(known, name=f"article5_{name}", columns=columns, rows=rows)


def conditions(paired: Paired) -> Table:
    """Return the conditions of the rule, one a line, for the base."""
    return _of(paired, "conditions")


def unrelated(paired: Paired) -> Table:
    """Return refusals whose deciding inputs come from an unrelated context, all gates together."""
    whole = _of(paired, "unrelated")
    return replace(whole, rows=tuple(row for row in whole.rows if row["gate"] == "all"))


def burden(paired: Paired) -> Table:
    """Return burdens against the gravity of own breaches."""
    return _of(paired, "burden")


MAKERS: tuple[Callable[[Paired], Table], ...] = (conditions, unrelated, burden)
