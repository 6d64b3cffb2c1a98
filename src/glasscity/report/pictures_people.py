"""Charts of who is shut out, for how long, and of who has which score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from glasscity.report import numbers, words
from glasscity.report.drawing import (
    FIVE,
    FOUR,
    GREY,
    INK,
    ONE,
    SOFT,
    THREE,
    TWO,
    Line,
    Spec,
    amount,
    bars,
    category,
    dated_lines,
    legend,
    percent_axis,
    quoted,
    shell,
)
from glasscity.report.facts import Facts, label

__all__ = ["shut_out", "survival", "closed", "groups", "provinces", "adoption", "scores"]

L = words.LEGEND
A = words.AXES


def _differ(facts: Facts, one: str, other: str) -> bool:
    return any(row[one] != row[other] for row in facts.rows("monthly"))


def shut_out(facts: Facts) -> Spec | None:
    """Lines: shut out of something, with and without ranks, and on a list."""
    if not any(row["restricted"] or row["listed"] for row in facts.rows("monthly")):
        return None
    series = [Line("restricted", L["restricted"], ONE)]
    if _differ(facts, "restricted", "restricted_without_rank"):
        name = "restricted_without_rank"
        series.append(Line(name, L[name], ONE, dashed=True))
    if _differ(facts, "restricted", "listed"):
        series.append(Line("listed", L["listed"], TWO, dashed=True))
    return dated_lines(facts, "monthly", series, unit=A["share"])


def survival(facts: Facts) -> Spec | None:
    """Draw steps: the share of spells that last longer."""
    rows = [row for row in facts.rows("spells") if row["surviving"] is not None]
    if len(rows) < 2:
        return None
    x: Spec = {"field": "month", "type": "quantitative"}
    x["axis"] = {"title": A["months"], "tickMinStep": 1, "tickCount": 8, "grid": False}
    y: Spec = {"field": "surviving", "type": "quantitative", "scale": {"domain": [0, 1]}}
    y["axis"] = percent_axis(A["spells"])
    tip = [
        {"field": "month", "type": "quantitative", "title": A["months"]},
        {"field": "surviving", "type": "quantitative", "title": A["spells"], "format": ".1%"},
        {"field": "at_risk", "type": "quantitative", "title": "under observation", "format": ","},
    ]
    half = {"type": "rule", "color": GREY, "strokeDash": [2, 3]}
    line = {"type": "line", "interpolate": "step-after", "strokeWidth": 2.2, "color": ONE}
    hover = {"type": "point", "opacity": 0, "size": 90, "filled": True, "color": ONE}
    return shell(
        rows,
        height=230,
        layer=[
            {"mark": half, "encoding": {"y": {"datum": 0.5}}},
            {"mark": line, "encoding": {"x": x, "y": y}},
            {"mark": hover, "encoding": {"x": x, "y": y, "tooltip": tip}},
        ],
    )


def closed(facts: Facts) -> Spec | None:
    """Bars: the share of citizens to whom each gate is closed."""
    rows = [
        {
            "what": label(row["gate"]),
            "value": row["closed_share"],
            "text": numbers.percent(row["closed_share"], facts.citizens),
        }
        for row in facts.rows("gates")
        if row["closed_share"]
    ]
    rows.sort(key=lambda row: -row["value"])
    return bars(rows, unit=A["share"], text="text") if rows else None


def _with_error(facts: Facts, chosen: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return groups with the error that chance gives groups of their size."""
    found = []
    for row in chosen:
        share, size = row["restricted_share"], row["citizens"]
        if share is None or not size:
            continue
        error = 2.0 * (max(share * (1 - share), 1 / size) / size) ** 0.5
        found.append(
            {
                "what": label(row["group"]),
                "value": share,
                "low": max(share - error, 0.0),
                "high": min(share + error, 1.0),
                "size": size,
                "text": numbers.percent(share, size),
            }
        )
    return found


def _dots(facts: Facts, rows: list[dict[str, Any]], *, headings: Sequence[str] = ()) -> Spec:
    bold = [f"datum.value == {quoted(word)}" for word in headings]
    more: Spec = {}
    if bold:
        test = " || ".join(bold)
        more["labelFontWeight"] = {"condition": {"test": test, "value": "bold"}, "value": "normal"}
        more["labelColor"] = {"condition": {"test": test, "value": INK}, "value": SOFT}
        more["labelPadding"] = 8
    y = category("what", [row["what"] for row in rows], **more)
    tip = [
        {"field": "what", "type": "nominal", "title": "group"},
        {"field": "text", "type": "nominal", "title": "shut out"},
        {"field": "size", "type": "quantitative", "title": "citizens", "format": ","},
    ]
    x = amount("value", A["share"])
    everybody = facts.value("restricted_share") or 0
    return shell(
        rows,
        height=20 * len(rows),
        layer=[
            {
                "mark": {"type": "rule", "color": GREY, "strokeDash": [2, 3]},
                "encoding": {"x": {"datum": everybody}},
            },
            {
                "mark": {"type": "rule", "color": ONE, "opacity": 0.5, "strokeWidth": 2},
                "encoding": {"y": y, "x": amount("low", A["share"]), "x2": {"field": "high"}},
            },
            {
                "mark": {"type": "point", "filled": True, "size": 70, "color": ONE, "opacity": 1},
                "encoding": {"y": y, "x": x, "tooltip": tip},
            },
        ],
    )


def groups(facts: Facts) -> Spec | None:
    """Dots: shut out of something, by income, age, area and opinion."""
    rows: list[dict[str, Any]] = []
    headings = []
    for kind in ("quintile", "age", "area", "camp"):
        found = _with_error(facts, [r for r in facts.rows("groups") if r["grouping"] == kind])
        if found:
            headings.append(label(kind).capitalize())
            rows += [{"what": headings[-1], "value": None, "low": None, "high": None}, *found]
    return _dots(facts, rows, headings=headings) if any(row["value"] for row in rows) else None


def provinces(facts: Facts) -> Spec | None:
    """Dots: shut out of something, by province, the most first."""
    rows = _with_error(facts, [r for r in facts.rows("groups") if r["grouping"] == "province"])
    rows.sort(key=lambda row: -row["value"])
    shown = len(rows) > 1 and any(row["value"] for row in rows)
    return _dots(facts, rows) if shown else None


def adoption(facts: Facts) -> Spec | None:
    """Line: who has a score."""
    if not any(row["enrolled"] for row in facts.rows("adoption")):
        return None
    series = [Line("enrolled", L["enrolled"], ONE)]
    return dated_lines(facts, "adoption", series, unit=A["share"])


def scores(facts: Facts) -> Spec | None:
    """Lines: the distribution of scores at selected months."""
    found = facts.rows("scores")
    if not found:
        return None
    months = sorted({row["month"] for row in found})
    # A long run has more months than a picture can tell apart: the first, and the last few.
    months = months if len(months) <= 6 else [months[0], *months[-5:]]
    names = {month: facts.calendar.name(month) for month in months}
    rows = [
        {
            "score": row["from"] + 12,
            "bin": f"{row['from']} to {row['to']}",
            "share": row["share"],
            "month": names[row["month"]],
            "citizens": row["citizens"],
        }
        for row in found
        if row["month"] in names
    ]
    # The last month stands out, whatever the number of months.
    colours = (GREY, FIVE, THREE, FOUR, TWO, ONE)[-len(months) :]
    dashes = ([2, 2], [5, 4], [2, 2], [8, 3, 2, 3], [10, 4], [1, 0])[-len(months) :]
    domain = list(names.values())
    colour = {"field": "month", "type": "nominal", "title": None, "sort": domain}
    colour["scale"] = {"domain": domain, "range": list(colours)}
    dash = {"field": "month", "type": "nominal", "title": None, "sort": domain}
    dash["scale"] = {"domain": domain, "range": list(dashes)}
    x = {"field": "score", "type": "quantitative", "scale": {"zero": False, "nice": False}}
    x["axis"] = {"title": A["score"], "grid": False, "format": "d", "tickCount": 6}
    y: Spec = {"field": "share", "type": "quantitative"}
    y["axis"] = percent_axis(A["scored"])
    tip = [
        {"field": "month", "type": "nominal", "title": "month"},
        {"field": "bin", "type": "nominal", "title": "score"},
        {"field": "share", "type": "quantitative", "title": A["scored"], "format": ".1%"},
        {"field": "citizens", "type": "quantitative", "title": "citizens", "format": ","},
    ]
    line = {"type": "line", "interpolate": "monotone", "strokeWidth": 2.2}
    hover = {"type": "point", "size": 90, "filled": True, "opacity": 0}
    spec = shell(
        rows,
        height=240,
        layer=[
            {"mark": line, "encoding": {"x": x, "y": y, "color": colour, "strokeDash": dash}},
            {"mark": hover, "encoding": {"x": x, "y": y, "color": colour, "tooltip": tip}},
        ],
    )
    kinds = ["line" if d == [1, 0] else "dash" for d in dashes]
    spec["usermeta"] = {"legend": legend(*zip(domain, colours, kinds, strict=True))}
    return spec
