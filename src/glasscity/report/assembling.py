"""What every page is put together with: charts, tables, scripts, style and policy in one file."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from glasscity.report import words
from glasscity.report.bundle import chart_library
from glasscity.report.drawing import CONFIG, Spec
from glasscity.report.inwords import in_words
from glasscity.results.folder import told_plainly

if TYPE_CHECKING:
    from glasscity.rights import Table

__all__ = ["chart_view", "page_text", "put", "stated", "table_view"]

# Longer tables scroll in a frame of their own.
_LONG = 20


def put(folder: Path, name: str, text: str) -> Path:
    """Write a file into a folder, whole or not at all, over an older one; return it."""
    target, part = folder / name, folder / f".{name}.part"
    with told_plainly(folder):
        try:
            part.write_text(text, encoding="utf-8")
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
    return target


def table_view(
    known: Table,
    columns: Sequence[str] = (),
    grouping: Sequence[str] = (),
    outcome: str = "",
) -> dict[str, Any]:
    """Return a table as the page shows it: the columns named, or all, that hold anything at all.

    Parameters
    ----------
    known : Table
        Of the findings.
    columns : sequence of str, optional
        Names of columns, in their order.
    grouping, outcome : optional
        Keep only the lines of these groupings, and of this outcome.
    """
    rows = [
        row
        for row in known.rows
        if (not grouping or row["grouping"] in grouping)
        and (not outcome or row["outcome"] == outcome)
    ]
    by_name = {column.name: column for column in known.columns}
    kept = [
        by_name[column]
        for column in columns or by_name
        if not rows or any(row[column] is not None for row in rows)
    ]
    return {
        "name": known.name,
        "title": known.title,
        "label": known.title,
        "definition": known.definition,
        "grades": known.grades,
        "columns": kept,
        "rows": rows,
        "source": known,
        "grouping": " ".join(grouping),
        "outcome": outcome,
        "counted": any(column.unit == "count" for column in kept),
        "long": len(rows) > _LONG,
        # A single line of many columns reads better from top to bottom.
        "turned": len(rows) == 1 and len(kept) > 4,
    }


def chart_view(
    key: str,
    heading: str,
    about: str,
    spec: Mapping[str, Any] | None,
    table: dict[str, Any],
    *,
    dates: Sequence[Any] = (),
    nested: bool = False,
) -> dict[str, Any]:
    """Return a chart as the page shows it: what it is called, says and is made from."""
    usual = {} if spec is None else spec.get("usermeta", {})
    return {
        "key": key,
        "heading": heading,
        "about": about,
        "shown": spec is not None,
        "legend": usual.get("legend", ()),
        "dates": dates if usual.get("dates") else (),
        "alternative": "" if spec is None else in_words(heading, about, spec),
        "table": {**table, "label": heading},
        "nested": nested,
    }


def page_text(template: str, context: Mapping[str, Any], drawn: Mapping[str, Spec]) -> str:
    """Return a page as one HTML file that needs nothing else.

    Parameters
    ----------
    template : str
        One that extends ``base.html.j2``.
    context : mapping
        What the template needs.
    drawn : mapping of key to specification
        Every chart of the page.
    """
    scripts = {"library": chart_library(), "own": _asset("report.js")}
    style = _asset("report.css")
    charts = {
        key: {name: part for name, part in spec.items() if name != "$schema"}
        for key, spec in drawn.items()
    }
    page = {name: words.PAGE[name] for name in ("failed", "download")}
    payload = {"config": CONFIG, "charts": charts, **page}
    return (
        _environment()
        .get_template(template)
        .render(
            **{"words": words, "page": words.PAGE, **context},
            style=Markup(style),
            scripts={name: Markup(text) for name, text in scripts.items()},
            payload=Markup(_json(payload)),
            policy=_policy(scripts.values(), style),
        )
    )


def stated(provenance: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what is known of where a run comes from, as lines of a list."""
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


def _policy(scripts: Iterable[str], style: str) -> str:
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
