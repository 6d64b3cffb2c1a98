"""Stage 5, decide: each gate's own screening, the regime's rule on top, and the causes of refusals.

Model, section 5.5.  Reads records and faces, never truth, belief or audit; only attribution, which
changes no fate, reads those.
"""

from __future__ import annotations

import numpy as np

from glasscity.draws import word
from glasscity.jit import kernel, kernel_with_room
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
    class_of,
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
        [_APPLICATIONS + g for g in range(5)],
        [_APPLICATIONS + 5, _APPLICATIONS + 6, _APPLICATIONS + 7, -1, -1],
        [_GRANTS + g for g in range(5)],
        [_GRANTS + 5, _GRANTS + 6, _GRANTS + 7, -1, -1],
    ],
    dtype=np.int64,
)

# A screening index that refuses nobody.
_NOBODY = -(2**40)
_SCHOOL = 16
_JOB = 17


@kernel
def spread(mask):
    """Return bits 0 to 4 of a mask, one in each lane of a packed count."""
    return (
        (mask & 1)
        | (mask & 2) << at.LANE - 1
        | (mask & 4) << 2 * at.LANE - 2
        | (mask & 8) << 3 * at.LANE - 3
        | (mask & 16) << 4 * at.LANE - 4
    )


@kernel
def screened_out(base, arrears, means):
    """Return whether a gate's own screening refuses, in every world.

    A logistic index in 1/256: base with noise and the penalty for a thin file (which a score
    reduces), and, in 1/65536 of that, arrears on the commerce record and the shortfall of means
    against the middle (negative where better).
    """
    return base + (arrears >> 16) + (means >> 16) > 0


@kernel
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


@kernel
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


@kernel
def lifted(tables, phase, bits, deficits, i, gate):
    """Return whether a review lifts a refusal by the regime: it has no reason of the gate's own."""
    return covered(tables, i, at.REVIEW) and not has_own_reason(
        tables, phase, bits, deficits, i, gate
    )


@kernel
def has_own_reason(tables, phase, bits, deficits, i, gate):
    """Return whether a refusal has a reason of the gate's own sphere: a listing or a record."""
    sphere = tables[at.GATE_SPHERE + gate]
    if deficits[i, sphere] > 0:
        return True
    mine = bits & (1 << sphere)
    return mine != 0 and (closed_by_lists(tables, phase, mine, i) >> gate) & 1 == 1


@kernel
def only_with_a_score(seed, i, key, tables, gate, arrears, gap):
    """Return whether own screening would refuse a thin file if nobody had a score."""
    noise = word(seed, i, key, at.C_LIFE, 1)
    base = tables[at.SCREEN_BASE + gate] + (
        (tables[at.SCREEN_SCALE + gate] * tables[at.LOGISTIC + (noise >> 20)]) >> 8
    )
    base += tables[at.SCREEN_THIN + 2 * gate]
    return screened_out(
        base, tables[at.SCREEN_ARREARS + gate] * arrears, tables[at.SCREEN_MEANS + gate] * gap
    )


@kernel
def households(lo, hi, traits, state, tables, counts):
    """Count who is shut out of nothing but lives with somebody shut out, and what that takes.

    A member's refusals lower what the household pools: each other member bears a share of it.
    """
    lost = state.audit.lost
    traits_home = traits.home
    first = lo
    while first < hi:
        # Households lie one after the other, and most of them have nobody shut out.
        size = max((np.int64(traits_home[first]) >> 3) & 7, 1)
        somebody = 0
        if size > 1:
            for j in range(first, first + size):
                somebody |= np.int64(lost[j]) & 191
        if somebody != 0:
            for i in range(first, first + size):
                near = np.int64(0)
                hole = np.int64(0)
                for j in range(first, first + size):
                    if j != i:
                        near |= np.int64(lost[j]) >> 7
                        hole += np.int64(lost[j]) & 63
                opinion = np.int64(state.truth.opinion[i])
                cell = cell_of(np.int64(traits.income[i]), np.int64(traits.who[i]), opinion)
                if near == 1 and np.int64(lost[i]) >> 7 == 0:
                    counts[_TOUCHED, cell] += 1
                    if face_score(np.int64(state.face.next[i])) < 2:
                        counts[_TOUCHED_UNSCORED, cell] += 1
                counts[_HOUSEHOLD_LOSS, cell] += (64 * hole // size * tables[at.POOLING]) >> 16
        first += size


@kernel_with_room
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
    audit_lost = state.audit.lost
    face_next = state.face.next
    filed_column = state.filed
    record_deficits = state.record.deficits
    record_fulfilment = state.record.fulfilment
    record_standing = state.record.standing
    truth_opinion = state.truth.opinion
    traits_home = traits.home
    traits_income = traits.income
    traits_misc = traits.misc
    traits_who = traits.who
    work = np.zeros((9, 20), dtype=np.int64)
    ids = np.zeros(32, dtype=np.int64)
    phase = now[at.NOW_EVERYWHERE]
    seed = tables[at.SEED]
    key = now[at.NOW_KEY]
    lanes = np.zeros((4, 75), dtype=np.int64)
    groups = np.array([0, 192, 256, 1536, 6144, 8192, 16384], dtype=np.int64)
    inner = state.audit.inner
    guarded = tables[at.GUARDED] == 1
    for i in range(lo, hi):
        k = i - lo
        who = np.int64(traits_who[i])
        income = np.int64(traits_income[i])
        cell = cell_of(income, who, np.int64(truth_opinion[i]))
        kind = class_of(area, income, who)
        face = np.int64(face_next[i])
        score = face_score(face)
        bits = 0
        if (face >> 13) & 1:
            bits = listed_bits(record_standing, i)
        by_list = closed_by_lists(tables, phase, bits, i) if bits else 0
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
                ids,
            )
            counts[_OPENED, cell] += opened != 0
        closed = by_list | by_score
        was = np.int64(audit_lost[i]) >> 7
        if closed:
            counts[_RESTRICTED, cell] += 1
            if by_list | by_points:
                counts[_WITHOUT_RANK, cell] += 1
            if by_list:
                counts[_BY_LIST, cell] += 1
            counts[_CLOSED_VALUE, cell] += gates_value(tables, kind, closed)
            for g in range(18):
                if (closed >> g) & 1:
                    counts[_CLOSED + g, cell] += 1
            if was == 0:
                audit_lost[i] = np.int64(audit_lost[i]) | 128
                used = logged(log, used, 3, i, 0, 0)
        elif was == 1:
            audit_lost[i] = np.int64(audit_lost[i]) & 127
            used = logged(log, used, 4, i, 0, 0)

        # What was applied for: everyday gates by their lanes, a life gate and a job as filed.
        filed = np.int64(filed_column[i])
        applied = np.int64(0)
        for g in range(8):
            lane = (np.int64(luck[at.L_EVERYDAY, g >> 1, k]) >> (16 * (g & 1))) & 65535
            applied |= np.int64(lane < tables[at.EVERYDAY + 8 * kind + g]) << g
        lanes[0, cell] += spread(applied)
        lanes[1, cell] += spread(applied >> 5)
        if filed & 15:
            applied |= 1 << (7 + (filed & 15))
            counts[_APPLICATIONS + 7 + (filed & 15), cell] += 1
        if filed & 16:
            applied |= 1 << _JOB
            counts[_APPLICATIONS + _JOB, cell] += 1

        denied = 0
        trouble = applied & closed
        life = applied >> 8
        if trouble or life:
            arrears = np.int64(record_deficits[i, 1])
            gap = tables[at.MIDDLE] - np.int64(record_fulfilment[i])
            thin = 1 - ((who >> 6) & 1)
            for g in range(18):
                if not (applied >> g) & 1 or (g < 8 and not (trouble >> g) & 1):
                    continue
                drawn = word(
                    seed, i, key, at.C_LIFE if g >= 8 else at.C_REACH, 2 if g >= 8 else g >> 1
                )
                if g < 8:
                    drawn = ((drawn >> (16 * (g & 1))) & 65535) << 16
                ruled = (trouble >> g) & 1 == 1 and drawn < tables[at.REACH + g]
                own = False
                anyway = False
                base = _NOBODY
                if g >= 8:
                    noise = word(
                        seed, i, key, at.C_JOB if g == _JOB else at.C_LIFE, 0 if g == _JOB else 1
                    )
                    base = tables[at.SCREEN_BASE + g] + (
                        (tables[at.SCREEN_SCALE + g] * tables[at.LOGISTIC + (noise >> 20)]) >> 8
                    )
                    base += thin * tables[at.SCREEN_THIN + 2 * g + (1 if score > 1 else 0)]
                    means = tables[at.SCREEN_MEANS + g]
                    own = screened_out(base, tables[at.SCREEN_ARREARS + g] * arrears, means * gap)
                    # Refused with every cause neutral: nothing to look for.
                    anyway = screened_out(base, 0, means * min(gap, 0))
                applies = drawn < tables[at.REACH + g]
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
                    continue
                denied |= 1 << g
                counts[_DENIALS + g, cell] += 1
                if not own:
                    counts[_BY_REGIME + g, cell] += 1
                if attributes > 1 and i % attributes != 0:
                    continue
                if anyway:
                    counts[_BASELINE + g, cell] += 1
                    continue
                active = inputs_of(
                    i,
                    first_segment + k // 64,
                    k % 64,
                    province,
                    g,
                    traits,
                    wiring,
                    state,
                    tables,
                    now,
                    cut,
                    applies,
                    base,
                    reviewed,
                    work,
                    ids,
                )
                groups[0] = tables[at.SPILLOVER + g]
                need, enough, involved, lower, sort = attribute(
                    g, active, groups, work, verdicts, shapley
                )
                if sort == 0:
                    counts[_BASELINE + g, cell] += 1
                else:
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
                    for x in range(5):
                        if (lower >> x) & 1:
                            counts[_LOWER + 5 * g + x, cell] += 1
                        if involved & groups[x]:
                            counts[_UPPER + 5 * g + x, cell] += 1
                    for x in range(2):
                        if (lower >> (5 + x)) & 1:
                            counts[_MORE_LOWER + 2 * g + x, cell] += 1
                        if involved & groups[5 + x]:
                            counts[_MORE_UPPER + 2 * g + x, cell] += 1
        granted = applied & ~denied
        lanes[2, cell] += spread(granted)
        lanes[3, cell] += spread(granted >> 5)
        if granted >> 8:
            for g in range(8, 18):
                if (granted >> g) & 1:
                    counts[_GRANTS + g, cell] += 1
        if applied & 3072 and (who >> 6) & 1 == 0:
            counts[_THIN, cell] += 1
            if granted & 3072:
                counts[_THIN_GRANTED, cell] += 1
                g = 10 if granted & 1024 else 11
                if score > 1 and only_with_a_score(
                    seed,
                    i,
                    key,
                    tables,
                    g,
                    np.int64(record_deficits[i, 1]),
                    tables[at.MIDDLE] - np.int64(record_fulfilment[i]),
                ):
                    counts[_INCLUDED, cell] += 1
        scratch[at.S_DENIED, k] = denied
        scratch[at.S_GRANTED, k] = granted

        # A child's school is closed by the record of either of the household's first two adults.
        children = np.int64(traits_misc[i]) >> 6
        if children > 0:
            counts[_CHILDREN, cell] += children
            shut = (closed >> _SCHOOL) & 1 == 1
            if guarded and shut:
                shut = not lifted(tables, phase, bits, record_deficits, i, _SCHOOL)
            if not shut and (traits_home[i] >> 3) & 7 > 1:
                j = i + 1
                other = np.int64(face_next[j])
                closed = np.int64(score_gates[face_score(other)])
                bits = 0
                if guarded and (closed or (other >> 13) & 1):
                    closed, _, _ = guarded_score(
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
                    closed |= closed_by_lists(tables, phase, bits, j)
                shut = (closed >> _SCHOOL) & 1 == 1
                if guarded and shut:
                    shut = not lifted(tables, phase, bits, record_deficits, j, _SCHOOL)
            if shut and word(seed, i, key, at.C_LIFE, 3) < tables[at.REACH + _SCHOOL]:
                counts[_CHILD_MONTHS, cell] += children
                inner[i] = np.int64(inner[i]) | 32
    unpack(lanes, _PACKED, counts)
    households(lo, hi, traits, state, tables, counts)
    return used
