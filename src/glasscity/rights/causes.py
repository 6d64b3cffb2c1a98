"""Why applications were refused: intervals by group of causes, classes, shares that add up.

For a group of causes there is never one figure.  The *lower* end counts denials that would not
have happened with the whole group neutral; the *upper* end those in which any cause of the group
played a part (its Shapley value is positive).  Shapley shares alone add up to the whole.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from glasscity.results.outcome import SHAPLEY_UNIT
from glasscity.rights.view import View, codes_of
from glasscity.terms import CAUSE_GROUPS, CAUSES, CLASSES, GATES, MORE_CAUSE_GROUPS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["GROUPS", "DenialCauses", "group_masks", "shapley_by_gate"]

# Bit g of a denial's lower end is the group GROUPS[g].
GROUPS = (*CAUSE_GROUPS, *MORE_CAUSE_GROUPS)
_BIT = {cause: 1 << bit for bit, cause in enumerate(CAUSES)}
_ELSEWHERE = _BIT["elsewhere_unwilling"] | _BIT["elsewhere_unable"] | _BIT["elsewhere_slip"]
_ASSOCIATION = _BIT["ties_scores"] | _BIT["ties_voice"]
_SPEECH = _BIT["own_voice"]
_MASKS = {
    "association": _ASSOCIATION,
    "speech": _SPEECH,
    "error": _BIT["false_alarm"] | _BIT["mix_up"],
    "means": _BIT["means_own"] | _BIT["means_denials"],
    "profile": _BIT["profile"],
    "favour": _BIT["favour"],
}


def group_masks(group: str, gate_spheres: Sequence[str]) -> NDArray[np.int64]:
    """Return the causes that make up a group, gate by gate.

    Parameters
    ----------
    group : str
        One of :data:`GROUPS`.
    gate_spheres : sequence of str
        Sphere of each gate.

    Returns
    -------
    int64[gates]
        Bit k stands for ``CAUSES[k]``.  Only spillover differs between gates: whom one knows and
        what one says belong to society, how one spends to commerce, and each spills over into
        gates of any other sphere.
    """
    if group != "spillover":
        return np.full(len(gate_spheres), _MASKS[group], np.int64)
    masks = [
        _ELSEWHERE
        | (0 if sphere == "society" else _ASSOCIATION | _SPEECH)
        | (0 if sphere == "commerce" else _BIT["profile"])
        for sphere in gate_spheres
    ]
    return np.array(masks, np.int64)


class DenialCauses:
    """The denials of a run that have a cause, by group of citizens and by gate.

    Parameters
    ----------
    view : View
        The run and how it is broken down.

    Notes
    -----
    The register holds every denial with a live cause; denials without one (*baseline*: own
    screening refuses even a person of whom nothing adverse is known) are in the cube alone.
    """

    def __init__(self, view: View) -> None:
        self.view = view
        register = view.run.denials
        self._gate = codes_of(register["gate"])
        self._lower = register["lower"].to_numpy()
        self._involved = register["involved"].to_numpy().astype(np.int64)
        self._klass = codes_of(register["klass"])
        self._rule = register["rule"].to_numpy() != 0
        self._groups = view.group_of(register["citizen"])

    @cached_property
    def _places(self) -> NDArray[np.int64]:
        return np.where(self._groups >= 0, self._groups * len(GATES) + self._gate, -1)

    def _table(self, kept: NDArray[np.bool_]) -> NDArray[np.int64]:
        chosen = self._places[kept]
        size = len(self.view.names) * len(GATES)
        return np.bincount(chosen[chosen >= 0], minlength=size).reshape(-1, len(GATES))

    def _from_cube(self, measure: str, group: str) -> NDArray[np.int64] | None:
        if not self.view.has(measure):
            return None
        columns = [self.view.total(measure, gate=gate, cause=group) for gate in GATES]
        return np.stack(columns, axis=1)

    def lower(self, group: str) -> NDArray[np.int64]:
        """Return denials undone when the whole group of causes is neutral: int64[groups, gates]."""
        stored = self._from_cube("denials_lower", group)
        if stored is not None:
            return stored
        return self._table((self._lower >> GROUPS.index(group) & 1) == 1)

    def upper(self, group: str) -> NDArray[np.int64]:
        """Return denials in which a cause of the group is involved: int64[groups, gates]."""
        stored = self._from_cube("denials_upper", group)
        if stored is not None:
            return stored
        masks = group_masks(group, self.view.run.meta["gate_spheres"])
        return self._table((self._involved & masks[self._gate]) != 0)

    def by_rule(self, group: str | None = None) -> NDArray[np.int64]:
        """Return denials by the regime's rule, or those of them that a group is necessary for.

        Returns
        -------
        int64[groups, gates]
            Of attributed denials: own screening alone would have granted.
        """
        if group is None:
            return self._table(self._rule)
        return self._table(((self._lower >> GROUPS.index(group) & 1) == 1) & self._rule)

    def caused(self) -> NDArray[np.int64]:
        """Return denials that have a cause, all but baseline: int64[groups, gates]."""
        return self._table(self._klass != CLASSES.index("baseline"))

    def attributed(self) -> NDArray[np.int64]:
        """Return the denials whose causes were looked into: the denominator of every share.

        Returns
        -------
        int64[groups, gates]
            All denials, except where attribution ran on a panel of citizens.
        """
        measure = "denials" if self.view.run.meta.get("attributed", 1) == 1 else "denials_baseline"
        found = np.stack([self.view.total(measure, gate=gate) for gate in GATES], axis=1)
        return found if measure == "denials" else found + self.caused()

    def of_class(self, *classes: str) -> NDArray[np.int64]:
        """Return denials of the given classes: int64[groups, gates]; baseline as what is left."""
        wanted = [CLASSES.index(name) for name in classes if name != "baseline"]
        found = self._table(np.isin(self._klass, wanted))
        if "baseline" in classes:
            found = found + self.attributed() - self.caused()
        return found

    def people_with(self, group: str) -> NDArray[np.int64]:
        """Return how many citizens had a denial undone by neutralising the group, by group."""
        kept = (self._lower >> GROUPS.index(group) & 1) == 1
        citizens = self.view.run.denials["citizen"].to_numpy()
        _, first = np.unique(citizens[kept], return_index=True)
        groups = self._groups[kept][first]
        return self.view.tally(groups, np.ones(len(groups), bool))


def shapley_by_gate(view: View) -> NDArray[np.float64]:
    """Return each cause's Shapley sum over the whole run, in denials: float64[gates, causes].

    The sum over causes is the number of denials that have a cause.
    """
    return view.run.extras["shapley"].sum(axis=0) / SHAPLEY_UNIT
