"""The report of a study: regimes against the first, over seeds and over the set, named apart."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
from report_reader import Reader

from glasscity.report.study_facts import Answer


@pytest.fixture(scope="module")
def text(small_study):
    return (small_study.folder / "report.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def data(small_study):
    return json.loads((small_study.folder / "report.json").read_text(encoding="utf-8"))


def said(text):
    return re.findall(
        r'<data class="number" data-figure="(\w+)" data-regime="([\w-]+)" data-field="(\w+)" '
        r'value="([^"]+)">',
        text,
    )


def test_every_number_of_a_sentence_follows_from_the_dataset(text, small_study):
    dataset = small_study.dataset
    first = small_study.about["regimes"][0]
    checked = set()
    for name, regime, field, value in said(text):
        box = dataset[name]
        own = box.sel(regime=regime).values
        gaps = own - box.sel(regime=first).values
        means = np.nanmean(gaps, axis=1)
        again = {
            "value": np.nanmean(own[0]),
            "base": np.nanmean(box.sel(regime=first).values[0]),
            "difference": means[0],
            "least": np.nanmin(means),
            "greatest": np.nanmax(means),
        }
        if field in again:
            assert float(value) == pytest.approx(again[field], abs=1e-12), (name, field)
            checked.add(field)
    assert checked == {"value", "base", "difference", "least", "greatest"}


def test_an_interval_over_seeds_is_students(text, small_study):
    from scipy.stats import t

    first = small_study.about["regimes"][0]
    ends = {(n, r, f): float(v) for n, r, f, v in said(text) if f in ("low", "high")}
    assert ends
    for (name, regime, field), value in ends.items():
        box = small_study.dataset[name]
        gaps = (box.sel(regime=regime) - box.sel(regime=first)).values[0]
        half = t.ppf(0.975, len(gaps) - 1) * gaps.std(ddof=1) / len(gaps) ** 0.5
        sign = -1 if field == "low" else 1
        assert value == pytest.approx(gaps.mean() + sign * half, abs=1e-12)


def test_every_row_of_the_data_is_one_of_the_summary(data, small_study):
    known = {
        (row["measure"], row["regime"], row["versus"] or "", row["estimate"], row["low"])
        for row in small_study.summary
        if row["over"] == "seeds"
    }
    for row in data["figures"]:
        key = (row["name"], row["regime"], row["versus"], row["estimate"], row["low"])
        assert key in known
        about = data["definitions"][row["name"]]
        assert about["definition"]
        assert about["unit"]


def test_tables_show_what_the_data_hold(text, data):
    shown = next(one for one in Reader(text).tables if one["data-table"] == "figures")
    assert len(shown["rows"]) == len(data["figures"])
    for row, cells in zip(data["figures"], shown["rows"], strict=True):
        for column, cell in zip(shown["columns"], cells, strict=True):
            if isinstance(row[column], int | float):
                assert float(cell) == pytest.approx(row[column], rel=1e-7)


def test_seeds_and_points_are_named_apart(text):
    assert "over 3 seeds" in text
    assert "points of the study" in text


def row(estimate=1.0, low=0.5, high=1.5, **more):
    return {"estimate": estimate, "low": low, "high": high, **more}


def over(least, greatest, above, number=8):
    return {"least": least, "greatest": greatest, "above_zero": above, "number": number}


@pytest.mark.parametrize(
    ("seeds", "over", "verdict"),
    [
        (row(), over(0.2, 3.0, 8), "robust"),
        (row(-1.0, -1.5, -0.5), over(-3.0, -0.1, 0), "robust"),
        (row(), over(-2.0, 3.0, 3), "conditional"),
        (row(), over(-0.2, 3.0, 7), "mixed"),
        (row(low=-0.5), over(0.1, 3.0, 8), "chance"),
        (row(0.1, -0.9, 1.1), over(-0.4, 0.3, 4), "chance"),
        (row(low=None, high=None), None, "chance"),
        (row(), None, "seeds"),
        (row(estimate=None), None, "unknown"),
        (None, None, "unknown"),
    ],
)
def test_no_interval_no_claim_and_no_sign_that_the_set_does_not_share(seeds, over, verdict):
    assert Answer("breaches", "x", None, None, seeds, over).verdict == verdict


def test_headings_names_and_links_are_in_order(text):
    read = Reader(text)
    assert read.headings.count(1) == 1
    assert all(b <= a + 1 for a, b in zip(read.headings, read.headings[1:], strict=False))
    names = [one["id"] for tag in read.tags.values() for one in tag if "id" in one]
    assert len(names) == len(set(names))
    assert {one["href"][1:] for one in read.tags["a"]} <= set(names)
