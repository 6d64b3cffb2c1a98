"""What stands before and after the answers in docs/findings.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["HEAD", "TAIL", "remade"]

HEAD = """\
<!-- Made by tools/make_findings.py from docs/findings.json: not by hand. -->

# Findings

Six questions, each answered by an ensemble of runs, for a reader who may disagree. Everything here is about **made-up
people in a model**, under a scenario of the press or a documented rule laid over a whole country. Nothing here is a
measurement of China or of anybody.

1. [Does the score of 2020 make people more honest?](#1-does-the-score-of-2020-make-people-more-honest)
2. [How much exclusion is through friends, mistakes and speech?](#2-how-much-exclusion-is-through-friends-mistakes-and-speech)
3. [What does "everywhere" add to "one place"?](#3-what-does-everywhere-add-to-one-place)
4. [Which three safeguards matter most?](#4-which-three-safeguards-matter-most)
5. [How do the systems of the record compare with the press's scenario?](#5-how-do-the-systems-of-the-record-compare-with-the-presss-scenario)
6. [Where does the answer depend on assumption?](#6-where-does-the-answer-depend-on-assumption)

## How to read the numbers

- Worlds that are compared have the same people with the same luck, seed by seed; a difference is the regime's effect in
  the model, spillovers included. Unless said otherwise: 10,000 citizens of `china-2020`, 84 months from June 2014.
- **± is luck**: half of a 95 % t interval over seeds, at the vector `central`.
- **The matched set is assumption**: the least and the greatest mean over vectors of behaviour that agree with what is
  reported ([calibration](calibration.md)). Nothing says how likely any of them is. `proponent` and `critic` are two
  extremes inside what the facts allow, fixed by a rule before any result.
- "{nothing}" stands where the interval holds zero, or where no more lives
  differ than one late payment of one citizen changes (at most 8: [the chaos floor](pairs.md)).
- **robust**, **conditional**, **open**: whether an effect has one sign over the matched set, by a rule that was fixed
  before any result (`glasscity.study.labels`). *Robust*: one side at nine tenths of the vectors, the other at no more
  than luck would put there. *Open*: unclear at more than half. *Conditional*: the rest, and on what.
- No figure has a digit beyond its error. Definitions: `glasscity explain measure NAME`.

Measured on {date} with model version {model}: {runs} runs, counted once a study.
`python tools/make_findings.py --measure` runs them all again; a stopped command goes on.

"""

TAIL = """
## What would change our mind

- **On honesty**: a field estimate of how far losing access deters withholding; and of how many employers would look at a
  score, how long those they refuse stay out of work, and what they live on. The first decides the gain, the second the
  loss, and all are assumptions (grade D). With strong deterrence and employers who do not look, the score would lower
  breaches as a whole, as the proponent says.
- **On friends and speech**: evidence that a real scorer gave them more weight than the twentieth part assumed here, or
  that employers and lenders looked at them directly.
- **On mistakes**: audited error rates of the registers. No other share moves by so large a factor over the assumed range.
- **On the comparison**: a bureau that closes more than loans, or a score whose cut-offs are looser than a twentieth, would
  change how far apart the two are, though not who is hit through what.
- **On safeguards**: a cost of running each. Here they cost nothing but what they take from the claimed benefit.

## What these findings cannot say

- Nobody is born, dies, ages or moves in a run. The burn-in ends while arrears still rise a little, in every world alike.
- {assumed:.0f} % of the numbers behind the press's scenario are assumptions of grade D ([evidence](evidence.md)); cut-offs
  decide how many are shut out, so that number is exposure and no finding. Who, and through what, are findings.
- The matched set varies how people behave and how faulty registers are. It does not vary a regime's own weights and
  cut-offs, nor how a society is made up; the last question says how much these move.
- 10,000 people are few for what is rare: wrong listings, children, speech. Their intervals say so.
- A gate is open or closed: dearer terms are not there, nor how anybody games the score unless a study asks.
- Laws are not measured here but for [Article 5(1)(c)](article5.md).
"""


def remade(*studies: tuple[str, str], books: Sequence[Mapping[str, Any]] = ()) -> str:
    """Return the line that says how to run the studies of an answer again."""
    parts = [
        f"`glasscity study examples/findings/{name}.yaml` (digest `{digest[:16]}`)"
        for name, digest in studies
    ]
    for one in books:
        seeds = ", ".join(str(seed) for seed in one["seeds"])
        parts.append(f"`{one['command']}`, seeds {seeds} (digest `{one['digest'][:16]}`)")
    return "Made again by " + ", ".join(parts) + ".\n"
