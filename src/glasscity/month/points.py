"""What a score is made of: five categories, their parts, and points in 1/256.

Model, section 5.3.  Every formula of a score stands here once: the national score, the private
operators, the exact parts of a score, attribution and the firewall all use these.
"""

from __future__ import annotations

import numpy as np

from glasscity.jit import inner, kernel
from glasscity.month import tables as at
from glasscity.month.shared import dealt

__all__ = [
    "category_behaviour",
    "category_history",
    "counted_deficit",
    "earned_of",
    "games",
    "official_points",
    "own_voice_value",
    "part_value",
    "points_of",
    "raw_points",
    "raw_points_of",
    "rounded",
    "shown_profile",
    "shown_ties",
    "ties_score_value",
    "ties_voice_value",
]


@inner
def counted_deficit(tables, deficits, taken, i, s):
    """Return what a sphere's record takes from the history, 0..65535.

    Its deficit, as far as the operator counts the sphere; in a points scheme what was taken from
    the account.
    """
    if tables[at.POINTED]:
        return np.int64(taken[i, s])
    return (np.int64(deficits[i, s]) * tables[at.HISTORY + s]) >> 8


@inner
def category_history(tables, deficits, taken, i):
    """Return credit history, 0..65535: one minus the counted deficits of the spheres, at most 1."""
    total = np.int64(0)
    for s in range(4):
        total += counted_deficit(tables, deficits, taken, i, s)
    if total > 65535:
        total = np.int64(65535)
    return 65535 - total


@inner
def earned_of(tables, earned, i):
    """Return what deeds have added to i's account, 0..65535; 0 where there is none."""
    if tables[at.POINTED]:
        return np.int64(earned[i])
    return np.int64(0)


@inner
def category_behaviour(tables, i, profile, earned):
    """Return behaviour and preference, 0..65535, from the activity profile, 0..255.

    In a points scheme it is what deeds have added; staged ones count like others.
    """
    if tables[at.POINTED]:
        return min(earned + games(tables, i) * tables[at.GAME_PROFILE] * 257, 65535)
    return shown_profile(tables, i, profile) * 257


_RECIPROCAL = np.array([0] + [-(-(2**40) // n) for n in range(1, 40)], dtype=np.int64)


@inner
def ties_score_value(statistic, lowest, span, neutral, mean16, spread16, total, scored, low):
    """Return the statistic of the ties' scores, 0..65535; the reference where none is scored.

    0: their mean over the range.  1: half plus a sixth of their mean's distance from the national
    mean in national standard deviations, so that three deviations span the range.  2: the share of
    them at or above the bar.
    """
    if scored == 0:
        return neutral
    if statistic == 0:
        value = (total * 65535 // scored - lowest * 65535) // span
    elif statistic == 1:
        if mean16 == 0 or spread16 == 0:
            return neutral
        # total * 16 // scored: exact, as the total is below 2**20 and scored at most 31.
        mean = (total * 16 * _RECIPROCAL[scored]) >> 40
        value = 32768 + (mean - mean16) * 65536 // (6 * spread16)
    else:
        value = 65535 - low * 65535 // scored
    if value < 0:
        return np.int64(0)
    if value > 65535:
        return np.int64(65535)
    return value


@inner
def ties_voice_value(tables, critics, praisers, ties):
    """Return the ties' voice, 0..65535: half plus half the praisers' lead over the critics.

    What a critic takes and a praiser adds is the regime's (ties_voice).
    """
    if ties == 0:
        return tables[at.REFERENCE + 5]
    lead = praisers * tables[at.TIES_VOICE + 1] - critics * tables[at.TIES_VOICE]
    return 32768 + lead // ties


@inner
def own_voice_value(tables, voice):
    """Return one's own voice, 0..65535: silence the reference; praise up and criticism down."""
    return tables[at.OWN_VOICE + voice]


@inner
def games(tables, i):
    """Return 1 if citizen i games the score: stages activity and buys friends."""
    return np.int64(dealt(i, 1) < tables[at.GAMERS])


@inner
def shown_profile(tables, i, profile):
    """Return the activity profile that the operator sees, 0..255: staged, where it is gamed."""
    return min(profile + games(tables, i) * tables[at.GAME_PROFILE], 255)


@inner
def shown_ties(tables, i, value):
    """Return the statistic of the ties' scores that the operator sees, bought friends included."""
    return min(value + games(tables, i) * tables[at.GAME_TIES], 65535)


@inner
def part_value(neutral, strength, value):
    """Return a part at its mechanism's strength: between its reference and its value."""
    return neutral + (((value - neutral) * strength) >> 16)


@inner
def points_of(weight, value):
    """Return a part in 1/256 point: the weight (points/256 at 1) times a value in 0..65535.

    ``weight * value // 65535``, for products of either sign up to 2**41, without a division, which
    the compiler could not do for several citizens at a time: 65536 is 1 modulo 65535, and of what
    is left the quotient is that by 65536, one more where adding it and one carries.
    """
    product = weight * value
    whole = product >> 16
    rest = whole + (product & 65535) + (65535 << 10)
    return whole - 1024 + ((rest + (rest >> 16) + 1) >> 16)


@inner
def rounded(low, high, raw):
    """Return the score of raw points in 1/256: rounded half up, clipped to the range."""
    points = (raw + 128) >> 8
    return min(max(points, low), high)


@inner
def raw_points(
    tables,
    now,
    i,
    history,
    means,
    who,
    profile,
    earned,
    total,
    scored,
    low,
    critics,
    praisers,
    ties,
    voice,
):
    """Return a citizen's raw points in 1/256, before officials, rounding and the clip.

    ``history``: credit history, 0..65535; ``earned``: what deeds have added; ``total``,
    ``scored``, ``low``, ``critics``, ``praisers``, ``ties``: what one's open ties showed last
    month; ``voice``: one's own.
    """
    raw = tables[at.LOW] * 256
    raw += points_of(tables[at.WEIGHTS], history)
    raw += points_of(tables[at.WEIGHTS + 1], means)
    raw += points_of(tables[at.WEIGHTS + 2], tables[at.PERSONAL + who])
    raw += points_of(tables[at.WEIGHTS + 3], category_behaviour(tables, i, profile, earned))
    value = ties_score_value(
        tables[at.STATISTIC],
        tables[at.LOW],
        tables[at.HIGH] - tables[at.LOW],
        tables[at.REFERENCE + 4],
        now[at.NOW_MEAN16],
        now[at.NOW_SPREAD16],
        total,
        scored,
        low,
    )
    value = shown_ties(tables, i, value)
    raw += points_of(
        tables[at.RELATION],
        part_value(tables[at.REFERENCE + 4], tables[at.RELATION_STRENGTH], value),
    )
    value = ties_voice_value(tables, critics, praisers, ties)
    raw += points_of(
        tables[at.RELATION + 1],
        part_value(tables[at.REFERENCE + 5], tables[at.RELATION_STRENGTH + 1], value),
    )
    value = own_voice_value(tables, voice)
    raw += points_of(
        tables[at.RELATION + 2],
        part_value(tables[at.REFERENCE + 6], tables[at.RELATION_STRENGTH + 2], value),
    )
    return raw


@inner
def official_points(tables, province, who):
    """Return what officials add to the score of a group in a province, in 1/256 point."""
    if tables[at.OFFICIALS] == 0:
        return np.int64(0)
    return tables[at.OFFICIAL_POINTS + 8 * province + ((who >> 3) & 7)]


@inner
def _divided(number, divisor, reciprocal):
    """Return ``number // divisor`` for a number in 0..65535 * divisor, divisor below 2**18.

    ``reciprocal`` is ``2**46 // divisor``: what it gives is right or one too small.
    """
    found = (number * reciprocal) >> 46
    return found + np.int64(number - found * divisor >= divisor)


@inner
def _ties_scores(tables, now, totals, scored, low, values):
    """Fill in the statistic of the ties' scores (``ties_score_value``) for a stride."""
    statistic = tables[at.STATISTIC]
    neutral = tables[at.REFERENCE + 4]
    mean16 = now[at.NOW_MEAN16]
    n = len(values)
    if statistic == 1 and (mean16 == 0 or now[at.NOW_SPREAD16] == 0):
        values[:] = neutral
    elif statistic == 2:
        for k in range(n):
            number = np.int64(scored[k])
            value = 65535 - ((np.int64(low[k]) * 65535 * _RECIPROCAL[number]) >> 40)
            values[k] = value if number > 0 else neutral
    else:
        # A quotient that would be clipped has its dividend clipped.
        standardised = np.int64(statistic == 1)
        divisor = tables[at.HIGH] - tables[at.LOW]
        offset = tables[at.LOW] * 65535
        if standardised:
            divisor = 6 * now[at.NOW_SPREAD16]
            offset = mean16 * 65536 - 32768 * divisor
        reciprocal = 2**46 // divisor
        most = 65535 * divisor
        for k in range(n):
            number = np.int64(scored[k])
            total = np.int64(totals[k])
            if standardised:
                dividend = ((total * 16 * _RECIPROCAL[number]) >> 40) * 65536
            else:
                whole = (total * _RECIPROCAL[number]) >> 40
                part = (total - whole * number) * 65535
                dividend = whole * 65535 + ((part * _RECIPROCAL[number]) >> 40)
            dividend = min(max(dividend - offset, 0), most)
            value = _divided(dividend, divisor, reciprocal)
            values[k] = value if number > 0 else neutral


@inner
def _ties_voices(tables, weight, neutral, scratch, raws):
    """Add the points of the ties' voices (``ties_voice_value``) for a stride."""
    critics, praisers = scratch[at.S_CRITICS], scratch[at.S_PRAISERS]
    ties = scratch[at.S_TIES_OPEN]
    strength = tables[at.RELATION_STRENGTH + 1]
    takes, adds = tables[at.TIES_VOICE], tables[at.TIES_VOICE + 1]
    for k in range(len(raws)):
        number = np.int64(ties[k])
        lead = np.int64(praisers[k]) * adds - np.int64(critics[k]) * takes
        # A whole number a tie is added before and taken off after: no quotient is negative.
        value = 32768 - 2**20 + (((lead + 2**20 * number) * _RECIPROCAL[number]) >> 40)
        value = value if number > 0 else neutral
        raws[k] += points_of(weight, part_value(neutral, strength, value))


@kernel
def raw_points_of(
    tables,
    now,
    lo,
    deficits,
    taken,
    fulfilment,
    who,
    profile,
    earned,
    scratch,
    raws,
):
    """Fill in the raw points (``raw_points``) of the citizens of a stride, from ``lo`` on.

    Parameters
    ----------
    deficits, fulfilment, who, profile : slices of these columns
    taken, earned : slices of these columns in a points scheme, else without rows
    raws : int64[n]
        Filled in.
    """
    n = len(raws)
    pointed = tables[at.POINTED] == 1
    gamed = tables[at.GAMERS] > 0
    # History and means.
    base = tables[at.LOW] * 256
    weight, weight_means = tables[at.WEIGHTS], tables[at.WEIGHTS + 1]
    h0, h1 = tables[at.HISTORY], tables[at.HISTORY + 1]
    h2, h3 = tables[at.HISTORY + 2], tables[at.HISTORY + 3]
    for k in range(n):
        if pointed:
            total = np.int64(taken[k, 0]) + np.int64(taken[k, 1])
            total += np.int64(taken[k, 2]) + np.int64(taken[k, 3])
        else:
            total = (np.int64(deficits[k, 0]) * h0) >> 8
            total += (np.int64(deficits[k, 1]) * h1) >> 8
            total += (np.int64(deficits[k, 2]) * h2) >> 8
            total += (np.int64(deficits[k, 3]) * h3) >> 8
        history = 65535 - min(total, 65535)
        raws[k] = base + points_of(weight, history)
        raws[k] += points_of(weight_means, np.int64(fulfilment[k]))
    # What one is, and what one does.
    parts = np.empty((2, 256), dtype=np.int64)
    weight, weight_profile = tables[at.WEIGHTS + 2], tables[at.WEIGHTS + 3]
    personal = tables[at.PERSONAL : at.PERSONAL + 256]
    for x in range(256):
        parts[0, x] = points_of(weight, personal[x])
        parts[1, x] = points_of(weight_profile, x * 257)
    by_who, by_profile = parts[0], parts[1]
    if pointed or gamed:
        for k in range(n):
            own = np.int64(profile[k])
            shown = category_behaviour(tables, lo + k, own, earned[k] if pointed else 0)
            raws[k] += by_who[who[k]] + points_of(weight_profile, shown)
    else:
        for k in range(n):
            raws[k] += by_who[who[k]] + by_profile[profile[k]]
    # A part without weight gives nothing.
    weight, neutral = tables[at.RELATION], tables[at.REFERENCE + 4]
    if weight != 0:
        strength = tables[at.RELATION_STRENGTH]
        values = np.empty(n, dtype=np.int64)
        scored = scratch[at.S_TIES_SCORED]
        _ties_scores(tables, now, scratch[at.S_TIES_SUM], scored, scratch[at.S_TIES_LOW], values)
        if gamed:
            for k in range(n):
                values[k] = shown_ties(tables, lo + k, values[k])
        for k in range(n):
            raws[k] += points_of(weight, part_value(neutral, strength, values[k]))
    weight, neutral = tables[at.RELATION + 1], tables[at.REFERENCE + 5]
    if weight != 0:
        _ties_voices(tables, weight, neutral, scratch, raws)
    weight, neutral = tables[at.RELATION + 2], tables[at.REFERENCE + 6]
    if weight != 0:
        strength = tables[at.RELATION_STRENGTH + 2]
        for x in range(3):
            value = own_voice_value(tables, x)
            parts[0, x] = points_of(weight, part_value(neutral, strength, value))
        voices = scratch[at.S_VOICE]
        for k in range(n):
            raws[k] += parts[0, np.uint32(voices[k])]
