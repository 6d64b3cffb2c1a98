"""The month: what is seen, then the six stages, each a compiled loop over a block of citizens.

The stages meet only in the society's state and never import each other.
"""

from __future__ import annotations

__all__ = ["FIRST_OF_SECOND_PASS", "STAGES"]

# In the order of a month; the national rank is taken before the first stage of the second pass.
STAGES = (
    "see",
    "act",
    "record",
    "account",
    "score",
    "operate",
    "display",
    "restrict",
    "decide",
    "respond",
    "couple",
    "favour",
)
FIRST_OF_SECOND_PASS = "decide"
