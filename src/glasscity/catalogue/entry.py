"""What every entry of the catalogue has in common: a head, sources, and a ledger of its values."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal, NamedTuple, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from glasscity.catalogue.reader import Place, quoted, read_yaml
from glasscity.catalogue.shelf import CATALOGUE
from glasscity.catalogue.translate import problems_of
from glasscity.errors import nearest
from glasscity.quantity import Quantity

__all__ = [
    "Complaint",
    "Entry",
    "Name",
    "Source",
    "fingerprint",
    "grade_shares",
    "ledger",
    "shipped_sources",
    "unknown",
]

# Names become parts of file names.
Name: TypeAlias = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=64)]
# Provisional: nobody has yet rebuilt the values from the sources alone.
Status: TypeAlias = Literal["provisional", "agreed"]

# How a source must have been read for a value of each grade to rest on it.
_READ_FOR = {
    "A": ("read", "derived"),
    "B": ("read", "derived", "read-2nd"),
    "C": ("read", "derived", "read-2nd"),
    "D": ("read", "derived", "read-2nd", "unverified", "made-up"),
}


class Source(BaseModel):
    """Where a value was read.

    Attributes
    ----------
    title, publisher, date : str
        The work, who published it, when (year, month or day).
    url, where : str or None
        Its address, or how else to find it.
    read : {"read", "read-2nd", "derived", "unverified", "made-up"}
        Read on the page named; read on a secondary page; arithmetic on what was read; recalled and
        not verified; invented for teaching.
    note : str or None
        What to be careful about.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: Annotated[str, Field(min_length=1, max_length=400)]
    publisher: Annotated[str, Field(min_length=1, max_length=200)]
    date: Annotated[str, Field(min_length=1, max_length=40)]
    url: Annotated[str, Field(min_length=1, max_length=400)] | None = None
    where: Annotated[str, Field(min_length=1, max_length=400)] | None = None
    read: Literal["read", "read-2nd", "derived", "unverified", "made-up"]
    note: Annotated[str, Field(max_length=1000)] | None = None


class Complaint(NamedTuple):
    """A contradiction between several values of an entry."""

    at: Place
    what: str
    allowed: str = ""
    mend: str = ""


def unknown(kind: str, name: str, choices: Iterable[str], *, at: Place = ()) -> Complaint:
    """Return the complaint about a name that is not declared, with the nearest ones."""
    names = list(choices)
    close = nearest(name, names)
    mend = f"did you mean '{close[0]}'?" if close else "correct the name"
    return Complaint(at, f"{kind} {quoted(name)} is not declared", ", ".join(names), mend)


class Entry(BaseModel):
    """A country, regime or behaviour.

    Attributes
    ----------
    name : str
        Lower-case letters, digits and hyphens.
    title, about : str
        One line; a paragraph.
    status : {"provisional", "agreed"}
        Agreed once somebody else has rebuilt the values from the sources alone.
    extends : str or None
        The entry that this one was laid over; all that it says stands here as well.
    sources : mapping of key to Source
        Every source that a value of this entry names, and no other.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", populate_by_name=True, allow_inf_nan=False
    )

    name: Name
    title: Annotated[str, Field(min_length=1, max_length=200)]
    status: Status
    extends: Annotated[str, Field(min_length=1, max_length=400)] | None = None
    about: Annotated[str, Field(min_length=1, max_length=4000)]
    sources: dict[str, Source] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _bring_sources(cls, data: Any) -> Any:
        # What a file names and does not itself describe is taken from the catalogue's list, so that
        # a stored entry is complete and needs no other file.
        if not isinstance(data, Mapping):
            return data
        own = data.get("sources")
        if own is not None and not isinstance(own, Mapping):
            return data
        named = set(_source_keys({key: value for key, value in data.items() if key != "sources"}))
        shipped = shipped_sources()
        kept = dict(own or {})
        kept.update(
            {key: shipped[key].model_dump() for key in named if key in shipped and key not in kept}
        )
        return {**data, "sources": {key: kept[key] for key in sorted(kept, key=str)}}

    @model_validator(mode="after")
    def _consistent(self) -> Entry:
        complaints = [*self._evidence(), *self.complaints()]
        if complaints:
            raise PydanticCustomError(
                "glasscity_several",
                "{what}",
                {"what": complaints[0].what, "problems": [one._asdict() for one in complaints]},
            )
        return self

    def complaints(self) -> Iterator[Complaint]:
        """Yield what contradicts itself in this entry; entries add their own checks."""
        yield from ()

    def _evidence(self) -> Iterator[Complaint]:
        for at, _, quantity in walk(self):
            if quantity.source is not None:
                yield from self.evidence(quantity.source, quantity.grade, at)

    def evidence(self, key: str, grade: str, at: Place) -> Iterator[Complaint]:
        """Yield what is wrong with naming this source for a value of this grade."""
        source = self.sources.get(key)
        if source is None:
            names = sorted({*self.sources, *shipped_sources()})
            yield unknown("source", key, names, at=(*at, "source"))._replace(
                allowed="keys of the catalogue's sources.yaml, and of the file's own sources"
            )
        elif source.read not in _READ_FOR[grade]:
            yield Complaint(
                (*at, "grade"),
                f"grade {grade} stands on the source '{key}', which is {source.read}",
                f"for grade {grade} a source that is {' or '.join(_READ_FOR[grade])}",
                "lower the grade, or read the source",
            )

    def further_rows(self) -> list[dict[str, Any]]:
        """Return rows of the ledger for values that are not kept as quantities."""
        return []


def _source_keys(data: Any, depth: int = 0) -> Iterator[str]:
    if depth > 64:
        return
    if isinstance(data, Quantity):
        if data.source:
            yield data.source
    elif isinstance(data, BaseModel):
        yield from _source_keys({key: getattr(data, key) for key in type(data).model_fields}, depth)
    elif isinstance(data, Mapping):
        key = data.get("source")
        if isinstance(key, str):
            yield key
        for value in data.values():
            yield from _source_keys(value, depth + 1)
    elif isinstance(data, list | tuple):
        for value in data:
            yield from _source_keys(value, depth + 1)


def walk(value: Any, at: Place = (), name: str = "") -> Iterator[tuple[Place, str, Quantity]]:
    """Yield every quantity with its place in the file and its name, in the order of the fields.

    The name runs along keys, with the names of list members instead of their positions:
    ``record_sources.court.miss``.
    """
    if isinstance(value, Quantity):
        yield at, name, value
    elif isinstance(value, BaseModel):
        for field, info in type(value).model_fields.items():
            key = info.alias or field
            yield from walk(getattr(value, field), (*at, key), _join(name, key))
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from walk(inner, (*at, key), _join(name, key))
    elif isinstance(value, tuple | list):
        for index, inner in enumerate(value):
            label = getattr(inner, "name", None) or str(index)
            yield from walk(inner, (*at, index), _join(name, label))


def _join(name: str, key: str) -> str:
    return f"{name}.{key}" if name else str(key)


def ledger(entry: Entry) -> list[dict[str, Any]]:
    """Return every value of an entry as a row.

    Returns
    -------
    list of dict
        ``name``, ``value``, ``unit``, ``source``, ``grade``, ``reading``, ``note``, ``low``,
        ``high``; None where a column does not apply.
    """
    rows = [
        {
            "name": name,
            "value": list(one.value) if isinstance(one.value, tuple) else one.value,
            "unit": one.unit,
            "source": one.source,
            "grade": one.grade,
            "reading": one.reading,
            "note": one.note,
            "low": list(one.low) if isinstance(one.low, tuple) else one.low,
            "high": list(one.high) if isinstance(one.high, tuple) else one.high,
        }
        for _, name, one in walk(entry)
    ]
    return rows + entry.further_rows()


def grade_shares(entries: Entry | Sequence[Entry]) -> dict[str, float]:
    """Return the share of values of each evidence grade, A to D, over one or more entries."""
    several = [entries] if isinstance(entries, Entry) else list(entries)
    grades = [row["grade"] for entry in several for row in ledger(entry)]
    return {grade: grades.count(grade) / max(len(grades), 1) for grade in "ABCD"}


def fingerprint(model: BaseModel | Sequence[BaseModel]) -> str:
    """Return the SHA-256 of what one or more models say, whatever files they came from.

    Layout, comments and the order of keys in a file do not matter; every value, unit, source and
    note does.
    """
    models = [model] if isinstance(model, BaseModel) else list(model)
    content = [one.model_dump(mode="json", by_alias=True) for one in models]
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


_SOURCES: TypeAdapter[dict[str, Source]] = TypeAdapter(dict[str, Source])
_CACHE: dict[str, Source] = {}


def shipped_sources() -> dict[str, Source]:
    """Return the sources of the catalogue by key, read once."""
    if not _CACHE:
        document = read_yaml(CATALOGUE / "sources.yaml", name="sources.yaml")
        try:
            _CACHE.update(_SOURCES.validate_python(document.data))
        except ValidationError as error:
            raise problems_of(error, document)[0].error() from None
    return _CACHE
