"""The exception tree and its one-line messages."""

from __future__ import annotations

import pickle

import pytest

from glasscity import errors
from glasscity.errors import (
    BadArgument,
    BadFile,
    BadInput,
    CannotFit,
    DamagedRun,
    DiskFull,
    GlasscityError,
    Interrupted,
    NotFound,
    OutputExists,
    nearest,
)

KINDS = [
    GlasscityError,
    BadInput,
    BadArgument,
    BadFile,
    NotFound,
    CannotFit,
    OutputExists,
    DamagedRun,
    DiskFull,
    Interrupted,
]


def test_a_message_says_where_what_what_is_allowed_and_how_to_mend_it():
    error = BadFile(
        "gate 'rail_hi_speed' is not declared",
        where="regime 'x'",
        allowed=["flight", "fast_train"],
        allowed_label="Declared",
        mend="correct the name or add it under gates",
    )
    assert str(error) == (
        "regime 'x': gate 'rail_hi_speed' is not declared. "
        "Declared: flight, fast_train. "
        "Mend: correct the name or add it under gates."
    )


def test_a_message_is_one_line_whatever_its_pieces_were():
    error = BadArgument("first\nsecond", where="a\tb", mend="c\r\n  d")
    assert str(error) == "a b: first second. Mend: c d."


def test_a_message_without_further_fields_is_its_sentence():
    assert str(GlasscityError("stopped")) == "stopped."
    assert str(NotFound("what now?")) == "what now?"


@pytest.mark.parametrize("kind", KINDS)
def test_every_error_is_of_the_family_and_survives_pickling(kind):
    error = kind("what", where="where", allowed=("a", "b"), mend="mend")
    back = pickle.loads(pickle.dumps(error))
    assert isinstance(error, GlasscityError)
    assert type(back) is kind
    assert str(back) == str(error)
    assert back.args == error.args
    assert (back.what, back.where, back.allowed, back.mend) == ("what", "where", "a, b", "mend")


@pytest.mark.parametrize(
    "kind", [BadArgument, BadFile, NotFound, CannotFit, OutputExists, DamagedRun]
)
def test_bad_input_is_a_value_error_and_exits_with_2(kind):
    assert issubclass(kind, BadInput)
    assert issubclass(kind, ValueError)
    assert kind.exit_code == 2


def test_a_full_disk_and_an_interruption_are_nobodys_bad_input():
    assert not issubclass(DiskFull, ValueError)
    assert not issubclass(Interrupted, ValueError)
    assert Interrupted.exit_code == 130


def test_every_error_of_the_module_is_exported_and_drawn_in_its_docstring():
    defined = {
        name
        for name, thing in vars(errors).items()
        if isinstance(thing, type) and issubclass(thing, GlasscityError)
    }
    assert defined == set(errors.__all__) - {"nearest"}
    assert errors.__doc__ is not None
    assert all(name in errors.__doc__ for name in defined)


def test_an_unknown_name_is_answered_with_the_nearest_ones():
    known = ["citizen-score-2020", "credit-bureau", "unscored"]
    error = NotFound.among("regime", "citizen_score_2002", known)
    assert str(error) == (
        "there is no regime 'citizen_score_2002'. Nearest: citizen-score-2020. "
        "Mend: did you mean 'citizen-score-2020'?"
    )


def test_an_unknown_name_like_no_other_is_answered_with_all():
    error = NotFound.among("country", "xyz", ["plainland", "china-2020"], where="--country")
    assert str(error) == "--country: there is no country 'xyz'. Known: china-2020, plainland."


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Unscored", ["unscored"]),
        ("citizen-score", ["citizen-score-2020"]),
        ("creditbureau", ["credit-bureau"]),
        ("", []),
        ("zzzz", []),
    ],
)
def test_nearest_overlooks_case_hyphens_and_missing_ends(name, expected):
    assert nearest(name, ["citizen-score-2020", "credit-bureau", "unscored"]) == expected


def test_nearest_is_limited_and_puts_the_best_first():
    assert nearest("gate3", ["gate1", "gate2", "gate3", "gate4"], limit=2) == ["gate3", "gate1"]
