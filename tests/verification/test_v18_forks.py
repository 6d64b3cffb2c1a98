"""V18. Forks of one month without a cause.

What: one month of one world is run again with a group of causes off for everybody, matched on
citizen and gate: breaches elsewhere and errors are cleared from the files before the score is made,
by what the audit knows of their share, and so are listings that rest on them alone; ties, voices
and means have their reference value where that is better; officials take nothing. The shipped
`score` and `restrict` go on from there, cut-offs by rank are drawn anew and `decide` decides. At
gates that close by list or threshold exactly those refusals vanish for which the group is stored as
necessary, and none appears; with the month's own cut-offs it is so at rank gates too. Negative
control: with cut-offs drawn anew some refusals appear at rank gates, which deny a fixed share.
6,000 citizens of plainland, rare things ten times as frequent, under each statistic of ties' scores
and with officials and gaming. Profile has no fork: half of it is a trait and no state.
Power: exact: one refusal of the month.
Wrong kernels: a spillover that lacks other spheres' breaches of will; a reference value of means,
of ties' scores or of one's own voice that is not the regime's; a sphere's records counted half;
officials forgotten; a fork that forgets the listings.
"""

from __future__ import annotations

import functools
import inspect
import itertools

import numpy as np
import pytest
from alarm import must_alarm, require
from findings import BOOK
from gate import (
    CITIZENS,
    FIRST,
    GROUPS,
    WORLDS,
    Moment,
    attributed,
    decided,
    group_bit,
    moment_of,
    tables_of,
)
from mutants import with_tables
from replay import BIT
from rig import first_pass, get, put, society, step, world

from glasscity.month import tables as at
from glasscity.month.act import act
from glasscity.month.decide import decide
from glasscity.month.record import record
from glasscity.month.restrict import restrict
from glasscity.month.score import score
from glasscity.month.see import see
from glasscity.terms import GATES, SPHERES

RELATIONS = ("ties_scores", "ties_voice", "own_voice")
FORKED = [group for group in GROUPS if group != "profile"]


def without_records(group: str, sphere: int):
    """Return a stage that clears what a group has put on file, by what the audit knows."""

    def stage(lo, hi, state):
        deficits, shares = state.record.deficits, state.audit.shares
        for s, places in enumerate(((0, 1, 2), (3, 4, 5), (6,), (7,))):
            whole = deficits[lo:hi, s].astype(np.int64)
            error = whole * shares[lo:hi, places[-1]] // 255
            if group == "error":
                deficits[lo:hi, s] = whole - error
            elif group == "spillover" and s != sphere:
                deficits[lo:hi, s] = error

    return as_stage(stage)


def without_listings(group: str, sphere: int):
    """Return a stage that takes people off lists on which nothing else keeps them."""

    def stage(lo, hi, state):
        for s in range(4):
            live = state.audit.causes[lo:hi] >> np.uint32(5 * s) & np.uint32(31)
            own, error = live & 7 > 0, live & 24 > 0
            standing = state.record.standing[lo:hi, s]
            if group == "error":
                standing[error & ~own & (standing < 128)] = 0
            elif group == "spillover" and s != sphere:
                standing[own & ~error & (standing < 128)] = 0

    return as_stage(stage)


def without_parts(group: str, spillover: int):
    """Return the stage `score` with the parts of a group at their reference where that is better.

    A part at strength zero is its reference; the score that is better for each is the greatest over
    all ways to switch the group's parts off or not.
    """
    parts = {
        "association": ("ties_scores", "ties_voice"),
        "speech": ("own_voice",),
        "spillover": [
            name for name in ("ties_scores", "ties_voice", "own_voice") if spillover & BIT[name]
        ],
    }.get(group, ())
    names = list(inspect.signature(score.py_func).parameters)

    def run(*given):
        known = dict(zip(names, given, strict=True))
        lo, hi, state, tables = (known[name] for name in ("lo", "hi", "state", "tables"))
        strength = get(tables, "relation_strength")
        reference = get(tables, "reference")
        kept = state.record.fulfilment[lo:hi].copy()
        changes = {}
        if group == "means":
            state.record.fulfilment[lo:hi] = np.maximum(kept, reference[1])
        if group == "favour":
            changes["official_points"] = np.maximum(get(tables, "official_points"), 0)
        found = np.zeros(hi - lo, dtype=np.uint32)
        before = state.face.next[lo:hi].copy()
        for size in range(len(parts) + 1):
            for some in itertools.combinations(parts, size):
                off = np.array([n in some for n in ("ties_scores", "ties_voice", "own_voice")])
                state.face.next[lo:hi] = before
                known["tables"] = put(
                    tables, relation_strength=np.where(off, 0, strength), **changes
                )
                score(*(known[name] for name in names))
                found = np.maximum(found, state.face.next[lo:hi] & np.uint32(2047))
        face = state.face.next[lo:hi]
        state.face.next[lo:hi] = (face & ~np.uint32(2047)) | found
        # Lenders have a middle of their own.
        if group == "means":
            kept = np.maximum(kept, get(tables, "middle"))
        state.record.fulfilment[lo:hi] = kept

    run.py_func = score.py_func
    return run


def as_stage(function):
    """Return a plain function as the bench calls stages."""
    function.py_func = function
    return function


class Forks:
    """One world at the end of a month, and the next month with causes off or not."""

    def __init__(self, name: str):
        tables = tables_of(name)
        # Spillover has profile in it too, which has no fork: the rest of the group is looked at.
        kept = get(tables, "spillover") & ~BIT["profile"]
        self.tables = put(tables, spillover=kept)
        self.one = world(society(citizens=CITIZENS), tables=self.tables)
        for month in range(FIRST):
            step(self.one, month)
        self.start = self.one.state.copy()
        self.cuts = self.one.cuts.copy()
        self.histogram = self.one.histogram.copy()

    def spillover(self, sphere: int) -> int:
        """Return the causes that are spillover at the gates of a sphere."""
        gates = get(self.tables, "gate_sphere") == sphere
        (mask,) = set(get(self.tables, "spillover")[gates].tolist())
        return mask

    def fork(self, group: str | None = None, sphere: int = -1) -> Moment:
        """Return what stage 5 finds in the next month; ``sphere`` is the gates', for spillover."""
        one = self.one
        one.state, one.cuts = self.start.copy(), self.cuts.copy()
        one.histogram = self.histogram.copy()
        stages = [see, act, record, score, restrict]
        if group is not None:
            mask = self.spillover(sphere) if group == "spillover" else 0
            stages[3] = without_parts(group, mask)
            stages.insert(3, without_records(group, sphere))
            stages.append(without_listings(group, sphere))
        now = first_pass(one, FIRST, *stages)["now"]
        scores = (one.state.face.next & np.uint32(2047)).astype(np.int64)
        histogram = np.bincount(scores[scores > 1], minlength=2048)
        return moment_of(one, now, *one._close_gates(now, histogram))


@functools.cache
def forks(name: str) -> Forks:
    return Forks(name)


def matrix(rows: np.ndarray) -> np.ndarray:
    """Return bool[citizens, gates]: whom rows of the log are about."""
    found = np.zeros((CITIZENS, len(GATES)), dtype=bool)
    found[rows[:, 1], rows[:, 2]] = True
    return found


@functools.cache
def forked(name: str, group: str, sphere: int) -> tuple[np.ndarray, np.ndarray]:
    """Return who is refused where in a fork: cut-offs drawn anew; the month's own."""
    where = forks(name)
    actual, other = where.fork(), where.fork(group, sphere)
    frozen = other.but(
        score_gates=actual.score_gates,
        score_gates_without_rank=actual.score_gates_without_rank,
        cuts=actual.cuts,
    )
    return decided(other).denied, decided(frozen).denied


def check_fork(name: str, group: str, kernel=decide) -> dict[str, int]:
    """Raise an alarm unless exactly the but-for refusals of a group vanish in a fork without it.

    Returns
    -------
    dict
        ``vanished`` refusals at gates of lists and thresholds; ``appeared`` at rank gates.
    """
    where = forks(name)
    found = attributed(where.fork(), kernel)
    needed = matrix(found.log[group_bit(found.log, group)])
    ranked = where.one.gates.kind == 2
    of_gate = get(where.tables, "gate_sphere")
    count = {"vanished": 0, "appeared": 0}
    for sphere in range(len(SPHERES)) if group == "spillover" else [-1]:
        here = of_gate == sphere if group == "spillover" else np.ones(len(GATES), dtype=bool)
        redrawn, frozen = forked(name, group, sphere)
        fixed = here & ~ranked
        gone, new = found.denied & ~redrawn, redrawn & ~found.denied
        unlike = int((gone != needed)[:, fixed].sum())
        require(unlike == 0, f"{group}: {unlike} refusals vanish unstored, or stay though stored")
        require(not new[:, fixed].any(), f"{group}: {new[:, fixed].sum()} refusals appear")
        unlike = int(((found.denied & ~frozen) != needed)[:, here].sum())
        require(unlike == 0, f"{group}, the month's own cut-offs: {unlike} refusals are others")
        BOOK.counted("refusals looked up in a fork", found.denied[:, here].sum())
        BOOK.counted("refusals that vanish", gone[:, fixed].sum())
        count["vanished"] += int(gone[:, fixed].sum())
        count["appeared"] += int(new[:, here & ranked].sum())
    return count


def test_a_fork_without_anything_off_is_the_month_itself():
    where = forks("as shipped")
    moment = where.fork()
    one = where.one
    one.state, one.cuts = where.start.copy(), where.cuts.copy()
    one.histogram = where.histogram.copy()
    log = step(one, FIRST).log
    stored = log[log[:, 0] == at.LOG_DENIAL]
    assert len(stored) > 300
    assert np.array_equal(matrix(stored), matrix(attributed(moment).log))


@pytest.mark.parametrize("name", WORLDS)
@pytest.mark.parametrize("group", FORKED)
def test_in_a_fork_without_a_group_exactly_its_but_for_refusals_vanish(name, group):
    check_fork(name, group)


def test_the_forks_move_something_and_rank_gates_are_another_matter():
    counts = {group: [check_fork(name, group) for name in WORLDS] for group in FORKED}
    for group, found in counts.items():
        assert max(count["vanished"] for count in found) >= 4, group
    assert min(count["vanished"] for count in counts["spillover"]) > 200
    for group in ("spillover", "means"):
        assert all(count["appeared"] > 0 for count in counts[group]), group


def test_the_check_sees_wrong_kernels():
    tables = forks("the plain mean").tables
    reference = get(tables, "reference")

    def other(place: int):
        moved = reference.copy()
        moved[place] = 65535 - moved[place]
        return with_tables(decide, reference=moved)

    faults = (
        ("spillover", with_tables(decide, spillover=get(tables, "spillover") & ~0b1000)),
        ("spillover", with_tables(decide, history=[256, 128, 256, 256])),
        ("error", with_tables(decide, history=[256, 128, 256, 256])),
        ("means", other(1)),
    )
    for group, kernel in faults:
        must_alarm(lambda g=group, k=kernel: check_fork("the plain mean", g, k))
    lenient = reference.copy()
    lenient[4:] = 65535
    for group in ("association", "speech"):
        wide = with_tables(decide, reference=lenient)
        must_alarm(lambda g=group, k=wide: check_fork("the plain mean", g, k))
    blind = with_tables(decide, official_points=0)
    must_alarm(lambda: check_fork("officials and gaming", "favour", blind))


def test_the_check_sees_a_fork_that_forgets_the_listings(monkeypatch):
    monkeypatch.setitem(globals(), "without_listings", lambda *_: as_stage(lambda lo, hi: None))
    forked.cache_clear()
    for group in ("error", "spillover"):
        must_alarm(lambda g=group: check_fork("as shipped", g))
    forked.cache_clear()
