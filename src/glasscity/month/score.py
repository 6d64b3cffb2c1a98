"""Stage 3, score: five categories, their weighted sum in the operator's range, the exact parts.

Model, section 5.3.  Points are in 1/256.  A citizen's raw points are the range's low end plus the
parts; the score is the raw points rounded and clipped.  The remainder (rounding and clip) is named,
so that parts plus remainder equal the score exactly.
"""

from __future__ import annotations

import numpy as np

from glasscity.jit import inner, kernel
from glasscity.month import tables as at
from glasscity.month.ledger import first_row
from glasscity.month.points import games, official_points, raw_points_of, rounded
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


@inner
def manipulated(lo, province, now, faces, traits, opinions, tables, raws, counts):
    """Add what officials add, for the enrolled, and count them and those who game their score."""
    whos = traits.who
    incomes = traits.income
    for k in range(len(raws)):
        if now[at.NOW_MANDATE] == 1 or face_score(np.int64(faces[k])) > 0:
            i = lo + k
            who = np.int64(whos[i])
            cell = cell_of(np.int64(incomes[i]), who, np.int64(opinions[i]))
            given = official_points(tables, province, who)
            raws[k] += given
            counts[_FAVOURED, cell] += given > 0
            counts[_PUNISHED, cell] += given < 0
            counts[_GAMED, cell] += games(tables, i)


@inner
def shown(low, high, everybody, voices, faces_now, faces_next, raws):
    """Make everybody's new face, with the score of the enrolled; leave the scores in ``raws``."""
    for k in range(len(raws)):
        old = np.int64(faces_now[k])
        enrolled = everybody | np.int64(face_score(old) > 0)
        points = rounded(low, high, raws[k]) * enrolled
        raws[k] = points
        # Kept from last month: displayed, single, willing ties (bits 14 to 27).
        event = np.int64(faces_next[k]) & 0xF0000000
        faces_next[k] = points | np.int64(voices[k]) << 11 | old & 0x0FFFC000 | event


@kernel
def score(lo, hi, province, traits, state, tables, now, scratch, counts, histogram):
    """Score the enrolled of the block and make everybody's new face.

    ``histogram``, int64[2048], one bin for each score value, is added to.
    """
    n = hi - lo
    raws = np.zeros(n, dtype=np.int64)
    faces_now = state.face.now[lo:hi]
    faces_next = state.face.next[lo:hi]
    voices = scratch[at.S_VOICE]
    if now[at.NOW_OPERATOR] == 0:
        shown(0, 0, 0, voices, faces_now, faces_next, raws)
        return
    raw_points_of(
        tables,
        now,
        lo,
        state.record.deficits[lo:hi],
        state.record.taken[lo:hi],
        state.record.fulfilment[lo:hi],
        traits.who[lo:hi],
        traits.profile[lo:hi],
        state.record.earned[lo:hi],
        scratch,
        raws,
    )
    if tables[at.OFFICIALS] + tables[at.GAMERS] > 0:
        manipulated(lo, province, now, faces_now, traits, state.truth.opinion, tables, raws, counts)
    everybody = now[at.NOW_MANDATE]
    shown(tables[at.LOW], tables[at.HIGH], everybody, voices, faces_now, faces_next, raws)
    if everybody == 1:
        for k in range(n):
            histogram[raws[k]] += 1
    else:
        for k in range(n):
            histogram[raws[k]] += face_score(np.int64(faces_now[k])) > 0
