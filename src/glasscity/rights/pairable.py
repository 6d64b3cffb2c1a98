"""Which two runs are a pair: the same people, months and luck, and nothing else to tell apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from glasscity.errors import BadArgument, DamagedRun

if TYPE_CHECKING:
    from collections.abc import Mapping

    from glasscity.results.run import Run

__all__ = ["check_pair"]

# What two runs must share, and what it is called in a message.  Strengths and the regime may differ
# and so may a fork's beginning.
_SHARED = {
    "seed": "seed",
    "citizens": "number of citizens",
    "months": "number of months",
    "start": "first month",
    "country": "country",
    "behaviour": "behaviour",
}


def check_pair(base: Run, other: Run) -> None:
    """Refuse two runs whose difference would not be the regime's alone.

    Raises
    ------
    BadArgument
        If seed, citizens, months, start, country, behaviour or model version differ.
    DamagedRun
        If their registers do not hold the same people.
    """
    where = f"{base.path} and {other.path}"
    apart = [
        f"the {word} ({_short(base.scenario.get(key))} and {_short(other.scenario.get(key))})"
        for key, word in _SHARED.items()
        if base.scenario.get(key) != other.scenario.get(key)
    ]
    if base.model != other.model:
        apart.append(f"the model version ({base.model} and {other.model})")
    if apart:
        raise BadArgument(
            f"these runs are no pair: they differ in {', '.join(apart)}",
            where=where,
            allowed="runs that differ in the regime and its strengths alone",
            mend="run both by 'glasscity pair', which gives them the same people and luck",
        )
    if not np.array_equal(base.people["citizen"].to_numpy(), other.people["citizen"].to_numpy()):
        raise DamagedRun(
            "the registers of these runs hold different people", where=where, mend="run both again"
        )


def _short(value: Any) -> str:
    """Return a value as a message can bear it: an entry of the catalogue by its name."""
    named: Mapping[str, Any] = value if isinstance(value, dict) else {}
    return str(named.get("name", value))
