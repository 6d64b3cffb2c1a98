"""The explorer as one ASGI application."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware

from glasscity._version import __version__
from glasscity.errors import GlasscityError
from glasscity.web import api, pages
from glasscity.web.looks import Look, Looks
from glasscity.web.problems import install_handlers
from glasscity.web.queue import Queue
from glasscity.web.safety import Guard
from glasscity.web.settings import Settings
from glasscity.web.shelf import Shelf

__all__ = ["create_app"]

# Large enough for the rarer causes to show, small enough to be there in half a minute.
EXAMPLE_CITIZENS = 20_000
EXAMPLE_REGIME = "citizen-score-2020"
EXAMPLE = "example"


def create_app(settings: Settings) -> FastAPI:
    """Return the explorer over a folder of runs.

    Parameters
    ----------
    settings : Settings
        Where it listens, which runs it shows.

    Returns
    -------
    FastAPI
        With the queue in ``app.state.queue`` and the runs in ``app.state.shelf``.
    """
    shelf = Shelf(settings.runs)
    queue = Queue(shelf, settings)
    looks = Looks(shelf, settings)

    @asynccontextmanager
    async def living(_: FastAPI) -> AsyncIterator[None]:
        queue.start()
        looks.start()
        ends = threading.Event()
        if settings.example:
            threading.Thread(target=_example, args=(queue,), name="example", daemon=True).start()
            given = (queue, looks, ends)
            threading.Thread(target=_lives, args=given, name="lives", daemon=True).start()
        try:
            yield
        finally:
            ends.set()
            looks.close()
            queue.close()

    app = FastAPI(
        title="Glasscity",
        version=__version__,
        description="Runs of synthetic societies that score their citizens. Nobody here is real.",
        lifespan=living,
        # Their pages fetch scripts from elsewhere; the description itself is /api/openapi.json.
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        responses=api.RESPONSES,
    )
    app.state.settings, app.state.shelf, app.state.queue = settings, shelf, queue
    app.state.looks = looks
    for router in (*api.ROUTERS, *pages.ROUTERS):
        app.include_router(router)
    install_handlers(app)
    app.add_middleware(GZipMiddleware, minimum_size=2_000, compresslevel=5)
    app.add_middleware(Guard, settings=settings)
    return app


def _example(queue: Queue) -> None:
    """Make an example where there is no run of the press's scenario to look at."""
    there = ("waiting", "running", "finished")
    if any(one.regime == EXAMPLE_REGIME and one.state in there for one in queue.all()):
        return
    from glasscity.scenario import Scenario

    # Without room for it there is no example; the page then has none to show.
    with suppress(GlasscityError):
        queue.add(Scenario(EXAMPLE_REGIME, citizens=EXAMPLE_CITIZENS), name=EXAMPLE)


def _lives(queue: Queue, looks: Looks, ends: threading.Event) -> None:
    """Have the example's lives worked out behind the pages, once it is there.

    Those that its questions find, and the same world once with every safeguard: so whoever asks
    finds them there.
    """
    while not ends.wait(1.0):
        with suppress(GlasscityError, OSError):
            made = [one for one in queue.all() if one.name.startswith(f"{EXAMPLE}-")]
            if not made or made[0].state in ("waiting", "running"):
                continue
            if made[0].state == "finished":
                _ready(queue.shelf, looks, made[0].name)
            return


def _ready(shelf: Shelf, looks: Looks, name: str) -> None:
    from glasscity.api import find

    for filter in ("wrongly-listed", "fell-through-friends"):
        for one in find(shelf.open(name), filter, limit=1):
            looks.ask(name, Look(kind="life", citizen=one["citizen"]))
    looks.ask(name, Look(kind="safeguards"))
