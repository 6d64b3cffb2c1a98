"""Article 5(1)(c) of the EU AI Act as measured quantities (model.md, section 8).

>>> from glasscity import open_run
>>> from glasscity.rights.article5 import article5
>>> found = article5(open_run("runs/citizen-score-2020-001"))  # doctest: +SKIP

A measurement to argue from, not legal advice.  Everything is computed from run folders.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from glasscity.errors import BadArgument
from glasscity.rights.article5 import tables as made
from glasscity.rights.article5.burden import Burden, burdens
from glasscity.rights.article5.closures import closures
from glasscity.rights.article5.conditions import Condition, conditions
from glasscity.rights.article5.lift import AFTER_MONTHS, Lift, lifts
from glasscity.rights.article5.relation import Agreement, law, relation_table
from glasscity.rights.article5.unrelated import Unrelated, unrelated
from glasscity.rights.tabulate import Table

if TYPE_CHECKING:
    from glasscity.results.run import Run

__all__ = [
    "AFTER_MONTHS",
    "COMPARATORS",
    "Agreement",
    "Article5",
    "Burden",
    "Condition",
    "Lift",
    "Unrelated",
    "article5",
]

# Rows B2 and B5 of the catalogue: the ordinary alternative, and the list as it was documented.
COMPARATORS = ("credit-bureau", "defaulter-list-2013")


@dataclass(frozen=True, kw_only=True)
class Article5:
    """What a run shows about Article 5(1)(c).

    Attributes
    ----------
    regime, digest : str
    citizens, months, seed : int
    rule : mapping
        The rule as cited: ``cited``, ``text``, ``source``, ``since``.
    caution : str
        What this is not.
    conditions : tuple of Condition
    agreement : Agreement
        Of the two codings of the relation table.
    unrelated : mapping of world to tuple of Unrelated
    burdens : mapping of world to tuple of Burden
    lifts : tuple of Lift
    notes : tuple of str
        What could not be estimated, and why.
    tables : tuple of Table
        All of it, as tables with definitions; the relation table itself is :attr:`relation`.
    """

    regime: str
    digest: str
    citizens: int
    months: int
    seed: int
    rule: Mapping[str, Any]
    caution: str
    conditions: tuple[Condition, ...]
    agreement: Agreement
    unrelated: Mapping[str, tuple[Unrelated, ...]]
    burdens: Mapping[str, tuple[Burden, ...]]
    lifts: tuple[Lift, ...]
    notes: tuple[str, ...]
    tables: tuple[Table, ...]

    def table(self, name: str) -> Table:
        """Return a table by its name."""
        return next(table for table in self.tables if table.name == name)

    @cached_property
    def relation(self) -> Table:
        """The relation table, a row for each input and gate, with both codes and reasons."""
        return made.relation_rows(relation_table())


def article5(
    run: Run, comparators: Mapping[str, Run] | None = None, *, after: Run | None = None
) -> Article5:
    """Return what a run shows about Article 5(1)(c).

    Parameters
    ----------
    run : Run
        A stored run, with its unscored twin where there is one.
    comparators : mapping of name to Run, optional
        The same people under other regimes (:data:`COMPARATORS`).
    after : Run, optional
        The same people unscored, :data:`AFTER_MONTHS` longer; without it no lift is estimated.

    Raises
    ------
    BadArgument
        If a comparator has other people, or other months.
    """
    relation = relation_table()
    worlds = {run.scenario["regime"]["name"]: run}
    if run.twin is not None:
        worlds["unscored"] = run.twin
    for name, other in (comparators or {}).items():
        _same_people(run, other)
        worlds.setdefault(name, other)
    notes = []
    shut = {name: closures(world) for name, world in worlds.items()}
    burden: dict[str, tuple[Burden, ...]] = {}
    for name, world in worlds.items():
        try:
            burden[name] = tuple(burdens(world, shut[name]))
        except LookupError as error:
            notes.append(f"{name}: burden not estimable: {error.args[0]}")
        if not shut[name].exact:
            notes.append(f"{name}: {_inexact(shut[name].whole)}")
    denials = {name: tuple(unrelated(world, relation)) for name, world in worlds.items()}
    lifted = tuple(lifts(run, after, relation))
    if after is None:
        notes.append(
            f"no lift is estimated without the same people unscored, {AFTER_MONTHS} months longer"
        )
    first = next(iter(worlds))
    said = tuple(conditions(run, shut[first]))
    found = (
        made.conditions_table(said),
        made.unrelated_table((name, one) for name, rows in denials.items() for one in rows),
        made.closed_table(run, shut[first], relation),
        made.burden_table(
            (name, shut[name].exact, one) for name, rows in burden.items() for one in rows
        ),
        made.lift_table(lifted),
        made.agreement_table(relation),
        made.boundary_table(relation),
    )
    return Article5(
        regime=first,
        digest=run.digest,
        citizens=run.citizens,
        months=run.months,
        seed=int(run.scenario["seed"]),
        rule=law()["rule"],
        caution=law()["caution"],
        conditions=said,
        agreement=relation.agreement,
        unrelated=denials,
        burdens=burden,
        lifts=lifted,
        notes=tuple(notes),
        tables=found,
    )


def _inexact(whole: bool) -> str:
    if not whole:
        return "scores are kept of a panel of citizens: burden and closed months are the panel's"
    return (
        "closures made again are not those that the cube has counted (what a firewall opens to "
        "those whom it covers is not kept by citizen): burdens and closed months are not exact"
    )


def _same_people(run: Run, other: Run) -> None:
    unlike = [
        name
        for name in ("country", "behaviour", "citizens", "seed", "months", "start")
        if run.scenario.get(name) != other.scenario.get(name)
    ]
    if unlike:
        raise BadArgument(
            f"this run has not the same people and months: {', '.join(unlike)} differ",
            where=str(other.path),
            mend="run it with the same country, parameters, citizens, seed, months and start",
        )
