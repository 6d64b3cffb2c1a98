"""Explorers for tests: over a folder of their own, with the queue running."""

from __future__ import annotations

import atexit
import re
import shutil
import tempfile
import time
from functools import cache
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

import glasscity
from glasscity.web.app import create_app
from glasscity.web.settings import Settings

ORIGIN = "http://127.0.0.1:8440"
SMALL = {"country": "plainland", "citizens": 400, "months": 4}
LONG = {"country": "plainland", "citizens": 20_000, "months": 1_200}


@cache
def _made() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="glasscity-explorer-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    glasscity.run(
        "citizen-score-2020",
        country="china-2020",
        citizens=2_000,
        months=84,
        seed=5,
        out=folder / "run",
    )
    return folder / "run"


def small_run(folder: Path) -> None:
    """Write a run in which something happens to somebody at every gate; made once a session."""
    shutil.copytree(_made(), folder)


def client_of(runs: Path, **settings: Any) -> TestClient:
    """Return a client; used as a context manager it starts the queue."""
    settings = {"example": False, "slots": 1, **settings}
    app = create_app(Settings(runs=runs, **settings))
    return TestClient(app, base_url=ORIGIN, raise_server_exceptions=False, follow_redirects=False)


def wait_for(client: TestClient, name: str, *states: str) -> dict[str, Any]:
    """Return a run once it is in one of the states."""
    for _ in range(600):
        found = client.get(f"/api/runs/{name}").json()
        if found["state"] in states:
            return found
        time.sleep(0.1)
    raise AssertionError(f"{name} is still {found}")


def data_of(html: str) -> dict[str, Any]:
    """Return what a page tells its script."""
    import json

    found = re.search(r'<script type="application/json" id="page">(.*?)</script>', html, re.S)
    assert found is not None
    return json.loads(found.group(1))["data"]


def code_of(html: str, name: str = "python") -> str:
    """Return a block of code of a page."""
    import html as escapes

    found = re.search(rf'<code id="{name}">(.*?)</code>', html, re.S)
    assert found is not None
    return escapes.unescape(found.group(1))
