"""Files of a run to take away: the report, the data, the scenario."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import FileResponse, Response

from glasscity.errors import NotFound
from glasscity.web import made
from glasscity.web.api.results import shelf_of
from glasscity.web.api.runs import RunName
from glasscity.web.shelf import Shelf
from glasscity.web.words import REPORT

__all__ = ["router"]

router = APIRouter(tags=["files"])

# Nothing but these is ever sent, whatever else lies in the folder.
_MADE = ("numbers.json", "findings.json")
_KINDS = {"json": "application/json", "html": "text/html; charset=utf-8"}
_POLICY = re.compile(r'http-equiv="Content-Security-Policy" content="([^"]{1,4000})"')
_SAFE = re.compile(r"(?:[a-z-]+(?: (?:'none'|'sha256-[A-Za-z0-9+/=]{44}'))+(?:; )?)+")
_CLOSED = "default-src 'none'"


@router.get("/api/runs/{name}/files/{file}", response_class=Response)
def take(name: RunName, file: str, shelf: Annotated[Shelf, Depends(shelf_of)]) -> Response:
    """Return a file of a run, to be saved."""
    if file not in REPORT["files"]:
        raise NotFound.among("file", file[:60], REPORT["files"])
    saved = {"content-disposition": f'attachment; filename="{name}-{file}"'}
    if file in _MADE:
        make = made.numbers_json if file == "numbers.json" else made.findings_json
        return Response(make(shelf.open(name)), media_type="application/json", headers=saved)
    path = shelf.path(name) / file
    if path.is_symlink() or not path.is_file():
        raise NotFound(f"this run has no file '{file}' yet", mend="wait until it is finished")
    kind = _KINDS.get(file.rpartition(".")[2], "application/octet-stream")
    return FileResponse(path, media_type=kind, headers=saved)


@router.post("/api/runs/{name}/report")
def write(name: RunName, shelf: Annotated[Shelf, Depends(shelf_of)]) -> dict[str, str]:
    """Write the report of a finished run anew, as ``glasscity report`` does."""
    return {"report": str(shelf.open(name).report())}


@router.get("/runs/{name}/report.html", response_class=Response, include_in_schema=False)
def report(name: RunName, shelf: Annotated[Shelf, Depends(shelf_of)]) -> Response:
    """Show a run's report, shut into a sandbox: it may draw its charts and nothing else."""
    path = shelf.path(name) / "report.html"
    if path.is_symlink() or not path.is_file():
        raise NotFound("this run has no report yet", mend="have it written on the page Report")
    text = path.read_text(encoding="utf-8")
    found = _POLICY.search(text[:8000])
    said = "" if found is None else found.group(1).replace("&#39;", "'")
    policy = said if _SAFE.fullmatch(said) else _CLOSED
    return Response(
        text,
        media_type="text/html",
        headers={
            "content-security-policy": f"{policy}; frame-ancestors 'none'; sandbox allow-scripts"
        },
    )
