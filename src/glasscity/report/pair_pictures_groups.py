"""Charts of a pair to both sides of zero: who gains and loses, and by how much, by group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from glasscity.report import numbers, words
from glasscity.report.drawing import (
    FOUR,
    GREY,
    INK,
    ONE,
    SOFT,
    THREE,
    TWO,
    Spec,
    category,
    legend,
    quoted,
    shell,
)
from glasscity.report.pair_facts import PairFacts

__all__ = ["GROUPINGS", "groups", "histogram", "moved", "savings", "winners"]

# Thirty provinces would hide the rest; the table has them.
GROUPINGS = ("quintile", "age", "area", "camp", "base_score_decile", "other_score_decile")
# Better and worse off: no colour of a world.
_GAINS = (THREE, FOUR)
# Months in a bar of the histogram.
_BAR = 6


def _headed(
    facts: PairFacts, rows: Sequence[Mapping[str, Any]]
) -> tuple[list[tuple[str, Mapping[str, Any] | None]], list[str]]:
    """Return lines grouped under headings: (name on the axis, row or None for a heading)."""
    lines: list[tuple[str, Mapping[str, Any] | None]] = []
    headings = []
    for grouping in GROUPINGS:
        own = [row for row in rows if row["grouping"] == grouping]
        if not own:
            continue
        title = facts.label(grouping)
        headings.append(title[:1].upper() + title[1:])
        lines.append((headings[-1], None))
        # Both sortings have tenths; a name on an axis stands once.
        mark = "\u200b" if grouping == "other_score_decile" else ""
        lines += [(facts.label(row["group"]) + mark, row) for row in own]
    return lines, headings


def _axis(names: Sequence[str], headings: Sequence[str]) -> Spec:
    test = " || ".join(f"datum.value == {quoted(word)}" for word in headings)
    return category(
        "what",
        names,
        labelFontWeight={"condition": {"test": test, "value": "bold"}, "value": "normal"},
        labelColor={"condition": {"test": test, "value": INK}, "value": SOFT},
        labelPadding=8,
    )


_ZERO: Spec = {"mark": {"type": "rule", "color": SOFT}, "encoding": {"x": {"datum": 0}}}


def groups(facts: PairFacts) -> Spec | None:
    """Dots with intervals: the difference in the share shut out, by group."""
    lines, headings = _headed(facts, facts.rows("groups"))
    rows: list[dict[str, Any]] = []
    for name, row in lines:
        if row is None:
            rows.append({"what": name, "value": None, "low": None, "high": None})
            continue
        error = row["high"] - row["difference"]
        rows.append(
            {
                "what": name,
                "value": 100 * row["difference"],
                "low": 100 * row["low"],
                "high": 100 * row["high"],
                "text": numbers.points_within(row["difference"], error),
                "size": row["citizens"],
                "kind": words.LEGEND["clear" if row["verdict"] == "clear" else "unclear"],
            }
        )
    if not any(row["value"] for row in rows):
        return None
    y = _axis([row["what"] for row in rows], headings)
    unit = f"points, {facts.names[1]} less {facts.names[0]}"
    x: Spec = {"field": "value", "type": "quantitative", "title": unit}
    x["axis"] = {"format": "+~f", "title": unit, "tickCount": 5}
    kinds = (words.LEGEND["clear"], words.LEGEND["unclear"])
    colour: Spec = {"field": "kind", "type": "nominal", "title": None}
    colour["scale"] = {"domain": list(kinds), "range": [ONE, GREY]}
    tip = [
        {"field": "what", "type": "nominal", "title": "group"},
        {"field": "text", "type": "nominal", "title": "difference"},
        {"field": "size", "type": "quantitative", "title": "citizens", "format": ","},
    ]
    span = {"y": y, "x": {**x, "field": "low"}, "x2": {"field": "high"}, "color": colour}
    spec = shell(
        rows,
        height=20 * len(rows),
        layer=[
            _ZERO,
            {"mark": {"type": "rule", "strokeWidth": 2, "opacity": 0.6}, "encoding": span},
            {
                "mark": {"type": "point", "filled": True, "size": 70, "opacity": 1},
                "encoding": {"y": y, "x": x, "color": colour, "tooltip": tip},
            },
        ],
    )
    entries = [(kind, shade, "dot") for kind, shade in zip(kinds, (ONE, GREY), strict=True)]
    spec["usermeta"] = {"legend": legend(*entries)}
    return spec


def winners(facts: PairFacts) -> Spec | None:
    """Bars to both sides: shut out for fewer and for more months, by group."""
    return _both_sides(facts, "Months shut out of something")


def savings(facts: PairFacts) -> Spec | None:
    """Bars to both sides: more and fewer savings, by group."""
    return _both_sides(facts, "Savings")


def _both_sides(facts: PairFacts, outcome: str) -> Spec | None:
    lines, headings = _headed(facts, [r for r in facts.rows("winners") if r["outcome"] == outcome])
    better, worse = f"better off under {facts.names[1]}", f"worse off under {facts.names[1]}"
    rows: list[dict[str, Any]] = []
    for name, row in lines:
        if row is None:
            rows.append({"what": name, "value": None, "kind": better})
            continue
        for kind, key, sign in ((better, "better", 1), (worse, "worse", -1)):
            text = numbers.percent(row[key], row["citizens"])
            entry = {"what": name, "value": sign * row[key], "kind": kind, "text": text}
            rows.append({**entry, "size": row["citizens"]})
    if not any(row["value"] for row in rows):
        return None
    return _sides(
        rows, [name for name, _ in lines], headings, (better, worse), "share of group", _GAINS
    )


def moved(facts: PairFacts) -> Spec | None:
    """Bars to both sides: refusals that vanish and that appear, by gate."""
    left, right = (f"only under {name}" for name in facts.names)
    found = [row for row in facts.rows("gates") if row["vanished"] or row["appeared"]]
    found.sort(key=lambda row: -(row["vanished"] + row["appeared"]))
    rows = [
        {
            "what": facts.label(row["gate"]),
            "value": sign * row[key],
            "kind": kind,
            "text": numbers.count(row[key]),
        }
        for row in found
        for kind, key, sign in ((left, "vanished", -1), (right, "appeared", 1))
    ]
    if not rows:
        return None
    names = list(dict.fromkeys(row["what"] for row in rows))
    return _sides(rows, names, (), (right, left), "refusals, whole run", (TWO, ONE), form=",d")


def _sides(
    rows: list[dict[str, Any]],
    names: Sequence[str],
    headings: Sequence[str],
    kinds: tuple[str, str],
    unit: str,
    shades: tuple[str, str],
    form: str = ".1~%",
) -> Spec:
    """Return bars to the right for the first kind and to the left for the second."""
    y = _axis(names, headings) if headings else category("what", names)
    x: Spec = {"field": "value", "type": "quantitative", "title": unit}
    # What lies to the left is no less than nothing: both sides are counted upwards from zero.
    plain = f"format(abs(datum.value), {quoted(form)})"
    label = f"replace({plain}, '%', '\u202f%')" if form.endswith("%") else plain
    x["axis"] = {"title": unit, "tickCount": 6, "labelExpr": label}
    colour: Spec = {"field": "kind", "type": "nominal", "title": None}
    colour["scale"] = {"domain": list(kinds), "range": list(shades)}
    tip = [
        {"field": "what", "type": "nominal", "title": "what"},
        {"field": "kind", "type": "nominal", "title": "which"},
        {"field": "text", "type": "nominal", "title": unit},
    ]
    bar = {"type": "bar", "height": {"band": 0.65}}
    spec = shell(
        rows,
        height=20 * len(names),
        layer=[
            {"mark": bar, "encoding": {"y": y, "x": x, "color": colour, "tooltip": tip}},
            _ZERO,
        ],
    )
    entries = [(kind, shade, "bar") for kind, shade in zip(kinds, shades, strict=True)]
    spec["usermeta"] = {"legend": legend(*reversed(entries))}
    return spec


def histogram(facts: PairFacts) -> Spec | None:
    """Bars: citizens by the difference in months shut out, those without any left out."""
    counted: dict[int, int] = {}
    for row in facts.rows("histogram"):
        if row["to"]:
            # A bar holds one to six months more, or one to six fewer.
            side = 1 if row["to"] > 0 else -1
            bar = side * (-(-abs(row["to"]) // _BAR))
            counted[int(bar)] = counted.get(int(bar), 0) + row["citizens"]
    if not counted:
        return None
    fewer, more = (f"{word} months under {facts.names[1]}" for word in ("fewer", "more"))
    rows = [
        {
            "from": _BAR * (bar - (1 if bar > 0 else 0)),
            "to": _BAR * (bar + (0 if bar > 0 else 1)),
            "value": count,
            "kind": more if bar > 0 else fewer,
            "what": f"{(abs(bar) - 1) * _BAR + 1} to {abs(bar) * _BAR} months "
            + ("more" if bar > 0 else "fewer"),
            "text": f"{count:,} citizens",
        }
        for bar, count in sorted(counted.items())
    ]
    x: Spec = {"field": "from", "type": "quantitative", "title": "difference in months shut out"}
    x["axis"] = {"title": x["title"], "format": "+,d", "tickCount": 9, "grid": False}
    y: Spec = {"field": "value", "type": "quantitative", "title": "citizens"}
    y["axis"] = {"format": ",d", "title": "citizens", "tickCount": 5, "tickMinStep": 1}
    colour: Spec = {"field": "kind", "type": "nominal", "title": None}
    colour["scale"] = {"domain": [fewer, more], "range": list(_GAINS)}
    tip = [
        {"field": "what", "type": "nominal", "title": "difference"},
        {"field": "text", "type": "nominal", "title": "how many"},
    ]
    spec = shell(
        rows,
        height=220,
        layer=[
            {
                "mark": {"type": "bar", "binSpacing": 1},
                "encoding": {
                    "x": {**x, "bin": "binned"},
                    "x2": {"field": "to"},
                    "y": y,
                    "color": colour,
                    "tooltip": tip,
                },
            },
            _ZERO,
        ],
    )
    spec["usermeta"] = {"legend": legend((fewer, _GAINS[0], "bar"), (more, _GAINS[1], "bar"))}
    return spec
