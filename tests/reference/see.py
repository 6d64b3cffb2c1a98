"""Before the stages: what a citizen sees of others, as it was last month."""

from __future__ import annotations

from .formulas import can_be_looked_up, dealt


def open_ties(c, people, home):
    """Return (other citizen, slot or None) for every open tie, in a fixed order.

    The household always; colleagues while both are in the labour force; friends and contacts while
    the tie exists and both ends are willing to keep it.
    """
    ties = [(people[j], None) for j in home.household]
    if c.in_labour_force:
        ties += [(people[j], None) for j in home.colleagues if people[j].in_labour_force]
    for slot, j in home.slots.items():
        kept = slot in c.face.willing and slot in people[j].face.willing
        if slot in c.slots and kept:
            ties.append((people[j], slot))
    return ties


def contrast(bad, some, bad_others, others):
    """Share bad among some minus share bad among the others, in 1/16384."""
    return bad * 16384 // some - bad_others * 16384 // others


def learned(belief, observed, learn):
    """A running mean of contrasts after one more, rounded toward the old value."""
    step = (observed - belief) * learn
    return belief + (step // 65536 if step >= 0 else -(-step // 65536))


def recalled(count, learn, observed):
    """Observations remembered, in 1/4: some forgotten (rounded up), then one more if any."""
    forgotten = -(-count * learn // 65536)
    return min(255, max(0, count - forgotten + (4 if observed else 0)))


def shows_score(other, t):
    """Whether others know a citizen's score: they can look it up, or it was displayed."""
    return other.face.displayed or can_be_looked_up(other.number, t.visible)


def reported(c, ties, t, luck):
    """Whether a tie reports what never happened.

    The word, taken as a fraction of one, picks a tie; what is left of it decides.  Only somebody
    whose score is lower does such a thing.
    """
    if c.face.score < 2 or not ties:
        return False
    which, rest = divmod(luck.word("report") * len(ties), 2**32)
    reporter, _ = ties[which]
    return 1 < reporter.face.score < c.face.score and rest < t.report


def tie_to_drop(c, ties, t, luck):
    """The slot of the tie dropped this month, or None.

    One word, taken as a fraction of one: its twelfth picks the slot, and what is left of it decides
    at twelve times the tie's hazard, which grows with how far the other end scores below; only
    scores that can be looked up or were displayed count.
    """
    slot, rest = divmod(luck.word("tie_dropped") * 12, 2**32)
    for other, its_slot in ties:
        below = c.face.score - other.face.score
        at_risk = its_slot == slot and other.face.score > 1 and below > 0
        if at_risk and shows_score(other, t) and rest < 12 * below * t.tie_drop:
            return slot
    return None


def see(c, people, home, t, now, luck, tally):
    """Look around, learn, and note what later stages need."""
    ties = open_ties(c, people, home)
    others = [other for other, _ in ties]
    scores = [o.face.score for o in others if o.face.score > 1]
    critics = [o for o in others if o.face.voice == "criticise"]
    rest = [o for o in others if o.face.voice != "criticise"]
    heard = [o.face.news for o in (c, *others)]
    household = [c, *(people[j] for j in home.household)]
    c.note = {
        "ties": len(ties),
        "scored": len(scores),
        "sum": sum(scores),
        "low": sum(score < now.bar for score in scores),
        "critics": len(critics),
        "praisers": sum(o.face.voice == "praise" for o in others),
        "pool": sum(o.liquidity for o in household) // len(household),
        "displays": sum(o.face.displayed for o in others),
        "shadow_critics": sum(o.last_shadow == "criticise" for o in others),
        "shadow_praisers": sum(o.last_shadow == "praise" for o in others),
    }
    if c.face.score > 1 and scores:
        x = c.face.score
        for k, by in enumerate(
            (len(scores), len(scores) * x, len(scores) * x * x, x * sum(scores), 1)
        ):
            tally.moments[k] += by

    # Speech: are critics visibly worse off than the others?
    def badly_off(o):
        low = 1 < o.face.score < now.lowest
        return o.face.listed or (low and shows_score(o, t))

    observed = bool(critics and rest)
    if observed:
        bad = contrast(
            sum(map(badly_off, critics)), len(critics), sum(map(badly_off, rest)), len(rest)
        )
        c.speech = learned(c.speech, bad, t.learn)
    c.speech_seen = recalled(c.speech_seen, t.learn, observed)

    # Breach: of the spells that ended last month, one's own and the ties', how many by a listing?
    punished, resolved = heard.count("put on a list"), heard.count("settled unlisted")
    ended = punished + resolved
    if ended:
        c.breach = learned(c.breach, punished * 16384 // ended, t.learn)
    c.breach_seen = recalled(c.breach_seen, t.learn, ended > 0)

    twin = None if home.namesake is None else people[home.namesake]
    if twin is not None and not (c.name_group and twin.name_group):
        twin = None
    c.note["twin"] = twin
    c.note["twin_news"] = twin.face.news if twin else None

    # Scores matter to others while people join, and once they may close gates.
    matters = now.penalties or now.opt_in
    c.note["reported"] = bool(matters) and reported(c, ties, t, luck)
    c.dropped = None
    if matters and c.face.score > 1:
        c.dropped = tie_to_drop(c, ties, t, luck)
    c.enrolled_share = 0
    if ties:
        share = sum(o.face.score > 0 for o in others) * 16384 // len(ties)
        # In fifteenths; what is left over rounds up for so many of 256 people.
        c.enrolled_share = (15 * share + 14 + 64 * dealt(c.number, 32)) // 16384
