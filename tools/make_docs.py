"""Write what the documents say from the code: docs/reference.md, and the marked parts of the model.

A part stands between ``<!-- made by make docs: NAME -->`` and ``<!-- end -->``; what is between is
written anew, the rest is left alone.
"""

from __future__ import annotations

import importlib
import inspect
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

DOCS = Path(__file__).parent.parent / "docs"
FILE = DOCS / "reference.md"
MARKED = (DOCS / "model.md", *sorted((DOCS / "model").glob("*.md")))

_HEAD = """# Reference, made from the code

Written by `make docs` (`tools/make_docs.py`); do not edit. [The model](model.md) explains it.
"""
_PART = re.compile(r"(<!-- made by make docs: (\w+) -->\n).*?(<!-- end -->)", re.S)
_BEHAVIOUR = "central"
_COUNTRY = "china-2020"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return lines + [
        "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows
    ]


def words() -> list[str]:
    """Return the words of the model and their codes."""
    from glasscity import terms

    lists = (
        ("sphere", terms.SPHERES),
        ("gate", terms.GATES),
        ("event", terms.EVENTS),
        ("good deed", terms.DEEDS),
        ("category", terms.CATEGORIES),
        ("part of relationships", terms.RELATION_PARTS),
        ("cause of a denial", terms.CAUSES),
        ("group of causes", (*terms.CAUSE_GROUPS, *terms.MORE_CAUSE_GROUPS)),
        ("class of a denial", terms.CLASSES),
        ("cause of a listing", terms.LISTING_CAUSES),
        ("voice", terms.VOICES),
        ("age band", terms.AGES),
        ("opinion camp", terms.CAMPS),
        ("occupation", terms.OCCUPATIONS),
        ("mechanism", terms.MECHANISMS),
        ("safeguard", terms.SAFEGUARDS),
        ("manipulation", terms.MANIPULATIONS),
    )
    rows = [(what, ", ".join(names)) for what, names in lists]
    return _table(("what", "in the order of their codes"), rows)


def state() -> list[str]:
    """Return the columns of the state: type, range, step, meaning."""
    from glasscity.society.state import COLUMNS, MEANING

    rows = []
    for c in COLUMNS:
        step, about = MEANING[f"{c.group}.{c.name}"]
        stored = c.dtype.__name__ + (f" x {c.width}" if c.width > 1 else "")
        where = f"{about} (points schemes alone)" if c.pointed else about
        rows.append((c.group, c.name, stored, f"{c.low} to {c.high}", step, where))
    return _table(("group", "column", "stored as", "range", "one unit", "what"), rows)


def codes() -> list[str]:
    """Return what the bits and codes of each group mean, as the code says it."""
    from glasscity.society import population, state

    lines: list[str] = []
    groups = (population.Traits, *(state._GROUPS.values()), state.State)
    for group in groups:
        text = inspect.cleandoc(group.__doc__ or "").replace("``", "`")
        lines += [f"**{group.__name__}.** {text}", ""]
    return lines[:-1]


def stages() -> list[str]:
    """Return the stages with a sentence each."""
    from glasscity.month import FIRST_OF_SECOND_PASS, STAGES

    rows = []
    for number, name in enumerate(STAGES, 1):
        text = importlib.import_module(f"glasscity.month.{name}").__doc__ or ""
        said = " ".join(text.split("\n\n")[0].split())
        said = said.partition(": ")[2] or said
        run = "second" if STAGES.index(name) >= STAGES.index(FIRST_OF_SECOND_PASS) else "first"
        rows.append((str(number), f"`{name}`", run, said[:1].upper() + said[1:]))
    return _table(("", "stage", "pass", "what happens"), rows)


def reads_and_writes() -> list[str]:
    """Return what each stage reads and writes."""
    from glasscity.month import STAGES

    rows = []
    for name in STAGES:
        stage = importlib.import_module(f"glasscity.month.{name}")
        audit = ", ".join(getattr(stage, "READS_FOR_AUDIT", ()))
        rows.append((name, ", ".join(stage.READS), ", ".join(stage.WRITES), audit))
    head = ("stage", "reads", "writes", "reads for provenance and counting alone")
    return _table(head, rows)


def luck() -> list[str]:
    """Return the calls of a month's luck and what each word decides."""
    from glasscity.draws import CALLS, WORDS

    rows = [(name, str(number), *WORDS[name]) for name, number in CALLS.items()]
    return _table(("call", "number", "word 0", "word 1", "word 2", "word 3"), rows)


def luck_of_society() -> list[str]:
    """Return the calls of a society's luck."""
    from glasscity.society import calls

    names = {
        getattr(calls, name): name for name in calls.__all__ if name.isupper() and name != "USES"
    }
    rows = [(names[call].lower(), f"0x{call:X}", *use) for call, use in sorted(calls.USES.items())]
    return _table(("call", "number", "entity", "in the month's place", "words"), rows)


def events() -> list[str]:
    """Return the events with sphere and gravity."""
    from glasscity.engine.compile import _GRAVITY_OF
    from glasscity.regime.parts import GravityScale
    from glasscity.terms import EVENT_SPHERES, EVENTS

    scale = GravityScale()
    kinds = {event: kind for kind, named in _GRAVITY_OF.items() for event in named}
    rows = [
        (event, sphere, kinds[event], str(int(getattr(scale, kinds[event]))))
        for event, sphere in zip(EVENTS, EVENT_SPHERES, strict=True)
    ]
    return _table(("event", "sphere", "kind", "gravity, unless a regime says otherwise"), rows)


def gates() -> list[str]:
    """Return the gates of a country with sphere, screening and reason."""
    from glasscity.country import load_country

    rows = [
        (
            gate.name,
            gate.sphere,
            "everyday" if gate.everyday else "life",
            gate.screening,
            "yes" if gate.essential else "",
            gate.reason,
        )
        for gate in load_country(_COUNTRY).gates
    ]
    return _table(("gate", "sphere", "kind", "own screening", "essential", "why this sphere"), rows)


def causes() -> list[str]:
    """Return the causes of a denial and the groups that each is in."""
    from glasscity.rights.causes import GROUPS, group_masks
    from glasscity.terms import CAUSES, SPHERES

    rows = []
    for bit, cause in enumerate(CAUSES):
        inside = []
        for group in GROUPS:
            has = [
                s for s, m in zip(SPHERES, group_masks(group, SPHERES), strict=True) if m >> bit & 1
            ]
            if len(has) == len(SPHERES):
                inside.append(group)
            elif has:
                inside.append(f"{group} (gates of {', '.join(has)})")
        rows.append((str(bit), cause, "; ".join(inside)))
    return _table(("bit", "cause", "groups"), rows)


def ledger_rows() -> list[str]:
    """Return the rows of the ledger with labels and the stage that counts them."""
    from glasscity.month.ledger import ROWS, Row
    from glasscity.rights.counted import stage_of

    seen: dict[str, list[Row]] = {}
    for row in ROWS:
        seen.setdefault(row.measure, []).append(row)
    rows = []
    for measure, same in seen.items():
        labels = [x for x in ("gate", "sphere", "cause", "list", "event") if getattr(same[0], x)]
        rows.append((f"`{measure}`", ", ".join(labels), stage_of(measure), same[0].about))
    return _table(("row", "labels", "counted in", "what is counted"), rows)


def parameters() -> list[str]:
    """Return the parameters of behaviour: unit, range, grade, and the stages that look them up."""
    from glasscity.behaviour import load_behaviour
    from glasscity.catalogue.entry import ledger
    from glasscity.rights.counted import MOVED_BY

    rows = []
    for row in ledger(load_behaviour(_BEHAVIOUR)):
        at = [stage for stage, names in MOVED_BY.items() if row["name"] in names]
        ends = "" if row["low"] is None else f"{_number(row['low'])} to {_number(row['high'])}"
        rows.append(
            (f"`{row['name']}`", row["unit"] or "", ends, row["grade"], ", ".join(at) or "none")
        )
    return _table(("parameter", "unit", "range", "grade", "looked up in"), rows)


def _number(value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(_number, value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def measures() -> list[str]:
    """Return the measures with definition, denominator and what they are counted from."""
    from glasscity.rights import MEASURES
    from glasscity.rights.basis import ROWS_OF

    rows = [
        (
            f"`{one.name}`",
            one.definition,
            one.unit,
            one.denominator or "",
            ", ".join(ROWS_OF[one.name]),
        )
        for one in MEASURES.values()
    ]
    return _table(("measure", "definition", "unit", "of", "counted from"), rows)


PARTS: dict[str, Callable[[], list[str]]] = {
    "stages": stages,
    "events": events,
    "gates": gates,
    "causes": causes,
}
CHAPTERS: tuple[tuple[str, Callable[[], list[str]]], ...] = (
    ("Words and their codes", words),
    ("State", state),
    ("Bits and codes of traits and state", codes),
    ("Stages: what each reads and writes", reads_and_writes),
    ("Luck of a month: calls and words", luck),
    ("Luck of a society", luck_of_society),
    ("Rows of the cube", ledger_rows),
    (f"Parameters of behaviour, in {_BEHAVIOUR}", parameters),
    ("Measures", measures),
)


def reference() -> str:
    """Return the text of docs/reference.md."""
    lines = [_HEAD]
    for title, make in CHAPTERS:
        lines += [f"## {title}", "", *make(), ""]
    return "\n".join(lines[:-1]) + "\n"


def filled(text: str) -> str:
    """Return a document with its marked parts written anew.

    Raises
    ------
    KeyError
        If a part has a name that none is made for.
    """
    return _PART.sub(lambda m: m[1] + "\n".join(PARTS[m[2]]()) + "\n" + m[3], text)


def main() -> None:
    """Write the documents, or with --check say whether they are current."""
    wanted = {FILE: reference(), **{file: filled(file.read_text("utf-8")) for file in MARKED}}
    for file, text in wanted.items():
        current = file.exists() and file.read_text("utf-8") == text
        if "--check" in sys.argv and not current:
            raise SystemExit(f"{file.relative_to(DOCS.parent)} is not current: run make docs")
        if not current:
            file.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
