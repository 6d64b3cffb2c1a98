"""What goes in and out of the API."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from glasscity.catalogue.shelf import catalogue_names
from glasscity.errors import NotFound
from glasscity.scenario import DEFAULT_SEED, Scenario
from glasscity.web.problems import Problem
from glasscity.web.shelf import Stored

__all__ = ["Asked", "Checked", "RunInfo", "Runs", "scenario_of"]

# Longer runs are made on the command line.
MOST_MONTHS = 1_200
# The largest that every reader of JSON keeps to the digit; the command line takes larger ones.
MOST_SEED = 2**53
Name = Annotated[str, Field(min_length=1, max_length=80)]


class Asked(BaseModel):
    """A run that is asked for: names of the catalogue, and numbers."""

    model_config = ConfigDict(extra="forbid", strict=True)

    regime: Name = "citizen-score-2020"
    country: Name = "china-2020"
    behaviour: Name = "central"
    citizens: int = Field(default=20_000, ge=1, le=10**10)
    months: int | None = Field(default=None, ge=1, le=MOST_MONTHS)
    start: str | None = Field(default=None, pattern=r"^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])$")
    seed: int = Field(default=DEFAULT_SEED, ge=0, le=MOST_SEED)
    strengths: dict[Name, Annotated[float, Field(ge=0, le=1)]] = Field(
        default_factory=dict, max_length=40
    )
    twin: bool = True


class RunInfo(BaseModel):
    """What is known of a run without opening it."""

    name: str
    state: str = Field(description="waiting, running, finished, stopped or failed")
    reason: str
    progress: dict[str, Any]
    regime: str
    regime_title: str
    kind: str
    country: str
    country_title: str
    behaviour: str
    citizens: int
    months: int
    start: str
    seed: int
    strengths: dict[str, float]
    twin: bool
    digest: str | None
    made: str

    @classmethod
    def of(cls, one: Stored) -> RunInfo:
        """Return what a run folder tells."""
        return cls(**{name: getattr(one, name) for name in cls.model_fields})


class Runs(BaseModel):
    """The runs of the folder, the latest first, and how many may go on at once."""

    slots: int
    runs: list[RunInfo]


class Checked(BaseModel):
    """Whether a run that is asked for can be made, and how it is made elsewhere."""

    fits: bool
    problem: Problem | None = None
    memory: str = Field(default="", description="What it takes, as people write it")
    command: str = ""
    python: str = ""


def scenario_of(asked: Asked) -> Scenario:
    """Return the scenario that is asked for; names of the catalogue only, never a path.

    Raises
    ------
    NotFound, BadArgument
        If a name or number is not one.
    """
    for kind in ("regime", "country", "behaviour"):
        name, known = getattr(asked, kind), catalogue_names(kind)
        if name not in known:
            raise NotFound.among(kind, name, known)
    fields = asked.model_dump(exclude={"regime", "twin"})
    return Scenario(asked.regime, **fields)
