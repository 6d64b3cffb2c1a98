"""Stage 4, restrict: warnings, lists, terms and exits.

Model, section 5.4.  Entries come from those who were not on the list last month, so that with a
constant entry hazard h and a term D the share listed is hD / (1 + hD).  Which gates that closes,
and which gates close on the score, is a table made once the national rank is known (engine.world).
"""

from __future__ import annotations

import numpy as np

from glasscity.draws import word
from glasscity.jit import inner, kernel
from glasscity.month import tables as at
from glasscity.month.ledger import first_row
from glasscity.month.shared import cell_of, covered, logged, on_list

READS = ("record.standing", "record.evidence", "record.reference", "face.next")
WRITES = ("record.standing", "face.next", "audit.causes")
# audit.causes is carried along; scratch.blame and false_kind are its only sources.
READS_FOR_AUDIT = ("audit.causes", "truth.opinion")

__all__ = ["READS", "READS_FOR_AUDIT", "WRITES", "live_causes", "restrict"]

_WARNINGS = first_row("warnings")
_ENTRIES = first_row("entries")
_PERFORMANCE = first_row("exits_performance")
_EXPIRY = first_row("exits_expiry")
_CORRECTION = first_row("exits_correction")
_REPAIR = first_row("exits_repair")

NO_TERM = 127
WARNED = 128
LISTED_BEFORE = 192


@inner
def live_causes(sphere, own, false_kind, blame):
    """Return the causes (terms.LISTING_CAUSES bits) that this month's records give a listing.

    ``own`` is whether a record of the citizen's own qualifies; ``false_kind`` is 0, or 1 for a
    qualifying false alarm, or 2 for a mix-up.  Conduct and contempt are one's own will; a debt has
    its spell's causes, and one without any is counted as inability.
    """
    causes = 0
    if own:
        if sphere >= 2:
            causes = 1
        else:
            seen = (blame >> 4) & 3 if sphere == 1 else (blame >> 6) & 3
            if seen == 3:
                causes = 4
            elif seen == 2:
                causes = 1
            else:
                causes = 2
    if false_kind == 1:
        causes |= 8
    elif false_kind == 2:
        causes |= 16
    return causes


@inner
def of_note(standing, own, false, some):
    """List those with a standing, or a qualifying record of the month; return how many."""
    m = 0
    for k in range(len(standing)):
        anything = np.int64(standing[k, 0]) | np.int64(standing[k, 1])
        anything |= np.int64(standing[k, 2]) | np.int64(standing[k, 3])
        anything |= np.int64(own[k]) | np.int64(false[k])
        some[m] = k
        m += anything != 0
    return m


@kernel
def restrict(lo, hi, traits, state, tables, now, scratch, counts, log, used):
    """Move every citizen of the block on and off the lists; return how many log rows are used."""
    audit_causes = state.audit.causes
    face_next = state.face.next
    record_evidence = state.record.evidence
    record_reference = state.record.reference
    record_standing = state.record.standing
    truth_opinion = state.truth.opinion
    traits_income = traits.income
    traits_who = traits.who
    # Most have nothing on record, and do not stand on a list.
    some = np.empty(hi - lo + 1, dtype=np.int32)
    m = of_note(
        record_standing[lo:hi], scratch[at.S_OWN_GRAVITY], scratch[at.S_FALSE_GRAVITY], some
    )
    for x in range(m):
        k = np.int64(some[x])
        i = lo + k
        own = scratch[at.S_OWN_GRAVITY, k]
        false = scratch[at.S_FALSE_GRAVITY, k]
        cell = cell_of(
            np.int64(traits_income[i]), np.int64(traits_who[i]), np.int64(truth_opinion[i])
        )
        evidence = np.int64(record_evidence[i])
        fresh = scratch[at.S_FRESH, k]
        listed = 0
        for s in range(4):
            old = np.int64(record_standing[i, s])
            if tables[at.LIST_ON + s] == 0 or now[at.NOW_LISTS_ON] == 0:
                if on_list(old):
                    listed = 1
                continue
            gravity = tables[at.LIST_GRAVITY + s]
            warning = tables[at.LIST_WARNING + s]
            if covered(tables, i, at.NOTICE):
                warning += tables[at.GUARD_WARNING]
            mine = (own >> (3 * s)) & 7 >= gravity
            theirs = (false >> (3 * s)) & 7 >= gravity
            live = 0
            if mine or theirs:
                live = live_causes(
                    s, mine, scratch[at.S_FALSE_KIND, k] if theirs else 0, scratch[at.S_BLAME, k]
                )
            # Marked paid; or, for a record of nobody's obligation, found to be a mistake.
            mistaken = (evidence >> (4 + s)) & 1 == 1
            paid = mistaken and (np.int64(record_reference[i]) >> s) & 1 == 1
            mistaken = mistaken and not paid
            new = old
            if on_list(old):
                audit_causes[i] |= live << (5 * s)
                if paid and tables[at.LIST_EXITS + s] & 1:
                    new = 0
                    counts[_PERFORMANCE + s, cell] += 1
                    used = logged(log, used, 2, i, s, 0)
                elif mistaken:
                    new = 0
                    counts[_CORRECTION + s, cell] += 1
                    used = logged(log, used, 2, i, s, 3)
                elif (
                    (paid if s < 2 else (own >> (3 * s)) & 7 == 0)
                    and covered(tables, i, at.REPAIR)
                    and word(tables[at.SEED], i, now[at.NOW_KEY], at.C_GUARD, s)
                    < tables[at.GUARD_REPAIR]
                ):
                    # A debt is paid; elsewhere there is nothing to pay and nothing new on record:
                    # kept up, that ends the listing.
                    new = 0
                    counts[_REPAIR + s, cell] += 1
                    used = logged(log, used, 2, i, s, 4)
                elif old != NO_TERM:
                    new = old - 1
                    if new == 0:
                        if s < 2 and (np.int64(record_reference[i]) >> s) & 1:
                            new = LISTED_BEFORE
                        counts[_EXPIRY + s, cell] += 1
                        used = logged(log, used, 2, i, s, 2)
            elif old == LISTED_BEFORE:
                # The same order does not list twice; paying it, or a new error, ends that.
                if paid:
                    new = 0
                elif theirs and not (np.int64(record_reference[i]) >> s) & 1:
                    live = live_causes(s, False, scratch[at.S_FALSE_KIND, k], 0)
                    new = WARNED + warning
            elif old > WARNED:
                audit_causes[i] |= live << (5 * s)
                new = 0 if paid or mistaken else old - 1
            elif live != 0:
                # Orders that were already ignored when the regime began are listed over its
                # first twelve months, month by identifier.
                known = s < 2 and mine and not theirs and i % 12 > now[at.NOW_LISTED_MONTHS]
                if known:
                    for e in range(3 * (1 - s), 3 * (1 - s) + 3):
                        if (fresh >> e) & 1 and tables[at.GRAVITY + e] >= gravity:
                            known = False
                if not known:
                    new = WARNED + warning
            if new >= WARNED and new != LISTED_BEFORE and (old == 0 or old == LISTED_BEFORE):
                audit_causes[i] = (np.int64(audit_causes[i]) & ~(31 << (5 * s))) | (live << (5 * s))
                if new > WARNED:
                    counts[_WARNINGS + s, cell] += 1
            if new == WARNED:
                new = tables[at.LIST_TERM + s]
                # Without a term is 127, longer than any.
                if covered(tables, i, at.EXPIRY):
                    new = min(new, tables[at.GUARD_TERM])
                if covered(tables, i, at.CAP):
                    new = min(new, tables[at.GUARD_CAP])
                counts[_ENTRIES + s, cell] += 1
                used = logged(log, used, 1, i, s, (np.int64(audit_causes[i]) >> (5 * s)) & 31)
                if scratch[at.S_STATUS, k] & 4096 == 0:
                    face_next[i] = (np.int64(face_next[i]) & 0x0FFFFFFF) | (12 << 28)
            if new == 0 or new == LISTED_BEFORE:
                audit_causes[i] = np.int64(audit_causes[i]) & ~(31 << (5 * s))
            record_standing[i, s] = new
            if on_list(new):
                listed = 1
        if listed:
            face_next[i] = np.int64(face_next[i]) | (1 << 13)
    return used
