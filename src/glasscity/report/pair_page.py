"""Put the page of a pair together: both worlds' findings, charts and words in one file."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from glasscity._version import __version__
from glasscity.report import numbers, pair_words, words
from glasscity.report.assembling import chart_view, page_text, put, stated, table_view
from glasscity.report.drawing import Spec
from glasscity.report.given import Safeguards
from glasscity.report.pair_facts import PairFacts
from glasscity.report.pair_layout import PAIR_LAYOUT, PairPlace, PairSection
from glasscity.report.pair_leads import pair_lead
from glasscity.report.pair_pictures import PAIR_PICTURES
from glasscity.report.pair_printed import PairPrinter
from glasscity.report.pair_remake import pair_command, pair_python, with_parameters
from glasscity.report.pair_statements import pair_statements
from glasscity.report.values import graded_values
from glasscity.rights.paired import pair_findings

if TYPE_CHECKING:
    from glasscity.results.run import Run
    from glasscity.rights.paired import Paired

__all__ = ["PAIR_DATA", "PAIR_PAGE", "Link", "render_pair", "write_pair_report"]

PAIR_PAGE, PAIR_DATA = "report.html", "report.json"
P = pair_words.PAGE


@dataclass(frozen=True)
class Link:
    """Another page beside this one: its file and what it is called."""

    file: str
    title: str


def write_pair_report(
    paired: Paired,
    folder: Path,
    *,
    name: str = PAIR_PAGE,
    links: Sequence[Link] = (),
    safeguards: Safeguards | None = None,
) -> Path:
    """Write the report of a pair into a folder, over an older one, and the same as data.

    Parameters
    ----------
    paired : Paired
        Two stored runs and what was stored of comparing them.
    folder : Path
        Where to; run folders are named as seen from there.
    name : str
        The page's file; the data's has the same name and ends in ``.json``.
    links : sequence of Link
        Pages of other comparisons with the same base.
    safeguards : Safeguards, optional
        What a search over safeguards found (:func:`glasscity.report.given.read_safeguards`).

    Returns
    -------
    Path
        The page.
    """
    facts = PairFacts(paired, pair_findings(paired))
    data = Path(name).with_suffix(".json").name
    document = {"glasscity": __version__, "page": name, **_relative(facts, folder)}
    put(folder, data, json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False) + "\n")
    return put(folder, name, _page(facts, folder, data, links, safeguards))


def render_pair(paired: Paired, folder: Path | None = None) -> str:
    """Return the report of a pair as one HTML file that needs nothing else."""
    return _page(PairFacts(paired, pair_findings(paired)), folder, PAIR_DATA, (), None)


def _page(
    facts: PairFacts,
    folder: Path | None,
    data: str,
    links: Sequence[Link],
    safeguards: Safeguards | None,
) -> str:
    printer = PairPrinter(facts)
    drawn = dict(_charts(facts))
    said = pair_statements(printer)
    paired, about = facts.paired, facts.findings.about
    context = {
        "page": P | {"caution": words.PAGE["caution"]},
        "sections_of": pair_words.SECTIONS,
        "facts": facts,
        "findings": facts.findings,
        "about": about,
        "printer": printer,
        "title": f"{facts.names[0]} and {facts.names[1]}",
        "kind": "",
        "lead": _lead(facts),
        "worlds": [_world(about[side]) for side in ("base", "other")],
        "cautions": _cautions(facts),
        "few": _few(facts),
        "statements": said,
        "promised": any(one.promise for one in said),
        "sections": [_section(printer, drawn, section) for section in PAIR_LAYOUT],
        "limits": (_errors(facts), *facts.findings.notes, *words.LIMITS[1:]),
        "grades": [_grades(paired.base, facts.names[0]), _grades(paired.other, facts.names[1])],
        "values": _values(paired),
        "parameters": with_parameters(paired),
        "behaviour": about["behaviour"],
        "sensitivity": f"glasscity sensitivity {paired.base.scenario['regime']['name']}",
        **_article5(facts),
        "safeguards": safeguards,
        "safeguards_tables": [table_view(one) for one in safeguards.tables] if safeguards else [],
        "article5": f"glasscity article5 {paired.base.scenario['regime']['name']}",
        "frontier": [
            f"glasscity frontier {paired.base.scenario['regime']['name']} --out frontier",
            "glasscity report FOLDER --frontier frontier",
            f"glasscity pair {paired.base.scenario['regime']['name']} --with appeals",
        ],
        "data": data,
        "links": links,
        "command": pair_command(paired),
        "python": pair_python(paired),
        "folders": [_folder(run, folder) for run in (paired.base, paired.other)],
        "provenance": stated(paired.base.provenance),
        "version": paired.base.provenance.get("glasscity", __version__),
        "model": about["model"],
    }
    return page_text("pair.html.j2", context, drawn)


def _article5(facts: PairFacts) -> dict[str, Any]:
    found = facts.paired.article5
    shown = {
        "unrelated": (
            *("world", "reading", "of", "denials", "undone_least_share", "undone_most_share"),
            *("involved_least_share", "involved_most_share", "uncoded_share"),
        ),
        "burden": (
            *("world", "weighting", "gravity", "people", "groundless_people", "groundless_share"),
            *("inverted", "inverted_error", "tied", "ratio", "ratio_low", "ratio_high"),
        ),
    }
    return {
        "rule": {**found.rule, "caution": found.caution},
        "conditions": facts.rows("article5_conditions"),
        "article5_tables": [
            table_view(facts.table(f"article5_{name}"), columns) for name, columns in shown.items()
        ],
        "article5_notes": found.notes,
    }


def _charts(facts: PairFacts) -> Iterator[tuple[str, Spec]]:
    for section in PAIR_LAYOUT:
        for place in section.charts:
            spec = PAIR_PICTURES[place.chart](facts)
            if spec is not None:
                yield place.chart, spec


def _section(
    printer: PairPrinter, drawn: Mapping[str, Spec], section: PairSection
) -> dict[str, Any]:
    facts = printer.facts
    title, about = pair_words.SECTIONS[section.name]
    return {
        "name": section.name,
        "title": title,
        "about": about,
        "lead": pair_lead(printer, section.name),
        # A section whose charts have nothing says so once, by its lead.
        "charts": [
            _chart(facts, drawn.get(place.chart), place)
            for place in section.charts
            if section.name != "causation" or place.chart in drawn
        ],
        "tables": [table_view(facts.table(name)) for name in section.tables],
    }


def _chart(facts: PairFacts, spec: Spec | None, place: PairPlace) -> dict[str, Any]:
    named = {"here": facts.names[0], "there": facts.names[1]}
    heading, about = (part.format(**named) for part in pair_words.CAPTIONS[place.chart])
    table = table_view(facts.table(place.table), place.columns, place.grouping, place.outcome)
    return chart_view(place.chart, heading, about, spec, table, dates=facts.marks)


def _lead(facts: PairFacts) -> str:
    about = facts.findings.about
    country = facts.paired.base.scenario["country"]
    span = words.PAGE["span_of_one" if facts.months == 1 else "span"].format(
        months=numbers.whole(facts.months),
        first=facts.calendar.name(0),
        last=facts.last,
    )
    return P["lead"].format(
        citizens=numbers.several(facts.citizens, *words.PAGE["adults"]),
        country=country.get("title") or about["country"],
        span=span,
        here=facts.names[0],
        there=facts.names[1],
    )


def _world(side: Mapping[str, Any]) -> str:
    kind = words.KINDS.get(str(side["kind"]), "")
    return P["side"].format(
        name=side["name"],
        title=side["title"],
        kind=f" ({kind})" if kind else "",
        changed=P["changed"].format(changes=", ".join(side["changed"])) if side["changed"] else "",
    )


def _cautions(facts: PairFacts) -> list[str]:
    runs = (facts.paired.base, facts.paired.other)
    found = [str(run.scenario["regime"].get("caution") or "") for run in runs]
    return [one for one in dict.fromkeys(found) if one]


def _few(facts: PairFacts) -> str:
    if facts.citizens >= 1000:
        return ""
    return words.PAGE["few"].format(
        citizens=numbers.several(facts.citizens, *words.PAGE["citizens"])
    )


def _errors(facts: PairFacts) -> str:
    about = facts.findings.about
    if not about["error_seeds"]:
        return P["error_counted"]
    return P["error_seeds"].format(
        seeds=about["error_seeds"], citizens=numbers.count(about["error_citizens"])
    )


def _grades(run: Run, name: str) -> dict[str, Any]:
    values = graded_values(run.scenario)
    counts = {grade: sum(one.grade == grade for one in values) for grade in words.GRADES}
    return {"name": name, "counts": counts, "all": len(values)}


def _values(paired: Paired) -> list[dict[str, str]]:
    """Return the graded values in which the worlds differ, and every one of behaviour."""
    both = [
        {one.path: one for one in graded_values(run.scenario)}
        for run in (paired.base, paired.other)
    ]
    found = []
    for path in dict.fromkeys([*both[0], *both[1]]):
        here, there = (one.get(path) for one in both)
        known = here or there
        same = here is not None and there is not None and here.value == there.value
        if known is None or path.startswith("country") or (same and path.startswith("regime")):
            continue
        found.append(
            {
                "path": path,
                "base": here.value if here else "",
                "other": there.value if there else "",
                "unit": known.unit,
                "grade": known.grade,
                "spread": known.spread,
                "reason": known.reason,
            }
        )
    return found


def _folder(run: Run, folder: Path | None) -> dict[str, str]:
    return {"name": _path(run, folder), "digest": run.digest}


def _path(run: Run, folder: Path | None) -> str:
    if folder is not None and run.path.is_relative_to(folder):
        return run.path.relative_to(folder).as_posix()
    return str(run.path)


def _relative(facts: PairFacts, folder: Path) -> dict[str, Any]:
    """Return the findings as data, with run folders as seen from the report's own folder."""
    found = facts.findings.to_dict()
    for side, run in (("base", facts.paired.base), ("other", facts.paired.other)):
        found["about"][side]["run"] = _path(run, folder)
    return found
