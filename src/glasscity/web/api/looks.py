"""Lives, what-ifs, safeguards and the chaos floor: how far each is, and what it gave."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request
from pydantic import BaseModel, Field

from glasscity.errors import NotFound
from glasscity.rights.lives import Life
from glasscity.rights.story import story
from glasscity.web.api.results import TheShelf
from glasscity.web.api.runs import RunName
from glasscity.web.looks import Look, Looks, kept
from glasscity.web.safeguards import table

__all__ = ["router"]

router = APIRouter(prefix="/api/runs/{name}", tags=["lives"])

Citizen = Annotated[int, Path(ge=0, le=10**10)]
Month = Annotated[int, Query(ge=0, le=10_000)]
Change = Literal[
    "spoke", "kept_silent", "other_friends", "paid_late", "paid_on_time", "error_corrected"
]


class Stands(BaseModel):
    """How something stands that is worked out when somebody asks, and what it gave."""

    state: str = Field(description="none, waiting, running, finished or failed")
    reason: str = ""
    progress: dict[str, Any] = Field(default_factory=dict)
    found: dict[str, Any] | None = None


def looks_of(request: Request) -> Looks:
    """Return what works things out."""
    return request.app.state.looks


TheLooks = Annotated[Looks, Depends(looks_of)]


def _told(looks: Looks, name: str, look: Look) -> Stands:
    stands = looks.stands(name, look)
    found = kept(looks.shelf.path(name), look) if stands["state"] == "finished" else None
    if found is not None and look.kind in ("life", "what-if"):
        lived = found["life" if look.kind == "life" else "changed"]
        found = {**found, "story": story(Life(lived))}
    return Stands(**stands, found=found)


def _check(name: str, word: str, value: int, end: int) -> None:
    if value >= end:
        raise NotFound(
            f"there is no {word} {value}", where=name, allowed=f"whole numbers from 0 to {end - 1}"
        )


def _asked(looks: Looks, name: str, look: Look) -> Stands:
    # Whoever asks for what the run does not have is told at once, not by a child process.
    run = looks.shelf.open(name)
    _check(name, "citizen", look.citizen, run.citizens)
    _check(name, "month", look.month, run.months)
    looks.ask(name, look)
    return _told(looks, name, look)


@router.get("/lives/{citizen}")
def life(name: RunName, citizen: Citizen, looks: TheLooks) -> Stands:
    """Return a life where it is kept: ``life`` (``glasscity.life``), ``story``, ``around``."""
    return _told(looks, name, Look(kind="life", citizen=citizen))


@router.post("/lives/{citizen}")
def relive(name: RunName, citizen: Citizen, looks: TheLooks) -> Stands:
    """Have a life retold; it is kept in the run's folder."""
    return _asked(looks, name, Look(kind="life", citizen=citizen))


@router.get("/lives/{citizen}/what-if")
def what_if(
    name: RunName, citizen: Citizen, looks: TheLooks, month: Month, change: Change
) -> Stands:
    """Return a life with one thing changed, where it is kept (``glasscity.what_if``)."""
    return _told(looks, name, Look(kind="what-if", citizen=citizen, month=month, change=change))


@router.post("/lives/{citizen}/what-if")
def change_life(
    name: RunName, citizen: Citizen, looks: TheLooks, month: Month, change: Change
) -> Stands:
    """Have one thing in a life changed, everything else equal: a true pair."""
    return _asked(looks, name, Look(kind="what-if", citizen=citizen, month=month, change=change))


@router.get("/safeguards")
def safeguards(
    name: RunName,
    looks: TheLooks,
    shelf: TheShelf,
    citizen: Annotated[int | None, Query(ge=0, le=10**10)] = None,
) -> Stands:
    """Return what each safeguard does to everybody and, if named, to one citizen."""
    look = Look(kind="safeguards")
    if citizen is not None:
        _check(name, "citizen", citizen, shelf.open(name).citizens)
    stands = looks.stands(name, look)
    return Stands(**stands, found={"rows": table(shelf, name, citizen)})


@router.post("/safeguards")
def try_safeguards(name: RunName, looks: TheLooks) -> Stands:
    """Have the run made again once with every safeguard: the same people, the same luck."""
    return _asked(looks, name, Look(kind="safeguards"))


@router.get("/floor")
def floor(name: RunName, looks: TheLooks) -> Stands:
    """Return the chaos floor, where it is kept: what one payment made a month later moves."""
    return _told(looks, name, Look(kind="floor"))


@router.post("/floor")
def measure_floor(name: RunName, looks: TheLooks) -> Stands:
    """Have the chaos floor measured."""
    return _asked(looks, name, Look(kind="floor"))
