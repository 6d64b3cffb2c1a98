"""Stage 5, decide: own screening, the regime's rule on top, and what is closed."""

from __future__ import annotations

from glasscity.terms import (
    CAUSE_GROUPS,
    CAUSES,
    CLASSES,
    EVERYDAY_GATES,
    GATES,
    LIFE_GATES,
    MORE_CAUSE_GROUPS,
    SPHERES,
)

from .causes import attribute, groups_of, inputs_of
from .fields import mask_of
from .formulas import closed_by_lists, closed_by_score, covered, lists_of, own_gates, value_of
from .score import counted, officials_give, raw_points, score_of
from .tally import DENIAL, LET_IN, SHUT_OUT

LENDING = {"loan", "mortgage"}


def applications(c, t, luck):
    """Everyday gates by their lanes; a life gate and a job as filed."""
    gates = [
        gate
        for k, gate in enumerate(EVERYDAY_GATES)
        if luck.lane("everyday", k) < t.everyday[c.kind][gate]
    ]
    if c.life_gate is not None:
        gates.append(LIFE_GATES[c.life_gate])
    if c.job_offer:
        gates.append("job")
    return gates


def rule_reaches(gate, t, luck):
    """Whether this provider applies the regime's rule."""
    word = luck.word("life_reach")
    if gate in EVERYDAY_GATES:
        word = luck.lane("reach", EVERYDAY_GATES.index(gate)) << 16
    return word < t.reach[gate]


def noise_of(gate, t, luck):
    """The screening's noise, a logistic quantile times the gate's spread."""
    word = luck.word("employers_noise" if gate == "job" else "screening_noise")
    return t.screen_scale[gate] * t.logistic[word >> 20] // 256


def thin_penalty(c, gate, t, scored):
    """What a thin file costs; a score makes up for some of it."""
    return 0 if c.thick else t.screen_thin[gate][1 if scored else 0]


def is_scored(c):
    return c.next_face.score > 1


def screened_out(c, gate, t, luck, scored):
    """Whether the gate's own screening refuses, in every world; everyday gates have none."""
    if gate in EVERYDAY_GATES:
        return False
    index = t.screen_base[gate] + noise_of(gate, t, luck) + thin_penalty(c, gate, t, scored)
    index += t.screen_arrears[gate] * c.deficits["commerce"] // 65536
    index += t.screen_means[gate] * (t.middle - c.fulfilment) // 65536
    return index > 0


def closed_by_own_score(c, t, now, cuts):
    """Gates that the score closes: behind a firewall, that of the records of the gate's sphere."""
    if not is_scored(c):
        return set()
    if not covered(c.number, "firewall", t):
        return closed_by_score(c.next_face.score, cuts)
    closed = set()
    for sphere in SPHERES:
        alone = 65535 - min(65535, counted(c, sphere, t))
        raw = raw_points(c, alone, c.next_face.voice, t, now) + officials_give(c, t)
        closed |= closed_by_score(score_of(raw, t), cuts) & own_gates(sphere, t)
    return closed


def shut(c, t, now, cuts):
    """Return (gates closed by lists, gates closed by the score, essential gates held open)."""
    by_list, without = set(), set()
    if c.next_face.listed:
        by_list = closed_by_lists(c.number, lists_of(c), t, now)
        without = closed_by_lists(c.number, lists_of(c), t, now, essentials_too=True)
    by_score = closed_by_own_score(c, t, now, cuts)
    opened = set()
    if covered(c.number, "essentials", t):
        opened = (without | by_score) & t.essential
        by_score = by_score - t.essential
    return by_list, by_score, opened


def has_own_reason(c, gate, t, now):
    """Whether the gate's own sphere has a reason: a record of it, or its list closing the gate."""
    sphere = t.gate_sphere[gate]
    if c.deficits[sphere] > 0:
        return True
    on = c.next_face.listed and c.on_list(sphere)
    return on and gate in closed_by_lists(c.number, {sphere}, t, now)


def lifted(c, gate, t, now):
    """Whether a person who reviews a refusal by the regime lifts it: it has no such reason."""
    return covered(c.number, "review", t) and not has_own_reason(c, gate, t, now)


def decide(c, people, t, now, cuts, rank_gates, luck, tally, attributes=1):
    """Decide every application of a citizen and count what is closed to them."""
    by_list, by_score, opened = shut(c, t, now, cuts)
    if opened:
        tally.add(c, "guard_opened")
    closed = by_list | by_score
    if closed:
        tally.add(c, "restricted")
        if by_list or by_score - rank_gates:
            tally.add(c, "restricted_without_rank")
        if by_list:
            tally.add(c, "restricted_by_list")
        tally.add(c, "closed_value", by=value_of(closed, c.kind, t))
        for gate in closed:
            tally.add(c, "closed", gate)
    if bool(closed) != c.was_shut_out:
        tally.log.append((SHUT_OUT if closed else LET_IN, c.number))
    c.was_shut_out = bool(closed)

    denied, granted = set(), set()
    for gate in applications(c, t, luck):
        tally.add(c, "applications", gate)
        own = screened_out(c, gate, t, luck, is_scored(c))
        ruled = gate in closed and rule_reaches(gate, t, luck)
        if ruled and lifted(c, gate, t, now):
            ruled = False
            if not own:
                tally.add(c, "guard_lifted")
        if not (own or ruled):
            granted.add(gate)
            tally.add(c, "grants", gate)
            continue
        denied.add(gate)
        tally.add(c, "denials", gate)
        if not own:
            tally.add(c, "denials_regime", gate)
        if c.number % attributes == 0:
            explain(c, gate, own, t, now, cuts, luck, tally)
    c.note["denied"], c.note["granted"] = denied, granted
    if not c.thick and (denied | granted) & LENDING:
        tally.add(c, "loans_thin")
        if granted & LENDING:
            tally.add(c, "loans_thin_granted")
            (loan,) = granted & LENDING
            if is_scored(c) and screened_out(c, loan, t, luck, scored=False):
                tally.add(c, "loans_included")  # refused if nobody had a score
    school(c, people, closed, t, now, cuts, luck, tally)


def explain(c, gate, own, t, now, cuts, luck, tally):
    """Attribute a denial and write it down."""
    held_open = covered(c.number, "essentials", t) and gate in t.essential
    inputs = inputs_of(
        c,
        gate,
        t,
        now,
        0 if held_open else cuts[gate],
        rule_reaches(gate, t, luck),
        t.screen_base[gate] + noise_of(gate, t, luck) + thin_penalty(c, gate, t, is_scored(c)),
    )
    groups = groups_of(t.spillover[gate])
    found = attribute(inputs, groups)
    if found.sort == "baseline":
        tally.add(c, "denials_baseline", gate)
        return
    for cause, units in found.shapley.items():
        tally.shapley[gate, cause] += units
    for group in (*CAUSE_GROUPS, *MORE_CAUSE_GROUPS):
        if group in found.lower:
            tally.add(c, "denials_lower", gate, cause=group)
        if found.involved & groups[group]:
            tally.add(c, "denials_upper", gate, cause=group)
    tally.log.append(
        (
            DENIAL,
            c.number,
            GATES.index(gate),
            mask_of(found.needed, CAUSES),
            mask_of(found.enough, CAUSES),
            mask_of(found.involved, CAUSES),
            mask_of(found.lower, CAUSE_GROUPS)
            | (0 if own else 32)
            | mask_of(found.lower, MORE_CAUSE_GROUPS) << 6,
            CLASSES.index(found.sort),
        )
    )


def school(c, people, closed, t, now, cuts, luck, tally):
    """A child's school is closed by the record of either of the household's first two adults.

    That is a denial like any other, so a review may lift it.
    """
    if c.pupils == 0:
        return
    tally.add(c, "school_children", by=c.pupils)
    parents = [(c, closed)]
    if c.adults > 1:
        other = people[c.number + 1]
        by_list, by_score, _ = shut(other, t, now, cuts)
        parents.append((other, by_list | by_score))
    gate = "private_school"
    refused = any(gate in gates and not lifted(one, gate, t, now) for one, gates in parents)
    if refused and luck.word("school") < t.reach[gate]:
        tally.add(c, "child_months_lost", by=c.pupils)
        c.child_shut_out = True


def households(c, people, t, tally):
    """Once all is decided: who is shut out of nothing but lives with somebody who is.

    What refusals took from the other members and they have not made up lowers what the household
    pools: each member bears the pooled share of the mean loss.
    """
    if c.adults < 2:
        return
    first = c.number - c.place
    others = [people[j] for j in range(first, first + c.adults) if j != c.number]
    if any(o.was_shut_out for o in others) and not c.was_shut_out:
        tally.add(c, "touched")
        if not is_scored(c):
            tally.add(c, "touched_unscored")
    loss = 64 * sum(o.lost for o in others) // c.adults * t.pooling // 65536
    if loss:
        tally.add(c, "household_loss_sum", by=loss)
