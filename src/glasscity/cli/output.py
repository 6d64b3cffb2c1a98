"""Standard output: one JSON document, or text that fits in 80 columns."""

from __future__ import annotations

import json
import os
import sys
import textwrap
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

__all__ = ["WIDTH", "columns", "heading", "paragraph", "say", "show", "show_json"]

WIDTH = 80
_BOLD, _PLAIN = "\x1b[1m", "\x1b[0m"


def show(lines: Iterable[str]) -> None:
    """Write lines to standard output."""
    sys.stdout.write("".join(f"{line.rstrip()}\n" for line in lines))


def show_json(document: Any) -> None:
    """Write one JSON document to standard output."""
    text = json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False, default=_plain)
    sys.stdout.write(text + "\n")


def say(message: str) -> None:
    """Write a message to standard error."""
    sys.stderr.write(message + "\n")
    sys.stderr.flush()


def heading(text: str) -> str:
    """Return a heading, bold on a terminal that shows colours and plain anywhere else."""
    bold = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    return f"{_BOLD}{text}{_PLAIN}" if bold and os.environ.get("TERM") != "dumb" else text


def paragraph(text: str, *, indent: int = 0, hang: int = 0) -> list[str]:
    """Return text broken into lines; ``hang`` is the further indent of all lines but the first."""
    first = " " * indent
    # A number and its "%" stay on one line.
    lines = textwrap.wrap(
        " ".join(text.split()).replace(" %", "\N{NO-BREAK SPACE}%"),
        WIDTH,
        initial_indent=first,
        subsequent_indent=first + " " * hang,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [line.replace("\N{NO-BREAK SPACE}", " ") for line in lines]


def columns(
    rows: Sequence[Sequence[str]], head: Sequence[str] = (), *, right: Iterable[int] = ()
) -> list[str]:
    """Return rows as aligned lines, two spaces between columns, or one where two are too wide.

    Parameters
    ----------
    rows : sequence of rows of str
    head : sequence of str, optional
        Headings.
    right : iterable of int, optional
        Columns to align at their right.
    """
    table = [*([list(head)] if head else []), *rows]
    if not table:
        return []
    widths = [max(len(row[at]) for row in table) for at in range(len(table[0]))]
    flush = set(right)
    wide = sum(widths) + 2 * len(widths) > WIDTH
    return [
        (" " if wide else "  ")
        .join(
            cell.rjust(width) if at in flush else cell.ljust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        .rstrip()
        for row in table
    ]


def _plain(value: Any) -> Any:
    if isinstance(value, Path):
        return str(value)
    if hasattr(value, "item"):
        return value.item()
    if isinstance(value, tuple | set | frozenset):
        return list(value)
    raise TypeError(f"{type(value).__name__} is not fit for JSON")
