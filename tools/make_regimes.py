"""Write docs/regimes/: a page for each regime of the catalogue, and their list.

What a regime is, which of its values are rule text, estimate or press, and assumed, what has no
counterpart, and what it must not be taken for.  ``--check`` says whether the pages are current.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from glasscity.regime import Regime

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "regimes"

_MADE = "Written by `make docs` (`tools/make_regimes.py`) from the catalogue; do not edit."
_GRADES = (
    (
        "A",
        "Rule text",
        "Read in the rule itself, in its translation, or on the page of who made it.",
    ),
    ("B", "Estimates", "Peer-reviewed."),
    ("C", "Press", "Reported of it, on a page of somebody else's."),
    ("D", "Assumed", "Nobody published these; the range is what is thinkable, and is swept."),
)
_INDEX = """# The regimes

Each has a page: what it is, which of its values were read where, which are assumed, and what it
must not be taken for. A regime is agreed once somebody else has rebuilt its values from the
sources alone, and provisional until then; agreed is about what was read, not about what is true.
The press's account is a scenario, never a description of how China works.
"""


def pages() -> dict[str, str]:
    """Return the pages' texts by file name, ``README.md`` among them."""
    from glasscity.catalogue.entry import grade_shares
    from glasscity.regime import KINDS, load_regime, regimes

    rows = regimes()
    found: dict[str, str] = {}
    index = [_INDEX, _MADE, ""]
    for kind, about in KINDS.items():
        own = [load_regime(row["name"]) for row in rows if row["kind"] == kind]
        if not own:
            continue
        index += [f"## {kind[:1].upper()}{kind[1:]}", "", _sentence(about), ""]
        lines = []
        for regime in own:
            shares = grade_shares(regime)
            told = (f"{100 * shares[grade]:.0f} %" for grade in "ABCD")
            lines.append((f"[{regime.name}]({regime.name}.md)", regime.title, regime.status, *told))
            found[f"{regime.name}.md"] = page(regime)
        head = ("regime", "title", "status", "rule text", "estimate", "press", "assumed")
        index += [*_table(head, lines), ""]
    index.append("The last four columns are the shares of a regime's values by evidence.")
    found["README.md"] = "\n".join(index) + "\n"
    return found


def page(regime: Regime) -> str:
    """Return the page of a regime."""
    from glasscity.regime import KINDS, load_regime

    base = None if regime.extends is None else load_regime(regime.extends)
    lines = [f"# {regime.name}: {regime.title}", "", f"**{_sentence(KINDS[regime.kind])}**"]
    if regime.extends:
        lines[-1] += f" It extends [{regime.extends}]({regime.extends}.md)."
    lines += [f"Status: {regime.status}. {_MADE}", "", regime.about, ""]
    lines += ["## What it must not be taken for", "", regime.caution, ""]
    lines += ["## What it says", "", *_structure(regime), ""]
    rules = regime.rules()
    if base is not None:
        same = [{**row} for row in base.rules()]
        rules = [row for row in rules if row not in same]
        lines += [f"Values that are as in {base.name} are left out below.", ""]
    for grade, title, about in _GRADES:
        own = [row for row in rules if row["grade"] == grade]
        if not own:
            continue
        lines += [f"## {title} (grade {grade}): {len(own)} of {len(rules)} values", "", about, ""]
        lines += [*_table(("value", "is", "source", "why"), map(_rule, own)), ""]
    if regime.mapping:
        lines += ["## The source's rules, and what stands for each", ""]
        head = ("rule", "points", "here", "source", "note")
        lines += [*_table(head, map(_mapped, regime.mapping)), ""]
    if regime.not_modelled:
        about = f"As in {base.name}. " if base and base.not_modelled == regime.not_modelled else ""
        lines += ["## Not modelled", "", f"{about}Rules of the source without a counterpart.", ""]
        rows = [(one.what, one.why) for one in regime.not_modelled]
        lines += [*_table(("what", "why"), rows), ""]
    lines += ["## Sources", ""]
    lines += _table(
        ("key", "what", "where", "read"),
        [
            (key, f"{s.title}. {s.publisher}, {s.date}", s.url or s.where or "", s.read)
            for key, s in sorted(regime.sources.items())
        ],
    )
    return "\n".join(lines) + "\n"


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _structure(regime: Regime) -> Iterator[str]:
    rows: list[tuple[str, ...]] = [
        ("first month, months", f"{regime.start}, {regime.months}"),
        ("rows of the mission", ", ".join(regime.rows)),
    ]
    if regime.operator is not None:
        sees = ", ".join(regime.operator.spheres)
        rows.append((f"scorer {regime.operator.name}", f"counts records of {sees}"))
    rows += [(f"private scorer {one.name}", one.reason) for one in regime.operators]
    for source in regime.record_sources:
        seen = ", ".join(source.sees)
        rows.append((f"source {source.name} ({source.owner}, {source.sphere})", f"sees {seen}"))
    closes = regime.joint_punishment.matrix if regime.joint_punishment else {}
    for entry in regime.lists:
        gates = ", ".join(closes.get(entry.name, ())) or "nothing"
        out = ", ".join(entry.exits)
        about = f"closes {gates}; left by {out}"
        rows.append((f"list {entry.name} ({entry.sphere})", about))
    for gate, rule in regime.gates.items():
        rows.append((f"gate {gate}", f"{rule.rule}. {rule.reason or ''}".strip()))
    rows += [(f"perk {perk.name}", perk.about) for perk in regime.perks]
    if regime.rollout is not None:
        rows.append(("who can have a score", f"users of: {regime.rollout.needs}"))
    yield from _table(("part", "what"), rows)


def _rule(row: dict[str, Any]) -> tuple[str, ...]:
    value = f"{_value(row['value'])} {row['unit']}"
    if row["low"] is not None and (row["low"], row["high"]) != (row["value"], row["value"]):
        value += f" ({_value(row['low'])} to {_value(row['high'])})"
    return f"`{row['name']}`", value, row["source"] or "", row["reading"] or row["note"] or ""


def _mapped(one: Any) -> tuple[str, ...]:
    points = "not read" if one.points is None else f"{one.points:+g}"
    return one.rule, points, one.event or one.deed or "nothing", one.source, one.note or ""


def _value(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(_value, value))
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    cells = (" | ".join(" ".join(cell.replace("|", "/").split()) for cell in row) for row in rows)
    return lines + [f"| {row} |" for row in cells]


def main() -> None:
    """Write the pages, or with --check say which are not current."""
    made = pages()
    kept = {file.name for file in FOLDER.glob("*.md")}
    if "--check" in sys.argv:
        stale = [
            name
            for name, text in made.items()
            if name not in kept or (FOLDER / name).read_text(encoding="utf-8") != text
        ]
        if stale or kept - set(made):
            names = ", ".join(sorted({*stale, *(kept - set(made))}))
            raise SystemExit(f"docs/regimes is not current ({names}): run make docs")
        return
    FOLDER.mkdir(exist_ok=True)
    for name in kept - set(made):
        (FOLDER / name).unlink()
    for name, text in made.items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
