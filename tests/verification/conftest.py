"""The bench of these checks lies beside them; what they find is written down when asked for."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from findings import BOOK  # noqa: E402

_deselected: set[str] = set()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--findings",
        type=Path,
        default=None,
        help="write what the exact checks found into this file (make verify)",
    )


def _is_check(item: pytest.Item) -> bool:
    return item.path.parent == HERE and item.path.name.startswith("test_v")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if _is_check(item):
            item.add_marker(pytest.mark.exact)


def pytest_deselected(items: list[pytest.Item]) -> None:
    _deselected.update(item.path.name for item in items if _is_check(item))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item):
    BOOK.file = item.path.name if _is_check(item) else None
    # What is expected to fail is no finding about a sound kernel.
    BOOK.muted = int(item.get_closest_marker("xfail") is not None)
    try:
        return (yield)
    finally:
        BOOK.file, BOOK.muted = None, 0


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if BOOK.file is None or (report.when != "call" and report.passed):
        return
    kind = "long" if {"verify", "slow"} & set(report.keywords) else "quick"
    if hasattr(report, "wasxfail"):
        kind = "expected to fail"
    elif report.failed:
        kind = "failed"
    BOOK.of(BOOK.file).tests[kind] += 1


def pytest_sessionfinish(session: pytest.Session) -> None:
    path = session.config.getoption("--findings", default=None)
    if path is not None:
        present = {file.name for file in HERE.glob("test_v[0-9]*.py")}
        BOOK.write(path, _deselected, present)
