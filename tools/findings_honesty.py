"""The first finding: whether the score of 2020 makes people more honest."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from findings_charts import spans
from findings_data import CRITIC, PROPONENT, Found, Study
from findings_frame import remade
from findings_why import timing, why
from findings_words import both, cell, change, labelled, number, span, table, unit

__all__ = ["headlines", "section"]

SCORE, BUREAU, NOBODY = "citizen-score-2020", "credit-bureau", "unscored"
BENEFITS = ("onsets", "breaches", "arrears", "repayment", "thin", "cooperation", "keepers")
PRICES = ("closed", "denials", "restricted", "falsified", "chilled")


def section(studies: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return the answer and its chart."""
    home = Study(studies["honesty"]).joined(Study(studies["luck"]))
    wide = Study(studies["assumptions"])
    every = (*BENEFITS, *PRICES)
    labels = {name: wide.against(name, SCORE, NOBODY) for name in every}
    effects = {name: _effect(home, name, labels[name]) for name in every}
    bureau = {name: home.against(name, BUREAU, NOBODY) for name in every}
    ahead = {name: home.against(name, SCORE, BUREAU) for name in every}
    late = {
        name: Study(studies["in-force"]).against(name, SCORE, NOBODY)
        for name in ("onsets", "breaches", "arrears")
    }
    text = "\n".join(
        [
            "## 1. Does the score of 2020 make people more honest?\n",
            _short(effects, bureau, ahead, labels, late),
            _table(home, effects, bureau, labels),
            "![What the score changes against nobody scored](images/findings-honesty.svg)\n",
            why(studies, home, effects),
            timing(studies),
            remade(
                *(
                    (name, studies[name]["digest"])
                    for name in ("honesty", "luck", "assumptions", "mechanisms", "in-force")
                ),
                books=(studies["books"], studies["books-in-force"]),
            ),
        ]
    )
    short = {
        "onsets": "withholding begins",
        "breaches": "breaches of any kind",
        "arrears": "arrears",
    }
    rows = [(text, effects[name]) for name, text in short.items()]
    rows += [(f"{text}, all in force", late[name]) for name, text in short.items()]
    chart = spans(
        rows,
        title="The score of 2020 against the same people unscored",
        axis="change, % of the unscored world's",
    )
    return text, {"findings-honesty.svg": chart}


def _effect(home: Study, name: str, wide: Found) -> Found:
    """Return an effect with luck from many seeds and the range from many vectors."""
    found = home.against(name, SCORE, NOBODY)
    return replace(found, matched=wide.matched, error=wide.error, label=wide.label)


VERDICTS = {
    (-1, -1): "People who could pay withhold less often, and breaches as a whole fall.",
    (
        -1,
        0,
    ): "People who could pay withhold less often; that breaches as a whole fall does not show.",
    (-1, 1): "People who could pay withhold less often, and breaches as a whole rise.",
    (0, 0): "Neither withholding nor breaches as a whole change by more than these runs can show.",
    (1, 1): "People who could pay withhold more often, and breaches as a whole rise.",
}


def _verdict(effects: dict[str, Found]) -> str:
    signs = effects["onsets"].sign, effects["breaches"].sign
    return VERDICTS.get(signs, "Withholding and breaches as a whole do not go together; see below.")


def _later(late: dict[str, Found]) -> str:
    """Return the verdict where everything is in force from the first month on."""
    words = {1: "rise", -1: "fall", 0: "do not change by more than these runs can show"}
    breaches, arrears = (words[late[name].sign] for name in ("breaches", "arrears"))
    if breaches == arrears:
        return f"Where everything is in force for five years, breaches and arrears {breaches}."
    return (
        f"Where everything is in force for five years, breaches {breaches}, and arrears {arrears}."
    )


def headlines(studies: dict[str, Any]) -> list[str]:
    """Return the answer in two sentences, for the README."""
    home = Study(studies["honesty"]).joined(Study(studies["luck"]))
    wide = Study(studies["assumptions"])
    effects = {
        name: _effect(home, name, wide.against(name, SCORE, NOBODY))
        for name in ("onsets", "breaches", "thin")
    }
    bureau = {name: home.against(name, BUREAU, NOBODY) for name in ("thin", "closed")}
    closed = home.against("closed", SCORE, NOBODY)
    gap = Study(studies["mechanisms"]).against("breaches", SCORE, "jobs-open")
    onsets = effects["onsets"]
    late = {
        name: Study(studies["in-force"]).against(name, SCORE, NOBODY)
        for name in ("breaches", "arrears")
    }
    why = (
        ": jobs refused for a score keep some from paying, so it hangs on how many employers look, which is assumed"
        if gap.sign > 0
        else ""
    )
    sure = ""
    if all(one.side == one.sign != 0 for one in late.values()):
        sure = ", both robust over what the facts leave open"
    court, press = (
        Study(studies["record"]).against("onsets", one, NOBODY)
        for one in ("defaulter-list-2013", SCORE)
    )
    return [
        f"**Honesty.** Under the score of 2020 people who could pay begin to withhold {_often(onsets)}; what the facts leave "
        f"open takes that from {_wide(onsets)} %. Breaches as a whole: {change(effects['breaches'])}. With everything in force "
        f"for five years breaches change by {cell(late['breaches'])} % and arrears by {cell(late['arrears'])} %{sure}{why}.",
        f"**The ordinary alternatives.** Under a plain credit bureau people whom nobody knew get {cell(bureau['thin'])} points "
        f"of the loans that they ask for, under the score {cell(effects['thin'])}, with {cell(bureau['closed'], signed=False)} "
        f"closed-gate months a citizen in the place of {cell(closed, signed=False)}. The court's list of 2013 alone changes "
        f"withholding by {cell(court)} %, the whole press scenario in the same runs by {cell(press)} %.",
    ]


def _short(
    effects: dict[str, Found],
    bureau: dict[str, Found],
    ahead: dict[str, Found],
    labels: dict[str, Found],
    late: dict[str, Found],
) -> str:
    onsets, breaches, arrears = (effects[name] for name in ("onsets", "breaches", "arrears"))
    wins = [name for name in BENEFITS if ahead[name].sign * ahead[name].quantity.claim > 0]
    loses = [name for name in BENEFITS if ahead[name].sign * ahead[name].quantity.claim < 0]
    even = [name for name in BENEFITS if not ahead[name].sign]
    return "\n".join(
        [
            f"**In short.** {_verdict(effects)} {_later(late)}\n",
            f"- *Against nobody scored, at `central`*: withholding begins {_often(onsets)}; breaches of any kind: "
            f"{change(breaches)}; months in arrears: {change(arrears)}.",
            f"- *Over what the facts allow*: withholding by {_wide(onsets)} %, all breaches by {_wide(breaches)} %, arrears by "
            f"{_wide(arrears)} % (matched set, proponent and critic). The first is *{_word(labels['onsets'])}*, the second "
            f"*{_word(labels['breaches'])}*, the third *{_word(labels['arrears'])}*.",
            "- *With everything in force from the first month*, for five years, instead of from 2020 on: withholding begins "
            f"{_often(late['onsets'])}; breaches of any kind: {change(late['breaches'])}; months in arrears: "
            f"{change(late['arrears'])}. See *Is it the timing?*",
            f"- *Against a plain credit bureau* the score is better in {_list(ahead, wins)}; worse in {_list(ahead, loses)}; no "
            f"difference shows in {_list(ahead, even)}.",
            f"- *The price*: the bureau closes {cell(bureau['closed'], signed=False)} gate-months a citizen, the score "
            f"{cell(effects['closed'], signed=False)}; {cell(effects['denials'])} % refusals.\n",
        ]
    )


def _wide(found: Found) -> str:
    """Return the range over matched vectors and the two extremes."""
    vectors = [*found.matched, found.vectors[PROPONENT], found.vectors[CRITIC]]
    ends = [number(one, found.error, signed=True) for one in (min(vectors), max(vectors))]
    return f"{ends[0]} to {ends[1]}"


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
    number_ = len(labels["onsets"].matched)
    return (
        table(head, rows)
        + "\nThe first seven rows are what the regime claims, the rest what it costs. Counts and arrears change in per "
        "cent of the unscored world's, everything else in points or in the unit of the row. "
        f"{number_} matched vectors; {len(home.kept['seeds'])} seeds at `central`.\n"
    )
