"""What each kind of intervention changes: tables of one's own for some months, and the state.

A citizen's month depends on the world's tables, on luck and on the state.  Luck is never touched.
Tables of one's own hold for the citizen alone (:mod:`glasscity.branching.altered`); the state is
edited at the start of a month, before anybody acts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from glasscity.branching.errors_off import clear_errors
from glasscity.engine.world import World
from glasscity.interventions import VOICE_MONTHS, Intervention
from glasscity.society.state import State, from_columns

__all__ = ["Own", "edited", "own_rules", "resolved"]

# Larger than any utility, and small enough that sums of some of them fit.
_SURELY = 10**9
_ALWAYS, _NEVER = 2**32, 0

_SILENT, _CRITICISES = 0, 1
_ALIKE = {
    # Of the ties' scores, the ties' voices; one's own voice stays.
    "relation_strength": (0, 0, None),
    # What they say does not pull, what befalls them teaches nothing, what they do is not copied.
    "conformity": 0,
    "learn": 0,
    "adopt_ties": 0,
    "display_ties": 0,
    "tie_drop": 0,
}


class Own(NamedTuple):
    """What a citizen lives under in a month instead of the world's own tables.

    ``fields``: new entries of fields of month.tables; None leaves an entry.  ``voice``: the voice
    that is spoken whatever the citizen would say; None: the citizen's own.  ``decides``: whether
    the fields hold in the second pass of the month, too.
    """

    fields: Mapping[str, int | tuple[int | None, ...]]
    voice: int | None = None
    decides: bool = False


def own_rules(one: Intervention, month: int) -> Own | None:
    """Return what a citizen lives under in a month of the run; None: what everybody does."""
    since = month - one.month
    if one.kind == "spoke" and 0 <= since < VOICE_MONTHS:
        # Silence is worth nothing, and what others would fear is a pleasure.
        fields = {"silence": -_SURELY, "phi_speech": 256, "kappa": -_SURELY}
        return Own(fields, voice=_CRITICISES)
    if one.kind == "kept_silent" and 0 <= since < VOICE_MONTHS:
        return Own({"silence": _SURELY}, voice=_SILENT)
    if one.kind == "other_friends" and since >= 0:
        return Own(_ALIKE, decides=True)
    if one.kind == "paid_late" and since == 0:
        return Own({"slip": _ALWAYS})
    if one.kind == "paid_on_time" and since == 0:
        return Own({"slip": _NEVER, "onset": _NEVER})
    if one.kind == "placebo" and since == 0:
        return Own({"slip": _ALWAYS, "onset": _NEVER})
    if one.kind == "placebo" and since == 1:
        return Own({"slip_fix": _ALWAYS, "catch_up": _ALWAYS, "onset": _NEVER})
    return None


def resolved(one: Intervention, world: World) -> Intervention:
    """Return an intervention with the citizen on whom it falls, at the start of its month.

    A placebo needs somebody with one payment due who can make it; nobody like that in the whole
    society leaves it where it is, and nothing happens.
    """
    if one.kind != "placebo":
        return one
    truth, traits = world.state.truth, world.society.traits
    able = (traits.who < 128) & (truth.owed_fee == 0) & (truth.liquidity >= 256)
    able &= (truth.spell & 63 == 0) & (truth.case == 0)
    fit = np.flatnonzero(able)
    if not len(fit):
        return one
    place = int(np.searchsorted(fit, one.citizen)) % len(fit)
    return Intervention(int(fit[place]), one.month, one.kind)


def edited(one: Intervention, state: State) -> list[int]:
    """Edit the state at the start of the intervention's month.

    Returns
    -------
    list of int
        The lists, by sphere, that the citizen leaves by the edit.
    """
    if one.kind == "paid_on_time":
        _settle(state, one.citizen)
    elif one.kind == "error_corrected":
        return _correct(state, one.citizen)
    return []


def _settle(state: State, i: int) -> None:
    """Let a citizen owe nothing; whether that ends a listing is for the record and the lists."""
    if not (state.truth.owed_credit[i] or state.truth.owed_fee[i] or state.truth.spell[i] & 3):
        return
    state.truth.owed_credit[i] = 0
    state.truth.owed_fee[i] = 0
    state.truth.spell[i] &= 64
    state.truth.case[i] = 0
    # A month's spending at hand, so that what is due in this month can be paid as well.
    state.truth.liquidity[i] = max(int(state.truth.liquidity[i]), 256)


def _correct(state: State, i: int) -> list[int]:
    """Take wrong records off a citizen's file; return the lists that are left by it."""
    alone = one_row(state, i)
    listed = (alone.record.standing[0] > 0) & (alone.record.standing[0] < 128)
    clear_errors(alone)
    left = listed & (alone.record.standing[0] == 0)
    return [int(s) for s in np.flatnonzero(left)]


def one_row(state: State, i: int) -> State:
    """Return the state of one citizen: views, so that what is written there is written."""
    return from_columns({name: array[i : i + 1] for name, array in state.columns().items()})
