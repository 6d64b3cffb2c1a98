"""Plain Python twins of the society's kernels, to be read line by line and run on small societies.

They share with the package only its integer tables and the numbers of its calls.
"""

from __future__ import annotations

from glasscity.society import calls
from glasscity.society.strata import income_luck

MASK = 0xFFFFFFFF


def philox(seed, entity, month, call):
    """Philox4x32-10 as published."""
    k0, k1 = seed & MASK, seed >> 32
    x = [entity & MASK, entity >> 32, month, call]
    for _ in range(10):
        p0, p1 = 0xD2511F53 * x[0], 0xCD9E8D57 * x[2]
        x = [(p1 >> 32) ^ x[1] ^ k0, p1 & MASK, (p0 >> 32) ^ x[3] ^ k1, p0 & MASK]
        k0, k1 = (k0 + 0x9E3779B9) & MASK, (k1 + 0xBB67AE85) & MASK
    return x


def lane(words, k):
    """The k-th 16-bit piece of four words, the low half of the first word first."""
    return words[k // 2] >> 16 * (k % 2) & 0xFFFF


def member(wiring, segment, position):
    """The citizen at a position of a segment, or -1 beyond its end."""
    if position >= int(wiring.segment_size[segment]):
        return -1
    return int(wiring.segment_first[segment]) + position


def near_partner(wiring, segment, position, slot):
    other = int(wiring.matching[int(wiring.near[segment, slot]), position])
    return -1 if other == position else member(wiring, segment, other)


def across(wiring, segment, position, partner, template):
    """Follow a pair of segments: forwards from the lower one, backwards from the upper one."""
    if partner < 0:
        return -1
    row = [int(p) for p in wiring.perm[template]]
    other = row[position] if segment < partner else row.index(position)
    return member(wiring, partner, other)


def far_partner(wiring, segment, position, slot):
    partner = int(wiring.far_segment[segment, slot])
    return across(wiring, segment, position, partner, int(wiring.far_template[segment, slot]))


def namesake(wiring, segment, position):
    partner = int(wiring.name_segment[segment])
    return across(wiring, segment, position, partner, int(wiring.name_template[segment]))


def workplace(wiring, segment, desk):
    """The position that sits at a desk of the district."""
    return int(wiring.perm[int(wiring.work[segment]), desk])


def colleague(wiring, segment, position, k):
    first = int(wiring.district_first[segment])
    others = [s for s in range(first, first + int(wiring.district_size[segment])) if s != segment]
    if k >= len(others):
        return -1
    (desk,) = [d for d in range(64) if workplace(wiring, segment, d) == position]
    return member(wiring, others[k], workplace(wiring, others[k], desk))


def level(latent, thresholds):
    return sum(latent >= int(t) for t in thresholds)


def category(draw, cuts):
    return sum(draw >= int(c) for c in cuts)


def traits(society, layout, tables, templates):
    """All traits but the slots, as a list of dicts in the order of the citizens."""
    seed, wiring = society.seed, society.wiring
    luck = income_luck(seed, layout, wiring.far_segment[:, 0])
    normal = [int(v) for v in tables.normal]
    weights = [[int(w) for w in row] for row in tables.weights]
    people = []
    for s in range(layout.segments):
        first, size = int(layout.segment_first[s]), int(layout.segment_size[s])
        cell = int(layout.segment_cell[s])
        partner = int(wiring.far_segment[s, 0])
        near = philox(seed, s, 0, calls.NEIGHBOURHOOD)
        far = philox(seed, s if partner < 0 else min(s, partner), 0, calls.CORRIDOR)
        shape = [int(v) for v in tables.templates[cell, int(templates[s])]]
        for position in range(size):
            place = shape[position] & 7
            head = first + position - place
            i = first + position
            own = philox(seed, i, 0, calls.PERSON)
            more = philox(seed, i, 0, calls.PERSON_MORE)
            home = philox(seed, head, 0, calls.HOUSEHOLD)
            head_age = philox(seed, head, 0, calls.PERSON)[0]
            u = own[0]
            if place == 1 and lane(more, 7) < int(tables.same_age[0]):
                u = head_age
            if place >= 2:
                u = (head_age + 2**31) % 2**32
            age = category(u, tables.ages[cell // 2])

            def mixed(k, household, neighbourhood, corridor, self_, weights=weights):
                w = weights[k]
                sum_ = w[0] * household + w[1] * neighbourhood + w[2] * corridor + w[3] * self_
                return sum_ >> 14

            z = mixed(0, normal[home[0] >> 20], normal[luck[s, 0]], normal[luck[s, 1]], 0)
            income = level(z, tables.latent_income[cell])
            quintile = income * 5 // 256
            z = mixed(
                1,
                normal[home[1] >> 20],
                normal[near[1] >> 20],
                normal[far[1] >> 20],
                normal[own[2] >> 8 & 4095],
            )
            opinion = level(z, tables.latent_opinion[0]) - 127
            z = mixed(
                2,
                normal[home[0] >> 8 & 4095],
                normal[near[2] >> 20],
                normal[far[2] >> 20],
                normal[own[2] >> 20],
            )
            conscience = level(z, tables.latent_conscience[0])
            z = mixed(3, normal[u >> 20], 0, 0, normal[own[3] >> 20])
            profile = level(z, tables.latent_profile[0])

            job = category(own[1], tables.occupations[cell % 2, age])
            credit = lane(more, 2) < int(tables.files[0, quintile])
            thick = lane(more, 3) < int(tables.files[1, quintile])
            pay = lane(more, 0) < int(tables.apps[0, age, cell % 2])
            social = lane(more, 1) < int(tables.apps[1, age, cell % 2])
            outgoing = category(lane(more, 4), tables.sociability)
            name = category(lane(more, 5), tables.names)
            pupils = 0
            if place == 0 and home[3] >> 16 < int(tables.private[quintile]):
                pupils = sum(home[2] < int(t) for t in tables.school[age])
            adults = min(shape[position] >> 3, size - (position - place))
            people.append(
                {
                    "who": age | job << 3 | thick << 6 | credit << 7,
                    "income": income,
                    "conscience": conscience,
                    "profile": profile,
                    "misc": pay | social << 1 | outgoing << 2 | name << 4 | pupils << 6,
                    "home": place | adults << 3 | (more[3] & 3) << 6,
                    "opinion": opinion,
                }
            )
    return people


def slots(society, chance):
    """The slots byte of every citizen, by asking of each candidate whether the tie exists."""
    seed, wiring, people = society.seed, society.wiring, society.traits
    where = {}
    for s, size in enumerate(wiring.segment_size):
        for position in range(int(size)):
            where[member(wiring, s, position)] = (s, position)

    def household(i):
        return i - (int(people.home[i]) & 7)

    def outgoing(i):
        return int(people.misc[i]) >> 2 & 3

    out = []
    for i in range(society.citizens):
        s, position = where[i]
        desk_mates = {colleague(wiring, s, position, k) for k in range(7)} - {-1}
        bits, met = 0, set()
        for slot in range(12):
            find = near_partner if slot < 6 else far_partner
            j = find(wiring, s, position, slot % 6)
            if j < 0:
                continue
            t, other = where[j]
            key, at = (s, position) if (s, position) < (t, other) else (t, other)
            call = calls.NEAR_TIE if slot < 6 else calls.FAR_TIE
            words = philox(seed, key, 8 * (slot % 6) + at // 8, call)
            likely = lane(words, at % 8) < int(chance[outgoing(i), outgoing(j)])
            # The table's own earlier slots count whether or not their tie exists.
            new = household(i) != household(j) and j not in desk_mates and j not in met
            if slot >= 6:
                met.add(j)
            bits |= (likely and new) << slot
        out.append(bits)
    return out
