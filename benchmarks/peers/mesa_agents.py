"""Score-month in Mesa: one Python object a citizen, an AgentSet, two sweeps a month.

The form that Mesa's own examples have for simultaneous updates: every agent looks first, then
every agent takes its new score.  Acquaintances are references to agents, which is quicker than
looking numbers up, and nothing is shuffled, since order has no effect here.
"""

from __future__ import annotations

import gc

import mesa
import numpy as np
import task

TEXT = __doc__


class Citizen(mesa.Agent):
    """Somebody with a score and ten acquaintances."""

    def __init__(self, model: mesa.Model, score: float) -> None:
        super().__init__(model)
        self.score = score
        self.following = score
        self.restricted = False
        self.friends: list[Citizen] = []

    def look(self) -> None:
        """Work out the new score from last month's."""
        total = 0.0
        for friend in self.friends:
            total += friend.score
        noise = self.model.random.uniform(task.NOISE_LOW, task.NOISE_HIGH)
        new = task.KEEP * self.score + task.FOLLOW / task.FRIENDS * total + task.CHANCE * noise
        # Comparisons, not min and max: two calls less an agent.
        if new < task.LOW:
            new = task.LOW
        elif new > task.HIGH:
            new = task.HIGH
        self.following = new

    def advance(self) -> None:
        """Take the new score."""
        self.score = self.following
        self.restricted = self.score < task.CUT_OFF


class Society(mesa.Model):
    """Citizens, and months."""

    def __init__(self, citizens: int, seed: int) -> None:
        super().__init__(seed=seed)
        Citizen.create_agents(self, citizens, task.starting_scores(citizens, seed).tolist())
        everybody = list(self.agents)
        for citizen, friends in zip(
            everybody, task.partners(citizens, seed).T.tolist(), strict=True
        ):
            citizen.friends = [everybody[k] for k in friends]

    def step(self) -> None:
        """Do one month."""
        self.agents.do("look")
        self.agents.do("advance")


def main() -> None:
    """Run the task and print one line of JSON."""
    options = task.arguments(TEXT).parse_args()
    gc.disable()  # millions of long-lived objects, and nothing here makes cycles
    society = Society(options.citizens, options.seed)
    gc.freeze()
    gc.enable()
    task.run(
        "mesa",
        "mesa",
        options,
        society.step,
        lambda: np.array(society.agents.get("score")),
        lambda: np.array(society.agents.get("restricted")),
        format="Python floats",
    )


if __name__ == "__main__":
    main()
