"""What another set of rules spares one citizen, and what it changes for everybody.

Two stored runs of the same people and the same luck, looked at from one life: which refusals, which
months and which listings of the base are not there in the other run, and which are new.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from glasscity.errors import BadArgument
from glasscity.rights import life_words as words
from glasscity.rights.spells import spells_of
from glasscity.rights.view import View

if TYPE_CHECKING:
    from glasscity.results.run import Run

__all__ = ["TOLD", "VERDICTS", "for_everybody", "for_one", "most_changed"]

# What another set of rules does to one citizen, in terms of refusals with a cause and months shut
# out, taken together unless said.
VERDICTS = {
    "all": "neither a refusal nor a month is left, and nothing new has come",
    "refusals": "every refusal is gone, though doors stay closed by rule; nothing new has come",
    "part": "less is left, and nothing new has come",
    "other": "something is gone and something new has come, no more than before",
    "none": "as much is left",
    "worse": "there is more than before",
}
# Measures told of everybody beside one citizen's: harms first, then what the regime claims to do.
TOLD = (
    "restricted_share",
    "restricted_months_per_citizen",
    "wrongly_listed_share",
    "listings",
    "denials",
    "chilled_share",
    "breaches",
)


def for_one(base: Run, other: Run, citizen: int) -> dict[str, Any]:
    """Return what befell a citizen in both runs.

    Parameters
    ----------
    base, other : Run
        Runs that are a pair (:func:`glasscity.rights.pairable.check_pair`).
    citizen : int
        Somebody of the base.

    Returns
    -------
    dict
        ``citizen``; ``months_shut_out``, ``refusals``, ``listings``: ``base`` and ``other``;
        ``spared_months``, ``new_months``: months shut out in the base alone and in the other run
        alone; ``spared``, ``appeared``: refusals of one run alone, each with ``gate``, ``month``,
        ``date`` and ``but_for`` (groups of causes without which it would have been granted);
        ``prevented``: see :data:`VERDICTS`, None where nothing befell the citizen in the base.

    Raises
    ------
    BadArgument
        If the runs hold nothing of this citizen.
    """
    for run in (base, other):
        if not _holds(run, citizen):
            raise BadArgument(
                f"the run holds nothing of citizen {citizen}",
                where=str(run.path),
                allowed="citizens of the run; above ten million, those of its panel",
            )
    months = [_months(run, citizen) for run in (base, other)]
    refused = [_refusals(run, citizen) for run in (base, other)]
    entries = [_entries(run, citizen) for run in (base, other)]
    spared = [one for key, one in refused[0].items() if key not in refused[1]]
    appeared = [one for key, one in refused[1].items() if key not in refused[0]]
    lost, gained = months[0] - months[1], months[1] - months[0]
    return {
        "citizen": citizen,
        "months_shut_out": _both([len(one) for one in months]),
        "refusals": _both([len(one) for one in refused]),
        "listings": _both(entries),
        "spared_months": len(lost),
        "new_months": len(gained),
        "spared": spared,
        "appeared": appeared,
        "prevented": _prevented(months, refused, bool(gained or appeared)),
    }


def _prevented(
    months: list[set[int]], refused: list[dict[tuple[str, int], Any]], anything_new: bool
) -> str | None:
    before, after = (len(a) + len(b) for a, b in zip(months, refused, strict=True))
    if not before:
        return None
    if not after:
        return "all"
    if after > before:
        return "worse"
    if anything_new:
        return "other"
    if refused[0] and not refused[1]:
        return "refusals"
    return "part" if after < before else "none"


def for_everybody(base: Run, other: Run) -> dict[str, dict[str, Any]]:
    """Return the measures of :data:`TOLD` in both runs, and the difference, other less base.

    Returns
    -------
    dict of measure to dict
        ``base``, ``other``, ``difference`` (None = not estimable), ``title``, ``definition``,
        ``unit``, ``of``; ``sizes``: how many people stand behind each share, which is what decides
        how many of its digits mean anything.
    """
    from glasscity.rights.effects import effects
    from glasscity.rights.measures import MEASURES

    found = effects(base, other, by=()).nation
    listed = [int((run.people["lists"].to_numpy() > 0).sum()) for run in (base, other)]
    everybody = [base.citizens, other.citizens]
    return {
        name: {
            "base": found[name].base,
            "other": found[name].other,
            "difference": found[name].difference,
            "title": MEASURES[name].title,
            "definition": MEASURES[name].definition,
            "unit": MEASURES[name].unit,
            "of": MEASURES[name].denominator,
            "sizes": _both(listed if name == "wrongly_listed_share" else everybody),
        }
        for name in TOLD
    }


def most_changed(base: Run, other: Run, *, limit: int = 12) -> list[dict[str, Any]]:
    """Return whose months shut out differ most between two runs.

    Parameters
    ----------
    base, other : Run
        Runs that are a pair.
    limit : int
        How many at most; half of them from each end, as far as both have some.

    Returns
    -------
    list of dict
        ``citizen``, ``base``, ``other`` (months shut out), ``difference``; those whom the other
        run spares most first, ties by number.
    """
    from glasscity.rights.pairable import check_pair

    check_pair(base, other)
    citizens = base.people["citizen"].to_numpy()
    here, there = (run.people["months_shut_out"].to_numpy().astype(int) for run in (base, other))
    change = there - here
    order = np.lexsort((citizens, change))
    spared = [at for at in order[: limit - limit // 2] if change[at] < 0]
    burdened = [at for at in order[::-1][: limit // 2] if change[at] > 0]
    return [
        {
            "citizen": int(citizens[at]),
            "base": int(here[at]),
            "other": int(there[at]),
            "difference": int(change[at]),
        }
        for at in [*spared, *burdened]
    ]


def _holds(run: Run, citizen: int) -> bool:
    people = run.people["citizen"].to_numpy()
    at = int(np.searchsorted(people, citizen))
    return at < len(people) and int(people[at]) == citizen


def _both(values: list[int]) -> dict[str, int]:
    return {"base": values[0], "other": values[1]}


def _months(run: Run, citizen: int) -> set[int]:
    spells = spells_of(View(run))
    found: set[int] = set()
    for at in np.flatnonzero(spells.citizen == citizen):
        found.update(range(int(spells.start[at]), int(spells.end[at])))
    return found


def _refusals(run: Run, citizen: int) -> dict[tuple[str, int], dict[str, Any]]:
    import polars as pl

    from glasscity.rights.causes import GROUPS

    rows = run.denials.filter(pl.col("citizen") == citizen).sort("month", "gate")
    start = str(run.scenario["start"])
    found = {}
    for row in rows.iter_rows(named=True):
        gate, month = str(row["gate"]), int(row["month"])
        needed = [group for bit, group in enumerate(GROUPS) if row["lower"] >> bit & 1]
        found[gate, month] = {
            "gate": gate,
            "month": month,
            "date": words.date_of(start, month),
            "but_for": needed,
        }
    return found


def _entries(run: Run, citizen: int) -> int:
    import polars as pl

    return len(run.listings.filter((pl.col("citizen") == citizen) & (pl.col("kind") == 0)))
