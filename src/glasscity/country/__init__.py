"""A country pack: who lives where, from what, with whom, and what they go to gates for.

Everything is an aggregate, published or assumed.  The people themselves are made up by
`glasscity.society`.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from glasscity.catalogue.reader import Refused, read_yaml
from glasscity.catalogue.shelf import catalogue_names, find, is_path
from glasscity.catalogue.translate import validated
from glasscity.country.model import Country
from glasscity.country.parts import Gate, Province, ProvinceColumn
from glasscity.country.table import with_table

__all__ = ["Country", "Gate", "Province", "ProvinceColumn", "countries", "load_country"]


def load_country(name_or_path: str | Path = "china-2020") -> Country:
    """Return a country pack of the catalogue or of a file ``country.yaml`` or its folder.

    Raises
    ------
    NotFound
        If the catalogue has no such name.
    BadFile
        With the first problem, if a file has any.
    """
    if not is_path(name_or_path) and str(name_or_path) in catalogue_names("country"):
        return _shipped(str(name_or_path))
    return _load(find("country", name_or_path), str(name_or_path))


@cache
def _shipped(name: str) -> Country:
    return _load(find("country", name), f"{name}/country.yaml")


def _load(path: Path, name: str) -> Country:
    try:
        return validated(with_table(read_yaml(path, name=name), path.parent), Country)
    except Refused as refused:
        raise refused.problems[0].error() from None


def countries() -> list[dict[str, Any]]:
    """Return the countries of the catalogue: ``name``, ``title``, ``status``, ``sources``."""
    return [
        {
            "name": country.name,
            "title": country.title,
            "status": country.status,
            "sources": sorted(country.sources),
        }
        for country in map(_shipped, catalogue_names("country"))
    ]
