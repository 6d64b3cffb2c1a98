"""All tables of a pair's findings."""

from __future__ import annotations

from collections.abc import Callable

from glasscity.rights.paired import (
    article5_tables,
    course_tables,
    group_tables,
    people_tables,
    promise_tables,
    refusal_tables,
)
from glasscity.rights.paired.source import Paired
from glasscity.rights.tabulate import Table

__all__ = ["MAKERS", "pair_tables"]

MAKERS: tuple[Callable[[Paired], Table], ...] = (
    *people_tables.MAKERS,
    *group_tables.MAKERS,
    *course_tables.MAKERS,
    *refusal_tables.MAKERS,
    *promise_tables.MAKERS,
    *article5_tables.MAKERS,
)


def pair_tables(paired: Paired) -> dict[str, Table]:
    """Return every table of a pair, by name."""
    made = [make(paired) for make in MAKERS]
    return {one.name: one for one in made}
