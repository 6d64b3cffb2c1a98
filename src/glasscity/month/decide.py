"""Stage 5, decide: each gate's own screening, the regime's rule on top, and the causes of refusals.

Model, section 5.5.  Reads records and faces, never truth, belief or audit; only attribution, which
changes no fate, reads those.
"""

from __future__ import annotations

import numpy as np

from glasscity.draws import word
from glasscity.jit import inner, kernel
from glasscity.month import tables as at
from glasscity.month.attribute import attribute, inputs_of
from glasscity.month.ledger import ROWS, first_row
from glasscity.month.points import (
    counted_deficit,
    earned_of,
    official_points,
    points_of,
    raw_points,
    rounded,
)
from glasscity.month.shared import (
    cell_of,
    closed_by_lists,
    covered,
    face_score,
    face_voice,
    gates_of,
    gates_value,
    listed_bits,
    logged,
    reached_by_lists,
    summarise,
    tie_ids,
    unpack,
)
from glasscity.month.stride import (
    CELLS,
    applications,
    cells_of,
    limits_of,
    lowest,
    philox_of,
)

READS = (
    "record.deficits",
    "record.taken",
    "record.earned",
    "record.fulfilment",
    "record.standing",
    "face.now",
    "face.next",
    "scratch.filed",
)
WRITES = ("audit.lost", "audit.inner")
READS_FOR_AUDIT = (
    "truth.opinion",
    "audit.inner",
    "audit.shares",
    "audit.taken_shares",
    "audit.causes",
    "audit.lost",
    "audit.lost_means",
)

__all__ = ["READS", "READS_FOR_AUDIT", "WRITES", "decide", "screened_out"]

_RESTRICTED = first_row("restricted")
_WITHOUT_RANK = first_row("restricted_without_rank")
_BY_LIST = first_row("restricted_by_list")
_CLOSED_VALUE = first_row("closed_value")
_CLOSED = first_row("closed")
_APPLICATIONS = first_row("applications")
_GRANTS = first_row("grants")
_DENIALS = first_row("denials")
_BASELINE = first_row("denials_baseline")
_BY_REGIME = first_row("denials_regime")
_LOWER = first_row("denials_lower")
_UPPER = first_row("denials_upper")
_THIN = first_row("loans_thin")
_THIN_GRANTED = first_row("loans_thin_granted")
_CHILD_MONTHS = first_row("child_months_lost")
_CHILDREN = first_row("school_children")
_MORE_LOWER, _MORE_UPPER = (
    next(c for c, r in enumerate(ROWS) if r.measure == measure and r.cause == "profile")
    for measure in ("denials_lower", "denials_upper")
)
_INCLUDED = first_row("loans_included")
_TOUCHED = first_row("touched")
_TOUCHED_UNSCORED = first_row("touched_unscored")
_HOUSEHOLD_LOSS = first_row("household_loss_sum")
_LIFTED = first_row("guard_lifted")
_OPENED = first_row("guard_opened")

_PACKED = np.array(
    [
        [_CLOSED + g for g in range(5)],
        [_CLOSED + g for g in range(5, 10)],
        [_CLOSED + g for g in range(10, 15)],
        [_CLOSED + 15, _CLOSED + 16, _CLOSED + 17, _RESTRICTED, _BY_LIST],
    ],
    dtype=np.int64,
)

# A screening index that refuses nobody.
_NOBODY = -(2**40)
_SCHOOL = 16
_JOB = 17


@inner
def spread(mask):
    """Return bits 0 to 4 of a mask, one in each lane of a packed count."""
    return (
        (mask & 1)
        | (mask & 2) << at.LANE - 1
        | (mask & 4) << 2 * at.LANE - 2
        | (mask & 8) << 3 * at.LANE - 3
        | (mask & 16) << 4 * at.LANE - 4
    )


@inner
def screened_out(base, arrears, means):
    """Return whether a gate's own screening refuses, in every world.

    A logistic index in 1/256: base with noise and the penalty for a thin file (which a score
    reduces), and, in 1/65536 of that, arrears on the commerce record and the shortfall of means
    against the middle (negative where better).
    """
    return base + (arrears >> 16) + (means >> 16) > 0


@inner
def own_sphere_alone(
    i, segment, position, province, traits, wiring, state, tables, now, gates, points_gates, ids
):
    """Return the gates that i's score closes behind a firewall, with and without rank gates.

    For each sphere the score is made again with that sphere's records alone, and decides about that
    sphere's gates.
    """
    faces = state.face.now
    n = tie_ids(i, segment, position, traits, wiring, faces, ids)
    seen = summarise(ids, n, faces, now[at.NOW_BAR], now[at.NOW_LOWEST], tables[at.VISIBLE])
    voice = face_voice(np.int64(state.face.next[i]))
    who = np.int64(traits.who[i])
    with_rank = np.int64(0)
    without = np.int64(0)
    # Everything but the history once: a history of zero gives no points.
    rest = raw_points(
        tables,
        now,
        i,
        0,
        np.int64(state.record.fulfilment[i]),
        who,
        np.int64(traits.profile[i]),
        earned_of(tables, state.record.earned, i),
        seen[2],
        seen[1],
        seen[3],
        seen[4],
        seen[5],
        seen[0],
        voice,
    )
    rest += official_points(tables, province, who)
    for s in range(4):
        counted = counted_deficit(tables, state.record.deficits, state.record.taken, i, s)
        raw = rest + points_of(tables[at.WEIGHTS], 65535 - counted)
        points = rounded(tables[at.LOW], tables[at.HIGH], raw)
        mask = gates_of(tables, s)
        with_rank |= np.int64(gates[points]) & mask
        without |= np.int64(points_gates[points]) & mask
    return with_rank, without


@inner
def guarded_score(
    i, segment, position, province, traits, wiring, state, tables, now, gates, points_gates, ids
):
    """Return the gates that i's score closes under i's safeguards, and the essential held open.

    With and without rank gates; then those essential gates that the score or a list would have
    closed.
    """
    face = np.int64(state.face.next[i])
    score = face_score(face)
    by_score = np.int64(gates[score])
    by_points = np.int64(points_gates[score])
    if by_score and covered(tables, i, at.FIREWALL):
        by_score, by_points = own_sphere_alone(
            i,
            segment,
            position,
            province,
            traits,
            wiring,
            state,
            tables,
            now,
            gates,
            points_gates,
            ids,
        )
    opened = np.int64(0)
    if covered(tables, i, at.ESSENTIALS):
        opened = by_score
        if (face >> 13) & 1:
            bits = listed_bits(state.record.standing, i)
            opened |= reached_by_lists(tables, now[at.NOW_EVERYWHERE], bits, i)
        opened &= tables[at.ESSENTIAL]
        by_score &= ~tables[at.ESSENTIAL]
        by_points &= ~tables[at.ESSENTIAL]
    return by_score, by_points, opened


@inner
def lifted(tables, phase, bits, deficits, i, gate):
    """Return whether a review lifts a refusal by the regime: it has no reason of the gate's own."""
    return covered(tables, i, at.REVIEW) and not has_own_reason(
        tables, phase, bits, deficits, i, gate
    )


@inner
def has_own_reason(tables, phase, bits, deficits, i, gate):
    """Return whether a refusal has a reason of the gate's own sphere: a listing or a record."""
    sphere = tables[at.GATE_SPHERE + gate]
    if deficits[i, sphere] > 0:
        return True
    mine = bits & (1 << sphere)
    return mine != 0 and (closed_by_lists(tables, phase, mine, i) >> gate) & 1 == 1


@inner
def only_with_a_score(noise, tables, gate, arrears, gap):
    """Return whether own screening would refuse a thin file if nobody had a score."""
    base = tables[at.SCREEN_BASE + gate] + (
        (tables[at.SCREEN_SCALE + gate] * tables[at.LOGISTIC + (noise >> 20)]) >> 8
    )
    base += tables[at.SCREEN_THIN + 2 * gate]
    return screened_out(
        base, tables[at.SCREEN_ARREARS + gate] * arrears, tables[at.SCREEN_MEANS + gate] * gap
    )


@inner
def households(lo, hi, traits, state, tables, counts):
    """Count who is shut out of nothing but lives with somebody shut out, and what that takes.

    A member's refusals lower what the household pools: each other member bears a share of it.
    """
    lost = state.audit.lost
    traits_home = traits.home
    last = np.int64(-1)
    for j in range(lo, hi):
        # Households lie one after the other, and most of them have nobody shut out.
        if np.int64(lost[j]) & 191 == 0:
            continue
        first = j - (np.int64(traits_home[j]) & 7)
        size = (np.int64(traits_home[first]) >> 3) & 7
        if first == last or size < 2:
            continue
        last = first
        shut = np.int64(0)
        hole = np.int64(0)
        for i in range(first, first + size):
            shut += np.int64(lost[i]) >> 7
            hole += np.int64(lost[i]) & 63
        for i in range(first, first + size):
            opinion = np.int64(state.truth.opinion[i])
            cell = cell_of(np.int64(traits.income[i]), np.int64(traits.who[i]), opinion)
            if shut > 0 and np.int64(lost[i]) >> 7 == 0:
                counts[_TOUCHED, cell] += 1
                if face_score(np.int64(state.face.next[i])) < 2:
                    counts[_TOUCHED_UNSCORED, cell] += 1
            others = hole - (np.int64(lost[i]) & 63)
            if others > 0:
                counts[_HOUSEHOLD_LOSS, cell] += (64 * others // size * tables[at.POOLING]) >> 16


@inner
def notice(faces, gates, lost, applied, closed, scratch, touched):
    """List those to whom the regime may close a gate, or has until last month; return how many.

    What is granted is noted as if nothing were refused.
    """
    m = 0
    for k in range(len(faces)):
        face = np.int64(faces[k])
        something = np.int64(gates[face & 2047]) | (face & 1 << 13) | (np.int64(lost[k]) & 128)
        touched[m] = k
        m += something != 0
        closed[k] = 0
        scratch[at.S_DENIED, k] = 0
        scratch[at.S_GRANTED, k] = applied[k]
    return m


@inner
def applicants(filed, applied, closed, deciding):
    """List those at whose applications there is something to decide; return how many.

    They have applied at a gate of life or for a job, or at an everyday gate that is closed.
    """
    m = 0
    for k in range(len(filed)):
        deciding[m] = k
        m += np.int64(filed[k]) & 31 | (np.int64(applied[k]) & np.int64(closed[k])) != 0
    return m


@inner
def parents(misc, listed):
    """List those with children at a private school; return how many."""
    m = 0
    for k in range(len(misc)):
        listed[m] = k
        m += misc[k] >= 64
    return m


@inner
def close(
    lo,
    touched,
    first_segment,
    province,
    area,
    traits,
    wiring,
    state,
    tables,
    now,
    score_gates,
    score_gates_without_rank,
    cells,
    closed,
    ids,
    lanes,
    counts,
    log,
    used,
):
    """Find which gates the regime closes to each of the ``touched``; return log rows used.

    ``closed``, int32[n], is filled in for them; ``lanes``, int64[4, 75], is scratch.
    """
    audit_lost = state.audit.lost
    face_next = state.face.next
    record_standing = state.record.standing
    phase = now[at.NOW_EVERYWHERE]
    guarded = tables[at.GUARDED] == 1
    # What the gates last found closed to a demand class are worth: most of a class are alike.
    asked, answer = ids[1, :25], ids[2, :25]
    asked[:] = 0
    for x in range(len(touched)):
        k = np.int64(touched[x])
        i = lo + k
        cell = np.int64(cells[k])
        face = np.int64(face_next[i])
        score = face_score(face)
        bits = np.int64(0)
        by_list = np.int64(0)
        if (face >> 13) & 1:
            bits = listed_bits(record_standing, i)
            by_list = closed_by_lists(tables, phase, bits, i)
        by_score = np.int64(score_gates[score])
        by_points = np.int64(score_gates_without_rank[score])
        # A call takes whole groups of columns by value: only where there is something to guard.
        if guarded and (by_score or bits):
            by_score, by_points, opened = guarded_score(
                i,
                first_segment + k // 64,
                k % 64,
                province,
                traits,
                wiring,
                state,
                tables,
                now,
                score_gates,
                score_gates_without_rank,
                ids[0],
            )
            counts[_OPENED, cell] += opened != 0
        shut = by_list | by_score
        lost = np.int64(audit_lost[i])
        if shut:
            closed[k] = shut
            lanes[0, cell] += spread(shut)
            lanes[1, cell] += spread(shut >> 5)
            lanes[2, cell] += spread(shut >> 10)
            lanes[3, cell] += spread(shut >> 15 & 7 | 8 | np.int64(by_list != 0) << 4)
            counts[_WITHOUT_RANK, cell] += by_list | by_points != 0
            kind = cell // 3
            if asked[kind] != shut:
                asked[kind] = shut
                answer[kind] = gates_value(tables, 25 * area + kind, shut)
            counts[_CLOSED_VALUE, cell] += answer[kind]
            if lost & 128 == 0:
                audit_lost[i] = lost | 128
                used = logged(log, used, 3, i, 0, 0)
        elif lost & 128:
            audit_lost[i] = lost & 127
            used = logged(log, used, 4, i, 0, 0)
    unpack(lanes, _PACKED, counts)
    return used


@inner
def schools(
    lo,
    heads,
    first_segment,
    province,
    traits,
    wiring,
    state,
    tables,
    now,
    score_gates,
    score_gates_without_rank,
    cells,
    closed,
    ids,
    counts,
):
    """Find whose children a school shuts out.

    A child's school is closed by the record of either of the household's first two adults.
    """
    face_next = state.face.next
    inner = state.audit.inner
    record_deficits = state.record.deficits
    record_standing = state.record.standing
    traits_home = traits.home
    traits_misc = traits.misc
    phase = now[at.NOW_EVERYWHERE]
    seed = tables[at.SEED]
    guarded = tables[at.GUARDED] == 1
    for x in range(len(heads)):
        k = np.int64(heads[x])
        i = lo + k
        cell = np.int64(cells[k])
        children = np.int64(traits_misc[i]) >> 6
        counts[_CHILDREN, cell] += children
        shut = (np.int64(closed[k]) >> _SCHOOL) & 1 == 1
        if guarded and shut:
            bits = 0
            if (np.int64(face_next[i]) >> 13) & 1:
                bits = listed_bits(record_standing, i)
            shut = not lifted(tables, phase, bits, record_deficits, i, _SCHOOL)
        if not shut and (traits_home[i] >> 3) & 7 > 1:
            j = i + 1
            other = np.int64(face_next[j])
            theirs = np.int64(score_gates[face_score(other)])
            bits = 0
            if guarded and (theirs or (other >> 13) & 1):
                theirs, _, _ = guarded_score(
                    j,
                    first_segment + (k + 1) // 64,
                    (k + 1) % 64,
                    province,
                    traits,
                    wiring,
                    state,
                    tables,
                    now,
                    score_gates,
                    score_gates_without_rank,
                    ids,
                )
            if (other >> 13) & 1:
                bits = listed_bits(record_standing, j)
                theirs |= closed_by_lists(tables, phase, bits, j)
            shut = (theirs >> _SCHOOL) & 1 == 1
            if guarded and shut:
                shut = not lifted(tables, phase, bits, record_deficits, j, _SCHOOL)
        if shut and word(seed, i, now[at.NOW_KEY], at.C_LIFE, 3) < tables[at.REACH + _SCHOOL]:
            counts[_CHILD_MONTHS, cell] += children
            inner[i] = np.int64(inner[i]) | 32


@inner
def answer(
    lo,
    deciding,
    first_segment,
    province,
    traits,
    wiring,
    state,
    tables,
    now,
    cuts,
    scratch,
    everyday,
    life_luck,
    reach_luck,
    cells,
    closed,
    work,
    ids,
    groups,
    verdicts,
    counts,
    shapley,
    attributes,
    log,
    used,
):
    """Answer the applications of those in ``deciding``; return log rows used.

    ``life_luck`` and ``reach_luck``, uint32[4, at least as many], are their words of these calls.
    """
    face_next = state.face.next
    filed_column = state.filed
    record_deficits = state.record.deficits
    record_fulfilment = state.record.fulfilment
    record_standing = state.record.standing
    traits_who = traits.who
    phase = now[at.NOW_EVERYWHERE]
    seed = tables[at.SEED]
    key = now[at.NOW_KEY]
    middle = tables[at.MIDDLE]
    guarded = tables[at.GUARDED] == 1
    # Where neither ties' scores nor ties' voices weigh, ties need not be looked at.
    related = tables[at.RELATION] != 0 or tables[at.RELATION + 1] != 0
    zero = np.int64(0)
    nothing = (zero, zero, zero, zero, zero, zero, zero, zero, zero, zero, zero, zero, zero)
    for x in range(len(deciding)):
        k = np.int64(deciding[x])
        i = lo + k
        who = np.int64(traits_who[i])
        cell = np.int64(cells[k])
        face = np.int64(face_next[i])
        score = face_score(face)
        filed = np.int64(filed_column[i])
        applied = np.int64(everyday[k])
        if filed & 15:
            applied |= 1 << (7 + (filed & 15))
            counts[_APPLICATIONS + 7 + (filed & 15), cell] += 1
        if filed & 16:
            applied |= 1 << _JOB
            counts[_APPLICATIONS + _JOB, cell] += 1
        bits = 0
        if guarded and (face >> 13) & 1:
            bits = listed_bits(record_standing, i)
        trouble = applied & np.int64(closed[k])
        arrears = np.int64(record_deficits[i, 1])
        gap = middle - np.int64(record_fulfilment[i])
        thin = 1 - ((who >> 6) & 1)
        denied = np.int64(0)
        left = applied & ~255 | trouble & 255
        while left:
            g = lowest(left)
            left &= left - 1
            own = False
            anyway = False
            base = np.int64(_NOBODY)
            if g < 8:
                drawn = (np.int64(reach_luck[g >> 1, x]) >> (16 * (g & 1)) & 65535) << 16
            else:
                drawn = np.int64(life_luck[2, x])
                noise = np.int64(life_luck[1, x])
                if g == _JOB:
                    noise = word(seed, i, key, at.C_JOB, 0)
                base = tables[at.SCREEN_BASE + g] + (
                    (tables[at.SCREEN_SCALE + g] * tables[at.LOGISTIC + (noise >> 20)]) >> 8
                )
                base += thin * tables[at.SCREEN_THIN + 2 * g + (1 if score > 1 else 0)]
                means = tables[at.SCREEN_MEANS + g]
                own = screened_out(base, tables[at.SCREEN_ARREARS + g] * arrears, means * gap)
                # Refused with every cause neutral: nothing to look for.
                anyway = screened_out(base, 0, means * min(gap, 0))
            applies = drawn < tables[at.REACH + g]
            ruled = applies and (trouble >> g) & 1 == 1
            cut = cuts[g]
            reviewed = False
            if guarded:
                reviewed = covered(tables, i, at.REVIEW)
                if ruled and lifted(tables, phase, bits, record_deficits, i, g):
                    ruled = False
                    counts[_LIFTED, cell] += not own
                if covered(tables, i, at.ESSENTIALS) and (tables[at.ESSENTIAL] >> g) & 1:
                    cut = np.int64(0)
            if not (own or ruled):
                if g >= 8:
                    counts[_GRANTS + g, cell] += 1
                continue
            denied |= 1 << g
            if g < 8:
                counts[_GRANTS + g, cell] -= 1
            counts[_DENIALS + g, cell] += 1
            if not own:
                counts[_BY_REGIME + g, cell] += 1
            if attributes > 1 and i % attributes != 0:
                continue
            if anyway:
                counts[_BASELINE + g, cell] += 1
                continue
            # Where the score is not under the cut-off it decides nothing: without one of its
            # causes it would only be higher.  Behind a firewall it is another score that counts.
            scored = score > 1 and applies
            scored = scored and (score < cut or (cut > 0 and covered(tables, i, at.FIREWALL)))
            seen = nothing
            if scored and related:
                n = tie_ids(i, first_segment + k // 64, k % 64, traits, wiring, state.face.now, ids)
                seen = summarise(
                    ids, n, state.face.now, now[at.NOW_BAR], now[at.NOW_LOWEST], tables[at.VISIBLE]
                )
            active = inputs_of(
                i,
                province,
                g,
                who,
                np.int64(traits.profile[i]),
                face,
                state.record,
                state.audit,
                tables,
                now,
                cut,
                applies,
                scored,
                base,
                reviewed,
                seen,
                work,
            )
            groups[0] = tables[at.SPILLOVER + g]
            need, enough, involved, lower, sort = attribute(
                g, active, groups, work, verdicts, shapley
            )
            if sort == 0:
                counts[_BASELINE + g, cell] += 1
                continue
            log[used, 0] = 0
            log[used, 1] = i
            log[used, 2] = g
            log[used, 3] = need
            log[used, 4] = enough
            log[used, 5] = involved
            # Five groups, the rule's bit, then the groups that came later.
            log[used, 6] = (lower & 31) | (0 if own else 32) | (lower >> 5) << 6
            log[used, 7] = sort
            used += 1
            for group in range(5):
                if (lower >> group) & 1:
                    counts[_LOWER + 5 * g + group, cell] += 1
                if involved & groups[group]:
                    counts[_UPPER + 5 * g + group, cell] += 1
            for group in range(2):
                if (lower >> (5 + group)) & 1:
                    counts[_MORE_LOWER + 2 * g + group, cell] += 1
                if involved & groups[5 + group]:
                    counts[_MORE_UPPER + 2 * g + group, cell] += 1
        granted = applied & ~denied
        if applied & 3072 and thin == 1:
            counts[_THIN, cell] += 1
            if granted & 3072:
                counts[_THIN_GRANTED, cell] += 1
                g = 10 if granted & 1024 else 11
                noise = np.int64(life_luck[1, x])
                if score > 1 and only_with_a_score(noise, tables, g, arrears, gap):
                    counts[_INCLUDED, cell] += 1
        scratch[at.S_DENIED, k] = denied
        scratch[at.S_GRANTED, k] = granted
    return used


@kernel
def decide(
    lo,
    hi,
    first_segment,
    province,
    area,
    traits,
    wiring,
    state,
    tables,
    now,
    score_gates,
    score_gates_without_rank,
    cuts,
    luck,
    scratch,
    verdicts,
    counts,
    shapley,
    attributes,
    log,
    used,
):
    """Decide every application of the block; return how many log rows are used.

    Parameters
    ----------
    score_gates, score_gates_without_rank : uint32[2048]
        Gates that the regime closes at each score this month, with and without rank gates.
    cuts : int64[18]
        The score below which each gate is closed this month, 0 where none.
    attributes : int
        1: every denial is attributed; n > 1: those of one citizen in n.
    """
    n = hi - lo
    cells = np.empty(n, dtype=np.uint8)
    everyday = np.empty(n, dtype=np.uint8)
    closed = np.empty(n, dtype=np.int32)
    some = np.empty(n + 1, dtype=np.int32)
    words = np.empty((2, 4, n), dtype=np.uint32)
    limits = np.empty((25, 4), dtype=np.int64)
    lanes = np.zeros((4, CELLS), dtype=np.int64)
    applying = np.zeros((8, CELLS), dtype=np.int64)
    work = np.zeros((9, 20), dtype=np.int64)
    ids = np.zeros((3, 32), dtype=np.int64)
    groups = np.array([0, 192, 256, 1536, 6144, 8192, 16384], dtype=np.int64)
    lost = state.audit.lost[lo:hi]
    filed = state.filed[lo:hi]

    cells_of(traits.income[lo:hi], traits.who[lo:hi], state.truth.opinion[lo:hi], cells)
    limits_of(tables, area, limits)
    applications(cells, luck[at.L_EVERYDAY], limits, everyday, lanes[0], applying)
    for g in range(8):
        counts[_APPLICATIONS + g] += applying[g]
        # Refusals are taken off where they are found.
        counts[_GRANTS + g] += applying[g]

    m = notice(state.face.next[lo:hi], score_gates, lost, everyday, closed, scratch, some)
    used = close(
        lo,
        some[:m],
        first_segment,
        province,
        area,
        traits,
        wiring,
        state,
        tables,
        now,
        score_gates,
        score_gates_without_rank,
        cells,
        closed,
        ids,
        lanes,
        counts,
        log,
        used,
    )

    m = applicants(filed, everyday, closed, some)
    seed, key = tables[at.SEED], now[at.NOW_KEY]
    philox_of(seed, lo, some, m, key, at.C_LIFE, words[0])
    philox_of(seed, lo, some, m, key, at.C_REACH, words[1])
    used = answer(
        lo,
        some[:m],
        first_segment,
        province,
        traits,
        wiring,
        state,
        tables,
        now,
        cuts,
        scratch,
        everyday,
        words[0],
        words[1],
        cells,
        closed,
        work,
        ids[0],
        groups,
        verdicts,
        counts,
        shapley,
        attributes,
        log,
        used,
    )

    m = parents(traits.misc[lo:hi], some)
    schools(
        lo,
        some[:m],
        first_segment,
        province,
        traits,
        wiring,
        state,
        tables,
        now,
        score_gates,
        score_gates_without_rank,
        cells,
        closed,
        ids[0],
        counts,
    )
    households(lo, hi, traits, state, tables, counts)
    return used
