"""Societies that several tests look at, built once."""

from __future__ import annotations

import functools

from glasscity.country import load_country
from glasscity.society import Society, build_society

# A handful of sizes where something ends: nobody else, less than a segment, a segment and one, an
# odd number of segments, one more than a district and than a block.
EDGES = (1, 2, 7, 50, 63, 64, 65, 191, 513, 1_000, 4_097, 9_999)
PACKS = ("plainland", "china-2020")


@functools.cache
def society_of(pack: str, citizens: int, seed: int = 7) -> Society:
    return build_society(load_country(pack), citizens, seed)
