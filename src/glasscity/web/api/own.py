"""Regimes of one's own: checked as text, one number changed at a time, run from the page."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from glasscity.catalogue.shelf import catalogue_names, find
from glasscity.errors import BadArgument, BadFile, GlasscityError, NotFound
from glasscity.regime.text import check_text, copy_of, set_headline
from glasscity.regime.told import in_words
from glasscity.web.api.models import MOST_MONTHS, MOST_SEED, Name, RunInfo
from glasscity.web.api.runs import TheQueue
from glasscity.web.queue import WrongState

__all__ = ["router"]

router = APIRouter(prefix="/api/regimes", tags=["regimes"])

# A request may have 1 MB in all; the largest regime that ships has 35 kB.
Text = Annotated[str, Field(min_length=1, max_length=400_000)]


class Written(BaseModel):
    """A regime as text."""

    model_config = ConfigDict(extra="forbid", strict=True)

    text: Text


class Change(Written):
    """One headline number of a text, and what it is to be."""

    name: Annotated[str, Field(min_length=1, max_length=120)]
    value: Annotated[str, Field(pattern=r"^[A-Za-z0-9.+-]{1,30}$")]


class OwnRun(Written):
    """A run under a regime that was written here."""

    country: Name = "china-2020"
    citizens: int = Field(default=20_000, ge=1, le=10**10)
    months: int | None = Field(default=None, ge=1, le=MOST_MONTHS)
    seed: int | None = Field(default=None, ge=0, le=MOST_SEED)
    twin: bool = True


@router.post("/check")
def check(written: Written) -> dict[str, Any]:
    """Return what is wrong with a regime, as ``glasscity validate``, and its rules in words."""
    return _checked(written.text)


@router.post("/set")
def change(given: Change) -> dict[str, Any]:
    """Return the text with one number changed, and what is wrong with it then."""
    try:
        text = set_headline(given.text, given.name, given.value)
    except (BadFile, BadArgument) as error:
        raise _conflict(error) from None
    return {"text": text, **_checked(text)}


@router.post("/run", status_code=201)
def run(given: OwnRun, queue: TheQueue) -> RunInfo:
    """Put a run under a regime that was written here at the end of the queue."""
    from glasscity.scenario import DEFAULT_SEED, Scenario

    if given.country not in catalogue_names("country"):
        raise NotFound.among("country", given.country, catalogue_names("country"))
    checked = check_text(given.text)
    if checked.regime is None:
        raise _conflict(checked.problems[0].error())
    scenario = Scenario(
        checked.regime,
        country=given.country,
        citizens=given.citizens,
        months=given.months,
        seed=DEFAULT_SEED if given.seed is None else given.seed,
    )
    return RunInfo.of(queue.stored(queue.add(scenario, twin=given.twin)))


@router.get("/{regime}/file", response_class=Response)
def file(regime: Annotated[str, Field(max_length=100)], copy: bool = False) -> Response:
    """Return a regime's file, to be saved; ``copy``: under a name of one's own, to be changed."""
    if regime not in catalogue_names("regime"):
        raise NotFound.among("regime", regime[:60], catalogue_names("regime"))
    text = copy_of(regime) if copy else find("regime", regime).read_text(encoding="utf-8")
    name = f"my-{regime}" if copy else regime
    saved = {"content-disposition": f'attachment; filename="{name}.yaml"'}
    return Response(text, media_type="application/yaml", headers=saved)


def _conflict(error: GlasscityError) -> WrongState:
    # The request is as it should be; what stands in its way is the text that it brings.
    return WrongState(error.what, where=error.where, allowed=error.allowed, mend=error.mend)


def _checked(text: str) -> dict[str, Any]:
    checked = check_text(text)
    regime = checked.regime
    return {
        "ok": regime is not None,
        "problems": [
            {**asdict(one), "line": int(one.where.rpartition(":")[2] or 1)}
            for one in checked.problems
        ],
        "headlines": [asdict(one) for one in checked.headlines],
        "name": None if regime is None else regime.name,
        "title": None if regime is None else regime.title,
        "months": None if regime is None else regime.months,
        "words": None if regime is None else in_words(regime),
    }
