"""Documents made from the code say what the code says."""

from __future__ import annotations

import importlib.util
from pathlib import Path

ROOT = Path(__file__).parent.parent


def tool_named(name: str):
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    return tool


def test_the_page_on_calibration_is_what_the_catalogue_says_today():
    tool = tool_named("make_calibration")
    assert tool.PAGE.read_text(encoding="utf-8") == tool.page(), "run make docs"


def test_the_reference_is_what_the_code_says_today():
    tool = tool_named("make_docs")
    assert tool.FILE.read_text(encoding="utf-8") == tool.reference(), "run make docs"
