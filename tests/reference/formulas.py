"""The small formulas that several stages use."""

from __future__ import annotations

import math
from fractions import Fraction

from glasscity.terms import SPHERES

from .fields import SAFEGUARDS


def toward(mean, observed, memory):
    """The running mean after one more observation, its step rounded down."""
    return mean + math.floor(Fraction((observed - mean) * memory, 65536))


def fear(phi, own, own_seen, other, other_seen, crosstalk, salience):
    """fear = phi + (1 - phi) e, with e = contrast n / (n + 1), in 1/256.

    Contrasts are in 1/16384 and count only above zero; n is in 1/4, so n / (n + 1) is
    seen / (seen + 4).  The other fear adds its share, the announcement its salience.
    """
    excess = own * own_seen // (own_seen + 4) if own > 0 else 0
    if other > 0:
        excess += (other * other_seen // (other_seen + 4)) * crosstalk // 65536
    e = min(256, excess // 64 + salience)
    return phi + (256 - phi) * e // 256


def spread_bits(number, shift):
    """Return a number in 0..255 that is fixed for a citizen (multiplication by 2**32 / golden)."""
    return number * 2654435761 >> shift & 255


def can_be_looked_up(number, visible):
    """Whether others can look up a citizen's score; ``visible`` of 256 people's can be."""
    return spread_bits(number, 24) < visible


def dealt(number, use):
    """Return 0..255, dealt to a citizen once and for all for one of several uses.

    Two multiplications by an odd constant near 2**64 over the golden ratio, on signed words.
    """
    signed = lambda x: (x + 2**63) % 2**64 - 2**63  # noqa: E731
    mixed = signed((number + use * 2654435769) * -7046029254386353131)
    mixed = signed((mixed ^ mixed >> 29) * -7046029254386353131)
    return mixed >> 40 & 255


def covered(number, guard, t):
    """Whether a safeguard covers a citizen: so many of 256, dealt for this safeguard."""
    return dealt(number, 16 + SAFEGUARDS.index(guard)) < t.guards[guard]


def games(number, t):
    """Whether a citizen stages activity and buys friends for the score."""
    return dealt(number, 1) < t.gamers


def closed_by_lists(number, spheres, t, now, essentials_too=False):
    """Gates that lists close: of their own sphere, and of others where joint punishment reaches.

    It reaches nobody whom a firewall covers, and nothing closes the gates that a life cannot do
    without to those whom that safeguard covers (unless one asks what would be closed without it).
    """
    reached = spread_bits(number, 16) < t.joint_strength and not covered(number, "firewall", t)
    closed = set()
    for sphere in spheres:
        closed |= t.joint_here[sphere]
        if reached:
            closed |= t.joint[now.everywhere][sphere]
    if covered(number, "essentials", t) and not essentials_too:
        closed -= t.essential
    return closed


def closed_by_score(score, cuts):
    """Gates whose cut-off a score misses; the unscored are left to the gate's own screening."""
    return {gate for gate, cut in cuts.items() if 1 < score < cut}


def own_gates(sphere, t):
    """The gates of a sphere."""
    return {gate for gate, where in t.gate_sphere.items() if where == sphere}


def half_spreads(score, now):
    """Where a score stood last month, in half spreads around the mean: 0..15, 8 just above it."""
    if now.spread16 == 0:
        return 8
    return min(15, max(0, 8 + math.floor(Fraction(2 * (16 * score - now.mean16), now.spread16))))


def lists_of(c):
    """The spheres whose list a citizen is on."""
    return {sphere for sphere in SPHERES if c.on_list(sphere)}


def value_of(gates, kind, t):
    """What gates are worth to a demand class; a class's values add to 65536."""
    return sum(t.gate_value[kind][gate] for gate in gates)
