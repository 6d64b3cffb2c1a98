"""Every headline figure of a pair: both worlds, the difference, and what chance might do to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from glasscity.rights.findings import HEADLINES, Figure
from glasscity.rights.measures import Number
from glasscity.rights.paired.noise import Noise, Verdict, judged, noise_of, of_people
from glasscity.rights.paired.source import Paired
from glasscity.rights.sizes import sizes_of

__all__ = ["PairFigure", "pair_figures"]


@dataclass(frozen=True, kw_only=True)
class PairFigure:
    """One figure in both worlds of a pair.

    Attributes
    ----------
    name, title, unit, denominator, definition, estimable : str
        As :class:`glasscity.rights.Measure` has them.
    grades : tuple of str
        Evidence grades of the values that it hangs on, in either world.
    base, other : int, float or None
        Its values; None = not estimable.
    base_interval, other_interval : (low, high) or None
        For shares of causes; the difference is that of the lower ends.
    difference : int, float or None
        Other less base.
    noise : Noise
        What chance might do to the difference.
    variance_ratio : float or None
        What pairing leaves of the variance of the difference; None where it was not measured.
    verdict : Verdict
    """

    name: str
    title: str
    unit: str
    denominator: str
    definition: str
    estimable: str
    grades: tuple[str, ...]
    base: Number
    other: Number
    base_interval: tuple[float, float] | None
    other_interval: tuple[float, float] | None
    difference: Number
    noise: Noise
    variance_ratio: float | None
    verdict: Verdict

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % interval of the difference over seeds; None where there is none."""
        if self.difference is None or self.noise.error is None:
            return None
        return self.difference - self.noise.error, self.difference + self.noise.error


def pair_figures(paired: Paired) -> dict[str, PairFigure]:
    """Return every headline figure of a pair, by name, in the order of the story."""
    here, there = paired.found
    sizes = sizes_of(here), sizes_of(there)
    people, own = float(here.about["citizens"]), _own_differences(paired)
    found = {}
    for name in HEADLINES:
        size = tuple(one.get(name, people) for one in sizes)
        found[name] = _figure(paired, here[name], there[name], (size[0], size[1]), own.get(name))
    return found


def _own_differences(paired: Paired) -> dict[str, float]:
    """Return the errors of the means over citizens that the registers hold one by one."""
    both = [run.people for run in (paired.base, paired.other)]
    months = [people["months_shut_out"].to_numpy().astype(np.int64) for people in both]
    last = [people["shut_out"].to_numpy() > 0 for people in both]
    return {
        "restricted_share": of_people(last[1].astype(np.int64) - last[0]),
        "ever_restricted_share": of_people((months[1] > 0).astype(np.int64) - (months[0] > 0)),
        "restricted_months_per_citizen": of_people(months[1] - months[0]),
    }


def _figure(
    paired: Paired,
    here: Figure,
    there: Figure,
    sizes: tuple[float, float],
    people: float | None,
) -> PairFigure:
    stored: Mapping[str, object] = paired.comparison
    ratios, variance = stored.get("variance_ratio"), stored.get("variance")
    noise = noise_of(
        here.name,
        here.unit,
        (here.value, there.value),
        sizes,
        variance=variance if isinstance(variance, Mapping) else {},
        placebo=paired.placebo,
        people=people,
    )
    known = here.value is not None and there.value is not None
    difference = (there.value or 0) - (here.value or 0) if known else None
    ratio = ratios.get(here.name) if isinstance(ratios, Mapping) else None
    return PairFigure(
        name=here.name,
        title=here.title,
        unit=here.unit,
        denominator=here.denominator,
        definition=here.definition,
        estimable=here.estimable,
        grades=tuple(sorted(set(here.grades) | set(there.grades))),
        base=here.value,
        other=there.value,
        base_interval=here.interval,
        other_interval=there.interval,
        difference=difference,
        noise=noise,
        variance_ratio=ratio,
        verdict=judged(difference, noise),
    )
