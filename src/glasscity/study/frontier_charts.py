"""The pictures of a frontier study."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from glasscity.report.drawing import GREY, INK, ONE, SOFT, TWO, Spec, category, shell
from glasscity.study.figures import facets, figure, written
from glasscity.study.goals import BENEFITS

__all__ = ["drawn"]


def drawn(folder: Path, document: Mapping[str, Any]) -> list[Path]:
    """Write every picture that the study has something for, and return the files."""
    where = (
        f"{document['regime']} over {document['country']}, {document['citizens']:,} synthetic "
        f"citizens, {document['months']} months"
    )
    files = []
    if len(document["front"]) > 1:
        files += written(folder, "frontier", _front(document, where))
    if document["worth"]:
        files += written(folder, "worth", _worth(document, where))
    return files


def _front(document: Mapping[str, Any], where: str) -> Spec:
    """Return each claimed benefit against the harm that is left, with intervals."""
    rows = []
    for number, row in enumerate(document["front"]):
        for one in BENEFITS:
            if row["harm"] is None or row[one.name] is None:
                continue
            rows.append(
                {
                    "benefit": one.title,
                    "number": str(number) if number else "as it is",
                    "kind": _kind(number, row),
                    "harm": row["harm"],
                    "harm_low": row["harm_low"],
                    "harm_high": row["harm_high"],
                    "value": row[one.name],
                    "low": row[f"{one.name}_low"],
                    "high": row[f"{one.name}_high"],
                }
            )
    x = {
        "type": "quantitative",
        "scale": {"zero": True},
        "axis": {"title": "harm left, share of the regime's own", "format": ".0%", "tickCount": 4},
    }
    y = {
        "type": "quantitative",
        "scale": {"zero": True},
        "axis": {"title": None, "format": "+.2~%", "tickCount": 5},
    }
    kinds = ["the regime as it stands", "not dominated", "dominated"]
    colour = {
        "field": "kind",
        "type": "nominal",
        "scale": {"domain": kinds, "range": [TWO, ONE, GREY]},
        "legend": {"title": None},
    }
    layer: list[Spec] = [
        {
            "mark": {"type": "rule", "opacity": 0.4},
            "encoding": {
                "x": {**x, "field": "harm"},
                "y": {**y, "field": "low"},
                "y2": {"field": "high"},
                "color": colour,
            },
        },
        {
            "mark": {"type": "rule", "opacity": 0.4},
            "encoding": {
                "x": {**x, "field": "harm_low"},
                "x2": {"field": "harm_high"},
                "y": {**y, "field": "value"},
                "color": colour,
            },
        },
        {
            "mark": {"type": "point", "filled": True, "size": 60, "opacity": 1},
            "encoding": {
                "x": {**x, "field": "harm"},
                "y": {**y, "field": "value"},
                "color": colour,
            },
        },
        {
            "mark": {"type": "text", "dx": 9, "dy": -8, "align": "left", "color": INK},
            "encoding": {
                "x": {**x, "field": "harm"},
                "y": {**y, "field": "value"},
                "text": {"field": "number", "type": "nominal"},
            },
        },
    ]
    spec = facets(
        rows,
        by="benefit",
        layer=layer,
        columns=3,
        width=210,
        height=210,
        share_x=True,
        share_y=False,
    )
    about = [
        where,
        "numbers are rows of the table; bars: 95 % over fresh seeds and matched vectors",
    ]
    return figure(spec, title="Harm left against the claimed benefit", about=about)


def _kind(number: int, row: Mapping[str, Any]) -> str:
    if not number:
        return "the regime as it stands"
    return "dominated" if row["dominated"] else "not dominated"


def _worth(document: Mapping[str, Any], where: str) -> Spec:
    """Return what each safeguard takes from the harm index: alone, missing, on average."""
    kinds = {"alone": "alone", "average": "on average", "missing": "the last of all"}
    colours = {"alone": GREY, "average": ONE, "missing": TWO}
    rows = []
    own = [row for row in document["worth"] if row["goal"] == "harm"]
    for row in own:
        for key, text in kinds.items():
            if row[key] is None:
                continue
            # What all of them lose without it is shown as what it takes off as the last one.
            sign = -1 if key == "missing" else 1
            ends = [row[f"{key}_low"], row[f"{key}_high"]]
            ends = [row[key], row[key]] if None in ends else ends
            rows.append(
                {
                    "what": row["player"],
                    "kind": text,
                    "value": sign * row[key],
                    "low": min(sign * one for one in ends),
                    "high": max(sign * one for one in ends),
                }
            )
    order = [row["player"] for row in document["first"]]
    order += [row["player"] for row in own if row["player"] not in order]
    y = category("what", order)
    axis = {"title": "change of the harm index (1: the regime as it stands)", "format": "+.0%"}
    x = {"type": "quantitative", "axis": {**axis, "titleAnchor": "middle"}, "scale": {"zero": True}}
    colour = {
        "field": "kind",
        "type": "nominal",
        "scale": {"domain": list(kinds.values()), "range": list(colours.values())},
        "legend": {"title": None},
    }
    shared = {
        "y": y,
        "yOffset": {"field": "kind", "type": "nominal", "sort": list(kinds.values())},
        "color": colour,
    }
    layer: list[Spec] = [
        {
            "mark": {"type": "rule", "strokeWidth": 2},
            "encoding": {**shared, "x": {**x, "field": "low"}, "x2": {"field": "high"}},
        },
        {
            "mark": {"type": "point", "filled": True, "size": 44, "opacity": 1},
            "encoding": {**shared, "x": {**x, "field": "value"}},
        },
        {"mark": {"type": "rule", "color": SOFT}, "encoding": {"x": {"datum": 0}}},
    ]
    spec = shell(rows, height={"step": 13}, layer=layer)
    return figure(
        spec, title="What each safeguard takes off the harm", about=[where, "95 % over worlds"]
    )
