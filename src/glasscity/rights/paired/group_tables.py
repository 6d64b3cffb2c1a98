"""Tables of a pair by group: who is hit in each world with an interval, who gains, who loses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from glasscity.rights.paired.beside import made, named
from glasscity.rights.paired.noise import PEOPLE, Noise, judged, of_people
from glasscity.rights.paired.source import Paired
from glasscity.rights.tabulate import Rows, Table, share

__all__ = ["MAKERS"]

# Measures shown for each group beside the share shut out.
_MEASURES = (
    ("denial_rate", "refused", "of applications, whole run"),
    ("chilled_share", "criticism kept back", "of the group's citizens, last month"),
    ("thin_grant_rate", "credit for those nobody knew", "granted, of such applications"),
)
_GAINED = ("months_shut_out", "denials", "liquidity")


def groups(paired: Paired) -> Table:
    """Return the share of each group shut out in both worlds, the difference and its interval."""
    here, there = (run.people["shut_out"].to_numpy() > 0 for run in (paired.base, paired.other))
    values = paired.comparison["values_by_group"]
    rows: Rows = []
    for grouping, name, own in _members(paired):
        size = int(own.sum())
        if not size:
            continue
        low, high = here[own], there[own]
        change = high.astype(np.int64) - low
        difference, error = float(change.mean()), of_people(change)
        row: dict[str, Any] = {
            "grouping": grouping,
            "group": name,
            "citizens": size,
            "base": float(low.mean()),
            "other": float(high.mean()),
            "difference": difference,
            "low": difference - error,
            "high": difference + error,
            "verdict": judged(difference, Noise(error, PEOPLE, None)).value,
        }
        known = values.get(grouping, {}).get(name, {})
        for measure, *_ in _MEASURES:
            for side in ("base", "other"):
                row[f"{side}_{measure}"] = known[measure][side] if measure in known else None
        rows.append(row)
    columns: dict[str, tuple[str, ...]] = {
        "grouping": ("by", "", ""),
        "group": ("group", "", ""),
        "citizens": ("citizens", "count", "of those compared"),
        "base": (f"shut out: {paired.names[0]}", "share", "of the group, last month", "citizens"),
        "other": (f"shut out: {paired.names[1]}", "share", "of the group, last month", "citizens"),
        "difference": ("difference", "difference", "second less first", "citizens"),
        "low": ("from", "difference", "95 % interval of the difference", "citizens"),
        "high": ("to", "difference", "95 % interval of the difference", "citizens"),
        "verdict": ("verdict", "", "clear: beyond the interval's half width"),
    }
    for measure, words, about in _MEASURES:
        for side, world in zip(("base", "other"), paired.names, strict=True):
            columns[f"{side}_{measure}"] = (f"{words}: {world}", "share", about, "citizens")
    about = (
        "Shut out of something in the last month, group by group, in both worlds. The interval "
        "treats citizens as independent of each other, which households and ties are not quite. "
        "Tenths of a score sort people by what one of the worlds gave them: those at its bottom "
        "gain in the other partly by construction, so both sortings are given."
    )
    return made(paired, "groups", "Who is hit, by group", about, columns, rows, _like(paired))


def _members(paired: Paired) -> Iterator[tuple[str, str, Any]]:
    for grouping, (codes, names) in paired.persons.groups.items():
        for at, name in enumerate(names):
            yield grouping, name, codes == at


def _like(paired: Paired) -> tuple[Table, Table]:
    return named(paired, "groups")


def winners(paired: Paired) -> Table:
    """Return who is better and worse off, by group and outcome."""
    rows: Rows = []
    for outcome in _GAINED:
        one = paired.comparison["people"].get(outcome)
        if one is None:
            continue
        for grouping, by_name in one["by_group"].items():
            for name, found in by_name.items():
                if not found["of"]:
                    continue
                row: dict[str, Any] = {
                    "outcome": one["title"],
                    "grouping": grouping,
                    "group": name,
                    "citizens": int(found["of"]),
                }
                for key in ("better", "unchanged", "worse"):
                    row[key] = share(found[key], found["of"])
                row["mean"] = found["mean_difference"]
                row |= {f"q{q}": found["quantiles"][q] for q in ("0.05", "0.5", "0.95")}
                rows.append(row)
    there = paired.names[1]
    columns: dict[str, tuple[str, ...]] = {
        "outcome": ("outcome", "", ""),
        "grouping": ("by", "", ""),
        "group": ("group", "", ""),
        "citizens": ("citizens", "count", "compared"),
        "better": (f"better off under {there}", "share", "of the group", "citizens"),
        "unchanged": ("no difference", "share", "of the group", "citizens"),
        "worse": (f"worse off under {there}", "share", "of the group", "citizens"),
        "mean": ("mean difference", "number", "in the outcome's unit"),
        "q0.05": ("5 %", "number", "difference that 5 in 100 do not exceed"),
        "q0.5": ("50 %", "number", "the median difference"),
        "q0.95": ("95 %", "number", "difference that 95 in 100 do not exceed"),
    }
    about = (
        "Fewer months shut out, fewer refusals and more savings are better. Differences are in "
        "months, refusals and months of own spending."
    )
    return made(paired, "winners", "Who gains, who loses, by group", about, columns, rows)


MAKERS: tuple[Callable[[Paired], Table], ...] = (groups, winners)
