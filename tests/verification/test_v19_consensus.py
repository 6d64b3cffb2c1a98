"""V19. Visible and private consensus without fear, reward and conformity.

What: with fear of speech, reward and the pull of others at zero everybody says what they think: the
actual, the unafraid and the private voice are the same for each citizen and so in each cell of the
cube, nobody is chilled, bought or induced to praise, and the measures `visible_consensus` and
`private_consensus` are the same number. The private voice is computed anew from opinions and keyed
draws. Whole societies under the citizen score, everything in force from the ninth month of 24, on
plainland and china-2020: once with no fear to feel (none at birth, none learned, none announced),
once with fear as it is that costs nothing.
Power: exact: one voice of one citizen in one month. As shipped the two consensuses differ by more
than 0.1 in the same societies (asserted).
Wrong kernels: the fear of breach in place of that of speech, in the actual voice; the same fear in
the private voice; a reward, a pull of others, an announcement, a fear at birth that is not switched
off; new draws for the private voice; two citizens who swap voices.
"""

from __future__ import annotations

import functools
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from alarm import must_alarm, require
from findings import BOOK
from mutants import with_tables, wrong
from rig import FIRST_KEY, first_pass, get, hurried, put, shipped, society, step, world

from glasscity.behaviour import load_behaviour
from glasscity.draws import philox_numpy
from glasscity.engine.calendar import make_calendar
from glasscity.engine.world import World
from glasscity.month import act as act_module
from glasscity.month import tables as at
from glasscity.month.act import act
from glasscity.month.ledger import first_row
from glasscity.month.record import record
from glasscity.month.restrict import restrict
from glasscity.month.score import score
from glasscity.month.see import see
from glasscity.regime import load_regime
from glasscity.rights import measure

MONTHS = 24
PACKS = {"plainland": 6_000, "china-2020": 20_000}
ALIKE = (
    ("criticise", "unafraid_criticise", "private_criticise"),
    ("praise", "unafraid_praise", "private_praise"),
)
NOBODY = ("chilled", "chilled_by_fear", "bought", "induced_praise")
SILENT, CRITICISE, PRAISE = range(3)
KEPT = 12  # months for which people keep a voice's draws

FEARLESS = {"phi_speech": 0, "learn": 0, "crosstalk": 0}
CALM = {
    "no fear": {**FEARLESS, "reward": 0, "conformity": 0},
    "fear that costs nothing": {"kappa": 0, "reward": 0, "conformity": 0},
}


def start(pack: str, *, salience: float = 0.0, **fields) -> World:
    """Return a world of the citizen score with some values of voice changed."""
    calendar = make_calendar(load_regime("citizen-score-2020"), load_behaviour(), start="2014-06")
    calendar = replace(hurried(calendar), salience=salience)
    where = society(pack, PACKS[pack])
    return world(where, tables=put(shipped(pack), **fields), calendar=calendar)


def thought(one: World, month: int) -> np.ndarray:
    """Return what everybody would say of themselves alone, from opinions and keyed draws."""
    who = np.arange(one.society.citizens)
    seed, held = one.society.seed, (FIRST_KEY + month + who % KEPT) // KEPT
    words = philox_numpy(seed & 0xFFFFFFFF, seed >> 32, who, 0, held, at.L_VOICE)
    silent, criticise, praise = (get(one.tables, "gumbel")[word >> 20] for word in words[:3])
    lean = get(one.tables, "expressive") * one.state.truth.opinion.astype(np.int64) // 127
    values = np.stack([silent + get(one.tables, "silence"), criticise - lean, praise + lean])
    return values.argmax(axis=0)  # of equals the first: silence, then criticism


def consensus(name: str, counts: np.ndarray) -> float:
    """Return a measure of a month's counts, by its shipped definition."""
    view = SimpleNamespace(last=lambda row: np.array([counts[:, first_row(row)].sum()]))
    return float(measure(name).compute(view)[0])


def check_month(month: int, counts: np.ndarray, voices: np.ndarray, private: np.ndarray) -> None:
    """Raise an alarm unless everybody says what they think; counts are [cells, rows, 75]."""
    for first, *others in ALIKE:
        for other in others:
            off = np.abs(counts[:, first_row(first)] - counts[:, first_row(other)]).sum()
            require(off == 0, f"month {month}: {first} and {other} differ by {off}")
    for name in NOBODY:
        found = counts[:, first_row(name)].sum()
        require(found == 0, f"month {month}: {name}: {found}")
    differ = int((voices != private).sum())
    BOOK.counted("voices", len(voices))
    require(differ == 0, f"month {month}: {differ} citizens do not say what they think")
    said = np.bincount(voices, minlength=3)
    counted = [int(counts[:, first_row(n)].sum()) for n in ("silent", "criticise", "praise")]
    require(said.tolist() == counted, f"month {month}: {counted} voices counted, not {said}")
    seen, held = (consensus(f"{kind}_consensus", counts) for kind in ("visible", "private"))
    require(seen == held, f"month {month}: a consensus of {seen} is seen, {held} is held")


def voices_of(one: World) -> np.ndarray:
    return (one.state.face.now >> 11 & 3).astype(np.int64)


def check_run(one: World, months: int = MONTHS) -> None:
    for month in range(months):
        private = thought(one, month)
        counts = step(one, month).counts
        check_month(month, counts, voices_of(one), private)


@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize("how", CALM)
def test_everybody_says_what_they_think(pack, how):
    one = start(pack, salience=0.1 if "costs" in how else 0.0, **CALM[how])
    check_run(one)
    voices = np.bincount(voices_of(one), minlength=3)
    assert voices.min() > PACKS[pack] / 50
    listed = (one.state.face.now >> 13 & 1).sum()
    assert listed > 0
    # There would have been something to be afraid of, and somebody who is.
    assert (one.state.belief.speech != 0).any() == ("costs" in how)


@pytest.mark.verify
@pytest.mark.parametrize("how", CALM)
def test_they_do_so_through_the_calendar_of_the_press_account(how):
    regime = load_regime("citizen-score-2020")
    calendar = replace(make_calendar(regime, load_behaviour(), start="2014-06"), salience=0.0)
    where = society("china-2020", 30_000)
    tables = put(shipped("china-2020"), **CALM[how])
    check_run(world(where, tables=tables, calendar=calendar), 84)


@pytest.mark.parametrize("pack", PACKS)
def test_as_shipped_the_two_differ(pack):
    one = start(pack)
    for month in range(12):
        counts = step(one, month).counts
    seen, held = (consensus(f"{kind}_consensus", counts) for kind in ("visible", "private"))
    assert seen - held > 0.1


# Wrong kernels: the first pass alone, which is all that a voice needs.


def check_first_pass(speaks=act, months: int = 12, swap: bool = False, **changes) -> None:
    salience = changes.pop("salience", 0.0)
    one = start("plainland", salience=salience, **{**CALM["no fear"], **changes})
    for month in range(months):
        private = thought(one, month)
        known = first_pass(one, month, see, speaks, record, score, restrict)
        one.state.face.now[:] = one.state.face.next
        voices = voices_of(one)
        if swap:
            pair = [int(np.flatnonzero(voices == voice)[0]) for voice in (CRITICISE, PRAISE)]
            voices[pair] = voices[pair[::-1]]
        check_month(month, known["counts"][np.newaxis], voices, private)


@functools.cache
def spoken(change: tuple[str, str]):
    return wrong(act_module, change).act


@pytest.mark.verify
def test_the_check_sees_wrong_kernels():
    check_first_pass()
    cost = "cost = (kappa * fear_speech) >> 8"
    private = "private = choose_voice(own_criticise, own_silent, own_praise)"
    breach = "((kappa * fear_breach) >> 8)"
    faults = (
        (cost, cost.replace("fear_speech", "fear_breach")),
        (private, private.replace("own_criticise", f"own_criticise - {breach}")),
        (
            private,
            private.replace(
                "own_silent",
                "tables[at.GUMBEL + (luck[at.L_VOICE, 3, k + p] >> 20)] + tables[at.SILENCE]",
            ),
        ),
    )
    for fault in faults:
        must_alarm(lambda f=fault: check_first_pass(spoken(f)))


def test_the_check_sees_what_is_not_switched_off():
    plain = shipped()
    for name in ("conformity", "reward", "phi_speech"):
        assert get(plain, name) > 0
        must_alarm(lambda n=name: check_first_pass(with_tables(act, **{n: get(plain, n)})))
    must_alarm(lambda: check_first_pass(salience=0.1))
    must_alarm(lambda: check_first_pass(swap=True))
