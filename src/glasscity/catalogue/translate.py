"""From a validation error to problems that name a line, what is allowed and the mend."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from glasscity.catalogue.reader import Document, Place, Problem, Refused, quoted
from glasscity.errors import nearest

__all__ = ["problems_of", "validated"]

Model = TypeVar("Model", bound=BaseModel)

# Kinds of error that only say that a member of a union was not the right one.
_WRONG_KIND = frozenset(
    f"{kind}_{fault}"
    for kind in ("bool", "int", "float", "string", "tuple")
    for fault in ("type", "parsing")
) | {"int_from_float", "too_short", "too_long"}


def validated(document: Document, model: type[Model]) -> Model:
    """Return a document as a model.

    Raises
    ------
    Refused
        With every problem found, in the order of the file's lines.
    """
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        raise Refused(problems_of(error, document)) from None


def problems_of(error: ValidationError, document: Document) -> list[Problem]:
    """Translate a validation error into problems, in the order of the file's lines."""
    found: dict[tuple[Place, str], Problem] = {}
    for item in error.errors(include_url=False):
        for at, what, allowed, mend in _parts(dict(item)):
            location = (*item["loc"], *at)
            place = document.place(location)
            if item["type"] in _WRONG_KIND and len(location) > len(place):
                # A value that fits no member of a union is reported once, not once for each.
                what, allowed = "this is of the wrong kind", "a number, a word or a list of numbers"
                mend = ""
            said = _named(place, what)
            found.setdefault((place, said), Problem(document.where(place), said, allowed, mend))
    return [
        problem
        for _, problem in sorted(found.items(), key=lambda entry: _line(document, entry[0][0]))
    ]


def _line(document: Document, place: Place) -> int:
    return int(document.where(place).rpartition(":")[2])


def _parts(item: dict[str, Any]) -> list[tuple[Place, str, str, str]]:
    """Return an error as one or several of (further location, what, allowed, mend)."""
    kind = str(item["type"])
    context = item.get("ctx", {})
    name = quoted(str(item["loc"][-1])) if item["loc"] else "the file"
    if kind == "glasscity":
        return [((), context["what"], context["allowed"], context["mend"])]
    if kind == "glasscity_several":
        return [
            (tuple(one["at"]), one["what"], one["allowed"], one["mend"])
            for one in context["problems"]
        ]
    if kind == "missing":
        return [((), f"{name} is missing", "", f"add {name[1:-1]}:")]
    if kind == "extra_forbidden":
        return [((), "this is not a known key here", "", "correct or remove it")]
    if kind in ("literal_error", "enum"):
        expected = str(context.get("expected", ""))
        close = nearest(
            str(item["input"]), expected.replace("'", "").replace(" or ", ", ").split(", ")
        )
        mend = f"did you mean '{close[0]}'?" if close else ""
        return [((), f"{quoted(item['input'])} is not a choice here", expected, mend)]
    if kind == "string_pattern_mismatch":
        allowed = f"text that matches {context.get('pattern', '')}"
        return [((), f"{quoted(item['input'])} does not have the right form", allowed, "")]
    if kind in ("model_type", "dict_type"):
        wanted = "a mapping such as {value: 1, unit: share, grade: D, low: 0, high: 1, note: why}"
        allowed = wanted if context.get("class_name") == "Quantity" else "a mapping"
        return [((), f"{quoted(item['input'])} is not a mapping", allowed, "")]
    if kind == "tuple_type":
        return [((), f"{quoted(item['input'])} is not a list", "a list", "")]
    said = str(item["msg"])
    return [((), f"{quoted(item['input'])} does not fit: {said[:1].lower()}{said[1:]}", "", "")]


def _named(place: Place, what: str) -> str:
    """Say which entry a problem is in, as a path of keys."""
    path = ".".join(str(step) for step in place)
    return f"{path}: {what}" if path else what
