"""From a study to its members: points, crossed with regimes and seeds."""

from __future__ import annotations

import hashlib
import itertools
import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar

from glasscity.behaviour import Behaviour, altered, load_behaviour, matched
from glasscity.catalogue.entry import Entry
from glasscity.catalogue.reader import Document, Problem, quoted
from glasscity.country import Country, load_country
from glasscity.errors import BadArgument, GlasscityError, NotFound
from glasscity.regime import Regime, load_regime
from glasscity.scenario import DEFAULT_SEED, Scenario, parse_citizens, parse_strength
from glasscity.study.members import Member, entry_hash
from glasscity.study.plan import STRENGTHS, Ends, Seeds, Study, Vectors
from glasscity.study.vectors import Free, hypercube

__all__ = ["Laid", "Point", "lay", "problems"]

MOST_POINTS = 100_000
Label: TypeAlias = "str | int | float"
Value = TypeVar("Value")


@dataclass(frozen=True)
class Point:
    """One combination of all axes but seeds and regimes.

    Attributes
    ----------
    labels : dict of axis to value
        ``vector``, ``citizens``, parameters and strengths by name: those that the study varies.
    behaviour : Behaviour
    strengths : dict of name to number
        Laid over the regime's own.
    citizens : int
    """

    labels: dict[str, Label]
    behaviour: Behaviour
    strengths: dict[str, float]
    citizens: int


@dataclass(frozen=True)
class Laid:
    """A study laid out: everything that it runs.

    ``matched`` holds the names of the vectors of the matched set among the points.
    """

    study: Study
    country: Country
    regimes: tuple[Regime, ...]
    points: tuple[Point, ...]
    seeds: tuple[int, ...]
    months: int
    start: str
    matched: frozenset[str] = field(default_factory=frozenset)

    def members(self) -> Iterator[Member]:
        """Yield every member: regimes, in them points, in them seeds."""
        for regime, (number, point), seed in itertools.product(
            self.regimes, enumerate(self.points), self.seeds
        ):
            scenario = Scenario(
                regime,
                country=self.country,
                behaviour=point.behaviour,
                citizens=point.citizens,
                months=self.months,
                start=self.start,
                seed=seed,
                strengths=point.strengths,
            )
            labels = {"regime": regime.name, "point": number, "seed": seed, **point.labels}
            yield Member(scenario, labels, twin=self.study.twin)

    @property
    def size(self) -> int:
        """How many members there are."""
        return len(self.regimes) * len(self.points) * len(self.seeds)


def problems(study: Study, document: Document) -> list[Problem]:
    """Return what the catalogue says against a study whose form is right."""
    found = _Catalogue(study, document)
    found.look()
    return found.problems


def lay(study: Study, document: Document) -> Laid:
    """Return a study laid out.

    Raises
    ------
    BadFile
        With the first problem, if it has any.
    """
    found = _Catalogue(study, document)
    laid = found.look()
    if found.problems or laid is None:
        raise found.problems[0].error()
    return laid


class _Catalogue:
    """Looks a study's names and numbers up, and keeps every complaint with its line."""

    def __init__(self, study: Study, document: Document) -> None:
        self.study, self._document = study, document
        self.problems: list[Problem] = []

    def _complain(self, place: Sequence[str | int], error: GlasscityError) -> None:
        at = self._document.place(place)
        named = ".".join(str(step) for step in at)
        what = f"{named}: {error.what}" if named else error.what
        self.problems.append(Problem(self._document.where(at), what, error.allowed, error.mend))

    def _try(self, place: Sequence[str | int], make: Callable[[], Value]) -> Value | None:
        try:
            return make()
        except GlasscityError as error:
            self._complain(place, error)
            return None

    def look(self) -> Laid | None:
        """Return the study laid out, or None where there is a problem."""
        base, axes = self.study.base, self.study.axes
        country = self._try(("base", "country"), lambda: load_country(base.country))
        central = self._try(("base", "parameters"), lambda: load_behaviour(base.parameters))
        regimes = self._regimes()
        vectors = self._vectors(central)
        strengths = self._base_strengths()
        first = parse_seed(base.seed) if base.seed is None else None
        if base.seed is not None:
            first = self._try(("base", "seed"), lambda: parse_seed(base.seed))
        citizens = [
            self._try(place, lambda one=one: parse_citizens(one))
            for place, one in (
                [(("base", "citizens"), base.citizens)]
                if axes.citizens is None
                else [(("axes", "citizens", at), one) for at, one in enumerate(axes.citizens)]
            )
        ]
        swept = {} if central is None else self._swept(central)
        timed = None
        if regimes and country is not None and central is not None:
            timed = self._try(("base",), lambda: self._timed(regimes[0], country, central))
        if self.problems or country is None or timed is None or first is None:
            return None
        points = self._points(vectors, swept, strengths, [one for one in citizens if one])
        seeds = axes.seeds
        if isinstance(seeds, Seeds):
            begin = first if seeds.first is None else seeds.first
            seeds = tuple(begin + k for k in range(seeds.count))
        names = frozenset(one.name for one in matched()) if axes.vectors is not None else ()
        return (
            Laid(
                study=self.study,
                country=country,
                regimes=tuple(regimes),
                points=tuple(points or ()),
                seeds=seeds or (first,),
                months=timed.months,
                start=timed.start,
                matched=frozenset(one.name for one in vectors) & frozenset(names),
            )
            if points
            else None
        )

    def _regimes(self) -> list[Regime]:
        base, axes = self.study.base, self.study.axes
        found: list[Regime] = []
        if axes.regimes is None:
            named = [(("base", "regime"), base.regime or "citizen-score-2020")]
        else:
            named = [(("axes", "regimes", at), name) for at, name in enumerate(axes.regimes)]
        for place, name in named:
            one = self._try(place, lambda name=name: load_regime(name))
            if one is None:
                continue
            if any(one.name == other.name for other in found):
                error = BadArgument(
                    f"two regimes of the name {quoted(one.name)}", mend="rename one in its file"
                )
                self._complain(place, error)
            found.append(one)
        return found

    def _timed(self, first: Regime, country: Country, behaviour: Behaviour) -> Scenario:
        """Return a scenario with the months and the start that all regimes share."""
        base = self.study.base
        regime = first if base.regime is None else load_regime(base.regime)
        return Scenario(
            regime,
            country=country,
            behaviour=behaviour,
            citizens=1,
            months=base.months,
            start=base.start,
        )

    def _vectors(self, central: Behaviour | None) -> list[Behaviour]:
        asked = self.study.axes.vectors
        if asked is None:
            return [] if central is None else [central]
        names: list[tuple[tuple[str | int, ...], str]] = []
        if isinstance(asked, Vectors):
            names = [(("axes", "vectors", "named", k), one) for k, one in enumerate(asked.named)]
            every = [one.name for one in matched()]
            number = len(every) if asked.matched == "all" else asked.matched or 0
            place = ("axes", "vectors", "matched")
            if number > len(every):
                error = BadArgument(
                    f"there are no {number} matched vectors", allowed=f"1 to {len(every)}, or all"
                )
                self._complain(place, error)
                number = 0
            # Evenly out of the set, which stands in the order in which it was found.
            names += [(place, every[int((k + 0.5) * len(every) / number)]) for k in range(number)]
        else:
            names = [(("axes", "vectors", at), one) for at, one in enumerate(asked)]
        if not names and not self.problems:
            self._complain(
                ("axes", "vectors"),
                BadArgument(
                    "no vector is asked for", allowed="named: [central, critic], matched: 20"
                ),
            )
        found = []
        for place, name in names:
            one = self._try(place, lambda name=name: load_behaviour(name))
            if one is not None:
                found.append(one)
        return found

    def _base_strengths(self) -> dict[str, float]:
        base, found = self.study.base, {}
        for key, name, value in (
            *(("with", name, value) for name, value in base.present.items()),
            *(("without", name, 0.0) for name in base.absent),
        ):
            place = ("base", key, name) if key == "with" else ("base", key)
            one = self._try(place, lambda name=name, value=value: parse_strength(name, value))
            if one is None:
                continue
            if found.setdefault(one[0], one[1]) != one[1]:
                error = BadArgument(f"'{name}' is given two strengths", mend="name it once")
                self._complain(place, error)
        return found

    def _swept(self, central: Behaviour) -> dict[str, tuple[str, Any]]:
        """Return each parameter and strength that varies: its kind, and its levels or range."""
        found: dict[str, tuple[str, Any]] = {}
        for kind in ("parameters", "strengths"):
            for name, asked in getattr(self.study.axes, kind).items():
                place = ("axes", kind, name)
                declared = self._try(
                    place,
                    lambda kind=kind, name=name: (
                        parameter(central, name) if kind == "parameters" else _strength(name)
                    ),
                )
                if declared is None:
                    continue
                made = self._try(
                    place,
                    lambda declared=declared, asked=asked: _levels(declared, asked, self.study),
                )
                if made is not None:
                    found[name] = kind, made
        return found

    def _points(
        self,
        vectors: Sequence[Behaviour],
        swept: Mapping[str, tuple[str, Any]],
        strengths: Mapping[str, float],
        citizens: Sequence[int],
    ) -> list[Point] | None:
        study = self.study
        rows: list[tuple[Any, ...]]
        latin = study.design.kind == "latin"
        lists = (
            []
            if latin
            else [[(name, value) for value in made] for name, (_, made) in swept.items()]
        )
        number = math.prod(map(len, lists)) * len(vectors) * len(citizens)
        number *= (study.design.count or 1) if latin else 1
        if number > MOST_POINTS and study.design.kind != "paired":
            error = BadArgument(
                f"the axes make {number:,} points",
                allowed=f"up to {MOST_POINTS:,}",
                mend="shorten a list, or take the design 'latin'",
            )
            self._complain(("axes",), error)
            return None
        if study.design.kind == "paired":
            several = [len(one) for one in (vectors, citizens, *lists) if len(one) > 1]
            number = several[0] if several else 1
            if any(one != number for one in several):
                error = BadArgument(
                    f"paired axes are not of one length: {', '.join(map(str, several))}",
                    allowed="lists of one length",
                )
                self._complain(("axes",), error)
                return None
            full = [list(one) * (number if len(one) == 1 else 1) for one in lists]
            one_each = [list(one) * (number if len(one) == 1 else 1) for one in (vectors, citizens)]
            rows = [
                (one_each[0][k], [one[k] for one in full], one_each[1][k]) for k in range(number)
            ]
        elif latin:
            count = study.design.count or 0
            table = hypercube(study.design.seed, 0, count, len(swept))
            drawn = [
                [
                    (name, made.value(float(table[k, column])))
                    for column, (name, (_, made)) in enumerate(swept.items())
                ]
                for k in range(count)
            ]
            rows = list(itertools.product(vectors, drawn, citizens))
        else:
            rows = list(itertools.product(vectors, itertools.product(*lists), citizens))
        return [
            self._point(vector, values, number, swept, strengths) for vector, values, number in rows
        ]

    def _point(
        self,
        vector: Behaviour,
        values: Sequence[tuple[str, float]],
        citizens: int,
        swept: Mapping[str, tuple[str, Any]],
        strengths: Mapping[str, float],
    ) -> Point:
        axes = self.study.axes
        labels: dict[str, Label] = {}
        if axes.vectors is not None:
            labels["vector"] = vector.name
        labels |= dict(values)
        if axes.citizens is not None:
            labels["citizens"] = citizens
        moved = {name: value for name, value in values if swept[name][0] == "parameters"}
        own = {name: value for name, value in values if swept[name][0] == "strengths"}
        return Point(labels, _moved(vector, moved), {**strengths, **own}, citizens)


def parse_seed(value: Any) -> int:
    """Return a seed; the default where there is none."""
    return DEFAULT_SEED if value is None else Scenario("unscored", citizens=1, seed=value).seed


def parameter(behaviour: Behaviour, name: str) -> Free:
    """Return a parameter of behaviour with the range that it declares.

    Parameters
    ----------
    name : str
        The attribute; with a dot and a number, one entry of a row.

    Raises
    ------
    NotFound
        If there is none.
    BadArgument
        If it is a row, or declares no range.
    """
    attribute, dot, index = name.partition(".")
    own = [one for one in Behaviour.model_fields if one not in Entry.model_fields]
    if attribute not in own:
        raise NotFound.among("parameter", name[:60], own)
    quantity = getattr(behaviour, attribute)
    row = isinstance(quantity.value, tuple)
    places = [str(k) for k in range(len(quantity.numbers))] if row else []
    if (row and index not in places) or (dot and not row):
        raise BadArgument(
            f"'{name[:60]}' is not one number",
            allowed=", ".join(f"{attribute}.{k}" for k in places) or attribute,
            mend="name one entry of the row" if row else f"write {attribute}",
        )
    if quantity.low is None:
        raise BadArgument(
            f"'{name}' declares no range", allowed="parameters of grade D (glasscity parameters)"
        )
    at = int(index or 0)
    low, high = float(quantity.lows[at]), float(quantity.highs[at])
    return Free(name, low, high, low > 0 and high / low >= 10)


def _strength(name: str) -> Free:
    if name not in STRENGTHS:
        raise NotFound.among("mechanism or safeguard", name[:60], STRENGTHS)
    return Free(name, 0.0, 1.0, False)


def _levels(declared: Free, asked: Any, study: Study) -> Any:
    """Return the levels of an axis, or the range that a Latin hypercube fills."""
    if isinstance(asked, Ends):
        low = declared.low if asked.low is None else float(asked.low)
        high = declared.high if asked.high is None else float(asked.high)
        for value in (low, high):
            _within(declared, value)
        if not low < high:
            raise BadArgument(
                f"the range is upside down: low {low:g} is not below high {high:g}",
                allowed="low below high",
                mend="exchange them",
            )
        if study.design.kind == "latin":
            return Free(declared.name, low, high, low > 0 and high / low >= 10)
        steps = (asked.count or 2) - 1
        return [float(f"{low + (high - low) * k / steps:.6g}") for k in range(steps + 1)]
    for value in asked:
        _within(declared, value)
    return [float(value) for value in asked]


def _within(declared: Free, value: float) -> None:
    if not declared.low <= value <= declared.high:
        raise BadArgument(
            f"{value:g} is outside the range of '{declared.name}'",
            allowed=f"{declared.low:g} to {declared.high:g}",
        )


# Thousands of points share a few behaviours: one object each, hashed once.
_MOVED: dict[str, Behaviour] = {}


def _moved(vector: Behaviour, values: Mapping[str, float]) -> Behaviour:
    """Return a vector with some parameters moved, named after what it says."""
    if not values:
        return vector
    text = json.dumps([entry_hash(vector), sorted(values.items())])
    key = hashlib.sha256(text.encode()).hexdigest()
    if key not in _MOVED:
        if len(_MOVED) > 4096:
            _MOVED.clear()
        said = ", ".join(f"{name} {value:g}" for name, value in values.items())
        _MOVED[key] = altered(
            vector,
            values,
            name=f"{vector.name[:60]}-{key[:8]}",
            title=f"'{vector.name}' with values of a study",
            about=f"Set by a study: {said}."[:900],
        )
    return _MOVED[key]
