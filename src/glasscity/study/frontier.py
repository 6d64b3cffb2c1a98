"""The safeguard frontier: what reduces harm at which loss of the claimed benefit.

A search on one world, then a confirmation on others: fresh seeds, and vectors of the matched set
each with a seed of its own.  Nothing is said of a set of safeguards that rests on the search's
world alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from glasscity._version import MODEL_VERSION
from glasscity.behaviour import matched
from glasscity.errors import BadArgument
from glasscity.scenario import Scenario
from glasscity.study.bench import Bench, Given, Point, Runner, opened
from glasscity.study.goals import BENEFITS, GOALS, HARMS, dominated, goals_of, looked_at
from glasscity.study.levers import Lever, dosed, levers, named
from glasscity.study.library import library
from glasscity.study.smallest import Smallest, smallest
from glasscity.study.trials import searched
from glasscity.study.worth import averages, interval, marginal, order_of, sets_of, top

__all__ = ["QUICK", "REDUCED", "Sizes", "frontier"]

# What a reduction may be asked of: the measure of the catalogue of measures, and the goal.
REDUCED = {
    "closed_gate_months": "closed_gate_months",
    "error_denied_share": "wrongful",
    "groundless": "groundless",
    "child_months": "children",
    "harm": "harm",
}
# Seeds of the worlds that confirm, far from that of the search.
_FRESH, _OWN_LUCK = 50_000, 60_000

Doses: TypeAlias = "dict[str, float]"
Goals: TypeAlias = "dict[str, float | None]"


@dataclass(frozen=True)
class Sizes:
    """How much is run.

    Attributes
    ----------
    trials : int
        Of the search.
    fresh, vectors : int
        Worlds that confirm: fresh seeds of the base vector, and vectors of the matched set.
    candidates : int
        Sets of the search's front that are confirmed, at most.
    """

    trials: int = 96
    fresh: int = 4
    vectors: int = 8
    candidates: int = 10


QUICK = Sizes(trials=24, fresh=2, vectors=2, candidates=4)


@dataclass
class _World:
    """People and luck under which doses are compared."""

    name: str
    kind: str
    scenario: Scenario
    bench: Bench
    base: Given | None = None

    def goals(self, stage: str, several: Sequence[Mapping[str, float]]) -> list[Goals]:
        """Return what doses give in this world."""
        points = [
            Point(dosed(self.scenario, one), {"world": self.name, "levers": named(one)})
            for one in ({}, *several)
        ]
        base, *given = self.bench.pairs(stage, points)
        return [goals_of(one, base) for one in given]


def frontier(
    scenario: Scenario,
    folder: Path,
    *,
    sizes: Sizes | None = None,
    names: Sequence[str] = (),
    reduce: float = 0.5,
    of: str = "closed_gate_months",
    workers: int | None = None,
    show: Callable[[str, int, int], object] = lambda stage, done, total: None,
    run: Runner | None = None,
    command: str = "",
) -> dict[str, Any]:
    """Search safeguards, confirm what is found, and write it into a folder; or go on with it.

    Parameters
    ----------
    scenario : Scenario
        The regime as it stands.
    folder : Path
        Made if it is not there; ``study.json``, ``dataset.csv``, pictures and ``members``.
    sizes : Sizes, optional
    names : sequence of str, optional
        Levers; all by default.
    reduce : float in (0, 1)
        The reduction that the smallest set must buy.
    of : {"closed_gate_months", "error_denied_share", "groundless", "child_months", "harm"}
        Of what.
    workers, show, run, command
        As for :func:`glasscity.study.sensitivity.sensitivity`.

    Returns
    -------
    dict
        ``goals``, ``levers``, ``trials``, ``front``, ``smallest``, ``sizes_tried``, ``worth``,
        ``first``, ``idle``, ``worlds_of_confirmation``: tables as lists of dict; ``plots``,
        ``dataset``, ``digest``, ``worlds``, ``failed``.

    Raises
    ------
    BadInput
        Of the kind that fits.
    Interrupted
        From the keyboard; the same call goes on.
    """
    sizes = sizes or Sizes()
    if of not in REDUCED:
        raise BadArgument(f"no reduction is asked of '{of}'", allowed=", ".join(REDUCED))
    if not 0 < reduce < 1:
        raise BadArgument(
            f"a reduction of {reduce:g} is outside its range",
            allowed="above 0 % and below 100 %",
            mend="write it like --reduce 50%",
        )
    if scenario.regime.name == "unscored":
        raise BadArgument("nothing in 'unscored' needs a safeguard", allowed="any other regime")
    library("optuna", what="the frontier")
    pulled = levers(names)
    opened(folder, _head(scenario, sizes, pulled, reduce, of))
    if run is None:
        from glasscity.study.members import run_members as run
    bench = Bench(folder, run, show, workers, looked_at())
    home = _World("search", "search", scenario, bench)
    full = [{one.name: 1.0} for one in pulled]
    everything = {one.name: 1.0 for one in pulled}
    tried = searched(
        pulled,
        lambda asked: home.goals("search", asked),
        number=max(sizes.trials, len(full) + 2),
        seed=scenario.seed,
        first=[{}, *full, everything],
    )
    found = smallest(
        [one.name for one in pulled],
        lambda sets: [
            one[REDUCED[of]] for one in home.goals("smallest set", [_full(s) for s in sets])
        ],
        reduce=reduce,
    )
    candidates = _candidates(tried, sizes.candidates)
    worlds = _worlds(scenario, bench, sizes)
    front = _front(candidates, worlds)
    bought = _bought(found, worlds, reduce, of)
    worth, first, idle = _worth(pulled, worlds, scenario.seed)
    document: dict[str, Any] = {
        "command": command,
        "regime": scenario.regime.name,
        "country": scenario.country.name,
        "behaviour": scenario.behaviour.name,
        "citizens": scenario.citizens,
        "months": scenario.months,
        "seed": scenario.seed,
        "sizes": vars(sizes),
        "reduce": reduce,
        "of": of,
        "goals": [one.row() for one in (*HARMS, *BENEFITS)],
        "levers": [one.row() for one in pulled],
        "trials": [{"levers": named(d), "doses": _given(d), **g} for d, g in tried],
        "front": front,
        "smallest": bought,
        "sizes_tried": [
            {"size": size, "run": ran, "there_are": among} for size, ran, among in found.looked_at
        ],
        "best_of_each_size": [
            {"levers": named(_full(one)), "size": len(one), "left": left}
            for one, left in found.best
        ],
        "worth": worth,
        "first": first,
        "idle": idle,
        "worlds_of_confirmation": [{"world": w.name, "kind": w.kind} for w in worlds],
    }
    from glasscity.study.frontier_charts import drawn

    document["plots"] = [str(one) for one in drawn(folder, document)]
    return bench.write(document)


def _head(
    scenario: Scenario, sizes: Sizes, pulled: Sequence[Lever], reduce: float, of: str
) -> dict[str, Any]:
    return {
        "study": "frontier",
        "model": MODEL_VERSION,
        "scenario": scenario.fingerprint(),
        "citizens": scenario.citizens,
        "months": scenario.months,
        "start": scenario.start,
        "seed": scenario.seed,
        "strengths": dict(scenario.strengths),
        "sizes": vars(sizes),
        "levers": [one.name for one in pulled],
        "reduce": reduce,
        "of": of,
    }


def _given(doses: Mapping[str, float]) -> Doses:
    return {name: dose for name, dose in doses.items() if dose}


def _size(doses: Mapping[str, float]) -> tuple[int, float]:
    return len(_given(doses)), sum(doses.values())


def _full(names: frozenset[str]) -> Doses:
    return dict.fromkeys(sorted(names), 1.0)


def _candidates(tried: Sequence[tuple[Doses, Goals]], most: int) -> list[Doses]:
    """Return doses of the search's front, spread evenly along the harm index.

    Of doses that give the same in every goal, the one with the fewest levers.
    """
    beaten = dominated([goals for _, goals in tried])
    front: dict[tuple[float | None, ...], tuple[float, Doses]] = {}
    for (doses, goals), one in zip(tried, beaten, strict=True):
        harm, same = goals["harm"], tuple(goals[name] for name in GOALS)
        if one or harm is None or not _given(doses):
            continue
        if same not in front or _size(doses) < _size(front[same][1]):
            front[same] = harm, doses
    ordered = [doses for _, doses in sorted(front.values(), key=lambda pair: pair[0])]
    if len(ordered) <= most:
        return ordered
    step = (len(ordered) - 1) / max(1, most - 1)
    return [ordered[round(k * step)] for k in range(most)]


def _worlds(scenario: Scenario, bench: Bench, sizes: Sizes) -> list[_World]:
    """Return the worlds that confirm; none has the luck of the search."""
    worlds = [
        _World(f"fresh {k + 1}", "fresh", scenario.but(seed=_seed(scenario, _FRESH + k)), bench)
        for k in range(sizes.fresh)
    ]
    every = matched()
    number = min(sizes.vectors, len(every))
    for k in range(number):
        # Spread over the set, which stands in the order in which it was found.
        one = every[k * len(every) // number]
        own = scenario.but(behaviour=one, seed=_seed(scenario, _OWN_LUCK + k))
        worlds.append(_World(one.name, "matched", own, bench))
    return worlds


def _seed(scenario: Scenario, by: int) -> int:
    return (scenario.seed + by) % 2**63


def _front(candidates: Sequence[Doses], worlds: Sequence[_World]) -> list[dict[str, Any]]:
    """Return every candidate's goals in the worlds that confirm, and how often it stays."""
    compared: list[Doses] = [{}, *candidates]
    given = [world.goals("confirmation", compared) for world in worlds]
    stays = [[not one for one in dominated(rows)] for rows in given]
    shown = ("harm", *(one.name for one in (*HARMS, *BENEFITS)), "closed_gate_months")
    rows = []
    for k, doses in enumerate(compared):
        row: dict[str, Any] = {
            "levers": named(doses),
            "doses": _given(doses),
            "size": len(_given(doses)),
        }
        for name in shown:
            row |= interval(_known(one[k][name] for one in given), name)
        for one in BENEFITS:
            lost = [_less(world[0][one.name], world[k][one.name]) for world in given]
            row |= interval(_known(lost), f"{one.name}_lost")
        for kind in ("fresh", "matched"):
            own = [s[k] for s, world in zip(stays, worlds, strict=True) if world.kind == kind]
            row[f"stays_{kind}"] = sum(own) / len(own) if own else None
        rows.append(row)
    means = [{goal: row[goal] for goal in GOALS} for row in rows]
    slack = _tolerance(given)
    for row, one in zip(rows, dominated(means, tolerance=slack), strict=True):
        row["dominated"] = one
    return rows


def _tolerance(given: Sequence[Sequence[Goals]]) -> dict[str, float]:
    """Return half of the mean 95 % interval of the difference of two candidates, goal by goal."""
    found = {}
    for goal in GOALS:
        halves = []
        for k in range(1, len(given[0])):
            gap = interval(_known(_less(w[k][goal], w[k - 1][goal]) for w in given), "gap")
            if gap["gap"] is not None and gap["gap_high"] is not None:
                halves.append(gap["gap_high"] - gap["gap"])
        found[goal] = sum(halves) / len(halves) if halves else 0.0
    return found


def _known(values: Any) -> list[float]:
    return [value for value in values if value is not None]


def _less(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one - other


def _bought(
    found: Smallest, worlds: Sequence[_World], reduce: float, of: str
) -> list[dict[str, Any]]:
    """Return the smallest sets with what they leave and cost in the worlds that confirm."""
    sets = [one for one, _ in found.sets[:3]] or [one for one, _ in found.best[-1:]]
    goal = REDUCED[of]
    given = [world.goals("confirmation", [{}, *map(_full, sets)]) for world in worlds]
    left_at_home = dict(found.sets) | dict(found.best)
    rows = []
    for k, one in enumerate(sets, 1):
        reached = [row[k][goal] for row in given]
        known = _known(reached)
        row: dict[str, Any] = {
            "levers": named(_full(one)),
            "size": len(one),
            "enough_in_search": left_at_home[one] <= 1 - reduce,
            "left_in_search": left_at_home[one],
            **interval(known, "left"),
            "enough": sum(v <= 1 - reduce for v in known) / len(known) if known else None,
            "worlds": len(known),
        }
        for benefit in BENEFITS:
            lost = (_less(r[0][benefit.name], r[k][benefit.name]) for r in given)
            row |= interval(_known(lost), f"{benefit.name}_lost")
        rows.append(row)
    return rows


def _worth(
    pulled: Sequence[Lever], worlds: Sequence[_World], seed: int
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]:
    """Return what each safeguard is worth, which come first, and which do nothing alone."""
    players = [one.name for one in pulled if one.kind == "safeguard"]
    alone = [one.name for one in pulled if one.kind != "safeguard"]
    seen: list[tuple[list[str], dict[frozenset[str], Goals]]] = []
    same: dict[str, list[bool]] = {one.name: [] for one in pulled}
    for k, world in enumerate(worlds):
        order = order_of(players, k, seed)
        sets = sorted(sets_of(players, order) | {frozenset([one]) for one in alone}, key=sorted)
        before = len(world.bench.results)
        goals = world.goals("worth", [_full(one) for one in sets])
        seen.append((order, dict(zip(sets, goals, strict=True))))
        base, *digests = [one.digest for one in world.bench.results[before:]]
        for one, digest in zip(sets, digests, strict=True):
            if len(one) == 1:
                same[next(iter(one))].append(digest is not None and digest == base)
    worth = []
    for goal in ("harm", *(one.name for one in (*HARMS, *BENEFITS)), "closed_gate_months"):
        valued = [(order, _value(goals, goal)) for order, goals in seen]
        worth += [{"goal": goal, **row} for row in averages(players, valued)] if players else []
        for name in alone:
            single = frozenset([name])
            values = (_less(value(single), value(frozenset())) for _, value in valued)
            worth.append(
                {
                    "goal": goal,
                    "player": name,
                    "worlds": len(worlds),
                    **interval(_known(values), "alone"),
                    **interval([], "missing"),
                    **interval([], "average"),
                }
            )
    adds = [marginal(players, order, _value(goals, "harm")) for order, goals in seen]
    first = top(players, adds, seed=seed) if players and worlds else []
    return worth, first, _idle(worth, same)


def _value(goals: Mapping[frozenset[str], Goals], goal: str) -> Callable[[Any], float | None]:
    return lambda one: goals[one][goal]


def _idle(
    worth: Sequence[Mapping[str, Any]], same: Mapping[str, Sequence[bool]]
) -> list[dict[str, Any]]:
    """Return the levers that alone do nothing, or nothing to any harm that stands out from luck."""
    rows = []
    harms = {"harm", "closed_gate_months", *(one.name for one in HARMS)}
    for name, digests in same.items():
        own = [row for row in worth if row["player"] == name and row["goal"] in harms]
        moves = [row["goal"] for row in own if _clear(row)]
        if digests and all(digests):
            rows.append({"lever": name, "why": "nobody's life differs in any world"})
        elif not moves and own:
            rows.append({"lever": name, "why": "no harm differs by more than luck"})
    return rows


def _clear(row: Mapping[str, Any]) -> bool:
    low, high = row["alone_low"], row["alone_high"]
    return low is not None and (low > 0 or high < 0)
