"""How a sentence is filled, and how it sets a figure beside the unscored world's."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup, escape

from glasscity.report import numbers, words
from glasscity.report.printed import Printer, tagged

__all__ = ["against", "compared", "say"]

S = words.SENTENCES


def say(key: str, **parts: Any) -> Markup:
    """Return a sentence of ``words.SENTENCES`` with its numbers filled in."""
    return Markup(escape(S[key])).format(**parts)


def against(printer: Printer, said: Markup, key: str, name: str) -> Markup:
    """Close a sentence with the same figure of the unscored world, if there is one.

    Parameters
    ----------
    printer : Printer
        Of the run.
    said : Markup
        The sentence so far, without its full stop.
    key : str
        Of the half-sentence that follows, with ``{twin}`` and, if wanted, ``{difference}``.
    name : str
        The figure.
    """
    if printer.facts.findings[name].twin is None:
        return said + S["full_stop"]
    twin = printer.figure(name, "twin")
    return said + say(key, twin=twin, difference=compared(printer, name))


def compared(printer: Printer, name: str) -> Markup:
    """Return how a figure compares with the unscored world's, as half a sentence."""
    one = printer.facts.findings[name]
    value, twin, gap = float(one.value or 0), float(one.twin or 0), one.difference or 0
    counted = one.unit == "count"
    size = None if counted else printer.facts.size(name)
    if not numbers.clear_difference(value, twin, size):
        return escape(S["no_clear"])
    if counted:
        key = "more" if gap > 0 else "fewer"
        if not twin:
            return say(key, change=numbers.rounded_count(abs(gap)))
        text = numbers.percent(abs(gap) / twin, max(min(value, twin), 1.0))
        return say(key, change=tagged(name, "change", float(gap) / twin, text))
    text = numbers.points(abs(gap), value, printer.facts.size(name)).lstrip("+")
    moved = tagged(name, "difference", float(gap), text)
    return say("higher" if gap > 0 else "lower", points=moved)
