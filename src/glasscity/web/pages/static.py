"""Our own scripts and styles, and the chart library that the report shares: nothing from afar."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import resources

from fastapi import APIRouter, Request
from fastapi.responses import Response

from glasscity.errors import NotFound

__all__ = ["LIBRARY", "address", "router"]

router = APIRouter(include_in_schema=False)

_KINDS = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
_KINDS[".svg"] = "image/svg+xml"
# Made from elsewhere in the package: the report's own style, and the chart library.
REPORT_STYLE, LIBRARY = "report.css", "vega.js"


def address(name: str) -> str:
    """Return where a file of ``static`` is served; another text gets another address."""
    return f"/static/{name}?v={_mark(name)}"


@cache
def _mark(name: str) -> str:
    if name == LIBRARY:
        import importlib.metadata

        return importlib.metadata.version("vl-convert-python")
    return hashlib.sha256(_text(name)).hexdigest()[:12]


@cache
def _names() -> frozenset[str]:
    folder = resources.files("glasscity.web") / "static"
    own = {entry.name for entry in folder.iterdir() if entry.is_file()}
    return frozenset(own | {REPORT_STYLE, LIBRARY})


@cache
def _text(name: str) -> bytes:
    if name == LIBRARY:
        from glasscity.report.bundle import chart_library

        return chart_library().encode("utf-8")
    package = "glasscity.report" if name == REPORT_STYLE else "glasscity.web"
    folder = resources.files(package) / ("templates" if name == REPORT_STYLE else "static")
    return (folder / name).read_bytes()


@router.get("/static/{name}", response_class=Response)
def static(name: str, request: Request) -> Response:
    """Return one of our own files."""
    kind = _KINDS.get(name[name.rfind(".") :])
    if name not in _names() or kind is None:
        raise NotFound(f"there is no file '{name[:60]}'")
    # Scripts import each other by their plain names, so only marked addresses may be kept.
    kept = "max-age=31536000, immutable" if "v" in request.query_params else "no-cache"
    tag = f'"{_mark(name)}"'
    headers = {"cache-control": kept, "etag": tag}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(_text(name), media_type=kind, headers=headers)


@router.get("/favicon.ico", response_class=Response)
def icon() -> Response:
    """Return the icon."""
    return Response(_text("icon.svg"), media_type="image/svg+xml")
