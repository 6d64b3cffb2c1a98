"""A chart in words, for those who do not see it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from glasscity.report import words

__all__ = ["in_words"]

_MOST = 4


def in_words(heading: str, about: str, spec: Mapping[str, Any]) -> str:
    """Return what a chart shows: its heading, its ends or its greatest entries.

    Parameters
    ----------
    heading, about : str
        As they stand above the chart.
    spec : dict
        The chart.
    """
    rows = spec["data"]["values"]
    said = spec.get("usermeta", {}).get("said", "")
    if not said and rows and "text" in rows[-1]:
        said = _greatest(rows)
    stops = words.SENTENCES["full_stop"]
    return " ".join(part for part in (f"{heading}{stops}", about, said) if part)


def _greatest(rows: list[dict[str, Any]]) -> str:
    shown = [row for row in rows if row.get("text")]
    several = [f"{_named(row)} {row['text']}" for row in shown[:_MOST]]
    more = len(shown) - len(several)
    return "; ".join(several) + (f"; and {more} more." if more > 0 else ".")


def _named(row: Mapping[str, Any]) -> str:
    kind = row.get("kind")
    return f"{row['what']}, {kind}:" if kind else f"{row['what']}:"
