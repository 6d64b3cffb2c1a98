"""History matching where the truth is known, and a search that goes on where it stopped."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from glasscity.behaviour import load_behaviour
from glasscity.country import load_country
from glasscity.errors import CannotFit, Interrupted, OutputExists
from glasscity.study import extremes, matching
from glasscity.study.extremes import REFIT, STANCE, extreme
from glasscity.study.matching import CUT_OFF, Search, match
from glasscity.study.stored import narrowing
from glasscity.study.targets import load_targets
from glasscity.study.tried import Tried, Tries
from glasscity.study.vectors import Free, ranges

LUCK = 0.02


def silent(*_):
    return None


def planted(name: str, quantity: str, middle: float, half_width: float):
    """Return a target with a wanted value of a made-up quantity."""
    return SimpleNamespace(
        quantity=quantity,
        middle=middle,
        half_width=half_width,
        within=lambda value: abs(value - middle) <= half_width,
    )


class Made:
    """Stands for the folder of tried vectors: quantities are functions of the parameters."""

    def __init__(self, functions, luck=LUCK):
        self.functions, self.luck, self.ran = functions, luck, []

    def run(self, trials, show):
        results = []
        for one in trials:
            self.ran.append(one)
            rng = np.random.default_rng([one.seed % 2**32, one.index])
            if one.values.get("broken", 0.0) > 0.97:
                results.append(Tried(one, None, "broken"))
                continue
            at = {**self.base, **one.values}
            spread = self.luck / np.sqrt(one.citizens / 1000)
            results.append(
                Tried(
                    one,
                    {
                        k: f(at) * float(np.exp(spread * rng.normal()))
                        for k, f in self.functions.items()
                    },
                )
            )
        return results

    base: dict[str, float]


@pytest.fixture(scope="module")
def searched():
    names = ["a", "b", "c", "idle", "broken"]
    free = tuple(Free(name, 0.0, 1.0, False) for name in names)
    functions = {
        "one": lambda v: 0.05 * np.exp(1.5 * v["a"] - v["b"]),
        "two": lambda v: 0.2 + v["c"] * (0.5 + v["a"]),
    }
    targets = (planted("x", "one", 0.06, 0.01), planted("x", "two", 0.6, 0.1))
    search = Search(free, targets, 1000, 8, 80)
    tries = Made(functions)
    tries.base = dict.fromkeys(names, 0.5)
    return search, tries, match(search, tries, silent), functions


def test_a_hundred_vectors_are_found_and_each_agrees_in_truth(searched):
    search, _, found, functions = searched
    assert len(found.confirmed) >= matching.WANTED
    assert len(found.waves) < matching.MOST_WAVES
    for first, second in found.confirmed:
        assert first.trial.values == second.trial.values
        for one in search.targets:
            truth = functions[one.quantity](first.trial.values)
            # Three times the luck, beyond the tolerance.
            assert abs(truth - one.middle) < one.half_width + 4 * LUCK * one.middle


def test_a_vector_is_confirmed_with_another_seed_and_more_citizens(searched):
    search, tries, found, _ = searched
    seeds = [one.seed for one in tries.ran]
    assert len(set(seeds)) == len(seeds)
    for first, second in found.confirmed:
        assert second.trial.citizens == 2 * first.trial.citizens == 2 * search.citizens


def test_vectors_that_fail_are_data_and_stop_nothing(searched):
    _, _, found, _ = searched
    assert sum(wave["failed"] for wave in found.waves) >= 1
    assert all(wave["tried"] == 80 for wave in found.waves)


def test_each_wave_looks_where_the_one_before_left_room(searched):
    _, _, found, _ = searched
    shares = [wave["agreed"] / wave["tried"] for wave in found.waves]
    assert found.waves[0]["open"] == 1
    assert found.waves[1]["open"] < 0.5
    assert shares[-1] > 2 * shares[0]


def test_what_agrees_is_not_ruled_out_by_the_emulators(searched):
    search, _, found, functions = searched
    rng = np.random.default_rng(3)
    places = rng.uniform(size=(4000, 5))
    true = np.array(
        [
            all(one.within(functions[one.quantity](v)) for one in search.targets)
            for v in search.values(places)
        ]
    )
    assert 100 < true.sum() < 2000
    kept = search.emulated(places, found.emulators) <= CUT_OFF
    assert kept[true].mean() > 0.98
    assert kept[~true].mean() < 0.5
    rough = search.emulated(places, found.emulators, rough=True) <= CUT_OFF
    assert (rough | ~kept).all()


def test_the_set_narrows_what_the_targets_hang_on_and_leaves_the_rest_open(searched):
    search, _, found, _ = searched
    rows = {
        row["parameter"]: row
        for row in narrowing(search.free, [second.trial.values for _, second in found.confirmed])
    }
    assert rows["c"]["narrowed"]
    assert not rows["idle"]["narrowed"]
    assert rows["idle"]["left"] > 0.85 > rows["c"]["left"]


def test_a_third_of_the_half_width_is_one_deviation():
    target = planted("x", "one", 1.0, 0.3)
    search = Search((), (target,), 1000, 1, 2)
    sure = {"one": (1.0, 0.0)}
    assert search.implausibility({"one": 1.3}, sure) == pytest.approx(3)
    assert search.implausibility({"one": 0.9}, sure) == pytest.approx(1)
    unsure = {"one": (1.0, 0.01)}
    assert search.implausibility({"one": 1.0 + 0.3}, unsure) < 3
    # More citizens, less luck.
    worse = search.implausibility({"one": 1.25}, unsure, times=4)
    assert worse > search.implausibility({"one": 1.25}, unsure)


def test_targets_that_cannot_be_met_together_are_said_to_be_so():
    free = (Free("a", 0.0, 1.0, False),)
    both = (planted("x", "one", 0.1, 0.02), planted("x", "two", 0.9, 0.02))
    tries = Made({"one": lambda v: v["a"] + 0.01, "two": lambda v: v["a"] + 0.01}, luck=0.001)
    tries.base = {"a": 0.5}
    with pytest.raises(CannotFit, match="rule out every vector"):
        match(Search(free, both, 1000, 1, 40), tries, silent)


def test_an_extreme_stands_at_its_ends_and_moves_the_rest_as_little_as_needed(monkeypatch):
    monkeypatch.setattr(extremes, "CITIZENS", 100_000)
    free = ranges(load_behaviour())
    central = {one.name: one.value(0.5) for one in free}
    place = {one.name: one.place for one in free}
    functions = {
        # Deterrence pushes it out of its range, and the onset can bring it back.
        "one": lambda v: float(
            0.1 * np.exp(0.8 * place["unwilling_onset"](v["unwilling_onset"]) - v["deterrence"])
        )
    }
    target = planted("x", "one", functions["one"](central), 0.008)
    search = Search(free, (target,), 4000, 5, 100)
    tries = Made(functions)
    tries.base = central
    found = match(search, tries, silent)
    ends = {one.name: (one.low, one.high) for one in free}
    for name, side in (("proponent", 1), ("critic", 0)):
        chosen = extreme(name, search, found, tries, central, silent)
        for parameter, favours in STANCE.items():
            high = (favours == "high") == (side == 1)
            assert chosen.values[parameter] == ends[parameter][high]
        moved = {k for k, v in chosen.values.items() if v != central[k]}
        assert moved <= set(REFIT) | set(STANCE)
        assert all(target.within(row["one"]) for row in chosen.simulated)
        onset = chosen.values["unwilling_onset"]
        assert (onset > central["unwilling_onset"]) == (name == "proponent")


@pytest.fixture
def small(tmp_path: Path):
    targets = tuple(one for one in load_targets() if one.matched)
    base = load_behaviour()
    search = Search(ranges(base), targets, 300, 2, 2)

    def tries(**head) -> Tries:
        return Tries(
            tmp_path / "search", {"a": 1, **head}, load_country("plainland"), base, targets, 1
        )

    return search, tries


def test_a_search_that_was_stopped_goes_on_where_it_stopped(small, tmp_path):
    search, tries = small
    trials = search.trials("wave-1", [{}, {"slip": 0.004}, {"slip": 0.99}])

    def stop(stage, done, total):
        if done == 1:
            raise KeyboardInterrupt

    with pytest.raises(Interrupted, match="1 vectors are kept"):
        tries().run(trials, stop)
    file = tmp_path / "search" / "tried.jsonl"
    before = file.read_text("utf-8")
    assert before.count("\n") == 1
    # The machine was lost in the middle of a line.
    file.write_text(before + before[:40], encoding="utf-8")

    shown = []
    results = tries().run(trials, lambda *a: shown.append(a))
    assert shown[0] == ("wave-1", 1, 3)
    assert shown[-1] == ("wave-1", 3, 3)
    assert [one.trial for one in results] == trials
    assert results[0].quantities != results[1].quantities
    # A value outside its range cannot be simulated, and that is what is kept of it.
    assert results[2].quantities is None
    assert "slip" in str(results[2].failed)

    again = tries().run(trials, silent)
    assert again == results
    lines = file.read_text("utf-8").splitlines()
    assert len(lines) == 4
    told = [json.loads(line)["trial"]["index"] for line in (lines[0], *lines[2:])]
    # In the order in which they were finished.
    assert sorted(told) == [0, 1, 2]


def test_a_folder_of_another_search_is_left_alone(small, tmp_path):
    _, tries = small
    tries()
    tries()
    with pytest.raises(OutputExists, match="holds another search"):
        tries(a=2)
    (tmp_path / "else").mkdir()
    (tmp_path / "else" / "x").touch()
    with pytest.raises(OutputExists, match="something else"):
        Tries(tmp_path / "else", {}, load_country("plainland"), load_behaviour(), (), 1)
