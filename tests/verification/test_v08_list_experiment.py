"""V8. A simulated list experiment.

What: over many seeds the estimated gap lies within 3 sqrt(s_T^2/n_T + s_C^2/n_C) of the planted one
but for 0.27 % of experiments at most; its mean is the planted gap; its mean squared error is that
of theory, E[s_T^2/n_T + s_C^2/n_C] - S^2/n (S^2 the variance of the true opinion among the asked,
who are always the same). Gaps of 0, 5, 14 and 26 points planted in 2,000 people of whom 55 % hold
the opinion, 4,000 experiments each, on the shipped `rights.list_experiment`.
Power: a bias of 0.56 points (7.8 standard errors of 0.07: 5.5 for the false-alarm rate over 20
comparisons, 2.33 for chance 0.99), an eighth of the standard error of 4.4 points that a single
experiment has; a standard error wrong by 9 %.
Wrong kernels: treatment likelier by a sixteenth for those who hold the opinion; the sensitive item
for controls too; the first item drawn by the word that draws the arm; a direct question answered in
private; an error that forgets the controls.
"""

from __future__ import annotations

from types import ModuleType

import numpy as np
import pytest
from alarm import ALPHA, check_mean, limit, must_alarm, require
from mutants import wrong
from scipy import stats

from glasscity.rights import list_experiment as shipped

PEOPLE = 2_000
HOLD = 0.55
GAPS = (0, 5, 14, 26)
EXPERIMENTS = 4_000
# Three comparisons for each planted gap, and one for each arm's lot and item.
COMPARISONS = 3 * len(GAPS) + 8
BEYOND_THREE = 2 * float(stats.norm.sf(3))


def planted(gap: int) -> tuple[np.ndarray, np.ndarray]:
    """Return what 2,000 people think and what they say, ``gap`` points more of them."""
    who = np.arange(PEOPLE)
    holds = who < round(HOLD * PEOPLE)
    says = who < round((HOLD + gap / 100) * PEOPLE)
    return holds, says


def check(module: ModuleType, gap: int, experiments: int = EXPERIMENTS) -> None:
    holds, says = planted(gap)
    who = np.arange(PEOPLE)
    found = [
        module.list_experiment(holds, says, who, seed=seed, repetition=seed % 7)
        for seed in range(experiments)
    ]
    missed = np.array([one.gap for one in found]) - gap / 100
    errors = np.array([one.gap_error for one in found])
    beyond = int((np.abs(missed) >= 3 * errors).sum())
    require(
        stats.binom.sf(beyond - 1, experiments, BEYOND_THREE) >= ALPHA / COMPARISONS,
        f"{beyond} of {experiments} experiments miss a gap of {gap} points by three errors",
    )
    check_mean(missed, 0, 0, comparisons=COMPARISONS, what=f"error at {gap} points")
    same_people = holds.var(ddof=1) / PEOPLE
    excess = missed**2 - (errors**2 - same_people)
    check_mean(excess, 0, 0, comparisons=COMPARISONS, what=f"squared error at {gap} points")


@pytest.mark.parametrize("gap", GAPS)
def test_the_planted_gap_is_measured_within_the_stated_error(gap):
    check(shipped, gap)


def test_the_lots_are_even_and_independent_of_the_harmless_items():
    words = np.concatenate(
        [shipped._words(np.arange(PEOPLE), seed, 0) for seed in range(100)], axis=1
    )
    treated = words[0] < 2**31
    check_mean(treated, 0.5, 0.5, comparisons=COMPARISONS, what="treated")
    lanes = [words[1] & 0xFFFF, words[1] >> 16, words[2] & 0xFFFF, words[2] >> 16]
    for lane, share in zip(lanes, shipped.ITEMS, strict=True):
        agreed = lane < share * 2**16
        for arm in (treated, ~treated):
            check_mean(agreed[arm], share, share, comparisons=COMPARISONS, what=f"item {share}")


@pytest.mark.verify
@pytest.mark.parametrize("gap", [-8, *GAPS, 40])
def test_it_is_so_in_ten_times_as_many_experiments(gap):
    check(shipped, gap, 10 * EXPERIMENTS)


WRONG = {
    "treatment by opinion": ("luck[0] < _HALF", "luck[0] < _HALF + holds * 2**28"),
    "sensitive item for everybody": ("(treated & holds)", "holds"),
    "one word for arm and item": ("(luck[1] & 0xFFFF,", "(luck[0] >> 16,"),
    "direct question in private": (
        "_estimated(treated, answers, says)",
        "_estimated(treated, answers, holds)",
    ),
    "an arm forgotten": ("/ len(arm) for arm in arms)", "/ len(arm) for arm in arms[:1])"),
}


@pytest.mark.parametrize("fault", WRONG)
def test_the_check_sees_wrong_kernels(fault):
    module = wrong(shipped, WRONG[fault])
    must_alarm(lambda: check(module, 14))


def test_the_stated_power_is_what_the_numbers_give():
    items = sum(share * (1 - share) for share in shipped.ITEMS)
    error = ((2 * items + HOLD * (1 - HOLD)) / (PEOPLE / 2)) ** 0.5
    assert 0.043 < error < 0.045
    mean = error / EXPERIMENTS**0.5
    assert (limit(COMPARISONS) + 2.33) * mean < 0.0056
    # The squared error of a normal estimate has a standard deviation of sqrt(2) times its mean.
    assert (limit(COMPARISONS) + 2.33) * (2 / EXPERIMENTS) ** 0.5 < 1.09**2 - 1
