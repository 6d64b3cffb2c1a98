"""Tables of truth and record: what sources saw, whom lists caught, how errors were mended."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from glasscity.results.outcome import EXITS
from glasscity.rights.definition import LISTS, SOURCES
from glasscity.rights.spells import survival
from glasscity.rights.tabulate import Pair, Rows, Table, share, table
from glasscity.rights.view import View, codes_of
from glasscity.terms import (
    EVENT_SPHERES,
    EVENTS,
    LISTING_CAUSES,
    SPHERES,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from glasscity.results.run import Run

__all__ = ["MAKERS", "listing_spells"]

# Events by what a list's lowest gravity admits, as gravity names them.
_GRAVITY = {"late": 1, "default": 3, "ignored": 5}
_WRONG = 1 << LISTING_CAUSES.index("false_alarm") | 1 << LISTING_CAUSES.index("mix_up")


def sources(pair: Pair) -> Table:
    """Return what truly happened against what was written down (mission row A2)."""
    view = pair.view
    rows: Rows = []
    for event, sphere in zip(EVENTS, EVENT_SPHERES, strict=True):
        happened = int(view.total("happened", event=event)[0])
        recorded = int(view.total("recorded", event=event)[0])
        false, mixed = (int(view.total(m, event=event)[0]) for m in ("false_alarms", "mix_ups"))
        written = recorded + false + mixed
        rows.append(
            {
                "event": event,
                "sphere": sphere,
                "began": int(view.total("breaches", event=event)[0]),
                "happened": happened,
                "recorded": recorded,
                "missed_share": share(happened - recorded, happened),
                "false_alarms": false,
                "mix_ups": mixed,
                "wrong_share": share(false + mixed, written),
            }
        )
    columns = {
        "event": ("event", "", ""),
        "sphere": ("sphere", "", ""),
        "began": ("began", "count", "breaches that began or happened, whole run"),
        "happened": ("happened", "count", "citizen-months in breach, whole run"),
        "recorded": ("recorded", "count", "of those, written down under the right name"),
        "missed_share": ("missed", "share", "of what happened"),
        "false_alarms": ("false alarms", "count", "records of which nothing had happened"),
        "mix_ups": ("mix-ups", "count", "records that belonged to a namesake"),
        "wrong_share": ("wrong", "share", "of all records"),
    }
    about = "What each kind of source saw against what really happened."
    return table(pair.run, "sources", "Truth and record", about, columns, rows, SOURCES)


def listing_spells(run: Run) -> dict[str, NDArray[Any]]:
    """Return entries with the exits that belong to them: one array element a listing.

    Returns
    -------
    dict of arrays
        ``list``, ``start``, ``end`` (months of the run where none was seen), ``ended``, ``way``
        (code of :data:`EXITS`, -1 without exit), ``detail`` (bits of ``LISTING_CAUSES``).
    """
    register = run.listings.with_columns(_code=run.listings["list"].to_physical())
    register = register.sort(
        "citizen", "_code", "month", "kind", descending=[False, False, False, True]
    )
    citizen, place = register["citizen"].to_numpy(), register["_code"].to_numpy()
    month = register["month"].to_numpy().astype(np.int64)
    entry, detail = register["kind"].to_numpy() == 0, register["detail"].to_numpy()
    paired = np.zeros(len(register), bool)
    same = (citizen[:-1] == citizen[1:]) & (place[:-1] == place[1:])
    paired[:-1] = entry[:-1] & ~entry[1:] & same
    end = np.full(len(register), run.months, np.int64)
    way = np.full(len(register), -1, np.int64)
    end[:-1] = np.where(paired[:-1], month[1:], end[:-1])
    way[:-1] = np.where(paired[:-1], detail[1:], way[:-1])
    columns = {"list": place, "start": month, "end": end, "ended": paired, "way": way}
    return {name: values[entry] for name, values in {**columns, "detail": detail}.items()}


def lists(pair: Pair) -> Table:
    """Return each list's entries by cause, precision, recall and exits."""
    view, run = pair.view, pair.run
    register = run.listings
    sphere = codes_of(register["list"])
    entry = register["kind"].to_numpy() == 0
    month, detail = register["month"].to_numpy(), register["detail"].to_numpy()
    rows: Rows = []
    for one in run.meta.get("lists", ()):
        own = (sphere == SPHERES.index(one["sphere"])) & entry
        wrong = own & ((detail & _WRONG) != 0)
        # Orders ignored before a list began are entered over its first year: left out of recall.
        late = month >= max(0, int(one.get("from_month") or 0)) + 12
        grave = _grave(view, one)[max(0, int(one.get("from_month") or 0)) + 12 :].sum()
        right = int((own & ~wrong & late).sum())
        row: dict[str, Any] = {
            "list": one["name"],
            "sphere": one["sphere"],
            "entries": int(own.sum()),
            "wrong": int(wrong.sum()),
            "precision": share(own.sum() - wrong.sum(), own.sum()),
            "recall": share(right, grave),
        }
        for bit, cause in enumerate(LISTING_CAUSES):
            row[cause] = share((own & ((detail >> bit & 1) == 1)).sum(), own.sum())
        for way in EXITS:
            row[f"exits_{way}"] = int(view.total(f"exits_{way}", list=one["sphere"])[0])
        rows.append(row)
    columns = {
        "list": ("list", "", ""),
        "sphere": ("sphere", "", ""),
        "entries": ("entries", "count", "whole run"),
        "wrong": ("wrong entries", "count", "resting on a false alarm or mix-up"),
        "precision": ("precision", "share", "of entries: not resting on a recording error"),
        "recall": (
            "right entries per breach",
            "ratio",
            "right entries over breaches of the sphere that are grave enough for the list, from "
            "its 13th month on; above one where one breach lists twice",
        ),
        **{c: (c.replace("_", " "), "share", "of entries") for c in LISTING_CAUSES},
        **{f"exits_{w}": (f"exits by {w}", "count", "whole run") for w in EXITS},
    }
    about = "Whom the lists catch, and whom they should have caught."
    return table(run, "lists", "List by list", about, columns, rows, (*LISTS, *SOURCES))


def _grave(view: View, one: dict[str, Any]) -> NDArray[np.int64]:
    """Return the monthly breaches of a list's sphere that are grave enough for it."""
    scale = {**_GRAVITY, "conduct": 2, **one.get("gravity", {})}
    chosen = [event for event in EVENTS if scale[_kind(event)] >= float(one["min_gravity"])]
    counts = [view.monthly("breaches", event=e, sphere=one["sphere"])[:, 0] for e in chosen]
    return np.sum(counts, axis=0) if counts else np.zeros(view.run.months, np.int64)


def _kind(event: str) -> str:
    last = event.rsplit("_", 1)[-1]
    if last in _GRAVITY:
        return last
    # Contempt of court is the judiciary's ignored order; all else is conduct.
    return "ignored" if event == "contempt" else "conduct"


def sincerity(pair: Pair) -> Table:
    """Return the operator's own sincerity: its errors, and how it puts them right."""
    view, found = pair.view, listing_spells(pair.run)
    wrong = (found["detail"] & _WRONG) != 0
    curve = survival(
        np.zeros(int(wrong.sum()), np.int64),
        np.maximum(found["end"] - found["start"], 1)[wrong],
        found["ended"][wrong],
    )
    ways = found["way"][wrong]
    corrected = int(view.total("links_corrected")[0])
    row: dict[str, Any] = {
        "wrong_entries": int(wrong.sum()),
        **{f"left_by_{way}": int((ways == code).sum()) for code, way in enumerate(EXITS)},
        "still_listed": int((ways < 0).sum()),
        "median_months": curve.quantile(0.5),
        "appeals": int(view.total("appeals")[0]),
        "appeals_wrong": int(view.total("appeals_wrong")[0]),
        "wrong_upheld": share(view.total("appeals_wrong")[0], view.total("appeals")[0]),
        "linked_months": int(view.total("linked")[0]),
        "links_corrected": corrected,
        "months_to_correct": share(view.total("linked")[0], corrected),
    }
    columns = {
        "wrong_entries": ("wrong entries", "count", "resting on a recording error, whole run"),
        **{f"left_by_{w}": (f"left by {w}", "count", "of the wrong entries") for w in EXITS},
        "still_listed": ("still listed", "count", "wrong entries, at the end"),
        "median_months": ("median months listed", "months", "wrong entries, Kaplan-Meier"),
        "appeals": ("appeals decided", "count", "whole run"),
        "appeals_wrong": ("upheld though wrong", "count", "against wrongly listed citizens"),
        "wrong_upheld": ("upheld though wrong", "share", "of appeals decided"),
        "linked_months": ("months of mixed-up files", "count", "citizen-months"),
        "links_corrected": ("files put right", "count", "whole run"),
        "months_to_correct": ("months until put right", "months", "citizen-months over files"),
    }
    about = "The outline promised sincerity of government too: its errors and their redress."
    return table(
        pair.run,
        "sincerity",
        "The operator's own sincerity",
        about,
        columns,
        [row],
        (*SOURCES, "regime.lists"),
    )


MAKERS: tuple[Callable[[Pair], Table], ...] = (
    sources,
    lists,
    sincerity,
)
