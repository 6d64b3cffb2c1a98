"""Charts of a pair, by name: each is a function from its facts to a specification.

The base is blue, solid and round, the other world orange, dashed and square in every chart.  A
picture is None where its table has nothing to show.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from glasscity.report import numbers, words
from glasscity.report.drawing import (
    GREY,
    ONE,
    TWO,
    Line,
    Spec,
    bars,
    category,
    dated_lines,
    legend,
    percent_axis,
    shell,
    two_worlds,
)
from glasscity.report.pair_facts import PairFacts
from glasscity.report.pair_pictures_groups import groups, histogram, moved, savings, winners

__all__ = ["PAIR_PICTURES"]

A = words.AXES
SIDES = (("base", ONE), ("other", TWO))


def _worlds(facts: PairFacts) -> tuple[tuple[str, str], tuple[str, str]]:
    return (facts.names[0], ONE), (facts.names[1], TWO)


def _lines(facts: PairFacts, column: str, text: str = "") -> list[Line]:
    found = []
    for (side, colour), name in zip(SIDES, facts.names, strict=True):
        called = f"{text}: {name}" if text else name
        found.append(Line(f"{side}_{column}", called, colour, dashed=side == "other"))
    return found


def shut_out(facts: PairFacts) -> Spec | None:
    """Lines: shut out of something in both worlds."""
    if not any(r["base_restricted"] or r["other_restricted"] for r in facts.rows("monthly")):
        return None
    return dated_lines(facts, "monthly", _lines(facts, "restricted"), unit=A["share"])


# What the chart calls the lines of the table, short enough for a phone.
_WHERE = {
    "neither": "neither world",
    "base_only": "first world alone",
    "both": "both worlds",
    "other_only": "second world alone",
}
_THROUGH = {
    "refused": "refused by the rule",
    "here": "refused: own breach here",
    "spillover": "refused: another sphere",
    "association": "refused: whom one knows",
    "speech": "refused: what one said",
    "error": "refused: an error on record",
    "means": "refused: lack of means",
    "profile": "refused: way of living",
    "favour": "refused: an official",
    "listed": "entered on a list",
    "unwilling": "listed: unwilling, or conduct",
    "unable": "listed: unable to pay",
    "mixed": "listed: partly unable",
    "false_alarm": "listed: a false alarm",
    "mix_up": "listed: a namesake's record",
    "neither_refused_nor_listed": "closed, and never asked",
}


def only(facts: PairFacts) -> Spec | None:
    """Bars: shut out at some time in one world alone, or in both."""
    rows = [
        {
            "what": _WHERE[row["key"]],
            "value": row["ever_share"],
            "kind": _WHERE[row["key"]],
            "text": numbers.percent(row["ever_share"], row["of"]),
        }
        for row in facts.rows("shut_out")
        if row["ever_share"] is not None
    ]
    if not rows:
        return None
    spec = bars(rows, unit=A["share"], text="text", step=26)
    colour: Spec = {"field": "kind", "type": "nominal", "title": None}
    colour["scale"] = {"domain": list(_WHERE.values()), "range": [GREY, ONE, GREY, TWO]}
    spec["layer"][0]["encoding"]["color"] = colour
    entries = [(name, shade, "bar") for name, shade in _worlds(facts)]
    spec["usermeta"] = {"legend": legend(*entries)}
    return spec


def through(facts: PairFacts) -> Spec | None:
    """Dots: through what people are shut out in one world alone."""
    found = [r for r in facts.rows("through") if r["base_only"] or r["other_only"]]
    if not found:
        return None
    pairs = [(_THROUGH[row["entry"]], row["base_share"], row["other_share"]) for row in found]
    unit = "share of those shut out in one world alone"
    return two_worlds(pairs, unit=unit, step=22, worlds=_worlds(facts))


def survival(facts: PairFacts) -> Spec | None:
    """Draw steps: the share of spells that last longer, in both worlds, with bands."""
    rows = [row for row in facts.rows("survival") if row["surviving"] is not None]
    if len(rows) < 3:
        return None
    seen = [name for name in facts.names if any(row["world"] == name for row in rows)]
    colours = dict(_worlds(facts))
    x: Spec = {"field": "month", "type": "quantitative"}
    x["axis"] = {"title": A["months"], "tickMinStep": 1, "tickCount": 8, "grid": False}
    y: Spec = {"field": "surviving", "type": "quantitative", "scale": {"domain": [0, 1]}}
    y["axis"] = percent_axis(A["spells"])
    colour: Spec = {"field": "world", "type": "nominal", "title": None}
    colour["scale"] = {"domain": seen, "range": [colours[name] for name in seen]}
    dash: Spec = {"field": "world", "type": "nominal", "title": None}
    dashes = {facts.names[0]: [1, 0], facts.names[1]: [5, 4]}
    dash["scale"] = {"domain": seen, "range": [dashes[name] for name in seen]}
    tip = [
        {"field": "world", "type": "nominal", "title": "world"},
        {"field": "month", "type": "quantitative", "title": A["months"]},
        {"field": "surviving", "type": "quantitative", "title": A["spells"], "format": ".1%"},
        {"field": "at_risk", "type": "quantitative", "title": "under observation", "format": ","},
    ]
    step = {"interpolate": "step-after"}
    half = {"mark": {"type": "rule", "color": GREY, "strokeDash": [2, 3]}}
    band = {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}, "color": colour}
    line = {"x": x, "y": y, "color": colour}
    hover = {"type": "point", "opacity": 0, "size": 90, "filled": True}
    spec = shell(
        rows,
        height=240,
        layer=[
            {**half, "encoding": {"y": {"datum": 0.5}}},
            {"mark": {"type": "area", "opacity": 0.2, **step}, "encoding": band},
            {
                "mark": {"type": "line", "strokeWidth": 2.2, **step},
                "encoding": {**line, "strokeDash": dash},
            },
            {"mark": hover, "encoding": {**line, "tooltip": tip}},
        ],
    )
    kinds = {facts.names[0]: "line", facts.names[1]: "dash"}
    entries = legend(*((name, colours[name], kinds[name]) for name in seen))
    spec["usermeta"] = {"legend": entries, "said": _survives(facts)}
    return spec


def _survives(facts: PairFacts) -> str:
    rows = [r for r in facts.rows("trapped") if r["what"].startswith("still shut out")]
    said = []
    for row in rows:
        values = [
            "not known" if row[side] is None else f"{100 * row[side]:.0f} %"
            for side in ("base", "other")
        ]
        said.append(f"{row['what']}: {facts.names[0]} {values[0]}, {facts.names[1]} {values[1]}")
    return "; ".join(said) + "." if said else ""


def gates(facts: PairFacts) -> Spec | None:
    """Dots: refused in both worlds, gate by gate."""
    found = [r for r in facts.rows("gates") if r["base_rate"] or r["other_rate"]]
    found.sort(key=lambda row: -max(row["base_rate"] or 0, row["other_rate"] or 0))
    if not found:
        return None
    pairs = [(facts.label(row["gate"]), row["base_rate"], row["other_rate"]) for row in found]
    return two_worlds(pairs, unit=A["applications"], step=20, worlds=_worlds(facts))


def causes(facts: PairFacts) -> Spec | None:
    """Intervals: what decided the refusals that have a cause, in both worlds."""
    rows = [
        {
            "what": facts.label(row["group"]),
            "world": name,
            "low": row[f"{side}_lower"],
            "high": row[f"{side}_upper"],
            "text": numbers.span(row[f"{side}_lower"], row[f"{side}_upper"], row[f"{side}_of"]),
        }
        for row in facts.rows("causes")
        for (side, _), name in zip(SIDES, facts.names, strict=True)
        if row[f"{side}_upper"]
    ]
    if not rows:
        return None
    what = list(dict.fromkeys(row["what"] for row in rows))
    y = category("what", what)
    offset = {"field": "world", "type": "nominal", "sort": list(facts.names)}
    seen = [name for name in facts.names if any(row["world"] == name for row in rows)]
    colours = dict(_worlds(facts))
    colour: Spec = {"field": "world", "type": "nominal", "title": None}
    colour["scale"] = {"domain": seen, "range": [colours[name] for name in seen]}
    unit = A["refusals"]
    x: Spec = {"field": "low", "type": "quantitative", "axis": percent_axis(unit), "title": unit}
    tip = [
        {"field": "what", "type": "nominal", "title": "what"},
        {"field": "world", "type": "nominal", "title": "world"},
        {"field": "text", "type": "nominal", "title": unit},
    ]
    places = {"y": y, "yOffset": offset, "color": colour, "tooltip": tip}
    ends = {"type": "tick", "thickness": 2.5, "height": 10}
    spec = shell(
        rows,
        height=34 * len(what),
        layer=[
            {
                "mark": {"type": "bar", "opacity": 0.45, "height": 7},
                "encoding": {**places, "x": x, "x2": {"field": "high"}},
            },
            {"mark": ends, "encoding": {**places, "x": x}},
            {"mark": ends, "encoding": {**places, "x": {**x, "field": "high"}}},
        ],
    )
    entries = [(name, colours[name], "bar") for name in seen]
    spec["usermeta"] = {"legend": legend(*entries)}
    return spec


def voices(facts: PairFacts) -> Spec | None:
    """Lines: praise and criticism in both worlds."""
    return _two_by_two(facts, ("praise", "praise"), ("criticise", "criticise"))


def chilled(facts: PairFacts) -> Spec | None:
    """Lines: criticism kept back and falsified praise in both worlds."""
    return _two_by_two(
        facts, ("chilled", words.LEGEND["chilled"]), ("falsified", words.LEGEND["falsified"])
    )


def _two_by_two(facts: PairFacts, *columns: tuple[str, str]) -> Spec | None:
    """Return lines of two columns in both worlds: a colour for what, dashed for the other world."""
    series = []
    for (column, text), colour in zip(columns, ("var(--three)", "var(--four)"), strict=True):
        for side, name in zip(("base", "other"), facts.names, strict=True):
            series.append(
                Line(f"{side}_{column}", f"{text}: {name}", colour, dashed=side == "other")
            )
    return dated_lines(facts, "monthly", series, unit=A["share"])


def breaches(facts: PairFacts) -> Spec | None:
    """Lines: breaches a month in both worlds."""
    series = _lines(facts, "breaches")
    return dated_lines(facts, "monthly", series, unit=A["breaches"], shares=False)


def benefit(facts: PairFacts) -> Spec | None:
    """Bars with intervals: counts of the claimed benefit, changed against the base."""
    rows: list[dict[str, Any]] = []
    named = words.LEGEND["clear"], words.LEGEND["unclear"]
    for row in facts.rows("benefit"):
        if row["change"] is None or row["change_error"] is None:
            continue
        error = row["change_error"]
        digits = numbers.within(100 * row["change"], 100 * error)
        rows.append(
            {
                "what": row["what"],
                "value": row["change"],
                "low": row["change"] - error,
                "high": row["change"] + error,
                "kind": named[0 if row["verdict"] == "clear" else 1],
                "text": f"{'+' if row['change'] > 0 else ''}{digits} %",
            }
        )
    if not rows:
        return None
    unit = f"change against {facts.names[0]}"
    spec = bars(rows, unit=unit, form="+.1~%", text="text", step=24)
    colour: Spec = {"field": "kind", "type": "nominal", "title": None}
    colour["scale"] = {"domain": list(named), "range": [ONE, GREY]}
    spec["layer"][0]["encoding"]["color"] = colour
    bar = spec["layer"][0]["encoding"]
    spec["layer"].append(
        {
            "mark": {"type": "rule", "color": "var(--ink)", "strokeWidth": 1.5},
            "encoding": {"y": bar["y"], "x": {**bar["x"], "field": "low"}, "x2": {"field": "high"}},
        }
    )
    entries = [(kind, shade, "bar") for kind, shade in zip(named, (ONE, GREY), strict=True)]
    spec["usermeta"] = {"legend": legend(*entries)}
    return spec


def inclusion(facts: PairFacts) -> Spec | None:
    """Dots: thin files granted, by income, in both worlds."""
    return _by_income(facts, "inclusion", "thin_rate", A["applications"])


def touched(facts: PairFacts) -> Spec | None:
    """Dots: living with somebody who is shut out, by income, in both worlds."""
    return _by_income(facts, "households", "touched", A["share"])


def _by_income(facts: PairFacts, table: str, column: str, unit: str) -> Spec | None:
    pairs = [
        (facts.label(row["quintile"]), row[f"base_{column}"], row[f"other_{column}"])
        for row in facts.rows(table)
    ]
    if not any(value for _, *values in pairs for value in values):
        return None
    return two_worlds(pairs, unit=unit, step=28, worlds=_worlds(facts))


def decomposition(facts: PairFacts) -> Spec | None:
    """Bars: proximate, simultaneity and feedback of each mechanism's refusals."""
    parts = ("proximate", "simultaneity", "feedback")
    shades = (ONE, TWO, "var(--three)")
    rows = [
        {"what": facts.label(row["cause"]), "part": part, "value": row[part]}
        for row in facts.rows("decomposition")
        # One world's causes at a time: the first that has them.
        if row["world"] == facts.rows("decomposition")[0]["world"]
        for part in parts
    ]
    if not rows:
        return None
    y = category("what", list(dict.fromkeys(row["what"] for row in rows)))
    colour: Spec = {"field": "part", "type": "nominal", "title": None}
    colour["scale"] = {"domain": list(parts), "range": list(shades)}
    unit = "refusals that it makes"
    x: Spec = {"field": "value", "type": "quantitative", "title": unit}
    x["axis"] = {"format": ",d", "title": unit, "tickCount": 5, "tickMinStep": 1}
    tip: list[Mapping[str, Any]] = [
        {"field": "what", "type": "nominal", "title": "cause"},
        {"field": "part", "type": "nominal", "title": "part"},
        {"field": "value", "type": "quantitative", "title": unit, "format": ","},
    ]
    offset = {"field": "part", "type": "nominal", "sort": list(parts)}
    spec = shell(
        rows,
        height=14 * len(rows) + 8,
        layer=[
            {
                "mark": {"type": "bar"},
                "encoding": {"y": y, "yOffset": offset, "x": x, "color": colour, "tooltip": tip},
            },
            {"mark": {"type": "rule", "color": "var(--soft)"}, "encoding": {"x": {"datum": 0}}},
        ],
    )
    entries = [(part, shade, "bar") for part, shade in zip(parts, shades, strict=True)]
    spec["usermeta"] = {"legend": legend(*entries)}
    return spec


PAIR_PICTURES: dict[str, Callable[[PairFacts], Spec | None]] = {
    one.__name__: one
    for one in (
        shut_out,
        only,
        through,
        survival,
        histogram,
        winners,
        savings,
        groups,
        gates,
        moved,
        causes,
        voices,
        chilled,
        benefit,
        breaches,
        inclusion,
        touched,
        decomposition,
    )
}
