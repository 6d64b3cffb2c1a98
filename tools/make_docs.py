"""Write docs/reference.md: the tables of the model's reference that are made from the code."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

FILE = Path(__file__).parent.parent / "docs" / "reference.md"

_HEAD = """# Reference, made from the code

Written by `make docs` (`tools/make_docs.py`); do not edit. [The model](model.md) explains it.
"""


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> list[str]:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return lines + ["| " + " | ".join(row) + " |" for row in rows]


def reference() -> str:
    """Return the text of docs/reference.md."""
    from glasscity import terms
    from glasscity.draws import CALLS
    from glasscity.month import STAGES, ledger
    from glasscity.rights import MEASURES
    from glasscity.society.state import COLUMNS

    lines = [_HEAD]
    lines += ["## Words and their codes", ""]
    words = (
        ("sphere", terms.SPHERES),
        ("gate", terms.GATES),
        ("event", terms.EVENTS),
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
    )
    lines += _table(
        ("what", "in the order of their codes"), [(what, ", ".join(names)) for what, names in words]
    )
    lines += ["", "## State", ""]
    lines += _table(
        ("group", "column", "stored as", "range"),
        [
            (
                c.group,
                c.name,
                c.dtype.__name__ + (f" x {c.width}" if c.width > 1 else ""),
                f"{c.low} to {c.high}",
            )
            for c in COLUMNS
        ],
    )
    lines += ["", "## Stages: what each reads and writes", ""]
    rows = []
    for name in STAGES:
        stage = importlib.import_module(f"glasscity.month.{name}")
        audit = ", ".join(getattr(stage, "READS_FOR_AUDIT", ()))
        rows.append((name, ", ".join(stage.READS), ", ".join(stage.WRITES), audit))
    lines += _table(("stage", "reads", "writes", "reads for provenance and counting alone"), rows)
    lines += ["", "## Luck: the calls", ""]
    lines += _table(("call", "number"), [(name, str(number)) for name, number in CALLS.items()])
    lines += ["", "## Rows of the cube", ""]
    seen: dict[str, list[ledger.Row]] = {}
    for row in ledger.ROWS:
        seen.setdefault(row.measure, []).append(row)
    rows = []
    for measure, same in seen.items():
        labels = [x for x in ("gate", "sphere", "cause", "list", "event") if getattr(same[0], x)]
        rows.append((f"`{measure}`", ", ".join(labels), same[0].about))
    lines += _table(("row", "labels", "what is counted"), rows)
    lines += ["", "## Measures", ""]
    lines += _table(
        ("measure", "definition", "of"),
        [(f"`{m.name}`", m.definition, m.denominator or "") for m in MEASURES.values()],
    )
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write the file, or with --check say whether it is current."""
    text = reference()
    if "--check" in sys.argv:
        if FILE.read_text(encoding="utf-8") != text:
            raise SystemExit("docs/reference.md is not current: run make docs")
        return
    FILE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
