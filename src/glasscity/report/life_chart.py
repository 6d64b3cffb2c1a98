"""A life as a chart: what the score was made of over the months, and what happened when."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from glasscity.errors import BadArgument, NotFound
from glasscity.report.drawing import CONFIG, DARK, INK, LIGHT, PAPER, SOFT, Spec, with_colours
from glasscity.rights.life_words import part

if TYPE_CHECKING:
    import altair as alt

    from glasscity.rights.lives import Life

__all__ = ["FORMATS", "check_chart_file", "life_chart", "save_life_chart"]

FORMATS = ("svg", "png", "html")

# From the bottom of the stack upwards; the range's low end lies under them all.
_STACK = (
    ("base", "var(--line)"),
    ("credit_history", "var(--one)"),
    ("fulfilment_capacity", "var(--three)"),
    ("behaviour_preference", "var(--five)"),
    ("personal_characteristics", "var(--grey)"),
    ("ties_scores", "var(--two)"),
    ("ties_voice", "var(--four)"),
    ("own_voice", "var(--soft)"),
    ("officials", "var(--ink)"),
)
# Lanes of marks under the score, and the kinds of event in each.
_LANES = {
    "happened": ("breach", "missed", "debt", "court", "work", "means", "partner"),
    "on record": ("record", "strayed"),
    "error on record": ("error",),
    "list": ("warned", "listed", "left", "appeal", "correction", "review"),
    "gates": ("shut", "open", "granted", "perk", "child"),
    "refused": ("refused",),
    "voice and ties": ("voice", "ties", "display"),
    "deeds and points": ("deed", "points"),
}
_LANE_OF = {kind: lane for lane, kinds in _LANES.items() for kind in kinds}
_COLOUR = {
    "happened": SOFT,
    "on record": "var(--one)",
    "error on record": "var(--two)",
    "list": "var(--four)",
    "gates": "var(--five)",
    "refused": "var(--two)",
    "voice and ties": "var(--three)",
    "deeds and points": "var(--four)",
    "other": SOFT,
}


def life_chart(life: Life, *, theme: str = "light", width: int = 720) -> alt.TopLevelMixin:
    """Return a life as a chart: stacked parts of the score above, lanes of marks below.

    Parameters
    ----------
    life : Life
        As :func:`glasscity.life` returns it.
    theme : {"light", "dark"}
        Colours.
    width : int
        In pixels.

    Raises
    ------
    NotFound
        If there is no such theme.
    """
    themes = {"light": LIGHT, "dark": DARK}
    if theme not in themes:
        raise NotFound.among("theme", theme, themes)
    import altair as alt

    low = min((m["parts"]["base"] for m in life.months if m["parts"]), default=None)
    panels = [_marks(life, width)]
    if low is not None:
        panels.insert(0, _score(life, width))
    who = life.traits
    about = (
        f"{who['age']}, {who['area']}, {who['occupation'].replace('_', ' ')}, {who['province']}; "
        f"{len(life.months)} months from {life.document['start']}"
    )
    spec: Spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "title": {
            "text": f"The life of citizen {life.citizen:,}",
            "subtitle": about,
            "anchor": "start",
            "offset": 16,
        },
        "vconcat": panels,
        "resolve": {"scale": {"color": "independent"}},
        "config": {
            **CONFIG,
            "background": PAPER,
            "title": {"color": INK, "subtitleColor": SOFT},
        },
    }
    return alt.VConcatChart.from_dict(with_colours(spec, themes[theme]))


def _day(month: dict[str, Any]) -> str:
    return f"{month['date']}-01"


def _x(life: Life) -> Spec:
    # One width for both panels, whatever each of them shows.
    ends = [_day(life.months[0]), _day(life.months[-1])]
    domain = [{"year": int(d[:4]), "month": int(d[5:7]), "date": 1, "utc": True} for d in ends]
    every = {"interval": "year", "step": 1} if len(life.months) > 36 else 6
    form = "%Y" if len(life.months) > 36 else "%b %Y"
    return {
        "field": "date",
        "type": "temporal",
        "scale": {"type": "utc", "domain": domain},
        "axis": {"title": None, "grid": False, "format": form, "tickCount": every},
    }


def _words(life: Life, name: str) -> str:
    """Return what a part is called in this life's score."""
    if name == "base":
        return "low end of the range"
    return part(name, points=bool(life.document.get("points")))


def _score(life: Life, width: int) -> Spec:
    shown = [
        (name, _words(life, name), colour)
        for name, colour in _STACK
        if any(month["parts"].get(name) for month in life.months)
    ]
    rows = [
        {"date": _day(month), "order": place, "part": text, "points": month["parts"][name]}
        for month in life.months
        if month["parts"]
        for place, (name, text, _) in enumerate(shown)
    ]
    scores = [{"date": _day(m), "score": m["score"]} for m in life.months if m["score"] is not None]
    colour: Spec = {"field": "part", "type": "nominal", "title": None, "sort": None}
    colour["scale"] = {"domain": [t for _, t, _ in shown], "range": [c for *_, c in shown]}
    colour["legend"] = {"orient": "right", "labelLimit": 200}
    tip = [
        {"field": "date", "type": "temporal", "title": "month", "format": "%B %Y"},
        {"field": "part", "type": "nominal"},
        {"field": "points", "type": "quantitative", "format": ".2f"},
    ]
    y: Spec = {"field": "points", "type": "quantitative", "stack": "zero", "title": "points"}
    area: Spec = {"type": "area", "stroke": PAPER, "strokeWidth": 0.6}
    if len(scores) == 1:
        area = {"type": "bar", "size": 12}
    return {
        "width": width,
        "height": 260,
        "layer": [
            {
                "data": {"values": rows},
                "mark": area,
                "encoding": {
                    "x": _x(life),
                    "y": y,
                    "color": colour,
                    "order": {"field": "order", "type": "quantitative"},
                    "tooltip": tip,
                },
            },
            {
                "data": {"values": scores},
                "mark": {
                    "type": "line",
                    "color": INK,
                    "strokeWidth": 1.6,
                    "point": len(scores) == 1,
                },
                "encoding": {
                    "x": _x(life),
                    "y": {"field": "score", "type": "quantitative", "title": "points"},
                    "tooltip": [tip[0], {"field": "score", "type": "quantitative"}],
                },
            },
        ],
    }


def _marks(life: Life, width: int) -> Spec:
    rows = [
        {
            "date": _day(month),
            "lane": _LANE_OF.get(event["kind"], "other"),
            "kind": event["kind"],
            "reason": event["reason"],
        }
        for month in life.months
        for event in month["events"]
    ]
    lanes = [lane for lane in (*_LANES, "other") if any(row["lane"] == lane for row in rows)]
    bars = _bars(life)
    if any(bar["lane"] == "list" for bar in bars) and "list" not in lanes:
        lanes.append("list")
    y: Spec = {"field": "lane", "type": "nominal", "sort": lanes, "title": None}
    y["scale"] = {"domain": lanes}
    colours = {"domain": lanes, "range": [_COLOUR[lane] for lane in lanes]}
    colour: Spec = {"field": "lane", "type": "nominal", "scale": colours, "legend": None}
    return {
        "width": width,
        "height": 22 * max(1, len(lanes)),
        "layer": [
            {
                "data": {"values": bars},
                "mark": {"type": "bar", "height": 9, "opacity": 0.35},
                "encoding": {
                    "x": _x(life),
                    "x2": {"field": "until"},
                    "y": y,
                    "color": colour,
                    "tooltip": [{"field": "reason", "type": "nominal", "title": "while"}],
                },
            },
            {
                "data": {"values": rows},
                "mark": {"type": "tick", "thickness": 2, "height": 14},
                "encoding": {
                    "x": _x(life),
                    "y": y,
                    "color": colour,
                    "tooltip": [
                        {"field": "date", "type": "temporal", "title": "month", "format": "%B %Y"},
                        {"field": "reason", "type": "nominal", "title": "what"},
                    ],
                },
            },
        ],
    }


def _bars(life: Life) -> list[dict[str, Any]]:
    """Return the spells on each list, from the month of entry to the month of leaving."""
    found: list[dict[str, Any]] = []
    current: dict[str, dict[str, Any]] = {}
    for month in life.months:
        for name in month["lists"]:
            if name not in current:
                current[name] = {"date": _day(month), "lane": "list", "reason": f"list {name}"}
        left = [name for name in current if name not in month["lists"]]
        found += [{**current.pop(name), "until": _day(month)} for name in left]
    last = _day(life.months[-1])
    return found + [{**bar, "until": last} for bar in current.values()]


def check_chart_file(path: str | Path) -> Path:
    """Return the path of a chart that can be written.

    Raises
    ------
    BadArgument
        If its ending is not one of FORMATS, or its folder does not exist.
    """
    file = Path(path)
    if file.suffix.lower().lstrip(".") not in FORMATS:
        raise BadArgument(
            f"'{file.name}' does not say in which format to draw",
            where="--chart",
            allowed=", ".join(f".{form}" for form in FORMATS),
            mend="end the file's name with one of these",
        )
    if not file.parent.is_dir():
        raise BadArgument(
            f"the folder '{file.parent}' does not exist", where="--chart", mend="make it first"
        )
    if file.is_dir():
        raise BadArgument(f"'{file}' is a folder", where="--chart", mend="name a file")
    return file


def save_life_chart(life: Life, path: str | Path, *, theme: str = "light") -> Path:
    """Write a life's chart as SVG, PNG or a page of HTML that needs no server; return its path."""
    file = check_chart_file(path)
    form = file.suffix.lower().lstrip(".")
    more = {"html": {"inline": True}, "png": {"scale_factor": 2}}.get(form, {})
    part = file.with_name(f".{file.name}.part")
    try:
        life_chart(life, theme=theme).save(str(part), **{"format": form, **more})
        os.replace(part, file)
    finally:
        part.unlink(missing_ok=True)
    return file
