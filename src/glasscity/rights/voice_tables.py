"""Tables of what speech loses, and of trust and cooperation, against the twin."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from glasscity.rights.definition import VOICE
from glasscity.rights.measures import MEASURES
from glasscity.rights.tabulate import Pair, Rows, Table, number, table

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
_TRUST = (
    "believed_trust",
    "keepers_share",
    "trust_gap",
    "cooperation",
    "favours_refused_by_score_share",
)


def _against_twin(
    pair: Pair, names: Sequence[str], name: str, title: str, about: str, grades: tuple[str, ...]
) -> Table:
    """Return some shares, one a line, run against twin."""
    rows: Rows = []
    for measure in names:
        one = MEASURES[measure]
        here = number(one.compute(pair.view)[0])
        there = None if pair.twin is None else number(one.compute(pair.twin)[0])
        gap = None if here is None or there is None else here - there
        row: dict[str, Any] = {"what": one.title.lower(), "of": one.denominator}
        rows.append(row | {"value": here, "twin": there, "difference": gap})
    columns = {
        "what": ("what", "", ""),
        "of": ("share of", "", ""),
        "value": ("this run", "share", ""),
        "twin": ("unscored", "share", "the same in the twin"),
        "difference": ("difference", "share", "this run less the twin"),
    }
    return table(pair.run, name, title, about, columns, rows, grades)


def chill(pair: Pair) -> Table:
    """Return direct, indirect and total chill, and three kinds of approval."""
    about = (
        "Criticism kept back for one's own fear, because others keep back theirs, and in all. "
        "Fear exists where nobody is scored, too: only the difference belongs to the regime."
    )
    return _against_twin(pair, _CHILL, "chill", "What speech loses", about, VOICE)


def trust(pair: Pair) -> Table:
    """Return trust and cooperation among strangers, run against twin."""
    about = "Whether strangers trust each other, whether they may, and what they do for each other."
    grades = ("behaviour.keeps_median", "behaviour.gossip", "behaviour.favour_benefit")
    return _against_twin(pair, _TRUST, "trust", "Trust and favours", about, grades)


MAKERS: tuple[Callable[[Pair], Table], ...] = (chill, trust)
