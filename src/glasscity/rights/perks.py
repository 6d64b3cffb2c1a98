"""What a high score gives, and to whom (model.md 5.5, 7.11)."""

from __future__ import annotations

from glasscity.rights.definition import (
    LIQUIDITY_ONE,
    SCORE,
    Measure,
    only_where,
    share_of_citizens,
    total,
)
from glasscity.rights.view import ratio

__all__ = ["PERKS"]

_GRADES = ("regime.perks", *SCORE)
_ESTIMABLE = "if the regime has perks"


PERKS: tuple[Measure, ...] = (
    Measure(
        name="perk_holders_share",
        title="With a perk",
        definition=(
            "Citizens whose score reaches that of some perk. How many is set by the regime's "
            "percentiles, as a cut-off is; who they are is not."
        ),
        compute=only_where("perks", share_of_citizens("perk_holders")),
        section="7.11",
        grades_from=_GRADES,
        estimable=_ESTIMABLE,
    ),
    Measure(
        name="perks_used",
        title="Perks used",
        definition="Applications granted that a perk made cheaper, whole run.",
        compute=only_where("perks", total("perks_used")),
        unit="count",
        section="7.11",
        grades_from=(*_GRADES, "country.gates"),
        estimable=_ESTIMABLE,
    ),
    Measure(
        name="perk_months_gain",
        title="What perks leave in people's pockets",
        definition="Liquidity that perks left, in months of the holder's own normal spending.",
        compute=only_where(
            "perks",
            lambda view: ratio(view.total("perk_gain_sum"), LIQUIDITY_ONE * view.citizens),
        ),
        unit="months",
        of="per citizen, whole run",
        section="7.11",
        grades_from=(*_GRADES, "country.gates"),
        estimable=_ESTIMABLE,
    ),
)
