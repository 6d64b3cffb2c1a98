"""Tables of safeguards and of manipulation, for the scenarios that have them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from glasscity.rights.measures import MEASURES
from glasscity.rights.tabulate import Pair, Rows, Table, number, table

__all__ = ["MAKERS"]

# The measures in which each shows most.
_SAFEGUARDS: Mapping[str, tuple[str, ...]] = {
    "notice": ("listings", "listed_stock"),
    "appeals": ("wrong_upheld_share", "wrongly_listed_share"),
    "correction": ("guard_withdrawn", "error_on_record_share"),
    "expiry": ("listed_stock", "spell_median_months"),
    "repair": ("exits_repair", "spell_median_months"),
    "firewall": ("spillover_share", "restricted_share"),
    "review": ("guard_lifted", "regime_denial_share"),
    "duration-cap": ("spell_median_months", "listed_stock"),
    "essentials": ("guard_opened", "closed_gate_months"),
}
_MANIPULATIONS: Mapping[str, tuple[str, ...]] = {
    "officials": ("favoured_share", "punished_share", "favour_share"),
    "gaming": ("gamed_share", "restricted_share"),
    "false-reports": ("false_reports", "error_share"),
}


def _table(
    pair: Pair, kind: str, shown: Mapping[str, tuple[str, ...]], title: str, about: str
) -> Table:
    rows: Rows = []
    for name, strength in pair.run.meta.get(kind, {}).items():
        for measure in shown[name]:
            one = MEASURES[measure]
            value = number(one.compute(pair.view)[0])
            rows.append(
                {
                    "name": name,
                    "strength": float(strength),
                    "what": one.title.lower(),
                    "count": None if value is None or not one.whole else int(value),
                    "share": value if one.unit == "share" else None,
                    "months": value if one.unit == "months" else None,
                }
            )
    columns = {
        "name": ("name", "", ""),
        "strength": ("strength", "share", "of citizens covered, or of the full effect"),
        "what": ("what shows it", "", ""),
        "count": ("count", "count", ""),
        "share": ("share", "share", ""),
        "months": ("months", "months", ""),
    }
    return table(pair.run, kind, title, about, columns, rows)


def safeguards(pair: Pair) -> Table:
    """Return the safeguards that were on and the measures that show what they did."""
    about = "Only a run without them, of the same seed, shows what they changed."
    return _table(pair, "safeguards", _SAFEGUARDS, "Safeguards that were on", about)


def manipulations(pair: Pair) -> Table:
    """Return the manipulation that was on and the measures that show what it did."""
    about = "Who bent scores in this run. Only a run without it, of the same seed, shows the rest."
    return _table(pair, "manipulations", _MANIPULATIONS, "Scores bent on purpose", about)


MAKERS: tuple[Callable[[Pair], Table], ...] = (safeguards, manipulations)
