"""Who stands behind a number: citizens of a stored run by what they are and what befell them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from glasscity.errors import BadArgument, NotFound
from glasscity.results.cube import GROUPINGS
from glasscity.rights.search import find
from glasscity.terms import CAUSE_GROUPS, GATES, VOICES

if TYPE_CHECKING:
    import polars as pl

    from glasscity.results.run import Run

__all__ = ["NOW", "Who", "groups_of", "who"]

# What a citizen can be found to be in the last month, and how the people's table says it.
NOW = {
    "shut-out": "shut out of something",
    "listed": "on a list",
    "recorded": "with something on record",
    "displayed": "showing the own score",
    "unscored": "without a score",
}
_TRAITS = ("province", "area", "quintile", "age", "occupation", "camp", "voice", "score", "rank")


@dataclass(frozen=True, kw_only=True)
class Who:
    """The citizens found: how many there are, and the first of them.

    Attributes
    ----------
    found : int
        All that fit.
    people : list of dict
        ``citizen``, ``why`` (see :func:`glasscity.find`; empty without a filter), ``traits``.
    """

    found: int
    people: list[dict[str, Any]]


def who(
    run: Run,
    *,
    filter: str = "",
    groups: Mapping[str, str] | None = None,
    voice: str = "",
    now: str = "",
    gate: str = "",
    cause: str = "",
    score_from: int | None = None,
    score_to: int | None = None,
    limit: int = 50,
) -> Who:
    """Return the citizens of a run who fit all that is asked for, as in the last month.

    Parameters
    ----------
    run : Run
        A stored run; above ten million citizens only its panel can be asked.
    filter : str
        A filter of :func:`glasscity.find`, or several joined with ``+``; gives the order too.
    groups : mapping
        Grouping (``province``, ``area``, ``quintile``, ``age``, ``camp``) to the group wanted.
    voice : str
        ``silent``, ``criticise`` or ``praise``.
    now : str
        One of :data:`NOW`.
    gate, cause : str
        Refused there at any time, and would have been granted but for that group of causes.
    score_from, score_to : int
        Scores from and to, both included.
    limit : int
        How many are described, from 1 to 1,000; ``found`` counts all of them.

    Raises
    ------
    NotFound
        If a name is unknown.
    BadArgument
        If the limit is outside its range.
    """
    import polars as pl

    if not 1 <= limit <= 1000:
        raise BadArgument(f"limit {limit} is outside its range", allowed="1 to 1000")
    people = run.people
    keep: list[pl.Expr] = []
    for kind, group in (groups or {}).items():
        if kind not in GROUPINGS:
            raise NotFound.among("grouping", kind, GROUPINGS)
        known = groups_of(run, kind)
        if group not in known:
            raise NotFound.among(kind, group, known)
        keep.append(pl.col(kind) == group)
    if voice:
        if voice not in VOICES:
            raise NotFound.among("voice", voice, VOICES)
        keep.append(pl.col("voice") == voice)
    if now:
        keep.append(_now(now))
    if score_from is not None:
        keep.append(pl.col("score") >= max(score_from, 1))
    if score_to is not None:
        keep.append(pl.col("score").is_between(1, score_to))
    chosen = people.filter(*keep) if keep else people
    if gate or cause:
        chosen = chosen.filter(pl.col("citizen").is_in(_refused(run, gate, cause).implode()))
    if filter:
        fit = set(chosen["citizen"].to_list())
        ordered = [one for one in find(run, filter) if one["citizen"] in fit]
        return Who(found=len(ordered), people=ordered[:limit])
    kept = [name for name in _TRAITS if name in chosen.columns]
    described = [
        {
            "citizen": int(row["citizen"]),
            "why": [],
            "traits": {
                name: None
                if row[name] != row[name] or (name in ("score", "rank") and not row["score"])
                else row[name]
                for name in kept
            },
        }
        for row in chosen.head(limit).select("citizen", *kept).iter_rows(named=True)
    ]
    return Who(found=len(chosen), people=described)


def groups_of(run: Run, kind: str) -> list[str]:
    """Return the names of the groups of a grouping, in their order."""
    words: Any = run.people[kind].dtype
    return words.categories.to_list()


def _now(name: str) -> pl.Expr:
    import polars as pl

    known = {
        "shut-out": pl.col("shut_out") > 0,
        "listed": pl.col("lists") > 0,
        "recorded": pl.col("on_record"),
        "displayed": pl.col("displayed"),
        "unscored": pl.col("score") == 0,
    }
    if name not in known:
        raise NotFound.among("state", name, known)
    return known[name]


def _refused(run: Run, gate: str, cause: str) -> pl.Series:
    """Return who was refused at a gate what would have been granted but for a group of causes."""
    import polars as pl

    rows = run.denials
    if gate:
        if gate not in GATES:
            raise NotFound.among("gate", gate, GATES)
        rows = rows.filter(pl.col("gate") == gate)
    if cause:
        if cause not in CAUSE_GROUPS:
            raise NotFound.among("group of causes", cause, CAUSE_GROUPS)
        bit = 1 << CAUSE_GROUPS.index(cause)
        rows = rows.filter(pl.Series(rows["lower"].to_numpy() & bit > 0))
    return rows["citizen"].unique()
