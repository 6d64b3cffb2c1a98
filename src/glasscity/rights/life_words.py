"""The words in which a life is retold: events, causes, gates, parts of a score."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

__all__ = [
    "BEGAN",
    "COUNTED",
    "EVENT",
    "EXIT",
    "PART",
    "QUIET",
    "blame_of",
    "causes",
    "closer",
    "date_of",
    "gate",
    "joined",
    "listing_causes",
    "part",
]

EVENT = {
    "credit_late": "credit paid late",
    "credit_default": "credit default",
    "credit_ignored": "court order on a credit ignored",
    "fee_late": "fee or tax paid late",
    "fee_default": "fee or tax default",
    "fee_ignored": "court order on a fee ignored",
    "contempt": "contempt of court",
    "traffic": "traffic offence",
    "train": "bad conduct on a train",
    "care": "neglect of parents",
    "rumour": "rumour spread",
}
_BLAME = {
    "unwilling": "able to pay and unwilling",
    "unable": "unable to pay",
    "slip": "a slip: able and willing",
}
EXIT = {
    "performance": "left by performance: the obligation was paid",
    "appeal": "left by appeal: the evidence did not support the entry",
    "expiry": "left by expiry of the term",
    "correction": "left by correction: the source found its mistake",
    "repair": "left by repair: the obligation was kept afterwards",
}
PART = {
    "credit_history": "credit history",
    "fulfilment_capacity": "means shown",
    "personal_characteristics": "personal characteristics",
    "behaviour_preference": "way of living",
    "ties_scores": "scores of ties",
    "ties_voice": "voice of ties",
    "own_voice": "own voice",
    "officials": "an official's favour",
    "remainder": "rounding",
}
# Where the score is an account, two parts are all there is.
_KEPT = {"credit_history": "points kept", "behaviour_preference": "points added"}
_LISTING = {
    "unwilling": "own will",
    "unable": "unable",
    "mixed": "partly unable, partly unwilling",
    "false_alarm": "false alarm",
    "mix_up": "a namesake's record",
}
_CAUSE = {
    "here_unwilling": "own unwilling breach in the gate's sphere",
    "here_unable": "inability to pay, in the gate's sphere",
    "here_slip": "a slip in the gate's sphere",
    "elsewhere_unwilling": "own unwilling breach in another sphere",
    "elsewhere_unable": "inability to pay, in another sphere",
    "elsewhere_slip": "a slip in another sphere",
    "ties_scores": "scores of ties",
    "ties_voice": "voice of ties",
    "own_voice": "own voice",
    "false_alarm": "false alarm",
    "mix_up": "a namesake's record",
    "means_own": "own lack of means",
    "means_denials": "means lost by earlier refusals",
    "profile": "way of living or personal characteristics",
    "favour": "an official's disfavour",
    "spillover": "everything outside the gate's sphere",
    "association": "everything about ties",
    "speech": "own voice",
    "error": "every error on record",
    "means": "every lack of means",
}

# Rows of the ledger that count a thing that happens in the month it is counted in.
COUNTED = {
    "suits": ("court", "the creditor sued"),
    "orders": ("court", "the court ordered payment"),
    "spared": ("court", "the court closed the case: the debtor was unable to pay"),
    "written_off": ("debt", "the debt was written off"),
    "repaid_listed": ("debt", "paid back what had been withheld, while on a list"),
    "repaid_unlisted": ("debt", "paid back what had been withheld"),
    "false_reports": ("error", "a neighbour reported neglect of parents that never happened"),
    "links_corrected": ("correction", "the file was parted from the namesake's again"),
    "guard_withdrawn": ("correction", "a wrong record was withdrawn before it counted"),
    "guard_lifted": ("review", "a review lifted the regime's refusal"),
    "perks_used": ("perk", "a perk made it cheaper"),
    "ties_dropped": ("ties", "dropped a tie to somebody with a lower score"),
    "ties_reopened": ("ties", "took a dropped tie up again"),
    "deeds": ("deed", "a good deed, whether or not anybody files it"),
    "deeds_filed": ("deed", "a good deed was filed and added points"),
    "deeds_forgone": ("deed", "left a good deed undone that would be done without the scheme"),
    "points_taken": ("points", "a record took points"),
    "joined": ("score", "joined the score of one's own accord"),
    "favours_refused_by_score": (
        "stranger",
        "refused a stranger a favour, for a score or a listing looked up",
    ),
    "child_months_lost": ("child", "own child shut out of school for a parent's record"),
}
# Rows that count a condition month after month: told when it begins.
BEGAN = {
    "displays": ("display", "began to display the score"),
    "perk_holders": ("perk", "the score gave a first perk"),
    "gamed": ("score", "began to game the score"),
    "favoured": ("score", "an official raised the score"),
    "punished": ("score", "an official lowered the score"),
    "guard_opened": ("review", "an essential gate was kept open that would be closed"),
}
# Rows that are told in another way, or say nothing that a life needs.
# fmt: off
QUIET = frozenset((
    "citizens", "favours", "enrolled", "score_sum", "restricted", "restricted_without_rank",
    "restricted_by_list", "closed_value", "closed", "listed_any", "listed", "listed_for",
    "labour_force", "out_of_work", "liquidity_sum", "in_debt", "with_credit", "late", "arrears",
    "withholding", "order_ignored", "fear_breach_sum", "fear_speech_sum", "open_ties",
    "criticise", "silent", "praise", "unafraid_criticise", "unafraid_praise", "private_criticise",
    "private_praise", "chilled", "chilled_by_fear", "falsified", "bought", "induced_praise",
    "would_say_yes", "holds_yes", "breaches", "happened", "recorded", "false_alarms", "mix_ups",
    "unwilling_onsets", "unable_onsets", "slips", "unwilling_breaches", "exposed_listed",
    "exposed_unlisted", "months_unpaid", "months_due", "applications", "grants", "denials",
    "loans_thin", "loans_thin_granted", "granted_arrears", "school_children", "warnings",
    "entries", "exits_performance", "exits_appeal", "exits_expiry", "exits_correction",
    "exits_repair", "appeals", "appeals_wrong", "linked", "error_on_record", "error_in_score",
    "shadow_criticise", "shadow_praise", "chilled_indirect", "chilled_total", "privately_scored",
    "perk_gain_sum", "loans_included", "months_recovered", "keepers", "trust_sum",
    "strangers_met", "singles", "searching", "deeds_induced", "points_taken_wrongly",
))
# fmt: on


def joined(words: Iterable[str], last: str = "and") -> str:
    """Return ``a, b and c``."""
    found = list(words)
    if len(found) < 2:
        return "".join(found)
    return f"{', '.join(found[:-1])} {last} {found[-1]}"


def date_of(start: str, month: int) -> str:
    """Return the month of the calendar, YYYY-MM, of a month of a run that starts in ``start``."""
    year, of_year = (int(part) for part in start.split("-"))
    place = year * 12 + of_year - 1 + month
    return f"{place // 12:04d}-{place % 12 + 1:02d}"


def part(name: str, *, points: bool = False) -> str:
    """Return what a part of a score is called; ``points``: of an account of points."""
    return (_KEPT.get(name) if points else None) or PART.get(name, name.replace("_", " "))


def gate(name: str) -> str:
    """Return a gate's name as a reader writes it."""
    return name.replace("_", " ")


def causes(names: Iterable[str], last: str = "and") -> str:
    """Return causes of a refusal, or groups of them, in words."""
    return joined((_CAUSE.get(name, name.replace("_", " ")) for name in names), last)


def listing_causes(names: Iterable[str]) -> str:
    """Return the causes behind a listing in words."""
    return joined(_LISTING[name] for name in names) or "cause not known"


def blame_of(event: str, blame: Mapping[str, str]) -> str:
    """Return why a payment failed, as ``: unable to pay``; nothing for conduct."""
    word = blame.get(event.partition("_")[0])
    return f": {_BLAME[word]}" if word else ""


def closer(rules: Sequence[Mapping[str, Any]], score: int | None, lists: Mapping[str, str]) -> str:
    """Return what closes a gate: ``list conduct``, ``a score of 512, below 530``."""
    found: list[str] = []
    for rule in rules:
        if rule["by"] == "list":
            found.append(f"list {lists.get(rule['list'], rule['list'])}")
        elif rule["by"] == "rank":
            found.append(f"the rank of a score of {score}, below {rule['below']} this month")
        else:
            found.append(f"a score of {score}, below {rule['below']}")
    return joined(found) or "the score that its own sphere's records give"
