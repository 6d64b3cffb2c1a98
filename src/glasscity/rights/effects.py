"""What another regime changes in every measure, for the nation and by every group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from glasscity.results.cube import GROUPINGS
from glasscity.rights.measures import MEASURES, Number, measures

if TYPE_CHECKING:
    from glasscity.results.run import Run

__all__ = ["Effect", "Effects", "effects"]


@dataclass(frozen=True)
class Effect:
    """One measure in both runs of a pair.

    Attributes
    ----------
    base, other : int, float or None
        Its values; None = not estimable.
    """

    base: Number
    other: Number

    @property
    def difference(self) -> Number:
        """Other less base; None where one of them is not estimable, which is never zero."""
        if self.base is None or self.other is None:
            return None
        return self.other - self.base


@dataclass(frozen=True)
class Effects:
    """Every measure of a pair.

    Attributes
    ----------
    nation : mapping of measure to Effect
    groups : mapping of grouping to group to measure to Effect
        Groupings are those of the cube: province, area, quintile, age, camp.  A camp is that of the
        citizen's own opinion in the month that is counted, in each run.
    """

    nation: Mapping[str, Effect]
    groups: Mapping[str, Mapping[str, Mapping[str, Effect]]]

    def to_dict(self) -> dict[str, Any]:
        """Return ``effects`` (differences) and ``values`` (both sides), each also by group."""
        return {
            "effects": _each(self.nation, _difference),
            "effects_by_group": self._by_group(_difference),
            "values": {
                name: {
                    **_sides(one),
                    "unit": MEASURES[name].unit,
                    "of": MEASURES[name].denominator,
                }
                for name, one in self.nation.items()
            },
            "values_by_group": self._by_group(_sides),
        }

    def _by_group(self, shown: Any) -> dict[str, Any]:
        return {
            grouping: {group: _each(found, shown) for group, found in groups.items()}
            for grouping, groups in self.groups.items()
        }


def _each(found: Mapping[str, Effect], shown: Any) -> dict[str, Any]:
    return {name: shown(one) for name, one in found.items()}


def _difference(one: Effect) -> Number:
    return one.difference


def _sides(one: Effect) -> dict[str, Number]:
    return {"base": one.base, "other": one.other}


def effects(base: Run, other: Run, *, by: tuple[str, ...] = GROUPINGS) -> Effects:
    """Return every measure in both runs of a pair.

    Parameters
    ----------
    base, other : Run
        Runs that :func:`check_pair` accepts.
    by : tuple of str, optional
        Groupings; all of them by default.
    """
    nation = _both(measures(base), measures(other))
    groups = {}
    for kind in by:
        here, there = measures(base, by=kind), measures(other, by=kind)
        groups[kind] = {group: _both(here[group], there[group]) for group in here}
    return Effects(nation, groups)


def _both(here: Mapping[str, Number], there: Mapping[str, Number]) -> dict[str, Effect]:
    return {name: Effect(value, there[name]) for name, value in here.items()}
