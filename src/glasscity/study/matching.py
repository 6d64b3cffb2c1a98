"""History matching: every vector of behaviour that what is reported does not rule out.

A vector is implausible for a target by

    I = |z - f| / sqrt(v_report + v_luck + v_emulator)

with z the middle of what is reported, f the quantity simulated or emulated, v_report the square of
a third of the half-width within which a value agrees, v_luck what another seed would change and
v_emulator the emulator's doubt (nought for a simulated f).  Vectors whose largest I is above 3 are
ruled out (Pukelsheim's three-sigma rule; Craig, Goldstein, Seheult and Smith 1997; Vernon,
Goldstein and Bower, Bayesian Analysis 5, 2010).  Waves of simulations narrow the space; whatever is
left and simulates well is simulated again on a fresh seed and with more citizens.  Of what is left
a vector is taken for the next wave in proportion to the chance that its simulation will agree, by
the emulators: the whole of what may agree is searched, and less time goes into its thin edge.

No regime's effects on people are among the quantities: what is predicted cannot have been fitted.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from glasscity.errors import CannotFit
from glasscity.study.emulator import Emulator, fit
from glasscity.study.targets import Target
from glasscity.study.tried import Trial, Tried, Tries
from glasscity.study.vectors import Free, hypercube, uniforms

__all__ = ["CUT_OFF", "MOST_WAVES", "WANTED", "Found", "Search", "match"]

CUT_OFF = 3.0
# The search ends with the first wave after which so many vectors are confirmed.
WANTED = 100
MOST_WAVES = 8
# How often the base vector is simulated to learn what luck does.
LUCK = 12
# A confirming simulation has so many times the citizens.
CONFIRMED_BY = 2
# Vectors with at least this chance to agree are taken as often as any.
_LIKELY = 0.5
# Candidates are drawn so many at a time, so many times at most.
_DRAWN, _DRAWS = 20_000, 60

Shown = Callable[[str, int, int], None]


@dataclass(frozen=True, eq=False)
class Found:
    """What a search has found.

    Attributes
    ----------
    confirmed : list of (Tried, Tried)
        Matched vectors: the simulation of the wave and the confirming one.
    refuted : list of (Tried, Tried)
        Vectors that agreed at first and not again.
    waves : list of dict
        For each wave ``tried``, ``failed``, ``agreed``, and ``open``: the share of the whole space
        that the emulators had not ruled out before it.
    luck : dict of quantity to (float, float)
        Mean and variance of the base vector over seeds, in the waves' citizens.
    emulators : dict of quantity to Emulator
        Fitted to every simulation.
    """

    confirmed: list[tuple[Tried, Tried]]
    refuted: list[tuple[Tried, Tried]]
    waves: list[dict[str, float]]
    luck: dict[str, tuple[float, float]]
    emulators: dict[str, Emulator]


@dataclass(frozen=True, eq=False)
class Search:
    """What is searched: the free parameters, the targets, sizes and luck."""

    free: tuple[Free, ...]
    targets: tuple[Target, ...]
    citizens: int
    seed: int
    vectors: int

    def values(self, places: np.ndarray) -> list[dict[str, float]]:
        """Return the parameters of vectors given by their places, float64[n, free]."""
        return [
            {one.name: one.value(float(x)) for one, x in zip(self.free, row, strict=True)}
            for row in places
        ]

    def places(self, values: dict[str, float]) -> list[float]:
        """Return the place of a vector."""
        return [one.place(values[one.name]) for one in self.free]

    def luck_seed(self, stage: str, index: int) -> int:
        """Return the seed of a trial: another one for each stage and index."""
        at = uniforms(self.seed, 0x7000 + sum(stage.encode()) * 31 % 4096, index + 1, 1)[index, 0]
        return int(at * 2**52) + index

    def trials(self, stage: str, values: list[dict[str, float]], *, times: int = 1) -> list[Trial]:
        """Return trials of some vectors, with so many times the citizens."""
        return [
            Trial(stage, k, times * self.citizens, self.luck_seed(stage, k), one)
            for k, one in enumerate(values)
        ]

    def implausibility(
        self, quantities: dict[str, float], luck: dict[str, tuple[float, float]], *, times: int = 1
    ) -> float:
        """Return the largest I of a simulated vector."""
        worst = 0.0
        for one in self.targets:
            value = quantities[one.quantity]
            mean, variance = luck[one.quantity]
            # Counts of rare things vary with their mean; a gap of two shares does not.
            scale = float(np.clip(value / mean, 0.25, 4.0)) if mean > 0 else 1.0
            doubt = (one.half_width / 3) ** 2 + variance * scale / times
            worst = max(worst, abs(one.middle - value) / float(np.sqrt(doubt)))
        return worst

    def emulated(
        self, places: np.ndarray, emulators: dict[str, Emulator], *, rough: bool = False
    ) -> np.ndarray:
        """Return float64[n]: the largest I of vectors, by the emulators.

        Parameters
        ----------
        rough : bool
            Whether to take the emulators' largest doubt for everybody: quick, and never too large.

        Notes
        -----
        The emulators' doubt holds luck already: it is what they leave unexplained of simulations.
        """
        worst = np.zeros(len(places))
        for one in self.targets:
            mean, doubt = emulators[one.quantity](places, rough=rough)
            spread = np.sqrt((one.half_width / 3) ** 2 + doubt)
            worst = np.maximum(worst, np.abs(one.middle - mean) / spread)
        return worst

    def chance(
        self,
        places: np.ndarray,
        emulators: dict[str, Emulator],
        luck: dict[str, tuple[float, float]],
    ) -> np.ndarray:
        """Return float64[n]: about how likely a vector's simulation is to agree.

        Targets are taken for independent and the emulators' doubt for normal.
        """
        chance = np.ones(len(places))
        for one in self.targets:
            mean, doubt = emulators[one.quantity](places)
            room = CUT_OFF * math.sqrt((one.half_width / 3) ** 2 + luck[one.quantity][1])
            spread = np.sqrt(np.maximum(doubt, 1e-30))
            ends = ((one.middle + side * room - mean) / spread for side in (1, -1))
            upper, lower = (_below(end) for end in ends)
            chance *= upper - lower
        return chance


def _below(deviations: np.ndarray) -> np.ndarray:
    """Return the share of a normal that lies below so many deviations."""
    halves = [0.5 * math.erfc(-x / math.sqrt(2)) for x in deviations.tolist()]
    return np.array(halves)


def match(search: Search, tries: Tries, show: Shown) -> Found:
    """Search in waves until `WANTED` vectors are confirmed, or `MOST_WAVES` are over.

    Raises
    ------
    CannotFit
        If too few vectors can be simulated to fit an emulator.
    Interrupted
        From the keyboard; the same search goes on where it stopped.
    """
    luck = _luck(search, tries, show)
    every: list[Tried] = []
    confirmed: list[tuple[Tried, Tried]] = []
    refuted: list[tuple[Tried, Tried]] = []
    waves: list[dict[str, float]] = []
    emulators: dict[str, Emulator] = {}
    for wave in range(1, MOST_WAVES + 1):
        if wave == 1:
            places, open_share = hypercube(search.seed, 1, search.vectors, len(search.free)), 1.0
        else:
            places, open_share = _candidates(search, wave, emulators, luck)
        stage = f"wave-{wave}"
        results = tries.run(search.trials(stage, search.values(places)), show)
        good = [one for one in results if one.quantities is not None]
        every += good
        agreed = [
            one for one in good if search.implausibility(one.quantities or {}, luck) <= CUT_OFF
        ]
        again = tries.run(
            search.trials(
                f"confirm-{wave}", [one.trial.values for one in agreed], times=CONFIRMED_BY
            ),
            show,
        )
        for first, second in zip(agreed, again, strict=True):
            fits = second.quantities is not None and (
                search.implausibility(second.quantities, luck, times=CONFIRMED_BY) <= CUT_OFF
            )
            (confirmed if fits else refuted).append((first, second))
        waves.append(
            {
                "tried": len(results),
                "failed": len(results) - len(good),
                "agreed": len(agreed),
                "confirmed": len(confirmed),
                "open": open_share,
            }
        )
        emulators = _emulators(search, every)
        if len(confirmed) >= WANTED:
            break
    return Found(confirmed, refuted, waves, luck, emulators)


def _luck(search: Search, tries: Tries, show: Shown) -> dict[str, tuple[float, float]]:
    results = tries.run(search.trials("luck", [{} for _ in range(LUCK)]), show)
    good = [one.quantities for one in results if one.quantities is not None]
    if len(good) < 2:
        raise CannotFit(
            f"the base vector cannot be simulated ({results[0].failed})",
            where=f"{search.citizens:,} citizens",
            mend="ask for more --citizens",
        )
    found = {}
    for one in search.targets:
        values = np.array([row[one.quantity] for row in good])
        found[one.quantity] = (float(values.mean()), float(values.var(ddof=1)))
    return found


def _emulators(search: Search, every: Sequence[Tried]) -> dict[str, Emulator]:
    if len(every) < 2:
        raise CannotFit(
            f"only {len(every)} vectors could be simulated",
            where=f"{search.citizens:,} citizens",
            mend="ask for more --citizens or --vectors; tried.jsonl says why each failed",
        )
    places = np.array([search.places(one.trial.values) for one in every])
    values = {
        one.quantity: np.array([(row.quantities or {})[one.quantity] for row in every])
        for one in search.targets
    }
    return {name: fit(places, column) for name, column in values.items()}


def _candidates(
    search: Search,
    wave: int,
    emulators: dict[str, Emulator],
    luck: dict[str, tuple[float, float]],
) -> tuple[np.ndarray, float]:
    """Return vectors that the emulators do not rule out, and the share of the space they leave."""
    kept: list[np.ndarray] = []
    drawn = passed = taken = 0
    for part in range(_DRAWS):
        places = uniforms(search.seed, 1000 * wave + part, _DRAWN, len(search.free))
        drawn += len(places)
        places = places[search.emulated(places, emulators, rough=True) <= CUT_OFF]
        places = places[search.emulated(places, emulators) <= CUT_OFF]
        passed += len(places)
        lots = uniforms(search.seed, 1000 * wave + 500 + part, len(places), 1)[:, 0]
        places = places[lots * _LIKELY < search.chance(places, emulators, luck)]
        taken += len(places)
        kept.append(places)
        if taken >= search.vectors:
            break
    if not taken:
        raise CannotFit(
            "the emulators rule out every vector",
            where=f"wave {wave}",
            mend="see whether the targets can be met together, or ask for more --vectors",
        )
    return np.concatenate(kept)[: search.vectors], passed / drawn
