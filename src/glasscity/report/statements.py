"""The five headline statements: plain sentences made from the numbers, with either sign."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from glasscity.report import numbers, words
from glasscity.report.facts import Facts
from glasscity.report.printed import Printer
from glasscity.report.saying import against, compared, say

__all__ = ["FIGURES", "Statement", "statements"]

S = words.SENTENCES


@dataclass(frozen=True)
class Statement:
    """One statement: what was promised ("" if nothing was), what happened, on which figures."""

    name: str
    title: str
    promise: str
    lead: Markup
    rest: Markup
    figures: tuple[str, ...]


def statements(printer: Printer) -> tuple[Statement, ...]:
    """Return the five statements about a run."""
    return tuple(_statement(printer, name) for name in words.TITLES)


def _statement(printer: Printer, name: str) -> Statement:
    first, *others = _Sentences(printer).of(name)
    return Statement(
        name=name,
        title=words.TITLES[name],
        promise=_promise(printer.facts, name),
        lead=first,
        rest=Markup(" ").join(others),
        figures=FIGURES[name],
    )


def _promise(facts: Facts, name: str) -> str:
    regime = facts.scenario.get("regime")
    named = regime.get("rows", ()) if isinstance(regime, Mapping) else ()
    rows, text = words.PROMISES[name]
    return text if set(rows) & {str(row) for row in named or ()} else ""


FIGURES = {
    "shut_out": (
        "restricted_share",
        "restricted_share_without_rank",
        "ever_restricted_share",
        "restricted_months_per_citizen",
        "closed_gate_months",
        "spell_median_months",
        "reentry_share",
    ),
    "refused": (
        "applications",
        "denial_rate",
        "baseline_share",
        "regime_denial_share",
        "spillover_share",
        "association_share",
        "speech_share",
        "error_share",
        "means_share",
        "profile_share",
        "joint_share",
    ),
    "listed": (
        "listed_stock",
        "unable_listed_share",
        "wrongly_listed_share",
        "wrong_upheld_share",
        "error_on_record_share",
        "error_denied_share",
        "child_months_lost",
    ),
    "voice": (
        "chilled_of_critics",
        "chilled_share",
        "falsified_share",
        "induced_praise_share",
        "visible_consensus",
        "private_consensus",
    ),
    "claimed": (
        "breaches",
        "unwilling_breaches",
        "unwilling_onsets",
        "arrears_share",
        "repayment",
        "repayment_listed",
        "repayment_unlisted",
        "thin_grant_rate",
        "included_share",
        "lender_shortfall",
        "cooperation",
        "believed_trust",
    ),
}


class _Sentences:
    """Write the sentences of each statement."""

    def __init__(self, printer: Printer) -> None:
        self.print = printer
        self.facts = printer.facts
        self.last = self.facts.calendar.name(self.facts.months - 1)

    def of(self, name: str) -> list[Markup]:
        writers: dict[str, Callable[[], Iterator[Markup]]] = {
            "shut_out": self.shut_out,
            "refused": self.refused,
            "listed": self.listed,
            "voice": self.voice,
            "claimed": self.claimed,
        }
        return list(writers[name]())

    def shut_out(self) -> Iterator[Markup]:
        value = self.facts.value
        if not value("ever_restricted_share"):
            yield say("closed_none")
            yield say("closed_twin")
            return
        share = self.print.figure("restricted_share")
        yield say("closed", last=self.last, share=share, one_in=_one_in(value("restricted_share")))
        poor, rich = self.facts.group("quintile", "q1"), self.facts.group("quintile", "q5")
        if poor and rich and None not in (poor["restricted_share"], rich["restricted_share"]):
            yield say(
                "closed_poor",
                poor=self.print.of_group(poor, "restricted_share"),
                rich=self.print.of_group(rich, "restricted_share"),
            )
        yield say("closed_ever", share=self.print.figure("ever_restricted_share"))
        if value("restricted_share_without_rank") == value("restricted_share"):
            if self.facts.has_rank_gates:
                yield say("closed_rank_adds_none")
        else:
            name = "restricted_share_without_rank"
            yield say("closed_but_rank", share=self.print.figure(name))
        if value("spell_median_months") is None:
            yield say("closed_no_median")
        else:
            yield say("closed_median", months=self.print.figure("spell_median_months"))
        yield say("closed_twin")

    def refused(self) -> Iterator[Markup]:
        if not self.facts.value("applications"):
            yield say("refused_none")
            return
        yield against(
            self.print,
            say(
                "refused",
                applications=self.print.rounded("applications"),
                share=self.print.figure("denial_rate"),
            ),
            "refused_twin",
            "denial_rate",
        )
        if not self.facts.value("denials"):
            return
        yield say("refused_own", share=self.print.figure("baseline_share"))
        if self.facts.value("regime_denial_share"):
            yield say("refused_rule", share=self.print.figure("regime_denial_share"))
        groups = ("spillover", "association", "speech", "error", "means")
        yield say("refused_causes", **{g: self.print.interval(f"{g}_share") for g in groups})
        yield say("refused_overlap")

    def listed(self) -> Iterator[Markup]:
        value = self.facts.value
        if not value("listings"):
            yield say("listed_none")
        else:
            share = self.print.figure("listed_stock")
            yield say("listed", last=self.last, share=share, one_in=_one_in(value("listed_stock")))
        for key, name in (
            ("listed_unable", "unable_listed_share"),
            ("listed_wrong", "wrongly_listed_share"),
        ):
            if value(name) is not None:
                yield say(key, share=self.print.figure(name))
        appeals = self.facts.rows("sincerity")[0]["appeals"]
        if value("wrong_upheld_share") is not None:
            share = self.print.figure("wrong_upheld_share")
            yield say("listed_upheld", appeals=numbers.rounded_count(appeals), share=share)
        yield against(
            self.print,
            say("listed_error", share=self.print.figure("error_on_record_share")),
            "listed_error_twin",
            "error_on_record_share",
        )
        if value("error_denied_share") is not None:
            yield say("listed_denied", share=self.print.figure("error_denied_share"))
        if value("child_months_lost"):
            yield say("listed_children", months=self.print.rounded("child_months_lost"))

    def voice(self) -> Iterator[Markup]:
        value = self.facts.value
        if value("visible_consensus") is None:
            yield say("voice_none")
            return
        if value("chilled_of_critics") is not None:
            share = self.print.figure("chilled_of_critics")
            yield against(
                self.print,
                say("voice", share=share, last=self.last),
                "voice_twin",
                "chilled_of_critics",
            )
        yield against(
            self.print,
            say("voice_falsified", share=self.print.figure("falsified_share")),
            "voice_falsified_twin",
            "falsified_share",
        )
        if value("private_consensus") is None:
            return
        yield say(
            "voice_consensus",
            visible=self.print.figure("visible_consensus"),
            private=self.print.figure("private_consensus"),
        )
        seen = self.facts.findings["visible_consensus"]
        if seen.twin is not None:
            gap = abs(float(seen.value or 0) - float(value("private_consensus") or 0))
            mostly = abs(float(seen.difference or 0)) < gap / 2
            key = "voice_consensus_twin" if mostly else "voice_consensus_regime"
            yield say(key, twin=self.print.figure("visible_consensus", "twin"))

    def claimed(self) -> Iterator[Markup]:
        for key, name, printed in (
            ("claimed", "breaches", self.print.rounded),
            ("claimed_unwilling", "unwilling_breaches", self.print.rounded),
            ("claimed_arrears", "arrears_share", self.print.figure),
            ("claimed_thin", "thin_grant_rate", self.print.figure),
            ("claimed_favours", "cooperation", self.print.figure),
        ):
            one = self.facts.findings[name]
            if one.value is None:
                continue
            said = say(key, value=printed(name), share=printed(name))
            if one.twin is None:
                yield said + S["full_stop"]
            else:
                twin = printed(name, "twin")
                yield said + say(f"{key}_twin", twin=twin, compared=compared(self.print, name))
            if key == "claimed_thin" and self.facts.value("included_share"):
                yield say("claimed_included", share=self.print.figure("included_share"))
        if not self.facts.has_twin:
            yield say("is_unscored" if self.facts.is_unscored else "no_twin")


def _one_in(share: float | None) -> str:
    text = numbers.one_in(share or 0.0)
    return f" ({text})" if text else ""
