"""Refusals of two runs held side by side: those that vanish, those that appear, and the net.

A refusal is the same one in both runs if it is the same citizen's at the same gate in the same
month.  The register holds every refusal that has a cause.  Refusals *baseline*, those that own
screening makes even of somebody of whom nothing adverse is known, are counted in the cube alone:
of them the net is known, not who.  So the books balance exactly::

    denials(other) - denials(base) = appeared - vanished + baseline(other) - baseline(base)

A refusal that vanishes was either granted in the other run, or never asked for there, or is
refused there for reasons that are nobody's doing (baseline).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from glasscity.rights.causes import GROUPS, group_masks
from glasscity.rights.view import View, codes_of
from glasscity.terms import CAUSES, GATES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from glasscity.results.run import Run

__all__ = ["OWN_BREACH_HERE", "CAUSE_GROUPS_TOLD", "Matched", "Refusals", "matched", "refusals_of"]

# One's own breach in the gate's own sphere is no group of the attribution, but what remains.
OWN_BREACH_HERE = "here"
CAUSE_GROUPS_TOLD = (OWN_BREACH_HERE, *GROUPS)
_HERE = sum(1 << CAUSES.index(f"here_{way}") for way in ("unwilling", "unable", "slip"))


@dataclass(frozen=True)
class Refusals:
    """The register of refusals of one run, of the people compared, in ascending order of its keys.

    Attributes
    ----------
    key : int64[n], ascending
        ``(place * months + month) * 18 + gate``: each refusal once.
    place : int64[n]
        The citizen's row among the people compared.
    gate, month : int64[n]
    butfor, involved, lower : int64[n]
        As in the register (see :class:`glasscity.results.Outcome`).
    rest : int64[n, 3]
        ``sufficient``, ``klass`` and ``rule``.
    """

    key: NDArray[np.int64]
    place: NDArray[np.int64]
    gate: NDArray[np.int64]
    month: NDArray[np.int64]
    butfor: NDArray[np.int64]
    involved: NDArray[np.int64]
    lower: NDArray[np.int64]
    rest: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.key)

    def through(self, gate_spheres: list[str]) -> Iterator[tuple[str, Any, Any]]:
        """Yield (group, needed, involved) for each group of causes.

        ``needed``: bool[n], the refusal would not have happened with the whole group neutral (for
        one's own breach here: but for one of its causes); ``involved``: a cause of the group played
        a part.
        """
        yield OWN_BREACH_HERE, self.butfor & _HERE != 0, self.involved & _HERE != 0
        for bit, group in enumerate(GROUPS):
            masks = group_masks(group, gate_spheres)
            yield group, self.lower >> bit & 1 == 1, self.involved & masks[self.gate] != 0


def refusals_of(run: Run, people: NDArray[np.int64]) -> Refusals:
    """Return the refusals of some citizens of a run.

    Parameters
    ----------
    people : int64[m], ascending
        The citizens compared; refusals of others are left out.
    """
    table = run.denials
    citizens = table["citizen"].to_numpy().astype(np.int64)
    place = places_of(citizens, people)
    gate, month = codes_of(table["gate"]), table["month"].to_numpy().astype(np.int64)
    key = (place * run.months + month) * len(GATES) + gate
    order = np.argsort(key, kind="stable")
    order = order[place[order] >= 0]

    def column(name: str) -> NDArray[np.int64]:
        return table[name].to_numpy().astype(np.int64)[order]

    klass = codes_of(table["klass"])[order]
    return Refusals(
        key=key[order],
        place=place[order],
        gate=gate[order],
        month=month[order],
        butfor=column("butfor"),
        involved=column("involved"),
        lower=column("lower"),
        rest=np.stack([column("sufficient"), klass, column("rule")], axis=1),
    )


def places_of(citizens: NDArray[np.int64], people: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return each citizen's row among people in ascending order; -1 for one who is not there."""
    if not len(people):
        return np.full(len(citizens), -1, np.int64)
    at = np.minimum(np.searchsorted(people, citizens), len(people) - 1)
    return np.where(people[at] == citizens, at, -1)


@dataclass(frozen=True)
class Matched:
    """The refusals of two runs matched on citizen, gate and month.

    Attributes
    ----------
    base, other : Refusals
    vanished, appeared : bool arrays
        Which of the base's are not in the other run, and which of the other's not in the base.
    baseline : int64[18], int64[18]
        Refusals of the whole nation by gate that have no cause, in base and other.
    """

    base: Refusals
    other: Refusals
    vanished: NDArray[np.bool_]
    appeared: NDArray[np.bool_]
    baseline: tuple[NDArray[np.int64], NDArray[np.int64]]

    def to_dict(self, gate_spheres: tuple[list[str], list[str]]) -> dict[str, Any]:
        """Return the counts, for JSON: whole, by gate, by group of causes.

        Parameters
        ----------
        gate_spheres : (list of str, list of str)
            The spheres of the gates in base and other.
        """
        return {
            **self._counts(
                len(self.base),
                len(self.other),
                int(self.vanished.sum()),
                int(self.appeared.sum()),
                *(int(side.sum()) for side in self.baseline),
            ),
            "by_gate": self._by_gate(),
            "by_cause": self._by_cause(gate_spheres),
        }

    def _counts(
        self, base: int, other: int, vanished: int, appeared: int, before: int, after: int
    ) -> dict[str, int]:
        return {
            "base": base,
            "other": other,
            "vanished": vanished,
            "appeared": appeared,
            "stayed": base - vanished,
            "net": appeared - vanished,
            "baseline_base": before,
            "baseline_other": after,
            "baseline_net": after - before,
        }

    def _by_gate(self) -> dict[str, dict[str, int]]:
        def count(gates: NDArray[np.int64]) -> NDArray[np.int64]:
            return np.bincount(gates, minlength=len(GATES))

        columns = (
            count(self.base.gate),
            count(self.other.gate),
            count(self.base.gate[self.vanished]),
            count(self.other.gate[self.appeared]),
            *self.baseline,
        )
        return {
            gate: self._counts(*(int(column[at]) for column in columns))
            for at, gate in enumerate(GATES)
        }

    def _by_cause(self, gate_spheres: tuple[list[str], list[str]]) -> dict[str, dict[str, int]]:
        found: dict[str, dict[str, int]] = {}
        sides = (
            ("base", "vanished", self.base, self.vanished, gate_spheres[0]),
            ("other", "appeared", self.other, self.appeared, gate_spheres[1]),
        )
        for side, moved, refusals, which, spheres in sides:
            for group, needed, involved in refusals.through(spheres):
                row = found.setdefault(group, {})
                row[f"{side}_lower"] = int(needed.sum())
                row[f"{side}_upper"] = int(involved.sum())
                row[f"{moved}_lower"] = int((needed & which).sum())
                row[f"{moved}_upper"] = int((involved & which).sum())
        return found


def matched(base: Run, other: Run, people: NDArray[np.int64]) -> Matched:
    """Return the refusals of a pair's people matched on citizen, gate and month."""
    here, there = refusals_of(base, people), refusals_of(other, people)
    return Matched(
        here,
        there,
        ~np.isin(here.key, there.key, assume_unique=True),
        ~np.isin(there.key, here.key, assume_unique=True),
        (_baseline(base), _baseline(other)),
    )


def _baseline(run: Run) -> NDArray[np.int64]:
    view = View(run)
    return np.array([int(view.total("denials_baseline", gate=gate)[0]) for gate in GATES], np.int64)
