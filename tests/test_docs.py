"""Documents made from the code say what the code says."""

from __future__ import annotations

import importlib.util
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_the_reference_is_what_the_code_says_today():
    spec = importlib.util.spec_from_file_location("make_docs", ROOT / "tools" / "make_docs.py")
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    assert tool.FILE.read_text(encoding="utf-8") == tool.reference(), "run make docs"


def test_the_page_of_evidence_is_what_the_catalogue_and_the_kept_sweep_say():
    path = ROOT / "tools" / "make_evidence.py"
    spec = importlib.util.spec_from_file_location("make_evidence", path)
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    page = (ROOT / "docs" / "evidence.md").read_text(encoding="utf-8")
    assert page == tool.page(), "run python tools/make_evidence.py"
