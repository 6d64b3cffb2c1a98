"""Regimes: what ships is as the sources say; what contradicts itself is refused at its line."""

# ruff: noqa: E501 - the table of bad regimes quotes lines of the catalogue

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glasscity.catalogue.entry import fingerprint, grade_shares
from glasscity.catalogue.shelf import CATALOGUE, catalogue_names
from glasscity.errors import BadFile, NotFound
from glasscity.regime import (
    Regime,
    check_regime,
    load_regime,
    regime_schema,
    regimes,
)
from glasscity.terms import CATEGORIES, EVENT_SPHERES, EVENTS, EVERYDAY_GATES, GATES, SPHERES

SCORE = (CATALOGUE / "regimes" / "citizen-score-2020.yaml").read_text()
UNSCORED = (CATALOGUE / "regimes" / "unscored.yaml").read_text()
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", catalogue_names("regime"))
def test_a_regime_of_the_catalogue_has_no_problem_and_bears_its_files_name(name: str) -> None:
    assert check_regime(CATALOGUE / "regimes" / f"{name}.yaml") == []
    regime = load_regime(name)
    assert regime.name == name
    assert regime.status in ("provisional", "agreed")
    assert regime.caution
    assert regime is load_regime(name)


def test_the_press_account_is_a_scenario_with_the_weights_that_the_press_gave() -> None:
    regime = load_regime("citizen-score-2020")
    assert regime.operator is not None
    assert regime.operator.range.value == (350, 950)
    weights = {name: float(weight) for name, weight in regime.operator.weights.items()}
    assert weights == dict(zip(CATEGORIES, (0.35, 0.25, 0.15, 0.2, 0.05), strict=True))
    assert "scenario" in regime.caution
    assert "never" in regime.caution
    wanted = {f"A{row}" for row in range(1, 28)}
    assert set(regime.rows) == {*wanted, "B10"}


def test_the_press_account_closes_every_gate_it_names_and_no_flight_by_score() -> None:
    regime = load_regime("citizen-score-2020")
    ruled = {gate for gate in GATES if regime.gate_rule(gate).rule != "none"}
    assert set(GATES) - ruled == {"flight", "fast_train"}
    assert {one.sphere for one in regime.lists} == set(SPHERES)
    joint = regime.joint_punishment
    assert joint is not None
    assert joint.everywhere.value is True
    assert joint.from_month.value == "2016-09"


def test_every_event_is_seen_by_a_source_of_the_citizen_score() -> None:
    regime = load_regime("citizen-score-2020")
    seen = {event for source in regime.record_sources for event in source.sees}
    assert seen == set(EVENTS)
    own = [source for source in regime.record_sources if source.name != "court"]
    for source in own:
        spheres = {EVENT_SPHERES[EVENTS.index(event)] for event in source.sees}
        assert source.sphere in spheres


def test_error_rates_of_sources_stay_in_their_common_range() -> None:
    for name in catalogue_names("regime"):
        for source in load_regime(name).record_sources:
            assert 0.01 <= float(source.miss) <= 0.2
            assert 1e-6 <= float(source.false_alarm) <= 1e-4
            assert 0.0005 <= float(source.mix_up) <= 0.03
            assert 3 <= float(source.corrected_months) <= 24


def test_the_unscored_world_has_creditors_and_courts_and_nothing_else() -> None:
    regime = load_regime("unscored")
    assert (regime.operator, regime.rollout, regime.joint_punishment) == (None, None, None)
    assert (regime.lists, regime.gates) == ((), {})
    assert [one.name for one in regime.record_sources] == ["creditor", "court"]


def test_the_credit_bureau_uses_payments_for_lending_alone() -> None:
    regime = load_regime("credit-bureau")
    assert regime.operator is not None
    used = [name for name, weight in regime.operator.weights.items() if float(weight) > 0]
    assert used == ["credit_history", "fulfilment_capacity"]
    assert set(regime.gates) == {"loan", "mortgage"}
    assert not set(regime.gates) & set(EVERYDAY_GATES)
    assert regime.lists == ()


def test_every_value_has_unit_grade_and_source_or_reason() -> None:
    for name in catalogue_names("regime"):
        regime = load_regime(name)
        for row in regime.rules():
            assert row["unit"]
            assert row["grade"] in "ABCD"
            assert row["source"] in regime.sources if row["grade"] != "D" else row["note"]
        assert sum(grade_shares(regime).values()) == pytest.approx(1)
    names = [row["name"] for row in load_regime("citizen-score-2020").rules()]
    assert "operator.weights.credit_history" in names
    assert "record_sources.court.miss" in names
    assert "lists.judgment-defaulters.term" in names
    assert "joint_punishment.from" in names
    assert len(set(names)) == len(names)


def test_the_catalogue_lists_its_regimes() -> None:
    rows = {row["name"]: row for row in regimes()}
    assert {"citizen-score-2020", "credit-bureau", "unscored"} < set(rows)
    assert "opinions-2016" in rows["citizen-score-2020"]["sources"]
    assert all(set(row) == {"name", "title", "kind", "status", "sources"} for row in rows.values())


def changed(old: str, new: str, text: str = SCORE) -> str:
    assert text.count(old) == 1, (text.count(old), old)
    return text.replace(old, new)


LISTS = SCORE.partition("\nlists:\n")[2].partition("\n# Trust broken")[0]

# What is changed, the key it must be reported at, and a part of the message.
BAD_REGIMES: dict[str, tuple[Callable[[], str], str, str]] = {
    "unknown gate": (
        lambda: changed("  fast_train:\n", "  rail_hi_speed:\n"),
        "  rail_hi_speed:",
        "gate 'rail_hi_speed' is not declared. Allowed: internet_speed, restaurant",
    ),
    "nearly a gate": (
        lambda: changed("  mortgage:\n", "  mortage:\n"),
        "  mortage:",
        "did you mean 'mortgage'?",
    ),
    "unknown gate of a list": (
        lambda: changed("conduct: [journalism, ", "conduct: [jornalism, "),
        "conduct: [jorn",
        "gate 'jornalism' is not declared",
    ),
    "weights": (
        lambda: changed("\n    credit_history: {value: 0.35,", "\n    credit_history: {value: 0.45,"),
        "  weights:",
        "the weights sum to 1.1",
    ),
    "no weight": (
        # The national operator stands first.
        lambda: SCORE.replace(
            next(line for line in SCORE.splitlines(True) if "relationships: {" in line), "", 1
        ),
        "  weights:",
        "category 'relationships' is missing",
    ),
    "list without an exit": (
        lambda: SCORE.replace("exits: [performance, appeal]", "exits: []", 1),
        "    exits: []",
        "list 'judgment-defaulters' has no exit. Allowed: performance, appeal, expiry",
    ),
    "no term and only expiry": (
        lambda: SCORE.replace("exits: [performance, appeal]", "exits: [expiry]", 1),
        "    exits: [expiry]",
        "has no term, so nobody leaves it by expiry",
    ),
    "term without expiry": (
        lambda: SCORE.replace("exits: [expiry, appeal]", "exits: [appeal]", 1),
        "    exits: [appeal]",
        "has a term but not the exit expiry",
    ),
    "performing conduct": (
        lambda: SCORE.replace("exits: [expiry, appeal]", "exits: [expiry, performance]", 1),
        "    exits: [expiry, performance]",
        "nothing is left to perform",
    ),
    "two lists of a sphere": (
        lambda: SCORE.replace("    sphere: government\n    reason: The same", "    sphere: commerce\n    reason: The same"),
        "    sphere: commerce\n    reason: The same",
        "the sphere 'commerce' has the list 'judgment-defaulters' already",
    ),
    "unknown sphere": (
        lambda: SCORE.replace("    sphere: judiciary\n    reason: Obst", "    sphere: military\n    reason: Obst"),
        "    sphere: military",
        "sphere 'military' is not declared. Allowed: government, commerce, society, judiciary",
    ),
    "unknown event": (
        lambda: changed("sees: [traffic]", "sees: [trafic]"),
        "    sees: [trafic]",
        "event 'trafic' is not declared",
    ),
    "what no stage does": (
        lambda: changed("unscored_refused: {value: false", "unscored_refused: {value: true"),
        "  unscored_refused: ",
        "not modelled yet",
    ),
    "unknown list in the matrix": (
        lambda: changed("    contempt: [restaurant", "    contemp: [restaurant"),
        "    contemp: [restaurant",
        "list 'contemp' is not declared",
    ),
    "threshold outside the range": (
        lambda: changed(
            "  job:\n    rule: threshold\n    percentile: {value: 5, unit: percentile of the first scored month",
            "  job:\n    rule: threshold\n    threshold: {value: 1000, unit: points",
        ).replace("grade: D, low: 1, high: 20, note: \"Not hired", "grade: D, low: 1, high: 2000, note: \"Not hired"),
        "    threshold: {value: 1000",
        "the threshold 1000 is outside the operator's range. Allowed: 350 to 950",
    ),
    "percentile outside the range": (
        lambda: changed('percentile: {value: 2, unit: percentile of the first scored month, grade: D, low: 1, high: 20, note: "The gravest', 'percentile: {value: 200, unit: percentile of the first scored month, grade: D, low: 1, high: 200, note: "The gravest'),
        "    percentile: {value: 200",
        "value 200 is outside its range. Allowed: 0.01 to 99.99",
    ),
    "rule without a cut-off": (
        lambda: changed("  flight:\n    rule: none", "  flight:\n    rule: rank"),
        "  flight:",
        "the rule 'rank' has no single cut-off",
    ),
    "unknown rule": (
        lambda: changed("  flight:\n    rule: none", "  flight:\n    rule: ranks"),
        "    rule: ranks",
        "'ranks' is not a choice here",
    ),
    "a score without a scorer": (
        lambda: UNSCORED + "\ngates:\n  loan: {rule: rank, percentile: {value: 5, unit: percentile, grade: D, low: 1, high: 9, note: x}}\n",
        "  loan: {rule",
        "needs a score, and this regime has no operator",
    ),
    "unknown source": (
        lambda: SCORE.replace("source: opinions-2016", "source: opinions-2061"),
        "  from: {value: 2016-09",
        "source 'opinions-2061' is not declared",
    ),
    "grade above its source": (
        lambda: SCORE.replace("grade: C, source: sesame-launch-2015, reading: \"350", "grade: A, source: sesame-weights, reading: \"350"),
        "  range: {value",
        "grade A stands on the source 'sesame-weights', which is read-2nd",
    ),
    "unknown row": (
        lambda: changed("rows: [A1, ", "rows: [A99, "),
        "rows: [A99",
        "mission row 'A99' is not declared",
    ),
    "assumption without its ends": (
        lambda: changed('grade: D, low: 0.02, high: 0.1, note: "1/24: half', 'grade: D, note: "1/24: half'),
        "  memory_history:",
        "an assumed number (grade D) has no low and high",
    ),
    "mandate before the opt-in": (
        lambda: changed("mandate: {value: 2020-01", "mandate: {value: 2014-12"),
        "  mandate: {value: 2014-12",
        "mandate comes before opt_in_from",
    ),
    "impossible month": (
        lambda: changed("opt_in_from: {value: 2015-01", "opt_in_from: {value: 2015-13"),
        "  opt_in_from: {value: 2015-13",
        "'2015-13' is not a month. Allowed: YYYY-MM, 1900-01 to 2200-12",
    ),
    "impossible start": (
        lambda: changed('start: "2014-06"', 'start: "2014-00"'),
        'start: "2014-00"',
        "'2014-00' is not a month",
    ),
    "adoption above one": (
        lambda: changed("q: {value: 0.035, unit: chance a month, grade: D, low: 0.01, high: 0.3", "q: {value: 1, unit: chance a month, grade: D, low: 0.03, high: 1"),
        "  q: {value: 1,",
        "p and q sum to more than 1",
    ),
    "a first operator with a slow rhythm": (
        lambda: changed("every: {value: 1, unit: months", "every: {value: 2, unit: months"),
        "    every: {value: 2",
        "until the mandate people have the first operator's score, made every month",
    ),
    "a perk that pays nowhere": (
        lambda: changed("    gate: rental\n    threshold: {value: 650", "    threshold: {value: 650"),
        "  - name: no-deposit",
        "a perk with a gain names no gate",
    ),
    "a dating site that looks at no score": (
        lambda: UNSCORED + "\nexposure: {value: 1, unit: logits a spread, grade: D, low: 0, high: 3, note: x}\n",
        "exposure: {value",
        "exposure needs a score, and this regime has no operator",
    ),
    "officials without a score": (
        lambda: UNSCORED + "\nofficials:\n  - {group: public, points: {value: 10, unit: points, grade: D, low: 0, high: 20, note: x}}\n",
        "officials:",
        "officials move scores, and this regime has no operator",
    ),
    "unknown key": (
        lambda: changed("visibility: {", "visiblity: {"),
        "visiblity: {",
        "not a known key here",
    ),
    "a name that is no name": (
        lambda: changed("name: citizen-score-2020", "name: ../../etc"),
        "name: ../../etc",
        "does not have the right form",
    ),
    "bare number": (
        lambda: changed("miss: {value: 0.02,", "miss: 0.02 #"),
        "    miss: 0.02",
        "'0.02' is not a mapping. Allowed: a mapping such as {value: 1, unit: share",
    ),
    "no list": (
        lambda: changed("sees: [traffic]", "sees: traffic"),
        "    sees: traffic",
        "'traffic' is not a list",
    ),
    "wrong kind": (
        lambda: changed("miss: {value: 0.02,", "miss: {value: {a: 1},"),
        "    miss: {value: {a: 1}",
        "this is of the wrong kind",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD_REGIMES)
def test_a_regime_that_contradicts_itself_is_refused_at_its_line(case: str, tmp_path: Path) -> None:
    make, key, expected = BAD_REGIMES[case]
    text = make()
    line = text[: text.index(key)].count("\n") + 1
    file = tmp_path / "mine.yaml"
    file.write_text(text)
    problems = [one for one in check_regime(file) if expected in str(one)]
    assert problems, [str(one) for one in check_regime(file)]
    assert problems[0].where == f"{file}:{line}"
    assert "\n" not in str(problems[0])
    with pytest.raises(BadFile):
        load_regime(file)


def test_all_problems_are_told_in_the_order_of_lines(tmp_path: Path) -> None:
    text = changed("rows: [A1, ", "rows: [A99, ")
    text = changed(
        "\n    credit_history: {value: 0.35,", "\n    credit_history: {value: 0.45,", text
    )
    text = changed("  mortgage:\n", "  mortage:\n", text)
    file = tmp_path / "mine.yaml"
    file.write_text(text)
    problems = check_regime(file)
    lines = [int(one.where.rpartition(":")[2]) for one in problems]
    assert len(problems) == 3
    assert lines == sorted(lines)


def test_an_unknown_regime_is_refused_with_the_nearest_and_all_names() -> None:
    with pytest.raises(NotFound) as caught:
        load_regime("citizen-scor-2020")
    message = str(caught.value)
    assert "did you mean 'citizen-score-2020'?" in message
    assert "credit-bureau" in message
    with pytest.raises(NotFound):
        check_regime("")


def test_a_file_may_bring_its_own_sources(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    own = (
        "sources:\n  my-page:\n    title: A page\n    publisher: Me\n    date: '2020'\n"
        "    read: read\n"
    )
    file.write_text(SCORE.replace("source: opinions-2016", "source: my-page") + own)
    regime = load_regime(file)
    assert regime.sources["my-page"].publisher == "Me"


def test_layout_does_not_move_the_fingerprint_and_a_value_does(tmp_path: Path) -> None:
    shipped = fingerprint(load_regime("citizen-score-2020"))
    file = tmp_path / "mine.yaml"
    file.write_text("# a comment\n\n" + SCORE)
    assert fingerprint(load_regime(file)) == shipped
    file.write_text(changed("term: {value: 6,", "term: {value: 7,"))
    assert fingerprint(load_regime(file)) != shipped


def test_a_regime_survives_its_own_json() -> None:
    for name in catalogue_names("regime"):
        regime = load_regime(name)
        text = json.dumps(regime.model_dump(mode="json", by_alias=True))
        assert Regime.model_validate(json.loads(text)) == regime


def test_the_schema_in_the_documents_is_current() -> None:
    file = ROOT / "docs" / "schema" / "regime.schema.json"
    current = json.dumps(regime_schema(), indent=2, ensure_ascii=False) + "\n"
    assert file.read_text() == current, "write it anew with: python tools/write_schema.py"


def test_the_schema_knows_the_gates() -> None:
    text = json.dumps(regime_schema())
    assert '"fast_train"' in text
    assert '"from"' in text
    assert '"from_month"' not in text


ODD = ("", "{}", "[]", "null", "-1", "1e300", "x", "{value: 1}", "[[1]]", "true", "'", "2014-06")


@settings(max_examples=120, deadline=None)
@given(st.integers(0, SCORE.count("\n") - 1), st.sampled_from(ODD), st.booleans())
def test_a_line_broken_anyhow_raises_nothing_but_bad_file(
    tmp_path_factory: pytest.TempPathFactory, line: int, odd: str, drop: bool
) -> None:
    lines = SCORE.splitlines()
    key, colon, _ = lines[line].partition(":")
    lines[line] = "" if drop else f"{key}{colon} {odd}"
    file = tmp_path_factory.mktemp("broken") / "mine.yaml"
    file.write_text("\n".join(lines))
    problems = check_regime(file)
    assert all("\n" not in str(one) and one.where.startswith(str(file)) for one in problems)
    if problems:
        with pytest.raises(BadFile):
            load_regime(file)
    else:
        assert load_regime(file).operator is not None or drop


POINTS = (
    Path(__file__).parents[2] / "src/glasscity/catalogue/regimes/rongcheng-2014.yaml"
).read_text()

BAD_MAPPING = {
    "an event that the scheme leaves alone": ("event: traffic, source", "event: train, source", "'train', of which the scheme says nothing"),
    "a deed that does not exist": ("deed: heroism", "deed: heroics", "deed 'heroics' is not declared"),
    "an event and a deed": ("deed: heroism", "deed: heroism, event: traffic", "about an event or a deed"),
    "points that the scheme does not take": (
        "points: -20, event: fee_late",
        "points: -30, event: fee_late",
        "-30 points, and the scheme 20 (20 to 20)",
    ),
    "no source": ("points: 30, deed: heroism, source: rongcheng-2018", "points: 30, deed: heroism, source: nobody", "source 'nobody' is not declared"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD_MAPPING)
def test_a_mapping_that_the_scheme_does_not_bear_out_is_refused(case: str, tmp_path: Path) -> None:
    old, new, message = BAD_MAPPING[case]
    file = tmp_path / "mine.yaml"
    file.write_text(changed(old, new, POINTS))
    problems = check_regime(file)
    assert any(message in str(one) for one in problems), problems


def test_a_mapping_without_a_points_scheme_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    rule = "mapping:\n  - {rule: A ticket, points: -5, source: press-2017}\n"
    file.write_text(SCORE + rule)
    assert "a mapping goes with a points scheme" in str(check_regime(file)[0])


def test_every_regime_says_what_it_is_and_what_it_leaves_out() -> None:
    for row in regimes():
        regime = load_regime(row["name"])
        assert regime.kind != "scenario", regime.name
        assert regime.not_modelled, regime.name
