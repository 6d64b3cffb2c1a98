"""Compute the measures of a stored run, for the nation or by group."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TypeAlias, overload

from glasscity.errors import NotFound
from glasscity.rights.benefit import BENEFIT
from glasscity.rights.dating import DATING
from glasscity.rights.definition import Measure
from glasscity.rights.households import HOUSEHOLDS
from glasscity.rights.living import LIVING
from glasscity.rights.manipulation import MANIPULATION
from glasscity.rights.operators import OPERATORS
from glasscity.rights.perks import PERKS
from glasscity.rights.points import POINTS
from glasscity.rights.refusals import REFUSALS
from glasscity.rights.safeguards import SAFEGUARDS
from glasscity.rights.shut_out import SHUT_OUT
from glasscity.rights.speech import SPEECH
from glasscity.rights.standing import STANDING
from glasscity.rights.trust import TRUST
from glasscity.rights.view import View

if TYPE_CHECKING:
    from collections.abc import Iterable

    from glasscity.results.run import Run

__all__ = ["MEASURES", "Measure", "Number", "measure", "measures"]

THEMES: tuple[tuple[Measure, ...], ...] = (
    SHUT_OUT,
    REFUSALS,
    LIVING,
    SPEECH,
    BENEFIT,
    TRUST,
    PERKS,
    POINTS,
    HOUSEHOLDS,
    STANDING,
    OPERATORS,
    DATING,
    SAFEGUARDS,
    MANIPULATION,
)
MEASURES: dict[str, Measure] = {one.name: one for theme in THEMES for one in theme}

Number: TypeAlias = "int | float | None"


def measure(name: str) -> Measure:
    """Return the definition of a measure.

    Raises
    ------
    NotFound
        With the nearest names.
    """
    if name not in MEASURES:
        raise NotFound.among("measure", name, MEASURES)
    return MEASURES[name]


@overload
def measures(run: Run, *, by: None = None, names: Iterable[str] = ...) -> dict[str, Number]: ...
@overload
def measures(run: Run, *, by: str, names: Iterable[str] = ...) -> dict[str, dict[str, Number]]: ...


def measures(
    run: Run, *, by: str | None = None, names: Iterable[str] = ()
) -> dict[str, Number] | dict[str, dict[str, Number]]:
    """Return the measures of a run.

    Parameters
    ----------
    run : Run
        A stored run.
    by : {"province", "area", "quintile", "age", "camp"}, optional
        Break each measure down by group.
    names : iterable of str, optional
        Only these; all of :data:`MEASURES` by default.

    Returns
    -------
    dict
        Measure to value, or group to measure to value.  None means not estimable (see
        ``Measure.estimable``), which is never the same as zero.

    Raises
    ------
    NotFound
        If a name or the grouping is unknown.
    """
    view = View(run, by)
    wanted = [measure(name) for name in names] or list(MEASURES.values())
    columns = {one.name: [_number(one, v) for v in one.compute(view)] for one in wanted}
    if by is None:
        return {name: values[0] for name, values in columns.items()}
    return {
        group: {name: values[at] for name, values in columns.items()}
        for at, group in enumerate(view.names)
    }


def _number(one: Measure, value: float) -> Number:
    if math.isnan(value):
        return None
    return int(value) if one.whole else float(value)
