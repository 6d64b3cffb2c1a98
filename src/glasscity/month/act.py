"""Stage 1, act: work, liquidity, obligations, courts, conduct, voice and what is applied for.

Model, section 5.1.  Everything here is what really happens; nobody has written anything down yet.
"""

from __future__ import annotations

import numpy as np

from glasscity.draws import word
from glasscity.jit import kernel
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
    unpack,
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

__all__ = ["READS", "WRITES", "act", "choose_voice"]

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

_PACKED = np.array(
    [
        [_CRITICISE, _SILENT, _PRAISE, _UNAFRAID_CRITICISE, _UNAFRAID_PRAISE],
        [_PRIVATE_CRITICISE, _PRIVATE_PRAISE, _CHILLED, _CHILLED_BY_FEAR, _BOUGHT],
        [_FALSIFIED, _INDUCED, _WOULD_SAY_YES, _HOLDS_YES, _DUE],
        [_SHADOW_CRITICISE, _SHADOW_PRAISE, _CHILLED_INDIRECT, _CHILLED_TOTAL, -1],
    ],
    dtype=np.int64,
)

_LIQUIDITY_LOW = -3072
_LIQUIDITY_HIGH = 6144
_OWED_CAP = 36
_IGNORED = 8
_SPARED_CASE = 9


@kernel
def choose_voice(criticise, silent, praise):
    """Return the voice of greatest utility; equals go to silence, then criticism."""
    # Without branches: which voice wins is not for a processor to guess.
    first = (criticise > silent) & (criticise >= praise)
    return np.int64(first) + 2 * np.int64(~first & (praise > silent))


@kernel
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


@kernel
def _reopened(tables, now, kind, standing, i, sphere):
    """Return the value that performing would reopen, 0..65535."""
    bits = listed_bits(standing, i)
    if not bits & (1 << sphere):
        return 0
    mine = closed_by_lists(tables, now[at.NOW_EVERYWHERE], bits, i)
    others = closed_by_lists(tables, now[at.NOW_EVERYWHERE], bits & ~(1 << sphere), i)
    return gates_value(tables, kind, mine & ~others) * 65535 // tables[at.STAKE_TOTAL]


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
    belief_breach = state.belief.breach
    belief_breach_seen = state.belief.breach_seen
    belief_speech = state.belief.speech
    belief_speech_seen = state.belief.speech_seen
    face_now = state.face.now
    filed_column = state.filed
    record_standing = state.record.standing
    truth_case = state.truth.case
    truth_idle = state.truth.idle
    truth_liquidity = state.truth.liquidity
    truth_opinion = state.truth.opinion
    truth_owed_credit = state.truth.owed_credit
    truth_owed_fee = state.truth.owed_fee
    truth_spell = state.truth.spell
    seed = tables[at.SEED]
    key = now[at.NOW_KEY]
    lanes = np.zeros((4, 75), dtype=np.int64)
    inner = state.audit.inner
    gamed = tables[at.GAMERS] > 0 and now[at.NOW_OPERATOR] == 1
    sums = np.zeros(75, dtype=np.int64)
    traits_conscience = traits.conscience
    traits_home = traits.home
    traits_income = traits.income
    traits_who = traits.who
    for i in range(lo, hi):
        k = i - lo
        who = np.int64(traits_who[i])
        income = np.int64(traits_income[i])
        conscience = np.int64(traits_conscience[i])
        opinion = np.int64(truth_opinion[i])
        face = np.int64(face_now[i])
        quintile = (income * 5) >> 8
        cell = cell_of(income, who, opinion)
        kind = class_of(area, income, who)
        has_credit = (who >> 7) & 1
        occupation = (who >> 3) & 7
        spell = np.int64(truth_spell[i])
        case = np.int64(truth_case[i])
        liquidity = np.int64(truth_liquidity[i])
        owed = (np.int64(truth_owed_credit[i]), np.int64(truth_owed_fee[i]))
        owed_before_credit = owed[0]
        owed_before_fee = owed[1]

        # Work: a month's separations; offers to those who had lost their work before.
        idle = np.int64(truth_idle[i])
        filed = np.int64(0)
        if occupation < 6:
            if idle == 0:
                if luck[at.L_WORK, 0, k] < tables[at.SEPARATION + occupation]:
                    idle = 1
            else:
                if luck[at.L_WORK, 1, k] < tables[at.OFFER]:
                    filed = 16
                if idle < 255:
                    idle += 1
        truth_idle[i] = idle

        # Liquidity: partly pooled, then saving that fades as the target is reached, or drawing.
        pooled = ((scratch[at.S_POOL, k] - liquidity) * tables[at.POOLING]) >> 16
        if idle == 0:
            room = tables[at.LIQUIDITY_TARGET] - liquidity
            if room > 0:
                pooled += tables[at.SAVING + quintile] * room // tables[at.LIQUIDITY_TARGET]
        else:
            pooled -= tables[at.IDLE_SPENDING]
        liquidity += pooled
        if luck[at.L_RARE, 0, k] < tables[at.SHOCK]:
            size = tables[at.SHOCK_SIZE + (word(seed, i, key, at.C_SUIT, 3) >> 28)]
            if spell & 64:
                size = (size * tables[at.INSURED_SHOCK]) >> 8
            liquidity -= size

        if gamed and (now[at.NOW_MANDATE] == 1 or face_score(face) > 0):
            liquidity -= games(tables, i) * tables[at.GAME_COST]

        # Fears, then the onset of withholding.
        fear_breach = fear_of(
            tables[at.PHI_BREACH],
            np.int64(belief_breach[i]),
            np.int64(belief_breach_seen[i]),
            np.int64(belief_speech[i]),
            np.int64(belief_speech_seen[i]),
            tables[at.CROSSTALK],
            now[at.NOW_SALIENCE],
        )
        fear_speech = fear_of(
            tables[at.PHI_SPEECH],
            np.int64(belief_speech[i]),
            np.int64(belief_speech_seen[i]),
            np.int64(belief_breach[i]),
            np.int64(belief_breach_seen[i]),
            tables[at.CROSSTALK],
            now[at.NOW_SALIENCE],
        )
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

        # Voice: logit with Gumbel draws kept for twelve months; the unafraid voice has the same
        # draws.  Shares are of all ties: silence is not seen.
        ties = scratch[at.S_TIES_OPEN, k]
        pull_criticise = 0
        pull_praise = 0
        if ties > 0:
            pull_criticise = tables[at.CONFORMITY] * scratch[at.S_CRITICS, k] // ties
            pull_praise = tables[at.CONFORMITY] * scratch[at.S_PRAISERS, k] // ties
        draw_silent = tables[at.GUMBEL + (luck[at.L_VOICE, 0, k] >> 20)]
        draw_criticise = tables[at.GUMBEL + (luck[at.L_VOICE, 1, k] >> 20)]
        draw_praise = tables[at.GUMBEL + (luck[at.L_VOICE, 2, k] >> 20)]
        lean = tables[at.EXPRESSIVE] * opinion // 127
        cost = (tables[at.KAPPA] * fear_speech) >> 8
        reward = 0
        if face_score(face) > 0:
            reward = tables[at.REWARD]
        own_criticise = draw_criticise - lean
        own_silent = draw_silent + tables[at.SILENCE]
        own_praise = draw_praise + lean
        voice = choose_voice(
            own_criticise + pull_criticise - cost, own_silent, own_praise + pull_praise + reward
        )
        unafraid = choose_voice(
            own_criticise + pull_criticise, own_silent, own_praise + pull_praise + reward
        )
        plain = choose_voice(own_criticise + pull_criticise, own_silent, own_praise + pull_praise)
        private = choose_voice(own_criticise, own_silent, own_praise)
        scratch[at.S_VOICE, k] = voice
        # The unafraid voice again, among ties who have never feared either.
        if ties > 0:
            pull_criticise = tables[at.CONFORMITY] * scratch[at.S_SHADOW_CRITICS, k] // ties
            pull_praise = tables[at.CONFORMITY] * scratch[at.S_SHADOW_PRAISERS, k] // ties
        shadow = choose_voice(
            own_criticise + pull_criticise, own_silent, own_praise + pull_praise + reward
        )
        yes = own_praise >= own_criticise - cost
        inner[i] = unafraid | (private << 2) | (np.int64(yes) << 4) | (shadow << 6)
        lanes[3, cell] += (
            (shadow == 1)
            + (np.int64(shadow == 2) << at.LANE)
            + (np.int64((shadow == 1) & (unafraid != 1)) << 2 * at.LANE)
            + (np.int64((shadow == 1) & (voice != 1)) << 3 * at.LANE)
        )
        critic = unafraid == 1
        chilled = critic & (voice != 1)
        lanes[0, cell] += (
            (voice == 1)
            + ((voice == 0) << at.LANE)
            + ((voice == 2) << 2 * at.LANE)
            + (np.int64(critic) << 3 * at.LANE)
            + (np.int64(unafraid == 2) << 4 * at.LANE)
        )
        lanes[1, cell] += (
            (private == 1)
            + ((private == 2) << at.LANE)
            + (np.int64(chilled) << 2 * at.LANE)
            + (np.int64(chilled & (voice == 0)) << 3 * at.LANE)
            + (np.int64((voice == 2) & (plain == 1)) << 4 * at.LANE)
        )
        lanes[2, cell] += (
            ((voice == 2) & (opinion < 0))
            + (((voice == 2) & (opinion >= 0) & (unafraid != 2)) << at.LANE)
            + (np.int64(yes) << 2 * at.LANE)
            + (np.int64(opinion > 0) << 3 * at.LANE)
            + (has_credit << 4 * at.LANE)
        )
        # Sums of a stride: at most 2**18, 2**18 and 2**15.
        sums[cell] += fear_breach + (fear_speech << 20) + (np.int64(ties) << 40)

        # The life gate that is applied for: at most one a month.
        drawn = np.int64(luck[at.L_LIFE, 0, k])
        if drawn < tables[at.LIFE + 9 * kind + 8]:
            for g in range(9):
                if drawn < tables[at.LIFE + 9 * kind + g]:
                    filed |= g + 1
                    break
        # Which way the ties' voices lean, for the drift of opinion.
        lead = scratch[at.S_PRAISERS, k] - scratch[at.S_CRITICS, k]
        if lead != 0:
            filed |= 64 if lead > 0 else 32
        filed_column[i] = filed
    unpack(lanes, _PACKED, counts)
    for cell in range(75):
        counts[_FEAR_BREACH, cell] += sums[cell] & 0xFFFFF
        counts[_FEAR_SPEECH, cell] += (sums[cell] >> 20) & 0xFFFFF
        counts[_OPEN_TIES, cell] += sums[cell] >> 40
