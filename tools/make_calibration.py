"""Write docs/calibration.md from the targets, the matched set and what the named vectors gave.

``python tools/make_calibration.py`` rewrites the page; with ``--measure`` it first simulates the
named vectors (a minute) and keeps their figures in ``docs/calibration.json``.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "calibration.md"
VALUES = ROOT / "docs" / "calibration.json"
NAMED = ("central", "proponent", "critic")
CITIZENS, SEEDS = 100_000, (20140614, 20140615)

HEAD = """\
<!-- Made by tools/make_calibration.py from the catalogue and from stored results: not by hand. -->

# Calibration

What the model is held against stands in three columns that are never mixed.

- **Society**: what people are like where nobody is scored. Behaviour is fitted to it.
- **Exposure**: how many the rules reach. Fitted as well, so it is never called a finding.
- **Predicted**: what regimes do to people. Nothing is fitted to it and it has no target.

`glasscity calibrate --check` prints all three for any vector of behaviour (`--parameters`), with any
seed and number of citizens, and ends with code 2 where a target of the first two columns is not met.
The targets are data, `catalogue/targets.yaml`; each names the regime that it is measured in.

The facts do not say how people answer to rules: what share of debts is wilful, whether punishment
deters or embitters, what a refusal costs, how fast fear is learned. So calibration gives no best
vector but a set, every vector that is not ruled out, and **findings are ranges over the set**
(`glasscity.behaviour.matched()`, or `--parameters matched-001` and so on). Two named extremes are fixed
by a rule before any result: `proponent` and `critic`.

Vectors differ in how people behave and in how faulty registers are. They do not differ in how a
society is made up: homophily on conscientiousness, which decides whether friends tell anything about a
person, is the country pack's, and a study sweeps it there.
"""

RULE_HEAD = """
## The two extremes

"""

OPEN = """
## What the facts say about each parameter

The declared range of each parameter that the search moves, and what the matched set leaves of it: the
middle nine tenths of the set and its median. *Narrowed* where the set's places in the range differ from
evenly spread ones by more than luck would give once in a thousand (Kolmogorov's distance, in brackets);
*left open* where what is reported says nothing about the parameter by itself that {count} vectors could
show. A range marked log was searched on a logarithmic scale.

"""


def table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> list[str]:
    """Return a table in Markdown."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return [*lines, *("| " + " | ".join(row) + " |" for row in rows), ""]


def number(value: float | None) -> str:
    """Return a number with the digits that it can bear."""
    if value is None:
        return "not held"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def measure() -> None:
    """Simulate the named vectors and keep what they gave."""
    from glasscity._version import MODEL_VERSION
    from glasscity.scenario import Scenario
    from glasscity.simulation import default_threads
    from glasscity.study.check import check

    values: dict[str, dict[str, list[float | None]]] = {}
    for name in NAMED:
        values[name] = {}
        for seed in SEEDS:
            scenario = Scenario("unscored", behaviour=name, citizens=CITIZENS, seed=seed)
            for row in check(scenario, threads=default_threads()):
                values[name].setdefault(row["quantity"], []).append(row["value"])
    head = {"model": MODEL_VERSION, "citizens": CITIZENS, "seeds": SEEDS, "values": values}
    VALUES.write_text(json.dumps(head, indent=1) + "\n", encoding="utf-8")


def page() -> str:
    """Return the text of docs/calibration.md."""
    from glasscity.behaviour import load_behaviour, matched
    from glasscity.catalogue.reader import read_yaml
    from glasscity.catalogue.shelf import CATALOGUE
    from glasscity.study.extremes import RULE
    from glasscity.study.stored import narrowing
    from glasscity.study.targets import load_targets
    from glasscity.study.vectors import ranges

    stored = json.loads(VALUES.read_text(encoding="utf-8"))
    head = read_yaml(CATALOGUE / "matched" / "head.yaml").data
    lines = [HEAD]
    lines += [
        "Figures below: "
        f"{stored['citizens']:,} citizens of `china-2020`, mean of seeds "
        f"{' and '.join(map(str, stored['seeds']))}, model version {stored['model']}.",
        "",
    ]
    for column in ("society", "exposure", "predicted"):
        own = [one for one in load_targets() if one.column == column]
        lines += [f"## {column.capitalize()}", ""]
        rows = []
        for one in own:
            figures = [_mean(stored["values"][name][one.quantity]) for name in NAMED]
            cells = [f"`{one.quantity}`: {one.definition}"]
            if column != "predicted":
                cells += [_reported(one), _agreed(one, figures)]
            rows.append((*cells, *map(number, figures), f"`{one.regime}`, {one.until}"))
        heads = ["quantity"] + (["reported", "agree"] if column != "predicted" else [])
        lines += table((*heads, *(f"`{name}`" for name in NAMED), "measured in, until"), rows)
        if column != "predicted":
            lines += table(
                ("quantity", "source", "what was read", "tolerance, and why"),
                [
                    (f"`{x.quantity}`", str(x.source), str(x.reading), f"{x.tolerance:g}. {x.why}")
                    for x in own
                ],
            )
    lines += _search(head)
    lines += [RULE_HEAD + RULE, ""]
    for name in NAMED[1:]:
        about = load_behaviour(name).about
        lines += [f"`{name}`: {about.partition(RULE)[0].strip()}", ""]
    lines += _changed()
    vectors = [_values(one) for one in matched()]
    lines += [OPEN.format(count=len(vectors))]
    rows = [
        (
            f"`{row['parameter']}`",
            f"{row['low']:g} to {row['high']:g}{', log' if free.log else ''}",
            f"{row['p5']:g} to {row['p95']:g}",
            f"{row['median']:g}",
            f"**narrowed** ({row['distance']:.2f})" if row["narrowed"] else "left open",
        )
        for free, row in zip(
            ranges(load_behaviour()), narrowing(ranges(load_behaviour()), vectors), strict=True
        )
    ]
    lines += table(("parameter", "declared", "nine tenths of the set", "median", "facts"), rows)
    lines += _tied(vectors)
    return "\n".join(lines)


def _tied(vectors: list[dict[str, float]]) -> list[str]:
    """Return which parameters the set ties to each other, as lines."""
    import numpy as np

    from glasscity.behaviour import load_behaviour
    from glasscity.study.vectors import ranges

    free = ranges(load_behaviour())
    places = np.array([[one.place(row[one.name]) for one in free] for row in vectors])
    likeness = np.triu(np.corrcoef(places.T), 1)
    order = np.argsort(-np.abs(likeness), axis=None)[:8]
    # Of so many pairs of untied parameters one would reach this in about a set in twenty.
    bound = 3.9 / len(vectors) ** 0.5
    rows = []
    for at in order.tolist():
        i, j = divmod(at, len(free))
        if abs(likeness[i, j]) >= bound:
            rows.append((f"`{free[i].name}`", f"`{free[j].name}`", f"{likeness[i, j]:.2f}"))
    return [
        "What is left open alone may be tied in pairs: correlations of places in the range, the "
        f"strongest of those above {bound:.2f} (which luck alone would reach in about one set in "
        "twenty).",
        "",
        *table(("parameter", "with", "correlation"), rows),
    ]


def _values(behaviour: Any) -> dict[str, float]:
    from glasscity.study.vectors import FREE

    found = {}
    for name in FREE:
        parameter, _, index = name.partition(".")
        found[name] = float(getattr(behaviour, parameter).numbers[int(index or 0)])
    return found


def _mean(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def _reported(target: Any) -> str:
    ends = [number(target.low)] + ([number(target.high)] if target.high != target.low else [])
    return " to ".join(ends)


def _agreed(target: Any, values: list[float | None]) -> str:
    """Return which of the named vectors agree with a target."""
    if None in values:
        return "-"
    if not target.binds:
        return "told, not held against them"
    fine = [
        name
        for name, value in zip(NAMED, values, strict=True)
        if value is not None and target.within(value)
    ]
    return "all three" if len(fine) == len(NAMED) else ", ".join(fine) or "**none**"


def _search(head: dict[str, Any]) -> list[str]:
    lines = ["## The matched set", ""]
    lines += [
        f"{head['matched']} vectors, found on {head['date']} by `{head['command']}` (model version "
        f"{head['model']}): history matching in waves of {head['vectors_a_wave']} vectors, each "
        f"simulated with {head['citizens']:,} citizens and a seed of its own. A vector is ruled out "
        f"where a matched target lies more than {head['cut_off']:g} deviations away (a third of the "
        "half-width within which a value agrees, luck, and the emulator's doubt, together). What "
        "agreed was simulated again on a fresh seed with "
        f"{head['confirmed_with_citizens']:,} citizens; {head['refuted']} did not agree again and "
        "are left out, for what agrees once may do so by luck.",
        "",
    ]
    rows = [
        (
            str(k),
            f"{wave['tried']:.0f}",
            f"{wave['failed']:.0f}",
            f"{wave['agreed']:.0f}",
            f"{wave['confirmed']:.0f}",
            f"{100 * wave['open']:.3g} %",
        )
        for k, wave in enumerate(head["waves"], 1)
    ]
    heads = ("wave", "tried", "failed", "agreed", "confirmed so far", "of the space not ruled out")
    lines += table(heads, rows)
    lines += [
        "What luck does to the base vector in so many citizens, over seeds:",
        "",
        *table(
            ("quantity", "mean", "standard deviation"),
            [(f"`{k}`", f"{m:.4g}", f"{v**0.5:.2g}") for k, (m, v) in head["luck"].items()],
        ),
    ]
    return lines


def _changed() -> list[str]:
    from glasscity.behaviour import load_behaviour
    from glasscity.study.extremes import STANCE
    from glasscity.study.vectors import FREE

    vectors = {name: _values(load_behaviour(name)) for name in NAMED}
    rows = []
    for name in FREE:
        values = [vectors[one][name] for one in NAMED]
        if len(set(values)) > 1:
            why = "end of the range" if name in STANCE else "refitted"
            rows.append((f"`{name}`", *(f"{value:g}" for value in values), why))
    return table(("parameter", *(f"`{name}`" for name in NAMED), "why"), rows)


def main() -> None:
    if "--measure" in sys.argv[1:]:
        measure()
    PAGE.write_text(page(), encoding="utf-8")
    print(f"wrote {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
