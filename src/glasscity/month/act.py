"""Stage 1, act: work, liquidity, obligations, courts, conduct, voice and what is applied for.

Model, section 5.1.  Everything here is what really happens; nobody has written anything down yet.
"""

from __future__ import annotations

import numpy as np

from glasscity.draws import word
from glasscity.jit import inner, kernel
from glasscity.month import tables as at
from glasscity.month.ledger import first_row
from glasscity.month.points import games
from glasscity.month.shared import (
    cell_of,
    class_of,
    closed_by_lists,
    covered,
    face_score,
    face_voice,
    fear_of,
    gates_of,
    gates_value,
    listed_bits,
    on_list,
)

READS = (
    "truth.opinion",
    "truth.liquidity",
    "truth.idle",
    "truth.owed_credit",
    "truth.owed_fee",
    "truth.spell",
    "truth.case",
    "record.standing",
    "face.now",
    "belief.speech",
    "belief.breach",
    "belief.speech_seen",
    "belief.breach_seen",
)
WRITES = (
    "truth.liquidity",
    "truth.idle",
    "truth.owed_credit",
    "truth.owed_fee",
    "truth.spell",
    "truth.case",
    "scratch.filed",
    "audit.inner",
)

__all__ = ["READS", "WRITES", "act", "act_in", "act_room", "choose_voice"]

_BREACHES = first_row("breaches")
_HAPPENED = first_row("happened")
_UNWILLING_ONSETS = first_row("unwilling_onsets")
_UNABLE_ONSETS = first_row("unable_onsets")
_SLIPS = first_row("slips")
_UNWILLING_BREACHES = first_row("unwilling_breaches")
_SUITS = first_row("suits")
_ORDERS = first_row("orders")
_SPARED = first_row("spared")
_REPAID_LISTED = first_row("repaid_listed")
_REPAID_UNLISTED = first_row("repaid_unlisted")
_EXPOSED_LISTED = first_row("exposed_listed")
_EXPOSED_UNLISTED = first_row("exposed_unlisted")
_UNPAID = first_row("months_unpaid")
_DUE = first_row("months_due")
_WRITTEN_OFF = first_row("written_off")
_RECOVERED = first_row("months_recovered")
_CRITICISE = first_row("criticise")
_SILENT = first_row("silent")
_PRAISE = first_row("praise")
_UNAFRAID_CRITICISE = first_row("unafraid_criticise")
_UNAFRAID_PRAISE = first_row("unafraid_praise")
_PRIVATE_CRITICISE = first_row("private_criticise")
_PRIVATE_PRAISE = first_row("private_praise")
_CHILLED = first_row("chilled")
_CHILLED_BY_FEAR = first_row("chilled_by_fear")
_BOUGHT = first_row("bought")
_FALSIFIED = first_row("falsified")
_INDUCED = first_row("induced_praise")
_WOULD_SAY_YES = first_row("would_say_yes")
_HOLDS_YES = first_row("holds_yes")
_FEAR_BREACH = first_row("fear_breach_sum")
_FEAR_SPEECH = first_row("fear_speech_sum")
_OPEN_TIES = first_row("open_ties")
_SHADOW_CRITICISE = first_row("shadow_criticise")
_SHADOW_PRAISE = first_row("shadow_praise")
_CHILLED_INDIRECT = first_row("chilled_indirect")
_CHILLED_TOTAL = first_row("chilled_total")

# What each lane of the words that `_speak` packs is counted in, -1 nothing.
_PACKED = np.array(
    [
        [_CRITICISE, _SILENT, _PRAISE, _UNAFRAID_CRITICISE, _UNAFRAID_PRAISE],
        [_PRIVATE_CRITICISE, _PRIVATE_PRAISE, _CHILLED, _CHILLED_BY_FEAR, _BOUGHT],
        [_FALSIFIED, _INDUCED, _WOULD_SAY_YES, _HOLDS_YES, _DUE],
        [_SHADOW_CRITICISE, _SHADOW_PRAISE, _CHILLED_INDIRECT, _CHILLED_TOTAL, -1],
    ],
    dtype=np.int64,
)
_SUMS = len(_PACKED)  # the word of sums comes after them
_WORDS = 8  # words kept for each cell, so that a cell is a power of two away

# Citizens are taken so many at a time, and what is passed on from one loop to the next lies in
# rows of one vector: at fixed distances, so that the compiler sees that they do not overlap.
_CHUNK = 256
_MEANS = 0 * _CHUNK  # liquidity
_CELL = 1 * _CHUNK
_FEAR_OF_BREACH = 2 * _CHUNK
_FEAR_OF_SPEECH = 3 * _CHUNK
_OWN_CRITICISM = 4 * _CHUNK  # utilities without ties, fear and reward
_OWN_SILENCE = 5 * _CHUNK
_OWN_PRAISE = 6 * _CHUNK
_PULL_CRITICISE = 7 * _CHUNK  # how the ties' voices pull
_PULL_PRAISE = 8 * _CHUNK
_SHADOW_CRITICISE_PULL = 9 * _CHUNK  # and those of their shadows
_SHADOW_PRAISE_PULL = 10 * _CHUNK
_TO_COUNT = 11 * _CHUNK  # four packed words and the sums
_ROOM = 16 * _CHUNK

# 2**32 over so many ties, rounded up: x * _PER[n] >> 32 is x // n as long as x * n < 2**32.  Nobody
# has more than 25 ties.
_PER = np.array([0] + [2**32 // n + 1 for n in range(1, 64)], dtype=np.int64)

_LIQUIDITY_LOW = -3072
_LIQUIDITY_HIGH = 6144
_OWED_CAP = 36
_IGNORED = 8
_SPARED_CASE = 9


@inner
def choose_voice(criticise, silent, praise):
    """Return the voice of greatest utility; equals go to silence, then criticism."""
    # Without branches: which voice wins is not for a processor to guess.
    first = (criticise > silent) & (criticise >= praise)
    return np.int64(first) + 2 * np.int64(~first & (praise > silent))


@inner
def _stake(tables, now, score_gates, kind, face, standing, i, sphere):
    """Return the stake of a breach in a sphere, 0..65535 (model, 5.1).

    The value of the gates that the gravest breach it becomes after twelve months would close and
    that are still open and of the perks that would be lost, plus the creditor's and the court's own
    sanctions, over one fixed total.  Behind a firewall only the gates of the breach's own sphere
    look at the fall of the score, and essential gates that stay open are not at stake.
    """
    closed = closed_by_lists(tables, now[at.NOW_EVERYWHERE], listed_bits(standing, i), i)
    score = face_score(face)
    closed |= np.int64(score_gates[score])
    worse = np.int64(0)
    if now[at.NOW_LISTS_ON] == 1 and tables[at.LIST_ON + sphere] == 1:
        worse = closed_by_lists(tables, now[at.NOW_EVERYWHERE], 1 << sphere, i)
    if score > 1:
        fallen = score - tables[at.DEEP_DROP]
        if fallen < tables[at.LOW]:
            fallen = tables[at.LOW]
        by_fall = np.int64(score_gates[fallen])
        if covered(tables, i, at.FIREWALL):
            by_fall &= gates_of(tables, sphere)
        if covered(tables, i, at.ESSENTIALS):
            by_fall &= ~tables[at.ESSENTIAL]
        worse |= by_fall
    value = tables[at.COURT_STAKE] + gates_value(tables, kind, worse & ~closed)
    if score > 1:
        fallen = max(score - tables[at.DEEP_DROP], tables[at.LOW])
        for p in range(tables[at.PERKS]):
            if fallen < tables[at.PERK_POINTS + p] <= score:
                value += tables[at.PERK_WORTH + 8 * kind + p]
        value = min(value, tables[at.STAKE_TOTAL])
    return value * 65535 // tables[at.STAKE_TOTAL]


@inner
def _reopened(tables, now, kind, standing, i, sphere):
    """Return the value that performing would reopen, 0..65535."""
    bits = listed_bits(standing, i)
    if not bits & (1 << sphere):
        return 0
    mine = closed_by_lists(tables, now[at.NOW_EVERYWHERE], bits, i)
    others = closed_by_lists(tables, now[at.NOW_EVERYWHERE], bits & ~(1 << sphere), i)
    return gates_value(tables, kind, mine & ~others) * 65535 // tables[at.STAKE_TOTAL]


@inner
def _work(i, count, k, traits, state, tables, luck, scratch, room):
    """Work, and save or spend: months without work, offers, and liquidity in ``room``."""
    who = traits.who[i : i + count]
    income = traits.income[i : i + count]
    idle = state.truth.idle[i : i + count]
    liquid = state.truth.liquidity[i : i + count]
    filed = state.filed[i : i + count]
    drawn_separation = luck[at.L_WORK, 0, k : k + count]
    drawn_offer = luck[at.L_WORK, 1, k : k + count]
    pools = scratch[at.S_POOL, k : k + count]
    separation = tables[at.SEPARATION : at.SEPARATION + 8]
    saving = tables[at.SAVING : at.SAVING + 5]
    offer = tables[at.OFFER]
    pooling = tables[at.POOLING]
    target = tables[at.LIQUIDITY_TARGET]
    spending = tables[at.IDLE_SPENDING]
    # Division by the target without dividing: exact as long as the product stays below 2**32.
    most = np.int64(0)
    for quintile in range(5):
        most = max(most, saving[quintile])
    per = np.int64(0)
    if target > 1 and most * (target - _LIQUIDITY_LOW) * target < 1 << 32:
        per = (1 << 32) // target + 1
    for p in range(count):
        # A month's separations; offers to those who had lost their work before.
        occupation = (who[p] >> 3) & 7
        works = occupation < 6
        months = np.int64(idle[p])
        lost = works & (months == 0) & (drawn_separation[p] < separation[occupation])
        offered = works & (months > 0) & (drawn_offer[p] < offer)
        months += lost | (works & (0 < months) & (months < 255))
        idle[p] = months
        filed[p] = np.int64(offered) << 4

        # Liquidity: partly pooled, then saving that fades as the target is reached, or drawing.
        liquidity = np.int64(liquid[p])
        room_left = max(target - liquidity, 0)
        saved = saving[(np.int64(income[p]) * 5) >> 8] * room_left
        if per > 0:
            saved = (saved * per) >> 32
        elif room_left > 0:
            saved = saved // target
        pooled = ((np.int64(pools[p]) - liquidity) * pooling) >> 16
        room[_MEANS + p] = liquidity + pooled + (saved if months == 0 else -spending)


@inner
def _game(i, count, state, tables, now, room):
    """Let those who game their score pay for it."""
    for p in range(count):
        if now[at.NOW_MANDATE] == 1 or face_score(np.int64(state.face.now[i + p])) > 0:
            room[_MEANS + p] -= games(tables, i + p) * tables[at.GAME_COST]


@inner
def _fear(phi, crosstalk, salience, learned, seen, other, other_seen, row, room):
    """Write everybody's fear into a row of the room."""
    for p in range(len(learned)):
        room[row + p] = fear_of(
            phi,
            np.int64(learned[p]),
            np.int64(seen[p]),
            np.int64(other[p]),
            np.int64(other_seen[p]),
            crosstalk,
            salience,
        )


@inner
def _find_cells(income, who, opinion, room):
    for p in range(len(income)):
        room[_CELL + p] = cell_of(np.int64(income[p]), np.int64(who[p]), np.int64(opinion[p]))


@inner
def _get_by(i, count, k, traits, state, tables, luck, scratch, room, few):
    """Let the month pass quietly; return to how many something happens, and write who: ``few``.

    Most people, most months, have work or none, pay what is due, do nothing wrong and nothing
    befalls them.  The screen lets through all to whom something may happen.
    """
    who = traits.who[i : i + count]
    consciences = traits.conscience[i : i + count]
    liquid = state.truth.liquidity[i : i + count]
    spells = state.truth.spell[i : i + count]
    cases = state.truth.case[i : i + count]
    owed_credit = state.truth.owed_credit[i : i + count]
    owed_fee = state.truth.owed_fee[i : i + count]
    drawn_shock = luck[at.L_RARE, 0, k : k + count]
    drawn_onset = luck[at.L_RARE, 1, k : k + count]
    drawn_conduct = luck[at.L_RARE, 2, k : k + count]
    drawn_credit = luck[at.L_PAYMENT, 0, k : k + count]
    drawn_fee = luck[at.L_WORK, 3, k : k + count]
    status = scratch[at.S_STATUS, k : k + count]
    fresh = scratch[at.S_FRESH, k : k + count]
    blame = scratch[at.S_BLAME, k : k + count]
    slip = tables[at.SLIP : at.SLIP + 256]
    onset = tables[at.ONSET : at.ONSET + 256]
    careless = tables[at.CARELESS : at.CARELESS + 256]
    shock = tables[at.SHOCK]
    conduct = np.int64(0)
    for c in range(4):
        conduct += tables[at.CONDUCT + c]
    for p in range(count):
        status[p] = 0
        fresh[p] = 0
    for p in range(count):
        blame[p] = 0
        liquid[p] = max(min(room[_MEANS + p], _LIQUIDITY_HIGH), _LIQUIDITY_LOW)
    n = 0
    for p in range(count):
        conscience = consciences[p]
        slips = slip[conscience]
        some = (drawn_fee[p] < slips) | ((who[p] > 127) & (drawn_credit[p] < slips))
        some |= drawn_shock[p] < shock
        some |= drawn_onset[p] < 2 * onset[conscience]
        some |= drawn_conduct[p] < (conduct * careless[conscience]) >> 8
        some |= (owed_credit[p] | owed_fee[p] | cases[p] | (spells[p] & 63)) != 0
        some |= room[_MEANS + p] < 0
        few[n] = p
        n += some
    return n


@inner
def _live(
    few, lo, first, area, traits, state, tables, now, score_gates, luck, scratch, room, counts
):
    """Live through the month with the few to whom something happens, or who owe something.

    Shocks, the onset of withholding, obligations, courts and conduct; for everybody else
    :func:`_get_by` has done what there is to do.
    """
    face_now = state.face.now
    record_standing = state.record.standing
    truth_case = state.truth.case
    truth_liquidity = state.truth.liquidity
    truth_owed_credit = state.truth.owed_credit
    truth_owed_fee = state.truth.owed_fee
    truth_spell = state.truth.spell
    traits_home = traits.home
    seed = tables[at.SEED]
    key = now[at.NOW_KEY]
    for j in range(len(few)):
        p = np.int64(few[j])
        i = first + p
        k = i - lo
        who = np.int64(traits.who[i])
        income = np.int64(traits.income[i])
        conscience = np.int64(traits.conscience[i])
        face = np.int64(face_now[i])
        cell = np.int64(room[_CELL + p])
        fear_breach = np.int64(room[_FEAR_OF_BREACH + p])
        kind = class_of(area, income, who)
        has_credit = (who >> 7) & 1
        spell = np.int64(truth_spell[i])
        case = np.int64(truth_case[i])
        liquidity = np.int64(room[_MEANS + p])
        owed = (np.int64(truth_owed_credit[i]), np.int64(truth_owed_fee[i]))
        owed_before_credit = owed[0]
        owed_before_fee = owed[1]
        if luck[at.L_RARE, 0, k] < tables[at.SHOCK]:
            size = tables[at.SHOCK_SIZE + (word(seed, i, key, at.C_SUIT, 3) >> 28)]
            if spell & 64:
                size = (size * tables[at.INSURED_SHOCK]) >> 8
            liquidity -= size

        withheld = spell & 3
        began = 0
        if withheld == 0:
            # The multiplier is at most twice its value without fear: most words end here.
            drawn = np.int64(luck[at.L_RARE, 1, k])
            if drawn < 2 * tables[at.ONSET + conscience]:
                began = 2
                if has_credit and word(seed, i, key, at.C_COURT, 0) < tables[at.ONSET_CREDIT]:
                    began = 1
                sphere = 1 if began == 1 else 0
                stake = _stake(tables, now, score_gates, kind, face, record_standing, i, sphere)
                factor = tables[at.DETERRENCE + ((fear_breach * stake) >> 18)]
                if drawn < (tables[at.ONSET + conscience] * factor) >> 12:
                    spell |= began
                    counts[_UNWILLING_ONSETS, cell] += 1
                else:
                    began = 0

        # Obligations, oldest owed months first.  0: the credit, 1: the fee.
        blame = 0
        for which in range(2):
            if which == 0 and has_credit == 0:
                continue
            debt = owed[which]
            part = (
                tables[at.FEE]
                if which == 1
                else tables[at.INSTALMENT + ((traits_home[i] >> 6) & 3)]
            )
            unable_bit = 4 << (2 * which)
            unwilling_bit = 8 << (2 * which)
            ours = case & 15 != 0 and (case >> 4) & 1 == which
            paid = False
            if spell & 3 == which + 1:
                repaid = False
                sphere = 1 if which == 0 else 0
                listed = on_list(record_standing[i, sphere])
                if began == 0:
                    hazard = tables[at.REPAY_BEFORE]
                    if ours and case & 15 == _IGNORED:
                        hazard = tables[at.REPAY_AFTER]
                    if listed:
                        gain = _reopened(tables, now, kind, record_standing, i, sphere)
                        hazard = (hazard * tables[at.REPAY_GAIN + (gain >> 10)]) >> 12
                        counts[_EXPOSED_LISTED, cell] += 1
                    else:
                        counts[_EXPOSED_UNLISTED, cell] += 1
                    repaid = luck[at.L_PAYMENT, 3, k] < hazard
                if repaid:
                    liquidity -= debt * part
                    if which == 0:
                        counts[_RECOVERED, cell] += debt
                    debt = 0
                    spell &= ~3
                    paid = True
                    counts[_REPAID_LISTED if listed else _REPAID_UNLISTED, cell] += 1
                else:
                    debt += 1
                    liquidity += part
                    spell |= unwilling_bit
                    if liquidity < 0:
                        spell |= unable_bit
            elif liquidity < 0:
                if debt == 0:
                    counts[_UNABLE_ONSETS, cell] += 1
                debt += 1
                liquidity += part
                spell |= unable_bit
            elif debt == 0:
                drawn = luck[at.L_PAYMENT, 0, k] if which == 0 else luck[at.L_WORK, 3, k]
                if drawn < tables[at.SLIP + conscience]:
                    debt = 1
                    liquidity += part
                    counts[_SLIPS, cell] += 1
                else:
                    paid = True
            else:
                paid = True
                chance = tables[at.CATCH_UP]
                if debt == 1 and spell & (unable_bit | unwilling_bit) == 0:
                    chance = tables[at.SLIP_FIX]
                drawn = luck[at.L_PAYMENT, 1 + which, k]
                if drawn < chance:
                    months = liquidity // part
                    if months > debt:
                        months = debt
                    debt -= months
                    liquidity -= months * part
                    if which == 0:
                        counts[_RECOVERED, cell] += months
            if debt > _OWED_CAP:
                debt = _OWED_CAP
            if (
                debt == _OWED_CAP
                and word(seed, i, key, at.C_COURT, 2 + which) < tables[at.WRITE_OFF]
            ):
                debt = 0
                if spell & 3 == which + 1:
                    spell &= ~3
                counts[_WRITTEN_OFF, cell] += 1
            if which == 0 and not paid:
                counts[_UNPAID, cell] += 1
            if debt == 0:
                spell &= ~(unable_bit | unwilling_bit)
                if ours:
                    case = 0
            else:
                cause = 2
                if spell & 3 == which + 1:
                    cause = 0
                elif liquidity < 0:
                    cause = 1
                elif spell & unwilling_bit:
                    cause = 0
                elif spell & unable_bit:
                    cause = 1
                blame |= cause << (2 * which)
                blame |= ((spell >> (2 + 2 * which)) & 3) << (4 + 2 * which)
            if which == 0:
                owed = (debt, owed[1])
            else:
                owed = (owed[0], debt)

        # The court: suits from six owed months on, grace, then the order is ignored.
        fresh = 0
        status = case & 15
        if status == 0:
            for which in range(2):
                if owed[which] >= 6 and case == 0:
                    if word(seed, i, key, at.C_SUIT, which) < tables[at.SUE]:
                        counts[_SUITS, cell] += 1
                        seen = (spell >> (2 + 2 * which)) & 3
                        if seen & 2 == 0 and word(seed, i, key, at.C_COURT, 1) < tables[at.SPARE]:
                            case = _SPARED_CASE | (which << 4)
                            counts[_SPARED, cell] += 1
                        else:
                            case = tables[at.GRACE] | (which << 4)
                            counts[_ORDERS, cell] += 1
                            if tables[at.GRACE] == 0:
                                case = _IGNORED | (which << 4)
                                fresh |= 4 << (3 * which)
        elif status < _IGNORED:
            if status == 1:
                case = _IGNORED | (case & 16)
                fresh |= 4 << (3 * ((case >> 4) & 1))
            else:
                case -= 1
        happened = 0
        for which in range(2):
            debt = owed[which]
            before = owed_before_credit if which == 0 else owed_before_fee
            if debt > 0:
                ignored = case & 15 == _IGNORED and (case >> 4) & 1 == which
                if ignored:
                    happened |= 4 << (3 * which)
                elif debt >= 3:
                    happened |= 2 << (3 * which)
                else:
                    happened |= 1 << (3 * which)
                if before == 0:
                    fresh |= 1 << (3 * which)
                if before < 3 <= debt:
                    fresh |= 2 << (3 * which)
        if (
            case & 15 == _IGNORED
            and spell & 3 == ((case >> 4) & 1) + 1
            and word(seed, i, key, at.C_SUIT, 2) < tables[at.CONTEMPT]
        ):
            happened |= 64
            fresh |= 64

        # A debt of three months or more, or a withheld one, settled by one who was not listed.
        kept = np.int64(truth_spell[i]) & 3
        for which in range(2):
            before = owed_before_credit if which == 0 else owed_before_fee
            grave = before >= 3 or (before > 0 and kept == which + 1)
            if grave and owed[which] == 0 and not on_list(record_standing[i, 1 - which]):
                happened |= 2048

        # Conduct does not depend on liquidity; a rumour needs a voice.
        drawn = np.int64(luck[at.L_RARE, 2, k])
        limit = np.int64(0)
        for c in range(4):
            if c < 3 or face_voice(face) != 0:
                limit += (tables[at.CONDUCT + c] * tables[at.CARELESS + conscience]) >> 8
                if drawn < limit:
                    happened |= 128 << c
                    fresh |= 128 << c
                    break
        scratch[at.S_STATUS, k] = happened
        scratch[at.S_FRESH, k] = fresh
        scratch[at.S_BLAME, k] = blame
        if happened | fresh:
            for e in range(11):
                if (happened >> e) & 1:
                    counts[_HAPPENED + e, cell] += 1
                if (fresh >> e) & 1:
                    counts[_BREACHES + e, cell] += 1
                    which = 1 if 3 <= e < 6 else 0
                    if e == 6 or (e < 6 and spell & 3 == which + 1):
                        counts[_UNWILLING_BREACHES, cell] += 1

        if liquidity < _LIQUIDITY_LOW:
            liquidity = _LIQUIDITY_LOW
        if liquidity > _LIQUIDITY_HIGH:
            liquidity = _LIQUIDITY_HIGH
        truth_liquidity[i] = liquidity
        truth_owed_credit[i] = owed[0]
        truth_owed_fee[i] = owed[1]
        truth_spell[i] = spell
        truth_case[i] = case


@inner
def _wish(opinion, luck, k, tables, room):
    """Write what each voice is worth to people by themselves; draws are kept for twelve months."""
    drawn_silent = luck[at.L_VOICE, 0, k : k + len(opinion)]
    drawn_criticise = luck[at.L_VOICE, 1, k : k + len(opinion)]
    drawn_praise = luck[at.L_VOICE, 2, k : k + len(opinion)]
    gumbel = tables[at.GUMBEL : at.GUMBEL + 4096]
    expressive = tables[at.EXPRESSIVE]
    silence = tables[at.SILENCE]
    for p in range(len(opinion)):
        lean = expressive * np.int64(opinion[p]) // 127
        room[_OWN_SILENCE + p] = gumbel[drawn_silent[p] >> 20] + silence
        room[_OWN_CRITICISM + p] = gumbel[drawn_criticise[p] >> 20] - lean
        room[_OWN_PRAISE + p] = gumbel[drawn_praise[p] >> 20] + lean


@inner
def _pull(conformity, k, scratch, count, room):
    """Write how the ties' voices pull: shares are of all ties, silence is not seen."""
    ties = scratch[at.S_TIES_OPEN, k : k + count]
    for row, voice in (
        (_PULL_CRITICISE, at.S_CRITICS),
        (_PULL_PRAISE, at.S_PRAISERS),
        (_SHADOW_CRITICISE_PULL, at.S_SHADOW_CRITICS),
        (_SHADOW_PRAISE_PULL, at.S_SHADOW_PRAISERS),
    ):
        voices = scratch[voice, k : k + count]
        for p in range(count):
            room[row + p] = conformity * np.int64(voices[p])
    most = np.int64(0)
    for p in range(count):
        most |= np.int64(ties[p])
    if 0 <= conformity < 1 << 20 and most < 64:
        for p in range(count):
            per = _PER[ties[p] & 63]
            room[_PULL_CRITICISE + p] = (room[_PULL_CRITICISE + p] * per) >> 32
            room[_PULL_PRAISE + p] = (room[_PULL_PRAISE + p] * per) >> 32
            room[_SHADOW_CRITICISE_PULL + p] = (room[_SHADOW_CRITICISE_PULL + p] * per) >> 32
            room[_SHADOW_PRAISE_PULL + p] = (room[_SHADOW_PRAISE_PULL + p] * per) >> 32
    else:
        for row in range(_PULL_CRITICISE, _TO_COUNT, _CHUNK):
            for p in range(count):
                room[row + p] = room[row + p] // ties[p] if ties[p] > 0 else 0


@inner
def _speak(opinions, who, faces, k, tables, luck, scratch, inner_voices, room):
    """Choose everybody's voice: logit with Gumbel draws; the unafraid voice has the same draws."""
    notes = scratch.reshape(-1)[k:]
    kappa = tables[at.KAPPA]
    rewarded = tables[at.REWARD]
    for p in range(len(opinions)):
        fear_breach = room[_FEAR_OF_BREACH + p]
        fear_speech = room[_FEAR_OF_SPEECH + p]
        own_criticise = room[_OWN_CRITICISM + p]
        own_silent = room[_OWN_SILENCE + p]
        own_praise = room[_OWN_PRAISE + p]
        opinion = np.int64(opinions[p])
        ties = np.int64(notes[at.S_TIES_OPEN * at.STRIDE + p])
        pull_criticise = room[_PULL_CRITICISE + p]
        pull_praise = room[_PULL_PRAISE + p]
        cost = (kappa * fear_speech) >> 8
        reward = rewarded if face_score(np.int64(faces[p])) > 0 else 0
        voice = choose_voice(
            own_criticise + pull_criticise - cost, own_silent, own_praise + pull_praise + reward
        )
        unafraid = choose_voice(
            own_criticise + pull_criticise, own_silent, own_praise + pull_praise + reward
        )
        plain = choose_voice(own_criticise + pull_criticise, own_silent, own_praise + pull_praise)
        private = choose_voice(own_criticise, own_silent, own_praise)
        # The unafraid voice again, among ties who have never feared either.
        pull_criticise = room[_SHADOW_CRITICISE_PULL + p]
        pull_praise = room[_SHADOW_PRAISE_PULL + p]
        shadow = choose_voice(
            own_criticise + pull_criticise, own_silent, own_praise + pull_praise + reward
        )
        yes = np.int64(own_praise >= own_criticise - cost)
        notes[at.S_VOICE * at.STRIDE + p] = voice
        inner_voices[p] = unafraid | (private << 2) | (yes << 4) | (shadow << 6)
        silent = np.int64(voice == 0)
        criticises = voice & 1
        praises = voice >> 1
        critic = unafraid & 1
        shadow_critic = shadow & 1
        room[_TO_COUNT + p] = (
            criticises
            + (silent << at.LANE)
            + (praises << 2 * at.LANE)
            + (critic << 3 * at.LANE)
            + ((unafraid >> 1) << 4 * at.LANE)
        )
        chilled = critic & ~criticises
        room[_TO_COUNT + _CHUNK + p] = (
            (private & 1)
            + ((private >> 1) << at.LANE)
            + (chilled << 2 * at.LANE)
            + ((chilled & silent) << 3 * at.LANE)
            + ((praises & plain & 1) << 4 * at.LANE)
        )
        against = np.int64(opinion < 0)
        room[_TO_COUNT + 2 * _CHUNK + p] = (
            (praises & against)
            + ((praises & ~against & ~(unafraid >> 1) & 1) << at.LANE)
            + (yes << 2 * at.LANE)
            + (np.int64(opinion > 0) << 3 * at.LANE)
            + (np.int64(who[p] >> 7) << 4 * at.LANE)
        )
        room[_TO_COUNT + 3 * _CHUNK + p] = (
            shadow_critic
            + ((shadow >> 1) << at.LANE)
            + ((shadow_critic & ~critic) << 2 * at.LANE)
            + ((shadow_critic & ~criticises) << 3 * at.LANE)
        )
        # Sums of a stride: at most 2**18, 2**18 and 2**15.
        room[_TO_COUNT + 4 * _CHUNK + p] = fear_breach + (fear_speech << 20) + (ties << 40)


@inner
def _count(count, room, lanes):
    """Add the packed words to those of everybody's cell."""
    for p in range(count):
        place = (room[_CELL + p] & 127) * _WORDS
        lanes[place] += room[_TO_COUNT + p]
        lanes[place + 1] += room[_TO_COUNT + _CHUNK + p]
        lanes[place + 2] += room[_TO_COUNT + 2 * _CHUNK + p]
        lanes[place + 3] += room[_TO_COUNT + 3 * _CHUNK + p]
        lanes[place + 4] += room[_TO_COUNT + 4 * _CHUNK + p]


@inner
def _spread(lanes, counts):
    """Add what was counted in the lanes to the cube's rows."""
    for cell in range(75):
        own = lanes[cell * _WORDS : (cell + 1) * _WORDS]
        for group in range(_SUMS):
            packed = own[group]
            if packed != 0:
                for lane in range(at.LANES):
                    row = _PACKED[group, lane]
                    if row >= 0:
                        counts[row, cell] += (packed >> (at.LANE * lane)) & 4095
        counts[_FEAR_BREACH, cell] += own[_SUMS] & 0xFFFFF
        counts[_FEAR_SPEECH, cell] += (own[_SUMS] >> 20) & 0xFFFFF
        counts[_OPEN_TIES, cell] += own[_SUMS] >> 40


@inner
def _file(area, k, tables, luck, scratch, room, filed):
    """Put down the life gate that is applied for, at most one a month, and where the ties lean."""
    drawn_life = luck[at.L_LIFE, 0, k : k + len(filed)]
    critics = scratch[at.S_CRITICS, k : k + len(filed)]
    praisers = scratch[at.S_PRAISERS, k : k + len(filed)]
    life = tables[at.LIFE + 225 * area : at.LIFE + 225 * area + 225]
    for p in range(len(filed)):
        drawn = np.int64(drawn_life[p])
        place = 9 * ((room[_CELL + p] & 127) // 3)
        # Which way the ties' voices lean, for the drift of opinion.
        lean = 64 * np.int64(praisers[p] > critics[p]) + 32 * np.int64(praisers[p] < critics[p])
        if drawn < life[place + 8]:
            g = 0
            while drawn >= life[place + g]:
                g += 1
            lean |= g + 1
        filed[p] |= lean


@inner
def act_in(lo, hi, area, traits, state, tables, now, score_gates, luck, scratch, counts, rooms):
    """Live through the month, as :func:`act`, in a room that is kept from stride to stride."""
    room, lanes, few = rooms
    for place in range(len(lanes)):
        lanes[place] = 0
    belief = state.belief
    salience = now[at.NOW_SALIENCE]
    crosstalk = tables[at.CROSSTALK]
    gamed = tables[at.GAMERS] > 0 and now[at.NOW_OPERATOR] == 1
    for first in range(lo, hi, _CHUNK):
        last = min(first + _CHUNK, hi)
        count = last - first
        k = first - lo
        opinion = state.truth.opinion[first:last]
        who = traits.who[first:last]
        speech = belief.speech[first:last]
        speech_seen = belief.speech_seen[first:last]
        breach = belief.breach[first:last]
        breach_seen = belief.breach_seen[first:last]
        _work(first, count, k, traits, state, tables, luck, scratch, room)
        if gamed:
            _game(first, count, state, tables, now, room)
        _find_cells(traits.income[first:last], who, opinion, room)
        _fear(
            tables[at.PHI_BREACH],
            crosstalk,
            salience,
            breach,
            breach_seen,
            speech,
            speech_seen,
            _FEAR_OF_BREACH,
            room,
        )
        _fear(
            tables[at.PHI_SPEECH],
            crosstalk,
            salience,
            speech,
            speech_seen,
            breach,
            breach_seen,
            _FEAR_OF_SPEECH,
            room,
        )
        n = _get_by(first, count, k, traits, state, tables, luck, scratch, room, few)
        _live(
            few[:n],
            lo,
            first,
            area,
            traits,
            state,
            tables,
            now,
            score_gates,
            luck,
            scratch,
            room,
            counts,
        )
        _wish(opinion, luck, k, tables, room)
        _pull(tables[at.CONFORMITY], k, scratch, count, room)
        faces = state.face.now[first:last]
        _speak(opinion, who, faces, k, tables, luck, scratch, state.audit.inner[first:last], room)
        _count(count, room, lanes)
        _file(area, k, tables, luck, scratch, room, state.filed[first:last])
    _spread(lanes, counts)


@kernel
def act_room():
    """Return the room that :func:`act_in` needs: for a chunk, for the counts, for the few."""
    return (
        np.empty(_ROOM, dtype=np.int64),
        np.empty(75 * _WORDS, dtype=np.int64),
        np.empty(_CHUNK, dtype=np.int64),
    )


@kernel
def act(lo, hi, area, traits, state, tables, now, score_gates, luck, scratch, counts):
    """Let every citizen of the block live through the month.

    Parameters
    ----------
    lo, hi : int
        The block: citizens lo to hi - 1, all of one province and area.
    score_gates : uint32[2048]
        Gates that the regime closed at each score last month.
    counts : int64[rows, 75]
        The cube's rows for this province and area, added to.
    """
    act_in(lo, hi, area, traits, state, tables, now, score_gates, luck, scratch, counts, act_room())
