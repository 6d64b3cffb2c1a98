"""Before the stages: what a citizen sees of others, as it was last month.

This is the only place where the month reads other citizens, so that no stage needs to wait for
another citizen's.  What is seen moves the two fears (model, 5.6): the running mean of a signed
contrast, so that a neighbour's debts do not chill speech by themselves.
"""

from __future__ import annotations

import numpy as np

from glasscity.draws import word
from glasscity.jit import inner, kernel
from glasscity.month import tables as at
from glasscity.month.gather import (
    A_BAD_CRITICS,
    A_BAD_OTHERS,
    A_CRITICS,
    A_DISPLAYED,
    A_ENROLLED,
    A_LANE,
    A_LOW,
    A_OPEN,
    A_PRAISERS,
    A_PUNISHED,
    A_SCORED,
    A_SETTLED,
    DISTRICT,
    H_CRITICS,
    H_PRAISERS,
    H_SUM,
    PLACES,
    ROW,
    SLOTS,
    WITH_NAMESAKE,
    add_up,
    ask_for,
    look_around,
    meet_at_work,
)
from glasscity.month.shared import can_be_looked_up, dealt, tie_ids

READS = (
    "truth.liquidity",
    "face.now",
    "belief.speech",
    "belief.breach",
    "belief.speech_seen",
    "belief.breach_seen",
)
WRITES = (
    "belief.speech",
    "belief.breach",
    "belief.speech_seen",
    "belief.breach_seen",
    "scratch.glimpse",
)
# The shadow of the world where nobody has feared moves nothing but itself.
READS_FOR_AUDIT = ("audit.shadow",)

__all__ = [
    "READS",
    "READS_FOR_AUDIT",
    "WRITES",
    "contrast",
    "learned",
    "recalled",
    "reported",
    "see",
    "see_in",
    "see_room",
]


# b * 16384 // n for b of n ties: a division each would cost more than all else here.
_SHARES = np.array([[b * 16384 // max(1, n) for b in range(33)] for n in range(33)], dtype=np.int64)


# Exact division by the members of a household, without dividing: liquidity is lifted above zero, as
# it is kept in 16 bits, and a product of less than 2**19 with 2**32 / m is off by less than 1 / m.
_DEEP = 32768
_LIFT = np.array([_DEEP * m for m in range(8)], dtype=np.int64)
_PART = np.array([0, *((2**32 + m - 1) // m for m in range(1, 8))], dtype=np.int64)


@inner
def fifteenths(ties, some, i):
    """Return the share of some of a citizen's ties in fifteenths, rounded up or down.

    Which way is dealt to the citizen once and for all, in proportion to what is left over: rounded
    down for everybody, one enrolled tie among twenty would count as none, and few would follow.
    """
    return (_SHARES[ties, some] * 15 + 14 + 64 * dealt(i, 32)) >> 14


@inner
def contrast(bad, some, bad_others, others):
    """Return share bad among some minus share bad among the others, in 1/16384."""
    return _SHARES[some, bad] - _SHARES[others, bad_others]


@inner
def learned(belief, observed, learn):
    """Return a running mean of contrasts after one more, rounded toward the old value."""
    step = (observed - belief) * learn
    if step >= 0:
        return belief + (step >> 16)
    return belief - ((-step) >> 16)


@inner
def recalled(count, learn, observed):
    """Return the number of observations remembered, in 1/4: forgotten, then one more if any."""
    count -= (count * learn + 65535) >> 16
    if observed:
        count += 4
    if count < 0:
        count = 0
    if count > 255:
        count = 255
    return count


@inner
def _drop(drawn, own_faces, heard_slots, others, firsts, faces, visible, tie_drop, few, glimpse):
    """Note in ``glimpse`` 1 + the slot of the tie that each citizen of a segment drops, if any.

    The word picks one of the twelve slots and what is left of it decides, at twelve times the
    hazard: each tie's own hazard is ``tie_drop`` for each point that its other end scores below,
    and at most one tie is dropped a month.  Only scores that can be looked up or were displayed
    count.  What the candidates show is as in ``gather.look_around``: where a tie is not open, it is
    a score of zero.
    """
    n = 0
    for p in range(len(own_faces)):
        # Without branches: what a word decides is not for a processor to guess.
        wide = np.int64(drawn[p]) * 12
        row = ROW * (wide >> 32)
        score = np.int64(own_faces[p]) & 2047
        other = heard_slots[row + others[row + p]] & H_SUM
        few[n] = p
        n += (
            np.int64(1 < other)
            & np.int64(other < score)
            & np.int64(wide & 0xFFFFFFFF < 12 * (score - other) * tie_drop)
        )
    for f in range(n):
        p = few[f]
        slot = (np.int64(drawn[p]) * 12) >> 32
        j = firsts[slot] + others[ROW * slot + p]
        if can_be_looked_up(j, visible) or (np.int64(faces[j]) >> 14) & 1 == 1:
            glimpse[p] |= slot + 1


@inner
def reported(drawn, ids, n, faces, score, report):
    """Return 1 if one of ``n`` ties reports what never happened, else 0.

    The word picks a tie, and what is left of it decides; only somebody with a lower score does it.
    """
    if n == 0 or score < 2:
        return 0
    wide = drawn * n
    other = np.int64(faces[ids[wide >> 32]]) & 2047
    return np.int64((1 < other) & (other < score) & (wide & 0xFFFFFFFF < report))


@inner
def _learn(first, end, faces, tally, learn, speech, speech_seen, breach, breach_seen):
    """Move the fears of citizens ``first`` to ``end - 1`` of a segment by what their ties show."""
    own_faces = faces[first:end]
    own_speech = speech[first:end]
    own_speech_seen = speech_seen[first:end]
    own_breach = breach[first:end]
    own_breach_seen = breach_seen[first:end]
    for p in range(end - first):
        word = tally[p]
        # Speech: critics against everybody else.
        critics = (word >> A_CRITICS) & A_LANE
        rest = ((word >> A_OPEN) & A_LANE) - critics
        observed = (critics > 0) & (rest > 0)
        bad = (word >> A_BAD_CRITICS) & A_LANE
        bad_others = (word >> A_BAD_OTHERS) & A_LANE
        belief = np.int64(own_speech[p])
        seen = contrast(bad, critics, bad_others, rest & A_LANE)
        own_speech[p] = learned(belief, seen, learn) if observed else belief
        own_speech_seen[p] = recalled(np.int64(own_speech_seen[p]), learn, observed)
        # Breach: of the spells settled last month, the ties' and one's own, how many were listed.
        code = np.int64(own_faces[p]) >> 28
        settled = ((word >> A_SETTLED) & A_LANE) + (code >= 12)
        if settled > 0:
            punished = ((word >> A_PUNISHED) & A_LANE) + (code == 12)
            own_breach[p] = learned(np.int64(own_breach[p]), _SHARES[settled, punished], learn)
    for p in range(end - first):
        code = np.int64(own_faces[p]) >> 28
        settled = ((tally[p] >> A_SETTLED) & A_LANE) + (code >= 12)
        own_breach_seen[p] = recalled(np.int64(own_breach_seen[p]), learn, settled > 0)


@inner
def _note(k, count, tally, voices, pulls, reports, scratch):
    """Write down what later stages need of the sums of ``count`` citizens from place ``k`` on."""
    open_ties = scratch[at.S_TIES_OPEN, k : k + count]
    scored_ties = scratch[at.S_TIES_SCORED, k : k + count]
    scores = scratch[at.S_TIES_SUM, k : k + count]
    low = scratch[at.S_TIES_LOW, k : k + count]
    critics = scratch[at.S_CRITICS, k : k + count]
    praisers = scratch[at.S_PRAISERS, k : k + count]
    displays = scratch[at.S_DISPLAYS, k : k + count]
    for p in range(count):
        open_ties[p] = (tally[p] >> A_OPEN) & A_LANE
        scored_ties[p] = (tally[p] >> A_SCORED) & A_LANE
        low[p] = (tally[p] >> A_LOW) & A_LANE
    for p in range(count):
        critics[p] = (tally[p] >> A_CRITICS) & A_LANE
        praisers[p] = (tally[p] >> A_PRAISERS) & A_LANE
        displays[p] = (tally[p] >> A_DISPLAYED) & A_LANE
    for p in range(count):
        scores[p] = voices[p] & H_SUM
    if pulls:
        # Who would speak how in the shadow of this world where nobody has feared.
        critics = scratch[at.S_SHADOW_CRITICS, k : k + count]
        praisers = scratch[at.S_SHADOW_PRAISERS, k : k + count]
        for p in range(count):
            critics[p] = (voices[p] >> H_CRITICS) & A_LANE
            praisers[p] = (voices[p] >> H_PRAISERS) & A_LANE
    if reports:
        # Also in months without reports: the scratch is that of another month or world.
        for p in range(count):
            scratch[at.S_REPORTED, k + p] = 0


@inner
def _pool(first, end, size, home, liquidity, savings, pools):
    """Write the mean liquidity of everybody's household, rounded down."""
    total = np.int64(0)
    everybody = liquidity[first : first + size]
    for p in range(size):
        savings[p] = total
        total += everybody[p]
    savings[size] = total
    own_home = home[first:end]
    for p in range(end - first):
        here = np.int64(own_home[p])
        head = p - (here & 7)
        members = (here >> 3) & 7
        whole = savings[head + members] - savings[head] + _LIFT[members]
        pools[p] = ((whole * _PART[members]) >> 32) - _DEEP


@inner
def _moments(own_faces, tally, voices, moments):
    """Add the tie moments of scores of a segment's citizens."""
    pairs = np.int64(0)
    sum_x = np.int64(0)
    sum_xx = np.int64(0)
    sum_xy = np.int64(0)
    people = np.int64(0)
    for p in range(len(own_faces)):
        score = np.int64(own_faces[p]) & 2047
        scored = (tally[p] >> A_SCORED) & A_LANE
        paired = np.int64((score > 1) & (scored > 0))
        score &= -paired
        pairs += scored & -paired
        sum_x += scored * score
        sum_xx += scored * score * score
        sum_xy += score * (voices[p] & H_SUM)
        people += paired
    moments[0] += pairs
    moments[1] += sum_x
    moments[2] += sum_xx
    moments[3] += sum_xy
    moments[4] += people


@inner
def _hear_of_namesakes(first, end, there, room, places, faces, misc, twins, events):
    """Write each citizen's distance to the namesake, 0 without one, and what is heard of that one.

    ``there`` and ``room`` are the first citizen and the size of the namesakes' segment, ``places``
    the position of each citizen's candidate in it.
    """
    own_misc = misc[first:end]
    if room == 0:
        for p in range(end - first):
            twins[p] = 0
            events[p] = 0
        return
    their_misc = misc[there : there + room]
    their_faces = faces[there : there + room]
    for p in range(end - first):
        other = np.int64(places[p])
        # Without branches: who has a common name is not for a processor to guess.  An index that
        # leads beyond the end of a segment is cut short; whoever is there then is not looked at.
        known = np.int64(other < room) & np.int64(own_misc[p] & 48 > 0)
        other &= -known
        known &= np.int64(their_misc[other] & 48 > 0)
        twin = (there + other - first - p) & -known
        event = (np.int64(their_faces[other]) >> 28) & -known
        twins[p] = twin
        events[p] = event


@inner
def see_in(lo, hi, first_segment, traits, wiring, state, tables, now, luck, scratch, moments, room):
    """Look around, as :func:`see`, in a room that is kept from stride to stride."""
    (
        shown,
        heard,
        at_desk,
        heard_at_desk,
        willing,
        slots,
        heard_slots,
        others,
        firsts,
        before,
        tally,
        voices,
        savings,
        ids,
        few,
    ) = room
    faces = state.face.now
    shadow = state.audit.shadow
    glimpse = state.glimpse
    bar = now[at.NOW_BAR]
    lowest = now[at.NOW_LOWEST]
    visible = tables[at.VISIBLE]
    learn = tables[at.LEARN]
    active = now[at.NOW_PENALTIES] + now[at.NOW_OPT_IN] > 0
    tie_drop = tables[at.TIE_DROP] if active else 0
    reports = tables[at.REPORT] > 0
    report = tables[at.REPORT] if active else 0
    pulls = tables[at.CONFORMITY] > 0
    seed = tables[at.SEED]
    key = now[at.NOW_KEY]
    district = np.int64(-1)
    ask_for(first_segment, wiring, faces, shadow, traits.misc)
    for start in range(lo, hi, PLACES):
        end = min(start + PLACES, hi)
        k = start - lo
        count = end - start
        segment = first_segment + (k >> 6)
        size = np.int64(wiring.segment_size[segment])
        if np.int64(wiring.district_first[segment]) != district:
            district = np.int64(wiring.district_first[segment])
            meet_at_work(
                district,
                wiring,
                traits.who,
                faces,
                shadow,
                bar,
                lowest,
                visible,
                shown,
                heard,
                at_desk,
                heard_at_desk,
            )
        if end < hi:
            ask_for(segment + 1, wiring, faces, shadow, traits.misc)
        own = segment - district
        look_around(
            segment,
            wiring,
            faces,
            shadow,
            bar,
            lowest,
            visible,
            shown[own],
            heard[own],
            traits.slots,
            willing,
            slots,
            heard_slots,
            others,
            firsts,
        )
        add_up(
            start,
            end,
            segment,
            wiring,
            traits.home,
            traits.who,
            shown[own],
            heard[own],
            at_desk,
            heard_at_desk,
            slots,
            heard_slots,
            others,
            before,
            tally,
            voices,
        )
        own_faces = faces[start:end]
        _note(k, count, tally, voices, pulls, reports, scratch)
        _pool(
            start,
            end,
            size,
            traits.home,
            state.truth.liquidity,
            savings,
            scratch[at.S_POOL, k : k + count],
        )
        _moments(own_faces, tally, voices, moments)
        _learn(
            start,
            end,
            faces,
            tally,
            learn,
            state.belief.speech,
            state.belief.speech_seen,
            state.belief.breach,
            state.belief.breach_seen,
        )
        there = firsts[SLOTS]
        space = np.int64(0)
        if there >= 0:
            space = np.int64(wiring.segment_size[wiring.name_segment[segment]])
        _hear_of_namesakes(
            start,
            end,
            max(there, 0),
            space,
            others[ROW * SLOTS :],
            faces,
            traits.misc,
            scratch[at.S_TWIN, k : k + count],
            scratch[at.S_TWIN_EVENT, k : k + count],
        )
        if report > 0:
            reports_of = scratch[at.S_REPORTED, k : k + count]
            for p in range(count):
                n = (tally[p] >> A_OPEN) & A_LANE
                drawn = word(seed, start + p, key, at.C_REPORT, 0)
                if (drawn * n) & 0xFFFFFFFF < report:
                    tie_ids(start + p, segment, p, traits, wiring, faces, ids)
                    score = np.int64(own_faces[p]) & 2047
                    reports_of[p] = reported(drawn, ids, n, faces, score, report)
        own_glimpse = glimpse[start:end]
        for p in range(count):
            n = (tally[p] >> A_OPEN) & A_LANE
            enrolled = fifteenths(n, (tally[p] >> A_ENROLLED) & A_LANE, start + p)
            own_glimpse[p] = enrolled << 4
        if tie_drop > 0:
            _drop(
                luck[at.L_WORK, 2, k : k + count],
                own_faces,
                heard_slots,
                others,
                firsts,
                faces,
                visible,
                tie_drop,
                few,
                own_glimpse,
            )


@kernel
def see_room():
    """Return the room that :func:`see_in` needs for the sums of a segment."""
    return (
        np.empty((DISTRICT, PLACES), dtype=np.int64),
        np.empty((DISTRICT, PLACES), dtype=np.int64),
        np.empty(PLACES, dtype=np.int64),
        np.empty(PLACES, dtype=np.int64),
        np.empty(PLACES, dtype=np.uint16),
        np.zeros(ROW * SLOTS, dtype=np.int64),  # zero where nobody is
        np.zeros(ROW * SLOTS, dtype=np.int64),
        np.empty(ROW * WITH_NAMESAKE, dtype=np.uint8),
        np.empty(WITH_NAMESAKE, dtype=np.int64),
        np.empty(2 * ROW, dtype=np.int64),
        np.empty(PLACES, dtype=np.int64),
        np.empty(PLACES, dtype=np.int64),
        np.empty(PLACES + 1, dtype=np.int64),
        np.empty(32, dtype=np.int64),
        np.empty(PLACES, dtype=np.uint8),
    )


@kernel
def see(lo, hi, first_segment, traits, wiring, state, tables, now, luck, scratch, moments):
    """Look around for every citizen of the stride, learn, and note what later stages need.

    Adds to ``moments`` (int64[5]) the tie moments of scores over ordered pairs of scored ends:
    their number, the sums of own scores, of their squares and of products, and scored citizens with
    a scored tie.
    """
    see_in(
        lo,
        hi,
        first_segment,
        traits,
        wiring,
        state,
        tables,
        now,
        luck,
        scratch,
        moments,
        see_room(),
    )
