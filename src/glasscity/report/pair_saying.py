"""How a sentence about a pair is filled: both worlds, their difference, what may be said of it."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup, escape

from glasscity.report import numbers
from glasscity.report.pair_printed import PairPrinter
from glasscity.report.pair_words import SENTENCES
from glasscity.report.printed import tagged
from glasscity.rights.paired import Verdict

__all__ = ["both", "compared", "say"]


def say(key: str, **parts: Any) -> Markup:
    """Return a sentence of ``pair_words.SENTENCES`` with its numbers filled in."""
    return Markup(escape(SENTENCES[key])).format(**parts)


def both(printer: PairPrinter, key: str, name: str, *, counts: bool = False, **more: Any) -> Markup:
    """Return a sentence with one figure of both worlds and how they compare.

    Parameters
    ----------
    printer : PairPrinter
        Of the pair.
    key : str
        Of the sentence, with ``{base}``, ``{other}`` and ``{compared}``.
    name : str
        The figure.
    counts : bool
        Whether to leave out the digits of a count that chance makes.
    **more
        What else the sentence names.
    """
    printed = printer.rounded if counts else printer.figure
    return say(
        key,
        here=printer.here,
        there=printer.there,
        last=printer.facts.last,
        base=printed(name, "base"),
        other=printed(name, "other"),
        compared=compared(printer, name),
        **more,
    )


def compared(printer: PairPrinter, name: str) -> Markup:
    """Return how the other world compares with the base, as half a sentence, either sign."""
    one = printer.facts.findings[name]
    if one.verdict is not Verdict.CLEAR:
        return escape(SENTENCES[one.verdict.value])
    gap = float(one.difference or 0)
    error = float(one.noise.error or 0)
    low, high = sorted((abs(gap) - error, abs(gap) + error))
    up = gap > 0
    if one.unit == "share":
        ends = [numbers.points_within(end, error).removeprefix("+") for end in (low, high)]
        text = numbers.points_within(abs(gap), error).removeprefix("+")
        interval = _interval(ends[0].removesuffix(" points"), ends[1].removesuffix(" points"))
        moved = tagged(name, "difference", gap, text)
        return say("higher" if up else "lower", points=moved, interval=interval)
    if one.unit == "count" and one.base:
        base = abs(float(one.base))
        share = error / base
        # No count falls by more than itself.
        most = high if up else min(high, base)
        ends = [numbers.within(100 * end / base, 100 * share) for end in (low, most)]
        text = f"{numbers.within(100 * abs(gap) / base, 100 * share)}{numbers.GAP}%"
        moved = tagged(name, "change", gap / base, text)
        return say("more" if up else "fewer", change=moved, interval=_interval(*ends))
    unit = {"months": " months", "count": ""}.get(one.unit, "")
    ends = [numbers.within(end, error) for end in (low, high)]
    moved = tagged(name, "difference", gap, numbers.within(abs(gap), error) + unit)
    key = "months_more" if up else "months_fewer"
    return say(key, months=moved, interval=_interval(*ends))


def _interval(low: str, high: str) -> Markup:
    return say("interval", low=low, high=high)
