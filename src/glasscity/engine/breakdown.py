"""The exact parts of every score: what each category and each part of relationships gave.

Parts are whole 1/256 points.  The range's low end, the parts and a remainder (rounding, and the
clip to the range) add up to the score exactly.
"""

from __future__ import annotations

import numpy as np

from glasscity.jit import kernel
from glasscity.month import tables as at
from glasscity.month.points import (
    category_behaviour,
    category_history,
    earned_of,
    official_points,
    own_voice_value,
    part_value,
    points_of,
    shown_ties,
    ties_score_value,
    ties_voice_value,
)
from glasscity.month.shared import face_score, face_voice, summarise, tie_ids

__all__ = ["PARTS", "STATISTICS", "score_parts"]

PARTS = (
    "credit_history",
    "fulfilment_capacity",
    "personal_characteristics",
    "behaviour_preference",
    "ties_scores",
    "ties_voice",
    "own_voice",
    "officials",
    "remainder",
)
# Statistics of the ties' scores, in the order of their codes.
STATISTICS = ("mean", "standardised", "below_bar")


@kernel
def score_parts(
    blocks, traits, wiring, state, faces, before, tables, now, start, parts, statistics
):
    """Take the scores of some blocks apart.

    Parameters
    ----------
    faces : uint32[citizens]
        The month's faces.
    before : uint32[citizens]
        The faces that the month saw: last month's.
    start : int
        The citizen of the first row of the two arrays that follow.
    parts : int32[n, 9]
        Filled with PARTS in 1/256 point; zero for the unscored.
    statistics : int32[n, 3]
        Filled with what the ties' scores would have given under each of STATISTICS, in 1/256
        point, at full strength.
    """
    ids = np.zeros(32, dtype=np.int64)
    for b in range(len(blocks)):
        for i in range(blocks[b, 0], blocks[b, 1]):
            face = np.int64(faces[i])
            score = face_score(face)
            if score < 2:
                continue
            row = i - start
            segment = blocks[b, 5] + ((i - blocks[b, 0]) >> 6)
            n = tie_ids(i, segment, (i - blocks[b, 0]) & 63, traits, wiring, before, ids)
            seen = summarise(ids, n, before, now[at.NOW_BAR], now[at.NOW_LOWEST], 0)
            history = category_history(tables, state.record.deficits, state.record.taken, i)
            parts[row, 0] = points_of(tables[at.WEIGHTS], history)
            parts[row, 1] = points_of(tables[at.WEIGHTS + 1], np.int64(state.record.fulfilment[i]))
            parts[row, 2] = points_of(tables[at.WEIGHTS + 2], tables[at.PERSONAL + traits.who[i]])
            profile = category_behaviour(
                tables,
                i,
                np.int64(traits.profile[i]),
                earned_of(tables, state.record.earned, i),
            )
            parts[row, 3] = points_of(tables[at.WEIGHTS + 3], profile)
            for code in range(3):
                value = ties_score_value(
                    code,
                    tables[at.LOW],
                    tables[at.HIGH] - tables[at.LOW],
                    tables[at.REFERENCE + 4],
                    now[at.NOW_MEAN16],
                    now[at.NOW_SPREAD16],
                    seen[2],
                    seen[1],
                    seen[3],
                )
                statistics[row, code] = points_of(tables[at.RELATION], value)
                if code == tables[at.STATISTIC]:
                    value = shown_ties(tables, i, value)
                    value = part_value(
                        tables[at.REFERENCE + 4], tables[at.RELATION_STRENGTH], value
                    )
                    parts[row, 4] = points_of(tables[at.RELATION], value)
            value = ties_voice_value(tables, seen[4], seen[5], seen[0])
            value = part_value(tables[at.REFERENCE + 5], tables[at.RELATION_STRENGTH + 1], value)
            parts[row, 5] = points_of(tables[at.RELATION + 1], value)
            value = own_voice_value(tables, face_voice(face))
            value = part_value(tables[at.REFERENCE + 6], tables[at.RELATION_STRENGTH + 2], value)
            parts[row, 6] = points_of(tables[at.RELATION + 2], value)
            parts[row, 7] = official_points(tables, blocks[b, 3], np.int64(traits.who[i]))
            total = np.int64(256 * tables[at.LOW])
            for part in range(8):
                total += parts[row, part]
            parts[row, 8] = 256 * score - total
