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

from glasscity.draws import word
from glasscity.jit import kernel
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

__all__ = ["READS", "READS_FOR_AUDIT", "WRITES", "account", "done", "takes"]

_DEEDS = first_row("deeds")
_INDUCED = first_row("deeds_induced")
_FORGONE = first_row("deeds_forgone")
_FILED = first_row("deeds_filed")
_TAKEN = first_row("points_taken")
_WRONGLY = first_row("points_taken_wrongly")

_FEES = (3, 6)
_SLIP = 2


@kernel
def takes(tables, event, began):
    """Return what a record of an event takes this month, 0..65535 of all that can be lost.

    ``began``: the event began or happened this month, else it goes on.
    """
    amount = tables[at.TAKEN_MONTHLY + event]
    if began:
        amount += tables[at.TAKEN_ONCE + event]
    return amount


@kernel
def done(tables, deed, conscience, drawn):
    """Return (whether the deed is done, whether it would be done without the scheme)."""
    alone = (tables[at.DEED + deed] * tables[at.DILIGENT + conscience]) >> 8
    here = alone
    if tables[at.ADDED + deed] > 0:
        here = (alone * tables[at.DEED_RESPONSE]) >> 8
    return drawn < here, drawn < alone


@kernel
def account(lo, hi, traits, state, tables, now, scratch, counts):
    """Keep the accounts of the block; does nothing where there is no points scheme."""
    if tables[at.POINTED] == 0:
        return
    seed = tables[at.SEED]
    key = now[at.NOW_KEY]
    taken = state.record.taken
    earned = state.record.earned
    shares = state.audit.taken_shares
    truth_opinion = state.truth.opinion
    scale = tables[at.POINTS_LOST] * 16
    for i in range(lo, hi):
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
            old = np.int64(taken[i, s])
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
            first = FIRST_SHARE[s]
            error = ERROR_SHARE[s]
            if new == 0:
                for x in range(first, error + 1):
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
                for x in range(first, error):
                    gain = of_own if x - first == cause else 0
                    shares[i, x] = share_after(np.int64(shares[i, x]), kept, gain, new)
                shares[i, error] = share_after(
                    np.int64(shares[i, error]), kept, added - of_own, new
                )
        conscience = np.int64(traits.conscience[i])
        given = toward(np.int64(earned[i]), 0, tables[at.ADDED_FORGOTTEN])
        for d in range(4):
            does, would = done(tables, d, conscience, word(seed, i, key, at.C_DEED, d))
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
