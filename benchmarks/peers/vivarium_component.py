"""Score-month in Vivarium: a component, private columns, a randomness stream with shared luck.

Simulants are registered by a key column, so a simulant's draw hangs on who it is, the clock and the
stream, and another world draws the same.  The columns are read and written whole, and the work on
them is NumPy's.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import task
from vivarium import Component, InteractiveContext
from vivarium.framework.engine import Builder
from vivarium.framework.event import Event
from vivarium.framework.population import SimulantData

TEXT = __doc__


class Score(Component):
    """A score that follows the acquaintances' and luck."""

    def __init__(self, start: np.ndarray, partners: np.ndarray) -> None:
        super().__init__()
        self.start = start
        # NumPy gathers by 64-bit indices, and would turn others into them every month.
        self.partners = partners.astype(np.intp)

    def setup(self, builder: Builder) -> None:
        """Name the columns and the stream."""
        self.register = builder.randomness.register_simulants
        self.luck = builder.randomness.get_stream("score_noise")
        builder.population.register_initializer(
            initializer=self.initialize, columns=["key", "score", "restricted"]
        )

    def initialize(self, pop_data: SimulantData) -> None:
        """Set the first scores, and say who everybody is."""
        people = pd.DataFrame(
            # Known by the first score: a key must have decimals that differ, as an age has.
            {"key": self.start, "score": self.start},
            index=pop_data.index,
        )
        people["restricted"] = False
        self.register(people[["key"]])
        self.population_view.initialize(people)

    def on_time_step(self, event: Event) -> None:
        """Do one month."""
        noise = self.luck.get_draw(event.index).to_numpy()

        def month(people: pd.DataFrame) -> pd.DataFrame:
            score = people["score"].to_numpy()
            total = np.take(score, self.partners[0], mode="clip")
            seen = np.empty_like(total)
            for row in self.partners[1:]:
                np.take(score, row, out=seen, mode="clip")
                total += seen
            new = (
                task.KEEP * score
                + task.FOLLOW / task.FRIENDS * total
                + task.CHANCE * (task.NOISE_LOW + (task.NOISE_HIGH - task.NOISE_LOW) * noise)
            )
            np.clip(new, task.LOW, task.HIGH, out=new)
            return pd.DataFrame(
                {"score": new, "restricted": new < task.CUT_OFF}, index=people.index
            )

        self.population_view.update(["score", "restricted"], month)


def society(citizens: int, seed: int) -> InteractiveContext:
    """Return a simulation that is ready to step."""
    return InteractiveContext(
        components=[Score(task.starting_scores(citizens, seed), task.partners(citizens, seed))],
        configuration={
            "population": {"population_size": citizens},
            "randomness": {
                "key_columns": ["key"],
                "random_seed": seed,
                # The least that its index of keys allows: what it draws is as many numbers.
                "map_size": 10 * citizens,
            },
            "time": {"step_size": 30},
        },
        logging_verbosity=0,
    )


def main() -> None:
    """Run the task and print one line of JSON."""
    options = task.arguments(TEXT).parse_args()
    sim = society(options.citizens, options.seed)
    task.run(
        "vivarium",
        "vivarium",
        options,
        sim.step,
        lambda: sim.get_population("score").to_numpy(),
        lambda: sim.get_population("restricted").to_numpy(),
        format="float64",
        shared_luck=True,
    )


if __name__ == "__main__":
    main()
