"""The visual language: colours, and the few shapes that all charts are made of.

Charts are Vega-Lite specifications as plain dictionaries.  Colours are CSS variables, which the
page defines once for light, dark and print; outside a page :func:`with_colours` fills them in.
The series colours stay apart under every common kind of colour blindness, and no chart tells
series apart by colour alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from glasscity.report import words

if TYPE_CHECKING:
    from glasscity.report.facts import Facts
    from glasscity.report.pair_facts import PairFacts

    Dated: TypeAlias = Facts | PairFacts

__all__ = [
    "CONFIG",
    "DARK",
    "LIGHT",
    "Line",
    "Spec",
    "amount",
    "bars",
    "category",
    "dated_lines",
    "legend",
    "percent_axis",
    "quoted",
    "ranges",
    "shell",
    "two_worlds",
    "with_colours",
]

Spec: TypeAlias = "dict[str, Any]"

# Name, light, dark.
_COLOURS = (
    ("ink", "#1b1e23", "#eceef1"),
    ("soft", "#565d67", "#aab1bb"),
    ("line", "#dfe2e6", "#3a3f47"),
    ("paper", "#ffffff", "#15181c"),
    ("one", "#0b62a4", "#6db6f2"),
    ("two", "#c75300", "#ff9b52"),
    ("three", "#00795c", "#4fd1ac"),
    ("four", "#9c3f86", "#e59bd2"),
    ("five", "#8a6d00", "#e3c64a"),
    ("grey", "#7d8590", "#8f98a3"),
)
LIGHT = {f"var(--{name})": light for name, light, _ in _COLOURS}
DARK = {f"var(--{name})": dark for name, _, dark in _COLOURS}
INK, SOFT, LINE, PAPER = "var(--ink)", "var(--soft)", "var(--line)", "var(--paper)"
ONE, TWO, THREE, FOUR, FIVE, GREY = (
    "var(--one)",
    "var(--two)",
    "var(--three)",
    "var(--four)",
    "var(--five)",
    "var(--grey)",
)

_FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
CONFIG: Spec = {
    "aria": False,
    "background": None,
    "font": _FONT,
    "view": {"stroke": None},
    "axis": {
        "domainColor": LINE,
        "gridColor": LINE,
        "tickColor": LINE,
        "labelColor": SOFT,
        "titleColor": SOFT,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "labelPadding": 6,
        "titlePadding": 8,
        "labelLimit": 190,
    },
    "axisY": {"domain": False, "ticks": False},
    "axisX": {"titleAnchor": "end", "labelOverlap": "greedy", "labelSeparation": 8},
    "legend": {"labelColor": SOFT, "titleColor": SOFT, "orient": "top"},
    "text": {"color": INK, "fontSize": 11},
}
NOT_KNOWN = "not estimable"


@dataclass(frozen=True)
class Line:
    """A line over the months: a column, or a function of a month's row, and how it is drawn."""

    column: str | Callable[[Mapping[str, Any]], float | None]
    text: str
    colour: str
    dashed: bool = False

    def at(self, row: Mapping[str, Any]) -> Any:
        """Return the line's value in one month."""
        return row[self.column] if isinstance(self.column, str) else self.column(row)


def percent_axis(title: str, form: str = ".1~%") -> Spec:
    """Return an axis of percentages, written as the text writes them."""
    spaced = "replace(datum.label, '%', '\u202f%')"
    return {"format": form, "tickCount": 5, "title": title, "labelExpr": spaced}


def quoted(text: str) -> str:
    """Return a text as a literal of a chart's expression."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def legend(*entries: tuple[str, str, str]) -> list[dict[str, str]]:
    """Return what the page prints as a chart's legend: text, colour and kind of mark each."""
    return [{"text": text, "colour": colour, "mark": mark} for text, colour, mark in entries]


def shell(rows: Iterable[Mapping[str, Any]], *, height: Any, layer: Sequence[Spec]) -> Spec:
    """Return a chart that takes the width of its place."""
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "data": {"values": [{k: _short(v) for k, v in row.items()} for row in rows]},
        "width": "container",
        "height": height,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "layer": list(layer),
    }


def dated_lines(
    facts: Dated,
    table: str,
    series: Sequence[Line],
    *,
    unit: str,
    shares: bool = True,
    height: int = 230,
) -> Spec | None:
    """Return lines over the months, with the dates at which the rules change.

    Parameters
    ----------
    facts : Facts or PairFacts
        Where the numbers come from.
    table : str
        A table with one row a month.
    series : sequence of Line
        The lines, in the order of the legend.
    unit : str
        Title of the vertical axis.
    shares : bool
        Whether values are shares.
    height : int
        In pixels.

    Returns
    -------
    dict or None
        None where no line has a point.
    """
    keys = [chr(ord("a") + place) for place in range(len(series))]
    rows = [
        {"m": row["month"]} | {key: line.at(row) for key, line in zip(keys, series, strict=True)}
        for row in facts.rows(table)
    ]
    known = [row[key] for row in rows for key in keys if row[key] is not None]
    if not known:
        return None
    names = {key: line.text for key, line in zip(keys, series, strict=True)}
    texts = list(names.values())
    looked_up = "{" + ",".join(f"{key}:{quoted(text)}" for key, text in names.items()) + "}"
    x: Spec = {"field": "date", "type": "temporal", "scale": {"type": "utc"}}
    year = {"interval": "year", "step": 1}
    x["axis"] = {"title": None, "grid": False, "format": "%Y", "tickCount": year}
    y: Spec = {"field": "value", "type": "quantitative", "title": unit}
    # Ticks of a small share need more decimals to differ from each other.
    decimals = 1 if max(known) >= 0.01 else 2 if max(known) >= 0.001 else 3
    y["axis"] = (
        percent_axis(unit, f".{decimals}~%")
        if shares
        else {"format": ",.0f", "tickCount": 5, "title": unit}
    )
    colour: Spec = {"field": "series", "type": "nominal", "title": None}
    colour["scale"] = {"domain": texts, "range": [line.colour for line in series]}
    dash: Spec = {"field": "series", "type": "nominal", "title": None}
    dashes = [[5, 4] if line.dashed else [1, 0] for line in series]
    dash["scale"] = {"domain": texts, "range": dashes}
    form = f".{decimals + 1}~%" if shares else ","
    tip = [
        {"field": "date", "type": "temporal", "title": "month", "format": "%B %Y"},
        {"field": "series", "type": "nominal", "title": "what"},
        {"field": "value", "type": "quantitative", "title": unit, "format": form},
    ]
    # A single month has no line.
    mark: Spec = {"type": "line", "strokeWidth": 2.2}
    encoding = {"x": x, "y": y, "color": colour, "strokeDash": dash}
    if len(rows) == 1:
        mark = {"type": "point", "filled": True, "size": 70}
        del encoding["strokeDash"]
    hover = {"type": "point", "size": 90, "filled": True, "opacity": 0}
    layer = [
        *_dates(facts),
        {"mark": mark, "encoding": encoding},
        {"mark": hover, "encoding": {"x": x, "y": y, "color": colour, "tooltip": tip}},
    ]
    spec = shell(rows, height=height, layer=layer)
    spec["transform"] = [
        {"fold": keys, "as": ["key", "value"]},
        {"calculate": f"{looked_up}[datum.key]", "as": "series"},
        {"calculate": _month_after(facts, "datum.m"), "as": "date"},
    ]
    kinds = [(line.text, line.colour, "dash" if line.dashed else "line") for line in series]
    said = [_course(facts, rows, key, names[key], shares) for key in keys]
    spec["usermeta"] = {"legend": legend(*kinds), "dates": True, "said": "; ".join(said) + "."}
    return spec


def _month_after(facts: Dated, months: str) -> str:
    """Return the expression of the date so many months after the start."""
    year, month, _ = facts.calendar.day(0).split("-")
    return f"utc({int(year)}, {int(month) - 1} + {months}, 1)"


def _course(
    facts: Dated, rows: Sequence[Mapping[str, Any]], key: str, text: str, shares: bool
) -> str:
    """Return a line in words: where it starts and where it ends."""
    known = [row for row in rows if row[key] is not None]
    if not known:
        return f"{text}: {NOT_KNOWN}"
    ends = [known[0], known[-1]] if len(known) > 1 else known
    return f"{text}: " + ", ".join(
        f"{_amount(row[key], shares)} in {facts.calendar.name(row['m'])}" for row in ends
    )


def _amount(value: float, shares: bool) -> str:
    return f"{100 * value:.3g} %" if shares else f"{value:,}"


def _dates(facts: Dated) -> list[Spec]:
    if not facts.marks:
        return []
    data = {"values": [{"m": mark.month, "number": mark.number} for mark in facts.marks]}
    dated = [{"calculate": _month_after(facts, "datum.m"), "as": "date"}]
    x = {"field": "date", "type": "temporal", "scale": {"type": "utc"}}
    top = {"x": x, "y": {"value": 0}}
    shared = {"data": data, "transform": dated}
    disc = {"type": "point", "shape": "circle", "filled": True, "size": 260, "yOffset": -9}
    rule = {"type": "rule", "color": GREY, "strokeDash": [2, 3]}
    number = {"type": "text", "color": PAPER, "fontWeight": "bold", "dy": -9}
    text = {"text": {"field": "number", "type": "nominal"}}
    return [
        {**shared, "mark": rule, "encoding": {"x": x}},
        {**shared, "mark": {**disc, "color": SOFT, "opacity": 1}, "encoding": top},
        {**shared, "mark": number, "encoding": {**top, **text}},
    ]


def category(field: str, order: Sequence[str], **more: Any) -> Spec:
    """Return a vertical axis of words in a given order."""
    axis = {"title": None, "labelFontSize": 12, **more}
    return {"field": field, "type": "nominal", "sort": list(order), "axis": axis, "title": None}


def amount(field: str, unit: str, *, zero: bool = True, form: str = ".1~%", **more: Any) -> Spec:
    """Return a horizontal axis of numbers."""
    axis = (percent_axis(unit, form) if form.endswith("%") else {"format": form, "title": unit}) | {
        "tickCount": 5
    }
    scale = {"zero": zero, **more}
    return {"field": field, "type": "quantitative", "axis": axis, "scale": scale, "title": unit}


def bars(
    rows: Sequence[Mapping[str, Any]],
    *,
    unit: str,
    form: str = ".1~%",
    text: str | None = None,
    colour: str = ONE,
    step: int = 22,
) -> Spec:
    """Return horizontal bars: rows have ``what`` and ``value``, and ``text`` to write beside."""
    y = category("what", [row["what"] for row in rows])
    x = amount("value", unit, form=form)
    tip = [
        {"field": "what", "type": "nominal", "title": "what"},
        {"field": text or "value", "type": "nominal" if text else "quantitative", "title": unit},
    ]
    if not text:
        tip[1]["format"] = form
    layer: list[Spec] = [
        {
            "mark": {"type": "bar", "color": colour, "height": {"band": 0.62}},
            "encoding": {"y": y, "x": x, "tooltip": tip},
        }
    ]
    if any(row["value"] < 0 for row in rows):
        layer.append({"mark": {"type": "rule", "color": SOFT}, "encoding": {"x": {"datum": 0}}})
    return shell(rows, height=step * len(rows), layer=layer)


def ranges(
    rows: Sequence[Mapping[str, Any]], *, unit: str, colour: str = ONE, step: int = 22
) -> Spec:
    """Return horizontal intervals: rows have ``what``, ``low``, ``high`` and ``text``."""
    y = category("what", [row["what"] for row in rows])
    low, high = amount("low", unit), {"field": "high"}
    tip = [
        {"field": "what", "type": "nominal", "title": "what"},
        {"field": "text", "type": "nominal", "title": unit},
    ]
    ends = {"type": "tick", "color": colour, "thickness": 2.5, "height": 12}
    return shell(
        rows,
        height=step * len(rows),
        layer=[
            {
                "mark": {"type": "bar", "color": colour, "opacity": 0.45, "height": 8},
                "encoding": {"y": y, "x": low, "x2": high, "tooltip": tip},
            },
            {"mark": ends, "encoding": {"y": y, "x": low, "tooltip": tip}},
            {
                "mark": ends,
                "encoding": {"y": y, "x": {**amount("high", unit)}, "tooltip": tip},
            },
        ],
    )


def two_worlds(
    pairs: Sequence[tuple[str, float | None, float | None]],
    *,
    unit: str,
    step: int,
    form: str = ".1~%",
    worlds: Sequence[tuple[str, str]] = (),
) -> Spec:
    """Return two dots a line: this world and the unscored one.

    Parameters
    ----------
    pairs : sequence of (what, value here, value there)
    unit : str
        Title of the horizontal axis.
    step : int
        Height of a line in pixels.
    form : str
        How values are written.
    worlds : two of (name, colour), optional
        Other worlds than these two.
    """
    here, there = worlds or ((words.LEGEND["run"], ONE), (words.LEGEND["twin"], GREY))
    rows = [
        {"what": what, "world": world, "value": value}
        for what, one, other in pairs
        # The later is drawn above the earlier.
        for world, value in ((there[0], other), (here[0], one))
        if value is not None
    ]
    shown = sorted({row["world"] for row in rows}, key=[here[0], there[0]].index)
    y = category("what", [what for what, *_ in pairs])
    x = amount("value", unit, form=form)
    colours = dict((here, there))
    colour: Spec = {"field": "world", "type": "nominal", "title": None}
    colour["scale"] = {"domain": shown, "range": [colours[world] for world in shown]}
    shape: Spec = {"field": "world", "type": "nominal", "title": None}
    shapes = {here[0]: "circle", there[0]: "diamond"}
    shape["scale"] = {"domain": shown, "range": [shapes[world] for world in shown]}
    tip = [
        {"field": "what", "type": "nominal", "title": "what"},
        {"field": "world", "type": "nominal", "title": "world"},
        {"field": "value", "type": "quantitative", "title": unit},
    ]
    tip[-1]["format"] = ".2~%" if form.endswith("%") else form
    spec = shell(
        rows,
        height=step * len(pairs),
        layer=[
            {
                "mark": {"type": "line", "color": GREY, "opacity": 0.7, "strokeWidth": 2},
                "encoding": {"y": y, "x": x, "detail": {"field": "what", "type": "nominal"}},
            },
            {
                "mark": {"type": "point", "filled": True, "size": 80, "opacity": 1},
                "encoding": {"y": y, "x": x, "color": colour, "shape": shape, "tooltip": tip},
            },
        ],
    )
    kinds = {here[0]: "dot", there[0]: "diamond"}
    entries = [(world, colours[world], kinds[world]) for world in shown]
    spec["usermeta"] = {"legend": legend(*entries)}
    return spec


def with_colours(spec: Any, colours: Mapping[str, str]) -> Any:
    """Return a specification with its CSS variables replaced by colours."""
    if isinstance(spec, dict):
        return {key: with_colours(value, colours) for key, value in spec.items()}
    if isinstance(spec, list):
        return [with_colours(value, colours) for value in spec]
    return colours.get(spec, spec) if isinstance(spec, str) else spec


def _short(value: Any) -> Any:
    """Return a number without the digits that no picture shows."""
    return float(f"{value:.6g}") if isinstance(value, float) else value
