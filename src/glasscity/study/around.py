"""The people around a citizen: who they are tied to, and how those stand in a stored run.

Nobody's acquaintances are stored; the society is made up again from the scenario, which gives the
same ties.  They are those at the start: ties that were dropped on the way are among them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from glasscity.api import scenario_of
from glasscity.errors import BadArgument

if TYPE_CHECKING:
    from glasscity.results.run import Run
    from glasscity.society import Society

__all__ = ["LAYERS", "around", "tied_to"]

# The kinds of ties, in the order in which they are told.
LAYERS = ("household", "colleague", "near", "far")
_TOLD = ("score", "voice", "months_shut_out", "shut_out", "lists", "age", "occupation", "area")


def around(run: Run, citizen: int, *, society: Society | None = None) -> list[dict[str, Any]]:
    """Return the people whom a citizen of a run knows.

    Parameters
    ----------
    run : Run
        A stored run; above ten million citizens only those of its panel are described.
    citizen : int
        From 0 to the number of citizens less one.
    society : Society, optional
        The run's own, where it is at hand already.

    Returns
    -------
    list of dict
        ``citizen``, ``layer`` (one of :data:`LAYERS`; the nearest, where there are two) and, as in
        the last month, ``score`` (None without one), ``voice``, ``shut_out`` (closed gates),
        ``months_shut_out``, ``lists``, ``age``, ``occupation``, ``area``; None where the run does
        not hold this person.

    Raises
    ------
    BadArgument
        If there is no such citizen.
    CannotFit
        If the society does not fit into memory.
    """
    import polars as pl

    if not 0 <= citizen < run.citizens:
        raise BadArgument(
            f"there is no citizen {citizen}",
            where=str(run.path),
            allowed=f"whole numbers from 0 to {run.citizens - 1}",
        )
    if society is None:
        from glasscity.engine.room import check_memory
        from glasscity.society import build_society

        scenario = scenario_of(run)
        check_memory(scenario.citizens)
        society = build_society(scenario.country, scenario.citizens, scenario.seed)
    known = tied_to(society, citizen)
    kept = [name for name in _TOLD if name in run.people.columns]
    rows = {
        int(row["citizen"]): row
        for row in run.people.filter(pl.col("citizen").is_in(list(known)))
        .select("citizen", *kept)
        .iter_rows(named=True)
    }
    return [
        {
            "citizen": other,
            "layer": layer,
            **{name: rows[other][name] if other in rows else None for name in kept},
            "score": (rows[other]["score"] or None) if other in rows and "score" in kept else None,
        }
        for other, layer in known.items()
    ]


def tied_to(society: Society, citizen: int) -> dict[int, str]:
    """Return whom a citizen of a society is tied to, and in which layer.

    Returns
    -------
    dict of citizen to layer
        Household first, then colleagues, friends nearby, contacts anywhere.
    """
    import numpy as np

    from glasscity.society.cells import SEGMENT
    from glasscity.society.population import IN_LABOUR_FORCE
    from glasscity.society.ties import (
        COLLEAGUES,
        FAR_SLOTS,
        NEAR_SLOTS,
        colleague,
        far_partner,
        near_partner,
    )

    traits, wiring = society.traits, society.wiring
    block = society.blocks[np.searchsorted(society.blocks[:, 1], citizen, side="right")]
    within = citizen - int(block[0])
    segment = int(block[5]) + within // SEGMENT
    position = citizen - int(wiring.segment_first[segment])
    home = int(traits.home[citizen])
    head = citizen - (home & 7)
    found: dict[int, str] = {}

    def know(other: int, layer: str) -> None:
        if other >= 0 and other != citizen:
            found.setdefault(int(other), layer)

    for other in range(head, head + ((home >> 3) & 7)):
        know(other, "household")
    if _works(traits, citizen, IN_LABOUR_FORCE):
        for k in range(COLLEAGUES):
            other = int(_plain(colleague)(wiring, segment, position, k))
            if other >= 0 and _works(traits, other, IN_LABOUR_FORCE):
                know(other, "colleague")
    slots = int(traits.slots[citizen])
    for slot in range(NEAR_SLOTS):
        if slots >> slot & 1:
            know(int(_plain(near_partner)(wiring, segment, position, slot)), "near")
    for slot in range(FAR_SLOTS):
        if slots >> (NEAR_SLOTS + slot) & 1:
            know(int(_plain(far_partner)(wiring, segment, position, slot)), "far")
    return found


def _plain(kernel: Any) -> Any:
    # The plain function behind it: a handful of look-ups is not worth compiling for.
    return kernel.py_func


def _works(traits: Any, citizen: int, below: int) -> bool:
    return ((int(traits.who[citizen]) >> 3) & 7) < below
