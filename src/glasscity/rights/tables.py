"""All tables of a run's findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from glasscity.rights import (
    course_tables,
    decile_tables,
    gate_tables,
    group_tables,
    household_tables,
    limit_tables,
    operator_tables,
    perk_tables,
    point_tables,
    record_tables,
    voice_tables,
)
from glasscity.rights.tabulate import Pair, Table

if TYPE_CHECKING:
    from glasscity.results.run import Run

__all__ = ["MAKERS", "tables"]

MAKERS = (
    *gate_tables.MAKERS,
    *group_tables.MAKERS,
    *record_tables.MAKERS,
    *course_tables.MAKERS,
    *voice_tables.MAKERS,
    *operator_tables.MAKERS,
    *decile_tables.MAKERS,
    *perk_tables.MAKERS,
    *point_tables.MAKERS,
    *household_tables.MAKERS,
    *limit_tables.MAKERS,
)


def tables(run: Run) -> dict[str, Table]:
    """Return every table of a run's findings, by name.

    Parameters
    ----------
    run : Run
        A stored run.

    Returns
    -------
    dict
        Gates, causes, spheres, sources, groups, spells and so on.
    """
    pair = Pair(run)
    made = [make(pair) for make in MAKERS]
    return {one.name: one for one in made}
