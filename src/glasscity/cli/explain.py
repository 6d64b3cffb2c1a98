"""``glasscity explain``: the month's stages, a regime's rules, what a measure or safeguard is."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import typer

from glasscity.cli.options import Json, names_of
from glasscity.cli.output import heading, paragraph, show, show_json
from glasscity.errors import NotFound
from glasscity.study.explained import STRENGTHS, explained

__all__ = ["app"]

app = typer.Typer(
    help=(
        "Explain the month, an entry of the catalogue, a measure, a mechanism, a safeguard, a "
        "manipulation."
    ),
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


Only = Annotated[
    str | None,
    typer.Option(
        metavar="NAME,NAME",
        help="Only these values and those below them: kappa, lists, gates.loan.",
    ),
]


@app.command()
def month(as_json: Json = False) -> None:
    """Print the stages of a month, with what each reads and writes."""
    from glasscity.month import FIRST_OF_SECOND_PASS, STAGES

    stages = [_stage(name) for name in STAGES]
    if as_json:
        show_json({"stages": stages})
        return
    lines = paragraph(
        "A month is these stages, in this order. State comes in five groups: truth (what is so), "
        "record (what was written down), face (what others see), belief (what citizens fear) and "
        "audit (what only the analysis reads)."
    )
    for number, stage in enumerate(stages, 1):
        if stage["name"] == FIRST_OF_SECOND_PASS:
            text = "All scores are now known: the exact national rank of each is taken here."
            lines += ["", *paragraph(text)]
        lines += ["", heading(f"{number}. {stage['name']}"), *paragraph(stage["about"], indent=3)]
        for key, label in (("reads", "reads"), ("writes", "writes"), ("for_audit", "for audit")):
            if stage[key]:
                lines += paragraph(f"{label}: {', '.join(stage[key])}", indent=3, hang=3)
    show(lines)


def _stage(name: str) -> dict[str, Any]:
    module = importlib.import_module(f"glasscity.month.{name}")
    # The first sentence; what follows names chapters of the model.
    about = " ".join((module.__doc__ or "").split("\n\n")[0].split())
    about = about.partition(": ")[2] or about
    return {
        "name": name,
        "about": about[:1].upper() + about[1:],
        "reads": list(module.READS),
        "writes": list(module.WRITES),
        "for_audit": list(getattr(module, "READS_FOR_AUDIT", ())),
    }


@app.command()
def regime(
    name: Annotated[
        str,
        typer.Argument(metavar="NAME", autocompletion=lambda: names_of("regime")),
    ] = "citizen-score-2020",
    only: Only = None,
    as_json: Json = False,
) -> None:
    """Print a regime's rules: each value with its unit, evidence grade and source."""
    from glasscity.regime import load_regime

    _entry(load_regime(name), only, as_json)


@app.command()
def country(
    name: Annotated[
        str,
        typer.Argument(metavar="NAME", autocompletion=lambda: names_of("country")),
    ] = "china-2020",
    only: Only = None,
    as_json: Json = False,
) -> None:
    """Print a country's figures likewise."""
    from glasscity.country import load_country

    _entry(load_country(name), only, as_json)


@app.command("parameters")
@app.command()
def behaviour(
    name: Annotated[
        str,
        typer.Argument(metavar="NAME", autocompletion=lambda: names_of("behaviour")),
    ] = "central",
    only: Only = None,
    as_json: Json = False,
) -> None:
    """Print the rates and weights of how citizens behave likewise."""
    from glasscity.behaviour import load_behaviour

    _entry(load_behaviour(name), only, as_json)


def _entry(entry: Any, only: str | None, as_json: bool) -> None:
    from glasscity.catalogue.entry import ledger
    from glasscity.regime import told

    rules = ledger(entry)
    structure = [*told.structure(entry)] if hasattr(entry, "gate_rule") else []
    caution = getattr(entry, "caution", None)
    kind = getattr(entry, "kind", None)
    more = _more(entry)
    listed = entry.sources
    if only is not None:
        rules, structure = _chosen(entry, only, rules, structure)
        more = {key: [] for key in more}
        named = {rule["source"] for rule in rules}
        listed = {key: source for key, source in entry.sources.items() if key in named}
    if as_json:
        about = {"name": entry.name, "title": entry.title, "status": entry.status}
        about |= {"kind": kind, "extends": entry.extends} if kind else {}
        sources = {key: source.model_dump() for key, source in listed.items()}
        about |= {"about": entry.about, "caution": caution}
        parts = {"rules": rules, "structure": structure, **more, "sources": sources}
        show_json({**about, **parts})
        return
    lines = [heading(f"{entry.name}: {entry.title} ({entry.status})")]
    if kind:
        above = f"; it extends {entry.extends}" if entry.extends else ""
        lines += paragraph(f"{kind[:1].upper()}{kind[1:]}: {_kinds()[kind]}{above}.")
    lines += paragraph(entry.about)
    if caution:
        lines += ["", *paragraph(f"CAUTION: {caution}")]
    lines += ["", *paragraph(_GRADES)]
    if only is not None and not rules and not structure:
        lines += ["", *paragraph(f"This entry says nothing of {only}.")]
    lines += [""] if structure else []
    for row in structure:
        lines += paragraph(f"{row['name']} = {_value(row['value'])}", hang=4)
    part = None
    for rule in rules:
        if rule["name"].partition(".")[0] != part:
            part = rule["name"].partition(".")[0]
            lines.append("")
        lines += _rule(rule)
    lines += _told(more)
    lines += ["", heading("sources")] if listed else []
    for key, source in listed.items():
        said = f"{key}: {source.title}. {source.publisher}, {source.date}. "
        lines += paragraph(f"{said}{source.url or source.where or ''} ({source.read})", hang=2)
    show(lines)


def _chosen(
    entry: Any, only: str, rules: list[dict[str, Any]], structure: list[dict[str, Any]]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the values and words whose names are asked for, or begin with what is.

    What an entry may have and this one has not, such as officials, is told by no row.
    """
    asked = [name.strip() for name in only.split(",")]
    rows = [*rules, *structure]
    parts = dict.fromkeys(row["name"].partition(".")[0] for row in rows)
    for name in asked:
        if not any(_under(row, name) for row in rows) and not _may_have(entry, name):
            raise NotFound.among("value", name[:60], parts)
    kept = [
        [row for row in part if any(_under(row, name) for name in asked)]
        for part in (rules, structure)
    ]
    return kept[0], kept[1]


def _under(row: Mapping[str, Any], name: str) -> bool:
    return row["name"] == name or row["name"].startswith(f"{name}.")


def _may_have(entry: Any, name: str) -> bool:
    return name.partition(".")[0] in type(entry).model_fields


_GRADES = (
    "Grades of evidence: A rule text or official statistic, B peer-reviewed estimate, C press, D "
    "assumption, with the range that is left open."
)


def _rule(rule: dict[str, Any]) -> list[str]:
    value = rule["value"]
    head = f"{rule['name']} = {_value(value)} {rule['unit'] or ''}".rstrip()
    grade = f"[{rule['grade']}{', ' + rule['source'] if rule['source'] else ''}]"
    lines = paragraph(f"{head}  {grade}", hang=4)
    if rule["low"] is not None and rule["high"] is not None:
        lines += paragraph(f"from {_value(rule['low'])} to {_value(rule['high'])}", indent=4)
    for key in ("reading", "note"):
        if rule[key]:
            lines += paragraph(str(rule[key]), indent=4)
    return lines


def _kinds() -> Mapping[str, str]:
    from glasscity.regime import KINDS

    return {str(kind): about for kind, about in KINDS.items()}


def _more(entry: Any) -> dict[str, list[dict[str, Any]]]:
    """Return the rules of the source: how each is mapped, and what has no counterpart."""
    if not hasattr(entry, "not_modelled"):
        return {}
    keys = ("mapping", "not_modelled")
    return {key: [one.model_dump() for one in getattr(entry, key)] for key in keys}


def _told(more: Mapping[str, list[dict[str, Any]]]) -> Iterator[str]:
    if more.get("mapping"):
        yield from ("", heading("the source's rules, and what stands for each"))
    for one in more.get("mapping", ()):
        points = "not read" if one["points"] is None else f"{one['points']:+g} points"
        here = one["event"] or one["deed"] or "no counterpart"
        yield from paragraph(f"{one['rule']}: {points} -> {here}  [{one['source']}]", hang=4)
        if one["note"]:
            yield from paragraph(one["note"], indent=4)
    if more.get("not_modelled"):
        yield from ("", heading("not modelled"))
    for one in more.get("not_modelled", ()):
        yield from paragraph(one["what"], hang=4)
        yield from paragraph(one["why"], indent=4)


def _value(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(_value, value)) or "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, float) else str(value)


@app.command()
def measure(
    name: Annotated[str | None, typer.Argument(metavar="NAME")] = None,
    as_json: Json = False,
) -> None:
    """Print what a measure counts and over what; without a name, list them."""
    from glasscity.rights import MEASURES
    from glasscity.rights import measure as found

    if name is None:
        rows = [_measure(one) for one in MEASURES.values()]
        if as_json:
            show_json(rows)
        else:
            show(
                line for row in rows for line in paragraph(f"{row['name']}: {row['title']}", hang=4)
            )
        return
    row = _measure(found(name))
    if as_json:
        show_json(row)
        return
    labels = {"unit": "unit", "denominator": "share of", "estimable": "estimable"}
    lines = [heading(f"{row['name']}: {row['title']}"), *paragraph(row["definition"])]
    for key, label in labels.items():
        value = ", ".join(row[key]) if isinstance(row[key], list) else row[key]
        if value:
            lines += paragraph(f"{label}: {value}", hang=2)
    lines += _basis(row)
    show(lines)


def _basis(row: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a figure is counted from, what it hangs on, and where to look that up."""
    yield from ("", heading("counted from"))
    for one in row["rows"]:
        about = f"{one['row']} ({one['stage']}): {one['about']}"
        yield from paragraph(about, indent=2, hang=2)
    for one in row["stored"]:
        yield from paragraph(f"{one['name']} ({one['stage'] or 'the society'})", indent=2, hang=2)
    yield from ("", heading("hangs most on the values of"))
    yield from paragraph(", ".join(row["rests_on"]), indent=2, hang=2)
    told = {path.rpartition(".")[2] for path in row["rests_on"]}
    for stage, names in row["moved_by"].items():
        more = ", ".join(name for name in names if name not in told)
        if more:
            yield from paragraph(f"stage {stage} also looks up: {more}", indent=2, hang=2)
    yield from ("", heading("their values, evidence and sources"))
    # In one line, however long: to be copied.
    yield from (f"  {command}" for command in row["next"])


def _measure(one: Any) -> dict[str, Any]:
    from glasscity.month.ledger import ROWS
    from glasscity.rights.basis import basis_of, commands
    from glasscity.rights.counted import stage_of

    basis = basis_of(one.name)
    about = {row.measure: row.about for row in reversed(ROWS)}
    return {
        "name": one.name,
        "title": one.title,
        "definition": one.definition,
        "unit": one.unit,
        "denominator": one.denominator,
        "estimable": one.estimable,
        "rests_on": list(one.grades_from),
        "rows": [{"row": row, "stage": stage_of(row), "about": about[row]} for row in basis.rows],
        "stored": [{"name": name, "stage": stage_of(name)} for name in basis.stored],
        "stages": list(basis.stages),
        "moved_by": {stage: list(names) for stage, names in basis.moved_by.items()},
        "next": list(commands(one.name)),
    }


@app.command()
def article5(
    gate: Annotated[
        str | None, typer.Option(metavar="NAME", help="One gate, with both coders' reasons.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Print which data are unrelated to which gate, as two coders have it (article5)."""
    from glasscity.cli import article5 as command

    command.explain(gate, as_json=as_json)


@app.command()
def safeguard(
    name: Annotated[str | None, typer.Argument(metavar="NAME")] = None, as_json: Json = False
) -> None:
    """Print what a safeguard is at full strength; without a name, list them."""
    _strength("safeguard", name, as_json)


@app.command()
def mechanism(
    name: Annotated[str | None, typer.Argument(metavar="NAME")] = None, as_json: Json = False
) -> None:
    """Print what a mechanism does as written; without a name, list them."""
    _strength("mechanism", name, as_json)


@app.command()
def manipulation(
    name: Annotated[str | None, typer.Argument(metavar="NAME")] = None, as_json: Json = False
) -> None:
    """Print how scores can be bent on purpose; without a name, list the ways."""
    _strength("manipulation", name, as_json)


def _strength(kind: str, name: str | None, as_json: bool) -> None:
    known = explained(kind)
    if name is not None and name not in known:
        raise NotFound.among(kind, name[:60], known)
    rows = [
        {
            "name": one,
            "kind": kind,
            "definition": known[one].definition,
            "strength": STRENGTHS[kind],
            "shows_in": list(known[one].measures),
        }
        for one in ([name] if name else known)
    ]
    if as_json:
        show_json(rows[0] if name else rows)
        return
    lines = [*paragraph(STRENGTHS[kind]), ""]
    for row in rows:
        use = f"--without {row['name']}" if kind == "mechanism" else f"--with {row['name']}"
        lines += [heading(row["name"]), *paragraph(f"At strength 1: {row['definition']}", indent=2)]
        lines += paragraph(f"shows in: {', '.join(row['shows_in'])}", indent=2, hang=2)
        about = "take it away with" if kind == "mechanism" else "ask for it with"
        lines += paragraph(f"{about}: {use}", indent=2)
    show(lines)
