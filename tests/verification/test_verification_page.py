"""The page about the checks says what the checks say."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest
from alarm import Alarm, check_mean, check_near, check_share, limit, must_alarm
from findings import Book

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "make_verification", ROOT / "tools" / "make_verification.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_the_page_is_current(maker):
    shown = (ROOT / "docs" / "verification.md").read_text(encoding="utf-8")
    assert shown == maker.page(), "run python tools/make_verification.py"


def test_every_check_shows_a_wrong_kernel_failing():
    for path in Path(__file__).parent.glob("test_v[0-9]*.py"):
        assert "must_alarm(" in path.read_text(encoding="utf-8"), path.name


def test_every_number_of_the_model_has_a_check_or_a_reason(maker, monkeypatch):
    monkeypatch.setattr(maker, "NUMBERS", (*maker.NUMBERS, "V20"))
    with pytest.raises(maker.Unclear, match="V20"):
        maker.page()
    monkeypatch.setattr(maker, "LATER", {"V20": "a reason."})
    assert "## Not yet\n\n- **V20** a reason.\n" in maker.page()


def test_the_page_says_what_was_found_and_what_was_not(maker):
    entry = {
        "date": "2026-01-31",
        "model": "1",
        "tests": {"quick": 3, "long": 2, "failed": 1, "expected to fail": 1},
        "compared": 1200,
        "exact": 12,
        "counted": {"scores": 9000},
        "faults": 4,
        "nearest": {"what": "lag 6", "found": 0.5, "expected": 0.52, "share": 0.41},
    }
    words = maker.told(entry, "2")
    for part in ("2026-01-31", "not the present one (2)", "1 tests FAILED", "used up 0.41 of it"):
        assert part in words
    assert "lag 6: 0.5, expected 0.52" in words
    assert "9,000 scores" in words
    assert "4 wrong kernels" in words
    assert maker.in_short(entry) == "3 + 2, **1 FAILED** | 0.41 | 12 | 4"
    assert "not run" in maker.told(None, "2")


def test_every_check_has_found_something(maker):
    found = maker.findings()
    checks = {path.name for path in Path(__file__).parent.glob("test_v[0-9]*.py")}
    assert set(found) == checks, "run make verify"
    for name, entry in found.items():
        assert entry["faults"] > 0, name
        assert entry["compared"] + entry["exact"] > 0, name
        assert "failed" not in entry["tests"], name


def test_wrong_kernels_are_not_among_the_findings():
    book = Book()
    book.file = "test_v99.py"
    book.compared("share", 0.5, 0.4, 0.2)
    book.muted = 1
    book.compared("share of a wrong kernel", 0.9, 0.4, 0.99)
    book.exact()
    book.muted = 0
    book.compared("another", 0.41, 0.4, 0.1)
    book.fault()
    entry = book.of("test_v99.py").entry()
    assert (entry["compared"], entry["exact"], entry["faults"]) == (2, 0, 1)
    assert entry["nearest"]["what"] == "share"


def test_findings_of_a_part_of_the_tests_are_not_written(tmp_path):
    path = tmp_path / "found.json"
    path.write_text('{"test_v01.py": {"date": "old"}, "test_v00_gone.py": {}}')
    book = Book()
    for name in ("test_v01.py", "test_v02.py"):
        book.of(name).tests["quick"] = 1
    book.write(path, {"test_v01.py"}, {"test_v01.py", "test_v02.py"})
    found = json.loads(path.read_text())
    assert found["test_v01.py"] == {"date": "old"}
    assert found["test_v02.py"]["tests"] == {"quick": 1}
    assert set(found) == {"test_v01.py", "test_v02.py"}


@pytest.mark.parametrize("text", ["", "V1 no stop", "V1. Title.\n\nWhat: a\nPower: b"])
def test_a_check_that_does_not_say_what_the_table_needs_is_refused(maker, text):
    with pytest.raises(maker.Unclear):
        maker.described(text, "test_v01.py")


def test_alarms_come_where_the_law_says():
    assert limit() == pytest.approx(4.8916, abs=1e-4)
    check_share(50_000, 100_000, 0.5)
    with pytest.raises(Alarm):
        check_share(51_000, 100_000, 0.5)
    check_share(51_000, 100_000, 0.5, bias=0.01)
    check_mean([0.0, 1.0] * 5_000, 0.4, 0.6)
    must_alarm(lambda: check_mean([0.0, 1.0] * 5_000, 0.6, 0.7))
    check_near(1.0, 1.1, 0.11, "a figure")
    must_alarm(lambda: check_near(1.0, 1.1, 0.09, "a figure"))
    must_alarm(lambda: check_near(float("nan"), 1.1, 0.09, "a figure"))
    with pytest.raises(AssertionError, match="did not see"):
        must_alarm(lambda: None)
