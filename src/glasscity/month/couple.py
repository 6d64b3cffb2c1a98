"""Couples: who looks for a partner, whom the site brings forward, who pairs and who parts.

Model, section 5.6.  A meeting cell is a district (society.cells) times an age band.  The site puts
those who look there in an order of prominence, shows the first so many of it, and the shown meet
two by two from the top.  The order is a weighted race (the Plackett-Luce law: at each place,
everybody left comes next in proportion to their weight); the weight is that of the score's standing
where others can see the score, and one where they cannot.  Without weights the order is a fair
shuffle and the couples are blind to scores.

Who looks is drawn anew each month.  Were it settled once and for all, those who never look would
pile up alone, and those who do would soon all be partnered.

It is not modelled who parts from whom, nor that partners live together: nobody moves in a run.
Neither is gender.
"""

from __future__ import annotations

import numpy as np

from glasscity.draws import word
from glasscity.jit import inner, kernel
from glasscity.month import tables as at
from glasscity.month.ledger import first_row
from glasscity.month.shared import can_be_looked_up, face_score, standing_of
from glasscity.month.stride import cells_of, philox_of
from glasscity.society.cells import DISTRICT

READS = ("face.now", "face.next")
WRITES = ("face.next",)
# The cube's cell has the opinion camp in it.
READS_FOR_AUDIT = ("truth.opinion",)

__all__ = ["READS", "READS_FOR_AUDIT", "WRITES", "couple", "place_in_order"]

_SINGLES = first_row("singles")
_SEARCHING = first_row("searching")
_COUPLED = first_row("coupled")
_DISPLAYED = 1 << 14
_SINGLE = 1 << 15
_AGES = 5
# Words of the call: the place in the order, the match, whether to look.
_PLACE, _MATCH, _LOOK = 0, 1, 2
# A citizen's place in the order carries the number in the district in its lowest bits.
_NUMBER = DISTRICT - 1
_NUMBER_BITS = 9


@inner
def place_in_order(drawn, race, weight):
    """Return where a word puts somebody in the order: lower comes first.

    A race: times are exponential with rate ``weight``, so the first is anybody with a chance in
    proportion to the weight (Efraimidis and Spirakis, "Weighted random sampling with a reservoir",
    2006).  Of equal times the rest of the word decides.

    Parameters
    ----------
    drawn : int in [0, 2**32)
        Its upper 12 bits have chosen ``race``.
    race : int, at least 0
        A quantile of the standard exponential, 1/4096.
    weight : int, at least 1
        In 1/256.

    Returns
    -------
    int in [0, 2**52)
    """
    return ((race << 16) // weight) << 20 | (drawn & 0xFFFFF)


@inner
def _weight(i, face, tables, now):
    """Return the weight of a profile, 1/256: by the score of last month, where it can be seen."""
    score = face_score(face)
    if score > 1 and (face & _DISPLAYED != 0 or can_be_looked_up(i, tables[at.VISIBLE])):
        return tables[at.PROMINENCE + standing_of(now, score)]
    return np.int64(256)


@inner
def singles(faces_now, faces_next, whos, drawn, again, some):
    """List the singles of a district, and let others part; return how many were single.

    ``again``, int64[8]: by age band, the threshold of the chance to become single again.
    """
    m = 0
    for k in range(len(faces_now)):
        single = (np.int64(faces_now[k]) & _SINGLE) != 0
        some[m] = k
        m += single
        parts = ~single & (np.int64(drawn[k]) < again[np.int64(whos[k]) & 7])
        faces_next[k] = np.int64(faces_next[k]) | (_SINGLE * np.int64(parts))
    return m


@kernel
def couple(lo, hi, traits, state, tables, now, luck, deciles_of, deciles, couples, counts):
    """Let the singles of whole districts look, meet and pair, and some of the others part.

    Parameters
    ----------
    lo, hi : int
        Citizens of one cell; ``lo`` begins a district.
    deciles_of : uint8[2048]
        Decile of each score, by last month's scores.
    deciles : int64[10, DECILE_COUNTS]
        Added to.
    couples : int64[COUPLE_COUNTS]
        Added to: what month.tables says.
    """
    face_now = state.face.now
    face_next = state.face.next
    opinions = state.truth.opinion
    incomes = traits.income
    whos = traits.who
    seed = tables[at.SEED]
    key = now[at.NOW_KEY]
    order = np.empty((_AGES, DISTRICT), dtype=np.int64)
    looking = np.empty(_AGES, dtype=np.int64)
    some = np.empty(DISTRICT + 1, dtype=np.int32)
    words = np.empty((4, DISTRICT), dtype=np.uint32)
    again = np.zeros(8, dtype=np.int64)
    again[:_AGES] = tables[at.SINGLE_AGAIN : at.SINGLE_AGAIN + _AGES]
    cells = np.empty(hi - lo, dtype=np.uint8)
    cells_of(incomes[lo:hi], whos[lo:hi], opinions[lo:hi], cells)
    for first in range(lo, hi, DISTRICT):
        looking[:] = 0
        last = min(first + DISTRICT, hi)
        m = singles(
            face_now[first:last],
            face_next[first:last],
            whos[first:last],
            luck[at.L_COMPANY, 1, first - lo :],
            again,
            some,
        )
        philox_of(seed, first, some, m, key, at.C_COUPLE, words)
        for x in range(m):
            i = first + np.int64(some[x])
            face = np.int64(face_now[i])
            age = np.int64(whos[i]) & 7
            cell = cells[i - lo]
            counts[_SINGLES, cell] += 1
            if np.int64(words[_LOOK, x]) >> 24 >= tables[at.ON_SITE]:
                continue
            counts[_SEARCHING, cell] += 1
            if face_score(face) > 1:
                deciles[deciles_of[face_score(face)], at.D_SEARCHING] += 1
            drawn = np.int64(words[_PLACE, x])
            race = tables[at.RACE + (drawn >> 20)]
            mine = place_in_order(drawn, race, _weight(i, face, tables, now))
            mine = mine << _NUMBER_BITS | (i - first)
            # Few look in a district, so putting each where they belong is quick.
            k = looking[age]
            looking[age] = k + 1
            while k > 0 and order[age, k - 1] > mine:
                order[age, k] = order[age, k - 1]
                k -= 1
            order[age, k] = mine

        for age in range(_AGES):
            n = looking[age]
            if n == 0:
                continue
            scored = np.int64(0)
            total = np.int64(0)
            squares = np.int64(0)
            shown = (n * tables[at.SHOWN] + 65535) >> 16
            for k in range(n):
                score = face_score(np.int64(face_now[first + (order[age, k] & _NUMBER)]))
                if score > 1:
                    scored += 1
                    total += score
                    squares += score * score
                    if k < shown:
                        deciles[deciles_of[score], at.D_SHOWN] += 1
            both = np.int64(0)
            for k in range(0, shown - 1, 2):
                i = first + (order[age, k] & _NUMBER)
                j = first + (order[age, k + 1] & _NUMBER)
                if word(seed, min(i, j), key, at.C_COUPLE, _MATCH) >= tables[at.COUPLE]:
                    continue
                for one in (i, j):
                    face_next[one] = np.int64(face_next[one]) & ~_SINGLE
                    counts[_COUPLED, cells[one - lo]] += 1
                    score = face_score(np.int64(face_now[one]))
                    if score > 1:
                        deciles[deciles_of[score], at.D_COUPLED] += 1
                x = face_score(np.int64(face_now[i]))
                y = face_score(np.int64(face_now[j]))
                if x > 1 and y > 1:
                    both += 1
                    couples[at.P_X] += x + y
                    couples[at.P_XX] += x * x + y * y
                    couples[at.P_XY] += 2 * x * y
            if both > 0:
                # Every two of the scored who look are equally likely where nobody sees a score.
                couples[at.P_COUPLES] += both
                double = 512 * both
                couples[at.P_BLIND_X] += (double * total + scored // 2) // scored
                couples[at.P_BLIND_XX] += (double * squares + scored // 2) // scored
                ordered = scored * (scored - 1)
                products = total * total - squares
                couples[at.P_BLIND_XY] += (double * products + ordered // 2) // ordered
