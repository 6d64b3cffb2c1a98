"""Tables of who is hit, by group and by sphere, and of lending to those nobody knew."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from glasscity.results.cube import GROUPINGS
from glasscity.results.outcome import EXITS
from glasscity.rights.definition import GATES as GATE_GRADES
from glasscity.rights.definition import LISTS, SCORE
from glasscity.rights.measures import MEASURES
from glasscity.rights.tabulate import Pair, Rows, Table, number, share, table
from glasscity.terms import (
    GATES,
    QUINTILES,
    SPHERES,
)

if TYPE_CHECKING:
    pass

__all__ = ["MAKERS"]

# What the table of groups shows of each group.
BY_GROUP = (
    "restricted_share",
    "restricted_share_without_rank",
    "closed_gate_months",
    "listed_stock",
    "denial_rate",
    "spillover_share",
    "association_share",
    "speech_share",
    "error_share",
    "chilled_share",
    "falsified_share",
    "thin_grant_rate",
    "enrolled_share",
    "bottom_decile_escape",
)


def spheres(pair: Pair) -> Table:
    """Return breaches, listings and denials sphere by sphere (mission row A1)."""
    view, twin = pair.view, pair.twin
    people = int(view.citizens[0])
    rows: Rows = []
    for sphere in SPHERES:
        own = [g for g, s in zip(GATES, view.run.meta["gate_spheres"], strict=True) if s == sphere]
        rows.append(
            {
                "sphere": sphere,
                "breaches": int(view.total("breaches", sphere=sphere)[0]),
                "twin_breaches": None
                if twin is None
                else int(twin.total("breaches", sphere=sphere)[0]),
                "warnings": int(view.total("warnings", list=sphere)[0]),
                "entries": int(view.total("entries", list=sphere)[0]),
                "exits": sum(int(view.total(f"exits_{way}", list=sphere)[0]) for way in EXITS),
                "listed": share(view.last("listed", list=sphere)[0], people),
                "applications": sum(int(view.total("applications", gate=g)[0]) for g in own),
                "denials": sum(int(view.total("denials", gate=g)[0]) for g in own),
            }
        )
    columns = {
        "sphere": ("sphere", "", ""),
        "breaches": ("breaches", "count", "began or happened, whole run"),
        "twin_breaches": ("breaches, unscored", "count", "the same in the twin"),
        "warnings": ("warnings", "count", "whole run"),
        "entries": ("entries", "count", "on the sphere's list, whole run"),
        "exits": ("exits", "count", "from the sphere's list, whole run"),
        "listed": ("listed", "share", "of citizens, last month"),
        "applications": ("applications", "count", "at the sphere's gates, whole run"),
        "denials": ("denials", "count", "at the sphere's gates, whole run"),
    }
    about = "The four spheres of sincerity: what happened, who was listed, what was refused."
    return table(pair.run, "spheres", "Sphere by sphere", about, columns, rows, LISTS)


def groups(pair: Pair) -> Table:
    """Return who is hit: measures by province, area, quintile, age band and camp."""
    rows: Rows = []
    for kind in GROUPINGS:
        view, twin = pair.by(kind)
        found = {name: MEASURES[name].compute(view) for name in BY_GROUP}
        compared = ("denial_rate", "chilled_share", "thin_grant_rate")
        other = {name: MEASURES[name].compute(twin) for name in compared} if twin else {}
        for at, word in enumerate(view.names):
            row: dict[str, Any] = {"grouping": kind, "group": word}
            row["citizens"] = int(view.citizens[at])
            row |= {name: number(values[at]) for name, values in found.items()}
            row |= {f"twin_{name}": number(other[name][at]) if other else None for name in compared}
            rows.append(row)
    columns = {
        "grouping": ("by", "", ""),
        "group": ("group", "", ""),
        "citizens": ("citizens", "count", "last month"),
        **{
            name: (MEASURES[name].title, MEASURES[name].unit, MEASURES[name].definition)
            for name in BY_GROUP
        },
        "twin_denial_rate": ("refused, unscored", "share", "applications refused in the twin"),
        "twin_chilled_share": ("chilled, unscored", "share", "the same in the twin"),
        "twin_thin_grant_rate": ("loans nobody knew, unscored", "share", "the same in the twin"),
    }
    about = "The headline measures by group, each within the group."
    return table(pair.run, "groups", "Who is hit", about, columns, rows, GATE_GRADES)


def inclusion(pair: Pair) -> Table:
    """Return grants of loans and mortgages to people with a thin file, by income quintile."""
    view, twin = pair.by("quintile")
    rows: Rows = []
    for at, quintile in enumerate(QUINTILES):
        row: dict[str, Any] = {"quintile": quintile}
        for key, one in (("", view), ("twin_", twin)):
            if one is None:
                row |= {f"{key}{name}": None for name in ("thin", "thin_rate", "all", "all_rate")}
                continue
            asked, got = one.total("loans_thin")[at], one.total("loans_thin_granted")[at]
            every = sum(one.total("applications", gate=g)[at] for g in ("loan", "mortgage"))
            given = sum(one.total("grants", gate=g)[at] for g in ("loan", "mortgage"))
            row |= {f"{key}thin": int(asked), f"{key}thin_rate": share(got, asked)}
            row |= {f"{key}all": int(every), f"{key}all_rate": share(given, every)}
        for name in ("thin_rate", "all_rate"):
            gap = row[name], row[f"twin_{name}"]
            row[f"{name}_difference"] = None if None in gap else number(gap[0] - gap[1])
        rows.append(row)
    columns = {
        "quintile": ("income quintile", "", "q1 = poorest"),
        "thin": ("applications, thin file", "count", "loans and mortgages, whole run"),
        "thin_rate": ("granted, thin file", "share", "of those"),
        "twin_thin": ("applications, thin file, unscored", "count", "the same in the twin"),
        "twin_thin_rate": ("granted, thin file, unscored", "share", "the same in the twin"),
        "thin_rate_difference": ("difference, thin file", "share", "this world less unscored"),
        "all": ("applications", "count", "loans and mortgages, whole run"),
        "all_rate": ("granted", "share", "of those"),
        "twin_all": ("applications, unscored", "count", "the same in the twin"),
        "twin_all_rate": ("granted, unscored", "share", "the same in the twin"),
        "all_rate_difference": ("difference", "share", "this world less unscored"),
    }
    about = "Lending to those nobody knew, against the world in which nobody is scored."
    return table(
        pair.run, "inclusion", "Inclusion", about, columns, rows, ("country.gates", *SCORE)
    )


MAKERS: tuple[Callable[[Pair], Table], ...] = (
    spheres,
    groups,
    inclusion,
)
