"""Which gates the regime closed to whom, month by month, made again from what a run stores.

A gate is closed by a score under the month's cut-off or by a list.  Scores are in the panel,
cut-offs follow from the histogram of scores, listings are in their register, and the rest is in the
scenario.  Whom a safeguard or a joint punishment of partial strength covers follows from the
citizen's number.  The cube has counted the same closures, gate by gate: :attr:`Closures.exact` says
whether both agree.  They do unless a firewall covers somebody: behind it the score is made again
for each sphere, and those scores are not kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from glasscity.results.outcome import EXITS, SCORE_BINS
from glasscity.rights.view import codes_of
from glasscity.terms import GATES, SAFEGUARDS, SPHERES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from glasscity.results.run import Run

__all__ = ["Closures", "Standings", "closures", "cut_at"]

_NEVER = 1 << 30


@dataclass(frozen=True, eq=False)
class Closures:
    """Months that each gate was closed to each citizen of the panel.

    Attributes
    ----------
    citizen : int64[n]
    closed : uint16[n, gates]
        By score or list.
    by_score : uint16[n, gates]
        Closed by the score, whatever the lists say.
    by_list_alone : uint16[n, gates, spheres]
        Closed by the list of one sphere and by nothing else.
    by_lists : uint16[n, gates]
        Closed by several lists and not by the score.
    counted : int64[gates]
        Closed months over all citizens as the cube has them.
    citizens : int
        All citizens of the run.
    """

    citizen: NDArray[np.int64]
    closed: NDArray[np.uint16]
    by_score: NDArray[np.uint16]
    by_list_alone: NDArray[np.uint16]
    by_lists: NDArray[np.uint16]
    counted: NDArray[np.int64]
    citizens: int

    @property
    def whole(self) -> bool:
        """Whether the panel is everybody."""
        return len(self.citizen) == self.citizens

    @property
    def exact(self) -> bool:
        """Whether the closures made again are those that the cube counted, gate by gate."""
        return self.whole and bool((self.closed.sum(axis=0, dtype=np.int64) == self.counted).all())


def _value(quantity: Any) -> Any:
    return quantity.get("value") if isinstance(quantity, Mapping) else quantity


def cut_at(histogram: NDArray[np.int64], percentile: float) -> int:
    """Return the lowest score whose mid-rank among the scored is at least a percentile.

    Parameters
    ----------
    histogram : int64[2048]
        Citizens by score; bins 0 and 1 hold nobody with a score.
    percentile : float in [0, 100]
    """
    people = int(histogram.sum())
    if people == 0:
        return 0
    scores = np.flatnonzero(histogram)
    equals = histogram[scores]
    twice = 2 * (np.cumsum(equals) - equals) + equals
    enough = np.flatnonzero(twice * 10_000 >= round(percentile * 100) * 2 * people)
    return int(scores[enough[0]] if len(enough) else scores[-1])


def _month_of(scenario: Mapping[str, Any], quantity: Any) -> int:
    """Return the month of the run of a date in the regime; never, where there is none."""
    value = _value(quantity)
    if value is None or value == "none":
        return _NEVER
    (year, month), (first, begin) = (
        map(int, str(date).split("-")[:2]) for date in (value, scenario["start"])
    )
    return max(0, (year - first) * 12 + month - begin)


def _cuts(run: Run) -> NDArray[np.int64]:
    """Return the score below which each gate was closed: int64[months, gates], 0 none."""
    scenario = run.scenario
    regime = scenario["regime"]
    cuts = np.zeros((run.months, len(GATES)), np.int64)
    rollout = regime.get("rollout") or {}
    begin = _month_of(scenario, rollout.get("penalties_from"))
    if _value(regime.get("visibility")) == "private":
        return cuts
    histograms = run.extras["score_histogram"].copy()
    histograms[:, :2] = 0
    frozen: int | None = None
    for month in range(min(begin, run.months), run.months):
        if not histograms[month].any():
            continue
        frozen = month if frozen is None else frozen
        for g, gate in enumerate(GATES):
            rule = regime.get("gates", {}).get(gate, {})
            if rule.get("rule") == "threshold":
                points = _value(rule.get("threshold"))
                if points is None:
                    points = cut_at(histograms[frozen], float(_value(rule["percentile"])))
                cuts[month, g] = int(points)
            elif rule.get("rule") == "rank":
                cuts[month, g] = cut_at(histograms[month], float(_value(rule["percentile"])))
    return cuts


def _lists(run: Run) -> NDArray[np.int64]:
    """Return the gates that each sphere's list closes: int64[2, spheres], later phase second."""
    regime = run.scenario["regime"]
    punished = regime.get("joint_punishment")
    found = np.zeros((2, len(SPHERES)), np.int64)
    if not punished:
        return found
    everywhere = bool(_value(punished.get("everywhere")))
    for entry in regime.get("lists", ()):
        sphere = SPHERES.index(entry["sphere"])
        named = punished.get("matrix", {}).get(entry["name"], ())
        for g, gate in enumerate(GATES):
            here = run.meta["gate_spheres"][g] == entry["sphere"]
            found[0, sphere] |= int(gate in named or (everywhere and here)) << g
            found[1, sphere] |= int(gate in named or everywhere) << g
    return found


class Standings:
    """Scores, cut-offs and lists of a run's panel, month by month and in order.

    Attributes
    ----------
    citizen : int64[n]
        The panel, ascending.
    place : int64[highest citizen + 1]
        The row of each citizen, -1 for who is not in the panel.
    cuts : int64[months, gates]
        The score below which each gate was closed, 0 none.
    lists : int64[2, spheres]
        The gates that each list closes, before and once it closes everything.
    everywhere_from : int
        The month from which the second row holds.
    """

    def __init__(self, run: Run) -> None:
        self._panel = run.panel(*range(run.months))
        self.citizen = self._panel["citizen"].to_numpy().astype(np.int64)
        self.place = np.full(int(self.citizen.max(initial=-1)) + 1, -1, np.int64)
        self.place[self.citizen] = np.arange(len(self.citizen))
        self.cuts, self.lists = _cuts(run), _lists(run)
        punished = run.scenario["regime"].get("joint_punishment") or {}
        everywhere = bool(_value(punished.get("everywhere")))
        self.everywhere_from = (
            _month_of(run.scenario, punished.get("from")) if everywhere else _NEVER
        )
        self._changes = _Changes(run, self.place)
        strengths = run.scenario.get("strengths", {})
        everybody = round(256 * float(strengths.get("joint-punishment", 1.0)))
        joint = ((self.citizen * 2654435761) >> 16) & 255
        self._reached = (joint < everybody) & ~_covered(self.citizen, "firewall", strengths)
        # Gates of the list's own sphere, which a list closes to everybody on it.
        self._own = np.array(
            [
                sum(1 << g for g, own in enumerate(run.meta["gate_spheres"]) if own == sphere)
                for sphere in SPHERES
            ],
            np.int64,
        )
        essential = sum(
            1 << g for g, gate in enumerate(run.scenario["country"]["gates"]) if gate["essential"]
        )
        held_open = _covered(self.citizen, "essentials", strengths)
        self._spared = np.where(held_open, essential, 0)

    def spared(self) -> NDArray[np.int64]:
        """Return the gates that are held open to each citizen whatever the regime says."""
        return self._spared

    def scores(self, month: int) -> NDArray[np.int64]:
        """Return the panel's scores of a month, 0 none."""
        return self._panel[self._panel.columns[1 + month]].to_numpy().astype(np.int64)

    def on_lists(self, month: int) -> NDArray[np.int64]:
        """Return the lists that the panel is on, bit s for sphere s; ask month after month."""
        return self._changes.on_lists(month)

    def closed_by_list(self, month: int) -> NDArray[np.int64]:
        """Return the gates that each list closes to each citizen: int64[spheres, n]."""
        whole = self.lists[int(month >= self.everywhere_from)]
        reached = np.where(self._reached, whole[:, None], (whole & self._own)[:, None])
        return reached & ~self._spared


def closures(run: Run) -> Closures:
    """Return the closures of a run, made again from what it stores."""
    there = Standings(run)
    n = len(there.citizen)
    closed = np.zeros((n, len(GATES)), np.uint16)
    by_score, by_lists = closed.copy(), closed.copy()
    alone = np.zeros((n, len(GATES), len(SPHERES)), np.uint16)
    gates = np.arange(len(GATES))
    scores = np.arange(SCORE_BINS)[:, None]
    for month in range(run.months):
        below = ((scores >= 2) & (scores < there.cuts[month])).astype(np.int64) << gates
        shut = below.sum(axis=1)[there.scores(month)] & ~there.spared()
        bits, by_list = there.on_lists(month), there.closed_by_list(month)
        of_list = np.zeros((len(SPHERES), n), np.int64)
        for s in range(len(SPHERES)):
            of_list[s] = np.where(bits >> s & 1, by_list[s], 0)
        rows = np.flatnonzero(shut | np.bitwise_or.reduce(of_list, axis=0))
        if not len(rows):
            continue
        score = shut[rows, None] >> gates & 1
        by = of_list[:, rows, None] >> gates & 1
        lists = by.sum(axis=0)
        closed[rows] += (score | (lists > 0)).astype(np.uint16)
        by_score[rows] += score.astype(np.uint16)
        by_lists[rows] += ((lists > 1) & (score == 0)).astype(np.uint16)
        for s in range(len(SPHERES)):
            alone[rows, :, s] += (by[s] * (lists == 1) * (1 - score)).astype(np.uint16)
    counted = np.array(
        [int(run.margins.of("closed", gate=gate)[:, 0].sum()) for gate in GATES], np.int64
    )
    return Closures(there.citizen, closed, by_score, alone, by_lists, counted, run.citizens)


# An odd constant near 2**64 over the golden ratio, as the safeguards deal citizens out.
_SPREAD = -7046029254386353131


def _covered(
    citizens: NDArray[np.int64], guard: str, strengths: Mapping[str, Any]
) -> NDArray[np.bool_]:
    """Return whom a safeguard covers: the same citizens in every run (explain safeguard)."""
    covers = round(256 * float(strengths.get(guard, 0.0)))
    use = 16 + SAFEGUARDS.index(guard)
    mixed = (citizens + np.int64(use * 2654435769)) * np.int64(_SPREAD)
    mixed = (mixed ^ (mixed >> 29)) * np.int64(_SPREAD)
    return ((mixed >> 40) & 255) < covers


class _Changes:
    """Who is on which list, month by month, from the register of entries and exits."""

    def __init__(self, run: Run, place: NDArray[np.int64]) -> None:
        table = run.listings
        who = table["citizen"].to_numpy().astype(np.int64)
        known = who < len(place)
        row = np.where(known, place[np.where(known, who, 0)] if len(place) else -1, -1)
        month = table["month"].to_numpy().astype(np.int64)
        leaves = codes_of(table["kind"]) == 1
        # An appeal is decided after the gates have been: it opens them from next month on.
        late = leaves & (table["detail"].to_numpy() == EXITS.index("appeal"))
        keep = row >= 0
        self._bit = (1 << codes_of(table["list"]))[keep]
        self._row, self._leaves = row[keep], leaves[keep]
        self._month = (month + late)[keep]
        self._state = np.zeros(int((place >= 0).sum()), np.int64)
        self._sorted = np.argsort(self._month, kind="stable")

    def on_lists(self, month: int) -> NDArray[np.int64]:
        """Return the lists of each citizen as bits; months must be asked for in order."""
        first, end = np.searchsorted(self._month[self._sorted], [month, month + 1])
        for kind in (True, False):
            # Those who leave and are entered anew in one month stay on.
            now = self._sorted[first:end]
            now = now[self._leaves[now] == kind]
            for s in range(len(SPHERES)):
                rows = self._row[now[self._bit[now] == 1 << s]]
                if kind:
                    self._state[rows] &= ~(1 << s)
                else:
                    self._state[rows] |= 1 << s
        return self._state
