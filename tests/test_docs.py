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


def test_the_page_of_evidence_is_what_the_catalogue_and_the_kept_sweep_say():
    tool = tool_named("make_evidence")
    page = (ROOT / "docs" / "evidence.md").read_text(encoding="utf-8")
    assert page == tool.page(), "run python tools/make_evidence.py"


def test_every_regime_has_a_page_that_says_what_the_catalogue_says():
    tool = tool_named("make_regimes")
    made = tool.pages()
    kept = {file.name: file.read_text(encoding="utf-8") for file in tool.FOLDER.glob("*.md")}
    assert sorted(kept) == sorted(made)
    for name, text in made.items():
        assert kept[name] == text, f"{name}: run make docs"


def test_a_regimes_page_has_each_of_its_values_in_the_table_of_its_grade():
    from glasscity.regime import load_regime

    tool = tool_named("make_regimes")
    regime = load_regime("rongcheng-2014")
    parts = tool.page(regime).split("\n## ")
    for row in regime.rules():
        title = next(part for part in parts if f"(grade {row['grade']})" in part.partition("\n")[0])
        assert f"| `{row['name']}` |" in title, row["name"]
    for one in regime.not_modelled:
        assert " ".join(one.what.split()) in tool.page(regime)
