"""Regimes: rules in words with their sources, and a copy to change, to run and to take away."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from glasscity.catalogue.entry import grade_shares, ledger
from glasscity.catalogue.shelf import catalogue_names
from glasscity.errors import NotFound
from glasscity.regime import KINDS, load_regime
from glasscity.regime.text import copy_of
from glasscity.regime.told import in_words, structure
from glasscity.report.words import GRADES
from glasscity.web.pages.remade import OWN
from glasscity.web.pages.remade import REGIME as REGIME_PYTHON
from glasscity.web.pages.render import link, page
from glasscity.web.words import REGIME

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

_CITIZENS = 20_000


@router.get("/regimes", name="page-regimes")
def regimes(request: Request) -> HTMLResponse:
    """Show the regimes of the catalogue."""
    rows = []
    for name in catalogue_names("regime"):
        one = load_regime(name)
        rows.append((one, KINDS[one.kind], grade_shares(one)))
    return page(
        request, "regimes.html.j2", title=REGIME["title"], here="regimes", rows=rows, grades=GRADES
    )


@router.get("/regimes/{name}", name="page-regime")
def regime(name: str, request: Request) -> HTMLResponse:
    """Show a regime: its rules in words, and every value with its source and grade."""
    one = _known(name)
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in ledger(one):
        groups.setdefault(row["name"].partition(".")[0], []).append(row)
    return page(
        request,
        "regime.html.j2",
        title=one.title,
        here="regimes",
        regime=one,
        kind=KINDS[one.kind],
        said=in_words(one),
        groups=groups,
        structure=[*structure(one)],
        grades=GRADES,
        python=REGIME_PYTHON.format(name=name),
        command=f"glasscity explain regime {name}",
    )


@router.get("/regimes/{name}/edit", name="page-regime-edit")
def edit(name: str, request: Request) -> HTMLResponse:
    """Show a copy of a regime to change: a form and the text, side by side."""
    from glasscity.country import countries

    one = _known(name)
    text = copy_of(name)
    own = f"my-{name}"
    return page(
        request,
        "regime_edit.html.j2",
        title=one.title,
        script="regime.js",
        here="regimes",
        regime=one,
        text=text,
        countries=countries(),
        citizens=_CITIZENS,
        python=OWN.format(name=own, country="china-2020", citizens=_CITIZENS),
        command=f"glasscity validate {own}.yaml && glasscity run {own}.yaml",
        data={
            "name": name,
            "text": text,
            "run": link(request, "run", name="NAME"),
            "python": OWN.replace("{name}", "<<name>>")
            .replace("{country!r}", '"<<country>>"')
            .replace("{citizens}", "<<citizens>>"),
        },
    )


def _known(name: str) -> Any:
    if name not in catalogue_names("regime"):
        raise NotFound.among("regime", name[:60], catalogue_names("regime"))
    return load_regime(name)
