"""Which safeguard would have kept somebody in: stored runs of one world, one rule apart each."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from glasscity.web.shelf import Shelf, Stored
from glasscity.web.variants import OFFERED, runs_of

if TYPE_CHECKING:
    from glasscity.results.run import Run

__all__ = ["of_same_people", "table", "worlds"]

_KEPT = 400
_made: OrderedDict[tuple[str, ...], Any] = OrderedDict()
_lock = threading.Lock()


def table(shelf: Shelf, name: str, citizen: int | None = None) -> list[dict[str, Any]]:
    """Return a row for every change that is offered.

    Parameters
    ----------
    shelf : Shelf
    name : str
        A finished run: the base.
    citizen : int, optional
        Somebody of it.

    Returns
    -------
    list of dict
        ``name``, ``strength``, ``definition``; ``run``: the run that holds it, "" where there is
        none; ``state`` of that run, or ``none``, or ``same`` where the base has the rule already;
        ``everybody``, ``one``: :mod:`glasscity.rights.rescue`, None where the run is not finished
        (``one`` also without a citizen).
    """
    from glasscity.api import scenario_of
    from glasscity.study.explained import explained

    base = shelf.open(name)
    scenario = scenario_of(base)
    worlds = {key: scenario.but(strengths={key: value}) for key, value in OFFERED.items()}
    there = runs_of(shelf, worlds)
    about = {**explained("mechanism"), **explained("safeguard")}
    rows = []
    for key, strength in OFFERED.items():
        run = there.get(key, "")
        same = worlds[key].strengths == scenario.strengths
        state = "same" if same else shelf.stored(run).state if run else "none"
        row: dict[str, Any] = {
            "name": key,
            "strength": strength,
            "definition": about[key].definition,
            "run": "" if same else run,
            "state": state,
            "everybody": None,
            "one": None,
        }
        if state == "finished":
            row |= _compared(shelf, name, run, citizen)
        rows.append(row)
    return rows


def worlds(shelf: Shelf, name: str) -> list[dict[str, Any]]:
    """Return every finished run of the same people and luck as a run, the run itself left out.

    Returns
    -------
    list of dict
        ``run``, ``regime``, ``title``, ``kind``, ``strengths`` (those not as usual), ``everybody``
        (:func:`glasscity.rights.rescue.for_everybody`).
    """
    return [
        {
            "run": one.name,
            "regime": one.regime,
            "title": one.regime_title,
            "kind": one.kind,
            "strengths": dict(one.strengths),
            **_compared(shelf, name, one.name, None),
        }
        for one in of_same_people(shelf, name)
    ]


def of_same_people(shelf: Shelf, name: str) -> list[Stored]:
    """Return the other finished runs of the same people and luck as a run, the latest first."""
    base = shelf.stored(name)
    shared = ("country", "behaviour", "citizens", "months", "start", "seed")
    return [
        one
        for one in shelf.all()
        if one.name != name
        and one.state == "finished"
        and all(getattr(one, field) == getattr(base, field) for field in shared)
    ]


def _compared(shelf: Shelf, name: str, run: str, citizen: int | None) -> dict[str, Any]:
    from glasscity.rights.rescue import for_everybody, for_one

    # Digests tell what was worked out before; only what is new opens the runs.
    key = (str(shelf.stored(name).digest), str(shelf.stored(run).digest))

    def opened() -> tuple[Run, Run]:
        return shelf.open(name), shelf.open(run)

    found = {"everybody": _once(("", *key), lambda: for_everybody(*opened()))}
    if citizen is not None:
        found["one"] = _once((str(citizen), *key), lambda: for_one(*opened(), citizen))
    return found


def _once(key: tuple[str, ...], make: Callable[[], Any]) -> Any:
    with _lock:
        if key in _made:
            _made.move_to_end(key)
            return json.loads(_made[key])
    text = json.dumps(make(), allow_nan=False)
    with _lock:
        _made[key] = text
        while len(_made) > _KEPT:
            _made.popitem(last=False)
    return json.loads(text)
