"""Who is shut out in one run of a pair and not in the other, and through what.

A closed gate is seen through what it did: refusals, whose causes are stored, and entries on lists,
behind which stands what happened or an error of record.  Somebody shut out who was neither refused
by the rule nor listed lay under a cut-off of the score and never asked where it counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from glasscity.rights.matched import Refusals, places_of
from glasscity.rights.persons import Persons
from glasscity.terms import LISTING_CAUSES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from glasscity.results.run import Run

__all__ = ["shut_out_in_one"]


def shut_out_in_one(persons: Persons) -> dict[str, Any]:
    """Return who was ever shut out in the base alone, in the other run alone, in both, in neither.

    Returns
    -------
    dict
        ``of``; ``neither``; ``both``: how many; ``base_only``, ``other_only``: how many, for
        how many months, how many of them were ever refused by the regime or listed, and through
        what; ``last_month``: the same four counts for the last month alone; ``months``:
        citizen-months shut out in base, in other, in the base alone, in the other run alone.
    """
    here, there = (_months(run) for run in (persons.base, persons.other))
    lost, gained = persons.months_apart()
    base_only, other_only = (here > 0) & (there == 0), (there > 0) & (here == 0)
    refusals = persons.refusals
    base, other = persons.base, persons.other
    last = [run.people["shut_out"].to_numpy() > 0 for run in (base, other)]
    return {
        "of": len(persons),
        "neither": int(((here == 0) & (there == 0)).sum()),
        "both": int(((here > 0) & (there > 0)).sum()),
        "base_only": _through(persons, base, refusals.base, base_only, here),
        "other_only": _through(persons, other, refusals.other, other_only, there),
        "last_month": {
            "neither": int((~last[0] & ~last[1]).sum()),
            "both": int((last[0] & last[1]).sum()),
            "base_only": int((last[0] & ~last[1]).sum()),
            "other_only": int((last[1] & ~last[0]).sum()),
        },
        "months": {
            "base": int(here.sum()),
            "other": int(there.sum()),
            "base_only": int(lost.sum()),
            "other_only": int(gained.sum()),
        },
    }


def _months(run: Run) -> NDArray[np.int64]:
    return run.people["months_shut_out"].to_numpy().astype(np.int64)


def _through(
    persons: Persons,
    run: Run,
    refusals: Refusals,
    who: NDArray[np.bool_],
    months: NDArray[np.int64],
) -> dict[str, Any]:
    """Return through what some people were shut out; one person may stand in several rows."""

    def people(places: NDArray[np.int64]) -> NDArray[np.bool_]:
        marks = np.zeros(len(persons), bool)
        marks[places[places >= 0]] = True
        return marks & who

    by_rule = refusals.rest[:, 2] == 1
    refused = people(refusals.place[by_rule])
    entries = run.listings.filter(run.listings["kind"] == 0)
    place = places_of(entries["citizen"].to_numpy().astype(np.int64), persons.citizens)
    detail = entries["detail"].to_numpy()
    listed = people(place)
    spheres = run.meta["gate_spheres"]
    return {
        "citizens": int(who.sum()),
        "months": int(months[who].sum()),
        "refused": int(refused.sum()),
        "refused_but_for": {
            group: int(people(refusals.place[needed & by_rule]).sum())
            for group, needed, _ in refusals.through(spheres)
        },
        "listed": int(listed.sum()),
        "listed_for": {
            cause: int(people(place[(detail >> bit & 1) == 1]).sum())
            for bit, cause in enumerate(LISTING_CAUSES)
        },
        "neither_refused_nor_listed": int((who & ~refused & ~listed).sum()),
    }
