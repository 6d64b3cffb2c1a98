"""Entries that say only in what they differ from another one: ``extends: citizen-score-2020``.

What the file gives is laid over what the other one says: mappings key by key, everything else,
lists and quantities included, as a whole; a key that is given as null is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from glasscity.catalogue.reader import Document, Problem, Refused, quoted, read_yaml
from glasscity.catalogue.shelf import find, is_path
from glasscity.errors import GlasscityError

__all__ = ["laid_over", "read_entry"]

# A chain of files longer than this is a circle, or a mistake.
MOST_STEPS = 4


def read_entry(kind: str, path: Path, *, name: str | None = None, steps: int = 0) -> Document:
    """Read an entry's file, laid over what it extends.

    Parameters
    ----------
    kind : {"regime", "behaviour"}
        Where the catalogue keeps what ``extends`` names; a path there is relative to the file.
    path, name : Path, str
        As `read_yaml`.

    Raises
    ------
    Refused
        If a file of the chain cannot be read, or the chain is longer than `MOST_STEPS`.
    """
    document = read_yaml(path, name=name)
    base = document.data.get("extends")
    if base is None:
        return document
    if not isinstance(base, str) or not base:
        raise _refused(document, "extends is not a name", f"a {kind} of the catalogue or a path")
    if steps >= MOST_STEPS:
        raise _refused(
            document, f"more than {MOST_STEPS} files extend each other", "a chain that ends"
        )
    try:
        other = path.parent / base if is_path(base) else find(kind, base)
    except GlasscityError as error:
        raise Refused(
            [
                Problem(
                    document.where(("extends",)),
                    f"extends: {error.what}",
                    error.allowed,
                    error.mend,
                )
            ]
        ) from None
    below = read_entry(kind, other, name=None if is_path(base) else f"{base}.yaml", steps=steps + 1)
    return Document(
        file=document.file, data=laid_over(below.data, document.data), lines=document.lines
    )


def laid_over(base: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return a mapping with another one laid over it."""
    merged = dict(base)
    for key, value in changes.items():
        old = merged.get(key)
        if value is None:
            merged.pop(key, None)
        elif isinstance(old, Mapping) and _opens(old) and _opens(value):
            merged[key] = laid_over(old, value)
        else:
            merged[key] = value
    return merged


def _opens(value: Any) -> bool:
    # A quantity belongs together: a new value with the old one's source would be a lie.
    return isinstance(value, Mapping) and "value" not in value


def _refused(document: Document, what: str, allowed: str) -> Refused:
    base = quoted(document.data.get("extends"))
    where = document.where(("extends",))
    return Refused([Problem(where, f"{what} ({base})", allowed, "correct extends:")])
