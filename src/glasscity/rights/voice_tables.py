"""Tables of what speech loses, and of trust and cooperation, against the twin."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from glasscity.rights.definition import VOICE
from glasscity.rights.measures import MEASURES
from glasscity.rights.tabulate import Pair, Rows, Table, number, share, table
from glasscity.rights.view import View

__all__ = ["MAKERS"]

_CHILL = (
    "chilled_share",
    "indirect_chill_share",
    "total_chill_share",
    "indirect_of_chill",
    "visible_consensus",
    "shadow_consensus",
    "private_consensus",
)
_TRUST_ONE = 65_535
_COMPARED = {
    "value": ("this run", "share", ""),
    "twin": ("unscored", "share", "the same in the twin"),
    "difference": ("difference", "share", "this run less the twin"),
}


def _compared(here: float | None, there: float | None) -> dict[str, Any]:
    gap = None if here is None or there is None else here - there
    return {"value": here, "twin": there, "difference": gap}


def chill(pair: Pair) -> Table:
    """Return direct, indirect and total chill, and three kinds of approval."""
    rows: Rows = []
    for name in _CHILL:
        one = MEASURES[name]
        here = number(one.compute(pair.view)[0])
        there = None if pair.twin is None else number(one.compute(pair.twin)[0])
        row = {"what": one.title.lower(), "of": one.denominator}
        rows.append(row | _compared(here, there))
    columns = {"what": ("what", "", ""), "of": ("share of", "", ""), **_COMPARED}
    about = (
        "Criticism kept back for one's own fear, because others keep back theirs, and in all. "
        "Fear exists where nobody is scored, too: only the difference belongs to the regime."
    )
    return table(pair.run, "chill", "What speech loses", about, columns, rows, VOICE)


def _of_citizens(view: View, measure: str, one: int) -> float | None:
    """Return last month's mean over citizens; None where strangers never meet."""
    met = view.total("strangers_met")[0]
    return share(view.last(measure)[0], one * int(view.citizens[0])) if met else None


_TRUST: Mapping[str, tuple[str, str, Callable[[View], float | None]]] = {
    "believed": (
        "believed share of strangers who help",
        "mean over citizens, last month",
        lambda v: _of_citizens(v, "trust_sum", _TRUST_ONE),
    ),
    "true": (
        "true share who keep trust",
        "of citizens, last month",
        lambda v: _of_citizens(v, "keepers", 1),
    ),
    "favours": (
        "favours done",
        "of meetings with strangers, whole run",
        lambda v: share(v.total("favours")[0], v.total("strangers_met")[0]),
    ),
    "refused": (
        "favours refused for a score or listing",
        "of meetings with strangers, whole run",
        lambda v: share(v.total("favours_refused_by_score")[0], v.total("strangers_met")[0]),
    ),
}


def trust(pair: Pair) -> Table:
    """Return trust and cooperation among strangers, run against twin."""
    rows: Rows = []
    for title, of, compute in _TRUST.values():
        there = None if pair.twin is None else compute(pair.twin)
        rows.append({"what": title, "of": of} | _compared(compute(pair.view), there))
    columns = {"what": ("what", "", ""), "of": ("share of", "", ""), **_COMPARED}
    about = "Whether strangers trust each other, whether they may, and what they do for each other."
    grades = ("behaviour.keeps_median", "behaviour.gossip", "behaviour.favour_benefit")
    return table(pair.run, "trust", "Trust and favours", about, columns, rows, grades)


MAKERS: tuple[Callable[[Pair], Table], ...] = (chill, trust)
