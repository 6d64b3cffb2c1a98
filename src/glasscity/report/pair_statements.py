"""The statements of a pair's report: plain sentences made from both worlds' numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from markupsafe import Markup

from glasscity.report import words
from glasscity.report.pair_printed import PairPrinter
from glasscity.report.pair_saying import both, say
from glasscity.report.pair_words import PAGE, TITLES
from glasscity.report.statements import FIGURES, Statement

__all__ = ["pair_statements"]

_FIGURES = {
    "shut_out": FIGURES["shut_out"],
    "refused": FIGURES["refused"],
    "gained": (
        "restricted_months_per_citizen",
        "closed_gate_months",
        "denials",
        "perk_months_gain",
    ),
    "bottom": ("spell_median_months", "reentry_share", "bottom_decile_escape", "score_gini"),
    "listed": FIGURES["listed"],
    "around": ("touched_share", "touched_unscored_share", "household_loss", "child_months_lost"),
    "voice": (*FIGURES["voice"], "total_chill_share"),
    "claimed": FIGURES["claimed"],
}
_NAMED = ("error_share", "association_share", "speech_share", "spillover_share")


def pair_statements(printer: PairPrinter) -> tuple[Statement, ...]:
    """Return the statements about a pair."""
    return tuple(_statement(printer, name) for name in TITLES)


def _statement(printer: PairPrinter, name: str) -> Statement:
    first, *others = getattr(_Sentences(printer), name)()
    return Statement(
        name=name,
        title=TITLES[name],
        promise=_promise(printer, name),
        lead=first,
        rest=Markup(" ").join(others),
        figures=_FIGURES[name],
    )


def _promise(printer: PairPrinter, name: str) -> str:
    """Return what was promised, and by which of the two regimes; "" where neither did."""
    if name not in words.PROMISES:
        return ""
    rows, text = words.PROMISES[name]
    paired = printer.facts.paired
    runs = zip((paired.base, paired.other), paired.names, strict=True)
    who = [
        called for run, called in runs if set(rows) & set(run.scenario["regime"].get("rows") or ())
    ]
    if not who:
        return ""
    return f"{text} {PAGE['promised_by'].format(names=' and '.join(who))}"


class _Sentences:
    """Write the sentences of each statement."""

    def __init__(self, printer: PairPrinter) -> None:
        self.print = printer
        self.facts = printer.facts
        self.here, self.there = printer.here, printer.there

    def _one(self, name: str, key: str, value: str) -> dict[str, Any] | None:
        """Return the line of a table that has such a value in a column; None if there is none."""
        return next((dict(row) for row in self.facts.rows(name) if row[key] == value), None)

    def _known(self, name: str) -> bool:
        one = self.facts.findings[name]
        return one.base is not None and one.other is not None

    def shut_out(self) -> Iterator[Markup]:
        found = self.facts.findings["ever_restricted_share"]
        if not found.base and not found.other:
            yield say("closed_none")
            return
        yield both(self.print, "closed", "restricted_share")
        rows = self.facts.rows("shut_out")
        parts = {
            key: self.print.of_row("shut_out", rows[at], "ever_share", "where")
            for key, at in (("base_only", 1), ("both", 2), ("other_only", 3))
        }
        yield say("closed_only", here=self.here, there=self.there, **parts)
        if self._known("spell_median_months"):
            yield both(self.print, "closed_median", "spell_median_months")
        if self._settings():
            yield say("closed_setting")
        if not self.facts.same_dates:
            yield say("closed_dates")

    def _settings(self) -> bool:
        """Return whether either regime has a gate that closes by score or rank."""
        for run in (self.facts.paired.base, self.facts.paired.other):
            gates = run.scenario["regime"].get("gates")
            rules = gates.values() if isinstance(gates, dict) else gates or ()
            if any(isinstance(rule, dict) and "rule" in rule for rule in rules):
                return True
        return False

    def refused(self) -> Iterator[Markup]:
        moved = self.facts.rows("refusals")[0]
        if not moved["vanished"] and not moved["appeared"]:
            yield say("refused_none")
            return
        yield say(
            "refused",
            here=self.here,
            there=self.there,
            vanished=self.print.of_row("refusals", moved, "vanished", "what"),
            appeared=self.print.of_row("refusals", moved, "appeared", "what"),
        )
        for side, world in (("base", self.here), ("other", self.there)):
            values = [getattr(self.facts.findings[name], f"{side}_interval") for name in _NAMED]
            if not any(ends and ends[1] for ends in values):
                yield say("refused_no_cause", world=world)
                continue
            parts = {n.removesuffix("_share"): self.print.figure(n, side) for n in _NAMED}
            yield say("refused_causes", world=world, **parts)
        yield say("refused_overlap")

    def gained(self) -> Iterator[Markup]:
        months = self.facts.rows("people")[0]
        if not months["better_count"] and not months["worse_count"]:
            yield say("gained_none")
            return
        yield say("gained", here=self.here, there=self.there, **self._moved(months))
        ends = (months["q0.05"], months["q0.95"])
        yield say(
            "gained_spread" if any(ends) else "gained_few",
            low=self.print.of_row("people", months, "q0.05", "what"),
            high=self.print.of_row("people", months, "q0.95", "what") + " months",
            mean=self.print.difference("restricted_months_per_citizen") + " months",
        )
        fifths = {
            row["group"]: row
            for row in self.facts.rows("winners")
            if row["outcome"] == months["what"] and row["grouping"] == "quintile"
        }
        if {"q1", "q5"} <= set(fifths):
            yield say(
                "gained_poor",
                **{
                    f"{who}_{key}": self.print.of_row("winners", fifths[fifth], key, "group")
                    for who, fifth in (("poor", "q1"), ("rich", "q5"))
                    for key in ("better", "worse")
                },
            )
        savings = self._one("people", "what", "Savings")
        if savings:
            ends = {
                key: self.print.of_row("people", savings, column, "what")
                for key, column in (("low", "q0.05"), ("high", "q0.95"))
            }
            yield say("gained_savings", **self._moved(savings), **ends)
        for side, world in zip(_SIDES, (self.here, self.there), strict=True):
            if getattr(self.facts.findings["perk_months_gain"], side):
                gain = self.print.figure("perk_months_gain", side)
                yield say("gained_perks", world=world, gain=gain)

    def _moved(self, row: dict[str, Any] | Any) -> dict[str, Markup]:
        keys = ("better", "worse", "unchanged")
        return {key: self.print.of_row("people", row, key, "what") for key in keys}

    def bottom(self) -> Iterator[Markup]:
        spells = [self._one("lengths", "what", "spells") or {}]
        if not spells[0].get("base") and not spells[0].get("other"):
            yield say("bottom_none")
            return
        long = self._one("trapped", "what", "still shut out after 24 months")
        known = [side for side in _SIDES if long is not None and long[side] is not None]
        if long is None or not known:
            yield say("bottom_short")
        elif len(known) == 1:
            keys = {"share": known[0], "low": f"{known[0]}_low", "high": f"{known[0]}_high"}
            world = self.here if known[0] == "base" else self.there
            parts = {k: self.print.of_row("trapped", long, at, "what") for k, at in keys.items()}
            yield say("bottom_one", world=world, **parts)
        else:
            shown = (*_SIDES, *(f"{side}_{end}" for side in _SIDES for end in ("low", "high")))
            parts = {key: self.print.of_row("trapped", long, key, "what") for key in shown}
            yield say("bottom", here=self.here, there=self.there, **parts)
        if self._known("reentry_share"):
            yield both(self.print, "bottom_again", "reentry_share")
        if self._known("bottom_decile_escape"):
            yield both(self.print, "bottom_escape", "bottom_decile_escape")
        else:
            yield say("bottom_no_scores")

    def listed(self) -> Iterator[Markup]:
        entries = self.facts.findings["listings"]
        if not entries.base and not entries.other:
            yield say("listed_none")
        else:
            yield both(self.print, "listed", "listed_stock")
        unable, wrong = "unable_listed_share", "wrongly_listed_share"
        if any(getattr(self.facts.findings[unable], side) is not None for side in _SIDES):
            yield say(
                "listed_unable",
                here=self.here,
                there=self.there,
                **{side: self.print.figure(unable, side) for side in _SIDES},
                **{f"{side}_wrong": self.print.figure(wrong, side) for side in _SIDES},
            )
        upheld = self.facts.findings["wrong_upheld_share"]
        if upheld.base is not None or upheld.other is not None:
            yield both(self.print, "listed_upheld", "wrong_upheld_share")
        yield both(self.print, "listed_error", "error_on_record_share")

    def around(self) -> Iterator[Markup]:
        yield both(self.print, "around", "touched_share")
        lost = self.facts.findings["child_months_lost"]
        if lost.base or lost.other:
            yield both(self.print, "around_children", "child_months_lost", counts=True)

    def voice(self) -> Iterator[Markup]:
        if not self._known("visible_consensus"):
            yield say("voice_none")
            return
        if self._known("chilled_of_critics"):
            yield both(self.print, "voice", "chilled_of_critics")
        yield both(self.print, "voice_total", "total_chill_share")
        yield both(self.print, "voice_falsified", "falsified_share")
        held: dict[str, Any] = {
            f"{side}_held": self.print.figure("private_consensus", side) for side in _SIDES
        }
        yield both(self.print, "voice_consensus", "visible_consensus", **held)

    def claimed(self) -> Iterator[Markup]:
        for key, name, counts in (
            ("claimed", "breaches", True),
            ("claimed_unwilling", "unwilling_breaches", True),
            ("claimed_arrears", "arrears_share", False),
            ("claimed_repayment", "repayment", False),
            ("claimed_thin", "thin_grant_rate", False),
            ("claimed_favours", "cooperation", False),
        ):
            if self._known(name):
                yield both(self.print, key, name, counts=counts)


_SIDES = ("base", "other")
