"""One step against plain NumPy on the same integers, and what ``import glasscity`` takes."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

import numpy as np

from glasscity.bench.worlds import begin, world_at
from glasscity.month import tables as at
from glasscity.scenario import Scenario

__all__ = ["import_case", "step_case"]


def import_case() -> dict:
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
    return {"case": "import", "seconds": round(statistics.median(runs), 4)}


def step_case(citizens: int, repeats: int = 5) -> dict:
    """Return the ratio of plain NumPy to the kernels for the relationships-and-score step.

    Both read the same faces, ties, deficits and traits and give the same scores, on one thread,
    in turn.
    """
    from glasscity.month.score import score
    from glasscity.month.see import see

    scenario = Scenario("citizen-score-2020", citizens=citizens, seed=1)
    society, state = begin(scenario)
    world = world_at(scenario, society, state, threads=1, attributes=1)
    workers = world.workers
    # Three months after the mandate everybody has a score.
    for month in range(67, 70):
        world.step(month, key=4096 + month)
        world.clear()
    now = world.calendar.now(70, key=4166)
    world._national(now)
    tables = world.tables
    worker = workers.all[0]
    faces = state.face.now

    def kernels() -> None:
        for lo, hi, cell, province, _, segment in society.blocks.tolist():
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
                    first,
                    end,
                    province,
                    society.traits,
                    state,
                    tables,
                    now,
                    worker.scratch,
                    worker.counts[cell],
                    worker.histogram,
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
        began = time.process_time()
        kernels()
        middle = time.process_time()
        plain()
        ratios.append((time.process_time() - middle) / (middle - began))
    workers.close()
    return {
        "case": "step",
        "citizens": citizens,
        "ratio": round(statistics.median(ratios), 2),
        "ratio_range": [round(min(ratios), 2), round(max(ratios), 2)],
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
