"""The first finding: does the score of 2020 make people more honest?"""

from __future__ import annotations

from typing import Any

from findings_charts import spans
from findings_data import CRITIC, PROPONENT, Found, Study
from findings_frame import remade
from findings_words import NOTHING, both, cell, change, labelled, span, table, unit, when

__all__ = ["section"]

SCORE, BUREAU, NOBODY = "citizen-score-2020", "credit-bureau", "unscored"
BENEFITS = ("onsets", "breaches", "arrears", "repayment", "thin", "cooperation", "keepers")
PRICES = ("closed", "denials", "restricted", "falsified", "chilled")


def section(studies: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return the answer and its chart."""
    home = Study(studies["honesty"]).joined(Study(studies["luck"]))
    wide = Study(studies["assumptions"])
    effects = {name: home.against(name, SCORE, NOBODY) for name in (*BENEFITS, *PRICES)}
    bureau = {name: home.against(name, BUREAU, NOBODY) for name in (*BENEFITS, *PRICES)}
    ahead = {name: home.against(name, SCORE, BUREAU) for name in (*BENEFITS, *PRICES)}
    labels = {name: wide.against(name, SCORE, NOBODY) for name in (*BENEFITS, *PRICES)}
    text = "\n".join(
        [
            "## 1. Does the score of 2020 make people more honest?\n",
            _short(effects, bureau, ahead, labels),
            _table(home, effects, bureau, labels),
            f"![What the score changes against nobody scored](images/findings-honesty.svg)\n",
            _why(studies, home, effects),
            _in_force(studies),
            remade(
                *(
                    (name, studies[name]["digest"])
                    for name in ("honesty", "luck", "assumptions", "mechanisms", "in-force")
                )
            ),
        ]
    )
    rows = [(effects[name].quantity.title, effects[name]) for name in ("onsets", "breaches", "arrears")]
    chart = spans(
        rows,
        title="The score of 2020 against the same people unscored",
        axis="change, % of the unscored world's",
    )
    return text, {"findings-honesty.svg": chart}


def _short(
    effects: dict[str, Found],
    bureau: dict[str, Found],
    ahead: dict[str, Found],
    labels: dict[str, Found],
) -> str:
    onsets, breaches = effects["onsets"], effects["breaches"]
    wins = [name for name in BENEFITS if ahead[name].sign * ahead[name].quantity.claim > 0]
    loses = [name for name in BENEFITS if ahead[name].sign * ahead[name].quantity.claim < 0]
    even = [name for name in BENEFITS if not ahead[name].sign]
    lines = [
        "**In short.** Against the same people unscored, at `central`: people who could pay begin to withhold "
        f"{_often(onsets)}; breaches of any kind: {change(breaches)}; months in arrears: "
        f"{change(effects['arrears'])}. Over what the facts allow, withholding moves by {span(onsets)} % and all "
        f"breaches by {span(breaches)} %. So the first is *{_word(labels['onsets'])}* and the second "
        f"*{_word(labels['breaches'])}*.",
        f"Against a plain credit bureau the score does better in {_list(ahead, wins)}; worse in "
        f"{_list(ahead, loses)}; no difference shows in {_list(ahead, even)}. The bureau closes "
        f"{cell(bureau['closed'], signed=False)} gate-months a citizen, the score {cell(effects['closed'], signed=False)}.\n",
    ]
    return "\n".join(lines)


def _often(found: Found) -> str:
    return change(found, "more often", "less often")


def _word(found: Found) -> str:
    return found.label.label if found.label else "not labelled"


def _list(found: dict[str, Found], names: list[str]) -> str:
    if not names:
        return "nothing that is looked at"
    return ", ".join(f"{found[name].quantity.title} ({_amount(found[name])})" for name in names)


def _amount(found: Found) -> str:
    return change(found) if found.sign else f"{cell(found)} {unit(found)}".strip()


def _table(
    home: Study, effects: dict[str, Found], bureau: dict[str, Found], labels: dict[str, Found]
) -> str:
    rows = []
    for name, one in effects.items():
        level = home.level(name, NOBODY)
        told = level.quantity.unit
        proponent, critic = both(one)
        rows.append(
            [
                f"{one.quantity.title} ({told})" if told else one.quantity.title,
                cell(level, signed=False),
                cell(bureau[name]),
                cell(one) + (" %" if one.percent else ""),
                span(one),
                proponent,
                critic,
                labelled(labels[name].label),
            ]
        )
    head = [
        "at `central`",
        "unscored",
        "bureau less unscored",
        "score less unscored",
        "matched set",
        "`proponent`",
        "`critic`",
        "over the matched set",
    ]
    number = len(labels["onsets"].matched)
    return (
        table(head, rows)
        + "\nThe first seven rows are what the regime claims, the rest what it costs. Counts and arrears change in per "
        "cent of the unscored world's, everything else in points or in the unit of the row. Labels are from "
        f"{number} matched vectors, ranges from {len(home.matched)} with more seeds.\n"
    )


def _why(studies: dict[str, Any], home: Study, effects: dict[str, Found]) -> str:
    off = Study(studies["mechanisms"])

    def without(name: str, vector: str) -> Found:
        return off.at(vector).against(name, SCORE, NOBODY)

    deterred = without("onsets", "no-deterrence")
    costless = {name: without(name, "no-refusal-cost") for name in ("breaches", "arrears")}
    moved = without("repayment", "no-repayment-gain")
    unpaid = {name: without(name, "no-reward") for name in ("chilled", "falsified")}
    unseen = off.against("cooperation", "nobody-looks", NOBODY)
    listed, unlisted = (home.level(f"repayment_{one}", SCORE) for one in ("listed", "unlisted"))
    refused = home.level("score_refused", SCORE)
    share = _withheld_share(home)
    return "\n".join(
        [
            "**Why.** One mechanism off at a time, at `central`:\n",
            "- *Withholding.* "
            + f"With deterrence off the score changes it by {cell(deterred)} %: "
            + when(
                not deterred.sign or abs(deterred.mean or 0) < abs(effects["onsets"].mean or 0) / 2,
                "what a breach would close is what holds people back, and by how much is an assumption whose range "
                "goes from -20 % (resentment) to 60 %. That sign is where the finding comes from.",
            ),
            f"- *Breaches.* Spells of withholding begin {share} for each 100 breaches; most breaches are slips, lack of "
            f"money and conduct, which the stake does not reach. With refusals that cost nothing, breaches change by "
            f"{cell(costless['breaches'])} % and arrears by {cell(costless['arrears'])} %, against "
            f"{cell(effects['breaches'])} % and {cell(effects['arrears'])} %: "
            + when(
                (costless["breaches"].mean or 0) < (effects["breaches"].mean or 0),
                "being refused costs money, and some of those refused can then not pay. What is gained among those who "
                "could pay is lost among those who cannot.",
            ),
            f"- *Repayment.* With nothing to gain by paying it changes by {cell(moved)} points. People on a list repay "
            f"{cell(listed, signed=False)} % of withheld debts a month and people on none {cell(unlisted, signed=False)} %, "
            "but that gap is no effect of listing: whoever pays leaves the list, or never comes on it, so those who stay "
            "are those who do not pay, in any world.",
            f"- *Loans to people nobody knew.* A score tells a lender something about a thin file; without it, the "
            "lender's doubt decides. "
            + when(
                home.against("thin", SCORE, BUREAU).sign < 0 < effects["thin"].sign,
                "This favours the score, and a plain bureau does the same and more.",
            ),
            f"- *Favours between strangers.* {cell(refused, signed=False)} % of favours are refused for a score or a listing. "
            f"Where nobody can look a score up, favours change by {cell(unseen)} points"
            + (
                ": the loss is people who are turned away, while the share who keep trust hardly moves."
                if not unseen.sign
                else "."
            ),
            f"- *Silence.* Fewer are silenced by fear ({cell(effects['chilled'])} points) and more praise against their "
            f"opinion ({cell(effects['falsified'])}). With no reward for praise these are {cell(unpaid['chilled'])} and "
            f"{cell(unpaid['falsified'])}: "
            + when(
                not unpaid["chilled"].sign or abs(unpaid["chilled"].mean or 0) < abs(effects["chilled"].mean or 0) / 2,
                "the reward turns some who would have kept silent into people who praise, and they are no longer counted "
                "as critics kept silent. Fewer are silent because more speak against their opinion; it is no gain in freedom.",
            )
            + "\n",
        ]
    )


def _withheld_share(home: Study) -> str:
    from findings_words import number

    onsets, breaches = home.level("onsets", NOBODY), home.level("breaches", NOBODY)
    if not onsets.mean or not breaches.mean or not onsets.half:
        return "not estimable"
    return number(100 * onsets.mean / breaches.mean, 100 * onsets.half / breaches.mean)


def _in_force(studies: dict[str, Any]) -> str:
    late = Study(studies["in-force"])
    rows = []
    for name in ("onsets", "breaches", "arrears", "repayment", "thin", "closed"):
        one, other = late.against(name, SCORE, NOBODY), late.against(name, BUREAU, NOBODY)
        gap = late.against(name, SCORE, BUREAU)
        rows.append(
            [
                one.quantity.title,
                cell(other),
                cell(one),
                cell(gap),
                *(cell(late.at(vector).against(name, SCORE, NOBODY)) for vector in (PROPONENT, CRITIC)),
            ]
        )
    head = [
        "in force from the first month",
        "bureau less unscored",
        "score less unscored",
        "score less bureau",
        "`proponent`: score less unscored",
        "`critic`",
    ]
    return (
        "**Is it the timing?** In the press's calendar the score closes gates from January 2020 on, 17 of 84 months, and the "
        "bureau's cut-offs stand from the first. So both were run for five years from January 2020, everything in force at "
        f"once ({len(late.kept['seeds'])} seeds):\n\n" + table(head, rows)
    )
