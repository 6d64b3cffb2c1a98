"""What a figure rests on: rows of the ledger, stages that count them, parameters of behaviour.

The first two steps from a number back to its source.  A test watches what every measure reads, and
compares.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from glasscity.rights.counted import COUNTED, MOVED_BY, STORED, stage_of
from glasscity.rights.measures import measure

__all__ = ["ROWS_OF", "Basis", "basis_of", "commands"]

# Measure by measure, the rows of the ledger and what else of a run's folder it is computed from.
ROWS_OF: Mapping[str, tuple[str, ...]] = {
    "restricted_share": ("citizens", "restricted"),
    "restricted_share_without_rank": ("citizens", "restricted_without_rank"),
    "ever_restricted_share": ("citizens", "register spells"),
    "closed_gate_months": ("citizens", "closed_value"),
    "restricted_months_per_citizen": ("citizens", "restricted"),
    "spell_median_months": ("register spells",),
    "reentry_share": ("register spells",),
    "listed_stock": ("citizens", "listed_any"),
    "listings": ("entries",),
    "exits": (
        "exits_appeal",
        "exits_correction",
        "exits_expiry",
        "exits_performance",
        "exits_repair",
    ),
    "wrongly_listed_share": ("listed_for",),
    "unable_listed_share": ("listed_for",),
    "applications": ("applications",),
    "denials": ("denials",),
    "denial_rate": ("applications", "denials"),
    "spillover_share": ("denials", "denials_lower", "register denials"),
    "association_share": ("denials", "denials_lower", "register denials"),
    "speech_share": ("denials", "denials_lower", "register denials"),
    "error_share": ("denials", "denials_lower", "register denials"),
    "means_share": ("denials", "denials_lower", "register denials"),
    "profile_share": ("denials", "denials_lower", "register denials"),
    "favour_share": ("denials", "denials_lower", "register denials"),
    "joint_share": ("denials", "register denials"),
    "spillover_share_upper": ("denials", "denials_upper", "register denials"),
    "association_share_upper": ("denials", "denials_upper", "register denials"),
    "speech_share_upper": ("denials", "denials_upper", "register denials"),
    "error_share_upper": ("denials", "denials_upper", "register denials"),
    "means_share_upper": ("denials", "denials_upper", "register denials"),
    "profile_share_upper": ("denials", "denials_upper", "register denials"),
    "favour_share_upper": ("denials", "denials_upper", "register denials"),
    "baseline_share": ("denials", "register denials"),
    "regime_denial_share": ("denials", "denials_regime"),
    "wrong_living_gap": ("people: on_record", "people: profile", "people: shut_out"),
    "wrong_living_denied_gap": ("people: on_record", "people: profile", "register denials"),
    "chilled_share": ("chilled", "citizens"),
    "indirect_chill_share": ("chilled_indirect", "citizens"),
    "total_chill_share": ("chilled_total", "citizens"),
    "indirect_of_chill": ("chilled_indirect", "chilled_total"),
    "falsified_share": ("citizens", "falsified"),
    "chilled_of_critics": ("chilled", "unafraid_criticise"),
    "visible_consensus": ("criticise", "praise"),
    "private_consensus": ("private_criticise", "private_praise"),
    "shadow_consensus": ("shadow_criticise", "shadow_praise"),
    "induced_praise_share": ("citizens", "induced_praise"),
    "list_experiment_gap": ("citizens", "holds_yes", "would_say_yes"),
    "list_experiment_estimate": ("people: opinion", "people: would_say_yes"),
    "list_experiment_error": ("people: opinion", "people: would_say_yes"),
    "breaches": ("breaches",),
    "unwilling_breaches": ("unwilling_breaches",),
    "unwilling_onsets": ("unwilling_onsets",),
    "repayment": ("exposed_listed", "exposed_unlisted", "repaid_listed", "repaid_unlisted"),
    "repayment_listed": ("exposed_listed", "repaid_listed"),
    "repayment_unlisted": ("exposed_unlisted", "repaid_unlisted"),
    "arrears_share": ("arrears", "with_credit"),
    "arrears_months_share": ("arrears", "with_credit"),
    "unpaid_share": ("months_due", "months_unpaid"),
    "thin_grant_rate": ("loans_thin", "loans_thin_granted"),
    "included_share": ("loans_included", "loans_thin"),
    "lender_shortfall": ("months_due", "months_recovered", "months_unpaid"),
    "wrong_upheld_share": ("appeals", "appeals_wrong"),
    "error_on_record_share": ("citizens", "error_on_record"),
    "error_in_score_share": ("citizens", "error_in_score"),
    "error_denied_share": ("citizens", "register denials"),
    "cooperation": ("favours", "strangers_met"),
    "keepers_share": ("citizens", "keepers"),
    "believed_trust": ("citizens", "trust_sum"),
    "trust_gap": ("citizens", "favours", "strangers_met", "trust_sum"),
    "favours_refused_by_score_share": ("favours_refused_by_score", "strangers_met"),
    "perk_holders_share": ("citizens", "perk_holders"),
    "perks_used": ("perks_used",),
    "perk_months_gain": ("citizens", "perk_gain_sum"),
    "deeds_per_1000": ("citizens", "deeds"),
    "deeds_induced_share": ("deeds", "deeds_induced"),
    "deeds_forgone_per_1000": ("citizens", "deeds_forgone"),
    "deeds_filed_share": ("deeds", "deeds_filed"),
    "points_taken_per_1000": ("citizens", "points_taken"),
    "points_wrongly_share": ("points_taken", "points_taken_wrongly"),
    "touched_share": ("citizens", "touched"),
    "touched_unscored_share": ("citizens", "touched_unscored"),
    "household_loss": ("citizens", "household_loss_sum"),
    "child_months_lost": ("child_months_lost", "school_children"),
    "enrolled_share": ("citizens", "enrolled"),
    "displays": ("displays",),
    "score_gini": ("histogram of scores",),
    "bottom_decile_escape": ("panel of scores",),
    "tie_assortativity": ("sums over ties",),
    "operator_disagreement": ("people: score", "people: score_private_2"),
    "operator_distance": ("people: score", "people: score_private_2"),
    "privately_scored_share": ("citizens", "privately_scored"),
    "match_odds_ratio": ("counts by tenth of scores",),
    "couples_alike": ("sums over couples",),
    "couples_alike_beyond": ("sums over couples",),
    "guard_withdrawn": ("guard_withdrawn",),
    "guard_lifted": ("guard_lifted",),
    "guard_opened": ("guard_opened",),
    "exits_repair": ("exits_repair",),
    "gamed_share": ("citizens", "gamed"),
    "false_reports": ("false_reports",),
    "favoured_share": ("citizens", "favoured"),
    "punished_share": ("citizens", "punished"),
}


@dataclass(frozen=True)
class Basis:
    """What one measure is computed from.

    Attributes
    ----------
    rows, stored : tuple of str
        Rows of the ledger; what else of a run's folder (`STORED`).
    stages : tuple of str
        Where these are counted, in the order of the month.
    rests_on : tuple of str
        Parts of the scenario that the figure hangs on most, such as ``behaviour.kappa``.
    moved_by : mapping of stage to tuple of str
        All parameters of behaviour that those stages look up.
    """

    rows: tuple[str, ...]
    stored: tuple[str, ...]
    stages: tuple[str, ...]
    rests_on: tuple[str, ...]
    moved_by: Mapping[str, tuple[str, ...]]


def basis_of(name: str) -> Basis:
    """Return what a measure rests on.

    Raises
    ------
    NotFound
        If no measure has that name.
    """
    found = measure(name)
    read = ROWS_OF[name]
    # How many people there are hangs on no parameter.
    counted = {stage_of(row) for row in read if row != "citizens"}
    stages = tuple(stage for stage in COUNTED if stage in counted)
    return Basis(
        rows=tuple(row for row in read if row not in STORED),
        stored=tuple(row for row in read if row in STORED),
        stages=stages,
        rests_on=found.grades_from,
        moved_by={stage: MOVED_BY[stage] for stage in stages if MOVED_BY[stage]},
    )


def commands(
    name: str,
    *,
    regime: str = "citizen-score-2020",
    country: str = "china-2020",
    behaviour: str = "central",
) -> tuple[str, ...]:
    """Return the commands that show the values a measure hangs on most, each with its source.

    Parameters
    ----------
    name : str
        A measure.
    regime, country, behaviour : str
        Whose values; by default those of a default run.
    """
    asked: dict[str, list[str]] = {}
    for path in measure(name).grades_from:
        part, _, rest = path.partition(".")
        asked.setdefault(part, []).append(rest)
    of = {
        "regime": f"regime {regime}",
        "country": f"country {country}",
        "behaviour": f"parameters {behaviour}",
    }
    return tuple(
        f"glasscity explain {of[part]} --only {','.join(rest)}" for part, rest in asked.items()
    )
