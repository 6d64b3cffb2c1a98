"""What the regime claims to bring, and how it treats its own errors (model.md 7.5, 7.6, 7.9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from glasscity.rights.causes import DenialCauses
from glasscity.rights.definition import (
    BREACH,
    GATES,
    SCORE,
    SOURCES,
    Measure,
    only_where,
    rate,
    share_of_citizens,
    total,
)
from glasscity.rights.view import ratio

if TYPE_CHECKING:
    pass

__all__ = ["BENEFIT"]

_REPAID = ("behaviour.repayment_before_order", "behaviour.repayment_after_order")


BENEFIT: tuple[Measure, ...] = (
    Measure(
        name="breaches",
        title="Breaches",
        definition="Breaches of any kind that began or happened, whole run.",
        compute=total("breaches"),
        unit="count",
        section="7.5",
        grades_from=BREACH,
    ),
    Measure(
        name="unwilling_breaches",
        title="Unwilling breaches",
        definition=(
            "Breaches that began while the citizen could have paid and would not, whole run."
        ),
        compute=total("unwilling_breaches"),
        unit="count",
        section="7.5",
        grades_from=BREACH,
    ),
    Measure(
        name="unwilling_onsets",
        title="Spells of unwillingness",
        definition="Spells of unwillingness that began, whole run.",
        compute=total("unwilling_onsets"),
        unit="count",
        section="7.5",
        grades_from=BREACH,
    ),
    Measure(
        name="repayment",
        title="Repayment",
        definition="Withheld debts repaid in a month, by people on a list and on none together.",
        compute=lambda view: ratio(
            total("repaid_listed", "repaid_unlisted")(view),
            total("exposed_listed", "exposed_unlisted")(view),
        ),
        of="months of withholding, whole run",
        section="7.5",
        grades_from=(*_REPAID, "behaviour.repayment_gain"),
        estimable="if somebody withheld",
    ),
    Measure(
        name="repayment_listed",
        title="Repayment while listed",
        definition=(
            "Withheld debts repaid in a month by people on a list. Who is listed has ignored an "
            "order: not to be compared with those on no list."
        ),
        compute=rate("repaid_listed", "exposed_listed"),
        of="months of withholding on a list, whole run",
        section="7.5",
        grades_from=(*_REPAID, "behaviour.repayment_gain"),
        estimable="if somebody withheld while on a list",
    ),
    Measure(
        name="repayment_unlisted",
        title="Repayment while on no list",
        definition=(
            "Withheld debts repaid in a month by people on no list. Where there are lists, those "
            "who ignore an order leave this group: not to be compared with a world without lists."
        ),
        compute=rate("repaid_unlisted", "exposed_unlisted"),
        of="months of withholding on no list, whole run",
        section="7.5",
        grades_from=_REPAID,
        estimable="if somebody withheld while on no list",
    ),
    Measure(
        name="arrears_share",
        title="In arrears",
        definition="Citizens with an instalment credit who owe three months or more.",
        compute=rate("arrears", "with_credit", last=True),
        of="citizens with an instalment credit, last month",
        section="7.5",
        grades_from=BREACH,
        estimable="if anybody has a credit",
    ),
    Measure(
        name="arrears_months_share",
        title="Months in arrears",
        definition="Months in which a citizen with an instalment credit owes three months or more.",
        compute=rate("arrears", "with_credit"),
        of="months of citizens with an instalment credit, whole run",
        section="7.5",
        grades_from=BREACH,
        estimable="if anybody has a credit",
    ),
    Measure(
        name="unpaid_share",
        title="Instalments not paid",
        definition="Instalments of credits that were due and not paid.",
        compute=rate("months_unpaid", "months_due"),
        of="instalments due, whole run",
        section="7.5",
        grades_from=BREACH,
        estimable="if an instalment was due",
    ),
    Measure(
        name="thin_grant_rate",
        title="Loans to people nobody knew",
        definition=(
            "Loan and mortgage applications of people with a thin credit file that were granted."
        ),
        compute=rate("loans_thin_granted", "loans_thin"),
        of="their loan and mortgage applications, whole run",
        section="7.5",
        grades_from=("country.gates", *SCORE),
        estimable="if people with a thin file applied",
    ),
    Measure(
        name="included_share",
        title="Loans that only a score opened",
        definition=(
            "Loan and mortgage applications of people with a thin credit file that were granted "
            "and would have been refused if nobody had a score."
        ),
        compute=only_where("has_score", rate("loans_included", "loans_thin")),
        of="their loan and mortgage applications, whole run",
        section="7.5",
        grades_from=("country.gates", *SCORE),
        estimable="if there is a score and people with a thin file applied",
    ),
    Measure(
        name="lender_shortfall",
        title="What lenders are left without",
        definition=(
            "Instalments of credits not paid when due, less owed instalments paid later. What was "
            "owed before the run and is paid in it counts as paid."
        ),
        compute=lambda view: ratio(
            view.total("months_unpaid") - view.total("months_recovered"), view.total("months_due")
        ),
        of="instalments due, whole run",
        section="7.5",
        grades_from=(*BREACH, *_REPAID, "behaviour.repayment_gain"),
        estimable="if an instalment was due",
    ),
    Measure(
        name="wrong_upheld_share",
        title="Appeals decided against the wrongly listed",
        definition="Appeals that upheld a listing which rests on a recording error.",
        compute=rate("appeals_wrong", "appeals"),
        of="appeals decided, whole run",
        section="7.6",
        grades_from=(*SOURCES, "regime.lists"),
        estimable="if an appeal was decided",
    ),
    Measure(
        name="error_on_record_share",
        title="With a wrong record",
        definition="Citizens with a deficit on record that rests on a recording error.",
        compute=share_of_citizens("error_on_record"),
        section="7.9",
        grades_from=SOURCES,
    ),
    Measure(
        name="error_in_score_share",
        title="With a score lowered by error",
        definition="Citizens whose score a recording error lowers by a point or more.",
        compute=share_of_citizens("error_in_score"),
        section="7.9",
        grades_from=(*SOURCES, *SCORE),
    ),
    Measure(
        name="error_denied_share",
        title="Ever refused because of an error",
        definition=(
            "Citizens with at least one denial that would not have happened but for a recording "
            "error."
        ),
        compute=lambda view: ratio(view.once(DenialCauses).people_with("error"), view.citizens),
        of="all citizens, whole run",
        section="7.9",
        grades_from=(*SOURCES, *GATES),
    ),
)
