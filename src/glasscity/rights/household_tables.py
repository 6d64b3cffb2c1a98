"""The table of what the people around bear: households and children."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from glasscity.rights.definition import GATES, LIQUIDITY_ONE
from glasscity.rights.tabulate import Pair, Rows, Table, share, table
from glasscity.rights.view import View
from glasscity.terms import QUINTILES

__all__ = ["MAKERS"]


def _loss(view: View, at: int) -> float | None:
    return share(view.total("household_loss_sum")[at], LIQUIDITY_ONE * int(view.citizens[at]))


def households(pair: Pair) -> Table:
    """Return what members of the household and children bear, by income quintile."""
    view, twin = pair.by("quintile")
    rows: Rows = []
    for at, quintile in enumerate(QUINTILES):
        people, pupils = int(view.citizens[at]), int(view.total("school_children")[at])
        lost = int(view.total("child_months_lost")[at])
        row: dict[str, Any] = {
            "quintile": quintile,
            "citizens": people,
            "touched": share(view.last("touched")[at], people),
            "touched_unscored": share(view.last("touched_unscored")[at], people),
            "loss": _loss(view, at),
            "twin_loss": None if twin is None else _loss(twin, at),
            "school_months": pupils,
            "school_lost": lost if pupils else None,
            "school_share": share(lost, pupils),
        }
        rows.append(row)
    columns = {
        "quintile": ("income quintile", "", "q1 = poorest"),
        "citizens": ("citizens", "count", "last month"),
        "touched": (
            "live with somebody shut out",
            "share",
            "of citizens, last month: shut out of nothing themselves",
        ),
        "touched_unscored": ("of those, never scored", "share", "of citizens, last month"),
        "loss": ("lost to others' refusals", "months", "of own spending per citizen, whole run"),
        "twin_loss": ("the same, unscored", "months", "in the twin"),
        "school_months": ("school months", "count", "of privately schooled children, whole run"),
        "school_lost": ("school months lost", "count", "for a parent's record, whole run"),
        "school_share": ("school months lost", "share", "of school months"),
    }
    about = "What a refusal does to the people around who did nothing and applied for nothing."
    return table(
        pair.run,
        "households",
        "Households and children",
        about,
        columns,
        rows,
        (*GATES, "behaviour.pooling", "behaviour.refusal_cost", "country.school_children"),
    )


MAKERS: tuple[Callable[[Pair], Table], ...] = (households,)
