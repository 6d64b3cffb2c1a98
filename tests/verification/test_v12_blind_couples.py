"""V12. Score-blind couples.

What: without weights, or where no score can be seen, the scores of partners are uncorrelated within
meeting cells: the sum of their products is that of a random matching of the same coupled people
inside each district and age band, whose exact mean and variance (the permutation test's, in closed
form, itself compared with every matching of six people) it keeps. So are squares and levels those
of random seekers: the measured blind baseline is what blind couples show. With weights the order is
a race: of one prominent and four others the prominent one is among the first two with the chance
that the Plackett-Luce law gives, and partners are more alike than the baseline. Everybody coupled
is counted once, and in each district and age band an even number is. On the shipped `couple`
kernel, 131,072 people whose scores depend on district and age, four months.
Power: a correlation within cells of 0.016 (260,000 couples, 5.5 standard errors of 0.002 for the
false-alarm rate over 20 comparisons and 2.33 for chance 0.99); the baseline's correlation off by as
much; the prominent one's chance off by 0.019, and the baseline's independence of weights exactly.
Wrong kernels: pairs in the order of scores; weights where nobody sees a score; a baseline that
pairs people with themselves, or that takes the shown for the seekers; weights in wrong proportion;
meeting across age bands; one end of a couple forgotten.
"""

from __future__ import annotations

import numpy as np
import pytest
from alarm import check_mean, check_near, check_share, limit, must_alarm, require, smallest_fault
from mutants import wrong
from rig import ALWAYS, Room, get, put, put_now, shipped

from glasscity.behaviour import load_behaviour
from glasscity.country import load_country
from glasscity.engine.compile import compile_tables
from glasscity.month import couple as couple_module
from glasscity.month import tables as at
from glasscity.month.couple import couple
from glasscity.month.ledger import first_row
from glasscity.regime import load_regime
from glasscity.rights.couples import couples_assortativity

PEOPLE = 2**17
MONTHS = 4
COMPARISONS = 20
RACES = 200
# Times come in 4,096 steps: of two in the same step the word's rest decides, whatever the weights.
RACE_BIAS = 5 / 4096
SINGLE, DISPLAYED = 1 << 15, 1 << 14
DISTRICT = 512
# Everybody looks, all are shown and all couple, so that every pair of the order is seen.
EAGER = {"on_site": 256, "shown": 65_536, "couple": ALWAYS, "single_again": 0, "visible": 256}
BLIND = {**EAGER, "prominence": 256}
NOW = put_now(mean16=16 * 700, spread16=16 * 60)
SEEN = "score > 1 and (face & _DISPLAYED != 0 or can_be_looked_up(i, tables[at.VISIBLE]))"


def people() -> tuple[np.ndarray, np.ndarray]:
    """Return (scores, ages): a fifth each of the spread's square from district and from age."""
    luck = np.random.default_rng(12)
    ages = luck.integers(0, 5, PEOPLE)
    districts = luck.normal(0, 30, PEOPLE // DISTRICT).repeat(DISTRICT)
    scores = 700 + districts + 20 * (ages - 2) + luck.normal(0, 45, PEOPLE)
    return np.clip(np.rint(scores), 350, 950).astype(np.int64), ages


SCORES, AGES = people()
CELLS = (np.arange(PEOPLE) // DISTRICT) * 5 + AGES


class Month:
    """What a kernel did in a month: who coupled, what it counted, stride by stride."""

    def __init__(self, kernel, tables, month: int, scores: np.ndarray, ages: np.ndarray) -> None:
        room = Room(PEOPLE, tables=tables, now=NOW.copy())
        room.traits.who[:] = (room.traits.who & 0xF8) | ages
        room.state.face.now[:] = scores | SINGLE
        room.state.face.next[:] = room.state.face.now
        room.now[at.NOW_KEY] = 4096 + month
        self.sums = np.zeros((PEOPLE // at.STRIDE, at.COUPLE_COUNTS), dtype=np.int64)
        deciles = np.zeros((10, at.DECILE_COUNTS), dtype=np.int64)
        strides = iter(self.sums)
        stage = _each_stride(kernel, strides)
        room.do(stage, deciles=deciles, deciles_of=np.zeros(2048, dtype=np.uint8))
        self.coupled = room.state.face.next & SINGLE == 0
        self.counted = room.row(first_row("coupled"))


def _each_stride(kernel, strides):
    """Return a stage that gives the kernel accumulators of its own for each stride."""
    names = list(kernel.py_func.__code__.co_varnames[: kernel.py_func.__code__.co_argcount])
    place = names.index("couples")

    def run(*arguments):
        given = list(arguments)
        given[place] = next(strides)
        return kernel(*given)

    run.py_func = kernel.py_func
    return run


def few(fields) -> np.ndarray:
    """Return tables in which a quarter look and half of these are shown."""
    return put(shipped(), **{**fields, "on_site": 64, "shown": 32_768})


def months(kernel=couple, tables=None, scores=SCORES, ages=AGES, count: int = MONTHS):
    tables = put(shipped(), **BLIND) if tables is None else tables
    return [Month(kernel, tables, month, scores, ages) for month in range(count)]


def matching_law(scores: np.ndarray, cells: np.ndarray) -> tuple[float, float]:
    """Return mean and variance of the sum of partners' products over all matchings inside cells.

    In a cell of m people with centred values d, each pair is matched with chance 1/(m - 1) and two
    given disjoint pairs with chance 1/((m - 1)(m - 3)), so with Q and R the sums of squares and
    fourth powers the sum of products has the mean -Q/(2(m - 1)) and the second moment
    (Q^2 - R)/(2(m - 1)) + (3 Q^2 - 6 R)/(4 (m - 1)(m - 3)).
    """
    n = np.bincount(cells).astype(float)
    level = np.bincount(cells, scores) / np.maximum(n, 1)
    d = scores - level[cells]
    n = np.maximum(n, 2)
    q, r = np.bincount(cells, d**2), np.bincount(cells, d**4)
    mean = -q / (2 * (n - 1))
    apart = np.where(n > 2, (3 * q**2 - 6 * r) / (4 * (n - 1) * np.maximum(n - 3, 1)), 0)
    second = (q**2 - r) / (2 * (n - 1)) + apart
    levels = np.bincount(cells, minlength=len(n)) / 2 * level**2
    return float((mean + levels).sum()), float((second - mean**2).sum())


def correlation_within(found) -> tuple[float, float]:
    """Return the excess of partners' products as a correlation within cells, and its error."""
    excess = variance = spread = 0.0
    for month in found:
        scores, cells = SCORES[month.coupled], CELLS[month.coupled]
        mean, var = matching_law(scores.astype(float), cells)
        excess += month.sums[:, at.P_XY].sum() / 2 - mean
        variance += var
        level = np.bincount(cells, scores) / np.maximum(np.bincount(cells), 1)
        spread += ((scores - level[cells]) ** 2).sum() / 2
    return excess / spread, variance**0.5 / spread


def check_blind(found) -> None:
    """Raise an alarm unless partners are a random matching inside their cells."""
    r, error = correlation_within(found)
    check_near(r, 0, limit(COMPARISONS) * error, "correlation within cells")


def check_baseline(found) -> None:
    """Raise an alarm unless the blind baseline is what the couples show, stride by stride."""
    sums = np.concatenate([month.sums for month in found]).astype(float)
    for own, blind in ((at.P_X, at.P_BLIND_X), (at.P_XX, at.P_BLIND_XX), (at.P_XY, at.P_BLIND_XY)):
        # Rounding: half of 1/256 in each of ten cells of a stride.
        check_mean(
            sums[:, own] - sums[:, blind] / 256,
            -0.02,
            0.02,
            comparisons=COMPARISONS,
            what=f"sum {own} beyond its baseline",
        )
    whole = couples_assortativity(np.concatenate([month.sums for month in found]))
    error = (2 * whole.couples) ** -0.5
    slack = 2 * limit(COMPARISONS) * error
    check_near(whole.actual, whole.blind, slack, "correlation beside its baseline")


def check_counted_once(found) -> None:
    """Raise an alarm unless everybody coupled is in one couple, inside one cell."""
    for month in found:
        scores, sums = SCORES[month.coupled], month.sums.sum(axis=0)
        alone = np.bincount(CELLS[month.coupled]) % 2
        require(not alone.any(), f"{alone.sum()} cells have half a couple")
        require(month.coupled.sum() == month.counted == 2 * sums[at.P_COUPLES], "coupled twice")
        same = scores.sum() == sums[at.P_X] and (scores**2).sum() == sums[at.P_XX]
        require(same, "the scores of couples are not those of the coupled")


def check_baseline_without_weights(kernel) -> None:
    """Raise an alarm unless the baseline is the same whether scores weigh or not."""
    exposed, unexposed = (months(kernel, few(f), count=1)[0].sums for f in (EAGER, BLIND))
    blind = slice(at.P_BLIND_X, at.P_BLIND_XY + 1)
    same = (exposed[:, at.P_COUPLES] == unexposed[:, at.P_COUPLES]).all()
    require(same, "as many are shown, and all couple")
    require((exposed[:, blind] == unexposed[:, blind]).all(), "the baseline follows the weights")


@pytest.fixture(scope="module")
def blind():
    return months()


def test_the_law_of_matchings_is_that_of_all_matchings_of_six():
    values = np.array([350.0, 610, 612, 700, 840, 950])

    def matchings(left):
        if not left:
            yield 0.0
        for other in left[1:]:
            rest = [x for x in left[1:] if x != other]
            for products in matchings(rest):
                yield values[left[0]] * values[other] + products

    every = np.array(list(matchings(list(range(6)))))
    assert len(every) == 15
    mean, variance = matching_law(values, np.zeros(6, dtype=np.int64))
    assert mean == pytest.approx(every.mean(), rel=1e-12)
    assert variance == pytest.approx(every.var(), rel=1e-9)
    alone = matching_law(values[:2], np.zeros(2, dtype=np.int64))
    assert alone == pytest.approx((values[0] * values[1], 0), abs=1e-6)


def test_scores_of_blind_couples_are_uncorrelated_within_cells(blind):
    check_blind(blind)


def test_so_they_are_among_the_few_who_look_and_are_shown():
    found = months(tables=few(BLIND), count=8)
    check_blind(found)
    check_baseline(found)
    check_counted_once(found)


def test_at_strength_zero_the_site_is_that_of_a_regime_without_exposure():
    regime = load_regime("citizen-score-2020")

    def tables(of, **strengths):
        where, behaviour = load_country("plainland"), load_behaviour()
        return compile_tables(where, behaviour, of, seed=1, strengths=strengths)

    at_zero, shown = tables(regime, dating=0.0), tables(regime)
    assert (get(at_zero, "prominence") == 256).all()
    assert np.array_equal(at_zero, tables(regime.model_copy(update={"exposure": None})))
    assert (np.diff(get(shown, "prominence")) > 0).all()


def test_weights_of_scores_that_nobody_sees_change_nothing(blind):
    unseen = months(tables=put(shipped(), **{**EAGER, "visible": 0}))
    for one, other in zip(blind, unseen, strict=True):
        assert (one.coupled == other.coupled).all()
        assert (one.sums == other.sums).all()


def test_the_measured_baseline_is_what_blind_couples_show(blind):
    check_baseline(blind)
    whole = couples_assortativity(np.concatenate([month.sums for month in blind]))
    # Districts and ages make them alike, as planted: (900 + 800) of (900 + 800 + 2025).
    assert whole.blind == pytest.approx(0.456, abs=0.04)
    assert whole.actual > 0.4


def test_the_baseline_is_that_of_a_site_that_sees_no_scores():
    check_baseline_without_weights(couple)


def test_everybody_coupled_is_counted_once(blind):
    check_counted_once(blind)


def test_exposed_couples_are_more_alike_than_the_baseline_and_without_it_they_are_not(blind):
    exposed = months(tables=put(shipped(), **EAGER))
    r, error = correlation_within(exposed)
    assert r > limit(COMPARISONS) * error
    beyond = couples_assortativity(np.concatenate([m.sums for m in exposed])).beyond
    none = couples_assortativity(np.concatenate([m.sums for m in blind])).beyond
    assert beyond > 0.01 > abs(none)
    check_counted_once(exposed)


def first_two(kernel, tables, weight: int) -> None:
    """Check how often one prominent of five is among the first two (Plackett-Luce).

    The chance to be neither first nor second, among four others of weight w, is
    4w/(4w + v) * 3w/(3w + v).
    """
    luck = np.random.default_rng(5)
    # In each district five are single, of one age; the first has a score of 900.
    places = np.stack([luck.permutation(DISTRICT)[:5] for _ in range(PEOPLE // DISTRICT)])
    places += DISTRICT * np.arange(len(places))[:, None]
    scores = np.full(PEOPLE, 700)
    scores[places[:, 0]] = 900
    scores[places] |= SINGLE
    hits = 0
    for month in range(RACES):
        room = Room(PEOPLE, tables=tables, now=NOW.copy())
        room.state.face.now[:] = room.state.face.next[:] = scores
        room.now[at.NOW_KEY] = month
        room.do(
            kernel,
            couples=np.zeros(at.COUPLE_COUNTS, dtype=np.int64),
            deciles=np.zeros((10, at.DECILE_COUNTS), dtype=np.int64),
            deciles_of=np.zeros(2048, dtype=np.uint8),
        )
        hits += int((room.state.face.next[places[:, 0]] & SINGLE == 0).sum())
    missed = 4 * 256 / (4 * 256 + weight) * 3 * 256 / (3 * 256 + weight)
    check_share(
        hits,
        RACES * len(places),
        1 - missed,
        comparisons=COMPARISONS,
        bias=RACE_BIAS,
        what="the prominent one among the first two",
    )


def race_tables(weight: int) -> np.ndarray:
    """Return tables in which a score of 900 has a weight, and two of five are shown."""
    standing = 8 + (900 * 16 - int(NOW[at.NOW_MEAN16])) * 2 // int(NOW[at.NOW_SPREAD16])
    prominence = np.full(16, 256)
    prominence[standing] = weight
    return put(shipped(), **{**EAGER, "shown": 26_000, "prominence": prominence})


@pytest.mark.parametrize("weight", [64, 256, 1024, 38_000])
def test_the_order_is_a_weighted_race(weight):
    first_two(couple, race_tables(weight), weight)


@pytest.mark.verify
def test_the_check_sees_wrong_kernels(blind):
    own = "place_in_order(drawn, race, _weight(i, face, tables, now))"
    sorted_pairs = wrong(couple_module, (own, "face_score(face)")).couple
    must_alarm(lambda: check_blind(months(sorted_pairs)))
    unseen = put(shipped(), **{**EAGER, "visible": 0})
    must_alarm(
        lambda: check_blind(months(wrong(couple_module, (SEEN, "score > 1")).couple, unseen))
    )
    itself = wrong(couple_module, ("total * total - squares", "total * total"))
    must_alarm(lambda: check_baseline(months(itself.couple)))
    of_shown = wrong(
        couple_module,
        (
            "for k in range(n):\n                score",
            "for k in range(shown):\n                score",
        ),
    )
    must_alarm(lambda: check_baseline_without_weights(of_shown.couple))
    across = wrong(couple_module, ("age = np.int64(whos[i]) & 7", "age = np.int64(whos[i]) & 4"))
    must_alarm(lambda: check_counted_once(months(across.couple, count=1)))
    half = wrong(couple_module, ("for one in (i, j):", "for one in (i, i):"))
    must_alarm(lambda: check_counted_once(months(half.couple, count=1)))
    must_alarm(lambda: first_two(couple, race_tables(2048), 1024))
    must_alarm(lambda: first_two(sorted_pairs, race_tables(1024), 1024))


def test_the_stated_power_is_what_the_numbers_give(blind):
    _, error = correlation_within(blind)
    assert (limit(COMPARISONS) + 2.33) * error < 0.016
    assert smallest_fault(0.5, RACES * PEOPLE // DISTRICT, COMPARISONS) + RACE_BIAS < 0.019


def test_the_people_are_as_described():
    assert (SCORES > 1).all()
    assert np.bincount(CELLS, minlength=PEOPLE // DISTRICT * 5).min() > 50
