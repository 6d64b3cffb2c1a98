"""After the record, in points schemes: what records take from an account and deeds add to it."""

from __future__ import annotations

import math
from fractions import Fraction

from glasscity.terms import DEEDS, EVENTS, SPHERES

from .formulas import covered, toward
from .record import share_after


def takes(event, began, t):
    """What a record of an event takes this month: its monthly part, and the rest when it begins."""
    return t.taken_monthly[event] + (t.taken_once[event] if began else 0)


def account(c, t, luck, tally):
    """Keep a citizen's account."""
    if not t.pointed:
        return
    own, wrong = dict.fromkeys(SPHERES, 0), dict.fromkeys(SPHERES, 0)
    fees = 0
    for event in EVENTS:
        sphere = t.event_sphere[event]
        if event in c.note["filed"]:
            amount = takes(event, event in c.note["fresh"], t)
            own[sphere] += amount
            fees += amount if event.startswith("fee") else 0
        if event in c.note["filed_wrongly"]:
            wrong[sphere] += takes(event, True, t)
    for sphere in SPHERES:
        take(c, sphere, own[sphere], wrong[sphere], fees, t, tally)
    c.earned = min(65535, toward(c.earned, 0, t.added_forgotten) + rewards(c, t, luck, tally))


def take(c, sphere, own, wrong, fees, t, tally):
    """Take what is due in a sphere; give back a part of what was taken before."""
    old, whole = c.taken[sphere], own + wrong
    if old == 0 and whole == 0:
        return
    giving = t.forgotten
    if whole == 0:
        if covered(c.number, "expiry", t):
            giving = max(giving, t.guard_memory)
        if covered(c.number, "repair", t):
            giving = max(giving, t.guard_fade)
    kept = toward(old, 0, giving)
    new = c.taken[sphere] = min(65535, kept + whole)
    keys = [key for key in c.taken_shares if key[0] == sphere]
    if new == 0:
        c.taken_shares.update(dict.fromkeys(keys, 0))
        return
    if whole == 0:
        return
    added = new - kept
    of_own = added * own // whole
    # In sixteenths of a point, to the nearest.
    nearest = lambda x: math.floor(Fraction(16 * t.points_lost * x + 32767, 65535))  # noqa: E731
    tally.add(c, "points_taken", sphere, by=nearest(added))
    tally.add(c, "points_taken_wrongly", by=nearest(added - of_own))
    cause = None
    if sphere == "commerce":
        cause = c.note["blame"].get("credit")
    elif sphere == "government":
        cause = c.note["blame"].get("fee") if 2 * fees >= own else "slip"
    for key in keys:
        gain = {"error": added - of_own, cause: of_own}.get(key[1], 0)
        c.taken_shares[key] = share_after(c.taken_shares[key], kept, gain, new)


def rewards(c, t, luck, tally):
    """What the month's deeds add."""
    total = 0
    for deed in DEEDS:
        chance = t.deed[deed] * t.diligent[c.conscience] // 256
        here = chance * t.deed_response // 256 if t.added[deed] > 0 else chance
        does, would = luck.word(deed) < here, luck.word(deed) < chance
        if does:
            tally.add(c, "deeds", deed)
            if not would:
                tally.add(c, "deeds_induced")
            if t.added[deed] > 0 and luck.word(f"{deed}_filed") < t.deed_filed:
                tally.add(c, "deeds_filed")
                total += t.added[deed]
        elif would:
            tally.add(c, "deeds_forgone")
    return total
