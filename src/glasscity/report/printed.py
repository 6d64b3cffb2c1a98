"""Numbers as they stand on the page: text for people, and the exact value for machines.

Every number from the findings is printed as ``<data value="0.10608">10.6 %</data>`` with the name
of its figure, or inside a table that names itself, so that a test can find each one again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from glasscity.report import numbers, words
from glasscity.report.facts import Facts, label

if TYPE_CHECKING:
    from glasscity.rights import Column, Table

__all__ = ["Printer", "tagged"]

NOTHING = "not estimable"
DASH = "\N{EN DASH}"
# Columns that are a share of something other than citizens: the column that says of how many.
_OF = {
    "gates": {
        "denial_rate": "applications",
        "twin_denial_rate": "applications",
        "difference": "applications",
        "closed_share": None,
    },
    "lists": {},
    "sources": {"missed_share": "happened", "wrong_share": "recorded"},
    "causes": {},
    "denial_groups": {},
    "inclusion": {
        "thin_rate": "thin",
        "twin_thin_rate": "twin_thin",
        "thin_rate_difference": "thin",
        "all_rate": "all",
        "twin_all_rate": "twin_all",
        "all_rate_difference": "all",
    },
    "sincerity": {"wrong_upheld": "appeals"},
    "spell_quantiles": {"again": "spells"},
    "spells": {"surviving": "at_risk"},
    "scores": {},
    "benefit": {"change": "twin"},
    "rank_mobility": {},
    "operators": {"scored": None},
}
# What the other shares of a table are shares of.
_USUAL = {
    "gates": "denials",
    "lists": "entries",
    "causes": "caused",
    "denial_groups": "denials",
    "groups": "citizens",
    "rank_mobility": "citizens",
    "operators": "both",
    "operators_joint": "citizens",
    "deciles": "scored",
    "dating": "searching",
    "display": "scored",
    "perks": "grants",
    "perk_holders": "citizens",
    "households": "citizens",
}
_CALENDAR = ("monthly", "adoption", "scores", "display")


class Printer:
    """Print the numbers of one run.

    Parameters
    ----------
    facts : Facts
        Of the run.
    """

    def __init__(self, facts: Facts) -> None:
        self.facts = facts

    # Figures.
    def figure(self, name: str, field: str = "value") -> Markup:
        """Return a figure's value, its ``twin`` or its ``difference``."""
        one = self.facts.findings[name]
        value = getattr(one, field)
        if value is None:
            return Markup('<span class="none">{}</span>').format(NOTHING)
        return tagged(name, field, value, self._text(name, value, field))

    def interval(self, name: str) -> Markup:
        """Return a share of causes as its interval."""
        one = self.facts.findings[name]
        if one.interval is None:
            return self.figure(name)
        low, high = one.interval
        text = numbers.span(low, high, self.facts.size(name))
        return Markup(
            '<data class="number" data-figure="{}" data-field="interval" value="{} {}">{}</data>'
        ).format(name, repr(float(low)), repr(float(high)), text)

    def rounded(self, name: str, field: str = "value") -> Markup:
        """Return a count as a sentence says it: without the digits that chance makes."""
        value = getattr(self.facts.findings[name], field)
        if value is None:
            return self.figure(name, field)
        return tagged(name, field, value, numbers.rounded_count(value))

    def difference(self, name: str) -> Markup:
        """Return a figure's difference; for an interval, that of the lower ends, and said so."""
        one = self.facts.findings[name]
        if one.difference is None:
            return Markup(DASH)
        said = self.figure(name, "difference")
        return said + words.PAGE["lower_ends"] if one.interval is not None else said

    def rate(self, name: str) -> Markup:
        """Return a figure's value, or its interval where it has one."""
        has = self.facts.findings[name].interval is not None
        return self.interval(name) if has else self.figure(name)

    def of_group(self, row: Mapping[str, Any], name: str) -> Markup:
        """Return a measure of one group of citizens."""
        text = numbers.percent(row[name], row["citizens"])
        return Markup(
            '<data class="number" data-table="groups" data-group="{}/{}" data-column="{}" '
            'value="{}">{}</data>'
        ).format(row["grouping"], row["group"], name, repr(row[name]), text)

    def of_row(self, table: str, row: Mapping[str, Any], column: str, key: str) -> Markup:
        """Return one number of a table as a sentence says it."""
        about = next(one for one in self.facts.table(table).columns if one.name == column)
        text = self._cell_text(table, about, row, row[column])
        if about.unit == "months":
            text += " months"
        return Markup(
            '<data class="number" data-table="{}" data-row="{}" data-column="{}" '
            'value="{}">{}</data>'
        ).format(table, row[key], column, repr(row[column]), text)

    def _text(self, name: str, value: float, field: str) -> str:
        one = self.facts.findings[name]
        size = self.facts.size(name)
        if one.unit == "count":
            sign = "+" if field == "difference" and value > 0 else ""
            return sign + numbers.count(value)
        if one.unit == "share":
            if field != "difference":
                return numbers.percent(value, size)
            return numbers.points(value, float(one.value or 0.0), size)
        sign = "+" if field == "difference" and value > 0 else ""
        if name == "spell_median_months":
            return sign + numbers.whole(value)
        unit = " months" if one.unit == "months" else ""
        return sign + numbers.plain(value, size) + unit

    def of(self, name: str) -> str:
        """Return what a figure is of, as a sentence; "" for counts."""
        of = self.facts.findings[name].denominator
        if not of:
            return ""
        return (
            f"{of[0].upper()}{of[1:]}." if of.startswith("per ") else f"{words.COLUMNS['of']} {of}."
        )

    # Tables.
    def cell(self, table: Table, column: Column, row: Mapping[str, Any]) -> Markup:
        """Return one cell of a table."""
        value = row[column.name]
        if value is None:
            return Markup('<span class="none" title="{}">{}</span>').format(NOTHING, DASH)
        if column.name == "month" and table.name in _CALENDAR:
            name = self.facts.calendar.name(int(value))
            return Markup('<data value="{}">{}</data>').format(value, name)
        if isinstance(value, str):
            # Lists, bands and provinces have names of their own, which may be words of the model.
            named = column.name in ("list", "band") or row.get("grouping") == "province" != value
            return Markup("{}").format(value if named else label(value))
        text = self._cell_text(table.name, column, row, value)
        exact = value if isinstance(value, int) else f"{value:.9g}"
        return Markup('<data value="{}">{}</data>').format(exact, text)

    def _cell_text(self, table: str, column: Column, row: Mapping[str, Any], value: float) -> str:
        if column.unit == "share":
            size = self._size(table, column.name, row)
            if column.name in {"difference", "thin_rate_difference", "all_rate_difference"}:
                beside = column.name[:-11] or ("denial_rate" if table == "gates" else "value")
                return numbers.points(value, float(row.get(beside) or 0.0), size)
            if column.name == "change":
                return ("+" if value > 0 else "") + numbers.percent(value, size)
            return numbers.percent(value, size)
        if isinstance(value, int) or column.unit in {"count", "points"}:
            sign = "+" if column.name == "difference" and value > 0 else ""
            return sign + numbers.count(value)
        if column.unit == "ratio":
            return numbers.plain(value, row.get("entries") or row.get("coupled") or 1)
        size = row.get("citizens") or row.get("both") or self.facts.citizens
        return numbers.plain(value, float(size))

    def _size(self, table: str, column: str, row: Mapping[str, Any]) -> float:
        key = _OF.get(table, {}).get(column, _USUAL.get(table))
        found = row.get(key) if key else None
        size = float(self.facts.citizens if found is None else found)
        return max(min(size, float(self.facts.citizens)), 1.0)


def tagged(name: str, field: str, value: float, text: str) -> Markup:
    """Return a number of a figure, marked with the figure's name and the exact value."""
    return Markup(
        '<data class="number" data-figure="{}" data-field="{}" value="{}">{}</data>'
    ).format(name, field, repr(value), text)
