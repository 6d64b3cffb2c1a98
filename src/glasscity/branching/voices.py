"""How a voice that is not the citizen's own choice is counted.

What a citizen would say without fear, in private or to a stranger's question stays what it is; what
is said is counted as said, and chilled, bought and falsified follow from the two (month.act).
"""

from __future__ import annotations

import numpy as np

from glasscity.month.ledger import first_row

__all__ = ["with_voice"]

_SAID = {0: first_row("silent"), 1: first_row("criticise"), 2: first_row("praise")}
_CHILLED, _CHILLED_BY_FEAR = first_row("chilled"), first_row("chilled_by_fear")
_CHILLED_TOTAL = first_row("chilled_total")
_OF_PRAISE = tuple(first_row(name) for name in ("bought", "falsified", "induced_praise"))
# Rows that stage 1 makes of what nobody hears.
_UNSPOKEN = tuple(
    first_row(name)
    for name in (
        "unafraid_criticise",
        "unafraid_praise",
        "private_criticise",
        "private_praise",
        "would_say_yes",
        "shadow_criticise",
        "shadow_praise",
        "chilled_indirect",
        "fear_speech_sum",
    )
)


def with_voice(lived: np.ndarray, true: np.ndarray, voice: int, inner: int) -> np.ndarray:
    """Return one citizen's counts of a month in which a voice was given.

    Parameters
    ----------
    lived : int64[rows]
        The citizen's counts under the tables that make sure of the voice.
    true : int64[rows]
        The counts without the intervention.
    voice : {0, 1}
        Silence or criticism.
    inner : int
        audit.inner without the intervention: what nobody hears.
    """
    found = lived.copy()
    for row in _UNSPOKEN:
        found[row] = true[row]
    for code, row in _SAID.items():
        found[row] = code == voice
    critic, shadow = inner & 3 == 1, inner >> 6 & 3 == 1
    found[_CHILLED] = critic and voice != 1
    found[_CHILLED_BY_FEAR] = critic and voice == 0
    found[_CHILLED_TOTAL] = shadow and voice != 1
    for row in _OF_PRAISE:
        found[row] = 0
    return found
