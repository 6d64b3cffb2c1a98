"""The sentence under a section's heading of a pair's report that says what was found there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from markupsafe import Markup

from glasscity.report import numbers
from glasscity.report.pair_printed import PairPrinter
from glasscity.report.pair_remake import decompose_command
from glasscity.report.pair_saying import say
from glasscity.report.pair_words import CAUSES

__all__ = ["pair_lead"]


def _floor(printer: PairPrinter) -> Iterator[Markup]:
    facts = printer.facts
    row = facts.rows("lives")[0]
    if row["placebo"] is None:
        yield say("lead_no_floor")
    else:
        yield say(
            "lead_floor",
            pair=printer.of_row("lives", row, "pair", "what"),
            placebo=printer.of_row("lives", row, "placebo", "what"),
        )
    name = "restricted_months_per_citizen"
    if facts.findings[name].variance_ratio is None:
        yield say("lead_no_ratio")
    else:
        about = facts.findings.about
        yield say(
            "lead_ratio",
            ratio=printer.ratio(name),
            seeds=about["error_seeds"],
            citizens=numbers.count(about["error_citizens"]),
        )


def _groups(printer: PairPrinter) -> Iterator[Markup]:
    rows = printer.facts.rows("groups")
    clear = sum(row["verdict"] == "clear" for row in rows)
    yield say("lead_groups", groups=len(rows), clear=clear)


def _claimed(printer: PairPrinter) -> Iterator[Markup]:
    rows = printer.facts.rows("benefit")
    clear = sum(row["verdict"] == "clear" for row in rows)
    yield say("lead_benefit", counts=len(rows), clear=clear)


def _causation(printer: PairPrinter) -> Iterator[Markup]:
    rows = printer.facts.rows("decomposition")
    if not rows:
        command = decompose_command(printer.facts.paired)
        yield say("lead_no_decomposition", command=Markup("<code>{}</code>").format(command))
    # One sentence, for the cause that does most; the chart and the table have all of them.
    for row in sorted(rows, key=lambda one: -abs(one["total"]))[:1]:
        parts = ("total", "proximate", "simultaneity", "feedback")
        told = {
            part: printer.of_row("decomposition", row, part, "cause") for part in (*parts, "chance")
        }
        cause = CAUSES.get(row["cause"], row["cause"])
        yield say("lead_decomposition", world=row["world"], cause=cause, **told)


_LEADS: Mapping[str, Callable[[PairPrinter], Iterator[Markup]]] = {
    "floor": _floor,
    "groups": _groups,
    "claimed": _claimed,
    "causation": _causation,
}


def pair_lead(printer: PairPrinter, section: str) -> Markup:
    """Return what was found in a section in plain sentences; "" where it has none."""
    writer = _LEADS.get(section)
    return Markup(" ").join(writer(printer)) if writer else Markup()
