"""Other worlds of the same people: put one in the queue, hold it beside its base."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from glasscity.errors import BadArgument
from glasscity.web import made
from glasscity.web.api.models import Name, RunInfo
from glasscity.web.api.results import TheShelf
from glasscity.web.api.runs import RunName, TheQueue
from glasscity.web.queue import WrongState
from glasscity.web.safeguards import worlds
from glasscity.web.shelf import Shelf
from glasscity.web.variants import BEHAVIOURS, other_world, runs_of, variant_name

if TYPE_CHECKING:
    from glasscity.results.run import Run

__all__ = ["router"]

router = APIRouter(prefix="/api/runs/{name}", tags=["comparison"])

Strengths = Annotated[
    dict[Name, Annotated[float, Field(ge=0, le=1)]], Field(default_factory=dict, max_length=40)
]


class Other(BaseModel):
    """Another world of a run's people: another regime, rules switched, or both."""

    model_config = ConfigDict(extra="forbid", strict=True)

    regime: Annotated[str, Field(max_length=80)] = ""
    strengths: Strengths


class Sides(BaseModel):
    """The same comparison under one way in which people may behave."""

    behaviour: str
    base: str = Field(description="Run of the base, empty where there is none")
    other: str
    state: str = Field(description="finished, running, waiting, stopped, failed or none")
    effects: dict[str, str | None] | None = Field(
        default=None, description="Measure to difference, with the digits that mean something"
    )


@router.get("/worlds")
def every_world(name: RunName, shelf: TheShelf) -> dict[str, Any]:
    """Return every finished run of the same people and luck, with what it changes for everybody."""
    shelf.open(name)
    return {"worlds": worlds(shelf, name)}


@router.get("/compare/{other}")
def compare(name: RunName, other: RunName, shelf: TheShelf) -> dict[str, Any]:
    """Return what differs between two runs of the same people (``glasscity.compare``)."""
    base, second = _pair(shelf, name, other)
    return made.comparison(base, second)


@router.get("/compare/{other}/measures")
def measures(name: RunName, other: RunName, shelf: TheShelf) -> list[dict[str, Any]]:
    """Return every measure of both runs, exact and as text, with its definition."""
    return made.compared(*_pair(shelf, name, other))


@router.get("/compare/{other}/lives")
def lives(
    name: RunName,
    other: RunName,
    shelf: TheShelf,
    limit: Annotated[int, Query(ge=1, le=100)] = 12,
) -> dict[str, Any]:
    """Return whose months shut out differ most between two runs, both ways."""
    from glasscity.rights.rescue import most_changed

    return {"people": most_changed(*_pair(shelf, name, other), limit=limit)}


@router.post("/others", status_code=201)
def start(name: RunName, asked: Other, shelf: TheShelf, queue: TheQueue) -> RunInfo:
    """Put another world of a run's people at the end of the queue, unless it is there."""
    from glasscity.api import scenario_of

    if not asked.regime and not asked.strengths:
        raise WrongState(
            "there is nothing to change", where=name, mend="name a regime, or rules to switch"
        )
    world = other_world(scenario_of(shelf.open(name)), asked.regime, asked.strengths)
    there = runs_of(shelf, {"it": world}).get("it")
    if there is None:
        beginning = variant_name(
            name, {**({asked.regime: 1.0} if asked.regime else {}), **asked.strengths}
        )
        there = queue.add(world, twin=False, name=beginning)
    elif queue.stored(there).state in ("stopped", "failed"):
        queue.go_on(there)
    return RunInfo.of(queue.stored(there))


@router.get("/compare/{other}/behaviours")
def behaviours(name: RunName, other: RunName, shelf: TheShelf, queue: TheQueue) -> list[Sides]:
    """Return the same comparison under central, proponent's and critic's parameters."""
    return [_sides(shelf, queue, name, other, behaviour) for behaviour in BEHAVIOURS]


@router.post("/compare/{other}/behaviours")
def run_behaviours(name: RunName, other: RunName, shelf: TheShelf, queue: TheQueue) -> list[Sides]:
    """Put what is missing for that at the end of the queue."""
    for behaviour in BEHAVIOURS:
        worlds = _worlds(shelf, name, other, behaviour)
        there = runs_of(shelf, worlds)
        for side, world in worlds.items():
            run = there.get(side)
            if run is None:
                of = name if side == "base" else other
                queue.add(world, twin=False, name=f"{behaviour}-{of}"[:80])
            elif queue.stored(run).state in ("stopped", "failed"):
                queue.go_on(run)
    return behaviours(name, other, shelf, queue)


def _pair(shelf: Shelf, name: str, other: str) -> tuple[Run, Run]:
    from glasscity.rights.pairable import check_pair

    base, second = shelf.open(name), shelf.open(other)
    try:
        check_pair(base, second)
    except BadArgument as error:
        # Both runs are there; that they are of other people is no fault of the request.
        raise WrongState(
            error.what, where=error.where, allowed=error.allowed, mend=error.mend
        ) from None
    return base, second


def _worlds(shelf: Shelf, name: str, other: str, behaviour: str) -> dict[str, Any]:
    from glasscity.api import scenario_of

    sides = {"base": name, "other": other}
    return {
        side: scenario_of(shelf.open(run)).but(behaviour=behaviour) for side, run in sides.items()
    }


def _sides(shelf: Shelf, queue: TheQueue, name: str, other: str, behaviour: str) -> Sides:
    there = runs_of(shelf, _worlds(shelf, name, other, behaviour))
    states = [
        queue.stored(there[side]).state if side in there else "none" for side in ("base", "other")
    ]
    apart = [one for one in states if one != "finished"]
    effects = None
    if not apart:
        found = made.compared(shelf.open(there["base"]), shelf.open(there["other"]))
        effects = {row["name"]: row["said"]["difference"] for row in found}
    return Sides(
        behaviour=behaviour,
        base=there.get("base", ""),
        other=there.get("other", ""),
        state=apart[0] if apart else "finished",
        effects=effects,
    )
