"""The second and third finding: through what people are shut out, and what "everywhere" adds."""

from __future__ import annotations

from typing import Any

from findings_charts import spans
from findings_data import Found, Study
from findings_frame import remade
from findings_words import both, cell, change, labelled, percent, ranged, span, table, when

__all__ = ["causes", "everywhere", "headline"]

SCORE, NOBODY = "citizen-score-2020", "unscored"
# Cause, and the regime that has it not.
ASKED = {
    "association": "citizen-score-no-friends",
    "error": "no-mistakes",
    "speech": "citizen-score-no-speech",
}
BESIDE = ("spillover", "means", "profile")
SHORT = {
    "citizen-score-firewall": "one place",
    "lists-at-home": "lists at home",
    "lists-as-documented": "lists as until 2016",
    "citizen-score-2020": "everywhere",
}
STEPS = {
    "citizen-score-firewall": "one place: lists and score kept apart by sphere",
    "lists-at-home": "lists kept to their sphere, a score that holds everything",
    "lists-as-documented": "lists as documented until September 2016, the same score",
    SCORE: "everywhere",
}


def causes(studies: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return the answer to the second question and its chart."""
    home, off = Study(studies["honesty"]).joined(Study(studies["luck"])), Study(studies["causes"])
    shares = {name: home.level(f"{name}_of_rule", SCORE) for name in (*ASKED, *BESIDE)}
    gone = {name: off.against("rule", regime, SCORE) for name, regime in ASKED.items()}
    text = "\n".join(
        [
            "## 2. How much exclusion is through friends, mistakes and speech?\n",
            _causes_short(home, shares, gone),
            _causes_table(home, off, shares, gone),
            "![Refusals by the rule, by cause](images/findings-causes.svg)\n",
            _causes_why(home, off),
            remade(*((name, studies[name]["digest"]) for name in ("honesty", "causes"))),
        ]
    )
    chart = spans(
        [(shares[name].quantity.title, shares[name]) for name in (*ASKED, *BESIDE)],
        title="Refusals that would not have been, but for this cause",
        axis="% of refusals by the rule; causes overlap",
    )
    return text, {"findings-causes.svg": chart}


def headline(studies: dict[str, Any]) -> str:
    """Return the answer to the second question in a sentence, for the README."""
    home = Study(studies["honesty"]).joined(Study(studies["luck"]))
    told = [
        f"{home.level(f'{name}_of_rule', SCORE).quantity.title} "
        f"{cell(home.level(f'{name}_of_rule', SCORE), signed=False)} %"
        for name in ("spillover", "error", "association", "speech")
    ]
    return (
        f"**Exclusion.** Of the refusals that its rule makes, so many would not have been but for one cause: {', '.join(told)}. "
        "Causes overlap."
    )


def _causes_short(home: Study, shares: dict[str, Found], gone: dict[str, Found]) -> str:
    rule = home.level("rule", SCORE)
    parts = [
        f"{one.quantity.title} {cell(one, signed=False)} % ({span(one, signed=False)} over the matched set)"
        for one in (shares[name] for name in ASKED)
    ]
    least = [name for name in ASKED if not gone[name].sign]
    others = [
        f"{shares[name].quantity.title} {cell(shares[name], signed=False)} %" for name in BESIDE
    ]
    return (
        f"**In short.** The rule of the score refuses {cell(rule, signed=False)} applications per 1,000 citizens and year that "
        f"each gate's own screening would have granted. Of these would not have been, but for one cause: {'; '.join(parts)}. "
        f"More are {', '.join(others)}. "
        + (
            "Taken away from the first month on, "
            + " and ".join(_name(name) for name in least)
            + " leave no fewer refusals: the cut-offs are percentiles, and somebody else stands under them.\n"
            if least
            else "Each of the three, taken away from the first month on, changes how many are refused.\n"
        )
    )


def _name(cause: str) -> str:
    return {"association": "friends", "error": "mistakes", "speech": "speech"}[cause]


def _causes_table(home: Study, off: Study, shares: dict[str, Found], gone: dict[str, Found]) -> str:
    rows = []
    for name in (*ASKED, *BESIDE):
        low, high = home.level(name, SCORE), home.level(f"{name}_upper", SCORE)
        proponent, critic = both(shares[name])
        after = gone.get(name)
        rows.append(
            [
                low.quantity.title,
                cell(low, signed=False),
                cell(high, signed=False),
                cell(shares[name], signed=False),
                span(shares[name], signed=False),
                proponent,
                critic,
                f"{cell(after)} ({span(after)})" if after else "-",
            ]
        )
    head = [
        "refused",
        "but for it (lower end)",
        "it played a part (upper end)",
        "lower end, % of the rule's",
        "matched set",
        "`proponent`",
        "`critic`",
        "the rule's refusals without it",
    ]
    return table(head, rows) + (
        "\nCounts are per 1,000 citizens and year. Causes overlap and do not add up: what comes through a friend's unpaid "
        "bill may be from another sphere too. The last column is what really changes when the cause is gone from the first "
        "month on: not what attribution lays at its door, but what is left when everything has answered.\n"
    )


def _causes_why(home: Study, off: Study) -> str:
    friends = off.against("rule", ASKED["association"], SCORE)
    error = off.against("rule", ASKED["error"], SCORE)
    laid = home.level("error", SCORE)
    people, wrongly = home.level("error_people", SCORE), home.level("wrongly", SCORE)
    small = home.level("speech_of_rule", SCORE).mean or 0.0
    asked, beside = (
        [home.level(f"{name}_of_rule", SCORE).mean or 0.0 for name in names]
        for names in (tuple(ASKED), BESIDE)
    )
    voice = {name: off.against(name, ASKED["speech"], SCORE) for name in ("falsified", "consensus")}
    return "\n".join(
        [
            "**Why, and what to make of it.**\n",
            "- *Friends* weigh a twentieth of the score, half of it by their scores. "
            + when(
                not friends.sign,
                "Without them other people fall under the same percentiles: who is hit changes, hardly how many (a "
                '[pair](pairs.md) of 100,000 shows the same, away from the poor and the countryside). So "a share of '
                'refusals is through friends" is true and misleads.',
            ),
            f"- *Mistakes*: {cell(people, signed=False)} % of citizens are at some time refused for one "
            f"({span(people, signed=False)} over the matched set), and {cell(wrongly, signed=False)} % of those on a list are "
            f"there through one ({span(wrongly, signed=False)}). "
            + when(
                error.sign < 0
                and abs((error.mean or 0) + (laid.mean or 0)) < 0.25 * (laid.mean or 1),
                "What attribution lays at their door is what goes when they go: nobody takes the place. How many there are is "
                "assumed within a factor of a hundred, and so is the answer.",
            ),
            "- *Speech*: "
            + when(
                small < 2,
                "few are refused for it, and that is no sign that it is harmless: the price of speech is not paid at gates. ",
            )
            + f"Where what people say counts for nothing, {_moved(voice['falsified'])} praise against their opinion "
            f"({cell(voice['falsified'])} points), and approval as seen moves by {cell(voice['consensus'])} points.",
            "- *What else.* "
            + when(
                min(beside) > max(asked),
                "Each of the three other causes decides more refusals than friends, mistakes and speech do: breaches in another "
                "sphere, which the next question is about; signs of means, because the poor score low; and the way one lives, which "
                "breaks no obligation at all.",
            )
            + "\n",
        ]
    )


def _moved(found: Found) -> str:
    return {1: "more", -1: "fewer", 0: "as many, as far as these runs can show,"}[found.sign]


def everywhere(studies: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return the answer to the third question and its chart."""
    study = Study(studies["everywhere"])
    text = "\n".join(
        [
            '## 3. What does "everywhere" add to "one place"?\n',
            _everywhere_short(study),
            _steps_table(study),
            "![Closed-gate months by how far a breach reaches](images/findings-everywhere.svg)\n",
            _everywhere_why(study, studies["books"]),
            remade(("everywhere", studies["everywhere"]["digest"]), books=(studies["books"],)),
        ]
    )
    chart = spans(
        [(SHORT[one], study.level("closed", one)) for one in STEPS],
        title="How far a breach reaches",
        axis="closed-gate months a citizen, whole run",
    )
    return text, {"findings-everywhere.svg": chart}


def _everywhere_short(study: Study) -> str:
    least, most = next(iter(STEPS)), SCORE
    closed, rule = (study.against(name, most, least) for name in ("closed", "rule"))
    onsets, breaches, repaid = (
        study.against(name, most, least) for name in ("onsets", "breaches", "repayment")
    )
    lists = study.against("closed", most, "lists-at-home")
    before = study.level("closed", least)
    return (
        f"**In short.** With each breach kept to its own sphere, gates are closed for {cell(before, signed=False)} months a "
        f'citizen (demand-weighted, whole run). "Everywhere" adds {cell(closed)} ({span(closed)} over the matched set, {labelled(closed.label)}), of '
        f"which {cell(lists)} is the lists and the rest the score that every gate looks at; and {cell(rule)} refusals per 1,000 "
        f"citizens and year. For that, withholding begins {change(onsets, 'more often', 'less often')}; breaches: "
        f"{change(breaches)}; withheld debts repaid in a month: {change(repaid)}.\n"
    )


def _steps_table(study: Study) -> str:
    rows = []
    for name, title in STEPS.items():
        row = [title]
        for one in ("closed", "restricted", "rule", "spillover_of_rule", "children"):
            level = study.level(one, name)
            row.append(ranged(level))
        against = [study.against(one, name, NOBODY) for one in ("onsets", "breaches", "arrears")]
        rows.append([*row, *map(cell, against)])
    head = [
        "how far a breach reaches",
        "closed-gate months",
        "shut out, last month, %",
        "refused by the rule",
        "for another sphere, % of the rule's",
        "children's school months",
        "withholding, % against unscored",
        "breaches, %",
        "arrears, %",
    ]
    return table(head, rows) + (
        "\nAt `central`, in brackets the matched set "
        f"({len(study.matched)} vectors, {len(study.kept['seeds'])} seeds). Counts are per 1,000 citizens and year.\n"
    )


def _everywhere_why(study: Study, books: dict[str, Any]) -> str:
    wall, home, documented, most = STEPS
    score, lists = study.against("closed", home, wall), study.against("closed", most, home)
    shut = study.against("ever", most, wall)
    behind = study.level("spillover_of_rule", wall)
    bottom = study.against("restricted", most, wall)
    told = {
        name: percent(books["shares"][name])
        for name in ("ever_listed", "for_conduct", "refused_ever_listed")
    }
    return "\n".join(
        [
            "**Why.**\n",
            f"- *A score spreads by itself*: with lists at home, one score for all gates adds {cell(score)} months. A late fee "
            "lowers the number that a landlord looks at, without any list.",
            f"- *Lists spread more*: {cell(lists)} months from home to everywhere. "
            + when(
                lists.sign > 0 and (lists.mean or 0) > (score.mean or 0),
                f"The same people bear it. The share ever shut out of something changes by {cell(shut)} points. In "
                f"{len(books['seeds'])} whole runs {told['ever_listed']} % of citizens were at some time on a list, {told['for_conduct']} % of "
                f"them for conduct, and {told['refused_ever_listed']} % of the rule's refusals fell on these people at one time or another: whoever is listed asks for "
                "trains and restaurants like everybody else, and is refused each time.",
            ),
            f"- *As documented until 2016*: {cell(study.against('closed', documented, home))} months against lists at home. The "
            "documents named gates of other spheres and not every gate of a list's own.",
            f"- *Walls and the bottom.* From one place to everywhere the share shut out of something in the last month changes by "
            f"{cell(bottom)} points. "
            + when(
                abs(bottom.mean or 0.0) < 1,
                "Walls do not empty the bottom, for cut-offs are percentiles; they change what one is shut out for, and of how much.",
            )
            + f" {cell(behind, signed=False)} % of the rule's refusals behind walls still come from outside the gate's sphere: friends, "
            "speech and the way one lives stand in every wall's score, and belong to the spheres of society and commerce.",
            '- *Deterrence* works through what a breach would close, and "everywhere" closes more. What it adds above is what can be '
            "said for the sentence of 2016, and it hangs on deterrence as in the first question.\n",
        ]
    )
