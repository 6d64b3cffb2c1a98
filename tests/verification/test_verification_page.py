"""The page about the checks says what the checks say."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest
from alarm import Alarm, check_mean, check_share, limit, must_alarm

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
    with pytest.raises(AssertionError, match="did not see"):
        must_alarm(lambda: None)
