"""Score-month in Starsim: a network of fixed edges, a module with two states, luck that is shared.

``ss.options.crn`` is on (the default): a citizen's draw hangs on the citizen and the step alone, so
another world draws the same.  Each citizen has ten edges, one after the other, so the mean over
acquaintances is ten gathers and no scatter.
"""

from __future__ import annotations

import numpy as np
import starsim as ss
import task

TEXT = __doc__


class Acquaintances(ss.Network):
    """Edges that stay as they are."""

    def step(self) -> None:
        """Do nothing."""


class Score(ss.Module):
    """A score that follows the acquaintances' and luck."""

    def __init__(self, start: np.ndarray, **kwargs: object) -> None:
        super().__init__()
        self.update_pars(None, **kwargs)
        self.define_states(
            ss.FloatArr("score", default=task.LOW),
            ss.BoolState("restricted", default=False),
        )
        self.start = start
        self.noise = ss.uniform(low=task.NOISE_LOW, high=task.NOISE_HIGH)

    def init_post(self) -> None:
        """Set the first scores."""
        super().init_post()
        self.score.raw[: len(self.start)] = self.start
        # A row for each acquaintance, and 64-bit indices, by which NumPy gathers.
        edges = self.sim.networks.acquaintances.p2.reshape(-1, task.FRIENDS)
        self.friends = np.ascontiguousarray(edges.T).astype(np.intp)

    def step(self) -> None:
        """Do one month."""
        people = self.sim.people.auids
        # take: the plain gather, without what the arrays' own indexing adds.
        total = np.take(self.score.raw, self.friends[0], mode="clip")
        seen = np.empty_like(total)
        for row in self.friends[1:]:
            np.take(self.score.raw, row, out=seen, mode="clip")
            total += seen
        new = (
            np.float32(task.KEEP) * self.score.values
            + np.float32(task.FOLLOW / task.FRIENDS) * total
            + np.float32(task.CHANCE) * self.noise.rvs(people)
        )
        np.clip(new, task.LOW, task.HIGH, out=new)
        self.score[people] = new
        self.restricted[people] = new < task.CUT_OFF


def society(citizens: int, months: int, seed: int) -> ss.Sim:
    """Return a simulation that is ready to step."""
    ids = np.repeat(np.arange(citizens), task.FRIENDS)
    network = Acquaintances(
        name="acquaintances",
        p1=ids,
        p2=np.ascontiguousarray(task.partners(citizens, seed).T).ravel(),
        beta=np.ones(len(ids), dtype=np.float32),
    )
    sim = ss.Sim(
        n_agents=citizens,
        networks=network,
        modules=Score(task.starting_scores(citizens, seed), name="score_month"),
        start=0,
        stop=months,
        dt=1,
        rand_seed=seed,
        verbose=0,
    )
    sim.init()
    return sim


def main() -> None:
    """Run the task and print one line of JSON."""
    options = task.arguments(TEXT).parse_args()
    sim = society(options.citizens, options.months + task.WARM_UP + 2, options.seed)
    module = sim.custom["score_month"]
    task.run(
        "starsim",
        "starsim",
        options,
        sim.run_one_step,
        lambda: module.score.values,
        lambda: module.restricted.values,
        format=f"float{ss.options.precision}",
        shared_luck=bool(ss.options.crn),
    )


if __name__ == "__main__":
    main()
