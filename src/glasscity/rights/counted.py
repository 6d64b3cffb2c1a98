"""Which stage counts which row of the ledger, and which parameters of behaviour it looks up.

Rights read stored runs and never the engine, so stages, rows and parameters stand here by name.  A
test reads the stages' sources, moves each parameter in turn, and compares.
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["COUNTED", "MOVED_BY", "STORED", "UNUSED", "stage_of"]


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# Stage by stage, the rows of the ledger that it counts.
COUNTED: Mapping[str, tuple[str, ...]] = {
    "see": (),
    "act": _names(
        """breaches happened unwilling_onsets unable_onsets slips unwilling_breaches suits orders
        spared repaid_listed repaid_unlisted exposed_listed exposed_unlisted months_unpaid
        months_due written_off months_recovered criticise silent praise unafraid_criticise
        unafraid_praise private_criticise private_praise chilled chilled_by_fear bought falsified
        induced_praise would_say_yes holds_yes fear_breach_sum fear_speech_sum open_ties
        shadow_criticise shadow_praise chilled_indirect chilled_total"""
    ),
    "record": _names(
        """recorded false_alarms mix_ups links_corrected linked error_on_record false_reports
        guard_withdrawn"""
    ),
    "account": (
        "deeds",
        "deeds_induced",
        "deeds_forgone",
        "deeds_filed",
        "points_taken",
        "points_taken_wrongly",
    ),
    "score": ("favoured", "punished", "gamed"),
    "operate": ("privately_scored",),
    "display": ("displays",),
    "restrict": (
        "warnings",
        "entries",
        "exits_performance",
        "exits_expiry",
        "exits_correction",
        "exits_repair",
    ),
    "decide": _names(
        """restricted restricted_without_rank restricted_by_list closed_value closed applications
        grants denials denials_baseline denials_regime denials_lower denials_upper loans_thin
        loans_thin_granted loans_included child_months_lost school_children touched
        touched_unscored household_loss_sum guard_lifted guard_opened"""
    ),
    "respond": _names(
        """citizens enrolled score_sum listed_any listed listed_for labour_force out_of_work
        liquidity_sum in_debt with_credit late arrears withholding order_ignored granted_arrears
        exits_appeal appeals appeals_wrong ties_dropped ties_reopened joined error_in_score
        perk_holders perks_used perk_gain_sum"""
    ),
    "couple": ("singles", "searching", "coupled"),
    "favour": ("strangers_met", "favours", "favours_refused_by_score", "keepers", "trust_sum"),
}

# What is stored beside the cube, and the stage that it comes from.
STORED: Mapping[str, str] = {
    "register denials": "decide",
    "register spells": "decide",
    "histogram of scores": "score",
    "panel of scores": "score",
    "sums over ties": "see",
    "sums over couples": "couple",
    "counts by tenth of scores": "couple",
    "people: profile": "",
    "people: opinion": "",
    "people: on_record": "record",
    "people: score": "score",
    "people: score_private_1": "operate",
    "people: score_private_2": "operate",
    "people: shut_out": "decide",
    "people: would_say_yes": "act",
}

# Stage by stage, the parameters of behaviour that move something it looks up.  "start" is the first
# state of a society, "calendar" what is announced.
MOVED_BY: Mapping[str, tuple[str, ...]] = {
    "start": _names(
        """find_ratio saving saving_by_quintile liquidity_target spending_without_work shock
        shock_size insured_share single_share keeps_median keeps_slope"""
    ),
    "calendar": ("fear_learning", "salience"),
    "see": ("fear_learning", "conformity", "tie_drop", "report_rate"),
    "act": _names(
        """separation find_ratio saving saving_by_quintile liquidity_target spending_without_work
        pooling shock shock_size insurance_softening fee_share slip slip_fix unwilling_onset
        catch_up repayment_before_order repayment_after_order repayment_gain deterrence write_off
        sue spare court_sanction onset_credit grace contempt traffic train care rumour
        fear_phi_breach fear_phi_speech crosstalk kappa expressive silence reward conformity
        perk_share gaming_share gaming_cost"""
    ),
    "record": (
        "miss_factor",
        "false_alarm_factor",
        "mix_up_factor",
        "correction_factor",
        "report_rate",
    ),
    "account": ("deeds", "deed_response"),
    "score": ("gaming_share", "gaming_profile", "gaming_ties", "official_points"),
    "operate": ("gaming_share", "gaming_profile", "gaming_ties"),
    "display": ("display", "display_slope", "display_imitation"),
    "restrict": (),
    "decide": (
        "pooling",
        "reach_factor",
        "gaming_share",
        "gaming_profile",
        "gaming_ties",
        "official_points",
    ),
    "respond": (
        "refusal_cost",
        "opinion_drift",
        "tie_reopen",
        "appeal_rate",
        "appeal_rate_justified",
        "perk_pull",
    ),
    "couple": ("on_site", "shown", "couple", "single_again"),
    "favour": (
        "favour_benefit",
        "gossip",
        "imitation",
        "innate",
        "keeps_median",
        "keeps_slope",
        "trust_memory",
    ),
}
# Declared, and read by nothing yet.
UNUSED = ("discouragement",)


def stage_of(row: str) -> str:
    """Return the stage that counts a row, or leaves what is stored; "" for a trait."""
    for stage, rows in COUNTED.items():
        if row in rows:
            return stage
    return STORED[row]
