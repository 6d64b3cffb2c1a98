"""What each share is a share of, as a number: it bounds the error and the digits that are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from glasscity.rights.findings import Findings

__all__ = ["sizes_of"]

# Shares of these are shares of denials, applications and so on; all others are of citizens.
_OF_DENIALS = (
    "spillover_share",
    "association_share",
    "speech_share",
    "error_share",
    "means_share",
    "profile_share",
    "favour_share",
    "joint_share",
    "baseline_share",
    "regime_denial_share",
)
_OF_SPEAKERS = ("visible_consensus", "private_consensus")


def sizes_of(found: Findings) -> dict[str, float]:
    """Return the denominators of shares that are not shares of all citizens.

    Refusals and applications of one citizen resemble each other, so their number counts for no more
    than that of the citizens.
    """
    citizens = int(found.about["citizens"])

    def value(name: str) -> int | float | None:
        return found.figures[name].value

    def rows(name: str):
        return found.tables[name].rows

    def cut(name: str) -> float:
        return float(min(value(name) or 0, citizens))

    sizes = {name: float(cut("denials")) for name in _OF_DENIALS}
    sizes["denial_rate"] = float(cut("applications"))
    listed = (value("listed_stock") or 0.0) * citizens
    sizes |= dict.fromkeys(("wrongly_listed_share", "unable_listed_share"), listed)
    chilled, of_critics = value("chilled_share"), value("chilled_of_critics")
    if chilled and of_critics:
        sizes["chilled_of_critics"] = chilled / of_critics * citizens
    months = rows("monthly")
    if months:
        speaking = sum(months[-1][voice] or 0.0 for voice in ("praise", "criticise"))
        sizes |= dict.fromkeys(_OF_SPEAKERS, speaking * citizens)
    sincerity = rows("sincerity")[0]
    sizes["wrong_upheld_share"] = float(sincerity["appeals"] or 0)
    sizes["thin_grant_rate"] = float(sum(row["thin"] or 0 for row in rows("inclusion")))
    sizes["bottom_decile_escape"] = citizens / 10
    sizes["reentry_share"] = float(rows("spell_quantiles")[0]["spells"] or 0)
    sizes["included_share"] = sizes["thin_grant_rate"]
    sizes["indirect_of_chill"] = (value("total_chill_share") or 0.0) * citizens
    # Fifths of the people with a clean record, at the most.
    sizes |= dict.fromkeys(("wrong_living_gap", "wrong_living_denied_gap"), citizens / 5)
    deeds = min(sum(row["done"] for row in rows("deeds")), citizens)
    sizes |= dict.fromkeys(("deeds_induced_share", "deeds_filed_share"), float(deeds))
    both = float(rows("operators")[-1]["both"]) if rows("operators") else 0.0
    sizes |= dict.fromkeys(("operator_disagreement", "operator_distance"), both)
    dating = rows("dating")
    couples = float(sum(row["coupled"] for row in dating))
    sizes |= dict.fromkeys(("couples_alike", "couples_alike_beyond"), couples)
    # A ratio is as uncertain as the smaller of its two counts.
    ends = [row["coupled"] for row in dating if row["decile"] in ("1", "10")]
    sizes["match_odds_ratio"] = float(min(ends, default=0))
    for name in ("repayment", "repayment_listed", "repayment_unlisted"):
        sizes[name] = float(value("unwilling_onsets") or 0)
    return sizes
