"""The options that several commands share, and how their text becomes arguments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, TypeAlias

import typer

from glasscity.errors import BadArgument

__all__ = [
    "FrontierFolder",
    "Absent",
    "CheckpointEvery",
    "Citizens",
    "Cluster",
    "CountryName",
    "Everyone",
    "Jobs",
    "Json",
    "Layout",
    "Months",
    "NoPlacebo",
    "NoReport",
    "NoTwin",
    "Out",
    "Parameters",
    "Present",
    "RegimeName",
    "Quick",
    "ReportFolder",
    "RunFolder",
    "Seed",
    "Start",
    "Threads",
    "VarianceSeeds",
    "Watch",
    "fields_of",
    "months_of",
    "names_of",
    "strengths_of",
    "threads_of",
]

Json: TypeAlias = Annotated[
    bool, typer.Option("--json", help="One JSON document on standard output.")
]
ReportFolder: TypeAlias = Annotated[
    str, typer.Argument(metavar="FOLDER", help="What 'run', 'pair' or 'study' made.")
]
FrontierFolder: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--frontier",
        metavar="FOLDER",
        help="What 'frontier' made: its safeguards are shown in the report of a pair.",
    ),
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


# What a run is told; commands that run several worlds take the same.
RegimeName: TypeAlias = Annotated[
    str,
    typer.Argument(
        metavar="REGIME",
        help="Name of the catalogue (see 'glasscity regimes') or a YAML file.",
        autocompletion=lambda: names_of("regime"),
    ),
]
CountryName: TypeAlias = Annotated[
    str,
    typer.Option(
        "--country",
        metavar="NAME",
        help="Name of the catalogue (see 'glasscity countries') or a YAML file.",
        autocompletion=lambda: names_of("country"),
    ),
]
Citizens: TypeAlias = Annotated[
    str | None,
    typer.Option("--citizens", metavar="N", help="From 1; 1e6 is understood. Default: 100000."),
]
Everyone: TypeAlias = Annotated[
    bool, typer.Option("--everyone", help="The country's whole adult population.")
]
Months: TypeAlias = Annotated[
    str | None,
    typer.Option("--months", metavar="N", help="From 1; the regime's own unless given."),
]
Start: TypeAlias = Annotated[
    str | None,
    typer.Option("--start", metavar="YYYY-MM", help="The regime's own unless given."),
]
Seed: TypeAlias = Annotated[
    str | None,
    typer.Option("--seed", metavar="N", help="0 to 2^63-1. Default: 20140614."),
]
Present: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--with",
        metavar="NAME:strength=X",
        help="Give a mechanism, safeguard or manipulation a strength, 0 to 1. May be repeated.",
    ),
]
Absent: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--without", metavar="NAME", help="Take a mechanism away. May be repeated."),
]
Out: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--out",
        metavar="FOLDER",
        help="Must not exist, its parent must. Default: runs/REGIME-NNN, always new.",
    ),
]
NoTwin: TypeAlias = Annotated[
    bool, typer.Option("--no-twin", help="Leave out the same people under 'unscored'.")
]
NoReport: TypeAlias = Annotated[bool, typer.Option("--no-report", help="Leave out report.html.")]
CheckpointEvery: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--checkpoint-every",
        metavar="MONTHS",
        help="Unless given, rarely enough to cost little; short runs need none.",
    ),
]
Layout: TypeAlias = Annotated[
    str,
    typer.Option(
        "--layout",
        metavar="plain|packed|disk",
        help="Where people lie; by default where they fit. No result depends on it.",
    ),
]
Watch: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--watch",
        metavar="ID,ID",
        help="Keep these citizens' lives in the run folder, for 'glasscity life'.",
    ),
]
Cluster: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--cluster",
        metavar="auto|HOST:PORT",
        help="Share the run among the machines of a Ray cluster; the result is the same.",
    ),
]
NoPlacebo: TypeAlias = Annotated[
    bool,
    typer.Option("--no-placebo", help="Leave out how far chance carries one event (a run more)."),
]
VarianceSeeds: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--variance-seeds",
        metavar="N",
        help="Smaller worlds in which what pairing is worth is measured, from 3; 0: none. "
        "Default: 8.",
    ),
]
Quick: TypeAlias = Annotated[
    bool, typer.Option("--quick", help="Small worlds and few of them: to see how it works.")
]
Jobs: TypeAlias = Annotated[
    str | None,
    typer.Option("--jobs", metavar="N", help="Processes; all processors unless given."),
]


def fields_of(
    *,
    country: str,
    parameters: str,
    citizens: str | None,
    everyone: bool,
    months: str | None,
    start: str | None,
    seed: str | None,
) -> dict[str, Any]:
    """Return the arguments of a Scenario, but regime and strengths, that the options ask for.

    Raises
    ------
    BadInput
        If two contradict each other, or there is no such country.
    """
    if everyone and citizens is not None:
        raise BadArgument("--citizens and --everyone contradict each other", mend="give one")
    fields: dict[str, Any] = {"country": country, "behaviour": parameters}
    given = {"citizens": citizens, "months": months, "start": start, "seed": seed}
    fields |= {name: value for name, value in given.items() if value is not None}
    if everyone:
        from glasscity.country import load_country

        fields["country"] = load_country(country)
        fields["citizens"] = fields["country"].adults
    return fields


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
