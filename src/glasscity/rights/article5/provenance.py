"""Which data can stand behind a cause of a denial, given what a regime's sources see.

The register of denials knows fifteen causes; the relation table knows sixteen inputs.  A cause such
as *own breach elsewhere* covers several inputs, and the register does not say which of them it was.
So a cause is unrelated for certain where every input that it can stand for is, related for certain
where none is, and open in between.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glasscity.rights.article5.relation import Relation
from glasscity.terms import CAUSES, EVENT_SPHERES, EVENTS, GATES

__all__ = ["NOT_IN_CODE_BOOK", "Masks", "Provenance", "inputs_of_score"]

# Causes for which the code book has no row: signs of means (income, work, savings), and what an
# official adds or takes.  They are counted apart and never as unrelated.
NOT_IN_CODE_BOOK = ("means_own", "means_denials", "favour")
_ORDERS = {"credit_ignored": "credit_orders", "fee_ignored": "fee_orders"}
_CONDUCT = {"traffic": "traffic", "train": "train_conduct", "care": "care", "rumour": "rumour"}
_DEBTS = ("commerce", "government")


def _value(quantity: Any) -> Any:
    return quantity.get("value") if isinstance(quantity, Mapping) else quantity


def _input_of(event: str, source: Mapping[str, Any]) -> str:
    if event in _ORDERS:
        return _ORDERS[event]
    if event in _CONDUCT or event == "contempt":
        return _CONDUCT.get(event, event)
    # The operator's own app sees what is paid through it, whoever is owed.
    if source.get("owner") == "operator":
        return "app_payments"
    return "credit_payments" if event.startswith("credit") else "fee_payments"


def inputs_of_score(regime: Mapping[str, Any]) -> list[str]:
    """Return the inputs that have a weight in a regime's national score, in the code book's words.

    ``means`` stands for the signs of means, for which the code book has no row.
    """
    operator = regime.get("operator")
    if operator is None:
        return []
    found: list[str] = []
    spheres = operator.get("spheres") or ("government", "commerce", "society", "judiciary")
    points = operator.get("points")
    weights = {name: float(_value(w)) for name, w in (operator.get("weights") or {}).items()}
    if points or weights.get("credit_history", 0) > 0:
        taken = {*(points or {}).get("taken_once", {}), *(points or {}).get("taken_monthly", {})}
        for source in regime.get("record_sources", ()):
            for event in source["sees"]:
                sphere = EVENT_SPHERES[EVENTS.index(event)]
                if sphere in spheres and (not points or event in taken):
                    found.append(_input_of(event, source))
    if points and points.get("added"):
        found.append("good_deeds")
    if weights.get("fulfilment_capacity", 0) > 0:
        found.append("means")
    if weights.get("personal_characteristics", 0) > 0:
        found.append("personal_traits")
    if weights.get("behaviour_preference", 0) > 0:
        found.append("spending_profile")
    if weights.get("relationships", 0) > 0:
        parts = operator.get("relation_parts") or {}
        found += [name for name, share in parts.items() if float(_value(share)) > 0]
    return list(dict.fromkeys(found))


@dataclass(frozen=True)
class Masks:
    """Causes of a gate by what is certain of them: bit k stands for ``CAUSES[k]``.

    Each is int64[gates]: ``unrelated`` (every input that the cause can stand for is), ``open`` (some
    are), ``related`` (none is), ``uncoded`` (the table has no answer).
    """

    unrelated: NDArray[np.int64]
    open: NDArray[np.int64]
    related: NDArray[np.int64]
    uncoded: NDArray[np.int64]


class Provenance:
    """What can stand behind each cause under a regime.

    Parameters
    ----------
    regime : mapping
        As a run folder's scenario holds it.
    gate_spheres : sequence of str
        Sphere of each gate.
    """

    def __init__(self, regime: Mapping[str, Any], gate_spheres: Any) -> None:
        self.regime, self.gate_spheres = regime, tuple(gate_spheres)
        # event -> inputs by which sources write it down
        self.seen: dict[str, set[str]] = {}
        for source in regime.get("record_sources", ()):
            for event in source["sees"]:
                self.seen.setdefault(event, set()).add(_input_of(event, source))
        self._profile = self._of_profile()

    def _of_profile(self) -> set[str]:
        found: set[str] = set()
        for operator in (self.regime.get("operator"), *self.regime.get("operators", ())):
            if operator is None:
                continue
            if operator.get("points"):
                found.add("good_deeds")
            weights = operator.get("weights") or {}
            for name, row in (
                ("personal_characteristics", "personal_traits"),
                ("behaviour_preference", "spending_profile"),
            ):
                if float(_value(weights.get(name, 0))) > 0:
                    found.add(row)
        return found

    def inputs(self, cause: str, gate: str) -> set[str] | None:
        """Return the inputs that a cause can stand for at a gate; None: not in the code book."""
        if cause in NOT_IN_CODE_BOOK:
            return None
        if cause == "profile":
            return self._profile
        if cause in ("ties_scores", "ties_voice", "own_voice"):
            return {cause}
        if cause in ("false_alarm", "mix_up"):
            return {row for rows in self.seen.values() for row in rows}
        place, why = cause.split("_")
        own = self.gate_spheres[GATES.index(gate)]
        found: set[str] = set()
        for event, rows in self.seen.items():
            sphere = EVENT_SPHERES[EVENTS.index(event)]
            if (sphere == own) != (place == "here"):
                continue
            # Traffic is a slip; conduct and contempt are one's own will; debts have their spells'.
            if event == "traffic":
                fits = why == "slip"
            elif sphere in _DEBTS:
                fits = True
            else:
                fits = why == "unwilling"
            if fits:
                found |= rows
        return found

    def of_list(self, sphere: str) -> set[str]:
        """Return the inputs that can lead to the list of a sphere."""
        least = next(
            (
                int(_value(entry["min_gravity"]))
                for entry in self.regime.get("lists", ())
                if entry["sphere"] == sphere
            ),
            99,
        )
        scale = self.regime.get("gravity") or {}
        found: set[str] = set()
        for event, rows in self.seen.items():
            kind = event.rpartition("_")[2] if "_" in event else "conduct"
            kind = "ignored" if event == "contempt" else kind
            gravity = _value(scale.get(kind))
            default = {"late": 1, "conduct": 2, "default": 3, "ignored": 5}[kind]
            if EVENT_SPHERES[EVENTS.index(event)] == sphere:
                if int(default if gravity is None else gravity) >= least:
                    found |= rows
        return found

    def masks(self, relation: Relation, reading: str) -> Masks:
        """Return what is certain of each cause at each gate under a reading of the table."""
        found = np.zeros((4, len(GATES)), np.int64)
        for g, gate in enumerate(GATES):
            for bit, cause in enumerate(CAUSES):
                rows = self.inputs(cause, gate)
                said = None if rows is None else [relation.unrelated(r, gate, reading) for r in rows]
                if said is None or (said and all(one is None for one in said)):
                    place = 3
                elif not said:
                    # Nothing in the regime can be behind it: if it occurs, nothing is certain.
                    place = 1
                elif all(one is True for one in said):
                    place = 0
                elif all(one is False for one in said):
                    place = 2
                else:
                    place = 1
                found[place, g] |= 1 << bit
        return Masks(unrelated=found[0], open=found[1], related=found[2], uncoded=found[3])
