"""The explorer in a browser: a life, what would have been otherwise, other rules, own rules."""

# ruff: noqa: F811 - fixtures of another module go by their names
from __future__ import annotations

import contextlib
import importlib.util
import io
import os
import re
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
for place in (HERE, HERE.parent / "web"):
    if str(place) not in sys.path:
        sys.path.insert(0, str(place))

from test_explorer import SIZES, opened, served, wait  # noqa: E402, F401

pytestmark = pytest.mark.browser

BASE = "/runs/small-001"


@pytest.fixture(scope="module")
def folder(chromium, tmp_path_factory):
    """Return a folder of runs: one, and the same world with every wrong record corrected."""
    from explorer import small_run  # pyright: ignore[reportMissingImports]

    import glasscity
    from glasscity.api import scenario_of

    runs = tmp_path_factory.mktemp("lives") / "runs"
    runs.mkdir()
    small_run(runs / "small-001")
    world = scenario_of(glasscity.open_run(runs / "small-001")).but(strengths={"correction": 1.0})
    glasscity.run(world, twin=False, report=False, out=runs / "corrected-001")
    return runs


@pytest.fixture(scope="module")
def wronged(folder):
    import glasscity

    return glasscity.find(folder / "small-001", "wrongly-listed", limit=1)[0]["citizen"]


def output_of(code):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(code, "view", "exec"), {})
    return out.getvalue()


def test_from_the_start_to_somebody_shut_out_by_mistake_and_the_rule_that_prevents_it(
    opened, wronged
):
    page = opened("/")
    page.click("#meet-wronged")
    page.wait_for_url(re.compile(rf"/lives/{wronged}\?by=wrongly-listed$"))
    # Nobody watched this life: it is lived again, with progress, and then there.
    page.wait_for_selector("html[data-ready]", timeout=120_000)
    quote = page.text_content("#quote")
    assert f"citizen {wronged:,}" in quote
    assert "false alarm" in quote or "namesake" in quote
    assert "correction" in page.text_content("#verdict")
    row = page.locator("tr[data-rule=correction]")
    assert row.get_attribute("data-verdict") == "all"
    assert "→ 0" in row.text_content()
    # Reloaded, it is there at once.
    page.reload()
    page.wait_for_selector("html[data-ready]", timeout=5_000)
    assert page.text_content("#quote") == quote


def test_the_month_is_in_the_address_and_the_chart_follows_the_keyboard(opened, wronged):
    page = opened(f"{BASE}/lives/{wronged}?month=75")
    assert page.input_value("#month") == "75"
    before = page.text_content("#now-name")
    page.focus("#month")
    page.keyboard.press("ArrowRight")
    wait(page).to_have_url(re.compile("month=76"))
    assert page.text_content("#now-name") != before
    assert page.locator("#score svg .part").count() >= 4
    total = sum(float(one) for one in page.locator("#now-parts td").all_text_contents())
    score = int(page.text_content("#now-score").removeprefix("Score ").partition(",")[0])
    assert abs(total - score) < 1


def test_the_story_and_the_python_behind_it_say_the_same(opened, wronged):
    page = opened(f"{BASE}/lives/{wronged}")
    said = output_of(page.text_content("#python"))
    assert page.text_content("#quote") in said
    assert "correction all {" in said
    few = page.locator("#story li").count()
    page.check("#all")
    assert page.locator("#story li").count() > few


def test_somebody_around_is_a_life_of_their_own(opened, wronged):
    page = opened(f"{BASE}/lives/{wronged}")
    node = page.locator("#circle svg a").first
    assert re.search(r"Citizen [\d,]+, \w+", node.get_attribute("aria-label"))
    node.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(rf"/lives/(?!{wronged}$)\d+$"))


@pytest.mark.slow
def test_a_what_if_is_lived_again_and_stands_beside_the_life_as_lived(opened, wronged):
    page = opened(f"{BASE}/lives/{wronged}")
    assert page.is_checked("[name=kind][value=error_corrected]")
    page.click("#what-if-form [type=submit]")
    page.wait_for_selector("[data-total=months_shut_out]", timeout=120_000)
    wait(page).to_have_url(re.compile("what-if=error_corrected"))
    lived, changed = (
        int(one) for one in page.locator("[data-total=months_shut_out] td").all_text_contents()
    )
    assert changed < lived
    assert page.locator("#what-if-result svg").count() == 2
    said = output_of(page.text_content("#python"))
    assert f"'months_shut_out': {{'lived': {lived}, 'changed': {changed}" in said
    address = page.url
    page.goto("about:blank")
    page.goto(address)
    page.wait_for_selector("[data-total=months_shut_out]", timeout=10_000)


def test_a_comparison_shows_the_librarys_numbers_and_leads_to_lives(opened, folder):
    import glasscity

    page = opened("/compare?base=small-001&with=correction")
    page.wait_for_selector("#people li")
    found = glasscity.compare(
        glasscity.open_run(folder / "small-001"), glasscity.open_run(folder / "corrected-001")
    )
    cell = page.locator("tr[data-measure=wrongly_listed_share] [data-side=difference]")
    shown = float(cell.get_attribute("data-value"))
    assert shown == found.effects.nation["wrongly_listed_share"].difference
    table = found.people["months_shut_out"]["by_group"]["base_score_decile"]["d1"]
    row = page.locator("#people [data-group=d1]")
    assert row.get_attribute("data-better") == str(table["better"])
    page.select_option("#by", "area")
    wait(page).to_have_url(re.compile("by=area"))
    assert page.locator("#people li").count() == 2
    page.wait_for_selector("#lives a")
    page.click("#lives a >> nth=0")
    page.wait_for_url(re.compile(r"/lives/\d+$"))


@pytest.mark.slow
def test_a_world_that_was_not_run_is_run_from_its_switch(opened):
    page = opened("/compare?base=small-001")
    page.check("[name=with][value=essentials]")
    page.click("#choose [type=submit]")
    page.wait_for_selector("html[data-ready]")
    page.click("#run-it")
    page.wait_for_selector("#people li", timeout=120_000)
    assert page.locator("tr[data-measure=restricted_share]").count() == 1


def test_a_regime_is_edited_with_a_mistake_and_mended(opened):
    page = opened("/regimes/citizen-score-2020/edit")
    wait(page.locator("#verdict")).to_have_text("It is well formed.")
    field = page.locator("[id='field-operator.weights.credit_history']")
    field.fill("0.5")
    field.press("Tab")
    problem = page.locator("#problems li")
    wait(problem).to_contain_text("the weights sum to 1.15")
    assert page.is_disabled("#start")
    assert field.get_attribute("aria-invalid") == "true"
    assert "Changed by hand; 0.35 before" in page.input_value("#text")
    problem.locator("button").click()
    assert page.evaluate("document.activeElement.id") == "text"
    other = page.locator("[id='field-operator.weights.fulfilment_capacity']")
    other.fill("0.1")
    other.press("Tab")
    wait(page.locator("#verdict")).to_have_text("It is well formed.")
    assert page.is_enabled("#start")
    # Now in the text: what is no YAML is named with its line.
    page.fill("#text", "name: [")
    wait(page.locator("#problems li")).to_contain_text("Line")
    assert page.is_disabled("#start")
    page.click("#over")
    wait(page.locator("#verdict")).to_have_text("It is well formed.")


@pytest.mark.slow
def test_a_regime_of_ones_own_is_run_and_taken_away(opened, folder):
    page = opened("/regimes/train-conduct-2018/edit")
    page.fill("[id='field-lists.train-conduct.term']", "3")
    page.keyboard.press("Tab")
    wait(page.locator("#text")).to_have_value(re.compile("Changed by hand; 6 before"))
    with page.expect_download() as taken:
        page.click("#save")
    assert "term: {value: 3" in Path(taken.value.path()).read_text(encoding="utf-8")
    page.select_option("#country", "plainland")
    page.fill("#citizens", "200")
    page.fill("#months", "2")
    page.click("#start")
    page.wait_for_url(re.compile(r"/runs/my-train-conduct-2018-\d+"))
    page.wait_for_url(re.compile(r"/society"), timeout=60_000)


PAGES = [f"{BASE}/lives", f"{BASE}/lives/LIFE", "/compare?base=small-001&with=correction"]
PAGES += ["/regimes", "/regimes/citizen-score-2020", "/regimes/citizen-score-2020/edit"]
UNSCRIPTED = ("/regimes", "/regimes/citizen-score-2020")


@pytest.mark.parametrize("path", PAGES)
def test_no_page_sticks_out_at_any_width(opened, wronged, path):
    kept = os.environ.get("GLASSCITY_SCREENSHOTS")
    page = opened(path.replace("LIFE", str(wronged)), ready=path not in UNSCRIPTED)
    for width, scheme in SIZES:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        if kept:
            name = re.sub(r"\W+", "-", path).strip("-")
            page.screenshot(path=Path(kept) / f"{name}-{width}-{scheme}.png", full_page=True)


@pytest.mark.skipif(
    importlib.util.find_spec("axe_playwright_python") is None,
    reason="axe-playwright-python is not installed",
)
@pytest.mark.parametrize(
    ("path", "width", "scheme"), [(path, *SIZES[at % 3]) for at, path in enumerate(PAGES)]
)
def test_no_rule_of_accessibility_is_broken(opened, wronged, path, width, scheme):
    import axe_playwright_python

    source = Path(axe_playwright_python.__file__).parent / "axe.min.js"
    address = path.replace("LIFE", str(wronged))
    page = opened(address, width=width, scheme=scheme, ready=path not in UNSCRIPTED)
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    # Of tables with hundreds of rows alike the first ones stand for all.
    page.evaluate("document.querySelectorAll('tr:nth-child(n+6)').forEach(r => r.remove())")
    page.evaluate(source.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    broken = {
        one["id"]: [node["html"][:160] for node in one["nodes"][:3]] for one in found["violations"]
    }
    assert not broken
