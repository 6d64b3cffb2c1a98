"""What safeguards did, where a scenario has them (model.md 1)."""

from __future__ import annotations

from glasscity.rights.definition import LISTS, SOURCES, Compute, Measure, only_where, total

__all__ = ["SAFEGUARDS"]


def _of(safeguard: str, measure: str) -> Compute:
    return only_where("safeguards", total(measure), safeguard)


def _estimable(safeguard: str) -> str:
    return f"if the scenario has the safeguard '{safeguard}'"


SAFEGUARDS: tuple[Measure, ...] = (
    Measure(
        name="guard_withdrawn",
        title="Wrong records withdrawn in time",
        definition="Months in which a person's wrong records were withdrawn before they counted, "
        "whole run.",
        compute=_of("correction", "guard_withdrawn"),
        unit="count",
        section="7.6",
        grades_from=SOURCES,
        estimable=_estimable("correction"),
    ),
    Measure(
        name="guard_lifted",
        title="Refusals lifted by a review",
        definition=(
            "Refusals by the regime alone that a person lifted because neither a listing nor a "
            "record of the gate's own sphere stood behind them, whole run."
        ),
        compute=_of("review", "guard_lifted"),
        unit="count",
        section="7.6",
        grades_from=("regime.gates", "regime.joint_punishment"),
        estimable=_estimable("review"),
    ),
    Measure(
        name="guard_opened",
        title="Essential gates kept open",
        definition="Months in which a citizen found an essential gate open that the regime would "
        "have closed, whole run.",
        compute=_of("essentials", "guard_opened"),
        unit="count",
        section="7.6",
        grades_from=("country.gates", "regime.gates"),
        estimable=_estimable("essentials"),
    ),
    Measure(
        name="exits_repair",
        title="Listings ended by repair",
        definition="Exits from lists because the obligation was kept afterwards, whole run.",
        compute=_of("repair", "exits_repair"),
        unit="count",
        section="7.6",
        grades_from=LISTS,
        estimable=_estimable("repair"),
    ),
)
