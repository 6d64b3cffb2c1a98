"""A regime: who scores whom on what, which lists there are, and which gates they close.

A regime is data.  It is read from YAML, checked against itself, and handed on frozen; nothing here
runs a month.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from glasscity.catalogue.extend import read_entry
from glasscity.catalogue.reader import Problem, Refused
from glasscity.catalogue.shelf import catalogue_names, find, is_path
from glasscity.catalogue.translate import validated
from glasscity.regime.model import KINDS, PRESS, Regime
from glasscity.regime.parts import (
    EXITS,
    INPUTS,
    ROWS,
    STATISTICS,
    GateRule,
    GravityScale,
    JointPunishment,
    Mapped,
    NotModelled,
    Operator,
    Perk,
    RecordSource,
    RegimeList,
    Rollout,
)

__all__ = [
    "EXITS",
    "INPUTS",
    "KINDS",
    "PRESS",
    "ROWS",
    "STATISTICS",
    "GateRule",
    "GravityScale",
    "JointPunishment",
    "Mapped",
    "NotModelled",
    "Operator",
    "Perk",
    "RecordSource",
    "Regime",
    "RegimeList",
    "Rollout",
    "check_regime",
    "load_regime",
    "regime_schema",
    "regimes",
]


def load_regime(name_or_path: str | Path) -> Regime:
    """Return a regime of the catalogue or of a YAML file.

    Parameters
    ----------
    name_or_path : str or Path
        ``citizen-score-2020``, or a path to a file.

    Raises
    ------
    NotFound
        If the catalogue has no such name.
    BadFile
        With the first problem, if the file has any.
    """
    if not is_path(name_or_path) and str(name_or_path) in catalogue_names("regime"):
        return _shipped(str(name_or_path))
    try:
        return validated(read_entry("regime", find("regime", name_or_path)), Regime)
    except Refused as refused:
        raise refused.problems[0].error() from None


@cache
def _shipped(name: str) -> Regime:
    try:
        return validated(read_entry("regime", find("regime", name), name=f"{name}.yaml"), Regime)
    except Refused as refused:
        raise refused.problems[0].error() from None


def check_regime(path: str | Path) -> list[Problem]:
    """Return everything that is wrong with a regime file, in the order of its lines.

    Raises
    ------
    NotFound
        If it is a name that the catalogue does not have.
    """
    try:
        validated(read_entry("regime", find("regime", path)), Regime)
    except Refused as refused:
        return refused.problems
    return []


def regimes() -> list[dict[str, Any]]:
    """Return the catalogue's regimes: ``name``, ``title``, ``kind``, ``status``, ``sources``."""
    rows = []
    for name in catalogue_names("regime"):
        regime = _shipped(name)
        rows.append(
            {
                "name": regime.name,
                "title": regime.title,
                "kind": regime.kind,
                "status": regime.status,
                "sources": sorted(regime.sources),
            }
        )
    return rows


def regime_schema() -> dict[str, Any]:
    """Return the JSON Schema of a regime file, for editors."""
    schema = Regime.model_json_schema(by_alias=True)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "Glasscity regime",
    }
