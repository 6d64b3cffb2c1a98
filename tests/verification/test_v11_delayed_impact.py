"""V11. Delayed impact: whom a loan helps, whom the lender serves.

What: Liu, Dean, Rolf, Simchowitz and Hardt (2018). Who repays gains 75 points, who defaults loses
150; a lender wins 1 with a loan repaid and loses 4 (or 10) with one that fails. On planted curves
of repayment (512 scores, 330 people at each, of whom a whole number would repay) the best cut-off
is the lowest score at which 4/5 (10/11) repay; the mean score gains most by lending from 2/3 on, so
that between both a refusal costs the applicant and below 2/3 the loan does; the outcome curve (mean
change by share lent to) is concave. The shipped kernels do all of it: `score` makes the scores, the
threshold or rank of examples/lender.yaml becomes a closed gate, `decide` selects, `account` keeps
the points, `score` makes the new scores. Conditions, each checked: repayment rises with the score,
selection is from the top, no score is clipped. The functions of examples/delayed_impact.py give the
same figures.
Power: exact but for one test: a single person refused or granted wrongly, or a single point of 75
or 150, is seen. With repayment by chance, a mean change wrong by 1.4 points (7.4 standard errors of
0.18: 5.1 for the false-alarm rate over 3 curves, 2.33 for chance 0.99).
Wrong kernels: a default that takes 149; points that fade by a 256th a month; a range that ends at
850; one provider in a thousand that ignores the rule; a cut-off that refuses its own score too. Of
the harness: a lender who loses 3; lending from the bottom; repayment that falls with the score.
"""

from __future__ import annotations

import functools
import importlib.util
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest
from alarm import check_mean, check_near, limit, must_alarm, require
from findings import BOOK
from mutants import with_tables, wrong
from rig import ALWAYS, SEED, Room, put, put_now, society

from glasscity.behaviour import load_behaviour
from glasscity.country import load_country
from glasscity.engine import world as world_module
from glasscity.engine.calendar import gate_rules
from glasscity.engine.compile import compile_tables
from glasscity.engine.world import World
from glasscity.month import tables as at
from glasscity.month.account import account
from glasscity.month.decide import decide
from glasscity.month.score import score
from glasscity.regime import load_regime
from glasscity.society.state import new_state
from glasscity.terms import CAUSES, EVENTS, GATES

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "delayed_impact.py"
RULE = EXAMPLE.with_name("lender.yaml")
SCORES = np.arange(300, 812)
EACH = 330  # 2/3, 4/5 and 10/11 of them are whole numbers
PEOPLE = EACH * len(SCORES)
REPAID, FAILED = 75, -150
LENDERS = {"+1/-4": (1, -4, Fraction(4, 5)), "+1/-10": (1, -10, Fraction(10, 11))}
NEUTRAL = Fraction(2, 3)
# Points to units of the account: its two parts are 771 and 255 points long (lender.yaml).
TAKEN_UNIT = 85
BASE = 871
LOAN, DEFAULT = GATES.index("loan"), EVENTS.index("credit_default")
HONOUR = 2


def logistic(scores: np.ndarray) -> np.ndarray:
    return np.round(EACH / (1 + np.exp(-(scores - 540) / 60)))


def straight(scores: np.ndarray) -> np.ndarray:
    return np.round(EACH * (0.1 + 0.9 * (scores - 300) / 511))


def stairs(scores: np.ndarray) -> np.ndarray:
    """Return flat steps, three of which lie exactly where somebody is indifferent."""
    at_step = np.array([40, 150, 219, 220, 221, 264, 265, 300, 301, 325])
    return at_step[(scores - 300) * len(at_step) // len(scores)]


CURVES: dict[str, Callable] = {"logistic": logistic, "straight": straight, "stairs": stairs}


@dataclass(frozen=True)
class Kernels:
    """The stages that lend, the shipped ones unless said otherwise."""

    score: Callable = score
    decide: Callable = decide
    account: Callable = account
    gates: Callable = World._close_gates


SHIPPED = Kernels()


@functools.cache
def rule():
    return load_regime(RULE)


@functools.cache
def tables() -> np.ndarray:
    """Return the tables of lender.yaml, where the score alone decides and the loan alone counts."""
    made = compile_tables(load_country("plainland"), load_behaviour(), rule(), seed=SEED)
    deed = np.zeros(4, dtype=np.int64)
    deed[HONOUR] = ALWAYS
    return put(
        made,
        everyday=0,
        screen_base=-(2**40),
        # Whoever is told to do the deed does it: conscience is the harness's to set.
        deed=deed,
        diligent=np.where(np.arange(256) == 255, 256, 0),
        deed_response=256,
    )


@dataclass(frozen=True)
class Lent:
    """What became of a month of lending, person by person in the order of the planted scores."""

    planted: np.ndarray
    before: np.ndarray
    after: np.ndarray
    granted: np.ndarray
    repaid: np.ndarray
    cut: int

    @property
    def share(self) -> Fraction:
        return Fraction(int(self.granted.sum()), PEOPLE)

    @property
    def change(self) -> Fraction:
        """Mean change of all people's scores."""
        return Fraction(int((self.after - self.before).sum()), PEOPLE)

    def earned(self, gain: int, loss: int) -> int:
        return int(gain * self.repaid.sum() + loss * (self.granted & ~self.repaid).sum())


@functools.cache
def places() -> np.ndarray:
    """Return where in the room each of the people is: nobody stands in the order of scores."""
    return np.random.default_rng(11).permutation(PEOPLE)


def in_turn(would: np.ndarray) -> np.ndarray:
    """Return who would repay, bool[people], of a whole number at each score."""
    return (np.arange(EACH) < would[:, np.newaxis]).ravel()


def lend(would: np.ndarray, kernels: Kernels = SHIPPED, **looks) -> Lent:
    """Let everybody ask for a loan, and those who get one repay or default; return what happened.

    ``looks``: how the gate looks at a score, fields of GateRules for the loan.
    """
    where = places()
    planted = np.repeat(SCORES, EACH)
    room = Room(PEOPLE, tables=tables(), now=put_now(penalties=1))
    room.now[at.NOW_KEY] = 1
    room.state = new_state(PEOPLE, points=True)
    room.state.record.taken[where, 1] = TAKEN_UNIT * (BASE - planted)
    room.do(kernels.score)
    before = (room.state.face.next & 2047).astype(np.int64)

    rules = gate_rules(rule())
    changed = {name: getattr(rules, name).copy() for name in looks}
    for name, value in looks.items():
        changed[name][LOAN] = value
    desk = SimpleNamespace(
        gates=replace(rules, **changed), cuts=np.zeros(len(GATES), np.int64), frozen=False
    )
    with_rank, without = kernels.gates(desk, room.now, room.histogram)
    room.state.filed[:] = LOAN - 7
    room.do(
        kernels.decide,
        first_segment=0,
        wiring=society().wiring,
        score_gates=with_rank,
        score_gates_without_rank=without,
        cuts=desk.cuts,
        verdicts=np.zeros(32768, dtype=np.uint8),
        shapley=np.zeros((len(GATES), len(CAUSES)), dtype=np.int64),
        attributes=2**40,
    )
    granted = (room.noted(at.S_GRANTED) >> LOAN & 1) == 1
    require(
        (granted ^ ((room.noted(at.S_DENIED) >> LOAN & 1) == 1)).all(), "somebody is not answered"
    )

    repaid = np.zeros(PEOPLE, dtype=bool)
    repaid[where] = would
    repaid &= granted
    failed = granted & ~repaid
    room.traits.conscience[:] = np.where(repaid, 255, 0)
    for row in (at.S_FILED, at.S_FRESH):
        room.note(row, failed.astype(np.int64) << DEFAULT)
    room.do(kernels.account)
    room.state.face.now[:] = room.state.face.next
    room.do(kernels.score)
    after = (room.state.face.next & 2047).astype(np.int64)
    return Lent(
        planted, before[where], after[where], granted[where], repaid[where], int(desk.cuts[LOAN])
    )


def check_lending(lent: Lent, what: str = "") -> None:
    """Raise an alarm unless selection is from the top and points move by the outcome alone."""
    require((lent.before == lent.planted).all(), f"{what}: a score is not the one planted")
    top = lent.planted >= lent.cut
    require((lent.granted == top).all(), f"{what}: the loans do not go to the top")
    moves = np.where(lent.granted, np.where(lent.repaid, REPAID, FAILED), 0)
    off = int((lent.after - lent.before != moves).sum())
    require(off == 0, f"{what}: the score of {off} people moves by something else")
    BOOK.counted("people asking for a loan", PEOPLE)


def cut_offs(repaying: np.ndarray) -> list[int]:
    """Return cut-offs all over the range, and all near where anybody is indifferent."""
    near = []
    for share in (NEUTRAL, *(bar for _, _, bar in LENDERS.values())):
        for place in {
            int(np.searchsorted(repaying, share * EACH, side=s)) for s in ("left", "right")
        }:
            near += [place - 1, place, place + 1]
    every = {*near, *range(0, len(SCORES), 64), len(SCORES)}
    return [300 + place for place in sorted(every) if 0 <= place <= len(SCORES)]


@functools.cache
def sweep(curve: str) -> tuple[Lent, ...]:
    """Return what becomes of lending from each of the cut-offs on, with the shipped kernels."""
    repaying = CURVES[curve](SCORES)
    would = in_turn(repaying)
    return tuple(lend(would, points=cut) for cut in cut_offs(repaying))


def best(lents: tuple[Lent, ...], worth: Callable[[Lent], object]) -> set[int]:
    """Return the cut-offs of greatest worth."""
    values = [worth(lent) for lent in lents]
    return {lent.cut for lent, value in zip(lents, values, strict=True) if value == max(values)}


def check_best(lents, worth, repaying, bar: Fraction, what: str) -> None:
    """Raise an alarm unless the best cut-offs are those between ``bar`` and more than that.

    From the lowest score of which at least the bar repays, up to the first of which more do: who
    is exactly there makes no difference.
    """
    lowest = 300 + int(np.searchsorted(repaying, bar * EACH, side="left"))
    above = 300 + int(np.searchsorted(repaying, bar * EACH, side="right"))
    found = best(lents, worth)
    expected = {lent.cut for lent in lents if lowest <= lent.cut <= above}
    require(found == expected, f"{what}: best from {sorted(found)}, not {sorted(expected)}")


def check_concave(lents: tuple[Lent, ...], what: str) -> None:
    """Raise an alarm unless the outcome curve turns downwards everywhere, and crosses zero once."""
    points = sorted((lent.share, lent.change) for lent in lents)
    slopes = [(y1 - y0) / (x1 - x0) for (x0, y0), (x1, y1) in pairwise(points)]
    require(
        all(later <= earlier for earlier, later in pairwise(slopes)),
        f"{what}: the outcome curve is not concave",
    )
    signs = [y > 0 for x, y in points if x > 0]
    require(signs == sorted(signs, reverse=True), f"{what}: more lending helps again")


@pytest.mark.parametrize("curve", CURVES)
def test_the_loans_go_to_the_top_and_points_move_by_the_outcome_alone(curve):
    for lent in sweep(curve):
        check_lending(lent, f"{curve}, from {lent.cut}")


@pytest.mark.parametrize("lender", LENDERS)
@pytest.mark.parametrize("curve", CURVES)
def test_a_lender_earns_most_by_lending_from_the_published_bar_on(curve, lender):
    gain, loss, bar = LENDERS[lender]
    repaying = CURVES[curve](SCORES)
    check_best(sweep(curve), lambda lent: lent.earned(gain, loss), repaying, bar, lender)


@pytest.mark.parametrize("curve", CURVES)
def test_scores_gain_most_by_lending_from_two_thirds_on(curve):
    repaying = CURVES[curve](SCORES)
    check_best(sweep(curve), lambda lent: lent.change, repaying, NEUTRAL, "score-neutral")


@pytest.mark.parametrize("curve", CURVES)
def test_the_outcome_curve_is_concave_and_crosses_zero_once(curve):
    check_concave(sweep(curve), curve)


@pytest.mark.parametrize("lender", LENDERS)
@pytest.mark.parametrize("curve", CURVES)
def test_between_two_thirds_and_the_bar_a_refusal_costs_the_refused(curve, lender):
    _, _, bar = LENDERS[lender]
    repaying = CURVES[curve](SCORES)
    everybody = next(lent for lent in sweep(curve) if lent.cut == 300)
    moved = (everybody.after - everybody.before).reshape(-1, EACH).sum(axis=1)
    chance = [Fraction(int(number), EACH) for number in repaying]
    refused = [m for m, p in zip(moved, chance, strict=True) if NEUTRAL < p < bar]
    harmed = [m for m, p in zip(moved, chance, strict=True) if p < NEUTRAL]
    assert refused
    assert harmed
    require(all(m > 0 for m in refused), "a loan between both would not have helped")
    require(all(m < 0 for m in harmed), "a loan below two thirds would have helped")


def test_where_exactly_the_bar_repay_nobody_is_better_or_worse_off():
    repaying = CURVES["stairs"](SCORES)
    for share, worth in (
        (NEUTRAL, lambda lent: int((lent.after - lent.before).sum())),
        (Fraction(4, 5), lambda lent: lent.earned(1, -4)),
        (Fraction(10, 11), lambda lent: lent.earned(1, -10)),
    ):
        on = [300 + place for place in np.flatnonzero(repaying == share * EACH)]
        low, high = lend(in_turn(repaying), points=on[0]), lend(in_turn(repaying), points=on[-1])
        assert low.granted.sum() - high.granted.sum() == (len(on) - 1) * EACH > 0
        require(worth(low) == worth(high), f"it makes a difference at {share}")


@pytest.mark.parametrize("percentile", [0.01, 12.07, 50, 87.93, 99.9])
def test_a_rank_gate_selects_from_the_top_too(percentile):
    lent = lend(in_turn(logistic(SCORES)), kind=2, percentile=percentile)
    check_lending(lent, f"rank {percentile}")
    # All scores are equally frequent: the mid-rank of the k-th of 512 is (2 k + 1) / 1024.
    rank = Fraction(round(percentile * 100), 10_000)
    first = next(k for k in range(len(SCORES)) if Fraction(2 * k + 1, 1024) >= rank)
    require(lent.cut == 300 + first, f"the cut-off is {lent.cut}, not {300 + first}")


@functools.cache
def example() -> ModuleType:
    spec = importlib.util.spec_from_file_location("delayed_impact", EXAMPLE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("curve", CURVES)
def test_the_example_computes_what_the_kernels_do(curve):
    script, repaying = example(), CURVES[curve](SCORES)
    chance, people = repaying / EACH, np.full(len(SCORES), 1 / len(SCORES))
    assert script.points_of_rule(RULE) == (REPAID, -FAILED)
    shares, changes = script.outcome_curve(people, chance, REPAID, -FAILED)
    for lent in sweep(curve):
        place = lent.cut - 300
        found = script.moved(people, chance, place, REPAID, -FAILED)
        check_near(found, float(lent.change), 1e-9, f"{curve}: change of the mean, from {lent.cut}")
        assert script.lent_from(people, place) == pytest.approx(float(lent.share), abs=1e-12)
        assert shares[len(SCORES) - place] == pytest.approx(float(lent.share), abs=1e-12)
        assert changes[len(SCORES) - place] == pytest.approx(float(lent.change), abs=1e-9)
        earned = script.moved(people, chance, place, 1, 4)
        assert earned == pytest.approx(lent.earned(1, -4) / PEOPLE, abs=1e-9)
    for gain, loss, bar in LENDERS.values():
        lowest = int(np.searchsorted(repaying, bar * EACH, side="left"))
        # One loan in floating point: exactly at the bar either side may win.
        assert repaying[script.bar(chance, gain, -loss)] >= bar * EACH - 1e-9
        assert script.bar(chance, gain, -loss) >= lowest


@pytest.mark.parametrize("curve", CURVES)
def test_repayment_by_chance_moves_the_mean_as_the_curve_says(curve):
    chance = np.repeat(CURVES[curve](SCORES) / EACH, EACH)
    would = np.random.default_rng(11).random(PEOPLE) < chance
    lent = lend(would, points=500)
    check_lending(lent, f"{curve}, by chance")
    expected = np.where(lent.planted >= 500, chance * REPAID + (1 - chance) * FAILED, 0)
    off = lent.after - lent.before - expected
    check_mean(off, 0, 0, comparisons=len(CURVES), what=f"{curve}: change of the mean")


def test_the_check_sees_wrong_kernels():
    would = in_turn(logistic(SCORES))
    taken = np.where(np.arange(len(EVENTS)) == DEFAULT, 149 * TAKEN_UNIT, 0)
    off_by_one = wrong(
        world_module,
        ("with_rank[2 : self.cuts[g]] |=", "with_rank[2 : self.cuts[g] + 1] |="),
    ).World._close_gates
    for kernels in (
        replace(SHIPPED, account=with_tables(account, taken_once=taken)),
        replace(SHIPPED, account=with_tables(account, forgotten=256)),
        replace(SHIPPED, score=with_tables(score, high=850)),
        replace(SHIPPED, decide=with_tables(decide, reach=ALWAYS // 1000 * 999)),
        replace(SHIPPED, gates=off_by_one),
    ):
        must_alarm(lambda kernels=kernels: check_lending(lend(would, kernels, points=600)))


def test_the_check_sees_a_wrong_lender_and_people_who_are_not_as_assumed():
    lents, repaying = sweep("logistic"), CURVES["logistic"](SCORES)
    must_alarm(
        lambda: check_best(lents, lambda lent: lent.earned(1, -3), repaying, Fraction(4, 5), "-3")
    )
    bottom = replace(lents[3], granted=~lents[3].granted)
    must_alarm(lambda: check_lending(bottom))
    falling = in_turn(repaying[::-1])
    cuts = (300, 400, 500, 600, 700, 812)
    must_alarm(lambda: check_concave(tuple(lend(falling, points=cut) for cut in cuts), "falling"))


def test_the_stated_power_is_what_the_numbers_give():
    errors = []
    for curve in CURVES.values():
        chance = np.where(SCORES >= 500, curve(SCORES) / EACH, 0)
        errors.append(float((chance * (1 - chance)).mean()) ** 0.5 * (REPAID - FAILED))
    error = max(errors) / PEOPLE**0.5
    assert 0.17 < error < 0.18
    assert (limit(len(CURVES)) + 2.33) * error < 1.4
    # Where a default takes 149 points, people who repay at 2/3 gain by it already.
    assert Fraction(149, 224) < NEUTRAL
