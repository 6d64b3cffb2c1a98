"""What is said when something is wrong: one message, as JSON or as a page, never a traceback."""

from __future__ import annotations

import sys
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.routing import Match, Route

from glasscity.errors import CannotFit, DamagedRun, GlasscityError, NotFound
from glasscity.web.queue import WrongState
from glasscity.web.safety import HEADERS
from glasscity.web.words import ERRORS

__all__ = ["Problem", "install_handlers"]


class Problem(BaseModel):
    """What is wrong, where, what would have been allowed, and what to do."""

    error: str = Field(description="What is wrong")
    where: str = ""
    allowed: str = ""
    mend: str = ""


def install_handlers(app: FastAPI) -> None:
    """Have every error of an application answered with a :class:`Problem`."""

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, GlasscityError)  # noqa: S101 - what it is registered for
        said = Problem(error=error.what, where=error.where, allowed=error.allowed, mend=error.mend)
        return _answer(request, _status(error), said)

    async def malformed(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101 - what it is registered for
        first: dict[str, Any] = dict(error.errors()[0])
        where = ".".join(str(part) for part in first["loc"] if part not in ("body", "query"))
        said = Problem(error=str(first["msg"]), where=where[:200])
        return _answer(request, 422, said)

    async def plain(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101 - what it is registered for
        if error.status_code == 404:
            said = Problem(error=ERRORS["missing"], mend=ERRORS["missing_mend"])
        elif error.status_code == 405:
            said = Problem(error=ERRORS["method"])
        else:
            said = Problem(error=str(error.detail))
        answer = _answer(request, error.status_code, said)
        answer.headers.update(error.headers or {})
        if error.status_code == 405:
            # The router names the methods of the first route alone.
            answer.headers["allow"] = ", ".join(sorted(_methods(request)))
        return answer

    async def bug(request: Request, error: Exception) -> Response:
        told = " ".join(f"{type(error).__name__}: {error}".split())
        sys.stderr.write(f"bug at {request.method} {request.url.path}: {told}\n")
        said = Problem(error=ERRORS["bug"], mend=ERRORS["bug_mend"])
        answer = _answer(request, 500, said)
        # It is sent from outside the layer that adds them to every other answer.
        answer.headers.update(HEADERS)
        return answer

    app.add_exception_handler(GlasscityError, refused)
    app.add_exception_handler(RequestValidationError, malformed)
    app.add_exception_handler(HTTPException, plain)
    app.add_exception_handler(Exception, bug)


def _methods(request: Request) -> set[str]:
    """Return the methods that an address takes."""
    return {
        method
        for route in request.app.routes
        if isinstance(route, Route) and route.matches(request.scope)[0] is not Match.NONE
        for method in route.methods or ()
    }


def _status(error: GlasscityError) -> int:
    if isinstance(error, NotFound):
        return 404
    # In the way stands how things are here and now, not the request.
    return 409 if isinstance(error, CannotFit | DamagedRun | WrongState) else 400


def _answer(request: Request, status: int, said: Problem) -> Response:
    if not request.url.path.startswith("/api/"):
        from glasscity.web.pages.render import page

        return page(request, "problem.html.j2", title=ERRORS["title"], status=status, problem=said)
    return JSONResponse(said.model_dump(), status)
