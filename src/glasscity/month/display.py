"""After the score: citizens who show theirs off, and those who do as their ties did.

Model, section 5.6.  Whoever displays a score makes it visible to ties, whatever the regime's
visibility.  Standing is that of last month's national mean and spread.
"""

from __future__ import annotations

import numpy as np

from glasscity.jit import inner
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


@inner
def display(lo, hi, traits, state, tables, now, luck, scratch, deciles_of, deciles, counts):
    """Let every scored citizen of the block display the score of the month, or not.

    Parameters
    ----------
    deciles_of : uint8[2048]
        Decile of each score, by last month's scores.
    deciles : int64[10, DECILE_COUNTS]
        Added to.
    """
    faces = state.face.next[lo:hi]
    displays = scratch[at.S_DISPLAYS]
    ties = scratch[at.S_TIES_OPEN]
    drawn = luck[at.L_COMPANY, 0]
    imitates = tables[at.DISPLAY_TIES]
    spread = now[at.NOW_SPREAD16] > 0
    likeliest = np.int64(0)
    for x in range(16):
        likeliest = max(likeliest, tables[at.DISPLAY + x])
    for k in range(hi - lo):
        face = np.int64(faces[k]) & ~_SHOWN
        faces[k] = face
        score = face_score(face)
        if score < 2 or not spread:
            continue
        decile = deciles_of[score]
        deciles[decile, at.D_SCORED] += 1
        word = np.int64(drawn[k])
        if displays[k] == 0 and word >= likeliest:
            continue
        chance = tables[at.DISPLAY + standing_of(now, score)]
        if ties[k] > 0 and displays[k] > 0:
            chance += imitates * (15 * np.int64(displays[k]) // np.int64(ties[k]))
        if word < chance:
            faces[k] = face | _SHOWN
            deciles[decile, at.D_DISPLAYS] += 1
            i = lo + k
            opinion = np.int64(state.truth.opinion[i])
            cell = cell_of(np.int64(traits.income[i]), np.int64(traits.who[i]), opinion)
            counts[_DISPLAYS, cell] += 1
