"""Stage 4, restrict: warnings, lists, terms and exits."""

from __future__ import annotations

from dataclasses import replace

from glasscity.terms import LISTING_CAUSES, SPHERES

from .citizen import CLEAR, LISTED, SPENT, SPHERE_OF_DEBT, WARNED
from .fields import mask_of
from .formulas import covered

DEBT_OF_SPHERE = {sphere: debt for debt, sphere in SPHERE_OF_DEBT.items()}


def live_causes(c, sphere, own, false_kind):
    """The causes that this month's qualifying records give a listing.

    Conduct and contempt are one's own will; a debt has the causes of its spell, and one without any
    counts as inability.
    """
    causes = set()
    if own:
        debt = DEBT_OF_SPHERE.get(sphere)
        reasons = {"unwilling"} if debt is None else c.reasons[debt]
        if reasons == {"unwilling", "unable"}:
            causes.add("mixed")
        else:
            causes.add("unwilling" if "unwilling" in reasons else "unable")
    if false_kind:
        causes.add(false_kind)
    return causes


def restrict(c, t, now, luck, tally):
    """Move a citizen on and off the lists."""
    for sphere in SPHERES:
        if t.list_on[sphere] and now.lists_on:
            move(c, sphere, t, now, luck, tally)
    if any(c.on_list(sphere) for sphere in SPHERES):
        c.next_face = replace(c.next_face, listed=True)


def move(c, sphere, t, now, luck, tally):
    """One list's step for one citizen."""
    gravity = t.list_gravity[sphere]
    own = c.note["own"][sphere] >= gravity
    false = c.note["false"][sphere] >= gravity
    live = live_causes(c, sphere, own, c.note["false_kind"] if false else None)
    paid = c.paid[sphere] and c.own[sphere]
    mistaken = c.paid[sphere] and not c.own[sphere]
    word, months = c.standing[sphere]

    if word == LISTED:
        c.causes[sphere] |= live
        if paid and "performance" in t.list_exits[sphere]:
            leave(c, sphere, "performance", tally)
        elif mistaken:
            leave(c, sphere, "correction", tally)
        elif repaired(c, sphere, paid, t, luck):
            leave(c, sphere, "repair", tally)
        elif months is not None:
            c.standing[sphere] = (LISTED, months - 1)
            if months == 1:
                leave(c, sphere, "expiry", tally)
    elif word == SPENT:
        # The same order does not list twice; paying it, or a new error, ends that.
        if paid:
            c.standing[sphere] = (CLEAR, 0)
        elif false and not c.own[sphere]:
            begin(c, sphere, live_causes(c, sphere, False, c.note["false_kind"]), t, tally)
    elif word == WARNED:
        c.causes[sphere] |= live
        if paid or mistaken:
            c.standing[sphere] = (CLEAR, 0)
        elif months == 1:
            enter(c, sphere, t, tally)
        else:
            c.standing[sphere] = (WARNED, months - 1)
    elif live and not waits(c, sphere, own, false, t, now):
        begin(c, sphere, live, t, tally)
    if c.standing[sphere][0] in (CLEAR, SPENT):
        c.causes[sphere] = set()


def repaired(c, sphere, paid, t, luck):
    """Whether keeping the obligation afterwards ends the listing: by chance, each month.

    A debt is kept by paying it; on the other lists there is nothing to pay, and a month without a
    record of one's own is what counts.
    """
    kept = paid if sphere in DEBT_OF_SPHERE else c.note["own"][sphere] == 0
    if not (kept and covered(c.number, "repair", t)):
        return False
    return luck.word(f"repair_{sphere}") < t.guard_repair


def waits(c, sphere, own, false, t, now):
    """Whether a debt that would have listed before the lists began has to wait for its month.

    Such debts are listed over the lists' first twelve months, by identifier.
    """
    if sphere not in DEBT_OF_SPHERE or not own or false:
        return False
    fresh = [e for e in c.note["fresh"] if e.startswith(DEBT_OF_SPHERE[sphere])]
    if any(t.gravity[event] >= t.list_gravity[sphere] for event in fresh):
        return False
    return c.number % 12 > now.listed_months


def begin(c, sphere, causes, t, tally):
    """A warning, or the entry itself where there is none."""
    c.causes[sphere] = set(causes)
    notice = t.list_warning[sphere]
    if covered(c.number, "notice", t):
        notice += t.guard_warning
    if notice > 0:
        c.standing[sphere] = (WARNED, notice)
        tally.add(c, "warnings", sphere)
    else:
        enter(c, sphere, t, tally)


def term_of(c, sphere, t):
    """Months that an entry lasts, None without a term: the shortest of those that apply."""
    terms = [] if t.list_term[sphere] == 127 else [t.list_term[sphere]]
    if covered(c.number, "expiry", t):
        terms.append(t.guard_term)
    if covered(c.number, "duration_cap", t):
        terms.append(t.guard_cap)
    return min(terms, default=None)


def enter(c, sphere, t, tally):
    """Onto the list, which the ties hear of unless the news is on its way to the namesake."""
    if not c.note["strayed"]:
        c.next_face = replace(c.next_face, news="put on a list")
    c.standing[sphere] = (LISTED, term_of(c, sphere, t))
    tally.add(c, "entries", sphere)
    tally.entry(c, sphere, mask_of(c.causes[sphere], LISTING_CAUSES))


def leave(c, sphere, how, tally):
    """Off the list; an order of one's own that ran out its term cannot list again."""
    c.standing[sphere] = (CLEAR, 0)
    if how == "expiry" and sphere in DEBT_OF_SPHERE and c.own[sphere]:
        c.standing[sphere] = (SPENT, 0)
    tally.add(c, f"exits_{how}", sphere)
    tally.exit(c, sphere, how)
