"""Commands about descriptions: what ships, what is wrong with a file, what society it gives."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from glasscity.cli.output import columns, heading, paragraph, show, show_json
from glasscity.errors import BadFile, NotFound

if TYPE_CHECKING:
    from glasscity.catalogue.reader import Document, Problem

__all__ = ["countries", "parameters", "regimes", "society", "validate"]


def regimes(*, as_json: bool) -> None:
    """List the regimes of the catalogue by what they are: a name alone says too much."""
    from glasscity.regime import KINDS
    from glasscity.regime import regimes as listed

    rows = listed()
    if as_json:
        show_json(rows)
        return
    lines: list[str] = []
    for kind, about in KINDS.items():
        some = [[row["name"], _titled(row)] for row in rows if row["kind"] == kind]
        if some:
            lines += [heading(f"{kind}: {about}"), *columns(some), ""]
    lines += paragraph(
        f"{_STATUS} The press's scenario is a scenario, never a description of how China works."
    )
    show([*lines, "", "glasscity explain regime NAME shows every rule and its source"])


def countries(*, as_json: bool) -> None:
    """List the countries of the catalogue."""
    from glasscity.country import countries as listed

    _entries(listed(), as_json, "glasscity society --country NAME compares it with its targets")


def parameters(name: str | None, *, as_json: bool) -> None:
    """List the vectors of behaviour, or the values of one with grade and range."""
    from glasscity.behaviour import behaviours, load_behaviour
    from glasscity.catalogue.entry import ledger

    if name is None:
        _entries(behaviours(), as_json, "glasscity parameters NAME shows the values of one")
        return
    found = load_behaviour(name)
    rows = ledger(found)
    if as_json:
        show_json(rows)
        return
    cells = [[row["name"], row["grade"], _several(row["value"]), _ends(row)] for row in rows]
    head = ["parameter", "grade", "value", "range"]
    why = "glasscity explain parameters NAME shows units and reasons, and glasscity calibrate"
    show(
        [
            heading(f"{found.name}: {found.title}"),
            *paragraph(found.about),
            "",
            *columns(cells, head),
            "",
            *paragraph(f"{why} --check how well they meet what is reported."),
        ]
    )


def _several(value: Any) -> str:
    if isinstance(value, list):
        return f"{len(value)}, from {min(value):g} to {max(value):g}"
    return f"{value:g}"


def _ends(row: Mapping[str, Any]) -> str:
    if row["low"] is None or row["high"] is None:
        return ""
    return f"{_several(row['low'])} to {_several(row['high'])}"


def _entries(rows: list[dict[str, Any]], as_json: bool, hint: str) -> None:
    if as_json:
        show_json(rows)
        return
    cells = [[row["name"], row["title"], row["status"]] for row in rows]
    lines = columns(cells, ["name", "title", "status"])
    show([*lines, "", *paragraph(_STATUS), "", hint])


def _titled(row: dict[str, Any]) -> str:
    """Return a title, and whether it is provisional."""
    status = row["status"]
    return row["title"] if status == "agreed" else f"{row['title']} ({status})"


_STATUS = (
    "provisional: nobody has yet rebuilt the values from their sources alone; the others are "
    "agreed, which is about what was read and not about what is true."
)


def validate(file: str, *, as_json: bool) -> int:
    """List what is wrong with a file and return the exit code, 0 or 2."""
    kind, problems = _checked(file)
    if as_json:
        rows = [
            {"where": p.where, "what": p.what, "allowed": p.allowed, "mend": p.mend}
            for p in problems
        ]
        show_json({"ok": not problems, "kind": kind, "problems": rows})
    elif problems:
        for problem in problems:
            show(paragraph(str(problem), hang=2))
    else:
        show([f"{file}: this {kind} is well formed"])
    if not problems:
        return 0
    many = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
    error = BadFile(f"the file has {many}, named on standard output", where=file)
    # The list is the answer that was asked for, so it stays on standard output beside this line.
    raise error


def _checked(file: str) -> tuple[str | None, list[Problem]]:
    """Return what a file describes, by its content, and its problems."""
    from glasscity.behaviour import Behaviour
    from glasscity.catalogue.extend import read_entry
    from glasscity.catalogue.reader import Refused, read_yaml
    from glasscity.catalogue.translate import validated
    from glasscity.country import Country
    from glasscity.country.table import with_table
    from glasscity.regime import Regime

    path = _path_of(file)
    kind = None
    try:
        document = read_yaml(path)
        kind = _kind_of(document)
        if kind == "study":
            from glasscity.study.ensemble import check_study

            return kind, check_study(path)
        if kind == "country":
            validated(with_table(document, path.parent), Country)
        else:
            other = "behaviour" if kind == "behaviour" else "regime"
            validated(read_entry(other, path), Behaviour if kind == "behaviour" else Regime)
    except Refused as refused:
        return kind, refused.problems
    return kind, []


def _path_of(file: str) -> Path:
    from glasscity.catalogue.shelf import catalogue_names, find, is_path

    path = Path(file)
    if is_path(file) or _exists(path):
        return path / "country.yaml" if path.is_dir() else path
    known = {name: kind for kind in _KINDS for name in catalogue_names(kind)}
    if file in known:
        return find(known[file], file)
    raise NotFound.among("file or catalogue name", file[:60], known)


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


_KINDS = ("regime", "country", "behaviour")


def _kind_of(document: Document) -> str:
    """Return the kind whose keys a file shares most of, a regime where it shares none."""
    from glasscity.behaviour import Behaviour
    from glasscity.country import Country
    from glasscity.regime import Regime

    keys = set(document.data)
    models = {"regime": Regime, "country": Country, "behaviour": Behaviour}
    if not keys & {"sources", "status", "about", "extends"} and keys & {"axes", "base", "design"}:
        return "study"
    # Keys that all three have say nothing, and "gates" is a key of two.
    shared = {
        kind: len(keys & {field.alias or name for name, field in model.model_fields.items()})
        for kind, model in models.items()
    }
    return max(_KINDS, key=lambda kind: shared[kind])


def schema(kind: str) -> dict[str, Any]:
    """Return the JSON Schema of a kind of file."""
    from glasscity.regime import regime_schema

    if kind == "regime":
        return regime_schema()
    if kind == "study":
        from glasscity.study.plan import study_schema

        return study_schema()
    raise NotFound.among("schema", kind[:60], ("regime", "study"))


def society(country: str, *, citizens: str, seed: str | None, as_json: bool) -> None:
    """Compare a synthetic society with the targets of its country."""
    from glasscity import api
    from glasscity.scenario import DEFAULT_SEED, Scenario

    # A scenario checks the arguments; its regime plays no part.
    asked = Scenario(
        "unscored",
        country=country,
        citizens=citizens,
        seed=DEFAULT_SEED if seed is None else seed,
    )
    rows = api.society(country, citizens=asked.citizens, seed=asked.seed)
    if as_json:
        show_json(rows)
        return
    cells = [
        [
            str(row["quantity"]),
            _number(row["target"]),
            _number(row["value"]),
            _number(row["error"]),
            str(row["source"] or ""),
        ]
        for row in rows
    ]
    head = f"{asked.citizens:,} synthetic citizens of {asked.country.name}, seed {asked.seed}"
    table = columns(cells, ["quantity", "target", "here", "difference", "source"], right=(1, 2, 3))
    show([heading(head), "", *table])


def _number(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, Mapping | list | tuple):
        return str(value)
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
