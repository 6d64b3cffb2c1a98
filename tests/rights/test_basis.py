"""A figure's way back to its source: every name on it is what the code reads and counts."""

from __future__ import annotations

import pytest
from factory import store
from reading import NotedView
from test_measures import PROMISED, scored

from glasscity.engine import calendar, compile_company, start
from glasscity.errors import NotFound
from glasscity.month.ledger import ROWS
from glasscity.results import open_run
from glasscity.rights import MEASURES
from glasscity.rights.basis import ROWS_OF, basis_of, commands
from glasscity.rights.counted import COUNTED, MOVED_BY, STORED, UNUSED, stage_of
from glasscity.rights.findings import HEADLINES
from stages import fields_moved, moved_by, named_in, parameters, rows_counted, stages


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    world = scored()
    # Scores at both operators, so that who disagrees is looked at to the end.
    world.persons["score"] = 500 + world.persons["profile"].astype("uint16")
    world.persons["score_private_2"] = world.persons["score"].copy()
    return open_run(store(tmp_path_factory.mktemp("basis") / "run", world))


@pytest.mark.parametrize("name", MEASURES)
def test_a_measure_reads_exactly_what_it_says_it_is_counted_from(run, name):
    view = NotedView(run)
    MEASURES[name].compute(view)
    assert view.seen == set(ROWS_OF[name])


def test_every_measure_has_its_basis_and_every_promised_one_is_among_them():
    assert set(ROWS_OF) == set(MEASURES)
    assert set(PROMISED) <= set(ROWS_OF)
    assert set(HEADLINES) <= set(ROWS_OF)


def test_what_a_measure_is_counted_from_exists_and_comes_from_one_stage():
    rows = {row.measure for row in ROWS}
    for read in ROWS_OF.values():
        for name in read:
            assert name in rows or name in STORED
            assert stage_of(name) in ("", *stages())
    assert len([row for stage in COUNTED.values() for row in stage]) == len(rows)


@pytest.mark.parametrize("stage", stages())
def test_a_stage_counts_the_rows_that_it_is_said_to_count(stage):
    assert set(COUNTED[stage]) == rows_counted(stage)
    assert tuple(COUNTED) == stages()


@pytest.mark.parametrize("stage", stages())
def test_a_stage_looks_up_what_these_parameters_move_and_no_others_do(stage):
    assert set(MOVED_BY[stage]) == moved_by(stage)


def test_the_first_state_and_the_calendar_read_the_parameters_they_are_said_to():
    assert set(MOVED_BY["start"]) == named_in(start.first_lives) | named_in(compile_company.keeping)
    assert set(MOVED_BY["calendar"]) == named_in(calendar.make_calendar)


def test_every_parameter_of_behaviour_moves_something_or_is_said_to_move_nothing():
    used = {name for names in MOVED_BY.values() for name in names}
    assert used | set(UNUSED) == set(parameters())
    assert not used & set(UNUSED)
    assert all(not fields_moved()[name] for name in UNUSED)


def test_the_commands_of_a_measure_ask_for_every_part_that_it_hangs_on():
    for name, one in MEASURES.items():
        said = commands(name, regime="my.yaml")
        asked = {part for command in said for part in command.rpartition(" ")[2].split(",")}
        assert asked == {path.partition(".")[2] for path in one.grades_from}
        assert any("my.yaml" in command for command in said) == any(
            path.startswith("regime.") for path in one.grades_from
        )


def test_an_unknown_measure_has_no_basis():
    with pytest.raises(NotFound):
        basis_of("restricted_shar")
