"""What each mechanism, safeguard and manipulation does, and in which measures it shows.

The numbers of safeguards are those that the engine compiles.  Names and strengths are checked by
``glasscity.scenario``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["STRENGTHS", "Explained", "explained"]


@dataclass(frozen=True)
class Explained:
    """One part of a scenario that has a strength: what it does at 1, and where it shows."""

    definition: str
    measures: tuple[str, ...]


# What a strength between 0 and 1 means.
STRENGTHS: Mapping[str, str] = {
    "mechanism": "Strength x gives it x of its weight, chance or reach; 0 is without it.",
    "safeguard": (
        "Strength x covers x of all citizens, the same ones at every seed: more strength only ever "
        "adds people. 0 covers nobody."
    ),
    "manipulation": "Strength x gives it x of its size; 0, which is usual, is without it.",
}

_MECHANISMS: Mapping[str, Explained] = {
    "friends": Explained(
        "The scores of one's ties count in one's own score, and ties are dropped for them.",
        ("association_share", "tie_assortativity"),
    ),
    "speech": Explained(
        "What one says counts in one's own score, and so does what one's ties say.",
        ("speech_share", "chilled_share", "visible_consensus"),
    ),
    "misses": Explained(
        "Sources fail to write down some of the events that they see.", ("listings", "denials")
    ),
    "mixups": Explained(
        "Sources file some records under a namesake.",
        ("error_on_record_share", "wrongly_listed_share", "error_share"),
    ),
    "false-alarms": Explained(
        "Sources write down events that never happened.",
        ("error_on_record_share", "wrongly_listed_share", "error_share"),
    ),
    "joint-punishment": Explained(
        "A list closes gates outside its own sphere.",
        ("spillover_share", "restricted_share", "child_months_lost"),
    ),
    "visibility": Explained(
        "Others than the operator and the citizen see a score: friends, sites, strangers.",
        ("tie_assortativity", "favours_refused_by_score_share"),
    ),
    "praise-reward": Explained(
        "Praise is worth more to the operator than silence: one's own praise raises one's score, "
        "and so does that of one's ties; people expect a reward for it.",
        ("falsified_share", "induced_praise_share", "visible_consensus"),
    ),
    "criticism-cost": Explained(
        "Criticism is worth less to the operator than silence: one's own criticism lowers one's "
        "score, and so does that of one's ties.",
        ("speech_share", "chilled_share", "total_chill_share"),
    ),
    "perks": Explained(
        "A high score makes some gates cheaper: whoever has the points when an application is "
        "granted keeps what the perk is worth, and the prospect makes people join and pay.",
        ("perk_holders_share", "perks_used", "perk_months_gain"),
    ),
    "dating": Explained(
        "A site for finding a partner puts profiles in order by score and shows the first of them.",
        ("match_odds_ratio", "couples_alike_beyond"),
    ),
}
_MANIPULATIONS: Mapping[str, Explained] = {
    "officials": Explained(
        "Officials add points to the score of a favoured group and take them from another: those "
        "that the regime names or, where it names none, their own kind and the self-employed.",
        ("favoured_share", "punished_share", "favour_share"),
    ),
    "gaming": Explained(
        "Some citizens stage the activity that an operator likes and buy friends with high "
        "scores, which costs them money every month.",
        ("gamed_share", "restricted_share"),
    ),
    "false-reports": Explained(
        "Now and then somebody with a lower score reports a tie for what never happened, and the "
        "report is written down as neglect of the family.",
        ("false_reports", "error_on_record_share", "error_share"),
    ),
}


def explained(kind: str) -> Mapping[str, Explained]:
    """Return what there is of a kind, by name and in the order of ``glasscity.scenario``.

    Parameters
    ----------
    kind : {"mechanism", "safeguard", "manipulation"}
        What kind.
    """
    if kind == "safeguard":
        return _safeguards()
    return _MECHANISMS if kind == "mechanism" else _MANIPULATIONS


def _safeguards() -> Mapping[str, Explained]:
    from glasscity.engine.compile_guards import GUARDS
    from glasscity.rates import half_life_from_memory

    expiry, repair = (
        round(half_life_from_memory(GUARDS[key])) for key in ("expiry_memory", "repair_fade")
    )
    return {
        "notice": Explained(
            f"Before a listing the person is warned for {GUARDS['notice_months']} months more "
            "than the regime's rule has it; whoever pays in that time, or whose record is found "
            "to be wrong, is not listed.",
            ("listings", "listed_stock"),
        ),
        "appeals": Explained(
            "Every listing can be appealed, whatever exits its list has, and every appeal is "
            "decided in the month after it is filed, on the evidence.",
            ("wrong_upheld_share", "wrongly_listed_share", "exits"),
        ),
        "correction": Explained(
            "A wrong record is checked with the person and withdrawn before it counts; files "
            "linked with a namesake's and listings that rest on an error are put right at once.",
            ("guard_withdrawn", "error_on_record_share", "wrongly_listed_share"),
        ),
        "expiry": Explained(
            "In months without a new record the old ones fade so fast that half of it is "
            f"forgotten in {expiry}, and every listing ends after {GUARDS['expiry_months']} "
            "months at the latest.",
            ("listed_stock", "spell_median_months", "exits"),
        ),
        "repair": Explained(
            "A listing ends once its debt is paid or, where there was nothing to pay, while "
            f"nothing new comes on record: on average after {GUARDS['repair_months']} such months. "
            "In months without a new record the old ones fade so fast that half of it is "
            f"forgotten in {repair}.",
            ("exits_repair", "spell_median_months", "reentry_share"),
        ),
        "firewall": Explained(
            "A list closes the gates of its own sphere only, and a gate looks at the score made "
            "with the records of its own sphere alone.",
            ("spillover_share", "restricted_share", "closed_gate_months"),
        ),
        "review": Explained(
            "A person looks at each refusal by the regime, and lifts it where the citizen has "
            "neither a listing nor a record in the gate's own sphere.",
            ("guard_lifted", "regime_denial_share", "spillover_share"),
        ),
        "duration-cap": Explained(
            f"No listing lasts longer than {GUARDS['cap_months']} months.",
            ("spell_median_months", "listed_stock"),
        ),
        "essentials": Explained(
            "Gates that a life cannot do without, as the country names them, stay open: neither "
            "list nor score closes them.",
            ("guard_opened", "closed_gate_months", "denial_rate"),
        ),
    }
