"""The course of a run by group: the counts behind every share, month by month.

Shares are left to whoever shows them: a count over its whole is the same number wherever it is
divided, and counts take a third of the room.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from glasscity.results.cube import GROUPINGS
from glasscity.rights.definition import VOICE
from glasscity.rights.measures import MEASURES
from glasscity.rights.view import View

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from glasscity.results.run import Run

__all__ = ["MONTHLY", "WHOLES", "Course", "Monthly", "course", "scores"]

# What months' counts are shares of.
WHOLES: dict[str, tuple[str, Callable[[View], NDArray[np.int64]]]] = {
    "citizens": ("all citizens of the month", lambda view: view.monthly("citizens")),
    "listings": ("listings standing in the month", lambda view: view.monthly("listed_for")),
    "applications": ("applications of the month", lambda view: view.monthly("applications")),
}


@dataclass(frozen=True, kw_only=True)
class Monthly:
    """Something that is counted every month.

    Attributes
    ----------
    name, title, definition : str
        The key, a heading, and what exactly is counted.
    whole : str
        Key of :data:`WHOLES`: what it is a share of.
    count : callable
        View to int64[months, groups].
    measure : str
        The measure that is the last month's share; "" where there is none.
    kin : str
        The measure that counts the same over the whole run; "" where there is none.
    unit : {"share", "per_thousand"}
        How it is usually said.
    """

    name: str
    title: str
    definition: str
    count: Callable[[View], NDArray[np.int64]]
    whole: str = "citizens"
    measure: str = ""
    kin: str = ""
    unit: str = "share"

    @property
    def grades_from(self) -> tuple[str, ...]:
        """Parts of the scenario that the figure hangs on most."""
        named = self.measure or self.kin
        return MEASURES[named].grades_from if named else VOICE


def _of_measure(name: str, row: str, measure: str, **more: Any) -> Monthly:
    """Return the monthly course of a measure of the last month, under its own definition."""
    one = MEASURES[measure]
    more.setdefault("count", lambda view: view.monthly(row))
    return Monthly(name=name, title=one.title, definition=one.definition, measure=measure, **more)


def _wrong(view: View) -> NDArray[np.int64]:
    return view.monthly("listed_for", cause="false_alarm") + view.monthly(
        "listed_for", cause="mix_up"
    )


MONTHLY: tuple[Monthly, ...] = (
    _of_measure("restricted", "restricted", "restricted_share"),
    _of_measure(
        "restricted_without_rank", "restricted_without_rank", "restricted_share_without_rank"
    ),
    _of_measure("listed", "listed_any", "listed_stock"),
    _of_measure(
        "wrongly_listed", "listed_for", "wrongly_listed_share", count=_wrong, whole="listings"
    ),
    _of_measure("touched", "touched", "touched_share"),
    Monthly(
        name="refused",
        title="Applications refused",
        definition="Applications of the month refused, by own screening or by the regime.",
        count=lambda view: view.monthly("denials"),
        whole="applications",
        kin="denial_rate",
    ),
    Monthly(
        name="silent",
        title="Silent",
        definition="Citizens who neither praise nor criticise.",
        count=lambda view: view.monthly("silent"),
    ),
    _of_measure("chilled", "chilled", "chilled_share"),
    _of_measure("falsified", "falsified", "falsified_share"),
    Monthly(
        name="breaches",
        title="Breaches",
        definition="Breaches of any kind that began or happened in the month.",
        count=lambda view: view.monthly("breaches"),
        kin="breaches",
        unit="per_thousand",
    ),
    Monthly(
        name="unwilling_breaches",
        title="Unwilling breaches",
        definition="Breaches that began in a spell of unwillingness.",
        count=lambda view: view.monthly("unwilling_breaches"),
        kin="unwilling_breaches",
        unit="per_thousand",
    ),
    _of_measure("enrolled", "enrolled", "enrolled_share"),
    Monthly(
        name="displayed",
        title="Scores shown off",
        definition="Citizens who display their score in the month.",
        count=lambda view: view.monthly("displays"),
        kin="displays",
    ),
)


@dataclass(frozen=True, kw_only=True)
class Course:
    """Counts by group and month, of a run and of its twin.

    Attributes
    ----------
    groups : tuple of (kind, name)
        The nation first, ``("all", "all")``, then every one-way group.
    counts, twin : mapping of name to int64[groups, months]
        For each name of :data:`MONTHLY` and :data:`WHOLES`; ``twin`` is None where none was run.
    """

    groups: tuple[tuple[str, str], ...]
    counts: Mapping[str, NDArray[np.int64]]
    twin: Mapping[str, NDArray[np.int64]] | None


def course(run: Run) -> Course:
    """Return the course of a stored run by group.

    Parameters
    ----------
    run : Run
        A stored run.
    """
    views = [View(run), *(View(run, kind) for kind in GROUPINGS)]
    groups = [(view.by or "all", name) for view in views for name in view.names]
    twins = (
        None
        if run.twin is None
        else [View(run.twin), *(View(run.twin, kind) for kind in GROUPINGS)]
    )
    return Course(
        groups=tuple(groups),
        counts=_counts(views),
        twin=None if twins is None else _counts(twins),
    )


def _counts(views: list[View]) -> dict[str, NDArray[np.int64]]:
    makers = {one.name: one.count for one in MONTHLY} | {
        name: make for name, (_, make) in WHOLES.items()
    }
    return {
        name: np.concatenate([make(view) for view in views], axis=1).T
        for name, make in makers.items()
    }


def scores(run: Run, *, bars: int = 60) -> dict[str, Any] | None:
    """Return the distribution of scores, month by month.

    Parameters
    ----------
    run : Run
        A stored run.
    bars : int
        How many steps at most between the lowest and the highest score that anybody has.

    Returns
    -------
    dict or None
        ``from``: the lowest step's first score; ``width``: points of a step; ``counts``:
        int64[months, steps]; ``scored`` and ``sum``: citizens with a score and the sum of their
        scores, int64[months].  None where nobody ever has a score.
    """
    histogram = run.extras["score_histogram"][:, 1:]
    used = np.flatnonzero(histogram.sum(axis=0)) + 1
    if not used.size:
        return None
    lowest, highest = int(used[0]), int(used[-1])
    width = next((w for w in (1, 2, 5, 10, 20, 25, 50) if (highest - lowest) / w < bars), 50)
    first = lowest // width * width
    padded = np.concatenate([np.zeros((len(histogram), 1), histogram.dtype), histogram], axis=1)
    counts = np.add.reduceat(
        padded[:, first : highest + 1], np.arange(0, highest + 1 - first, width), axis=1
    )
    points = np.arange(padded.shape[1])
    return {
        "from": first,
        "width": width,
        "counts": counts,
        "scored": padded.sum(axis=1),
        "sum": padded @ points,
    }
