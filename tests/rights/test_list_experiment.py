"""The list experiment on stored people: keyed, by group, and not estimable where it must not be."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest
from factory import HOME, World, store

from glasscity.draws import CALLS, philox_numpy
from glasscity.engine import start
from glasscity.errors import BadArgument
from glasscity.results import open_run
from glasscity.rights.list_experiment import (
    CALL,
    ListExperiment,
    estimated_gap,
    estimated_gap_error,
    list_experiment,
    list_experiments,
)
from glasscity.rights.view import View
from glasscity.society import calls as society_calls

RICH = ("South", "rural", "q5", "65+", "supportive")
SEED = 2**40 + 7


def asked(n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    who = np.arange(n, dtype=np.uint32)
    return who % 2 == 0, who % 4 != 1, who


def by_hand(holds, says, citizens, seed: int, repetition: int) -> ListExperiment:
    """Return the same, person by person."""
    lists: dict[bool, list[int]] = {True: [], False: []}
    yes = 0
    for h, s, i in zip(holds.tolist(), says.tolist(), citizens.tolist(), strict=True):
        key = (seed & 0xFFFFFFFF, seed >> 32, i & 0xFFFFFFFF, i >> 32, repetition, 0x190)
        arm, first, second, _ = (int(word) for word in philox_numpy(*key))
        quarters = (first % 2**16, first // 2**16, second % 2**16, second // 2**16)
        shares = (0.25, 0.4, 0.6, 0.75)
        count = sum(q < round(p * 2**16) for q, p in zip(quarters, shares, strict=True))
        treated = arm < 2**31
        lists[treated].append(count + (1 if treated and h else 0))
        yes += s
    means, parts = {}, {}
    for arm, counts in lists.items():
        means[arm] = sum(counts) / len(counts)
        spread = sum((c - means[arm]) ** 2 for c in counts) / (len(counts) - 1)
        parts[arm] = spread / len(counts)
    share, error = means[True] - means[False], math.sqrt(parts[True] + parts[False])
    direct = yes / len(citizens)
    return ListExperiment(
        treated=len(lists[True]),
        controls=len(lists[False]),
        share=share,
        share_error=error,
        direct=direct,
        gap=direct - share,
        gap_error=error,
    )


@pytest.mark.parametrize("first", [0, 2**33])
def test_it_is_what_asking_person_by_person_gives(first):
    holds, says, who = asked(200)
    who = who.astype(np.uint64) + np.uint64(first)
    found = list_experiment(holds, says, who, seed=SEED, repetition=3)
    plain = by_hand(holds, says, who, SEED, 3)
    assert (found.treated, found.controls) == (plain.treated, plain.controls)
    assert found.direct == plain.direct == 0.75
    for name in ("share", "share_error", "gap", "gap_error"):
        assert getattr(found, name) == pytest.approx(getattr(plain, name), abs=1e-12)


def test_asking_others_as_well_changes_nobodys_arm_or_answers():
    holds, says, who = asked(400)
    some = who % 3 == 0
    alone = list_experiment(holds[some], says[some], who[some], seed=SEED)
    assert alone == list_experiment(holds[some][::-1], says[some][::-1], who[some][::-1], seed=SEED)
    rest = list_experiment(holds[~some], says[~some], who[~some], seed=SEED)
    together = list_experiment(holds, says, who, seed=SEED)
    assert alone.treated + rest.treated == together.treated
    again = list_experiment(holds, says, who, seed=SEED, repetition=1)
    assert again.share != together.share


def test_an_arm_of_fewer_than_two_is_not_estimable():
    for n in (0, 1, 2):
        found = list_experiment(*asked(n), seed=SEED)
        assert found.treated + found.controls == n
        assert all(math.isnan(v) for v in (found.share, found.direct, found.gap, found.gap_error))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda h, s, w: (h[1:], s, w), "one length"),
        (lambda h, s, w: (h.astype(int), s, w), "'holds' holds"),
        (lambda h, s, w: (h, s * 1.0, w), "'says' holds"),
    ],
)
def test_what_cannot_be_asked_is_refused(change, says):
    with pytest.raises(BadArgument, match=says):
        list_experiment(*change(*asked(10)), seed=SEED)
    with pytest.raises(BadArgument, match="repetition cannot be -1"):
        list_experiment(*asked(10), seed=SEED, repetition=-1)


def stored(folder, *, answers: bool):
    """Return a run of 300 people: the first half poor, of whom some say yes and mean no."""
    run = open_run(store(folder, World(months=1, people=[HOME] * 150 + [RICH] * 150)))
    holds, says, _ = asked(300)
    opinion = pl.Series("opinion", np.where(holds, 0.4, np.where(says, -0.4, 0.0)))
    people = run.people.with_columns(opinion)
    if answers:
        people = people.with_columns(pl.Series("would_say_yes", says))
    run.__dict__["people"] = people
    return run


def test_a_stored_run_is_asked_by_group_and_as_a_whole(tmp_path):
    run = stored(tmp_path / "run", answers=True)
    holds, says, who = asked(300)
    whole = list_experiment(holds, says, who, seed=1)
    assert list_experiments(View(run)) == (whole,)
    assert estimated_gap(View(run)).tolist() == [whole.gap]
    assert estimated_gap_error(View(run)).tolist() == [whole.gap_error]
    view = View(run, "quintile")
    gaps, errors = estimated_gap(view), estimated_gap_error(view)
    for name, some in (("q1", who < 150), ("q5", who >= 150)):
        group = list_experiment(holds[some], says[some], who[some], seed=1)
        at = view.names.index(name)
        assert (gaps[at], errors[at]) == (group.gap, group.gap_error)
    assert np.isnan(gaps[view.names.index("q3")])


def test_a_run_that_has_not_stored_the_public_answers_has_no_estimate(tmp_path):
    run = stored(tmp_path / "run", answers=False)
    assert list_experiments(View(run)) is None
    assert np.isnan(estimated_gap(View(run, "age"))).all()
    assert len(estimated_gap(View(run, "age"))) == len(View(run, "age").names)


def test_its_luck_is_nobody_elses():
    assert CALL == 0x190
    named = {
        getattr(society_calls, n)
        for n in society_calls.__all__
        if isinstance(getattr(society_calls, n), int)
    }
    assert CALL not in {*CALLS.values(), *named, start._INSURED}
