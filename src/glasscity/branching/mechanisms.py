"""A world without one of its causes.

Its tables have the cause at its reference, and no record that rests on it is on file.  A cause is
off in the same sense in which attribution takes it away (month.attribute), but for
everybody at once, and whether it hurt or helped them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, TypeVar

from glasscity.branching.altered import put_fields
from glasscity.branching.errors_off import clear_errors
from glasscity.engine.world import World
from glasscity.month import tables as at

__all__ = ["OFF", "Off", "without"]

_COVERED = 256


class Off(NamedTuple):
    """How a cause is taken out of a world.

    ``about``: in words; ``fields``: new entries of fields of month.tables, None leaves one;
    ``clears``: whether wrong records are taken off the files; ``scored``: whether it needs a score.
    """

    about: str
    fields: Mapping[str, int | tuple[int | None, ...]]
    clears: bool = False
    scored: bool = False


OFF = {
    "association": Off(
        "ties' scores and ties' voices count as those of people of whom nothing is known, and "
        "nobody drops a tie for its score",
        {"relation_strength": (0, 0, None), "tie_drop": 0},
        scored=True,
    ),
    "speech": Off(
        "one's own voice counts as silence does, and nobody believes that praise is rewarded",
        {"relation_strength": (None, None, 0), "reward": 0},
        scored=True,
    ),
    "error": Off(
        "no record is false or a namesake's, and none is on file",
        {"mix": 0, "false_any": 0, "report": 0},
        clears=True,
    ),
    "spillover": Off(
        "a firewall around everybody: gates look at their own sphere alone",
        {
            "guards": tuple(_COVERED if k == at.FIREWALL else None for k in range(9)),
            "guarded": 1,
        },
    ),
}


Kind = TypeVar("Kind", bound=World)


def without(world: World, off: Off, kind: type[Kind] = World) -> Kind:
    """Return the same world at the same moment without a cause; the world itself stays as it is.

    Parameters
    ----------
    world : World
    off : Off
    kind : type
        Of the world returned.
    """
    one = kind.__new__(kind)
    one.__dict__.update(world.__dict__)
    one.watch = None
    one.state = world.state.copy()
    one.fused, one.before = world.fused.copy(), world.before.copy()
    one.offices, one.cuts = world.offices.copy(), world.cuts.copy()
    for vector in (one.fused, one.before, *one.offices):
        put_fields(vector, off.fields)
    if off.clears:
        clear_errors(one.state)
    return one
