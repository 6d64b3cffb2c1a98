"""Burden against gravity: by hand, against every pair, and against what the cube has counted."""

from __future__ import annotations

import numpy as np
import pytest

import glasscity
from glasscity.engine.world import score_at
from glasscity.month.shared import dealt
from glasscity.rights import measures
from glasscity.rights.article5.burden import WEIGHTINGS, burdens, gate_weights, inversion
from glasscity.rights.article5.closures import _covered, closures, cut_at
from glasscity.terms import GATES, SAFEGUARDS


def test_inversion_is_the_share_over_all_pairs():
    luck = np.random.default_rng(4)
    burden, gravity = luck.integers(0, 5, 80).astype(float), luck.integers(0, 4, 80)
    less = gravity[:, None] < gravity
    pairs = less.sum()
    inverted = (less & (burden[:, None] > burden)).sum() / pairs
    ordered = (less & (burden[:, None] < burden)).sum() / pairs
    found = inversion(burden, gravity)
    assert found is not None
    assert found[:3] == pytest.approx((inverted, ordered, 1 - inverted - ordered))


def test_inversions_error_is_that_of_repeated_samples():
    shares, errors = [], []
    for seed in range(200):
        luck = np.random.default_rng(seed)
        gravity = luck.integers(0, 4, 300)
        found = inversion(gravity + luck.normal(0, 3, 300), gravity)
        assert found is not None
        shares.append(found[0])
        errors.append(found[3])
    # 200 samples know a standard deviation to 5 %: three of these.
    assert np.mean(errors) == pytest.approx(np.std(shares), rel=0.15)


def test_where_all_are_alike_in_gravity_there_is_no_inversion():
    assert inversion(np.arange(5.0), np.ones(5, int)) is None


def test_in_perfect_order_nothing_is_inverted():
    found = inversion(np.arange(5.0), np.arange(5))
    assert found == (0.0, 1.0, 0.0, 0.0)


def test_every_weighting_adds_up_to_a_month_with_every_gate_closed(runs):
    weights = gate_weights(runs["citizen-score-2020"])
    assert tuple(weights) == WEIGHTINGS
    for table in weights.values():
        assert table.shape == (50, len(GATES))
        assert table.sum(axis=1) == pytest.approx(1)


@pytest.mark.parametrize("name", ["citizen-score-2020", "credit-bureau", "defaulter-list-2013"])
def test_closures_made_again_are_those_that_the_cube_has_counted(runs, name):
    closed = closures(runs[name])
    assert closed.counted.sum() > 0
    assert closed.exact
    parts = closed.by_score + closed.by_lists + closed.by_list_alone.sum(axis=2)
    assert (parts == closed.closed).all()


@pytest.mark.parametrize("name", ["citizen-score-2020", "credit-bureau", "defaulter-list-2013"])
def test_burden_weighted_by_demand_is_the_measure_of_closed_gate_months(runs, found, name):
    burden = next(one for one in found.burdens[name] if one.weighting == "demand")
    # Weights are whole 65536ths in the cube.
    assert burden.mean == pytest.approx(measures(runs[name])["closed_gate_months"], rel=2e-4)


def test_closures_hold_where_safeguards_spare_some(place):
    run = glasscity.run(
        "citizen-score-2020",
        country="plainland",
        citizens=1_000,
        months=72,
        seed=5,
        strengths={"essentials": 0.5, "joint-punishment": 0.5, "appeals": 1, "expiry": 1},
        out=place.parent / "guarded",
        twin=False,
        report=False,
    )
    closed = closures(run)
    assert closed.counted.sum() > 0
    assert closed.exact
    assert not all(one.exact for one in [closures(_without(run))])


def _without(run):
    """Return the same run with a scenario that forgets its safeguards: a wrong reconstruction."""

    class Forgetful:
        scenario = {**run.scenario, "strengths": {}}

        def __getattr__(self, name):
            return getattr(run, name)

    return Forgetful()


def test_a_safeguard_covers_the_same_citizens_here_and_in_the_month():
    people = np.arange(3_000)
    for guard in ("firewall", "essentials"):
        use = 16 + SAFEGUARDS.index(guard)
        wanted = np.array([dealt(i, use) for i in people]) < 77
        assert (_covered(people, guard, {guard: 77 / 256}) == wanted).all()


def test_a_cut_off_made_again_is_the_months_own():
    luck = np.random.default_rng(8)
    for _ in range(50):
        histogram = luck.integers(0, 30, 2048) * (luck.random(2048) < 0.1)
        histogram[:2] = 0
        percentile = round(float(luck.uniform(0.01, 99.99)), 2)
        assert cut_at(histogram, percentile) == score_at(histogram, percentile)


def test_nobody_bears_anything_where_nobody_is_scored(found):
    for one in found.burdens["unscored"]:
        assert (one.mean, one.burdened) == (0, 0)
        assert one.groundless_share is one.inverted is one.ratio is None


def test_leaving_inability_out_only_adds_people_without_a_breach_of_their_own(found):
    for name, some in found.burdens.items():
        for weighting in WEIGHTINGS:
            given, without = (one for one in some if one.weighting == weighting)
            assert (given.gravity, without.gravity) == ("with inability", "without inability")
            assert without.groundless_people >= given.groundless_people, name
            assert without.mean == given.mean


def test_the_courts_list_closes_gates_to_nobody_without_a_breach_of_their_own_but_by_error(
    runs, found
):
    run = runs["defaulter-list-2013"]
    errors = run.listings.filter((run.listings["kind"] == 0) & (run.listings["detail"] & 7 == 0))
    one = found.burdens["defaulter-list-2013"][0]
    assert one.burdened > 0
    assert one.groundless_people <= errors["citizen"].n_unique()


def test_a_run_of_before_says_that_it_does_not_hold_gravity(runs):
    run = runs["credit-bureau"]

    class Old:
        people = run.people.drop("gravest_breach")

        def __getattr__(self, name):
            return getattr(run, name)

    with pytest.raises(LookupError, match="does not hold how grave"):
        burdens(Old(), closures(run))  # type: ignore[arg-type]
