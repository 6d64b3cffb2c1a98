"""After the score: who shows theirs off, and who does so because their ties did."""

from __future__ import annotations

from dataclasses import replace

from .formulas import half_spreads


def display(c, t, now, deciles, luck, tally):
    """Display the month's score or not, wherever last month's scores had a spread to stand in.

    The chance is that of one's standing, plus so much for each fifteenth of the open ties that
    displayed theirs last month.  ``deciles``: the decile of each score, by last month's scores.
    """
    shown, score = False, c.next_face.score
    if score > 1 and now.spread16 > 0:
        chance = t.display[half_spreads(score, now)]
        if c.note["ties"]:
            chance += t.display_ties * (15 * c.note["displays"] // c.note["ties"])
        shown = luck.word("display") < chance
        tally.deciles[deciles[score], "scored"] += 1
        if shown:
            tally.deciles[deciles[score], "displays"] += 1
            tally.add(c, "displays")
    c.next_face = replace(c.next_face, displayed=shown)
