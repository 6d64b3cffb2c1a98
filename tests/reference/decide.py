"""Stage 5, decide: own screening, the regime's rule on top, and what is closed."""

from __future__ import annotations

from glasscity.terms import CAUSE_GROUPS, CAUSES, CLASSES, EVERYDAY_GATES, GATES, LIFE_GATES

from .causes import attribute, groups_of, inputs_of
from .fields import mask_of
from .formulas import closed_by_lists, closed_by_score, lists_of, value_of
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


def thin_penalty(c, gate, t):
    """What a thin file costs; a score makes up for some of it."""
    return 0 if c.thick else t.screen_thin[gate][1 if c.next_face.score > 1 else 0]


def screened_out(c, gate, t, luck):
    """Whether the gate's own screening refuses, in every world; everyday gates have none."""
    if gate in EVERYDAY_GATES:
        return False
    index = t.screen_base[gate] + noise_of(gate, t, luck) + thin_penalty(c, gate, t)
    index += t.screen_arrears[gate] * c.deficits["commerce"] // 65536
    index += t.screen_means[gate] * (t.middle - c.fulfilment) // 65536
    return index > 0


def shut(c, t, now, cuts):
    """Return (gates closed by lists, gates closed by the score)."""
    by_list = set()
    if c.next_face.listed:
        by_list = closed_by_lists(c.number, lists_of(c), t, now)
    return by_list, closed_by_score(c.next_face.score, cuts)


def decide(c, people, t, now, cuts, rank_gates, luck, tally, attributes=1):
    """Decide every application of a citizen and count what is closed to them."""
    by_list, by_score = shut(c, t, now, cuts)
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
        own = screened_out(c, gate, t, luck)
        ruled = gate in closed and rule_reaches(gate, t, luck)
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
    school(c, people, closed, t, now, cuts, luck, tally)


def explain(c, gate, own, t, now, cuts, luck, tally):
    """Attribute a denial and write it down."""
    inputs = inputs_of(
        c,
        gate,
        t,
        now,
        cuts[gate],
        rule_reaches(gate, t, luck),
        t.screen_base[gate] + noise_of(gate, t, luck) + thin_penalty(c, gate, t),
    )
    groups = groups_of(t.spillover[gate])
    found = attribute(inputs, groups)
    if found.sort == "baseline":
        tally.add(c, "denials_baseline", gate)
        return
    for cause, units in found.shapley.items():
        tally.shapley[gate, cause] += units
    for group in CAUSE_GROUPS:
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
            mask_of(found.lower, CAUSE_GROUPS) | (0 if own else 32),
            CLASSES.index(found.sort),
        )
    )


def school(c, people, closed, t, now, cuts, luck, tally):
    """A child's school is closed by the record of either of the household's first two adults."""
    if c.pupils == 0:
        return
    tally.add(c, "school_children", by=c.pupils)
    closed = set(closed)
    if c.adults > 1:
        for gates in shut(people[c.number + 1], t, now, cuts):
            closed |= gates
    if "private_school" in closed and luck.word("school") < t.reach["private_school"]:
        tally.add(c, "child_months_lost", by=c.pupils)
