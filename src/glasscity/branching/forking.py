"""One world goes on under another regime: what of it goes on, what ends and what begins.

Truth, belief, face and audit go on: people, and what they know, are the same.  Of the record, what
the new regime has too goes on, by name; what it has not ends; what is new begins empty.
docs/decisions/0026 says it whole, with what was rejected.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from glasscity.engine.calendar import Calendar, GateRules, make_calendar
from glasscity.engine.compile import voluntary
from glasscity.engine.compile_points import LEAST_SCORE, scale_of
from glasscity.engine.running import Here, Rules
from glasscity.engine.world import SCORE_BINS, Workers, World
from glasscity.month import tables as at
from glasscity.month.ledger import first_row
from glasscity.month.shared import cell_of
from glasscity.regime import Operator, Regime
from glasscity.scenario import Scenario
from glasscity.society.state import State, from_columns, new_state
from glasscity.terms import GATES, SPHERES

__all__ = ["Turned", "calendar_of", "kept_lists", "low_of", "turned"]

_EXPIRY = first_row("exits_expiry")
_BY_EXPIRY = 2
_SCORE = np.uint32(2047)
_SHOWN = np.uint32(1 << 14)  # face: displayed
_LIVE = np.uint32(31)


class Turned(NamedTuple):
    """A world under its new regime, before its first month there.

    ``log``: int64[n, 8], the exits of those whom a list that ended let go; they are counted already
    and belong to the month to come.
    """

    here: Here
    log: np.ndarray


def turned(
    here: Here,
    rules: Rules,
    before: Scenario,
    month: int,
    workers: Workers,
    *,
    copied: bool,
    exits: bool = True,
) -> Turned:
    """Return the world that goes on under another regime from a month on.

    Parameters
    ----------
    here : Here
        The world until then, ``month`` months after the run began.
    rules : Rules
        Of the scenario, without forks, that goes on.
    before : Scenario
        What the world was until then, without forks.
    copied : bool
        Whether ``here`` must stay as it is; else its state is taken over.
    exits : bool
        Whether those whom a list lets go are counted.
    """
    old, after = here.world, rules.scenario
    kept = kept_lists(before, after, month)
    state = old.state.copy() if copied else old.state
    account = _account(before) is not None and _account(before) == _account(after)
    points = {name: array for name, array in state.columns().items() if _pointed(name)}
    state = _without_points(state)
    scored = _scores(state, before, month)
    left = _lists(state, kept)
    stays = _faces(state, scored, before, after, month)
    log = _count(old, left) if exits else np.zeros((0, at.LOG_WIDTH), np.int64)
    new = Here(rules, old.society, state, workers)
    world = new.world
    if account:
        columns = world.state.columns()
        for name, array in points.items():
            columns[name][:] = array
    world.calendar = calendar_of(before, after, month)
    if stays:
        _carry(old, world, before, after, month)
    elif world.state.face.now.any():
        scores = (world.state.face.now & _SCORE).astype(np.int64)
        world.histogram = np.bincount(scores[scores > 0], minlength=SCORE_BINS).astype(np.int64)
    world.now = old.now.copy()
    return Turned(new, log)


def low_of(regime: Regime) -> int | None:
    """Return the low end of a regime's scores in points; None where nobody is scored."""
    operator = regime.operator
    if operator is None:
        return None
    if operator.points is not None:
        return scale_of(regime)[0]
    return max(int(operator.range.numbers[0]), LEAST_SCORE)


def kept_lists(before: Scenario, after: Scenario, month: int) -> list[bool]:
    """Return by sphere whether who is on its list stays there: the same list, in force already."""
    old = {(entry.name, entry.sphere) for entry in before.regime.lists}
    calendar = make_calendar(after.regime, after.behaviour, start=after.start)
    begun = calendar.lists is not None and calendar.lists <= month
    new = {entry.sphere: entry.name for entry in after.regime.lists} if begun else {}
    return [(new.get(sphere), sphere) in old for sphere in SPHERES]


def calendar_of(before: Scenario, after: Scenario, month: int) -> Calendar:
    """Return the new regime's own calendar, in which a list that is new counts from the fork on.

    Orders that were ignored before a list of debts began are put on it over its first 12 months;
    so it is with one that begins by the fork.
    """
    calendar = make_calendar(after.regime, after.behaviour, start=after.start)
    kept = kept_lists(before, after, month)
    new = any(
        not kept[SPHERES.index(entry.sphere)]
        for entry in after.regime.lists
        if SPHERES.index(entry.sphere) < 2
    )
    if new and calendar.lists is not None:
        return replace(calendar, lists=max(calendar.lists, month))
    return calendar


def _scorer(scenario: Scenario, month: int) -> Operator | None:
    """Return whose score is on faces in a month."""
    calendar = make_calendar(scenario.regime, scenario.behaviour, start=scenario.start)
    mandate = calendar.mandate is not None and month >= max(0, calendar.mandate)
    return scenario.regime.operator if mandate else voluntary(scenario.regime).operator


def _account(scenario: Scenario) -> str | None:
    """Return the name of the operator that keeps an account of points; None: nobody does."""
    operator = scenario.regime.operator
    return operator.name if operator is not None and operator.points is not None else None


def _pointed(name: str) -> bool:
    return name in ("record.taken", "record.earned", "audit.taken_shares")


def _without_points(state: State) -> State:
    """Return the same state without rows for accounts of points (views)."""
    none = new_state(1).columns()
    return from_columns(
        {name: none[name] if _pointed(name) else a for name, a in state.columns().items()}
    )


def _scores(state: State, before: Scenario, month: int) -> dict[str, np.ndarray]:
    """Return everybody's score by operator, uint32, 0 none, as the last month left them."""
    found = {
        one.name: state.record.private[:, k].astype(np.uint32)
        for k, one in enumerate(before.regime.operators)
    }
    scorer = _scorer(before, month - 1)
    if scorer is not None:
        found[scorer.name] = state.face.now & _SCORE
    return found


def _faces(
    state: State,
    scored: dict[str, np.ndarray],
    before: Scenario,
    after: Scenario,
    month: int,
) -> bool:
    """Let scores go on by operator's name; return whether those on faces stayed as they were."""
    regime = after.regime
    operators = [*regime.operators, *([regime.operator] if regime.operator else [])]
    old = {one.name: k for k, one in enumerate(before.regime.operators)}
    private = np.zeros_like(state.record.private)
    for k, one in enumerate(regime.operators):
        if one.name in old:
            private[:, k] = state.record.private[:, old[one.name]]
        elif one.name in scored:
            private[:, k] = scored[one.name]
    state.record.private[:] = private
    last, next_ = _scorer(before, month - 1), _scorer(after, month)
    if last is not None and last.name in {one.name for one in operators}:
        return True
    score = np.zeros(state.citizens, dtype=np.uint32)
    if next_ is not None and next_.name in scored:
        score = scored[next_.name]
    faces = state.face.now & ~_SCORE | score
    # Nobody goes on showing a score that is not there any more.
    faces = np.where(score > 1, faces, faces & ~_SHOWN)
    state.face.now[:] = faces
    state.face.next[:] = faces
    return False


def _lists(state: State, kept: Sequence[bool]) -> list[np.ndarray]:
    """End the lists that do not go on; return, by sphere, who was on them."""
    book, left = state.record, []
    causes = state.audit.causes
    for s, stays in enumerate(kept):
        standing = book.standing[:, s]
        if stays:
            left.append(np.zeros(0, dtype=np.int64))
            continue
        left.append(np.flatnonzero((standing > 0) & (standing < 128)))
        ended = standing > 0
        standing[:] = 0
        book.evidence[ended] &= np.uint8(255 & ~(17 << s))
        book.reference[ended] &= np.uint8(255 & ~(1 << s))
        causes[ended] &= ~(_LIVE << np.uint32(5 * s))
    return left


def _count(world: World, left: Sequence[np.ndarray]) -> np.ndarray:
    """Count the exits into the month to come, and return their rows of the log."""
    society, counts = world.society, world.workers.all[0].counts
    rows = []
    for s, people in enumerate(left):
        blocks = society.blocks[np.searchsorted(society.blocks[:, 1], people, side="right"), 2]
        for person, block in zip(people.tolist(), blocks.tolist(), strict=True):
            cell = cell_of(
                np.int64(society.traits.income[person]),
                np.int64(society.traits.who[person]),
                np.int64(world.state.truth.opinion[person]),
            )
            counts[block, _EXPIRY + s, cell] += 1
            rows.append((at.LOG_EXIT, person, s, _BY_EXPIRY, 0, 0, 0, 0))
    return np.array(rows, dtype=np.int64).reshape(-1, at.LOG_WIDTH)


def _carry(old: World, new: World, before: Scenario, after: Scenario, month: int) -> None:
    """Carry what the nation's scores have left, where those on faces go on."""
    new.histogram = old.histogram.copy()
    new.deciles_of = old.deciles_of.copy()
    same = _same_gates(old.gates, new.gates)
    mask = np.uint32(sum(1 << g for g in range(len(GATES)) if same[g]))
    new.score_gates = old.score_gates & mask
    new.cuts = np.where(same, old.cuts, 0)
    # A perk's points may stand for a percentile, found anew each month there is somebody scored.
    places = {perk.name: k for k, perk in enumerate(before.regime.perks[:8])}
    for tables, were in ((new.fused, old.fused), (new.before, old.before)):
        for k, perk in enumerate(after.regime.perks[: int(tables[at.PERKS])]):
            there = perk.name in places and places[perk.name] < were[at.PERKS]
            if there and perk.percentile is not None:
                tables[at.PERK_POINTS + k] = were[at.PERK_POINTS + places[perk.name]]
    calendar = new.calendar
    due = calendar.penalties is not None and month >= max(0, calendar.penalties)
    thresholds = new.gates.kind == 1
    if old.frozen and due:
        # Cut-offs that were fixed stay for gates whose rule is the same; others are fixed now.
        new.frozen = bool(same[thresholds].all())
        points = np.where(same & thresholds, old.cuts, new.gates.points)
        new.gates = replace(new.gates, points=points)


def _same_gates(old: GateRules, new: GateRules) -> np.ndarray:
    """Return which gates look at a score by the same rule, bool[18]."""
    same = (old.kind == new.kind) & (old.percentile == new.percentile)
    # The points of a rule that was carried over by an earlier fork are its cut-offs.
    return same & ((old.points == new.points) | (new.points < 0))
