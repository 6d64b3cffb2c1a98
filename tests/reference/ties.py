"""Who is at the other end of a citizen's candidate ties, from the tables of the wiring."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Home:
    """A citizen's possible acquaintances, by number; they never change.

    ``slots``: the candidate in each near (0-5) and far (6-11) slot that has one.
    """

    household: tuple[int, ...]
    colleagues: tuple[int, ...]
    slots: dict[int, int]
    namesake: int | None


def _member(wiring, segment, position):
    if position >= int(wiring.segment_size[segment]):
        return None
    return int(wiring.segment_first[segment]) + position


def _across(wiring, segment, position, partner, template):
    """Follow a pair of segments: forwards from the lower one, backwards from the upper one."""
    if partner < 0:
        return None
    row = wiring.perm[template].tolist()
    return _member(wiring, partner, row[position] if segment < partner else row.index(position))


def home_of(society, segment, position):
    """Return the possible acquaintances of the citizen at a position of a segment."""
    wiring, traits = society.wiring, society.traits
    me = _member(wiring, segment, position)
    place, adults = int(traits.home[me]) & 7, int(traits.home[me]) >> 3 & 7
    household = [j for j in range(me - place, me - place + adults) if j != me]

    first = int(wiring.district_first[segment])
    desk = wiring.perm[wiring.work[segment]].tolist().index(position)
    colleagues = [
        _member(wiring, other, int(wiring.perm[wiring.work[other]][desk]))
        for other in range(first, first + int(wiring.district_size[segment]))
        if other != segment
    ]

    slots = {}
    for slot in range(6):
        other = int(wiring.matching[wiring.near[segment, slot]][position])
        slots[slot] = None if other == position else _member(wiring, segment, other)
        partner, template = wiring.far_segment[segment, slot], wiring.far_template[segment, slot]
        slots[6 + slot] = _across(wiring, segment, position, int(partner), int(template))
    partner, template = int(wiring.name_segment[segment]), int(wiring.name_template[segment])
    return Home(
        household=tuple(household),
        colleagues=tuple(j for j in colleagues if j is not None),
        slots={slot: j for slot, j in sorted(slots.items()) if j is not None},
        namesake=_across(wiring, segment, position, partner, template),
    )


def homes_of(society):
    """Return every citizen's possible acquaintances, in the order of their numbers."""
    sizes = enumerate(society.wiring.segment_size.tolist())
    return [home_of(society, s, p) for s, size in sizes for p in range(size)]
