"""What a run did, told in the terminal for somebody who writes about it.

Every figure comes from ``rights.findings``; here they are only worded and rounded.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from glasscity.cli.output import columns, heading, paragraph
from glasscity.rights import Findings, findings

if TYPE_CHECKING:
    from glasscity.results.run import Run

__all__ = ["interval", "percent", "summary", "tell"]

# A share of fewer denials than these would be mostly luck.
FEW_DENIALS = 100
# A gate is told in one line with others where every cause plays a part in less of its refusals.
NEXT_TO_NOTHING = 0.005
# Provinces with fewer citizens are not named: who comes first among them is mostly luck.
FEW_CITIZENS = 1_000
PROVISIONAL = "provisional"
# The columns of the table of gates, and the words of the sentence before it.
_GROUPS = {
    "spillover": "something outside the gate's own sphere",
    "association": "friends",
    "speech": "speech",
    "error": "errors of record",
}


def summary(run: Run) -> list[str]:
    """Return the summary of a stored run as lines of at most 80 columns."""
    path = run.path
    return tell(findings(run), path, report=(path / "report.html").is_file())


def tell(found: Findings, path: Path, *, report: bool = True) -> list[str]:
    """Return findings as lines of text.

    Parameters
    ----------
    found : Findings
    path : Path
        The run folder, to be named at the end.
    report : bool
        Whether there is a ``report.html`` in it.
    """
    lines = _head(found)
    for part in (_shut_out, _refused, _said, _brought, _others, _points, _hit):
        lines += part(found)
    return [*lines, *_foot(found, path, report)]


def percent(value: float | None) -> str:
    """Return a share in per cent, with the digits that a run of usual size can bear."""
    if value is None:
        return "not estimable"
    points = 100 * abs(value)
    sign = "-" if value < 0 else ""
    if points == 0:
        return "0 %"
    if points < 0.005:
        return f"{sign}<0.01 %"
    digits = 0 if points >= 9.95 else 1 if points >= 0.995 else 2
    return f"{sign}{points:.{digits}f} %"


def interval(low: float | None, high: float | None, unit: str = " %") -> str:
    """Return a share known to lie between two ends, as ``3 to 7 %``."""
    if low is None or high is None:
        return "-"
    if high > 0 and _hundredths(high) == 0:
        return f"<0.1{unit}"
    ends = [f"{_hundredths(end):g}" for end in (low, high)]
    return f"{ends[0] if ends[0] == ends[1] else ' to '.join(ends)}{unit}"


def _hundredths(share: float) -> float:
    points = 100 * share
    return round(points) if points >= 0.95 else round(points, 1)


def _months(value: float | None) -> str:
    if value is None:
        return "not estimable"
    text = f"{value:.0f}" if value >= 9.95 else f"{value:.1f}"
    return f"{text.removesuffix('.0')} {'month' if text in ('1', '1.0') else 'months'}"


def _whole(value: float | None) -> str:
    return "not estimable" if value is None else f"{value:,.0f}"


def _against(found: Findings, name: str) -> str:
    """Return a share with the unscored world's beside it."""
    figure = found[name]
    here = percent(figure.value)
    return here if figure.twin is None else f"{here} ({percent(figure.twin)} unscored)"


# What a run must not be taken for, by the regime's kind.
_CAUTIONS = {
    "press scenario": "the press's scenario, not China.",
    "documented rule": "a rule as documented, not what it did to anybody.",
    "comparison": "a world to compare with, not a country as it is.",
    "scenario": "a scenario, not a country as it is.",
}


def _head(found: Findings) -> list[str]:
    about = found.about
    regime = str(about["regime"])
    first = f"One run of {about['citizens']:,} synthetic citizens, {about['months']} months from "
    said = _CAUTIONS.get(str(about.get("kind")), _CAUTIONS["scenario"])
    caution = f"CAUTION: {said} Nobody in it is real. "
    ways = str(about.get("behaviour") or "central")
    people = "" if ways == "central" else f" People behave as in '{ways}'."
    unsure = [str(about[kind]) for kind, status in about["status"].items() if status == PROVISIONAL]
    if unsure:
        caution += f"Values of {_and(unsure)} are provisional."
    return [
        heading(f"{regime} over {about['country']}"),
        *paragraph(f"{first}{about['start']}, seed {about['seed']}.{people}"),
        *paragraph(caution),
    ]


def _and(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else "".join(words)


def _shut_out(found: Findings) -> list[str]:
    if not found["ever_restricted_share"].value:
        return ["", heading("SHUT OUT"), "  Nobody is shut out of anything by the regime."]
    share, without = found["restricted_share"], found["restricted_share_without_rank"]
    text = f"{percent(share.value)} of citizens are shut out of something in the last month"
    if without.value != share.value:
        text += f" ({percent(without.value)} without the gates that close by rank)"
    text += f"; {percent(found['ever_restricted_share'].value)} were at some time. "
    if found["score_gini"].value is not None:
        text += "How many is set by the regime's cut-offs; who, why and how long is not. "
    text += f"On average {_months(found['restricted_months_per_citizen'].value)} a citizen. "
    median = found["spell_median_months"].value
    if median is not None:
        text += f"Half of all spells are over after {_months(median)}"
    else:
        text += "Fewer than half of the spells ended within the time observed"
    again = found["reentry_share"].value
    if again is not None:
        text += f"; {percent(again)} of those let in again are shut out anew within a year"
    lines = paragraph(_stop(text), indent=2)
    listed = found["listed_stock"].value
    if listed:
        text = f"{percent(listed)} stand on a list: {percent(found['unable_listed_share'].value)} "
        text += "of listings through inability to pay, "
        text += f"{percent(found['wrongly_listed_share'].value)} through an error of record."
        lines += paragraph(text, indent=2)
    text = f"{percent(found['touched_share'].value)} are shut out of nothing themselves but live "
    text += "with somebody who is."
    return ["", heading("SHUT OUT"), *lines, *paragraph(text, indent=2)]


def _stop(text: str) -> str:
    return text if text.rstrip().endswith(".") else text + "."


def _refused(found: Findings) -> list[str]:
    rate = found["denial_rate"]
    if rate.value is None:
        return ["", heading("REFUSED"), "  Nobody applied anywhere."]
    text = f"{_against(found, 'denial_rate')} of applications were refused"
    text += f", {percent(found['regime_denial_share'].value)} of them by the regime's rule alone"
    shares = [(words, found[f"{group}_share"].interval) for group, words in _GROUPS.items()]
    told = [f"{interval(*ends)} on {words}" for words, ends in shares if ends is not None]
    text += f". Of all refusals hang {', '.join(told)}." if told else "."
    asked = [row for row in found.tables["gates"].rows if row["applications"]]
    same = [row for row in asked if _as_unscored(row)]
    rows = [_gate(row) for row in asked if row not in same]
    lines = paragraph(text, indent=2)
    if rows:
        about = "By gate, in per cent: from the refusals that would not have happened without the "
        about += "cause to those in which it played any part. These overlap."
        if any("few" in row for row in rows):
            about += f" few: under {FEW_DENIALS} refusals."
        head = ["gate", "refused", "unscored", "elsewhere", "friends", "speech", "error"]
        lines += paragraph(about, indent=2)
        lines += _indented(columns(rows, head, right=range(1, len(head))))
    if same:
        text = ", ".join(f"{_words(row['gate'])} {percent(row['denial_rate'])}" for row in same)
        lines += paragraph(f"refused as without the regime: {text}", indent=2, hang=2)
    return ["", heading("REFUSED"), *lines]


def _as_unscored(row: Mapping[str, Any]) -> bool:
    """Return whether a gate refuses as many as in the unscored world, and for its own reasons."""
    apart = any((row[f"{group}_upper"] or 0) >= NEXT_TO_NOTHING for group in _GROUPS)
    twin = row["twin_denial_rate"]
    return not apart and (twin is None or percent(twin) == percent(row["denial_rate"]))


def _words(name: str) -> str:
    return name.replace("_", " ")


def _gate(row: Mapping[str, Any]) -> list[str]:
    rates = [row["denial_rate"], row["twin_denial_rate"]]
    told = ["-" if rate is None else percent(rate).removesuffix(" %") for rate in rates]
    cells = [_words(row["gate"]), *told]
    if not row["denials"]:
        return [*cells, *("-" for _ in _GROUPS)]
    if row["denials"] < FEW_DENIALS:
        return [*cells, *("few" for _ in _GROUPS)]
    return cells + [interval(row[f"{g}_lower"], row[f"{g}_upper"], "") for g in _GROUPS]


def _indented(lines: Sequence[str]) -> list[str]:
    return [f"  {line}" for line in lines]


def _said(found: Findings) -> list[str]:
    text = f"Of those who would criticise if unafraid, {_against(found, 'chilled_of_critics')} do "
    text += f"not: {_against(found, 'chilled_share')} of all citizens. "
    text += (
        f"{_against(found, 'falsified_share')} praise against their own opinion. Approval seems "
    )
    text += f"{percent(found['visible_consensus'].value)} and would be "
    text += f"{percent(found['private_consensus'].value)} without fear, reward and conformity. "
    if found["indirect_of_chill"].value is not None:
        text += f"Had nobody ever feared, {_against(found, 'total_chill_share')} would criticise "
        text += "who do not, "
        text += f"{percent(found['indirect_of_chill'].value)} of them for others' silence alone."
    return ["", heading("SAID AND NOT SAID"), *paragraph(text, indent=2)]


def _brought(found: Findings) -> list[str]:
    rows = {row["what"]: row for row in found.tables["benefit"].rows}
    lines = [_count(rows, "breaches"), _count(rows, "unwilling breaches")]
    unpaid = found["unpaid_share"]
    text = f"Instalments not paid: {_against(found, 'unpaid_share')}. " if unpaid.value else ""
    listed, free = found["repayment_listed"].value, found["repayment_unlisted"].value
    if found["repayment"].value is not None:
        text += f"Withheld debts repaid in a month: {_against(found, 'repayment')}"
        # Who is listed has ignored an order: the two are not to be compared with each other.
        if listed is not None and free is not None:
            text += f"; {percent(free)} before a listing, {percent(listed)} after it"
        text += ". "
    if found["thin_grant_rate"].value is not None:
        text += "Loans to people of whom lenders know little: "
        text += f"{_against(found, 'thin_grant_rate')} granted."
    told = paragraph(" ".join(line for line in lines if line) + " " + text, indent=2)
    if found["unwilling_onsets"].twin is not None:
        about = (
            "How far people are deterred, and how they repay once listed, is assumed, not known: "
        )
        told += paragraph(about + "the sign of these differences rests on it.", indent=2)
    return ["", heading("WHAT IT BROUGHT"), *told]


def _count(rows: Mapping[str, Mapping[str, Any]], what: str) -> str:
    row = rows.get(what)
    if row is None:
        return ""
    text = f"{what.capitalize()}: {_whole(row['value'])}"
    if row["twin"] is None:
        return text + "."
    text += f", {_whole(row['twin'])} unscored"
    change = row["change"]
    if change is None:
        return text + "."
    digits = 0 if abs(change) >= 0.0995 else 1
    return text + f" ({100 * change:+.{digits}f} %)."


def _others(found: Findings) -> list[str]:
    """Return what others make of scores, and what a high one gives."""
    text = ""
    apart = found["operator_distance"].value
    if apart is not None:
        text += f"Two operators place the same person {percent(apart)} of the ranking apart "
        text += "(median). "
    if found["displays"].value:
        months = "month" if found["displays"].value == 1 else "months"
        text += f"Scores were shown off in {_whole(found['displays'].value)} citizen-{months}. "
    odds = found["match_odds_ratio"].value
    if odds is not None:
        text += "Of those who look for a partner, the highest tenth finds one "
        text += f"{odds:.2g} times as often as the lowest. "
    if found["perk_holders_share"].value is not None:
        text += f"{percent(found['perk_holders_share'].value)} hold a perk; perks left "
        text += f"{_spending(found)}. "
    if not text:
        return []
    return ["", heading("WHAT OTHERS MAKE OF A SCORE"), *paragraph(text, indent=2)]


def _spending(found: Findings) -> str:
    """Return what perks left, by income: the average, and the poorest and richest fifth."""
    whole = found["perk_months_gain"].value
    text = f"{whole or 0:.2g} months of spending a citizen"
    ends = [row for row in found.tables["perk_holders"].rows if row["quintile"] in ("q1", "q5")]
    if len(ends) < 2 or None in (ends[0]["gain"], ends[1]["gain"]):
        return text
    return text + f" (q1 {ends[0]['gain']:.2g}, q5 {ends[1]['gain']:.2g})"


def _points(found: Findings) -> list[str]:
    """Return how scores fall into bands and, in points schemes, what was added and taken."""
    lines: list[str] = []
    bands = found.tables["band_shares"].rows
    if bands:
        told = ", ".join(f"{row['band']} {percent(row['share'])}" for row in bands)
        lines += paragraph(f"Bands of the score, of those who have one: {told}.", indent=2)
    deeds = found["deeds_per_1000"].value
    if deeds is not None:
        text = f"Good deeds: {_whole(deeds)} per 1,000 citizens and year"
        if deeds:
            text += f", {percent(found['deeds_induced_share'].value)} of them for the points; "
            text += f"{percent(found['deeds_filed_share'].value)} came to be filed"
        if found["deeds_forgone_per_1000"].value:
            text += f"; {_whole(found['deeds_forgone_per_1000'].value)} were left undone for them"
        text += f". Points taken: {_whole(found['points_taken_per_1000'].value)} per 1,000 "
        text += "citizens and year"
        if found["points_wrongly_share"].value is not None:
            text += f", {percent(found['points_wrongly_share'].value)} of them for what one had "
            text += "not done"
        text += ". How often deeds are done, and whether points bring more, is assumed."
        lines += paragraph(text, indent=2)
    title = "BANDS OF THE SCORE" if deeds is None else "GOOD DEEDS AND POINTS"
    return ["", heading(title), *lines] if lines else []


# Groups that share a line of the summary.
_KINDS = {
    "area": "",
    "camp": "opinion: ",
    "quintile": "by income, q1 the poorest: ",
    "age": "age: ",
}
_LINES = (("area", "camp"), ("quintile",), ("age",))


def _hit(found: Findings) -> list[str]:
    rows = found.tables["groups"].rows
    if not found["restricted_share"].value:
        return []
    lines = []
    for kinds in _LINES:
        told = []
        for kind in kinds:
            own = [row for row in rows if row["grouping"] == kind and row["citizens"]]
            shares = (f"{row['group']} {percent(row['restricted_share'])}" for row in own)
            told.append(_KINDS[kind] + ", ".join(shares))
        lines += paragraph("; ".join(told), indent=2)
    lines += _provinces(rows)
    return ["", heading("WHO IS HIT (shut out in the last month)"), *lines]


def _provinces(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    own = [row for row in rows if row["grouping"] == "province" and row["citizens"] >= FEW_CITIZENS]
    own = [row for row in own if row["restricted_share"] is not None]
    if len(own) < 6:
        return []
    ranked = sorted(own, key=lambda row: -row["restricted_share"])

    def named(some: Sequence[Mapping[str, Any]]) -> str:
        return ", ".join(f"{row['group']} {percent(row['restricted_share'])}" for row in some)

    text = f"most: {named(ranked[:3])}; least: {named(ranked[:-4:-1])} "
    text += f"(provinces of {FEW_CITIZENS:,} citizens or more)"
    return paragraph(text, indent=2)


def _foot(found: Findings, path: Path, report: bool) -> list[str]:
    about = found.about
    regime = str(about["regime"])
    where = [["digest", str(about["digest"])], ["result", str(path)]]
    if report:
        where.append(["report", str(path / "report.html")])
    tries = [["every rule", f"glasscity explain regime {regime}"]]
    if about.get("kind") == "press scenario" and (about.get("strengths") or {}).get("friends") == 1:
        tries.append(["no friends", f"glasscity run {regime} --without friends"])
    tries.append(["same again", f"glasscity rerun {path}"])
    # The pages show the runs of one folder; it is named where it is not the usual one.
    folder = "" if str(path.parent) == "runs" else f" --runs {shlex.quote(str(path.parent))}"
    tries.append(["see it", f"glasscity serve{folder}"])
    return ["", *columns([*where, *tries])]
