"""Measuring a society: ties counted and compared, clustering, households with their children.

Nothing here runs a kernel: partners are looked up again with NumPy, so a fault in the compiled
functions would show as a difference.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from glasscity.draws import philox_numpy
from glasscity.society.calls import CHILDREN, SAMPLE, key_of
from glasscity.society.cells import SEGMENT
from glasscity.society.population import IN_LABOUR_FORCE, Traits
from glasscity.society.ties import COLLEAGUES, FAR_SLOTS, NEAR_SLOTS, Wiring
from glasscity.terms import LAYERS

if TYPE_CHECKING:
    from glasscity.society.society import Society

__all__ = [
    "KINDS",
    "TieCounts",
    "clustering",
    "count_ties",
    "households_with_children",
    "partners",
    "ties_of",
]

# Layers, with far ties split by whether the two segments share a corridor.
KINDS = (*LAYERS, "far_corridor")
TRAITS = ("income", "opinion", "conscience")
_BATCH = 4096  # segments at a time


def partners(wiring: Wiring, segments: np.ndarray, layer: str, slot: int) -> np.ndarray:
    """Return int64[len(segments), 64]: candidate partners in a slot of a layer, -1 for none.

    ``layer`` is "near", "far", "colleagues" (slot: which other segment) or "namesakes".
    """
    place = np.arange(SEGMENT)[None, :]
    here = segments[:, None]
    size = wiring.segment_size.astype(np.int64)
    exists = place < size[segments][:, None]
    if layer == "near":
        partner = np.broadcast_to(here, (len(segments), SEGMENT))
        other = wiring.matching[wiring.near[segments, slot]].astype(np.int64)
        exists = exists & (other != place)
    elif layer == "colleagues":
        first = wiring.district_first[segments].astype(np.int64)
        number = first + slot
        number += number >= segments
        exists = exists & (number < first + wiring.district_size[segments])[:, None]
        partner = np.minimum(number, len(size) - 1)[:, None]
        desk = wiring.perm_inverse[wiring.work[segments]]
        other = wiring.perm[wiring.work[partner], desk].astype(np.int64)
    else:
        far = layer == "far"
        number = wiring.far_segment[segments, slot] if far else wiring.name_segment[segments]
        template = wiring.far_template[segments, slot] if far else wiring.name_template[segments]
        exists = exists & (number >= 0)[:, None]
        partner = np.maximum(number, 0).astype(np.int64)[:, None]
        other = np.where(partner > here, wiring.perm[template], wiring.perm_inverse[template])
        other = other.astype(np.int64)
    exists = exists & (other < size[partner])
    return np.where(exists, wiring.segment_first[partner] + other, -1)


def ties_of(society: Society, segments: np.ndarray) -> Iterator[tuple[int, np.ndarray, np.ndarray]]:
    """Yield (kind, citizens, partners) of all ties that exist from some segments outwards.

    ``kind`` is an index into `KINDS`; a tie between two citizens of these segments comes twice.
    """
    wiring, traits = society.wiring, society.traits
    place = np.arange(SEGMENT)[None, :]
    first = wiring.segment_first[segments].astype(np.int64)[:, None]
    inside = place < wiring.segment_size[segments].astype(np.int64)[:, None]
    citizen = np.where(inside, first + place, 0)

    home = traits.home[citizen].astype(np.int64)
    member, adults = home & 7, (home >> 3) & 7
    for other in range(5):
        tied = inside & (other < adults) & (other != member)
        yield 0, citizen[tied], (citizen - member + other)[tied]

    works = _works(traits, citizen)
    for slot in range(COLLEAGUES):
        partner = partners(wiring, segments, "colleagues", slot)
        tied = (partner >= 0) & works & _works(traits, np.maximum(partner, 0))
        yield 1, citizen[tied], partner[tied]

    slots = traits.slots[citizen]
    for slot in range(NEAR_SLOTS):
        partner = partners(wiring, segments, "near", slot)
        tied = inside & ((slots >> slot) & 1).astype(bool)
        yield 2, citizen[tied], partner[tied]

    corridor = wiring.far_segment[segments, 0]
    for slot in range(FAR_SLOTS):
        partner = partners(wiring, segments, "far", slot)
        tied = inside & ((slots >> (NEAR_SLOTS + slot)) & 1).astype(bool)
        number = wiring.far_segment[segments, slot]
        shared = ((number == corridor) & (number >= 0))[:, None]
        for kind, part in ((3, tied & ~shared), (4, tied & shared)):
            yield kind, citizen[part], partner[part]


@dataclass(frozen=True)
class TieCounts:
    """Sums over all ties, each counted from both ends.

    Attributes
    ----------
    pairs : int64[kinds, cells, cells]
        Ties by kind and the cells of the two ends.
    sums : mapping of trait to int64[kinds, 3]
        Sums of x, x squared, and x times y.
    """

    pairs: np.ndarray
    sums: dict[str, np.ndarray]

    def by_layer(self) -> np.ndarray:
        """Return int64[layers]: ties by layer, counted from both ends."""
        kinds = self.pairs.sum(axis=(1, 2))
        return np.append(kinds[:3], kinds[3] + kinds[4])

    def correlation(self, trait: str, kinds: tuple[int, ...]) -> float:
        """Return the correlation of a trait across the ties of some kinds; nan without ties."""
        count = int(self.pairs[list(kinds)].sum())
        x, xx, xy = (int(v) for v in self.sums[trait][list(kinds)].sum(axis=0))
        spread = count * xx - x * x
        return (count * xy - x * x) / spread if spread > 0 else float("nan")


def count_ties(society: Society) -> TieCounts:
    """Count all ties of a society and what their ends have in common."""
    cells = len(society.cells)
    pairs = np.zeros((len(KINDS), cells, cells), dtype=np.int64)
    sums = {trait: np.zeros((len(KINDS), 3), dtype=np.int64) for trait in TRAITS}
    ends = society.cells[:, 0] + society.cells[:, 1]
    for segments in _batches(society):
        for kind, one, two in ties_of(society, segments):
            cell_one = np.searchsorted(ends, one, side="right")
            cell_two = np.searchsorted(ends, two, side="right")
            joint = np.bincount(cell_one * cells + cell_two, minlength=cells * cells)
            pairs[kind] += joint.reshape(cells, cells)
            for trait, total in sums.items():
                column = getattr(society.traits, trait)
                x, y = column[one].astype(np.int64), column[two].astype(np.int64)
                total[kind] += (x.sum(), (x * x).sum(), (x * y).sum())
    return TieCounts(pairs=pairs, sums=sums)


def clustering(society: Society, *, sample: int = 20_000) -> tuple[float, float]:
    """Return the mean local clustering of a keyed sample of citizens, and its standard error.

    For a citizen with at least two ties: the share of pairs of ties who are tied to each other.
    """
    number = society.citizens
    if number <= sample:
        chosen = np.arange(number)
    else:
        word = philox_numpy(*key_of(society.seed), np.arange(sample), 0, 0, SAMPLE)
        draw = (word[0].astype(np.uint64) << np.uint64(32)) | word[1]
        chosen = np.unique(draw % np.uint64(number)).astype(np.int64)
    own = _neighbours(society, chosen)
    others = np.unique(np.concatenate(list(own.values())))
    theirs = {k: set(v.tolist()) for k, v in _neighbours(society, others).items()}
    shares = []
    for tied in own.values():
        people = tied.tolist()
        degree = len(people)
        if degree >= 2:
            closed = sum(len(theirs[a].intersection(people)) for a in people)
            shares.append(closed / (degree * (degree - 1)))
    if len(shares) < 2:
        return float("nan"), float("nan")
    return float(np.mean(shares)), float(np.std(shares) / np.sqrt(len(shares)))


def _neighbours(society: Society, citizens: np.ndarray) -> dict[int, np.ndarray]:
    """Return everybody tied to each of some citizens (sorted, all different)."""
    first = society.wiring.segment_first
    segments = np.unique(np.searchsorted(first, citizens, side="right") - 1)
    wanted = np.zeros(society.citizens, dtype=bool)
    wanted[citizens] = True
    ones, twos = [], []
    for start in range(0, len(segments), _BATCH):
        for _, one, two in ties_of(society, segments[start : start + _BATCH]):
            keep = wanted[one]
            ones.append(one[keep])
            twos.append(two[keep])
    none = np.empty(0, dtype=np.int64)
    one, two = np.concatenate([none, *ones]), np.concatenate([none, *twos])
    order = np.lexsort((two, one))
    one, two = one[order], two[order]
    starts = np.searchsorted(one, citizens)
    stops = np.searchsorted(one, citizens, side="right")
    ranges = zip(citizens.tolist(), starts, stops, strict=True)
    return {c: two[a:b] for c, a, b in ranges}


def households_with_children(
    society: Society, rates: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return households, adults and children under 18 by province.

    Children are drawn by luck keyed by the household (Poisson, cut at 12) and are not stored.

    Parameters
    ----------
    society : Society
    rates : float64[provinces, ages]
        Mean number of children by the age band of the household's head.
    """
    counts = np.arange(12)
    factorial = np.cumprod(np.maximum(counts, 1)).astype(np.float64)
    chance = np.exp(-rates[:, :, None]) * rates[:, :, None] ** counts / factorial
    cuts = np.rint(np.cumsum(chance, axis=2) * 2.0**32).astype(np.int64)
    households = np.zeros(len(rates), dtype=np.int64)
    adults = np.zeros(len(rates), dtype=np.int64)
    children = np.zeros(len(rates), dtype=np.int64)
    for lo, hi, _, province, _, _ in society.blocks.tolist():
        heads = lo + np.flatnonzero((society.traits.home[lo:hi] & 7) == 0)
        age = society.traits.who[heads] & 7
        low, high = heads & 0xFFFFFFFF, heads >> 32
        draw = philox_numpy(*key_of(society.seed), low, high, 0, CHILDREN)[0].astype(np.int64)
        households[province] += len(heads)
        adults[province] += hi - lo
        children[province] += int((draw[:, None] >= cuts[province][age]).sum())
    return households, adults, children


def _works(traits: Traits, citizens: np.ndarray) -> np.ndarray:
    return ((traits.who[citizens] >> 3) & 7) < IN_LABOUR_FORCE


def _batches(society: Society) -> Iterator[np.ndarray]:
    number = len(society.wiring.segment_first)
    for first in range(0, number, _BATCH):
        yield np.arange(first, min(first + _BATCH, number))
