"""What the people around bear: members of the household and children (model.md 7.10)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from glasscity.rights.definition import GATES, LIQUIDITY_ONE, Measure, share_of_citizens
from glasscity.rights.view import View, ratio

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["HOUSEHOLDS"]


def _child_months(view: View) -> NDArray[Any]:
    lost = view.total("child_months_lost").astype(np.float64)
    return np.where(view.total("school_children") > 0, lost, np.nan)


HOUSEHOLDS: tuple[Measure, ...] = (
    Measure(
        name="touched_share",
        title="Living with somebody shut out",
        definition="Citizens shut out of nothing who live with an adult who is shut out.",
        compute=share_of_citizens("touched"),
        section="7.10",
        grades_from=GATES,
    ),
    Measure(
        name="touched_unscored_share",
        title="Living with somebody shut out, and never scored",
        definition="Of those, the ones without a score of their own.",
        compute=share_of_citizens("touched_unscored"),
        section="7.10",
        grades_from=(*GATES, "regime.rollout"),
    ),
    Measure(
        name="household_loss",
        title="Lost to another member's refusals",
        definition=(
            "Liquidity that the pooling of a household takes from a citizen because refusals cost "
            "another member money, in months of the citizen's own normal spending."
        ),
        compute=lambda view: ratio(view.total("household_loss_sum"), LIQUIDITY_ONE * view.citizens),
        unit="months",
        of="per citizen, whole run",
        section="7.10",
        grades_from=("behaviour.refusal_cost", "behaviour.pooling", "country.gates", *GATES),
    ),
    Measure(
        name="child_months_lost",
        title="School months lost by children",
        definition=(
            "Months in which a privately schooled child is shut out for a parent's record, whole "
            "run."
        ),
        compute=_child_months,
        unit="count",
        section="7.10",
        grades_from=(
            "country.school_children",
            "country.private_school_share",
            "regime.joint_punishment",
        ),
        estimable="if there are privately schooled children",
    ),
)
