"""Stage 6, respond: consequences, appeals, ties dropped and replaced, adoption, and the count.

Model, section 5.6.  The two fears move in ``see``, which is where citizens look at each other.
"""

from __future__ import annotations

import numpy as np

from glasscity.draws import word
from glasscity.jit import inner, kernel
from glasscity.month import tables as at
from glasscity.month.ledger import first_row
from glasscity.month.points import counted_deficit
from glasscity.month.shared import (
    ERROR_SHARE,
    covered,
    face_score,
    face_voice,
    logged,
    on_list,
    unpack,
)
from glasscity.month.stride import CELLS, cells_of, lowest, philox_of

READS = (
    "truth.opinion",
    "truth.liquidity",
    "truth.idle",
    "truth.owed_credit",
    "truth.owed_fee",
    "truth.spell",
    "truth.case",
    "record.standing",
    "record.evidence",
    "record.reference",
    "face.next",
    "scratch.glimpse",
    "scratch.filed",
)
WRITES = (
    "truth.opinion",
    "truth.liquidity",
    "truth.idle",
    "truth.spell",
    "record.standing",
    "record.evidence",
    "face.next",
    "audit.lost",
    "audit.causes",
)
READS_FOR_AUDIT = (
    "audit.lost",
    "audit.causes",
    "audit.shares",
    "audit.taken_shares",
    "record.deficits",
    "record.taken",
)

__all__ = ["READS", "READS_FOR_AUDIT", "WRITES", "respond"]

_CITIZENS = first_row("citizens")
_ENROLLED = first_row("enrolled")
_SCORE_SUM = first_row("score_sum")
_LISTED_ANY = first_row("listed_any")
_LISTED = first_row("listed")
_LISTED_FOR = first_row("listed_for")
_LABOUR = first_row("labour_force")
_OUT_OF_WORK = first_row("out_of_work")
_LIQUIDITY = first_row("liquidity_sum")
_IN_DEBT = first_row("in_debt")
_WITH_CREDIT = first_row("with_credit")
_LATE = first_row("late")
_ARREARS = first_row("arrears")
_WITHHOLDING = first_row("withholding")
_IGNORED = first_row("order_ignored")
_GRANTED_ARREARS = first_row("granted_arrears")
_EXITS_APPEAL = first_row("exits_appeal")
_APPEALS = first_row("appeals")
_APPEALS_WRONG = first_row("appeals_wrong")
_DROPPED = first_row("ties_dropped")
_REOPENED = first_row("ties_reopened")
_JOINED = first_row("joined")
_ERROR_IN_SCORE = first_row("error_in_score")
_PERK_HOLDERS = first_row("perk_holders")
_PERKS_USED = first_row("perks_used")
_PERK_GAIN = first_row("perk_gain_sum")

_PACKED = np.array(
    [
        [_CITIZENS, _ENROLLED, _LABOUR, _OUT_OF_WORK, _IN_DEBT],
        [_WITH_CREDIT, _ARREARS, _LATE, _WITHHOLDING, _IGNORED],
    ],
    dtype=np.int64,
)

# Words of the call.
_JOIN, _AGAIN, _APPEAL, _DRIFT = range(4)
_LISTED_BEFORE = 192
_JOB = 17
_INSURANCE = 9


@inner
def eventful(denied, granted, lost, standing, glimpse, faces, slots, drift, paying, some):
    """List those to whom something may happen; return how many.

    Refused or granted something of weight, still making up for a refusal, with a standing on some
    list, a tie dropped or one that could be taken up again; everybody, where opinions drift.
    """
    m = 0
    eases = ~np.int64(255) | paying
    always = np.int64(drift > 0)
    for k in range(len(lost)):
        anything = (np.int64(denied[k]) >> 8) | (np.int64(granted[k]) & eases) | always
        anything |= np.int64(lost[k]) & 63
        anything |= np.int64(standing[k, 0]) | np.int64(standing[k, 1])
        anything |= np.int64(standing[k, 2]) | np.int64(standing[k, 3])
        anything |= np.int64(glimpse[k]) & 15
        anything |= ~(np.int64(faces[k]) >> 16) & 4095 & np.int64(slots[k])
        some[m] = k
        m += anything != 0
    return m


@inner
def live(
    lo,
    some,
    traits,
    state,
    tables,
    now,
    words,
    scratch,
    deciles_of,
    deciles,
    cells,
    counts,
    log,
    used,
    cheapest,
    paying,
):
    """Let those to whom something happens live with it; return log rows used.

    ``words``, uint32[4, at least as many]: their luck.
    """
    seed = tables[at.SEED]
    key = now[at.NOW_KEY]
    audit_causes = state.audit.causes
    audit_lost = state.audit.lost
    face_next = state.face.next
    filed_column = state.filed
    glimpse_column = state.glimpse
    record_evidence = state.record.evidence
    record_reference = state.record.reference
    record_standing = state.record.standing
    truth_idle = state.truth.idle
    truth_liquidity = state.truth.liquidity
    truth_opinion = state.truth.opinion
    truth_owed_credit = state.truth.owed_credit
    truth_owed_fee = state.truth.owed_fee
    truth_spell = state.truth.spell
    traits_slots = traits.slots
    perks = tables[at.PERKS]
    for x in range(len(some)):
        k = np.int64(some[x])
        i = lo + k
        cell = np.int64(cells[k])
        face = np.int64(face_next[i])
        liquidity = np.int64(truth_liquidity[i])
        lost = np.int64(audit_lost[i])
        cost_left = lost & 63
        if cost_left > 0:
            cost_left -= 1

        denied = np.int64(scratch[at.S_DENIED, k])
        granted = np.int64(scratch[at.S_GRANTED, k])
        if denied >> 8:
            cost = np.int64(0)
            left = denied & ~255
            while left:
                cost += tables[at.COST + lowest(left)]
                left &= left - 1
            liquidity -= cost
            if liquidity < -3072:
                liquidity = np.int64(-3072)
            cost_left += (cost + 32) >> 6
            if cost_left > 63:
                cost_left = np.int64(63)
            if (denied >> _INSURANCE) & 1:
                truth_spell[i] = np.int64(truth_spell[i]) & ~64
        if granted >> 8:
            if (granted >> _JOB) & 1:
                truth_idle[i] = 0
            if (granted >> _INSURANCE) & 1:
                truth_spell[i] = np.int64(truth_spell[i]) | 64
            if granted & 3072 and truth_owed_credit[i] + truth_owed_fee[i] > 0:
                counts[_GRANTED_ARREARS, cell] += 1
        audit_lost[i] = (lost & 192) | cost_left
        score = face_score(face)
        # By decile only where last month's scores had a spread, as the scored are counted.
        ranked = score > 1 and now[at.NOW_SPREAD16] > 0
        if perks > 0 and score >= cheapest:
            # At each gate the best perk of those that the score gives.
            left = granted & paying
            while left:
                g = lowest(left)
                left &= left - 1
                gain = np.int64(0)
                for p in range(perks):
                    if tables[at.PERK_GATE + p] == g and score >= tables[at.PERK_POINTS + p]:
                        gain = max(gain, tables[at.PERK_GAIN + p])
                if gain > 0:
                    liquidity = min(liquidity + gain, 6144)
                    counts[_PERKS_USED + g, cell] += 1
                    counts[_PERK_GAIN, cell] += gain
        truth_liquidity[i] = liquidity

        # Appeals: on the evidence, whose signal is drawn anew when the appeal is decided.
        standings = (
            np.int64(record_standing[i, 0])
            | np.int64(record_standing[i, 1])
            | np.int64(record_standing[i, 2])
            | np.int64(record_standing[i, 3])
        )
        if standings:
            evidence = np.int64(record_evidence[i])
            wrongly = 0
            both = np.int64(0)
            listed = 0
            for s in range(4):
                standing = np.int64(record_standing[i, s])
                if standing == 0 or standing == _LISTED_BEFORE:
                    continue
                mine = (np.int64(record_reference[i]) >> s) & 1
                chance = np.int64(0)
                if covered(tables, i, at.APPEALS):
                    chance = tables[at.GUARD_APPEAL + 2 * s + 1 - mine]
                elif tables[at.LIST_EXITS + s] & 2:
                    chance = tables[at.APPEAL + 2 * s + 1 - mine]
                if words[_APPEAL, x] < chance:
                    holds = (
                        word(seed, i, key, at.C_EVIDENCE, s) < tables[at.EVIDENCE + 2 * s + mine]
                    )
                    counts[_APPEALS, cell] += 1
                    if holds:
                        evidence |= 1 << s
                        if mine == 0:
                            counts[_APPEALS_WRONG, cell] += 1
                    else:
                        evidence &= ~(1 << s)
                        if on_list(standing):
                            counts[_EXITS_APPEAL + s, cell] += 1
                            used = logged(log, used, 2, i, s, 1)
                        standing = np.int64(_LISTED_BEFORE) if mine and s < 2 else np.int64(0)
                        record_standing[i, s] = standing
                        audit_causes[i] = np.int64(audit_causes[i]) & ~(31 << (5 * s))
                if on_list(standing):
                    listed = 1
                    counts[_LISTED + s, cell] += 1
                    both |= (np.int64(audit_causes[i]) >> (5 * s)) & 31
            record_evidence[i] = evidence
            if listed:
                counts[_LISTED_ANY, cell] += 1
                # Of the person: error alone only where nothing of one's own stands beside it.
                if both & 7 == 0:
                    wrongly = 4 if both & 16 else 3
                elif both & 4 or both & 3 == 3:
                    wrongly = 2
                else:
                    wrongly = 0 if both & 1 else 1
                counts[_LISTED_FOR + wrongly, cell] += 1
            else:
                face &= ~(1 << 13)

        # Ties: one may be dropped (found in see), one may be taken up again.
        glimpse = np.int64(glimpse_column[i])
        if glimpse & 15:
            face &= ~(1 << (15 + (glimpse & 15)))
            counts[_DROPPED, cell] += 1
            if ranked:
                deciles[deciles_of[score], at.D_DROPPED] += 1
        missing = ~(face >> 16) & 4095 & np.int64(traits_slots[i])
        if missing and words[_AGAIN, x] < tables[at.TIE_REOPEN]:
            slot = 0
            while not (missing >> slot) & 1:
                slot += 1
            face |= 1 << (16 + slot)
            counts[_REOPENED, cell] += 1

        if tables[at.DRIFT] > 0 and words[_DRIFT, x] < tables[at.DRIFT]:
            # Toward one's own voice and the ties'; a step where they do not cancel out.
            opinion = np.int64(truth_opinion[i])
            voice = face_voice(face)
            pull = np.int64(voice == 2) - np.int64(voice == 1)
            leans = np.int64(filed_column[i]) >> 5
            pull += (leans >> 1) - (leans & 1)
            if pull < 0 and opinion > -127:
                opinion -= 1
            elif pull > 0 and opinion < 127:
                opinion += 1
            truth_opinion[i] = opinion

        face_next[i] = face
    return used


@inner
def eligible(faces, misc, needs, some):
    """List the unscored who could join; return how many."""
    m = 0
    for k in range(len(faces)):
        some[m] = k
        m += (face_score(np.int64(faces[k])) == 0) & (np.int64(misc[k]) & needs == needs)
    return m


@inner
def join(lo, some, area, state, tables, words, cells, counts):
    """Let those who could join do so, while that is voluntary."""
    face_next = state.face.next
    glimpse_column = state.glimpse
    for x in range(len(some)):
        k = np.int64(some[x])
        i = lo + k
        kind = 25 * area + np.int64(cells[k]) // 3
        ties = np.int64(glimpse_column[i]) >> 4
        chance = tables[at.ADOPT_ALONE] + tables[at.ADOPT_TIES] * ties
        chance = (chance * (256 + tables[at.PERK_PULL + kind])) >> 8
        if words[_JOIN, x] < chance:
            face_next[i] = np.int64(face_next[i]) | 1
            counts[_JOINED, cells[k]] += 1


@inner
def by_decile(faces, lost, spread, perks, cheapest, deciles_of, deciles, cells, some, counts):
    """Count those who are shut out and those who hold a perk, by decile of the scored."""
    m = 0
    for k in range(len(faces)):
        some[m] = k
        m += (lost[k] >= 128) & (face_score(np.int64(faces[k])) > 1)
    for x in range(m if spread > 0 else 0):
        score = face_score(np.int64(faces[some[x]]))
        deciles[deciles_of[score], at.D_CLOSED] += 1
    if perks == 0:
        return
    for k in range(len(faces)):
        score = face_score(np.int64(faces[k]))
        if score >= cheapest:
            counts[_PERK_HOLDERS, cells[k]] += 1
            if score > 1 and spread > 0:
                deciles[deciles_of[score], at.D_PERKS] += 1


@inner
def lowered(lo, faces, shares, tables, deficits, taken, cells, some, counts):
    """Count the scored whom errors on record take a point or more."""
    m = 0
    for k in range(len(faces)):
        # Most have no error on record.
        errors = np.int64(shares[k, 2]) | np.int64(shares[k, 5])
        errors |= np.int64(shares[k, 6]) | np.int64(shares[k, 7])
        some[m] = k
        m += (errors != 0) & (face_score(np.int64(faces[k])) > 1)
    weight = tables[at.WEIGHTS]
    for x in range(m):
        k = np.int64(some[x])
        points = np.int64(0)
        for s in range(4):
            share = np.int64(shares[k, ERROR_SHARE[s]])
            points += counted_deficit(tables, deficits, taken, lo + k, s) * share // 255
        if points * weight >= 256 * 65535:
            counts[_ERROR_IN_SCORE, cells[k]] += 1


@inner
def packed(faces, whos, idle, liquidity, owed_credit, owed_fee, spell, case, words):
    """Fill in what each citizen adds to the counts, packed as in ``_PACKED``, and to the sums."""
    for k in range(len(faces)):
        score = face_score(np.int64(faces[k]))
        scored = np.int64(score > 1)
        who = np.int64(whos[k])
        works = np.int64((who >> 3) & 7 < 6)
        money = np.int64(liquidity[k])
        words[0, k] = (
            1
            + (scored << at.LANE)
            + (works << 2 * at.LANE)
            + ((works & np.int64(idle[k] > 0)) << 3 * at.LANE)
            + (np.int64(money < 0) << 4 * at.LANE)
        )
        # Sums of a stride: at most 2**24 and 2**21.
        words[2, k] = money + 3072 + ((score * scored) << 30)
    for k in range(len(faces)):
        credit = np.int64(whos[k]) >> 7
        owed = np.int64(owed_credit[k])
        words[1, k] = (
            credit
            + ((credit & np.int64(owed >= 3)) << at.LANE)
            + (np.int64(owed + np.int64(owed_fee[k]) > 0) << 2 * at.LANE)
            + (np.int64(np.int64(spell[k]) & 3 > 0) << 3 * at.LANE)
            + (np.int64(np.int64(case[k]) & 15 == 8) << 4 * at.LANE)
        )


@kernel
def respond(
    lo,
    hi,
    area,
    traits,
    state,
    tables,
    now,
    scratch,
    deciles_of,
    deciles,
    counts,
    log,
    used,
):
    """Let every citizen of the block live with what was decided; return log rows used.

    ``deciles_of``, uint8[2048], is the decile of each score last month; ``deciles``,
    int64[10, DECILE_COUNTS], is added to.
    """
    n = hi - lo
    cells = np.empty(n, dtype=np.uint8)
    some = np.empty(n + 1, dtype=np.int32)
    words = np.empty((4, n), dtype=np.uint32)
    adds = np.empty((3, n), dtype=np.int64)
    lanes = np.zeros((2, CELLS), dtype=np.int64)
    sums = np.zeros(CELLS, dtype=np.int64)
    faces = state.face.next[lo:hi]
    lost = state.audit.lost[lo:hi]
    perks = tables[at.PERKS]
    cheapest = np.int64(2048)
    paying = np.int64(0)  # gates at which some perk pays
    for p in range(perks):
        cheapest = min(cheapest, tables[at.PERK_POINTS + p])
        if tables[at.PERK_GATE + p] >= 0:
            paying |= 1 << tables[at.PERK_GATE + p]

    cells_of(traits.income[lo:hi], traits.who[lo:hi], state.truth.opinion[lo:hi], cells)
    by_decile(
        faces,
        lost,
        now[at.NOW_SPREAD16],
        perks,
        cheapest,
        deciles_of,
        deciles,
        cells,
        some,
        counts,
    )
    m = eventful(
        scratch[at.S_DENIED],
        scratch[at.S_GRANTED],
        lost,
        state.record.standing[lo:hi],
        state.glimpse[lo:hi],
        faces,
        traits.slots[lo:hi],
        tables[at.DRIFT],
        paying,
        some,
    )
    # What each of the few draws is their own: nobody else needs any.
    philox_of(tables[at.SEED], lo, some, m, now[at.NOW_KEY], at.L_RESPOND, words)
    used = live(
        lo,
        some[:m],
        traits,
        state,
        tables,
        now,
        words,
        scratch,
        deciles_of,
        deciles,
        cells,
        counts,
        log,
        used,
        cheapest,
        paying,
    )
    if now[at.NOW_OPT_IN] == 1:
        m = eligible(faces, traits.misc[lo:hi], tables[at.ADOPT_NEEDS], some)
        philox_of(tables[at.SEED], lo, some, m, now[at.NOW_KEY], at.L_RESPOND, words)
        join(lo, some[:m], area, state, tables, words, cells, counts)

    # The count.
    shares = state.audit.shares
    if tables[at.POINTED] == 1:
        shares = state.audit.taken_shares
    lowered(
        lo,
        faces,
        shares[lo:hi],
        tables,
        state.record.deficits,
        state.record.taken,
        cells,
        some,
        counts,
    )
    packed(
        faces,
        traits.who[lo:hi],
        state.truth.idle[lo:hi],
        state.truth.liquidity[lo:hi],
        state.truth.owed_credit[lo:hi],
        state.truth.owed_fee[lo:hi],
        state.truth.spell[lo:hi],
        state.truth.case[lo:hi],
        adds,
    )
    for k in range(n):
        cell = cells[k]
        lanes[0, cell] += adds[0, k]
        lanes[1, cell] += adds[1, k]
        sums[cell] += adds[2, k]
    unpack(lanes, _PACKED, counts)
    for cell in range(CELLS):
        counts[_LIQUIDITY, cell] += sums[cell] & 0x3FFFFFFF
        counts[_SCORE_SUM, cell] += sums[cell] >> 30
    return used
