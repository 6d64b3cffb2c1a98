"""Scores bent by officials, by the scored and by neighbours, where a scenario has it."""

from __future__ import annotations

from glasscity.rights.definition import Compute, Measure, only_where, share_of_citizens, total

__all__ = ["MANIPULATION"]


def _estimable(manipulation: str) -> str:
    return f"if the scenario has the manipulation '{manipulation}'"


def _of(manipulation: str, measure: str) -> Compute:
    return only_where("manipulations", share_of_citizens(measure), manipulation)


MANIPULATION: tuple[Measure, ...] = (
    Measure(
        name="gamed_share",
        title="Gaming their score",
        definition="Citizens who stage activity or buy friends to raise their score.",
        compute=_of("gaming", "gamed"),
        section="5.6",
        grades_from=("behaviour.gaming_share", "behaviour.gaming_profile", "behaviour.gaming_ties"),
        estimable=_estimable("gaming"),
    ),
    Measure(
        name="false_reports",
        title="False reports",
        definition="Records of what never happened, made by a neighbour's report, whole run.",
        compute=only_where("manipulations", total("false_reports"), "false-reports"),
        unit="count",
        section="5.6",
        grades_from=("behaviour.report_rate",),
        estimable=_estimable("false-reports"),
    ),
    Measure(
        name="favoured_share",
        title="Raised by officials",
        definition="Citizens whose score an official raised.",
        compute=_of("officials", "favoured"),
        section="5.6",
        grades_from=("regime.officials", "behaviour.official_points"),
        estimable=_estimable("officials"),
    ),
    Measure(
        name="punished_share",
        title="Lowered by officials",
        definition="Citizens whose score an official lowered.",
        compute=_of("officials", "punished"),
        section="5.6",
        grades_from=("regime.officials", "behaviour.official_points"),
        estimable=_estimable("officials"),
    ),
)
