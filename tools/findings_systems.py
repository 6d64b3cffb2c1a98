"""The fifth and sixth finding: the systems of the record, and what hangs on assumption."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from findings_charts import spans
from findings_data import Found, Study
from findings_frame import remade
from findings_words import cell, labelled, number, ranged, span, table, when

__all__ = ["assumptions", "record"]

SCORE, BUREAU, NOBODY = "citizen-score-2020", "credit-bureau", "unscored"
EVIDENCE = Path(__file__).parents[1] / "docs" / "evidence.json"
SYSTEMS = {
    NOBODY: "nobody scored",
    BUREAU: "comparison",
    "sesame-2015": "record",
    "rapid-finance-2015": "record",
    "defaulter-list-2013": "record",
    "train-conduct-2018": "record",
    "rongcheng-2014": "record",
    "osmanthus-2016": "record",
    "egret-2018": "record",
    SCORE: "press",
}
LABELLED = (
    "onsets",
    "breaches",
    "arrears",
    "repayment",
    "thin",
    "cooperation",
    "keepers",
    "denials",
    "chilled",
    "falsified",
    "consensus",
)
# What the page shows of the sweep of docs/evidence.json.
SWEPT = {
    "restricted_share": "citizens shut out of something",
    "closed_gate_months": "closed-gate months a citizen",
    "unwilling_breaches": "unwilling breaches",
    "breaches": "breaches",
    "spillover_share": "refusals for something elsewhere",
    "association_share": "refusals through friends",
    "speech_share": "refusals for speech",
    "error_share": "refusals through mistakes",
    "falsified_share": "praise against one's opinion",
}


def record(studies: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return the answer to the fifth question and its chart."""
    study = Study(studies["record"])
    text = "\n".join(
        [
            "## 5. How do the systems of the record compare with the press's scenario?\n",
            _record_short(study),
            _record_table(study),
            "![Closed-gate months by system](images/findings-record.svg)\n",
            _record_why(study),
            remade(("record", studies["record"]["digest"])),
        ]
    )
    rows = [(one, study.level("closed", one)) for one in SYSTEMS if one != NOBODY]
    chart = spans(
        rows, title="Closed gates by system", axis="closed-gate months a citizen, whole run"
    )
    return text, {"findings-record.svg": chart}


def _record_short(study: Study) -> str:
    documented = [one for one, kind in SYSTEMS.items() if kind == "record"]
    closed = {one: study.level("closed", one).mean or 0.0 for one in documented}
    most = max(closed, key=lambda one: closed[one])
    press = study.level("closed", SCORE)
    own = study.level("closed", most)
    silent = [one for one in documented if study.against("falsified", one, NOBODY).sign]
    nothing = [one for one in documented if not closed[one]]
    ratio = (press.mean or 0.0) / closed[most] if closed[most] else 0.0
    held = [one for one in documented if study.against("onsets", one, NOBODY).sign < 0]
    scored = study.against("onsets", SCORE, NOBODY)
    return (
        f"**In short.** Every documented system, as if it held for the whole country, shuts people out less than the press's "
        f"scenario ({cell(press, signed=False)} closed-gate months a citizen): the most is `{most}` with {cell(own, signed=False)}"
        + (f", {ratio:.2g} times less" if ratio >= 1.05 else "")
        + f". {_names(nothing)} close nothing. "
        + (
            f"Speech is touched by {_names(silent)} alone. "
            if silent
            else "None of them changes what people say by more than these runs can show. "
        )
        + (
            f"Withholding falls under {_names(held)}"
            if held
            else "Under none of them does withholding fall by more than these runs can show"
        )
        + f"; under the press's scenario it changes by {cell(scored)} %.\n"
        if (press.mean or 0.0) > closed[most]
        else "**In short.** A documented system shuts people out more than the press's scenario: see the table.\n"
    )


def _names(several: list[str]) -> str:
    if not several:
        return "None of them"
    return ", ".join(f"`{one}`" for one in several)


def _record_table(study: Study) -> str:
    rows = []
    for name, kind in SYSTEMS.items():
        row = [f"[`{name}`](regimes/{name}.md)", kind]
        for one in ("closed", "restricted", "listed", "rule", "error_people"):
            level = study.level(one, name)
            row.append(ranged(level))
        effects = ("onsets", "breaches", "thin", "falsified")
        gaps = [
            "-" if name == NOBODY else cell(study.against(one, name, NOBODY)) for one in effects
        ]
        rows.append([*row, *gaps])
    head = [
        "system",
        "from",
        "closed-gate months",
        "shut out, last month, %",
        "on a list, %",
        "refused by the rule",
        "ever refused for an error, %",
        "withholding, % against unscored",
        "breaches, %",
        "loans to people nobody knew, points",
        "praise against one's opinion, points",
    ]
    return table(head, rows) + (
        f"\nAt `central` ({len(study.kept['seeds'])} seeds), in brackets {len(study.matched)} matched vectors. Refusals are per "
        "1,000 citizens and year. Each system keeps its own dates inside the 84 months, so that a rule of May 2018 has three "
        "years of them.\n"
    )


def _record_why(study: Study) -> str:
    court = "defaulter-list-2013"
    listed, refused = study.level("listed", court), study.level("rule", court)
    own, press = (study.against("onsets", one, NOBODY) for one in (court, SCORE))
    closed = [study.level("closed", one).mean or 0.0 for one in (court, SCORE)]
    breaches = study.against("breaches", court, NOBODY)
    documented = [one for one, kind in SYSTEMS.items() if kind == "record"]
    silent = [one for one in documented if not _closes(study, one)]
    most = all(
        2 * abs(study.against(name, one, NOBODY).mean or 0.0)
        < abs(study.against(name, SCORE, NOBODY).mean or 0.0)
        for name in ("closed", "falsified")
        for one in documented
    )
    lines = [
        "**What to make of it.**\n",
        "- *The court's list.* "
        + when(
            own.sign < 0
            and press.sign < 0
            and 2 * abs(own.mean or 0) > abs(press.mean or 0)
            and closed[0] < closed[1] / 2,
            f"Against nobody scored it changes withholding by {cell(own)} %, the press's whole scenario by {cell(press)} %; and all "
            f"breaches by {cell(breaches)} %. It does so with {100 * closed[0] / closed[1]:.0f} % of the closed-gate months, on the "
            f"{cell(listed, signed=False)} % of citizens who have ignored an order. So what honesty the press's scenario brings comes "
            "mostly from a rule that answers ignored court orders and nothing else, and this favours the documented rule. At the critic's vector it "
            f"is {number(own.vectors['critic'], own.error, signed=True)} %: the sign is deterrence's here as well.",
        ),
        f"- *Few, and hard.* The list's rule refuses {cell(refused, signed=False)} applications per 1,000 citizens and year, "
        "nearly all to people on it: about flights, fast trains, hotels, loans. Inability is part of it: "
        "see `unable_listed_share` in the study's dataset.",
        f"- *What closes nothing.* {_names(silent)} close no gate as the catalogue has them: they reward, or their grades were not "
        "said to shut anybody out of the gates that the model knows. What they give and what they take in points is in the study's "
        "dataset (`perk_holders_share`, `deeds_per_1000`, `points_taken_per_1000`); their pages say what is not modelled.",
        "- *Reach.* A pilot of one city, a company's score and a railway's list are laid over everybody here. That makes them "
        "comparable, and larger than they were.",
        "- *What the press's scenario adds* to these parts is the mandate, the fusion into one score, and that every gate looks at it"
        + (
            ": most of the closed gates, and most of the change in what people say.\n"
            if most
            else ".\n"
        ),
    ]
    return "\n".join(lines)


def _closes(study: Study, regime: str) -> bool:
    return bool(study.level("closed", regime).mean)


def assumptions(studies: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return the answer to the sixth question and its chart."""
    wide = Study(studies["assumptions"])
    found = {name: wide.against(name, SCORE, NOBODY) for name in LABELLED}
    text = "\n".join(
        [
            "## 6. Where does the answer depend on assumption?\n",
            _assumptions_short(found, Study(studies["in-force"])),
            _labels_table(wide, found),
            "![Effects over the matched set](images/findings-assumptions.svg)\n",
            _swept(),
            remade(*((name, studies[name]["digest"]) for name in ("assumptions", "in-force"))),
        ]
    )
    rows = [
        (found[name].quantity.title, found[name])
        for name in ("onsets", "breaches", "arrears", "denials")
    ]
    chart = spans(
        rows,
        title="The score against nobody scored, vector by vector",
        axis="change, % of the unscored world's",
        points=True,
    )
    return text, {"findings-assumptions.svg": chart}


def _assumptions_short(found: Mapping[str, Found], late: Study) -> str:
    later = {name: late.against(name, SCORE, NOBODY) for name in LABELLED}
    return (
        f"**In short.** Over {_number(found)} vectors of behaviour that agree with what is reported, the score's effects against "
        f"the same people unscored are {_kinds(found)}. With everything in force for five years, over {_number(later)} vectors: "
        f"{_kinds(later)}.\n"
    )


def _number(found: Mapping[str, Found]) -> int:
    return len(next(iter(found.values())).matched)


def _kinds(found: Mapping[str, Found]) -> str:
    kinds: dict[str, list[str]] = {}
    for one in found.values():
        kind = one.label.label if one.label else "not labelled"
        side = f" ({one.label.side})" if one.label and one.label.label == "robust" else ""
        words = side.replace("above", "more").replace("below", "less")
        kinds.setdefault(kind, []).append(one.quantity.title + words)
    order = ("robust", "conditional", "open", "not estimable")
    return "; ".join(f"*{kind}*: {', '.join(kinds[kind])}" for kind in order if kind in kinds)


def _labels_table(wide: Study, found: Mapping[str, Found]) -> str:
    rows = []
    for one in found.values():
        favours = "-"
        if one.quantity.claim and one.side:
            favours = "the regime" if one.side == one.quantity.claim else "not the regime"
        rows.append(
            [
                one.quantity.title,
                span(one) + (" %" if one.percent else " points"),
                number(one.error, one.error),
                labelled(one.label),
                favours,
            ]
        )
    head = ["effect", "least to greatest", "luck, one vector (standard error)", "label", "favours"]
    return table(head, rows) + (
        f"\n{len(wide.kept['seeds'])} seeds at each vector. A label that hangs on a parameter names the one that best parts the "
        "vectors, where a shuffle would do as well in one case of twenty at most; other parameters can stand behind it. `glasscity "
        "sensitivity` does the same over the whole set, screens what is assumed in the regime as well, and draws break-even "
        "maps ([what it found](sensitivity.md)).\n"
    )


def _swept() -> str:
    """Return what moves the measures most, of everything that is assumed, one at a time."""
    kept = json.loads(EVIDENCE.read_text(encoding="utf-8"))
    rows = []
    for one in kept["measures"]:
        if one["measure"] not in SWEPT:
            continue
        top = one["assumptions"][:2]
        places = max(one["luck"], 1e-12)
        rows.append(
            [
                SWEPT[one["measure"]],
                f"{number(one['base'], places)} (luck {number(places, places)})",
                *(
                    f"`{a['name']}` {_ends(a['ends'])}: {number(a['low'], places)} to {number(a['high'], places)}"
                    for a in top
                ),
            ]
        )
    head = ["measure", "as it stands", "moves it most", "and next"]
    return (
        "The matched set leaves a regime's own numbers and the country's where they are. One at a time, from end to end of "
        f"their declared ranges ([evidence](evidence.md), `{kept['command']}`):\n\n"
        + table(head, rows)
        + "\nSo how many are shut out is what somebody assumed about cut-offs. What is *robust* above is a sign under one set of "
        "rules, and no forecast of a size.\n"
    )


def _ends(ends: list[Any]) -> str:
    return (
        f"({ends[0]} to {ends[1]})" if not isinstance(ends[0], str) else f"({ends[0]}; {ends[1]})"
    )
