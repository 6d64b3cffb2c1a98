"""Everybody's candidate partners, a segment at a time, by the tables of ties."""

from __future__ import annotations

import numpy as np

from glasscity.jit import kernel
from glasscity.society.ties import COLLEAGUES, FAR_SLOTS, NEAR_SLOTS

__all__ = ["candidates"]


@kernel
def candidates(segment, wiring, found):
    """Write everybody who could be tied to the citizens of a segment into ``found``.

    The same as the functions above, for 64 positions at once, each template looked up once.

    Parameters
    ----------
    found : int64[20, 64]
        A column a position; rows 0-5 near, 6-11 far, 12-18 colleagues, 19 the namesake; oneself
        where there is nobody, so that whoever reads on reads a citizen who exists.
    """
    firsts = wiring.segment_first
    sizes = wiring.segment_size
    near = wiring.near
    far_segment = wiring.far_segment
    far_template = wiring.far_template
    work = wiring.work
    matching = wiring.matching
    perm = wiring.perm
    perm_inverse = wiring.perm_inverse
    base = np.int64(firsts[segment])
    size = np.int64(sizes[segment])
    for slot in range(NEAR_SLOTS):
        row = np.int64(near[segment, slot])
        for position in range(size):
            other = np.int64(matching[row, position])
            found[slot, position] = base + (other if other < size else position)
    for slot in range(FAR_SLOTS + 1):
        if slot < FAR_SLOTS:
            partner = np.int64(far_segment[segment, slot])
            row = np.int64(far_template[segment, slot])
            column = NEAR_SLOTS + slot
        else:
            partner = np.int64(wiring.name_segment[segment])
            row = np.int64(wiring.name_template[segment])
            column = 19
        if partner < 0:
            for position in range(size):
                found[column, position] = base + position
            continue
        there = np.int64(firsts[partner])
        room = np.int64(sizes[partner])
        for position in range(size):
            if segment < partner:
                other = np.int64(perm[row, position])
            else:
                other = np.int64(perm_inverse[row, position])
            found[column, position] = there + other if other < room else base + position
    first = np.int64(wiring.district_first[segment])
    end = first + np.int64(wiring.district_size[segment])
    desks = np.int64(work[segment])
    column = 12
    for partner in range(first, first + COLLEAGUES + 1):
        if partner == segment:
            continue
        if partner >= end:
            for position in range(size):
                found[column, position] = base + position
        else:
            there = np.int64(firsts[partner])
            room = np.int64(sizes[partner])
            row = np.int64(work[partner])
            for position in range(size):
                other = np.int64(perm[row, perm_inverse[desks, position]])
                found[column, position] = there + other if other < room else base + position
        column += 1
