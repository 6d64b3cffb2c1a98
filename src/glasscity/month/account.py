"""After the record, in points schemes alone: what records take from an account and deeds add to it.

A city's scheme gives everybody points to begin with, takes so many for each kind of record, once or
for every month of it, and adds so many for deeds.  What was taken is given back, and what was
added is forgotten, at a rate a month.  The account stands beside the deficits that a lender's own
screening reads: who pays late is the lender's business in every world.

Good deeds are done in every world; their luck is drawn here, where they count.  A deed is *induced*
where it is done and would not have been without the scheme, with the same luck; *forgone* where it
is the other way round.
"""

from __future__ import annotations

import numpy as np

from glasscity.draws import philox_rows, word
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

READS = ("record.taken", "record.earned")
WRITES = ("record.taken", "record.earned", "audit.taken_shares")
# The cube's cell has the opinion camp in it; provenance is carried along.
READS_FOR_AUDIT = ("audit.taken_shares", "truth.opinion")

__all__ = [
    "READS",
    "READS_FOR_AUDIT",
    "WRITES",
    "account",
    "account_in",
    "account_room",
    "done",
    "takes",
]

_DEEDS = first_row("deeds")
_INDUCED = first_row("deeds_induced")
_FORGONE = first_row("deeds_forgone")
_FILED = first_row("deeds_filed")
_TAKEN = first_row("points_taken")
_WRONGLY = first_row("points_taken_wrongly")

_FEES = (3, 6)
_SLIP = 2
# Citizens are taken so many at a time.
_CHUNK = 256


@inner
def takes(tables, event, began):
    """Return what a record of an event takes this month, 0..65535 of all that can be lost.

    ``began``: the event began or happened this month, else it goes on.
    """
    amount = tables[at.TAKEN_MONTHLY + event]
    if began:
        amount += tables[at.TAKEN_ONCE + event]
    return amount


@inner
def done(tables, deed, conscience, drawn):
    """Return (whether the deed is done, whether it would be done without the scheme)."""
    alone = (tables[at.DEED + deed] * tables[at.DILIGENT + conscience]) >> 8
    here = alone
    if tables[at.ADDED + deed] > 0:
        here = (alone * tables[at.DEED_RESPONSE]) >> 8
    return drawn < here, drawn < alone


@inner
def _forget(first, k, count, traits, state, tables, scratch, words, before, ending, few):
    """Let accounts fade, and return for how many something else happens; write who into ``few``.

    ``before`` is filled with what had been taken of everybody.  The screen lets through all on
    whose file something was put, who do a deed or would without the scheme, whose last points are
    given back, and whom a safeguard may cover.
    """
    taken = state.record.taken.reshape(-1)[4 * first : 4 * (first + count)]
    earned = state.record.earned[first : first + count]
    consciences = traits.conscience[first : first + count]
    filed = scratch[at.S_FILED, k : k + count]
    filed_false = scratch[at.S_FILED_FALSE, k : k + count]
    forgotten = tables[at.FORGOTTEN]
    lapsing = tables[at.ADDED_FORGOTTEN]
    for p in range(count):
        earned[p] = toward(np.int64(earned[p]), 0, lapsing)
    for p in range(4 * count):
        before[p] = taken[p]
    for p in range(4 * count):
        taken[p] = toward(before[p], 0, forgotten)
    fades = 0 if tables[at.GUARDED] == 1 else 65536 - forgotten
    for p in range(4 * count):
        ending[p] = np.int64(before[p] > 0) & np.int64(before[p] * fades < 65536)
    endings = ending.view(np.int64)
    n = 0
    for p in range(count):
        some = np.int64((filed[p] | filed_false[p]) != 0) | np.int64(endings[p] != 0)
        for d in range(4):
            does, would = done(tables, d, np.int64(consciences[p]), words[d, k + p])
            some |= np.int64(does) | np.int64(would)
        few[n] = p
        n += some
    return n


@inner
def _keep(few, lo, start, traits, state, tables, now, scratch, words, before, counts):
    """Keep the accounts of the few."""
    seed = tables[at.SEED]
    key = now[at.NOW_KEY]
    taken = state.record.taken
    earned = state.record.earned
    shares = state.audit.taken_shares
    truth_opinion = state.truth.opinion
    scale = tables[at.POINTS_LOST] * 16
    for j in range(len(few)):
        p = np.int64(few[j])
        i = start + p
        k = i - lo
        own = np.int64(scratch[at.S_FILED, k])
        false = np.int64(scratch[at.S_FILED_FALSE, k])
        fresh = np.int64(scratch[at.S_FRESH, k])
        cell = cell_of(
            np.int64(traits.income[i]), np.int64(traits.who[i]), np.int64(truth_opinion[i])
        )
        giving = tables[at.FORGOTTEN]
        if covered(tables, i, at.EXPIRY):
            giving = max(giving, tables[at.GUARD_MEMORY])
        if covered(tables, i, at.REPAIR):
            giving = max(giving, tables[at.GUARD_FADE])
        for s in range(4):
            old = before[4 * p + s]
            mine = np.int64(0)
            theirs = np.int64(0)
            fees = np.int64(0)
            if own | false:
                for e in range(11):
                    if tables[at.EVENT_SPHERE + e] != s:
                        continue
                    if (own >> e) & 1:
                        amount = takes(tables, e, (fresh >> e) & 1)
                        mine += amount
                        if _FEES[0] <= e < _FEES[1]:
                            fees += amount
                    if (false >> e) & 1:
                        theirs += takes(tables, e, 1)
            whole = mine + theirs
            if old == 0 and whole == 0:
                continue
            # As with deficits: safeguards give back more in a month without a record.
            kept = toward(old, 0, tables[at.FORGOTTEN] if whole > 0 else giving)
            new = min(kept + whole, 65535)
            taken[i, s] = new
            share = FIRST_SHARE[s]
            error = ERROR_SHARE[s]
            if new == 0:
                for x in range(share, error + 1):
                    shares[i, x] = 0
            elif whole > 0:
                added = new - kept
                of_own = added * mine // whole
                counts[_TAKEN + s, cell] += (added * scale + 32767) // 65535
                counts[_WRONGLY, cell] += ((added - of_own) * scale + 32767) // 65535
                cause = 0
                if s == 1:
                    cause = scratch[at.S_BLAME, k] & 3
                elif s == 0:
                    # Traffic is a slip; where fees took the larger part, the fee's cause.
                    cause = (scratch[at.S_BLAME, k] >> 2) & 3 if 2 * fees >= mine else _SLIP
                for x in range(share, error):
                    gain = of_own if x - share == cause else 0
                    shares[i, x] = share_after(np.int64(shares[i, x]), kept, gain, new)
                shares[i, error] = share_after(
                    np.int64(shares[i, error]), kept, added - of_own, new
                )
        conscience = np.int64(traits.conscience[i])
        given = np.int64(earned[i])
        for d in range(4):
            does, would = done(tables, d, conscience, words[d, k])
            if does:
                counts[_DEEDS + d, cell] += 1
                counts[_INDUCED, cell] += not would
                if (
                    tables[at.ADDED + d] > 0
                    and word(seed, i, key, at.C_DEED_FILED, d) < tables[at.DEED_FILED]
                ):
                    counts[_FILED, cell] += 1
                    given += tables[at.ADDED + d]
            elif would:
                counts[_FORGONE, cell] += 1
        earned[i] = min(given, 65535)


@inner
def account_in(lo, hi, traits, state, tables, now, scratch, counts, room):
    """Keep the accounts, as :func:`account`, in a room that is kept from stride to stride."""
    words, before, ending, few = room
    philox_rows(tables[at.SEED], lo, hi - lo, now[at.NOW_KEY], at.C_DEED, words)
    for first in range(lo, hi, _CHUNK):
        count = min(_CHUNK, hi - first)
        n = _forget(
            first, first - lo, count, traits, state, tables, scratch, words, before, ending, few
        )
        _keep(few[:n], lo, first, traits, state, tables, now, scratch, words, before, counts)


@kernel
def account_room():
    """Return the room that :func:`account_in` needs: the words of deeds, and for a chunk."""
    return (
        np.empty((4, at.STRIDE), dtype=np.uint32),
        np.empty(4 * _CHUNK, dtype=np.int64),
        np.empty(4 * _CHUNK, dtype=np.uint16),
        np.empty(_CHUNK, dtype=np.int64),
    )


@kernel
def account(lo, hi, traits, state, tables, now, scratch, counts):
    """Keep the accounts of the block; does nothing where there is no points scheme."""
    if tables[at.POINTED] == 1:
        account_in(lo, hi, traits, state, tables, now, scratch, counts, account_room())
