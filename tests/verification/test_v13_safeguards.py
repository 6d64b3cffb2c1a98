"""V13. A safeguard at strength zero, on the way, and at one.

What: kernels that look for safeguards, with every one at zero, leave the run of kernels that do
not, bit for bit; a strength of zero gives the tables of no safeguard. A safeguard at strength x
covers x of all citizens and the same ones at every larger strength; as x falls (1, 1/10, 1/100)
what it is counted by falls by a factor of 3 at least each time. At one each is what `explain
safeguard` says: every entry was warned of for three months longer; every listing can be appealed;
nobody is listed through an error; no listing is without a term; conduct listings end by repair; a
refusal by the regime's rule alone never rests on a breach of another sphere; none is left without a
reason of the gate's own sphere; no listing outlasts twelve months; no essential gate is closed.
6,000 citizens of plainland, 30 months, rare things ten times as frequent.
Power: exact at zero: one bit of one citizen in one month; at one: a single listing, refusal or gate
among some thousands.
Wrong kernels: a coverage that leaves out one citizen in 256 at full strength; a firewall that lists
alone respect; a review that looks at the record of any sphere.
"""

from __future__ import annotations

import functools

import numpy as np
import pytest
from alarm import must_alarm, require
from mutants import wrong
from rig import LEFT, SEED, get, hurried, lively, put, society, step, world

from glasscity.behaviour import load_behaviour
from glasscity.engine.calendar import make_calendar
from glasscity.engine.compile import compile_tables
from glasscity.engine.compile_guards import GUARDS
from glasscity.month import decide as decide_module
from glasscity.month import restrict as restrict_module
from glasscity.month import shared
from glasscity.month import tables as at
from glasscity.month.ledger import ROWS, first_row
from glasscity.regime import load_regime
from glasscity.scenario import SAFEGUARDS
from glasscity.terms import GATES

CITIZENS = 6_000
MONTHS = 30
REGIME = load_regime("citizen-score-2020")
BEHAVIOUR = load_behaviour()
ELSEWHERE = 0b111000
OWN = 0b111
ERROR = 0b11 << 9


def compiled(**strengths) -> np.ndarray:
    where = society(citizens=CITIZENS).country
    return compile_tables(where, BEHAVIOUR, REGIME, seed=SEED, strengths=strengths)


def at_strength(name: str, x: float) -> np.ndarray:
    tables = lively(compiled(**{name: x}))
    # Appeals by one and the same rate in the lists' own rule and the safeguard's.
    return put(tables, guard_appeal=2**30)


def run(tables: np.ndarray, months: int = MONTHS):
    calendar = hurried(make_calendar(REGIME, BEHAVIOUR, start="2014-06"))
    one = world(society(citizens=CITIZENS), tables=tables, calendar=calendar)
    return one.state, [step(one, month) for month in range(months)]


@functools.cache
def guarded(name: str, x: float = 1.0):
    return run(at_strength(name, x))


def total(found, measure: str, **labels: str) -> int:
    rows = [
        code
        for code, row in enumerate(ROWS)
        if row.measure == measure and all(getattr(row, k) == v for k, v in labels.items())
    ]
    return int(sum(month.counts[:, rows].sum() for month in found[1]))


def without_a_term(found) -> int:
    """Return how many listings standing at the end have no term."""
    return int((found[0].record.standing == restrict_module.NO_TERM).sum())


def denials(found) -> np.ndarray:
    """Return the log rows of refusals by the regime's rule alone."""
    rows = np.concatenate([month.log for month in found[1]])
    rows = rows[rows[:, 0] == at.LOG_DENIAL]
    return rows[(rows[:, 6] & 32) != 0]


# What each safeguard is counted by: falls to zero, or to the world without, as strength does.
COUNTS = {
    "notice": ("warnings", {}),
    "appeals": ("exits_appeal", {}),
    "correction": ("guard_withdrawn", {}),
    "expiry": (without_a_term, {}),
    "repair": ("exits_repair", {}),
    "firewall": ("denials_regime", {}),
    "review": ("guard_lifted", {}),
    "duration-cap": ("exits_expiry", {"list": "judiciary"}),
    "essentials": ("guard_opened", {}),
}


def test_every_safeguard_has_a_count_and_a_place_in_the_tables():
    assert set(COUNTS) == set(SAFEGUARDS)
    for place, name in enumerate(SAFEGUARDS):
        covers = get(compiled(**{name: 0.5}), "guards")
        assert covers[place] == 128
        assert covers.sum() == 128


@pytest.mark.parametrize("name", SAFEGUARDS)
def test_at_zero_the_tables_are_those_without(name):
    assert np.array_equal(compiled(**{name: 0.0}), compiled())
    assert not np.array_equal(compiled(**{name: 1.0}), compiled())


def test_kernels_that_look_for_safeguards_and_find_none_change_nothing():
    plain, looking = run(lively(compiled())), run(put(lively(compiled()), guarded=1))
    for month, (a, b) in enumerate(zip(plain[1], looking[1], strict=True)):
        for part in LEFT:
            same = np.array_equal(getattr(a, part), getattr(b, part))
            require(same, f"month {month}: {part} differ")
    for column, values in plain[0].columns().items():
        require(np.array_equal(values, looking[0].columns()[column]), f"{column} differ")


@pytest.mark.parametrize("name", SAFEGUARDS)
def test_a_stronger_safeguard_covers_everybody_whom_a_weaker_one_does(name):
    place = SAFEGUARDS.index(name)

    def people(x):
        tables = compiled(**{name: x})
        return {i for i in range(2_000) if shared.covered(tables, i, place)}

    none, tenth, half, all_of_them = (people(x) for x in (0.0, 0.1, 0.5, 1.0))
    assert none == set()
    assert tenth < half < all_of_them == set(range(2_000))
    # 2,000 draws: a share off by 0.05 is seen.
    assert abs(len(half) - 1_000) < 110


@pytest.mark.parametrize("name", SAFEGUARDS)
def test_a_safeguard_fades_with_its_strength(name):
    measure, labels = COUNTS[name]

    def counted(x: float) -> int:
        found = guarded(name, x)
        return total(found, measure, **labels) if isinstance(measure, str) else measure(found)

    without = counted(0.0)
    whole, tenth, hundredth = (abs(counted(x) - without) for x in (1.0, 0.1, 0.01))
    require(whole >= 20, f"{name} moves its count by {whole} only")
    require(tenth <= whole / 3, f"a tenth of {name} leaves {tenth} of {whole}")
    require(hundredth <= max(tenth / 3, whole / 20), f"a hundredth of {name} leaves {hundredth}")


def test_with_notice_every_entry_was_warned_of():
    found = guarded("notice")
    warned = total(found, "warnings")
    require(total(found, "entries") <= warned, "somebody was listed without a warning")
    require(warned > 0 and total(guarded("notice", 0.0), "entries") > 0, "nothing happened")


def check_notice(found) -> None:
    """Raise an alarm if an entry comes less than three months after its month's records."""
    early = sum(m.counts[:, first_row("entries") + 2].sum() for m in found[1][:3])
    require(early == 0, f"{early} entries on the conduct list in the first three months")


def test_with_notice_nobody_is_listed_in_the_first_three_months():
    check_notice(guarded("notice"))
    must_alarm(lambda: check_notice(guarded("notice", 0.0)))


def test_with_appeals_a_list_without_that_exit_can_be_left():
    closed = {"list_exits": 4}
    with_it = run(put(at_strength("appeals", 1.0), **closed))
    without = run(put(at_strength("appeals", 0.0), **closed))
    assert total(without, "exits_appeal") == 0
    assert total(with_it, "exits_appeal") > 20


def test_with_correction_nobody_is_listed_through_an_error():
    found = guarded("correction")
    for cause in ("false_alarm", "mix_up"):
        assert total(guarded("correction", 0.0), "listed_for", cause=cause) > 0
        assert total(found, "listed_for", cause=cause) == 0
    assert total(found, "error_on_record") == 0


def test_with_expiry_no_listing_is_without_a_term():
    assert without_a_term(guarded("expiry", 0.0)) > 0
    assert without_a_term(guarded("expiry")) == 0


def check_cap(found) -> None:
    standing = found[0].record.standing
    longest = int(standing[(standing > 0) & (standing < 128)].max())
    require(longest <= GUARDS["cap_months"], f"a listing has {longest} months left")


def test_with_a_cap_no_listing_outlasts_it():
    check_cap(guarded("duration-cap"))
    must_alarm(lambda: check_cap(guarded("duration-cap", 0.0)))
    # Everybody but one in 256: a coverage that is not quite whole.
    leaky = put(at_strength("duration-cap", 1.0), guards=[0] * 7 + [255, 0])
    must_alarm(lambda: check_cap(run(leaky)))


def test_with_repair_conduct_listings_end_by_it():
    found = guarded("repair")
    assert total(found, "exits_repair", list="society") > 20
    assert total(guarded("repair", 0.0), "exits_repair") == 0


def check_firewall(rows: np.ndarray) -> None:
    crossed = int(((rows[:, 5] & ELSEWHERE) != 0).sum())
    require(crossed == 0, f"{crossed} refusals rest on a breach of another sphere")
    check_caused(rows)


def check_caused(rows: np.ndarray) -> None:
    """Raise an alarm if a refusal has no cause at all: the gate and attribution disagree then."""
    uncaused = int((rows[:, 5] == 0).sum())
    require(uncaused == 0, f"{uncaused} refusals have no cause")


def test_behind_a_firewall_no_refusal_rests_on_another_sphere():
    rows = denials(guarded("firewall"))
    assert len(rows) > 100
    check_firewall(rows)
    must_alarm(lambda: check_firewall(denials(guarded("firewall", 0.0))))


def check_review(rows: np.ndarray) -> None:
    bare = int(((rows[:, 5] & (OWN | ERROR)) == 0).sum())
    require(bare == 0, f"{bare} refusals have no reason of the gate's own")


def test_after_a_review_every_refusal_has_a_reason_of_the_gates_own():
    rows = denials(guarded("review"))
    assert len(rows) > 20
    check_review(rows)
    must_alarm(lambda: check_review(denials(guarded("review", 0.0))))


@pytest.mark.parametrize("name", ["firewall", "review"])
def test_attribution_gives_the_verdict_that_the_gate_gave(name):
    # Every refusal in the log is one with all its causes actual, so one of them is involved.
    rows = np.concatenate([month.log for month in guarded(name)[1]])
    check_caused(rows[rows[:, 0] == at.LOG_DENIAL])


def test_essential_gates_stay_open():
    where = society(citizens=CITIZENS).country
    found = guarded("essentials")
    for gate in where.gates:
        if gate.essential:
            assert total(guarded("essentials", 0.0), "closed", gate=gate.name) > 0
            assert total(found, "closed", gate=gate.name) == 0
    assert {g.name for g in where.gates if not g.essential} < set(GATES)


@pytest.mark.verify
def test_the_check_sees_wrong_kernels():
    """A firewall that the score does not respect; a review that takes any record for a reason."""
    tables = at_strength("firewall", 1.0)
    unwalled = wrong(
        decide_module, ("by_score and covered(tables, i, at.FIREWALL)", "by_score and False")
    )
    must_alarm(lambda: check_firewall(denials_of(unwalled, tables)))
    tables = at_strength("review", 1.0)
    lenient = wrong(
        decide_module,
        ("if deficits[i, sphere] > 0:", "if deficits[i, 0] + deficits[i, 1] + deficits[i, 2] > 0:"),
    )
    must_alarm(lambda: check_review(denials_of(lenient, tables)))


def denials_of(module, tables: np.ndarray) -> np.ndarray:
    """Return the refusals by the rule alone of a run whose stage `decide` is another."""
    from glasscity.engine import step as step_module
    from glasscity.engine import world as world_module

    other = wrong(step_module, names={"decide": module.decide})
    # The passes are compiled when first called: from then on they hold the wrong stage.
    kept = world_module.pass_two
    world_module.pass_two = other.pass_two
    try:
        return denials(run(tables, months=14))
    finally:
        world_module.pass_two = kept
