"""The causes of a denial: but-for, sufficient, involved, Shapley shares, classes.

Model, section 6.  The month's cut-offs, draws and everybody else are frozen.  Neutralising a cause
replaces its input by the better of its actual value and that of a person of whom nothing adverse is
known, so help is kept and the verdict is monotone: more causes never turn a refusal into a grant.
``v(S)`` is the verdict with the causes of S actual and all others neutral.  Only causes worse than
neutral are active, so few subsets need looking at.

Attribution reads everything; nothing that it finds changes a fate.
"""

from __future__ import annotations

import math

import numpy as np

from glasscity.jit import inner
from glasscity.month import tables as at
from glasscity.month.points import (
    category_behaviour,
    counted_deficit,
    earned_of,
    official_points,
    own_voice_value,
    part_value,
    points_of,
    rounded,
    shown_ties,
    ties_score_value,
    ties_voice_value,
)
from glasscity.month.shared import (
    FIRST_SHARE,
    closed_by_lists,
    covered,
    face_voice,
    on_list,
)

__all__ = ["ALWAYS", "attribute", "classify", "inputs_of", "verdict"]

# lcm(1..15): Shapley weights s!(m-s-1)!/m! are whole numbers of 1/360360 for up to 15 causes.
SHAPLEY_UNIT = 360360

# _WEIGHTS[m, s]: s!(m-s-1)!/m! in that unit.
_WEIGHTS = np.array(
    [
        [
            SHAPLEY_UNIT * math.factorial(s) * math.factorial(m - s - 1) // math.factorial(m)
            if s < m
            else 0
            for s in range(16)
        ]
        for m in range(16)
    ],
    dtype=np.int64,
)

# Where nobody reviews refusals, this stands for a reason that is always there.
ALWAYS = 1 << 15

_HERE, _ELSEWHERE = 0, 3


@inner
def inputs_of(
    i,
    province,
    gate,
    who,
    profile,
    face,
    book,
    audit,
    tables,
    now,
    cut,
    applies,
    scored,
    screening,
    reviewed,
    seen,
    work,
):
    """Fill the denied citizen's inputs in; return the mask of causes with any weight here.

    ``book`` and ``audit``: these groups of columns; ``applies``: the provider applies the regime's
    rule; ``scored``: and the score could be under the cut-off; ``reviewed``: a person looks at each
    refusal; ``screening``: its own index with noise and thin file, arrears and means left out;
    ``seen``: what the ties show (shared.summarise), needed where the score is.  ``work``,
    int64[9, 20], holds by cause: row 0 the counted history deficit, 1 the commerce deficit as the
    lender sees it, 2 points (1/256) lost, 3 the shortfall of means as the screening sees it.
    Row 4: raw points with history taken out, the screening's index, the cut-off, whether the score
    rule applies here, the number of list
    conditions; row 5: their cause masks, each enough to close the gate when all are in force.
    Row 6 holds what the verdict needs of the tables and, where refusals are reviewed, the causes of
    which each is a reason of the gate's own (else ALWAYS); rows 7 and 8 are scratch.
    """
    work[:7] = 0
    sphere = tables[at.GATE_SPHERE + gate]
    error = 10 if audit.lost[i] & 64 else 9
    active = np.int64(0)
    reasons = np.int64(0)
    walled = covered(tables, i, at.FIREWALL)
    pointed = tables[at.POINTED] == 1

    # Deficits, by sphere and cause; behind a firewall other spheres' do not count in the score.
    for s in range(4):
        deficit = np.int64(book.deficits[i, s])
        counted = counted_deficit(tables, book.deficits, book.taken, i, s)
        if deficit == 0 and counted == 0:
            continue
        base = _HERE if s == sphere else _ELSEWHERE
        if walled and s != sphere:
            counted = np.int64(0)
        rest_counted = counted
        rest_lender = deficit
        first = FIRST_SHARE[s]
        n = 3 if s < 2 else 1
        for x in range(n):
            share = np.int64(audit.shares[i, first + x])
            # What a points scheme took has a provenance of its own.
            of_counted = np.int64(audit.taken_shares[i, first + x]) if pointed else share
            if share == 0 and of_counted == 0:
                continue
            cause = error
            if n == 3 and x < 2:
                cause = base + x
            if s == sphere and deficit > 0 and share > 0:
                reasons |= 1 << cause
            part = counted * of_counted // 255
            if part > rest_counted:
                part = rest_counted
            rest_counted -= part
            lender = deficit * share // 255
            if lender > rest_lender:
                lender = rest_lender
            rest_lender -= lender
            work[0, cause] += part
            if s == 1:
                work[1, cause] += lender
        # The rest: slips in the spheres of debts, one's own conduct in the others.
        cause = base + 2 if n == 3 else base
        if s == sphere and rest_lender > 0:
            reasons |= 1 << cause
        work[0, cause] += rest_counted
        if s == 1:
            work[1, cause] += rest_lender

    # Means: the part made by earlier denials apart; the screening has its own middle.
    short = tables[at.MIDDLE] - np.int64(book.fulfilment[i])
    if short > 0:
        from_denials = min(short, np.int64(audit.lost_means[i]))
        work[3, 11] = short - from_denials
        work[3, 12] = from_denials
    gap = tables[at.REFERENCE + 1] - np.int64(book.fulfilment[i])
    from_denials = np.int64(0)
    if gap > 0:
        from_denials = min(gap, np.int64(audit.lost_means[i]))

    # Points lost to means, profile, ties and voice against the reference.
    raw = np.int64(tables[at.LOW] * 256)
    if scored:
        value = np.int64(book.fulfilment[i])
        raw += points_of(tables[at.WEIGHTS + 1], value)
        if gap > 0:
            whole = points_of(tables[at.WEIGHTS + 1], value + gap) - points_of(
                tables[at.WEIGHTS + 1], value
            )
            work[2, 12] = points_of(tables[at.WEIGHTS + 1], value + from_denials) - points_of(
                tables[at.WEIGHTS + 1], value
            )
            work[2, 11] = whole - work[2, 12]
        for x in range(5):
            if x == 0:
                value, weight, neutral, cause = (
                    tables[at.PERSONAL + who],
                    tables[at.WEIGHTS + 2],
                    tables[at.REFERENCE + 2],
                    13,
                )
            elif x == 1:
                value, weight, neutral, cause = (
                    category_behaviour(
                        tables,
                        i,
                        profile,
                        earned_of(tables, book.earned, i),
                    ),
                    tables[at.WEIGHTS + 3],
                    tables[at.REFERENCE + 3],
                    13,
                )
            elif x == 2:
                value, weight, neutral, cause = (
                    part_value(
                        tables[at.REFERENCE + 4],
                        tables[at.RELATION_STRENGTH],
                        shown_ties(
                            tables,
                            i,
                            ties_score_value(
                                tables[at.STATISTIC],
                                tables[at.LOW],
                                tables[at.HIGH] - tables[at.LOW],
                                tables[at.REFERENCE + 4],
                                now[at.NOW_MEAN16],
                                now[at.NOW_SPREAD16],
                                seen[2],
                                seen[1],
                                seen[3],
                            ),
                        ),
                    ),
                    tables[at.RELATION],
                    tables[at.REFERENCE + 4],
                    6,
                )
            elif x == 3:
                value, weight, neutral, cause = (
                    part_value(
                        tables[at.REFERENCE + 5],
                        tables[at.RELATION_STRENGTH + 1],
                        ties_voice_value(tables, seen[4], seen[5], seen[0]),
                    ),
                    tables[at.RELATION + 1],
                    tables[at.REFERENCE + 5],
                    7,
                )
            else:
                value, weight, neutral, cause = (
                    part_value(
                        tables[at.REFERENCE + 6],
                        tables[at.RELATION_STRENGTH + 2],
                        own_voice_value(tables, face_voice(face)),
                    ),
                    tables[at.RELATION + 2],
                    tables[at.REFERENCE + 6],
                    8,
                )
            raw += points_of(weight, value)
            if value < neutral:
                work[2, cause] += points_of(weight, neutral) - points_of(weight, value)
        given = official_points(tables, province, who)
        raw += given
        if given < 0:
            work[2, 14] = -given

    for c in range(15):
        if work[0, c] > 0 and scored:
            active |= 1 << c
        if work[1, c] > 0 and tables[at.SCREEN_ARREARS + gate] > 0:
            active |= 1 << c
        if work[2, c] > 0:
            active |= 1 << c
        if work[3, c] > 0 and tables[at.SCREEN_MEANS + gate] > 0:
            active |= 1 << c

    index = np.int64(screening)
    if short <= 0:
        index += (tables[at.SCREEN_MEANS + gate] * short) >> 16
    work[4, 0] = raw
    work[4, 1] = index
    work[4, 2] = cut
    if scored:
        work[4, 3] = 1

    # Lists: each live cause is a condition of its own; a mixed spell needs both its parts.
    n = 0
    for s in range(4):
        if not on_list(np.int64(book.standing[i, s])) or not applies:
            continue
        if not (closed_by_lists(tables, now[at.NOW_EVERYWHERE], 1 << s, i) >> gate) & 1:
            continue
        base = _HERE if s == sphere else _ELSEWHERE
        live = (np.int64(audit.causes[i]) >> (5 * s)) & 31
        for c in range(5):
            if (live >> c) & 1:
                if c == 0:
                    condition = 1 << base
                elif c == 1:
                    condition = 2 << base
                elif c == 2:
                    condition = 3 << base
                elif c == 3:
                    condition = 1 << 9
                else:
                    condition = 1 << 10
                work[5, n] = condition
                active |= condition
                if s == sphere:
                    reasons |= condition
                n += 1
    work[4, 4] = n
    # What the verdict needs of the tables, so that it need not carry them.
    work[6, 0] = tables[at.SCREEN_ARREARS + gate]
    work[6, 1] = tables[at.SCREEN_MEANS + gate]
    work[6, 2] = tables[at.WEIGHTS]
    work[6, 3] = tables[at.LOW]
    work[6, 4] = tables[at.HIGH]
    work[6, 5] = ALWAYS
    if reviewed:
        # Without a reason of the gate's own the refusal would have been lifted.
        work[6, 5] = reasons
        if scored or n > 0:
            active |= reasons
    return active


@inner
def listed_shut(subset, work):
    """Return whether a list closes the gate with the causes of ``subset``: a condition is whole."""
    for n in range(work[4, 4]):
        if work[5, n] & ~subset == 0:
            return True
    return False


@inner
def screened(arrears, gap, work):
    """Return whether the gate's own screening refuses at sums of arrears and of means."""
    index = work[4, 1] + ((work[6, 0] * arrears) >> 16) + ((work[6, 1] * gap) >> 16)
    return index > 0


@inner
def under_the_cut(deficit, gain, work):
    """Return whether the score at a history deficit, and points not lost, is under the cut-off."""
    raw = work[4, 0] + gain + points_of(work[6, 2], 65535 - min(deficit, 65535))
    return work[4, 3] == 1 and rounded(work[6, 3], work[6, 4], raw) < work[4, 2]


@inner
def refuses(subset, deficit, arrears, gap, gain, work):
    """Return whether the gate refuses with the causes of ``subset``, whose sums are given."""
    if screened(arrears, gap, work):
        return True
    # A reviewed refusal needs a reason of the gate's own; without review every cause is one.
    if work[6, 5] & (subset | ALWAYS) == 0:
        return False
    return listed_shut(subset, work) or under_the_cut(deficit, gain, work)


@inner
def verdict(subset, work):
    """Return 1 if the gate refuses with exactly the causes of ``subset`` actual, else 0."""
    deficit = np.int64(0)
    arrears = np.int64(0)
    gain = np.int64(0)
    gap = np.int64(0)
    for c in range(15):
        if (subset >> c) & 1:
            deficit += work[0, c]
            arrears += work[1, c]
            gap += work[3, c]
        else:
            gain += work[2, c]
    return 1 if refuses(subset, deficit, arrears, gap, gain, work) else 0


@inner
def at_work(active, work):
    """Return those of the active causes that could make a difference.

    As the verdict is monotone, a way of refusing that does not refuse with every cause actual never
    does, and a cause that only such ways look at makes no difference: its Shapley value is zero and
    the others' are what they are without it.
    """
    deficit = np.int64(0)
    arrears = np.int64(0)
    gap = np.int64(0)
    gain = np.int64(0)
    by_score = np.int64(0)
    by_screening = np.int64(0)
    for c in range(15):
        if (active >> c) & 1:
            deficit += work[0, c]
            arrears += work[1, c]
            gap += work[3, c]
            if work[0, c] > 0 or work[2, c] > 0:
                by_score |= 1 << c
            if work[1, c] > 0 or work[3, c] > 0:
                by_screening |= 1 << c
        else:
            gain += work[2, c]
    found = np.int64(0)
    if screened(arrears, gap, work):
        found |= by_screening
    if work[6, 5] & (active | ALWAYS) != 0:
        stands = False
        for n in range(work[4, 4]):
            if work[5, n] & ~active == 0:
                found |= work[5, n]
                stands = True
        if under_the_cut(deficit, gain, work):
            found |= by_score
            stands = True
        if stands and work[6, 5] & ALWAYS == 0:
            found |= work[6, 5]
    return found & active


@inner
def classify(need, enough):
    """Return the class of a denial that is not baseline (codes of terms.CLASSES).

    Sole: one cause is needed, and it alone is enough.  Jointly necessary: a cause is needed and
    none is enough alone, or several are needed.  Over-determined: no single cause is needed.
    """
    if need == 0:
        return 3
    if need & (need - 1) == 0 and need & enough:
        return 1
    return 2


@inner
def _size(subset):
    """Return how many bits of a 16-bit mask are set."""
    pairs = subset - ((subset >> 1) & 0x5555)
    fours = (pairs & 0x3333) + ((pairs >> 2) & 0x3333)
    eights = (fours + (fours >> 4)) & 0x0F0F
    return (eights + (eights >> 8)) & 31


@inner
def attribute(gate, active, groups, work, verdicts, shapley):
    """Return (but-for, sufficient, involved, groups no longer needed, class) of a denial.

    ``shapley``, int64[18, 15], is added to in units of 1/360360; ``verdicts`` is uint8[32768] of
    scratch.  Class 0 (baseline) means refused with every cause neutral; nothing is added then.
    """
    if verdict(0, work) == 1:
        return 0, 0, 0, 0, 0
    some = at_work(active, work)
    if some == 0:
        # Not refused at all: then every cause that is left out leaves it so.
        lower = 0
        for g in range(len(groups)):
            if active & groups[g]:
                lower |= 1 << g
        return active, 0, 0, lower, classify(active, 0)
    # The sums with all of them actual, and each one's own share, so that a verdict adds up nothing.
    ids = work[7]
    values = work[8]
    m = 0
    deficit = np.int64(0)
    arrears = np.int64(0)
    gap = np.int64(0)
    spared = np.int64(0)  # points not lost with every cause neutral
    gain = np.int64(0)
    for c in range(15):
        spared += work[2, c]
        if (some >> c) & 1:
            ids[m] = c
            values[m] = 0
            m += 1
            deficit += work[0, c]
            arrears += work[1, c]
            gap += work[3, c]
        else:
            gain += work[2, c]
    need = 0
    enough = 0
    for x in range(m):
        c = ids[x]
        bit = 1 << c
        if not refuses(
            some & ~bit,
            deficit - work[0, c],
            arrears - work[1, c],
            gap - work[3, c],
            gain + work[2, c],
            work,
        ):
            need |= bit
        if refuses(bit, work[0, c], work[1, c], work[3, c], spared - work[2, c], work):
            enough |= bit
    involved = 0
    lower = 0
    if need & enough:
        # Needed and enough alone: as the verdict is monotone, it is this cause's and no other's.
        involved = need & enough
        for x in range(m):
            if involved == 1 << ids[x]:
                shapley[gate, ids[x]] += SHAPLEY_UNIT
        for g in range(len(groups)):
            if involved & groups[g]:
                lower |= 1 << g
        return need, enough, involved, lower, classify(need, enough)
    # Every subset, in an order in which one cause comes or goes at a time.
    subset = 0
    place = 0
    deficit = np.int64(0)
    arrears = np.int64(0)
    gap = np.int64(0)
    gain = spared
    verdicts[0] = 0
    for step in range(1, 1 << m):
        x = 0
        while (step >> x) & 1 == 0:
            x += 1
        c = ids[x]
        place ^= 1 << x
        subset ^= 1 << c
        if (place >> x) & 1:
            deficit += work[0, c]
            arrears += work[1, c]
            gap += work[3, c]
            gain -= work[2, c]
        else:
            deficit -= work[0, c]
            arrears -= work[1, c]
            gap -= work[3, c]
            gain += work[2, c]
        verdicts[place] = refuses(subset, deficit, arrears, gap, gain, work)
    for subset in range(1 << m):
        if verdicts[subset] == 0:
            weight = _WEIGHTS[m, _size(subset)]
            for x in range(m):
                if verdicts[subset | 1 << x] != 0:
                    values[x] += weight
    for x in range(m):
        if values[x] > 0:
            involved |= 1 << ids[x]
            shapley[gate, ids[x]] += values[x]
    for g in range(len(groups)):
        if some & groups[g]:
            kept = 0
            for x in range(m):
                if (groups[g] >> ids[x]) & 1 == 0:
                    kept |= 1 << x
            if verdicts[kept] == 0:
                lower |= 1 << g
    return need, enough, involved, lower, classify(need, enough)
