"""What each safeguard is worth: alone, missing from all, and on average over sets.

In each world the same people live under the regime with sets of safeguards at full strength.  The
worth of a set is what a goal differs by from the regime as it stands.  A safeguard's worth *alone*
is that of the set of it; *missing* is what all of them lose without it; its *average* is the mean
of what it adds to those before it, over orders (Shapley 1953; Castro, Gomez and Tejada, Computers
and Operations Research 36, 2009).  Each world takes one order of its own and its reverse, so that
the spread over worlds holds orders, luck and vectors alike.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

from glasscity.study.vectors import uniforms

__all__ = ["averages", "interval", "marginal", "order_of", "sets_of", "top"]

Set: TypeAlias = "frozenset[str]"
Value: TypeAlias = "Callable[[Set], float | None]"

_RESAMPLES = 2000
# Two-sided 95 % of Student's t by degrees of freedom.
_T = (12.71, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228)
_PART = 0x300


def order_of(players: Sequence[str], world: int, seed: int) -> list[str]:
    """Return the order in which a world takes the players."""
    places = uniforms(seed, _PART, world + 1, len(players))[world]
    return [str(players[k]) for k in np.argsort(places, kind="stable")]


def sets_of(players: Sequence[str], order: Sequence[str]) -> set[Set]:
    """Return the sets whose worth is needed in a world."""
    everything = frozenset(players)
    found: set[Set] = {frozenset(), everything}
    found |= {frozenset([one]) for one in players}
    found |= {everything - {one} for one in players}
    for way in (list(order), list(order)[::-1]):
        found |= {frozenset(way[:k]) for k in range(len(way) + 1)}
    return found


def marginal(players: Sequence[str], order: Sequence[str], value: Value) -> dict[str, float | None]:
    """Return what each player adds to those before it, mean over an order and its reverse."""
    return {
        one: _mean([_adds(one, order, value), _adds(one, order[::-1], value)]) for one in players
    }


def _adds(one: str, order: Sequence[str], value: Value) -> float | None:
    at = list(order).index(one)
    before, after = value(frozenset(order[:at])), value(frozenset(order[: at + 1]))
    return None if before is None or after is None else after - before


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def averages(
    players: Sequence[str], worlds: Sequence[tuple[Sequence[str], Value]]
) -> list[dict[str, Any]]:
    """Return a row for each player.

    Parameters
    ----------
    players : sequence of str
    worlds : sequence of (order, value)
        ``value(S)`` is a goal under the set S; None where it is not estimable.

    Returns
    -------
    list of dict
        ``player``; ``alone``, ``missing`` and ``average``: each with ``_low`` and ``_high``, the
        95 % interval over worlds (None with fewer than two), and ``worlds``.
    """
    everything = frozenset(players)
    found: list[dict[str, Any]] = []
    for one in players:
        kinds: dict[str, list[float | None]] = {"alone": [], "missing": [], "average": []}
        for order, value in worlds:
            kinds["alone"].append(_less(value(frozenset([one])), value(frozenset())))
            kinds["missing"].append(_less(value(everything - {one}), value(everything)))
            kinds["average"].append(marginal([one], order, value)[one])
        row: dict[str, Any] = {"player": one, "worlds": len(worlds)}
        for kind, values in kinds.items():
            row |= interval([value for value in values if value is not None], kind)
        found.append(row)
    return found


def _less(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one - other


def interval(values: Sequence[float], name: str) -> dict[str, float | None]:
    """Return the mean of values and its 95 % interval, as ``name``, ``name_low``, ``name_high``."""
    if not values:
        return {name: None, f"{name}_low": None, f"{name}_high": None}
    mean = float(np.mean(values))
    if len(values) < 2:
        return {name: mean, f"{name}_low": None, f"{name}_high": None}
    degrees = len(values) - 1
    t = _T[degrees - 1] if degrees <= len(_T) else 1.96
    half = t * float(np.std(values, ddof=1)) / math.sqrt(len(values))
    return {name: mean, f"{name}_low": mean - half, f"{name}_high": mean + half}


def top(
    players: Sequence[str],
    worlds: Sequence[Mapping[str, float | None]],
    *,
    number: int = 3,
    seed: int,
    smallest: bool = True,
) -> list[dict[str, Any]]:
    """Return how often each player is among the first, over resamples of the worlds.

    Parameters
    ----------
    worlds : sequence of mapping of player to float or None
        What each adds on average in a world; None counts as nothing.
    smallest : bool
        Whether the most negative are the first: for a harm.

    Returns
    -------
    list of dict
        ``player``, ``average``, ``among_first`` in [0, 1], the first first.
    """
    table = np.array([[world[one] or 0.0 for one in players] for world in worlds], dtype=float)
    if not smallest:
        table = -table
    luck = np.random.default_rng(seed)
    counts = np.zeros(len(players))
    for _ in range(_RESAMPLES):
        means = table[luck.integers(0, len(table), len(table))].mean(axis=0)
        counts[np.argsort(means, kind="stable")[:number]] += 1
    order = np.argsort(table.mean(axis=0), kind="stable")
    sign = 1 if smallest else -1
    return [
        {
            "player": players[k],
            "average": float(sign * table[:, k].mean()),
            "among_first": float(counts[k] / _RESAMPLES),
        }
        for k in order
    ]
