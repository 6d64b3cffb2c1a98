"""Stage 6, respond: consequences, appeals, ties, joining, drift, and the count of people."""

from __future__ import annotations

from dataclasses import replace

from glasscity.terms import EVERYDAY_GATES, SPHERES

from .act import HIGHEST, LOWEST
from .citizen import CLEAR, LISTED, SPENT, SPHERE_OF_DEBT, WARNED
from .decide import LENDING
from .formulas import covered
from .score import counted, points


def respond(c, t, now, deciles, luck, tally):
    """Live with what was decided, then be counted.

    ``deciles``: the decile of each score, by last month's scores.
    """
    # By decile only where last month's scores had a spread to stand in, as the scored are counted.
    decile = deciles[c.next_face.score] if now.spread16 > 0 and c.next_face.score > 1 else None
    consequences(c, t, tally)
    if c.was_shut_out and decile is not None:
        tally.deciles[decile, "closed"] += 1
    perks(c, t, decile, tally)
    appeals(c, t, luck, tally)
    if c.dropped is not None and decile is not None:
        tally.deciles[decile, "dropped"] += 1
    ties(c, t, luck, tally)
    join(c, t, now, luck, tally)
    count(c, t, tally)  # the camp of the cube is that of the month's beginning
    drift(c, t, luck)


def consequences(c, t, tally):
    """Refusals cost liquidity; a job and an insurance are had or lost."""
    denied, granted = c.note["denied"], c.note["granted"]
    c.lost = max(0, c.lost - 1)
    if denied - set(EVERYDAY_GATES):
        cost = sum(t.cost[gate] for gate in denied - set(EVERYDAY_GATES))
        c.liquidity = max(LOWEST, c.liquidity - cost)
        c.lost = min(63, c.lost + (cost + 32) // 64)  # to the nearest quarter of a month
    if "insurance" in denied | granted:
        c.insured = "insurance" in granted
    if "job" in granted:
        c.idle = 0
    if granted & LENDING and sum(c.owed.values()) > 0:
        tally.add(c, "granted_arrears")


def perks(c, t, decile, tally):
    """What the perks that a score gives leave in the pocket: at each gate granted, the best one."""
    held = [k for k in range(t.perks) if c.next_face.score >= t.perk_points[k]]
    if not held:
        return
    tally.add(c, "perk_holders")
    if decile is not None:
        tally.deciles[decile, "perks"] += 1
    for gate in c.note["granted"]:
        gain = max((t.perk_gain[k] for k in held if t.perk_gate[k] == gate), default=0)
        if gain > 0:
            c.liquidity = min(HIGHEST, c.liquidity + gain)
            tally.add(c, "perks_used", gate)
            tally.add(c, "perk_gain_sum", by=gain)


def appeals(c, t, luck, tally):
    """Appeals of the listed and the warned, on evidence drawn anew; then who is listed, and why."""
    why = set()
    for sphere in SPHERES:
        word = c.standing[sphere][0]
        if word in (LISTED, WARNED):
            appeal(c, sphere, t, luck, tally)
        if c.on_list(sphere):
            tally.add(c, "listed", sphere)
            why |= c.causes[sphere]
    if any(c.on_list(sphere) for sphere in SPHERES):
        tally.add(c, "listed_any")
        tally.add(c, "listed_for", cause=reason(why))
    else:
        c.next_face = replace(c.next_face, listed=False)


def appeal(c, sphere, t, luck, tally):
    """The rightly and the wrongly listed appeal at rates of their own; the evidence decides.

    The safeguard opens every list to appeals, and has them decided sooner.
    """
    own = c.own[sphere]
    if covered(c.number, "appeals", t):
        chances = t.guard_appeal[sphere]
    elif "appeal" in t.list_exits[sphere]:
        chances = t.appeal[sphere]
    else:
        return
    if luck.word("appeal") >= chances[0 if own else 1]:
        return
    tally.add(c, "appeals")
    c.supported[sphere] = luck.word(f"evidence_{sphere}") < t.evidence[sphere][own]
    if c.supported[sphere]:
        if not own:
            tally.add(c, "appeals_wrong")
        return
    if c.on_list(sphere):
        tally.add(c, "exits_appeal", sphere)
        tally.exit(c, sphere, "appeal")
    spent = own and sphere in SPHERE_OF_DEBT.values()
    c.standing[sphere] = (SPENT, 0) if spent else (CLEAR, 0)
    c.causes[sphere] = set()


def reason(why):
    """Why a person is listed: an error only where nothing of one's own stands beside it."""
    if not why & {"unwilling", "unable", "mixed"}:
        return "mix_up" if "mix_up" in why else "false_alarm"
    if "mixed" in why or {"unwilling", "unable"} <= why:
        return "mixed"
    return "unwilling" if "unwilling" in why else "unable"


def ties(c, t, luck, tally):
    """One tie may be dropped, and the first of those no longer kept taken up again."""
    willing = set(c.next_face.willing)
    if c.dropped is not None:
        willing.discard(c.dropped)
        tally.add(c, "ties_dropped")
    missing = sorted(c.slots - willing)
    if missing and luck.word("tie_reopened") < t.tie_reopen:
        willing.add(missing[0])
        tally.add(c, "ties_reopened")
    c.next_face = replace(c.next_face, willing=frozenset(willing))


def join(c, t, now, luck, tally):
    """Joining while it is voluntary: (p + q x share of ties enrolled) x (1 + what perks pull)."""
    may = now.opt_in and c.next_face.score == 0 and t.adopt_needs <= c.apps
    chance = t.adopt_alone + t.adopt_ties * c.enrolled_share
    chance = chance * (256 + t.perk_pull[c.kind]) // 256
    if may and luck.word("joining") < chance:
        c.next_face = replace(c.next_face, score=1)
        tally.add(c, "joined")


def drift(c, t, luck):
    """Opinion moves a step the way that one's own public voice and the ties' point together."""
    if luck.word("drift") < t.drift:
        pull = {"criticise": -1, "praise": 1, "silent": 0}[c.next_face.voice]
        pull += {"critics": -1, "praisers": 1, None: 0}[c.led_by]
        step = (pull > 0) - (pull < 0)
        c.opinion = min(127, max(-127, c.opinion + step))


def wrong_deficit(c, t):
    """The counted deficit that rests on recording errors."""
    shares = c.taken_shares if t.pointed else c.shares
    return sum(counted(c, s, t) * shares[s, "error"] // 255 for s in SPHERES)


def count(c, t, tally):
    """The people of the month, as they are at its end."""
    tally.add(c, "citizens")
    if c.next_face.score > 1:
        tally.add(c, "enrolled")
        tally.add(c, "score_sum", by=c.next_face.score)
        if points(t.weights["credit_history"], wrong_deficit(c, t)) >= 256:
            tally.add(c, "error_in_score")
    if c.in_labour_force:
        tally.add(c, "labour_force")
        if c.idle > 0:
            tally.add(c, "out_of_work")
    tally.add(c, "liquidity_sum", by=c.liquidity - LOWEST)
    if c.liquidity < 0:
        tally.add(c, "in_debt")
    if c.has_credit:
        tally.add(c, "with_credit")
        if c.owed["credit"] >= 3:
            tally.add(c, "arrears")
    if sum(c.owed.values()) > 0:
        tally.add(c, "late")
    if c.withheld:
        tally.add(c, "withholding")
    if c.court == "ignored":
        tally.add(c, "order_ignored")
