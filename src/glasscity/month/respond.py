"""Stage 6, respond: consequences, appeals, ties dropped and replaced, adoption, and the count.

Model, section 5.6.  The two fears move in ``see``, which is where citizens look at each other.
"""

from __future__ import annotations

import numpy as np

from glasscity.draws import word
from glasscity.jit import kernel_with_room
from glasscity.month import tables as at
from glasscity.month.ledger import first_row
from glasscity.month.points import counted_deficit
from glasscity.month.shared import (
    ERROR_SHARE,
    cell_of,
    class_of,
    covered,
    face_score,
    face_voice,
    logged,
    on_list,
    unpack,
)

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

_LISTED_BEFORE = 192
_JOB = 17
_INSURANCE = 9


@kernel_with_room
def respond(
    lo,
    hi,
    area,
    traits,
    state,
    tables,
    now,
    luck,
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
    seed = tables[at.SEED]
    key = now[at.NOW_KEY]
    lanes = np.zeros((2, 75), dtype=np.int64)
    sums = np.zeros(75, dtype=np.int64)
    audit_causes = state.audit.causes
    audit_lost = state.audit.lost
    face_next = state.face.next
    glimpse_column = state.glimpse
    filed_column = state.filed
    record_evidence = state.record.evidence
    record_reference = state.record.reference
    record_standing = state.record.standing
    audit_taken_shares = state.audit.taken_shares
    record_deficits = state.record.deficits
    record_taken = state.record.taken
    audit_shares = state.audit.shares
    truth_case = state.truth.case
    truth_idle = state.truth.idle
    truth_liquidity = state.truth.liquidity
    truth_opinion = state.truth.opinion
    truth_owed_credit = state.truth.owed_credit
    truth_owed_fee = state.truth.owed_fee
    truth_spell = state.truth.spell
    traits_income = traits.income
    traits_misc = traits.misc
    traits_slots = traits.slots
    traits_who = traits.who
    perks = tables[at.PERKS]
    cheapest = np.int64(2048)
    paying = np.int64(0)  # gates at which some perk pays
    for p in range(perks):
        cheapest = min(cheapest, tables[at.PERK_POINTS + p])
        if tables[at.PERK_GATE + p] >= 0:
            paying |= 1 << tables[at.PERK_GATE + p]
    for i in range(lo, hi):
        k = i - lo
        who = np.int64(traits_who[i])
        misc = np.int64(traits_misc[i])
        opinion = np.int64(truth_opinion[i])
        cell = cell_of(np.int64(traits_income[i]), who, opinion)
        face = np.int64(face_next[i])
        liquidity = np.int64(truth_liquidity[i])
        idle = np.int64(truth_idle[i])
        spell = np.int64(truth_spell[i])
        lost = np.int64(audit_lost[i])
        cost_left = lost & 63
        if cost_left > 0:
            cost_left -= 1

        denied = scratch[at.S_DENIED, k]
        granted = scratch[at.S_GRANTED, k]
        if denied >> 8:
            cost = np.int64(0)
            for g in range(8, 18):
                if (denied >> g) & 1:
                    cost += tables[at.COST + g]
            liquidity -= cost
            if liquidity < -3072:
                liquidity = np.int64(-3072)
            cost_left += (cost + 32) >> 6
            if cost_left > 63:
                cost_left = np.int64(63)
            if (denied >> _INSURANCE) & 1:
                spell &= ~64
        if granted >> 8:
            if (granted >> _JOB) & 1:
                idle = np.int64(0)
            if (granted >> _INSURANCE) & 1:
                spell |= 64
            if granted & 3072 and truth_owed_credit[i] + truth_owed_fee[i] > 0:
                counts[_GRANTED_ARREARS, cell] += 1
        audit_lost[i] = (lost & 192) | cost_left
        score = face_score(face)
        # By decile only where last month's scores had a spread, as the scored are counted.
        ranked = score > 1 and now[at.NOW_SPREAD16] > 0
        if ranked and lost & 128:
            deciles[deciles_of[score], at.D_CLOSED] += 1
        if perks > 0 and score >= cheapest:
            # At each gate the best perk of those that the score gives.
            if ranked:
                deciles[deciles_of[score], at.D_PERKS] += 1
            counts[_PERK_HOLDERS, cell] += 1
            eased = granted & paying
            for g in range(18 if eased else 0):
                if (eased >> g) & 1:
                    gain = np.int64(0)
                    for p in range(perks):
                        if tables[at.PERK_GATE + p] == g and score >= tables[at.PERK_POINTS + p]:
                            gain = max(gain, tables[at.PERK_GAIN + p])
                    if gain > 0:
                        liquidity = min(liquidity + gain, 6144)
                        counts[_PERKS_USED + g, cell] += 1
                        counts[_PERK_GAIN, cell] += gain

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
                if luck[at.L_RESPOND, 2, k] < chance:
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
        if missing and luck[at.L_RESPOND, 1, k] < tables[at.TIE_REOPEN]:
            slot = 0
            while not (missing >> slot) & 1:
                slot += 1
            face |= 1 << (16 + slot)
            counts[_REOPENED, cell] += 1

        # Joining, while it is voluntary.
        if (
            now[at.NOW_OPT_IN] == 1
            and face_score(face) == 0
            and misc & tables[at.ADOPT_NEEDS] == tables[at.ADOPT_NEEDS]
        ):
            kind = class_of(area, np.int64(traits_income[i]), who)
            chance = tables[at.ADOPT_ALONE] + tables[at.ADOPT_TIES] * (glimpse >> 4)
            chance = (chance * (256 + tables[at.PERK_PULL + kind])) >> 8
            if luck[at.L_RESPOND, 0, k] < chance:
                face |= 1
                counts[_JOINED, cell] += 1

        if tables[at.DRIFT] > 0 and luck[at.L_RESPOND, 3, k] < tables[at.DRIFT]:
            # Toward one's own voice and the ties'; a step where they do not cancel out.
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
        truth_liquidity[i] = liquidity
        truth_idle[i] = idle
        truth_spell[i] = spell

        # The count.
        score = face_score(face)
        if score > 1:
            lowered = np.int64(0)
            for s in range(4):
                error = ERROR_SHARE[s]
                share = np.int64(
                    audit_taken_shares[i, error] if tables[at.POINTED] else audit_shares[i, error]
                )
                if share > 0:
                    counted = counted_deficit(tables, record_deficits, record_taken, i, s)
                    lowered += counted * share // 255
            if lowered * tables[at.WEIGHTS] >= 256 * 65535:
                counts[_ERROR_IN_SCORE, cell] += 1
        owed = np.int64(truth_owed_credit[i])
        works = (who >> 3) & 7 < 6
        credit = who >> 7
        lanes[0, cell] += (
            1
            + (np.int64(score > 1) << at.LANE)
            + (np.int64(works) << 2 * at.LANE)
            + (np.int64(works & (idle > 0)) << 3 * at.LANE)
            + (np.int64(liquidity < 0) << 4 * at.LANE)
        )
        lanes[1, cell] += (
            credit
            + (np.int64((credit == 1) & (owed >= 3)) << at.LANE)
            + (np.int64(owed + truth_owed_fee[i] > 0) << 2 * at.LANE)
            + (np.int64(spell & 3 > 0) << 3 * at.LANE)
            + (np.int64(truth_case[i] & 15 == 8) << 4 * at.LANE)
        )
        # Sums of a stride: at most 2**24 and 2**21.
        sums[cell] += liquidity + 3072 + ((score if score > 1 else 0) << 30)
    unpack(lanes, _PACKED, counts)
    for cell in range(75):
        counts[_LIQUIDITY, cell] += sums[cell] & 0x3FFFFFFF
        counts[_SCORE_SUM, cell] += sums[cell] >> 30
    return used
