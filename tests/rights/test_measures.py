"""Measures against figures worked out on paper, and by group against the nation."""

from __future__ import annotations

import numpy as np
import pytest
from factory import HOME, SCENARIO, UNSCORED, World, store

from glasscity.errors import NotFound
from glasscity.results import open_run
from glasscity.results.cube import GROUPINGS
from glasscity.rights import MEASURES, measure, measures
from glasscity.rights.causes import GROUPS, DenialCauses, group_masks
from glasscity.rights.grades import grades_of
from glasscity.rights.view import View
from glasscity.terms import CAUSES, GATES

# The names that scripts rely on.
PROMISED = [
    "restricted_share",
    "closed_gate_months",
    "restricted_share_without_rank",
    "restricted_months_per_citizen",
    "listed_stock",
    "listings",
    "exits",
    "wrongly_listed_share",
    "unable_listed_share",
    "applications",
    "denials",
    "spillover_share",
    "association_share",
    "speech_share",
    "error_share",
    "means_share",
    "joint_share",
    "chilled_share",
    "falsified_share",
    "chilled_of_critics",
    "visible_consensus",
    "private_consensus",
    "breaches",
    "unwilling_breaches",
    "child_months_lost",
    "enrolled_share",
    "displays",
    "score_gini",
    "bottom_decile_escape",
    "tie_assortativity",
]

POOR = HOME
RICH = ("South", "rural", "q5", "65+", "supportive")


def scored():
    """Ten people, six poor in the North and four rich in the South, 25 months."""
    world = World(months=25, people=[POOR] * 6 + [RICH] * 4)
    for month in (23, 24):
        world.count("restricted", 3, month=month)
        world.count("closed_value", 65536, month=month)
    world.count("restricted", 1, place=RICH)
    world.count("restricted_without_rank", 2)
    world.count("listed_any", 2)
    world.count("listed_for", 1, cause="unable")
    world.count("listed_for", 1, cause="false_alarm")
    world.count("listed_for", 1, cause="unwilling", place=RICH)
    world.count("listed_for", 1, cause="mix_up", place=RICH)
    world.listing(0, 3, "unwilling")
    world.listing(1, 14, "false_alarm")
    world.listing(6, 14, "unable")
    world.exit(0, 20)
    world.exit(1, 18, way=1)
    world.count("breaches", 2, month=15, event="credit_ignored")
    world.count("breaches", 2, month=15, event="credit_ignored", place=RICH)
    world.count("breaches", 3, month=2, event="train", place=RICH)
    world.count("unwilling_breaches", 1)
    for citizen, klass, causes, lower, upper in (
        (0, "sole", ["elsewhere_unable"], ["spillover"], ["spillover"]),
        (
            1,
            "jointly_necessary",
            ["ties_scores", "own_voice"],
            ["association", "speech"],
            ["association", "speech", "spillover"],
        ),
        (6, "over_determined", ["false_alarm", "means_own"], [], ["error", "means"]),
        (7, "baseline", [], [], []),
    ):
        world.denial(
            citizen,
            "loan",
            klass=klass,
            causes=causes,
            lower=lower,
            upper=upper,
            rule=klass != "baseline",
        )
    world.denial(
        1,
        "restaurant",
        klass="sole",
        causes=["ties_scores"],
        lower=["association"],
        upper=["association"],
        rule=False,
    )
    world.count("applications", 5, gate="loan")
    world.count("chilled", 2)
    world.count("unafraid_criticise", 4)
    world.count("falsified", 1, place=RICH)
    world.count("praise", 3)
    world.count("criticise", 1)
    world.count("private_praise", 1)
    world.count("private_criticise", 3)
    world.count("enrolled", 5)
    world.count("would_say_yes", 6)
    world.count("holds_yes", 4)
    world.count("repaid_listed", 1)
    world.count("exposed_listed", 4)
    world.count("loans_thin", 8)
    world.count("loans_thin_granted", 2)
    world.count("school_children", 2)
    world.count("child_months_lost", 3)
    world.count("appeals", 4)
    world.count("appeals_wrong", 1)
    world.spell(0, 3, 20)
    world.spell(1, 14, None)
    world.spell(7, 5, 8)
    world.scores[:] = np.arange(10) * 10 + 400
    world.scores[24] = world.scores[0]
    world.scores[24, 0] = 800  # the lowest rises to the top
    world.tie_moments[-1] = [2, 8, 20, 12, 4]
    return world


def unscored():
    """The same number of people where nobody is scored."""
    world = World(months=25)
    world.meta |= UNSCORED
    return world


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return open_run(store(tmp_path_factory.mktemp("rights") / "run", scored(), unscored()))


BY_HAND = {
    "restricted_share": 4 / 10,
    "restricted_share_without_rank": 2 / 10,
    "ever_restricted_share": 3 / 10,
    "restricted_months_per_citizen": 7 / 10,
    "closed_gate_months": 2 / 10,
    "spell_median_months": 17,
    "listed_stock": 2 / 10,
    "listings": 3,
    "exits": 2,
    "wrongly_listed_share": 2 / 4,
    "unable_listed_share": 1 / 4,
    "applications": 10,
    "denials": 5,
    "denial_rate": 5 / 10,
    "spillover_share": 1 / 5,
    "association_share": 2 / 5,
    "speech_share": 1 / 5,
    "error_share": 0,
    "means_share": 0,
    "joint_share": 2 / 5,
    "spillover_share_upper": 2 / 5,
    "association_share_upper": 2 / 5,
    "speech_share_upper": 1 / 5,
    "error_share_upper": 1 / 5,
    "means_share_upper": 1 / 5,
    "baseline_share": 1 / 5,
    "regime_denial_share": 3 / 5,
    "chilled_share": 2 / 10,
    "chilled_of_critics": 2 / 4,
    "falsified_share": 1 / 10,
    "visible_consensus": 3 / 4,
    "private_consensus": 1 / 4,
    "list_experiment_gap": 2 / 10,
    "breaches": 7,
    "unwilling_breaches": 1,
    "repayment": 1 / 4,
    "repayment_listed": 1 / 4,
    "thin_grant_rate": 2 / 8,
    "wrong_upheld_share": 1 / 4,
    "error_denied_share": 0,
    "child_months_lost": 3,
    "enrolled_share": 5 / 10,
    "bottom_decile_escape": 1,
    "tie_assortativity": -1,
}


@pytest.mark.parametrize(("name", "expected"), BY_HAND.items())
def test_each_measure_is_what_paper_and_pencil_give(run, name, expected):
    assert measures(run, names=[name])[name] == pytest.approx(expected)


def test_the_gini_is_that_of_the_last_months_scores(run):
    scores = [800, *range(410, 500, 10)]
    plain = np.abs(np.subtract.outer(scores, scores)).mean() / 2 / np.mean(scores)
    assert measures(run)["score_gini"] == pytest.approx(plain)


def test_every_promised_name_is_there_and_defined():
    assert set(PROMISED) <= set(MEASURES)
    for one in MEASURES.values():
        assert one.title
        assert one.definition.endswith(".")
        assert one.section
        assert one.whole or one.denominator


@pytest.mark.parametrize(
    "name",
    [
        "score_gini",
        "bottom_decile_escape",
        "tie_assortativity",
        "displays",
        "child_months_lost",
        "wrongly_listed_share",
        "unable_listed_share",
        "spillover_share",
        "chilled_of_critics",
        "visible_consensus",
        "spell_median_months",
        "reentry_share",
        "repayment_listed",
    ],
)
def test_what_a_run_cannot_support_is_not_estimable_rather_than_zero(run, name):
    assert measures(run.twin, names=[name])[name] is None


@pytest.mark.parametrize(
    "name", ["restricted_share", "listed_stock", "listings", "denials", "enrolled_share"]
)
def test_what_is_truly_absent_is_zero(run, name):
    assert measures(run.twin, names=[name])[name] == 0


COUNTS = [one.name for one in MEASURES.values() if one.whole]


@pytest.mark.parametrize("by", GROUPINGS)
def test_counts_of_groups_add_up_to_the_nation(run, by):
    whole, parts = measures(run), measures(run, by=by)
    for name in COUNTS:
        if whole[name] is None:
            assert {part[name] for part in parts.values()} == {None}
        else:
            assert sum(part[name] or 0 for part in parts.values()) == whole[name]


@pytest.mark.parametrize("by", GROUPINGS)
def test_shares_of_groups_average_to_the_nation_by_their_denominators(run, by):
    whole, parts = measures(run), measures(run, by=by)
    people = dict(zip(parts, View(run, by).citizens, strict=True))
    for name in ("restricted_share", "chilled_share", "listed_stock", "ever_restricted_share"):
        total = sum((parts[group][name] or 0) * people[group] for group in parts)
        assert total / 10 == pytest.approx(whole[name])
    for name in ("spillover_share", "association_share_upper", "joint_share", "baseline_share"):
        total = sum((part[name] or 0) * part["denials"] for part in parts.values())
        assert total / whole["denials"] == pytest.approx(whole[name])


def test_groups_by_hand(run):
    found = measures(run, by="province")
    assert found["North"]["restricted_share"] == pytest.approx(3 / 6)
    assert found["South"]["restricted_share"] == pytest.approx(1 / 4)
    assert found["North"]["association_share"] == pytest.approx(2 / 3)
    assert found["South"]["joint_share"] == pytest.approx(1 / 2)
    assert found["North"]["bottom_decile_escape"] == 1
    assert found["South"]["bottom_decile_escape"] is None
    assert found["North"]["tie_assortativity"] is None
    assert measures(run, by="age")["30-44"]["restricted_share"] is None


@pytest.mark.parametrize("by", [None, *GROUPINGS])
@pytest.mark.parametrize("group", GROUPS)
def test_the_register_and_the_cube_tell_the_same_of_causes(run, by, group):
    view = View(run, by)
    stored = DenialCauses(view)

    class Register(DenialCauses):
        def _from_cube(self, measure, group):
            return None

    plain = Register(view)
    assert np.array_equal(stored.lower(group), plain.lower(group))
    assert np.array_equal(stored.upper(group), plain.upper(group))
    assert (plain.lower(group) <= plain.upper(group)).all()


def test_classes_and_baseline_make_up_all_denials(run):
    causes = DenialCauses(View(run))
    parts = [causes.of_class(k) for k in ("baseline", "sole", "jointly_necessary")]
    every = sum(parts) + causes.of_class("over_determined")
    assert np.array_equal(every, causes.attributed())


def test_where_a_panel_was_attributed_its_own_denials_are_the_denominator(tmp_path):
    world = scored()
    world.count("denials", 95, gate="loan")
    world.meta["attributed"] = 128
    found = measures(open_run(store(tmp_path / "run", world)))
    assert found["denials"] == 100
    assert found["association_share"] == pytest.approx(2 / 5)
    assert found["baseline_share"] == pytest.approx(1 / 5)


def test_what_belongs_to_spillover_depends_on_the_gates_sphere():
    own, ties = 1 << CAUSES.index("own_voice"), 1 << CAUSES.index("ties_voice")
    profile, elsewhere = 1 << CAUSES.index("profile"), 1 << CAUSES.index("elsewhere_slip")
    society, commerce, judiciary = group_masks("spillover", ["society", "commerce", "judiciary"])
    assert all(mask & elsewhere for mask in (society, commerce, judiciary))
    assert not society & (own | ties)
    assert society & profile
    assert commerce & own
    assert commerce & ties
    assert not commerce & profile
    assert judiciary & own
    assert judiciary & profile
    assert len(group_masks("error", ["society"] * len(GATES))) == len(GATES)


def test_an_unknown_measure_or_grouping_is_answered_with_the_nearest(run):
    with pytest.raises(NotFound, match="restricted_share"):
        measure("restrictedshare")
    with pytest.raises(NotFound, match="quintile"):
        measures(run, by="quintiles")


def test_grades_are_read_from_the_scenario():
    assert grades_of(SCENARIO, ["regime.lists"]) == ("A",)
    assert grades_of(SCENARIO, ["behaviour.kappa", "regime", "country.gates.weight"]) == (
        "A",
        "B",
        "C",
        "D",
    )
    assert grades_of(SCENARIO, ["regime.nothing", "seed"]) == ()


@pytest.mark.parametrize("one", MEASURES.values(), ids=lambda one: one.name)
def test_a_measure_hangs_only_on_parts_that_scenarios_have(one):
    from glasscity.behaviour import Behaviour
    from glasscity.country import Country
    from glasscity.regime import Regime

    kinds = {"regime": Regime, "behaviour": Behaviour, "country": Country}
    for path in one.grades_from:
        part, name = path.split(".")[:2]
        assert name in kinds[part].model_fields, path
