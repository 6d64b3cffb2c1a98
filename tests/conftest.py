"""What every test runs under: caches of its own, and a browser where one is installed.

The environment is set when this file is read, before any test imports the package, because the
compiler's cache folder is fixed at its first import.
"""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

REQUIRE_BROWSER = os.environ.get("GLASSCITY_REQUIRE_BROWSER") == "1"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def _usual_cache() -> Path:
    """Return the cache folder that the package would use outside the tests."""
    override = os.environ.get("GLASSCITY_CACHE")
    if override:
        return Path(override)
    from platformdirs import user_cache_dir

    return Path(user_cache_dir("glasscity", appauthor=False))


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK)


def _separate_caches() -> None:
    # Compiled kernels are named after their sources, so they may be shared with ordinary runs:
    # compiling them anew in each session would cost a minute.  All else is the session's own.
    if "GLASSCITY_KERNEL_CACHE" not in os.environ:
        kernels = _usual_cache() / "kernels"
        if _writable(kernels):
            os.environ["GLASSCITY_KERNEL_CACHE"] = str(kernels)
    folder = tempfile.mkdtemp(prefix="glasscity-tests-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["GLASSCITY_CACHE"] = folder


_separate_caches()


def find_chromium() -> str | None:
    """Return the path of an installed Chromium, or None."""
    debian = "/usr/bin/chromium"
    if os.access(debian, os.X_OK):
        return debian
    for name in CHROMIUM_NAMES:
        path = shutil.which(name)
        if path:
            return path
    return None


def chromium_arguments() -> list[str]:
    """Return the switches of a quiet browser: it asks nobody for anything on its own account."""
    switches = [
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-quic",
        "--disable-sync",
        "--no-first-run",
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        switches.append("--no-sandbox")  # Chromium refuses to start as root with its sandbox on
    return switches


def _no_browser(reason: str) -> None:
    if REQUIRE_BROWSER:
        pytest.fail(f"{reason} (GLASSCITY_REQUIRE_BROWSER=1 makes this a failure)", pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Yield an installed Chromium; skip where there is none, or fail if one is required."""
    path = find_chromium()
    if path is None:
        _no_browser("no Chromium found: install your system's chromium package to run this test")
        return
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=chromium_arguments())
        yield browser
        browser.close()


def _small(name: str):
    """Return a function that makes a small pair or study that really ran."""
    folder = str(Path(__file__).resolve().parent / "report")
    if folder not in sys.path:
        sys.path.insert(0, folder)
    import small_worlds

    return getattr(small_worlds, name)


@pytest.fixture(scope="session")
def small_pair(tmp_path_factory):
    """Return a small pair with its report written."""
    from glasscity.study.reports import write_pair

    pair = _small("small_pair")(tmp_path_factory.mktemp("pair") / "pair")
    write_pair(pair)
    return pair


@pytest.fixture(scope="session")
def small_study(tmp_path_factory):
    """Return a small study with its report written."""
    from glasscity.study.reports import write_report

    study = _small("small_study")(tmp_path_factory.mktemp("study") / "study")
    write_report(study.folder)
    return study
