"""The findings about Article 5(1)(c) as tables, each with its definition and denominators."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from glasscity.rights.article5.provenance import Provenance, inputs_of_score
from glasscity.rights.article5.relation import (
    INPUTS,
    READINGS,
    Relation,
    boundary,
    law,
)
from glasscity.rights.tabulate import Column, Rows, Table, share
from glasscity.terms import GATES, SPHERES

if TYPE_CHECKING:
    from glasscity.results.run import Run
    from glasscity.rights.article5.burden import Burden
    from glasscity.rights.article5.closures import Closures
    from glasscity.rights.article5.conditions import Condition
    from glasscity.rights.article5.lift import Lift
    from glasscity.rights.article5.unrelated import Unrelated

__all__ = [
    "agreement_table",
    "boundary_table",
    "burden_table",
    "closed_table",
    "conditions_table",
    "lift_table",
    "relation_rows",
    "unrelated_table",
]


def _table(
    name: str,
    title: str,
    definition: str,
    columns: Mapping[str, tuple[str, str, str]],
    rows: Rows,
    grades: Sequence[str] = (),
) -> Table:
    return Table(
        name=name,
        title=title,
        definition=definition,
        columns=tuple(
            Column(name=key, title=t, unit=u, definition=d) for key, (t, u, d) in columns.items()
        ),
        rows=tuple({key: row[key] for key in columns} for row in rows),
        grades=tuple(grades),
    )


def conditions_table(found: Sequence[Condition]) -> Table:
    """Return the conditions of the rule, one a row."""
    sources = law()["sources"]
    rows = [
        {
            **asdict(one),
            "cited": f"{sources[one.source]['title']} ({sources[one.source]['where']})",
            "read": sources[one.source]["read"],
        }
        for one in found
    ]
    return _table(
        "conditions",
        "Article 5(1)(c), condition by condition",
        "Met: the model contains what the condition names, in the reading given; no court has said "
        "so. The last two are alternatives and are measured, not judged.",
        {
            "name": ("condition", "", ""),
            "title": ("the rule", "", ""),
            "status": ("status", "", "met, not met, measured"),
            "finding": ("what the run shows", "", ""),
            "reading": ("as read", "", ""),
            "measured": ("measured by", "", ""),
            "cited": ("read where", "", ""),
            "read": ("how read", "", "read, read-2nd (on a secondary page), unverified"),
        },
        rows,
    )


def agreement_table(relation: Relation) -> Table:
    """Return how far the two coders of the relation table agree."""
    found = relation.agreement
    rows: Rows = [
        {
            "distinction": "same, compatible, unrelated",
            "cells": found.cells,
            "equal": found.equal,
            "share": share(found.equal, found.cells),
            "kappa": found.kappa,
            "missing": found.missing,
        },
        {
            "distinction": "unrelated or not (the strict and the lenient table)",
            "cells": found.cells,
            "equal": found.equal_unrelated,
            "share": share(found.equal_unrelated, found.cells),
            "kappa": found.kappa_unrelated,
            "missing": found.missing,
        },
    ]
    return _table(
        "agreement",
        "Agreement of the two codings of the relation table",
        "Two coders read the same code book and coded every input x gate apart, before any result. "
        "Both were sessions of one language model, so agreement is an upper bound of what two "
        "people would reach; it says that the code book is clear, not that it is right.",
        {
            "distinction": ("distinction", "", ""),
            "cells": ("cells", "count", "coded by both"),
            "equal": ("equal", "count", ""),
            "share": ("agreement", "share", "of cells coded by both"),
            "kappa": ("Cohen's kappa", "", "unweighted; agreement beyond chance"),
            "missing": ("missing", "count", "cells that one of them has left out"),
        },
        rows,
    )


def relation_rows(relation: Relation) -> Table:
    """Return the relation table: a row for each input and gate, with both codes and reasons."""
    rows: Rows = []
    for name in INPUTS:
        for gate in GATES:
            first, second = (
                one.cells.get((name, gate)) for one in (relation.first, relation.second)
            )
            row: dict[str, Any] = {"input": name, "gate": gate}
            for k, cell in enumerate((first, second), 1):
                row[f"code_{k}"] = cell[0] if cell else None
                row[f"reason_{k}"] = cell[1] if cell else None
            for reading in READINGS:
                row[reading] = relation.unrelated(name, gate, reading)
            rows.append(row)
    return _table(
        "relation",
        "From which context is a piece of data unrelated to a gate",
        "Strict: unrelated where either coder says so. Lenient: only where both do.",
        {
            "input": ("input", "", "a row of the code book"),
            "gate": ("gate", "", ""),
            "code_1": ("first coder", "", ""),
            "code_2": ("second coder", "", ""),
            "strict": ("unrelated, strict", "", ""),
            "lenient": ("unrelated, lenient", "", ""),
            "reason_1": ("first coder's reason", "", ""),
            "reason_2": ("second coder's reason", "", ""),
        },
        rows,
    )


def boundary_table(relation: Relation) -> Table:
    """Return the examples inside and outside of the rule, held against the relation table."""
    sources = law()["sources"]
    rows: Rows = []
    for case in boundary():
        cells = [tuple(cell) for cell in case["cells"]]
        verdicts: dict[str, bool | None] = {}
        for reading in READINGS:
            said = [relation.unrelated(name, gate, reading) for name, gate in cells]
            wanted = case["expected"] == "unrelated"
            verdicts[reading] = all(one is wanted for one in said) if said else None
        source = sources[case["source"]]
        rows.append(
            {
                "name": case["name"],
                "scope": case["scope"],
                "says": case["says"],
                "cells": ", ".join(f"{name} x {gate}" for name, gate in cells),
                "expected": case["expected"],
                "strict": verdicts["strict"],
                "lenient": verdicts["lenient"],
                "source": f"{source['title']} ({source['where']})",
                "read": source["read"],
                "note": case.get("note", ""),
            }
        )
    return _table(
        "boundary",
        "Examples inside and outside of the rule, held against the relation table",
        "Whether the table gives what the example implies; empty where the model has no "
        "counterpart. The codings were made without these examples; the cells that stand for each "
        "were chosen afterwards, by somebody who had seen the codings.",
        {
            "name": ("example", "", ""),
            "scope": ("scope", "", "in, out"),
            "says": ("what it says", "", ""),
            "cells": ("as input x gate", "", ""),
            "expected": ("implies", "", "unrelated, related"),
            "strict": ("strict table agrees", "", ""),
            "lenient": ("lenient table agrees", "", ""),
            "source": ("read where", "", ""),
            "read": ("how read", "", "read, read-2nd, unverified"),
            "note": ("note", "", ""),
        },
        rows,
    )


def unrelated_table(found: Iterable[tuple[str, Unrelated]]) -> Table:
    """Return denials from unrelated contexts by world, reading, gate and denominator."""
    rows: Rows = []
    for world, one in found:
        if not one.denials and one.gate != "all":
            continue
        row: dict[str, Any] = {"world": world, **asdict(one)}
        row["of"] = "denials by the rule" if one.by_rule else "all denials"
        for name in ("undone_least", "undone_most", "involved_least", "involved_most", "uncoded"):
            row[f"{name}_share"] = share(getattr(one, name), one.denials)
        rows.append(row)
    return _table(
        "unrelated",
        "Denials whose deciding inputs come from an unrelated context",
        "Lower end: denials that would not have happened with every unrelated input at the value "
        "of a person of whom nothing adverse is known. Upper end: denials in which one took part. "
        "Each end is a range itself (least, most), because a cause in the register can stand for "
        "several inputs of the table: least counts what is unrelated for certain, most what may "
        "be.",
        {
            "world": ("world", "", ""),
            "reading": ("table", "", "strict, lenient"),
            "of": ("of", "", "all denials; or those by the rule, which own screening grants"),
            "gate": ("gate", "", ""),
            "denials": ("denials", "count", "the denominator; whole run"),
            "undone_least_share": ("lower end, least", "share", "of the denials"),
            "undone_most_share": ("lower end, most", "share", "of the denials"),
            "involved_least_share": ("upper end, least", "share", "of the denials"),
            "involved_most_share": ("upper end, most", "share", "of the denials"),
            "uncoded_share": (
                "no row in the code book",
                "share",
                "of the denials: signs of means or an official's favour took part; never counted "
                "as unrelated",
            ),
            "undone_least": ("lower end, least", "count", ""),
            "undone_most": ("lower end, most", "count", ""),
            "involved_least": ("upper end, least", "count", ""),
            "involved_most": ("upper end, most", "count", ""),
            "uncoded": ("no row in the code book", "count", ""),
        },
        rows,
    )


def closed_table(run: Run, closed: Closures, relation: Relation) -> Table:
    """Return closed-gate months by what closed them and from which context it comes."""
    provenance = Provenance(run.scenario, run.meta["gate_spheres"])
    score = inputs_of_score(run.scenario["regime"])
    rows: Rows = []
    for reading in READINGS:
        found = []
        for g, gate in enumerate(GATES):
            whole = int(closed.closed[:, g].sum())
            if not whole:
                continue
            by_score = int(closed.by_score[:, g].sum())
            kinds = {"unrelated": 0, "open": int(closed.by_lists[:, g].sum()), "related": 0}
            kinds[_kind(score, gate, relation, reading)] += by_score
            for s, sphere in enumerate(SPHERES):
                months = int(closed.by_list_alone[:, g, s].sum())
                kinds[_kind(provenance.of_list(sphere), gate, relation, reading)] += months
            most = kinds["unrelated"] + kinds["open"]
            found.append((gate, whole, by_score, kinds["unrelated"], most))
        if found:
            found.append(("all", *(sum(column) for column in list(zip(*found, strict=True))[1:])))
        rows += [
            {
                "reading": reading,
                "gate": gate,
                "months": whole,
                "per_citizen": whole / len(closed.citizen),
                "by_score": share(by_score, whole),
                "unrelated_least": share(least, whole),
                "unrelated_most": share(most, whole),
            }
            for gate, whole, by_score, least, most in found
        ]
    return _table(
        "closed",
        "Closed-gate months from unrelated contexts",
        "A month in which a gate is closed to a citizen. Unrelated for certain: by a list of "
        "which every ground is unrelated to the gate, or by a score of which every input is. At "
        "most: all but those by a list, or score, that is related for certain. A score mixes "
        "inputs and is not taken apart month by month, so what it closes is nearly always open."
        + ("" if closed.exact else _NOT_EXACT),
        {
            "reading": ("table", "", "strict, lenient"),
            "gate": ("gate", "", ""),
            "months": ("closed months", "count", f"of {len(closed.citizen):,} citizens, whole run"),
            "per_citizen": ("closed months", "months", "a citizen, whole run"),
            "by_score": ("by the score", "share", "of the closed months"),
            "unrelated_least": ("unrelated, least", "share", "of the closed months"),
            "unrelated_most": ("unrelated, most", "share", "of the closed months"),
        },
        rows,
    )


_NOT_EXACT = (
    " Behind a firewall the score is made again for each sphere, and those scores are not kept: "
    "what the score closed to citizens whom it covers is counted as if it did not."
)


def _kind(rows: Iterable[str], gate: str, relation: Relation, reading: str) -> str:
    # Signs of means have no row in the code book, and are never counted as unrelated.
    said = {relation.unrelated(row, gate, reading) for row in rows if row in INPUTS}
    if said == {True}:
        return "unrelated"
    return "related" if said == {False} else "open"


def burden_table(found: Iterable[tuple[str, bool, Burden]]) -> Table:
    """Return burdens against gravity: a row for each world, weighting and gravity."""
    rows: Rows = [
        {
            "world": world,
            "exact": exact,
            **asdict(one),
            "groundless_of_burdened": share(one.groundless_people, one.burdened),
        }
        for world, exact, one in found
    ]
    return _table(
        "burden",
        "Burden against the gravity of one's own breaches",
        "Burden: sum over gates of weight x demand x months closed; 1 is a month with every gate "
        "closed. Gravity: of breaches that were truly one's own (late 1, conduct 2, default 3, "
        "ignored order 5, unless the regime states its own), with debts that inability alone made "
        "or without. Groundless: on people without any breach of their own in the whole run, nor "
        "one on file. Conduct counts where a source has put it on record.",
        {
            "world": ("world", "", ""),
            "weighting": ("weights", "", "demand, equal, essentials"),
            "gravity": ("gravity", "", "with inability, without inability"),
            "people": ("citizens", "count", "looked at"),
            "mean": ("burden", "months", "a citizen, whole run"),
            "mean_error": ("error of it", "months", "standard error over citizens"),
            "burdened": ("burdened", "count", "citizens with any burden"),
            "groundless_people": ("groundless", "count", "burdened citizens without own breach"),
            "groundless_of_burdened": ("groundless people", "share", "of burdened citizens"),
            "groundless_share": ("groundless burden", "share", "of the whole burden"),
            "groundless_error": ("error of it", "share", "standard error over citizens"),
            "inverted": (
                "inverted",
                "share",
                "of pairs with different gravest breach: the less grave one bears more",
            ),
            "inverted_error": ("error of it", "share", "standard error over citizens"),
            "in_order": ("in order", "share", "of the same pairs: the graver one bears more"),
            "tied": ("tied", "share", "of the same pairs: both bear as much, mostly nothing"),
            "inverted_of_untied": ("inverted of the untied", "share", "a half is a coin's"),
            "ratio_people": ("citizens in the ratio", "count", "with burden and gravity-months"),
            "p10": ("p10", "months", "burden for each gravity-month, the tenth least"),
            "p90": ("p90", "months", "the same, the tenth most"),
            "ratio": ("p90 / p10", "", "of burden for each gravity-month"),
            "ratio_low": ("from", "", "95 % of resamples of citizens"),
            "ratio_high": ("to", "", "95 % of resamples of citizens"),
            "unburdened": ("unburdened", "count", "citizens with an own breach and no burden"),
            "exact": ("exact", "", "whether closures made again agree with the cube's counts"),
        },
        rows,
    )


def lift_table(found: Sequence[Lift]) -> Table:
    """Return what each input adds to those of a gate's own context, for the gate's purpose."""
    rows: Rows = [{**asdict(one), "base": ", ".join(one.base)} for one in found]
    return _table(
        "lift",
        "What an input adds for the gate's own purpose",
        "Area under the curve (AUC) for telling who will have the bad outcome, by a logistic "
        "regression fitted to other people, with the input and without it, beside what the gate's "
        "own screening sees and the inputs of its context. Outcomes: the same people in the 24 "
        "months after the run, in a world where nobody is scored. No lift: the whole 95 % interval "
        "(DeLong) lies below 0.01. Lift does not prove that using an input is justified.",
        {
            "gate": ("gate", "", ""),
            "purpose": ("the gate's purpose", "", ""),
            "input": ("input", "", "columns of the run folder"),
            "title": ("what it is", "", ""),
            "relation": ("relation", "", "strict table; open where a record covers several rows"),
            "people": ("citizens", "count", "without that outcome now"),
            "outcomes": ("bad outcomes", "count", "in the 24 months"),
            "without": ("AUC without", "", ""),
            "with_it": ("AUC with", "", ""),
            "difference": ("adds", "", "difference of the two"),
            "low": ("from", "", "95 % interval"),
            "high": ("to", "", "95 % interval"),
            "finding": ("finding", "", "lift, no lift, open"),
            "base": ("beside", "", "what it is added to"),
            "why": ("why there is no figure", "", ""),
        },
        rows,
    )
