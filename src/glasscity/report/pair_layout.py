"""What stands where on the page of a pair: sections, their charts and the tables behind them."""

from __future__ import annotations

from dataclasses import dataclass

from glasscity.report.pair_pictures_groups import GROUPINGS

__all__ = ["PAIR_LAYOUT", "PairPlace", "PairSection"]


@dataclass(frozen=True)
class PairPlace:
    """A chart's place: its table, the columns shown of it, the lines kept."""

    chart: str
    table: str
    columns: tuple[str, ...] = ()
    grouping: tuple[str, ...] = ()
    outcome: str = ""


@dataclass(frozen=True)
class PairSection:
    """A section: its name in ``pair_words.SECTIONS``, its charts, and tables of its own."""

    name: str
    charts: tuple[PairPlace, ...] = ()
    tables: tuple[str, ...] = ()


def _both(*names: str) -> tuple[str, ...]:
    return tuple(f"{side}_{name}" for name in names for side in ("base", "other"))


_GAINED = ("grouping", "group", "citizens", "better", "unchanged", "worse", "mean")
_SPREAD = ("q0.05", "q0.5", "q0.95")

PAIR_LAYOUT = (
    PairSection(
        "shut_out",
        (
            PairPlace("shut_out", "monthly", ("month", *_both("restricted", "listed"))),
            PairPlace(
                "only", "shut_out", ("where", "ever", "ever_share", "last", "last_share", "months")
            ),
            PairPlace(
                "through",
                "through",
                ("what", "base_only", "base_share", "other_only", "other_share"),
            ),
            PairPlace("survival", "survival"),
        ),
        ("lengths",),
    ),
    PairSection(
        "gained",
        (
            PairPlace("histogram", "histogram"),
            PairPlace(
                "winners",
                "winners",
                (*_GAINED, *_SPREAD),
                GROUPINGS,
                "Months shut out of something",
            ),
            PairPlace("savings", "winners", (*_GAINED, *_SPREAD), GROUPINGS, "Savings"),
        ),
        ("people",),
    ),
    PairSection("groups", (PairPlace("groups", "groups", grouping=GROUPINGS),), ("groups",)),
    PairSection(
        "refused",
        (
            PairPlace(
                "moved",
                "gates",
                ("gate", "vanished", "appeared", "stayed", "net", "baseline_net"),
            ),
            PairPlace(
                "gates",
                "gates",
                ("gate", *_both("applications", "rate"), "difference", *_both("closed")),
            ),
            PairPlace("causes", "causes"),
        ),
        ("refusals",),
    ),
    PairSection("causation", (PairPlace("decomposition", "decomposition"),)),
    PairSection("bottom", tables=("trapped",)),
    PairSection("lists", tables=("lists", "sincerity")),
    PairSection("around", (PairPlace("touched", "households"),)),
    PairSection(
        "voice",
        (
            PairPlace("voices", "monthly", ("month", *_both("praise", "criticise", "silent"))),
            PairPlace("chilled", "monthly", ("month", *_both("chilled", "falsified"))),
        ),
        ("chill",),
    ),
    PairSection(
        "claimed",
        (
            PairPlace("benefit", "benefit"),
            PairPlace(
                "breaches",
                "monthly",
                ("month", *_both("breaches", "late", "in_debt", "out_of_work")),
            ),
            PairPlace("inclusion", "inclusion"),
        ),
        ("trust",),
    ),
    PairSection("floor", tables=("lives",)),
)
