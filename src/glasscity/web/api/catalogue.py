"""What can be chosen: regimes, countries, ways people behave, safeguards, measures."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from glasscity.web import made

__all__ = ["router"]

router = APIRouter(prefix="/api", tags=["catalogue"])


@router.get("/regimes")
def regimes() -> list[dict[str, Any]]:
    """Return the regimes of the catalogue, as ``glasscity regimes --json`` prints them."""
    from glasscity.regime import regimes

    return regimes()


@router.get("/countries")
def countries() -> list[dict[str, Any]]:
    """Return the countries of the catalogue, as ``glasscity countries --json`` prints them."""
    from glasscity.country import countries

    return countries()


@router.get("/measures")
def measures() -> list[dict[str, Any]]:
    """Return every measure with its definition, unit and what it is a share of."""
    return made.definitions()
