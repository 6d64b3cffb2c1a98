"""Put the page together: findings, charts, words and the chart library in one file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from glasscity._version import __version__
from glasscity.report import numbers, words
from glasscity.report.assembling import chart_view, page_text, put, stated, table_view
from glasscity.report.charts import specification
from glasscity.report.facts import Facts, facts_of
from glasscity.report.layout import LAYOUT, Place
from glasscity.report.leads import lead
from glasscity.report.printed import Printer
from glasscity.report.remake import command_line, python_lines
from glasscity.report.statements import statements
from glasscity.report.values import graded_values

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
    return put(run.path, NAME, render(run))


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
    about, regime = facts.findings.about, _part(facts, "regime")
    values = graded_values(facts.scenario)
    said = statements(printer)
    context = {
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
        "provenance": stated(provenance),
        "version": provenance.get("glasscity", __version__),
        "command": command_line(facts.scenario, twin=_twin(facts)),
        "python": python_lines(facts.scenario, str(about["digest"]), twin=_twin(facts)),
        "model": about["model"],
    }
    return page_text("report.html.j2", context, drawn)


def _charts(facts: Facts) -> Iterator[tuple[str, dict[str, Any]]]:
    for section in LAYOUT:
        for place in section.charts:
            options = {"group": place.group} if place.group else {}
            spec = specification(facts, place.chart, **options)
            if spec is not None:
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
            table_view(facts.table(name), (), _NO_PROVINCES if name == "exposure" else ())
            for name in section.tables
            if not section.optional or facts.rows(name)
        ],
    }


def _chart(facts: Facts, spec: Mapping[str, Any] | None, place: Place) -> dict[str, Any]:
    heading, about = words.CAPTIONS[place.chart]
    if place.group:
        heading = heading.format(group=words.LABELS[place.group].capitalize())
    table = table_view(facts.table(place.table), place.columns, place.grouping)
    return chart_view(
        place.key, heading, about, spec, table, dates=facts.marks, nested=bool(place.group)
    )


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
