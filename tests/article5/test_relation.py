"""The relation table: what the coders said, checked and never changed; what follows from it."""

from __future__ import annotations

import re

import pytest

from glasscity.errors import BadFile
from glasscity.rights.article5.provenance import Provenance
from glasscity.rights.article5.relation import (
    CODES,
    FOLDER,
    INPUTS,
    READINGS,
    Coding,
    Relation,
    boundary,
    code_book,
    law,
    load_coding,
    relation_table,
)
from glasscity.rights.article5.tables import boundary_table
from glasscity.terms import CAUSES, EVENTS, GATES, SPHERES

TABLE = relation_table()


@pytest.mark.parametrize("coding", [TABLE.first, TABLE.second], ids=["first", "second"])
def test_each_coder_has_answered_every_cell_with_a_code_and_a_short_reason(coding):
    assert coding.missing == ()
    assert len(coding.cells) == len(INPUTS) * len(GATES) == 288
    assert {code for code, _ in coding.cells.values()} <= set(CODES)
    assert all(1 <= len(reason.split()) <= 20 for _, reason in coding.cells.values())
    assert coding.notes


def test_the_coders_are_two():
    assert (TABLE.first.coder, TABLE.second.coder) == ("1", "2")
    reasons = [one.cells["ties_scores", "loan"][1] for one in (TABLE.first, TABLE.second)]
    assert reasons[0] != reasons[1]


def test_the_code_book_names_every_input_and_gate_of_the_table():
    book = code_book()
    rows = re.findall(r"^\| ([a-z_]+) \|", book, re.M)
    assert [row for row in rows if row != "id"] == list(INPUTS)
    columns = book.split("## Gates (columns)")[1].split("## Form")[0]
    assert set(re.findall(r"\b([a-z_]+) \(", columns)) | {"restaurant", "nightclub", "golf"} >= (
        set(GATES) - {"loan", "mortgage"}
    )
    assert "loan, mortgage" in columns


def test_what_is_unrelated_to_both_coders_is_to_either():
    for name in INPUTS:
        for gate in GATES:
            strict, lenient = (TABLE.unrelated(name, gate, reading) for reading in READINGS)
            assert strict or not lenient
            codes = [one.cells[name, gate][0] for one in (TABLE.first, TABLE.second)]
            assert strict == ("unrelated" in codes)
            assert lenient == (codes == ["unrelated", "unrelated"])


def test_kappa_is_what_it_is_by_hand():
    # 2 x unrelated-unrelated, 1 x same-same, 1 x compatible-unrelated.
    pairs = [("unrelated",) * 2, ("unrelated",) * 2, ("same",) * 2, ("compatible", "unrelated")]
    cells = list(zip(((n, "loan") for n in INPUTS), pairs, strict=False))
    codings = [
        Coding(str(k), "", (), {cell: (codes[k], "so") for cell, codes in cells}, ())
        for k in range(2)
    ]
    agreed = Relation(*codings).agreement
    assert (agreed.cells, agreed.equal, agreed.missing) == (4, 3, 284)
    # Three codes: observed 3/4; by chance (2 x 3 + 1 x 1 + 1 x 0) / 16 = 7/16.
    assert agreed.kappa == pytest.approx((12 / 16 - 7 / 16) / (9 / 16))
    # Unrelated or not: observed 3/4; by chance (2 x 3 + 2 x 1) / 16 = 1/2.
    assert agreed.kappa_unrelated == pytest.approx(0.5)


def test_a_cell_that_one_coder_left_out_is_neither_and_is_counted():
    cells = dict(TABLE.second.cells)
    del cells["traffic", "loan"]
    second = Coding("2", "", (), cells, (("traffic", "loan"),))
    table = Relation(TABLE.first, second)
    assert [table.unrelated("traffic", "loan", reading) for reading in READINGS] == [None, None]
    assert table.agreement.missing == 1
    regime = {"record_sources": [{"sees": ["traffic"], "owner": "state"}], "lists": []}
    regime["operator"] = {"weights": {}}
    provenance = Provenance({"regime": regime}, ["commerce"] * len(GATES))
    masks = provenance.masks(table, "strict", "loan", by_score=True, lists=0)
    assert masks.uncoded >> CAUSES.index("elsewhere_slip") & 1


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("  gossip: {loan: [same, x]}", "there is no input 'gossip'"),
        ("  traffic: {lone: [same, x]}", "there is no gate 'lone'"),
        ("  traffic: {loan: [alike, x]}", "'alike' is no code"),
        ("  traffic: {loan: [same]}", "traffic, loan is not a code and a reason"),
        ("  traffic: loan", "the row 'traffic' is no mapping"),
    ],
)
def test_a_coding_with_a_mistake_is_refused_at_its_line(tmp_path, line, said):
    file = tmp_path / "coding.yaml"
    file.write_text(f"coder: 3\ndate: 2026-01-01\ncells:\n{line}\n", encoding="utf-8")
    with pytest.raises(BadFile, match=said) as refused:
        load_coding(file)
    assert refused.value.where.endswith("coding.yaml:4")


def test_every_example_of_the_guidelines_that_has_cells_comes_out_as_it_should():
    rows = {row["name"]: row for row in boundary_table(TABLE).rows}
    assert len(rows) == len(boundary()) >= 10
    tried = [row for row in rows.values() if row["cells"]]
    assert len(tried) >= 8
    assert {row["scope"] for row in tried} == {"in", "out"}
    for row in tried:
        assert row["strict"] is True, row["name"]
        assert row["lenient"] is True, row["name"]
    for row in rows.values():
        if not row["cells"]:
            assert row["strict"] is None
            assert row["note"], row["name"]


def test_an_example_that_the_table_got_wrong_would_be_told():
    wrong = {
        cell: ("same" if cell == ("own_voice", "loan") else code, reason)
        for cell, (code, reason) in TABLE.second.cells.items()
    }
    table = Relation(TABLE.first, Coding("2", "", (), wrong, ()))
    row = next(r for r in boundary_table(table).rows if r["name"] == "lender-social-media")
    assert (row["strict"], row["lenient"]) == (True, False)


def test_examples_and_conditions_name_sources_that_are_there_and_say_how_they_were_read():
    sources = law()["sources"]
    named = {case["source"] for case in boundary()} | {one["source"] for one in law()["conditions"]}
    assert named <= set(sources)
    assert {one["read"] for one in sources.values()} <= {"read", "read-2nd", "unverified"}
    for case in boundary():
        for name, gate in case["cells"]:
            assert (name, gate) in TABLE.first.cells
    assert "not legal advice" in law()["caution"]


def test_the_files_are_part_of_the_catalogue():
    names = {file.name for file in FOLDER.iterdir()}
    assert names == {"codebook.md", "coding-1.yaml", "coding-2.yaml", "law.yaml", "boundary.yaml"}


# A regime that sees credits and traffic; gates of commerce, but for one of the government.
REGIME = {
    "operator": {
        "weights": {"personal_characteristics": {"value": 0}, "behaviour_preference": {"value": 1}}
    },
    "record_sources": [
        {"sees": ["credit_late", "credit_default"], "owner": "creditor"},
        {"sees": ["credit_late"], "owner": "operator"},
        {"sees": ["credit_ignored", "fee_ignored"], "owner": "state"},
        {"sees": ["traffic"], "owner": "state"},
        {"sees": ["train"], "owner": "state"},
    ],
    "lists": [{"name": "court", "sphere": "commerce", "min_gravity": {"value": 5}}],
}
SPHERES_OF_GATES = ["government" if gate == "civil_service" else "commerce" for gate in GATES]


@pytest.mark.parametrize(
    ("cause", "gate", "by_score", "lists", "wanted"),
    [
        ("here_unable", "loan", True, 0, {"credit_payments", "app_payments", "credit_orders"}),
        # By the list alone: only an ignored order lists; but a lender looks at arrears itself.
        ("here_unable", "fast_train", False, 0b10, {"credit_orders"}),
        ("here_unable", "loan", False, 0, {"credit_payments", "app_payments", "credit_orders"}),
        ("elsewhere_unable", "loan", True, 0, {"fee_orders"}),
        ("elsewhere_slip", "loan", True, 0, {"fee_orders", "traffic"}),
        ("elsewhere_unwilling", "loan", True, 0, {"fee_orders", "train_conduct"}),
        ("elsewhere_unwilling", "loan", False, 0, set()),
        ("here_slip", "civil_service", True, 0, {"fee_orders", "traffic"}),
        ("mix_up", "fast_train", False, 0b10, {"credit_orders"}),
        ("profile", "loan", True, 0, {"spending_profile"}),
        ("own_voice", "loan", True, 0, {"own_voice"}),
        ("means_own", "loan", True, 0, None),
        ("favour", "loan", True, 0, None),
    ],
)
def test_behind_a_cause_stands_what_the_regimes_sources_see(cause, gate, by_score, lists, wanted):
    provenance = Provenance({"regime": REGIME}, SPHERES_OF_GATES)
    events = provenance.events(gate, by_score=by_score, lists=lists)
    assert provenance.inputs(cause, gate, events) == wanted


def test_every_event_of_the_model_has_an_input():
    sources = [{"sees": list(EVENTS), "owner": "state"}]
    provenance = Provenance({"regime": {"record_sources": sources}}, SPHERES_OF_GATES)
    assert {row for rows in provenance.seen.values() for row in rows} <= set(INPUTS)
    assert set(provenance.seen) == set(EVENTS)


def test_each_cause_falls_under_exactly_one_heading_at_every_gate():
    provenance = Provenance({"regime": REGIME}, SPHERES_OF_GATES)
    for reading in READINGS:
        for gate in GATES:
            for lists in range(1 << len(SPHERES)):
                masks = provenance.masks(TABLE, reading, gate, by_score=True, lists=lists)
                parts = (masks.unrelated, masks.open, masks.related, masks.uncoded)
                assert sum(parts) == (1 << len(CAUSES)) - 1
