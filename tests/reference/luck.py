"""Keyed luck: Philox4x32-10 from its paper, and the names of the words that the month uses."""

from __future__ import annotations

LOW = 0xFFFFFFFF

# Which word of which call decides what (glasscity.draws.CALLS).  Never renumbered.
WORDS = {
    "separation": (0, 0),
    "offer": (0, 1),
    "tie_dropped": (0, 2),
    "fee_slip": (0, 3),
    "credit_slip": (1, 0),
    "credit_catch_up": (1, 1),
    "fee_catch_up": (1, 2),
    "repayment": (1, 3),
    "shock": (2, 0),
    "onset": (2, 1),
    "conduct": (2, 2),
    "false_alarm": (2, 3),
    "gumbel_silent": (3, 0),
    "gumbel_criticise": (3, 1),
    "gumbel_praise": (3, 2),
    "life_gate": (5, 0),
    "screening_noise": (5, 1),
    "life_reach": (5, 2),
    "school": (5, 3),
    "joining": (6, 0),
    "tie_reopened": (6, 1),
    "appeal": (6, 2),
    "drift": (6, 3),
    "credit_seen": (7, 0),
    "fee_seen": (7, 1),
    "contempt_seen": (7, 2),
    "conduct_seen": (7, 3),
    "which_false_alarm": (8, 0),
    "stray": (8, 1),
    "mistake_found": (8, 2),
    "link_found": (8, 3),
    "credit_suit": (10, 0),
    "fee_suit": (10, 1),
    "contempt": (10, 2),
    "shock_size": (10, 3),
    "what_is_withheld": (11, 0),
    "spared": (11, 1),
    "credit_write_off": (11, 2),
    "fee_write_off": (11, 3),
    "evidence_government": (12, 0),
    "evidence_commerce": (12, 1),
    "evidence_society": (12, 2),
    "evidence_judiciary": (12, 3),
    "employers_noise": (13, 0),
    "display": (14, 0),
    "single_again": (14, 1),
    "role_model": (14, 2),
    "disposition": (14, 3),
    "report": (15, 0),
    "hearsay": (16, 0),
    "who_meets": (16, 2),
    "who_looks": (16, 3),
    "place_in_order": (17, 0),
    "match": (17, 1),
    "look_for_partner": (17, 2),
    "repair_government": (18, 0),
    "repair_commerce": (18, 1),
    "repair_society": (18, 2),
    "repair_judiciary": (18, 3),
    "volunteering": (19, 0),
    "donation": (19, 1),
    "honour": (19, 2),
    "heroism": (19, 3),
    "volunteering_filed": (20, 0),
    "donation_filed": (20, 1),
    "honour_filed": (20, 2),
    "heroism_filed": (20, 3),
}
LANES = {"everyday": 4, "reach": 9}

# Voices are remade every twelve months, staggered over the citizens.
VOICE_CALL = 3
VOICE_KEPT = 12


def philox(key, counter):
    """Return four words: ten rounds of two multiplications, words crossed, keys bumped."""
    k0, k1 = key
    a, b, c, d = counter
    for _ in range(10):
        first, second = 0xD2511F53 * a, 0xCD9E8D57 * c
        a, b, c, d = (second >> 32) ^ b ^ k0, second & LOW, (first >> 32) ^ d ^ k1, first & LOW
        k0, k1 = (k0 + 0x9E3779B9) & LOW, (k1 + 0xBB67AE85) & LOW
    return a, b, c, d


def words_of_call(seed, entity, month, call):
    """Return the four words of one entity, month and use."""
    return philox((seed & LOW, seed >> 32), (entity & LOW, entity >> 32, month, call))


def period(citizen, month, held):
    """Return which of its periods of ``held`` months a citizen is in."""
    return (month + citizen % held) // held


class Luck:
    """A citizen's luck of a month, drawn when it is asked for."""

    def __init__(self, seed, citizen, month):
        self.seed, self.citizen, self.month = seed, citizen, month
        self._drawn = {}

    def call(self, call):
        """Return the four words of a call."""
        if call not in self._drawn:
            month = self.month
            if call == VOICE_CALL:
                month = period(self.citizen, month, VOICE_KEPT)
            self._drawn[call] = words_of_call(self.seed, self.citizen, month, call)
        return self._drawn[call]

    def word(self, name):
        """Return the 32-bit word with a name."""
        call, word = WORDS[name]
        return self.call(call)[word]

    def lane(self, name, k):
        """Return the k-th 16-bit lane of a call, the low half of the first word first."""
        return self.call(LANES[name])[k // 2] >> 16 * (k % 2) & 0xFFFF
