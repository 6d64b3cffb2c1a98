"""Luck, keyed: every random number is a pure function of who, when and what for.

The generator is Philox4x32-10 (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as
1, 2, 3", SC 2011).  One call turns a key (the seed) and a counter (entity, month, call) into four
words of 32 random bits.  Each word of each call has one use, its *stream*:
``stream = 4 * call + word``.  Streams are numbered once and never renumbered, so a new mechanism
never shifts the luck of an old one, and nothing depends on order, threads or machines.

An event of probability p happens when its word is below ``rates.threshold32(p)``.
"""

from __future__ import annotations

import numpy as np

from glasscity.jit import inner

__all__ = [
    "CALLS",
    "MONTH_ZERO",
    "UNUSED",
    "WORDS",
    "philox",
    "philox_held",
    "philox_numpy",
    "philox_rows",
    "word",
]

# The luck's month is counted from here: burn-in months lie below, a run's months from it on, so a
# longer burn-in does not shift the luck of the run.
MONTH_ZERO = 4096

# Which call serves what.  A number here is part of the model: append, never change.
# Calls 0x100 to 0x17F belong to the society (society.calls), 0x180 to the first state, 0x190 to
# the simulated list experiment (rights.list_experiment).
CALLS = {
    # For everybody, every month:
    "work": 0,
    "payment": 1,
    "rare": 2,
    "voice": 3,
    "everyday": 4,
    "life": 5,
    "respond": 6,
    # Asked for when needed:
    "record": 7,
    "record_more": 8,
    "reach": 9,
    "suit": 10,
    "court": 11,
    "evidence": 12,
    "job": 13,
    "company": 14,
    "report": 15,
    "favour": 16,
    "couple": 17,
    "guard": 18,
    "deed": 19,
    "deed_filed": 20,
}

UNUSED = "unused"
# What each of a call's four words decides; a word has one use, and one that is unused may get one.
WORDS: dict[str, tuple[str, str, str, str]] = {
    "work": ("separation", "offer of work", "tie dropped: which, and whether", "slip of the fee"),
    "payment": (
        "slip of the credit",
        "catch-up of the credit",
        "catch-up of the fee",
        "repayment of a withheld debt",
    ),
    "rare": ("shock", "onset of withholding", "conduct: whether, and which", "false alarm"),
    # Kept for twelve months, staggered by citizen.
    "voice": ("silence's Gumbel draw", "criticism's", "praise's", UNUSED),
    # Eight lanes of 16 bits, one for each everyday gate: lane g is half g % 2 of word g // 2.
    "everyday": (
        "applications at gates 0, 1",
        "applications at gates 2, 3",
        "applications at gates 4, 5",
        "applications at gates 6, 7",
    ),
    "life": (
        "life gate applied to: whether, and which",
        "noise of a life gate's screening",
        "whether the provider applies the rule (gates from 8 on)",
        "whether the child's school applies it",
    ),
    "respond": ("joining", "tie taken up again", "appeal", "opinion drift"),
    "record": (
        "credit's event seen",
        "fee's event seen",
        "contempt seen",
        "conduct seen",
    ),
    "record_more": (
        "false alarm: of which kind",
        "mix-up (of the citizen whose event it is)",
        "mistake found by the source",
        "link of two files corrected",
    ),
    # Lanes as in everyday.
    "reach": (
        "whether providers at gates 0, 1 apply the rule",
        "whether providers at gates 2, 3 do",
        "whether providers at gates 4, 5 do",
        "whether providers at gates 6, 7 do",
    ),
    "suit": ("suit over the credit", "suit over the fee", "contempt", "size of a shock"),
    "court": (
        "which obligation is withheld",
        "case of an unable debtor closed",
        "write-off of the credit",
        "write-off of the fee",
    ),
    "evidence": (
        "evidence, list of government",
        "evidence, list of commerce",
        "evidence, list of society",
        "evidence, list of the judiciary",
    ),
    "job": ("noise of the employer's screening", UNUSED, UNUSED, UNUSED),
    "company": (
        "display",
        "single again",
        "role model: whether to look, and whether to imitate",
        "return to one's disposition",
    ),
    "report": ("false report by a tie: who, and whether", UNUSED, UNUSED, UNUSED),
    "favour": (
        "hearsay about the stranger met",
        UNUSED,
        "of citizen 0: the month's way of meeting",
        "of citizen 0: the month's way to role models",
    ),
    "couple": ("place in the order", "match (of the lower of two)", "whether to look", UNUSED),
    "guard": (
        "repair, list of government",
        "repair, list of commerce",
        "repair, list of society",
        "repair, list of the judiciary",
    ),
    "deed": ("volunteering", "donation", "honour", "heroism"),
    "deed_filed": ("volunteering filed", "donation filed", "honour filed", "heroism filed"),
}

_M0 = np.uint64(0xD2511F53)
_M1 = np.uint64(0xCD9E8D57)
_W0 = np.uint64(0x9E3779B9)
_W1 = np.uint64(0xBB67AE85)
_LOW = np.uint64(0xFFFFFFFF)
_32 = np.uint64(32)


@inner
def philox(k0, k1, c0, c1, c2, c3):
    """Return the four words of one Philox4x32-10 call.

    Parameters
    ----------
    k0, k1 : int
        Key: low and high 32 bits of the seed.
    c0, c1, c2, c3 : int
        Counter: low and high 32 bits of the entity, the month, the call; each in [0, 2**32).

    Returns
    -------
    tuple of four int64 in [0, 2**32)
        Signed on purpose: mixing unsigned and signed integers in a kernel silently gives floats.
    """
    a, b = np.uint64(k0), np.uint64(k1)
    x0, x1, x2, x3 = np.uint64(c0), np.uint64(c1), np.uint64(c2), np.uint64(c3)
    for _ in range(10):
        p0 = _M0 * x0
        p1 = _M1 * x2
        x0, x1, x2, x3 = (
            (p1 >> _32) ^ x1 ^ a,
            p1 & _LOW,
            (p0 >> _32) ^ x3 ^ b,
            p0 & _LOW,
        )
        a = (a + _W0) & _LOW
        b = (b + _W1) & _LOW
    return np.int64(x0), np.int64(x1), np.int64(x2), np.int64(x3)


@inner
def word(seed, entity, month, call, which):
    """Return one word, in [0, 2**32), of the call of an entity and month: for what is rare."""
    words = philox(seed & 0xFFFFFFFF, seed >> 32, entity & 0xFFFFFFFF, entity >> 32, month, call)
    if which == 0:
        return words[0]
    if which == 1:
        return words[1]
    if which == 2:
        return words[2]
    return words[3]


@inner
def philox_rows(seed, first, count, month, call, out):
    """Fill ``out[0:4, 0:count]`` with the words of the entities ``first`` to ``first + count - 1``.

    The rounds are written one after the other over short runs of entities, so that the compiler
    can do several entities at a time.
    """
    key0 = np.uint64(seed) & _LOW
    key1 = np.uint64(seed) >> _32
    moment = np.uint64(month)
    use = np.uint64(call)
    for i in range(count):
        entity = np.uint64(first + i)
        x0 = entity & _LOW
        x1 = entity >> _32
        x2 = moment
        x3 = use
        a = key0
        b = key1
        for _ in range(10):
            p0 = _M0 * x0
            p1 = _M1 * x2
            x0 = (p1 >> _32) ^ x1 ^ a
            x1 = p1 & _LOW
            x2 = (p0 >> _32) ^ x3 ^ b
            x3 = p0 & _LOW
            a = (a + _W0) & _LOW
            b = (b + _W1) & _LOW
        out[0, i] = np.uint32(x0)
        out[1, i] = np.uint32(x1)
        out[2, i] = np.uint32(x2)
        out[3, i] = np.uint32(x3)


@inner
def philox_held(seed, first, count, month, call, held, out):
    """Fill ``out`` like :func:`philox_rows` with words kept for ``held`` months.

    Citizen ``i`` draws anew when ``month + i % held`` is a multiple of ``held``: choices that
    people do not remake every month, staggered over the citizens.
    """
    key0 = np.uint64(seed) & _LOW
    key1 = np.uint64(seed) >> _32
    use = np.uint64(call)
    # Once divided, not for each: a place in the stride times `part` is exact below 2**32 / held.
    begun = first % held
    part = (1 << 32) // held + 1
    whole = month // held
    rest = month - whole * held
    for i in range(count):
        entity = np.uint64(first + i)
        place = begun + i
        phase = place - ((place * part) >> 32) * held
        x0 = entity & _LOW
        x1 = entity >> _32
        x2 = np.uint64(whole + np.int64(phase + rest >= held))
        x3 = use
        a = key0
        b = key1
        for _ in range(10):
            p0 = _M0 * x0
            p1 = _M1 * x2
            x0 = (p1 >> _32) ^ x1 ^ a
            x1 = p1 & _LOW
            x2 = (p0 >> _32) ^ x3 ^ b
            x3 = p0 & _LOW
            a = (a + _W0) & _LOW
            b = (b + _W1) & _LOW
        out[0, i] = np.uint32(x0)
        out[1, i] = np.uint32(x1)
        out[2, i] = np.uint32(x2)
        out[3, i] = np.uint32(x3)


def philox_numpy(k0, k1, c0, c1, c2, c3):
    """Return the four words of Philox4x32-10 for arrays of counters, with NumPy alone.

    Same values as :func:`philox`; the arguments broadcast.  Returns a tuple of uint32 arrays.
    """
    words = [np.asarray(word).astype(np.uint64) & _LOW for word in (c0, c1, c2, c3)]
    x0, x1, x2, x3 = (word.copy() for word in np.broadcast_arrays(*words))
    a, b = int(k0) & 0xFFFFFFFF, int(k1) & 0xFFFFFFFF
    for _ in range(10):
        p0 = _M0 * x0
        p1 = _M1 * x2
        x0, x1, x2, x3 = (
            (p1 >> _32) ^ x1 ^ np.uint64(a),
            p1 & _LOW,
            (p0 >> _32) ^ x3 ^ np.uint64(b),
            p0 & _LOW,
        )
        a = (a + 0x9E3779B9) & 0xFFFFFFFF
        b = (b + 0xBB67AE85) & 0xFFFFFFFF
    return tuple(word.astype(np.uint32) for word in (x0, x1, x2, x3))
