"""The JSON API: everything that the pages show, for scripts."""

from __future__ import annotations

from typing import Any

from glasscity.web.api import catalogue, files, looks, others, own, results, runs
from glasscity.web.problems import Problem

__all__ = ["RESPONSES", "ROUTERS"]

ROUTERS = (
    runs.router,
    results.router,
    looks.router,
    others.router,
    files.router,
    catalogue.router,
    own.router,
)

# What any address may answer when it refuses.
RESPONSES: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "description": about}
    for status, about in (
        (400, "The request was wrong"),
        (403, "Another host, another site, or no token"),
        (404, "There is nothing of this name"),
        (405, "Another method is needed"),
        (409, "The run is not in the state for that, or this machine has not the room"),
        (413, "More than a request may be"),
        (415, "Not application/json"),
        (422, "A value is outside what is allowed"),
    )
}
