"""A regime as text from anybody: checked, changed one number at a time, never a path followed."""

from __future__ import annotations

import pytest

from glasscity.catalogue.shelf import catalogue_names, find
from glasscity.errors import BadArgument, BadFile, NotFound
from glasscity.regime import check_regime, load_regime
from glasscity.regime.text import check_text, copy_of, set_headline
from glasscity.regime.told import in_words

NAMES = catalogue_names("regime")
SCORE = "citizen-score-2020"


@pytest.mark.parametrize("name", NAMES)
def test_a_copy_of_every_regime_is_well_formed_and_claims_no_document(name):
    checked = check_text(copy_of(name))
    assert checked.problems == ()
    assert checked.regime is not None
    assert checked.regime.name == f"my-{name}"
    assert (checked.regime.kind, checked.regime.status) == ("scenario", "provisional")
    shipped = load_regime(name)
    assert [row["value"] for row in checked.regime.rules()] == [
        row["value"] for row in shipped.rules()
    ]


@pytest.mark.parametrize("name", NAMES)
def test_every_headline_can_be_changed_and_nothing_else_changes(name):
    text = copy_of(name)
    for one in check_text(text).headlines:
        changed = set_headline(text, one.name, "2019-09")
        rows = [(h.name, h.value) for h in check_text(changed).headlines]
        expected = [
            (h.name, "2019-09" if h.name == one.name else h.value)
            for h in check_text(text).headlines
        ]
        assert rows == expected
        assert changed.count("\n") == text.count("\n")


def test_a_changed_number_loses_its_source():
    text = set_headline(copy_of(SCORE), "lists.conduct.term", "9")
    checked = check_text(text)
    assert checked.regime is not None
    row = next(r for r in checked.regime.rules() if r["name"] == "lists.conduct.term")
    assert (row["value"], row["grade"], row["source"]) == (9, "D", None)
    assert "6 before" in row["note"]


def test_a_mistake_is_named_with_its_line_and_mended_by_mending_it():
    text = set_headline(copy_of(SCORE), "operator.weights.credit_history", "0.5")
    checked = check_text(text)
    assert checked.regime is None
    (problem,) = checked.problems
    assert "the weights sum to 1.15" in problem.what
    line = int(problem.where.rpartition(":")[2])
    assert "weights:" in text.split("\n")[line - 1]
    mended = set_headline(text, "operator.weights.fulfilment_capacity", "0.1")
    assert check_text(mended).problems == ()


def test_problems_are_those_of_validate(tmp_path):
    text = set_headline(copy_of(SCORE), "lists.conduct.term", "-3")
    path = tmp_path / "regime.yaml"
    path.write_text(text, encoding="utf-8")
    here, there = check_text(text).problems, check_regime(path)
    assert [(p.what, p.allowed, p.mend) for p in here] == [
        (p.what, p.allowed, p.mend) for p in there
    ]


@pytest.mark.parametrize("base", ["../secret.yaml", "/etc/passwd", "./regime.yaml", "nobody", "3"])
def test_what_a_text_extends_is_never_a_path(base, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "regime.yaml").write_text(find("regime", SCORE).read_text("utf-8"), "utf-8")
    checked = check_text(f"name: x\nextends: {base}\n")
    assert checked.regime is None
    assert "in the catalogue" in checked.problems[0].what


@pytest.mark.parametrize(
    "text",
    [
        "",
        "- a\n",
        "a: &x [1]\nb: *x\n",
        "a: !!python/object/apply:os.system ['true']\n",
        "a:\n" + "".join(" " * n + f"b{n}:\n" for n in range(1, 60)),
        "a: 'x\n",
        "\tname: x\n",
        "x" * (2 << 20),
    ],
)
def test_hostile_texts_are_problems_and_nothing_more(text):
    checked = check_text(text)
    assert checked.regime is None
    assert checked.problems


@pytest.mark.parametrize("value", ["", "1, x: 2", "a b", '"', "{}", "x" * 40])
def test_a_value_is_one_word(value):
    with pytest.raises(BadArgument, match="not one number or word"):
        set_headline(copy_of(SCORE), "lists.conduct.term", value)


def test_a_number_that_is_not_there_and_a_text_that_cannot_be_read_are_refused():
    with pytest.raises(NotFound, match=r"lists\.nobody"):
        set_headline(copy_of(SCORE), "lists.nobody.term", "3")
    with pytest.raises(BadFile):
        set_headline("a: [", "lists.conduct.term", "3")


def test_words_have_the_numbers_of_the_rules():
    told = in_words(load_regime(SCORE))
    assert "Scores run from 350 to 950." in told["score"]
    assert any("for 6 months" in one for one in told["lists"])
    assert any("lowest 5 in a hundred" in one for one in told["doors"])
    assert any("from 2020-01" in one for one in told["dates"])
    changed = check_text(set_headline(copy_of(SCORE), "lists.conduct.term", "9")).regime
    assert changed is not None
    assert any("for 9 months" in one for one in in_words(changed)["lists"])
    assert in_words(load_regime("unscored"))["score"] == ["Nobody has a score."]
