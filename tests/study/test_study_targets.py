"""Targets are data: what the catalogue's file may say, and what agreement means."""

from __future__ import annotations

import pytest

from glasscity.errors import BadFile
from glasscity.study.quantities import QUANTITIES
from glasscity.study.targets import TARGETS_FILE, load_targets, targets_hash

TEXT = TARGETS_FILE.read_text(encoding="utf-8")


def changed(tmp_path, old: str, new: str):
    assert old in TEXT
    file = tmp_path / "targets.yaml"
    file.write_text(TEXT.replace(old, new, 1), encoding="utf-8")
    return file


def test_every_quantity_that_can_be_measured_is_told_somewhere():
    assert {one.quantity for one in load_targets()} == set(QUANTITIES)


def test_what_is_predicted_has_neither_target_nor_part_in_the_matching():
    columns = {"society": 0, "exposure": 0, "predicted": 0}
    for one in load_targets():
        columns[one.column] += 1
        assert (one.low is None) == (one.column == "predicted")
        assert not (one.matched and one.column == "predicted")
        assert not one.matched or one.binds
    assert min(columns.values()) >= 4


def test_a_value_agrees_up_to_the_tolerance_and_its_error_is_what_lies_outside():
    arrears = next(one for one in load_targets() if one.quantity == "arrears_90_days")
    assert (arrears.low, arrears.high, arrears.tolerance) == (0.013, 0.016, 0.002)
    assert arrears.error(0.014) == 0
    assert arrears.error(0.012) == pytest.approx(-0.001)
    assert arrears.error(0.02) == pytest.approx(0.004)
    for value, fits in ((0.018, True), (0.011, True), (0.0181, False), (0.0109, False)):
        assert arrears.within(value) == fits


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("quantity: unemployment", "quantity: unemploymnt", "unemployment"),
        ("low: 0.05\n", "low: 0.06\n", "low <= high"),
        ("source: unemployment-2023", "source: nowhere-2023", "lacks its evidence"),
        ("lists: [judgment-defaulters, ", "lists: [judgement-defaulters, ", "not declared"),
        ("until: 2016-08", "until: 2012-08", "before 'citizen-score-2020' begins"),
        ("until: 2021-05", "until: 2021-13", "is not a month"),
        ("tolerance: 0.004", "tolerance: -0.004", "tolerance"),
        ("quantity: arrears_90_days", "quantity: unemployment", "stands twice"),
        ("column: predicted\n", "column: predicted\n    low: 0\n", "has a target"),
        ("matched: true", "matchd: true", "not a known key"),
    ],
)  # fmt: skip
def test_a_bad_file_is_refused_with_the_line_and_the_mend(tmp_path, old, new, said):
    file = changed(tmp_path, old, new)
    with pytest.raises(BadFile) as refused:
        load_targets(file)
    assert said in str(refused.value)
    assert str(file) in str(refused.value)


def test_an_unknown_regime_is_refused(tmp_path):
    with pytest.raises(Exception, match="defaulter"):
        load_targets(changed(tmp_path, "regime: unscored", "regime: defaulter"))


def test_the_hash_follows_the_numbers_that_vectors_are_matched_to_and_nothing_else(tmp_path):
    here = targets_hash(load_targets())
    elsewhere = load_targets(changed(tmp_path, "title: Out of work", "title: Without work"))
    assert targets_hash(elsewhere) == here
    told = load_targets(changed(tmp_path, "low: 0.94\n", "low: 0.93\n"))
    assert targets_hash(told) == here
    moved = load_targets(changed(tmp_path, "tolerance: 0.015", "tolerance: 0.016"))
    assert targets_hash(moved) != here
