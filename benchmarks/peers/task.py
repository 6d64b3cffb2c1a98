"""The task *score-month*, said once: what every peer is asked to do, and how it reports.

N citizens have ten acquaintances each, drawn once at random from everybody.  Every month, for all
at the same time:

1. ``mean``: the mean of the acquaintances' scores of last month;
2. ``noise``: one uniform draw a citizen;
3. ``score = KEEP * score + FOLLOW * mean + CHANCE * noise``, clipped to the range;
4. ``restricted``: whether the score lies below the cut-off.

Only NumPy is needed here: the peers' environments share this file and nothing else of the house.
Each library keeps its own number format (NumPy, pandas and Polars 64-bit floats, Starsim 32-bit)
and draws from the generator it draws from by default; those that offer luck that does not shift
when something else changes (Starsim, Vivarium) have it on, since that is what they are chosen for.
"""

from __future__ import annotations

import argparse
import json
import platform
import resource
import sys
import time
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np

FRIENDS = 10
LOW, HIGH = 350.0, 950.0
KEEP, FOLLOW, CHANCE = 0.5, 0.3, 0.2
# The noise is uniform; its middle is the range's, and its width gives the scores about the same
# spread as Glasscity's form of the task has (score_month/README.md).
NOISE_LOW, NOISE_HIGH = -230.0, 1530.0
CUT_OFF = 500.0
WARM_UP = 2  # months before the clock starts

__all__ = [
    "CHANCE",
    "CUT_OFF",
    "FOLLOW",
    "FRIENDS",
    "HIGH",
    "KEEP",
    "LOW",
    "NOISE_HIGH",
    "NOISE_LOW",
    "WARM_UP",
    "keyed_uniform",
    "partners",
    "peak_bytes",
    "run",
    "starting_scores",
]


def partners(citizens: int, seed: int) -> np.ndarray:
    """Return int32[10, citizens]: who everybody's acquaintances are, never oneself."""
    rng = np.random.default_rng([seed, 1])
    table = np.empty((FRIENDS, citizens), dtype=np.int32)
    ids = np.arange(citizens, dtype=np.int64)
    for row in table:
        # A distance of 1 to N - 1 around the circle of everybody: uniform, and never oneself.
        row[:] = (ids + rng.integers(1, citizens, citizens)) % citizens
    return table


def starting_scores(citizens: int, seed: int) -> np.ndarray:
    """Return float64[citizens]: uniform over the range."""
    return np.random.default_rng([seed, 2]).uniform(LOW, HIGH, citizens)


def keyed_uniform(seed: int, month: int, citizens: int) -> np.ndarray:
    """Return float64[citizens] in [0, 1), a pure function of seed, month and citizen.

    splitmix64 of a counter (Steele, Lea and Flood, OOPSLA 2014); the straight loop computes the
    same numbers one by one, so that both can be compared exactly.
    """
    start = (seed * 0x9E3779B97F4A7C15 + month * 0xD1B54A32D192ED03) % 2**64
    z = np.arange(1, citizens + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    z += np.uint64(start)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z ^= z >> np.uint64(31)
    return (z >> np.uint64(11)) * 2.0**-53


def peak_bytes() -> int:
    """Return the most memory that this process has held, what it was forked from left out."""
    status = Path("/proc/self/status")
    if status.is_file():
        for line in status.read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # Kilobytes elsewhere, bytes on a Mac.
    return peak if sys.platform == "darwin" else peak * 1024


def arguments(text: str | None) -> argparse.ArgumentParser:
    """Return the arguments that every peer takes."""
    parser = argparse.ArgumentParser(description=text)
    parser.add_argument("--citizens", type=lambda n: int(float(n)), default=100_000)
    parser.add_argument("--months", type=int, default=10, help="months on the clock")
    parser.add_argument("--seed", type=int, default=1)
    return parser


def run(
    peer: str,
    package: str,
    options: argparse.Namespace,
    month: Callable[[], object],
    scores: Callable[[], np.ndarray],
    restricted: Callable[[], np.ndarray],
    **more: object,
) -> None:
    """Step through the months, the last of them on the clock, and print one line of JSON.

    Parameters
    ----------
    month : callable
        Does one month.
    scores, restricted : callable
        Return float[citizens] and bool[citizens] as they stand.
    """
    for _ in range(WARM_UP):
        month()
    began, cpu = time.perf_counter(), time.process_time()
    for _ in range(options.months):
        month()
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    now = np.asarray(scores(), dtype=np.float64)
    try:
        installed = version(package)
    except PackageNotFoundError:
        installed = "unknown"
    line = {
        "peer": peer,
        "version": installed,
        "python": platform.python_version(),
        "citizens": options.citizens,
        "months": options.months,
        "seconds": seconds,
        "cpu_seconds": cpu,
        "peak_bytes": peak_bytes(),
        "mean_score": float(now.mean()),
        "spread": float(now.std()),
        "restricted_share": float(np.asarray(restricted()).mean()),
        **more,
    }
    print(json.dumps(line))
