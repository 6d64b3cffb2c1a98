"""What a score is made of: five categories, their parts, and points in 1/256.

Model, section 5.3.  Every formula of a score stands here once: the national score, the private
operators, the exact parts of a score, attribution and the firewall all use these.
"""

from __future__ import annotations

import numpy as np

from glasscity.jit import kernel
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
    "rounded",
    "shown_profile",
    "shown_ties",
    "ties_score_value",
    "ties_voice_value",
]


@kernel
def counted_deficit(tables, deficits, taken, i, s):
    """Return what a sphere's record takes from the history, 0..65535.

    Its deficit, as far as the operator counts the sphere; in a points scheme what was taken from
    the account.
    """
    if tables[at.POINTED]:
        return np.int64(taken[i, s])
    return (np.int64(deficits[i, s]) * tables[at.HISTORY + s]) >> 8


@kernel
def category_history(tables, deficits, taken, i):
    """Return credit history, 0..65535: one minus the counted deficits of the spheres, at most 1."""
    total = np.int64(0)
    for s in range(4):
        total += counted_deficit(tables, deficits, taken, i, s)
    if total > 65535:
        total = np.int64(65535)
    return 65535 - total


@kernel
def earned_of(tables, earned, i):
    """Return what deeds have added to i's account, 0..65535; 0 where there is none."""
    if tables[at.POINTED]:
        return np.int64(earned[i])
    return np.int64(0)


@kernel
def category_behaviour(tables, i, profile, earned):
    """Return behaviour and preference, 0..65535, from the activity profile, 0..255.

    In a points scheme it is what deeds have added; staged ones count like others.
    """
    if tables[at.POINTED]:
        return min(earned + games(tables, i) * tables[at.GAME_PROFILE] * 257, 65535)
    return shown_profile(tables, i, profile) * 257


_RECIPROCAL = np.array([0] + [-(-(2**40) // n) for n in range(1, 40)], dtype=np.int64)


@kernel
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


@kernel
def ties_voice_value(tables, critics, praisers, ties):
    """Return the ties' voice, 0..65535: half plus half the praisers' lead over the critics.

    What a critic takes and a praiser adds is the regime's (ties_voice).
    """
    if ties == 0:
        return tables[at.REFERENCE + 5]
    lead = praisers * tables[at.TIES_VOICE + 1] - critics * tables[at.TIES_VOICE]
    return 32768 + lead // ties


@kernel
def own_voice_value(tables, voice):
    """Return one's own voice, 0..65535: silence the reference; praise up and criticism down."""
    return tables[at.OWN_VOICE + voice]


@kernel
def games(tables, i):
    """Return 1 if citizen i games the score: stages activity and buys friends."""
    return np.int64(dealt(i, 1) < tables[at.GAMERS])


@kernel
def shown_profile(tables, i, profile):
    """Return the activity profile that the operator sees, 0..255: staged, where it is gamed."""
    return min(profile + games(tables, i) * tables[at.GAME_PROFILE], 255)


@kernel
def shown_ties(tables, i, value):
    """Return the statistic of the ties' scores that the operator sees, bought friends included."""
    return min(value + games(tables, i) * tables[at.GAME_TIES], 65535)


@kernel
def part_value(neutral, strength, value):
    """Return a part at its mechanism's strength: between its reference and its value."""
    return neutral + (((value - neutral) * strength) >> 16)


@kernel
def points_of(weight, value):
    """Return a part in 1/256 point: the weight (points/256 at 1) times a value in 0..65535."""
    return weight * value // 65535


@kernel
def rounded(low, high, raw):
    """Return the score of raw points in 1/256: rounded half up, clipped to the range."""
    points = (raw + 128) >> 8
    return min(max(points, low), high)


@kernel
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


@kernel
def official_points(tables, province, who):
    """Return what officials add to the score of a group in a province, in 1/256 point."""
    if tables[at.OFFICIALS] == 0:
        return np.int64(0)
    return tables[at.OFFICIAL_POINTS + 8 * province + ((who >> 3) & 7)]
