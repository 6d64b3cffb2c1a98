"""Write docs/article5.md: what is measured of Article 5(1)(c), how, and what one run shows.

``python tools/make_article5.py`` makes the page from docs/article5.json; ``--run FOLDER`` measures
first, with the run folders kept in FOLDER, and writes that file anew.
"""

from __future__ import annotations

import contextlib
import io
import json
import math
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "article5.md"
KEPT = ROOT / "docs" / "article5.json"
COMMAND = ["article5", "citizen-score-2020"]
# What the page shows: tables, and which of their rows; the relation table is in the catalogue.
SHOWN: dict[str, dict[str, str]] = {
    "rule": {},
    "conditions": {},
    "unrelated": {"of": "denials by the rule"},
    "burden": {"weighting": "demand"},
    "lift": {},
}

TEXT = """\
<!-- Made by tools/make_article5.py: not by hand. -->

# Article 5(1)(c), measured

`glasscity article5 REGIME` measures in a regime what Article 5(1)(c) of the EU AI Act names. It is **a
measurement to argue from, not legal advice**: "met" below says that the model contains what a condition
names, in the reading that is given, and no court has said so. The people are made up, and a regime of
the catalogue is a scenario or a rule laid over a whole country, never a description of one.

```
glasscity article5 REGIME          options as run; --alone, --out FOLDER, --json
glasscity article5 FOLDER          the same of a stored run
glasscity explain article5         the relation table; --gate NAME for the reasons
```

The regime runs beside the same people unscored, under a [credit bureau](regimes/credit-bureau.md), under
the [court's list](regimes/defaulter-list-2013.md), and unscored for 24 months longer. Run folders are kept
in `runs/article5` and nothing is run twice: a stopped command goes on. From Python,
`glasscity.study.article5.measure(scenario)` does the same, and
`glasscity.rights.article5.article5(run, comparators, after=later)` reads stored runs alone.

## The rule

> {text}

({cited}.) The wording was read where it is quoted, not in the Official Journal. Two limbs, either is enough;
before them three conditions.

| condition | as read | measured by |
|---|---|---|
{conditions}

A court's list and a railway's list are no score, so the first three conditions are not met and the
figures of such regimes are for comparison only; so are those of regimes that only reward.

## What is unrelated: the relation table

Sixteen kinds of data times eighteen gates, each cell `same`, `compatible` or `unrelated`, by
[a code book](../src/glasscity/catalogue/article5/codebook.md) that says what each word means. Two coders
filled it in on their own, before any result was there. **Both coders were sessions of one language model**, each
given a role (a data-protection lawyer, a sociologist of privacy) and the code book alone; no person has coded the
table yet. Both answers ship as they gave them
([first](../src/glasscity/catalogue/article5/coding-1.yaml),
[second](../src/glasscity/catalogue/article5/coding-2.yaml)), each with a reason a cell.

{agreement}

*Strict*: unrelated where either coder says so. *Lenient*: only where both do. Agreement so high says that
the code book leaves little open, and little more: two sessions of one model share their blind spots, so that
their agreement is an upper bound of what two people would reach. It does not say that the code book is right:
whoever reads "context" more widely can change a cell and run again. They differ on {disputed}.

Signs of means (income, work, savings) and an official's favour have no row in the code book. They are never
counted as unrelated; how many denials they took part in is shown beside the rest.

[Examples of what is inside and outside of the rule](../src/glasscity/catalogue/article5/boundary.yaml), as
they were found, are held against the table by a test. Which cells stand for an example was chosen after
the codings, by somebody who had seen them.

| example | scope | as cells | implies | agrees | read |
|---|---|---|---|---|---|
{boundary}

## (i) Unrelated context

Of each denial the run keeps, cause by cause, whether it was necessary, sufficient or involved. The *lower*
end counts denials that would not have happened with every unrelated input at the value of a person of whom
nothing adverse is known; the *upper* end those in which one took part. Each end is a range again:

- a cause covers several kinds of data. "Own breach elsewhere" may be an unpaid fee or a rumour. Where the
  refused citizen's score was not under the gate's cut-off, only the lists that close that gate to that
  citizen and the gate's own screening can have refused, which narrows it; where the score was under it,
  any record that the score holds may be behind it. *Least* counts what is unrelated for certain, *most*
  what may be.
- the register keeps verdicts for single causes and seven groups, not for every set. As verdicts are
  monotone, these settle nearly all.

Closed-gate months are split the same way (table `closed`), but what a score closes stays open: the score
mixes inputs and is not taken apart every month.

## (ii) Disproportion

*Burden*: sum over gates of weight x demand x months closed, so that 1 is a month with every gate closed;
weighted by demand (as `closed_gate_months`), equally, or over essential gates alone. Closures are made again
from stored scores, cut-offs and listings and agree with the cube to the last month; behind a firewall they
are an upper bound, and the table says so.

*Gravity*: of breaches that were truly one's own, whatever was written down: late 1, conduct 2, default 3,
ignored order 5, unless the regime has its own scale. Runs keep of each citizen the gravest one and the sum
over months (`gravest_breach`, `gravity_months` in `people.parquet`), with debts that inability alone has
made and without (`_able`). Conduct and contempt count where a source has put them on record, for they leave
no other trace; what no source saw can have cost nobody anything. A breach from before the run counts as the
least gravity.

- *groundless*: burden on people without any breach of their own in the whole run, nor one on file;
- *inverted*: over pairs of citizens of whom one has the graver gravest breach, the share in which the other
  one bears more; of those that are not tied a half would be a coin's;
- *P90 / P10* of burden for each month of gravity, among those who have both.

## (ii) Unjustified

What an input adds to telling the outcome that a gate legitimately asks about: area under the curve (AUC) of a
logistic regression with the input less that without it, beside the gate's own screening and the inputs of
its own context, each index fitted to other people. Inputs are those of the run's last month; outcomes are
those of the same people in the 24 months after it, in a world where nobody is scored. *No lift*: the whole 95 %
interval (DeLong) lies below 0.01, so that something smaller than that counts as none. Lift does not prove that using an input is justified, and no lift here says
what the model holds: friends tell something about a person only as far as
the country pack makes them alike in conscientiousness, and nothing in it ties how one lives to how one pays.
Both are assumptions, and the first is one to sweep. Gates whose purpose the model does not contain are listed.

## What one run shows

`{command}`, seed {seed}: {citizens:,} made-up citizens, {months} months, digest
`{digest}`.

{findings}

**Unrelated context, by world.** Of denials by the rule, which the gate's own screening would have granted.

| world | table | denials | undone without, % | took part, % | no row in the code book, % |
|---|---|---|---|---|---|
{unrelated}

**The same by gate**, {regime}, strict table.

| gate | denials | undone without, % | took part, % |
|---|---|---|---|
{gates}

**Burden, weighted by demand.** Months with every gate closed a citizen; ± one standard error over citizens.
One seed: what another one would give is not in it.

| world | inability | burden | groundless, % of it | groundless people, % of the burdened | inverted, % of untied pairs | P90 / P10, 95 % |
|---|---|---|---|---|---|---|
{burden}

**What an input adds.**

| gate | input | relation | AUC without | adds | 95 % | finding |
|---|---|---|---|---|---|---|
{lift}

{reading}
"""

# What the figures mean, written down when they were measured.
READING = """\
How to read it. Most refusals by the press's rule would not have happened without an input from a context
that the table calls unrelated; of the bureau's, which lends by loans, hardly any. The court's list comes out
as more unrelated still, though it is no social score: it closes planes and hotels for a debt, which both
coders took for pressure and not for something that such a gate has to find out.

In the order of gravity the court's list does best of the three as long as inability counts as a breach of
one's own: nobody is on it without an ignored order, but for errors. Where inability does not count it loses
much of that. The bureau is then no better than a coin: signs of means took part in nearly all of its
refusals (last column of the first table), so it refuses people who cannot pay and have withheld nothing,
which is what a lender asks about and no matter of gravity. A regime that looks worst by one limb can look best by the other; neither figure alone is the
measurement.
"""


def main(words: Sequence[str]) -> int:
    """Measure if asked to, and write the page."""
    if words[:1] == ["--run"]:
        KEPT.write_text(_lines(measured(words[1])), encoding="utf-8")
    PAGE.write_text(page(), encoding="utf-8")
    return 0


def measured(folder: str) -> dict[str, Any]:
    """Return what the command prints, without where its runs lie."""
    from glasscity.cli import main as glasscity

    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        code = glasscity([*COMMAND, "--out", folder, "--json"])
    if code:
        raise SystemExit(f"the command ended with {code}")
    tables = {table["name"]: table["rows"] for table in json.loads(out.getvalue())}
    for name in ("run", "runs", "notes"):
        tables["rule"][0].pop(name)
    return {
        name: [row for row in tables[name] if all(row[k] == v for k, v in only.items())]
        for name, only in SHOWN.items()
    }


def _lines(tables: Mapping[str, Any]) -> str:
    """Return the tables as JSON, a row a line."""
    parts = [
        f"{json.dumps(name)}: [\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]"
        for name, rows in tables.items()
    ]
    return "{" + ",\n".join(parts) + "}\n"


def page() -> str:
    """Return the page."""
    from glasscity.rights.article5.relation import relation_table
    from glasscity.rights.article5.tables import boundary_table

    kept = json.loads(KEPT.read_text(encoding="utf-8"))
    rule = kept["rule"][0]
    relation = relation_table()
    agreed = relation.agreement
    return TEXT.format(
        **{name: rule[name] for name in ("text", "cited", "seed", "citizens", "months", "digest")},
        regime=rule["regime"],
        command=f"glasscity {' '.join(COMMAND)}",
        conditions=_rows([[r["title"], r["reading"], r["measured"]] for r in kept["conditions"]]),
        findings="\n".join(
            f"- {row['title']}: **{row['status']}**. {row['finding']}" for row in kept["conditions"]
        ),
        agreement=(
            f"They agree on {agreed.equal} of {agreed.cells} cells "
            f"({100 * agreed.equal / agreed.cells:.1f} %; Cohen's kappa {agreed.kappa:.2f}); whether "
            f"a cell is unrelated or not, on {agreed.equal_unrelated} (kappa "
            f"{agreed.kappa_unrelated:.2f}). No cell is missing."
            if agreed.kappa is not None
            and agreed.kappa_unrelated is not None
            and not agreed.missing
            else ""
        ),
        disputed=", ".join(f"`{name}` x `{gate}`" for name, gate in relation.disputed()),
        boundary=_rows([_example(row) for row in boundary_table(relation).rows]),
        unrelated=_rows(
            [
                [r["world"], r["reading"], f"{r['denials']:,}", *_ends(r), _part(r, "uncoded")]
                for r in kept["unrelated"]
                if r["gate"] == "all"
            ]
        ),
        gates=_rows(
            [
                [r["gate"], f"{r['denials']:,}", *_ends(r)]
                for r in kept["unrelated"]
                if r["gate"] != "all" and (r["world"], r["reading"]) == (rule["regime"], "strict")
            ]
        ),
        burden=_rows([_burden(r) for r in kept["burden"]]),
        lift=_rows([_lift(r) for r in kept["lift"] if r["input"]]) + "\n" + _without(kept["lift"]),
        reading=READING.rstrip(),
    )


def _rows(rows: Sequence[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(cell.strip() for cell in row)} |" for row in rows)


def _example(row: Mapping[str, Any]) -> list[str]:
    cells = ", ".join(f"`{cell}`" for cell in row["cells"].split(", ")) if row["cells"] else "none"
    agrees = {True: "yes", False: "no", None: "-"}[row["strict"]]
    return [row["says"], row["scope"], cells, row["expected"], agrees, row["read"]]


def _part(row: Mapping[str, Any], name: str) -> str:
    return f"{100 * row[name] / row['denials']:.0f}" if row["denials"] else "-"


def _ends(row: Mapping[str, Any]) -> list[str]:
    found = []
    for name in ("undone", "involved"):
        low, high = (_part(row, f"{name}_{end}") for end in ("least", "most"))
        found.append(low if low == high else f"{low} to {high}")
    return found


def _burden(row: Mapping[str, Any]) -> list[str]:
    def share(value: float | None, error: float | None = None) -> str:
        if value is None:
            return "-"
        return f"{100 * value:.0f}" if error is None else _with_error(100 * value, 100 * error)

    ratio = "-"
    if row["ratio_low"] is not None:
        ratio = f"{row['ratio_low']:,.0f} to {row['ratio_high']:,.0f}"
    return [
        row["world"],
        row["gravity"].split()[0],
        _with_error(row["mean"], row["mean_error"]),
        share(row["groundless_share"], row["groundless_error"]),
        share(row["groundless_of_burdened"]),
        share(row["inverted_of_untied"]),
        ratio,
    ]


def _with_error(value: float, error: float) -> str:
    """Return both to the error's first digit."""
    digits = max(0, -math.floor(math.log10(error))) if error > 0 else 0
    return f"{value:.{digits}f} ± {error:.{digits}f}"


def _signed(value: float) -> str:
    text = f"{value:+.3f}"
    return "0.000" if text in ("-0.000", "+0.000") else text


def _lift(row: Mapping[str, Any]) -> list[str]:
    return [
        row["gate"],
        row["title"],
        row["relation"],
        f"{row['without']:.3f}",
        _signed(row["difference"]),
        f"{_signed(row['low'])} to {_signed(row['high'])}",
        row["finding"],
    ]


def _without(rows: Sequence[Mapping[str, Any]]) -> str:
    why: dict[str, list[str]] = {}
    for row in rows:
        if not row["input"]:
            why.setdefault(row["why"], []).append(row["gate"])
    lines = [f"No figure for {', '.join(gates)}: {reason}." for reason, gates in why.items()]
    return "\n" + "\n\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
