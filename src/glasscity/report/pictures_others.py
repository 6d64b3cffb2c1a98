"""Charts of what others do with a score, of perks, and of what households bear."""

from __future__ import annotations

from typing import Any

from glasscity.report import numbers, words
from glasscity.report.drawing import (
    GREY,
    INK,
    ONE,
    PAPER,
    TWO,
    Line,
    Spec,
    bars,
    dated_lines,
    shell,
    two_worlds,
)
from glasscity.report.facts import Facts, label

__all__ = ["operators", "displays", "dating", "perk_holders", "households", "chill_split"]

L = words.LEGEND
A = words.AXES
_FIFTHS = ("1", "2", "3", "4", "5")
# Above this opacity of a cell its text is written in the paper's colour.
_DARK_CELL = 0.65


def operators(facts: Facts) -> Spec | None:
    """Squares: where the second operator places each fifth of the leading score."""
    found = facts.rows("operators_joint")
    if not found:
        return None
    rows = [
        {
            "here": row["fifth"],
            "there": fifth,
            "value": row[f"f{fifth}"],
            "text": numbers.percent(row[f"f{fifth}"], row["citizens"]),
            "what": words.PAGE["fifths"].format(here=row["fifth"], there=fifth),
        }
        for row in found
        for fifth in _FIFTHS
        if row[f"f{fifth}"] is not None
    ]
    most = max(row["value"] for row in rows) or 1.0
    x: Spec = {"field": "there", "type": "nominal", "sort": list(_FIFTHS)}
    x["axis"] = {"title": A["second"], "labelAngle": 0, "domain": False, "ticks": False}
    y: Spec = {"field": "here", "type": "nominal", "sort": list(reversed(_FIFTHS))}
    y["axis"] = {"title": A["leading"], "domain": False, "ticks": False}
    shade: Spec = {"field": "value", "type": "quantitative", "legend": None}
    shade["scale"] = {"domain": [0, most], "range": [0.06, 1]}
    test = f"datum.value > {_DARK_CELL * most:.6g}"
    tip = [
        {"field": "what", "type": "nominal", "title": "fifth"},
        {"field": "text", "type": "nominal", "title": A["of_the_fifth"]},
    ]
    text = {"field": "text", "type": "nominal"}
    colour = {"condition": {"test": test, "value": PAPER}, "value": INK}
    spec = shell(
        rows,
        height=200,
        layer=[
            {
                "mark": {"type": "rect", "color": ONE, "stroke": PAPER, "strokeWidth": 2},
                "encoding": {"x": x, "y": y, "opacity": shade, "tooltip": tip},
            },
            {
                "mark": {"type": "text", "fontSize": 12},
                "encoding": {"x": x, "y": y, "text": text, "color": colour},
            },
        ],
    )
    said = [f"{row['what']}: {row['text']}" for row in rows if row["here"] == row["there"]]
    spec["usermeta"] = {"said": "; ".join(said) + words.SENTENCES["full_stop"]}
    return spec


def displays(facts: Facts) -> Spec | None:
    """Line: citizens who display their score."""
    if not any(row["displays"] for row in facts.rows("monthly")):
        return None
    series = [Line("displays", L["displays"], ONE)]
    return dated_lines(facts, "monthly", series, unit=A["share"], height=180)


def dating(facts: Facts) -> Spec | None:
    """Bars: the odds of a match by tenth of the score, against the average."""
    rows = [
        {
            "what": words.PAGE["tenths"].get(row["decile"], row["decile"]),
            "value": row["against_average"],
            "text": f"{row['against_average']:.2f}",
        }
        for row in reversed(facts.rows("dating"))
        if row["against_average"] is not None
    ]
    if not rows:
        return None
    spec = bars(rows, unit=A["odds"], form=".1~f", text="text")
    average: Any = {"mark": {"type": "rule", "color": GREY, "strokeDash": [2, 3]}}
    spec["layer"].append({**average, "encoding": {"x": {"datum": 1}}})
    return spec


def perk_holders(facts: Facts) -> Spec | None:
    """Bars: what perks leave in the pockets of each fifth of incomes."""
    rows = [
        {
            "what": label(row["quintile"]),
            "value": row["gain"],
            "text": numbers.plain(row["gain"], row["citizens"]),
        }
        for row in facts.rows("perk_holders")
        if row["gain"] is not None
    ]
    return bars(rows, unit=A["spending"], form=".2~f", text="text") if rows else None


def households(facts: Facts) -> Spec | None:
    """Dots: what other members' refusals take, by income, in both worlds."""
    found = [row for row in facts.rows("households") if row["loss"] is not None]
    if not any(row["loss"] or row["twin_loss"] for row in found):
        return None
    pairs = [(label(row["quintile"]), row["loss"], row["twin_loss"]) for row in found]
    return two_worlds(pairs, unit=A["spending"], step=28, form=".3~f")


def chill_split(facts: Facts) -> Spec | None:
    """Lines: criticism kept back in all, and the part that comes through others' silence."""
    series = []
    for column, colour in (("chilled_total", TWO), ("chilled_indirect", ONE)):
        series.append(Line(column, L[column], colour))
        if facts.has_twin:
            text = f"{L[column]} ({L['twin']})"
            series.append(Line(f"twin_{column}", text, colour, dashed=True))
    return dated_lines(facts, "monthly", series, unit=A["share"])
