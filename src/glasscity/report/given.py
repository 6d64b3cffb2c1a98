"""Tables that another command left in a folder, shown on a page as they are.

A search over safeguards (``glasscity frontier``) writes its tables as lists of rows into
``study.json``.  Nothing is computed here: a table is chosen, its columns named and explained.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from glasscity.errors import BadArgument
from glasscity.rights.tabulate import Column, Table

__all__ = ["Safeguards", "read_safeguards"]

_HEADS = {
    "levers": ("safeguards", "", "with their strengths"),
    "size": ("how many", "count", "safeguards in the set"),
    "left": ("left", "part", "of what was to be reduced, over the regime's own"),
    "left_in_search": ("left in the search", "part", "in the world that was searched"),
    "enough_in_search": ("enough in the search", "", "the reduction asked for is reached there"),
    "enough": ("enough", "part", "of the worlds that confirm reach the reduction asked for"),
    "worlds": ("worlds", "count", "that confirm"),
    "dominated": ("beaten", "", "by another set, on the means, beyond their error"),
    "goal": ("of", "", "harm, or a claimed benefit"),
    "player": ("safeguard", "", ""),
    "harm": ("harm left", "part", "index: mean of four harms, each over the regime's own"),
    "groundless": ("groundless refusals", "part", "over the regime's own"),
    "wrongful": ("refused for an error", "part", "people, over the regime's own"),
    "chill": ("critics silent", "part", "over the regime's own"),
    "children": ("children's months", "part", "over the regime's own"),
    "closed_gate_months": ("closed-gate months", "part", "over the regime's own"),
    "onsets_avoided": ("unwillingness avoided", "number", "against the same people unscored"),
    "repayment": ("repayment", "number", "against the same people unscored"),
    "inclusion": ("inclusion", "number", "against the same people unscored"),
    "stays_fresh": ("stays, other seeds", "part", "of worlds in which nothing beats it"),
    "stays_matched": ("stays, matched set", "part", "of worlds in which nothing beats it"),
    "alone": ("alone", "number", "what it takes away by itself"),
    "missing": ("missing from all", "number", "what comes back without it"),
    "average": ("on average", "number", "over the orders in which safeguards may be added"),
}
# Of what the worth of single safeguards is told here; the folder holds all.
_TOLD = ("harm", "onsets_avoided", "repayment", "inclusion")
_ENDS = {"_low": "from", "_high": "to", "_lost": "given up"}
_TABLES = {
    "smallest": (
        "The smallest sets that buy the reduction",
        "What is left and what it costs of the claimed benefit, in worlds whose luck the search "
        "had not seen.",
    ),
    "front": (
        "Sets that nothing beats",
        "Each set of safeguards with what it leaves of the harm and keeps of the claimed benefit; "
        "means over the worlds that confirm, with 95 % intervals.",
    ),
    "worth": (
        "What each safeguard is worth",
        "Alone, left out of all, and on average over the sets that were tried.",
    ),
}


@dataclass(frozen=True)
class Safeguards:
    """What a search over safeguards found.

    Attributes
    ----------
    regime, command, digest : str
    worlds : int
        Worlds in which it was confirmed.
    tables : tuple of Table
    """

    regime: str
    command: str
    digest: str
    worlds: int
    tables: tuple[Table, ...]


def read_safeguards(folder: str | Path) -> Safeguards:
    """Return what a search over safeguards left in a folder.

    Raises
    ------
    BadArgument
        If there is none.
    """
    path = Path(folder) / "study.json"
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        known = isinstance(found, Mapping) and isinstance(found["front"], list)
    except (OSError, ValueError, KeyError):
        known, found = False, {}
    if not known:
        raise BadArgument(
            "this is not the folder of a search over safeguards",
            where=str(folder),
            allowed="a folder that 'glasscity frontier' has finished",
            mend="make one with 'glasscity frontier REGIME --out FOLDER'",
        )
    tables = (_table(name, found.get(name)) for name in _TABLES)
    return Safeguards(
        regime=str(found.get("regime", "")),
        command=str(found.get("command") or f"glasscity frontier {found.get('regime', '')}"),
        digest=str(found.get("digest", "")),
        worlds=len(found.get("worlds_of_confirmation") or ()),
        tables=tuple(one for one in tables if one is not None),
    )


def _table(name: str, rows: Any) -> Table | None:
    if not isinstance(rows, list) or not rows or not isinstance(rows[0], Mapping):
        return None
    if name == "worth":
        rows = [row for row in rows if row.get("goal") in _TOLD] or rows
    names = [key for key, value in rows[0].items() if not isinstance(value, Mapping | list)]
    title, about = _TABLES[name]
    return Table(
        name=f"safeguards_{name}",
        title=title,
        definition=about,
        columns=tuple(_column(key) for key in names),
        rows=tuple({key: row.get(key) for key in names} for row in rows),
        grades=("D",),
    )


def _column(name: str) -> Column:
    if name in _HEADS:
        title, unit, about = _HEADS[name]
        return Column(name=name, title=title, unit=unit, definition=about)
    for end, word in _ENDS.items():
        inner = name.removesuffix(end)
        if inner != name:
            title, unit, _ = _HEADS.get(inner, (inner.replace("_", " "), "number", ""))
            if inner.endswith("_lost"):
                title = _HEADS.get(inner.removesuffix("_lost"), (title,))[0] + ", given up"
            return Column(name=name, title=f"{title}, {word}", unit=unit, definition="")
    return Column(name=name, title=name.replace("_", " "), unit="number", definition="")
