"""Tables of the gates: what was refused, why, and to whom each gate is closed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from glasscity.results.cube import GROUPINGS
from glasscity.rights.causes import GROUPS, DenialCauses, shapley_by_gate
from glasscity.rights.definition import GATES as GATE_GRADES
from glasscity.rights.definition import in_force
from glasscity.rights.tabulate import Pair, Rows, Table, number, share, table
from glasscity.rights.view import ratio
from glasscity.terms import (
    CAUSE_GROUPS,
    CAUSES,
    CLASSES,
    GATES,
)

if TYPE_CHECKING:
    pass

__all__ = ["MAKERS"]


def gates(pair: Pair) -> Table:
    """Return applications, denials and their causes, gate by gate."""
    view, twin, causes = pair.view, pair.twin, pair.view.once(DenialCauses)
    people = int(view.citizens[0])
    attributed, by_class = causes.attributed()[0], {k: causes.of_class(k)[0] for k in CLASSES}
    lower = {group: causes.lower(group)[0] for group in CAUSE_GROUPS}
    upper = {group: causes.upper(group)[0] for group in CAUSE_GROUPS}
    ruled = causes.by_rule()[0]
    lower_ruled = {group: causes.by_rule(group)[0] for group in CAUSE_GROUPS}
    rows: Rows = []
    for code, gate in enumerate(GATES):
        applied = int(view.total("applications", gate=gate)[0])
        refused = int(view.total("denials", gate=gate)[0])
        rate = share(refused, applied)
        other = None
        if twin is not None:
            asked = twin.total("applications", gate=gate)[0]
            other = share(twin.total("denials", gate=gate)[0], asked)
        row: dict[str, Any] = {
            "gate": gate,
            "sphere": view.run.meta["gate_spheres"][code],
            "applications": applied,
            "grants": int(view.total("grants", gate=gate)[0]),
            "denials": refused,
            "denial_rate": rate,
            "twin_denial_rate": other,
            "difference": None if rate is None or other is None else rate - other,
            "by_rule": int(view.total("denials_regime", gate=gate)[0]),
            "closed_share": share(view.last("closed", gate=gate)[0], people),
            "closed_months": share(view.total("closed", gate=gate)[0], people),
        }
        for group in CAUSE_GROUPS:
            row[f"{group}_lower"] = share(lower[group][code], attributed[code])
            row[f"{group}_upper"] = share(upper[group][code], attributed[code])
            row[f"{group}_of_rule"] = share(lower_ruled[group][code], ruled[code])
        for klass in CLASSES:
            row[klass] = share(by_class[klass][code], attributed[code])
        rows.append(row)
    columns = {
        "gate": ("gate", "", ""),
        "sphere": ("sphere", "", ""),
        "applications": ("applications", "count", "filed, whole run"),
        "grants": ("granted", "count", "whole run"),
        "denials": ("refused", "count", "by own screening or the regime, whole run"),
        "denial_rate": ("refused", "share", "of applications"),
        "twin_denial_rate": ("refused, unscored", "share", "of applications in the twin"),
        "difference": ("difference", "share", "refused less refused in the twin"),
        "by_rule": ("by the rule", "count", "own screening would have granted"),
        "closed_share": ("closed", "share", "of citizens, last month"),
        "closed_months": ("months closed", "months", "per citizen, whole run"),
    }
    for group in CAUSE_GROUPS:
        columns[f"{group}_lower"] = (f"{group}, at least", "share", "of the gate's denials: undone")
        columns[f"{group}_upper"] = (f"{group}, at most", "share", "of the gate's denials: touched")
        about = "of the gate's denials by the regime's rule: undone"
        columns[f"{group}_of_rule"] = (f"{group}, of the rule's", "share", about)
    for klass in CLASSES:
        columns[klass] = (klass.replace("_", " "), "share", "of the gate's denials")
    about = "Applications and denials of the whole run, and what decided the denials."
    return table(
        pair.run, "gates", "Gate by gate", about, columns, rows, (*GATE_GRADES, "country.gates")
    )


def causes_by_gate(pair: Pair) -> Table:
    """Return each cause's Shapley share of the denials that have a cause."""
    sums = shapley_by_gate(pair.view)
    rows: Rows = [
        {
            "gate": gate,
            "caused": float(line.sum()),
            **{cause: share(value, line.sum()) for cause, value in zip(CAUSES, line, strict=True)},
        }
        for gate, line in zip((*GATES, "all"), (*sums, sums.sum(axis=0)), strict=True)
    ]
    columns = {
        "gate": ("gate", "", ""),
        "caused": ("denials", "count", "that have a cause"),
        **{
            cause: (cause.replace("_", " "), "share", "Shapley share; they add up to one")
            for cause in CAUSES
        },
    }
    about = "How the denials that have a cause divide among causes (Shapley values)."
    return table(pair.run, "causes", "Causes of denials", about, columns, rows, GATE_GRADES)


def rule_denials(pair: Pair) -> Table:
    """Return each group of causes over three denominators."""
    causes = pair.view.once(DenialCauses)
    attributed = causes.attributed().sum()
    caused, ruled = causes.caused().sum(), causes.by_rule().sum()
    rows: Rows = []
    bent = in_force(pair.view, "manipulations", "officials")
    for group in (one for one in GROUPS if bent or one != "favour"):
        lower, upper = causes.lower(group).sum(), causes.upper(group).sum()
        rows.append(
            {
                "group": group,
                "lower": share(lower, attributed),
                "upper": share(upper, attributed),
                "lower_of_caused": share(lower, caused),
                "upper_of_caused": share(upper, caused),
                "lower_of_rule": share(causes.by_rule(group).sum(), ruled),
                "denials": int(attributed),
                "caused": int(caused),
                "by_rule": int(ruled),
            }
        )
    columns = {
        "group": ("what decided", "", ""),
        "lower": ("at least", "share", "of all denials, baseline included: undone without it"),
        "upper": ("at most", "share", "of all denials, baseline included: touched by it"),
        "lower_of_caused": ("at least, of caused", "share", "of denials that have a cause"),
        "upper_of_caused": ("at most, of caused", "share", "of denials that have a cause"),
        "lower_of_rule": ("at least, of the rule's", "share", "of denials by the regime's rule"),
        "denials": ("denials", "count", "all, whole run"),
        "caused": ("with a cause", "count", "all but baseline"),
        "by_rule": ("by the rule", "count", "own screening would have granted"),
    }
    about = "The same counts over three denominators; the headline uses all denials."
    return table(
        pair.run, "denial_groups", "What decided denials", about, columns, rows, GATE_GRADES
    )


def exposure(pair: Pair) -> Table:
    """Return months with each gate closed, per citizen of each group."""
    rows: Rows = []
    for kind in GROUPINGS:
        view, _ = pair.by(kind)
        months = {g: ratio(view.total("closed", gate=g), view.citizens) for g in GATES}
        rows += [
            {"grouping": kind, "group": word, **{g: number(months[g][at]) for g in GATES}}
            for at, word in enumerate(view.names)
        ]
    columns = {
        "grouping": ("by", "", ""),
        "group": ("group", "", ""),
        **{gate: (gate.replace("_", " "), "months", "closed, per citizen") for gate in GATES},
    }
    about = "Months in which the regime keeps each gate closed, per citizen, whole run."
    return table(pair.run, "exposure", "Closed gates by group", about, columns, rows, GATE_GRADES)


MAKERS: tuple[Callable[[Pair], Table], ...] = (
    gates,
    causes_by_gate,
    rule_denials,
    exposure,
)
