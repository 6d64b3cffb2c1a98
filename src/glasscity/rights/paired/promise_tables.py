"""Tables of what was promised: the benefit, the state's own sincerity, households and children."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from glasscity.rights.measures import MEASURES
from glasscity.rights.paired.beside import beside, made, named, turned
from glasscity.rights.paired.figures import PairFigure, pair_figures
from glasscity.rights.paired.noise import judged, noise_of
from glasscity.rights.paired.source import Paired
from glasscity.rights.tabulate import Rows, Table

__all__ = ["MAKERS"]

_CHILL = (
    "chilled_share",
    "chilled_of_critics",
    "indirect_chill_share",
    "total_chill_share",
    "falsified_share",
    "induced_praise_share",
    "visible_consensus",
    "private_consensus",
    "list_experiment_gap",
)
_TRUST = (
    "cooperation",
    "believed_trust",
    "keepers_share",
    "trust_gap",
    "favours_refused_by_score_share",
)


def benefit(paired: Paired) -> Table:
    """Return the claimed benefit in counts, both worlds, with what chance might do."""
    variance = paired.comparison.get("variance") or {}
    there = {row["what"]: row for row in named(paired, "benefit")[1].rows}
    called = {MEASURES[name].title.lower(): name for name in MEASURES}
    rows: Rows = []
    for row in named(paired, "benefit")[0].rows:
        what = str(row["what"])
        sides = int(row["value"]), int(there[what]["value"])
        noise = noise_of(
            called.get(what, ""),
            "count",
            sides,
            (1, 1),
            variance=variance,
            placebo=paired.placebo,
        )
        gap = sides[1] - sides[0]
        rows.append(
            {
                "what": what,
                "base": sides[0],
                "other": sides[1],
                "difference": gap,
                "error": noise.error,
                "change": gap / sides[0] if sides[0] else None,
                "change_error": noise.error / sides[0] if sides[0] and noise.error else None,
                "verdict": judged(gap, noise).value,
            }
        )
    columns: dict[str, tuple[str, ...]] = {
        "what": ("what", "", ""),
        "base": (paired.names[0], "count", "whole run"),
        "other": (paired.names[1], "count", "whole run"),
        "difference": ("difference", "count", "second less first"),
        "error": ("give or take", "count", "half of the 95 % interval over seeds"),
        "change": ("change", "change", "of the first", "base"),
        "change_error": ("give or take", "change", "of the first", "base"),
        "verdict": ("verdict", "", ""),
    }
    about = (
        "What keeping trust is meant to bring: broken obligations, spells of unwillingness and of "
        "inability, repayment, suits. Fewer breaches are better; the list says it with either sign."
    )
    title = "The claimed benefit, in counts"
    return made(paired, "benefit", title, about, columns, rows, named(paired, "benefit"))


def _measured(paired: Paired, names: tuple[str, ...], called: str, title: str, about: str) -> Table:
    rows = [_line(one) for name, one in pair_figures(paired).items() if name in names]
    columns: dict[str, tuple[str, ...]] = {
        "what": ("what", "", ""),
        "of": ("share of", "", ""),
        "base": (paired.names[0], "share", ""),
        "other": (paired.names[1], "share", ""),
        "difference": ("difference", "difference", "second less first"),
        "error": ("give or take", "difference", "half of the 95 % interval over seeds"),
        "verdict": ("verdict", "", ""),
    }
    return made(paired, called, title, about, columns, rows)


def _line(one: PairFigure) -> dict[str, Any]:
    return {
        "what": one.title.lower(),
        "of": one.denominator,
        "base": one.base,
        "other": one.other,
        "difference": one.difference,
        "error": one.noise.error,
        "verdict": one.verdict.value,
    }


def chill(paired: Paired) -> Table:
    """Return what speech loses in both worlds."""
    about = (
        "Criticism kept back for one's own fear, because others keep back theirs, and in all; "
        "praise against one's opinion; approval as seen and as held."
    )
    return _measured(paired, _CHILL, "chill", "What speech loses", about)


def trust(paired: Paired) -> Table:
    """Return trust and favours among strangers in both worlds."""
    about = "Whether strangers trust each other, whether they may, and what they do for each other."
    return _measured(paired, _TRUST, "trust", "Trust and favours", about)


def inclusion(paired: Paired) -> Table:
    """Return credit for people nobody knew, by income, in both worlds."""
    return beside(
        paired,
        "inclusion",
        ("quintile",),
        ("thin", "thin_rate", "all", "all_rate"),
        called="inclusion",
        title="Credit for people nobody knew",
        definition="Loans and mortgages asked for and granted, with a thin file and in all.",
        of="thin",
    )


def sincerity(paired: Paired) -> Table:
    """Return the operator's own sincerity in both worlds."""
    title = "The operator's own sincerity"
    return turned(paired, "sincerity", called="sincerity", title=title)


def lists(paired: Paired) -> Table:
    """Return the lists of both worlds, by name."""
    return beside(
        paired,
        "lists",
        ("list",),
        ("entries", "wrong", "precision", "unwilling", "unable", "mixed", "false_alarm", "mix_up"),
        called="lists",
        title="List by list",
        definition="Whom the lists of both worlds catch, and what stands behind the entries.",
        of="entries",
    )


def households(paired: Paired) -> Table:
    """Return what members of the household and children bear, by income, in both worlds."""
    return beside(
        paired,
        "households",
        ("quintile",),
        ("citizens", "touched", "touched_unscored", "loss", "school_months", "school_lost"),
        called="households",
        title="Households and children",
        definition="What a refusal does to people around who did nothing and applied for nothing.",
        of="citizens",
    )


MAKERS: tuple[Callable[[Paired], Table], ...] = (
    benefit,
    chill,
    trust,
    inclusion,
    sincerity,
    lists,
    households,
)
