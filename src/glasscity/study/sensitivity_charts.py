"""The pictures of a sensitivity study."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from glasscity.report.drawing import GREY, INK, ONE, PAPER, SOFT, TWO, Spec, category, shell
from glasscity.study.breakeven import Map
from glasscity.study.effects import RESPONSES
from glasscity.study.figures import facets, figure, written

__all__ = ["drawn", "map_chart"]

_SHOWN = 14


def drawn(
    folder: Path,
    document: Mapping[str, Any],
    maps: Sequence[tuple[str, Map]],
    rows: Sequence[Mapping[str, Any]],
) -> list[Path]:
    """Write every picture that the study has something for, and return the files."""
    where = (
        f"{document['regime']} over {document['country']}, {document['citizens']:,} synthetic "
        f"citizens, {document['months']} months"
    )
    files = []
    if document["screening"]:
        files += written(folder, "screening", _screening(document, where))
    if document["indices"]:
        files += written(folder, "indices", _indices(document, where))
    if document["findings"]:
        files += written(folder, "findings", _findings(document, rows, where))
    for name, one in maps:
        files += written(
            folder, f"break-even-{name}-{one.x.name}", map_chart(name, one, where=where)
        )
    return files


def _screening(document: Mapping[str, Any], where: str) -> Spec:
    """Return which input moves which response, as a share of all that moves it."""
    rows = []
    weight: dict[str, float] = {}
    for name in dict.fromkeys(row["response"] for row in document["screening"]):
        own = [row for row in document["screening"] if row["response"] == name]
        total = sum(row["mu_star"] for row in own)
        for row in own if total else []:
            share = row["mu_star"] / total
            clear = bool(row["above_luck"])
            weight[row["input"]] = weight.get(row["input"], 0.0) + share * clear
            rows.append(
                {
                    "input": row["input"],
                    "response": RESPONSES[name].title,
                    "share": round(share, 4),
                    "clear": "*" if clear else "",
                }
            )
    best = sorted(weight, key=lambda name: -weight[name])[:_SHOWN]
    rows = [row for row in rows if row["input"] in best]
    x = {
        "field": "response",
        "type": "nominal",
        "sort": [one.title for one in RESPONSES.values()],
        "axis": {
            "title": None,
            "labelAngle": -40,
            "labelLimit": 220,
            "labelOverlap": False,
            "domain": False,
        },
    }
    y = category("input", best)
    colour = {
        "field": "share",
        "type": "quantitative",
        "scale": {"range": [PAPER, ONE], "domainMin": 0, "interpolate": "rgb"},
        "legend": {"title": "share of what moves it", "format": ".0%", "gradientLength": 140},
    }
    layer: list[Spec] = [
        {"mark": {"type": "rect", "stroke": PAPER}, "encoding": {"x": x, "y": y, "color": colour}},
        {
            "mark": {"type": "text", "color": INK, "fontSize": 14, "dy": 3},
            "encoding": {"x": x, "y": y, "text": {"field": "clear", "type": "nominal"}},
        },
    ]
    spec = shell(rows, height=20 * len(best), layer=layer)
    about = [where, "Morris screening; * more than luck alone would move it"]
    return figure(spec, title="What moves what", about=about, width=24 * len(RESPONSES))


def _indices(document: Mapping[str, Any], where: str) -> Spec:
    rows = [
        {
            "response": RESPONSES[row["response"]].title,
            "input": row["input"],
            "kind": kind,
            "value": row[key],
            "low": max(0.0, row[key] - row[f"{key}_error"]),
            "high": min(1.5, row[key] + row[f"{key}_error"]),
        }
        for row in document["indices"]
        for kind, key in (("alone", "first"), ("with others", "total"))
    ]
    inputs = list(dict.fromkeys(row["input"] for row in rows))
    y = category("input", inputs)
    offset = {"field": "kind", "type": "nominal"}
    colour = {
        "field": "kind",
        "type": "nominal",
        "scale": {"domain": ["alone", "with others"], "range": [GREY, ONE]},
        "legend": {"title": None},
    }
    axis = {"title": "share of the variance", "tickCount": 3, "format": ".1~f"}
    x = {"type": "quantitative", "scale": {"domain": [0, 1], "clamp": True}, "axis": axis}
    shared = {"y": y, "yOffset": offset, "color": colour}
    layer: list[Spec] = [
        {
            "mark": {"type": "rule", "strokeWidth": 2},
            "encoding": {**shared, "x": {**x, "field": "low"}, "x2": {"field": "high"}},
        },
        {
            "mark": {"type": "point", "filled": True, "size": 36, "opacity": 1},
            "encoding": {**shared, "x": {**x, "field": "value"}},
        },
    ]
    spec = facets(
        rows,
        by="response",
        layer=layer,
        columns=3,
        width=150,
        height={"step": 11},
        share_x=True,
    )
    how = "on an emulator" if document["emulators"] else "on runs"
    return figure(
        spec, title="Where the variance comes from", about=[where, f"Sobol indices {how}, 95 %"]
    )


def _findings(document: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], where: str) -> Spec:
    """Return each effect at every vector of the matched set, by its label."""
    points = []
    for row in document["findings"]:
        one = RESPONSES[row["response"]]
        means: dict[str, list[float]] = {}
        for run in rows:
            if run["stage"] == "matched" and run[one.name] is not None:
                means.setdefault(str(run["vector"]), []).append(float(run[one.name]))
        points += [
            {
                "effect": f"{one.title}: {row['label']}",
                "value": sum(values) / len(values),
                "lane": (number * 7) % 11,
            }
            for number, values in enumerate(means.values())
        ]
    axis = {"title": None, "tickCount": 4, "format": "+.2~%"}
    x = {"field": "value", "type": "quantitative", "axis": axis, "scale": {"zero": True}}
    y = {"field": "lane", "type": "quantitative", "axis": None, "scale": {"domain": [-1, 11]}}
    layer: list[Spec] = [
        {
            "mark": {"type": "point", "filled": True, "size": 22, "opacity": 0.6, "color": ONE},
            "encoding": {"x": x, "y": y},
        },
        {
            "mark": {"type": "rule", "color": SOFT, "strokeWidth": 1.5},
            "encoding": {"x": {"datum": 0, "type": "quantitative"}},
        },
    ]
    spec = facets(points, by="effect", layer=layer, columns=2, width=250, height=46, share_y=True)
    about = [where, "a dot a vector of the matched set; against the same people unscored"]
    return figure(spec, title="Effects of the regime wherever the facts allow", about=about)


def map_chart(name: str, one: Map, *, where: str) -> Spec:
    """Return a break-even map: blue where the effect is below zero, orange above."""
    response = RESPONSES[name]
    largest = max((abs(row["effect"]) for row in one.surface), default=0.0) or 1.0
    x, y = _axis(one.x, "x"), _axis(one.y, "y")
    colour = {
        "field": "effect",
        "type": "quantitative",
        "scale": {
            "domain": [-largest, 0, largest],
            "range": [ONE, PAPER, TWO],
            "interpolate": "rgb",
        },
        "legend": {"title": "effect", "format": "+.0%", "gradientLength": 150},
    }
    step_x, step_y = _steps(one, "x"), _steps(one, "y")
    rows = [
        {
            "effect": row["effect"],
            "side": row["side"],
            **dict(zip(("x", "x2"), step_x[row["x"]], strict=True)),
            **dict(zip(("y", "y2"), step_y[row["y"]], strict=True)),
            "mx": row["x"],
            "my": row["y"],
        }
        for row in one.surface
    ]
    unclear = [row for k, row in enumerate(rows) if row["side"] == 0 and k % 2 == 0]
    spec = shell(
        rows,
        height=320,
        layer=[
            {
                "mark": {"type": "rect"},
                "encoding": {
                    "x": {**x, "field": "x"},
                    "x2": {"field": "x2"},
                    "y": {**y, "field": "y"},
                    "y2": {"field": "y2"},
                    "color": colour,
                },
            },
            {
                "data": {"values": unclear},
                "mark": {"type": "point", "filled": True, "size": 6, "color": GREY, "opacity": 0.9},
                "encoding": {"x": {**x, "field": "mx"}, "y": {**y, "field": "my"}},
            },
            {
                "data": {"values": [{"x": r["x"], "y": r["y"]} for r in one.line]},
                # As dots: a zero line may close upon itself or come in several pieces.
                "mark": {"type": "point", "filled": True, "size": 26, "color": INK, "opacity": 1},
                "encoding": {"x": {**x, "field": "x"}, "y": {**y, "field": "y"}},
            },
            {
                "data": {"values": one.points},
                "mark": {"type": "point", "shape": "square", "size": 26, "color": SOFT},
                "encoding": {"x": {**x, "field": "x"}, "y": {**y, "field": "y"}},
            },
        ],
    )
    about = [
        where,
        f"{response.title} against the same people unscored; black: no effect",
        "grey dots: the 95 % interval covers zero; squares: where pairs were run",
    ]
    return figure(spec, title=f"{response.title}: where the sign turns", about=about, width=420)


def _axis(one: Any, letter: str) -> Spec:
    scale: Spec = {"zero": False, "nice": False, "domain": [one.free.low, one.free.high]}
    if one.free.log:
        scale["type"] = "log"
    axis = {"title": f"{one.name.replace('_', ' ')} ({one.unit})", "grid": False, "tickCount": 6}
    if letter == "x":
        axis["titleAnchor"] = "middle"
    return {"type": "quantitative", "scale": scale, "axis": axis}


def _steps(one: Map, letter: str) -> dict[float, tuple[float, float]]:
    """Return the edges of the cells around the places of one axis."""
    free = (one.x if letter == "x" else one.y).free
    values = sorted({row[letter] for row in one.surface})
    middles = [(a * b) ** 0.5 if free.log else (a + b) / 2 for a, b in itertools.pairwise(values)]
    edges = [values[0], *middles, values[-1]]
    return {v: (edges[k], edges[k + 1]) for k, v in enumerate(values)}
