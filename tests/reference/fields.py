"""The flat tables and the vector ``now``, by name.

A table whose axis means something becomes a dictionary of the words of that axis, and a mask
becomes the set of words whose bits are on, so that a twin can say ``t.gravity["credit_late"]``.
"""

from __future__ import annotations

import itertools
import math
from types import SimpleNamespace

from glasscity.month.tables import FIELDS
from glasscity.terms import (
    CATEGORIES,
    CAUSES,
    DEEDS,
    EVENTS,
    EVERYDAY_GATES,
    GATES,
    LIFE_GATES,
    OCCUPATIONS,
    RELATION_PARTS,
    SPHERES,
    VOICES,
)

CONDUCT = ("traffic", "train", "care", "rumour")
SAFEGUARDS = (
    "notice",
    "appeals",
    "correction",
    "expiry",
    "repair",
    "firewall",
    "review",
    "duration_cap",
    "essentials",
)

# The words of an axis; None where it is a plain index.
AXES = {
    "separation": (OCCUPATIONS,),
    "conduct": (CONDUCT,),
    "gate_value": (None, GATES),
    "life": (None, LIFE_GATES),
    "detect": (EVENTS, None),
    "mix": (EVENTS,),
    "false_which": (None, EVENTS),
    "gravity": (EVENTS,),
    "event_sphere": (EVENTS,),
    "weights": (CATEGORIES,),
    "history": (SPHERES,),
    "relation": (RELATION_PARTS,),
    "relation_strength": (RELATION_PARTS,),
    "reference": ((*CATEGORIES[:4], *RELATION_PARTS),),
    "list_on": (SPHERES,),
    "list_gravity": (SPHERES,),
    "list_warning": (SPHERES,),
    "list_term": (SPHERES,),
    "list_exits": (SPHERES,),
    "joint_here": (SPHERES,),
    "joint": (None, SPHERES),
    "everyday": (None, EVERYDAY_GATES),
    "gate_sphere": (GATES,),
    "reach": (GATES,),
    "screen_base": (GATES,),
    "screen_arrears": (GATES,),
    "screen_means": (GATES,),
    "screen_thin": (GATES, None),
    "screen_scale": (GATES,),
    "spillover": (GATES,),
    "cost": (GATES,),
    "appeal": (SPHERES, None),
    "evidence": (SPHERES, None),
    "own_voice": (VOICES,),
    "ties_voice": (VOICES[1:],),
    "guards": (SAFEGUARDS,),
    "guard_appeal": (SPHERES, None),
    "official_points": (None, OCCUPATIONS),
    "taken_once": (EVENTS,),
    "taken_monthly": (EVENTS,),
    "added": (DEEDS,),
    "deed": (DEEDS,),
}

# What a number stands for: the words of a mask's bits, or the words of a code.
MASKS = {
    "list_exits": ("performance", "appeal", "expiry"),
    "joint_here": GATES,
    "joint": GATES,
    "spillover": CAUSES,
    "means_needs": ("pay_app", "social_app", "credit"),
    "adopt_needs": ("pay_app", "social_app"),
    "essential": GATES,
}
CODES = {
    "event_sphere": SPHERES,
    "gate_sphere": SPHERES,
    "statistic": ("mean", "standardised", "below_bar"),
    "perk_gate": (*GATES, None),  # -1: at no gate
}

NOW = (
    "key",
    "run_month",
    "lists_on",
    "everywhere",
    "penalties",
    "mandate",
    "opt_in",
    "salience",
    "mean16",
    "spread16",
    "bar",
    "lowest",
    "operator",
    "listed_months",
)


def words_of(mask, words):
    """Return the words whose bits are on."""
    return frozenset(word for bit, word in enumerate(words) if mask >> bit & 1)


def mask_of(chosen, words):
    """Return the mask with the bits of some words."""
    return sum(1 << bit for bit, word in enumerate(words) if word in chosen)


def _nested(name, shape, numbers, axes):
    if not shape:
        number = next(numbers)
        if name in MASKS:
            return words_of(number, MASKS[name])
        return CODES[name][number] if name in CODES else number
    rest = axes[1:] if axes else ()
    items = [_nested(name, shape[1:], numbers, rest) for _ in range(shape[0])]
    words = axes[0] if axes else None
    return dict(zip(words, items, strict=True)) if words else items


def named_tables(tables):
    """Return the flat vector as a namespace of numbers, lists and dictionaries."""
    flat = [int(x) for x in tables]
    places = itertools.accumulate((math.prod(shape) for _, shape in FIELDS), initial=0)
    named = SimpleNamespace()
    for (name, shape), place in zip(FIELDS, places, strict=False):
        setattr(named, name, _nested(name, shape, iter(flat[place:]), AXES.get(name, ())))
    return named


def named_now(now):
    """Return the vector ``now`` as a namespace."""
    return SimpleNamespace(**{name: int(x) for name, x in zip(NOW, now, strict=True)})


def place_of(name):
    """Return the slice of the flat vector that a field fills, and its shape."""
    place = 0
    for field, shape in FIELDS:
        size = math.prod(shape)
        if field == name:
            return slice(place, place + size), shape
        place += size
    raise KeyError(name)


def changed(tables, **values):
    """Return a copy of the flat tables with some fields set to a number or an array."""
    copy = tables.copy()
    for name, value in values.items():
        where, shape = place_of(name)
        copy[where].reshape(shape)[...] = value
    return copy
