"""Who is shut out, for how long and on which list (model.md 7.1, 7.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from glasscity.rights.definition import (
    GATES,
    LISTS,
    SOURCES,
    VALUE_ONE,
    Compute,
    Measure,
    share_of_citizens,
    total,
)
from glasscity.rights.spells import returns, spells_of
from glasscity.rights.view import View, ratio

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["SHUT_OUT"]


def _ever(view: View) -> NDArray[Any]:
    if view.run.meta["panel"] != "all":
        # Of a large society everybody cannot be told apart: the share among those described.
        people = view.run.people
        groups = view.group_of(people["citizen"])
        ever = people["months_shut_out"].to_numpy() > 0
        return ratio(view.tally(groups, ever), view.tally(groups, np.ones(len(groups), bool)))
    spells = view.run.spells
    ever = spells.unique("citizen")["citizen"]
    groups = view.group_of(ever)
    return ratio(view.tally(groups, np.ones(len(groups), bool)), view.citizens)


def _spell_quantile(share: float) -> Compute:
    def compute(view: View) -> NDArray[Any]:
        spells = view.once(spells_of)
        groups = _groups_of(view, spells.citizen)
        found = [spells.curve(groups == g).quantile(share) for g in range(len(view.names))]
        return np.array([np.nan if month is None else month for month in found], np.float64)

    return compute


def _again(view: View) -> NDArray[Any]:
    spells = view.once(spells_of)
    groups = _groups_of(view, spells.citizen)
    curves = [returns(spells, view.run.months, groups == g) for g in range(len(view.names))]
    still = [curve.beyond(12) for curve in curves]
    return np.array([np.nan if share is None else 1.0 - share for share in still])


def _groups_of(view: View, citizens: NDArray[Any]) -> NDArray[np.int64]:
    import polars as pl

    return view.group_of(pl.Series("citizen", citizens))


def _listed_for(*causes: str) -> Compute:
    def compute(view: View) -> NDArray[Any]:
        chosen = np.sum([view.last("listed_for", cause=cause) for cause in causes], axis=0)
        return ratio(chosen, view.last("listed_for"))

    return compute


_EXITS = (
    "exits_performance",
    "exits_appeal",
    "exits_expiry",
    "exits_correction",
    "exits_repair",
)
_LISTED = "listings standing in the last month"


SHUT_OUT: tuple[Measure, ...] = (
    Measure(
        name="restricted_share",
        title="Shut out of something",
        definition=(
            "Citizens for whom the regime closes at least one gate, by list, threshold or rank."
        ),
        compute=share_of_citizens("restricted"),
        section="7.1",
        grades_from=GATES,
    ),
    Measure(
        name="restricted_share_without_rank",
        title="Shut out of something, rank gates left out",
        definition=(
            "The same by a list or a threshold alone: a rank gate shuts out a fixed share by "
            "construction."
        ),
        compute=share_of_citizens("restricted_without_rank"),
        section="7.1",
        grades_from=GATES,
    ),
    Measure(
        name="ever_restricted_share",
        title="Ever shut out during the run",
        definition="Citizens for whom the regime closed at least one gate in at least one month.",
        compute=_ever,
        of="all citizens",
        section="7.1",
        grades_from=GATES,
    ),
    Measure(
        name="closed_gate_months",
        title="Closed-gate months",
        definition=(
            "Months of closed gates, each gate weighted by how often people of the same cell "
            "apply there: "
            "one means a whole month with every gate closed."
        ),
        compute=lambda view: ratio(view.total("closed_value"), VALUE_ONE * view.citizens),
        unit="months",
        of="per citizen, whole run",
        section="7.1",
        grades_from=(*GATES, "country.gates"),
    ),
    Measure(
        name="restricted_months_per_citizen",
        title="Months with a closed gate",
        definition="Months in which the regime closes at least one gate.",
        compute=lambda view: ratio(view.total("restricted"), view.citizens),
        unit="months",
        of="per citizen, whole run",
        section="7.1",
        grades_from=GATES,
    ),
    Measure(
        name="spell_median_months",
        title="Median length of being shut out",
        definition=(
            "Length by which half of the spells of being shut out have ended (Kaplan-Meier, "
            "left-truncated "
            "and right-censored)."
        ),
        compute=_spell_quantile(0.5),
        unit="months",
        of="spells, whole run",
        section="7.1",
        grades_from=GATES,
        estimable="if at least half of the spells end within the lengths observed",
    ),
    Measure(
        name="reentry_share",
        title="Shut out again within a year",
        definition=(
            "Ended spells of being shut out that are followed by another within 12 months "
            "(Kaplan-Meier)."
        ),
        compute=_again,
        of="ended spells, whole run",
        section="7.1",
        grades_from=GATES,
        estimable="if a spell has ended before the last month",
    ),
    Measure(
        name="listed_stock",
        title="On a list",
        definition="Citizens on at least one list.",
        compute=share_of_citizens("listed_any"),
        section="7.2",
        grades_from=LISTS,
    ),
    Measure(
        name="listings",
        title="Entries on lists",
        definition="Entries on any list, whole run.",
        compute=total("entries"),
        unit="count",
        section="7.2",
        grades_from=LISTS,
    ),
    Measure(
        name="exits",
        title="Exits from lists",
        definition="Exits from any list by performance, appeal, expiry or correction, whole run.",
        compute=total(*_EXITS),
        unit="count",
        section="7.2",
        grades_from=LISTS,
    ),
    Measure(
        name="wrongly_listed_share",
        title="Listed through a recording error",
        definition="Listings that rest on a false alarm or a mix-up.",
        compute=_listed_for("false_alarm", "mix_up"),
        of=_LISTED,
        section="7.2",
        grades_from=(*LISTS, *SOURCES),
        estimable="if somebody is on a list in the last month",
    ),
    Measure(
        name="unable_listed_share",
        title="Listed through inability",
        definition="Listings behind which stands inability to pay.",
        compute=_listed_for("unable"),
        of=_LISTED,
        section="7.2",
        grades_from=LISTS,
        estimable="if somebody is on a list in the last month",
    ),
)
