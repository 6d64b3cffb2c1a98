"""The mechanisms behind the first finding, each switched off, and what its calendar does."""

from __future__ import annotations

from typing import Any

from findings_books import changed
from findings_data import Found, Study
from findings_words import both, cell, change, labelled, percent, span, table, when

__all__ = ["timing", "why"]

SCORE, BUREAU, NOBODY = "citizen-score-2020", "credit-bureau", "unscored"


def why(studies: dict[str, Any], home: Study, effects: dict[str, Found]) -> str:
    """Return the mechanism behind each effect, with that mechanism off."""
    off = Study(studies["mechanisms"])

    def without(name: str, vector: str) -> Found:
        return off.at(vector).against(name, SCORE, NOBODY)

    deterred = without("onsets", "no-deterrence")
    costless = {"breaches": without("breaches", "no-refusal-cost")}
    open_ = {"breaches": off.against("breaches", "jobs-open", NOBODY)}
    gap = off.against("breaches", SCORE, "jobs-open")
    books = studies["books"]
    moved = without("repayment", "no-repayment-gain")
    unpaid = {name: without(name, "no-reward") for name in ("chilled", "falsified")}
    unseen = off.against("cooperation", "nobody-looks", NOBODY)
    listed, unlisted = (home.level(f"repayment_{one}", SCORE) for one in ("listed", "unlisted"))
    refused = home.level("score_refused", SCORE)
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
            f"- *Breaches.* {_withheld(books)} % of all breaches are by people who could pay and withhold; the rest are slips, lack of money "
            f"and conduct, which the stake does not reach. In {_number_of(books)} whole runs of {books['citizens']:,} people "
            f"{changed(books)}. With employers who do not look at the score, all breaches change by {cell(open_['breaches'])} % "
            f"in the place of {cell(effects['breaches'])} %: "
            + when(
                gap.sign > 0,
                "the score keeps some people out of work for longer, and then they cannot pay. That takes back what is gained "
                "among those who could. What a refusal costs by itself does not do it: with refusals that cost nothing the "
                f"change is {cell(costless['breaches'])} %.",
            ),
            f"- *Repayment.* With nothing to gain by paying it changes by {cell(moved)} points. People on a list repay "
            f"{cell(listed, signed=False)} % of withheld debts a month and people on none {cell(unlisted, signed=False)} %, "
            "but that gap is no effect of listing: whoever pays leaves the list, or never comes on it, so those who stay "
            "are those who do not pay.",
            "- *Loans to people nobody knew.* A score tells a lender something about a thin file; without it, the "
            "lender's doubt decides. "
            + when(
                home.against("thin", SCORE, BUREAU).sign < 0 < effects["thin"].sign,
                "This favours the score, and a plain bureau does the same and more.",
            ),
            f"- *Favours between strangers.* {cell(refused, signed=False)} % of favours are refused for a score or a listing. "
            f"Where scores cannot be looked up and only lists are public, favours change by {cell(unseen)} points in the place of "
            f"{cell(effects['cooperation'])}. The loss is people who are turned away; the share who keep trust changes by "
            f"{cell(effects['keepers'])} points.",
            f"- *Silence.* Fewer are silenced by fear ({cell(effects['chilled'])} points) and more praise against their "
            f"opinion ({cell(effects['falsified'])}). With no reward for praise these are {cell(unpaid['chilled'])} and "
            f"{cell(unpaid['falsified'])}: "
            + when(
                not unpaid["chilled"].sign
                or abs(unpaid["chilled"].mean or 0) < abs(effects["chilled"].mean or 0) / 2,
                "with a reward some would praise even if nobody had ever feared, so they no longer count "
                "as critics kept silent. Fewer are silenced because more speak against their opinion; it is no gain in freedom.",
            )
            + "\n",
        ]
    )


def _withheld(books: dict[str, Any]) -> str:
    """Return the share of breaches where nobody is scored that are withheld payments."""
    pairs = zip(books["counts"]["unwilling_breaches"], books["counts"]["breaches"], strict=True)
    return percent([one[1] / whole[1] for one, whole in pairs])


def _number_of(books: dict[str, Any]) -> str:
    words = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six"}
    return words.get(len(books["seeds"]), str(len(books["seeds"])))


def timing(studies: dict[str, Any]) -> str:
    """Return what changes where everything is in force from the first month on."""
    late = Study(studies["in-force"])
    rows = []
    for name in ("onsets", "breaches", "arrears", "repayment", "thin", "cooperation", "closed"):
        one, other = late.against(name, SCORE, NOBODY), late.against(name, BUREAU, NOBODY)
        proponent, critic = both(one)
        rows.append(
            [
                one.quantity.title,
                cell(other),
                cell(one),
                cell(late.against(name, "jobs-open", NOBODY)),
                span(one),
                proponent,
                critic,
                labelled(one.label),
            ]
        )
    head = [
        "in force from the first month",
        "bureau less unscored",
        "score less unscored",
        "the same, employers without it",
        "matched set",
        "`proponent`",
        "`critic`",
        "over the matched set",
    ]
    breaches, arrears = (late.against(name, SCORE, NOBODY) for name in ("breaches", "arrears"))
    booked = studies["books-in-force"]
    free, eased = (late.against(name, "jobs-open", NOBODY) for name in ("breaches", "arrears"))
    gaps = [late.against(name, SCORE, "jobs-open") for name in ("breaches", "arrears")]
    return (
        "**Is it the timing?** In the press's calendar the score closes gates from January 2020 on, 17 of 84 months, and the "
        "bureau's cut-offs stand from the first. So both were run for five years from January 2020 with everything in force at "
        f"once ({len(late.kept['seeds'])} seeds, {len(late.matched)} matched vectors). Breaches: {change(breaches)}; months in "
        f"arrears: {change(arrears)}.\n\n"
        + table(head, rows)
        + "\n"
        + when(
            all(gap.sign > 0 for gap in gaps)
            and all(
                abs(x.mean or 0) < abs(y.mean or 0) / 4
                for x, y in ((free, breaches), (eased, arrears))
            ),
            "So the calendar matters more than any other choice here. What the score does to withholding is much the same in both; what "
            f"it does to those whom it keeps out of work adds up. In whole runs of {booked['citizens']:,} people "
            f"{changed(booked, ('unwilling_breaches', 'out_of_work', 'unable_onsets'))}. Where employers do not look at the score, "
            f"arrears change by {cell(eased)} % ({span(eased)} "
            f"over the matched set) and breaches by {cell(free)} % "
            f"({span(free)}): nearly all of the rise is theirs; at the proponent's vector breaches then change by "
            f"{both(free)[0]} %. Over the {len(late.matched)} vectors the rise in arrears goes with "
            f"`reach_factor`, the multiple of the share of providers that apply the rule, by a rank correlation of "
            f"{late.goes_with('arrears', SCORE, NOBODY, 'reach_factor'):.1f}. How many employers look, under "
            "which cut-off, and what people live on meanwhile are assumptions of grade D; with few such employers the rise goes, as the "
            "variant without them shows. Somebody who thinks that the press meant few employers should take that column.",
        )
        + "\n"
    )
