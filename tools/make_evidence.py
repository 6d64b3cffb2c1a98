"""Make docs/evidence.md: the grades of the catalogue, and what the headline measures hang on.

The grades are counted now; the ranking was measured by `glasscity evidence --sweep --json`, whose
answer is kept in docs/evidence.json.  `--check` says whether the page is current.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from glasscity._version import MODEL_VERSION
from glasscity.behaviour import load_behaviour
from glasscity.catalogue.entry import Entry, grade_shares, ledger
from glasscity.catalogue.shelf import catalogue_names
from glasscity.country import load_country
from glasscity.regime import load_regime
from glasscity.rights.measures import measure

DOCS = Path(__file__).parents[1] / "docs"
KEPT = DOCS / "evidence.json"
LOADERS: dict[str, Any] = {
    "regime": load_regime,
    "country": load_country,
    "behaviour": load_behaviour,
}

HEAD = """# What the numbers rest on

This page is made by `python tools/make_evidence.py`; do not edit it.

Every value of the catalogue has a grade: **A** rule text or official statistic that was read, **B** peer-reviewed
estimate, **C** press or another secondary page, **D** assumption with a range to be swept. `glasscity explain regime
NAME` and `glasscity parameters NAME` show each value with its source, reading or note; [tracing.md](tracing.md) shows
how to get from a number in a report to them.

## Grades

| entry | values | A | B | C | D |
|---|---|---|---|---|---|
"""

RANKING = """
## Which assumptions move each headline measure most

Every assumed number of the regime, the country and the behaviour was put at its low and at its high end, one at a
time, with everything else and all luck as they were. For the parameters of behaviour the ends are those of the set of
vectors that agree with what is reported ([calibration.md](calibration.md)), elsewhere the declared ones. *luck* is the
standard deviation over six other seeds of so small a society: since both ends have the same luck, smaller differences
than that can be real, but far smaller ones mean nothing. One at a time sees no interplay, and provinces' figures are
left out: this says what to sweep first, not how uncertain a finding is.

"""


def shares() -> list[str]:
    """Return the rows of the table of grades."""
    lines, every = [], []
    for kind, loader in LOADERS.items():
        for name in catalogue_names(kind):
            entry: Entry = loader(name)
            every.append(entry)
            lines.append(_share_row(f"{kind} `{name}`", [entry]))
    return [*lines, _share_row("**all**", every)]


def _share_row(name: str, entries: list[Entry]) -> str:
    number = sum(len(ledger(entry)) for entry in entries)
    found = grade_shares(entries)
    return (
        f"| {name} | {number:,} | " + " | ".join(f"{100 * found[g]:.0f} %" for g in "ABCD") + " |"
    )


def number(value: float | None) -> str:
    """Return a measure's value with three figures."""
    if value is None:
        return "not estimable"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def ends(row: dict[str, Any]) -> str:
    """Return an assumption's ends."""
    return " to ".join(
        " ".join(f"{x:.3g}" for x in one) if isinstance(one, list) else f"{one:.3g}"
        for one in row["ends"]
    )


def ranking(kept: dict[str, Any]) -> list[str]:
    """Return the part that was measured."""
    lines = [
        RANKING.strip("\n"),
        "",
        f"Measured {kept['date']} with model {kept['model']} by `{kept['command']}`: {kept['worlds']:,} worlds of "
        f"{kept['citizens']:,} citizens over {kept['months']} months, seed {kept['seed']}, regime "
        f"`{kept['regime']}` (the press's scenario, not China), country `{kept['country']}`, behaviour "
        f"`{kept['behaviour']}`.",
        "",
    ]
    if kept["model"] != MODEL_VERSION:
        lines += [
            f"**The present model is {MODEL_VERSION}: these figures are of an older one.**",
            "",
        ]
    if kept["failed"]:
        names = sorted({key.rpartition(" ")[0] for key in kept["failed"]})
        lines += [
            "Rows of shares that must add to one cannot be moved as a whole, so these were not: "
            + ", ".join(f"`{name}`" for name in names)
            + ".",
            "",
        ]
    for row in kept["measures"]:
        one = measure(row["measure"])
        lines += [
            f"### `{row['measure']}`",
            "",
            f"{one.title}: {number(row['base'])} (luck {number(row['luck'])}).",
            "",
            "| assumption | unit | ends | measure there |",
            "|---|---|---|---|",
        ]
        for found in row["assumptions"]:
            lines.append(
                f"| `{found['name']}` | {found['unit']} | {ends(found)} | "
                f"{number(found['low'])} to {number(found['high'])} |"
            )
        lines.append("")
    return lines


def page() -> str:
    """Return the page."""
    lines = [HEAD.rstrip("\n"), *shares(), ""]
    if KEPT.exists():
        lines += ranking(json.loads(KEPT.read_text(encoding="utf-8")))
    return "\n".join(lines).rstrip() + "\n"


def main(arguments: list[str]) -> int:
    """Write the page, or say whether it is current."""
    file = DOCS / "evidence.md"
    text = page()
    if "--check" in arguments:
        if file.read_text(encoding="utf-8") == text:
            return 0
        print(f"{file.name} is not current: run python tools/make_evidence.py", file=sys.stderr)
        return 1
    file.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
