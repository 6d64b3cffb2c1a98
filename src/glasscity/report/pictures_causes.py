"""Charts of what is refused and why, and of what stands behind the lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from glasscity.report import numbers, words
from glasscity.report.drawing import (
    FIVE,
    FOUR,
    GREY,
    ONE,
    THREE,
    TWO,
    Spec,
    amount,
    bars,
    category,
    legend,
    ranges,
    shell,
    two_worlds,
)
from glasscity.report.facts import Facts, label
from glasscity.terms import CAUSES, CLASSES, LISTING_CAUSES

__all__ = ["refused", "denials", "causes", "causes_by_gate", "classes", "shapley", "listings"]

L = words.LEGEND
A = words.AXES


def refused(facts: Facts) -> Spec | None:
    """Bars: refusals here less refusals where nobody is scored, in points."""
    rows = [
        {
            "what": label(row["gate"]),
            "value": 100 * row["difference"],
            "text": numbers.points(
                row["difference"],
                row["denial_rate"],
                min(row["applications"], facts.citizens),
            ),
        }
        for row in facts.rows("gates")
        if row["difference"]
    ]
    rows.sort(key=lambda row: -row["value"])
    return bars(rows, unit=A["points"], form="~g", text="text") if rows else None


def denials(facts: Facts) -> Spec | None:
    """Dots: refused here and where nobody is scored, gate by gate."""
    found = [row for row in facts.rows("gates") if row["denial_rate"] is not None]
    if not found:
        return None
    found.sort(key=lambda row: -row["denial_rate"])
    return two_worlds(
        [(label(row["gate"]), row["denial_rate"], row["twin_denial_rate"]) for row in found],
        unit=A["applications"],
        step=20,
    )


def causes(facts: Facts) -> Spec | None:
    """Intervals: what decided the refusals that have a cause."""
    rows = [
        {
            "what": label(row["group"]),
            "low": row["lower_of_caused"],
            "high": row["upper_of_caused"],
            "text": numbers.span(
                row["lower_of_caused"],
                row["upper_of_caused"],
                min(row["caused"], facts.citizens),
            ),
        }
        for row in facts.rows("denial_groups")
        if row["lower_of_caused"] is not None
    ]
    return ranges(rows, unit=A["refusals"], step=30) if rows else None


def causes_by_gate(facts: Facts, group: str = "spillover") -> Spec | None:
    """Intervals: one group of causes, gate by gate."""
    rows = [
        {
            "what": label(row["gate"]),
            "low": row[f"{group}_lower"],
            "high": row[f"{group}_upper"],
            "text": numbers.span(
                row[f"{group}_lower"], row[f"{group}_upper"], min(row["denials"], facts.citizens)
            ),
        }
        for row in facts.rows("gates")
        if row[f"{group}_lower"] is not None
    ]
    rows.sort(key=lambda row: -row["high"])
    shown = any(row["high"] for row in rows)
    return ranges(rows, unit=A["gate_refusals"], step=18) if shown else None


def _stacked(
    rows: list[dict[str, Any]], kinds: Sequence[str], colours: Sequence[str], order: list[str]
) -> Spec:
    y = category("what", order)
    x = amount("value", A["gate_refusals"], domain=[0, 1])
    x["stack"] = "zero"
    colour = {"field": "kind", "type": "nominal", "title": None, "sort": list(kinds)}
    colour["scale"] = {"domain": list(kinds), "range": list(colours)}
    tip = [
        {"field": "what", "type": "nominal", "title": "gate"},
        {"field": "kind", "type": "nominal", "title": "what"},
        {"field": "value", "type": "quantitative", "title": "share", "format": ".1%"},
    ]
    mark = {"type": "bar", "height": {"band": 0.66}, "stroke": "var(--paper)", "strokeWidth": 1}
    encoding = {"y": y, "x": x, "color": colour, "tooltip": tip}
    encoding["order"] = {"field": "place", "type": "quantitative"}
    spec = shell(rows, height=22 * len(order), layer=[{"mark": mark, "encoding": encoding}])
    spec["usermeta"] = {
        "legend": legend(*((k, c, "bar") for k, c in zip(kinds, colours, strict=True)))
    }
    return spec


def classes(facts: Facts) -> Spec | None:
    """Bars in parts: refusals by how many causes decided them."""
    found = [row for row in facts.rows("gates") if row["baseline"] is not None]
    if not found:
        return None
    found.sort(key=lambda row: row["baseline"])
    kinds = [label(klass) for klass in CLASSES]
    rows = [
        {"what": label(row["gate"]), "kind": label(klass), "value": row[klass], "place": place}
        for row in found
        for place, klass in enumerate(CLASSES)
    ]
    order = [label(row["gate"]) for row in found]
    return _stacked(rows, kinds, (GREY, ONE, THREE, TWO), order)


def shapley(facts: Facts) -> Spec | None:
    """Bars: how the refusals that have a cause divide among causes."""
    whole = facts.rows("causes")[-1]
    if not whole["caused"]:
        return None
    size = min(whole["caused"], facts.citizens)
    rows = [
        {
            "what": label(cause),
            "value": whole[cause],
            "text": numbers.percent(whole[cause], size),
        }
        for cause in CAUSES
        if whole[cause]
    ]
    return bars(rows, unit=A["refusals"], text="text")


def listings(facts: Facts) -> Spec | None:
    """Bars in groups: what stands behind the entries on each list."""
    found = [row for row in facts.rows("lists") if row["entries"]]
    kinds = [label(cause) for cause in LISTING_CAUSES]
    colours = (ONE, TWO, FIVE, FOUR, THREE)
    rows = [
        {
            "what": row["list"],
            "kind": label(cause),
            "value": row[cause],
            "text": numbers.percent(row[cause], row["entries"]),
        }
        for row in found
        for cause in LISTING_CAUSES
    ]
    if not rows:
        return None
    y = category("what", [row["list"] for row in found])
    y["scale"] = {"paddingInner": 0.3}
    colour = {"field": "kind", "type": "nominal", "title": None}
    colour["scale"] = {"domain": kinds, "range": list(colours)}
    tip = [
        {"field": "what", "type": "nominal", "title": "list"},
        {"field": "kind", "type": "nominal", "title": "what"},
        {"field": "text", "type": "nominal", "title": A["entries"]},
    ]
    offset = {"field": "kind", "type": "nominal", "sort": kinds}
    encoding = {"y": y, "yOffset": offset, "x": amount("value", A["entries"]), "color": colour}
    layer = [{"mark": {"type": "bar"}, "encoding": {**encoding, "tooltip": tip}}]
    spec = shell(rows, height=62 * len(found), layer=layer)
    spec["usermeta"] = {
        "legend": legend(*((k, c, "bar") for k, c in zip(kinds, colours, strict=True)))
    }
    return spec
