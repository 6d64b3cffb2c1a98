"""After the national score: the private operators, each with its users, its view and its rhythm."""

from __future__ import annotations

from dataclasses import dataclass

from .fields import words_of
from .formulas import dealt
from .score import history, raw_points, score_of


@dataclass(frozen=True)
class Rule:
    """Whom a private operator scores and how often.

    ``share``: of 256 of those who have what it needs, dealt once and for all; None: those who had
    joined by the mandate.
    """

    needs: frozenset
    share: int | None
    every: int


def read_rules(rules):
    """Return the rules of an array (glasscity.engine.compile.compile_offices)."""
    return [
        Rule(words_of(needs, ("pay_app", "social_app")), None if share < 0 else share, every)
        for needs, share, every in rules.tolist()
    ]


def operate(c, offices, rules, now, tally):
    """Let each private operator score its users; until the mandate the first one's is *the* score.

    An operator scores by its own tables, of the spheres whose records it holds; a first score is
    made at once, a further one in every so many months, staggered over the citizens.
    """
    for k, (office, rule) in enumerate(zip(offices, rules, strict=True)):
        if k == 0 and not now.mandate:
            c.private[0] = c.next_face.score
            continue
        chosen = c.private[k] > 0 if rule.share is None else dealt(c.number, 2 + k) < rule.share
        if not (rule.needs <= c.apps and chosen):
            continue
        if c.private[k] == 0 or (now.run_month + c.number) % rule.every == 0:
            raw = raw_points(c, history(c, office), c.note["voice"], office, now)
            c.private[k] = score_of(raw, office)
        if k == 1:
            tally.add(c, "privately_scored")
