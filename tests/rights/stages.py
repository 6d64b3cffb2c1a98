"""What the stages of a month count and look up, read from their sources and tried out."""

from __future__ import annotations

import ast
import functools
import inspect
from pathlib import Path

import numpy as np

import glasscity.month
from glasscity.behaviour import Behaviour, load_behaviour
from glasscity.country import load_country
from glasscity.engine.compile import compile_tables
from glasscity.month import STAGES
from glasscity.month import tables as at
from glasscity.regime import load_regime

FOLDER = Path(next(iter(glasscity.month.__path__)))
SCHEME = str(Path(__file__).parent.parent / "month" / "scheme.yaml")
# Formulas that stages share: what these look up, the stage looks up.
_SHARED = ("shared", "points", "attribute", "stride")
# Regimes and strengths that between them use every parameter.
_WORLDS = (
    ("citizen-score-2020", {"gaming": 1.0, "officials": 1.0, "false-reports": 1.0}),
    (SCHEME, {"gaming": 1.0}),
    ("credit-bureau", {}),
)


@functools.cache
def tree(name: str) -> ast.Module:
    return ast.parse((FOLDER / f"{name}.py").read_text(encoding="utf-8"))


def rows_counted(stage: str) -> set[str]:
    """The rows whose place a stage asks for."""
    found = {
        call.args[0].value
        for call in ast.walk(tree(stage))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id == "first_row"
    }
    return {str(row) for row in found}


def fields_read(stage: str) -> set[str]:
    """The fields of the tables that a stage and the formulas it calls look up."""
    formulas = {
        node.name: node
        for name in _SHARED
        for node in tree(name).body
        if isinstance(node, ast.FunctionDef)
    }
    found, done = _fields(tree(stage)), set()
    todo = _called(tree(stage)) & set(formulas)
    while todo:
        one = todo.pop()
        done.add(one)
        found |= _fields(formulas[one])
        todo |= _called(formulas[one]) & set(formulas) - done
    return found & {name for name, _ in at.FIELDS}


def _fields(node: ast.AST) -> set[str]:
    return {
        one.attr.lower()
        for one in ast.walk(node)
        if isinstance(one, ast.Attribute)
        and isinstance(one.value, ast.Name)
        and one.value.id == "at"
    }


def _called(node: ast.AST) -> set[str]:
    return {
        one.func.id
        for one in ast.walk(node)
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Name)
    }


def parameters() -> list[str]:
    return [
        name for name in Behaviour.model_fields if hasattr(getattr(load_behaviour(), name), "grade")
    ]


@functools.cache
def fields_moved() -> dict[str, set[str]]:
    """By parameter of behaviour, the fields of the tables that another value of it changes."""
    behaviour = load_behaviour()
    base = _compiled(behaviour)
    places = {name: getattr(at, name.upper()) for name, _ in at.FIELDS}
    sizes = {name: int(np.prod(shape)) for name, shape in at.FIELDS}
    moved = {}
    for name in parameters():
        other = _compiled(_with_another(behaviour, name))
        moved[name] = {
            field
            for field, place in places.items()
            if any(
                (old[place : place + sizes[field]] != new[place : place + sizes[field]]).any()
                for old, new in zip(base, other, strict=True)
            )
        }
    return moved


def _compiled(behaviour: Behaviour) -> list[np.ndarray]:
    country = load_country("china-2020")
    return [
        compile_tables(country, behaviour, load_regime(name), seed=1, strengths=strengths)
        for name, strengths in _WORLDS
    ]


def _with_another(behaviour: Behaviour, name: str) -> Behaviour:
    quantity = getattr(behaviour, name)
    value = quantity.value

    def another(x: float) -> float:
        return x + 1 if isinstance(x, int) and name == "grace" else x / 2 if x else 0.25

    new = tuple(map(another, value)) if isinstance(value, tuple) else another(value)
    return behaviour.model_copy(update={name: quantity.model_copy(update={"value": new})})


def named_in(function: object) -> set[str]:
    """The parameters of behaviour that a function reads by name."""
    source = ast.parse(inspect.cleandoc("\n" + inspect.getsource(function)))  # type: ignore[arg-type]
    return {node.attr for node in ast.walk(source) if isinstance(node, ast.Attribute)} & set(
        parameters()
    )


def moved_by(stage: str) -> set[str]:
    """The parameters of behaviour that move something a stage looks up."""
    read = fields_read(stage)
    return {name for name, fields in fields_moved().items() if fields & read}


def stages() -> tuple[str, ...]:
    return STAGES
