"""Where the people lie changes nothing: arrays, packed in memory, packed on disk."""

from __future__ import annotations

import json
from itertools import pairwise

import numpy as np
import pytest

import glasscity
from glasscity.engine import opening, packed
from glasscity.engine.packed import parts_of
from glasscity.engine.room import LAYOUTS, choose, room_of
from glasscity.engine.shelf import DiskShelf
from glasscity.errors import BadArgument, CannotFit, DamagedRun
from glasscity.scenario import MANIPULATIONS, SAFEGUARDS, Scenario
from glasscity.simulation import simulate
from glasscity.society import build_society

# A score that private operators give before the nation's, an account of points, a list alone.
CASES = {
    "citizen-score-2020": {
        "start": "2018-06",
        "strengths": dict.fromkeys((*SAFEGUARDS, *MANIPULATIONS), 0.5),
    },
    "rongcheng-2014": {},
    "defaulter-list-2013": {},
}


class Killed(BaseException):
    """Stands for the end of the process."""


def scenario(regime: str) -> Scenario:
    """Return a scenario that is small and in which much happens."""
    return Scenario(regime, citizens=2_000, months=28, **CASES[regime])


@pytest.fixture(autouse=True)
def small_parts(monkeypatch):
    """Cut small societies into many parts."""
    monkeypatch.setattr(opening, "PART", 256)


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> glasscity.Run:
    """Return the run that is stopped and gone on with below, in one go."""
    case = scenario("citizen-score-2020")
    return glasscity.run(
        case, out=tmp_path_factory.mktemp("whole") / "run", twin=False, report=False
    )


def told(outcome) -> dict:
    """Return everything that an outcome holds, fit to be compared."""
    registers = {
        f"{name}.{column}": values.tolist()
        for name in ("denials", "listings", "spells", "people")
        for column, values in getattr(outcome, name).items()
    }
    meta = {k: v for k, v in outcome.meta.items() if k != "ties_statistics"}
    spreads = [
        {name: value if isinstance(value, str) else round(value, 9) for name, value in row.items()}
        for row in outcome.meta["ties_statistics"]
    ]
    return registers | {
        "digest": outcome.digest(),
        "meta": meta,
        "spreads": spreads,
        "panel": outcome.panel_scores.tolist(),
        "shapley": outcome.shapley.tolist(),
    }


@pytest.mark.parametrize("regime", CASES)
def test_layouts_agree_in_all_that_a_run_leaves(regime, tmp_path):
    case = scenario(regime)
    twin = regime == "defaulter-list-2013"
    plain, *others = (
        simulate(case, progress=lambda *_: None, twin=twin, layout=layout, folder=tmp_path / layout)
        for layout in LAYOUTS
    )
    for other in others:
        # Compared as text: what is not a number is then equal to itself.
        assert repr(told(other.outcome)) == repr(told(plain.outcome))
        assert other.burn_in_months == plain.burn_in_months
        if twin:
            assert other.twin is not None
            assert plain.twin is not None
            assert other.twin.digest() == plain.twin.digest()
    assert others[1].state_bytes_per_citizen < others[0].state_bytes_per_citizen
    assert not (tmp_path / "disk").exists(), "nothing is left on disk"


@pytest.mark.parametrize("layout", ["packed", "disk"])
@pytest.mark.parametrize(
    ("stop", "every"), [(9, 1), pytest.param(27, 9, marks=pytest.mark.slow), (28, 14)]
)
def test_a_packed_run_goes_on_to_the_same_bits(layout, stop, every, whole, tmp_path):
    case = scenario("citizen-score-2020")

    def until(stage, done, total, citizens):
        if stage == "months" and done == stop:
            raise Killed

    with pytest.raises(Killed):
        glasscity.run(
            case,
            out=tmp_path / "run",
            twin=False,
            report=False,
            layout=layout,
            checkpoint_every=every,
            progress=until,
        )
    again = glasscity.resume(tmp_path / "run")
    assert again.digest == whole.digest
    assert again.meta["resumed_from_month"] == stop
    for name in ("people", "spells", "listings", "denials"):
        assert getattr(again, name).equals(getattr(whole, name)), name
    assert not (tmp_path / "run" / "packed").exists()


def test_damage_on_disk_stops_a_run_and_its_checkpoint_is_as_it_was(tmp_path):
    case = scenario("defaulter-list-2013")
    run = tmp_path / "run"

    def damage(stage, done, total, citizens):
        if stage == "months" and done == 12:
            # The newest generation, behind that of the checkpoint after ten months.
            shelf = [g for g in (run / "packed" / "state").iterdir() if any(g.iterdir())]
            file = sorted(max(shelf).iterdir())[3]
            content = bytearray(file.read_bytes())
            content[100] ^= 4
            file.write_bytes(content)

    with pytest.raises(DamagedRun, match="not what was written"):
        glasscity.run(case, out=run, twin=False, layout="disk", checkpoint_every=5, progress=damage)
    whole = glasscity.run(case, out=tmp_path / "whole", twin=False, report=False)
    assert glasscity.resume(run).digest == whole.digest


def test_a_start_drawn_from_a_smaller_society_is_like_it(monkeypatch, tmp_path):
    monkeypatch.setattr(opening, "SAMPLED_FROM", 1_000)
    monkeypatch.setattr("glasscity.simulation.SAMPLED_FROM", 1_000)
    monkeypatch.setattr(opening, "DONORS", 20_000)
    said = []
    case = Scenario("defaulter-list-2013", citizens=20_000, months=2)
    runs = {
        layout: simulate(
            case,
            progress=lambda *_: None,
            twin=False,
            layout=layout,
            folder=tmp_path / layout,
            told=said.append,
        )
        for layout in LAYOUTS
    }
    assert runs["packed"].outcome.digest() == runs["disk"].outcome.digest()
    assert runs["packed"].burn_in_months == opening.SAMPLED_MONTHS
    assert any("drawn from a society of 20,000" in line for line in said)
    full, drawn = runs["plain"].outcome.people, runs["packed"].outcome.people
    owing, owing_drawn = (p["owed_credit"] > 0 for p in (full, drawn))
    # Households in debt come together, so the spread is wider than that of as many people.
    assert abs(owing.sum() - owing_drawn.sum()) < 5 * np.sqrt(2 * owing.sum())
    # Savings are somebody else's; opinions do not move before there is a regime.
    assert (full["liquidity"] == drawn["liquidity"]).mean() < 0.3
    assert np.array_equal(full["opinion"], drawn["opinion"])
    assert abs(full["liquidity"].mean() - drawn["liquidity"].mean()) < 0.15
    # Nobody owes a credit that they do not have.
    who = build_society(case.country, 20_000, case.seed).traits.who
    assert (who[owing_drawn] >> 7 == 1).all()


def test_windows_answer_to_the_numbers_of_their_part():
    column = np.arange(12, dtype=np.uint16).reshape(-1, 2)
    window = packed._window(column, 1_000_000)
    assert window[1_000_003, 1] == 7
    window[1_000_000] = 9
    assert column[0].tolist() == [9, 9]
    assert len(window) == 1_000_006


def test_parts_are_whole_blocks_and_no_larger_than_asked():
    society = build_society(Scenario().country, 30_000, 1)
    parts = parts_of(society.blocks, most=1_000)
    assert parts[0][0] == 0
    assert parts[-1][1] == len(society.blocks)
    assert all(one[1] == other[0] for one, other in pairwise(parts))
    sizes = [int(society.blocks[b - 1, 1] - society.blocks[a, 0]) for a, b in parts]
    single = [b - a == 1 for a, b in parts]
    assert all(size <= 1_000 or alone for size, alone in zip(sizes, single, strict=True))


def test_what_does_not_fit_is_refused_and_what_fits_is_chosen(monkeypatch, tmp_path):
    monkeypatch.setattr("glasscity.engine.room.memory_free", lambda: 22_000_000_000)
    monkeypatch.setattr("glasscity.engine.room.disk_free", lambda _: 90_000_000_000)
    chosen = [choose(n, tmp_path).layout for n in (10**5, 10**8, 2 * 10**8, 1_300_000_000)]
    assert chosen == ["plain", "plain", "packed", "disk"]
    assert room_of("disk", 1_300_000_000).memory < 21_000_000_000
    with pytest.raises(CannotFit, match="of memory"):
        choose(2_000_000_000, tmp_path)
    monkeypatch.setattr("glasscity.engine.room.disk_free", lambda _: 50_000_000_000)
    with pytest.raises(CannotFit, match="of disk"):
        choose(1_300_000_000, tmp_path)
    with pytest.raises(BadArgument, match="layout"):
        choose(10, tmp_path, "attic")
    with pytest.raises(BadArgument, match="watch"):
        simulate(scenario("rongcheng-2014"), progress=lambda *_: None, watch=[1], layout="packed")


def test_a_shelf_on_disk_is_cleared_of_what_no_checkpoint_needs(tmp_path):
    DiskShelf(tmp_path / "s")
    (tmp_path / "s" / "generation-00007").mkdir()
    DiskShelf(tmp_path / "s", 3)
    assert [p.name for p in (tmp_path / "s").iterdir()] == ["generation-00004"]
    assert json.dumps([p.name for p in tmp_path.iterdir()]) == '["s"]'
