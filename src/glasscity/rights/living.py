"""Who pays on time and lives in a way that operators do not like (row A9 of the mission)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from glasscity.rights.definition import GATES, SCORE, Compute, Measure, only_where
from glasscity.rights.view import View, ratio

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["DENIED_WITHIN", "LIVING"]

# Months back from the end in which a refusal counts; a shorter run counts whole.
DENIED_WITHIN = 12
# The activity profile is uniform over 0..255.
_PROFILES, _FIFTHS = 256, 5
_OF = "citizens with nothing adverse on record: the fifth with the lowest profile less the highest"


def _gap(hit: Callable[[View], NDArray[np.bool_]]) -> Compute:
    def compute(view: View) -> NDArray[Any]:
        people = view.run.people
        if not {"profile", "on_record"} <= set(people.columns):
            return np.full(len(view.names), np.nan)
        groups, flags = view.group_of(people["citizen"]), hit(view)
        fifth = people["profile"].to_numpy().astype(np.int64) * _FIFTHS // _PROFILES
        clean = ~people["on_record"].to_numpy()
        ends = [clean & (fifth == place) for place in (0, _FIFTHS - 1)]
        low, high = (
            ratio(view.tally(groups, own & flags), view.tally(groups, own)) for own in ends
        )
        return low - high

    return compute


def _shut_out(view: View) -> NDArray[np.bool_]:
    return view.run.people["shut_out"].to_numpy() != 0


def _denied(view: View) -> NDArray[np.bool_]:
    register = view.run.denials
    recent = register["month"].to_numpy() >= view.run.months - DENIED_WITHIN
    ruled = register["rule"].to_numpy() != 0
    denied = np.unique(register["citizen"].to_numpy()[recent & ruled])
    return np.isin(view.run.people["citizen"].to_numpy(), denied)


LIVING: tuple[Measure, ...] = (
    Measure(
        name="wrong_living_gap",
        title="Shut out for living the wrong way",
        definition=(
            "Among people with nothing adverse on record at all: the share shut out of something "
            "of the fifth with the lowest activity profile, less that of the highest fifth. What "
            "makes a profile means nothing in the model; operators alone read something into it."
        ),
        compute=only_where("has_score", _gap(_shut_out)),
        of=f"{_OF}, last month",
        section="7.3",
        grades_from=(*SCORE, *GATES),
        estimable="if there is a score, and both fifths have somebody with a clean record",
    ),
    Measure(
        name="wrong_living_denied_gap",
        title="Refused for living the wrong way",
        definition=(
            "The same for having been refused at least once by the regime's rule in the last "
            f"{DENIED_WITHIN} months, where own screening would have granted."
        ),
        compute=only_where("has_score", _gap(_denied)),
        of=f"{_OF}, last {DENIED_WITHIN} months",
        section="7.3",
        grades_from=(*SCORE, *GATES),
        estimable="if there is a score, and both fifths have somebody with a clean record",
    ),
)
