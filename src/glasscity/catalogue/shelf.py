"""What ships: the names of the catalogue's entries and the files behind them."""

from __future__ import annotations

from pathlib import Path

from glasscity.catalogue.reader import quoted
from glasscity.errors import NotFound, nearest

__all__ = ["CATALOGUE", "catalogue_names", "find", "is_path"]

CATALOGUE = Path(__file__).parent

_KINDS = {"regime": "regimes", "country": "countries", "behaviour": "behaviours"}


def catalogue_names(kind: str) -> list[str]:
    """Return the names of the regimes, countries or behaviours that ship, sorted."""
    folder = CATALOGUE / _KINDS[kind]
    if kind == "country":
        return sorted(entry.parent.name for entry in folder.glob("*/country.yaml"))
    return sorted(entry.stem for entry in folder.glob("*.yaml"))


def is_path(name_or_path: str | Path) -> bool:
    """Return whether this is meant as a path: it has a slash or ends in .yaml, .yml or .json."""
    text = str(name_or_path)
    return (
        isinstance(name_or_path, Path)
        or "/" in text
        or "\\" in text
        or text.lower().endswith((".yaml", ".yml", ".json"))
    )


def find(kind: str, name_or_path: str | Path) -> Path:
    """Return the file behind a catalogue name or a path.

    Raises
    ------
    NotFound
        If there is no such name, with the nearest ones and all that exist.
    """
    text = str(name_or_path)
    if is_path(name_or_path):
        path = Path(text)
        try:
            return path / "country.yaml" if kind == "country" and path.is_dir() else path
        except (OSError, ValueError):
            return path
    names = catalogue_names(kind)
    if text in names:
        folder = CATALOGUE / _KINDS[kind]
        return folder / text / "country.yaml" if kind == "country" else folder / f"{text}.yaml"
    close = nearest(text, names)
    hint = (
        f"did you mean '{close[0]}'?" if close else f"take one of these, or a path to a {kind} file"
    )
    raise NotFound(
        f"there is no {kind} {quoted(text)}", allowed=names, allowed_label="Known", mend=hint
    )
