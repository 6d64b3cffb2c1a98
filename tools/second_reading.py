"""The second reading of the catalogue: what to ask, and where two readings part.

``questions NAME`` prints, as CSV, what a second reader is asked about a regime or a country: names
and units, no values.  ``compare NAME`` prints the differences.  See
tests/catalogue/second_reading/README.md.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from glasscity.catalogue.entry import Entry, ledger
from glasscity.catalogue.shelf import catalogue_names
from glasscity.country import load_country
from glasscity.regime import Regime, load_regime

FOLDER = Path(__file__).parents[1] / "tests" / "catalogue" / "second_reading"
ABSENT = "absent"
STRUCTURE = "structure"


class Difference(NamedTuple):
    """Where two readings part: the value's name, the catalogue's and the second reader's."""

    name: str
    first: str
    second: str
    grade: str


def entry_of(name: str) -> Entry:
    """Return a regime or country of the catalogue."""
    if name in catalogue_names("country"):
        return load_country(name)
    return load_regime(name)


def said(value: Any) -> str:
    """Return a value as a reader would write it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return " ".join(said(one) for one in value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def structure_of(regime: Regime) -> Iterator[tuple[str, str, str]]:
    """Yield (name, what is asked, what the catalogue says) of what is no quantity."""
    for entry in regime.lists:
        yield f"lists.{entry.name}.exits", "ways off the list", said(sorted(entry.exits))
        matrix = regime.joint_punishment.matrix if regime.joint_punishment else {}
        yield (
            f"joint_punishment.matrix.{entry.name}",
            "gates that this list closes",
            said(sorted(matrix.get(entry.name, ()))) or "none",
        )
    for gate, rule in regime.gates.items():
        yield f"gates.{gate}.rule", "threshold, rank or none: how the score decides", rule.rule
    for perk in regime.perks:
        yield f"perks.{perk.name}.gate", "what the perk eases", perk.gate or "none"
    for operator in regime.operators:
        yield (
            f"operators.{operator.name}.spheres",
            "spheres it sees",
            said(sorted(operator.spheres)),
        )


def asked(name: str) -> list[dict[str, Any]]:
    """Return what is asked about an entry; of one that extends another, what it changes alone."""
    entry = entry_of(name)
    rows = [{"name": row["name"], "unit": row["unit"], "row": row} for row in ledger(entry)]
    if isinstance(entry, Regime):
        rows += [
            {"name": key, "unit": what, "row": {"value": value, "grade": STRUCTURE}}
            for key, what, value in structure_of(entry)
        ]
    if entry.extends is not None:
        base = {row["name"]: row["row"]["value"] for row in asked(entry.extends)}
        rows = [row for row in rows if base.get(row["name"]) != row["row"]["value"]]
    return rows


def reading_of(name: str) -> dict[str, dict[str, str]] | None:
    """Return the second reading of an entry by name, or None where there is none yet."""
    file = FOLDER / f"{name}.csv"
    if not file.exists():
        return None
    with file.open(encoding="utf-8", newline="") as stream:
        return {row["name"]: row for row in csv.DictReader(stream)}


def settled_for(name: str) -> dict[str, dict[str, str]]:
    """Return the settled differences of an entry by name of the value."""
    with (FOLDER / "settled.csv").open(encoding="utf-8", newline="") as stream:
        return {row["name"]: row for row in csv.DictReader(stream) if row["entry"] == name}


def differences(name: str) -> list[Difference]:
    """Return where the catalogue and the second reading of an entry part."""
    reading = reading_of(name)
    if reading is None:
        raise FileNotFoundError(f"{name} has no second reading")
    found = []
    for row in asked(name):
        first, answer = row["row"], reading.get(row["name"])
        second = "not asked" if answer is None else answer["answer"].strip()
        if not agrees(first, second):
            found.append(Difference(row["name"], said(first["value"]), second, first["grade"]))
    return found


def agrees(first: dict[str, Any], second: str) -> bool:
    """Return whether a second reader's answer agrees with a row of the ledger."""
    if first["grade"] == STRUCTURE:
        return set(second.split()) == set(str(first["value"]).split())
    if first["grade"] == "D" and second == ABSENT:
        return True
    numbers = numbers_in(second)
    value = first["value"]
    values = value if isinstance(value, list) else [value]
    if isinstance(value, (bool, str)) or numbers is None:
        return said(value) == second
    if len(numbers) != len(values):
        return False
    if first["grade"] != "D" or first.get("low") is None:
        return all(
            abs(one - other) <= 0.005 * abs(one) for one, other in zip(values, numbers, strict=True)
        )
    lows, highs = (
        end if isinstance(end, list) else [end] * len(values)
        for end in (first["low"], first["high"])
    )
    return all(a <= x <= b for a, x, b in zip(lows, numbers, highs, strict=True))


def numbers_in(text: str) -> list[float] | None:
    """Return the numbers of an answer, or None where it is no numbers."""
    try:
        return [float(word) for word in text.split()] or None
    except ValueError:
        return None


def main(arguments: list[str]) -> int:
    """Print the questions about an entry, or the differences of its two readings."""
    if len(arguments) != 2 or arguments[0] not in ("questions", "compare"):
        print("usage: python tools/second_reading.py questions|compare NAME", file=sys.stderr)
        return 2
    what, name = arguments
    out = csv.writer(sys.stdout, lineterminator="\n")
    if what == "questions":
        out.writerow(("name", "unit", "answer", "where", "quote"))
        for row in asked(name):
            out.writerow((row["name"], row["unit"], "", "", ""))
        return 0
    out.writerow(Difference._fields)
    out.writerows(differences(name))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
