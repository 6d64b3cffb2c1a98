"""After the national score: the private operators, each with its users, sources and rhythm.

Model, section 5.3.  A private operator scores by its own tables, as if it were the only scorer:
it counts the spheres whose records it holds.  Until the mandate the score that people have is the
first operator's, so that one is copied.  What a private score decides by itself is between its
users and the company and is not modelled; at the mandate the national score takes over what they
hold.
"""

from __future__ import annotations

import numpy as np

from glasscity.jit import inner, kernel
from glasscity.month import tables as at
from glasscity.month.ledger import first_row
from glasscity.month.points import (
    category_history,
    earned_of,
    raw_points,
    raw_points_of,
    rounded,
)
from glasscity.month.shared import dealt, face_score
from glasscity.month.stride import CELLS, cells_of

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

# Where fewer than one in so many are due a score, each is made by itself.
_FEW = 6
_PRIVATELY_SCORED = first_row("privately_scored")


@inner
def users_of(lo, k, needs, share, every, month, misc, faces, private, using):
    """Fill in who uses the k-th operator's product: 1, and 2 where a score is due; else 0.

    Returns how many scores are due.
    """
    phase = (month + lo) % every
    scores = 0
    for x in range(len(using)):
        at_hand = np.int64(private[x, k])
        uses = np.int64(misc[x]) & needs == needs
        if share < 0:
            # Score 1: joined in the last month in which that was voluntary.
            uses = uses & ((at_hand != 0) | (face_score(np.int64(faces[x])) == 1))
        else:
            uses = uses & (dealt(lo + x, 2 + k) < share)
        due = uses & ((at_hand == 0) | (phase == 0))
        using[x] = np.int64(uses) + np.int64(due)
        scores += np.int64(due)
        phase += 1
        phase *= phase != every
    return scores


@inner
def single_scores(lo, k, office, now, traits, book, scratch, using, private):
    """Score one by one those to whom the k-th operator owes a score."""
    for x in range(len(using)):
        if using[x] != 2:
            continue
        i = lo + x
        raw = raw_points(
            office,
            now,
            i,
            category_history(office, book.deficits, book.taken, i),
            np.int64(book.fulfilment[i]),
            np.int64(traits.who[i]),
            np.int64(traits.profile[i]),
            earned_of(office, book.earned, i),
            np.int64(scratch[at.S_TIES_SUM, x]),
            np.int64(scratch[at.S_TIES_SCORED, x]),
            np.int64(scratch[at.S_TIES_LOW, x]),
            np.int64(scratch[at.S_CRITICS, x]),
            np.int64(scratch[at.S_PRAISERS, x]),
            np.int64(scratch[at.S_TIES_OPEN, x]),
            np.int64(scratch[at.S_VOICE, x]),
        )
        private[x, k] = rounded(office[at.LOW], office[at.HIGH], raw)


@inner
def all_scores(k, low, high, raws, using, private):
    """Round the raw points of the stride for those to whom the k-th operator owes a score."""
    for x in range(len(using)):
        points = rounded(low, high, raws[x])
        private[x, k] = points if using[x] == 2 else np.int64(private[x, k])


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
    n = hi - lo
    private = state.record.private[lo:hi]
    face_next = state.face.next[lo:hi]
    cells = np.empty(n, dtype=np.uint8)
    using = np.empty(n, dtype=np.uint8)
    raws = np.empty(n, dtype=np.int64)
    tally = np.zeros(CELLS, dtype=np.int64)
    for k in range(len(rules)):
        office = offices[k]
        needs, share, every = rules[k, 0], rules[k, 1], rules[k, 2]
        if k == 0 and now[at.NOW_MANDATE] == 0:
            for x in range(n):
                private[x, k] = face_score(np.int64(face_next[x]))
            continue
        due = users_of(
            lo,
            k,
            needs,
            share,
            every,
            now[at.NOW_RUN_MONTH],
            traits.misc[lo:hi],
            state.face.now[lo:hi],
            private,
            using,
        )
        if due * _FEW < n:
            single_scores(lo, k, office, now, traits, state.record, scratch, using, private)
        else:
            raw_points_of(
                office,
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
            all_scores(k, office[at.LOW], office[at.HIGH], raws, using, private)
        if k == 1:
            cells_of(traits.income[lo:hi], traits.who[lo:hi], state.truth.opinion[lo:hi], cells)
            for x in range(n):
                tally[cells[x]] += using[x] > 0
            counts[_PRIVATELY_SCORED] += tally
