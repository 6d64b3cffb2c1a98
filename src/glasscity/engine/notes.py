"""What is noted of a watched citizen's month: codes and bits turned into plain facts.

A month's note is a dictionary that is fit for JSON:

==============  ==================================================================================
key             holds
==============  ==================================================================================
``month``       month of the run, from 0
``happened``    events (terms.EVENTS) in which the citizen is in breach this month
``fresh``       those of them that began or happened this month
``blame``       cause of the credit's, the fee's breach: unwilling, unable, slip
``strayed``     whether the record of this month's gravest event was taken for the namesake's
``namesake``    the citizen whom records may take for this one, or None
``ties``        open ties, scored ones, their mean score, critics and praisers among them
``rules``       the score's: ``voluntary`` before the mandate where they differ, else ``full``
``enrolled``, ``voice``, ``score``, ``rank``
``national_mean``    of last month's scores, 0 where nobody was scored
``parts``       what each part gave, in 1/256 point (engine.breakdown.PARTS)
``history``     what each sphere's record took from the credit history, in 1/256 point
``denied``, ``granted``    gates
``closed``      gate: what closes it (a list, a threshold, a rank)
``log``         denials with their causes, entries on lists and exits from them
``ledger``      the citizen's own counts: measure, label, count
``end``         the state at the end of the month
==============  ==================================================================================
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from glasscity.month import tables as at
from glasscity.month.ledger import ROWS
from glasscity.month.points import counted_deficit, points_of
from glasscity.month.shared import on_list
from glasscity.society import Society
from glasscity.society.state import State
from glasscity.terms import (
    AGES,
    AREAS,
    CAUSE_GROUPS,
    CAUSES,
    CLASSES,
    EVENTS,
    GATES,
    LISTING_CAUSES,
    MORE_CAUSE_GROUPS,
    OCCUPATIONS,
    QUINTILES,
    SPHERES,
    VOICES,
)

__all__ = ["decided", "history_lost", "ledger", "log_rows", "seen", "standing", "traits"]

_BLAME = ("unwilling", "unable", "slip")
_EXITS = ("performance", "appeal", "expiry", "correction", "repair")
_DEBTS = ("credit", "fee")


def _of(words: Iterable[str], mask: int) -> list[str]:
    return [word for bit, word in enumerate(words) if (mask >> bit) & 1]


def traits(society: Society, person: int, province: int, area: int) -> dict[str, Any]:
    """Return who a citizen is: what never changes in a run."""
    t = society.traits
    who, misc, home = int(t.who[person]), int(t.misc[person]), int(t.home[person])
    income = int(t.income[person])
    return {
        "province": society.country.provinces[province].name,
        "area": AREAS[area],
        "age": AGES[who & 7],
        "occupation": OCCUPATIONS[(who >> 3) & 7],
        "quintile": QUINTILES[(income * 5) >> 8],
        "yearly_income_per_head": round(float(society.income_yuan[income])),
        "adults_in_household": (home >> 3) & 7,
        "children_in_private_school": misc >> 6,
        "conscientiousness": round(int(t.conscience[person]) / 255, 3),
        "instalment_credit": bool(who & 128),
        "thick_credit_file": bool(who & 64),
        "pay_app": bool(misc & 1),
        "social_app": bool(misc & 2),
        "name": ("rare", "common", "more common", "most common")[(misc >> 4) & 3],
    }


def standing(state: State, person: int) -> dict[str, Any]:
    """Return how a citizen stands: the state of truth, record and audit in words."""
    truth, book = state.truth, state.record
    case = int(truth.case[person])
    spell = int(truth.spell[person])
    causes = int(state.audit.causes[person])
    lists: dict[str, Any] = {}
    warned: dict[str, int] = {}
    for s, sphere in enumerate(SPHERES):
        value = int(book.standing[person, s])
        if on_list(value):
            left = None if value == 127 else value
            lists[sphere] = {"months_left": left, "causes": _causes(causes >> (5 * s))}
        elif 128 < value < 192:
            warned[sphere] = value - 128
    kind = case & 15
    words = {0: None, 8: "order ignored", 9: "closed: unable to pay"}
    return {
        "liquidity": int(truth.liquidity[person]) / 256,
        "months_without_work": int(truth.idle[person]),
        "owed": {"credit": int(truth.owed_credit[person]), "fee": int(truth.owed_fee[person])},
        "withheld": (None, *_DEBTS)[spell & 3],
        "case": words.get(kind, f"order, {kind} months of grace left"),
        "insured": bool(spell & 64),
        "opinion": int(truth.opinion[person]) / 127,
        "unafraid_voice": VOICES[int(state.audit.inner[person]) & 3],
        "single": bool((int(state.face.next[person]) >> 15) & 1),
        "lists": lists,
        "warned": warned,
        "file_linked": bool(int(book.reference[person]) & 16),
    }


def _causes(mask: int) -> list[str]:
    return _of(LISTING_CAUSES, mask & 31)


def seen(scratch: np.ndarray, twin: int | None) -> dict[str, Any]:
    """Return what the first pass left in a citizen's scratch, int32[SCRATCH_ROWS]."""
    status, blame = int(scratch[at.S_STATUS]), int(scratch[at.S_BLAME])
    happened = _of(EVENTS, status)
    scored = int(scratch[at.S_TIES_SCORED])
    owing = [any(event.startswith(debt) for event in happened) for debt in _DEBTS]
    return {
        "happened": happened,
        "fresh": _of(EVENTS, int(scratch[at.S_FRESH])),
        "blame": {
            debt: _BLAME[(blame >> (2 * place)) & 3]
            for place, debt in enumerate(_DEBTS)
            if owing[place]
        },
        "strayed": bool(status & 4096),
        "namesake": twin,
        "ties": {
            "open": int(scratch[at.S_TIES_OPEN]),
            "scored": scored,
            "mean_score": int(scratch[at.S_TIES_SUM]) / scored if scored else None,
            "critics": int(scratch[at.S_CRITICS]),
            "praisers": int(scratch[at.S_PRAISERS]),
        },
    }


def decided(scratch: np.ndarray) -> dict[str, list[str]]:
    """Return the gates that refused a citizen and those that did not."""
    return {
        "denied": _of(GATES, int(scratch[at.S_DENIED])),
        "granted": _of(GATES, int(scratch[at.S_GRANTED])),
    }


def history_lost(state: State, tables: np.ndarray, person: int) -> dict[str, int]:
    """Return what each sphere's record takes from the credit history, in 1/256 point.

    Sphere by sphere in the order of terms.SPHERES, so that they add up to what the history lacks of
    a clean file's points exactly, cap and rounding included.
    """
    weight = int(tables[at.WEIGHTS])
    lost: dict[str, int] = {}
    total = 0
    before = int(points_of(weight, 65535))
    for s, sphere in enumerate(SPHERES):
        total += int(counted_deficit(tables, state.record.deficits, state.record.taken, person, s))
        after = int(points_of(weight, 65535 - min(65535, total)))
        lost[sphere] = before - after
        before = after
    return lost


def log_rows(log: np.ndarray, person: int) -> list[dict[str, Any]]:
    """Return a citizen's rows of the log (month.tables) in words."""
    found: list[dict[str, Any]] = []
    for row in log[log[:, 1] == person].tolist():
        kind, _, where, mask, enough, involved, lower, sort = row
        if kind == at.LOG_DENIAL:
            found.append(
                {
                    "kind": "denial",
                    "gate": GATES[where],
                    "but_for": _of(CAUSES, mask),
                    "sufficient": _of(CAUSES, enough),
                    "involved": _of(CAUSES, involved),
                    # Bit 5 is the regime's own doing; the later groups follow it.
                    "but_for_groups": _of(CAUSE_GROUPS, lower & 31)
                    + _of(MORE_CAUSE_GROUPS, lower >> 6),
                    "class": CLASSES[sort],
                    "by_regime_alone": bool(lower & 32),
                }
            )
        elif kind == at.LOG_ENTRY:
            found.append({"kind": "entry", "list": SPHERES[where], "causes": _causes(mask)})
        elif kind == at.LOG_EXIT:
            found.append({"kind": "exit", "list": SPHERES[where], "how": _EXITS[mask]})
    return found


def ledger(counts: np.ndarray) -> list[list[Any]]:
    """Return a citizen's own rows of the month's ledger: measure, label, count."""
    found: list[list[Any]] = []
    for code in np.flatnonzero(counts).tolist():
        row = ROWS[code]
        if not row.measure.startswith("denials_"):
            label = row.event or row.gate or row.list or row.cause
            found.append([row.measure, label, int(counts[code])])
    return found
