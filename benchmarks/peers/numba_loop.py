"""Score-month as one straight compiled loop: what the machine can do, not a peer.

Float32 or float64 scores, citizens shared over threads, luck from a hash of (seed, month, citizen).
"""

from __future__ import annotations

import numba as nb
import numpy as np
import task

TEXT = __doc__

_STEP = np.uint64(0x9E3779B97F4A7C15)
_MIX1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX2 = np.uint64(0x94D049BB133111EB)
_MONTH = 0xD1B54A32D192ED03


@nb.njit(parallel=True, error_model="numpy")
def _month(start, partners, score, following, restricted):
    """Write everybody's score of this month; ``partners`` is int32[citizens, 10]."""
    for i in nb.prange(len(score)):
        total = 0.0
        for k in range(partners.shape[1]):
            total += score[partners[i, k]]
        z = start + np.uint64(i + 1) * _STEP
        z = (z ^ (z >> np.uint64(30))) * _MIX1
        z = (z ^ (z >> np.uint64(27))) * _MIX2
        z ^= z >> np.uint64(31)
        noise = task.NOISE_LOW + (task.NOISE_HIGH - task.NOISE_LOW) * (
            np.float64(z >> np.uint64(11)) * 2.0**-53
        )
        new = task.KEEP * score[i] + task.FOLLOW / task.FRIENDS * total + task.CHANCE * noise
        new = min(max(new, task.LOW), task.HIGH)
        following[i] = new
        restricted[i] = new < task.CUT_OFF


class Society:
    """Two vectors of scores that take turns."""

    def __init__(self, citizens: int, seed: int, *, dtype: type = np.float64) -> None:
        self.seed = seed
        self.partners = np.ascontiguousarray(task.partners(citizens, seed).T)
        self.score = task.starting_scores(citizens, seed).astype(dtype)
        self.following = np.empty_like(self.score)
        self.restricted = np.zeros(citizens, dtype=bool)
        self.months = 0

    def month(self) -> None:
        """Do one month for everybody."""
        start = np.uint64((self.seed * int(_STEP) + self.months * _MONTH) % 2**64)
        _month(start, self.partners, self.score, self.following, self.restricted)
        self.score, self.following = self.following, self.score
        self.months += 1


def main() -> None:
    """Run the task and print one line of JSON."""
    parser = task.arguments(TEXT)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    nb.set_num_threads(options.threads)
    society = Society(options.citizens, options.seed)
    task.run(
        "numba loop",
        "numba",
        options,
        society.month,
        lambda: society.score,
        lambda: society.restricted,
        format="float64",
        threads=options.threads,
    )


if __name__ == "__main__":
    main()
