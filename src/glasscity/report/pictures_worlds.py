"""Charts that set this world beside the one in which nobody is scored: voice, claimed benefit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from glasscity.report import numbers, words
from glasscity.report.drawing import (
    FOUR,
    GREY,
    ONE,
    THREE,
    TWO,
    Line,
    Spec,
    bars,
    dated_lines,
    legend,
    two_worlds,
)
from glasscity.report.facts import Facts, label

__all__ = ["voices", "consensus", "chilled", "breaches", "benefit", "inclusion"]

L = words.LEGEND
A = words.AXES


def _beside(facts: Facts, column: str, text: str, colour: str) -> list[Line]:
    lines = [Line(column, text, colour)]
    if facts.has_twin:
        lines.append(Line(f"twin_{column}", f"{text} ({L['twin']})", colour, dashed=True))
    return lines


def voices(facts: Facts) -> Spec | None:
    """Lines: praise and criticism in both worlds."""
    series = _beside(facts, "praise", L["praise"], THREE)
    series += _beside(facts, "criticise", L["criticise"], TWO)
    return dated_lines(facts, "monthly", series, unit=A["share"])


def consensus(facts: Facts) -> Spec | None:
    """Lines: approval as seen and as held."""
    series = [Line("visible_consensus", L["visible_consensus"], ONE)]
    if facts.has_twin:
        text = f"{L['visible_consensus']} ({L['twin']})"
        series.append(Line(_seen_in_twin, text, ONE, dashed=True))
    series.append(Line("private_consensus", L["private_consensus"], FOUR))
    return dated_lines(facts, "monthly", series, unit=A["speakers"])


def _seen_in_twin(row: Mapping[str, Any]) -> float | None:
    praise, criticise = row["twin_praise"], row["twin_criticise"]
    if praise is None or criticise is None or not praise + criticise:
        return None
    return praise / (praise + criticise)


def chilled(facts: Facts) -> Spec | None:
    """Lines: criticism kept back and falsified praise in both worlds."""
    series = _beside(facts, "chilled", L["chilled"], TWO)
    series += _beside(facts, "falsified", L["falsified"], FOUR)
    return dated_lines(facts, "monthly", series, unit=A["share"])


def breaches(facts: Facts) -> Spec | None:
    """Lines: breaches a month in both worlds."""
    series = [Line("breaches", L["run"], ONE)]
    if facts.has_twin:
        series.append(Line("twin_breaches", L["twin"], GREY, dashed=True))
    return dated_lines(facts, "monthly", series, unit=A["breaches"], shares=False)


def benefit(facts: Facts) -> Spec | None:
    """Bars: counts of the claimed benefit, changed against the unscored world."""
    rows = [
        {"what": row["what"], "value": row["change"], "kind": kind, "text": text}
        for row in facts.rows("benefit")
        if row["change"] is not None
        for kind, text in (_change(row),)
    ]
    if not rows:
        return None
    spec = bars(rows, unit=A["change"], form="+.1~%", text="text")
    kinds, colours = (L["clear"], L["unclear"]), (ONE, GREY)
    colour = {"field": "kind", "type": "nominal", "title": None}
    colour["scale"] = {"domain": list(kinds), "range": list(colours)}
    spec["layer"][0]["encoding"]["color"] = colour
    entries = [(kind, colour, "bar") for kind, colour in zip(kinds, colours, strict=True)]
    spec["usermeta"] = {"legend": legend(*entries)}
    return spec


def _change(row: Mapping[str, Any]) -> tuple[str, str]:
    size = max(min(row["twin"], row["value"]), 1)
    sign = "+" if row["change"] > 0 else ""
    clear = numbers.clear_difference(row["value"], row["twin"], None)
    return L["clear" if clear else "unclear"], sign + numbers.percent(row["change"], size)


def inclusion(facts: Facts) -> Spec | None:
    """Dots: thin files granted, by income, in both worlds."""
    found = [row for row in facts.rows("inclusion") if row["thin_rate"] is not None]
    if not found:
        return None
    pairs = [(label(r["quintile"]), r["thin_rate"], r["twin_thin_rate"]) for r in found]
    return two_worlds(pairs, unit=A["applications"], step=28)
