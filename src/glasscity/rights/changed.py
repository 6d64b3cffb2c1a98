"""Whose lives differ between two runs, in anything that is stored of them.

Two things are left out, because they move for everybody as soon as they move for anybody: the rank,
which is one's place among all others, and the fractions of a point behind the score's parts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from glasscity.rights.matched import places_of
from glasscity.rights.persons import Persons

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl
    from numpy.typing import NDArray

    from glasscity.results.run import Run

__all__ = ["ASPECTS", "changed_lives", "changed_people"]

# Columns of people that say something about a citizen in the last month; what is not named here
# counts among the rest.
_FINAL = {
    "final_score": ("score", "score_private_1", "score_private_2"),
    "voice": ("voice", "unafraid_voice"),
    "savings": ("liquidity", "owed_credit", "owed_fee", "months_without_work"),
}
# The rank and the parts of the score move with everybody else's; ids and traits never move.
_APART = ("rank",)
_PARTS = "points_"
ASPECTS = {
    "gates": "shut out in other months",
    "months_shut_out": "shut out for another number of months",
    "denials": "refused something that was not refused in the other run, or the reverse",
    "listings": "entered on a list, or let off it, in another month or for another reason",
    "final_score": "another score in the last month",
    "voice": "says something else in the last month, or would without fear",
    "savings": "other savings, debts or time without work in the last month",
    "any_score": "another score in any month",
}


def changed_lives(persons: Persons) -> dict[str, Any]:
    """Return how many citizens' lives differ, in anything and in each aspect.

    Returns
    -------
    dict
        ``citizens``: of all, an estimate where only a panel is stored; ``share``; ``of``: the
        people compared; ``counted`` among them; each of :data:`ASPECTS`, counted among them (None
        where it is not stored for all of them); ``standard_error`` of the share: 0 where everybody
        is compared.
    """
    found = _aspects(persons)
    anything = _anything(persons, found)
    number, counted, nation = len(persons), int(anything.sum()), persons.base.citizens
    share = counted / number if number else 0.0
    return {
        "citizens": counted if number == nation else round(share * nation),
        "share": share,
        "of": number,
        "panel": persons.panel,
        "counted": counted,
        "standard_error": (share * (1 - share) / number) ** 0.5 if number < nation else 0.0,
        **{name: None if (one := found[name]) is None else int(one.sum()) for name in ASPECTS},
    }


def changed_people(persons: Persons) -> NDArray[np.bool_]:
    """Return whose lives differ in anything that is stored of them, bool[n]."""
    return _anything(persons, _aspects(persons))


def _anything(persons: Persons, aspects: dict[str, NDArray[np.bool_] | None]) -> NDArray[np.bool_]:
    anything = np.zeros(len(persons), bool)
    for one in aspects.values():
        if one is not None:
            anything |= one
    return anything


def _aspects(persons: Persons) -> dict[str, NDArray[np.bool_] | None]:
    """Return who differs in each aspect: bool[n] each; None where it cannot be said."""
    base, other = persons.base, persons.other
    lost, gained = persons.months_apart()
    here, there = base.people, other.people
    refusals = persons.refusals
    denied = _marked(persons, refusals.base.place[refusals.vanished])
    denied |= _marked(persons, refusals.other.place[refusals.appeared])
    found: dict[str, NDArray[np.bool_] | None] = {
        "gates": (lost > 0) | (gained > 0),
        "months_shut_out": _differs(here, there, ("months_shut_out",)),
        "denials": denied,
        "listings": _register(persons, base.listings, other.listings),
        **{name: _differs(here, there, columns) for name, columns in _FINAL.items()},
        "any_score": _any_score(persons),
    }
    named = {column for columns in _FINAL.values() for column in columns}
    rest = [c for c in _columns(here, there) if c not in named]
    found["rest"] = _differs(here, there, rest) | _causes(persons)
    return found


def _columns(here: pl.DataFrame, there: pl.DataFrame) -> list[str]:
    return [
        name
        for name in here.columns
        if name in there.columns and name not in _APART and not name.startswith(_PARTS)
    ]


def _differs(here: pl.DataFrame, there: pl.DataFrame, columns: Sequence[str]) -> NDArray[np.bool_]:
    apart = np.zeros(len(here), bool)
    for name in columns:
        if name in here.columns and name in there.columns:
            apart |= here[name].ne_missing(there[name]).to_numpy()
    return apart


def _marked(persons: Persons, places: NDArray[np.int64]) -> NDArray[np.bool_]:
    marks = np.zeros(len(persons), bool)
    marks[places[places >= 0]] = True
    return marks


def _register(persons: Persons, here: pl.DataFrame, there: pl.DataFrame) -> NDArray[np.bool_]:
    """Return who has a line in one of two registers that is not in the other."""
    marks = np.zeros(len(persons), bool)
    for one, another in ((here, there), (there, here)):
        alone = one.join(another, on=one.columns, how="anti", nulls_equal=True)
        citizens = alone["citizen"].to_numpy().astype(np.int64)
        marks |= _marked(persons, places_of(citizens, persons.citizens))
    return marks


def _causes(persons: Persons) -> NDArray[np.bool_]:
    """Return who was refused the same thing for other causes."""
    one, another = persons.refusals.base, persons.refusals.other
    mine, yours = ~persons.refusals.vanished, ~persons.refusals.appeared
    apart = (one.rest[mine] != another.rest[yours]).any(axis=1)
    for name in ("butfor", "involved", "lower"):
        apart |= getattr(one, name)[mine] != getattr(another, name)[yours]
    return _marked(persons, one.place[mine][apart])


def _any_score(persons: Persons) -> NDArray[np.bool_] | None:
    """Return who had another score in any month; None where scores are kept of a sample alone."""
    tables = [_scores(run) for run in (persons.base, persons.other)]
    if not np.array_equal(tables[0][0], persons.citizens):
        return None
    return (tables[0][1] != tables[1][1]).any(axis=1)


def _scores(run: Run) -> tuple[NDArray[np.int64], NDArray[np.uint16]]:
    table = run.panel(*range(run.months))
    scores = table.drop("citizen").to_numpy()
    return table["citizen"].to_numpy().astype(np.int64), scores
