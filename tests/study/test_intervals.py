"""Intervals over seeds and ranges over points, against figures worked out by other means."""

from __future__ import annotations

import math
import statistics

import numpy as np
import pytest

from glasscity.study.design import Laid, lay
from glasscity.study.intervals import over_seeds, summary
from glasscity.study.plan import read_study

# Student's t with 4 degrees of freedom exceeds this with chance 0.025 (any printed table).
T_4 = 2.776445


def laid(**axes: object) -> Laid:
    return lay(*read_study({"name": "asked", "axes": axes}))


def test_an_interval_over_seeds_is_students() -> None:
    values = [3.0, 4.0, 6.0, 7.5, 1.0]
    half = T_4 * statistics.stdev(values) / math.sqrt(5)
    found = over_seeds(values)
    assert found["seeds"] == 5
    assert found["estimate"] == pytest.approx(4.3)
    assert found["low"] == pytest.approx(4.3 - half, rel=1e-6)
    assert found["high"] == pytest.approx(4.3 + half, rel=1e-6)


def test_what_cannot_be_estimated_is_none_and_never_zero() -> None:
    nothing = {"seeds": 0, "estimate": None, "low": None, "high": None}
    assert over_seeds([math.nan, math.nan]) == nothing
    assert over_seeds([2.0]) == {"seeds": 1, "estimate": 2.0, "low": None, "high": None}
    assert over_seeds([2.0, math.nan])["seeds"] == 1


def test_differences_are_taken_seed_by_seed() -> None:
    study = laid(regimes=["unscored", "sesame-2015"], seeds={"count": 4})
    first = np.array([[10.0, 20.0, 30.0, 40.0]])
    box = np.stack([first, first + 1.0])
    rows = summary(study, {"breaches": box}, ["breaches"])
    (paired,) = [row for row in rows if row["versus"] == "unscored"]
    assert paired["estimate"] == pytest.approx(1.0)
    assert paired["high"] - paired["low"] == pytest.approx(0.0, abs=1e-12)
    levels = {row["regime"]: row for row in rows if row["versus"] is None}
    assert levels["unscored"]["estimate"] == pytest.approx(25.0)
    assert levels["sesame-2015"]["high"] - levels["sesame-2015"]["low"] > 30


def test_the_matched_set_stands_apart_from_named_vectors_and_from_seeds() -> None:
    study = laid(
        regimes=["unscored", "sesame-2015"],
        vectors={"named": ["proponent", "critic"], "matched": 5},
        seeds={"count": 2},
    )
    effects = np.array([100.0, -100.0, 1.0, 2.0, 3.0, 4.0, -5.0])
    other = np.repeat(effects[:, None], 2, axis=1) + np.array([[0.5, -0.5]])
    box = np.stack([np.zeros((7, 2)), other])
    rows = summary(study, {"breaches": box}, ["breaches"])
    (found,) = [r for r in rows if r["over"] == "matched set" and r["versus"] == "unscored"]
    assert (found["number"], found["seeds"]) == (5, 2)
    assert (found["least"], found["estimate"], found["greatest"]) == (-5.0, 2.0, 4.0)
    assert (found["low"], found["high"]) == tuple(
        pytest.approx(np.quantile([1, 2, 3, 4, -5], q)) for q in (0.05, 0.95)
    )
    assert found["above_zero"] == 4
    (named,) = [r for r in rows if r["over"] == "points" and r["versus"] == "unscored"]
    assert (named["number"], named["least"], named["greatest"]) == (2, -100.0, 100.0)
    assert named["low"] is None
    over_luck = [r for r in rows if r["over"] == "seeds" and r["versus"] == "unscored"]
    assert [r["at"] for r in over_luck[:2]] == ["proponent", "critic"]
    assert len(over_luck) == 7


def test_the_matched_set_is_summarised_at_each_combination_of_the_other_axes() -> None:
    study = laid(vectors={"matched": 3}, strengths={"friends": [0, 1]})
    box = np.arange(6.0).reshape(1, 6, 1)
    rows = [r for r in summary(study, {"breaches": box}, ["breaches"]) if r["over"] != "seeds"]
    assert [(r["at"], r["least"], r["greatest"]) for r in rows] == [
        ("friends 0", 0.0, 4.0),
        ("friends 1", 1.0, 5.0),
    ]
