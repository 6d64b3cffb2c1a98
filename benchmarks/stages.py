"""Measure a month stage by stage: nanoseconds of one core a citizen, for whoever speeds one up.

Run with ``python benchmarks/stages.py``, or ``--regime sesame-2015 --only see act``.  A world is
run up to the month before; then each stage is called alone, over all strides in a compiled loop,
on the state that the stages before it left.  The time is that of the thread on the processor, the
least of several repeats, so that a machine that does other things too is no worse a judge.  Luck
and scratch of all strides are kept, so a stage finds them in a cache further away than in the
passes, which are measured whole at the end.
"""

from __future__ import annotations

import argparse
import importlib
import inspect
import time
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
from numba import njit

from glasscity.behaviour import load_behaviour
from glasscity.country import load_country
from glasscity.draws import MONTH_ZERO, philox_held, philox_rows
from glasscity.engine.calendar import gate_rules, make_calendar
from glasscity.engine.compile import compile_offices, compile_tables, voluntary
from glasscity.engine.start import first_state
from glasscity.engine.world import Workers, World
from glasscity.month import STAGES
from glasscity.month import tables as at
from glasscity.month.ledger import CELLS, ROWS
from glasscity.regime import load_regime
from glasscity.society import build_society
from glasscity.society.state import State
from glasscity.terms import CAUSES, GATES

FIRST_PASS = STAGES[: STAGES.index("restrict") + 1]
# What each stride has of its own, by the name of a stage's parameter.
_OF_STRIDE = {
    "lo": "strides[s, 0]",
    "hi": "strides[s, 1]",
    "province": "strides[s, 3]",
    "area": "strides[s, 4]",
    "first_segment": "strides[s, 5]",
    "counts": "counts[strides[s, 2]]",
    "luck": "luck[s]",
    "scratch": "scratch[s]",
    "used": "0",
}
_HELD = 12


def prepare(regime: str, citizens: int, month: int, months: int = 24, seed: int = 1) -> World:
    """Return a world of a country-like society after ``months`` months, ready for ``month``."""
    country, behaviour, rules = load_country("china-2020"), load_behaviour(), load_regime(regime)
    society = build_society(country, citizens, seed)
    state = first_state(society, behaviour)
    if rules.operator is not None and rules.operator.points is not None:
        state = state.with_points()
    world = World(
        society,
        tables=compile_tables(country, behaviour, rules, seed=seed),
        before=compile_tables(country, behaviour, voluntary(rules), seed=seed),
        offices=compile_offices(country, behaviour, rules, seed=seed),
        calendar=make_calendar(rules, behaviour, start=rules.start),
        gates=gate_rules(rules),
        state=state,
        workers=Workers(1, len(society.cells)),
    )
    for number in range(month - months, month):
        world.step(number, key=MONTH_ZERO + number)
        world.clear()
    return world


def room(world: World, month: int) -> dict[str, Any]:
    """Return what the stages of a month are called with, by the names of their parameters."""
    now = world.calendar.now(month, key=MONTH_ZERO + month)
    world.tables = world.fused if now[at.NOW_MANDATE] else world.before
    world._national(now)
    strides = [
        (lo, min(lo + at.STRIDE, end), cell, province, area, segment + (lo - first) // 64)
        for first, end, cell, province, area, segment in world.society.blocks.tolist()
        for lo in range(first, end, at.STRIDE)
    ]
    luck = np.zeros((len(strides), at.LUCK_CALLS, 4, at.STRIDE), dtype=np.uint32)
    for own, (lo, hi, *_) in zip(luck, strides, strict=True):
        for row, call in enumerate(at.DRAWN):
            drawn = (world.society.seed, lo, hi - lo, now[at.NOW_KEY], call)
            if row == at.L_VOICE:
                philox_held(*drawn, _HELD, own[row])
            else:
                philox_rows(*drawn, own[row])
    return {
        "strides": np.array(strides, dtype=np.int64),
        "traits": world.society.traits,
        "wiring": world.society.wiring,
        "state": world.state,
        "tables": world.tables,
        "now": now,
        "score_gates": world.score_gates,
        "score_gates_without_rank": world.score_gates,
        "cuts": world.cuts,
        "offices": world.offices,
        "rules": world.office_rules,
        "deciles_of": world.deciles_of,
        "luck": luck,
        "scratch": np.zeros((len(strides), at.SCRATCH_ROWS, at.STRIDE), dtype=np.int32),
        "verdicts": np.zeros(32768, dtype=np.uint8),
        "counts": np.zeros((len(world.society.cells), len(ROWS), CELLS), dtype=np.int64),
        "histogram": np.zeros(2048, dtype=np.int64),
        "moments": np.zeros(5, dtype=np.int64),
        "deciles": np.zeros((10, at.DECILE_COUNTS), dtype=np.int64),
        "couples": np.zeros(at.COUPLE_COUNTS, dtype=np.int64),
        "shapley": np.zeros((len(GATES), len(CAUSES)), dtype=np.int64),
        "attributes": 1,
        "log": np.zeros((20 * at.STRIDE, at.LOG_WIDTH), dtype=np.int64),
    }


def close(world: World, known: dict[str, Any]) -> None:
    """Close the gates between the passes, by the month's own scores."""
    with_rank, without = world._close_gates(known["now"], known["histogram"])
    known |= {"score_gates": with_rank, "score_gates_without_rank": without, "cuts": world.cuts}


def over_strides(stage: Any) -> tuple[Callable, list[str]]:
    """Return a compiled loop of a stage over all strides, and the names of its parameters."""
    names = list(inspect.signature(stage.py_func).parameters)
    given = sorted({name for name in names if name not in _OF_STRIDE} | {"counts", "luck"})
    given = ["strides", "scratch", *given]
    called = ", ".join(_OF_STRIDE.get(name, name) for name in names)
    text = (
        f"def loop({', '.join(given)}):\n"
        f"    for s in range(len(strides)):\n"
        f"        stage({called})\n"
    )
    found: dict[str, Any] = {"stage": stage}
    exec(text, found)
    return njit(nogil=True)(found["loop"]), given


def restore(state: State, kept: dict[str, np.ndarray]) -> None:
    """Put the columns of a state back."""
    for name, column in state.columns().items():
        column[...] = kept[name]


def draw_all(known: dict[str, Any]) -> Callable[[], None]:
    """Return what draws the luck of the first pass for everybody, without a score's display."""
    seed, key = known["tables"][at.SEED], known["now"][at.NOW_KEY]
    strides, luck = known["strides"], known["luck"]

    @njit(nogil=True)
    def loop(seed, key, strides, luck):
        for s in range(len(strides)):
            lo, count = strides[s, 0], strides[s, 1] - strides[s, 0]
            philox_held(seed, lo, count, key, at.L_VOICE, _HELD, luck[s, at.L_VOICE])
            for call in (at.L_WORK, at.L_PAYMENT, at.L_RARE, at.L_LIFE):
                philox_rows(seed, lo, count, key, call, luck[s, call])

    return lambda: loop(seed, key, strides, luck)


def least(work: Callable[[], Any], before: Callable[[], Any], repeats: int) -> float:
    """Return the least processor seconds of several repeats."""
    best = float("inf")
    for _ in range(repeats + 1):  # the first one compiles
        before()
        began = time.thread_time()
        work()
        best = min(best, time.thread_time() - began)
    return best


def measure(
    regime: str, citizens: int, month: int, repeats: int, only: Sequence[str] = ()
) -> dict[str, float]:
    """Return nanoseconds a citizen by stage, in the order of the month."""
    world = prepare(regime, citizens, month)
    known = room(world, month)
    figures = {"luck": least(draw_all(known), lambda: None, repeats)}
    for name in STAGES:
        stage = getattr(importlib.import_module(f"glasscity.month.{name}"), name)
        loop, given = over_strides(stage)
        kept = {name: column.copy() for name, column in world.state.columns().items()}
        scratch, histogram = known["scratch"].copy(), known["histogram"].copy()

        def again(kept=kept, scratch=scratch, histogram=histogram) -> None:
            restore(world.state, kept)
            known["scratch"][...] = scratch
            known["histogram"][...] = histogram

        arguments = SimpleNamespace(**known)
        asked = not only or name in only
        seconds = least(
            lambda loop=loop, given=given, a=arguments: loop(*(getattr(a, n) for n in given)),
            again,
            repeats if asked else 0,
        )
        if asked:
            figures[name] = seconds
        if name == FIRST_PASS[-1]:
            close(world, known)
    world.workers.close()
    return {name: seconds / citizens * 1e9 for name, seconds in figures.items()}


def whole(regime: str, citizens: int, month: int, months: int) -> dict[str, float]:
    """Return nanoseconds a citizen of each pass, the least of the next ``months`` months."""
    world = prepare(regime, citizens, month)
    best = {"first pass": float("inf"), "second pass": float("inf")}
    first, second = world._first, world._second
    spent: dict[str, float] = {}

    def timed(name: str, work: Callable) -> Callable:
        def run(*arguments: Any, **named: Any) -> Any:
            began = time.thread_time()
            done = work(*arguments, **named)
            spent[name] += time.thread_time() - began
            return done

        return run

    world._first, world._second = timed("first pass", first), timed("second pass", second)
    for number in range(month, month + months):
        spent |= dict.fromkeys(best, 0.0)
        world.step(number, key=MONTH_ZERO + number)
        world.clear()
        best = {name: min(best[name], spent[name]) for name in best}
    world.workers.close()
    return {name: seconds / citizens * 1e9 for name, seconds in best.items()}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure a month by stage.")
    parser.add_argument("--regime", default="citizen-score-2020")
    parser.add_argument("--citizens", default="2e5")
    parser.add_argument("--month", type=int, default=80)
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--only", nargs="*", default=(), choices=STAGES)
    options = parser.parse_args()
    citizens = int(float(options.citizens))
    given = (options.regime, citizens, options.month, options.repeats)
    figures = measure(*given, only=options.only)
    for name, nanoseconds in figures.items():
        print(f"{name:12} {nanoseconds:8.1f}")
    for name, nanoseconds in whole(*given).items():
        print(f"{name:12} {nanoseconds:8.1f}")


if __name__ == "__main__":
    main()
