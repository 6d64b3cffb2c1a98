"""Find citizens of a stored run whose lives are worth retelling.

A filter names a condition and orders those who meet it; filters joined with ``+`` must all be met,
and the first of them gives the order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from glasscity.errors import BadArgument, NotFound, nearest
from glasscity.results.outcome import EXITS
from glasscity.rights import life_words as words
from glasscity.terms import CAUSE_GROUPS, LISTING_CAUSES, VOICES

if TYPE_CHECKING:
    import polars as pl

    from glasscity.results.run import Run

__all__ = ["FILTERS", "Filter", "Found", "find"]

_OWN = sum(1 << LISTING_CAUSES.index(cause) for cause in ("unwilling", "unable", "mixed"))
_ERROR = sum(1 << LISTING_CAUSES.index(cause) for cause in ("false_alarm", "mix_up"))
_ASSOCIATION = 1 << CAUSE_GROUPS.index("association")


@dataclass(frozen=True)
class Found:
    """Why a citizen was found: the filter's number, its unit, the reason, the place in order."""

    number: float
    unit: str
    reason: str
    order: float


@dataclass(frozen=True)
class Filter:
    """A condition on citizens, and what it looks at."""

    name: str
    about: str
    compute: Callable[[Run], Mapping[int, Found]]


def find(run: Run, wanted: str, *, limit: int | None = None) -> list[dict[str, Any]]:
    """Return the citizens of a run that a filter finds.

    Parameters
    ----------
    run : Run
        A stored run.
    wanted : str
        A name of :data:`FILTERS`, or several joined with ``+``.
    limit : int, optional
        How many at most, from 1; all of them unless given.

    Returns
    -------
    list of dict
        ``citizen``; ``why``: for each filter ``filter``, ``number``, ``unit``, ``reason``;
        ``traits`` in the last month.  Best match of the first filter first.

    Raises
    ------
    NotFound
        If there is no such filter.
    BadArgument
        If the limit is no whole number from 1, or the run does not hold what a filter needs.
    """
    if limit is not None and (isinstance(limit, bool) or limit < 1):
        raise BadArgument(f"limit {limit} is outside its range", allowed="whole numbers from 1 up")
    names = wanted.split("+")
    for name in names:
        if name not in FILTERS:
            close = nearest(name, FILTERS)
            raise NotFound(
                f"there is no filter '{name[:60]}'",
                allowed=[*FILTERS, "or several joined with +"],
                allowed_label="Known",
                mend=f"did you mean '{close[0]}'?" if close else "name one of these",
            )
    met = [FILTERS[name].compute(run) for name in names]
    both = set(met[0]).intersection(*met[1:])
    order = sorted(both, key=lambda citizen: (*(-one[citizen].order for one in met), citizen))
    chosen = order[:limit]
    traits = _traits(run, chosen)
    return [
        {
            "citizen": citizen,
            "why": [
                {"filter": name, "number": f.number, "unit": f.unit, "reason": f.reason}
                for name, f in ((name, one[citizen]) for name, one in zip(names, met, strict=True))
            ],
            "traits": traits.get(citizen, {}),
        }
        for citizen in chosen
    ]


_TRAITS = ("province", "area", "quintile", "age", "occupation", "camp", "voice", "score", "rank")


def _traits(run: Run, citizens: list[int]) -> dict[int, dict[str, Any]]:
    import polars as pl

    people = run.people.filter(pl.col("citizen").is_in(citizens))
    kept = [name for name in _TRAITS if name in people.columns]
    return {
        int(row["citizen"]): {
            name: None
            if row[name] != row[name] or (name == "score" and not row[name])
            else row[name]
            for name in kept
        }
        for row in people.select("citizen", *kept).iter_rows(named=True)
    }


def _wrongly_listed(run: Run) -> dict[int, Found]:
    """Return those listed for nothing of their own, by the longest such listing.

    Its months are those in which gates were decided while it stood: an appeal is decided after the
    gates, every other exit before them.
    """
    import polars as pl

    names = {entry["sphere"]: entry["name"] for entry in run.meta["lists"]}
    start = str(run.scenario["start"])
    entries = run.listings.filter(pl.col("kind") == 0)
    detail = entries["detail"].to_numpy()
    wrong = entries.filter(pl.Series((detail & _ERROR > 0) & (detail & _OWN == 0)))
    rows = run.listings.filter(pl.col("citizen").is_in(wrong["citizen"].unique().to_list()))
    open_since: dict[tuple[int, str], tuple[int, int]] = {}
    best: dict[int, Found] = {}

    def close(key: tuple[int, str], months: int, how: str) -> None:
        since, causes = open_since.pop(key)
        if causes & _OWN or not causes & _ERROR:
            return
        why = [cause for k, cause in enumerate(LISTING_CAUSES) if (causes >> k) & 1]
        span = "1 month" if months == 1 else f"{months} months"
        reason = (
            f"{span} on the list {names.get(key[1], key[1])} from {words.date_of(start, since)} "
            f"on, with nothing behind it but: {words.listing_causes(why)}; {how}"
        )
        if key[0] not in best or best[key[0]].number < months:
            best[key[0]] = Found(months, "months", reason, months)

    # A register is in the order in which things happened: an appeal may end an entry of its month.
    for row in rows.sort("month", maintain_order=True).iter_rows(named=True):
        key = (int(row["citizen"]), str(row["list"]))
        month, detail_ = int(row["month"]), int(row["detail"])
        if row["kind"] == 0:
            open_since[key] = (month, detail_)
        elif key in open_since:
            how = EXITS[detail_]
            months = month - open_since[key][0] + (how == "appeal")
            close(key, months, words.EXIT[how])
    for key in list(open_since):
        close(key, run.months - open_since[key][0], "still listed in the last month")
    return best


def _fell_through_friends(run: Run) -> dict[int, Found]:
    """Return those refused what they would have got but for their ties, by how often."""
    import polars as pl

    rows = run.denials.filter(pl.Series(run.denials["lower"].to_numpy() & _ASSOCIATION > 0))
    counted = rows.group_by("citizen", "gate").len().sort("len", "gate", descending=[True, False])
    gates: dict[int, list[tuple[str, int]]] = {}
    for citizen, gate, count in counted.iter_rows():
        gates.setdefault(int(citizen), []).append((str(gate), int(count)))
    found: dict[int, Found] = {}
    for citizen, refused in gates.items():
        total = sum(count for _, count in refused)
        told = words.joined(f"{words.gate(gate)} ({count})" for gate, count in refused)
        reason = f"refused, and granted but for the scores and voice of ties: {told}"
        found[citizen] = Found(total, "refusals", reason, total)
    return found


def _silent_critic(run: Run) -> dict[int, Found]:
    """Return those silent in the last month who would criticise if unafraid, by their opinion."""
    import polars as pl

    people = _inner(run)
    if "unafraid_voice" in people.columns:
        chosen, told = pl.col("unafraid_voice") == "criticise", "would criticise if unafraid"
    else:
        chosen, told = pl.col("camp") == "critical", "holds a critical opinion"
    rows = people.filter((pl.col("voice") == "silent") & chosen).select("citizen", "opinion")
    reason = f"silent in the last month, and {told}"
    return {
        int(citizen): Found(round(opinion, 3), "opinion, -1 to 1", reason, -opinion)
        for citizen, opinion in rows.iter_rows()
    }


def _child_shut_out(run: Run) -> dict[int, Found]:
    """Return parents of children shut out of school for a parent's record, by the months."""
    import polars as pl

    people = _inner(run)
    if "child_months_shut_out" not in people.columns:
        raise BadArgument(
            "this run did not note whose children were shut out of school",
            where=str(run.path),
            mend="run it again with this version of Glasscity",
        )
    rows = people.filter(pl.col("child_months_shut_out") > 0)
    return {
        int(citizen): Found(
            int(months),
            "months",
            f"own children shut out of school for a parent's record in {months} months",
            months,
        )
        for citizen, months in rows.select("citizen", "child_months_shut_out").iter_rows()
    }


def _inner(run: Run) -> pl.DataFrame:
    """Return the people with what only the audit of a run knows of them, where it was kept.

    The one place that reads ``unafraid_voice`` (words, or codes of terms.VOICES) and
    ``child_months_shut_out`` of people.parquet.
    """
    import polars as pl

    people = run.people
    if "unafraid_voice" in people.columns and people["unafraid_voice"].dtype.is_integer():
        names = pl.Series([VOICES[code] for code in people["unafraid_voice"].to_list()])
        people = people.with_columns(names.alias("unafraid_voice"))
    return people


FILTERS: dict[str, Filter] = {
    one.name: one
    for one in (
        Filter(
            "wrongly-listed",
            "on a list for a recording error alone; longest first",
            _wrongly_listed,
        ),
        Filter(
            "fell-through-friends",
            "refused what they would have got but for their ties; most first",
            _fell_through_friends,
        ),
        Filter(
            "silent-critic",
            "silent in the last month, would criticise if unafraid; most critical first",
            _silent_critic,
        ),
        Filter(
            "child-shut-out",
            "own children shut out of school for a parent's record; most months first",
            _child_shut_out,
        ),
    )
}
