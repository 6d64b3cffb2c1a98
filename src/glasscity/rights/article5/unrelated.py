"""Denials whose deciding inputs come from an unrelated context: an interval, with its own bounds.

The *lower* end counts denials that would not have happened with every unrelated input at its
reference value, all other inputs as they were; the *upper* end those in which one took part.  Both
ends are bounded once more: a cause in the register can stand for several inputs
(:mod:`~glasscity.rights.article5.provenance`), and the register does not keep the verdict of every
set of causes.  As verdicts are monotone (more causes never turn a refusal into a grant), what it
keeps settles nearly all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from glasscity.rights.article5.closures import Standings
from glasscity.rights.article5.provenance import Provenance
from glasscity.rights.article5.relation import READINGS, Relation
from glasscity.rights.causes import GROUPS, DenialCauses, group_masks
from glasscity.rights.view import View, codes_of
from glasscity.terms import GATES, SPHERES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from glasscity.results.run import Run

__all__ = ["Unrelated", "settled", "unrelated"]


@dataclass(frozen=True, kw_only=True)
class Unrelated:
    """Denials at one gate, or at all, under one reading of the relation table.

    Attributes
    ----------
    gate : str
        A gate, or "all".
    reading : {"strict", "lenient"}
    by_rule : bool
        Whether only denials by the regime's rule count, where the gate's own screening would have
        granted.
    denials : int
        The denominator: attributed denials, baseline included (by_rule: those by the rule).
    undone_least, undone_most : int
        The lower end: no longer refused with all unrelated inputs neutral.
    involved_least, involved_most : int
        The upper end: an unrelated input took part.
    uncoded : int
        Denials in which an input took part for which the code book has no row.
    """

    gate: str
    reading: str
    by_rule: bool
    denials: int
    undone_least: int
    undone_most: int
    involved_least: int
    involved_most: int
    uncoded: int


def settled(
    unrelated: NDArray[np.int64],
    butfor: NDArray[np.int64],
    sufficient: NDArray[np.int64],
    involved: NDArray[np.int64],
    groups: NDArray[np.int64],
    lower: NDArray[np.int64],
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return what the register settles about denials with some causes neutral.

    Parameters
    ----------
    unrelated : int64[n]
        Causes that are put at their reference value, as bits.
    butfor, sufficient, involved : int64[n]
        The register's masks.
    groups : int64[n, g]
        The causes of each group; ``lower``, int64[n], has bit g where the denial is undone with
        all of group g neutral.

    Returns
    -------
    (bool[n], bool[n])
        Undone for certain; still refused for certain.  Where neither holds nothing is settled.
    """
    off, rest = involved & unrelated, involved & ~unrelated
    undone = (butfor & unrelated) != 0
    undone |= (rest == 0) & (off != 0)
    still = (rest & sufficient) != 0
    still |= (off == 0) & ~undone
    for g in range(groups.shape[1]):
        inside = involved & groups[:, g]
        granted = (lower >> g & 1) == 1
        # All of the group is among what is neutral; or what is neutral is all inside the group.
        undone |= granted & (inside & ~unrelated == 0)
        still |= ~granted & (off & ~inside == 0)
    return undone, still & ~undone


def unrelated(run: Run, relation: Relation) -> list[Unrelated]:
    """Return the denials from unrelated contexts by gate, and at all gates together.

    Parameters
    ----------
    run : Run
        A stored run.
    relation : Relation
        The relation table.
    """
    register = _Register(run)
    return [row for reading in READINGS for row in register.counted(reading, relation)]


class _Register:
    """The register of denials as arrays, with what is known of each refusal."""

    def __init__(self, run: Run) -> None:
        table = run.denials
        self.provenance = Provenance(run.scenario, run.meta["gate_spheres"])
        self.gate = codes_of(table["gate"])
        self.butfor, self.sufficient, self.involved, self.lower = (
            table[name].to_numpy().astype(np.int64)
            for name in ("butfor", "sufficient", "involved", "lower")
        )
        self.rule = table["rule"].to_numpy() != 0
        spheres = run.meta["gate_spheres"]
        masks = np.stack([group_masks(group, spheres) for group in GROUPS], axis=1)
        self.groups = masks[self.gate]
        causes = View(run).once(DenialCauses)
        self.all, self.ruled = causes.attributed()[0], causes.by_rule()[0]
        # One number for all refusals of which the same is known: gate, by score, lists.
        self.kind = self._kinds(run)

    def _kinds(self, run: Run) -> NDArray[np.int64]:
        there = Standings(run)
        walled = run.scenario.get("strengths", {}).get("firewall", 0) > 0
        who = run.denials["citizen"].to_numpy().astype(np.int64)
        months = run.denials["month"].to_numpy().astype(np.int64)
        row = np.where(
            who < len(there.place), there.place[np.minimum(who, len(there.place) - 1)], -1
        )
        # Of whom nothing is known, anything can be behind it.
        by_score, lists = np.ones(len(who), bool), np.full(len(who), (1 << len(SPHERES)) - 1)
        spheres = np.arange(len(SPHERES))[:, None]
        order = np.argsort(months, kind="stable")
        edges = np.searchsorted(months[order], np.arange(run.months + 1))
        for month in range(run.months):
            bits = there.on_lists(month)
            now = order[edges[month] : edges[month + 1]]
            now = now[row[now] >= 0]
            if not len(now):
                continue
            cut = there.cuts[month][self.gate[now]]
            scores = there.scores(month)[row[now]]
            by_score[now] = (scores >= 2) & ((scores < cut) | (walled & (cut > 0)))
            # Only lists that close this gate to this citizen can have refused.
            by_list = there.closed_by_list(month)[:, row[now]] >> self.gate[now] & 1
            lists[now] = ((bits[row[now]] >> spheres & 1 & by_list) << spheres).sum(axis=0)
        return (self.gate * 2 + by_score) * 16 + lists

    def _masks(self, reading: str, relation: Relation) -> NDArray[np.int64]:
        """Return the causes that are unrelated, open, uncoded: int64[3, n]."""
        kinds, place = np.unique(self.kind, return_inverse=True)
        found = np.zeros((3, len(kinds)), np.int64)
        for k, kind in enumerate(kinds.tolist()):
            masks = self.provenance.masks(
                relation,
                reading,
                GATES[kind >> 5],
                by_score=bool(kind >> 4 & 1),
                lists=kind & 15,
            )
            found[:, k] = masks.unrelated, masks.open, masks.uncoded
        return found[:, place]

    def counted(self, reading: str, relation: Relation) -> list[Unrelated]:
        sure, open_, uncoded = self._masks(reading, relation)
        maybe = sure | open_
        undone, _ = self._settled(sure)
        _, still = self._settled(maybe)
        columns = {
            "undone_least": undone,
            "undone_most": ~still,
            "involved_least": (self.involved & sure) != 0,
            "involved_most": (self.involved & maybe) != 0,
            "uncoded": (self.involved & uncoded) != 0,
        }
        found = []
        for by_rule, wholes in ((False, self.all), (True, self.ruled)):
            kept = self.rule if by_rule else np.ones(len(self.gate), bool)
            counts: dict[str, Any] = {
                name: np.bincount(self.gate[which & kept], minlength=len(GATES))
                for name, which in columns.items()
            }
            for code, gate in enumerate((*GATES, "all")):
                at = slice(None) if gate == "all" else code
                found.append(
                    Unrelated(
                        gate=gate,
                        reading=reading,
                        by_rule=by_rule,
                        denials=int(np.sum(wholes[at])),
                        **{name: int(np.sum(count[at])) for name, count in counts.items()},
                    )
                )
        return found

    def _settled(self, causes: NDArray[np.int64]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        return settled(causes, self.butfor, self.sufficient, self.involved, self.groups, self.lower)
