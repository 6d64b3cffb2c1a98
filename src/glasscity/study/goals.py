"""What a regime is weighed by: four harms and three claimed benefits, and who dominates whom.

Each harm is given over that of the regime as it stands, in the same world: 1 is the regime, 0 no
harm.  The harm index is their mean, each with the same weight; the harms stand beside it, so that
other weights can be taken.  Benefits are effects against the same people unscored, in their own
units, turned so that more is better for the regime's claim.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from glasscity.study.effects import RESPONSES, Response

__all__ = ["BENEFITS", "GOALS", "HARMS", "Goal", "dominated", "goals_of", "looked_at"]


@dataclass(frozen=True)
class Goal:
    """A harm or a benefit.

    Attributes
    ----------
    name, title : str
    response : str
        Of :data:`glasscity.study.effects.RESPONSES`.
    sign : int
        -1 where less of the response is the benefit; 1 otherwise.
    """

    name: str
    title: str
    response: str
    sign: int = 1

    def row(self) -> dict[str, Any]:
        """Return it as a row of a table."""
        about = RESPONSES[self.response]
        return {
            "goal": self.name,
            "kind": "harm" if self in HARMS else "benefit",
            "title": self.title,
            "unit": "share of the regime's own" if self in HARMS else about.unit,
            "definition": about.definition,
            "measures": list(about.measures),
        }


HARMS: tuple[Goal, ...] = (
    Goal("groundless", "Refused for what one did not breach", "groundless"),
    Goal("wrongful", "Refused for an error of record", "error_denied_share"),
    Goal("chill", "Critics kept silent", "chilled_of_critics"),
    Goal("children", "Children shut out for a parent", "child_months"),
)
BENEFITS: tuple[Goal, ...] = (
    Goal("onsets_avoided", "Unwillingness avoided", "onsets", -1),
    Goal("repayment", "Repayment gained", "repayment"),
    Goal("inclusion", "Loans to those nobody knew", "inclusion"),
)
# Besides, a reduction may be asked of these.
_MORE = ("closed_gate_months",)
# What a search trades off: the index, and each benefit by itself.
GOALS = ("harm", *(one.name for one in BENEFITS))


def looked_at() -> tuple[Response, ...]:
    """Return the responses that goals need."""
    names = [one.response for one in (*HARMS, *BENEFITS)] + list(_MORE)
    return tuple(RESPONSES[name] for name in names)


def goals_of(
    given: Mapping[str, float | None], base: Mapping[str, float | None]
) -> dict[str, float | None]:
    """Return every goal of a world.

    Parameters
    ----------
    given, base : mapping of response to float or None
        Of the world, and of the regime as it stands with the same people and luck.

    Returns
    -------
    dict
        ``harm`` (the index), each harm, each benefit, and ``closed_gate_months`` as a share of the
        regime's own.  A harm that the regime does not do at all is None and not in the index.
    """
    found: dict[str, float | None] = {}
    for one in HARMS:
        found[one.name] = _share(given[one.response], base[one.response])
    known = [value for value in found.values() if value is not None]
    found["harm"] = float(np.mean(known)) if known else None
    for one in BENEFITS:
        value = given[one.response]
        found[one.name] = None if value is None else one.sign * value
    for name in _MORE:
        found[name] = _share(given[name], base[name])
    return found


def _share(value: float | None, base: float | None) -> float | None:
    return None if value is None or not base else value / base


def dominated(
    rows: Sequence[Mapping[str, float | None]],
    *,
    goals: Sequence[str] = GOALS,
    tolerance: Mapping[str, float] | None = None,
) -> list[bool]:
    """Return of each row whether another is at least as good in every goal and better in one.

    Parameters
    ----------
    rows : sequence of mapping of goal to float or None
        Harms are better when smaller, benefits when larger.  A row with a None dominates nobody
        and is dominated by nobody.
    tolerance : mapping of goal to float, optional
        Differences up to that are no difference: at least as good means worse by no more, better
        means by more.
    """
    harms = {"harm", "closed_gate_months", *(one.name for one in HARMS)}
    table = np.array(
        [
            [
                np.nan if row[g] is None else (row[g] or 0.0) * (1 if g in harms else -1)
                for g in goals
            ]
            for row in rows
        ],
        dtype=float,
    ).reshape(len(rows), len(goals))
    slack = np.array([(tolerance or {}).get(goal, 0.0) for goal in goals])
    found = []
    for row in table:
        gain = row - table
        at_least, better = (gain >= -slack).all(axis=1), (gain > slack).any(axis=1)
        found.append(bool((at_least & better).any()))
    return found
