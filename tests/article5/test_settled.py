"""What the register settles about denials, against every monotone verdict on five causes."""

from __future__ import annotations

import numpy as np

from glasscity.rights.article5.unrelated import settled
from glasscity.rights.causes import GROUPS, group_masks

CAUSES = 5
MASKS = ("butfor", "sufficient", "involved")


def game(luck) -> np.ndarray:
    """Return a monotone verdict on every set of causes, refused with all, granted with none."""
    sets = np.arange(1 << CAUSES)
    ways = luck.integers(1, 1 << CAUSES, luck.integers(1, 4))
    return np.logical_or.reduce([(sets & way) == way for way in ways])


def masks(verdict: np.ndarray) -> tuple[int, int, int]:
    whole = (1 << CAUSES) - 1
    butfor = sum(1 << k for k in range(CAUSES) if not verdict[whole & ~(1 << k)])
    sufficient = sum(1 << k for k in range(CAUSES) if verdict[1 << k])
    sets = np.arange(1 << CAUSES)
    involved = sum(
        1 << k for k in range(CAUSES) if (verdict[sets | 1 << k] != verdict[sets & ~(1 << k)]).any()
    )
    return butfor, sufficient, involved


def every_case(number: int):
    luck = np.random.default_rng(7)
    groups = luck.integers(0, 1 << CAUSES, (number, 3))
    verdicts = [game(luck) for _ in range(number)]
    off = luck.integers(0, 1 << CAUSES, number)
    whole = (1 << CAUSES) - 1
    lower = np.array(
        [
            sum(
                1 << g
                for g in range(3)
                # As the register has it: only groups with a cause in play are looked at.
                if groups[i, g] and not verdicts[i][whole & ~groups[i, g]]
            )
            for i in range(number)
        ]
    )
    three = np.array([masks(verdict) for verdict in verdicts])
    truth = np.array([verdicts[i][whole & ~off[i]] for i in range(number)])
    return off, three, groups, lower, truth


def test_what_is_settled_is_so_and_nearly_everything_is():
    off, three, groups, lower, truth = every_case(3_000)
    undone, still = settled(off, *three.T, groups, lower)
    assert not truth[undone].any()
    assert truth[still].all()
    assert not (undone & still).any()
    assert (undone | still).mean() > 0.8
    few = np.array([bin(mask).count("1") for mask in three[:, 2]]) <= 2
    assert (undone | still)[few].all()


def test_a_rule_that_takes_any_neutral_cause_for_enough_would_be_found_out():
    off, three, *_, truth = every_case(3_000)
    wrong = (three[:, 2] & off) != 0
    assert truth[wrong].any()


def test_the_groups_of_the_register_settle_their_own_causes():
    spheres = ["commerce"] * 18
    for g, group in enumerate(GROUPS):
        mask = int(group_masks(group, spheres)[0])
        every = np.array([group_masks(name, spheres)[0] for name in GROUPS])[None, :]
        # Over-determined with something outside: no single mask says anything.
        involved = np.array([mask | 1 << 0])
        none = np.zeros(1, np.int64)
        undone, still = settled(np.array([mask]), none, none, involved, every, np.array([1 << g]))
        assert undone[0]
        assert not still[0]


def test_what_single_causes_settle_never_contradicts_the_verdicts_that_runs_keep(runs):
    for run in runs.values():
        table = run.denials
        gate = table["gate"].to_physical().to_numpy()
        three = [table[name].to_numpy().astype(np.int64) for name in MASKS]
        lower = table["lower"].to_numpy()
        nothing = np.zeros((len(gate), 0), np.int64)
        decided = 0
        for g, group in enumerate(GROUPS):
            off = group_masks(group, run.meta["gate_spheres"])[gate]
            undone, still = settled(off, *three, nothing, lower.astype(np.int64))
            granted = (lower >> g & 1) == 1
            assert granted[undone].all(), group
            assert not granted[still].any(), group
            decided += int((undone | still).sum())
        assert decided > 0.95 * len(GROUPS) * len(gate)
