"""Score-month in Glasscity: ``python benchmarks/score_month/months.py --citizens 1e6``.

Prints one line of JSON like the peers'.  With ``--serve`` it goes on: a line on the standard input
brings the next months, so that the runner can time it right before and right after a peer.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from glasscity import __version__
from glasscity.bench import machine
from glasscity.bench.worlds import NOBODY, Clock, begin, timed_month, world_at
from glasscity.scenario import Scenario

HERE = Path(__file__).resolve().parent
WARM_UP = 2


class Months:
    """The task's society under the task's rule.

    Parameters
    ----------
    citizens, threads, seed : int
    """

    def __init__(self, citizens: int, *, threads: int = 1, seed: int = 1) -> None:
        self.scenario = Scenario(
            HERE / "regime.yaml",
            country=HERE / "country",
            behaviour=HERE / "behaviour.yaml",
            citizens=citizens,
            seed=seed,
        )
        self.threads = threads
        society, state = begin(self.scenario)
        self.world = world_at(self.scenario, society, state, threads=threads, attributes=NOBODY)
        self.done = 0
        self.run(WARM_UP)

    def run(self, months: int) -> Clock:
        """Do so many months."""
        clock = Clock()
        for _ in range(months):
            clock.add(*timed_month(self.world, self.done))
            self.done += 1
        return clock

    def line(self, clock: Clock) -> dict:
        """Return what the peers print, of these months."""
        score = (self.world.state.face.now & 2047).astype(float)
        citizens = len(score)
        restricted = self.world.state.audit.lost >> 7
        return {
            "peer": "glasscity",
            "version": __version__,
            "python": platform.python_version(),
            "citizens": citizens,
            "months": clock.months,
            "seconds": clock.seconds,
            "cpu_seconds": clock.cpu_seconds,
            "peak_bytes": machine.peak_bytes(),
            "mean_score": float(score.mean()),
            "spread": float(score.std()),
            "restricted_share": float(restricted.mean()),
            "format": "integers",
            "threads": self.threads,
        }


def main() -> None:
    """Run the task and print a line of JSON, again for each line read where it serves."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--citizens", type=lambda n: int(float(n)), default=100_000)
    parser.add_argument("--months", type=int, default=10, help="months on the clock")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--serve", action="store_true", help="wait for lines, run months for each")
    options = parser.parse_args()
    months = Months(options.citizens, threads=options.threads, seed=options.seed)
    if options.serve:
        print("ready", flush=True)
        for _ in sys.stdin:
            print(json.dumps(months.line(months.run(options.months))), flush=True)
    else:
        print(json.dumps(months.line(months.run(options.months))))
    months.world.workers.close()


if __name__ == "__main__":
    main()
