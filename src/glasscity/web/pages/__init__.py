"""The pages, a file each; every one of them has a link for each of its states."""

from __future__ import annotations

from glasscity.web.pages import (
    compare,
    life,
    people,
    regimes,
    report,
    run,
    society,
    start,
    static,
)

__all__ = ["ROUTERS"]

ROUTERS = (
    static.router,
    start.router,
    run.router,
    society.router,
    people.router,
    life.router,
    report.router,
    compare.router,
    regimes.router,
)
