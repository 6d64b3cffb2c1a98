"""The explorer in a browser, as ``glasscity serve`` opens it: each page's main path.

Screenshots are kept where GLASSCITY_SCREENSHOTS names a folder.
"""

from __future__ import annotations

import contextlib
import importlib.util
import io
import json
import os
import re
import signal
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent.parent
for folder in (TESTS / "cli", TESTS / "web"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

pytestmark = pytest.mark.browser

SMALL = {"country": "plainland", "citizens": "400", "months": "3"}


@pytest.fixture(scope="module")
def folder(chromium, tmp_path_factory):
    """Return a folder of runs: one finished, one that failed."""
    from explorer import small_run

    from glasscity.api import prepare
    from glasscity.scenario import Scenario

    runs = tmp_path_factory.mktemp("served") / "runs"
    runs.mkdir()
    small_run(runs / "small-001")
    failed = prepare(Scenario("unscored", country="plainland", citizens=10, months=1), base=runs)
    state = json.loads((failed / "state.json").read_text())
    told = {**state, "state": "failed", "reason": "no room is left on the disk."}
    (failed / "state.json").write_text(json.dumps(told))
    return runs


@pytest.fixture(scope="module")
def served(folder):
    """Return the address of an explorer in a process of its own."""
    from terminal import start

    process = start("serve", "--port", "0", "--runs", folder, "--no-open", "--no-example")
    assert process.stdout is not None
    address = process.stdout.readline().strip().rstrip("/")
    assert address.startswith("http://127.0.0.1:")
    yield address
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 130
    assert process.stderr is not None
    assert "Traceback" not in process.stderr.read()


@pytest.fixture
def opened(chromium, served):
    """Return a function that opens a page; whatever a browser complains about is an error."""
    pages, complaints = [], []

    def open_page(path="/", width=820, scheme="light", ready=True, **options):
        page = chromium.new_page(
            viewport={"width": width, "height": 900}, color_scheme=scheme, **options
        )
        pages.append(page)
        page.on("request", lambda r: r.url.startswith(served) or complaints.append(r.url))
        page.on("console", lambda m: complaints.append(f"{m.type}: {m.text}"))
        page.on("pageerror", lambda e: complaints.append(str(e)))
        page.goto(served + path)
        if ready:
            page.wait_for_selector("html[data-ready]", timeout=60_000)
        return page

    yield open_page
    for page in pages:
        page.close()
    assert not complaints


def wait(what):
    """Return what waits for something; the pages' policy forbids waiting for an expression."""
    from playwright.sync_api import expect

    return expect(what)


def fill(page, values):
    page.select_option("#country", values["country"])
    page.fill("#citizens", values["citizens"])
    page.locator("details.more").nth(1).locator("summary").click()
    page.fill("#months", values["months"])


def test_somebody_runs_a_society_and_sees_it_though_they_reload_on_the_way(opened, folder):
    page = opened()
    fill(page, SMALL)
    page.check("[name=with][value=firewall]")
    wait(page.locator("#python")).to_contain_text("firewall")
    wait(page).to_have_url(re.compile("months=3.*with=firewall"))
    page.reload()
    page.wait_for_selector("html[data-ready]")
    assert page.input_value("#citizens") == "400"
    assert page.is_checked("[name=with][value=firewall]")
    page.click("#new [type=submit]")
    page.wait_for_url(re.compile(r"/runs/citizen-score-2020-\d+$"))
    name = page.url.rpartition("/")[2]
    page.reload()
    page.wait_for_url(re.compile(rf"/runs/{name}/society"), timeout=60_000)
    assert (folder / name / "complete.json").is_file()
    scenario = json.loads((folder / name / "scenario.json").read_text())
    assert (scenario["citizens"], scenario["strengths"]["firewall"]) == (400, 1)


def test_a_run_is_cancelled_and_shows_that_it_can_be_gone_on_with(opened):
    page = opened()
    fill(page, {**SMALL, "citizens": "50000", "months": "1200"})
    page.click("#new [type=submit]")
    page.wait_for_url(re.compile(r"/runs/citizen-score-2020-\d+$"))
    page.click("#cancel")
    page.wait_for_selector(".state-stopped", timeout=60_000)
    assert page.is_visible("#resume")
    assert page.is_hidden("#cancel")
    assert "glasscity resume" in page.text_content("#reason")


def test_more_people_than_fit_are_refused_on_the_spot(opened):
    page = opened()
    page.fill("#citizens", "9000000000")
    page.wait_for_selector("#refused:visible")
    assert "are free" in page.text_content("#refused")


def test_a_failed_run_is_shown_as_failed_with_its_message(opened):
    page = opened("/runs/unscored-001")
    assert page.text_content("#state") == "failed"
    assert "no room is left on the disk" in page.text_content("#reason")


def the_number(page):
    return page.get_attribute("#crowd-number", "data-value")


def test_the_months_move_by_keyboard_and_each_shows_the_librarys_number(opened, folder):
    import glasscity
    from glasscity.rights.course import course

    found = course(glasscity.open_run(folder / "small-001"))
    shut, people = found.counts["restricted"][0], found.counts["citizens"][0]
    page = opened("/runs/small-001/society")
    assert float(the_number(page)) == shut[-1] / people[-1]
    page.focus("#month")
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    assert float(the_number(page)) == shut[80] / people[80]
    assert page.text_content("#month-name") == "February 2021"
    page.keyboard.press("Home")
    assert float(the_number(page)) == shut[0] / people[0]
    wait(page).to_have_url(re.compile(r"\?month=0$"))


def test_a_link_opens_the_view_that_it_was_made_of_and_its_python_gives_the_number(opened):
    path = "/runs/small-001/society?month=70&series=listed&group=area:rural&cause=error"
    page = opened(path)
    assert page.is_checked("[name=series][value=listed]")
    assert page.is_checked("[name=cause][value=error]")
    assert page.evaluate("document.querySelector('#group').selectedOptions[0].text") == "rural"
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(page.text_content("#python"), "view", "exec"), {})
    count, whole, share = out.getvalue().split()
    assert share == the_number(page)
    assert page.text_content("#crowd-of") == f"{int(count):,} of {int(whole):,}"


def test_it_plays_by_itself_and_stops_at_the_end(opened):
    page = opened("/runs/small-001/society?month=78")
    page.click("#play")
    assert page.get_attribute("#play", "aria-pressed") == "true"
    wait(page.locator("#month")).to_have_value("83")
    page.wait_for_selector("#play[aria-pressed=false]")


def test_choosing_a_line_moves_crowd_groups_and_map_with_it(opened):
    page = opened("/runs/small-001/society")
    before = page.text_content(".tiles .value >> nth=3")
    page.check("[name=series][value=silent]")
    assert "silent" in page.text_content("#crowd-about")
    assert page.text_content(".tiles .value >> nth=3") != before
    assert page.locator("#groups a").first.get_attribute("href").endswith("voice=silent&area=urban")


def test_a_bar_leads_to_the_people_behind_it(opened):
    page = opened("/runs/small-001/society")
    row = page.locator("#groups a", has_text="poorest fifth")
    row.click()
    page.wait_for_url(re.compile(r"/people\?"))
    assert page.locator("[data-citizen]").count() > 0
    assert "poorest fifth" in page.text_content("[data-citizen] >> nth=0")
    page.go_back()
    page.wait_for_selector("html[data-ready]")
    gate = page.locator("#gates a").first
    gate.click()
    page.wait_for_url(re.compile(r"gate="))
    assert page.locator("[data-citizen]").count() > 0


def test_whoever_is_counted_can_be_met_and_likeness_is_called_so(opened):
    page = opened("/runs/small-001/society?series=listed")
    count = page.text_content("#crowd-of").split()[0]
    assert page.text_content("#crowd-people") == "Meet them"
    page.click("#crowd-people")
    wait(page.locator("main .happened")).to_contain_text(f"of {count} people")
    page = opened("/runs/small-001/society?series=chilled")
    assert page.text_content("#crowd-people") == "Meet people like them"
    page.click(".means:has(#crowd-means) summary")
    assert "explain measure chilled_share" in page.text_content("#crowd-means")


def test_the_first_bar_of_the_scores_can_be_reached_and_met(opened):
    page = opened("/runs/small-001/society")
    bar = page.locator(".scores a[href]").first
    bar.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"score_from="))
    assert page.locator("[data-citizen]").count() > 0


def test_somebody_shut_out_for_a_friend_or_a_mistake_is_met_on_the_first_page(opened):
    page = opened("/")
    # No example was made here: the finished run stands in its place.
    page.wait_for_selector(".meet .person")
    cards = page.locator(".meet .person")
    assert cards.count() == 2
    assert "refused, and granted but for" in cards.nth(0).text_content().lower()
    assert "on the list" in cards.nth(1).text_content()


def test_numbers_are_written_as_the_report_writes_them(opened):
    from glasscity.report import numbers

    page = opened("/runs/small-001/society")
    cases = [
        (share, size)
        for share in (0, 1, 0.5, 0.1063, 0.00949, 0.000012, 0.99999, 0.3333333)
        for size in (1, 17, 400, 2_500, 100_000, 10_000_000)
    ]
    written = page.evaluate(
        "async (cases) => { const n = await import('/static/numbers.js');"
        " return cases.map(([share, size]) => n.percent(share, size)); }",
        [list(case) for case in cases],
    )
    assert written == [numbers.percent(*case) for case in cases]


def test_the_report_draws_its_charts_inside_its_sandbox(opened):
    page = opened("/runs/small-001/report.html", ready=False)
    page.wait_for_selector("html[data-charts=drawn]", timeout=60_000)
    assert page.locator("[data-chart] svg").count() > 10
    assert page.evaluate("window.origin") == "null"


def test_a_picture_of_the_report_is_drawn_without_eval_and_has_a_link(opened):
    page = opened("/runs/small-001/report?chart=survival")
    page.wait_for_selector("#picture[data-drawn=survival] svg path")
    page.select_option("#chart", "voices")
    page.wait_for_selector("#picture[data-drawn=voices] svg path")
    assert page.url.endswith("chart=voices")


def test_the_keyboard_alone_reaches_content_and_navigation(opened):
    page = opened("/runs/small-001/society")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    seen = set()
    for _ in range(8):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("document.activeElement.id || document.activeElement.tagName"))
    assert {"play", "month", "group"} <= seen


PAGES = ["/", "/runs/unscored-001", "/runs/small-001/society"]
PAGES += ["/runs/small-001/people?filter=wrongly-listed", "/runs/small-001/report"]


SIZES = [(390, "light"), (820, "dark"), (1440, "light")]


@pytest.mark.parametrize("path", PAGES)
def test_no_page_sticks_out_at_any_width(opened, path):
    kept = os.environ.get("GLASSCITY_SCREENSHOTS")
    page = opened(path, ready="people" not in path)
    for width, scheme in SIZES:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        if kept:
            name = re.sub(r"\W+", "-", path).strip("-") or "start"
            page.screenshot(path=Path(kept) / f"{name}-{width}-{scheme}.png", full_page=True)


@pytest.mark.skipif(
    importlib.util.find_spec("axe_playwright_python") is None,
    reason="axe-playwright-python is not installed",
)
@pytest.mark.parametrize(
    ("path", "width", "scheme"),
    [(path, *SIZES[at % 3]) for at, path in enumerate(PAGES)],
)
def test_no_rule_of_accessibility_is_broken(opened, path, width, scheme):
    import axe_playwright_python

    source = Path(axe_playwright_python.__file__).parent / "axe.min.js"
    page = opened(path, width=width, scheme=scheme, ready="people" not in path)
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    page.evaluate("document.querySelectorAll('.people li:nth-child(n+4)').forEach(r => r.remove())")
    page.evaluate(source.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run({exclude: ['#picture svg']}, {resultTypes: ['violations']})")
    broken = {
        one["id"]: [node["html"][:160] for node in one["nodes"][:3]] for one in found["violations"]
    }
    assert not broken
