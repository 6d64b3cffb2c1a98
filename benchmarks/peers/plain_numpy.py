"""Score-month in plain NumPy: ten gathers into one buffer, everything in place."""

from __future__ import annotations

import numpy as np
import task

TEXT = __doc__


class Society:
    """Scores of all citizens, and buffers that every month uses again.

    Parameters
    ----------
    citizens, seed : int
    keyed : bool
        Draw by `task.keyed_uniform` instead of NumPy's generator: slower, and comparable with the
        straight loop number by number.
    form : {"score", "record"}
        ``record``: Glasscity's form of the task, in which the inertia is that of a record which
        the noise is written into: ``record = (record + hit) / 2`` with ``hit`` 0 or 1 by a fair
        coin, ``score = 0.3 mean + 0.7 (950 - 600 record)``.
    """

    def __init__(
        self, citizens: int, seed: int, *, keyed: bool = False, form: str = "score"
    ) -> None:
        self.citizens, self.seed, self.keyed, self.form = citizens, seed, keyed, form
        # NumPy gathers by 64-bit indices, and would turn others into them every month.
        self.partners = task.partners(citizens, seed).astype(np.intp)
        self.score = task.starting_scores(citizens, seed)
        self.restricted = np.zeros(citizens, dtype=bool)
        self.record = np.full(citizens, 0.5)
        self.rng = np.random.default_rng([seed, 3])
        self.total = np.empty(citizens)
        self.buffer = np.empty(citizens)
        self.months = 0

    def month(self) -> None:
        """Do one month for everybody."""
        total, buffer = self.total, self.buffer
        # A row at a time: one buffer instead of ten, and no index is out of bounds ("clip" spares
        # the copy that "raise" makes).
        np.take(self.score, self.partners[0], out=total, mode="clip")
        for row in self.partners[1:]:
            np.take(self.score, row, out=buffer, mode="clip")
            total += buffer
        if self.keyed:
            noise = task.keyed_uniform(self.seed, self.months, self.citizens)
        else:
            noise = self.rng.random(out=buffer)
        total *= task.FOLLOW / task.FRIENDS
        if self.form == "score":
            noise *= task.CHANCE * (task.NOISE_HIGH - task.NOISE_LOW)
            total += noise
            total += task.CHANCE * task.NOISE_LOW
            self.score *= task.KEEP
            self.score += total
        else:
            self.record *= task.KEEP
            self.record[noise < 0.5] += 1 - task.KEEP
            np.multiply(self.record, -(1 - task.FOLLOW) * (task.HIGH - task.LOW), out=self.score)
            self.score += (1 - task.FOLLOW) * task.HIGH
            self.score += total
        np.clip(self.score, task.LOW, task.HIGH, out=self.score)
        np.less(self.score, task.CUT_OFF, out=self.restricted)
        self.months += 1


def main() -> None:
    """Run the task and print one line of JSON."""
    parser = task.arguments(TEXT)
    parser.add_argument("--form", choices=("score", "record"), default="score")
    options = parser.parse_args()
    society = Society(options.citizens, options.seed, form=options.form)
    task.run(
        "numpy" if options.form == "score" else "numpy, record form",
        "numpy",
        options,
        society.month,
        lambda: society.score,
        lambda: society.restricted,
        format="float64",
    )


if __name__ == "__main__":
    main()
