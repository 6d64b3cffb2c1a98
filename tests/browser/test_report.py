"""The report in a browser: it asks nobody, draws everything, and can be used by everybody."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent.parent
for folder in (TESTS / "report", TESTS / "results"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

pytestmark = pytest.mark.browser

# The same at another width and scheme: part of `make browser` and `make verify`.
SLOW = pytest.mark.slow


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    from report_worlds import busy_run

    from glasscity.results import open_run

    return open_run(busy_run(tmp_path_factory.mktemp("report") / "run")).report()


@pytest.fixture
def opened(chromium, report):
    """Return a function that opens the report; all that a browser complains about is an error."""
    pages, complaints = [], []

    def open_page(target=report, width=820, scheme="light", **options):
        page = chromium.new_page(
            viewport={"width": width, "height": 900}, color_scheme=scheme, **options
        )
        pages.append(page)
        page.on("request", lambda r: r.url.startswith("file:") or complaints.append(r.url))
        page.on("console", lambda m: complaints.append(f"{m.type}: {m.text}"))
        page.on("pageerror", lambda e: complaints.append(str(e)))
        page.goto(target.as_uri())
        if options.get("java_script_enabled", True):
            page.wait_for_selector("html[data-charts=drawn]", timeout=60_000)
        return page

    yield open_page
    for page in pages:
        page.close()
    assert not complaints


@pytest.mark.parametrize(
    ("width", "scheme"),
    [(390, "dark"), pytest.param(820, "light", marks=SLOW), pytest.param(1400, "dark", marks=SLOW)],
)
def test_every_chart_is_drawn_and_nothing_sticks_out(opened, width, scheme):
    page = opened(width=width, scheme=scheme)
    charts = page.locator("[data-chart]")
    assert charts.count() > 15
    assert page.locator("[data-chart] svg").count() == charts.count()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for box in charts.locator("svg").all():
        assert box.bounding_box()["width"] <= width


def test_colours_follow_the_scheme_while_the_page_is_open(opened):
    page = opened(scheme="light")
    line = page.locator("[data-chart=survival] svg path[stroke='var(--one)']").first
    colour = "element => getComputedStyle(element).stroke"
    light = line.evaluate(colour)
    page.emulate_media(color_scheme="dark")
    assert line.evaluate(colour) != light
    page.emulate_media(media="print", color_scheme="dark")
    assert line.evaluate(colour) == light


def test_pointing_at_a_mark_tells_its_number_as_text(opened):
    page = opened()
    bar = page.locator("[data-chart=closed] svg .mark-rect path").first
    bar.scroll_into_view_if_needed()
    bar.hover()
    tip = page.locator(".tip")
    assert tip.is_visible()
    assert "%" in tip.text_content()


def test_the_keyboard_reaches_the_findings_and_opens_a_table(opened):
    page = opened()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "findings"
    summary = page.locator("#shut_out summary")
    summary.focus()
    page.keyboard.press("Enter")
    assert page.locator("#shut_out table").is_visible()


def test_without_scripts_the_page_says_so_and_keeps_its_tables(opened):
    page = opened(java_script_enabled=False)
    assert "scripts are off" in page.locator("noscript").text_content()
    assert page.locator("table").count() > 20


def test_a_hostile_title_stays_a_title(opened, tmp_path):
    from factory import store
    from report_worlds import busy_world, scenario

    from glasscity.results import open_run

    title = "<script>window.hit = 1</script><img src='x' onerror='window.hit = 1'>"
    made = scenario()
    made["regime"] |= {"title": title, "caution": title}
    world = busy_world()
    world.meta |= {"lists": [{**one, "name": title} for one in world.meta["lists"]]}
    page = opened(open_run(store(tmp_path / "run", world, scenario=made)).report())
    assert page.locator("h1").text_content() == title
    page.locator("[data-chart=listings] svg .mark-rect path").first.hover()
    assert page.evaluate("window.hit") is None


@pytest.mark.skipif(
    importlib.util.find_spec("axe_playwright_python") is None,
    reason="axe-playwright-python is not installed",
)
@pytest.mark.parametrize(
    ("width", "scheme"), [pytest.param(390, "dark", marks=SLOW), (1400, "light")]
)
def test_no_rule_of_accessibility_is_broken(opened, width, scheme):
    import axe_playwright_python

    page = opened(width=width, scheme=scheme)
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
