"""The small charts of docs/findings.md: a dot for central, a bar for the matched set, two ends."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from findings_data import CRITIC, PROPONENT, Found
from glasscity.report.drawing import GREY, INK, ONE, SOFT, TWO, Spec, category, shell
from glasscity.study.figures import figure

__all__ = ["bars", "mark", "spans", "svg"]

_ENDS = {PROPONENT: (ONE, "triangle-up"), CRITIC: (TWO, "triangle-down")}


def spans(
    rows: Sequence[tuple[str, Found]],
    *,
    title: str,
    axis: str,
    about: Sequence[str] = (),
    points: bool = False,
) -> Spec:
    """Return one line a number: luck, matched set, and the two extremes; or every vector."""
    if points:
        return _points(rows, title=title, axis=axis)
    values: list[dict[str, Any]] = []
    for text, found in rows:
        if found.mean is None or not found.matched:
            continue
        half = found.half or 0.0
        values.append(
            {
                "what": text,
                "low": min(found.matched),
                "high": max(found.matched),
                "mean": found.mean,
                "mean_low": found.mean - half,
                "mean_high": found.mean + half,
                **{one: found.vectors.get(one) for one in _ENDS},
            }
        )
    order = [row["what"] for row in values]
    y = category("what", order)
    y["axis"] = {**(y.get("axis") or {}), "title": None, "labelLimit": 320}
    x = {"type": "quantitative", "axis": {"title": axis, "titleAnchor": "middle"}}
    x["scale"] = {"zero": True}
    layer: list[Spec] = [
        {
            "mark": {"type": "bar", "height": 9, "color": GREY, "opacity": 0.45},
            "encoding": {"y": y, "x": {**x, "field": "low"}, "x2": {"field": "high"}},
        },
        {
            "mark": {"type": "rule", "strokeWidth": 2, "color": INK},
            "encoding": {"y": y, "x": {**x, "field": "mean_low"}, "x2": {"field": "mean_high"}},
        },
        {
            "mark": {"type": "point", "filled": True, "size": 50, "opacity": 1, "color": INK},
            "encoding": {"y": y, "x": {**x, "field": "mean"}},
        },
        *(
            {
                "mark": {
                    "type": "point",
                    "filled": True,
                    "size": 60,
                    "opacity": 1,
                    "color": colour,
                    "shape": shape,
                },
                "encoding": {"y": y, "x": {**x, "field": name}},
            }
            for name, (colour, shape) in _ENDS.items()
        ),
        {"mark": {"type": "rule", "color": SOFT}, "encoding": {"x": {"datum": 0}}},
    ]
    told = [*about, "dot and line: central, 95 % for luck; grey: the matched set"]
    told.append("triangle up: the proponent's vector; triangle down: the critic's")
    return figure(shell(values, height={"step": 26}, layer=layer), title=title, about=told)


def _points(rows: Sequence[tuple[str, Found]], *, title: str, axis: str) -> Spec:
    values = [
        {"what": text, "value": value} for text, found in rows for value in sorted(found.matched)
    ]
    y = category("what", [text for text, _ in rows])
    y["axis"] = {**(y.get("axis") or {}), "title": None, "labelLimit": 320}
    x = {"type": "quantitative", "axis": {"title": axis, "titleAnchor": "middle"}}
    layer: list[Spec] = [
        {
            "mark": {"type": "tick", "thickness": 2, "size": 16, "color": ONE, "opacity": 0.6},
            "encoding": {"y": y, "x": {**x, "field": "value"}},
        },
        {"mark": {"type": "rule", "color": SOFT}, "encoding": {"x": {"datum": 0}}},
    ]
    return figure(
        shell(values, height={"step": 26}, layer=layer), title=title, about=["a line a vector"]
    )


def bars(
    rows: Sequence[tuple[str, str, float | None, float | None, float | None]],
    *,
    title: str,
    axis: str,
    about: Sequence[str] = (),
) -> Spec:
    """Return estimates with intervals, several kinds to a name; shares become per cent."""
    values = [
        {
            "what": name,
            "kind": kind,
            "value": 100 * value,
            "low": 100 * (value if low is None else low),
            "high": 100 * (value if high is None else high),
        }
        for name, kind, value, low, high in rows
        if value is not None
    ]
    kinds = list(dict.fromkeys(row["kind"] for row in values))
    y = category("what", list(dict.fromkeys(row["what"] for row in values)))
    y["axis"] = {**(y.get("axis") or {}), "title": None}
    x = {"type": "quantitative", "axis": {"title": axis, "titleAnchor": "middle"}}
    shared = {
        "y": y,
        "yOffset": {"field": "kind", "type": "nominal", "sort": kinds},
        "color": {
            "field": "kind",
            "type": "nominal",
            "scale": {"domain": kinds, "range": [ONE, TWO][: len(kinds)]},
            "legend": {"title": None},
        },
        "shape": {"field": "kind", "type": "nominal", "sort": kinds, "legend": None},
    }
    lines = {name: value for name, value in shared.items() if name != "shape"}
    layer: list[Spec] = [
        {
            "mark": {"type": "rule", "strokeWidth": 2},
            "encoding": {**lines, "x": {**x, "field": "low"}, "x2": {"field": "high"}},
        },
        {
            "mark": {"type": "point", "filled": True, "size": 50, "opacity": 1},
            "encoding": {**shared, "x": {**x, "field": "value"}},
        },
        {"mark": {"type": "rule", "color": SOFT}, "encoding": {"x": {"datum": 0}}},
    ]
    return figure(shell(values, height={"step": 12}, layer=layer), title=title, about=about)


def svg(spec: Mapping[str, Any]) -> str:
    """Return a chart as SVG that ends with the mark of what it was made from."""
    import vl_convert

    return vl_convert.vegalite_to_svg(dict(spec)) + "\n" + mark(spec) + "\n"


def mark(spec: Mapping[str, Any]) -> str:
    """Return a comment that names what a chart is made from: fonts differ from machine to machine."""
    text = json.dumps(spec, sort_keys=True)
    return f"<!-- data {hashlib.sha256(text.encode()).hexdigest()} -->"
