"""The browser that the other tests of this folder rely on."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser


def test_the_browser_runs_modules_and_shows_a_page_from_disk(chromium, tmp_path):
    page_file = tmp_path / "page.html"
    page_file.write_text(
        "<!doctype html><html lang='en'><title>t</title><p id='p'>before</p>"
        "<script type='module'>document.getElementById('p').textContent = 'after'</script></html>",
        encoding="utf-8",
    )
    page = chromium.new_page()
    try:
        page.goto(page_file.as_uri())
        assert page.text_content("#p") == "after"
    finally:
        page.close()
