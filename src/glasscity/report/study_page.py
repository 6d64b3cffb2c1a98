"""Put the page of a study together: regimes against the first, over seeds and over the set."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup

from glasscity._version import __version__
from glasscity.report import numbers, study_words, words
from glasscity.report.assembling import chart_view, page_text, put, table_view
from glasscity.report.calendar import Calendar
from glasscity.report.drawing import GREY, ONE, SOFT, Spec, category, legend, shell
from glasscity.report.printed import DASH, NOTHING
from glasscity.report.study_facts import BENEFIT, HARM, Answer, StudyFacts
from glasscity.rights.measures import MEASURES
from glasscity.rights.tabulate import Column, Table

__all__ = ["write_study_page"]

STUDY_PAGE, STUDY_DATA = "report.html", "report.json"
P, S = study_words.PAGE, study_words.SENTENCES


def write_study_page(facts: StudyFacts) -> Path:
    """Write the report of a study into its folder, over an older one, and the same as data.

    Returns
    -------
    Path
        The page.
    """
    document = {"glasscity": __version__, "page": STUDY_PAGE, **_as_data(facts)}
    text = json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False)
    put(facts.folder, STUDY_DATA, text + "\n")
    return put(facts.folder, STUDY_PAGE, _page(facts))


def _page(facts: StudyFacts) -> str:
    about = facts.about
    harm, benefit = list(facts.answers(HARM)), list(facts.answers(BENEFIT))
    drawn: dict[str, Spec] = {}
    sections = []
    for name, answers in (("harm", harm), ("benefit", benefit)):
        charts = []
        for measure in dict.fromkeys(one.measure for one in answers):
            own = [one for one in answers if one.measure == measure]
            spec = _forest(facts, measure, own)
            drawn[measure] = spec
            charts.append(
                chart_view(
                    measure,
                    MEASURES[measure].title,
                    _caption(own),
                    spec,
                    table_view(_own_table(facts, measure)),
                )
            )
        title, said = study_words.SECTIONS[name]
        sections.append({"name": name, "title": title, "about": said, "charts": charts})
    ends, figures = facts.ends(), facts.figures()
    context = {
        "page": P,
        "sections_of": study_words.SECTIONS,
        "printer": _Printer(facts),
        "title": about["title"] or about["name"],
        "kind": "",
        "lead": _lead(facts),
        "question": about["question"],
        "first": P["first"].format(first=facts.regimes[0]),
        "answers": [
            {"title": title, "said": _by_measure(facts, several)}
            for title, several in (
                (study_words.SECTIONS["harm"][0], harm),
                (study_words.SECTIONS["benefit"][0], benefit),
            )
        ],
        "sections": sections,
        "ends": table_view(ends) if ends.rows else None,
        "failures": about.get("failures") or (),
        "limits": study_words.LIMITS,
        "figures": table_view(figures),
        "digest": about["digest"],
        "files": about["files"],
        "command": f"glasscity study FILE.yaml --out {facts.folder.name}",
        "file": _file(about["study"]),
        "data": STUDY_DATA,
        "version": about["glasscity"],
        "model": about["model"],
    }
    return page_text("study.html.j2", context, drawn)


def _as_data(facts: StudyFacts) -> dict[str, Any]:
    figures = facts.figures()
    kept = ("name", "title", "question", "study", "country", "regimes", "points", "seeds")
    return {
        **{key: facts.about[key] for key in kept},
        "months": facts.about["months"],
        "start": facts.about["start"],
        "digest": facts.about["digest"],
        "files": facts.about["files"],
        "definitions": {
            row["name"]: {
                "title": MEASURES[row["name"]].title,
                "definition": MEASURES[row["name"]].definition,
                "unit": MEASURES[row["name"]].unit,
                "of": MEASURES[row["name"]].denominator,
            }
            for row in figures.rows
        },
        "figures": list(figures.rows),
        "ends": list(facts.ends().rows),
        "verdicts": [
            {"measure": one.measure, "regime": one.regime, "verdict": one.verdict}
            for one in facts.answers((*HARM, *BENEFIT))
        ],
    }


def _lead(facts: StudyFacts) -> str:
    about = facts.about
    calendar = Calendar(str(about["start"]))
    months = int(about["months"])
    span = words.PAGE["span"].format(
        months=numbers.whole(months), first=calendar.name(0), last=calendar.name(months - 1)
    )

    def several(key: str, count: int) -> str:
        return P[key][0] if count == 1 else P[key][1].format(count=count)

    members = numbers.several(int(about["members"]), *P["runs"])
    people = numbers.several(facts.citizens, *words.PAGE["adults"])
    said = P["lead"].format(
        members=f"{members} of {people}",
        country=about["country"],
        span=span,
        regimes=several("regimes", len(facts.regimes)),
        points=several("points", len(about["points"])),
        seeds=several("seeds", len(about["seeds"])),
    )
    failed = int(about["failed"])
    return f"{said} {P['failed_runs'].format(count=failed)}" if failed else said


def _by_measure(facts: StudyFacts, answers: Sequence[Answer]) -> list[dict[str, Any]]:
    """Return what is said of each measure: its title and definition, and a finding a regime."""
    found = []
    for name in dict.fromkeys(one.measure for one in answers):
        about = MEASURES[name]
        found.append(
            {
                "name": name,
                "title": about.title,
                "definition": f"{about.definition} {_of(about.denominator)}",
                "regimes": [_said(facts, one) for one in answers if one.measure == name],
            }
        )
    return found


def _said(facts: StudyFacts, one: Answer) -> dict[str, Markup]:
    """Return what is said of a measure in a regime: the finding, and what bounds it."""
    error = facts.error(one.seeds)
    name = one.measure

    def shown(field: str, row: Any, key: str, *, signed: bool) -> Markup:
        value = row[key]
        text = facts.text(name, value, signed=signed, error=error if signed else facts.error(row))
        if key in ("low", "least"):
            # The unit stands once, behind the upper end.
            text = text.removesuffix(" points").removesuffix(" months")
        return Markup(
            '<data class="number" data-figure="{}" data-regime="{}" data-field="{}" '
            'value="{}">{}</data>'
        ).format(name, one.regime, field, repr(value), text)

    verdict = study_words.VERDICTS[one.verdict]
    first = Markup(S["answer"]).format(
        regime=_regime(one.regime),
        first=_regime(facts.regimes[0]),
        value=shown("value", one.value, "estimate", signed=False),
        base=shown("base", one.base, "estimate", signed=False),
        verdict=verdict,
    )
    gap: Any = one.seeds
    if gap["low"] is None:
        rest = Markup(S["no_interval"]).format(
            difference=shown("difference", gap, "estimate", signed=True)
        )
    else:
        rest = Markup(S["seeds"]).format(
            difference=shown("difference", gap, "estimate", signed=True),
            low=shown("low", gap, "low", signed=True),
            high=shown("high", gap, "high", signed=True),
            seeds=gap["seeds"],
        )
    wide = one.over
    if wide is not None and wide["least"] is not None:
        rest += Markup(" ") + Markup(S["set"]).format(
            number=wide["number"],
            over=S[wide["over"]],
            least=shown("least", wide, "least", signed=True),
            greatest=shown("greatest", wide, "greatest", signed=True),
            above=wide["above_zero"],
        )
    return {"first": first, "rest": rest}


def _regime(name: str) -> Markup:
    return Markup('<span class="world">{}</span>').format(name)


def _of(denominator: str) -> str:
    if not denominator:
        return ""
    return (
        f"{denominator[0].upper()}{denominator[1:]}."
        if denominator.startswith("per ")
        else (f"Of {denominator}.")
    )


def _caption(answers: Sequence[Answer]) -> str:
    seeds = max((one.seeds or {}).get("seeds") or 0 for one in answers)
    wide = next((one.over for one in answers if one.over is not None), None)
    if wide is None:
        return study_words.CAPTION_ALONE.format(seeds=seeds)
    return study_words.CAPTION.format(seeds=seeds, number=wide["number"], over=S[wide["over"]])


def _forest(facts: StudyFacts, measure: str, answers: Sequence[Answer]) -> Spec:
    """Return dots with intervals over seeds on bars over the set: a line a regime."""
    share = MEASURES[measure].unit == "share"
    scale = 100.0 if share else 1.0
    unit = "percentage points" if share else MEASURES[measure].unit
    title = f"{unit}, less {facts.regimes[0]}"
    rows = []
    for one in answers:
        gap: Any = one.seeds
        wide: Mapping[str, Any] = one.over or {}
        error = facts.error(gap)
        text = facts.text(measure, gap["estimate"], signed=True, error=error)
        rows.append(
            {
                "what": one.regime,
                "value": scale * gap["estimate"],
                "low": _times(scale, gap["low"]),
                "high": _times(scale, gap["high"]),
                "least": _times(scale, wide.get("least")),
                "greatest": _times(scale, wide.get("greatest")),
                "text": text,
                "verdict": study_words.VERDICTS[one.verdict],
            }
        )
    y = category("what", [row["what"] for row in rows])
    x: Spec = {"field": "value", "type": "quantitative", "title": title}
    x["axis"] = {"format": "+,~f", "title": title, "tickCount": 4}
    tip = [
        {"field": "what", "type": "nominal", "title": "regime"},
        {"field": "text", "type": "nominal", "title": "difference"},
        {"field": "verdict", "type": "nominal", "title": "which"},
    ]
    wide_bar = {"type": "bar", "color": GREY, "opacity": 0.35, "height": 12}
    spec = shell(
        rows,
        height=30 * len(rows) + 10,
        layer=[
            {"mark": {"type": "rule", "color": SOFT}, "encoding": {"x": {"datum": 0}}},
            {
                "mark": wide_bar,
                "encoding": {"y": y, "x": {**x, "field": "least"}, "x2": {"field": "greatest"}},
            },
            {
                "mark": {"type": "rule", "color": ONE, "strokeWidth": 2.5},
                "encoding": {"y": y, "x": {**x, "field": "low"}, "x2": {"field": "high"}},
            },
            {
                "mark": {"type": "point", "filled": True, "size": 80, "color": ONE, "opacity": 1},
                "encoding": {"y": y, "x": x, "tooltip": tip},
            },
        ],
    )
    entries = legend(("over seeds", ONE, "dot"), ("over the set", GREY, "bar"))
    spec["usermeta"] = {"legend": entries if any(r["least"] is not None for r in rows) else ()}
    return spec


def _times(scale: float, value: float | None) -> float | None:
    return None if value is None or math.isnan(value) else scale * value


def _own_table(facts: StudyFacts, measure: str) -> Table:
    whole = facts.figures()
    rows = tuple(row for row in whole.rows if row["name"] == measure)
    shown = [one for one in whole.columns if one.name not in ("measure", "name")]
    title = MEASURES[measure].title
    return Table(
        name=measure,
        title=title,
        definition=MEASURES[measure].definition,
        columns=tuple(shown),
        rows=rows,
    )


class _Printer:
    """Print the cells of a study's tables."""

    def __init__(self, facts: StudyFacts) -> None:
        self.facts = facts

    def cell(self, table: Table, column: Column, row: Mapping[str, Any]) -> Markup:
        """Return one cell of a table."""
        value = row[column.name]
        if value is None:
            return Markup('<span class="none" title="{}">{}</span>').format(NOTHING, DASH)
        if isinstance(value, str):
            return Markup("{}").format(value)
        exact = value if isinstance(value, int) else f"{value:.9g}"
        return Markup('<data value="{}">{}</data>').format(exact, self._text(column, row, value))

    def _text(self, column: Column, row: Mapping[str, Any], value: float) -> str:
        if column.unit != "mixed":
            return numbers.count(value)
        vector = column.name.split("_")[0]
        ends = [row.get(key) for key in ("low", "high")]
        if None in ends:
            ends = [row.get(f"{vector}_{key}") for key in ("low", "high")]
        error = None if None in ends else (ends[1] - ends[0]) / 2  # pyright: ignore[reportOptionalOperand]
        if row["unit"] == "share":
            decimals = numbers.decimals_within(100 * error) if error else 2
            return f"{100 * value:.{decimals}f}{numbers.GAP}%".replace("-", numbers.MINUS)
        return numbers.within(value, error)


def _file(study: Mapping[str, Any]) -> str:
    """Return the study file as text: JSON is YAML, too."""
    return json.dumps(study, indent=2, ensure_ascii=False)
