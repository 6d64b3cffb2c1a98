"""The same world with one rule changed: which changes are offered, and which runs hold them."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from glasscity.catalogue.shelf import catalogue_names
from glasscity.errors import NotFound
from glasscity.results.store import SCENARIO
from glasscity.terms import MECHANISMS, SAFEGUARDS
from glasscity.web.shelf import Shelf, read_json

if TYPE_CHECKING:
    from glasscity.scenario import Scenario

__all__ = ["BEHAVIOURS", "OFFERED", "is_variant", "other_world", "runs_of", "variant_name"]

# What could have prevented something: every safeguard in full, and two parts of a regime left out.
OFFERED: Mapping[str, float] = {
    **dict.fromkeys(SAFEGUARDS, 1.0),
    "friends": 0.0,
    "speech": 0.0,
    "joint-punishment": 0.0,
}

# How people behave, for whom the facts leave it open: what a proponent and a critic would take.
BEHAVIOURS = ("central", "proponent", "critic")

_marks: dict[tuple[str, int], str] = {}
_lock = threading.Lock()


def other_world(
    base: Scenario, regime: str, strengths: dict[str, float], behaviour: str = ""
) -> Scenario:
    """Return the base's scenario with another regime, or with some rules switched, or both.

    Raises
    ------
    NotFound
        If the catalogue has no such name.
    """
    changes: dict[str, Any] = {}
    for kind, name in (("regime", regime), ("behaviour", behaviour)):
        if name and name not in catalogue_names(kind):
            raise NotFound.among(kind, name[:60], catalogue_names(kind))
    if regime:
        from glasscity.scenario import Scenario

        # Another regime brings its own strengths; those of the base were given to the base.
        return Scenario(
            regime,
            country=base.country,
            behaviour=behaviour or base.behaviour,
            citizens=base.citizens,
            months=base.months,
            start=base.start,
            seed=base.seed,
            strengths=strengths,
        )
    if behaviour:
        changes["behaviour"] = behaviour
    return base.but(strengths=strengths, **changes)


def variant_name(base: str, strengths: Mapping[str, float]) -> str:
    """Return what the folder of a changed run begins with."""
    parts = [
        f"{'without' if name in MECHANISMS and strength == 0 else 'with'}-{name}"
        for name, strength in strengths.items()
    ]
    return "-".join([*parts, "on", base[:50]])[:90]


def is_variant(run: str) -> bool:
    """Return whether a run is one of another run with rules switched, by its name."""
    return run.startswith(("with-", "without-")) and "-on-" in run


def runs_of(shelf: Shelf, scenarios: Mapping[str, Scenario]) -> dict[str, str]:
    """Return which runs of the folder are of given scenarios, whatever their state.

    Parameters
    ----------
    scenarios : mapping of any name to Scenario

    Returns
    -------
    dict of name to run
        A finished one before others; names without a run are missing.
    """
    wanted: dict[str, list[str]] = {}
    for name, scenario in scenarios.items():
        wanted.setdefault(_mark(json.loads(scenario.to_json())), []).append(name)
    found: dict[str, str] = {}
    for run in shelf.names():
        for name in wanted.get(_mark_of(shelf, run), ()):
            if name not in found or (
                shelf.stored(found[name]).state != "finished"
                and shelf.stored(run).state in ("finished", "running", "waiting")
            ):
                found[name] = run
    return found


def _mark_of(shelf: Shelf, run: str) -> str:
    file = shelf.folder / run / SCENARIO
    try:
        key = (str(file), file.stat().st_mtime_ns)
    except OSError:
        return ""
    with _lock:
        if key in _marks:
            return _marks[key]
    mark = _mark(read_json(file))
    with _lock:
        _marks[key] = mark
    return mark


def _mark(scenario: object) -> str:
    text = json.dumps(scenario, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
