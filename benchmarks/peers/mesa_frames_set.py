"""Score-month in mesa-frames: the citizens are a Polars frame, and a month is one expression.

Acquaintances are ten columns of row numbers; Polars gathers them on all its threads.
"""

from __future__ import annotations

import mesa_frames
import numpy as np
import polars as pl
import task

TEXT = __doc__


class Citizens(mesa_frames.AgentSetPolars):
    """Everybody, as one frame."""

    def __init__(self, model: mesa_frames.ModelDF, citizens: int, seed: int) -> None:
        super().__init__(model)
        table = task.partners(citizens, seed).astype(np.uint32)
        self.add(
            pl.DataFrame(
                {
                    "unique_id": np.arange(citizens, dtype=np.int64),
                    "score": task.starting_scores(citizens, seed),
                    "restricted": np.zeros(citizens, dtype=bool),
                    **{f"friend{k}": table[k] for k in range(task.FRIENDS)},
                }
            )
        )
        total = pl.sum_horizontal(
            pl.col("score").gather(pl.col(f"friend{k}")) for k in range(task.FRIENDS)
        )
        self.new = (
            task.KEEP * pl.col("score")
            + task.FOLLOW / task.FRIENDS * total
            + task.CHANCE * pl.col("noise")
        ).clip(task.LOW, task.HIGH)

    def step(self) -> None:
        """Do one month."""
        noise = self.model.random.uniform(task.NOISE_LOW, task.NOISE_HIGH, len(self))
        # Not by `set`, which takes the frame apart and joins it again by the identifiers.
        self.agents = (
            self.agents.with_columns(noise=noise)
            .with_columns(score=self.new)
            .with_columns(restricted=pl.col("score") < task.CUT_OFF)
            .drop("noise")
        )


class Society(mesa_frames.ModelDF):
    """A model with one set of agents."""

    def __init__(self, citizens: int, seed: int) -> None:
        super().__init__(seed)
        self.citizens = Citizens(self, citizens, seed)
        self.agents += self.citizens


def main() -> None:
    """Run the task and print one line of JSON."""
    options = task.arguments(TEXT).parse_args()
    society = Society(options.citizens, options.seed)
    citizens = society.get_agents_of_type(Citizens)
    task.run(
        "mesa-frames",
        "mesa-frames",
        options,
        society.step,
        # Every month makes a new frame.
        lambda: citizens.agents["score"].to_numpy(),  # noqa: PLW0108
        lambda: citizens.agents["restricted"].to_numpy(),  # noqa: PLW0108
        format="float64",
        threads=pl.thread_pool_size(),
        polars=pl.__version__,
    )


if __name__ == "__main__":
    main()
