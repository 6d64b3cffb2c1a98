"""Voice: a logit with Gumbel draws kept for twelve months, and its unafraid twins."""

from __future__ import annotations


def loudest(criticise, silent, praise):
    """The voice of greatest utility; equals go to silence, then to criticism."""
    best = max(criticise, silent, praise)
    if best == silent:
        return "silent"
    return "criticise" if best == criticise else "praise"


def speak(c, t, luck, tally):
    """Criticise, stay silent or praise; count what fear, reward and others change about it."""
    ties = c.note["ties"]
    pull_criticise = t.conformity * c.note["critics"] // ties if ties else 0
    pull_praise = t.conformity * c.note["praisers"] // ties if ties else 0
    lean = t.expressive * c.opinion // 127
    criticise = t.gumbel[luck.word("gumbel_criticise") >> 20] - lean
    silent = t.gumbel[luck.word("gumbel_silent") >> 20] + t.silence
    praise = t.gumbel[luck.word("gumbel_praise") >> 20] + lean
    cost = t.kappa * c.note["fear_speech"] // 256
    reward = t.reward if c.face.score > 0 else 0

    pulled = criticise + pull_criticise
    rewarded = praise + pull_praise + reward
    voice = loudest(pulled - cost, silent, rewarded)
    unafraid = loudest(pulled, silent, rewarded)
    unpaid = loudest(pulled, silent, praise + pull_praise)  # and without reward
    private = loudest(criticise, silent, praise)  # and without the pull of others
    c.note["voice"] = voice
    # The unafraid voice again, among ties as they would speak had nobody ever feared.
    pull_criticise = t.conformity * c.note["shadow_critics"] // ties if ties else 0
    pull_praise = t.conformity * c.note["shadow_praisers"] // ties if ties else 0
    shadow = loudest(criticise + pull_criticise, silent, praise + pull_praise + reward)
    c.unafraid, c.private_voice, c.shadow = unafraid, private, shadow
    c.says_yes = praise >= criticise - cost  # two options, the same draws, fear on no
    c.child_shut_out = False  # decided in stage 5

    tally.add(c, voice)
    if unafraid != "silent":
        tally.add(c, f"unafraid_{unafraid}")
    if private != "silent":
        tally.add(c, f"private_{private}")
    if unafraid == "criticise" and voice != "criticise":
        tally.add(c, "chilled")
        if voice == "silent":
            tally.add(c, "chilled_by_fear")
    if voice == "praise":
        if unpaid == "criticise":
            tally.add(c, "bought")
        if c.opinion < 0:
            tally.add(c, "falsified")
        elif unafraid != "praise":
            tally.add(c, "induced_praise")
    if shadow != "silent":
        tally.add(c, f"shadow_{shadow}")
    if shadow == "criticise" and unafraid != "criticise":
        tally.add(c, "chilled_indirect")
    if shadow == "criticise" and voice != "criticise":
        tally.add(c, "chilled_total")
    if c.says_yes:
        tally.add(c, "would_say_yes")
    if c.opinion > 0:
        tally.add(c, "holds_yes")
    tally.add(c, "fear_breach_sum", by=c.note["fear_breach"])
    tally.add(c, "fear_speech_sum", by=c.note["fear_speech"])
    tally.add(c, "open_ties", by=ties)
