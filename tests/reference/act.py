"""Stage 1, act: work, liquidity, obligations, courts, conduct."""

from __future__ import annotations

from .citizen import DEBTS, SPHERE_OF_DEBT
from .fields import CONDUCT
from .formulas import (
    closed_by_lists,
    closed_by_score,
    covered,
    fear,
    games,
    lists_of,
    own_gates,
    value_of,
)
from .voice import speak

LOWEST, HIGHEST, OWED_CAP = -3072, 6144, 36


def act(c, t, now, old_cuts, luck, tally):
    """Live through the month.  ``old_cuts``: last month's cut-off of each gate."""
    c.note["before"] = dict(c.owed)
    c.note["withheld_before"] = c.withheld
    c.note["status"], c.note["fresh"], c.note["blame"] = set(), set(), {}
    work(c, t, luck)
    spend(c, t, luck)
    if games(c.number, t) and will_be_scored(c, now):
        c.liquidity -= t.game_cost
    c.note["fear_breach"] = fear(
        t.phi_breach, c.breach, c.breach_seen, c.speech, c.speech_seen, t.crosstalk, now.salience
    )
    c.note["fear_speech"] = fear(
        t.phi_speech, c.speech, c.speech_seen, c.breach, c.breach_seen, t.crosstalk, now.salience
    )
    began = withhold(c, t, now, old_cuts, luck, tally)
    for debt in DEBTS:
        if debt == "fee" or c.has_credit:
            pay(c, debt, began, t, now, luck, tally)
    court(c, t, luck, tally)
    breaches(c, t, luck, tally)
    c.note["settled"] = any(settled_unlisted(c, debt) for debt in DEBTS)
    c.liquidity = min(HIGHEST, max(LOWEST, c.liquidity))
    speak(c, t, luck, tally)
    c.life_gate = None
    for code, limit in enumerate(t.life[c.kind].values()):
        if luck.word("life_gate") < limit:
            c.life_gate = code
            break
    lead = c.note["praisers"] - c.note["critics"]
    c.led_by = None if lead == 0 else "praisers" if lead > 0 else "critics"


def work(c, t, luck):
    """Separations, and offers to those who had lost their work before this month."""
    c.job_offer = False
    if not c.in_labour_force:
        return
    if c.idle > 0:
        c.job_offer = luck.word("offer") < t.offer
        c.idle = min(255, c.idle + 1)
    elif luck.word("separation") < t.separation[c.occupation]:
        c.idle = 1


def spend(c, t, luck):
    """Pooling in the household; saving that fades toward a target, or drawing; shocks."""
    change = (c.note["pool"] - c.liquidity) * t.pooling // 65536
    room = t.liquidity_target - c.liquidity
    if c.idle > 0:
        change -= t.idle_spending
    elif room > 0:
        change += t.saving[c.quintile] * room // t.liquidity_target
    c.liquidity += change
    if luck.word("shock") < t.shock:
        size = t.shock_size[luck.word("shock_size") >> 28]
        c.liquidity -= size * t.insured_shock // 256 if c.insured else size


def will_be_scored(c, now):
    """Whether the month's score is made for one: everybody under the mandate, else who joined."""
    return bool(now.operator and (now.mandate or c.face.score > 0))


def stake(c, sphere, t, now, old_cuts):
    """The stake of a breach, 0..65535: what the gravest breach it becomes would close that is open.

    An ignored order puts one on the sphere's list; twelve months of it take so many points off,
    which behind a firewall only the gates of its sphere look at.  Perks that the fall would cost
    count too; the whole is at most one.
    """
    score, fallen = c.face.score, max(t.low, c.face.score - t.deep_drop)
    closed = closed_by_lists(c.number, lists_of(c), t, now) | closed_by_score(score, old_cuts)
    worse = set()
    if now.lists_on and t.list_on[sphere]:
        worse |= closed_by_lists(c.number, {sphere}, t, now)
    if score > 1:
        by_score = closed_by_score(fallen, old_cuts)
        if covered(c.number, "firewall", t):
            by_score &= own_gates(sphere, t)
        if covered(c.number, "essentials", t):
            by_score -= t.essential
        worse |= by_score
    value = t.court_stake + value_of(worse - closed, c.kind, t)
    if score > 1:
        value += sum(
            t.perk_worth[c.kind][k] for k in range(t.perks) if fallen < t.perk_points[k] <= score
        )
    return min(value, t.stake_total) * 65535 // t.stake_total


def reopened(c, sphere, t, now):
    """The value that performing would reopen to one on the sphere's list, 0..65535."""
    lists = lists_of(c)
    with_it = closed_by_lists(c.number, lists, t, now)
    without = closed_by_lists(c.number, lists - {sphere}, t, now)
    return value_of(with_it - without, c.kind, t) * 65535 // t.stake_total


def withhold(c, t, now, old_cuts, luck, tally):
    """Whether a spell of unwillingness begins: onset, times what fear x stake deters."""
    if c.withheld is not None:
        return False
    debt = "fee"
    if c.has_credit and luck.word("what_is_withheld") < t.onset_credit:
        debt = "credit"
    fear_x_stake = c.note["fear_breach"] * stake(c, SPHERE_OF_DEBT[debt], t, now, old_cuts)
    factor = t.deterrence[fear_x_stake // 2**18]  # from 1/(256 * 65536) to 1/64
    if luck.word("onset") >= t.onset[c.conscience] * factor // 4096:
        return False
    c.withheld = debt
    tally.add(c, "unwilling_onsets")
    return True


def pay(c, debt, began, t, now, luck, tally):
    """One obligation: pay, pay what is owed, or fail to (unwilling, unable, a slip)."""
    part = t.fee if debt == "fee" else t.instalment[c.instalment_class]
    reasons = c.reasons[debt]
    in_court = c.court_debt == debt
    owed, paid = c.owed[debt], False
    if debt == "credit":
        tally.add(c, "months_due")

    if c.withheld == debt:
        listed = c.on_list(SPHERE_OF_DEBT[debt])
        if not began and repays(c, debt, listed, t, now, luck, tally):
            c.liquidity -= owed * part
            recovered(c, debt, owed, tally)
            owed, paid, c.withheld = 0, True, None
            tally.add(c, "repaid_listed" if listed else "repaid_unlisted")
        else:
            owed += 1
            c.liquidity += part
            reasons.add("unwilling")
            if c.liquidity < 0:
                reasons.add("unable")
    elif c.liquidity < 0:
        if owed == 0:
            tally.add(c, "unable_onsets")
        owed += 1
        c.liquidity += part
        reasons.add("unable")
    elif owed == 0:
        if luck.word(f"{debt}_slip") < t.slip[c.conscience]:
            owed = 1
            c.liquidity += part
            tally.add(c, "slips")
        else:
            paid = True
    else:
        paid = True
        slipped = owed == 1 and not reasons
        if luck.word(f"{debt}_catch_up") < (t.slip_fix if slipped else t.catch_up):
            months = min(owed, c.liquidity // part)
            owed -= months
            c.liquidity -= months * part
            recovered(c, debt, months, tally)

    owed = min(OWED_CAP, owed)
    if owed == OWED_CAP and luck.word(f"{debt}_write_off") < t.write_off:
        owed = 0
        if c.withheld == debt:
            c.withheld = None
        tally.add(c, "written_off")
    if debt == "credit" and not paid:
        tally.add(c, "months_unpaid")
    c.owed[debt] = owed
    if owed == 0:
        reasons.clear()
        if in_court:
            c.court, c.court_debt, c.grace = "none", None, 0
    elif c.withheld == debt:
        c.note["blame"][debt] = "unwilling"
    elif c.liquidity < 0:
        c.note["blame"][debt] = "unable"
    elif reasons:
        c.note["blame"][debt] = "unwilling" if "unwilling" in reasons else "unable"
    else:
        c.note["blame"][debt] = "slip"


def recovered(c, debt, months, tally):
    """Count owed instalments of a credit that are paid after all."""
    if debt == "credit":
        tally.add(c, "months_recovered", by=months)


def repays(c, debt, listed, t, now, luck, tally):
    """Whether withholding ends: rho, or r0 under an ignored order, times what listing gains."""
    tally.add(c, "exposed_listed" if listed else "exposed_unlisted")
    ignored = c.court == "ignored" and c.court_debt == debt
    hazard = t.repay_after if ignored else t.repay_before
    if listed:
        gain = reopened(c, SPHERE_OF_DEBT[debt], t, now)
        hazard = hazard * t.repay_gain[gain // 1024] // 4096
    return luck.word("repayment") < hazard


def court(c, t, luck, tally):
    """Suits from six owed months on, an order with its grace, then the order is ignored."""
    if c.court == "none":
        for debt in DEBTS:
            if c.owed[debt] < 6 or c.court != "none":
                continue
            if luck.word(f"{debt}_suit") >= t.sue:
                continue
            tally.add(c, "suits")
            c.court_debt = debt
            if "unwilling" not in c.reasons[debt] and luck.word("spared") < t.spare:
                c.court = "spared"
                tally.add(c, "spared")
            else:
                tally.add(c, "orders")
                c.court, c.grace = "grace", t.grace
                if t.grace == 0:
                    ignore(c)
    elif c.court == "grace":
        c.grace -= 1
        if c.grace == 0:
            ignore(c)


def ignore(c):
    """The order is ignored from this month on."""
    c.court = "ignored"
    c.note["fresh"].add(f"{c.court_debt}_ignored")


def settled_unlisted(c, debt):
    """Whether a debt of three months or more, or a withheld one, ended without a listing."""
    before = c.note["before"][debt]
    grave = before >= 3 or (before > 0 and c.note["withheld_before"] == debt)
    return grave and c.owed[debt] == 0 and not c.on_list(SPHERE_OF_DEBT[debt])


def breaches(c, t, luck, tally):
    """What one is in breach of this month, and what of it is fresh."""
    status, fresh = c.note["status"], c.note["fresh"]
    for debt in DEBTS:
        owed, before = c.owed[debt], c.note["before"][debt]
        if owed == 0:
            continue
        if c.court == "ignored" and c.court_debt == debt:
            status.add(f"{debt}_ignored")
        else:
            status.add(f"{debt}_default" if owed >= 3 else f"{debt}_late")
        if before == 0:
            fresh.add(f"{debt}_late")
        if before < 3 <= owed:
            fresh.add(f"{debt}_default")
    if c.court == "ignored" and c.withheld == c.court_debt and luck.word("contempt") < t.contempt:
        status.add("contempt")
        fresh.add("contempt")
    # At most one act of conduct a month, thresholds end to end; a rumour needs a voice.
    limit = 0
    for event in CONDUCT:
        if event == "rumour" and c.face.voice == "silent":
            continue
        limit += t.conduct[event] * t.careless[c.conscience] // 256
        if luck.word("conduct") < limit:
            status.add(event)
            fresh.add(event)
            break
    for event in status:
        tally.add(c, "happened", event)
    for event in fresh:
        tally.add(c, "breaches", event)
        if event == "contempt" or (c.withheld and event.startswith(c.withheld)):
            tally.add(c, "unwilling_breaches")
