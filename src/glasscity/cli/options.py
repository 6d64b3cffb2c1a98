"""The options that several commands share, and how their text becomes arguments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, TypeAlias

import typer

from glasscity.errors import BadArgument

__all__ = ["Json", "Parameters", "RunFolder", "months_of", "names_of", "strengths_of", "threads_of"]

Json: TypeAlias = Annotated[
    bool, typer.Option("--json", help="One JSON document on standard output.")
]
RunFolder: TypeAlias = Annotated[
    str, typer.Argument(metavar="FOLDER", help="A run folder, as 'glasscity run' names it.")
]
Threads: TypeAlias = Annotated[
    str | None,
    typer.Option("--threads", metavar="N", help="Threads; all processors unless given."),
]


Parameters: TypeAlias = Annotated[
    str,
    typer.Option(
        "--parameters",
        metavar="NAME",
        help="How citizens behave: central, proponent, critic (see 'glasscity parameters') or a "
        "YAML file.",
        autocompletion=lambda: names_of("behaviour"),
    ),
]


def names_of(kind: str) -> list[str]:
    """Return the names of the catalogue, for shell completion."""
    from glasscity.catalogue.shelf import catalogue_names

    return catalogue_names(kind)


def threads_of(text: str | None, option: str = "--threads") -> int | None:
    """Return a number of threads, or of processes."""
    if text is None:
        return None
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= 1024:
        raise BadArgument(
            f"{option[2:]} '{text[:40]}' is outside its range",
            where=option,
            allowed="a whole number from 1 to 1024",
        )
    return int(text)


def months_of(text: str | None, option: str) -> int | None:
    """Return a number of months."""
    if text is None:
        return None
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= 65_535:
        raise BadArgument(
            f"'{text[:40]}' is no number of months",
            where=option,
            allowed="a whole number from 1 to 65535",
            mend=f"write it like {option} 12",
        )
    return int(text)


def strengths_of(present: Sequence[str], absent: Sequence[str]) -> dict[str, float]:
    """Return the strengths that ``--with`` and ``--without`` ask for.

    Parameters
    ----------
    present : sequence of str
        ``NAME`` or ``NAME:strength=X`` each; a name alone is strength 1.
    absent : sequence of str
        Names, for strength 0.

    Raises
    ------
    BadArgument
        If one is malformed, or a name is given two strengths.
    NotFound
        If there is no such mechanism or safeguard.
    """
    from glasscity.scenario import parse_strength

    found: dict[str, float] = {}
    asked = [("--with", text) for text in present] + [("--without", text) for text in absent]
    for option, text in asked:
        name, colon, setting = text.partition(":")
        key, equals, value = setting.partition("=")
        malformed = bool(colon) and (option == "--without" or key != "strength" or not equals)
        if malformed or not name:
            raise BadArgument(
                f"'{text[:60]}' is not understood",
                where=option,
                allowed="NAME or NAME:strength=X" if option == "--with" else "NAME",
                mend="write it like --with friends:strength=0.5 or --without friends",
            )
        strength = (value if colon else 1.0) if option == "--with" else 0.0
        name, strength = parse_strength(name, strength)
        if found.setdefault(name, strength) != strength:
            raise BadArgument(
                f"'{name}' is given two strengths, {found[name]:g} and {strength:g}",
                where=option,
                mend="name it once",
            )
    return found
