"""Which data can stand behind a cause of a denial, given what a regime's sources see.

The register of denials knows fifteen causes; the relation table knows sixteen inputs.  A cause such
as *own breach elsewhere* covers several inputs, and the register does not say which of them it was.
Where the refused citizen's score was not under the gate's cut-off, only the lists that the citizen
was on and the gate's own screening can have refused, which narrows it down.  So a cause is
unrelated for certain where every input that it can stand for is, related for certain where none is,
and open in between.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from glasscity.rights.article5.relation import Relation
from glasscity.terms import CAUSES, EVENT_SPHERES, EVENTS, EVERYDAY_GATES, GATES, SPHERES

__all__ = ["NOT_IN_CODE_BOOK", "Masks", "Provenance", "inputs_of_score"]

# Causes for which the code book has no row: signs of means (income, work, savings), and what an
# official adds or takes.  They are counted apart and never as unrelated.
NOT_IN_CODE_BOOK = ("means_own", "means_denials", "favour")
_ORDERS = {"credit_ignored": "credit_orders", "fee_ignored": "fee_orders"}
_CONDUCT = {"traffic": "traffic", "train": "train_conduct", "care": "care", "rumour": "rumour"}
_DEBTS = ("commerce", "government")
# The model's own scale, where a regime states none.
_GRAVITY = {"late": 1, "conduct": 2, "default": 3, "ignored": 5}


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
    """Causes by what is certain of them: bit k stands for ``CAUSES[k]``.

    ``unrelated``: every input that the cause can stand for is; ``open``: some are; ``related``:
    none is; ``uncoded``: the table has no answer.
    """

    unrelated: int
    open: int
    related: int
    uncoded: int


class Provenance:
    """What can stand behind each cause under a regime.

    Parameters
    ----------
    scenario : mapping
        As a run folder holds it.
    gate_spheres : sequence of str
        Sphere of each gate.
    """

    def __init__(self, scenario: Mapping[str, Any], gate_spheres: Sequence[str]) -> None:
        self.regime, self.gate_spheres = scenario["regime"], tuple(gate_spheres)
        self._reviewed = scenario.get("strengths", {}).get("review", 0) > 0
        # event -> inputs by which sources write it down
        self.seen: dict[str, set[str]] = {}
        for source in self.regime.get("record_sources", ()):
            for event in source["sees"]:
                self.seen.setdefault(event, set()).add(_input_of(event, source))
        operators = [
            one
            for one in (self.regime.get("operator"), *self.regime.get("operators", ()))
            if one is not None
        ]
        # Spheres whose records any score of the regime holds.
        self.scored = {s for one in operators for s in one.get("spheres") or SPHERES}
        self._profile = _of_profile(operators)
        self._lists = {
            entry["sphere"]: int(_value(entry["min_gravity"]))
            for entry in self.regime.get("lists", ())
        }
        self._masks: dict[tuple[str, str, bool, int], Masks] = {}

    def _gravity(self, event: str) -> int:
        """Return the gravity of an event under the regime's scale, or the model's own."""
        kind = event.rpartition("_")[2] if "_" in event else "conduct"
        kind = "ignored" if event == "contempt" else kind
        own = _value((self.regime.get("gravity") or {}).get(kind))
        return int(_GRAVITY[kind] if own is None else own)

    def of_list(self, sphere: str) -> set[str]:
        """Return the inputs that can lead to the list of a sphere."""
        return {row for event in self._listing(sphere) for row in self.seen[event]}

    def _listing(self, sphere: str) -> list[str]:
        return [
            event
            for event in self.seen
            if _sphere(event) == sphere and self._gravity(event) >= self._lists.get(sphere, 99)
        ]

    def events(self, gate: str, *, by_score: bool, lists: int) -> set[str]:
        """Return the events whose records can have led to a refusal.

        Parameters
        ----------
        gate : str
        by_score : bool
            Whether the score may have closed the gate.
        lists : int
            The lists that the refused citizen was on, bit s for sphere s.
        """
        found = {
            event
            for s, sphere in enumerate(SPHERES)
            if lists >> s & 1
            for event in self._listing(sphere)
        }
        for event in self.seen:
            sphere = _sphere(event)
            # A gate of life looks at arrears on the commerce record in every world.
            found |= {event} if sphere == "commerce" and gate not in EVERYDAY_GATES else set()
            found |= {event} if by_score and sphere in self.scored else set()
            # A reviewed refusal stands on a reason of the gate's own sphere.
            own = self.gate_spheres[GATES.index(gate)]
            found |= {event} if self._reviewed and sphere == own else set()
        return found

    def inputs(self, cause: str, gate: str, events: Iterable[str]) -> set[str] | None:
        """Return the inputs that a cause can stand for at a gate; None: not in the code book.

        ``events``: whose records can have led to the refusal (:meth:`events`).
        """
        if cause in NOT_IN_CODE_BOOK:
            return None
        if cause == "profile":
            return self._profile
        if cause in ("ties_scores", "ties_voice", "own_voice"):
            return {cause}
        if cause in ("false_alarm", "mix_up"):
            return {row for event in events for row in self.seen[event]}
        place, why = cause.split("_")
        own = self.gate_spheres[GATES.index(gate)]
        found: set[str] = set()
        for event in events:
            sphere = _sphere(event)
            if (sphere == own) != (place == "here"):
                continue
            # Traffic is a slip; conduct and contempt are one's own will; debts have their spells'.
            slip = event == "traffic"
            if (slip and why == "slip") or (not slip and (sphere in _DEBTS or why == "unwilling")):
                found |= self.seen[event]
        return found

    def masks(
        self, relation: Relation, reading: str, gate: str, *, by_score: bool, lists: int
    ) -> Masks:
        """Return what is certain of each cause of such a refusal under a reading of the table."""
        key = (reading, gate, by_score, lists)
        if key in self._masks:
            return self._masks[key]
        events = self.events(gate, by_score=by_score, lists=lists)
        found = [0, 0, 0, 0]
        for bit, cause in enumerate(CAUSES):
            rows = self.inputs(cause, gate, events)
            said = None if rows is None else [relation.unrelated(r, gate, reading) for r in rows]
            if said is None or (said and all(one is None for one in said)):
                place = 3
            elif said and all(one is True for one in said):
                place = 0
            elif said and all(one is False for one in said):
                place = 2
            else:
                # Some are and some are not; or nothing that is known of can stand behind it.
                place = 1
            found[place] |= 1 << bit
        self._masks[key] = Masks(*found)
        return self._masks[key]


def _sphere(event: str) -> str:
    return EVENT_SPHERES[EVENTS.index(event)]


def _of_profile(operators: Iterable[Mapping[str, Any]]) -> set[str]:
    found: set[str] = set()
    for operator in operators:
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
