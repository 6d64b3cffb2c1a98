"""What a sensitivity study moves: the free parameters of behaviour, and assumed exposures.

An input has a place in [0, 1]: 0 is its low end and 1 its high end, on a logarithmic scale where
its range spans a decade or more.  Exposures are numbers of the regime or the country that no source
fixes and that results hang on (model.md, 10 and 11): each moves several values of an entry at once,
since the entry repeats them gate by gate.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from glasscity.behaviour import Behaviour, altered
from glasscity.catalogue.entry import Entry, fingerprint, walk
from glasscity.errors import NotFound
from glasscity.scenario import Scenario
from glasscity.study.evidence import matched_ends, with_value
from glasscity.study.vectors import FREE, Free, ranges

__all__ = ["EXPOSURES", "Exposure", "Input", "inputs", "moved"]

# Of how people do each other favours: assumed, and in no matched vector.
_MORE_FREE = ("imitation", "innate", "opinion_drift")
_DIGITS = 4


@dataclass(frozen=True)
class Exposure:
    """A group of assumed numbers that moves as one.

    Attributes
    ----------
    name : str
    where : {"regime", "country"}
    unit : str
    low, high : float
        Ends.
    about : str
        What is moved.
    names : callable
        Given the entry, the names of its values that move.
    value : callable
        Given a quantity and the exposure's value, the quantity's value.
    choices : tuple of str
        Where it is a choice: its values, in the order of their places.
    """

    name: str
    where: str
    unit: str
    low: float
    high: float
    about: str
    names: Callable[[Entry], list[str]]
    value: Callable[[Any, float], Any]
    choices: tuple[str, ...] = ()


def _named(*wanted: str) -> Callable[[Entry], list[str]]:
    def names(entry: Entry) -> list[str]:
        return [name for _, name, _ in walk(entry) if name in wanted]

    return names


def _cut_offs(entry: Entry) -> list[str]:
    return [
        name
        for _, name, quantity in walk(entry)
        if name.startswith("gates.") and name.endswith(".percentile") and quantity.value
    ]


def _traits_reference(entry: Entry) -> list[str]:
    # Those of which a person of whom nothing adverse is known may have less than the top.
    return [
        name
        for _, name, quantity in walk(entry)
        if name.startswith("operator.reference.")
        and quantity.low is not None
        and float(quantity.lows[0]) < 0.5
    ]


def _itself(_: Any, value: float) -> float:
    return value


def _along(quantity: Any, share: float) -> list[float]:
    return [
        float(f"{low + (high - low) * share:.{_DIGITS}g}")
        for low, high in zip(quantity.lows, quantity.highs, strict=True)
    ]


_STATISTICS = ("mean", "standardised", "below_bar")

EXPOSURES: tuple[Exposure, ...] = (
    Exposure(
        "cut_off",
        "regime",
        "percentile",
        1,
        20,
        "the percentile under which a gate closes, the same at every gate that has one",
        _cut_offs,
        _itself,
    ),
    Exposure(
        "friends_statistic",
        "regime",
        "choice",
        0,
        1,
        "what of ties' scores counts",
        _named("operator.statistic"),
        lambda _, value: _STATISTICS[min(2, int(3 * value))],
        _STATISTICS,
    ),
    Exposure(
        "friends_weight",
        "regime",
        "share of the score",
        0.01,
        0.2,
        "the weight of relationships, the other categories scaled around it",
        _named("operator.weights.relationships"),
        _itself,
    ),
    Exposure(
        "reference",
        "regime",
        "input",
        0.3,
        1,
        "the reference value of traits, way of life, ties and voice, on which attribution hangs",
        _traits_reference,
        _itself,
    ),
    Exposure(
        "memory",
        "regime",
        "weight of a month",
        0.02,
        0.1,
        "how fast the national score forgets",
        _named("operator.memory_history"),
        _itself,
    ),
    Exposure(
        "homophily",
        "country",
        "share of its range",
        0,
        1,
        "likeness of ties in conscientiousness: whether friends tell anything about a person",
        _named("homophily.conscientiousness"),
        _along,
    ),
    Exposure(
        "profile_by_age",
        "country",
        "correlation",
        0,
        0.4,
        "how far what is judged as a way of life spreads by age",
        _named("profile_by_age"),
        _itself,
    ),
)
_EXPOSURES = {one.name: one for one in EXPOSURES}


@dataclass(frozen=True)
class Input:
    """One thing that a study moves.

    Attributes
    ----------
    name : str
        A parameter of behaviour, or one of :data:`EXPOSURES`.
    where : {"behaviour", "regime", "country"}
    unit : str
    free : Free
        Ends and scale.
    about : str
        What is moved, in words.
    choices : tuple of str
        Where it is a choice.
    """

    name: str
    where: str
    unit: str
    free: Free
    about: str = ""
    choices: tuple[str, ...] = ()

    def value(self, place: float) -> float:
        """Return the value at a place in [0, 1]."""
        return self.free.value(place)

    def place(self, value: float) -> float:
        """Return the place of a value, which need not lie in the range."""
        return self.free.place(value)

    def shown(self, value: float) -> float | str:
        """Return a value as a reader knows it: the name where it is a choice."""
        if not self.choices:
            return value
        return self.choices[min(len(self.choices) - 1, int(len(self.choices) * value))]

    def row(self) -> dict[str, Any]:
        """Return the input as a row of a table."""
        return {
            "input": self.name,
            "where": self.where,
            "unit": self.unit,
            "low": self.shown(self.free.low),
            "high": self.shown(self.free.high),
            "scale": "choice" if self.choices else "logarithmic" if self.free.log else "linear",
            "about": self.about,
        }


def inputs(
    scenario: Scenario, names: Sequence[str] = (), *, declared: bool = False
) -> tuple[Input, ...]:
    """Return what can be moved of a scenario.

    Ends of behaviour are those of the matched set, where its vectors differ in the parameter, and
    the declared ones elsewhere.  An exposure that the scenario does not carry (no score, no
    cut-off) is left out.

    Parameters
    ----------
    names : sequence of str, optional
        Only these; all by default.
    declared : bool
        Whether behaviour has its declared ends, zero and opposite signs included, and not those of
        the matched set.

    Raises
    ------
    NotFound
        If there is none of a name.
    """
    ends = {} if declared else matched_ends()
    units = {name: quantity.unit for _, name, quantity in walk(scenario.behaviour)}
    found = []
    for free in ranges(scenario.behaviour, (*FREE, *_MORE_FREE)):
        parameter, dot, index = free.name.partition(".")
        low, high = ends.get(parameter, (free.low, free.high))
        if dot and parameter in ends:
            low, high = low[int(index)], high[int(index)]
        # The scale stays that of the declared range: an end that only happens to lie near zero
        # would stretch a logarithm over it.
        narrowed = Free(free.name, float(low), float(high), free.log)
        found.append(Input(free.name, "behaviour", units[parameter], narrowed))
    for one in EXPOSURES:
        entry: Entry = scenario.regime if one.where == "regime" else scenario.country
        if one.names(entry):
            log = one.low > 0 and one.high / one.low >= 10
            free = Free(one.name, one.low, one.high, log)
            found.append(Input(one.name, one.where, one.unit, free, one.about, one.choices))
    if not names:
        return tuple(found)
    known = {one.name: one for one in found}
    for name in names:
        if name not in known:
            raise NotFound.among("input", name, known)
    return tuple(known[name] for name in names)


def moved(scenario: Scenario, values: Mapping[str, float]) -> Scenario:
    """Return a scenario with some inputs at other values.

    The same values give an equal scenario, whoever asks: entries that are changed are called
    ``swept`` and nothing else, so that no world is run twice under two names.

    Parameters
    ----------
    values : mapping of input to number
        By the names of :func:`inputs`.
    """
    of_behaviour = {name: value for name, value in values.items() if name not in _EXPOSURES}
    changed: dict[str, Any] = {}
    if of_behaviour:
        changed["behaviour"] = _behaviour(scenario.behaviour, of_behaviour)
    for where, entry in (("regime", scenario.regime), ("country", scenario.country)):
        own = tuple(
            (name, value)
            for name, value in sorted(values.items())
            if name in _EXPOSURES and _EXPOSURES[name].where == where
        )
        if own:
            changed[where] = _entry(entry, own)
    return scenario.but(**changed) if changed else scenario


def _behaviour(base: Behaviour, values: Mapping[str, float]) -> Behaviour:
    return altered(
        base, values, name="swept", title="A vector of a sensitivity study", about="Swept."
    )


# Entries with some exposures moved, since designs repeat them and checking one takes a while.
_moved: dict[tuple[str, tuple[tuple[str, float], ...]], Entry] = {}


def _entry(entry: Entry, values: tuple[tuple[str, float], ...]) -> Entry:
    """Return an entry with some exposures moved."""
    key = (fingerprint(entry), values)
    if key not in _moved:
        _moved[key] = _with(entry, values)
    return _moved[key]


def _with(entry: Entry, values: tuple[tuple[str, float], ...]) -> Entry:
    for name, value in values:
        one = _EXPOSURES[name]
        for which in one.names(entry):
            quantity = next(known for _, label, known in walk(entry) if label == which)
            entry = with_value(entry, which, one.value(quantity, value))
    return entry
