"""Stage 3, score: five categories, their weighted sum in the operator's range."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

from glasscity.terms import SPHERES

from .citizen import Face
from .formulas import games


def counted(c, sphere, t):
    """What a sphere's record takes: the operator's part of its deficit, or the account's loss."""
    return c.taken[sphere] if t.pointed else c.deficits[sphere] * t.history[sphere] // 256


def history(c, t):
    """One minus the counted deficits of the spheres, which count at most 1."""
    return 65535 - min(65535, sum(counted(c, s, t) for s in SPHERES))


def ties_scores(c, t, now):
    """The statistic of the ties' scores, 0..65535; the reference where none is scored."""
    neutral, n = t.reference["ties_scores"], c.note["scored"]
    if n == 0:
        return neutral
    if t.statistic == "mean":
        # Where their mean lies in the range, rounded down twice as the kernel's integers do.
        value = (c.note["sum"] * 65535 // n - t.low * 65535) // (t.high - t.low)
    elif t.statistic == "standardised":
        # Half, plus a sixth of a standard deviation for each; three deviations span the range.
        if now.mean16 == 0 or now.spread16 == 0:
            return neutral
        lead = c.note["sum"] * 16 // n - now.mean16
        value = 32768 + math.floor(Fraction(lead * 65536, 6 * now.spread16))
    else:
        value = 65535 - c.note["low"] * 65535 // n
    return min(65535, max(0, value))


def ties_voice(c, t):
    """Half, plus what each praiser adds and each critic takes, over all ties."""
    ties = c.note["ties"]
    if ties == 0:
        return t.reference["ties_voice"]
    lead = c.note["praisers"] * t.ties_voice["praise"]
    lead -= c.note["critics"] * t.ties_voice["criticise"]
    return 32768 + lead // ties


def points(weight, value):
    """A part in 1/256 point: its weight times a value in 0..65535."""
    return weight * value // 65535


def parts(c, voice, t, now):
    """Return {part: (weight, value, reference)} of all parts but history and fulfilment.

    A part of relationships stands at its mechanism's strength between its reference and its value.
    Whoever games the score stages activity and has bought friends who score well.
    """
    gamed = games(c.number, t)
    profile = min(255, c.profile + t.game_profile) if gamed else c.profile
    behaviour = profile * 257
    if t.pointed:
        # An account: what deeds have added, staged ones included.
        behaviour = min(65535, c.earned + (t.game_profile * 257 if gamed else 0))
    friends = ties_scores(c, t, now)
    if gamed:
        friends = min(65535, friends + t.game_ties)
    found = {
        "personal": (
            t.weights["personal_characteristics"],
            t.personal[c.who],
            t.reference["personal_characteristics"],
        ),
        "behaviour": (
            t.weights["behaviour_preference"],
            behaviour,
            t.reference["behaviour_preference"],
        ),
    }
    values = {
        "ties_scores": friends,
        "ties_voice": ties_voice(c, t),
        "own_voice": t.own_voice[voice],
    }
    for part, value in values.items():
        neutral = t.reference[part]
        value = neutral + (value - neutral) * t.relation_strength[part] // 65536
        found[part] = (t.relation[part], value, neutral)
    return found


def raw_points(c, credit_history, voice, t, now):
    """Raw points in 1/256: the range's low end plus every part, officials apart."""
    raw = t.low * 256
    raw += points(t.weights["credit_history"], credit_history)
    raw += points(t.weights["fulfilment_capacity"], c.fulfilment)
    for weight, value, _ in parts(c, voice, t, now).values():
        raw += points(weight, value)
    return raw


def officials_give(c, t):
    """What the officials of the province add to the score of one's occupation, in 1/256 point."""
    return t.official_points[c.province][c.occupation] if t.officials else 0


def score_of(raw, t):
    """The score of raw points in 1/256: rounded half up, clipped to the range."""
    return min(t.high, max(t.low, (raw + 128) // 256))


def score(c, t, now, tally):
    """Score an enrolled citizen and make the new face."""
    result = 0
    if now.operator and (now.mandate or c.face.score > 0):
        given = officials_give(c, t)
        result = score_of(raw_points(c, history(c, t), c.note["voice"], t, now) + given, t)
        tally.histogram[result] += 1
        if given:
            tally.add(c, "favoured" if given > 0 else "punished")
        if games(c.number, t):
            tally.add(c, "gamed")
    kept = c.face
    c.next_face = replace(
        Face(score=result, voice=c.note["voice"], news=c.note["news"]),
        displayed=kept.displayed,
        single=kept.single,
        willing=kept.willing,
    )
