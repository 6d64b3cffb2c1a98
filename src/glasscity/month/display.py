"""After the score: citizens who show theirs off, and those who do as their ties did.

Model, section 5.6.  Whoever displays a score makes it visible to ties, whatever the regime's
visibility.  Standing is that of last month's national mean and spread.
"""

from __future__ import annotations

import numpy as np

from glasscity.jit import kernel
from glasscity.month import tables as at
from glasscity.month.ledger import first_row
from glasscity.month.shared import cell_of, face_score, standing_of

READS = ("face.next",)
WRITES = ("face.next",)
# The cube's cell has the opinion camp in it.
READS_FOR_AUDIT = ("truth.opinion",)

__all__ = ["READS", "READS_FOR_AUDIT", "WRITES", "display"]

_DISPLAYS = first_row("displays")
_SHOWN = 1 << 14


@kernel
def display(lo, hi, traits, state, tables, now, luck, scratch, deciles_of, deciles, counts):
    """Let every scored citizen of the block display the score of the month, or not.

    Parameters
    ----------
    deciles_of : uint8[2048]
        Decile of each score, by last month's scores.
    deciles : int64[10, DECILE_COUNTS]
        Added to.
    """
    face_next = state.face.next
    for i in range(lo, hi):
        k = i - lo
        face = np.int64(face_next[i]) & ~_SHOWN
        score = face_score(face)
        if score > 1 and now[at.NOW_SPREAD16] > 0:
            decile = deciles_of[score]
            deciles[decile, at.D_SCORED] += 1
            chance = tables[at.DISPLAY + standing_of(now, score)]
            ties = np.int64(scratch[at.S_TIES_OPEN, k])
            if ties > 0 and scratch[at.S_DISPLAYS, k] > 0:
                share = 15 * np.int64(scratch[at.S_DISPLAYS, k]) // ties
                chance += tables[at.DISPLAY_TIES] * share
            if luck[at.L_COMPANY, 0, k] < chance:
                face |= _SHOWN
                deciles[decile, at.D_DISPLAYS] += 1
                opinion = np.int64(state.truth.opinion[i])
                cell = cell_of(np.int64(traits.income[i]), np.int64(traits.who[i]), opinion)
                counts[_DISPLAYS, cell] += 1
        face_next[i] = face
