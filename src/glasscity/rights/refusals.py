"""Applications, denials and what decided them (model.md 6, 7.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from glasscity.rights.causes import GROUPS, DenialCauses
from glasscity.rights.definition import (
    GATES,
    SCORE,
    SOURCES,
    Compute,
    Measure,
    only_where,
    rate,
    total,
)
from glasscity.rights.view import View, ratio

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["REFUSALS"]

_DENIALS = "all denials, whole run, baseline included"


_GROUP_TITLES = {
    "spillover": ("something outside the gate's own sphere", GATES),
    "association": ("whom one knows", (*SCORE, *GATES)),
    "speech": ("what one said", (*SCORE, *GATES)),
    "error": ("a recording error", (*SOURCES, *GATES)),
    "means": ("lack of means", ("country.gates", "behaviour.shock", "behaviour.refusal_cost")),
    "profile": ("the way one lives", (*SCORE, *GATES)),
    "favour": ("an official's disfavour", ("regime.officials", "behaviour.official_points")),
}
_ESTIMABLE = {"favour": "if officials act on scores and anybody was refused"}


def _lower(group: str) -> Compute:
    return _where_it_exists(
        group, lambda view: _of_attributed(view, view.once(DenialCauses).lower(group))
    )


def _upper(group: str) -> Compute:
    return _where_it_exists(
        group, lambda view: _of_attributed(view, view.once(DenialCauses).upper(group))
    )


def _where_it_exists(group: str, compute: Compute) -> Compute:
    """Return a share of causes; officials act only where a scenario has them act."""
    return only_where("manipulations", compute, "officials") if group == "favour" else compute


def _classes(*classes: str) -> Compute:
    return lambda view: _of_attributed(view, view.once(DenialCauses).of_class(*classes))


def _of_attributed(view: View, denials: NDArray[Any]) -> NDArray[Any]:
    return ratio(denials.sum(axis=1), view.once(DenialCauses).attributed().sum(axis=1))


def _decided(group: str) -> Measure:
    words, grades = _GROUP_TITLES[group]
    return Measure(
        name=f"{group}_share",
        title=f"Denials that {words} decided",
        definition=f"Denials that would not have happened but for {words}: lower end of the "
        "interval.",
        section="6",
        compute=_lower(group),
        of=_DENIALS,
        grades_from=grades,
        estimable=_ESTIMABLE.get(group, "if anybody was refused"),
    )


def _involved(group: str) -> Measure:
    words, grades = _GROUP_TITLES[group]
    return Measure(
        name=f"{group}_share_upper",
        title=f"Denials in which {words} played a part",
        definition=f"Denials in which {words} has a positive Shapley value: upper end of the "
        "interval.",
        section="6",
        compute=_upper(group),
        of=_DENIALS,
        grades_from=grades,
        estimable=_ESTIMABLE.get(group, "if anybody was refused"),
    )


REFUSALS: tuple[Measure, ...] = (
    Measure(
        name="applications",
        title="Applications",
        definition="Applications filed at any gate, whole run.",
        compute=total("applications"),
        unit="count",
        section="7.3",
        grades_from=("country.gates",),
    ),
    Measure(
        name="denials",
        title="Denials",
        definition=(
            "Applications refused at any gate, by own screening or by the regime, whole run."
        ),
        compute=total("denials"),
        unit="count",
        section="7.3",
        grades_from=("country.gates", *GATES),
    ),
    Measure(
        name="denial_rate",
        title="Applications refused",
        definition="Applications refused, by own screening or by the regime.",
        compute=rate("denials", "applications"),
        of="all applications, whole run",
        section="7.3",
        grades_from=("country.gates", *GATES),
        estimable="if anybody applied",
    ),
    *(_decided(group) for group in GROUPS),
    Measure(
        name="joint_share",
        title="Denials with several causes",
        definition=(
            "Denials whose causes were jointly necessary, or any of which would have sufficed."
        ),
        compute=_classes("jointly_necessary", "over_determined"),
        of=_DENIALS,
        section="6",
        grades_from=GATES,
        estimable="if anybody was refused",
    ),
    *(_involved(group) for group in GROUPS),
    Measure(
        name="baseline_share",
        title="Denials by own screening alone",
        definition="Denials of applications that are refused even with nothing adverse known.",
        compute=_classes("baseline"),
        of=_DENIALS,
        section="6",
        grades_from=("country.gates",),
        estimable="if anybody was refused",
    ),
    Measure(
        name="regime_denial_share",
        title="Denials by the regime's rule",
        definition="Denials by a list, threshold or rank where own screening would have granted.",
        compute=rate("denials_regime", "denials"),
        of=_DENIALS,
        section="7.3",
        grades_from=GATES,
        estimable="if anybody was refused",
    ),
)
