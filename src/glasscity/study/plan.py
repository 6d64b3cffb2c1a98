"""A study file: which question, over which worlds.

A study is a few axes over one base scenario.  Seeds and regimes cross everything else, so that
every regime meets the same people with the same luck; the other axes together make *points*: a
vector of behaviour, single parameters, strengths, a number of citizens.  What the file may say is
what these models declare; `check` adds what only the catalogue knows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    ValidationError,
    model_validator,
)
from pydantic_core import PydanticCustomError

from glasscity.catalogue.entry import Complaint, Name
from glasscity.catalogue.reader import Document, quoted, read_yaml
from glasscity.catalogue.translate import validated
from glasscity.errors import BadArgument, nearest
from glasscity.quantity import fault
from glasscity.terms import MANIPULATIONS, MECHANISMS, SAFEGUARDS

__all__ = ["STRENGTHS", "Axes", "Base", "Design", "Ends", "Study", "read_study", "study_schema"]

STRENGTHS = (*MECHANISMS, *SAFEGUARDS, *MANIPULATIONS)
# More seeds, points or levels than this in one file are a slip of the pen.
_MOST = 100_000

Text: TypeAlias = Annotated[str, Field(min_length=1, max_length=4000)]
Said: TypeAlias = Annotated[str, Field(max_length=4000)]
Level: TypeAlias = int | float
Amount: TypeAlias = int | float | str
# A tuple in JSON Schema is an array; lists in YAML become tuples here, so that nothing changes.
Levels: TypeAlias = Annotated[tuple[Level, ...], Field(min_length=1, max_length=1000)]


class Part(BaseModel):
    """A mapping of a study file: keys that are not known are refused with the nearest one."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", populate_by_name=True, allow_inf_nan=False
    )

    @model_validator(mode="wrap")
    @classmethod
    def _known(cls, data: Any, handler: Any) -> Any:
        try:
            return handler(data)
        except ValidationError as error:
            keys = [field.alias or name for name, field in cls.model_fields.items()]
            raise ValidationError.from_exception_data(
                cls.__name__, [_nearest(dict(one), keys) for one in error.errors()]
            ) from None


def _nearest(error: dict[str, Any], keys: Sequence[str]) -> Any:
    """Return an error of pydantic's to be raised again, with the nearest key to a strange one."""
    kind, about = error["type"], error.get("ctx", {})
    if kind == "extra_forbidden" and len(error["loc"]) == 1:
        close = nearest(str(error["loc"][0]), keys)
        mend = f"did you mean '{close[0]}'?" if close else "correct or remove it"
        kind = fault("this is not a known key here", allowed=", ".join(keys), mend=mend)
    elif kind.startswith("glasscity"):
        kind = PydanticCustomError(kind, "{what}", about)
    return {"type": kind, "loc": error["loc"], "input": error["input"], "ctx": about}


def _form(value: Any) -> str:
    return "mapping" if isinstance(value, Mapping | BaseModel) else "list"


def either(several: Any, mapping: Any) -> Any:
    """Return the type of what is a list or a mapping: errors are those of what was written."""
    return Annotated[
        Annotated[several, Tag("list")] | Annotated[mapping, Tag("mapping")], Discriminator(_form)
    ]


class Base(Part):
    """The scenario that the axes vary.

    Attributes
    ----------
    regime, country, parameters : str
        Names of the catalogue or paths; the regime is the first of the axis unless given.
    citizens, months, start, seed
        As for ``glasscity run``; months and start are the regime's own unless given, and the same
        for every regime of the study.
    present, absent
        ``with`` (name to strength) and ``without`` (names) of the file.
    """

    regime: Text | None = None
    country: Text = "china-2020"
    parameters: Text = "central"
    citizens: Amount = 20_000
    months: Amount | None = None
    start: str | None = None
    seed: Amount | None = None
    present: dict[str, Level] = Field(default_factory=dict, alias="with")
    absent: tuple[str, ...] = Field(default=(), alias="without")


class Ends(Part):
    """A range: from ``low`` to ``high``, in ``count`` equal steps where the design is a grid.

    The ends are the declared ones unless given; a strength's are 0 and 1.
    """

    low: Level | None = None
    high: Level | None = None
    count: Annotated[int, Field(ge=2, le=1000)] | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Ends:
        if self.low is not None and self.high is not None and not self.low < self.high:
            raise fault(
                f"the range is upside down: low {self.low:g} is not below high {self.high:g}",
                allowed="low below high",
                mend="exchange them",
            )
        return self


class Seeds(Part):
    """``count`` seeds from ``first`` on; the base's seed is the first unless given."""

    count: Annotated[int, Field(ge=1, le=_MOST)]
    first: Annotated[int, Field(ge=0, lt=2**63)] | None = None


class Vectors(Part):
    """Whole vectors of behaviour: named ones, and some or all of the matched set."""

    named: tuple[Text, ...] = ()
    matched: Annotated[int, Field(ge=1, le=_MOST)] | Literal["all"] | None = None


if TYPE_CHECKING:
    SeedAxis: TypeAlias = tuple[int, ...] | Seeds
    VectorAxis: TypeAlias = tuple[str, ...] | Vectors
    LevelAxis: TypeAlias = tuple[Level, ...] | Ends
else:
    SeedAxis = either(Annotated[tuple[int, ...], Field(min_length=1, max_length=_MOST)], Seeds)
    VectorAxis = either(Annotated[tuple[Text, ...], Field(min_length=1)], Vectors)
    LevelAxis = either(Levels, Ends)


class Axes(Part):
    """What varies.  An axis that is left out stays as in the base."""

    seeds: SeedAxis | None = None
    regimes: Annotated[tuple[Text, ...], Field(min_length=1, max_length=1000)] | None = None
    vectors: VectorAxis | None = None
    parameters: dict[str, LevelAxis] = Field(default_factory=dict)
    strengths: dict[str, LevelAxis] = Field(default_factory=dict)
    citizens: Annotated[tuple[Amount, ...], Field(min_length=1)] | None = None


class Design(Part):
    """How points are made of the axes.

    ``grid``: every combination; ``paired``: the first of each with the first of the others and so
    on; ``latin``: ``count`` points of a Latin hypercube over the ranges, whose luck is ``seed``.
    """

    kind: Literal["grid", "paired", "latin"] = "grid"
    count: Annotated[int, Field(ge=2, le=_MOST)] | None = None
    seed: Annotated[int, Field(ge=0, lt=2**63)] = 1


class Study(Part):
    """A study file.

    Attributes
    ----------
    name : str
        Lower-case letters, digits and hyphens; the folder's name.
    title, question : str
    base : Base
    axes : Axes
    design : Design
    groups : tuple of {"province", "area", "quintile", "age", "camp"}
        By which every measure is wanted as well.
    twin : bool
        Whether the same people unscored are run beside each world.
    """

    name: Name
    title: Said = ""
    question: Said = ""
    base: Base = Field(default_factory=Base)
    axes: Axes = Field(default_factory=Axes)
    design: Design = Field(default_factory=Design)
    groups: tuple[Literal["province", "area", "quintile", "age", "camp"], ...] = ()
    twin: bool = False

    @model_validator(mode="after")
    def _consistent(self) -> Study:
        complaints = list(self._complaints())
        if complaints:
            raise _several(complaints)
        return self

    def _complaints(self) -> Iterator[Complaint]:
        axes, design = self.axes, self.design
        for name, several in (
            ("seeds", axes.seeds),
            ("regimes", axes.regimes),
            ("vectors", axes.vectors),
            ("citizens", axes.citizens),
        ):
            if isinstance(several, tuple):
                yield from _twice(("axes", name), several)
        ranges = dict(self.ranges())
        for place, one in self.levels():
            yield from _twice(place, one)
        if design.kind == "latin":
            if design.count is None:
                yield Complaint(("design",), "a Latin hypercube has no count", "2 or more")
            if not ranges:
                yield Complaint(
                    ("design",),
                    "a Latin hypercube has no range to fill",
                    "a parameter or strength as {low: 0, high: 1}",
                )
            for place, _ in self.levels():
                yield Complaint(
                    place, "a list stands in a Latin hypercube", "a range {low: 0, high: 1}"
                )
        else:
            if design.count is not None:
                yield Complaint(
                    ("design", "count"), "a count is for a Latin hypercube", "kind: latin"
                )
            for place, one in ranges.items():
                if one.count is None:
                    yield Complaint(
                        place,
                        "the range has no count",
                        "{low: 0, high: 1, count: 5}, or a list",
                        "add count:, or take the design 'latin'",
                    )
        for place, one in ranges.items():
            if design.kind == "latin" and one.count is not None:
                yield Complaint((*place, "count"), "the design has the count", "no count here")
        if design.kind == "paired":
            yield from self._lengths()

    def _lengths(self) -> Iterator[Complaint]:
        lengths = {place: len(one) for place, one in self.levels()}
        lengths |= {place: one.count or 0 for place, one in self.ranges()}
        if self.axes.citizens is not None:
            lengths["axes", "citizens"] = len(self.axes.citizens)
        if isinstance(self.axes.vectors, tuple):
            lengths["axes", "vectors"] = len(self.axes.vectors)
        if len(set(lengths.values())) > 1:
            said = ", ".join(f"{place[-1]} {number}" for place, number in lengths.items())
            yield Complaint(
                ("axes",), f"paired lists are not of one length: {said}", "lists of one length"
            )

    def levels(self) -> Iterator[tuple[tuple[str, ...], tuple[Level, ...]]]:
        """Yield the place and the levels of each parameter and strength given as a list."""
        for place, one in self._both():
            if isinstance(one, tuple):
                yield place, one

    def ranges(self) -> Iterator[tuple[tuple[str, ...], Ends]]:
        """Yield the place and the ends of each parameter and strength given as a range."""
        for place, one in self._both():
            if isinstance(one, Ends):
                yield place, one

    def _both(self) -> Iterator[tuple[tuple[str, ...], tuple[Level, ...] | Ends]]:
        for kind in ("parameters", "strengths"):
            for name, one in getattr(self.axes, kind).items():
                yield ("axes", kind, name), one


def read_study(file: str | Path | Mapping[str, Any]) -> tuple[Study, Document]:
    """Return a study and where its values stand.

    Parameters
    ----------
    file : path or mapping
        A YAML file, or what one would say.

    Raises
    ------
    Refused
        With every problem found in its form; `design.check` finds the others.
    """
    if isinstance(file, Mapping):
        data = _plain(file)
        document = Document(file="study", data=data, lines=dict.fromkeys(_places(data), 1))
    else:
        path = Path(file)
        if not str(file):
            raise BadArgument("there is no study file", mend="name one: glasscity study FILE.yaml")
        document = read_yaml(path)
    return validated(document, Study), document


def _plain(value: Any) -> Any:
    """Return plain values of what came from Python: mappings, lists, numbers, text."""
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(one) for one in value]
    if hasattr(value, "item"):  # a number of NumPy's
        return value.item()  # pyright: ignore[reportAttributeAccessIssue]
    return str(value) if isinstance(value, Path) else value


def _places(value: Any, place: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield place
    inner: Any = ()
    if isinstance(value, dict | list):
        inner = value.items() if isinstance(value, dict) else enumerate(value)
    for key, one in inner:
        yield from _places(one, (*place, key))


def study_schema() -> dict[str, Any]:
    """Return the JSON Schema of a study file, for editors."""
    schema = Study.model_json_schema(by_alias=True)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "Glasscity study",
    }


def _several(complaints: Any) -> PydanticCustomError:
    found = list(complaints)
    return PydanticCustomError(
        "glasscity_several",
        "{what}",
        {"what": found[0].what, "problems": [one._asdict() for one in found]},
    )


def _twice(place: tuple[str, ...], values: Sequence[object]) -> Iterator[Complaint]:
    for at, value in enumerate(values):
        if value in values[:at]:
            yield Complaint((*place, at), f"{quoted(value)} stands here twice", "each once")
            return
