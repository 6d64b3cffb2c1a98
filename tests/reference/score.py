"""Stage 3, score: five categories, their weighted sum in the operator's range."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

from glasscity.terms import SPHERES

from .citizen import Face


def history(c, t):
    """One minus the counted deficits of the spheres, which count at most 1."""
    return 65535 - min(65535, sum(c.deficits[s] * t.history[s] // 256 for s in SPHERES))


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
    """Half plus half the praisers' lead over the critics among all ties."""
    ties = c.note["ties"]
    if ties == 0:
        return t.reference["ties_voice"]
    return 32768 + (c.note["praisers"] - c.note["critics"]) * 32767 // ties


def own_voice(voice, t):
    """Praise is the top, criticism zero, silence the reference."""
    return {"praise": 65535, "criticise": 0, "silent": t.reference["own_voice"]}[voice]


def points(weight, value):
    """A part in 1/256 point: its weight times a value in 0..65535."""
    return weight * value // 65535


def parts(c, voice, t, now):
    """Return {part: (weight, value, reference)} of all parts but history and fulfilment.

    A part of relationships stands at its mechanism's strength between its reference and its value.
    """
    found = {
        "personal": (
            t.weights["personal_characteristics"],
            t.personal[c.who],
            t.reference["personal_characteristics"],
        ),
        "behaviour": (
            t.weights["behaviour_preference"],
            c.profile * 257,
            t.reference["behaviour_preference"],
        ),
    }
    values = {
        "ties_scores": ties_scores(c, t, now),
        "ties_voice": ties_voice(c, t),
        "own_voice": own_voice(voice, t),
    }
    for part, value in values.items():
        neutral = t.reference[part]
        value = neutral + (value - neutral) * t.relation_strength[part] // 65536
        found[part] = (t.relation[part], value, neutral)
    return found


def score_of(raw, t):
    """The score of raw points in 1/256: rounded half up, clipped to the range."""
    return min(t.high, max(t.low, (raw + 128) // 256))


def score(c, t, now, tally):
    """Score an enrolled citizen and make the new face."""
    result = 0
    if now.operator and (now.mandate or c.face.score > 0):
        raw = t.low * 256
        raw += points(t.weights["credit_history"], history(c, t))
        raw += points(t.weights["fulfilment_capacity"], c.fulfilment)
        for weight, value, _ in parts(c, c.note["voice"], t, now).values():
            raw += points(weight, value)
        result = score_of(raw, t)
        tally.histogram[result] += 1
    kept = c.face
    c.next_face = replace(
        Face(score=result, voice=c.note["voice"], news=c.note["news"]),
        displayed=kept.displayed,
        single=kept.single,
        willing=kept.willing,
    )
