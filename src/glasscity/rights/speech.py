"""What is said, what would be said without fear, and what is thought (model.md 7.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from glasscity.rights.definition import VOICE, Compute, Measure, rate, share_of_citizens
from glasscity.rights.list_experiment import estimated_gap, estimated_gap_error
from glasscity.rights.view import View, ratio

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["SPEECH"]

_RESPONDENTS = "the people of the run's register, last month"


def _consensus(praise: str, criticise: str) -> Compute:
    def compute(view: View) -> NDArray[Any]:
        praised = view.last(praise)
        return ratio(praised, praised + view.last(criticise))

    return compute


SPEECH: tuple[Measure, ...] = (
    Measure(
        name="chilled_share",
        title="Chilled",
        definition="The unafraid voice would criticise, the actual one does not.",
        compute=share_of_citizens("chilled"),
        section="7.4",
        grades_from=VOICE,
    ),
    Measure(
        name="indirect_chill_share",
        title="Chilled by others' silence",
        definition=(
            "Had nobody ever feared, this person would criticise; among ties who keep back "
            "criticism for fear, not even the unafraid voice does."
        ),
        compute=share_of_citizens("chilled_indirect"),
        section="7.4",
        grades_from=VOICE,
    ),
    Measure(
        name="total_chill_share",
        title="Chilled, directly or by others' silence",
        definition="Had nobody ever feared, this person would criticise; the actual voice does "
        "not.",
        compute=share_of_citizens("chilled_total"),
        section="7.4",
        grades_from=VOICE,
    ),
    Measure(
        name="indirect_of_chill",
        title="Chill that comes through others",
        definition="Kept back because ties keep back theirs, and not by one's own fear alone.",
        compute=rate("chilled_indirect", "chilled_total", last=True),
        of="citizens chilled in either way, last month",
        section="7.4",
        grades_from=VOICE,
        estimable="if anybody is chilled",
    ),
    Measure(
        name="falsified_share",
        title="Falsified",
        definition="Praise in public with a private opinion below zero.",
        compute=share_of_citizens("falsified"),
        section="7.4",
        grades_from=VOICE,
    ),
    Measure(
        name="chilled_of_critics",
        title="Critics who do not speak",
        definition="The unafraid voice would criticise, the actual one does not.",
        compute=rate("chilled", "unafraid_criticise", last=True),
        of="citizens whose unafraid voice criticises, last month",
        section="7.4",
        grades_from=VOICE,
        estimable="if anybody's unafraid voice criticises",
    ),
    Measure(
        name="visible_consensus",
        title="Approval as seen",
        definition="Praise as a share of praise and criticism, as voiced.",
        compute=_consensus("praise", "criticise"),
        of="citizens who speak, last month",
        section="7.4",
        grades_from=VOICE,
        estimable="if anybody speaks",
    ),
    Measure(
        name="private_consensus",
        title="Approval as held",
        definition="The same as it would be with fear, reward and conformity at zero.",
        compute=_consensus("private_praise", "private_criticise"),
        of="citizens who would speak, last month",
        section="7.4",
        grades_from=VOICE,
        estimable="if anybody would speak",
    ),
    Measure(
        name="shadow_consensus",
        title="Approval had nobody ever feared",
        definition=(
            "Praise as a share of praise and criticism as it would be had nobody ever feared, "
            "with reward and conformity as they are."
        ),
        compute=_consensus("shadow_praise", "shadow_criticise"),
        of="citizens who would speak, last month",
        section="7.4",
        grades_from=VOICE,
        estimable="if anybody would speak",
    ),
    Measure(
        name="induced_praise_share",
        title="Induced praise",
        definition="Praise by people of no adverse opinion whose unafraid voice would not praise.",
        compute=share_of_citizens("induced_praise"),
        section="7.4",
        grades_from=VOICE,
    ),
    Measure(
        name="list_experiment_gap",
        title="Gap of a simulated list experiment",
        definition=(
            "Share that would answer yes when asked in public, less the share whose opinion is "
            "above zero."
        ),
        compute=lambda view: ratio(
            view.last("would_say_yes") - view.last("holds_yes"), view.citizens
        ),
        section="7.4",
        grades_from=VOICE,
    ),
    Measure(
        name="list_experiment_estimate",
        title="The same gap, as a survey would have measured it",
        definition=(
            "Half of the people, by lot, get a list of four harmless statements, half the same "
            "with the sensitive one, and tell how many they agree with; the share that says yes in "
            "public less the share that the lists give away."
        ),
        compute=estimated_gap,
        of=_RESPONDENTS,
        section="7.4",
        grades_from=VOICE,
        estimable="if people's answers are stored, and there are two in each half",
    ),
    Measure(
        name="list_experiment_error",
        title="Standard error of that survey",
        definition="Standard error of the gap that the lists give away.",
        compute=estimated_gap_error,
        of=_RESPONDENTS,
        section="7.4",
        grades_from=VOICE,
        estimable="if people's answers are stored, and there are two in each half",
    ),
)
