"""What a run notes of breaches that were truly a citizen's own."""

from __future__ import annotations

import numpy as np
import pytest

from glasscity.engine.marks import ON_FILE, marks_of
from glasscity.society.state import new_state
from glasscity.terms import EVENTS

GRAVITY = np.array([1, 3, 5, 1, 3, 5, 5, 2, 2, 2, 2])
WHOLE = slice(None)


def told(**given) -> tuple[int, int, int]:
    """Return the lower bits, the gravity, and that without inability, of one citizen."""
    columns = new_state(1).columns()
    for name, value in given.items():
        columns[name.replace("__", ".")][0] = value
    mark = int(marks_of(columns, WHOLE, columns["face.now"], GRAVITY, on_file=True)[0])
    return mark & 3, mark >> 2 & 7, mark >> 5 & 7


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({}, (0, 0, 0)),
        ({"truth__owed_credit": 1}, (0, 1, 1)),
        ({"truth__owed_credit": 3}, (0, 3, 3)),
        # Ignored by order: case 8, of the credit; of the fee with bit 4.
        ({"truth__owed_credit": 7, "truth__case": 8}, (0, 5, 5)),
        ({"truth__owed_fee": 7, "truth__case": 8 | 16}, (0, 5, 5)),
        ({"truth__owed_credit": 7, "truth__case": 8 | 16}, (0, 3, 3)),
        # Months of inability alone; of both; the fee's own.
        ({"truth__owed_credit": 3, "truth__spell": 4}, (0, 3, 0)),
        ({"truth__owed_credit": 3, "truth__spell": 4 | 8}, (0, 3, 3)),
        ({"truth__owed_fee": 3, "truth__spell": 16}, (0, 3, 0)),
        ({"truth__owed_fee": 3, "truth__spell": 4}, (0, 3, 3)),
        ({"truth__owed_credit": 3, "truth__spell": 4, "truth__owed_fee": 1}, (0, 3, 1)),
        # Conduct that a source has put on record; put on a list hides it, as 13 is no breach.
        ({"face__now": (1 + EVENTS.index("train")) << 28}, (0, 2, 2)),
        ({"face__now": (1 + EVENTS.index("contempt")) << 28}, (0, 5, 5)),
        ({"face__now": (1 + EVENTS.index("credit_late")) << 28}, (0, 0, 0)),
        ({"face__now": 13 << 28}, (0, 0, 0)),
        # On file: an own part of a deficit, an error's whole, inability's whole.
        ({"record__deficits": [0, 9, 0, 0]}, (0, ON_FILE, ON_FILE)),
        ({"record__deficits": [0, 9, 0, 0], "audit__shares": [0] * 5 + [255, 0, 0]}, (0, 0, 0)),
        (
            {"record__deficits": [0, 9, 0, 0], "audit__shares": [0, 0, 0, 0, 255, 0, 0, 0]},
            (0, ON_FILE, 0),
        ),
        ({"record__deficits": [0, 0, 9, 0], "audit__shares": [0] * 6 + [255, 0]}, (0, 0, 0)),
        ({"audit__lost": 128, "audit__inner": 32}, (3, 0, 0)),
    ],
)  # fmt: skip
def test_the_gravest_breach_of_ones_own_is_noted(given, wanted):
    assert told(**given) == wanted


def test_defaults_are_noted_by_what_is_owed():
    columns = new_state(4).columns()
    columns["truth.owed_credit"][:] = [3, 2, 0, 5]
    columns["truth.owed_fee"][:] = [0, 3, 0, 4]
    marks = marks_of(columns, WHOLE, columns["face.now"], GRAVITY, on_file=False)
    assert (marks >> 8 & 1).tolist() == [1, 0, 0, 1]
    assert (marks >> 9 & 1).tolist() == [0, 1, 0, 1]


def test_some_rows_are_marked_as_among_all():
    columns = new_state(9).columns()
    luck = np.random.default_rng(2)
    columns["truth.owed_credit"][:] = luck.integers(0, 5, 9)
    columns["record.deficits"][:] = luck.integers(0, 2, (9, 4))
    columns["audit.lost"][:] = luck.integers(0, 256, 9)
    every = marks_of(columns, WHOLE, columns["face.now"], GRAVITY, on_file=True)
    rows = np.array([1, 4, 8])
    few = marks_of(columns, rows, columns["face.now"][rows], GRAVITY, on_file=True)
    assert (few == every[rows]).all()


def test_what_a_run_keeps_of_breaches_agrees_with_the_cube_and_with_itself(runs):
    for run in runs.values():
        people = run.people
        gravest, able = people["gravest_breach"], people["gravest_breach_able"]
        assert (able <= gravest).all()
        assert (people["gravity_months_able"] <= people["gravity_months"]).all()
        own = people["own_record"]
        assert ((gravest > 0) <= (own & 1 == 1)).all()
        # In the last month somebody owes three months or more, and the last default is then.
        now = people["owed_credit"] >= 3
        assert now.any()
        assert (people["last_credit_default"].filter(now) == run.months).all()
        assert (people["gravest_breach"].filter(now) >= 3).all()
        arrears = run.margins.of("arrears")[-1, 0]
        assert (now & people["with_credit"]).sum() == arrears
        late = (people["owed_credit"] > 0) | (people["owed_fee"] > 0)
        assert (gravest.filter(late) > 0).all()
