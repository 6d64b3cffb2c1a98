"""After the national score: the private operators, each with its users, sources and rhythm.

Model, section 5.3.  A private operator scores by its own tables, as if it were the only scorer:
it counts the spheres whose records it holds.  Until the mandate the score that people have is the
first operator's, so that one is copied.  What a private score decides by itself is between its
users and the company and is not modelled; at the mandate the national score takes over what they
hold.
"""

from __future__ import annotations

import numpy as np

from glasscity.jit import kernel
from glasscity.month import tables as at
from glasscity.month.ledger import first_row
from glasscity.month.points import category_history, earned_of, raw_points, rounded
from glasscity.month.shared import cell_of, dealt, face_score

READS = (
    "record.deficits",
    "record.fulfilment",
    "record.private",
    "face.now",
    "face.next",
)
WRITES = ("record.private",)
# The cube's cell has the opinion camp in it.
READS_FOR_AUDIT = ("truth.opinion",)

__all__ = ["READS", "READS_FOR_AUDIT", "WRITES", "operate"]

_PRIVATELY_SCORED = first_row("privately_scored")


@kernel
def operate(lo, hi, traits, state, offices, rules, now, scratch, counts):
    """Let the private operators score their users of the block.

    Parameters
    ----------
    offices : int64[operators, size]
        Each operator's tables.
    rules : int64[operators, 3]
        Bits of traits.misc that its users have; which of them it scores, 0..256 by identifier, -1
        those who joined; months between two scores.
    """
    private = state.record.private
    face_now = state.face.now
    face_next = state.face.next
    traits_misc = traits.misc
    for k in range(len(rules)):
        office = offices[k]
        needs, share, every = rules[k, 0], rules[k, 1], rules[k, 2]
        for i in range(lo, hi):
            at_hand = np.int64(private[i, k])
            if k == 0 and now[at.NOW_MANDATE] == 0:
                private[i, k] = face_score(np.int64(face_next[i]))
                continue
            if np.int64(traits_misc[i]) & needs != needs:
                continue
            if share < 0:
                # Score 1: joined in the last month in which that was voluntary.
                if at_hand == 0 and face_score(np.int64(face_now[i])) != 1:
                    continue
            elif dealt(i, 2 + k) >= share:
                continue
            row = i - lo
            if at_hand == 0 or (now[at.NOW_RUN_MONTH] + i) % every == 0:
                raw = raw_points(
                    office,
                    now,
                    i,
                    category_history(office, state.record.deficits, state.record.taken, i),
                    np.int64(state.record.fulfilment[i]),
                    np.int64(traits.who[i]),
                    np.int64(traits.profile[i]),
                    earned_of(office, state.record.earned, i),
                    np.int64(scratch[at.S_TIES_SUM, row]),
                    np.int64(scratch[at.S_TIES_SCORED, row]),
                    np.int64(scratch[at.S_TIES_LOW, row]),
                    np.int64(scratch[at.S_CRITICS, row]),
                    np.int64(scratch[at.S_PRAISERS, row]),
                    np.int64(scratch[at.S_TIES_OPEN, row]),
                    np.int64(scratch[at.S_VOICE, row]),
                )
                private[i, k] = rounded(office[at.LOW], office[at.HIGH], raw)
            if k == 1:
                opinion = np.int64(state.truth.opinion[i])
                cell = cell_of(np.int64(traits.income[i]), np.int64(traits.who[i]), opinion)
                counts[_PRIVATELY_SCORED, cell] += 1
