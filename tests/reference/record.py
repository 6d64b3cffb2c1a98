"""Stage 2, record: what the sources write down of a citizen, and what they get wrong."""

from __future__ import annotations

import math
from fractions import Fraction

from glasscity.terms import EVENTS, SPHERES

from .citizen import CLEAR, SPENT
from .fields import mask_of
from .formulas import covered, toward
from .luck import Luck

SIX_MONTHS = 1536  # of savings, in 1/256
CODES = ("pay_app", "social_app", "credit")


def seen_by(event):
    """The name of the word that decides whether an event is written down."""
    if event.startswith("credit"):
        return "credit_seen"
    if event.startswith("fee"):
        return "fee_seen"
    return "contempt_seen" if event == "contempt" else "conduct_seen"


def gravest(events, t):
    """The gravest of some events, the later in the list of terms among equals; None of none."""
    return max(events, key=lambda e: (t.gravity[e], EVENTS.index(e)), default=None)


def strays(person, namesake, event, month, t):
    """Whether the record of a person's event of a month is taken for the namesake's.

    Both ends ask with the person's luck of that month, so it leaves one file and reaches the other.
    The risk is that of the rarer of the two names.
    """
    risk = t.name_risk[min(person.name_group, namesake.name_group)]
    word = Luck(t.seed, person.number, month).word("stray")
    return word < t.mix[event] * risk // 256


def record(c, t, now, luck, tally):
    """Write down what happened, what did not, and what happened to the namesake."""
    status = c.note["status"]
    has = mask_of(c.has, CODES)
    written = {e for e in status if luck.word(seen_by(e)) < t.detect[e][has]}
    fresh = gravest(written & c.note["fresh"], t)
    twin = c.note["twin"]
    # A record that strays goes to the namesake's file; it leaves this one, or is copied.
    c.note["strayed"] = bool(fresh and twin and strays(c, twin, fresh, now.key, t))
    moved = fresh if c.note["strayed"] and t.mix_moves else None
    own = dict.fromkeys(SPHERES, 0)
    for event in written:
        if event != moved:
            tally.add(c, "recorded", event)
            sphere = t.event_sphere[event]
            own[sphere] = max(own[sphere], t.gravity[event])

    false, kind = mistakes(c, twin, has, t, now, luck, tally)
    c.note.update(own=own, false=false, false_kind=kind, written=written)
    c.note["filed"] = written - {moved}
    c.note["news"] = fresh or ("settled unlisted" if c.note["settled"] else None)
    if kind:
        c.last_error_mix_up = kind == "mix_up"
    file_deficits(c, own, false, t, tally)
    if t.means_needs <= c.has:
        file_means(c, t)
    file_evidence(c, own, false, t, luck)


def mistakes(c, twin, has, t, now, luck, tally):
    """Return (gravity by sphere, kind) of records of what this citizen did not do.

    Where wrong records are corrected, they are withdrawn before they count, and links at once.
    """
    corrects = covered(c.number, "correction", t)
    false, kind, wrong = dict.fromkeys(SPHERES, 0), None, []

    def put(event):
        wrong.append(event)
        sphere = t.event_sphere[event]
        false[sphere] = max(false[sphere], t.gravity[event])

    event = c.note["twin_news"]
    if event in EVENTS:
        linked = c.linked and t.mix[event] > 0
        if linked or strays(twin, c, event, now.key - 1, t):
            put(event)
            kind = "mix_up"
            c.linked = True
            tally.add(c, "mix_ups", event)
    if luck.word("false_alarm") < t.false_any[has]:
        word = luck.word("which_false_alarm")
        limits = t.false_which[has]
        event = next((e for e in EVENTS[:-1] if word < limits[e]), EVENTS[-1])
        put(event)
        kind = kind or "false_alarm"
        tally.add(c, "false_alarms", event)
    if c.linked:
        if corrects or luck.word("link_found") < t.corrected:
            c.linked = False
            tally.add(c, "links_corrected")
        else:
            tally.add(c, "linked")
    if c.note["reported"]:
        put("care")  # neglect of one's family, which only a neighbour could have seen
        kind = kind or "false_alarm"
        tally.add(c, "false_reports")
    if kind and corrects:
        tally.add(c, "guard_withdrawn", by=len(wrong))
        c.note["filed_wrongly"] = set()
        return dict.fromkeys(SPHERES, 0), None
    c.note["filed_wrongly"] = set(wrong)
    return false, kind


def file_deficits(c, own, false, t, tally):
    """One running mean a sphere, of the gravest thing on record; its provenance beside it.

    Where records expire, and where keeping to one's obligations clears them, a month without a
    record takes more off; no safeguard lets a record weigh more.
    """
    wrong = False
    fading = t.memory
    if covered(c.number, "expiry", t):
        fading = max(fading, t.guard_memory)
    if covered(c.number, "repair", t):
        fading = max(fading, t.guard_fade)
    for sphere in SPHERES:
        old, worst = c.deficits[sphere], max(own[sphere], false[sphere])
        if old == 0 and worst == 0:
            continue
        # Gravity 5 is 65535, the whole.
        new = toward(old, worst * 13107, t.memory if worst else fading)
        c.deficits[sphere] = new
        keys = [key for key in c.shares if key[0] == sphere]
        if new == 0:
            c.shares.update(dict.fromkeys(keys, 0))
        elif worst > 0:
            kept = old - math.ceil(Fraction(old * t.memory, 65536))
            added = new - kept
            of_own = added * own[sphere] // worst
            cause = cause_of(c, sphere, own[sphere], t)
            for key in keys:
                gain = 0
                if key[1] == "error":
                    gain = added - of_own
                elif key[1] == cause:
                    gain = of_own
                c.shares[key] = share_after(c.shares[key], kept, gain, new)
        wrong = wrong or (new > 0 and c.shares[sphere, "error"] > 0)
    if wrong:
        tally.add(c, "error_on_record")


def cause_of(c, sphere, gravity, t):
    """The cause of one's own breach on record in a sphere of debts this month.

    In the government's sphere it is the fee's where a fee's breach is the gravest there, else
    traffic, which is a slip.
    """
    if sphere == "commerce":
        return c.note["blame"].get("credit")
    fees = [t.gravity[e] for e in c.note["written"] if e.startswith("fee")]
    if sphere == "government" and max(fees, default=0) == gravity:
        return c.note["blame"].get("fee")
    return "slip"


def share_after(share, kept, added, total):
    """A cause's share, in 1/255, of a deficit of what was kept plus what was added.

    To the nearest where something was added to it; else down, or it would stall above zero.
    """
    exact = Fraction(share * kept + 255 * added, total)
    return math.floor(exact + Fraction(1, 2)) if added > 0 else math.floor(exact)


def file_means(c, t):
    """Signs of means, and how much of their shortfall earlier denials made."""
    base = t.means_income[c.quintile] + (t.means_work if c.idle == 0 else 0)

    def shown(liquidity):
        counted = min(SIX_MONTHS, max(0, liquidity))
        return min(65535, base + t.means_liquidity * counted // SIX_MONTHS)

    actual, could = shown(c.liquidity), shown(c.liquidity + 64 * c.lost)
    c.fulfilment = toward(c.fulfilment, actual, t.memory_means)
    c.lost_means = toward(c.lost_means, could - actual, t.memory_means)


def file_evidence(c, own, false, t, luck):
    """Mark what is paid; an entry's reference is fixed when it is made."""
    for sphere in SPHERES:
        word = c.standing[sphere][0]
        new_error = false[sphere] > own[sphere] and false[sphere] >= t.list_gravity[sphere]
        if word == CLEAR or (word == SPENT and new_error):
            c.paid[sphere] = False
            if own[sphere] or false[sphere]:
                c.own[sphere] = own[sphere] >= false[sphere]
        elif not c.own[sphere]:
            # Nobody's obligation: the source may find its mistake by itself, or has to.
            found = covered(c.number, "correction", t) or luck.word("mistake_found") < t.corrected
            c.paid[sphere] = found
        elif sphere == "commerce":
            c.paid[sphere] = c.owed["credit"] == 0
        elif sphere == "government":
            c.paid[sphere] = c.owed["fee"] == 0
