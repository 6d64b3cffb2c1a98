"""What stands where: the sections of the page, their charts, and the table behind each chart."""

from __future__ import annotations

from dataclasses import dataclass

from glasscity.terms import CAUSE_GROUPS, CAUSES, CLASSES, LISTING_CAUSES

__all__ = ["LAYOUT", "Place", "Section"]


@dataclass(frozen=True)
class Place:
    """A chart's place: its table, the columns shown of it, and the option it is drawn with."""

    chart: str
    table: str
    columns: tuple[str, ...] = ()
    group: str = ""
    grouping: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What the page calls the chart."""
        return f"{self.chart}-{self.group}" if self.group else self.chart


@dataclass(frozen=True)
class Section:
    """A section: its name in ``words.SECTIONS``, its charts, tables of its own."""

    name: str
    charts: tuple[Place, ...] = ()
    tables: tuple[str, ...] = ()
    # Left out where all its tables are empty.
    optional: bool = False


def _monthly(*names: str) -> tuple[str, ...]:
    return ("month", *(column for name in names for column in (name, f"twin_{name}")))


_HIT = (
    "citizens",
    "restricted_share",
    "restricted_share_without_rank",
    "closed_gate_months",
    "listed_stock",
    "denial_rate",
    "twin_denial_rate",
    "chilled_share",
    "twin_chilled_share",
    "falsified_share",
    "thin_grant_rate",
    "twin_thin_grant_rate",
    "enrolled_share",
    "bottom_decile_escape",
)
_NOT_PROVINCES = ("quintile", "age", "area", "camp")

LAYOUT = (
    Section(
        "shut_out",
        (
            Place(
                "shut_out", "monthly", ("month", "restricted", "restricted_without_rank", "listed")
            ),
            Place("survival", "spells"),
            Place("closed", "gates", ("gate", "sphere", "closed_share", "closed_months")),
        ),
        ("spell_quantiles",),
    ),
    Section(
        "groups",
        (
            Place("groups", "groups", ("grouping", "group", *_HIT), grouping=_NOT_PROVINCES),
            Place("provinces", "groups", ("group", *_HIT), grouping=("province",)),
        ),
        ("exposure",),
    ),
    Section(
        "refused",
        (
            Place(
                "refused",
                "gates",
                (
                    "gate",
                    "sphere",
                    "applications",
                    "denials",
                    "by_rule",
                    "denial_rate",
                    "twin_denial_rate",
                    "difference",
                ),
            ),
            Place("denials", "gates", ("gate", "denial_rate", "twin_denial_rate", "difference")),
            Place("causes", "denial_groups"),
            *(
                Place(
                    "causes_by_gate",
                    "gates",
                    ("gate", "denials", f"{group}_lower", f"{group}_upper", f"{group}_of_rule"),
                    group=group,
                )
                for group in CAUSE_GROUPS
            ),
            Place("classes", "gates", ("gate", "denials", *CLASSES)),
            Place("shapley", "causes", ("gate", "caused", *CAUSES)),
        ),
    ),
    Section(
        "lists",
        (
            Place(
                "listings",
                "lists",
                ("list", "entries", *LISTING_CAUSES),
            ),
        ),
        ("lists", "sincerity"),
    ),
    Section(
        "voice",
        (
            Place("chilled", "monthly", _monthly("chilled", "falsified")),
            Place("voices", "monthly", _monthly("criticise", "silent", "praise")),
            Place("consensus", "monthly", ("month", "visible_consensus", "private_consensus")),
            Place("chill_split", "monthly", _monthly("chilled_total", "chilled_indirect")),
        ),
        ("chill",),
    ),
    Section(
        "others",
        (
            Place("operators", "operators_joint"),
            Place("displays", "monthly", ("month", "displays")),
            Place("dating", "dating"),
        ),
        ("operators", "display", "deciles"),
    ),
    Section("perks", (Place("perk_holders", "perk_holders"),), ("perks",)),
    Section("points", tables=("band_shares", "deeds", "points_taken"), optional=True),
    Section("households", (Place("households", "households"),)),
    Section(
        "claimed",
        (
            Place("benefit", "benefit"),
            Place("breaches", "monthly", _monthly("breaches", "late", "in_debt", "out_of_work")),
            Place("inclusion", "inclusion"),
        ),
        ("trust",),
    ),
    Section(
        "score",
        (Place("adoption", "adoption"), Place("scores", "scores")),
        ("ties_statistics", "rank_mobility"),
    ),
    Section("record", tables=("spheres", "sources")),
    Section("limits", tables=("safeguards", "manipulations"), optional=True),
)
