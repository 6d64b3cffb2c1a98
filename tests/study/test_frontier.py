"""A whole frontier study on planted worlds."""

from __future__ import annotations

import pytest
from planted import Planted, luck

from glasscity.errors import BadArgument
from glasscity.scenario import Scenario
from glasscity.study.frontier import Sizes, frontier

SCENARIO = Scenario(country="plainland", citizens=1000, months=24, seed=5)
SIZES = Sizes(trials=30, fresh=2, vectors=2, candidates=4)
LEVERS = ("correction", "firewall", "notice", "expiry", "friends")


def formula(scenario):
    """Correction ends errors, the firewall half of the rest at a price; notice does nothing."""
    at = scenario.strengths
    firewall, correction = 1 - 0.5 * at["firewall"], 1 - 0.9 * at["correction"]
    return {
        "denials": 1000,
        "error_share": 0.1 * correction,
        "association_share": 0.1 * firewall * at["friends"],
        "error_denied_share": 0.02 * correction,
        "chilled_of_critics": 0.5,
        "child_months_lost": 50 * firewall,
        "closed_gate_months": 2 * firewall * (1 - 0.2 * at["expiry"]),
        "unwilling_onsets": 900 + 60 * at["firewall"] + luck(scenario, 20),
        "repayment": 0.02,
        "thin_grant_rate": 0.1,
    }


@pytest.fixture(scope="module")
def planted():
    return Planted(formula)


@pytest.fixture(scope="module")
def found(tmp_path_factory, planted):
    folder = tmp_path_factory.mktemp("study") / "frontier"
    return frontier(SCENARIO, folder, sizes=SIZES, names=LEVERS, reduce=0.55, run=planted)


def worth(document, goal, player):
    (row,) = [r for r in document["worth"] if (r["goal"], r["player"]) == (goal, player)]
    return row


def test_the_smallest_set_is_the_planted_one_with_its_planted_cost(found):
    assert [row["levers"] for row in found["smallest"]] == ["expiry + firewall"]
    (row,) = found["smallest"]
    assert (row["size"], row["enough_in_search"], row["enough"], row["worlds"]) == (2, True, 1, 4)
    assert row["left"] == pytest.approx(0.4)
    assert row["onsets_avoided_lost"] == pytest.approx(0.06)
    assert found["sizes_tried"][0] == {"size": 1, "run": 5, "there_are": 5}


def test_what_each_is_worth_is_what_was_planted(found):
    for kind in ("alone", "average"):
        assert worth(found, "wrongful", "correction")[kind] == pytest.approx(-0.9)
        assert worth(found, "onsets_avoided", "firewall")[kind] == pytest.approx(-0.06)
        assert worth(found, "wrongful", "notice")[kind] == 0
    assert worth(found, "children", "firewall")["missing"] == pytest.approx(0.5)
    assert worth(found, "harm", "friends")["alone"] < 0
    assert worth(found, "harm", "friends")["average"] is None


def test_what_comes_first_takes_off_most(found):
    assert [row["player"] for row in found["first"][:2]] == ["correction", "firewall"]
    assert found["first"][0]["among_first"] == 1


def test_a_safeguard_that_changes_nobodys_life_is_said_so(found):
    idle = {row["lever"]: row["why"] for row in found["idle"]}
    assert idle == {"notice": "nobody's life differs in any world"}


def test_the_front_holds_what_costs_nothing_and_no_regime_as_it_stands(found):
    rows = found["front"]
    assert rows[0]["levers"] == "the regime as it stands"
    assert rows[0]["harm"] == 1
    assert rows[0]["dominated"]
    assert (rows[0]["stays_fresh"], rows[0]["stays_matched"]) == (0, 0)
    best = min(rows, key=lambda row: row["harm"])
    assert best["doses"]["correction"] == 1
    assert best["harm"] < 0.6
    assert best["stays_fresh"] == best["stays_matched"] == 1


def test_no_candidate_was_confirmed_with_the_luck_of_the_search(found, tmp_path_factory):
    kinds = [one["kind"] for one in found["worlds_of_confirmation"]]
    assert (kinds.count("fresh"), kinds.count("matched")) == (2, 2)
    trials = {row["levers"] for row in found["trials"]}
    assert {row["levers"] for row in found["front"]} <= trials | {"the regime as it stands"}


def test_the_same_search_asks_for_the_same_worlds(found, planted, tmp_path):
    before = len(planted.worlds)
    again = frontier(SCENARIO, tmp_path / "f", sizes=SIZES, names=LEVERS, reduce=0.55, run=planted)
    assert len(planted.worlds) == before
    assert again["digest"] == found["digest"]
    assert again["trials"] == found["trials"]


@pytest.mark.parametrize(
    ("options", "said"),
    [({"reduce": 1.0}, "reduction"), ({"of": "happiness"}, "happiness")],
)
def test_a_reduction_that_makes_no_sense_is_refused(tmp_path, planted, options, said):
    with pytest.raises(BadArgument, match=said):
        frontier(SCENARIO, tmp_path / "f", run=planted, **options)
    assert not (tmp_path / "f").exists()
