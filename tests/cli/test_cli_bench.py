"""`glasscity bench` measures what it says it does."""

from __future__ import annotations

import pytest
from terminal import glasscity

from glasscity.cli import bench


def test_each_size_and_number_of_threads_has_a_row_with_its_bound():
    ended = glasscity("bench", "--citizens", "300,400", "--months", "1", "--threads", "2", "--json")
    assert ended.code == 0
    rows = ended.json
    assert [(row["citizens"], row["threads"]) for row in rows] == [
        (300, 1),
        (300, 2),
        (400, 1),
        (400, 2),
    ]
    for row in rows:
        assert row["case"] == "month"
        assert row["citizen_months_per_second"] > 0
        assert row["bound"] > 0
        assert row["ratio"] == pytest.approx(
            row["bound_processor_ns_per_citizen_month"] / row["processor_ns_per_citizen_month"]
        )


def test_a_rate_is_the_other_way_round_of_the_time_a_citizen_takes():
    found = {"regime": "r", "citizens": 10, "threads": 1, "month_wall_ns": 100.0}
    found |= {"bound_wall_ns": 50.0, "month_cpu_ns": 80.0, "bound_cpu_ns": 20.0}
    row = bench._row(found)
    assert (row["citizen_months_per_second"], row["bound"]) == (10_000_000, 20_000_000)
    assert row["ratio"] == 0.25


@pytest.mark.parametrize(
    "words",
    [
        ("--months", "0"),
        ("--months", "x"),
        ("--citizens", "0"),
        ("--citizens", "1e4,,"),
        ("--threads", "0"),
    ],
)
def test_what_cannot_be_measured_is_one_plain_line(words):
    ended = glasscity("bench", *words)
    assert ended.code == 2
    assert ended.out == ""
    assert ended.last.startswith("error: ")
