"""One month of a society: two passes over blocks, and the national rank between them.

Pass one: see, act, record, score, restrict.  Barrier: the national histogram of scores gives
ranks, cut-offs and, with them, the gates closed at each score.  Pass two: decide, respond, couple,
favour.
The blocks of a pass are independent of each other, so threads are only a matter of who does which.
"""

from __future__ import annotations

import numpy as np

from glasscity.draws import philox_held, philox_rows
from glasscity.jit import inner, kernel
from glasscity.month import tables as at
from glasscity.month.account import account_in, account_room
from glasscity.month.act import act_in, act_room
from glasscity.month.couple import couple
from glasscity.month.decide import decide
from glasscity.month.display import display
from glasscity.month.favour import favour
from glasscity.month.operate import operate
from glasscity.month.record import record_in, record_room
from glasscity.month.respond import respond
from glasscity.month.restrict import restrict
from glasscity.month.score import score
from glasscity.month.see import see_in, see_room

__all__ = ["LOG_ROWS", "LOG_ROWS_PER_BLOCK", "harvest_cell", "pass_one", "pass_two", "state_hash"]

# A block leaves at most 20 rows a citizen; a pass stops where the log could not hold one more.
LOG_ROWS_PER_BLOCK = 4096 * 20
LOG_ROWS = 3 * LOG_ROWS_PER_BLOCK

_VOICE_KEPT = 12

_K1 = np.uint64(0x9E3779B97F4A7C15)
_K2 = np.uint64(0xBF58476D1CE4E5B9)
_K3 = np.uint64(0x94D049BB133111EB)


@kernel
def pass_one(
    first_block,
    end_block,
    blocks,
    traits,
    wiring,
    state,
    tables,
    now,
    score_gates,
    offices,
    office_rules,
    deciles_of,
    luck,
    scratch,
    counts,
    histogram,
    moments,
    deciles,
    log,
):
    """Run stages see to restrict over blocks; return (the next block to do, log rows used).

    ``counts``, int64[cells, rows, 75], ``histogram``, int64[2048], and ``moments``, int64[5], are
    added to.  ``score_gates`` is last month's, and so is ``deciles_of``, uint8[2048], the decile of
    each score; ``deciles``, int64[10, DECILE_COUNTS], is added to.  ``offices`` and
    ``office_rules`` are those of the private operators (engine.compile).
    """
    used = np.int64(0)
    seed = tables[at.SEED]
    key = now[at.NOW_KEY]
    rooms = see_room(), act_room(), record_room(), account_room()
    for b in range(first_block, end_block):
        if used + LOG_ROWS_PER_BLOCK > len(log):
            return np.int64(b), used
        cell = blocks[b, 2]
        for lo in range(blocks[b, 0], blocks[b, 1], at.STRIDE):
            hi = min(lo + at.STRIDE, blocks[b, 1])
            segment = blocks[b, 5] + ((lo - blocks[b, 0]) >> 6)
            philox_held(seed, lo, hi - lo, key, at.L_VOICE, _VOICE_KEPT, luck[at.L_VOICE])
            for call in (at.L_WORK, at.L_PAYMENT, at.L_RARE, at.L_LIFE):
                philox_rows(seed, lo, hi - lo, key, call, luck[call])
            if now[at.NOW_OPERATOR] == 1:
                philox_rows(seed, lo, hi - lo, key, at.C_COMPANY, luck[at.L_COMPANY])
            see_in(
                lo,
                hi,
                segment,
                traits,
                wiring,
                state,
                tables,
                now,
                luck,
                scratch,
                moments,
                rooms[0],
            )
            act_in(
                lo,
                hi,
                blocks[b, 4],
                traits,
                state,
                tables,
                now,
                score_gates,
                luck,
                scratch,
                counts[cell],
                rooms[1],
            )
            record_in(lo, hi, traits, state, tables, now, luck, scratch, counts[cell], rooms[2])
            if tables[at.POINTED] == 1:
                account_in(lo, hi, traits, state, tables, now, scratch, counts[cell], rooms[3])
            score(
                lo, hi, blocks[b, 3], traits, state, tables, now, scratch, counts[cell], histogram
            )
            if now[at.NOW_OPERATOR] == 1:
                operate(lo, hi, traits, state, offices, office_rules, now, scratch, counts[cell])
                display(
                    lo,
                    hi,
                    traits,
                    state,
                    tables,
                    now,
                    luck,
                    scratch,
                    deciles_of,
                    deciles,
                    counts[cell],
                )
            used = restrict(lo, hi, traits, state, tables, now, scratch, counts[cell], log, used)
    return np.int64(end_block), used


@kernel
def pass_two(
    first_block,
    end_block,
    blocks,
    traits,
    wiring,
    state,
    tables,
    now,
    score_gates,
    score_gates_without_rank,
    cuts,
    deciles_of,
    luck,
    scratch,
    verdicts,
    counts,
    shapley,
    deciles,
    couples,
    attributes,
    log,
):
    """Run stages decide to favour over blocks; return (the next block to do, log rows used).

    ``couples``, int64[COUPLE_COUNTS], is added to, as what pass one adds to.
    """
    used = np.int64(0)
    seed = tables[at.SEED]
    key = now[at.NOW_KEY]
    for b in range(first_block, end_block):
        if used + LOG_ROWS_PER_BLOCK > len(log):
            return np.int64(b), used
        cell = blocks[b, 2]
        for lo in range(blocks[b, 0], blocks[b, 1], at.STRIDE):
            hi = min(lo + at.STRIDE, blocks[b, 1])
            segment = blocks[b, 5] + ((lo - blocks[b, 0]) >> 6)
            philox_rows(seed, lo, hi - lo, key, at.L_EVERYDAY, luck[at.L_EVERYDAY])
            philox_rows(seed, lo, hi - lo, key, at.C_COMPANY, luck[at.L_COMPANY])
            used = decide(
                lo,
                hi,
                segment,
                blocks[b, 3],
                blocks[b, 4],
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
                counts[cell],
                shapley,
                attributes,
                log,
                used,
            )
            used = respond(
                lo,
                hi,
                blocks[b, 4],
                traits,
                state,
                tables,
                now,
                scratch,
                deciles_of,
                deciles,
                counts[cell],
                log,
                used,
            )
            couple(
                lo,
                hi,
                traits,
                state,
                tables,
                now,
                luck,
                deciles_of,
                deciles,
                couples,
                counts[cell],
            )
            favour(lo, hi, segment, traits, wiring, state, tables, now, luck, counts[cell])
    return np.int64(end_block), used


@kernel
def harvest_cell(tallies, cell, where, values):
    """Write a cell's non-zero counts, summed over threads, out; zero them; return how many.

    ``tallies``, int64[threads, cells, rows, 75]; ``where`` gets row * 75 + cell of the cube.
    """
    threads, _, rows, width = tallies.shape
    totals = np.empty(width, dtype=np.int64)
    n = 0
    for row in range(rows):
        # Most rows of most cells are empty: a look that the compiler can do several at a time.
        anything = np.int64(0)
        for thread in range(threads):
            counts = tallies[thread, cell, row]
            for column in range(width):
                anything |= counts[column]
        if anything == 0:
            continue
        totals[:] = 0
        for thread in range(threads):
            counts = tallies[thread, cell, row]
            for column in range(width):
                totals[column] += counts[column]
                counts[column] = 0
        # Without a branch: which of a row's are zero is anybody's guess.
        for column in range(width):
            where[n] = row * width + column
            values[n] = totals[column]
            n += totals[column] != 0
    return n


@inner
def _mixed(h, word, constant):
    h = (h ^ word) * constant
    return h ^ (h >> np.uint64(29))


@inner
def state_hash(lo, hi, key, state):
    """Return the sum, modulo 2**64, of a keyed hash of each citizen's state but the audit group.

    The logical values are hashed, so storing a column in fewer bits changes nothing; the sum does
    not depend on order.  ``key`` is the luck's month.
    """
    truth, book, belief = state.truth, state.record, state.belief
    # Slices and rows seen as one word (little-endian, as every machine we run on), so that eight
    # citizens are hashed at a time; nothing is written but the sum.
    opinion = truth.opinion[lo:hi]
    liquidity = truth.liquidity[lo:hi]
    idle = truth.idle[lo:hi]
    owed_credit = truth.owed_credit[lo:hi]
    owed_fee = truth.owed_fee[lo:hi]
    spell = truth.spell[lo:hi]
    case = truth.case[lo:hi]
    deficits = book.deficits.reshape(-1).view(np.uint64)[lo:hi]
    standings = book.standing.reshape(-1).view(np.uint32)[lo:hi]
    private = book.private.reshape(-1).view(np.uint32)[lo:hi]
    fulfilment = book.fulfilment[lo:hi]
    evidence = book.evidence[lo:hi]
    reference = book.reference[lo:hi]
    faces = state.face.now[lo:hi]
    deeds = state.face.deed[lo:hi]
    speech = belief.speech[lo:hi]
    breach = belief.breach[lo:hi]
    speech_seen = belief.speech_seen[lo:hi]
    breach_seen = belief.breach_seen[lo:hi]
    trust = belief.trust[lo:hi]
    pointed = len(book.earned) > 0
    taken = book.taken.reshape(-1).view(np.uint64)[lo:hi]
    earned = book.earned[lo:hi]
    first = np.uint64(lo)
    moment = np.uint64(key) * _K1
    total = np.uint64(0)
    for p in range(hi - lo):
        h = (first + np.uint64(p)) * _K3 + moment
        word = np.uint64(np.uint8(opinion[p]))
        word |= np.uint64(np.uint16(liquidity[p])) << np.uint64(8)
        word |= np.uint64(idle[p]) << np.uint64(24)
        word |= np.uint64(owed_credit[p]) << np.uint64(32)
        word |= np.uint64(owed_fee[p]) << np.uint64(40)
        word |= np.uint64(spell[p]) << np.uint64(48)
        word |= np.uint64(case[p]) << np.uint64(56)
        h = _mixed(h, word, _K1)
        h = _mixed(h, deficits[p], _K2)
        word = np.uint64(fulfilment[p]) | np.uint64(standings[p]) << np.uint64(16)
        word |= np.uint64(evidence[p]) << np.uint64(48)
        word |= np.uint64(reference[p]) << np.uint64(56)
        h = _mixed(h, word, _K3)
        word = np.uint64(faces[p])
        word |= np.uint64(np.uint16(speech[p])) << np.uint64(32)
        word |= np.uint64(np.uint16(breach[p])) << np.uint64(48)
        h = _mixed(h, word, _K1)
        word = np.uint64(speech_seen[p]) | np.uint64(breach_seen[p]) << np.uint64(8)
        word |= np.uint64(trust[p]) << np.uint64(16)
        scores = np.uint64(private[p])
        scores = (scores & np.uint64(65535)) | (scores >> np.uint64(16)) << np.uint64(11)
        word |= scores << np.uint64(32)
        word |= np.uint64(deeds[p]) << np.uint64(56)
        h = _mixed(h, word, _K2)
        if pointed:
            h = _mixed(h, taken[p], _K1)
            h = _mixed(h, np.uint64(earned[p]), _K3)
        total += h ^ (h >> np.uint64(32))
    return total
