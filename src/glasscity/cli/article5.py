"""The commands ``article5`` and ``explain article5``: the rule, measured; the relation table."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from glasscity.cli.options import strengths_of, threads_of
from glasscity.cli.output import columns, heading, paragraph, say, show, show_json
from glasscity.cli.progress import ProgressBar
from glasscity.errors import BadArgument, NotFound

if TYPE_CHECKING:
    from glasscity.results.run import Run
    from glasscity.rights.article5 import Article5
    from glasscity.rights.tabulate import Table

__all__ = ["article5", "explain"]

# What is told of a stored run is in its folder, so that these go with a regime alone.
_OF_A_REGIME = ("country", "parameters", "citizens", "months", "start", "seed")


def article5(
    regime: str,
    *,
    fields: dict[str, str | None],
    present: Sequence[str],
    absent: Sequence[str],
    compare: bool,
    threads: str | None,
    out: str | None,
    as_json: bool,
) -> None:
    """Measure Article 5(1)(c) in a regime or in a run folder."""
    from glasscity.study import article5 as study

    number = threads_of(threads)
    given = {name: value for name, value in fields.items() if value is not None}
    of: Any
    if _is_run(regime):
        extra = [*given, *(["with"] if present else []), *(["without"] if absent else [])]
        if extra:
            raise BadArgument(
                f"--{extra[0]} is given beside a run folder",
                where=regime,
                allowed="a run folder as it is, or a regime with the options of 'glasscity run'",
                mend="leave it out, or name the regime instead of the folder",
            )
        from glasscity.results.run import open_run

        of = open_run(regime)
    else:
        from glasscity.scenario import Scenario

        if "parameters" in given:
            given["behaviour"] = given.pop("parameters")
        of = Scenario(regime, strengths=strengths_of(present, absent), **given)  # type: ignore[arg-type]
    with ProgressBar() as progress:
        found, runs = study.measure(
            of,
            place=study.PLACE if out is None else out,
            compare=compare,
            threads=number,
            progress=progress,
            told=say,
        )
    if as_json:
        show_json([_plain(table) for table in _tables(found, runs)])
    else:
        show(_summary(found, runs))


def _is_run(text: str) -> bool:
    from glasscity.catalogue.shelf import catalogue_names

    path = Path(text)
    return text not in catalogue_names("regime") and path.is_dir()


def _plain(table: Table) -> dict[str, Any]:
    return {
        "name": table.name,
        "title": table.title,
        "definition": table.definition,
        "columns": [
            {"name": c.name, "title": c.title, "unit": c.unit, "definition": c.definition}
            for c in table.columns
        ],
        "rows": [dict(row) for row in table.rows],
    }


def _tables(found: Article5, runs: Sequence[Run]) -> list[Table]:
    from glasscity.rights.tabulate import Column, Table

    about: dict[str, Any] = {
        "regime": found.regime,
        "run": str(runs[0].path),
        "digest": found.digest,
        "citizens": found.citizens,
        "months": found.months,
        "seed": found.seed,
        "cited": found.rule["cited"],
        "text": " ".join(found.rule["text"].split()),
        "caution": " ".join(found.caution.split()),
        "notes": list(found.notes),
        "runs": [str(run.path) for run in runs],
    }
    head = Table(
        name="rule",
        title="The rule, and the run that it is measured in",
        definition="A measurement to argue from, not legal advice.",
        columns=tuple(Column(name=name, title=name, unit="") for name in about),
        rows=(about,),
    )
    return [head, *found.tables, found.relation]


def _summary(found: Article5, runs: Sequence[Run]) -> list[str]:
    lines = [
        heading(f"Article 5(1)(c), measured in '{found.regime}'"),
        *paragraph(
            f"{found.citizens:,} synthetic citizens, {found.months} months, seed {found.seed}. A "
            "measurement to argue from, not legal advice."
        ),
        "",
        *paragraph(" ".join(found.rule["text"].split()), indent=2),
        *paragraph(f"({found.rule['cited']})", indent=2),
        "",
        heading("Condition by condition"),
    ]
    for one in found.conditions:
        lines += paragraph(f"{one.title}: {one.status.upper()}", hang=2)
        lines += paragraph(one.finding, indent=2)
    lines += ["", *_unrelated(found), "", *_burden(found), "", *_lift(found), ""]
    agreed = found.agreement
    lines += paragraph(
        f"Two coders agree on {agreed.equal} of {agreed.cells} cells of the relation table "
        f"({100 * agreed.equal / agreed.cells:.1f} %; Cohen's kappa {_two(agreed.kappa)}, and "
        f"{_two(agreed.kappa_unrelated)} for unrelated or not). Both were sessions of one language "
        "model, no person has coded it yet. 'glasscity explain article5' has their reasons."
    )
    for note in found.notes:
        lines += paragraph(f"Note: {note}.")
    lines += ["", *paragraph("Definitions and every table: --json. The runs behind it:")]
    lines += [f"  {run.path}" for run in runs]
    return lines


def _unrelated(found: Article5) -> list[str]:
    rows = [
        [world, one.reading, f"{one.denials:,}", *_ends(one)]
        for world, some in found.unrelated.items()
        for one in some
        if one.gate == "all" and one.by_rule
    ]
    lines = [
        heading("(i) Unrelated context: denials by the rule"),
        *columns(
            rows,
            ["world", "table", "denials", "undone without", "took part"],
            right=(2, 3, 4),
        ),
        *paragraph(
            "undone without: no longer refused with every unrelated input neutral; took part: an "
            "unrelated input did. Each is a range where a cause covers several inputs. Of denials "
            "that the gate's own screening would have granted."
        ),
    ]
    for row in found.table("closed").rows:
        if row["gate"] == "all":
            lines += paragraph(
                f"Closed-gate months of '{found.regime}', {row['reading']} table: at least "
                f"{_share(row['unrelated_least'])}, at most {_share(row['unrelated_most'])} from "
                f"unrelated contexts; the score closed {_share(row['by_score'])} of them."
            )
    gates = [
        [one.gate, f"{one.denials:,}", *_ends(one)]
        for one in found.unrelated[found.regime]
        if one.by_rule and one.reading == "strict" and one.gate != "all" and one.denials
    ]
    if gates:
        lines += ["", heading(f"The same by gate, '{found.regime}', strict table")]
        head = ["gate", "denials", "undone without", "took part"]
        lines += columns(gates, head, right=(1, 2, 3))
    return lines


def _ends(one: Any) -> list[str]:
    return [
        _range(one.undone_least, one.undone_most, one.denials),
        _range(one.involved_least, one.involved_most, one.denials),
    ]


def _range(least: int, most: int, whole: int) -> str:
    if not whole:
        return "none"
    low, high = (f"{100 * number / whole:.0f}" for number in (least, most))
    return f"{low} %" if low == high else f"{low} to {high} %"


def _burden(found: Article5) -> list[str]:
    rows = [
        [
            world,
            one.gravity.split()[0],
            f"{one.mean:.2f}",
            _share(one.groundless_share),
            _share(one.inverted_of_untied),
            _ratio(one.ratio_low, one.ratio_high),
        ]
        for world, some in found.burdens.items()
        for one in some
        if one.weighting == "demand"
    ]
    return [
        heading("(ii) Burden against the gravity of one's own breaches, weighted by demand"),
        *columns(
            rows,
            ["world", "inability", "months", "groundless", "inverted", "P90/P10"],
            right=(2, 3, 4, 5),
        ),
        *paragraph(
            "months: with every gate closed, a citizen, whole run; groundless: share of it on "
            "people without any breach of their own; inverted: of pairs of unequal gravity and "
            "burden, the less grave bears more (50 % is a coin's); P90/P10: of burden for each "
            "month of gravity, among those with both, 95 % of resamples. With: debts of inability "
            "count as breaches."
        ),
    ]


def _lift(found: Article5) -> list[str]:
    rows = [
        [
            one.gate,
            textwrap.shorten(one.title, 28, placeholder="..."),
            _signed(one.difference),
            f"{_signed(one.low)} to {_signed(one.high)}",
            one.finding,
        ]
        for one in found.lifts
        if one.difference is not None and one.low is not None and one.high is not None
    ]
    lines = [heading("(ii) What an input adds for the gate's own purpose (AUC)")]
    if rows:
        lines += columns(rows, ["gate", "input", "adds", "95 %", "finding"], right=(2, 3))
        lines += paragraph(
            "Beside the gate's own screening and the inputs of its context; outcomes of the 24 "
            "months after, nobody scored. Lift does not prove that using it is justified."
        )
    why: dict[str, list[str]] = {}
    for one in found.lifts:
        if one.why:
            why.setdefault(one.why, []).append(one.gate)
    for reason, gates in why.items():
        lines += paragraph(f"No figure for {', '.join(gates)}: {reason}.", hang=2)
    return lines


def _ratio(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return "none"
    return f"{low:,.0f} to {high:,.0f}"


def _signed(value: float) -> str:
    text = f"{value:+.3f}"
    return "0.000" if text in ("-0.000", "+0.000") else text


def _share(value: float | None) -> str:
    return "none" if value is None else f"{100 * value:.0f} %"


def _two(value: float | None) -> str:
    return "not estimable" if value is None else f"{value:.2f}"


def explain(gate: str | None, *, as_json: bool) -> None:
    """Print the relation table: all of it as codes, or a gate's column with both reasons."""
    from glasscity.rights.article5.relation import INPUTS, relation_table
    from glasscity.rights.article5.tables import relation_rows
    from glasscity.terms import GATES

    if gate is not None and gate not in GATES:
        raise NotFound.among("gate", gate, GATES)
    relation = relation_table()
    table = relation_rows(relation)
    rows = [row for row in table.rows if gate in (None, row["gate"])]
    if as_json:
        show_json(rows)
        return
    lines = [heading(table.title), *paragraph(table.definition), ""]
    if gate is None:
        lines += _matrix(rows, INPUTS, GATES)
        lines += paragraph(
            "S same, c compatible, . unrelated; the first coder's code, then the second's. "
            "Reasons: glasscity explain article5 --gate loan."
        )
    else:
        for row in rows:
            lines += paragraph(f"{row['input']}: {INPUTS[row['input']]}", hang=2)
            for k in (1, 2):
                lines += paragraph(f"{row[f'code_{k}']}: {row[f'reason_{k}']}", indent=4, hang=2)
    show(lines)


def _matrix(rows: Sequence[Any], inputs: Iterable[str], gates: Sequence[str]) -> list[str]:
    letter = {"same": "S", "compatible": "c", "unrelated": ".", None: "?"}
    of = {(row["input"], row["gate"]): row for row in rows}
    numbers = [str(k + 1) for k in range(len(gates))]
    cells = [
        [name, *(letter[of[name, g]["code_1"]] + letter[of[name, g]["code_2"]] for g in gates)]
        for name in inputs
    ]
    legend = ", ".join(f"{k} {gate}" for k, gate in zip(numbers, gates, strict=True))
    return [*columns(cells, ["", *numbers]), *paragraph(legend)]
