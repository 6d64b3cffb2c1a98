"""What a month counts: the rows of the cube, in the order of their codes.

A row is a measure with the labels that apply to it (gate, sphere, cause, list, event).  Kernels add
whole numbers to ``counts[row, cell]``; a row may be appended but never moved.
"""

from __future__ import annotations

from typing import NamedTuple

from glasscity.terms import (
    CAUSE_GROUPS,
    DEEDS,
    EVENTS,
    GATES,
    LISTING_CAUSES,
    MORE_CAUSE_GROUPS,
    SPHERES,
)

__all__ = ["CELLS", "ROWS", "Row", "cell_labels", "first_row"]

# Cells inside one province and area: (quintile * 5 + age) * 3 + camp.
CELLS = 75


class Row(NamedTuple):
    """One row of the cube: a measure and the labels that apply to it ("" where none does)."""

    measure: str
    gate: str = ""
    sphere: str = ""
    cause: str = ""
    list: str = ""
    event: str = ""
    about: str = ""


def _rows() -> tuple[Row, ...]:
    rows: list[Row] = []

    def add(measure: str, about: str, **labels: str) -> None:
        rows.append(Row(measure, about=about, **labels))

    # People, counted at the end of the month.
    add("citizens", "citizens")
    add("enrolled", "citizens with a score")
    add("score_sum", "sum of the scores of the enrolled")
    add("restricted", "citizens with at least one gate closed by the regime")
    add("restricted_without_rank", "the same by a list or a threshold, rank gates left out")
    add("restricted_by_list", "the same by a list alone")
    add("closed_value", "demand-weighted share of one's gates that are closed, in 1/65536, summed")
    for gate in GATES:
        add("closed", "citizens for whom the regime closes the gate", gate=gate)
    add("listed_any", "citizens on at least one list")
    for sphere in SPHERES:
        add("listed", "citizens on the list of the sphere", list=sphere)
    for cause in LISTING_CAUSES:
        add("listed_for", "citizens on a list, by the cause behind it", cause=cause)
    add("labour_force", "citizens in the labour force")
    add("out_of_work", "citizens in the labour force without work")
    add("liquidity_sum", "liquidity above -12 months, in 1/256 months of spending, summed")
    add("in_debt", "citizens whose liquidity is below zero")
    add("with_credit", "citizens with an instalment credit")
    add("late", "citizens who owe at least one month of any obligation")
    add("arrears", "citizens with a credit who owe 3 months of it or more")
    add("withholding", "citizens in a spell of unwillingness")
    add("order_ignored", "citizens under an ignored court order")
    add("fear_breach_sum", "fear of breach in 1/256, summed")
    add("fear_speech_sum", "fear of speech in 1/256, summed")
    add("open_ties", "open ties counted at this end")
    # Voice.
    add("criticise", "citizens who criticise")
    add("silent", "citizens who stay silent")
    add("praise", "citizens who praise")
    add("unafraid_criticise", "citizens whose unafraid voice criticises")
    add("unafraid_praise", "citizens whose unafraid voice praises")
    add("private_criticise", "citizens who would criticise with fear, reward, conformity at zero")
    add("private_praise", "citizens who would praise with fear, reward, conformity at zero")
    add("chilled", "the unafraid voice criticises and the actual one does not")
    add("chilled_by_fear", "the same and the actual voice is silent")
    add("bought", "the voice without fear and reward criticises, the actual one praises")
    add("falsified", "praise with opinion below zero")
    add(
        "induced_praise",
        "praise with opinion of zero or more that the unafraid voice would not give",
    )
    add("would_say_yes", "would answer yes in public (two options, same draws, fear on no)")
    add("holds_yes", "citizens with opinion above zero")
    # What happened this month.
    for event, sphere in zip(EVENTS, _spheres_of_events(), strict=True):
        add("breaches", "breaches that began or happened this month", event=event, sphere=sphere)
    for event in EVENTS:
        add(
            "happened",
            "citizens in breach of this kind this month (a month of it counts)",
            event=event,
        )
    for event in EVENTS:
        add(
            "recorded",
            "of those, the ones that a source wrote down under the right name",
            event=event,
        )
    for event in EVENTS:
        add("false_alarms", "records of this kind of which nothing had happened", event=event)
    for event in EVENTS:
        add("mix_ups", "records of this kind that belonged to a namesake", event=event)
    add("unwilling_onsets", "spells of unwillingness that began")
    add("unable_onsets", "spells of inability that began")
    add("slips", "slips: able and willing, late")
    add("unwilling_breaches", "breaches that began while withholding")
    add("suits", "suits filed by creditors")
    add("orders", "court orders made")
    add("spared", "cases closed because the debtor was unable")
    add("repaid_listed", "withheld debts repaid by citizens on a list")
    add("repaid_unlisted", "withheld debts repaid by citizens on no list")
    add("exposed_listed", "months of withholding by citizens on a list")
    add("exposed_unlisted", "months of withholding by citizens on no list")
    add("months_unpaid", "instalments of credits not paid this month")
    add("months_due", "instalments of credits due this month")
    add("written_off", "debts written off")
    # Gates.
    for gate in GATES:
        add("applications", "applications filed", gate=gate)
    for gate in GATES:
        add("grants", "applications granted", gate=gate)
    for gate in GATES:
        add("denials", "applications refused", gate=gate)
    for gate in GATES:
        add("denials_baseline", "refused with every cause neutral: own screening alone", gate=gate)
    for gate in GATES:
        add("denials_regime", "refused by the regime's rule (own screening had granted)", gate=gate)
    add("loans_thin", "loan and mortgage applications of people with a thin file")
    add("loans_thin_granted", "of those, granted")
    add("granted_arrears", "loans granted to people who owe a month or more at the time")
    add("child_months_lost", "privately schooled children shut out for a parent's record, months")
    add("school_children", "privately schooled children")
    # What the lists and the redress did.
    for sphere in SPHERES:
        add("warnings", "warnings", list=sphere)
    for sphere in SPHERES:
        add("entries", "entries on the list", list=sphere)
    for sphere in SPHERES:
        add("exits_performance", "exits by performance", list=sphere)
    for sphere in SPHERES:
        add("exits_appeal", "exits by appeal", list=sphere)
    for sphere in SPHERES:
        add("exits_expiry", "exits by expiry", list=sphere)
    for sphere in SPHERES:
        add("exits_correction", "exits because the source found its mistake", list=sphere)
    add("appeals", "appeals decided")
    add("appeals_wrong", "appeals decided against wrongly listed citizens")
    add("links_corrected", "files linked with a namesake's that were put right")
    add("linked", "citizens whose file is linked with a namesake's")
    add("error_on_record", "citizens with a deficit that rests on a recording error")
    add("error_in_score", "of those, citizens whose score it lowers by a point or more")
    # Ties and adoption.
    add("ties_dropped", "ties dropped")
    add("ties_reopened", "ties reopened")
    add("joined", "citizens who opted in")
    # Denials by groups of causes (terms.CAUSE_GROUPS), as intervals: refused no longer when the
    # whole group is neutral (lower), and the group involved (upper).
    for gate in GATES:
        for group in CAUSE_GROUPS:
            add("denials_lower", "denials that the group is necessary for", gate=gate, cause=group)
    for gate in GATES:
        for group in CAUSE_GROUPS:
            add("denials_upper", "denials that the group is involved in", gate=gate, cause=group)
    # Voice, against a shadow of the world where nobody has feared.
    add("shadow_criticise", "citizens who would criticise had nobody ever feared")
    add("shadow_praise", "citizens who would praise had nobody ever feared")
    add("chilled_indirect", "the shadow voice criticises, the unafraid one does not")
    add("chilled_total", "the shadow voice criticises, the actual one does not")
    # Operators, perks, gaming and reports.
    add("privately_scored", "citizens with a score at the second private operator")
    add("perk_holders", "citizens with at least one perk")
    for gate in GATES:
        add("perks_used", "grants that a perk made cheaper", gate=gate)
    add("perk_gain_sum", "liquidity that perks left, in 1/256 month, summed")
    add("gamed", "citizens who gamed their score this month")
    add("false_reports", "records of nothing, made by a neighbour's report")
    add("favoured", "citizens whose score an official raised")
    add("punished", "citizens whose score an official lowered")
    # Claimed benefit.
    add("loans_included", "loans to thin files that would be refused if nobody had a score")
    add("months_recovered", "owed instalments of credits paid later")
    add("strangers_met", "citizens who met a stranger")
    add("favours", "favours done to strangers")
    add("favours_refused_by_score", "favours refused for a score or a listing looked up")
    add("keepers", "citizens who keep trust with strangers")
    add("trust_sum", "believed share of favours done by strangers, in 1/65535, summed")
    # Company.
    add("displays", "citizens who display their score")
    add("singles", "citizens without a partner")
    add("searching", "singles who look for one through the site")
    add("coupled", "citizens who found a partner")
    # Households.
    add("touched", "citizens shut out of nothing who live with somebody shut out")
    add("touched_unscored", "of those, citizens without a score")
    add("household_loss_sum", "liquidity lost to another member's refusals, 1/256 month, summed")
    # Safeguards.
    add("guard_withdrawn", "wrong records withdrawn before they counted")
    add("guard_lifted", "refusals by the regime that a review lifted")
    add("guard_opened", "citizens for whom an essential gate stayed open")
    for sphere in SPHERES:
        add("exits_repair", "exits because the obligation was kept afterwards", list=sphere)
    # Causes beyond the first five groups.
    for gate in GATES:
        for group in MORE_CAUSE_GROUPS:
            add("denials_lower", "denials that the group is necessary for", gate=gate, cause=group)
    for gate in GATES:
        for group in MORE_CAUSE_GROUPS:
            add("denials_upper", "denials that the group is involved in", gate=gate, cause=group)
    # Points schemes.
    for deed in DEEDS:
        add("deeds", "good deeds of a kind that the scheme adds points for", event=deed)
    add("deeds_induced", "of those, deeds that would not have been done without the scheme")
    add("deeds_forgone", "deeds that would have been done without the scheme, and were not")
    add("deeds_filed", "deeds put in an account")
    for sphere in SPHERES:
        add("points_taken", "points that records took, in 1/16, summed", sphere=sphere)
    add("points_taken_wrongly", "of those, by records of what one had not done")
    return tuple(rows)


def _spheres_of_events() -> tuple[str, ...]:
    from glasscity.terms import EVENT_SPHERES

    return EVENT_SPHERES


ROWS = _rows()


def first_row(measure: str) -> int:
    """Return the code of the first row of a measure.

    Raises
    ------
    KeyError
        If no row has that name.
    """
    for code, row in enumerate(ROWS):
        if row.measure == measure:
            return code
    raise KeyError(measure)


def cell_labels(cell: int) -> tuple[int, int, int]:
    """Return the codes (quintile, age band, camp) of a cell in [0, CELLS)."""
    return cell // 15, cell // 3 % 5, cell % 3
