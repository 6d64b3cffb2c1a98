"""A scenario: which regime, over which country, with which behaviour, for whom and how long.

A scenario is checked when it is made and never changes.  Written as JSON it holds the whole
regime, country and behaviour, so that a run folder explains itself and needs no other file.
"""

from __future__ import annotations

import json
import math
import operator
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, fields
from decimal import Decimal, InvalidOperation
from pathlib import Path
from types import MappingProxyType
from typing import Any, SupportsIndex, TypeAlias, TypeVar

from pydantic import BaseModel

from glasscity.behaviour import Behaviour, load_behaviour
from glasscity.catalogue.entry import fingerprint
from glasscity.catalogue.reader import Document, Refused, quoted
from glasscity.catalogue.translate import validated
from glasscity.country import Country, load_country
from glasscity.errors import BadArgument, BadFile, NotFound
from glasscity.quantity import month_number, month_text
from glasscity.regime import Regime, load_regime
from glasscity.terms import MANIPULATIONS, MECHANISMS, SAFEGUARDS

__all__ = [
    "DEFAULT_SEED",
    "MANIPULATIONS",
    "MECHANISMS",
    "SAFEGUARDS",
    "Fork",
    "Scenario",
    "parse_citizens",
    "parse_start",
    "parse_strength",
]

DEFAULT_SEED = 20140614
MOST_SEED = 2**63 - 1
# A citizen's number has 63 bits, a month's 16.
MOST_CITIZENS = 2**63 - 1
MOST_MONTHS = 65_535
FORMAT = 1

Entry = TypeVar("Entry", bound=BaseModel)
Amount: TypeAlias = SupportsIndex | float | str


def parse_citizens(value: Amount) -> int:
    """Return a number of citizens.

    Parameters
    ----------
    value : int, float or str
        A whole number from 1 up; ``"1e6"``, ``"1.3e9"`` and ``"100_000"`` are understood.

    Raises
    ------
    BadArgument
        If it is anything else.
    """
    return _whole(value, "citizens", 1, MOST_CITIZENS, "100000, 1e6 or 1.3e9")


def parse_start(value: str) -> str:
    """Return a start month as ``YYYY-MM``.

    Raises
    ------
    BadArgument
        If there is no such month, or it is before 1900 or after 2200.
    """
    try:
        return month_text(month_number(value))
    except ValueError:
        raise BadArgument(
            f"start {quoted(value)} is not a month",
            allowed="YYYY-MM, 1900-01 to 2200-12",
            mend="write it like 2014-06",
        ) from None


def parse_strength(name: str, value: object = 1.0) -> tuple[str, float]:
    """Return the name of a mechanism, safeguard or manipulation and its strength.

    Raises
    ------
    NotFound
        If there is none of that name.
    BadArgument
        If the strength is not in [0, 1].
    """
    known = (*MECHANISMS, *SAFEGUARDS, *MANIPULATIONS)
    if name not in known:
        raise NotFound.among("mechanism or safeguard", quoted(name)[1:-1], known)
    try:
        strength = math.nan if isinstance(value, bool) else float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        strength = math.nan
    if not 0 <= strength <= 1:
        raise BadArgument(
            f"strength {quoted(value)} of {name} is outside its range",
            allowed="0 (absent) to 1",
            mend=f"write {name}:strength=0.5",
        )
    return name, strength


@dataclass(frozen=True, eq=False)
class Fork:
    """What a history was before another regime began: the rules until a month.

    Attributes
    ----------
    month : int
        The month of the run, from 0, in which the other regime begins.
    regime : Regime
        The regime until then.
    strengths : mapping of name to float
        Those of mechanisms, safeguards and manipulations until then.
    fork : Fork or None
        What came before that, where the history has forked more than once.
    """

    month: int
    regime: Regime
    strengths: Mapping[str, float]
    fork: Fork | None = None

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Fork):
            return NotImplemented
        return all(getattr(self, one.name) == getattr(other, one.name) for one in fields(self))

    def __hash__(self) -> int:
        return hash((self.month, self.regime.name))


@dataclass(frozen=True, init=False, eq=False)
class Scenario:
    """One world to run.

    Parameters
    ----------
    regime : str, Path or Regime
        Catalogue name, path to a YAML file, or a loaded one.
    country, behaviour : str, Path, Country or Behaviour
        Likewise.
    citizens : int, float or str
        Whole number from 1 up; ``1e6`` is understood.
    months : int or None
        From 1; the regime's own number where it is left out.
    start : str or None
        ``YYYY-MM``; the regime's own start where it is left out.
    seed : int
        0 to 2**63 - 1.
    strengths : mapping of name to number, optional
        Of mechanisms (1 unless given), safeguards and manipulations (0 unless given), in [0, 1];
        laid over what the regime itself says.
    fork : Fork, optional
        The rules of the months before this regime began, where it began in the middle of a run.

    Attributes
    ----------
    strengths : mapping of name to float
        All of them, mechanisms first.

    Raises
    ------
    BadInput
        Of the kind that fits, with what is allowed and how to mend it.
    """

    regime: Regime
    country: Country
    behaviour: Behaviour
    citizens: int
    months: int
    start: str
    seed: int
    strengths: Mapping[str, float]
    fork: Fork | None

    def __init__(
        self,
        regime: str | Path | Regime = "citizen-score-2020",
        *,
        country: str | Path | Country = "china-2020",
        behaviour: str | Path | Behaviour = "central",
        citizens: Amount = 100_000,
        months: Amount | None = None,
        start: str | None = None,
        seed: Amount = DEFAULT_SEED,
        strengths: Mapping[str, float] | None = None,
        fork: Fork | None = None,
    ) -> None:
        rules = regime if isinstance(regime, Regime) else load_regime(_named("regime", regime))
        place = (
            country if isinstance(country, Country) else load_country(_named("country", country))
        )
        ways = (
            behaviour
            if isinstance(behaviour, Behaviour)
            else load_behaviour(_named("behaviour", behaviour))
        )
        given: dict[str, float] = {str(name): 1.0 for name in MECHANISMS}
        given.update({str(name): 0.0 for name in (*SAFEGUARDS, *MANIPULATIONS)})
        given.update({name: float(one) for name, one in rules.strengths.items()})
        if strengths is not None and not isinstance(strengths, Mapping):
            raise BadArgument("strengths is not a mapping", allowed="a name and a number each")
        for name, value in (strengths or {}).items():
            key, strength = parse_strength(str(name), value)
            given[key] = strength
        values: dict[str, Any] = {
            "regime": rules,
            "country": place,
            "behaviour": ways,
            "citizens": parse_citizens(citizens),
            "months": _whole(
                rules.months if months is None else months, "months", 1, MOST_MONTHS, "84"
            ),
            "start": parse_start(rules.start if start is None else start),
            "seed": _whole(seed, "seed", 0, MOST_SEED, "7"),
            "strengths": MappingProxyType(given),
            "fork": fork,
        }
        _check_fork(fork, values["months"])
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Scenario):
            return NotImplemented
        return all(getattr(self, one.name) == getattr(other, one.name) for one in fields(self))

    def __hash__(self) -> int:
        return hash((self.fingerprint(), self.citizens, self.months, self.start, self.seed))

    def __reduce__(self) -> tuple[Any, ...]:
        # Studies send scenarios to other processes, and a read-only mapping cannot be pickled.
        return Scenario.from_json, (self.to_json(),)

    def but(self, **changes: Any) -> Scenario:
        """Return the same scenario with some arguments changed.

        Strengths that are given are laid over those that are there.
        """
        same: dict[str, Any] = {one.name: getattr(self, one.name) for one in fields(self)}
        if "strengths" in changes:
            changes["strengths"] = {**same["strengths"], **(changes["strengths"] or {})}
        return Scenario(**{**same, **changes})

    def unscored(self) -> Scenario:
        """Return the same people, months and luck where nobody is scored and nothing limits it."""
        same: dict[str, Any] = {one.name: getattr(self, one.name) for one in fields(self)}
        unscored = {"regime": load_regime("unscored"), "strengths": None, "fork": None}
        return Scenario(**{**same, **unscored})

    def forked(self, month: int, regime: str | Path | Regime, **changes: Any) -> Scenario:
        """Return the scenario in which another regime takes over in a month.

        Parameters
        ----------
        month : int
            From 0 to the months less one; after the last fork of this scenario.
        regime : str, Path or Regime
            From that month on.
        **changes
            ``strengths``, laid over what that regime itself says.
        """
        same: dict[str, Any] = {one.name: getattr(self, one.name) for one in fields(self)}
        before = Fork(month, self.regime, self.strengths, self.fork)
        fresh = {"regime": regime, "strengths": None, "fork": before}
        return Scenario(**{**same, **fresh, **changes})

    def segments(self) -> list[tuple[int, Scenario]]:
        """Return (first month, scenario without forks) for every regime of the history in turn."""
        same: dict[str, Any] = {one.name: getattr(self, one.name) for one in fields(self)}
        found: list[tuple[int, Scenario]] = []
        regime, strengths, fork = self.regime, self.strengths, self.fork
        while True:
            world = Scenario(**{**same, "regime": regime, "strengths": strengths, "fork": None})
            found.insert(0, (0 if fork is None else fork.month, world))
            if fork is None:
                return found
            regime, strengths, fork = fork.regime, fork.strengths, fork.fork

    def month_name(self, month: int) -> str:
        """Return the calendar month ``YYYY-MM`` of a month of the run, counted from 0."""
        return month_text(month_number(self.start) + month)

    def month_of(self, name: str) -> int:
        """Return the month of the run, counted from 0, of a calendar month; negative before it."""
        return month_number(name) - month_number(self.start)

    def fingerprint(self) -> str:
        """Return the SHA-256 of the regime, country and behaviour, and of regimes before a fork."""
        before = []
        fork = self.fork
        while fork is not None:
            before.append(fork.regime)
            fork = fork.fork
        return fingerprint([self.regime, self.country, self.behaviour, *before])

    def to_json(self) -> str:
        """Return the scenario as JSON that `from_json` reads, catalogue entries included."""
        data = {
            "format": FORMAT,
            "citizens": self.citizens,
            "months": self.months,
            "start": self.start,
            "seed": self.seed,
            "strengths": dict(self.strengths),
            "fingerprint": self.fingerprint(),
            "regime": _plain(self.regime),
            "country": _plain(self.country),
            "behaviour": _plain(self.behaviour),
        }
        if self.fork is not None:
            data["fork"] = _plain_fork(self.fork)
        return json.dumps(data, indent=1, ensure_ascii=False, allow_nan=False) + "\n"

    @classmethod
    def from_json(cls, text: str, *, where: str = "scenario.json") -> Scenario:
        """Return the scenario that `to_json` wrote.

        Parameters
        ----------
        text : str
            What was written.
        where : str, optional
            What to call it in messages.

        Raises
        ------
        BadFile
            If it is not what `to_json` writes, or was changed since.
        """
        try:
            data = json.loads(text)
        except (ValueError, RecursionError):
            raise BadFile("this is not JSON", where=where, mend="restore the file") from None
        wanted = {"format", "citizens", "months", "start", "seed", "strengths", "fingerprint"}
        wanted |= {"regime", "country", "behaviour"}
        if not isinstance(data, dict) or set(data) - {"fork"} != wanted:
            raise BadFile("this is not a scenario", where=where, allowed=sorted(wanted))
        if data["format"] != FORMAT:
            raise BadFile(
                f"the format {quoted(data['format'])} is not known",
                where=where,
                allowed=str(FORMAT),
            )
        try:
            scenario = cls(
                _entry(data["regime"], Regime, f"{where}: regime"),
                country=_entry(data["country"], Country, f"{where}: country"),
                behaviour=_entry(data["behaviour"], Behaviour, f"{where}: behaviour"),
                citizens=data["citizens"],
                months=data["months"],
                start=data["start"],
                seed=data["seed"],
                strengths=data["strengths"],
                fork=_read_fork(data["fork"], where) if "fork" in data else None,
            )
        except (BadArgument, NotFound) as error:
            raise BadFile(error.what, where=where, allowed=error.allowed, mend=error.mend) from None
        if scenario.fingerprint() != data["fingerprint"]:
            raise BadFile(
                "the regime, country or behaviour was changed since it was written",
                where=where,
                mend="restore the file",
            )
        return scenario


def _plain(entry: BaseModel) -> Any:
    return entry.model_dump(mode="json", by_alias=True, exclude_none=True)


def _plain_fork(fork: Fork) -> dict[str, Any]:
    data: dict[str, Any] = {
        "month": fork.month,
        "regime": _plain(fork.regime),
        "strengths": dict(fork.strengths),
    }
    return data if fork.fork is None else {**data, "fork": _plain_fork(fork.fork)}


def _read_fork(data: object, where: str) -> Fork:
    wanted = {"month", "regime", "strengths"}
    if (
        not isinstance(data, dict)
        or set(data) - {"fork"} != wanted
        or not isinstance(data["strengths"], Mapping)
    ):
        raise BadFile("this is not a fork", where=f"{where}: fork", allowed=sorted(wanted))
    strengths = (parse_strength(str(name), value) for name, value in data["strengths"].items())
    return Fork(
        month=_whole(data["month"], "month", 0, MOST_MONTHS, "60"),
        regime=_entry(data["regime"], Regime, f"{where}: fork: regime"),
        strengths=MappingProxyType(dict(strengths)),
        fork=_read_fork(data["fork"], where) if "fork" in data else None,
    )


def _check_fork(fork: Fork | None, months: int) -> None:
    """Refuse a fork outside the run, or one that does not come after those before it."""
    if fork is None:
        return
    least = 0 if fork.fork is None else fork.fork.month + 1
    if not least <= fork.month < months:
        raise BadArgument(
            f"month {fork.month} is outside the run",
            where="fork",
            allowed=f"whole numbers from {least} to {months - 1}",
            mend="another regime can begin in the first month, in the last, or in between"
            if not least
            else "fork after the month in which this history has forked already",
        )
    _check_fork(fork.fork, months)


def _entry(data: object, model: type[Entry], where: str) -> Entry:
    if not isinstance(data, dict):
        raise BadFile("this is not a mapping", where=where)
    try:
        return validated(Document(file=where, data=data, lines={(): 1}), model)
    except Refused as refused:
        raise refused.problems[0].error() from None


def _named(kind: str, value: object) -> str | Path:
    if isinstance(value, str | Path) and str(value):
        return value
    raise BadArgument(
        f"{kind} {quoted(value)} is not a name", allowed=f"a {kind} of the catalogue or a path"
    )


def _whole(value: object, name: str, least: int, most: int, example: str) -> int:
    """Return a whole number that was given as a number or as text."""
    number: int | None = None
    if isinstance(value, str):
        text = value.strip()
        if len(text) <= 40 and text.isascii():
            try:
                exact = Decimal(text)
                if (
                    exact.is_finite()
                    and abs(exact.adjusted()) <= 40
                    and exact == exact.to_integral_value()
                ):
                    number = int(exact)
            except InvalidOperation:
                pass
    elif isinstance(value, float):
        number = int(value) if math.isfinite(value) and value == int(value) else None
    elif not isinstance(value, bool):
        with suppress(TypeError):
            number = operator.index(value)  # type: ignore[arg-type]
    if number is None:
        raise BadArgument(
            f"{name} {quoted(value)} is not a whole number",
            allowed=f"a whole number from {least} up",
            mend=f"write it like {example}",
        )
    if not least <= number <= most:
        allowed = f"a whole number from {least} up" if number < least else f"{least} to {most}"
        raise BadArgument(f"{name} {_short(number)} is outside its range", allowed=allowed)
    return number


def _short(number: int) -> str:
    # The digits of a very long number are neither cheap nor allowed.
    return str(number) if number.bit_length() < 200 else "of that size"
