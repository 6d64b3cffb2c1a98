"""Put the page together: findings, charts, words and the chart library in one file."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from glasscity._version import __version__
from glasscity.report import numbers, words
from glasscity.report.bundle import chart_library
from glasscity.report.charts import specification
from glasscity.report.drawing import CONFIG
from glasscity.report.facts import Facts, facts_of
from glasscity.report.inwords import in_words
from glasscity.report.layout import LAYOUT, Place
from glasscity.report.leads import lead
from glasscity.report.printed import Printer
from glasscity.report.remake import command_line, python_lines
from glasscity.report.statements import statements
from glasscity.report.values import graded_values
from glasscity.results.folder import told_plainly

if TYPE_CHECKING:
    from glasscity.results.run import Run

__all__ = ["render", "write_report"]

NAME = "report.html"
# Eighteen gates by every province would be a table that nobody reads on a page.
_NO_PROVINCES = ("quintile", "age", "area", "camp")


def write_report(run: Run) -> Path:
    """Write ``report.html`` into a run's folder, over an older one.

    Parameters
    ----------
    run : Run
        A stored run.

    Returns
    -------
    Path
        The file.
    """
    text = render(run)
    target, part = run.path / NAME, run.path / f".{NAME}.part"
    with told_plainly(run.path):
        try:
            part.write_text(text, encoding="utf-8")
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
    return target


def render(run: Run) -> str:
    """Return the report of a run as one HTML file that needs nothing else.

    Parameters
    ----------
    run : Run
        A stored run, or one about to be completed.
    """
    return _page(facts_of(run), run.provenance)


def _page(facts: Facts, provenance: Mapping[str, Any]) -> str:
    printer = Printer(facts)
    drawn = dict(_charts(facts))
    scripts = {"library": chart_library(), "own": _asset("report.js")}
    style = _asset("report.css")
    payload = {"config": CONFIG, "charts": drawn, "failed": words.PAGE["failed"]}
    about, regime = facts.findings.about, _part(facts, "regime")
    values = graded_values(facts.scenario)
    said = statements(printer)
    context = {
        "words": words,
        "page": words.PAGE,
        "facts": facts,
        "findings": facts.findings,
        "about": about,
        "printer": printer,
        "title": regime.get("title") or about.get("regime") or "",
        "kind": words.KINDS.get(str(about.get("kind")), ""),
        "lead": _lead(facts),
        "caution": str(regime.get("caution") or ""),
        "few": _few(facts),
        "statements": said,
        "promised": any(one.promise for one in said),
        "sections": [
            _section(printer, drawn, section)
            for section in LAYOUT
            if not section.optional or any(facts.rows(name) for name in section.tables)
        ],
        "limits": (*_notes(facts), *words.LIMITS),
        "values": [one for one in values if not one.path.startswith("country")],
        "grades": _grade_counts(values),
        "provenance": _provenance(provenance),
        "version": provenance.get("glasscity", __version__),
        "command": command_line(facts.scenario, twin=_twin(facts)),
        "python": python_lines(facts.scenario, str(about["digest"]), twin=_twin(facts)),
        "style": Markup(style),
        "scripts": {name: Markup(text) for name, text in scripts.items()},
        "payload": Markup(_json(payload)),
        "policy": _policy(scripts.values(), style),
    }
    return _environment().get_template("report.html.j2").render(context)


def _charts(facts: Facts) -> Iterator[tuple[str, dict[str, Any]]]:
    for section in LAYOUT:
        for place in section.charts:
            options = {"group": place.group} if place.group else {}
            spec = specification(facts, place.chart, **options)
            if spec is not None:
                spec.pop("$schema")
                yield place.key, spec


def _section(printer: Printer, drawn: Mapping[str, Any], section: Any) -> dict[str, Any]:
    facts = printer.facts
    title, about = words.SECTIONS[section.name]
    return {
        "name": section.name,
        "title": title,
        "about": about,
        "lead": lead(printer, section.name),
        "charts": [_chart(facts, drawn.get(place.key), place) for place in section.charts],
        "tables": [
            _table(facts, name, (), _NO_PROVINCES if name == "exposure" else ())
            for name in section.tables
            if not section.optional or facts.rows(name)
        ],
    }


def _chart(facts: Facts, spec: Mapping[str, Any] | None, place: Place) -> dict[str, Any]:
    heading, about = words.CAPTIONS[place.chart]
    if place.group:
        heading = heading.format(group=words.LABELS[place.group].capitalize())
    usual = {} if spec is None else spec.get("usermeta", {})
    return {
        "key": place.key,
        "heading": heading,
        "about": about,
        "shown": spec is not None,
        "legend": usual.get("legend", ()),
        "dates": facts.marks if usual.get("dates") else (),
        "alternative": "" if spec is None else in_words(heading, about, spec),
        "table": {
            **_table(facts, place.table, place.columns, place.grouping),
            "label": heading,
        },
        "nested": bool(place.group),
    }


def _table(
    facts: Facts, name: str, columns: tuple[str, ...], grouping: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Return a table: the columns named, or all, that hold anything at all."""
    known = facts.table(name)
    rows = [row for row in known.rows if not grouping or row["grouping"] in grouping]
    by_name = {column.name: column for column in known.columns}
    kept = [
        by_name[column]
        for column in columns or by_name
        if not rows or any(row[column] is not None for row in rows)
    ]
    return {
        "name": name,
        "title": known.title,
        "label": known.title,
        "definition": known.definition,
        "grades": known.grades,
        "columns": kept,
        "rows": rows,
        "source": known,
        "grouping": " ".join(grouping),
        "counted": any(column.unit == "count" for column in kept),
        "long": len(rows) > 20,
        # A single line of many columns reads better from top to bottom.
        "turned": len(rows) == 1 and len(kept) > 4,
    }


def _lead(facts: Facts) -> str:
    regime, country = _part(facts, "regime"), _part(facts, "country")
    about, calendar = facts.findings.about, facts.calendar
    span = words.PAGE["span_of_one" if facts.months == 1 else "span"].format(
        months=numbers.whole(facts.months),
        first=calendar.name(0),
        last=calendar.name(facts.months - 1),
    )
    lead = words.PAGE["lead"].format(
        citizens=numbers.several(facts.citizens, *words.PAGE["adults"]),
        country=country.get("title") or about.get("country") or "a made-up country",
        span=span,
        regime=regime.get("title") or about.get("regime") or "",
    )
    lead += words.PAGE["lead_twin"] if facts.has_twin else words.SENTENCES["full_stop"]
    fork = _part(facts, "fork")
    if fork:
        lead += words.PAGE["lead_fork"].format(
            month=calendar.name(int(fork["month"])), regime=fork["regime"]["name"]
        )
    return lead


def _few(facts: Facts) -> str:
    """Return a warning where the run is too small to say anything."""
    if facts.citizens >= 1000:
        return ""
    return words.PAGE["few"].format(
        citizens=numbers.several(facts.citizens, *words.PAGE["citizens"])
    )


def _notes(facts: Facts) -> list[str]:
    """Return the notes of the findings without the caution, which stands at the top."""
    caution = str(_part(facts, "regime").get("caution") or "")
    return [note for note in facts.findings.notes if note != caution]


def _part(facts: Facts, key: str) -> Mapping[str, Any]:
    part = facts.scenario.get(key)
    return part if isinstance(part, Mapping) else {}


def _twin(facts: Facts) -> bool:
    """Return whether the command must not say that there is no twin."""
    return facts.has_twin or facts.is_unscored


def _grade_counts(values: Any) -> dict[str, int]:
    return {grade: sum(one.grade == grade for one in values) for grade in words.GRADES}


def _provenance(provenance: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what is known of where the run comes from, as lines of a list."""
    lines = []
    for key, value in provenance.items():
        if value is None or value in ({}, []):
            continue
        if isinstance(value, Mapping):
            text = ", ".join(f"{name} {entry}" for name, entry in value.items())
        elif isinstance(value, list | tuple):
            text = " ".join(map(str, value))
        elif key == "peak_memory_bytes":
            text = f"{float(value) / 2**20:,.0f} MiB"
        elif isinstance(value, bool):
            text = "yes" if value else "no"
        else:
            text = f"{value} bytes" if "bytes" in key else str(value)
        lines.append((words.PAGE["keys"].get(key, key.replace("_", " ")), text))
    return lines


def _json(payload: Any) -> str:
    """Return JSON that cannot end the script element that it stands in."""
    text = json.dumps(payload, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _policy(scripts: Any, style: str) -> str:
    """Return a content security policy: what stands in the file, and nothing from anywhere."""
    allowed = " ".join(_fingerprint(text) for text in scripts)
    return (
        f"default-src 'none'; script-src {allowed}; style-src {_fingerprint(style)}; "
        "base-uri 'none'; form-action 'none'"
    )


def _fingerprint(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


@cache
def _asset(name: str) -> str:
    folder = resources.files("glasscity.report") / "templates"
    return (folder / name).read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("glasscity.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
