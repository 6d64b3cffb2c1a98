"""Stage 2, record: what the sources write down, and what they get wrong.

Model, section 5.2.  A source covers some people, misses some events, raises false alarms, and
takes one person for a namesake.  The running means of the gravity on record and of the signs of
means are updated, and the evidence that appeals and performance will read.
"""

from __future__ import annotations

import numpy as np

from glasscity.draws import word
from glasscity.jit import inner, kernel
from glasscity.month import tables as at
from glasscity.month.ledger import first_row
from glasscity.month.shared import (
    ERROR_SHARE,
    FIRST_SHARE,
    cell_of,
    covered,
    share_after,
    toward,
)

READS = (
    "truth.opinion",
    "truth.liquidity",
    "truth.idle",
    "truth.owed_credit",
    "truth.owed_fee",
    "record.deficits",
    "record.fulfilment",
    "record.standing",
    "record.evidence",
    "record.reference",
)
WRITES = (
    "record.deficits",
    "record.fulfilment",
    "record.evidence",
    "record.reference",
    "audit.shares",
    "audit.lost",
    "audit.lost_means",
    "face.next",
)
# Provenance is carried along with the record it belongs to; nothing above depends on it.
READS_FOR_AUDIT = ("audit.shares", "audit.lost", "audit.lost_means")

__all__ = ["READS", "READS_FOR_AUDIT", "WRITES", "record", "record_in", "record_room", "strays"]

_RECORDED = first_row("recorded")
_FALSE_ALARMS = first_row("false_alarms")
_MIX_UPS = first_row("mix_ups")
_LINKS_CORRECTED = first_row("links_corrected")
_LINKED = first_row("linked")
_ERROR_ON_RECORD = first_row("error_on_record")
_FALSE_REPORTS = first_row("false_reports")
_WITHDRAWN = first_row("guard_withdrawn")

# 5 * 13107 = 65535: gravity 5 is the whole of a month's deficit.
GRAVITY_UNIT = 13107
_CARE = 9
# Citizens are taken so many at a time.
_CHUNK = 256
# The errors' bytes among the eight shares of a citizen, seen as one word.
_ERRORS = sum(255 << 8 * share for share in ERROR_SHARE) - (1 << 64)


@inner
def strays(tables, person, key, event, group):
    """Return whether the record of a person's event of a month is taken for the namesake's.

    Both ends ask with the same key, so that a record leaves one file and reaches the other.
    """
    drawn = word(tables[at.SEED], person, key, at.C_RECORD_MORE, 1)
    return drawn < (tables[at.MIX + event] * tables[at.NAME_RISK + group]) >> 8


@inner
def _gravest(tables, events):
    """Return 1 + the code of the gravest event in a mask, the later one among equals, or 0."""
    best = 0
    for e in range(11):
        if (events >> e) & 1 and (
            best == 0 or tables[at.GRAVITY + e] >= tables[at.GRAVITY + (best - 1)]
        ):
            best = e + 1
    return best


@inner
def _mean(first, last, traits, state, tables, room):
    """Record the signs of means: what a payment app and an employer show.

    ``room``, int64[256], is used for what everybody's income shows.
    """
    own_who = traits.who[first:last]
    own_misc = traits.misc[first:last]
    own_income = traits.income[first:last]
    idle = state.truth.idle[first:last]
    liquid = state.truth.liquidity[first:last]
    fulfilment = state.record.fulfilment[first:last]
    lost = state.audit.lost[first:last]
    lost_means = state.audit.lost_means[first:last]
    needs = tables[at.MEANS_NEEDS]
    incomes = tables[at.MEANS_INCOME : at.MEANS_INCOME + 5]
    work = tables[at.MEANS_WORK]
    savings = tables[at.MEANS_LIQUIDITY]
    memory = tables[at.MEMORY_MEANS]
    for p in range(last - first):
        room[p] = incomes[(np.int64(own_income[p]) * 5) >> 8] + (work if idle[p] == 0 else 0)
    for p in range(last - first):
        has = (own_misc[p] & 3) | ((own_who[p] >> 5) & 4)
        if needs & has != needs:
            room[p] = -1
    for p in range(last - first):
        liquidity = np.int64(liquid[p])
        could = liquidity + 64 * (np.int64(lost[p]) & 63)
        shown = min(room[p] + _part(savings * min(max(liquidity, 0), 1536)), 65535)
        without = min(room[p] + _part(savings * min(max(could, 0), 1536)), 65535)
        old = np.int64(lost_means[p])
        new = toward(old, without - shown, memory)
        lost_means[p] = new if room[p] >= 0 else old
    for p in range(last - first):
        liquidity = np.int64(liquid[p])
        shown = min(room[p] + _part(savings * min(max(liquidity, 0), 1536)), 65535)
        old = np.int64(fulfilment[p])
        new = toward(old, shown, memory)
        fulfilment[p] = new if room[p] >= 0 else old


@inner
def _part(savings):
    """Return ``savings // 1536``, for savings in [0, 2**40), without dividing."""
    return ((savings >> 9) * 1431655766) >> 32


@inner
def _nothing(first, k, count, traits, state, tables, luck, scratch, before, ending, few):
    """Let records fade where nothing comes in, and return to how many something does.

    Their places are written into ``few``, and into ``before`` everybody's deficits as they were.
    The screen lets through all whose records may change in another way than by fading.
    """
    own_who = traits.who[first : first + count]
    own_misc = traits.misc[first : first + count]
    face_next = state.face.next[first : first + count]
    evidence = state.record.evidence[first : first + count]
    references = state.record.reference[first : first + count]
    standings = state.record.standing.reshape(-1).view(np.uint32)[first : first + count]
    shares = state.audit.shares.reshape(-1).view(np.int64)[first : first + count]
    deficits = state.record.deficits.reshape(-1)[4 * first : 4 * (first + count)]
    status = scratch[at.S_STATUS, k : k + count]
    twin_events = scratch[at.S_TWIN_EVENT, k : k + count]
    own_reports = scratch[at.S_REPORTED, k : k + count]
    drawn_false = luck[at.L_RARE, 3, k : k + count]
    false_any = tables[at.FALSE_ANY : at.FALSE_ANY + 8]
    memory = tables[at.MEMORY]
    reports = tables[at.REPORT] > 0
    guarded = tables[at.GUARDED] == 1
    for row in (
        at.S_OWN_GRAVITY,
        at.S_FALSE_GRAVITY,
        at.S_FALSE_KIND,
        at.S_FILED,
        at.S_FILED_FALSE,
    ):
        written = scratch[row, k : k + count]
        for p in range(count):
            written[p] = 0
    for p in range(count):
        # A grave debt settled by one who was not listed is heard of too.
        face_next[p] = (13 * ((np.int64(status[p]) >> 11) & 1)) << 28
    for p in range(4 * count):
        before[p] = deficits[p]
    for p in range(4 * count):
        deficits[p] = toward(np.int64(before[p]), 0, memory)
    # Whose deficit may end here, and its shares with it, or fade faster under a safeguard.
    fades = 0 if guarded else 65536 - memory
    for p in range(4 * count):
        ending[p] = np.int64(before[p] > 0) & np.int64(before[p] * fades < 65536)
    endings = ending.view(np.int64)
    n = 0
    for p in range(count):
        has = (own_misc[p] & 3) | ((own_who[p] >> 5) & 4)
        some = (status[p] & 2047 != 0) | (drawn_false[p] < false_any[has])
        some |= (twin_events[p] > 0) & (twin_events[p] <= 11)
        some |= (references[p] & 16 != 0) | (standings[p] != 0)
        some |= shares[p] & _ERRORS != 0
        some |= endings[p] != 0
        some |= reports & (own_reports[p] == 1)
        few[n] = p
        n += some
        evidence[p] &= 15 if standings[p] == 0 else 255
    return n


@inner
def _write_down(few, lo, start, traits, state, tables, now, luck, scratch, before, counts):
    """Write down what the sources saw of the few, and what they got wrong."""
    seed = tables[at.SEED]
    key = now[at.NOW_KEY]
    reports = tables[at.REPORT] > 0
    audit_lost = state.audit.lost
    audit_shares = state.audit.shares
    face_next = state.face.next
    record_deficits = state.record.deficits
    record_evidence = state.record.evidence
    record_reference = state.record.reference
    record_standing = state.record.standing
    truth_opinion = state.truth.opinion
    truth_owed_credit = state.truth.owed_credit
    truth_owed_fee = state.truth.owed_fee
    traits_income = traits.income
    traits_misc = traits.misc
    traits_who = traits.who
    for j in range(len(few)):
        p = np.int64(few[j])
        i = start + p
        k = i - lo
        who = np.int64(traits_who[i])
        misc = np.int64(traits_misc[i])
        income = np.int64(traits_income[i])
        cell = cell_of(income, who, np.int64(truth_opinion[i]))
        group = (misc >> 4) & 3
        has = (misc & 3) | ((who >> 5) & 4)
        reference = np.int64(record_reference[i])
        own = 0
        false = 0
        kind = 0
        wrong_records = 0
        written = 0
        filed = 0
        filed_false = 0

        happened = scratch[at.S_STATUS, k]
        if happened & 2047:
            for e in range(11):
                if (happened >> e) & 1:
                    lane = 0 if e < 3 else (1 if e < 6 else (2 if e == 6 else 3))
                    if word(seed, i, key, at.C_RECORD, lane) < tables[at.DETECT + 8 * e + has]:
                        written |= 1 << e
        fresh = _gravest(tables, written & scratch[at.S_FRESH, k])
        moved = 0
        twin = i + scratch[at.S_TWIN, k]
        if fresh > 0 and twin != i:
            twin_group = (np.int64(traits_misc[twin]) >> 4) & 3
            risk = group if group < twin_group else twin_group
            if strays(tables, i, now[at.NOW_KEY], fresh - 1, risk):
                # Somebody else's news now: a listing of one's own does not hide it (restrict).
                scratch[at.S_STATUS, k] = happened | 4096
                if tables[at.MIX_MOVES] == 1:
                    moved = 1 << (fresh - 1)
        if written:
            for e in range(11):
                if (written >> e) & 1:
                    if not (moved >> e) & 1:
                        filed |= 1 << e
                        counts[_RECORDED + e, cell] += 1
                        s = 3 * tables[at.EVENT_SPHERE + e]
                        g = tables[at.GRAVITY + e]
                        if g > (own >> s) & 7:
                            own = (own & ~(7 << s)) | (g << s)

        # The namesake's event of last month, if it was taken for this citizen's.
        code = scratch[at.S_TWIN_EVENT, k]
        if 0 < code <= 11:
            twin_group = (np.int64(traits_misc[twin]) >> 4) & 3
            risk = group if group < twin_group else twin_group
            e = code - 1
            linked = (reference >> 4) & 1 == 1 and tables[at.MIX + e] > 0
            if linked or strays(tables, twin, now[at.NOW_KEY] - 1, e, risk):
                s = 3 * tables[at.EVENT_SPHERE + e]
                g = tables[at.GRAVITY + e]
                if g > (false >> s) & 7:
                    false = (false & ~(7 << s)) | (g << s)
                kind = 2
                wrong_records += 1
                filed_false |= 1 << e
                reference |= 16
                counts[_MIX_UPS + e, cell] += 1
        if luck[at.L_RARE, 3, k] < tables[at.FALSE_ANY + has]:
            drawn = word(seed, i, key, at.C_RECORD_MORE, 0)
            e = 0
            while e < 10 and drawn >= tables[at.FALSE_WHICH + 11 * has + e]:
                e += 1
            s = 3 * tables[at.EVENT_SPHERE + e]
            g = tables[at.GRAVITY + e]
            if g > (false >> s) & 7:
                false = (false & ~(7 << s)) | (g << s)
            if kind == 0:
                kind = 1
            wrong_records += 1
            filed_false |= 1 << e
            counts[_FALSE_ALARMS + e, cell] += 1
        if reference & 16:
            if covered(tables, i, at.CORRECTION) or (
                word(seed, i, key, at.C_RECORD_MORE, 3) < tables[at.CORRECTED]
            ):
                reference &= ~16
                counts[_LINKS_CORRECTED, cell] += 1
            else:
                counts[_LINKED, cell] += 1
        # A neighbour's report: of neglect of one's family, which nobody else has seen.
        if reports and scratch[at.S_REPORTED, k] == 1:
            s = 3 * tables[at.EVENT_SPHERE + _CARE]
            g = tables[at.GRAVITY + _CARE]
            if g > (false >> s) & 7:
                false = (false & ~(7 << s)) | (g << s)
            if kind == 0:
                kind = 1
            wrong_records += 1
            filed_false |= 1 << _CARE
            counts[_FALSE_REPORTS, cell] += 1
        if kind > 0 and covered(tables, i, at.CORRECTION):
            # Checked with the person before it counts, and found to be wrong.
            false = 0
            kind = 0
            filed_false = 0
            counts[_WITHDRAWN, cell] += wrong_records
        scratch[at.S_OWN_GRAVITY, k] = own
        scratch[at.S_FALSE_GRAVITY, k] = false
        scratch[at.S_FALSE_KIND, k] = kind
        scratch[at.S_FILED, k] = filed
        scratch[at.S_FILED_FALSE, k] = filed_false
        if kind > 0:
            audit_lost[i] = (audit_lost[i] & 191) | (64 if kind == 2 else 0)

        # Deficits: one running mean a sphere, of the gravest thing on record this month.
        wrong = False
        # Safeguards take more off in a month without a record; none lets a record weigh more.
        fading = tables[at.MEMORY]
        if covered(tables, i, at.EXPIRY):
            fading = max(fading, tables[at.GUARD_MEMORY])
        if covered(tables, i, at.REPAIR):
            fading = max(fading, tables[at.GUARD_FADE])
        for s in range(4):
            old = before[4 * p + s]
            mine = (own >> (3 * s)) & 7
            theirs = (false >> (3 * s)) & 7
            worst = mine if mine > theirs else theirs
            if old == 0 and worst == 0:
                continue
            memory = tables[at.MEMORY] if worst > 0 else fading
            new = toward(old, worst * GRAVITY_UNIT, memory)
            record_deficits[i, s] = new
            first = FIRST_SHARE[s]
            error = ERROR_SHARE[s]
            if worst > 0 and new > 0:
                kept = old - ((old * memory + 65535) >> 16)
                if kept > new:
                    kept = new
                added = new - kept
                added_own = added * mine // worst
                cause = 0
                if s == 1:
                    cause = scratch[at.S_BLAME, k] & 3
                elif s == 0:
                    # Traffic is a slip; a fee's breach has the fee's cause.
                    fee = 0
                    for e in range(3, 6):
                        if (written >> e) & 1 and tables[at.GRAVITY + e] > fee:
                            fee = tables[at.GRAVITY + e]
                    cause = (scratch[at.S_BLAME, k] >> 2) & 3 if fee == mine else 2
                for x in range(first, error):
                    gain = added_own if x - first == cause else 0
                    audit_shares[i, x] = share_after(np.int64(audit_shares[i, x]), kept, gain, new)
                audit_shares[i, error] = share_after(
                    np.int64(audit_shares[i, error]), kept, added - added_own, new
                )
            elif new == 0:
                for x in range(first, error + 1):
                    audit_shares[i, x] = 0
            if new > 0 and audit_shares[i, error] > 0:
                wrong = True
        if wrong:
            counts[_ERROR_ON_RECORD, cell] += 1

        # What the namesake will find next month, and others see, travels in the new face.
        if fresh == 0 and happened & 2048:
            fresh = 13
        face_next[i] = np.int64(fresh) << 28

        # Evidence: paid obligations are marked; an entry's reference is fixed when it is made.
        evidence = np.int64(record_evidence[i])
        standings = (
            record_standing[i, 0]
            | record_standing[i, 1]
            | record_standing[i, 2]
            | record_standing[i, 3]
        )
        if standings == 0 and own == 0 and false == 0:
            # Most people, most months: nothing is on any list, and nothing came in.
            record_evidence[i] = evidence & 15
            record_reference[i] = reference
            continue
        for s in range(4):
            standing = record_standing[i, s]
            mine = (own >> (3 * s)) & 7
            theirs = (false >> (3 * s)) & 7
            if standing == 0 or (
                standing == 192 and theirs > mine and theirs >= tables[at.LIST_GRAVITY + s]
            ):
                evidence &= ~(16 << s)
                if mine >= theirs and mine > 0:
                    reference |= 1 << s
                elif theirs > 0:
                    reference &= ~(1 << s)
            elif not (reference >> s) & 1:
                # Nobody's obligation: the source may find its mistake by itself.
                if covered(tables, i, at.CORRECTION) or (
                    word(seed, i, key, at.C_RECORD_MORE, 2) < tables[at.CORRECTED]
                ):
                    evidence |= 16 << s
                else:
                    evidence &= ~(16 << s)
            elif s < 2:
                settled = truth_owed_credit[i] == 0 if s == 1 else truth_owed_fee[i] == 0
                if settled:
                    evidence |= 16 << s
                else:
                    evidence &= ~(16 << s)
        record_evidence[i] = evidence
        record_reference[i] = reference


@inner
def record_in(lo, hi, traits, state, tables, now, luck, scratch, counts, room):
    """Write down what the sources saw, as :func:`record`, in a room kept from stride to stride."""
    before, ending, few = room
    for first in range(lo, hi, _CHUNK):
        last = min(first + _CHUNK, hi)
        _mean(first, last, traits, state, tables, before)
        n = _nothing(
            first,
            first - lo,
            last - first,
            traits,
            state,
            tables,
            luck,
            scratch,
            before,
            ending,
            few,
        )
        _write_down(few[:n], lo, first, traits, state, tables, now, luck, scratch, before, counts)


@kernel
def record_room():
    """Return the room that :func:`record_in` needs for a chunk of citizens."""
    return (
        np.empty(4 * _CHUNK, dtype=np.int64),
        np.empty(4 * _CHUNK, dtype=np.uint16),
        np.empty(_CHUNK, dtype=np.int64),
    )


@kernel
def record(lo, hi, traits, state, tables, now, luck, scratch, counts):
    """Write down what the sources saw of every citizen of the block."""
    record_in(lo, hi, traits, state, tables, now, luck, scratch, counts, record_room())
