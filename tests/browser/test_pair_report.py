"""Reports of pairs and studies in a browser: they ask nobody, draw all, and serve everybody."""

from __future__ import annotations

import csv
import importlib.util
import io
import json
from pathlib import Path

import pytest

pytestmark = pytest.mark.browser

# The same at another width and scheme: part of `make browser` and `make verify`.
SLOW = pytest.mark.slow


@pytest.fixture(params=["small_pair", "small_study"])
def report(request):
    made = request.getfixturevalue(request.param)
    return (getattr(made, "path", None) or made.folder) / "report.html"


@pytest.fixture
def opened(chromium):
    """Return a function that opens a report; all that a browser complains about is an error."""
    pages, complaints = [], []

    def open_page(target, width=820, scheme="light"):
        page = chromium.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        pages.append(page)
        page.on(
            "request", lambda r: r.url.startswith(("file:", "blob:")) or complaints.append(r.url)
        )
        page.on("console", lambda m: complaints.append(f"{m.type}: {m.text}"))
        page.on("pageerror", lambda e: complaints.append(str(e)))
        page.goto(target.as_uri())
        page.wait_for_selector("html[data-charts=drawn]", timeout=60_000)
        return page

    yield open_page
    for page in pages:
        page.close()
    assert not complaints


@pytest.mark.parametrize(
    ("width", "scheme"), [(390, "dark"), pytest.param(1440, "light", marks=SLOW)]
)
def test_every_chart_is_drawn_and_nothing_sticks_out(opened, report, width, scheme):
    page = opened(report, width, scheme)
    charts = page.locator("[data-chart]")
    assert charts.count() > 5
    assert page.locator("[data-chart] svg").count() == charts.count()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.skipif(
    importlib.util.find_spec("axe_playwright_python") is None,
    reason="axe-playwright-python is not installed",
)
@pytest.mark.parametrize(
    ("width", "scheme"), [pytest.param(390, "light", marks=SLOW), (1440, "dark")]
)
def test_no_rule_of_accessibility_is_broken(opened, report, width, scheme):
    import axe_playwright_python

    page = opened(report, width, scheme)
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    # Every row of a table is made alike: a few are enough, and thousands would take a minute.
    page.evaluate("document.querySelectorAll('tbody tr:nth-child(n+4)').forEach(r => r.remove())")
    source = Path(axe_playwright_python.__file__).parent / "axe.min.js"
    page.evaluate(source.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run({exclude: ['.chart svg']}, {resultTypes: ['violations']})")
    broken = {
        one["id"]: [node["html"][:120] for node in one["nodes"][:3]] for one in found["violations"]
    }
    assert not broken


def test_a_table_is_saved_as_the_data_hold_it(opened, small_pair):
    page = opened(small_pair.path / "report.html")
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    with page.expect_download() as saved:
        page.locator("#only .download").click()
    text = saved.value.path().read_bytes().decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(text)))
    data = json.loads((small_pair.path / "report.json").read_text(encoding="utf-8"))
    rows = data["tables"]["shut_out"]["rows"]
    assert saved.value.suggested_filename == "shut_out.csv"
    assert [int(line["ever"]) for line in lines] == [row["ever"] for row in rows]
    assert [line["where"] for line in lines] == [row["where"] for row in rows]
