"""Stage 3, score: five categories, their weighted sum in the operator's range, the exact parts.

Model, section 5.3.  Points are in 1/256.  A citizen's raw points are the range's low end plus the
parts; the score is the raw points rounded and clipped.  The remainder (rounding and clip) is named,
so that parts plus remainder equal the score exactly.
"""

from __future__ import annotations

import numpy as np

from glasscity.jit import kernel
from glasscity.month import tables as at
from glasscity.month.ledger import first_row
from glasscity.month.points import (
    category_history,
    earned_of,
    games,
    official_points,
    raw_points,
    rounded,
)
from glasscity.month.shared import cell_of, face_score

READS = (
    "record.deficits",
    "record.fulfilment",
    "record.taken",
    "record.earned",
    "face.now",
    "face.next",
)
WRITES = ("face.next",)
# The cube's cell has the opinion camp in it.
READS_FOR_AUDIT = ("truth.opinion",)

__all__ = ["READS", "READS_FOR_AUDIT", "WRITES", "score"]

_FAVOURED = first_row("favoured")
_PUNISHED = first_row("punished")
_GAMED = first_row("gamed")


@kernel
def score(lo, hi, province, traits, state, tables, now, scratch, counts, histogram):
    """Score the enrolled of the block and make everybody's new face.

    ``histogram``, int64[2048], one bin for each score value, is added to.
    """
    face_next = state.face.next
    face_now = state.face.now
    record_deficits = state.record.deficits
    record_earned = state.record.earned
    record_fulfilment = state.record.fulfilment
    record_taken = state.record.taken
    traits_profile = traits.profile
    traits_who = traits.who
    low = tables[at.LOW]
    high = tables[at.HIGH]
    manipulated = tables[at.OFFICIALS] + tables[at.GAMERS] > 0
    for i in range(lo, hi):
        k = i - lo
        old = np.int64(face_now[i])
        points = np.int64(0)
        if now[at.NOW_OPERATOR] == 1 and (now[at.NOW_MANDATE] == 1 or face_score(old) > 0):
            who = np.int64(traits_who[i])
            raw = raw_points(
                tables,
                now,
                i,
                category_history(tables, record_deficits, record_taken, i),
                np.int64(record_fulfilment[i]),
                who,
                np.int64(traits_profile[i]),
                earned_of(tables, record_earned, i),
                np.int64(scratch[at.S_TIES_SUM, k]),
                np.int64(scratch[at.S_TIES_SCORED, k]),
                np.int64(scratch[at.S_TIES_LOW, k]),
                np.int64(scratch[at.S_CRITICS, k]),
                np.int64(scratch[at.S_PRAISERS, k]),
                np.int64(scratch[at.S_TIES_OPEN, k]),
                np.int64(scratch[at.S_VOICE, k]),
            )
            if manipulated:
                opinion = np.int64(state.truth.opinion[i])
                cell = cell_of(np.int64(traits.income[i]), who, opinion)
                given = official_points(tables, province, who)
                raw += given
                counts[_FAVOURED, cell] += given > 0
                counts[_PUNISHED, cell] += given < 0
                counts[_GAMED, cell] += games(tables, i)
            points = rounded(low, high, raw)
            histogram[points] += 1
        # Kept from last month: displayed, single, willing ties (bits 14 to 27).
        event = np.int64(face_next[i]) & 0xF0000000
        face_next[i] = (
            points | (np.int64(scratch[at.S_VOICE, k]) << 11) | (old & 0x0FFFC000) | event
        )
