"""Numbers of a pair as they stand on the page: text for people, the exact value for machines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from glasscity.report import numbers
from glasscity.report.pair_facts import PairFacts
from glasscity.report.pair_words import VERDICTS
from glasscity.report.printed import DASH, NOTHING, tagged

if TYPE_CHECKING:
    from glasscity.rights import Column, Table
    from glasscity.rights.paired.figures import PairFigure

__all__ = ["PairPrinter"]

_NAMED = ("list", "world", "group_name")
_CALENDAR = ("monthly", "adoption")


class PairPrinter:
    """Print the numbers of a pair.

    Parameters
    ----------
    facts : PairFacts
        Of the pair.
    """

    def __init__(self, facts: PairFacts) -> None:
        self.facts = facts

    @property
    def here(self) -> Markup:
        """The base's name, as a sentence has it."""
        return _world(self.facts.names[0])

    @property
    def there(self) -> Markup:
        """The other world's name, as a sentence has it."""
        return _world(self.facts.names[1])

    # Figures.
    def figure(self, name: str, side: str) -> Markup:
        """Return a figure's value in ``base`` or ``other``; a share of causes as its interval."""
        one = self.facts.findings[name]
        value = getattr(one, side)
        if value is None:
            return Markup('<span class="none">{}</span>').format(NOTHING)
        ends = getattr(one, f"{side}_interval")
        size = self.facts.size(name, side)
        if ends is not None:
            text = numbers.span(ends[0], ends[1], size)
            return _spanned(name, f"{side}_interval", ends, text)
        return tagged(name, side, value, self._text(one, value, size))

    def rounded(self, name: str, side: str) -> Markup:
        """Return a count as a sentence says it: without the digits that chance makes."""
        value = getattr(self.facts.findings[name], side)
        if value is None:
            return self.figure(name, side)
        return tagged(name, side, value, numbers.rounded_count(value))

    def difference(self, name: str) -> Markup:
        """Return a figure's difference, signed, with the digits that its error supports."""
        one = self.facts.findings[name]
        if one.difference is None:
            return Markup('<span class="none">{}</span>').format(DASH)
        return tagged(name, "difference", one.difference, self._change(one, one.difference, "+"))

    def interval(self, name: str) -> Markup:
        """Return the 95 % interval of a figure's difference."""
        one = self.facts.findings[name]
        ends = one.interval
        if ends is None:
            return Markup('<span class="none">{}</span>').format(DASH)
        low, high = (self._change(one, end, "") for end in ends)
        text = f"{low.removesuffix(' points')} to {high}"
        return _spanned(name, "interval", ends, text)

    def floor(self, name: str) -> Markup:
        """Return how far the placebo moves a figure."""
        one = self.facts.findings[name]
        if one.noise.floor is None:
            return Markup('<span class="none">{}</span>').format(DASH)
        text = self._change(one, one.noise.floor, "")
        return tagged(name, "floor", one.noise.floor, text)

    def ratio(self, name: str) -> Markup:
        """Return what pairing left of the variance of a figure's difference."""
        ratio = self.facts.findings[name].variance_ratio
        if ratio is None:
            return Markup('<span class="none">{}</span>').format(DASH)
        return tagged(name, "ratio", ratio, f"{ratio:.2g}")

    def verdict(self, name: str) -> str:
        """Return what may be said of a figure's difference, in a word or two."""
        return VERDICTS[self.facts.findings[name].verdict.value]

    def of(self, name: str) -> str:
        """Return what a figure is of, as a sentence; "" for counts."""
        of = self.facts.findings[name].denominator
        if not of:
            return ""
        return f"{of[0].upper()}{of[1:]}." if of.startswith("per ") else f"Of {of}."

    def _text(self, one: PairFigure, value: float, size: float) -> str:
        if one.unit == "count":
            return numbers.count(value)
        if one.unit == "share":
            return numbers.percent(value, size)
        if one.name == "spell_median_months":
            return numbers.whole(value)
        unit = " months" if one.unit == "months" else ""
        return numbers.plain(value, size) + unit

    def _change(self, one: PairFigure, value: float, sign: str) -> str:
        plus = sign if value > 0 else ""
        if one.unit == "share":
            text = numbers.points_within(value, one.noise.error)
            return text if sign else text.removeprefix("+")
        return plus + numbers.within(value, one.noise.error)

    # Tables.
    def of_row(self, table: str, row: Mapping[str, Any], column: str, key: str) -> Markup:
        """Return one number of a table as a sentence says it."""
        about = next(one for one in self.facts.table(table).columns if one.name == column)
        if row[column] is None:
            return Markup('<span class="none">{}</span>').format(NOTHING)
        text = self.cell_text(about, row, row[column])
        return Markup(
            '<data class="number" data-table="{}" data-row="{}" data-column="{}" '
            'value="{}">{}</data>'
        ).format(table, row[key], column, repr(row[column]), text)

    def cell(self, table: Table, column: Column, row: Mapping[str, Any]) -> Markup:
        """Return one cell of a table."""
        value = row[column.name]
        if value is None:
            return Markup('<span class="none" title="{}">{}</span>').format(NOTHING, DASH)
        if column.name == "month" and table.name in _CALENDAR:
            name = self.facts.calendar.name(int(value))
            return Markup('<data value="{}">{}</data>').format(value, name)
        if isinstance(value, bool):
            return Markup("yes" if value else "no")
        if isinstance(value, str):
            if column.name == "verdict":
                return Markup("{}").format(VERDICTS.get(value, value))
            named = column.name in _NAMED or row.get("grouping") == "province" != value
            return Markup("{}").format(value if named else self.facts.label(value))
        exact = value if isinstance(value, int) else f"{value:.9g}"
        return Markup('<data value="{}">{}</data>').format(
            exact, self.cell_text(column, row, value)
        )

    def cell_text(self, column: Column, row: Mapping[str, Any], value: float) -> str:
        """Return a number of a table with the digits that what it is of supports."""
        unit = str(row.get("unit") or "") if column.unit == "mixed" else column.unit
        size = float((row.get(column.of) if column.of else None) or self.facts.citizens)
        size = max(min(size, float(self.facts.citizens)), 1.0)
        if unit == "share":
            return numbers.percent(value, size)
        if unit == "part":
            return f"{100 * value:.2g}{numbers.GAP}%"
        if unit == "difference":
            error = row.get("error", None if "low" not in row else row["high"] - row["difference"])
            return numbers.points_within(value, error or 2.0 * (0.25 / size) ** 0.5)
        if unit == "change":
            return ("+" if value > 0 else "") + numbers.percent(value, size)
        if unit == "count" or isinstance(value, int):
            sign = "+" if column.name == "difference" and value > 0 else ""
            return sign + numbers.count(value)
        if unit == "number":
            return numbers.within(value, None)
        return numbers.plain(value, float(row.get("citizens") or self.facts.citizens))


def _world(name: str) -> Markup:
    # A name is not to be broken at its hyphens.
    return Markup('<span class="world">{}</span>').format(name)


def _spanned(name: str, field: str, ends: tuple[float, float], text: str) -> Markup:
    return Markup(
        '<data class="number" data-figure="{}" data-field="{}" value="{} {}">{}</data>'
    ).format(name, field, repr(float(ends[0])), repr(float(ends[1])), text)
