"""Measure Glasscity: the full month, the bytes of a citizen, and one step against plain NumPy.

Run with ``make bench``, or ``python benchmarks/bench.py --citizens 1e6 --json``.  Nothing is judged
here; figures go to docs/performance.md by hand, with the machine and the date.
"""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import subprocess
import sys
import time

import numpy as np


def import_seconds() -> float:
    """Return the median time of ``import glasscity`` in fresh processes."""
    code = "import time; t = time.perf_counter(); import glasscity; print(time.perf_counter() - t)"
    runs = [
        float(
            subprocess.run(
                [sys.executable, "-c", code], capture_output=True, text=True, check=True
            ).stdout
        )
        for _ in range(5)
    ]
    return statistics.median(runs)


def full_month(citizens: int, threads: int | None) -> dict:
    """Return the figures of a whole run of ``citizen-score-2020`` with full attribution."""
    from glasscity.scenario import Scenario
    from glasscity.simulation import simulate

    def show(stage: str, done: int, total: int | None, people: int) -> None:
        if total and done in (1, total):
            print(f"  {stage} {done}/{total}", file=sys.stderr, flush=True)

    scenario = Scenario("citizen-score-2020", citizens=citizens)
    done = simulate(scenario, threads=threads, twin=False, progress=show)
    rate = citizens * scenario.months / done.simulation_seconds
    return {
        "case": "full month, attribution of every denial",
        "citizens": citizens,
        "citizen_months_per_second": round(rate),
        "state_bytes_per_citizen": round(done.state_bytes_per_citizen, 1),
        "ratio": None,
        "bound": None,
    }


def score_step(citizens: int, repeats: int = 5) -> dict:
    """Return the ratio of plain NumPy to the kernels for the relationships-and-score step.

    Both read the same faces, ties, deficits and traits and give the same scores, on one thread,
    in turn.
    """
    from glasscity.behaviour import load_behaviour
    from glasscity.country import load_country
    from glasscity.engine.calendar import gate_rules, make_calendar
    from glasscity.engine.compile import compile_tables
    from glasscity.engine.start import first_state
    from glasscity.engine.world import Workers, World
    from glasscity.month import tables as at
    from glasscity.month.score import score
    from glasscity.month.see import see
    from glasscity.regime import load_regime
    from glasscity.society import build_society

    country, behaviour = load_country("china-2020"), load_behaviour()
    regime = load_regime("citizen-score-2020")
    society = build_society(country, citizens, 1)
    workers = Workers(1, len(society.cells))
    state = first_state(society, behaviour)
    tables = compile_tables(country, behaviour, regime, seed=1)
    calendar = make_calendar(regime, behaviour, start=regime.start)
    world = World(
        society,
        tables=tables,
        calendar=calendar,
        gates=gate_rules(regime),
        state=state,
        workers=workers,
    )
    # Three months after the mandate everybody has a score.
    for month in range(67, 70):
        world.step(month, key=4096 + month)
        world.clear()
    now = calendar.now(70, key=4166)
    world._national(now)
    worker = workers.all[0]
    faces = state.face.now

    def kernels() -> None:
        for lo, hi, _, _, _, segment in society.blocks.tolist():
            for first in range(lo, hi, at.STRIDE):
                end = min(hi, first + at.STRIDE)
                see(
                    first,
                    end,
                    segment + (first - lo) // 64,
                    society.traits,
                    society.wiring,
                    state,
                    tables,
                    now,
                    worker.luck,
                    worker.scratch,
                    worker.moments,
                )
                worker.scratch[at.S_VOICE, : end - first] = (faces[first:end] >> 11) & 3
                score(
                    first, end, society.traits, state, tables, now, worker.scratch, worker.histogram
                )

    ties, open_ties = _tie_table(society, faces)

    def plain() -> np.ndarray:
        return _plain_scores(society, state, tables, now, ties, open_ties)

    kernels()
    ours = state.face.next & 2047
    theirs = plain()
    if not np.array_equal(ours, theirs):
        raise SystemExit(
            f"the two disagree for {int((ours != theirs).sum())} of {citizens} citizens"
        )
    ratios = []
    for _ in range(repeats):
        began = time.perf_counter()
        kernels()
        middle = time.perf_counter()
        plain()
        ratios.append((time.perf_counter() - middle) / (middle - began))
    workers.close()
    return {
        "case": "relationships and score, one thread: plain NumPy's time over the kernels'",
        "citizens": citizens,
        "citizen_months_per_second": None,
        "ratio": round(statistics.median(ratios), 2),
        "ratio_range": [round(min(ratios), 2), round(max(ratios), 2)],
        "bound": None,
    }


def _tie_table(society, faces) -> tuple[np.ndarray, np.ndarray]:
    """Return everybody's ties as an explicit table, which is what plain NumPy needs.

    Its memory (int32[citizens, 24]) and the time to make it are not counted against NumPy.
    """
    from glasscity.month.shared import tie_ids

    table = np.zeros((society.citizens, 24), dtype=np.int32)
    count = np.zeros(society.citizens, dtype=np.int64)
    ids = np.zeros(32, dtype=np.int64)
    for lo, hi, _, _, _, segment in society.blocks.tolist():
        for i in range(lo, hi):
            n = tie_ids(
                i,
                segment + (i - lo) // 64,
                (i - lo) % 64,
                society.traits,
                society.wiring,
                faces,
                ids,
            )
            table[i, :n] = ids[:n]
            table[i, n:] = i
            count[i] = n
    return table, np.arange(24)[None, :] < count[:, None]


def _plain_scores(society, state, tables, now, ties, open_ties) -> np.ndarray:
    """Return the scores by straightforward NumPy, on the same integers."""
    from glasscity.month import tables as at

    faces = state.face.now
    seen = faces[ties]
    their_score = (seen & 2047).astype(np.int64)
    scored = open_ties & (their_score > 1)
    total = np.where(scored, their_score, 0).sum(axis=1)
    number = scored.sum(axis=1)
    voice = (seen >> 11) & 3
    critics = (open_ties & (voice == 1)).sum(axis=1)
    praisers = (open_ties & (voice == 2)).sum(axis=1)
    degree = open_ties.sum(axis=1)

    def points(weight: int, value: np.ndarray) -> np.ndarray:
        return weight * value // 65535

    history = (state.record.deficits.astype(np.int64) * tables[at.HISTORY : at.HISTORY + 4]) >> 8
    raw = int(tables[at.LOW]) * 256 + points(
        tables[at.WEIGHTS], 65535 - np.minimum(history.sum(axis=1), 65535)
    )
    raw += points(tables[at.WEIGHTS + 1], state.record.fulfilment.astype(np.int64))
    raw += points(tables[at.WEIGHTS + 2], tables[at.PERSONAL + society.traits.who.astype(np.int64)])
    raw += points(tables[at.WEIGHTS + 3], society.traits.profile.astype(np.int64) * 257)
    mean = total * 16 // np.maximum(number, 1)
    friends = 32768 + (mean - now[at.NOW_MEAN16]) * 65536 // (6 * now[at.NOW_SPREAD16])
    friends = np.where(number > 0, np.clip(friends, 0, 65535), tables[at.REFERENCE + 4])
    raw += points(tables[at.RELATION], friends)
    said = 32768 + (praisers - critics) * 32767 // np.maximum(degree, 1)
    said = np.where(degree > 0, said, tables[at.REFERENCE + 5])
    raw += points(tables[at.RELATION + 1], said)
    own = np.array([tables[at.REFERENCE + 6], 0, 65535])[(faces >> 11) & 3]
    raw += points(tables[at.RELATION + 2], own)
    return np.clip((raw + 128) >> 8, tables[at.LOW], tables[at.HIGH])


def main() -> None:
    """Run the benchmarks and print them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--citizens", default="1e6")
    parser.add_argument("--step-citizens", default="2e5", help="for the step against NumPy")
    parser.add_argument("--threads", type=int)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    results = [
        {
            "case": "import glasscity, seconds",
            "citizens": None,
            "citizen_months_per_second": None,
            "seconds": round(import_seconds(), 3),
            "ratio": None,
            "bound": None,
        },
        score_step(int(float(options.step_citizens))),
        full_month(int(float(options.citizens)), options.threads),
    ]
    if options.json:
        print(json.dumps(results, indent=1))
        return
    print(f"{platform.system()} {platform.machine()}, Python {platform.python_version()}")
    for result in results:
        print(result["case"])
        for name, value in result.items():
            if name != "case" and value is not None:
                print(f"    {name}: {value}")


if __name__ == "__main__":
    main()
