"""All tables of a run's findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from glasscity.rights import course_tables, gate_tables, group_tables, record_tables
from glasscity.rights.tabulate import Pair, Table

if TYPE_CHECKING:
    from glasscity.results.run import Run

__all__ = ["MAKERS", "tables"]

MAKERS = (
    *gate_tables.MAKERS,
    *group_tables.MAKERS,
    *record_tables.MAKERS,
    *course_tables.MAKERS,
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
