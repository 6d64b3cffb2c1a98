"""Put a page together: the template, the words, what its script needs, and where it leads."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.routing import NoMatchFound

from glasscity._version import MODEL_VERSION, __version__
from glasscity.report.facts import label
from glasscity.report.words import KINDS
from glasscity.web import words
from glasscity.web.pages.citizens import described
from glasscity.web.pages.static import address
from glasscity.web.shelf import Stored

__all__ = ["link", "page"]

# The pages of one run, in the order of its navigation: route, word.
OF_RUN = ("society", "people", "lives", "report")


def link(request: Request, route: str, **parts: Any) -> str:
    """Return the address of a page, ``page-ROUTE``; "" where there is no page of that name."""
    try:
        return str(request.app.url_path_for(f"page-{route}", **parts))
    except NoMatchFound:
        return ""


def page(
    request: Request,
    template: str,
    *,
    title: str,
    script: str = "",
    data: Mapping[str, Any] | None = None,
    run: Stored | None = None,
    here: str = "",
    status: int = 200,
    **context: Any,
) -> HTMLResponse:
    """Return a page.

    Parameters
    ----------
    request : Request
        What was asked.
    template : str
        A file of ``templates``, made from ``base.html.j2``.
    title : str
        Of the page, without the product's name.
    script : str
        The page's own module in ``static``; "" for none.
    data : mapping, fit for JSON
        What the script needs; it reads it as ``page.data``.
    run : Stored, optional
        The run that the page is about: it gets the run's navigation.
    here : str
        The page's own place in the navigation.
    **context
        Further names for the template.
    """
    payload = {"words": words.SCRIPT, "data": data or {}}
    nav = []
    if run is not None and run.state == "finished":
        nav = [
            (words.NAV[name], link(request, name, name=run.name), name == here)
            for name in OF_RUN
            if link(request, name, name=run.name)
        ]
    text = (
        _environment()
        .get_template(template)
        .render(
            words=words,
            title=title,
            run=run,
            kinds=KINDS,
            nav=nav,
            here=here,
            version=__version__,
            model=MODEL_VERSION,
            asset=address,
            link=lambda route, **parts: link(request, route, **parts),
            payload=Markup(_json(payload)),
            script=script,
            **context,
        )
    )
    return HTMLResponse(text, status)


def _json(payload: Any) -> str:
    """Return JSON that cannot end the element that it stands in."""
    text = json.dumps(payload, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("glasscity.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["thousands"] = lambda value: f"{value:,}"
    environment.filters["described"] = described
    environment.filters["label"] = lambda word: label(word).replace("_", " ")
    return environment
