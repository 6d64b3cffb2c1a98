"""The sentence under a section's heading that says what was found, beside the unscored world."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from markupsafe import Markup

from glasscity.report import numbers, words
from glasscity.report.printed import Printer, tagged
from glasscity.report.saying import against, say

__all__ = ["LEADS", "lead"]


def _voice(printer: Printer) -> Iterator[Markup]:
    facts = printer.facts
    last = facts.calendar.name(facts.months - 1)
    name = "total_chill_share"
    said = say("lead_voice", last=last, share=printer.figure(name))
    yield against(printer, said, "lead_voice_twin", name)
    if facts.value("indirect_of_chill") is not None:
        yield say("lead_voice_indirect", share=printer.figure("indirect_of_chill"))
    if None not in (facts.value("visible_consensus"), facts.value("shadow_consensus")):
        yield say(
            "lead_voice_consensus",
            visible=printer.figure("visible_consensus"),
            shadow=printer.figure("shadow_consensus"),
        )


def _others(printer: Printer) -> Iterator[Markup]:
    value = printer.facts.value
    if value("displays") is None:
        yield say("lead_nobody_scored")
        return
    if value("operator_distance") is not None:
        yield say("lead_operators", distance=printer.figure("operator_distance"))
    if not value("displays"):
        yield say("lead_displays_none")
    elif value("displays") == 1:
        yield say("lead_displays_once", displays=printer.rounded("displays"))
    else:
        yield say("lead_displays", displays=printer.rounded("displays"))
    if value("match_odds_ratio") is not None:
        yield say("lead_dating", ratio=printer.figure("match_odds_ratio"))
    yield say("lead_others_twin")


def _perks(printer: Printer) -> Iterator[Markup]:
    facts = printer.facts
    if facts.value("perk_holders_share") is None:
        yield say("lead_perks_none")
        return
    yield say(
        "lead_perks",
        share=printer.figure("perk_holders_share"),
        gain=printer.figure("perk_months_gain"),
    )
    ends = [row for row in facts.rows("perk_holders") if row["quintile"] in ("q1", "q5")]
    if len(ends) == 2 and None not in (ends[0]["gain"], ends[1]["gain"]):
        poor, rich = (printer.of_row("perk_holders", row, "gain", "quintile") for row in ends)
        yield say("lead_perks_ends", poor=poor, rich=rich)


def _points(printer: Printer) -> Iterator[Markup]:
    value = printer.facts.value
    if printer.facts.rows("band_shares"):
        yield say("lead_bands")
    if not value("deeds_per_1000"):
        return
    yield say(
        "lead_deeds",
        deeds=printer.figure("deeds_per_1000"),
        induced=printer.figure("deeds_induced_share"),
        filed=printer.figure("deeds_filed_share"),
    )
    said = say("lead_taken", points=printer.figure("points_taken_per_1000"))
    if value("points_wrongly_share") is None:
        yield said + words.SENTENCES["full_stop"]
    else:
        yield said + say("lead_taken_wrongly", share=printer.figure("points_wrongly_share"))
    yield say("lead_points_twin")


def _households(printer: Printer) -> Iterator[Markup]:
    value = printer.facts.value
    said = say("lead_households", share=printer.figure("touched_share"))
    yield against(printer, said, "lead_households_twin", "touched_share")
    if value("touched_unscored_share"):
        yield say("lead_households_unscored", share=printer.figure("touched_unscored_share"))
    said = say("lead_loss", loss=printer.figure("household_loss"))
    yield against(printer, said, "lead_loss_twin", "household_loss")
    if value("child_months_lost"):
        yield say("lead_children", months=printer.rounded("child_months_lost"))


def _groups(printer: Printer) -> Iterator[Markup]:
    name = "wrong_living_gap"
    gap = printer.facts.value(name)
    if gap is None:
        return
    text = numbers.points(abs(gap), abs(gap), printer.facts.size(name)).lstrip("+")
    more = gap > 0 and numbers.clear_difference(gap, 0.0, printer.facts.size(name))
    if not more:
        text = numbers.points(gap, abs(gap), printer.facts.size(name))
    key = "lead_living_more" if more else "lead_living_less"
    yield say(key, gap=tagged(name, "value", float(gap), text))


LEADS: Mapping[str, Callable[[Printer], Iterator[Markup]]] = {
    "groups": _groups,
    "voice": _voice,
    "others": _others,
    "perks": _perks,
    "points": _points,
    "households": _households,
}


def lead(printer: Printer, section: str) -> Markup:
    """Return what was found in a section in plain sentences; "" where it has none."""
    writer = LEADS.get(section)
    return Markup(" ").join(writer(printer)) if writer else Markup()
