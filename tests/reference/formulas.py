"""The small formulas that several stages use."""

from __future__ import annotations

import math
from fractions import Fraction

from glasscity.terms import SPHERES


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


def closed_by_lists(number, spheres, t, now):
    """Gates that lists close: of their own sphere, and of others where joint punishment reaches."""
    reached = spread_bits(number, 16) < t.joint_strength
    closed = set()
    for sphere in spheres:
        closed |= t.joint_here[sphere]
        if reached:
            closed |= t.joint[now.everywhere][sphere]
    return closed


def closed_by_score(score, cuts):
    """Gates whose cut-off a score misses; the unscored are left to the gate's own screening."""
    return {gate for gate, cut in cuts.items() if 1 < score < cut}


def lists_of(c):
    """The spheres whose list a citizen is on."""
    return {sphere for sphere in SPHERES if c.on_list(sphere)}


def value_of(gates, kind, t):
    """What gates are worth to a demand class; a class's values add to 65536."""
    return sum(t.gate_value[kind][gate] for gate in gates)
