"""The last three findings: safeguards, the systems of the record, and what hangs on assumption."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from findings_charts import bars, spans
from findings_data import Found, Study
from findings_frame import remade
from findings_words import cell, labelled, number, span, table

__all__ = ["assumptions", "record", "safeguards"]

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


def safeguards(studies: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return the answer to the fourth question and its chart."""
    kept = studies["frontier"]
    worth = {(row["goal"], row["player"]): row for row in kept["worth"]}
    order = [row["player"] for row in kept["first"]]
    closed = sorted(order, key=lambda one: worth["closed_gate_months", one]["average"] or 0.0)
    text = "\n".join(
        [
            "## 4. Which three safeguards matter most?\n",
            _safeguards_short(kept, worth, closed),
            _safeguards_table(kept, worth),
            "![What each safeguard takes off](images/findings-safeguards.svg)\n",
            _safeguards_why(kept, worth, order),
            f"Made again by `{kept['command']}` (digest `{kept['digest'][:16]}`).\n",
        ]
    )
    rows = []
    for name in order:
        for goal, told in (("harm", "harm index"), ("closed_gate_months", "closed-gate months")):
            row = worth[goal, name]
            rows.append((name, told, row["average"], row["average_low"], row["average_high"]))
    chart = bars(
        rows,
        title="What a safeguard takes off on average over sets of them",
        axis="change, % of the regime's own",
        about=["95 % over worlds: fresh seeds and matched vectors, orders of safeguards"],
    )
    return text, {"findings-safeguards.svg": chart}


def _part(row: Mapping[str, Any], name: str, scale: float = 100.0) -> str:
    """Return an estimate with the half of its interval."""
    value, low = row[name], row[f"{name}_low"]
    if value is None or low is None:
        return "not estimable"
    half = scale * (value - low)
    if abs(half) < 1e-6 and abs(value) < 1e-9:
        return "0"
    return f"{number(scale * value, half, signed=True)} ± {number(half, half)}"


def _safeguards_short(
    kept: Mapping[str, Any], worth: Mapping[tuple[str, str], Any], closed: list[str]
) -> str:
    first = kept["first"][:3]
    told = ", ".join(
        f"`{row['player']}` ({_part(worth['harm', row['player']], 'average')} %)" for row in first
    )
    sure = min(row["among_first"] for row in first)
    by_months = ", ".join(
        f"`{one}` ({_part(worth['closed_gate_months', one], 'average')} %)" for one in closed[:3]
    )
    least = kept["smallest"][0]
    share = _part(least, "left").lstrip("+")
    if least["enough_in_search"]:
        bought = (
            f"The smallest set that takes off half of the closed-gate months in the world of the search is "
            f"{least['levers']} ({least['size']} of {len(kept['first'])}); in the worlds that confirm it leaves {share} %."
        )
    else:
        bought = (
            f"No set that was tried takes off half of the closed-gate months; the best one, {least['levers']}, leaves "
            f"{share} % in the worlds that confirm."
        )
    return (
        f"**In short.** By the harm index (refused for what one did not breach, for an error, critics kept silent, children's "
        f"school months, equal weights) the three that take most off, on average over sets of them, are {told}. Over "
        f"resamples of the worlds the least certain of these three is among the first three in {100 * sure:.0f} % of cases. By months "
        f"of closed gates they are {by_months}: what matters most depends on which harm is meant. {bought}\n"
    )


def _safeguards_table(kept: Mapping[str, Any], worth: Mapping[tuple[str, str], Any]) -> str:
    rows = []
    for one in kept["first"]:
        name = one["player"]
        harm = worth["harm", name]
        rows.append(
            [
                f"`{name}`",
                _part(harm, "average"),
                _part(harm, "alone"),
                _part(harm, "missing"),
                f"{100 * one['among_first']:.0f} %",
                *(
                    _part(worth[goal, name], "average")
                    for goal in ("closed_gate_months", "wrongful", "groundless", "children")
                ),
                *(_part(worth[goal, name], "average") for goal in ("onsets_avoided", "inclusion")),
            ]
        )
    head = [
        "at full strength",
        "harm index, on average",
        "alone",
        "lost, if it alone is missing",
        "among the first three",
        "closed-gate months",
        "refused for an error",
        "refused for no breach of one's own",
        "children",
        "benefit: withholding avoided",
        "benefit: loans to people nobody knew",
    ]
    return table(head, rows) + (
        f"\nHarms change in per cent of the regime's own, withholding avoided in per cent of the unscored world's spells, loans in points; negative is less. {kept['citizens']:,} citizens, "
        f"{kept['fresh']} fresh seeds and {kept['vectors']} matched vectors, each with a seed of its own; ± is 95 % over these "
        "worlds, luck and assumption together, because the frontier takes them so.\n"
    )


def _safeguards_why(
    kept: Mapping[str, Any], worth: Mapping[tuple[str, str], Any], order: list[str]
) -> str:
    idle = [f"`{row['lever']}` ({row['why']})" for row in kept["idle"]]
    silence = max((abs(worth["chill", one]["alone"] or 0.0) for one in order), default=0.0)
    review = worth["closed_gate_months", "review"]
    lines = [
        "**What to make of it.**\n",
        "- `review` lifts a refusal where nothing in the gate's own sphere is on record. It opens no gate beforehand, so closed-gate "
        f"months change by {_part(review, 'average')} %, and by refusals it is the first. `firewall` keeps a breach in its sphere "
        "and opens gates. They meet the same refusals, so each is worth less where the other is there: compare *alone* with *lost, "
        "if it alone is missing*.",
        "- `correction` stops an error before it counts; `appeals` puts it right afterwards. For people refused for an error they "
        f"are worth {_part(worth['wrongful', 'correction'], 'average')} % and {_part(worth['wrongful', 'appeals'], 'average')} %. "
        "That is no verdict on appeals: every list of the scenario has them already, mostly decided within two months, and what is "
        "measured is only more of them.",
        f"- Critics kept silent: the most that any of them changes alone is {100 * silence:.1g} % of the regime's own. Nothing in this "
        "list is about speech; only a score that does not look at it is ([the second question](#2-how-much-exclusion-is-through-"
        "friends-mistakes-and-speech)).",
        "- The index weighs four harms alike, and that is a choice. The columns stand beside it so that others can choose otherwise.",
    ]
    if idle:
        lines.append("- Alone, these show nothing: " + "; ".join(idle) + ".")
    return "\n".join(lines) + "\n"


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
        + (f", a {ratio:.2g}th of it" if ratio >= 2 else "")
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
            row.append(
                "not estimable"
                if level.mean is None
                else f"{cell(level, signed=False)} ({span(level, signed=False)})"
            )
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
    court = study.level("closed", "defaulter-list-2013")
    listed = study.level("listed", "defaulter-list-2013")
    per_head = None
    if court.mean and listed.mean:
        per_head = 100 * court.mean / listed.mean
    lines = [
        "**What to make of it.**\n",
        "- *Reach.* A pilot of one city, a company's score and a railway's list are laid here over everybody. That makes them "
        "comparable, and larger than they were.",
        f"- *Few, and hard.* The court's list has {cell(listed, signed=False)} % of citizens on it; closures are concentrated on "
        "them, where the press's scenario spreads over everybody under a cut-off."
        + (
            f" One listed citizen stands for {per_head:.2g} closed-gate months." if per_head else ""
        ),
        "- *Rewards close nothing*, and what they give is not in this table: `perk_holders_share`, `deeds_per_1000` and the "
        "points of a scheme are in the study's dataset.",
        "- *Who reads what.* The press's scenario was made of these parts: a company's score, a court's list, a railway's ban, a "
        "city's points. What it adds is the mandate, the fusion, and that all gates look at it.",
        "- A documented rule in this table is still a model of it; each page says what is assumed and what is left out.\n",
    ]
    return "\n".join(lines)


def assumptions(studies: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return the answer to the sixth question and its chart."""
    wide = Study(studies["assumptions"])
    found = {name: wide.against(name, SCORE, NOBODY) for name in LABELLED}
    text = "\n".join(
        [
            "## 6. Where does the answer depend on assumption?\n",
            _assumptions_short(found),
            _labels_table(wide, found),
            "![Effects over the matched set](images/findings-assumptions.svg)\n",
            _swept(),
            remade(("assumptions", studies["assumptions"]["digest"])),
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


def _assumptions_short(found: Mapping[str, Found]) -> str:
    kinds: dict[str, list[str]] = {}
    for one in found.values():
        kind = one.label.label if one.label else "not labelled"
        kinds.setdefault(kind, []).append(one.quantity.title)
    told = [
        f"*{kind}*: {', '.join(kinds[kind])}"
        for kind in ("robust", "conditional", "open", "not estimable")
        if kind in kinds
    ]
    number_ = len(next(iter(found.values())).matched)
    return (
        f"**In short.** Over {number_} vectors of behaviour that agree with what is reported, the score's effects against the "
        f"same people unscored are {'; '.join(told)}.\n"
    )


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
        "maps.\n"
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
