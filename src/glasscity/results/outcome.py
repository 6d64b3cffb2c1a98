"""What the engine hands over when the months are done: plain arrays, nothing else.

Codes are those of :mod:`glasscity.terms`.  Months count from 0, the first month of the run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from glasscity.terms import CAUSES, GATES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from glasscity.results.cube import Cube

__all__ = [
    "COUPLE_SUMS",
    "DECILE_COLUMNS",
    "EXITS",
    "REGISTERS",
    "SCORE_BINS",
    "SHAPLEY_UNIT",
    "TIE_MOMENTS",
    "Outcome",
]

# Shapley values are whole multiples of this: the least common multiple of 1 to 15.
SHAPLEY_UNIT = 360_360
SCORE_BINS = 2048
# Every tie is seen from both ends: the sums run over ordered pairs, ``pairs`` counts those.
TIE_MOMENTS = ("ties", "sum_x", "sum_x2", "sum_xy", "pairs")
# Couples in which both have a score: how many; sums over both partners of the score, its square and
# the product with the other's; and what these sums would be, in 1/256, for as many couples drawn at
# random from the scored who looked for a partner in the same places and ages.
COUPLE_SUMS = ("couples", "sum_x", "sum_x2", "sum_xy", "blind_x", "blind_x2", "blind_xy")
# Counts of the scored by the tenth in which their score lay last month.
DECILE_COLUMNS = (
    "scored",
    "displays",
    "searching",
    "shown",
    "coupled",
    "perks",
    "dropped",
    "closed",
)
EXITS = ("performance", "appeal", "expiry", "correction", "repair")

# The columns of each register and their types; a column after the bar may be missing.
REGISTERS: Mapping[str, Mapping[str, str]] = {
    "denials": {
        "month": "u2",
        "citizen": "u8",
        "gate": "u1",
        "butfor": "u2",
        "sufficient": "u2",
        "involved": "u2",
        "lower": "u1",
        "klass": "u1",
        "rule": "u1",
    },
    "listings": {"month": "u2", "citizen": "u8", "list": "u1", "kind": "u1", "detail": "u1"},
    "spells": {"month": "u2", "citizen": "u8", "kind": "u1", "before": "u2"},
}
OPTIONAL = frozenset({("denials", "rule"), ("spells", "before")})
_KINDS = ("province", "area", "quintile", "age", "camp")


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """Everything that a finished run leaves behind.

    Attributes
    ----------
    cube : Cube
        Counts by month, cell and row.
    months : int
        Months run.
    denials : mapping of arrays
        One entry for each denial with at least one live cause: ``month``, ``citizen``, ``gate``;
        ``butfor``, ``sufficient``, ``involved`` (bit k is ``CAUSES[k]``); ``lower`` (bit g: no
        longer denied when every cause of group g, of ``CAUSE_GROUPS`` and then
        ``MORE_CAUSE_GROUPS``, is neutral); ``klass`` (code of ``CLASSES``); ``rule``: 1 if own
        screening alone would have granted (without this column, bit 5 of ``lower`` says so, and
        there are no later groups).
    listings : mapping of arrays
        ``month``, ``citizen``, ``list`` (code of its sphere), ``kind`` (0 entry, 1 exit),
        ``detail`` (entry: bit k is ``LISTING_CAUSES[k]``; exit: code of :data:`EXITS`).
    spells : mapping of arrays
        Changes of being restricted: ``month``, ``citizen``, ``kind`` (0 start: restricted from
        this month on; 1 end: no longer restricted this month) and, where a spell is older than
        the run, ``before`` (months already spent, on a start in month 0).
    shapley : int64[months, 18, 15]
        Shapley values of the causes summed over denials, in 1/360360.
    score_histogram : int64[months, 2048]
        Citizens by score; bin 0 holds those without one.
    tie_moments : int64[months, 5]
        Columns :data:`TIE_MOMENTS`, over ties with a score at both ends.
    couples : int64[months, 7]
        Columns :data:`COUPLE_SUMS`, over couples with a score on both sides.
    deciles : int64[months, 10, 8]
        Columns :data:`DECILE_COLUMNS`, by tenth of last month's scores, the lowest first.
    panel_ids : uint[panel], ascending
        Citizens whose scores are kept month by month.
    panel_scores : uint16[months, panel]
        Their scores; 0 = none.
    people : mapping of arrays of one length
        Last month's citizens (or a panel): ``citizen`` ascending, the codes ``province``,
        ``area``, ``quintile``, ``age``, ``camp``, and anything else worth keeping.
    state_sums : uint64[months]
        Order-free sums of a keyed hash of every citizen's state (part of the digest).
    meta : mapping, fit for JSON
        ``citizens``, ``gate_spheres`` (18 names), ``has_score``, ``lists`` (name, sphere,
        min_gravity, from_month), ``first_scored_month``, ``score_range``, ``panel`` ("all", or
        how it was drawn), ``bands`` (name to lowest points, of the score that people had last),
        ``attributed`` (1, or n where one citizen in n has denials attributed),
        ``resumed_from_month``; and what was in force: ``points`` (whether the score was an account
        of points), ``perks`` (name, gate, points in the last
        month), ``operators`` (names of the private ones), ``dating`` (whether a site looks at
        scores), ``safeguards`` and ``manipulations`` (name to strength).
    """

    cube: Cube
    months: int
    denials: Mapping[str, NDArray[Any]]
    listings: Mapping[str, NDArray[Any]]
    spells: Mapping[str, NDArray[Any]]
    shapley: NDArray[np.int64]
    score_histogram: NDArray[np.int64]
    tie_moments: NDArray[np.int64]
    couples: NDArray[np.int64]
    deciles: NDArray[np.int64]
    panel_ids: NDArray[Any]
    panel_scores: NDArray[np.uint16]
    people: Mapping[str, NDArray[Any]]
    state_sums: NDArray[np.uint64]
    meta: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse arrays whose shapes do not fit together: found late, they would cost a run."""
        shapes = {
            "shapley": (self.months, len(GATES), len(CAUSES)),
            "score_histogram": (self.months, SCORE_BINS),
            "tie_moments": (self.months, len(TIE_MOMENTS)),
            "couples": (self.months, len(COUPLE_SUMS)),
            "deciles": (self.months, 10, len(DECILE_COLUMNS)),
            "panel_scores": (self.months, len(self.panel_ids)),
            "state_sums": (self.months,),
        }
        for name, shape in shapes.items():
            found = np.shape(getattr(self, name))
            if found != shape:
                raise ValueError(f"{name} has the shape {found}, not {shape}")
        for name, columns in REGISTERS.items():
            register = getattr(self, name)
            missing = [c for c in columns if c not in register and (name, c) not in OPTIONAL]
            if missing:
                raise ValueError(f"register '{name}' lacks the columns {', '.join(missing)}")
            _same_length(name, register)
        lacking = [name for name in ("citizen", *_KINDS) if name not in self.people]
        if lacking:
            raise ValueError(f"people lack the columns {', '.join(lacking)}")
        _same_length("people", self.people)
        if self.cube.months > self.months:
            raise ValueError(f"the cube has {self.cube.months} months, the run {self.months}")

    def digest(self) -> str:
        """Return the digest of the run (see :meth:`Cube.digest`)."""
        return self.cube.digest(self.state_sums)


def _same_length(name: str, columns: Mapping[str, NDArray[Any]]) -> None:
    lengths = {column: len(values) for column, values in columns.items()}
    if len(set(lengths.values())) > 1:
        raise ValueError(f"the columns of '{name}' differ in length: {lengths}")
